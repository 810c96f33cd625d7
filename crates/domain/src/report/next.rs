//! When those who read an update hear of the onboarding again.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use crate::programme::GovernanceTemplate;

/// Meetings in which executives hear where an onboarding stands, as ids and titles name them; the one they come to
/// themselves first.
const FORUMS: [&str; 2] = ["executive review", "steering"];

/// A meeting that is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedMeeting<'a> {
    /// Which meeting of the package and which of its days: `steering#3`; none when people made it.
    pub code: Option<&'a str>,
    /// Title.
    pub title: &'a str,
    /// The day it is held.
    pub on: Date,
}

impl PlannedMeeting<'_> {
    fn is(&self, forum: &str) -> bool {
        let says = |text: &str| text.to_lowercase().replace('-', " ").contains(forum);
        self.code.is_some_and(says) || says(self.title)
    }
}

/// When the next update comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NextUpdate {
    /// The day.
    pub on: Date,
    /// Title of the meeting it is given in; none when the day follows from the rhythm.
    pub meeting: Option<String>,
    /// The forum of the programme with how often it meets, where the day follows from that: `Check-in, monthly`.
    pub rhythm: Option<String>,
}

/// When the next update comes after one of this day: in the next executive review that is planned, else in the next
/// steering meeting, else, until the plan finishes, in the rhythm of the programme's first forum that has one. Nothing
/// when none of them says.
#[must_use]
pub fn next_update(
    as_of: Date,
    finish: Date,
    planned: &[PlannedMeeting<'_>],
    governance: &[GovernanceTemplate],
) -> Option<NextUpdate> {
    let next = |forum: &str| {
        let later = planned.iter().filter(|meeting| meeting.on > as_of && meeting.is(forum));
        later.min_by_key(|meeting| meeting.on)
    };
    if let Some(meeting) = FORUMS.into_iter().find_map(next) {
        return Some(NextUpdate { on: meeting.on, meeting: Some(meeting.title.to_owned()), rhythm: None });
    }
    let by_rhythm = |forum: &GovernanceTemplate| {
        let GovernanceTemplate { name, frequency, .. } = forum;
        let on = once_later(as_of, frequency)?;
        Some(NextUpdate { on, meeting: None, rhythm: Some(format!("{name}, {}", frequency.to_lowercase())) })
    };
    if as_of < finish { governance.iter().find_map(by_rhythm) } else { None }
}

/// The day one turn of a rhythm later; nothing where the words name none, as in `As needed`.
fn once_later(day: Date, frequency: &str) -> Option<Date> {
    let words = frequency.trim().to_lowercase();
    let turn = if words.starts_with("weekly") || words.starts_with("every week") {
        1.week()
    } else if words.starts_with("every two weeks") || words.starts_with("fortnightly") {
        2.weeks()
    } else if words.starts_with("monthly") || words.starts_with("every month") {
        1.month()
    } else if words.starts_with("quarterly") {
        3.months()
    } else {
        return None;
    };
    day.checked_add(turn).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn forum(name: &str, frequency: &str) -> GovernanceTemplate {
        GovernanceTemplate {
            name: name.to_owned(),
            frequency: frequency.to_owned(),
            participants: Vec::new(),
            focus: String::new(),
        }
    }

    #[test]
    fn the_next_update_is_in_the_next_meeting_of_executives() {
        let (today, finish) = (date(2027, 2, 1), date(2027, 5, 1));
        let meeting = |code, title, day| PlannedMeeting { code, title, on: date(2027, 2, day) };
        let all = [
            meeting(Some("executive-review#0"), "Executive review", 1),
            meeting(Some("status#4"), "Working session", 2),
            meeting(Some("steering#2"), "Steering meeting", 4),
            meeting(None, "Steering Committee, extra", 3),
            meeting(Some("executive-review#2"), "Executive review", 25),
            meeting(Some("executive-review#1"), "Talk with the board", 11),
        ];
        let governance = [forum("Executive review", "Monthly")];
        let next = |planned: &[PlannedMeeting<'_>]| next_update(today, finish, planned, &governance).unwrap();
        let told = next(&all);
        assert_eq!((told.on, told.meeting.as_deref()), (date(2027, 2, 11), Some("Talk with the board")));
        assert_eq!(told.rhythm, None);
        let told = next(&all[..4]);
        assert_eq!(told.on, date(2027, 2, 3), "no review is planned later than today");
    }

    #[test]
    fn without_a_meeting_the_rhythm_of_the_programme_says_when() {
        let (today, finish) = (date(2027, 1, 31), date(2027, 5, 1));
        let next = |governance: &[GovernanceTemplate]| next_update(today, finish, &[], governance);
        let told = next(&[forum("Ad hoc call", "As needed"), forum("Check-in", "Monthly")]).unwrap();
        assert_eq!((told.on, told.meeting), (date(2027, 2, 28), None), "a month is never longer than it is");
        assert_eq!(told.rhythm.as_deref(), Some("Check-in, monthly"));
        for (frequency, day) in [
            ("Weekly, open to all customers", Some(date(2027, 2, 7))),
            ("Every two weeks", Some(date(2027, 2, 14))),
            ("Quarterly", Some(date(2027, 4, 30))),
            ("As needed", None),
        ] {
            assert_eq!(next(&[forum("A forum", frequency)]).map(|told| told.on), day, "{frequency}");
        }
        let over = next_update(finish, finish, &[], &[forum("Check-in", "Monthly")]);
        assert_eq!(over, None, "nothing is left to tell of");
    }
}
