//! Assessments, exercises and steps of training tracks.

use super::anywhere;

const ADMINISTRATOR: &str = "training/administrator.toml";
const TRAINERS: &str = "training/train-the-trainer.toml";

#[test]
fn questions_can_be_answered_and_marked() {
    anywhere(ADMINISTRATOR, "pass_percent = 80", "pass_percent = 180", "180 % is no pass mark");
    anywhere(ADMINISTRATOR, "kind = \"multi\"", "kind = \"dance\"", "there is no kind of question `dance`");
    anywhere(ADMINISTRATOR, "kind = \"multi\"", "kind = \"choice\"", "has several right answers");
    anywhere(ADMINISTRATOR, "id = \"roles\"", "id = \"access-leaver\"", "access-leaver");
    anywhere(
        ADMINISTRATOR,
        "correct = [\"Take their access away and give their open work to somebody\"]",
        "correct = [\"Call them\"]",
        "\"Call them\" is right, but is not offered",
    );
    anywhere(
        ADMINISTRATOR,
        "correct = [\"Take their access away and give their open work to somebody\"]",
        "correct = []",
        "`access-leaver` has no right answer",
    );
}

#[test]
fn what_is_seen_can_be_judged_and_named() {
    anywhere(
        ADMINISTRATOR,
        "criteria = [\"Both can sign in\", \"Neither has more than the role needs\", \"The difference is shown, not told\"]",
        "criteria = []",
        "nobody can say whether `two-users` was done well",
    );
    anywhere(TRAINERS, "id = \"materials\"", "id = \"selection\"", "selection");
}
