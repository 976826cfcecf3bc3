//! Times `unpack`: `cargo run --release -p neurona-mnist --example time`.
#![allow(clippy::print_stdout)]

use std::time::Instant;

fn main() -> Result<(), neurona_mnist::Damaged> {
    let mut seconds = Vec::new();
    for _ in 0..11 {
        let start = Instant::now();
        neurona_mnist::unpack()?;
        seconds.push(start.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    println!(
        "unpack: median {:.3} s, fastest {:.3} s, slowest {:.3} s, of 11 runs",
        seconds[5], seconds[0], seconds[10]
    );
    Ok(())
}
