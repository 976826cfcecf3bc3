//! What the processor can do, found out at run time.

/// An instruction set level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// 512-bit vectors.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// 256-bit vectors and fused multiply-add.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// What every processor of the target has.
    Portable,
}

impl Level {
    /// The best level of this processor.
    pub(crate) fn best() -> Level {
        Level::available().next().unwrap_or(Level::Portable)
    }

    /// The levels of this processor, best first.
    pub(crate) fn available() -> impl Iterator<Item = Level> {
        #[cfg(target_arch = "x86_64")]
        let levels = [
            std::is_x86_feature_detected!("avx512f").then_some(Level::Avx512),
            (std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma"))
                .then_some(Level::Avx2),
            Some(Level::Portable),
        ];
        #[cfg(not(target_arch = "x86_64"))]
        let levels = [Some(Level::Portable)];
        levels.into_iter().flatten()
    }
}
