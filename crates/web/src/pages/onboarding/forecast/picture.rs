//! Two small pictures: where the go-live falls in the runs, and how the forecast moved over time.

use std::collections::BTreeMap;

use gangway_app::forecast::Past;
use gangway_domain::plan::forecast::DayRuns;
use jiff::civil::Date;

use crate::format::Day;

/// Width of a picture; both are scaled to their panel.
const WIDTH: i64 = 560;
/// Height of the bars.
const BARS: i64 = 88;
/// Height of the history.
const LINES: i64 = 96;
/// Bars at most, about; days are taken together until they fit.
const MOST: i64 = 80;

/// On how many runs each day, or few days, is the go-live.
pub(crate) struct Spread {
    pub width: i64,
    pub height: i64,
    pub bars: Vec<Bar>,
    /// P50, P80 and the promise: class and place.
    pub marks: Vec<(&'static str, i64)>,
    pub first: Day,
    pub last: Day,
    /// In words, for those who cannot see it.
    pub summary: String,
}

pub(crate) struct Bar {
    pub x: i64,
    pub y: i64,
    pub width: i64,
    pub height: i64,
    /// `kept` or `missed`.
    pub class: &'static str,
    pub title: String,
}

impl Spread {
    /// None for a forecast in which nothing is open any more, or whose runs were not kept.
    pub(super) fn new(days: &[DayRuns], dates: &Past) -> Option<Self> {
        let (first, last) = (days.first()?.date, days.last()?.date);
        if first == last {
            return None;
        }
        let from = first.min(dates.promised_on);
        let until = last.max(dates.promised_on);
        let span = between(from, until) + 1;
        let x = |day: Date| between(from, day) * WIDTH / span;
        // Bars end with the promised day, so that each is kept or missed as a whole.
        let size = (span + MOST - 1) / MOST;
        let mut bins: BTreeMap<i64, (u32, Date, Date)> = BTreeMap::new();
        for day in days {
            let bin = (between(dates.promised_on, day.date) - 1).div_euclid(size);
            let (runs, _, until) = bins.entry(bin).or_insert((0, day.date, day.date));
            *runs += day.runs;
            *until = day.date;
        }
        let most = i64::from(bins.values().map(|(runs, ..)| *runs).max().unwrap_or(1)).max(1);
        let all = i64::from(days.iter().map(|day| day.runs).sum::<u32>()).max(1);
        let width = (size * WIDTH / span - 1).max(2);
        let bars = bins.iter().map(|(bin, (runs, since, until))| {
            let runs = i64::from(*runs);
            let height = (runs * (BARS - 8) / most).max(1);
            let since_words = Day::from(*since).words;
            let when = if since == until {
                since_words
            } else {
                format!("{since_words} to {}", Day::from(*until).words)
            };
            Bar {
                x: x(*since).min(WIDTH - width),
                y: BARS - height,
                width,
                height,
                class: if *bin < 0 { "kept" } else { "missed" },
                title: format!("{when}: {} of 1,000 runs", runs * 1_000 / all),
            }
        });
        let marks = [("p50", dates.p50_on), ("p80", dates.p80_on), ("promised", dates.promised_on)];
        Some(Self {
            width: WIDTH,
            height: BARS,
            bars: bars.collect(),
            marks: marks
                .into_iter()
                .map(|(class, day)| (class, (x(day) + width / 2).clamp(1, WIDTH - 1)))
                .collect(),
            summary: format!(
                "Go-live in the runs of the forecast: from {} to {}, half of them by {}, four of five by {}; promised is {}.",
                Day::from(first).words,
                Day::from(last).words,
                Day::from(dates.p50_on).words,
                Day::from(dates.p80_on).words,
                Day::from(dates.promised_on).words
            ),
            first: from.into(),
            last: until.into(),
        })
    }
}

/// How the forecast moved: time to the right, later go-lives higher.
pub(crate) struct Line {
    pub width: i64,
    pub height: i64,
    pub p50: String,
    pub p80: String,
    pub promised: String,
    pub since: Day,
    pub until: Day,
    pub earliest: Day,
    pub latest: Day,
    pub summary: String,
}

impl Line {
    /// None before there are two days to compare. `past` begins with the newest.
    pub(super) fn new(past: &[Past]) -> Option<Self> {
        let (newest, oldest) = (past.first()?, past.last()?);
        let days = between(oldest.made_on, newest.made_on);
        if days == 0 {
            return None;
        }
        let all = || past.iter().flat_map(|one| [one.p50_on, one.p80_on, one.promised_on]);
        let (earliest, latest) = (all().min()?, all().max()?);
        let range = between(earliest, latest).max(1);
        let points = |of: fn(&Past) -> Date| {
            let point = |one: &Past| {
                let x = between(oldest.made_on, one.made_on) * WIDTH / days;
                let y = 6 + between(of(one), latest) * (LINES - 12) / range;
                format!("{x},{y}")
            };
            past.iter().rev().map(point).collect::<Vec<_>>().join(" ")
        };
        Some(Self {
            width: WIDTH,
            height: LINES,
            p50: points(|one| one.p50_on),
            p80: points(|one| one.p80_on),
            promised: points(|one| one.promised_on),
            since: oldest.made_on.into(),
            until: newest.made_on.into(),
            earliest: earliest.into(),
            latest: latest.into(),
            summary: format!(
                "P80 was {} on {} and is {} on {}.",
                Day::from(oldest.p80_on).words,
                Day::from(oldest.made_on).words,
                Day::from(newest.p80_on).words,
                Day::from(newest.made_on).words
            ),
        })
    }
}

fn between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use jiff::civil::date;

