//! What templates may see.
//!
//! Two contexts: [`internal`] holds the whole package; [`shared`] is built field by field from what
//! the customer may read, so that a template for the customer cannot show anything else even by mistake.
//! Every struct is taken apart completely: a new field does not compile until somebody decides who sees it.

use gangway_domain::deal::{Deal, StakeholderRole};
use gangway_domain::fact::Fact;
use gangway_domain::package::*;
use gangway_domain::programme::{MilestoneKind, Side, Stage};
use jiff::civil::{Date, Weekday};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::charts;

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
    put("rollout", to_json(&plan.rollout));
    put("days_off", to_json(&days_off(package)));
    put("first_steps", to_json(&first_steps(package, &tasks)));
    put("raci", raci_view(raci, usize::MAX, true));
    put("raci_excerpt", raci_view(raci, 9, false));
    put("contacts", to_json(&people.stakeholders.iter().map(contact_view).collect::<Vec<_>>()));
    put("team", to_json(&people.team));
    put("open_roles", to_json(&people.gaps.iter().map(|gap| gap.role.as_str()).collect::<Vec<_>>()));
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
        to_json(
            &questions
                .iter()
                .filter(|question| asks_customer(question, package))
                .map(ask_view)
                .collect::<Vec<_>>(),
        ),
    );
    put("phases", to_json(&phases));
    view
}

/// The names, and both parties in one phrase: an unnamed vendor is “our team” within a sentence.
fn names_view(names: &Names) -> Value {
    let Names { customer, product, use_case, vendor } = names;
    let inside = vendor.strip_prefix("Our ").map_or_else(|| vendor.clone(), |rest| format!("our {rest}"));
    json!({
        "customer": customer, "product": product, "use_case": use_case, "vendor": vendor,
        "both": format!("{customer} and {inside}"),
    })
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

#[derive(Serialize)]
struct TaskView<'a> {
    id: &'a str,
    phase: &'a str,
    name: &'a str,
    /// Whose calendar, by name.
    party: &'a str,
    side: Side,
    /// Person and role, or the role.
    who: String,
    role_name: &'a str,
    days: u32,
    start: Date,
    finish: Date,
    slack: i64,
    critical: bool,
    week: &'a str,
    deliverable: Option<&'a str>,
    kickoff: bool,
    go_live: bool,
}

fn task_view<'a>(task: &'a PlanTask, names: &'a Names) -> TaskView<'a> {
    let PlanTask {
        id,
        phase,
        name,
        owner,
        role: _,
        role_name,
        assignee,
        days,
        start,
        finish,
        late_start: _,
        late_finish: _,
        slack,
        free_slack: _,
        critical,
        week,
        after: _,
        deliverable,
        note: _,
        kickoff,
        go_live,
    } = task;
    TaskView {
        id,
        phase,
        name,
        party: party(*owner, names),
        side: *owner,
        who: assignee.as_ref().map_or_else(|| role_name.clone(), |person| format!("{person} ({role_name})")),
        role_name,
        days: *days,
        start: *start,
        finish: *finish,
        slack: *slack,
        critical: *critical,
        week,
        deliverable: deliverable.as_deref(),
        kickoff: *kickoff,
        go_live: *go_live,
    }
}

/// The name of a side as both parties would say it.
pub(super) fn party(side: Side, names: &Names) -> &str {
    match side {
        Side::Vendor => &names.vendor,
        Side::Customer => &names.customer,
        Side::Joint => "Both",
    }
}

fn milestone_view(milestone: &PlanMilestone) -> Value {
    let PlanMilestone {
        id,
        phase,
        name,
        kind,
        gate,
        first_value,
        day,
        due,
        planned,
        late_by: _,
        criteria,
        evidence,
        celebrate,
        critical,
    } = milestone;
    json!({
        "id": id, "phase": phase, "name": name,
        "kind": match kind { MilestoneKind::Value => "value", MilestoneKind::Technical => "technical" },
        "gate": gate, "first_value": first_value, "day": day, "due": due, "planned": planned,
        "criteria": criteria.iter().map(|GateCriterion { text, rule: _ }| text).collect::<Vec<_>>(),
        "evidence": evidence, "celebrate": celebrate, "critical": critical,
    })
}

fn dates_view(dates: &KeyDates) -> Value {
    let KeyDates {
        starts_on,
        kickoff_on,
        kickoff_because,
        go_live_on,
        go_live_target,
        go_live_because,
        first_value_on,
        finish_on,
        complete_by,
        feasibility,
        verdict,
        options,
    } = dates;
    json!({
        "starts_on": starts_on, "kickoff_on": kickoff_on, "kickoff_because": kickoff_because, "go_live_on": go_live_on,
        "go_live_target": go_live_target, "go_live_because": go_live_because, "first_value_on": first_value_on,
        "finish_on": finish_on, "complete_by": complete_by, "verdict": verdict, "options": options,
        "feasible": feasibility.as_ref().map(|f| f.feasible),
        "shortfall": feasibility.as_ref().map(|f| f.shortfall),
        "buffer": feasibility.as_ref().map(|f| f.buffer),
        "go_live_day": (*go_live_on - *kickoff_on).get_days(),
        "finish_day": (*finish_on - *kickoff_on).get_days(),
    })
}

