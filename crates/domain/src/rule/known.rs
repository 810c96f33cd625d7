//! The facts of running onboardings and of the customers behind them: what rules of the methodology may use.
//!
//! What is not known is not there; a rule over it is then unknown. Days are calendar days; percentages are whole.

use super::schema::{FactSpec, Kind};

const fn number(name: &'static str, unit: &'static str, meaning: &'static str) -> FactSpec {
    FactSpec { name, kind: Kind::Number, unit, meaning }
}

const fn yes_no(name: &'static str, meaning: &'static str) -> FactSpec {
    FactSpec { name, kind: Kind::YesNo, unit: "", meaning }
}

const fn text(name: &'static str, meaning: &'static str) -> FactSpec {
    FactSpec { name, kind: Kind::Text, unit: "", meaning }
}

const fn list(name: &'static str, meaning: &'static str) -> FactSpec {
    FactSpec { name, kind: Kind::List, unit: "", meaning }
}

/// Every fact of a running onboarding, with its type, unit and meaning.
pub static RUN_SCHEMA_FACTS: &[FactSpec] = &[
    // What people do in the product.
    number("usage.active_users", "people", "distinct people active in the last 28 days"),
    number("usage.active_users_7", "people", "distinct people active in the last 7 days"),
    number("usage.expected_users", "people", "people expected to use the product"),
    number("usage.activated_percent", "%", "people seen so far, of those expected"),
    number("usage.pilot_active_percent", "%", "people of the pilot group active in the last 7 days"),
    number("usage.logins", "", "sign-ins so far"),
    number("usage.days_since_login", "days", "since somebody last signed in"),
    number("usage.days_since_use", "days", "since somebody last did anything"),
    number("usage.hours_since_signup", "hours", "since the customer's account in the product was made"),
    number("usage.setup_percent", "%", "set-up steps done in the product"),
    number("usage.dashboards", "", "dashboards built"),
    number("usage.core_tasks", "", "times the core task was completed"),
    number("usage.active_days", "days", "days with use in the last 28 days"),
    number("usage.active_days_per_week", "days", "days with use in the last 7 days"),
    number("usage.active_weeks", "weeks", "weeks in a row with use, this one included"),
    number("usage.core_features_used", "", "core features used in the last 28 days"),
    number("usage.core_features_total", "", "core features there are"),
    number("usage.core_features_unused", "", "core features not used in the last 28 days"),
    number("usage.core_used_percent", "%", "core features used, of those there are"),
    number("usage.advanced_used", "", "advanced features used in the last 28 days"),
    number("usage.repeated_errors", "", "most times one error met one person in the last 7 days"),
    number("usage.events_7", "", "events in the last 7 days"),
    number("usage.events_prev_7", "", "events in the 7 days before those"),
    number("usage.change_7_percent", "%", "change of the events of 7 days against the 7 days before"),
    number("usage.weeks_falling", "weeks", "weeks in a row in each of which use fell"),
    text("usage.pace", "`on-track`, `behind` or `stuck` against the expected time to value"),
    yes_no("usage.first_value_reached", "the event that stands for first value has happened"),
    // Sign-in, integrations, data.
    yes_no("sso.configured", "single sign-on works"),
    number("integrations.total", "", "systems to integrate"),
    number("integrations.connected", "", "systems of which a test call has answered"),
    number("integrations.live", "", "systems through which live data flow without errors"),
    number("integrations.failing", "", "systems that fail now"),
    number("integrations.tests_failed", "", "test scenarios that fail"),
    number("integrations.failures", "", "failures in the last 7 days, by reports not older than that"),
    number("integrations.days_since_check", "days", "since the state of the systems was last reported"),
    number("data.checked", "", "records that were checked, by what was measured last of each source"),
    number("data.wrong", "", "checked records with errors"),
    number("data.error_percent", "%", "checked records with errors, rounded down"),
    number("data.sources", "", "data sources brought over"),
    number("data.validated", "", "data sources the customer validated"),
    number("data.days_since_check", "days", "since the data were last checked"),
    // Learning and going live.
    number("training.completed_percent", "%", "people trained, of those to be trained"),
    number("training.certified_admins", "people", "administrators with a certificate"),
    number("issues.open_critical", "", "open critical issues"),
    number("issues.open_high", "", "open issues of high severity"),
    number("issues.hours_since_high", "hours", "since the go-live without an open critical or high issue"),
    number("issues.trend", "", "issues of the last 7 days less those of the 7 days before"),
    number("issues.last_week", "", "issues reported in the last 7 days"),
    yes_no("pilot.criteria_met", "the pilot has passed"),
    number("pilot.active_percent", "%", "people of the pilot group who worked with it"),
    number("rollout.sites_live", "", "sites that are live"),
    number("rollout.sites_total", "", "sites there are"),
    yes_no("launch.rollback_planned", "the rollback plan names its decider, deputy and steps"),
    yes_no("launch.hypercare_planned", "the hypercare plan is complete"),
    yes_no("launch.message_written", "a launch message is written"),
    yes_no("launch.message_sent", "a launch message has gone out"),
    yes_no("launch.decided", "the go-live is decided"),
    number("checklist.golive_percent", "%", "items of the readiness checklist that are done"),
    number("checklist.handoff_percent", "%", "items of the handoff checklist that are there"),
    // The plan and what it is for.
    number("outcomes.defined", "", "outcomes with a metric"),
    number("outcomes.without_baseline", "", "outcomes without a baseline"),
    number("outcomes.verified", "", "outcomes the customer confirmed with evidence"),
    yes_no("outcomes.sponsor_confirmed", "the sponsor confirmed an outcome"),
    list("milestones.reached", "ids of milestones reached"),
    list("milestones.missed", "ids of milestones whose day is over and that are not reached"),
    number("plan.complete_open", "", "milestones of the definition of complete that are not reached"),
    list("plan.customer_done", "ids of the customer's own tasks that are done, such as a sign-off"),
    number("plan.percent_on_time", "%", "due milestones that were reached on time"),
    number("plan.days_late", "days", "by which the planned go-live misses the wanted one"),
    number("plan.milestones_late", "", "milestones that are late"),
    number("plan.milestone_days_late", "days", "by which the latest open milestone is late"),
    number("plan.overdue_tasks", "", "tasks that should be done by now and are not"),
    number("plan.blocked_tasks", "", "tasks that are blocked"),
    number("plan.blocked_days", "days", "for which the longest blocked task has been blocked"),
    number("plan.scope_growth_percent", "%", "work added by change requests, of the first plan, rounded up"),
    number("plan.go_live_slipped", "days", "by which the go-live is later than first planned"),
    number("plan.overdue_decisions", "", "decisions that should have been made by now"),
    // People and meetings.
    number("people.contacts", "people", "contacts known at the customer"),
    number("people.active_contacts", "people", "contacts active in the last 28 days"),
    yes_no("people.champion_known", "a champion is named"),
    text("people.champion_state", "`advocate`, `neutral`, `absent` or `departed`"),
    number("people.champion_days_silent", "days", "since the last contact with the champion"),
    number("people.sponsor_days_silent", "days", "since the last contact with the executive sponsor"),
    number("people.days_since_contact", "days", "since the last contact with anybody"),
    number(
        "people.waiting_hours",
        "hours",
        "on weekdays for which the oldest request to the customer has waited: a question shared with them, a change to \
         approve, an outcome to confirm, a form or an untouched task whose day is over; 0 when none waits",
    ),
    number(
        "people.response_hours",
        "hours",
        "on weekdays from a request to the customer's act on it, median of those answered in the last 28 days; a form \
         that came by its day took none",
    ),
    number("people.key_absent_meetings", "", "most meetings in a row one key person was absent from"),
    number("meetings.held", "", "meetings held in the last 28 days"),
    number("meetings.missed", "", "meetings the customer missed in the last 28 days"),
    number("meetings.missed_in_a_row", "", "latest meetings in a row that the customer missed"),
    number("meetings.attended_percent", "%", "meetings of the last 28 days the customer attended"),
    number("meetings.days_since_last", "days", "since the last meeting that was due"),
    // What people say.
    number("surveys.nps", "points", "net promoter score, −100 to 100"),
    number("surveys.satisfaction", "", "mean satisfaction, 1 to 5"),
    number("surveys.effort", "", "mean effort, 1 to 5; below 3 is good"),
    number("surveys.days_since_answer", "days", "since the last answer to a survey"),
    number("surveys.response_percent", "%", "people asked who answered"),
    number("observed.engagement", "", "how much the customer takes part, as the team sees it, 1 to 5"),
    number("observed.engagement_days", "days", "since that was said"),
    number("observed.mood", "", "how content the customer seems to the team, 1 to 5"),
    number("observed.mood_days", "days", "since that was said"),
    number("observed.system", "", "how well the system works, as the team sees it, 1 to 5"),
    number("observed.system_days", "days", "since that was said"),
    list("observed.kinds", "kinds of observed signals that are open"),
    // Support and contract.
    number("support.tickets_7", "", "tickets opened in the last 7 days"),
    number("support.usual_7", "", "tickets of 7 days as they were in the 8 weeks before"),
    number("support.open", "", "open tickets"),
    number("support.open_urgent", "", "open tickets of the highest priority"),
    number("support.days_since_import", "days", "since tickets were last reported"),
    number("contract.value", "", "annual contract value in whole units of the workspace currency"),
    number("contract.mrr", "", "monthly recurring revenue in whole units of the workspace currency"),
    number("contract.mrr_change_percent", "%", "change of that in the last 90 days"),
    number(
        "contract.days_to_renewal",
        "days",
        "until the renewal, as somebody told it or by begin and term of the deal; negative when it is over",
    ),
    yes_no("contract.churned", "the customer has left and is not back"),
    // The score as it was, and the onboarding itself.
    number("health.score", "points", "the health score, 0 to 100, as it was last"),
    text("health.status", "its status"),
    number("health.change_7", "points", "change of the score in 7 days"),
    number("health.change_7_percent", "%", "change of the score in 7 days, of what it was"),
    text("onboarding.segment", "id of the segment"),
    text("onboarding.touch", "`high`, `medium`, `low` or `tech`"),
    text("onboarding.phase", "`onboarding` until the definition of complete is met, then `adopted`"),
    number("onboarding.days_since_kickoff", "days", "since the kickoff; negative before it"),
    number("onboarding.days_to_go_live", "days", "until the planned go-live; negative when it is over"),
    number("onboarding.days_since_live", "days", "since the go-live; not there before it"),
];
