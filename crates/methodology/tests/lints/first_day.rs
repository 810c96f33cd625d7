//! What is wrong with the rules of risks and questions.

use gangway_methodology::{Library, Severity};

use super::{anywhere, expect};

const RISKS: &str = "risks.toml";
const QUESTIONS: &str = "questions.toml";

#[test]
fn unknown_keys_and_kinds() {
    expect(RISKS, "mitigation = \"agree", "mitigaton = \"agree", 0, "did you mean `mitigation`?");
    expect(RISKS, "for_each = \"red-flag\"", "for_each = \"red-flags\"", 0, "did you mean `red-flag`?");
    expect(RISKS, "severity = \"high\"", "severity = \"hihg\"", 0, "did you mean `high`?");
    expect(
        QUESTIONS,
        "assumed = \"“the customer” stands in\"",
        "assume = \"x\"",
        0,
        "did you mean `assumed`?",
    );
    expect(
        QUESTIONS,
        "for_each = \"missing-role\"",
        "for_each = \"missing-person\"",
        0,
        "`missing-person` is not possible here",
    );
}

#[test]
fn rules_are_checked_over_the_facts_of_the_first_day() {
    let when = "when = \"days_late > 0\"";
    expect(RISKS, when, "when = \"days_late >\"", 0, "rule `days_late >`");
    expect(RISKS, when, "when = \"days_lat > 0\"", 0, "there is no fact `days_lat`");
    expect(RISKS, when, "when = \"days_late\"", 0, "must give true or false");
    expect(RISKS, when, "when = \"days_late > 'x'\"", 0, "rule `days_late > 'x'`");
    expect(RISKS, when, "when = \"usage.active_users > 5\"", 0, "there is no fact `usage`");
    expect(QUESTIONS, "when = \"users == 0\"", "when = \"users = 0\"", 0, "rule `users = 0`");
}

#[test]
fn what_is_named_must_exist() {
    expect(RISKS, "category = \"timeline\"", "category = \"time\"", 0, "there is no category `time`");
    expect(
        RISKS,
        "owner = [\"ae\", \"csm\"]",
        "owner = [\"account-exec\", \"csm\"]",
        0,
        "there is no role in any programme `account-exec`",
    );
    expect(RISKS, "owner = [\"ae\", \"csm\"]", "owner = []", 0, "no role is named");
    expect(
        QUESTIONS,
        "ask = [\"executive-sponsor\"]",
        "ask = [\"sponsor\"]",
        0,
        "there is no role in any programme `sponsor`",
    );
    expect(
        QUESTIONS,
        "answered_by = \"acv\"",
        "answered_by = \"value\"",
        0,
        "there is no part of a deal `value`",
    );
    expect(RISKS, "id = \"go-live-tight\"", "id = \"red-flag\"", 0, "the risk `red-flag` exists twice");
    expect(QUESTIONS, "id = \"value\"", "id = \"customer\"", 0, "the question `customer` exists twice");
}

#[test]
fn a_programme_without_any_of_the_roles_is_pointed_out() {
    expect(
        RISKS,
        "owner = [\"ae\", \"csm\"]",
        "owner = [\"ae\"]",
        0,
        "nobody owns the risk in the programme `self-serve`, which has none of these roles",
    );
    expect(
        QUESTIONS,
        "ask = [\"customer-project-lead\", \"account-owner\"]",
        "ask = [\"customer-project-lead\"]",
        0,
        "nobody is asked in the programme `self-serve`",
    );
}

#[test]
fn placeholders_are_those_that_are_filled() {
    expect(RISKS, "missed by {late_by}", "missed by {late}", 0, "there is no placeholder `{late}`");
    expect(RISKS, "missed by {late_by}", "missed by {item}", 0, "there is no placeholder `{item}`");
    expect(QUESTIONS, "that person {why}", "that person {place}", 0, "there is no placeholder `{place}`");
    expect(QUESTIONS, "edition of {item}", "edition of {item", 0, "without its `}`");
}

#[test]
fn what_always_shows_tells_nobody_anything() {
    anywhere(RISKS, "when = \"days_late > 0\"\n", "", "`go-live-missed` is a risk of every deal");
    anywhere(QUESTIONS, "when = \"users == 0\"\n", "", "`users` is asked about every deal");
}

#[test]
fn levels_of_escalation_count_up() {
    expect(RISKS, "level = 2", "level = 3", 0, "level 3 stands in place 2");
}

#[test]
fn a_folder_from_before_has_no_risks_but_works() {
    let old =
        "[[category]]\nid = \"a\"\nname = \"A\"\nsignals = []\nmitigations = []\nintervention = \"b\"\n";
    let library = Library::with_files([("risks.toml", old)]);
    assert!(library.check().iter().all(|finding| finding.severity == Severity::Warning));
    assert!(library.load().is_ok_and(|methodology| methodology.risks.risks.is_empty()));
}
