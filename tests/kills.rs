//! Killed at any instant, over and over, and resumed: a run ends with the bits of one that was never touched.
//!
//! Not a test in a harness: this program is the parent, which kills, and the child, which trains.
//! `NEURONA_KILLS` is how many kills there are (50), `NEURONA_KILLS_SEED` decides when they come.
#![expect(
    clippy::print_stdout,
    reason = "the child tells its parent how far it is, the parent the campaign"
)]

mod trainings;

use neurona::Code;
use neurona::internals::tensor::random::Source;
use neurona::prelude::*;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, fs};
use trainings::Kind;

/// The longest life of a child that is killed.
const LONGEST: Duration = Duration::from_millis(90);

/// The longest life of one that is killed as it begins.
const SHORTEST: Duration = Duration::from_millis(8);

fn main() {
    match env::var_os("NEURONA_KILLS_CHILD") {
        Some(folder) => live(Path::new(&folder)),
        None => campaign(),
    }
}

/// Trains the run of this folder to its end, slowly, and writes down what it has left behind.
fn live(folder: &Path) {
    let kind = Kind::ALL[usize::from(folder.to_string_lossy().ends_with("Cnn"))];
    let watch = |event: &Event<'_>| {
        match event {
            Event::Resumed { .. } => println!("resumed"),
            // A step takes microseconds; so there are more moments between two of them.
            Event::BatchEnd { .. } => std::thread::sleep(Duration::from_millis(1)),
            _ => {}
        }
        ControlFlow::Continue(())
    };
    let threads = 1 + (std::process::id() % 2) as usize;
    let outcome = kind.train(threads, folder, |run| run.every_steps(3), watch).unwrap();
    fs::write(folder.join("outcome"), format!("{outcome:?}")).unwrap();
}

fn child(folder: &Path) -> Command {
    let mut child = Command::new(env::current_exe().unwrap());
    child.env("NEURONA_KILLS_CHILD", folder).stdout(Stdio::piped());
    child
}

#[derive(Debug, Default)]
struct Counts {
    kills: usize,
    /// Those among them before the child had taken up what was saved.
    in_recovery: usize,
    runs: usize,
}

fn campaign() {
    let number = |name: &str, default| env::var(name).map_or(default, |text| text.parse().unwrap());
    let (kills, seed) = (number("NEURONA_KILLS", 50), number("NEURONA_KILLS_SEED", 1));
    let root = env::temp_dir().join(format!("neurona-kills-{}", std::process::id()));
    let folder = |name: &str, kind: Kind| -> PathBuf {
        let folder = root.join(format!("{name}-{kind:?}"));
        fs::create_dir_all(&folder).unwrap();
        folder
    };
    let expected = Kind::ALL.map(|kind| {
        let whole = folder("whole", kind);
        assert!(child(&whole).status().unwrap().success());
        fs::read(whole.join("outcome")).unwrap()
    });
    let source = Source { seed: seed as u64, stream: 0, step: 0 };
    let (mut counts, mut lives) = (Counts::default(), 0u64);
    while counts.kills < kills {
        let which = counts.runs % 2;
        let folder = folder(&counts.runs.to_string(), Kind::ALL[which]);
        let (mut ended, mut patience) = (false, 1.0);
        while !ended {
            // Every third child dies as it begins: most of them while they take up what was saved.
            let longest = if lives.is_multiple_of(3) { SHORTEST } else { LONGEST };
            let life = longest.mul_f32(patience * source.uniform(lives));
            ended = !dies(&folder, life, &mut counts);
            // On a machine where a process takes longer to begin than to be killed, this would
            // never end.
            (lives, patience) = (lives + 1, patience + 0.05);
        }
        counts.runs += 1;
        let found = fs::read(folder.join("outcome")).unwrap();
        assert!(found == expected[which], "{} ended with other bits", folder.display());
        fs::remove_dir_all(folder).unwrap();
    }
    let Counts { kills, in_recovery, runs } = counts;
    assert!(in_recovery > 0, "none of {kills} kills came while a run was taken up");
    println!(
        "campaign: {kills} kills of {runs} runs, {in_recovery} in recovery, all ended with the same bits"
    );
    while_it_lives_nobody_else_trains(&folder("held", Kind::Mlp));
    fs::remove_dir_all(root).unwrap();
}

/// Lets a child live this long. Returns whether it was then killed, and had not come to its end.
fn dies(folder: &Path, after: Duration, counts: &mut Counts) -> bool {
    let had_begun = folder.join("run").is_dir();
    let mut living = child(folder).spawn().unwrap();
    std::thread::sleep(after);
    living.kill().unwrap();
    let status = living.wait().unwrap();
    let mut told = String::new();
    living.stdout.take().unwrap().read_to_string(&mut told).unwrap();
    if status.success() {
        return false;
    }
    // Killed, not failed: without a code, or on Windows with this one.
    assert!(status.code().is_none_or(|code| code == 1), "{status}: {told}");
    counts.kills += 1;
    counts.in_recovery += usize::from(had_begun && !told.contains("resumed"));
    true
}

/// The lock belongs to the living process, and to nobody once it was killed.
fn while_it_lives_nobody_else_trains(folder: &Path) {
    let mut living = child(folder).spawn().unwrap();
    let run = folder.join("run");
    while !Run::new(&run).last().is_ok_and(|saved| saved.is_some()) {
        assert!(living.try_wait().unwrap().is_none(), "it ended before it was looked at");
    }
    let train = || Kind::Mlp.train(1, folder, |run| run, |_: &Event<'_>| ControlFlow::Continue(()));
    let error = train().unwrap_err();
    assert_eq!(error.code(), Code::E037, "{error}");
    if cfg!(unix) {
        let process = format!("being trained by process {}", living.id());
        assert!(error.to_string().contains(&process), "{error}");
    }
    living.kill().unwrap();
    living.wait().unwrap();
    train().unwrap();
}
