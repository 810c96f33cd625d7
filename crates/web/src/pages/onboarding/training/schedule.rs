//! Tracks with their size, sessions week by week, and whether it works.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::identity::Session;
use gangway_app::training::{self, SessionDraft, TrackChanges, Training};
use gangway_app::{AppError, Problem};
use gangway_domain::ids::{OnboardingId, TrackId, TrainingSessionId};
use gangway_domain::meeting::{Attendance, Slot, Status};
use gangway_domain::permission::Action;
use gangway_domain::training::{SessionKind, Verdict};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::{HERE, in_a_sentence, status, tabs, track_choices};
use crate::Web;
use crate::extract::{Answer, Asked, Here, Posted, named};
use crate::form::{Fields, Wrong, answered, day};
use crate::format::{Day, count};
use crate::pages::document::to_save;
use crate::pages::onboarding::governance::meetings::slot;
use crate::pages::onboarding::read_id;
use crate::pages::onboarding::top::Top;
use crate::pages::{Choice, Frame, Tab, Toast, Undo, render};

#[derive(Template)]
#[template(path = "pages/onboarding/training/schedule.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    tracks: Vec<TrackLine>,
    weeks: Vec<Week>,
    /// Sessions people were invited to that the plan wants on another day.
    moves: Vec<MoveLine>,
    metrics: Vec<MetricLine>,
    waiting: Vec<(String, String)>,
    may_edit: bool,
    /// What was wrong with sizing a track.
    sizing: Wrong,
    sheet: Sheet,
    of: Vec<Choice>,
    kinds: Vec<Choice>,
}

struct TrackLine {
    id: String,
    name: String,
    audience: String,
    format: String,
    size: String,
    starts: Day,
    finishes: Day,
    level: &'static str,
    validation: String,
    enrolled: String,
    complete: usize,
    /// Certificates that wait to be issued.
    due: usize,
    sessions: String,
    /// What is lacking; empty when everybody has a seat.
    lacking: String,
    people: u32,
    group_size: u32,
    version: i64,
}

struct Week {
    title: String,
    sessions: Vec<SessionLine>,
}

struct SessionLine {
    href: String,
    title: String,
    kind: &'static str,
    weekday: String,
    day: Day,
    time: String,
    trainer: String,
    seats: String,
    status: &'static str,
    tone: &'static str,
}

struct MoveLine {
    id: String,
    href: String,
    title: String,
    from: Day,
    to: Day,
    seats: String,
}

struct MetricLine {
    name: String,
    formula: String,
    value: String,
    /// What was counted over what, and what was left out.
    made: String,
    of: u32,
    target: String,
    /// How a tag shows it; empty without a value.
    tone: &'static str,
    verdict: &'static str,
}

/// The form for a session, as it was typed.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    pub title: String,
    pub track: String,
    pub kind: String,
    pub on: String,
    pub starts: String,
    pub minutes: String,
    pub zone: String,
    pub place: String,
    pub trainer: String,
    pub weeks: String,
    pub because: String,
    pub wrong: Wrong,
}

impl Sheet {
    pub(super) fn typed(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name).to_owned();
        Self {
            title: text("title"),
            track: text("track"),
            kind: text("kind"),
            on: text("on"),
            starts: text("starts"),
            minutes: text("minutes"),
            zone: text("zone"),
            place: text("place"),
            trainer: text("trainer"),
            weeks: text("weeks"),
            because: text("because"),
            wrong: Wrong::default(),
        }
    }

    /// When it is, as it was typed.
    pub(super) fn slot(&self) -> Result<Slot, AppError> {
        slot(&self.on, &self.starts, &self.minutes, &self.zone)
    }

    pub(super) fn kind(&self) -> SessionKind {
        self.kind.parse().unwrap_or(SessionKind::Class)
    }
}

/// The kinds of sessions to choose from.
pub(super) fn kinds(chosen: &str) -> Vec<Choice> {
    SessionKind::ALL.iter().map(|kind| Choice::of(kind.word(), kind.label(), chosen)).collect()
}

