//! How executives are kept engaged: what is due next, what is overdue [004, executive engagement].

use jiff::civil::Date;

use super::stakeholder::later;
use crate::playbook::{ExecutiveEngagement, ExecutiveFrom};

/// A day something is celebrated, or a risk is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    /// The day.
    pub on: Date,
    /// What it is.
    pub name: String,
}

/// A talk with an executive that was one of the engagements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Talk {
    /// Which engagement (id).
    pub kind: String,
    /// When.
    pub on: Date,
}

/// The days engagements follow from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchors {
    /// Kickoff.
    pub kickoff_on: Date,
    /// Go-live.
    pub go_live_on: Date,
    /// Value milestones and gates.
    pub milestones: Vec<Milestone>,
    /// Risks that are open and grave, since when.
    pub risks: Vec<Milestone>,
}

/// An engagement and when it is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Id of the engagement.
    pub id: String,
    /// The day it last happened.
    pub last: Option<Date>,
    /// The day by which it happens next; none when nothing asks for it.
    pub due: Option<Date>,
    /// What it is for, where that is not in its name: a milestone, a risk.
    pub occasion: Option<String>,
    /// Calendar days it is overdue; 0 when it is not.
    pub late: i64,
}

/// When each engagement is due.
#[must_use]
pub fn executive(rules: &[ExecutiveEngagement], talks: &[Talk], anchors: &Anchors, today: Date) -> Vec<Due> {
    rules.iter().map(|rule| next(rule, talks, anchors, today)).collect()
}

fn next(rule: &ExecutiveEngagement, talks: &[Talk], anchors: &Anchors, today: Date) -> Due {
    let last = talks.iter().filter(|talk| talk.kind == rule.id).map(|talk| talk.on).max();
    // The first occasion nobody has spoken of yet.
    let unspoken = |occasions: &[Milestone]| {
        let open = occasions.iter().filter(|occasion| last.is_none_or(|last| occasion.on > last));
        open.min_by_key(|occasion| occasion.on)
            .map(|occasion| (later(occasion.on, rule.grace_days), Some(occasion.name.clone())))
    };
    let regularly = |from: Date, every: u32| {
        let base = last.map_or(from, |last| last.max(from));
        (later(base, every), None)
    };
    let found = match (rule.from, rule.every_days) {
        (ExecutiveFrom::Kickoff, None) => last.is_none().then_some((anchors.kickoff_on, None)),
        (ExecutiveFrom::GoLive, None) => last.is_none().then_some((anchors.go_live_on, None)),
        (ExecutiveFrom::Kickoff, Some(every)) => Some(regularly(anchors.kickoff_on, every)),
        (ExecutiveFrom::GoLive, Some(every)) => Some(regularly(anchors.go_live_on, every)),
        (ExecutiveFrom::Milestones, _) => unspoken(&anchors.milestones),
        (ExecutiveFrom::Risks, _) => unspoken(&anchors.risks),
    };
    let (due, occasion) = found.map_or((None, None), |(due, occasion)| (Some(due), occasion));
    let late = due.map_or(0, |due| i64::from((today - due).get_days()).max(0));
    Due { id: rule.id.clone(), last, due, occasion, late }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn rule(id: &str, from: ExecutiveFrom, every_days: Option<u32>) -> ExecutiveEngagement {
        ExecutiveEngagement {
            id: id.to_owned(),
            kind: String::new(),
            frequency: String::new(),
            content: String::new(),
            format: String::new(),
            from,
            every_days,
            grace_days: 5,
        }
    }

    fn on(month: i8, day: i8, name: &str) -> Milestone {
        Milestone { on: date(2027, month, day), name: name.to_owned() }
    }

    #[test]
    fn each_engagement_follows_its_day() {
        let rules = [
            rule("kickoff", ExecutiveFrom::Kickoff, None),
            rule("progress", ExecutiveFrom::Kickoff, Some(30)),
            rule("celebration", ExecutiveFrom::Milestones, None),
            rule("risk", ExecutiveFrom::Risks, None),
            rule("review", ExecutiveFrom::GoLive, Some(91)),
        ];
        let anchors = Anchors {
            kickoff_on: date(2027, 1, 11),
            go_live_on: date(2027, 3, 1),
            milestones: vec![on(2, 20, "Pilot"), on(1, 25, "First report")],
            risks: Vec::new(),
        };
        let today = date(2027, 2, 15);
        let fresh = executive(&rules, &[], &anchors, today);
        let due: Vec<Option<Date>> = fresh.iter().map(|due| due.due).collect();
        assert_eq!(
            due,
            [
                Some(date(2027, 1, 11)),
                Some(date(2027, 2, 10)),
                Some(date(2027, 1, 30)),
                None,
                Some(date(2027, 5, 31))
            ]
        );
        assert_eq!(fresh.iter().map(|due| due.late).collect::<Vec<_>>(), [35, 5, 16, 0, 0]);
        assert_eq!(fresh[2].occasion.as_deref(), Some("First report"));

        let said = |kind: &str, day| Talk { kind: kind.to_owned(), on: day };
        let talks = [
            said("kickoff", date(2027, 1, 11)),
            said("progress", date(2027, 2, 12)),
            said("celebration", date(2027, 1, 26)),
        ];
        let risks = vec![on(2, 14, "IT is away")];
        let later = executive(&rules, &talks, &Anchors { risks, ..anchors }, today);
        assert_eq!(later[0].due, None, "the kickoff is held once");
        assert_eq!(later[1].due, Some(date(2027, 3, 14)));
        assert_eq!((later[2].occasion.as_deref(), later[2].due), (Some("Pilot"), Some(date(2027, 2, 25))));
        assert_eq!((later[3].occasion.as_deref(), later[3].late), (Some("IT is away"), 0));
    }
}