/// The facts of the deal that the customer told and may read back.
fn deal_view(deal: &Deal) -> Value {
    let Deal {
        external_id: _,
        title: _,
        customer: _,
        industry,
        employees: _,
        website: _,
        country: _,
        maturity: _,
        acv: _,
        term_months: _,
        closed_on: _,
        contract_start: _,
        products,
        use_cases,
        situation,
        pain,
        impact,
        critical_event,
        decision: _,
        alternatives: _,
        success_criteria,
        stakeholders: _,
        team: _,
        users,
        sites,
        kickoff_on: _,
        go_live,
        quick_win_by,
        roi_by,
        blackouts,
        integrations,
        data_sources,
        sso,
        constraints,
        concerns: _,
        promises: _,
        non_scope,
        red_flags: _,
        first_contact: _,
        sales_cycle: _,
        relationship: _,
        approach: _,
        notes: _,
    } = deal;
    json!({
        "industry": value(industry), "products": values(products), "use_cases": values(use_cases), "situation": values(situation),
        "pain": values(pain), "impact": values(impact), "critical_event": values(critical_event),
        "success_criteria": values(success_criteria), "users": value(users), "sites": value(sites), "go_live": value(go_live),
        "quick_win_by": value(quick_win_by), "roi_by": value(roi_by), "blackouts": values(blackouts),
        "integrations": values(integrations), "data_sources": values(data_sources), "sso": value(sso),
        "constraints": values(constraints), "non_scope": values(non_scope),
    })
}

fn value<T: Serialize>(fact: &Option<Fact<T>>) -> Value {
    fact.as_ref().map_or(Value::Null, |fact| to_json(&fact.value))
}

fn values<T: Serialize>(facts: &[Fact<T>]) -> Value {
    Value::Array(facts.iter().map(|fact| to_json(&fact.value)).collect())
}

/// The steps of the critical path to go-live that the reader may see, in order.
fn critical_steps(plan: &OnboardingPlan, names: &Names, seen: &impl Fn(&PlanTask) -> bool) -> Vec<Value> {
    plan.critical_path
        .iter()
        .filter_map(|id| {
            let task = plan
                .tasks
                .iter()
                .find(|task| task.id == *id && seen(task))
                .map(|task| to_json(&task_view(task, names)));
            task.or_else(|| {
                let milestone = plan.milestones.iter().find(|m| m.id == *id)?;
                Some(json!({
                    "id": milestone.id, "name": milestone.name, "party": "Both", "who": "", "days": 0,
                    "start": milestone.planned, "finish": milestone.planned, "gate": milestone.gate,
                }))
            })
        })
        .collect()
}

fn complete_view(plan: &OnboardingPlan) -> Value {
    let named = |ids: &[String]| -> Vec<Value> {
        ids.iter().filter_map(|id| plan.milestones.iter().find(|m| m.id == *id)).map(milestone_view).collect()
    };
    let CompleteDefinition { value, technical, by } = &plan.complete;
    json!({ "value": named(value), "technical": named(technical), "by": by })
}

/// A day or period on which one side or both do not work, within the time of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct DayOff {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// What it is called.
    pub name: String,
    /// Whose.
    pub who: String,
}

/// The days off both calendars hold, merged where both sides are off for the same reason.
pub(super) fn days_off(package: &Package) -> Vec<DayOff> {
    let (first, last) = (package.dates.starts_on, package.dates.finish_on);
    let mut days: Vec<DayOff> = Vec::new();
    for calendar in &package.plan.calendars {
        let who = match calendar.id.as_str() {
            id if id.contains("vendor") => package.names.vendor.clone(),
            id if id.contains("customer") => package.names.customer.clone(),
            id => id.to_owned(),
        };
        let holidays =
            calendar.holidays.iter().map(|day| (day.date, day.date, day.name.as_str(), "Public holiday"));
        let closed = calendar
            .closed
            .iter()
            .map(|period| (period.from, period.to, period.reason.as_str(), "Closed period"));
        for (from, to, name, otherwise) in holidays
            .chain(closed)
            .filter(|(from, to, ..)| *to >= first && *from <= last && !weekend_only(*from, *to))
        {
            let name = if name.trim().is_empty() { otherwise } else { name };
            match days.iter_mut().find(|day| day.from == from && day.to == to && day.name == name) {
                Some(same) if same.who != who => "Both".clone_into(&mut same.who),
                Some(_) => {}
                None => days.push(DayOff { from, to, name: name.to_owned(), who: who.clone() }),
            }
        }
    }
    days.sort_by(|a, b| (a.from, a.to, &a.name).cmp(&(b.from, b.to, &b.name)));
    days
}