/// The schedule.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let id = read_id(id)?;
    let toast = match values.text("said").as_str() {
        "planned" => planned(id, &values.text("session")),
        "proposed" => Toast::of(
            "Sessions are planned, and everybody on the track has a seat. Invite them when the days fit.",
        ),
        "certified" => Toast::of("The certificates are issued: learners find theirs in the portal."),
        "sized" => Toast::of("Saved."),
        "moved" => Toast::of("Moved. Everybody who was invited is told of the new day."),
        "removed" => Toast::of("Taken back."),
        _ => None,
    };
    page(&web, &session, id, None, Wrong::default(), toast, StatusCode::OK).await
}

/// What was just planned, and how to take it back.
fn planned(onboarding: OnboardingId, session: &str) -> Option<Toast> {
    let session = session.parse::<TrainingSessionId>().ok();
    let undo = session.map(|id| Undo {
        action: format!("/onboardings/{onboarding}/training/sessions/{id}/removal"),
        fields: Vec::new(),
    });
    Some(Toast { text: "Planned.".to_owned(), undo })
}

/// Plans a session, or one in each of several weeks.
pub(crate) async fn create(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let sheet = Sheet::typed(&fields);
    let made = match sheet.slot() {
        Ok(slot) => {
            let draft = SessionDraft {
                track: sheet.track.parse().ok(),
                kind: sheet.kind(),
                title: sheet.title.clone(),
                slot,
                place: sheet.place.clone(),
                trainer: sheet.trainer.clone(),
                weeks: sheet.weeks.trim().parse().unwrap_or(1),
                because: sheet.because.clone(),
            };
            training::plan(&web.app, &session.actor, id, draft).await
        }
        Err(error) => Err(error),
    };
    answered(
        made,
        |made| {
            let one = if let [one] = made.as_slice() { one.id.to_string() } else { String::new() };
            Redirect::to(&format!("/onboardings/{id}/training?said=planned&session={one}")).into_response()
        },
        |status, wrong| {
            let sheet = Some(Sheet { wrong, ..sheet });
            page(&web, &session, id, sheet, Wrong::default(), None, status)
        },
    )
    .await
}

/// Sizes a track anew.
pub(crate) async fn size(Posted(web, session, (id, track), fields): Posted<(String, String)>) -> Answer {
    let (id, track): (_, TrackId) = (read_id(id)?, named("training track", &track)?);
    let number = |field: &'static str| {
        let missing = || AppError::Invalid(vec![Problem::new(field, "is not a number")]);
        fields.text(field).trim().parse::<u32>().map_err(|_| missing())
    };
    let day = |field: &'static str| day(field, fields.text(field));
    let changes = || -> Result<TrackChanges, AppError> {
        Ok(TrackChanges {
            people: Some(number("people")?),
            group_size: Some(number("group_size")?),
            starts_on: Some(day("starts_on")?),
            finishes_on: Some(day("finishes_on")?),
        })
    };
    let kept = match changes() {
        Ok(changes) => {
            training::change_track(&web.app, &session.actor, track, fields.version(), changes).await
        }
        Err(error) => Err(error),
    };
    match kept {
        Ok(_) => Ok(back(id, "sized")),
        Err(error) => {
            let (status, wrong) = in_a_sentence(error)?;
            page(&web, &session, id, None, wrong, None, status).await
        }
    }
}

fn back(id: OnboardingId, said: &str) -> Response {
    Redirect::to(&format!("/onboardings/{id}/training?said={said}")).into_response()
}

/// Plans what a track lacks.
pub(crate) async fn propose(Here(web, session, (id, track)): Here<(String, String)>) -> Answer {
    let id = read_id(id)?;
    answered(
        training::propose(&web.app, &session.actor, named("training track", &track)?).await,
        |_| back(id, "proposed"),
        |status, wrong| page(&web, &session, id, None, wrong, None, status),
    )
    .await
}

