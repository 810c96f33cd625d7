//! Agendas of the handoff filled with the deal, and the statements the customer confirms.

use crate::deal::{Deal, GoLiveTarget, StakeholderRole, SuccessCriterion};
use crate::fact::Confidence;
use crate::fit::{Words, list_in_words, plural};
use crate::methodology::Agenda;
use crate::package::{Confirmation, MeetingAgenda};
use crate::programme::AgendaItem;

/// An agenda of the methodology with its placeholders filled.
#[must_use]
pub fn fill_agenda(agenda: Option<&Agenda>, words: &Words) -> MeetingAgenda {
    let Some(agenda) = agenda else {
        return MeetingAgenda {
            title: String::new(),
            attendees: Vec::new(),
            purpose: String::new(),
            minutes: 0,
            items: Vec::new(),
        };
    };
    MeetingAgenda {
        title: words.fill(&agenda.title),
        attendees: agenda.attendees.clone(),
        purpose: words.fill(&agenda.purpose),
        minutes: agenda.items.iter().map(|item| item.minutes).sum(),
        items: agenda.items.iter().map(|item| fill_item(item, words)).collect(),
    }
}

/// An agenda point with its placeholders filled.
#[must_use]
pub(crate) fn fill_item(item: &AgendaItem, words: &Words) -> AgendaItem {
    AgendaItem {
        minutes: item.minutes,
        title: words.fill(&item.title),
        outcome: item.outcome.as_deref().map(|text| words.fill(text)),
        points: item.points.iter().map(|point| words.fill(point)).collect(),
    }
}

/// "Did we get this right?": what Gangway understood, as statements the customer can confirm or
/// correct. Money, red flags and politics stay out: this goes to the customer. `start` is what the first
/// day is called, `the kickoff`; `team` whether people take part in roles rather than one sign up.
#[must_use]
pub fn confirmation(deal: &Deal, start: &str, team: bool) -> Vec<Confirmation> {
    let mut sheet = Vec::new();
    let mut state = |topic: &str, statement: String, confidence: Confidence| {
        sheet.push(Confirmation { topic: topic.into(), statement, confidence });
    };
    for fact in &deal.use_cases {
        state("Goal", format!("You bought this for: {}.", fact.value.trim_end_matches('.')), fact.confidence);
    }
    for fact in &deal.pain {
        state("Today's problem", fact.value.clone(), fact.confidence);
    }
    for fact in &deal.success_criteria {
        state("Success", success(&fact.value), fact.confidence);
    }
    if let Some(fact) = &deal.quick_win_by {
        let by = fact.value.strftime("%-d %B %Y");
        state("Timeline", format!("You expect a first result by {by}."), fact.confidence);
    }
    if let Some(fact) = &deal.go_live {
        let when = match fact.value {
            GoLiveTarget::On { date } => format!("You want to be live by {}.", date.strftime("%-d %B %Y")),
            GoLiveTarget::Within { days } => format!("You want to be live within {days} days of {start}."),
        };
        state("Timeline", when, fact.confidence);
    }
    for fact in &deal.blackouts {
        let blackout = &fact.value;
        let why = blackout.reason.as_deref().map(|why| format!(" ({why})")).unwrap_or_default();
        let (from, to) = (blackout.from.strftime("%-d %B %Y"), blackout.to.strftime("%-d %B %Y"));
        state("Timeline", format!("Nothing should go live from {from} to {to}{why}."), fact.confidence);
    }
    if let Some(fact) = &deal.sites {
        let sites = &fact.value;
        let names =
            if sites.names.is_empty() { String::new() } else { format!(": {}", list_in_words(&sites.names)) };
        let text = format!("We roll out to {} {}{names}.", sites.count, plural(&sites.noun, sites.count));
        state("Scope", text, fact.confidence);
    }
    if let Some(fact) = &deal.users {
        let users = crate::money::group_thousands(u64::from(fact.value));
        state("Scope", format!("About {users} people will use it."), fact.confidence);
    }
    for fact in &deal.integrations {
        let detail = fact.value.detail.as_deref().map(|detail| format!(" ({detail})")).unwrap_or_default();
        state("Systems", format!("{}{detail} will be connected.", fact.value.system), fact.confidence);
    }
    if let Some(fact) = &deal.sso {
        let provider = match fact.value.to_ascii_lowercase().as_str() {
            "yes" => "People sign in with your single sign-on; which provider?".to_owned(),
            "no" => "People sign in without single sign-on.".to_owned(),
            _ => format!("People sign in with {}.", fact.value),
        };
        state("Systems", provider, fact.confidence);
    }
    for fact in &deal.data_sources {
        state("Data", format!("Data to bring over: {}.", fact.value.trim_end_matches('.')), fact.confidence);
    }
    for fact in &deal.constraints {
        state("Limits", format!("We keep to: {}.", fact.value.trim_end_matches('.')), fact.confidence);
    }
    for fact in &deal.promises {
        let text = fact.value.text.trim_end_matches('.');
        // Words that name the day already need not hear it twice.
        let by = fact.value.by.filter(|by| !text.contains(&by.year().to_string()));
        let by = by.map(|by| format!(", by {}", by.strftime("%-d %B %Y"))).unwrap_or_default();
        state("What we promised", format!("{text}{by}."), fact.confidence);
    }
    for fact in &deal.non_scope {
        state(
            "Not part of this",
            format!("Not part of this onboarding: {}.", fact.value.trim_end_matches('.')),
            fact.confidence,
        );
    }
    // Who is against it is not for the customer's eyes.
    let named = deal.stakeholders.iter().filter(|fact| fact.value.role != StakeholderRole::Detractor);
    for fact in named {
        let person = &fact.value;
        let title = match (&person.name, &person.title) {
            (Some(_), Some(title)) => format!(", {title},"),
            _ => String::new(),
        };
        let verb = if person.count > 1 { "take" } else { "takes" };
        let text = if team {
            let role = crate::package::role_in_words(person.role);
            format!("{}{title} {verb} part as {role}.", person.label())
        } else {
            format!("We write to {}{}.", person.label(), title.trim_end_matches(','))
        };
        state("People", text, fact.confidence);
    }
    sheet
}

