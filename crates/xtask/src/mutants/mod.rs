//! The campaign of mutants: small faults that could be in the sources, each of which a test has to notice.
//!
//! They are drawn by a seed from all that `cargo mutants --list` finds, planted together in a copy
//! of the sources, each behind a switch that an environment variable turns, and built once. A
//! mutant that does not compile there (in a constant, with another type) does not count, and the
//! next one drawn takes its place. Tests run one by one: first without a mutant, to see how long
//! each takes and which places it passes; then, for each mutant, the tests that pass its place, the
//! shortest first, until one fails. A test that passes no place of a mutant cannot notice it.

mod draw;
mod list;
mod plant;
mod tree;
mod trial;

use crate::ledger::Row;
use list::Mutant;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Instant;
use std::{env, fs, thread};
use tree::{Built, Program, Tree};
use trial::{Test, Verdict};

/// The score that is required: 95 of 100.
const ENOUGH: f64 = 0.95;

/// How many of all that are drawn may be excused as equivalent.
const EXCUSED: usize = 10;

/// Sources that mutants are drawn from, and the packages whose tests have to notice them.
#[derive(Debug)]
pub(crate) struct Part {
    name: &'static str,
    sources: &'static str,
    package: &'static str,
    /// The file of its crate that gets the switch.
    library: &'static str,
    tests: &'static [&'static str],
}

pub(crate) const PARTS: [Part; 4] = [
    Part {
        name: "compile",
        sources: "crates/core/src/compile/**",
        package: "neurona-core",
        library: "crates/core/src/lib.rs",
        // The results of a compiled program are seen where programs are run.
        tests: &["neurona-core", "neurona-cpu"],
    },
    Part {
        name: "train",
        sources: "src/train/**",
        package: "neurona",
        library: "src/lib.rs",
        tests: &["neurona"],
    },
    Part {
        name: "nn",
        sources: "crates/core/src/nn/**",
        package: "neurona-core",
        library: "crates/core/src/lib.rs",
        tests: &["neurona-core"],
    },
    Part {
        name: "formats",
        sources: "crates/formats/src/**",
        package: "neurona-formats",
        library: "crates/formats/src/lib.rs",
        tests: &["neurona-formats"],
    },
];

/// A place in a source, both numbers from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    line: usize,
    column: usize,
}

/// A mutant and the number of its switch.
type Numbered<'m> = (usize, &'m Mutant);

/// A draw: its seed, how many from each part, and whether tests were written for the survivors.
pub(crate) struct Draw {
    pub(crate) name: &'static str,
    pub(crate) seed: u64,
    pub(crate) each: usize,
    /// Whether the score must be high enough, or is only reported.
    pub(crate) held: bool,
}

impl Draw {
    /// Runs the campaign and prints the survivors. `None` if it could not be run or its score is
    /// too low.
    pub(crate) fn run(&self) -> Option<Row> {
        let start = Instant::now();
        match self.campaign() {
            Ok((found, enough)) => {
                let seconds = start.elapsed().as_secs_f64();
                println!("{}: {found}, in {seconds:.0} s", self.name);
                enough.then_some(Row { name: self.name, found, seconds })
            }
            Err(why) => {
                println!("{}: FAILED: {why}", self.name);
                None
            }
        }
    }