/// Moves sessions to where the plan wants them: the one that is named, or all.
pub(crate) async fn follow(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let only: Vec<TrainingSessionId> = fields.all("session").filter_map(|text| text.parse().ok()).collect();
    answered(
        training::move_with_plan(&web.app, &session.actor, id, &only).await,
        |_| back(id, "moved"),
        |status, wrong| page(&web, &session, id, None, wrong, None, status),
    )
    .await
}

/// Issues the certificates of a track.
pub(crate) async fn certify(Here(web, session, (id, track)): Here<(String, String)>) -> Answer {
    let id = read_id(id)?;
    answered(
        training::certify_all(&web.app, &session.actor, named("training track", &track)?).await,
        |_| back(id, "certified"),
        |status, wrong| page(&web, &session, id, None, wrong, None, status),
    )
    .await
}

/// All sessions as one calendar.
pub(crate) async fn calendar_file(Here(web, session, id): Here<String>) -> Answer {
    let (name, text) = training::schedule_file(&web.app, &session.actor, read_id(id)?).await?;
    Ok(to_save(&name, "text/calendar; charset=utf-8", text))
}

async fn page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    sheet: Option<Sheet>,
    sizing: Wrong,
    toast: Option<Toast>,
    code: StatusCode,
) -> Answer {
    let training = training::of_onboarding(&web.app, &session.actor, id).await?;
    let top = Top::new(session, &training.head, HERE);
    let sheet = sheet.unwrap_or_else(|| Sheet {
        starts: "10:00".to_owned(),
        minutes: "60".to_owned(),
        weeks: "1".to_owned(),
        zone: training.sessions.last().and_then(|one| one.slot.zone.clone()).unwrap_or_default(),
        ..Sheet::default()
    });
    let waiting = training.attempts.iter().filter(|one| one.verdict == Verdict::Waiting).map(|one| {
        let who = training.learner(one.learner).map_or("", |learner| learner.name.as_str());
        let what = training.track(one.track).map_or("", |track| track.name.as_str());
        (top.to(&format!("/training/attempts/{}", one.id)), format!("{who}: {what}"))
    });
    let page = Page {
        frame: top.frame(session, "Training").saying(toast),
        pages: tabs(&top, "/training"),
        tracks: tracks(&training),
        weeks: weeks(&training, &top),
        moves: moves(&training, &top),
        metrics: metrics(&training),
        waiting: waiting.collect(),
        may_edit: session.actor.may(Action::RunOnboarding),
        of: track_choices(&training, "Everybody", &sheet.track),
        kinds: kinds(&sheet.kind),
        sizing,
        sheet,
        top,
    };
    Ok(render(code, &page))
}

fn tracks(training: &Training) -> Vec<TrackLine> {
    let line = |track: &training::Track| {
        let on = || training.progress.iter().filter(|one| one.enrolment.track == track.id);
        let lacking = training.lacking_on(track);
        let enrolled = on().count();
        TrackLine {
            id: track.id.to_string(),
            name: track.name.clone(),
            audience: track.audience.clone(),
            format: track.format.clone(),
            size: match track.group_size {
                0 => "self-paced".to_owned(),
                size => format!("{size} in a session"),
            },
            starts: track.starts_on.into(),
            finishes: track.finishes_on.into(),
            level: track.level.label(),
            validation: track.validation.clone(),
            enrolled: format!("{enrolled} of {}", track.people.max(u32::try_from(enrolled).unwrap_or(0))),
            complete: on().filter(|one| one.complete).count(),
            due: on().filter(|one| one.complete && one.certificate.is_none()).count(),
            sessions: match track.group_size {
                0 => format!("{} minutes each", track.minutes()),
                _ => format!(
                    "{} planned, {} minutes each",
                    count(training.planned_on(track) as usize, "session"),
                    track.minutes()
                ),
            },
            lacking: if lacking == 0 {
                String::new()
            } else {
                format!("{} lacking", count(lacking as usize, "session"))
            },
            people: track.people,
            group_size: track.group_size,
            version: track.version,
        }
    };
    training.tracks.iter().map(line).collect()
}

