//! What is wrong with signals, health models, interventions and the questions of the weekly review.

use gangway_methodology::Library;

use super::{anywhere, broken, expect};

const MODEL: &str = "health/onboarding.toml";

#[test]
fn rules_of_signals_name_facts_there_are_and_give_yes_or_no() {
    let path = "signals/adoption.toml";
    let when = "when = \"usage.weeks_falling >= 2\"";
    expect(path, when, "when = \"usage.weeks_faling >= 2\"", 0, "did you mean `usage.weeks_falling`?");
    expect(path, when, "when = \"usage.weeks_falling\"", 0, "must give yes or no");
    expect(path, when, "when = \"usage.weeks_falling >= 'two'\"", 0, "cannot be compared with text");
    anywhere(path, &format!("{when}\n"), "", "nothing says when `declining-usage` is there");
    let facts = "use has fallen for {usage.weeks_falling:";
    anywhere(path, facts, "use has fallen for {usage.weeks:", "there is no fact `usage.weeks`");
    anywhere(
        "signals/organizational.toml",
        "protocol = \"champion-loss\"",
        "protocol = \"champion-lost\"",
        "there is no checklist `champion-lost`",
    );
}

#[test]
fn a_finding_points_at_the_character() {
    let from = "when = \"usage.weeks_falling >= 2\"";
    let (library, line) = broken("signals/adoption.toml", from, "when = \"true && usage.weeks_faling > 1\"");
    let found = library.check();
    let one = found.iter().find(|one| one.message.contains("weeks_faling")).unwrap();
    // `when = "` are eight characters, `true && ` eight more.
    assert_eq!((one.line, one.column), (line, 17), "{one}");
}

#[test]
fn inputs_of_health_models_are_checked() {
    expect(
        MODEL,
        "score = \"plan.percent_on_time\"",
        "score = \"plan.percent_in_time\"",
        0,
        "plan.percent_on_time",
    );
    expect(
        MODEL,
        "score = \"plan.percent_on_time\"",
        "score = \"sso.configured\"",
        0,
        "must give a whole number",
    );
    expect(
        MODEL,
        "age = \"meetings.days_since_last\"",
        "age = \"onboarding.segment\"",
        0,
        "is no number of days",
    );
    anywhere(MODEL, "age = \"meetings.days_since_last\"\n", "", "`valid_days` says nothing without `age`");
    expect(MODEL, "{plan.percent_on_time} %", "{plan.percent} %", 0, "there is no fact `plan.percent`");
    anywhere(MODEL, "id = \"go-live\"", "id = \"milestones\"", "the input `milestones` exists twice");
    anywhere(MODEL, "vanity = true\n", "", "a sign-in is no use of the product");
    expect(MODEL, "critical_signals = 2", "critical_signals = 1", 4, "falling order");
    let own = "health/self-serve.toml";
    expect(
        own,
        "segments = [\"self-serve\"]",
        "segments = [\"selfserve\"]",
        0,
        "there is no segment `selfserve`",
    );
    expect(own, "phases = [\"onboarding\"]", "phases = [\"renewal\"]", 0, "there is no phase `renewal`");
}

#[test]
fn interventions_and_reviews_are_checked() {
    let path = "interventions/critical.toml";
    anywhere(
        path,
        "owner_role = \"executive-partner\"",
        "owner_role = \"boss\"",
        "there is no role in any programme `boss`",
    );
    anywhere(path, "id = \"rescue\"", "id = \"daily\"", "the task `daily` exists twice");
    let review = "checklists/weekly-signal-review.toml";
    anywhere(review, "rule = \"meetings.missed == 0\"", "rule = \"meetings.mised == 0\"", "meetings.missed");
    anywhere(review, "{meetings.missed} of", "{meetings.mised} of", "there is no fact `meetings.mised`");
}

#[test]
fn folders_of_earlier_versions_still_load() {
    let old = "id = \"onboarding\"\nversion = 1\nname = \"Old\"\nmin_coverage_percent = 50\n\
               [[component]]\nid = \"progress\"\nname = \"Progress\"\nweight = 100\ninputs = [\"Milestones\"]\n\
               scoring = \"\"\ngreen = \"\"\nyellow = \"\"\nred = \"\"\n\
               [[status]]\nname = \"Healthy\"\nfrom = 0\nresponse = \"\"\n";
    let library = Library::with_files([("health/onboarding.toml", old)]);
    assert!(library.load().is_ok(), "{:?}", library.check());
    assert!(library.check().iter().any(|one| one.message.contains("will never have data")));
}