    fn campaign(&self) -> Result<(String, bool), String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let root = root.canonicalize().map_err(|why| why.to_string())?;
        let target = env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from);
        let scratch = target.join("mutants");
        fs::create_dir_all(&scratch).map_err(|why| why.to_string())?;
        let excuses = excuses(&root)?;
        let tree = Tree::new(&root, &target, &scratch);

        let mut order = Vec::new();
        for part in &PARTS {
            let mut mutants = list::all(&root, &target.join("tools"), part)?;
            println!("{}: {} mutants", part.name, mutants.len());
            draw::shuffle(&mut mutants, self.seed);
            order.extend(mutants);
        }
        let (drawn, unviable, programs) = self.viable(&tree, &order)?;
        println!("{} drawn, and {unviable} that do not compile behind a switch", drawn.len());

        let threads = thread::available_parallelism().map_or(1, usize::from);
        let (tests, ill) = trial::tests(&programs, &scratch, threads);
        for name in &ill {
            println!("fails without a mutant, and is left out: {name}");
        }
        println!("{} tests pass", tests.len());

        let verdicts = trial::on_threads(threads, drawn.len(), |place| {
            let (number, mutant) = drawn[place];
            let own: Vec<&Test> =
                tests.iter().filter(|test| mutant.part.tests.contains(&test.package())).collect();
            let verdict = trial::judge(number, &own);
            println!("{}", line(mutant, &verdict));
            verdict
        });
        Ok(self.report(&drawn, &verdicts, unviable, &excuses))
    }

    /// The first mutants of each part that compile behind their switches, how many before them do not, and the
    /// test programs they are in.
    fn viable<'m>(
        &self,
        tree: &Tree,
        order: &'m [Mutant],
    ) -> Result<(Vec<Numbered<'m>>, usize, Vec<Program>), String> {
        let packages: BTreeSet<&str> = PARTS.iter().flat_map(|part| part.tests).copied().collect();
        let mut refused = HashSet::new();
        // Twice the number needed, to learn at once which of them compile.
        let programs = loop {
            let mut news = tree
                .plant(&first(order, self.each, self.each * 2, &refused))
                .map_err(|why| why.to_string())?;
            if news.is_empty() {
                match tree.build(&packages)? {
                    Built::Programs(programs) => break programs,
                    Built::Refused(numbers) => news = numbers,
                }
            }
            for number in &news {
                println!("does not compile behind a switch: {}", order[*number].name);
            }
            refused.extend(news);
        };
        let drawn = first(order, self.each, 0, &refused);
        let last = |part: &Part| drawn.iter().rfind(|(_, mutant)| mutant.part.name == part.name);
        let passed_over = |number: &&usize| {
            last(order[**number].part).is_some_and(|&(place, _)| **number < place)
        };
        let unviable = refused.iter().filter(passed_over).count();
        Ok((drawn, unviable, programs))
    }

    /// Prints the survivors and sums up: the line for the ledger, and whether it is enough.
    fn report(
        &self,
        drawn: &[Numbered<'_>],
        verdicts: &[Verdict],
        unviable: usize,
        excuses: &HashMap<String, String>,
    ) -> (String, bool) {
        let (mut parts, mut killed, mut counted, mut excused, mut endless) =
            (Vec::new(), 0, 0, 0, 0);
        let mut honest = true;
        for part in &PARTS {
            let (mut dead, mut all) = (0, 0);
            let own = drawn.iter().zip(verdicts).filter(|((_, one), _)| one.part.name == part.name);
            for ((_, mutant), verdict) in own {
                let survived = matches!(verdict, Verdict::Survived(_));
                if excuses.contains_key(&mutant.name) {
                    excused += 1;
                    if !survived {
                        honest = false;
                        println!("is called equivalent and is not: {}", line(mutant, verdict));
                    }
                    continue;
                }
                all += 1;
                dead += usize::from(!survived);
                endless += usize::from(matches!(verdict, Verdict::Endless(_)));
                if survived {
                    println!("\n{}\n{}", line(mutant, verdict), mutant.diff);
                }
            }
            parts.push(format!("{} {dead} of {all}", part.name));
            killed += dead;
            counted += all;
        }
        let score = killed as f64 / (counted.max(1)) as f64;
        let found = format!(
            "seed {}: {:.1} % of {counted} killed ({}), {endless} of them by time; \
             {excused} equivalent, {unviable} passed over that do not compile; {}",
            self.seed,
            score * 100.0,
            parts.join(", "),
            machine(),
        );
        let enough = !self.held || score >= ENOUGH && excused <= EXCUSED;
        (found, enough && honest)
    }
}

/// The first `each` mutants of each part that are not refused, with their positions in the order as
/// numbers; and the mutants after them that were among the first `ahead` before any was refused.
fn first<'m>(
    order: &'m [Mutant],
    each: usize,
    ahead: usize,
    refused: &HashSet<usize>,
) -> Vec<Numbered<'m>> {
    let of = |part: &'static Part| {
        let own = order.iter().enumerate().filter(move |(_, mutant)| mutant.part.name == part.name);
        let left = own.enumerate().filter(|(_, (number, _))| !refused.contains(number));
        let wanted =
            left.enumerate().take_while(move |(kept, (place, _))| *kept < each || *place < ahead);
        wanted.map(|(_, (_, numbered))| numbered)
    };
    PARTS.iter().flat_map(of).collect()
}

/// The outcome of a mutant, in a line.
fn line(mutant: &Mutant, verdict: &Verdict) -> String {
    let Place { line, column } = mutant.place;
    let what = match verdict {
        Verdict::Killed(test) => format!("killed by {test}"),
        Verdict::Endless(test) => format!("killed by time in {test}"),
        Verdict::Survived(0) => "SURVIVED: no test passes there".to_owned(),
        Verdict::Survived(tests) => format!("SURVIVED {tests} tests"),
    };
    format!("{line}:{column} {} -- {what}", mutant.name)
}

/// The mutants that change nothing anybody could notice, each with its reason in the lines under it. Errors: a name
/// without a reason.
fn excuses(root: &Path) -> Result<HashMap<String, String>, String> {
    let page = fs::read_to_string(root.join("crates/xtask/equivalent-mutants.txt"))
        .map_err(|why| format!("crates/xtask/equivalent-mutants.txt: {why}"))?;
    let mut excuses: Vec<(String, String)> = Vec::new();
    for line in page.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        match (line.strip_prefix("    "), excuses.last_mut()) {
            (Some(reason), Some((_, reasons))) => *reasons += reason,
            _ => excuses.push((line.to_owned(), String::new())),
        }
    }
    match excuses.iter().find(|(_, reason)| reason.is_empty()) {
        Some((name, _)) => Err(format!("an equivalent mutant needs a reason: {name}")),
        None => Ok(excuses.into_iter().collect()),
    }
}

/// The make of this machine's processor, if the system tells it.
fn machine() -> String {
    let told = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = told.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    model.map_or(env::consts::ARCH, |(_, name)| name).to_owned()
}
