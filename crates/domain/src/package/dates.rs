//! Where the plan is anchored: kickoff, the wanted go-live, and how due days scale with it.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::calendars::{self, Calendars};
use super::{BuildError, BuildOptions};
use crate::deal::{Deal, GoLiveTarget};
use crate::fact::Notice;
use crate::fit::counted;
use crate::programme::Programme;

/// The fixed points of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Anchors {
    /// First day of preparation.
    pub starts_on: Date,
    /// What that day is called: `kickoff`, or `start` where nobody meets.
    pub start: &'static str,
    /// Kickoff.
    pub kickoff_on: Date,
    /// How it was found.
    pub kickoff_because: String,
    /// The day from which it can be prepared, when nobody has agreed on it yet, so that it may be moved.
    pub kickoff_open_from: Option<Date>,
    /// Wanted go-live.
    pub target: Option<Date>,
    /// Whether the target is a date of its own; else it moves with the kickoff.
    pub target_is_a_date: bool,
    /// How it was found.
    pub target_because: String,
    /// Calendar days from kickoff to the wanted (else standard) go-live.
    pub go_live_days: i64,
    /// Calendar days of a standard deal.
    standard_days: i64,
    /// Calendar days from kickoff to the go-live that aims are set by, where the wanted one is out of reach.
    aim_days: Option<i64>,
    /// Remarks.
    pub notices: Vec<Notice>,
}

impl Anchors {
    /// The date on which day `day` of a standard deal falls here: stretched with the go-live before
    /// it, moved along with it after.
    pub fn due(&self, day: u32) -> Date {
        let day = i64::from(day);
        let go_live_days = self.aim_days.unwrap_or(self.go_live_days);
        let scaled = if day <= self.standard_days && self.standard_days > 0 {
            // Rounded half up: a gate of day 45 in a plan of 90 instead of 60 days is due on day 68.
            (2 * day * go_live_days + self.standard_days) / (2 * self.standard_days)
        } else {
            go_live_days + (day - self.standard_days)
        };
        plus_days(self.kickoff_on, scaled)
    }

    /// The same with aims set by the planned go-live, where the wanted one leaves less than half of the
    /// days it takes: a gate due the day after the kickoff steers nobody.
    pub fn aiming_at(self, planned: Date) -> Self {
        let takes = days_between(self.kickoff_on, planned);
        let aim_days = (self.go_live_days * 2 < takes).then_some(takes);
        Self { aim_days, ..self }
    }

    /// The first day of a phase that starts `day` days after kickoff in a standard deal: earlier when
    /// the go-live is wanted earlier, never later, so that a distant target becomes a buffer.
    pub fn paced(&self, day: u32) -> Date {
        let shorter = self.go_live_days.min(self.standard_days);
        plus_days(self.kickoff_on, i64::from(day) * shorter / self.standard_days.max(1))
    }

    /// The same with another kickoff.
    pub fn with_kickoff(&self, kickoff_on: Date) -> Self {
        let lead_days = days_between(self.starts_on, self.kickoff_on);
        let go_live_days = match self.target {
            Some(target) => days_between(kickoff_on, target).max(1),
            None => self.go_live_days,
        };
        let starts_on = plus_days(kickoff_on, -lead_days);
        Self { starts_on, kickoff_on, go_live_days, ..self.clone() }
    }

    /// Calendar days from kickoff to a date.
    pub fn day_of(&self, date: Date) -> u32 {
        u32::try_from(days_between(self.kickoff_on, date).max(0)).unwrap_or(0)
    }
}

