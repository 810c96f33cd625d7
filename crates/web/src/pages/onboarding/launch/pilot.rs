//! The pilot: who is in it and why, what it must show, what was said and measured, the verdict.

use askama::Template;
use gangway_app::identity::Session;
use gangway_app::launch::{self, Candidate, PilotDraft};
use gangway_app::{AppError, Problem};
use gangway_domain::ids::OnboardingId;
use gangway_domain::launch::{
    Attitude, Criterion, FeedbackKind, PILOT, Pick, Pilot, PilotState, weekdays, worries,
};
use gangway_domain::permission::Action;
use gangway_store::launch::Record;

use super::super::read_id;
use super::super::top::{Top, is_over};
use super::{HERE, Kept, answered, day, lines, parts, tabs};
use crate::Web;
use crate::extract::{Answer, Asked, Posted, named};
use crate::form::Fields;
use crate::format::{Day, capital, sentence, signed};
use crate::pages::{Frame, Tab, render};

/// The end of its address.
const END: &str = "/go-live/pilot";

#[derive(Template)]
#[template(path = "pages/onboarding/launch/pilot.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    kept: Kept,
    pilots: Vec<PilotView>,
    bounds: Option<String>,
    may_edit: bool,
    /// A pilot may be planned: none is under way, none has passed.
    may_plan: bool,
    /// The one before failed: planning takes over what it had.
    again: bool,
    today: String,
    sheet: Sheet,
    /// Contacts of the account and learners, to be picked.
    candidates: Vec<CandidateView>,
    /// Who may be chosen, as examples of lines.
    hint: &'static str,
    /// It is live, or over: a pilot comes too late.
    past: bool,
}

struct PilotView {
    id: String,
    number: i64,
    version: i64,
    word: &'static str,
    tone: &'static str,
    scope: String,
    from: Day,
    to: Day,
    support: String,
    heads: u32,
    people: Vec<Pick>,
    criteria: Vec<CriterionView>,
    worries: Vec<String>,
    feedback: Vec<FeedbackView>,
    verdict: Option<String>,
    planned: bool,
    running: bool,
    passed: bool,
    /// Some of its people are named, others only counted.
    some_named: bool,
    sheet: Sheet,
}

struct CriterionView {
    text: String,
    target: String,
    measured: String,
    word: &'static str,
    tone: &'static str,
    figure: bool,
    value: String,
}

struct FeedbackView {
    kind: &'static str,
    tone: &'static str,
    text: String,
    from: String,
}

/// The form of a pilot: people and criteria are lines of text.
#[derive(Default)]
struct Sheet {
    scope: String,
    from: String,
    to: String,
    support: String,
    size: String,
    people: String,
    criteria: String,
    /// Rows in which somebody known is picked.
    picks: Vec<PickRow>,
}

/// A row in which somebody known is picked.
#[derive(Default)]
struct PickRow {
    who: String,
    attitude: String,
    reason: String,
}

/// Somebody who may be picked.
struct CandidateView {
    value: String,
    label: String,
}

/// Rows offered at once.
const PICKS: usize = 3;

/// What stands for a candidate in a form: the contact, or the name of a learner who is none.
fn value_of(one: &Candidate) -> String {
    one.contact.map_or_else(|| one.name.clone(), |id| id.to_string())
}

impl Sheet {
    fn of(pilot: &Pilot) -> Self {
        let line = |pick: &Pick| {
            format!("{} | {} | {} | {}", pick.name, pick.role, pick.attitude.word(), pick.reason)
        };
        Self {
            scope: pilot.scope.clone(),
            from: pilot.from.to_string(),
            to: pilot.to.to_string(),
            support: pilot.support.clone(),
            size: pilot.size.to_string(),
            people: pilot.people.iter().map(line).collect::<Vec<_>>().join("\n"),
            criteria: pilot.criteria.iter().map(criterion_line).collect::<Vec<_>>().join("\n"),
            picks: rows(|_| PickRow::default()),
        }
    }

    /// What the plan says of a pilot nobody has planned yet: its days, and the smallest group.
    fn suggested(sight: &launch::Sight) -> Self {
        let task = sight.running.task(PILOT);
        Self {
            from: task.map(|task| task.start.to_string()).unwrap_or_default(),
            to: task.map(|task| task.finish.to_string()).unwrap_or_default(),
            size: sight.pilot_bounds.map(|[low, _]| low.to_string()).unwrap_or_default(),
            picks: rows(|_| PickRow::default()),
            ..Self::default()
        }
    }

