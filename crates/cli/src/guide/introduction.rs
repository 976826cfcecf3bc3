//! The title, the introduction, and step 1.

use super::figures::{self, Picture};
use super::story::Story;
use super::{code, texts};
use crate::args::GuideOptions;
use crate::stop::Stop;
use neurona::plot;

/// The part before the data.
pub(super) fn introduce(story: &mut Story, options: &GuideOptions) -> Result<(), Stop> {
    let threads = options.threads.unwrap_or_else(figures::all_threads);
    let version = env!("CARGO_PKG_VERSION");
    let settings = texts::settings(version, options.epochs, &options.seed.to_string(), threads);
    story.screen.title(&story.say(&texts::title()), &story.say(&settings))?;
    story.text(&texts::summary())?;

    story.part(&texts::introduction_title())?;
    story.text(&texts::fields())?;
    story.picture(Picture::ArtificialIntelligence, plot::artificial_intelligence(story.lang))?;
    story.text(&texts::uses())?;
    story.text(&texts::why())?;
    story.list(&[
        texts::why_real_time(),
        texts::why_robustness(),
        texts::why_adaptation(),
        texts::why_noise(),
        texts::why_parallelism(),
    ])?;

    story.step(&texts::tools_title())?;
    story.text(&texts::tools())?;
    story.list(&[
        texts::tool_python(),
        texts::tool_tensorflow(),
        texts::tool_keras(),
        texts::tool_numpy(),
        texts::tool_pandas(),
        texts::tool_matplotlib(),
        texts::tool_colab(),
    ])?;
    story.text(&texts::program())?;
    story.lines(&texts::manifest())?;
    story.text(&texts::example())?;
    story.lines(&texts::run_example(code::example(story.lang)))?;
    story.text(&texts::program_begins())?;
    story.code("tools")
}