/// Finds the anchors of a deal's plan.
pub(super) fn anchors(
    deal: &Deal,
    programme: &Programme,
    calendars: &Calendars,
    options: &BuildOptions,
) -> Result<Anchors, BuildError> {
    let mut notices = Vec::new();
    let start = if programme.has_kickoff_meeting() { "kickoff" } else { "start" };
    let joint = |day: Date, avoid| {
        calendars::next_joint_day(&calendars.specs, day, avoid).ok_or(BuildError::NoWorkingDays { from: day })
    };
    let (kickoff_on, kickoff_because, open_from) = if let Some(given) = options.kickoff_on {
        pinned(given, joint(given, None)?, "as given", start, &mut notices)
    } else if let Some(fact) = &deal.kickoff_on {
        pinned(fact.value, joint(fact.value, None)?, "as agreed in the deal", start, &mut notices)
    } else {
        let closed_on = deal.closed_on.as_ref().map(|fact| fact.value);
        let base = closed_on.map_or(options.as_of, |closed| closed.max(options.as_of));
        let day = joint(plus_days(base, i64::from(programme.lead_days)), Some(Weekday::Friday))?;
        let contract_start = deal.contract_start.as_ref().map(|fact| fact.value);
        match contract_start.filter(|start| *start > day) {
            // Nobody starts to work with what begins to be theirs later.
            Some(start) => {
                let because = "first day of the contract on which both sides work, not a Friday".to_owned();
                (joint(start, Some(Weekday::Friday))?, because, Some(base))
            }
            None => {
                let from = if closed_on == Some(base) { "the close of the deal" } else { "today" };
                let because = format!(
                    "first day after {} days of preparation from {from} on which both sides work, not a Friday",
                    programme.lead_days
                );
                (day, because, Some(base))
            }
        }
    };
    if kickoff_on < options.as_of {
        notices.push(Notice::warning(
            "kickoff_in_the_past",
            format!(
                "The {start} ({}) lies before today ({}): the plan starts in the past.",
                short(kickoff_on),
                short(options.as_of)
            ),
        ));
    }

    let (target, target_because) = target(deal, programme, kickoff_on, start, &mut notices);
    let standard_days = i64::from(programme.go_live_day);
    let go_live_days = target.map_or(standard_days, |target| days_between(kickoff_on, target).max(1));
    let full_lead = plus_days(kickoff_on, -i64::from(programme.lead_days));
    // Nobody prepares on a day that is over; a kickoff in the past keeps the preparation it had.
    let is_short = full_lead < options.as_of && kickoff_on >= options.as_of;
    let starts_on = if is_short { options.as_of } else { full_lead };
    if is_short {
        notices.push(Notice::warning(
            "short_preparation",
            format!(
                "The programme prepares for {}; until the {start} on {} there {}.",
                counted(i64::from(programme.lead_days), "day"),
                short(kickoff_on),
                match days_between(options.as_of, kickoff_on) {
                    0 => "is none".to_owned(),
                    1 => "is 1".to_owned(),
                    days => format!("are {days}"),
                }
            ),
        ));
    }
    Ok(Anchors {
        starts_on,
        start,
        kickoff_on,
        kickoff_because,
        kickoff_open_from: open_from,
        target,
        target_is_a_date: matches!(
            deal.go_live.as_ref().map(|fact| fact.value),
            Some(GoLiveTarget::On { .. })
        ),
        target_because,
        go_live_days,
        standard_days,
        aim_days: None,
        notices,
    })
}

/// A kickoff somebody decided on, how it was found, and no day from which it could be moved.
fn pinned(
    wanted: Date,
    possible: Date,
    because: &str,
    start: &str,
    notices: &mut Vec<Notice>,
) -> (Date, String, Option<Date>) {
    if wanted == possible {
        return (wanted, because.to_owned(), None);
    }
    notices.push(Notice::warning(
        "kickoff_moved",
        format!("On {} not both sides work; the {start} is planned for {}.", short(wanted), short(possible)),
    ));
    let because = format!("{because} ({}), moved to the next day on which both sides work", short(wanted));
    (possible, because, None)
}

fn target(
    deal: &Deal,
    programme: &Programme,
    kickoff_on: Date,
    start: &str,
    notices: &mut Vec<Notice>,
) -> (Option<Date>, String) {
    let first_day = if start == "kickoff" { "kickoff" } else { "the start" };
    match deal.go_live.as_ref().map(|fact| fact.value) {
        Some(GoLiveTarget::Within { days }) => (
            Some(plus_days(kickoff_on, i64::from(days))),
            format!("{} after {first_day}", counted(i64::from(days), "day")),
        ),
        Some(GoLiveTarget::On { date }) if date <= kickoff_on => {
            notices.push(Notice::warning(
                "target_before_kickoff",
                format!(
                    "The wanted go-live ({}) is not after the {start} ({}): agree on a new date.",
                    short(date),
                    short(kickoff_on)
                ),
            ));
            (Some(date), "as written in the deal".into())
        }
        Some(GoLiveTarget::On { date }) => (Some(date), "as written in the deal".into()),
        None => (
            None,
            format!("not said; the programme's standard is {} days after {first_day}", programme.go_live_day),
        ),
    }
}

