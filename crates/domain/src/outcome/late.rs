//! Which milestones make onboardings late [000]: across onboardings, where days were lost.

use std::collections::BTreeMap;

use jiff::civil::Date;

/// A milestone on the way of an onboarding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// Id inside the plan: what programmes call it.
    pub code: String,
    /// What is reached.
    pub name: String,
    /// The day it was due by the programme.
    pub due: Date,
    /// The day it was reached; for what is not reached, the planned day or today, whichever is later.
    pub on: Date,
}

impl Passed {
    /// Calendar days after its due day; 0 when it was in time.
    fn late(&self) -> i64 {
        i64::from((self.on - self.due).get_days()).max(0)
    }
}

/// The way of one onboarding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// It is not complete by its day, or will not be.
    pub is_late: bool,
    /// Its milestones.
    pub milestones: Vec<Passed>,
}

impl Course {
    /// The milestone at which most days were lost, and how many calendar days: where the delay grew most over that of
    /// all milestones due before. None when no days were lost.
    #[must_use]
    pub fn lost_at(&self) -> Option<(&Passed, i64)> {
        let mut in_order: Vec<&Passed> = self.milestones.iter().collect();
        in_order.sort_by(|a, b| (a.due, a.on, &a.code).cmp(&(b.due, b.on, &b.code)));
        let mut so_far = 0;
        let mut found: Option<(&Passed, i64)> = None;
        for one in in_order {
            let lost = one.late() - so_far;
            so_far = so_far.max(one.late());
            if lost > found.map_or(0, |(_, most)| most) {
                found = Some((one, lost));
            }
        }
        found
    }
}

/// What a milestone has to do with late onboardings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Driver {
    /// Id inside the plan.
    pub code: String,
    /// What is reached. Where onboardings call it differently, the words all share: `Gate 4: all … live`.
    pub name: String,
    /// Onboardings that have it.
    pub onboardings: usize,
    /// Of those, how many reached it late, or will.
    pub late: usize,
    /// Calendar days they were late by, the middle one.
    pub median_days: i64,
    /// Late onboardings that lost most of their days at this milestone.
    pub drives: usize,
    /// Of the onboardings that were late here, how many are late at the end.
    pub late_then_late: usize,
    /// Of the onboardings that were in time here, how many are late at the end.
    pub timely_then_late: usize,
}

/// Milestones by how many late onboardings lost most of their days there, then by how often they are late.
#[must_use]
pub fn drivers(courses: &[Course]) -> Vec<Driver> {
    let mut known: BTreeMap<&str, (Driver, Vec<i64>)> = BTreeMap::new();
    for course in courses {
        let driver = course.lost_at().filter(|_| course.is_late).map(|(one, _)| one.code.as_str());
        for one in &course.milestones {
            let (line, days) = known.entry(&one.code).or_insert_with(|| (blank(one), Vec::new()));
            line.name = if line.name.is_empty() { one.name.clone() } else { shared(&line.name, &one.name) };
            line.onboardings += 1;
            line.drives += usize::from(driver == Some(one.code.as_str()));
            let at_the_end = usize::from(course.is_late);
            if one.late() > 0 {
                line.late += 1;
                line.late_then_late += at_the_end;
                days.push(one.late());
            } else {
                line.timely_then_late += at_the_end;
            }
        }
    }
    let mut lines: Vec<Driver> = known
        .into_values()
        .map(|(line, mut days)| {
            days.sort_unstable();
            Driver { median_days: days.get(days.len() / 2).copied().unwrap_or(0), ..line }
        })
        .collect();
    lines.sort_by(|a, b| (b.drives, b.late, &a.code).cmp(&(a.drives, a.late, &b.code)));
    lines
}

/// The words with which two names begin and end, with an ellipsis for what differs between them; the first of them when
/// they share one word at most, which would say nothing.
fn shared(a: &str, b: &str) -> String {
    if a == b {
        return a.to_owned();
    }
    let (a_words, b_words): (Vec<&str>, Vec<&str>) = (a.split(' ').collect(), b.split(' ').collect());
    let pairs = a_words.iter().zip(&b_words);
    let start = pairs.take_while(|(a, b)| a == b && **a != GAP).count();
    let rest = a_words.len().min(b_words.len()) - start;
    let pairs = a_words.iter().rev().zip(b_words.iter().rev()).take(rest);
    let end = pairs.take_while(|(a, b)| a == b && **a != GAP).count();
    if start + end < 2 {
        return a.to_owned();
    }
    let words = a_words.iter().take(start).copied();
    let tail = a_words.iter().skip(a_words.len() - end).copied();
    words.chain(std::iter::once(GAP)).chain(tail).collect::<Vec<_>>().join(" ")
}

/// What stands for words that differ.
const GAP: &str = "…";

fn blank(one: &Passed) -> Driver {
    Driver {
        code: one.code.clone(),
        name: String::new(),
        onboardings: 0,
        late: 0,
        median_days: 0,
        drives: 0,
        late_then_late: 0,
        timely_then_late: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;
    use jiff::civil::date;

    fn passed(code: &str, due: i8, late: i32) -> Passed {
        let due = date(2027, 1, due);
        Passed { code: code.to_owned(), name: code.to_uppercase(), due, on: due.saturating_add(late.days()) }
    }

    fn course(is_late: bool, late: [i32; 3]) -> Course {
        let milestones =
            vec![passed("data", 5, late[0]), passed("pilot", 12, late[1]), passed("live", 20, late[2])];
        Course { is_late, milestones }
    }

    #[test]
    fn names_that_differ_are_told_by_what_they_share() {
        assert_eq!(shared("Ready to go live", "Ready to go live"), "Ready to go live");
        let one = shared("Gate 4: all 7 sites live and confirmed", "Gate 4: all 2 plants live and confirmed");
        assert_eq!(one, "Gate 4: all … live and confirmed");
        assert_eq!(shared(&one, "Gate 4: all 6 clinics live and confirmed"), one, "also with a third");
        assert_eq!(shared("Gate 4: 2 plants", "Gate 4: plants"), "Gate 4: … plants");
        assert_eq!(shared("Live", "Done"), "Live");
        assert_eq!(
            shared("First dashboard", "First order shipped"),
            "First dashboard",
            "one word says nothing"
        );
    }

    #[test]
    fn days_are_lost_where_the_delay_grows() {
        let lost = |late| course(true, late).lost_at().map(|(one, days)| (one.code.clone(), days));
        assert_eq!(lost([6, 7, 7]), Some(("data".to_owned(), 6)));
        assert_eq!(lost([1, 9, 10]), Some(("pilot".to_owned(), 8)));
        assert_eq!(lost([0, -3, 0]), None);
    }

    #[test]
    fn what_drives_comes_first_with_what_it_means() {
        let all = [
            course(true, [6, 7, 7]),
            course(true, [8, 8, 8]),
            course(true, [0, 0, 3]),
            course(false, [2, 0, 0]),
        ];
        let found = drivers(&all);
        let codes: Vec<&str> = found.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(codes, ["data", "live", "pilot"]);
        let data = &found[0];
        assert_eq!((data.onboardings, data.late, data.drives, data.median_days), (4, 3, 2, 6));
        assert_eq!((data.late_then_late, data.timely_then_late), (2, 1));
        assert!(drivers(&[]).is_empty());
    }
}
