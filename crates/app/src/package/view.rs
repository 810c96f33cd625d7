//! What templates may see.
//!
//! Two contexts: [`internal`] holds the whole package; [`shared`] is built field by field from what
//! the customer may read, so that a template for the customer cannot show anything else even by mistake.
//! Every struct is taken apart completely: a new field does not compile until somebody decides who sees it.

mod deal;
mod people;
mod plan;

use gangway_domain::package::*;
use gangway_domain::programme::{Side, Stage};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::charts;
use deal::deal_view;
pub(super) use people::to_customer;
use people::{
    ask_view, confirmation_view, contact_view, go_live_view, impact_view, names_a_critic, names_view,
    open_roles, promise_view, raci_view,
};
use plan::{
    TaskView, complete_view, critical_steps, dates_view, first_steps, milestone_view, no_go_live, task_view,
};
pub(super) use plan::{days_off, party};

/// Everything, for the vendor's own documents: the shared keys over all tasks and meetings, and the package itself as `package`.
pub(super) fn internal(package: &Package) -> Value {
    let mut view = common(package, |_| true, |_| true);
    view.insert("package".to_owned(), to_json(package));
    view.insert("facts".to_owned(), plain_facts(to_json(&package.reading.deal)));
    Value::Object(view)
}

/// A deal's JSON with every fact replaced by its value.
fn plain_facts(json: Value) -> Value {
    match json {
        Value::Object(mut fact) if fact.contains_key("confidence") && fact.contains_key("source") => {
            fact.remove("value").unwrap_or(Value::Null)
        }
        Value::Object(map) => {
            Value::Object(map.into_iter().map(|(key, value)| (key, plain_facts(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(plain_facts).collect()),
        other => other,
    }
}

/// What the customer may read: no value of the contract, no red flags or risks, no confidence, no
/// relationship notes, no power and interest, no internal meetings or preparation.
pub(super) fn shared(package: &Package) -> Value {
    // What the vendor prepares before the kickoff is its own business.
    let preparation: Vec<&str> = package
        .plan
        .phases
        .iter()
        .filter(|phase| phase.stage == Stage::Handoff)
        .map(|phase| phase.id.as_str())
        .collect();
    let mut view = common(
        package,
        |task| task.owner != Side::Vendor || !preparation.contains(&task.phase.as_str()),
        |meeting| meeting.with_customer,
    );
    let phases =
        view.get_mut("phases").and_then(Value::as_array_mut).map(Vec::as_mut_slice).unwrap_or_default();
    for phase in phases {
        // What customers feel in a phase is advice to the vendor's people.
        phase["customer"] = Value::Null;
        if phase["stage"] == json!(Stage::Handoff) {
            phase["deliverables"] = json!([]);
        }
    }
    Value::Object(view)
}

fn common(
    package: &Package,
    task_seen: impl Fn(&PlanTask) -> bool,
    meeting_seen: impl Fn(&Meeting) -> bool,
) -> Map<String, Value> {
    let Package {
        schema: _,
        generator: _,
        as_of,
        names,
        reading,
        handoff,
        segmentation: _,
        dates,
        plan,
        raci,
        people,
        activation,
        impact_plan,
        go_live,
        health: _,
        training,
        meetings,
        governance,
        escalation,
        surveys: _,
        risks: _,
        questions,
        notices: _,
    } = package;

    let tasks: Vec<TaskView> =
        plan.tasks.iter().filter(|task| task_seen(task)).map(|task| task_view(task, names)).collect();
    let phases: Vec<PhaseView> = plan
        .phases
        .iter()
        .map(|phase| PhaseView {
            phase,
            window: charts::window(phase.start, phase.finish),
            rows: tasks.iter().filter(|task| task.phase == phase.id).collect(),
            milestones: plan.milestones.iter().filter(|m| m.phase == phase.id).map(milestone_view).collect(),
        })
        .filter(|phase| !phase.rows.is_empty() || !phase.milestones.is_empty())
        .collect();
    let shown: Vec<&PlanPhase> = phases.iter().map(|phase| phase.phase).collect();

    let mut view = Map::new();
    let mut put = |key: &str, value: Value| {
        view.insert(key.to_owned(), value);
    };
    put("names", names_view(names));
    put("as_of", to_json(as_of));
    put("dates", dates_view(dates));
    put("deal", deal_view(&reading.deal));
    put("charts", charts::all(package, &shown, &task_seen));
    put("milestones", to_json(&plan.milestones.iter().map(milestone_view).collect::<Vec<_>>()));
    put("gates", to_json(&plan.milestones.iter().filter(|m| m.gate).map(milestone_view).collect::<Vec<_>>()));
    put("critical", to_json(&critical_steps(plan, names, &task_seen)));
    put("complete", complete_view(plan));
    // Where a workshop of its own finds out about the systems, it is asked there.
    let workshop = plan.tasks.iter().any(|task| task.id == "technical-discovery");
    put("discovery", Value::from(if workshop { "in technical discovery" } else { "at the kickoff" }));
    put("rollout", to_json(&plan.rollout));
    put("days_off", to_json(&days_off(package)));
    put("country_known", Value::Bool(reading.deal.country.is_some()));
    let assumed = package.notices.iter().any(|notice| notice.code == "customer_country_assumed");
    put("country_assumed", Value::Bool(assumed));
    put("no_go_live", to_json(&no_go_live(package)));
    put("first_steps", to_json(&first_steps(package, &tasks)));
    put("raci", raci_view(raci, usize::MAX, true));
    put("raci_excerpt", raci_view(raci, 13, false));
    put("contacts", to_json(&people.stakeholders.iter().map(contact_view).collect::<Vec<_>>()));
    put("team", to_json(&people.team));
    put("open_roles", to_json(&open_roles(package)));
    put("audiences", to_json(&people.audiences));
    put("messages", to_json(&people.calendar));
    put("change", to_json(&people.change));
    put("targets", to_json(&activation.targets));
    put("impact", impact_view(impact_plan, plan));
    put("go_live", go_live_view(go_live));
    put("training", to_json(training));
    put("meetings", to_json(&meetings.iter().filter(|meeting| meeting_seen(meeting)).collect::<Vec<_>>()));
    put("kickoff", to_json(&meetings.iter().find(|meeting| meeting.kickoff)));
    put("governance", to_json(governance));
    put("escalation", to_json(escalation));
    put(
        "start",
        Value::from(if meetings.iter().any(|meeting| meeting.kickoff) { "kickoff" } else { "start" }),
    );
    put("promises", to_json(&handoff.promises.iter().map(promise_view).collect::<Vec<_>>()));
    put(
        "confirmation",
        to_json(
            &handoff
                .confirmation
                .iter()
                .filter(|statement| !names_a_critic(statement, people))
                .map(confirmation_view)
                .collect::<Vec<_>>(),
        ),
    );
    put("introduction", to_json(&handoff.introduction));
    put(
        "asks",
        to_json(&questions.iter().filter(|question| question.of_customer).map(ask_view).collect::<Vec<_>>()),
    );
    put("phases", to_json(&phases));
    view
}

#[derive(Serialize)]
struct PhaseView<'a> {
    #[serde(flatten)]
    phase: &'a PlanPhase,
    /// `11–22 Jan`.
    window: String,
    rows: Vec<&'a TaskView<'a>>,
    milestones: Vec<Value>,
}

/// A value as JSON. Everything here serialises: dates are text, keys are names.
fn to_json<T: Serialize + ?Sized>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}
