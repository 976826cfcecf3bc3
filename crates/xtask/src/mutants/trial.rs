//! Mutants on trial: each is chosen in the tests that pass its place, the shortest first, until one fails.

use super::tree::Program;
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

/// Test programs without a harness: each is one test.
const WITHOUT_HARNESS: [&str; 2] = ["allocation", "kills"];

/// The number that asks all mutants which of them are passed.
const ASK: usize = 1_000_000;

/// The most memory that a test may take, in KiB: a test that grows without end ends before the
/// machine does.
const MEMORY: usize = 6 << 20;

/// A test, what it takes and which mutants it passes.
#[derive(Clone, Debug)]
pub(crate) struct Test {
    program: Program,
    /// Its name; none if it is the whole program.
    name: Option<String>,
    seconds: f64,
    passes: HashSet<usize>,
}

/// The outcome of a mutant.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Verdict {
    /// This test failed.
    Killed(String),
    /// This test did not end.
    Endless(String),
    /// This many tests passed its place, and none failed.
    Survived(usize),
}

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Passed,
    Failed,
    Endless,
}

impl Test {
    pub(crate) fn package(&self) -> &str {
        &self.program.package
    }

    fn full_name(&self) -> String {
        let Program { package, name, .. } = &self.program;
        self.name
            .as_ref()
            .map_or(format!("{package} {name}"), |test| format!("{package} {name} {test}"))
    }

    /// Runs it with this mutant. A test that takes far longer than before will not end.
    fn run(&self, mutant: usize, passed: &Path) -> End {
        let limit =
            Duration::from_secs_f64(if mutant == ASK { 600.0 } else { 20.0 + 10.0 * self.seconds });
        // None of our shell words is more than a name: the program and its arguments are arguments
        // of the shell.
        let mut command = Command::new("sh");
        command.args(["-c", &format!("ulimit -v {MEMORY}; exec \"$0\" \"$@\"")]);
        command.arg(&self.program.executable);
        if let Some(name) = &self.name {
            command.args(["--exact", name, "--test-threads", "1"]);
        }
        command
            .current_dir(&self.program.folder)
            .env("NEURONA_MUTANT", mutant.to_string())
            .env("NEURONA_MUTANT_PASSED", passed)
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let Ok(child) = command.spawn() else { return End::Failed };
        wait(child, limit)
    }
}

/// Waits until it has ended, or kills it and everything it has started.
fn wait(mut child: Child, limit: Duration) -> End {
    let start = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return End::Passed,
            Ok(Some(_)) | Err(_) => return End::Failed,
            Ok(None) if start.elapsed() > limit => {
                let group = format!("-{}", child.id());
                _ = Command::new("kill").args(["-KILL", "--", &group]).status();
                _ = child.wait();
                return End::Endless;
            }
            Ok(None) => thread::sleep(pause),
        }
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// Does `work` for each of `0..count` on several threads; the results are in order.
pub(crate) fn on_threads<T: Send>(
    threads: usize,
    count: usize,
    work: impl Fn(usize) -> T + Sync,
) -> Vec<T> {
    let (next, results) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Relaxed);
                    if number >= count {
                        break;
                    }
                    let result = work(number);
                    if let Ok(mut results) = results.lock() {
                        results.push((number, result));
                    }
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_default();
    results.sort_by_key(|&(number, _)| number);
    results.into_iter().map(|(_, result)| result).collect()
}

/// All tests of these programs that pass without a mutant, the shortest first, with the mutants
/// they pass; and the names of those that fail.
pub(crate) fn tests(
    programs: &[Program],
    scratch: &Path,
    threads: usize,
) -> (Vec<Test>, Vec<String>) {
    let mut tests = Vec::new();
    for program in programs {
        let mut add = |name| {
            let program = program.clone();
            tests.push(Test { program, name, seconds: 0.0, passes: HashSet::new() });
        };
        if WITHOUT_HARNESS.contains(&program.name.as_str()) {
            add(None);
            continue;
        }
        let list = Command::new(&program.executable)
            .args(["--list", "--format", "terse"])
            .current_dir(&program.folder)
            .output();
        let list = list.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
        for line in list.unwrap_or_default().lines() {
            if let Some(name) = line.strip_suffix(": test") {
                add(Some(name.to_owned()));
            }
        }
    }
    let tried = on_threads(threads, tests.len(), |number| {
        let mut test = tests[number].clone();
        let passed: PathBuf = scratch.join(format!("passed-{number}"));
        _ = fs::remove_file(&passed);
        let start = Instant::now();
        let end = test.run(ASK, &passed);
        test.seconds = start.elapsed().as_secs_f64();
        let numbers = fs::read_to_string(&passed).unwrap_or_default();
        test.passes = numbers.lines().filter_map(|line| line.parse().ok()).collect();
        _ = fs::remove_file(&passed);
        (test, end)
    });
    let (well, ill): (Vec<_>, Vec<_>) = tried.into_iter().partition(|&(_, end)| end == End::Passed);
    let mut well: Vec<Test> = well.into_iter().map(|(test, _)| test).collect();
    well.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    (well, ill.into_iter().map(|(test, _)| test.full_name()).collect())
}

/// Tries a mutant in those of these tests that pass its place.
pub(crate) fn judge(mutant: usize, tests: &[&Test]) -> Verdict {
    let mut survived = 0;
    for test in tests.iter().filter(|test| test.passes.contains(&mutant)) {
        match test.run(mutant, Path::new("")) {
            End::Passed => survived += 1,
            End::Failed => return Verdict::Killed(test.full_name()),
            End::Endless => return Verdict::Endless(test.full_name()),
        }
    }
    Verdict::Survived(survived)
}
