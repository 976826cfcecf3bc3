//! What the processor can do, found out at run time.

use std::sync::OnceLock;

/// An instruction set level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// 512-bit vectors.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// 256-bit vectors and fused multiply-add.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// 128-bit vectors and fused multiply-add.
    #[cfg(target_arch = "aarch64")]
    Neon,
    /// The instructions that every processor of the target has.
    Portable,
}

impl Level {
    /// The best level of this processor, or the one that the environment variable `NEURONA_ISA`
    /// names (`avx512`, `avx2`, `neon`, `portable`), if the processor has it; otherwise the best
    /// level. Read once.
    pub fn chosen() -> Level {
        static CHOSEN: OnceLock<Level> = OnceLock::new();
        *CHOSEN.get_or_init(|| {
            let named = std::env::var("NEURONA_ISA").unwrap_or_default();
            let mut levels = Level::available();
            let best = levels.clone().next().unwrap_or(Level::Portable);
            levels.find(|level| level.name() == named).unwrap_or(best)
        })
    }

    /// The levels of this processor, best first.
    pub fn available() -> impl Iterator<Item = Level> + Clone {
        #[cfg(target_arch = "x86_64")]
        let levels = {
            macro_rules! has {
                ($($feature:tt)*) => { $(std::is_x86_feature_detected!($feature))&&* };
            }
            let avx2 = has!("avx2" "fma");
            let avx512 = avx2 && has!("avx512f" "avx512dq" "avx512bw" "avx512vl");
            [avx512.then_some(Level::Avx512), avx2.then_some(Level::Avx2), Some(Level::Portable)]
        };
        #[cfg(target_arch = "aarch64")]
        let levels = [Some(Level::Neon), Some(Level::Portable)];
        #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
        let levels = [Some(Level::Portable)];
        levels.into_iter().flatten()
    }

    /// Its name in `NEURONA_ISA`.
    pub fn name(self) -> &'static str {
        match self {
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => "avx512",
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => "avx2",
            #[cfg(target_arch = "aarch64")]
            Level::Neon => "neon",
            Level::Portable => "portable",
        }
    }
}