    fn typed(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name).to_owned();
        Self {
            scope: text("scope"),
            from: text("from"),
            to: text("to"),
            support: text("support"),
            size: text("size"),
            people: text("people"),
            criteria: text("criteria"),
            picks: rows(|place| {
                let typed = |name: &str| fields.all(name).nth(place).unwrap_or_default().to_owned();
                PickRow {
                    who: typed("pick_who"),
                    attitude: typed("pick_attitude"),
                    reason: typed("pick_reason"),
                }
            }),
        }
    }

    fn draft(&self, known: &[Candidate]) -> Result<PilotDraft, AppError> {
        let mut people = lines(&self.people).map(pick).collect::<Result<Vec<_>, _>>()?;
        let picked = self.picks.iter().filter_map(|row| {
            let one = known.iter().find(|one| value_of(one) == row.who)?;
            Some(Pick {
                name: one.name.clone(),
                contact: one.contact,
                role: one.role.clone(),
                attitude: row.attitude.parse().unwrap_or(Attitude::Neutral),
                reason: row.reason.clone(),
            })
        });
        people.extend(picked);
        let criteria = lines(&self.criteria).map(criterion).collect::<Result<_, _>>()?;
        Ok(PilotDraft {
            scope: self.scope.clone(),
            from: day(&self.from),
            to: day(&self.to),
            support: self.support.clone(),
            people,
            size: self.size.trim().parse().unwrap_or(0),
            criteria,
        })
    }
}

fn rows(row: impl Fn(usize) -> PickRow) -> Vec<PickRow> {
    (0..PICKS).map(row).collect()
}

/// `Dana Whitfield | Planner | sceptic | Knows every exception`.
fn pick(line: &str) -> Result<Pick, AppError> {
    let [name, role, attitude, reason] = parts(line);
    let attitude = match attitude.to_lowercase().as_str() {
        "" => Attitude::Neutral,
        word => word.parse().map_err(|_| {
            let known = "enthusiast, neutral or sceptic";
            let message = format!("have “{attitude}” in the line of {name}: write {known} third");
            AppError::Invalid(vec![Problem::new("people", message)])
        })?,
    };
    let (name, role, reason) = (name.to_owned(), role.to_owned(), reason.to_owned());
    Ok(Pick { name, contact: None, role, attitude, reason })
}

/// `Active in a week | at least 80 %`, `Open critical issues | at most 0`, or without a figure.
fn criterion(line: &str) -> Result<Criterion, AppError> {
    let (text, figure) = line.split_once('|').map_or((line, ""), |(text, figure)| (text, figure));
    let (text, figure) = (text.trim().to_owned(), figure.trim());
    if figure.is_empty() {
        return Ok(Criterion { text, target: None, unit: String::new(), at_most: false, measured: None });
    }
    let lower = figure.to_lowercase();
    let at_most = lower.starts_with("at most");
    let rest = figure.get(if at_most { "at most".len() } else { 0 }..).unwrap_or_default().trim();
    let rest =
        if lower.starts_with("at least") { rest.get("at least".len()..).unwrap_or_default() } else { rest };
    let rest = rest.trim();
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(rest.len());
    let (number, unit) = rest.split_at(end);
    let target: i64 = number.parse().map_err(|_| {
        let message = format!("have “{figure}”: write a whole number, such as “at least 80 %”");
        AppError::Invalid(vec![Problem::new("criteria", message)])
    })?;
    Ok(Criterion { text, target: Some(target), unit: unit.trim().to_owned(), at_most, measured: None })
}

fn target(one: &Criterion) -> String {
    let Some(target) = one.target else { return String::new() };
    let word = if one.at_most { "at most" } else { "at least" };
    format!("{word} {target} {}", one.unit).trim_end().to_owned()
}

fn criterion_line(one: &Criterion) -> String {
    match one.target {
        None => one.text.clone(),
        Some(_) => format!("{} | {}", one.text, target(one)),
    }
}

/// The pilots.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    page(&web, &session, read_id(id)?, Kept::opened(&values)).await
}

