//! People and what is agreed with them: names, roles, outcomes, promises, confirmations, questions.

use gangway_domain::deal::StakeholderRole;
use gangway_domain::package::*;
use gangway_domain::programme::Side;
use serde_json::{Value, json};

use super::plan::milestone_view;

/// The names, and both parties in one phrase: an unnamed vendor is “our team” within a sentence.
pub(super) fn names_view(names: &Names) -> Value {
    let Names { customer, product, use_case, vendor } = names;
    let inside = vendor.strip_prefix("Our ").map_or_else(|| vendor.clone(), |rest| format!("our {rest}"));
    json!({
        "customer": customer, "product": product, "use_case": use_case, "vendor": vendor,
        "both": format!("{customer} and {inside}"),
    })
}

/// The matrix, or its first rows; with the people who fill the columns, or the roles alone.
pub(super) fn raci_view(raci: &Raci, most_rows: usize, with_people: bool) -> Value {
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

/// What a template may say of somebody at the customer: nobody is called a critic.
pub(super) fn contact_view(person: &Placed) -> Value {
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

/// The roles of the customer that are still to be filled: first those every onboarding needs, then those
/// that lead work in the plan.
pub(super) fn open_roles(package: &Package) -> Vec<String> {
    let mut open: Vec<String> = package.people.gaps.iter().map(|gap| gap.role.clone()).collect();
    // Where nobody meets, whoever signed up does what there is to do.
    if !package.meetings.iter().any(|meeting| meeting.kickoff) {
        return open;
    }
    let is_ours = |role: &str| package.people.team.iter().any(|line| line.role == role);
    for task in &package.plan.tasks {
        if task.assignee.is_some() || task.owner == Side::Vendor || is_ours(&task.role_name) {
            continue;
        }
        let role = task.role_name.strip_prefix("Customer ").unwrap_or(&task.role_name);
        let plain = role.to_lowercase();
        // A group is not one person to be named.
        if plain != "end users" && !open.iter().any(|known| known.to_lowercase() == plain) {
            open.push(role.to_owned());
        }
    }
    open
}

/// The joint impact plan with its milestones.
pub(super) fn impact_view(impact: &ImpactPlan, plan: &OnboardingPlan) -> Value {
    let ImpactPlan { north_star, first_impact, outcomes, milestones } = impact;
    json!({
        "north_star": north_star, "first_impact": first_impact, "outcomes": outcomes,
        "milestones": milestones.iter().filter_map(|id| plan.milestones.iter().find(|m| m.id == *id)).map(milestone_view).collect::<Vec<_>>(),
    })
}

/// Readiness, rollout and hypercare, with the strategy spelled out.
pub(super) fn go_live_view(go_live: &GoLive) -> Value {
    let GoLive { rollout, readiness, approvals, rules, hypercare_until, pilot_users } = go_live;
    let strategy = rules.strategies.iter().find(|s| s.name.eq_ignore_ascii_case(&rollout.strategy));
    json!({
        "rollout": rollout, "strategy": strategy, "readiness": readiness, "approvals": approvals,
        "rules": rules, "hypercare_until": hypercare_until, "pilot_users": pilot_users,
    })
}

/// A promise as the customer may read it.
pub(super) fn promise_view(promise: &PromiseEntry) -> Value {
    let PromiseEntry {
        id,
        text,
        by,
        by_because,
        milestone: _,
        task: _,
        kept_at,
        on_time,
        kept_if: _,
        place: _,
    } = promise;
    let late = *on_time == Some(false);
    json!({ "id": id, "text": text, "by": by, "by_because": by_because, "kept_at": kept_at, "late": late })
}

/// A statement to confirm.
pub(super) fn confirmation_view(confirmation: &Confirmation) -> Value {
    let Confirmation { topic, statement, confidence: _ } = confirmation;
    json!({ "topic": topic, "statement": statement })
}

/// Whether a statement says that somebody stands against the project.
pub(super) fn names_a_critic(confirmation: &Confirmation, people: &People) -> bool {
    people.stakeholders.iter().any(|person| {
        person.role == StakeholderRole::Detractor && confirmation.statement.contains(&person.label)
    })
}

/// A question as it is put to the customer.
pub(super) fn ask_view(question: &OpenQuestion) -> Value {
    let OpenQuestion { text, ask, of_customer: _, by, why: _, assumed: _ } = question;
    let text = to_customer(text);
    // Nobody calls their own colleague the customer's technical lead.
    let ask = ask.strip_prefix("Customer ").unwrap_or(ask);
    json!({ "text": text, "ask": ask, "by": by })
}

/// A question written about the customer as it is put to the customer.
pub(in crate::package) fn to_customer(text: &str) -> String {
    [
        ("does the customer", "do you"),
        ("do they", "do you"),
        ("the customer's", "your"),
        ("their people", "your people"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (about, to)| text.replace(about, to))
}
