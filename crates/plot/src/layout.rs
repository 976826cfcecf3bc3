//! For which width a figure is laid out: a page's, or a telephone's.

/// The width of a narrow figure. A telephone of 390 pixels leaves about this beside the margins of a page.
pub(crate) const NARROW: f64 = 340.0;

/// The greatest width of a figure made for the guide: what its report has room for at full size.
pub(crate) const WIDE: f64 = 744.0;

/// For which width a scene is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Of a page: parts stand side by side.
    Wide,
    /// Of a telephone: parts stand one below the other.
    Narrow,
}

impl Layout {
    /// The one of two values for this layout.
    pub(crate) fn pick<T>(self, wide: T, narrow: T) -> T {
        match self {
            Layout::Wide => wide,
            Layout::Narrow => narrow,
        }
    }

    /// The width of a figure that fills its page.
    pub(crate) fn width(self) -> f64 {
        self.pick(WIDE, NARROW)
    }
}
