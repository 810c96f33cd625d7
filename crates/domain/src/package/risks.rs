//! What could go wrong as seen on the first day, and what is still unknown.

use jiff::civil::Date;

use super::calendars::joint_day_before;
use super::frame::Frame;
use super::{KeyDates, OnboardingPlan, OpenQuestion, People, PromiseEntry, Risk};
use crate::deal::{Deal, Severity};
use crate::fit::counted;
use crate::handoff::place;
use crate::programme::Side;

/// Working days of slack up to which a customer-owned chain is called tight.
const TIGHT_SLACK: i64 = 2;

/// Risks from the red flags of the sale, and those the plan itself shows.
pub(super) fn risks(
    deal: &Deal,
    plan: &OnboardingPlan,
    dates: &KeyDates,
    people: &People,
    promises: &[PromiseEntry],
) -> Vec<Risk> {
    let mut risks: Vec<Risk> = deal
        .red_flags
        .iter()
        .map(|fact| Risk {
            text: fact.value.text.clone(),
            severity: fact.value.severity.unwrap_or(Severity::Medium),
            mitigation: fact
                .value
                .mitigation
                .clone()
                .unwrap_or_else(|| "agree on an approach in the internal handoff meeting".into()),
            owner: "Onboarding manager".into(),
            origin: format!("red flag of the handoff ({})", place(fact)),
        })
        .collect();
    let mut add = |severity, text: String, mitigation: &str, owner: &str, origin: &str| {
        risks.push(Risk {
            text,
            severity,
            mitigation: mitigation.to_owned(),
            owner: owner.to_owned(),
            origin: origin.to_owned(),
        });
    };
    if let Some(late) = dates.feasibility.as_ref().filter(|feasibility| !feasibility.feasible) {
        add(
            Severity::High,
            format!(
                "The wanted go-live is missed by {} as the plan stands.",
                counted(late.shortfall, "calendar day")
            ),
            "decide on one of the compressions with the customer before the date is confirmed",
            "Onboarding manager",
            "the schedule",
        );
    } else if let Some(tight) = dates.feasibility.as_ref().filter(|feasibility| feasibility.buffer <= 5) {
        add(
            Severity::Medium,
            format!("The wanted go-live leaves {} to spare.", counted(tight.buffer, "calendar day")),
            "watch the critical path weekly; agree now which scope would move to a second phase",
            "Onboarding manager",
            "the schedule",
        );
    }
    for promise in promises.iter().filter(|promise| promise.on_time == Some(false)) {
        add(
            Severity::High,
            format!("Promise {} (“{}”) is dated before the plan can show it.", promise.id, promise.text),
            "tell the sponsor early, with the earliest date that holds",
            "Account executive",
            "the promise ledger",
        );
    }
    if !people.multi_threaded {
        add(
            Severity::Medium,
            people.threading.clone(),
            "name a sponsor, a project lead and a technical lead before the kickoff",
            "CSM",
            "the stakeholder map",
        );
    }
    let customer: Vec<&str> = plan
        .tasks
        .iter()
        .filter(|task| task.owner == Side::Customer && task.slack <= TIGHT_SLACK && task.days > 0)
        .map(|task| task.name.as_str())
        .collect();
    if let [first, ..] = customer.as_slice() {
        add(
            Severity::Medium,
            format!(
                "{} of the customer's tasks {} {TIGHT_SLACK} working days of slack or less, first: {first}.",
                customer.len(),
                if customer.len() == 1 { "has" } else { "have" },
            ),
            "hand over templates and dates at the kickoff, name a deputy for each",
            "Customer project lead",
            "the critical path",
        );
    }
    if deal.integrations.len() >= 3 {
        add(
            Severity::Medium,
            format!(
                "{} systems are to be connected; access and test data often come late.",
                deal.integrations.len()
            ),
            "prove each connection with one call in the first two weeks, mappings after",
            "Implementation manager",
            "the technical context",
        );
    }
    risks.sort_by_key(|risk| std::cmp::Reverse(risk.severity));
    risks
}

/// What is missing, whom to ask, by when, and what the plan assumes until then.
pub(super) fn questions(frame: &Frame<'_>, people: &People, as_of: Date) -> Vec<OpenQuestion> {
    let Frame { deal, calendars, anchors, .. } = frame;
    let before_kickoff = joint_day_before(&calendars.specs, anchors.kickoff_on).max(as_of);
    let mut questions = Vec::new();
    let mut ask = |missing: bool, text: &str, whom: &str, why: &str, assumed: Option<&str>| {
        if missing {
            questions.push(OpenQuestion {
                text: text.to_owned(),
                ask: whom.to_owned(),
                by: before_kickoff,
                why: why.to_owned(),
                assumed: assumed.map(str::to_owned),
            });
        }
    };
    ask(
        deal.customer.is_none(),
        "What is the customer's name?",
        "AE",
        "every document carries it",
        Some("“the customer” stands in"),
    );
    ask(
        deal.acv.is_none(),
        "What is the annual contract value?",
        "AE",
        "it decides the segment together with the other facets",
        Some("the segment rests on users, integrations and sites"),
    );
    ask(
        deal.success_criteria.is_empty(),
        "What does the customer call success, measured how?",
        "Executive sponsor",
        "without it nobody can say whether the onboarding worked",
        Some("the use case stands in as the goal"),
    );
    ask(
        deal.go_live.is_none(),
        "When do they want to be live, and what happens then?",
        "Executive sponsor",
        "it decides whether the plan is feasible",
        Some("the programme's standard go-live day"),
    );
    ask(
        deal.country.is_none(),
        "In which country do their people work?",
        "AE",
        "their public holidays shape the plan",
        Some("weekends only, no public holidays"),
    );
    ask(
        deal.users.is_none(),
        "How many people will use it?",
        "Project lead",
        "training and pilot are sized from it",
        Some("the programme's smallest training groups"),
    );
    for fact in deal.integrations.iter().filter(|fact| fact.value.detail.is_none()) {
        ask(
            true,
            &format!(
                "Which version or edition of {} do they run, and who can open access?",
                fact.value.system
            ),
            "Technical lead",
            "connection and mapping depend on it",
            None,
        );
    }
    ask(
        deal.sso.as_ref().is_some_and(|sso| sso.value.eq_ignore_ascii_case("yes")),
        "Which identity provider do they sign in with?",
        "Technical lead",
        "single sign-on is part of the first technical gate",
        None,
    );
    ask(
        !deal.integrations.is_empty() && deal.data_sources.is_empty(),
        "Is there data to bring over, from where, and who owns its quality?",
        "Technical lead",
        "data that is not ready is a frequent cause of late go-lives",
        Some("no data migration beyond the integrations"),
    );
    ask(
        deal.promises.is_empty(),
        "What exactly did sales promise, and by when?",
        "AE",
        "a promise nobody wrote down is the one that gets broken",
        Some("no promises"),
    );
    ask(
        deal.non_scope.is_empty(),
        "What was said to be out of scope?",
        "AE",
        "it settles the first change request before it comes",
        None,
    );
    ask(
        deal.alternatives.is_empty(),
        "Which alternatives did they consider, and why not those?",
        "AE",
        "it tells what must not disappoint",
        None,
    );
    for gap in &people.gaps {
        ask(
            true,
            &format!("Who {} the {}?", if gap.role.ends_with('s') { "are" } else { "is" }, gap.role),
            "AE, then the sponsor",
            &format!("that person {}", gap.why),
            None,
        );
    }
    questions
}
