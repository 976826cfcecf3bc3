//! The draw: an order of mutants that depends only on a seed and their names.

use super::list::Mutant;

/// Puts mutants in the order in which they are drawn. Each has a lot of its own: mutants that
/// appear in the sources or disappear from them change nothing for the others.
pub(crate) fn shuffle(mutants: &mut [Mutant], seed: u64) {
    mutants.sort_by_cached_key(|mutant| (lot(seed, &mutant.name), mutant.name.clone()));
}

/// A number for a name: FNV-1a, mixed as in `SplitMix64`.
fn lot(seed: u64, name: &str) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325 ^ mix(seed);
    mix(name
        .bytes()
        .fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)))
}

fn mix(word: u64) -> u64 {
    let word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_draws_the_same_always_and_another_seed_others() {
        let names: Vec<String> = (0..1000).map(|number| format!("mutant {number}")).collect();
        let drawn = |seed| {
            let mut order: Vec<usize> = (0..1000).collect();
            order.sort_by_key(|&number| lot(seed, &names[number]));
            order
        };
        assert_eq!(drawn(13), drawn(13));
        let (one, other) = (drawn(13), drawn(14));
        let both = one[..100].iter().filter(|number| other[..100].contains(number)).count();
        // Of 100 out of 1,000, another draw has ten again, give or take three times three.
        assert!((1..=19).contains(&both), "{both}");
        // And it is not an order of the names: half of them are from the first half.
        let first = one[..100].iter().filter(|&&number| number < 500).count();
        assert!((35..=65).contains(&first), "{first}");
    }
}