fn weeks(training: &Training, top: &Top) -> Vec<Week> {
    let mut weeks: Vec<(Date, Vec<SessionLine>)> = Vec::new();
    for session in &training.sessions {
        let on = session.slot.on;
        let back = i64::from(on.weekday().since(Weekday::Monday));
        let monday = on.saturating_sub(back.days());
        let seats = training.seats_of(session).count();
        let came = training.seats_of(session).filter(|seat| seat.attendance == Attendance::Attended).count();
        let (word, tone) = status(&session.status);
        let line = SessionLine {
            href: top.to(&format!("/training/sessions/{}", session.id)),
            title: session.title.clone(),
            kind: session.kind.label(),
            weekday: on.strftime("%a").to_string(),
            day: on.into(),
            time: format!("{}, {} min", session.slot.starts, session.slot.minutes),
            trainer: session.trainer.clone(),
            seats: if session.status == Status::Held {
                format!("{came} of {seats} came")
            } else {
                count(seats, "seat")
            },
            status: word,
            tone,
        };
        match weeks.last_mut() {
            Some((known, lines)) if *known == monday => lines.push(line),
            _ => weeks.push((monday, vec![line])),
        }
    }
    let titled = |(monday, sessions): (Date, Vec<SessionLine>)| Week {
        title: format!("Week of {}", Day::from(monday).words),
        sessions,
    };
    weeks.into_iter().map(titled).collect()
}

fn moves(training: &Training, top: &Top) -> Vec<MoveLine> {
    let waiting = training.sessions.iter().filter(|one| one.status == Status::Planned);
    let line = |session: &training::Session| {
        Some(MoveLine {
            id: session.id.to_string(),
            href: top.to(&format!("/training/sessions/{}", session.id)),
            title: session.title.clone(),
            from: session.slot.on.into(),
            to: session.wanted_on?.into(),
            seats: count(training.seats_of(session).count(), "seat"),
        })
    };
    waiting.filter_map(line).collect()
}

fn metrics(training: &Training) -> Vec<MetricLine> {
    let line = |one: &gangway_domain::training::Measured| MetricLine {
        name: one.name.clone(),
        formula: one.formula.clone(),
        value: one.shown.clone(),
        made: made(one),
        of: one.of,
        target: in_words(&one.target),
        tone: match one.met {
            Some(true) => "go",
            Some(false) => "soon",
            None => "",
        },
        // The training goes on: what is not there today may still come.
        verdict: match one.met {
            Some(true) => "Met",
            Some(false) => "Not met yet",
            None => "No figures yet",
        },
    };
    training.measured.iter().map(line).collect()
}

/// What a metric is made of, in a line.
fn made(one: &gangway_domain::training::Measured) -> String {
    if one.numerator.is_empty() {
        return String::new();
    }
    let left = one.left_out.map_or_else(String::new, |left| format!(" ({left})"));
    let (above, below) = (one.counted, one.of);
    format!("{above} {} over {below} {}; left out: {}{left}", one.numerator, one.denominator, one.excluded)
}

/// A target as people read it: `>90%` is over 90 %, `>4.2/5` over 4.2 of 5.
fn in_words(target: &str) -> String {
    let target = target.trim();
    // The longer signs come first: `>` begins `>=` too.
    let signs = [
        (">=", "at least "),
        ("<=", "at most "),
        ("≥", "at least "),
        ("≤", "at most "),
        (">", "over "),
        ("<", "under "),
    ];
    let said = signs.iter().find_map(|(sign, word)| Some((*word, target.strip_prefix(sign)?)));
    let (word, rest) = said.unwrap_or(("", target));
    format!("{word}{}", rest.trim().replace('/', " of ").replace('%', " %").replace("  ", " "))
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn targets_are_said_in_words() {
        let said = [
            (">90%", "over 90 %"),
            (">4.2/5", "over 4.2 of 5"),
            ("<30 days", "under 30 days"),
            (">= 70 %", "at least 70 %"),
            ("by the end", "by the end"),
            ("", ""),
        ];
        for (target, words) in said {
            assert_eq!(in_words(target), words, "{target}");
        }
    }
}