/// A pilot is planned.
pub(crate) async fn create(Posted(web, session, onboarding, fields): Posted<String>) -> Answer {
    let id = read_id(onboarding)?;
    let sheet = Sheet::typed(&fields);
    let (app, actor) = (&web.app, &session.actor);
    let known = launch::pilot_candidates(app, actor, id).await?;
    let made = async { launch::add_pilot(app, actor, id, sheet.draft(&known)?).await }.await;
    answered((id, END), ("plan", fields), made.map(|_| "planned"), |kept| page(&web, &session, id, kept))
        .await
}

/// A pilot that has not begun is changed.
pub(crate) async fn change(
    Posted(web, session, (onboarding, pilot), fields): Posted<(String, String)>,
) -> Answer {
    let id = read_id(onboarding)?;
    let pilot = named("pilot", &pilot)?;
    let (app, actor, sheet) = (&web.app, &session.actor, Sheet::typed(&fields));
    let known = launch::pilot_candidates(app, actor, id).await?;
    let done =
        async { launch::change_pilot(app, actor, pilot, fields.version(), sheet.draft(&known)?).await }.await;
    answered((id, END), ("change", fields), done.map(|_| "saved"), |kept| page(&web, &session, id, kept))
        .await
}

/// A pilot begins, is measured, is judged.
pub(crate) async fn step(
    Posted(web, session, (onboarding, pilot), fields): Posted<(String, String)>,
) -> Answer {
    let id = read_id(onboarding)?;
    let pilot = named("pilot", &pilot)?;
    let (app, actor, version) = (&web.app, &session.actor, fields.version());
    let done = match fields.text("step") {
        "begin" => launch::begin_pilot(app, actor, pilot, version).await.map(|_| "begun"),
        "measure" => {
            let figures: Vec<Option<i64>> =
                fields.all("measured").map(|text| text.trim().parse().ok()).collect();
            launch::measure_pilot(app, actor, pilot, version, &figures).await.map(|_| "noted")
        }
        _ => {
            let (passed, reason) = (fields.either("step", "pass", "fail")?, fields.text("reason"));
            launch::judge_pilot(app, actor, pilot, version, passed, reason).await.map(|_| "judged")
        }
    };
    answered((id, END), ("step", fields), done, |kept| page(&web, &session, id, kept)).await
}

/// Somebody said something of it.
pub(crate) async fn feedback(
    Posted(web, session, (onboarding, pilot), fields): Posted<(String, String)>,
) -> Answer {
    let id = read_id(onboarding)?;
    let pilot = named("pilot", &pilot)?;
    let kind = fields.text("kind").parse().unwrap_or(FeedbackKind::Issue);
    let (from, text) = (fields.text("from").to_owned(), fields.text("text").to_owned());
    let made = launch::add_feedback(&web.app, &session.actor, pilot, kind, &from, &text).await;
    answered((id, END), ("feedback", fields), made.map(|_| "noted"), |kept| page(&web, &session, id, kept))
        .await
}

async fn page(web: &Web, session: &Session, id: OnboardingId, mut kept: Kept) -> Answer {
    let sight = launch::sight(&web.app, &session.actor, id).await?;
    let top = Top::new(session, &sight.head, HERE);
    let known = launch::pilot_candidates(&web.app, &session.actor, id).await?;
    let candidates = known.iter().map(|one| {
        let label =
            if one.role.is_empty() { one.name.clone() } else { format!("{} ({})", one.name, one.role) };
        CandidateView { value: value_of(one), label }
    });
    let candidates: Vec<CandidateView> = candidates.collect();
    let newest = sight.pilots.first().map(|one| word_of(&one.body));
    let past = sight.live_on.is_some() || is_over(&sight.head);
    let page = Page {
        frame: top.frame(session, "Pilot").saying(kept.toast.take()),
        pages: tabs(&top, END),
        pilots: sight.pilots.iter().map(|one| view(web, &sight, one, &kept)).collect(),
        bounds: sight.pilot_bounds.map(|[low, high]| format!("{low} to {high} people")),
        may_edit: session.actor.may(Action::RunOnboarding) && !is_over(&sight.head),
        may_plan: !past && matches!(newest, None | Some("failed")),
        again: newest == Some("failed"),
        today: sight.today.to_string(),
        sheet: if kept.came_back("plan") { Sheet::typed(&kept.fields) } else { Sheet::suggested(&sight) },
        candidates,
        hint: "Dana Whitfield | Planner | sceptic | Knows every exception",
        past,
        kept,
        top,
    };
    Ok(render(page.kept.status, &page))
}

