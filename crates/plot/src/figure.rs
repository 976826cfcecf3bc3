//! A finished picture, and the ways out of it: SVG text, PNG bytes, a file.

use crate::layout::Layout;
use crate::scene::Scene;
use crate::{svg, text};
use neurona_core::error::{Code, Error, Result};
use neurona_core::message::Lang;
use std::path::Path;

/// A finished picture: a scene and its size, and, if it helps, a second scene for narrow pages.
///
/// ```
/// use neurona_core::message::Lang;
/// use neurona_plot::artificial_neuron;
///
/// let figure = artificial_neuron(Lang::En);
/// assert!(figure.width() > figure.height());
/// assert!(figure.svg().starts_with("<svg"));
/// assert!(figure.narrow().is_some_and(|narrow| narrow.width() <= 340.0));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    scene: Scene,
    narrow: Option<Scene>,
    title: String,
    description: String,
    lang: Lang,
}

impl Figure {
    /// The style sheet for pages that hold figures from [`Figure::html`]: it shows the layout for
    /// which the page has room, and the colours of dark pages if the reader asked for them. Paper
    /// stays white.
    pub const STYLE: &str = "\
.neurona-figure { display: block; max-width: 100%; height: auto; margin: 0 auto; }
.neurona-figure.narrow { display: none; }
@media (max-width: 40rem) {
  .neurona-figure.wide { display: none; }
  .neurona-figure.narrow { display: block; }
}
@media screen and (prefers-color-scheme: dark) {
  .neurona-figure [style*=\"--f\"] { fill: var(--f); }
  .neurona-figure [style*=\"--s\"] { stroke: var(--s); }
  .neurona-figure image { filter: invert(1) hue-rotate(180deg); mix-blend-mode: screen; }
}
";

    pub(crate) fn new(scene: Scene, title: String, description: String, lang: Lang) -> Figure {
        Figure { scene, narrow: None, title, description, lang }
    }

    /// A figure in both layouts.
    pub(crate) fn laid_out(
        title: impl Into<String>,
        description: impl Into<String>,
        lang: Lang,
        draw: impl Fn(Layout) -> Scene,
    ) -> Figure {
        let figure = Figure::new(draw(Layout::Wide), title.into(), description.into(), lang);
        let narrow = Some(draw(Layout::Narrow)).filter(|scene| scene.width < figure.scene.width);
        Figure { narrow, ..figure }
    }

    /// The width in CSS pixels (96 to the inch).
    pub fn width(&self) -> f64 {
        self.scene.width
    }

    /// The height in CSS pixels.
    pub fn height(&self) -> f64 {
        self.scene.height
    }

    /// The same figure laid out for the width of a telephone: at most 340 pixels wide, as far as
    /// its contents allow. `None` if the figure has only one layout.
    pub fn narrow(&self) -> Option<Figure> {
        let scene = self.narrow.clone()?;
        Some(Figure { scene, narrow: None, ..self.clone() })
    }

    /// The figure as elements for an HTML page that has [`Figure::STYLE`] in its style sheet: both layouts, of which
    /// the page shows one, with the colours for light and dark pages.
    ///
    /// Without that style sheet both would be seen. Text is in `DejaVu Sans` if the reader has it.
    pub fn html(&self) -> String {
        match &self.narrow {
            None => svg::element(&self.scene, self.words(), "neurona-figure"),
            Some(narrow) => {
                svg::element(&self.scene, self.words(), "neurona-figure wide")
                    + &svg::element(narrow, self.words(), "neurona-figure narrow")
            }
        }
    }

    fn words(&self) -> svg::Words<'_> {
        svg::Words { title: &self.title, description: &self.description, lang: self.lang.code() }
    }

    /// A standalone SVG document, with a title and a description for those who cannot see it.
    ///
    /// The text is in `DejaVu Sans` if the reader has it, otherwise in Verdana, which is as wide.
    pub fn svg(&self) -> String {
        svg::document(&self.scene, self.words())
    }

    /// The picture as the bytes of a PNG file, `scale` pixels to each CSS pixel.
    ///
    /// Fails with E016 if the scale is not positive or makes a side longer than 16,384 pixels.
    #[cfg(feature = "png")]
    pub fn png(&self, scale: f64) -> Result<Vec<u8>> {
        crate::png::draw(&self.svg(), scale)
    }

    /// Writes the picture to a file of the kind its name says: `.svg`, or `.png` at scale 2 (less for
    /// a picture whose longer side would pass 16,384 pixels).
    ///
    /// The file appears whole or not at all: it is written beside its place and then moved there,
    /// over any file with that name. Fails with E016 for any other suffix (and for `.png` in a
    /// build without the feature `png`), and with E035, the path and the system's reason if it
    /// cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let suffix = path.extension().map(|suffix| suffix.to_string_lossy().to_lowercase());
        let bytes = match suffix.as_deref() {
            Some("svg") => self.svg().into_bytes(),
            Some("png") => png_for_file(self, path)?,
            _ => {
                let text = text::unknown_suffix(&path.display().to_string());
                return Err(Error::new(Code::E016, text).at("save").fix(text::known_suffixes()));
            }
        };
        neurona_store::write_whole(path, &bytes).map_err(|why| {
            let text = text::cannot_write(&path.display().to_string(), &why);
            Error::new(Code::E035, text).at("save").caused_by(why)
        })
    }

