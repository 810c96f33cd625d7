//! Readiness: every item of the checklist with what proves it — a rule over facts, the plan, or a named person.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::ContactId;
use crate::methodology::{Checklist, ChecklistItem};
use crate::package::{ReadinessGroup, ReadinessItem};
use crate::portal::PortalRole;
use crate::rule::{Facts, RUN_FACTS, Rule};
use crate::work::{RunningPlan, TaskState};

/// What a named person said of an item, or gave as an approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Yes or no.
    pub yes: bool,
    /// What they saw, or why not.
    pub note: String,
    /// Who answers for it: the name as it was given.
    pub by: String,
    /// Which contact that is, when it is known.
    #[serde(default)]
    pub contact: Option<ContactId>,
    /// Who wrote it down, when that was somebody else.
    pub noted_by: Option<String>,
    /// Whether they said it themselves through the portal.
    #[serde(default)]
    pub portal: bool,
    /// When.
    pub at: Timestamp,
}

/// What proves an item, or does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// A rule over facts.
    Rule {
        /// Whether it holds.
        holds: bool,
    },
    /// Tasks or a milestone of the plan.
    Plan {
        /// Their names, each with whether it is done.
        parts: Vec<(String, bool)>,
        /// The day the last of them is planned, or was done.
        on: Date,
    },
    /// Only a person can say.
    Word,
}

/// An item as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Id, unique in the checklist.
    pub id: String,
    /// In words.
    pub text: String,
    /// Who answers for it.
    pub role: Option<String>,
    /// What should prove it, in words.
    pub evidence: Option<String>,
    /// The rule over facts that judges it, where there is one.
    pub rule: Option<String>,
    /// What proves it.
    pub proof: Proof,
    /// What somebody said.
    pub mark: Option<Mark>,
}

impl Item {
    /// It is ready. A person's no always counts; their yes counts where no rule says otherwise.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        let proven = match &self.proof {
            Proof::Rule { holds: false } => return false,
            Proof::Rule { holds: true } => true,
            Proof::Plan { parts, .. } => parts.iter().all(|(_, done)| *done),
            Proof::Word => false,
        };
        self.mark.as_ref().map_or(proven, |mark| mark.yes)
    }

    /// Whether a person's yes could make it ready.
    #[must_use]
    pub fn can_be_ticked(&self) -> bool {
        self.proof != Proof::Rule { holds: false }
    }

    /// What it rests on, in words without full stop.
    #[must_use]
    pub fn because(&self) -> String {
        if let Some(mark) = self.mark.as_ref().filter(|_| self.can_be_ticked()) {
            let said = if mark.yes { "confirmed" } else { "not ready" };
            let note = if mark.note.is_empty() { String::new() } else { format!(": {}", mark.note) };
            return format!("{said} by {}{note}", mark.by);
        }
        match &self.proof {
            Proof::Rule { holds: true } => "the facts say so".to_owned(),
            Proof::Rule { holds: false } => "the facts do not say so yet".to_owned(),
            Proof::Plan { parts, .. } => match parts.iter().find(|(_, done)| !done) {
                None => parts.first().map_or_else(String::new, |(name, _)| format!("“{name}” is done")),
                Some((name, _)) => format!("“{name}” is not done"),
            },
            Proof::Word => "nobody has confirmed it".to_owned(),
        }
    }
}

/// A group of the checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Title.
    pub title: String,
    /// Items.
    pub items: Vec<Item>,
}

impl Group {
    /// How many items are ready.
    #[must_use]
    pub fn ready(&self) -> usize {
        self.items.iter().filter(|item| item.is_ready()).count()
    }
}

/// The checklist of an onboarding's package as it stands today.
///
/// Items of a package hold their words; which rule and evidence belong to them is found in the checklist, so that
/// packages of every age are judged.
#[must_use]
pub fn readiness(
    groups: &[ReadinessGroup],
    checklist: Option<&Checklist>,
    plan: &RunningPlan,
    facts: &Facts,
    marks: &BTreeMap<String, Mark>,
) -> Vec<Group> {
    let decision = plan.task(DECISION).map(|task| task.name.as_str());
    let of_item = |item: &ReadinessItem| {
        let known = checklist.and_then(|checklist| known(checklist, item));
        let id = known.map_or_else(|| slug(&item.text), |known| known.id.clone());
        Item {
            proof: proof(known, plan, facts),
            mark: marks.get(&id).cloned(),
            text: item.text.clone(),
            role: item.role.clone(),
            evidence: item.evidence.clone().filter(|words| Some(words.as_str()) != decision),
            rule: known.and_then(|known| known.rule.clone()),
            id,
        }
    };
    let group = |group: &ReadinessGroup| Group {
        title: group.title.clone(),
        items: group.items.iter().map(of_item).collect(),
    };
    groups.iter().map(group).collect()
}

/// The code of the plan's task in which the go-live is decided. The decision rests on the checklist, so it proves none
/// of its items.
const DECISION: &str = "go-no-go";

fn known<'a>(checklist: &'a Checklist, item: &ReadinessItem) -> Option<&'a ChecklistItem> {
    let mut all = checklist.groups.iter().flat_map(|group| &group.items);
    all.find(|known| fits(&known.text, &item.text))
}

/// Whether a text is the template filled in.
fn fits(template: &str, text: &str) -> bool {
    match (template.split_once('{'), template.rsplit_once('}')) {
        (Some((before, _)), Some((_, after))) => {
            text.strip_prefix(before).is_some_and(|rest| rest.ends_with(after))
        }
        _ => template == text,
    }
}