fn view(web: &Web, sight: &launch::Sight, one: &Record<Pilot>, kept: &Kept) -> PilotView {
    let pilot = &one.body;
    let (word, tone) = match word_of(pilot) {
        "planned" => ("Planned", "soon"),
        "running" => ("Running", "go"),
        "passed" => ("Passed", "done"),
        _ => ("Failed", "late"),
    };
    let days = weekdays(pilot.from, pilot.to);
    let rules = &web.app.methodology.golive.launch;
    let planned = pilot.state == PilotState::Planned;
    PilotView {
        id: one.id.to_string(),
        number: one.number,
        version: one.version,
        word,
        tone,
        scope: pilot.scope.clone(),
        from: pilot.from.into(),
        to: pilot.to.into(),
        support: pilot.support.clone(),
        heads: pilot.heads(),
        some_named: !pilot.people.is_empty()
            && u32::try_from(pilot.people.len()).is_ok_and(|named| named < pilot.heads()),
        passed: word_of(pilot) == "passed",
        people: pilot.people.clone(),
        criteria: pilot.criteria.iter().map(criterion_view).collect(),
        worries: if planned {
            let found = worries(pilot, sight.pilot_bounds, rules.pilot_days, days);
            found.iter().map(|text| sentence(&capital(text))).collect()
        } else {
            Vec::new()
        },
        feedback: sight
            .feedback
            .iter()
            .filter(|said| said.body.pilot == one.number)
            .map(|said| FeedbackView {
                kind: said.body.kind.label(),
                tone: match said.body.kind {
                    FeedbackKind::Issue => "late",
                    FeedbackKind::Question => "soon",
                    FeedbackKind::Idea => "",
                    FeedbackKind::Praise => "go",
                },
                text: said.body.text.clone(),
                from: said.body.from.clone(),
            })
            .collect(),
        verdict: match &pilot.state {
            PilotState::Judged { reason, by, at, .. } => {
                Some(format!("{reason} ({})", signed(by, *at, &web.app.time_zone)))
            }
            PilotState::Planned | PilotState::Running { .. } => None,
        },
        planned,
        running: matches!(pilot.state, PilotState::Running { .. }),
        sheet: if kept.came_back("change") && planned {
            Sheet::typed(&kept.fields)
        } else {
            Sheet::of(pilot)
        },
    }
}

/// Where a pilot stands, in a word.
fn word_of(pilot: &Pilot) -> &'static str {
    gangway_domain::launch::Recorded::status(pilot)
}

fn criterion_view(one: &Criterion) -> CriterionView {
    let (word, tone) = match one.is_met() {
        None => ("Not measured", ""),
        Some(true) => ("Met", "go"),
        Some(false) => ("Not met", "late"),
    };
    CriterionView {
        text: one.text.clone(),
        target: target(one),
        measured: match (one.measured, one.target) {
            (Some(value), Some(_)) => format!("{value} {}", one.unit).trim_end().to_owned(),
            _ => String::new(),
        },
        word,
        tone,
        figure: one.target.is_some(),
        value: one.measured.map(|value| value.to_string()).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_and_criteria_are_read_from_their_lines_and_written_back() {
        let dana = pick("Dana Whitfield | Planner | Sceptic | Knows every exception").unwrap();
        assert_eq!((dana.role.as_str(), dana.attitude), ("Planner", Attitude::Sceptic));
        assert_eq!(pick("Rolf").unwrap().attitude, Attitude::Neutral);
        assert!(pick("Rolf | Buyer | grumpy | x").is_err());
        let active = criterion("Active in a week | at least 80 %").unwrap();
        assert_eq!((active.target, active.unit.as_str(), active.at_most), (Some(80), "%", false));
        assert_eq!(criterion_line(&active), "Active in a week | at least 80 %");
        let open = criterion("Open critical issues | at most 0").unwrap();
        assert_eq!(
            (open.target, open.at_most, criterion_line(&open).as_str()),
            (Some(0), true, "Open critical issues | at most 0")
        );
        assert_eq!(criterion("Works without the old list").unwrap().target, None);
        assert!(criterion("Fast | at least quickly").is_err());
    }
}