/// `4 Dec 2026`.
pub(super) fn short(date: Date) -> String {
    date.strftime("%-d %b %Y").to_string()
}

/// A date some calendar days later; the last representable date when there is none.
pub(super) fn plus_days(date: Date, days: i64) -> Date {
    let fallback = if days < 0 { Date::MIN } else { Date::MAX };
    jiff::Span::new().try_days(days).ok().and_then(|span| date.checked_add(span).ok()).unwrap_or(fallback)
}

/// Calendar days from one date to another; negative backwards.
pub(super) fn days_between(from: Date, to: Date) -> i64 {
    from.until((jiff::Unit::Day, to)).map_or(0, |span| i64::from(span.get_days()))
}

/// The same weekday every `weeks` weeks after `first` up to and including `last`.
pub(super) fn every_weeks(first: Date, weeks: u32, last: Date) -> Vec<Date> {
    let mut dates = Vec::new();
    let mut day = first;
    while let Ok(next) = day.checked_add(i64::from(weeks.max(1)).weeks()) {
        if next > last || dates.len() >= 120 {
            break;
        }
        dates.push(next);
        day = next;
    }
    dates
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn anchors(go_live_days: i64) -> Anchors {
        Anchors {
            starts_on: date(2027, 1, 4),
            start: "kickoff",
            kickoff_on: date(2027, 1, 11),
            kickoff_because: String::new(),
            kickoff_open_from: None,
            target: None,
            target_is_a_date: false,
            target_because: String::new(),
            go_live_days,
            standard_days: 60,
            aim_days: None,
            notices: Vec::new(),
        }
    }

    #[test]
    fn due_days_stretch_before_go_live_and_move_along_after() {
        let standard = anchors(60);
        assert_eq!(standard.due(14), date(2027, 1, 25));
        assert_eq!(standard.due(60), date(2027, 3, 12));
        let longer = anchors(90);
        assert_eq!(longer.due(14), date(2027, 2, 1)); // day 21
        assert_eq!(longer.due(45), date(2027, 3, 20)); // day 68 (67.5 rounded half up)
        assert_eq!(longer.due(60), date(2027, 4, 11)); // day 90
        assert_eq!(longer.due(75), date(2027, 4, 26)); // day 105
    }

    #[test]
    fn aims_follow_the_plan_only_where_the_wanted_day_is_out_of_reach() {
        let wanted_at_once = anchors(1);
        assert_eq!(wanted_at_once.due(30), date(2027, 1, 12));
        let planned = date(2027, 2, 10); // day 30
        assert_eq!(wanted_at_once.aiming_at(planned).due(30), date(2027, 1, 26)); // day 15
        assert_eq!(anchors(15).aiming_at(planned).due(60), date(2027, 1, 26)); // half is within reach
    }

    #[test]
    fn remarks_say_days_as_the_documents_do() {
        let mut notices = Vec::new();
        let (on, because, _) =
            pinned(date(2026, 9, 7), date(2026, 9, 8), "as given", "kickoff", &mut notices);
        assert_eq!(on, date(2026, 9, 8));
        assert_eq!(because, "as given (7 Sep 2026), moved to the next day on which both sides work");
        assert_eq!(
            notices[0].message,
            "On 7 Sep 2026 not both sides work; the kickoff is planned for 8 Sep 2026."
        );
    }

    #[test]
    fn series_stop_at_their_end() {
        assert_eq!(
            every_weeks(date(2027, 1, 11), 2, date(2027, 2, 8)),
            [date(2027, 1, 25), date(2027, 2, 8)]
        );
    }
}
