//! The built-in signals, one by one as the tables of [004] and the triggers of [003] have them: how grave each is, whether
//! it is computed, and the figure from which on it is.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a panic is the failing test")]

use std::collections::BTreeSet;

use gangway_domain::deal::Severity::{self, Critical, High, Low, Medium};
use gangway_domain::rule::{FactValue, Facts, Schema, Sheet};
use gangway_domain::signal::Watch;
use gangway_methodology::Library;

/// Figures of a customer, by the names of the facts.
type Figures = &'static [(&'static str, i64)];

/// The 36 kinds of [004] in the order of its tables, and the triggers.
const SEVERITIES: [(&str, Severity); 40] = [
    ("missed-meeting", Low),
    ("missed-meetings", Medium),
    ("slow-response", Low),
    ("non-responsive", High),
    ("key-person-absent", Medium),
    ("champion-silent", Critical),
    ("milestone-delayed", Low),
    ("milestone-missed", Medium),
    ("multiple-delays", High),
    ("blocked-tasks", Medium),
    ("scope-creep", Medium),
    ("timeline-extension", High),
    ("integration-failures", Medium),
    ("data-quality", Medium),
    ("performance", High),
    ("security-concern", High),
    ("configuration-errors", Low),
    ("environment-issues", Medium),
    ("low-login-rate", Medium),
    ("declining-usage", Medium),
    ("feature-avoidance", Medium),
    ("support-spike", Medium),
    ("workarounds", High),
    ("shadow-systems", Critical),
    ("frustration", Medium),
    ("tone-shift", Medium),
    ("complaint-escalated", High),
    ("buyers-remorse", High),
    ("competitor-comparison", High),
    ("project-questioned", Critical),
    ("champion-moved", Medium),
    ("champion-departed", Critical),
    ("executive-disengaged", High),
    ("priority-shift", High),
    ("budget-concerns", High),
    ("reorganisation", Medium),
    ("health-drop", High),
    ("no-login-30", High),
    ("no-login-yet", High),
    ("repeated-errors", Medium),
];

/// Every computed kind that is told by figures, with the last ones at which it is not there, and the first at which it is.
const FROM_HERE_ON: [(&str, Figures, Figures); 23] = [
    ("missed-meeting", &[("meetings.missed_in_a_row", 0)], &[("meetings.missed_in_a_row", 1)]),
    ("missed-meetings", &[("meetings.missed_in_a_row", 1)], &[("meetings.missed_in_a_row", 2)]),
    ("slow-response", &[("people.waiting_hours", 48)], &[("people.waiting_hours", 49)]),
    ("non-responsive", &[("people.waiting_hours", 120)], &[("people.waiting_hours", 121)]),
    ("key-person-absent", &[("people.key_absent_meetings", 1)], &[("people.key_absent_meetings", 2)]),
    ("champion-silent", &[("people.champion_days_silent", 6)], &[("people.champion_days_silent", 7)]),
    ("milestone-delayed", &[("plan.milestone_days_late", 0)], &[("plan.milestone_days_late", 1)]),
    ("milestone-missed", &[("plan.milestone_days_late", 3)], &[("plan.milestone_days_late", 4)]),
    ("multiple-delays", &[("plan.milestones_late", 2)], &[("plan.milestones_late", 3)]),
    ("blocked-tasks", &[("plan.blocked_days", 2)], &[("plan.blocked_days", 3)]),
    ("scope-creep", &[("plan.scope_growth_percent", 10)], &[("plan.scope_growth_percent", 11)]),
    ("timeline-extension", &[("plan.go_live_slipped", 0)], &[("plan.go_live_slipped", 1)]),
    ("integration-failures", &[("integrations.failures", 2)], &[("integrations.failures", 3)]),
    // 5.0 %, and 5.1 %.
    (
        "data-quality",
        &[("data.checked", 1_000), ("data.wrong", 50)],
        &[("data.checked", 1_000), ("data.wrong", 51)],
    ),
    (
        "low-login-rate",
        &[("usage.activated_percent", 50), ("onboarding.days_since_live", 7)],
        &[("usage.activated_percent", 49), ("onboarding.days_since_live", 7)],
    ),
    ("declining-usage", &[("usage.weeks_falling", 1)], &[("usage.weeks_falling", 2)]),
    (
        "feature-avoidance",
        &[("usage.core_features_unused", 0), ("usage.active_days", 10)],
        &[("usage.core_features_unused", 1), ("usage.active_days", 10)],
    ),
    (
        "support-spike",
        &[("support.tickets_7", 5), ("support.usual_7", 3)],
        &[("support.tickets_7", 6), ("support.usual_7", 3)],
    ),
    ("executive-disengaged", &[("people.sponsor_days_silent", 29)], &[("people.sponsor_days_silent", 30)]),
    ("health-drop", &[("health.change_7_percent", -19)], &[("health.change_7_percent", -20)]),
    ("no-login-30", &[("usage.days_since_login", 29)], &[("usage.days_since_login", 30)]),
    (
        "no-login-yet",
        &[("usage.logins", 0), ("onboarding.days_since_live", 29)],
        &[("usage.logins", 0), ("onboarding.days_since_live", 30)],
    ),
    ("repeated-errors", &[("usage.repeated_errors", 2)], &[("usage.repeated_errors", 3)]),
];

