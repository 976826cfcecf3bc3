//! The code that the guide shows runs as it stands.

#[path = "../examples/lesson.rs"]
#[expect(unreachable_pub, reason = "an example has its own `main`")]
mod lesson;

use std::fs;

#[test]
fn the_code_beside_the_steps_runs() {
    let folder = std::env::temp_dir().join(format!("neurona-lesson-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a temporary folder");
    // The only test of this program, so nobody else is surprised by the change.
    std::env::set_current_dir(&folder).expect("entered");
    lesson::main().expect("the lesson runs");
    assert!(fs::read(folder.join("digit-8.png")).expect("written").starts_with(b"\x89PNG"));
    let history = fs::read_to_string(folder.join("history.csv")).expect("written");
    assert_eq!(history.lines().count(), 6, "{history}");
    fs::remove_dir_all(folder).expect("removed");
}