    #[cfg(test)]
    pub(crate) fn scene(&self) -> &Scene {
        &self.scene
    }
}

#[cfg(feature = "png")]
fn png_for_file(figure: &Figure, _: &Path) -> Result<Vec<u8>> {
    figure.png((crate::png::LONGEST / figure.width().max(figure.height())).min(2.0))
}

#[cfg(not(feature = "png"))]
fn png_for_file(_: &Figure, path: &Path) -> Result<Vec<u8>> {
    let text = text::without_png(&path.display().to_string());
    Err(Error::new(Code::E016, text).at("save").fix(text::with_png()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artificial_neuron;
    use std::fs;
    use std::path::PathBuf;

    fn folder(name: &str) -> PathBuf {
        let folder =
            std::env::temp_dir().join(format!("neurona-plot-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).expect("a temporary folder");
        folder
    }

    #[test]
    fn a_saved_svg_is_the_svg() {
        let folder = folder("svg");
        let path = folder.join("neuron.SVG");
        let figure = artificial_neuron(Lang::Es);
        fs::write(&path, "before").expect("written");
        figure.save(&path).expect("saved");
        assert_eq!(fs::read_to_string(&path).expect("read"), figure.svg());
        assert_eq!(fs::read_dir(&folder).expect("listed").count(), 1);
        fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn a_page_gets_both_layouts_and_a_file_only_one() {
        let figure = artificial_neuron(Lang::Es);
        let (html, svg) = (figure.html(), figure.svg());
        for class in ["neurona-figure wide", "neurona-figure narrow"] {
            assert_eq!(html.matches(&format!("<svg class=\"{class}\"")).count(), 1, "{class}");
        }
        assert_eq!(html.matches("<title>").count(), 2);
        // Ink on paper: black on white in files, and the other way round on a dark page.
        assert!(html.contains("fill=\"#1d2430\" style=\"--f:#e6e8ec\""), "{html}");
        assert!(!svg.contains("--f") && !svg.contains("class="));
        assert!(Figure::STYLE.contains("prefers-color-scheme: dark"));
        let plain = Figure { narrow: None, ..figure };
        assert!(plain.html().starts_with("<svg class=\"neurona-figure\""));
        assert!(plain.narrow().is_none());
    }

    #[test]
    fn another_suffix_is_an_error_that_names_the_two() {
        for path in ["picture.jpg", "picture", "svg", ".png"] {
            let error = artificial_neuron(Lang::En).save(path).expect_err("no such kind");
            assert_eq!(error.code(), Code::E016);
            for lang in Lang::ALL {
                let said = error.in_lang(lang);
                assert!(said.contains(".svg") && said.contains(".png"), "{said}");
            }
        }
    }

    #[test]
    fn a_failed_save_says_where_and_why_and_leaves_nothing() {
        let folder = folder("failed");
        // A folder stands where the file should go, so the last step fails.
        let path = folder.join("taken.svg");
        fs::create_dir_all(path.join("inside")).expect("a folder");
        let error = artificial_neuron(Lang::En).save(&path).expect_err("not a file");
        assert_eq!(error.code(), Code::E035);
        assert!(error.to_string().contains("taken.svg"), "{error}");
        assert_eq!(fs::read_dir(&folder).expect("listed").count(), 1);
        let error = artificial_neuron(Lang::En).save(folder.join("no/such.svg")).expect_err("gone");
        assert_eq!(error.code(), Code::E035);
        fs::remove_dir_all(folder).expect("removed");
    }

    #[cfg(feature = "png")]
    #[test]
    fn a_png_has_the_scaled_size_and_something_on_it() {
        let figure = artificial_neuron(Lang::En);
        let (width, height, pixels) = crate::check::decode(&figure.png(1.5).expect("drawn"));
        assert_eq!(f64::from(width), (figure.width() * 1.5).round());
        assert_eq!(f64::from(height), (figure.height() * 1.5).round());
        assert_eq!(&pixels[..3], [255, 255, 255]);
        let dark = pixels.chunks_exact(3).filter(|p| p.iter().all(|&c| c < 100)).count();
        assert!(dark > 500, "{dark} dark pixels");
        assert_eq!(figure.png(1.0).expect("drawn"), figure.png(1.0).expect("drawn"));
    }

    #[cfg(feature = "png")]
    #[test]
    fn a_scale_out_of_range_is_an_error() {
        for scale in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e4, 1e-6] {
            let error = artificial_neuron(Lang::En).png(scale).expect_err("no such scale");
            assert_eq!(error.code(), Code::E016, "{scale}");
        }
    }
}