/// Letters and digits of a text, its words joined by dashes.
fn slug(text: &str) -> String {
    let plain: String =
        text.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { ' ' }).collect();
    plain.split_whitespace().take(8).collect::<Vec<_>>().join("-")
}

fn proof(item: Option<&ChecklistItem>, plan: &RunningPlan, facts: &Facts) -> Proof {
    let Some(item) = item else { return Proof::Word };
    // A rule over facts nobody has collected says nothing: then the plan counts.
    let rule =
        item.rule.as_deref().map(|rule| Rule::compile(rule, RUN_FACTS).and_then(|rule| rule.test(facts)));
    if let Some(Ok(holds)) = rule {
        return Proof::Rule { holds };
    }
    let mut ways = item.evidence.iter().flat_map(|evidence| evidence.split('|')).map(str::trim);
    ways.find_map(|way| if way == DECISION { None } else { in_plan(way, plan) }).unwrap_or(Proof::Word)
}

/// The tasks or the milestone a way of proving names; of repeated tasks all count.
fn in_plan(id: &str, plan: &RunningPlan) -> Option<Proof> {
    let repeated = format!("{id}-");
    let is_instance = |code: &str| {
        code == id
            || code
                .strip_prefix(&repeated)
                .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()))
    };
    let tasks: Vec<_> = plan
        .tasks
        .iter()
        .filter(|task| is_instance(&task.code) && !matches!(task.state, TaskState::Skipped { .. }))
        .collect();
    if let Some(on) = tasks.iter().map(|task| task.finish).max() {
        let part = |task: &&crate::work::RunningTask| {
            (task.name.clone(), matches!(task.state, TaskState::Done { .. }))
        };
        return Some(Proof::Plan { parts: tasks.iter().map(part).collect(), on });
    }
    let milestone = plan.milestone(id)?;
    let done = milestone.reached_on.is_some();
    let on = milestone.reached_on.unwrap_or(milestone.planned);
    Some(Proof::Plan { parts: vec![(milestone.name.clone(), done)], on })
}

/// Which guests of the portal give the approval of this role; none for roles of ours.
#[must_use]
pub fn role_of_approval(role: &str) -> Option<PortalRole> {
    let role = role.to_lowercase();
    let has = |word: &str| role.contains(word);
    if has("sponsor") {
        Some(PortalRole::Sponsor)
    } else if has("technical") || has("it ") {
        Some(PortalRole::Technical)
    } else if has("project lead") || has("account owner") || has("project manager") {
        Some(PortalRole::Lead)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(proof: Proof, mark: Option<bool>) -> Item {
        let at = "2027-01-11T09:00:00Z".parse().unwrap();
        let mark = mark.map(|yes| Mark {
            yes,
            note: "seen on Monday".to_owned(),
            by: "Dana".to_owned(),
            contact: None,
            noted_by: None,
            portal: false,
            at,
        });
        let text = "Backup and recovery are proven".to_owned();
        Item { id: "backup".to_owned(), text, role: None, evidence: None, rule: None, proof, mark }
    }

    fn plan(done: bool) -> Proof {
        let on = jiff::civil::date(2027, 1, 11);
        Proof::Plan { parts: vec![("Restore a copy".to_owned(), done)], on }
    }

    #[test]
    fn rules_win_over_people_and_people_over_the_plan() {
        assert!(item(Proof::Rule { holds: true }, None).is_ready());
        assert!(!item(Proof::Rule { holds: false }, Some(true)).is_ready());
        assert!(!item(Proof::Rule { holds: true }, Some(false)).is_ready(), "a no always counts");
        assert!(item(plan(true), None).is_ready() && !item(plan(false), None).is_ready());
        assert!(item(plan(false), Some(true)).is_ready() && !item(plan(true), Some(false)).is_ready());
        assert!(item(Proof::Word, Some(true)).is_ready() && !item(Proof::Word, None).is_ready());
    }

    #[test]
    fn it_says_what_it_rests_on() {
        assert_eq!(item(Proof::Word, None).because(), "nobody has confirmed it");
        assert_eq!(item(plan(false), None).because(), "“Restore a copy” is not done");
        assert_eq!(item(plan(false), Some(true)).because(), "confirmed by Dana: seen on Monday");
        let refused = item(Proof::Rule { holds: false }, Some(true));
        assert_eq!(
            (refused.because().as_str(), refused.can_be_ticked()),
            ("the facts do not say so yet", false)
        );
    }

    #[test]
    fn items_of_packages_are_found_by_their_words() {
        assert!(fits("Own data shows up: {integrations}", "Own data shows up: SAP and Salesforce"));
        assert!(fits("The rollback plan is written down", "The rollback plan is written down"));
        assert!(!fits("The rollback plan is written down", "The launch message is drafted"));
        assert_eq!(slug("Backup & recovery are proven!"), "backup-recovery-are-proven");
    }

    #[test]
    fn approvals_know_their_guests() {
        assert_eq!(role_of_approval("Executive sponsor"), Some(PortalRole::Sponsor));
        assert_eq!(role_of_approval("Customer project lead"), Some(PortalRole::Lead));
        assert_eq!(role_of_approval("Customer technical lead"), Some(PortalRole::Technical));
        assert_eq!(role_of_approval("Onboarding manager"), None);
    }
}