/// A success criterion with what its words leave out: `Success means: Fewer no-shows (no-show rate, from 11% to 7%, by
/// 30 June 2027).`
fn success(criterion: &SuccessCriterion) -> String {
    let text = criterion.text.trim_end_matches('.');
    let figure = |value: &Option<String>| value.clone().filter(|value| !text.contains(value.as_str()));
    let from_to = match (figure(&criterion.baseline), figure(&criterion.target)) {
        (Some(from), Some(to)) => Some(format!("from {from} to {to}")),
        (None, Some(to)) => Some(format!("target {to}")),
        (Some(from), None) => Some(format!("today {from}")),
        (None, None) => None,
    };
    // Words that name the day already need not hear it twice.
    let by = criterion.by.filter(|by| !text.contains(&by.year().to_string()));
    let by = by.map(|by| format!("by {}", by.strftime("%-d %B %Y")));
    let told: Vec<String> = [figure(&criterion.metric), from_to, by].into_iter().flatten().collect();
    if told.is_empty() {
        format!("Success means: {text}.")
    } else {
        format!("Success means: {text} ({}).", told.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::success;
    use crate::deal::SuccessCriterion;

    #[test]
    fn success_is_confirmed_with_its_figures() {
        let criterion = SuccessCriterion {
            text: "Fewer missed appointments".into(),
            metric: Some("no-show rate".into()),
            baseline: Some("11%".into()),
            target: Some("7%".into()),
            by: Some(date(2027, 6, 30)),
        };
        assert_eq!(
            success(&criterion),
            "Success means: Fewer missed appointments (no-show rate, from 11% to 7%, by 30 June 2027)."
        );
        // What the words say already is not said again.
        let spoken = SuccessCriterion {
            text: "On-time delivery from 87 % to 95 % by 30.09.2027".into(),
            metric: None,
            baseline: Some("87 %".into()),
            target: Some("95 %".into()),
            by: Some(date(2027, 9, 30)),
        };
        assert_eq!(success(&spoken), "Success means: On-time delivery from 87 % to 95 % by 30.09.2027.");
    }
}