fn watch() -> Watch {
    Watch::compile(&Library::builtin().load().unwrap().signals, Schema::run()).unwrap()
}

/// Facts of a customer under way with these figures.
fn facts(figures: &[(&str, i64)]) -> Facts {
    let phase = FactValue::Text("onboarding".to_owned());
    let begun = Schema::run().change(&Facts::default(), "onboarding.phase", Some(phase)).unwrap();
    figures.iter().fold(begun, |facts, (name, number)| {
        Schema::run().change(&facts, name, Some(FactValue::Int(*number))).unwrap()
    })
}

/// What the facts say of a kind, in a word.
fn said(watch: &Watch, kind: &str, facts: &Facts) -> &'static str {
    let sheet = Sheet::new(Schema::run(), facts);
    watch.rule(kind).unwrap().truth(&sheet).word()
}

#[test]
fn every_kind_is_as_grave_as_its_source_says() {
    let methodology = Library::builtin().load().unwrap();
    for (kind, severity) in SEVERITIES {
        assert_eq!(methodology.signals.get(kind).map(|known| known.severity), Some(severity), "{kind}");
    }
    assert_eq!(methodology.signals.len(), SEVERITIES.len());
}

#[test]
fn every_computed_kind_is_there_from_its_figure_on() {
    let watch = watch();
    for (kind, before, from) in FROM_HERE_ON {
        assert_eq!(said(&watch, kind, &facts(before)), "no", "{kind} at {before:?}");
        assert_eq!(said(&watch, kind, &facts(from)), "yes", "{kind} at {from:?}");
    }
    let told: BTreeSet<&str> = FROM_HERE_ON.iter().map(|(kind, ..)| *kind).collect();
    let others: Vec<&str> = watch.kinds().filter(|kind| !told.contains(kind)).collect();
    assert_eq!(others, ["champion-departed"], "all others have their figures above");
    let state = |state: &str| {
        let state = FactValue::Text(state.to_owned());
        Schema::run().change(&Facts::default(), "people.champion_state", Some(state)).unwrap()
    };
    assert_eq!(said(&watch, "champion-departed", &state("absent")), "no");
    assert_eq!(said(&watch, "champion-departed", &state("departed")), "yes");
}

#[test]
fn the_graver_kind_takes_the_place_of_the_milder() {
    let watch = watch();
    for (milder, graver, name, number) in [
        ("missed-meeting", "missed-meetings", "meetings.missed_in_a_row", 2),
        ("slow-response", "non-responsive", "people.waiting_hours", 121),
        ("milestone-delayed", "milestone-missed", "plan.milestone_days_late", 4),
    ] {
        let facts = facts(&[(name, number)]);
        assert_eq!([said(&watch, milder, &facts), said(&watch, graver, &facts)], ["no", "yes"], "{milder}");
    }
}

#[test]
fn whoever_signed_in_once_is_told_by_the_last_time() {
    let watch = watch();
    let known = [("usage.days_since_login", 40), ("usage.logins", 3), ("onboarding.days_since_live", 60)];
    assert_eq!(said(&watch, "no-login-yet", &facts(&known)), "no");
    assert_eq!(said(&watch, "no-login-30", &facts(&known)), "yes");
    // Of a product that tells of no sign-ins, what people do tells when they were there.
    let silent = [("usage.days_since_login", 2), ("onboarding.days_since_live", 60)];
    assert_eq!(said(&watch, "no-login-yet", &facts(&silent)), "no");
}
