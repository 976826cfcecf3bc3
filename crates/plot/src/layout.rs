//! The width for which a figure is laid out: a page's, or a telephone's.

/// The width of a narrow figure. A telephone of 390 pixels leaves about this much beside the
/// margins of a page.
pub(crate) const NARROW: f64 = 340.0;

/// The greatest width of a figure made for the guide: what its report has room for at full size.
pub(crate) const WIDE: f64 = 744.0;

/// The width for which a scene is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// A page: parts are side by side.
    Wide,
    /// A telephone: parts are one below the other.
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
