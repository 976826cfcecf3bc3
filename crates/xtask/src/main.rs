//! Tasks of this repository that take too long for every day: `cargo xtask deep [CASES] [NAME]`,
//! whose figures go to `docs/RELIABILITY.md`; `cargo xtask dependent`, a program outside the
//! workspace; `cargo xtask packages`, every package apart from the repository.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]

mod dependent;
mod ledger;
mod mutants;
mod packages;

use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

/// A test that draws as many cases as it is told to.
struct Campaign {
    name: &'static str,
    package: &'static str,
    target: Target,
    /// How many of a million cases are its share.
    share: usize,
}

/// Where a campaign's test is.
enum Target {
    /// A test of a library, told the number of cases by `NEURONA_RANDOM_CASES`.
    Test(&'static str),
    /// All tests of a library under this name, told the number by `NEURONA_RANDOM_CASES`, under
    /// `ThreadSanitizer`.
    Sanitized(&'static str),
    /// A test that is a program, told the number by this variable.
    Program(&'static str, &'static str),
}

/// Races that `ThreadSanitizer` reports only because it has not seen how the standard library
/// orders the accesses.
const SUPPRESSIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/thread-sanitizer.txt");

const CAMPAIGNS: [Campaign; 5] = [
    Campaign {
        name: "operations on any shapes",
        package: "neurona-cpu",
        target: Target::Test(
            "random_shapes::operations_on_any_shapes_are_refused_or_give_what_the_interpreter_gives",
        ),
        share: 800_000,
    },
    Campaign {
        name: "layers with any settings",
        package: "neurona-core",
        target: Target::Test(
            "nn::tests::random_layers::\
             layers_with_any_settings_say_what_is_wrong_or_keep_their_promise",
        ),
        share: 200_000,
    },
    Campaign {
        name: "the thread pool under ThreadSanitizer",
        package: "neurona-cpu",
        target: Target::Sanitized("pool::"),
        share: 20_000,
    },
    Campaign {
        name: "kills of trainings that are resumed",
        package: "neurona",
        target: Target::Program("kills", "NEURONA_KILLS"),
        share: 1_000,
    },
    Campaign {
        name: "HDF5 beside two other readers",
        package: "xtask",
        target: Target::Program("hdf5_oracles", "NEURONA_RANDOM_CASES"),
        share: 10_000,
    },
];

/// The draws of mutants. Tests were written for the survivors of the first; the second shows what
/// that is worth.
fn draws(cases: usize) -> [mutants::Draw; 2] {
    // Sixty of each part for a million.
    let each = (cases * 60 / 1_000_000).max(1);
    [
        mutants::Draw { name: "mutants of the first seed", seed: 13, each, held: true },
        mutants::Draw { name: "mutants of the second seed", seed: 2026, each, held: false },
    ]
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let other = match &words[..] {
        [task] if task == "dependent" => Some(dependent::run()),
        [task] if task == "packages" => {
            Some(packages::test().map(drop).map_err(|why| why.to_string()))
        }
        _ => None,
    };
    if let Some(result) = other {
        return match result {
            Ok(()) => ExitCode::SUCCESS,
            Err(why) => {
                eprintln!("{why}");
                ExitCode::FAILURE
            }
        };
    }
    let number = |cases: &String| cases.replace('_', "").parse().ok();
    let (cases, name) = match &words[..] {
        [task] if task == "deep" => (Some(1_000_000), ""),
        [task, word] if task == "deep" => match number(word) {
            Some(cases) => (Some(cases), ""),
            None => (Some(1_000_000), word.as_str()),
        },
        [task, cases, name] if task == "deep" => (number(cases), name.as_str()),
        _ => (None, ""),
    };
    let Some(cases) = cases else {
        eprintln!("cargo xtask deep [CASES] [NAME]   draws a million random cases, or so many, in");
        eprintln!(
            "                                  all campaigns, or those with this in their name"
        );
        eprintln!(
            "cargo xtask dependent             builds and runs a program outside the workspace"
        );
        eprintln!(
            "cargo xtask packages              builds and tests every package outside the repository"
        );
        return ExitCode::FAILURE;
    };
    // All of them, whatever the first ones say.
    let wanted = CAMPAIGNS.iter().filter(|campaign| campaign.name.contains(name));
    let mut rows: Vec<Option<ledger::Row>> = wanted.map(|campaign| campaign.run(cases)).collect();
    let drawn = draws(cases);
    rows.extend(drawn.iter().filter(|draw| draw.name.contains(name)).map(mutants::Draw::run));
    rows.extend(packages::NAME.contains(name).then(packages::run));
    let written = ledger::append(rows.iter().flatten());
    if let Err(why) = &written {
        eprintln!("the ledger was not written: {why}");
    }
    let passed = !rows.is_empty() && rows.iter().all(Option::is_some) && written.is_ok();
    if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

impl Campaign {
    /// Runs it and prints its line: how many cases, their outcome, how long it took. `None` if it
    /// failed.
    fn run(&self, all: usize) -> Option<ledger::Row> {
        let cases = (all as u128 * self.share as u128 / 1_000_000).max(1) as usize;
        let cargo = |arguments: &[&str]| {
            let mut command = Command::new(env!("CARGO"));
            // Optimized, with overflow checks.
            command.args(["test", "--profile", "deep", "--quiet", "--package", self.package]);
            match self.target {
                Target::Test(_) => {
                    command.arg("--lib").env("NEURONA_RANDOM_CASES", cases.to_string())
                }
                Target::Sanitized(_) => command
                    .args(["--lib", "--target", &host()])
                    .env("NEURONA_RANDOM_CASES", cases.to_string())
                    // Stable compilers have the sanitizer behind this switch. The standard library
                    // is not built for it, but most of its atomics are compiled into the code that
                    // uses them.
                    .env("RUSTC_BOOTSTRAP", "1")
                    .env("RUSTFLAGS", "-Zsanitizer=thread -Cunsafe-allow-abi-mismatch=sanitizer")
                    .env("TSAN_OPTIONS", format!("suppressions={SUPPRESSIONS}")),
                Target::Program(name, variable) => {
                    command.args(["--test", name]).env(variable, cases.to_string())
                }
            };
            command.args(arguments).stderr(Stdio::inherit()).output()
        };
        // Building is not part of the time.
        let built = cargo(&["--no-run"]).is_ok_and(|output| output.status.success());
        let start = Instant::now();
        let output = match self.target {
            Target::Test(test) => cargo(&["--", "--exact", test]),
            Target::Sanitized(tests) => cargo(&["--", tests, "--no-capture"]),
            Target::Program(..) => cargo(&[]),
        };
        let seconds = start.elapsed().as_secs_f64();
        let Ok(output) = output else {
            println!("{}: cargo does not start", self.name);
            return None;
        };
        let text = String::from_utf8_lossy(&output.stdout);
        let found = text.lines().find_map(|line| line.split("campaign: ").nth(1));
        let Some(found) = found.filter(|_| built && output.status.success()) else {
            println!("{text}\n{}: {cases} cases in {seconds:.1} s: FAILED", self.name);
            return None;
        };
        println!("{}: {cases} cases in {seconds:.1} s: {found}", self.name);
        Some(ledger::Row { name: self.name, found: found.to_owned(), seconds })
    }
}

/// The target of this machine, as the compiler names it.
fn host() -> String {
    let output = Command::new("rustc").arg("-vV").output();
    let told = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let told = told.unwrap_or_default();
    told.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default().to_owned()
}
