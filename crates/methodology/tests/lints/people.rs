//! What is wrong with the people of running onboardings.

use gangway_methodology::{Library, Severity, render_diagnostics};

use super::expect;

const PEOPLE: &str = "people.toml";

#[test]
fn rhythms_can_be_kept() {
    expect(PEOPLE, "every_days = 14", "every_days = 0", 0, "would always be overdue");
    expect(PEOPLE, "every_days = 14", "every_days = 14\nat_milestones = true", 1, "has two rhythms");
    expect(PEOPLE, "live_within_days = 30", "live_within_days = 0", 0, "no contact would ever be live");
    expect(PEOPLE, "every_days = 91", "every_days = 0", 0, "would always be due");
    expect(PEOPLE, "grace_days = 2", "every_days = 2", 0, "follows no calendar");
    expect(PEOPLE, "from = \"risks\"", "from = \"risk\"", 0, "did you mean `risks`?");
}

#[test]
fn risks_stand_in_order_and_ids_are_their_own() {
    expect(PEOPLE, "high_from = 3", "high_from = 1", 0, "high risk does not begin above medium risk");
    expect(PEOPLE, "medium_from = 1", "medium_from = 0", 0, "nobody would be of low risk");
    expect(PEOPLE, "id = \"skills\"", "id = \"fear\"", 0, "the resistance `fear` exists twice");
}

#[test]
fn the_protocol_of_a_loss() {
    expect(PEOPLE, "Talk with {name} about", "Talk with {who} about", 0, "there is no placeholder `{who}`");
    expect(
        PEOPLE,
        "watch = \"sponsor-leaves\"",
        "watch = \"sponsor-leaves\"\nafter_days = 3",
        1,
        "`sponsor-leaves` holds at once",
    );
    expect(PEOPLE, "watch = \"said\"", "watch = \"told\"", 0, "`told` is not possible here");
}

#[test]
fn a_file_from_before_still_works() {
    let builtin = Library::builtin();
    let new = builtin.text(PEOPLE).unwrap();
    let mut old = String::new();
    let mut block = "";
    for line in new.lines() {
        if line.starts_with('[') {
            block = line.trim_matches(['[', ']']);
        }
        let since = ["stakeholder_risk", "loss_step", "loss_criterion"].contains(&block);
        let keys = [
            "id",
            "from",
            "every_days",
            "at_milestones",
            "grace_days",
            "live_within_days",
            "milestone_grace_days",
        ];
        let key = line.split(" = ").next().unwrap_or_default();
        if !(since || keys.contains(&key) && line.contains(" = ")) {
            old.push_str(line);
            old.push('\n');
        }
    }
    let library = Library::with_files([(PEOPLE, old)]);
    let findings = library.check();
    assert!(!findings.is_empty(), "what cannot be chosen is named");
    let warnings = findings.iter().all(|finding| finding.severity == Severity::Warning);
    assert!(warnings, "{}", render_diagnostics(&findings));
    let loaded = library.load().unwrap().people;
    assert_eq!((loaded.live_within_days, loaded.risk.high_from), (30, 3));
}
