//! What is wrong with how launches are judged.

use super::anywhere;

const FILE: &str = "golive.toml";

#[test]
fn rules_stand_beside_what_they_judge() {
    anywhere(
        FILE,
        "rollback_evaluate = [\"failing_percent > 50\", \"\", \"\"]",
        "rollback_evaluate = [\"failing_percent > 50\", \"\"]",
        "there are 2 rules for the 3 entries of `rollback_evaluate`",
    );
    anywhere(FILE, "failing_percent > 50", "broken_percent > 50", "there is no fact `broken_percent`");
    anywhere(FILE, "issues.hours_since_high >= 48", "hours >= 48", "there is no fact `hours`");
}

#[test]
fn waves_and_messages_name_what_there_is() {
    anywhere(
        FILE,
        "strategy = \"Big bang\"",
        "strategy = \"Bigger bang\"",
        "there is no strategy `Bigger bang`",
    );
    anywhere(FILE, "names = [\"Everyone\"]", "names = []", "`Big bang` has no wave");
    anywhere(
        FILE,
        "template = \"launch-day\"",
        "template = \"launch-night\"",
        "there is no e-mail `launch-night`",
    );
    anywhere(FILE, "days = -7", "days = -70", "-70 days is too far from the go-live");
    anywhere(FILE, "pilot_days = [5, 10]", "pilot_days = [10, 5]", "the least is more than the most");
}

#[test]
fn rules_of_the_checklist_name_facts() {
    let path = "checklists/go-live-readiness.toml";
    anywhere(path, "rule = \"launch.rollback_planned\"", "rule = \"plan_b\"", "there is no fact `plan_b`");
}