    use super::*;

    const PROMISED: Date = date(2027, 4, 1);

    fn past(made: i64, p80: i64) -> Past {
        let day = |days: i64| PROMISED.saturating_add(days.days());
        Past {
            made_on: date(2027, 1, 11).saturating_add(made.days()),
            planned_on: day(-10),
            p50_on: day(p80 - 9),
            p80_on: day(p80),
            finish_p50_on: day(p80 + 20),
            finish_p80_on: day(p80 + 30),
            promised_on: PROMISED,
            kept_percent: 70,
        }
    }

    fn runs(days: &[(i64, u32)]) -> Vec<DayRuns> {
        let of =
            |(day, runs): &(i64, u32)| DayRuns { date: PROMISED.saturating_add(day.days()), runs: *runs };
        days.iter().map(of).collect()
    }

    #[test]
    fn bars_say_what_keeps_the_promise_and_stay_in_the_picture() {
        let days = runs(&[(-200, 100), (-1, 200), (0, 300), (1, 250), (40, 150)]);
        let spread = Spread::new(&days, &past(0, 5)).unwrap();
        let classes: Vec<&str> = spread.bars.iter().map(|bar| bar.class).collect();
        assert_eq!(classes, ["kept", "kept", "missed", "missed"], "the promised day itself keeps it");
        for bar in &spread.bars {
            assert!(bar.x >= 0 && bar.x + bar.width <= WIDTH, "{}", bar.x);
            assert!(bar.y >= 0 && bar.y + bar.height == BARS);
        }
        let tallest = spread.bars.iter().map(|bar| bar.height).max();
        assert_eq!(tallest, Some(BARS - 8));
        assert!(Spread::new(&runs(&[(3, 1_000)]), &past(0, 3)).is_none(), "nothing is uncertain any more");
        assert!(Spread::new(&[], &past(0, 3)).is_none());
    }

    #[test]
    fn the_history_begins_with_the_oldest() {
        assert!(Line::new(&[past(0, 5)]).is_none(), "one day is no line");
        let line = Line::new(&[past(10, 25), past(5, 5), past(0, 5)]).unwrap();
        let xs: Vec<&str> = line.p80.split(' ').map(|point| point.split(',').next().unwrap()).collect();
        assert_eq!(xs, ["0", "280", "560"]);
        let ys: Vec<i64> =
            line.p80.split(' ').map(|point| point.split(',').nth(1).unwrap().parse().unwrap()).collect();
        assert!(ys[2] < ys[1], "later is higher");
        assert_eq!(ys[2], 6);
    }
}
