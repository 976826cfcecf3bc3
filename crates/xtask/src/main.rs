//! Tasks of this repository that are too long for every day: `cargo xtask deep [CASES]`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]

use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

/// A test that draws as many cases as it is told.
struct Campaign {
    name: &'static str,
    package: &'static str,
    test: &'static str,
    /// Its share of all cases, in hundredths.
    share: usize,
}

const CAMPAIGNS: [Campaign; 2] = [
    Campaign {
        name: "operations on any shapes",
        package: "neurona-cpu",
        test: "random_shapes::operations_on_any_shapes_are_refused_or_give_what_the_interpreter_gives",
        share: 80,
    },
    Campaign {
        name: "layers with any settings",
        package: "neurona-core",
        test: "nn::tests::random_layers::\
               layers_with_any_settings_say_what_is_wrong_or_keep_their_promise",
        share: 20,
    },
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let cases = match &words[..] {
        [task] if task == "deep" => Some(1_000_000),
        [task, cases] if task == "deep" => cases.replace('_', "").parse().ok(),
        _ => None,
    };
    let Some(cases) = cases else {
        eprintln!("cargo xtask deep [CASES]   draws a million random cases, or so many");
        return ExitCode::FAILURE;
    };
    // All of them, whatever the first ones say.
    let passed = CAMPAIGNS.map(|campaign| campaign.run(cases));
    if passed.contains(&false) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

impl Campaign {
    /// Runs it and prints its line: how many cases, what became of them, how long it took.
    fn run(&self, all: usize) -> bool {
        let cases = (all / 100).max(1) * self.share;
        let cargo = |arguments: &[&str]| {
            let mut command = Command::new(env!("CARGO"));
            // Optimized, with checks of overflow.
            command.args(["test", "--profile", "deep", "--lib", "--package", self.package]);
            command.args(arguments).env("NEURONA_RANDOM_CASES", cases.to_string());
            command.stderr(Stdio::inherit()).output()
        };
        // Building is not part of the time.
        let built = cargo(&["--quiet", "--no-run"]).is_ok_and(|output| output.status.success());
        let start = Instant::now();
        let output = cargo(&["--quiet", "--", "--exact", self.test]);
        let seconds = start.elapsed().as_secs_f64();
        let Ok(output) = output else {
            println!("{}: cargo does not start", self.name);
            return false;
        };
        let text = String::from_utf8_lossy(&output.stdout);
        let found = text.lines().find_map(|line| line.split("campaign: ").nth(1));
        let passed = built && output.status.success() && found.is_some();
        if !passed {
            println!("{text}");
        }
        println!("{}: {cases} cases in {seconds:.1} s: {}", self.name, found.unwrap_or("FAILED"));
        passed
    }
}
