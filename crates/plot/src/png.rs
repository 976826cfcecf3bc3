//! PNG, in both ways that a picture needs it: small rasters inside an SVG, and a whole SVG as an
//! image.

use crate::scene::{Pixels, Raster};

/// A raster as PNG bytes, for an area whose shorter side is `side` pixels.
///
/// Its pixels are repeated until it is about as large as it is shown: programs that ignore
/// `image-rendering` (slide editors, mostly) then still show crisp squares. Repeated rows and
/// columns compress to almost nothing.
///
/// `None` for a raster without pixels or with the wrong number of them.
pub(crate) fn tile(raster: &Raster, side: f64) -> Option<Vec<u8>> {
    let Raster { width, height, .. } = *raster;
    let (pixels, channels, color) = match &raster.pixels {
        Pixels::Gray(pixels) => (pixels, 1, png::ColorType::Grayscale),
        Pixels::Rgb(pixels) => (pixels, 3, png::ColorType::Rgb),
    };
    if width == 0 || height == 0 || pixels.len() != width * height * channels {
        return None;
    }
    let times = ((side / width.min(height) as f64).ceil() as usize).clamp(1, 16);
    let times = if width.max(height) * times > 2048 { 1 } else { times };
    let mut large = Vec::with_capacity(pixels.len() * times * times);
    for row in pixels.chunks_exact(width * channels) {
        let start = large.len();
        for pixel in row.chunks_exact(channels) {
            large.extend(std::iter::repeat_n(pixel, times).flatten());
        }
        let row = start..large.len();
        for _ in 1..times {
            large.extend_from_within(row.clone());
        }
    }
    encode((width * times) as u32, (height * times) as u32, color, &large, None)
}

/// `density` is in pixels per metre.
fn encode(
    width: u32,
    height: u32,
    color: png::ColorType,
    data: &[u8],
    density: Option<u32>,
) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(color);
    encoder.set_depth(png::BitDepth::Eight);
    // As small as with the usual level 6 and a filter chosen for each row (695 instead of 717 kB for seven
    // figures of the guide), in 58% of the time.
    encoder.set_deflate_compression(png::DeflateCompression::Level(4));
    encoder.set_filter(png::Filter::Up);
    encoder.set_pixel_dims(density.map(|density| png::PixelDimensions {
        xppu: density,
        yppu: density,
        unit: png::Unit::Meter,
    }));
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(data).ok()?;
    writer.finish().ok()?;
    Some(out)
}

/// Base64 with padding, as data addresses use it.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0, |group, &byte| group << 8 | u32::from(byte));
        let group = group << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let letter = LETTERS[(group >> (18 - 6 * place) & 63) as usize];
            out.push(if place <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

/// The longest side of a PNG, in pixels. A picture of that side squared takes 1 GiB while it is drawn.
#[cfg(feature = "png")]
pub(crate) const LONGEST: f64 = 16_384.0;

/// An SVG document drawn `scale` times its size.
#[cfg(feature = "png")]
pub(crate) fn draw(svg: &str, scale: f64) -> neurona_core::error::Result<Vec<u8>> {
    use crate::text;
    use neurona_core::error::{Code, Error};
    use resvg::{tiny_skia, usvg};

    let failed = |why: &dyn std::fmt::Display| {
        Error::new(Code::E034, text::cannot_draw(&why.to_string())).at("png")
    };
    let options = usvg::Options {
        fontdb: fonts(),
        font_family: "DejaVu Sans".to_owned(),
        ..usvg::Options::default()
    };
    let tree = usvg::Tree::from_str(svg, &options).map_err(|why| failed(&why))?;
    let size = tree.size();
    let width = (f64::from(size.width()) * scale).round();
    let height = (f64::from(size.height()) * scale).round();
    // Written so that a scale that is not a number fails too.
    let fits = scale > 0.0 && width.min(height) >= 1.0 && width.max(height) <= LONGEST;
    if !fits {
        let most = LONGEST / f64::from(size.width().max(size.height()));
        let most = (most * 10.0).floor() / 10.0;
        return Err(Error::new(Code::E016, text::bad_scale(scale, most)).at("png"));
    }
    let mut pixmap = tiny_skia::Pixmap::new(width as u32, height as u32)
        .ok_or_else(|| failed(&format!("{width} × {height}")))?;
    let transform = tiny_skia::Transform::from_scale(scale as f32, scale as f32);
    resvg::render(&tree, transform, &mut pixmap.as_mut());
    // The page is opaque, so the fourth channel says nothing.
    let rgb: Vec<u8> = pixmap.data().chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
    // 96 pixels per inch at scale 1, so a document that honours it shows the size of the SVG.
    let density = (96.0 * scale / 0.0254).round() as u32;
    encode(width as u32, height as u32, png::ColorType::Rgb, &rgb, Some(density))
        .ok_or_else(|| failed(&format!("{width} × {height}")))
}

/// The one font, read once.
#[cfg(feature = "png")]
fn fonts() -> std::sync::Arc<resvg::usvg::fontdb::Database> {
    use resvg::usvg::fontdb::Database;
    use std::sync::{Arc, OnceLock};
    static FONTS: OnceLock<Arc<Database>> = OnceLock::new();
    let read = || {
        let mut fonts = Database::new();
        fonts.load_font_data(include_bytes!("../assets/DejaVuSans.ttf").to_vec());
        fonts.set_sans_serif_family("DejaVu Sans");
        Arc::new(fonts)
    };
    FONTS.get_or_init(read).clone()
}

/// The width of the drawn box of a text, to check the table of widths against the font.
#[cfg(all(test, feature = "png"))]
pub(crate) fn text_width(text: &str, size: f64) -> f64 {
    use resvg::usvg;
    let text = crate::svg::escape(text);
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='5000' height='300'>\
         <text x='9' y='200' font-family='DejaVu Sans' font-size='{size}'>{text}</text></svg>"
    );
    let options = usvg::Options { fontdb: fonts(), ..usvg::Options::default() };
    let tree = usvg::Tree::from_str(&svg, &options).expect("valid SVG");
    f64::from(tree.root().abs_bounding_box().width())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_the_standard_examples() {
        let cases =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")];
        for (plain, coded) in cases {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
        assert_eq!(base64(&[0xfb, 0xff, 0xfe]), "+//+");
    }

    #[test]
    fn a_tile_repeats_its_pixels() {
        let raster = Raster { width: 2, height: 1, pixels: Pixels::Gray(vec![7, 9]) };
        let bytes = tile(&raster, 3.0).expect("two pixels");
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("PNG");
        let mut data = vec![0; reader.output_buffer_size().expect("small")];
        let info = reader.next_frame(&mut data).expect("a frame");
        assert_eq!((info.width, info.height), (6, 3));
        assert_eq!(data, [7, 7, 7, 9, 9, 9].repeat(3));
    }

    #[test]
    fn a_raster_with_the_wrong_number_of_pixels_is_refused() {
        for (width, height) in [(0, 0), (2, 2)] {
            let raster = Raster { width, height, pixels: Pixels::Rgb(vec![1, 2, 3]) };
            assert!(tile(&raster, 10.0).is_none());
        }
    }
}
