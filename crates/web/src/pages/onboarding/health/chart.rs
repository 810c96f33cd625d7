//! The history of an onboarding's health as a line, with what happened beside it.

use gangway_app::App;
use gangway_app::health::{Health, Line, Override};
use gangway_app::signal::Signal;
use gangway_domain::signal::{How, State};
use jiff::Timestamp;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::shown::model;
use crate::format::Day;

/// Width of the picture.
const WIDTH: i64 = 600;
/// Points of the picture below a score of 0 and above one of 100.
const EDGE: i64 = 8;
/// Its height.
const HEIGHT: i64 = 100 + 2 * EDGE;
/// Marks at most: the newest.
const MARKS: usize = 40;

/// The history as a line.
pub(super) struct Chart {
    /// Corners of the line.
    pub line: String,
    pub width: i64,
    pub height: i64,
    /// What happened, the oldest first.
    pub marks: Vec<Mark>,
    pub from: Day,
    pub to: Day,
    /// What the line shows, for those who cannot see it.
    pub words: String,
}

/// A moment worth a mark.
pub(super) struct Mark {
    /// How it is drawn: a word of the style sheet.
    pub kind: &'static str,
    /// What sort of thing it is, in words.
    pub label: &'static str,
    /// Its outline in the picture, and alone in a square of twelve points.
    pub path: String,
    pub sample: String,
    pub day: Day,
    pub words: String,
}

/// What a mark is of.
#[derive(Clone, Copy)]
enum Kind {
    Course,
    Model,
    Said,
    SaidOver,
    Raised,
    Resolved,
}

impl Kind {
    fn class(self) -> &'static str {
        match self {
            Self::Course => "course",
            Self::Model => "model",
            Self::Said | Self::SaidOver => "said",
            Self::Raised => "raised",
            Self::Resolved => "resolved",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Course => "Milestone",
            Self::Model => "Model",
            Self::Said => "Status by hand",
            Self::SaidOver => "Status by hand over",
            Self::Raised => "Signal",
            Self::Resolved => "Signal over",
        }
    }

    /// Each sort has a shape of its own, so that colour is not all that tells them apart.
    fn path(self, x: i64, y: i64) -> String {
        match self {
            Self::Course => format!("M{x},0V{HEIGHT}"),
            Self::Model => format!("M{x},{}l5,5l-5,5l-5,-5z", y - 5),
            Self::Said | Self::SaidOver => format!("M{},{}h8v8h-8z", x - 4, y - 4),
            Self::Raised => format!("M{x},{}l5,9h-10z", y - 6),
            Self::Resolved => format!("M{x},{}l5,-9h-10z", y + 6),
        }
    }
}

/// Something that happened on a day.
struct Event {
    on: Date,
    kind: Kind,
    words: String,
}

impl Event {
    fn new(on: Date, kind: Kind, words: impl Into<String>) -> Self {
        Self { on, kind, words: words.into() }
    }
}

impl Chart {
    /// None before there are two days to draw.
    pub(super) fn new(app: &App, health: &Health, signals: &[Signal]) -> Option<Self> {
        let zone = &app.time_zone;
        let mut points: Vec<&Line> = health.history.iter().filter(|one| one.score.is_some()).collect();
        points.reverse();
        let (first, last) = (points.first()?, points.last()?);
        let (from, to) = (first.on, health.today);
        let span = i64::from((to - from).get_days());
        if span < 1 || points.len() < 2 {
            return None;
        }
        let x = |day: Date| (i64::from((day - from).get_days()) * WIDTH / span).clamp(0, WIDTH);
        let scores = points.iter().filter_map(|one| one.score);
        let (least, most) = (scores.clone().min()?, scores.max()?);
        let mut events = models(app, &points);
        events.extend(course(health));
        events.extend(health.overrides.iter().flat_map(|one| said(one, health.today, zone)));
        events.extend(signals.iter().flat_map(|one| raised(one, zone)));
        events.retain(|one| (from..=to).contains(&one.on));
        events.sort_by_key(|one| one.on);
        let too_many = events.len().saturating_sub(MARKS);
        let mark = |one: Event| Mark {
            kind: one.kind.class(),
            label: one.kind.label(),
            path: one.kind.path(x(one.on), y(score_on(&points, one.on))),
            sample: one.kind.path(6, 6),
            day: Day::from(one.on),
            words: one.words,
        };
        Some(Self {
            line: corners(&points, x),
            width: WIDTH,
            height: HEIGHT,
            marks: events.into_iter().skip(too_many).map(mark).collect(),
            from: Day::from(from),
            to: Day::from(to),
            words: format!("Between {least} and {most}, now {}", last.score.unwrap_or(0)),
        })
    }
}