/// Whether nobody would have worked anyway: a holiday on a Saturday or Sunday moves nothing.
fn weekend_only(from: Date, to: Date) -> bool {
    from == to && matches!(from.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// What the customer is asked to do, alone or together, in the first two weeks.
fn first_steps<'a>(package: &Package, tasks: &'a [TaskView<'a>]) -> Vec<&'a TaskView<'a>> {
    let kickoff = package.dates.kickoff_on;
    let mut steps: Vec<&TaskView> = tasks
        .iter()
        .filter(|task| {
            task.side != Side::Vendor && !task.kickoff && (0..14).contains(&(task.start - kickoff).get_days())
        })
        .collect();
    steps.sort_by_key(|task| (task.side == Side::Joint, task.finish));
    steps
}

/// The matrix, or its first rows; with the people who fill the columns, or the roles alone.
fn raci_view(raci: &Raci, most_rows: usize, with_people: bool) -> Value {
    let Raci { columns, rows } = raci;
    let columns: Vec<String> = columns
        .iter()
        .map(|RaciColumn { role, person, side: _ }| match person {
            Some(person) if with_people => format!("{role}: {person}"),
            _ => role.clone(),
        })
        .collect();
    json!({ "columns": columns, "rows": rows.iter().take(most_rows).collect::<Vec<_>>() })
}

fn contact_view(person: &Placed) -> Value {
    let Placed {
        label,
        title,
        role,
        role_name,
        count,
        email,
        power: _,
        interest: _,
        strategy: _,
        engagement: _,
        notes: _,
        confidence: _,
    } = person;
    let (kind, role_name) = match role {
        StakeholderRole::Detractor | StakeholderRole::Other => (StakeholderRole::Other, "Stakeholder"),
        kind => (*kind, role_name.as_str()),
    };
    json!({ "label": label, "title": title, "kind": kind, "role": role_name, "count": count, "email": email })
}

fn impact_view(impact: &ImpactPlan, plan: &OnboardingPlan) -> Value {
    let ImpactPlan { north_star, first_impact, outcomes, milestones } = impact;
    json!({
        "north_star": north_star, "first_impact": first_impact, "outcomes": outcomes,
        "milestones": milestones.iter().filter_map(|id| plan.milestones.iter().find(|m| m.id == *id)).map(milestone_view).collect::<Vec<_>>(),
    })
}

fn go_live_view(go_live: &GoLive) -> Value {
    let GoLive { rollout, readiness, approvals, rules, hypercare_until, pilot_users } = go_live;
    let strategy = rules.strategies.iter().find(|s| s.name.eq_ignore_ascii_case(&rollout.strategy));
    json!({
        "rollout": rollout, "strategy": strategy, "readiness": readiness, "approvals": approvals,
        "rules": rules, "hypercare_until": hypercare_until, "pilot_users": pilot_users,
    })
}

fn promise_view(promise: &PromiseEntry) -> Value {
    let PromiseEntry { id, text, by, milestone: _, kept_at, on_time: _, place: _ } = promise;
    json!({ "id": id, "text": text, "by": by, "kept_at": kept_at })
}

fn confirmation_view(confirmation: &Confirmation) -> Value {
    let Confirmation { topic, statement, confidence: _ } = confirmation;
    json!({ "topic": topic, "statement": statement })
}

/// Whether a statement says that somebody stands against the project.
fn names_a_critic(confirmation: &Confirmation, people: &People) -> bool {
    people.stakeholders.iter().any(|person| {
        person.role == StakeholderRole::Detractor && confirmation.statement.contains(&person.label)
    })
}

fn ask_view(question: &OpenQuestion) -> Value {
    let OpenQuestion { text, ask, by, why: _, assumed: _ } = question;
    // Questions are written about the customer; here they are put to the customer.
    let text = [
        ("does the customer", "do you"),
        ("do they", "do you"),
        ("the customer's", "your"),
        ("their people", "your people"),
    ]
    .iter()
    .fold(text.clone(), |text, (about, to)| text.replace(about, to));
    json!({ "text": text, "ask": ask, "by": by })
}

/// Whether a question goes to the customer's people, and not first to somebody inside.
fn asks_customer(question: &OpenQuestion, package: &Package) -> bool {
    let ask = question.ask.to_lowercase();
    let first = ask.split(',').next().unwrap_or_default().trim();
    let theirs = [
        "sponsor",
        "project lead",
        "technical lead",
        "champion",
        "customer",
        "end users",
        "it and security",
        "business owner",
    ];
    let known = package.people.stakeholders.iter().map(|person| person.label.to_lowercase());
    theirs.iter().any(|role| first.contains(role)) || known.into_iter().any(|name| name == first)
}

/// A value as JSON. Everything here serialises: dates are text, keys are names.
fn to_json<T: Serialize + ?Sized>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}
