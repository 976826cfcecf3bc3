//! Tells the crate how far it is optimized, which only its build knows.

fn main() {
    let level = std::env::var("OPT_LEVEL").unwrap_or_default();
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-env=NEURONA_CPU_OPT_LEVEL={level}");
}