fn y(score: Option<i64>) -> i64 {
    EDGE + 100 - score.unwrap_or(0).clamp(0, 100)
}

/// The score stays as it is until the next: the line is one of steps.
fn corners(points: &[&Line], x: impl Fn(Date) -> i64) -> String {
    let mut corners = Vec::new();
    let mut before: Option<&Line> = None;
    for one in points {
        if let Some(before) = before {
            corners.push(format!("{},{}", x(one.on), y(before.score)));
        }
        corners.push(format!("{},{}", x(one.on), y(one.score)));
        before = Some(one);
    }
    if let Some(last) = before {
        corners.push(format!("{WIDTH},{}", y(last.score)));
    }
    corners.join(" ")
}

/// The score at the end of a day, of those drawn.
fn score_on(points: &[&Line], day: Date) -> Option<i64> {
    let known = points.iter().rfind(|one| one.on <= day).or_else(|| points.first());
    known.and_then(|one| one.score)
}

fn models(app: &App, points: &[&Line]) -> Vec<Event> {
    let pairs = points.iter().zip(points.iter().skip(1));
    let others =
        pairs.filter(|(before, now)| before.model != now.model || before.model_version != now.model_version);
    others
        .map(|(_, now)| Event::new(now.on, Kind::Model, model(app, &now.model, now.model_version)))
        .collect()
}

/// Kickoff and go-live, where they are over.
fn course(health: &Health) -> Vec<Event> {
    let head = &health.head;
    [(head.kickoff_on, "Kickoff"), (head.go_live_on, "Go-live")]
        .into_iter()
        .filter(|(on, _)| *on <= health.today)
        .map(|(on, words)| Event::new(on, Kind::Course, words))
        .collect()
}

/// What somebody said instead of the score, and its end.
fn said(one: &Override, today: Date, zone: &TimeZone) -> Vec<Event> {
    let day = |at: gangway_store::Timestamp| Timestamp::try_from(at).ok().map(|at| day_of(at, zone));
    let mut events = Vec::new();
    if let Some(on) = day(one.at) {
        let words = format!("{} said {}: {}", one.by, one.status, one.reason);
        events.push(Event::new(on, Kind::Said, words));
    }
    match &one.ended {
        Some((by, at)) => {
            let over = |on| Event::new(on, Kind::SaidOver, format!("{by} left it to the score again"));
            events.extend(day(*at).map(over));
        }
        None if one.until < today => {
            let words = format!("The time of {} is over", one.status);
            events.push(Event::new(one.until.saturating_add(1.day()), Kind::SaidOver, words));
        }
        None => {}
    }
    events
}

/// That a signal was raised, and that it was resolved.
fn raised(one: &Signal, zone: &TimeZone) -> Vec<Event> {
    let mut events = vec![Event::new(day_of(one.body.raised_at, zone), Kind::Raised, one.name.clone())];
    if let State::Resolved { at, how } = &one.body.state {
        let how = match how {
            How::ByItself => "over by itself".to_owned(),
            How::ByPerson { by, reason } => format!("resolved by {by}: {reason}"),
            How::Merged { .. } => "the same as another".to_owned(),
        };
        events.push(Event::new(day_of(*at, zone), Kind::Resolved, format!("{}, {how}", one.name)));
    }
    events
}

fn day_of(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned(zone.clone()).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sort_of_mark_has_a_shape_of_its_own() {
        let kinds = [Kind::Course, Kind::Model, Kind::Said, Kind::Raised, Kind::Resolved];
        let shapes: std::collections::BTreeSet<String> =
            kinds.into_iter().map(|kind| kind.path(50, 50)).collect();
        assert_eq!(shapes.len(), kinds.len());
        assert_eq!(Kind::Model.path(50, 50), "M50,45l5,5l-5,5l-5,-5z");
    }

    #[test]
    fn a_score_outside_of_its_scale_stays_in_the_picture() {
        assert_eq!((y(Some(100)), y(Some(0)), y(Some(400))), (EDGE, EDGE + 100, EDGE));
    }
}
