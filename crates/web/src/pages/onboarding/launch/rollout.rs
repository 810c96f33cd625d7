//! The rollout: its strategy and waves, and what people are told.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gangway_app::identity::Session;
use gangway_app::launch::{self, WaveDraft};
use gangway_app::{AppError, Problem, register};
use gangway_domain::ids::OnboardingId;
use gangway_domain::launch::{Wave, WaveState, barred, moment_day};
use gangway_domain::permission::Action;
use gangway_domain::register::Owner;

use super::super::read_id;
use super::super::top::Top;
use super::{HERE, Kept, back, day, launch_id, tabs, toast, version};
use crate::Web;
use crate::extract::{Names, Values};
use crate::form::Fields;
use crate::format::{Day, moment};
use crate::pages::failure::Failure;
use crate::pages::{Choice, Frame, Tab, Toast, render};
use crate::session::Signed;

#[derive(Template)]
#[template(path = "pages/onboarding/launch/rollout.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    kept: Kept,
    strategy: String,
    about: String,
    strategies: Vec<StrategyView>,
    waves: Vec<WaveView>,
    lines: String,
    may_go: bool,
    may_edit: bool,
    /// No wave has begun.
    fresh: bool,
    version: i64,
    messages: Vec<MessageView>,
    people: Vec<Choice>,
}

struct StrategyView {
    name: String,
    description: String,
    best_for: String,
    risk: String,
    chosen: bool,
}

struct WaveView {
    place: usize,
    name: String,
    scope: String,
    people: String,
    on: Day,
    word: &'static str,
    tone: &'static str,
    reason: Option<String>,
    moved: Option<String>,
    barred: Option<String>,
    live: bool,
    planned: bool,
}

struct MessageView {
    moment: String,
    title: String,
    due: Day,
    late: bool,
    id: String,
    version: i64,
    subject: String,
    text: String,
    sent: Option<String>,
    written: bool,
}

/// The rollout.
pub(crate) async fn show(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(id): Names<String>,
    values: Values,
) -> Result<Response, Failure> {
    page(&web, &session, read_id(id)?, Kept::default(), toast(&values.text("said")), StatusCode::OK).await
}

/// A strategy is chosen.
pub(crate) async fn strategy(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(onboarding): Names<String>,
    fields: Fields,
) -> Result<Response, Failure> {
    let id = read_id(onboarding.clone())?;
    let name = fields.text("strategy").to_owned();
    let done = launch::strategy(&web.app, &session.actor, id, version(&fields), &name).await;
    answered(&web, &session, id, &onboarding, ("strategy", "planned"), fields, done.map(|_| ())).await
}

/// The waves are planned.
pub(crate) async fn waves(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(onboarding): Names<String>,
    fields: Fields,
) -> Result<Response, Failure> {
    let id = read_id(onboarding.clone())?;
    let drafts: Result<Vec<WaveDraft>, AppError> =
        fields.text("waves").lines().map(str::trim).filter(|line| !line.is_empty()).map(draft).collect();
    let done = match drafts {
        Ok(drafts) => launch::plan_waves(&web.app, &session.actor, id, version(&fields), drafts).await,
        Err(error) => Err(error),
    };
    answered(&web, &session, id, &onboarding, ("waves", "planned"), fields, done.map(|_| ())).await
}

/// `Plant Kassel | 2027-03-01 | 40 | Logistics | reason`.
fn draft(line: &str) -> Result<WaveDraft, AppError> {
    let mut parts = line.split('|').map(str::trim);
    let mut next = || parts.next().unwrap_or_default();
    let (name, on, people, scope, reason) = (next(), next(), next(), next(), next());
    let wrong = |what: String| AppError::Invalid(vec![Problem::new("waves", what)]);
    let Some(on) = day(on) else {
        return Err(wrong(format!("have no day for “{name}”: write 2027-03-01 second")));
    };
    let people = match people {
        "" => None,
        number => Some(number.parse().map_err(|_| wrong(format!("have “{number}” people in “{name}”")))?),
    };
    let (name, scope, reason) = (name.to_owned(), scope.to_owned(), reason.to_owned());
    Ok(WaveDraft { name, scope, on: Some(on), people, reason })
}

fn line(wave: &Wave) -> String {
    let people = wave.people.map(|number| number.to_string()).unwrap_or_default();
    let parts = [
        wave.name.clone(),
        wave.on.to_string(),
        people,
        wave.scope.clone(),
        wave.reason.clone().unwrap_or_default(),
    ];
    parts.join(" | ").trim_end_matches([' ', '|']).to_owned()
}

/// A wave moves.
pub(crate) async fn move_wave(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(onboarding): Names<String>,
    fields: Fields,
) -> Result<Response, Failure> {
    let id = read_id(onboarding.clone())?;
    let place = fields.text("place").parse().unwrap_or(usize::MAX);
    let state = fields.text("state").parse().unwrap_or(WaveState::Planned);
    let reason = fields.text("reason").to_owned();
    let (app, actor) = (&web.app, &session.actor);
    let done = launch::move_wave(app, actor, id, version(&fields), place, state, &reason).await;
    answered(&web, &session, id, &onboarding, ("move", "moved"), fields, done.map(|_| ())).await
}

/// A message is written from the facts.
pub(crate) async fn write(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(onboarding): Names<String>,
    fields: Fields,
) -> Result<Response, Failure> {
    let id = read_id(onboarding.clone())?;
    let done = launch::write_message(&web.app, &session.actor, id, fields.text("moment")).await;
    answered(&web, &session, id, &onboarding, ("message", "written"), fields, done.map(|_| ())).await
}

/// A message is changed, or sent.
pub(crate) async fn message(
    State(web): State<Web>,
    Signed(session): Signed,
    Names((onboarding, message)): Names<(String, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let id = read_id(onboarding.clone())?;
    let message = launch_id("message", &message)?;
    let (app, actor) = (&web.app, &session.actor);
    let (done, said) = if fields.text("deed") == "send" {
        let to: Vec<Owner> = fields.all("to").filter_map(Owner::read).collect();
        (launch::send_message(app, actor, message, version(&fields), &to).await, "sent")
    } else {
        let (subject, text) = (fields.text("subject"), fields.text("text"));
        (launch::change_message(app, actor, message, version(&fields), subject, text).await, "saved")
    };
    answered(&web, &session, id, &onboarding, ("message", said), fields, done.map(|_| ())).await
}

async fn answered(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    onboarding: &str,
    (deed, said): (&'static str, &str),
    fields: Fields,
    done: Result<(), AppError>,
) -> Result<Response, Failure> {
    match done {
        Ok(()) => Ok(back(onboarding, "/go-live/rollout", said)),
        Err(error) => {
            let (status, kept) = Kept::refused(deed, fields, error)?;
            page(web, session, id, kept, None, status).await
        }
    }
}

async fn page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    kept: Kept,
    toast: Option<Toast>,
    status: StatusCode,
) -> Result<Response, Failure> {
    let sight = launch::sight(&web.app, &session.actor, id).await?;
    let candidates = register::candidates(&web.app, &session.actor, &sight.head).await?;
    let top = Top::new(session, &sight.head, HERE);
    let rules = &web.app.methodology.golive;
    let zone = &web.app.time_zone;
    let go_live = sight.live_on.unwrap_or(sight.go_live_on);
    let wave = |(place, wave): (usize, &Wave)| {
        let (word, tone) = match wave.state {
            WaveState::Planned => ("Planned", "soon"),
            WaveState::Live => ("Live", "go"),
            WaveState::Held => ("Held", "late"),
            WaveState::RolledBack => ("Rolled back", "late"),
        };
        let planned = wave.state == WaveState::Planned;
        WaveView {
            place,
            name: wave.name.clone(),
            scope: wave.scope.clone(),
            people: wave.people.map(|number| format!("{number} people")).unwrap_or_default(),
            on: wave.on.into(),
            word,
            tone,
            reason: wave.reason.clone(),
            moved: wave
                .moved
                .as_ref()
                .map(|met| format!("{}, {}", met.by, moment(met.at.into(), zone).words)),
            barred: barred(rules, &sight.running, wave.on).filter(|_| planned && wave.reason.is_none()),
            live: wave.state == WaveState::Live,
            planned,
        }
    };
    let message = |known: &gangway_domain::methodology::LaunchMessage| {
        let made = sight.messages.iter().find(|one| one.body.moment == known.id);
        let due = moment_day(known, go_live);
        let sent = made.and_then(|one| one.body.sent.as_ref());
        MessageView {
            moment: known.id.clone(),
            title: known.title.clone(),
            due: due.into(),
            late: sent.is_none() && due < sight.today,
            id: made.map(|one| one.id.to_string()).unwrap_or_default(),
            version: made.map_or(0, |one| one.version),
            subject: made.map(|one| one.body.subject.clone()).unwrap_or_default(),
            text: made.map(|one| one.body.text.clone()).unwrap_or_default(),
            sent: sent.map(|sent| {
                format!("{} by {}, to {}", moment(sent.at.into(), zone).words, sent.by, sent.to.join(", "))
            }),
            written: made.is_some(),
        }
    };
    let choice = |value: String, label: String| Choice { value, label, chosen: false };
    let contacts = candidates.contacts.iter().filter(|contact| contact.email.is_some());
    let people = contacts
        .map(|contact| choice(contact.id.to_string(), format!("{} ({})", contact.name, contact.account)))
        .chain(
            candidates.members.iter().map(|member| choice(member.person.to_string(), member.name.clone())),
        );
    let chosen = rules.strategies.iter().find(|known| known.name == sight.plan.strategy);
    let lines = sight.plan.waves.iter().map(line).collect::<Vec<_>>().join("\n");
    let page = Page {
        frame: top.frame(session, "Rollout").saying(toast),
        pages: tabs(&top, "/go-live/rollout"),
        strategy: sight.plan.strategy.clone(),
        about: chosen.map(|known| known.description.clone()).unwrap_or_default(),
        strategies: rules
            .strategies
            .iter()
            .map(|known| StrategyView {
                name: known.name.clone(),
                description: known.description.clone(),
                best_for: known.best_for.clone(),
                risk: known.risk.clone(),
                chosen: known.name == sight.plan.strategy,
            })
            .collect(),
        waves: sight.plan.waves.iter().enumerate().map(wave).collect(),
        lines: kept.text_or("waves", "waves", &lines).to_owned(),
        may_go: sight.may_go(),
        may_edit: session.actor.may(Action::RunOnboarding),
        fresh: sight.plan.waves.iter().all(|wave| wave.state == WaveState::Planned),
        version: sight.version,
        messages: rules.launch.messages.iter().map(message).collect(),
        people: people.collect(),
        kept,
        top,
    };
    Ok(render(status, &page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waves_are_read_from_their_lines() {
        let one = draft("Plant Kassel | 2027-03-01 | 40 | Logistics").unwrap();
        assert_eq!(
            (one.name.as_str(), one.people, one.scope.as_str()),
            ("Plant Kassel", Some(40), "Logistics")
        );
        assert!(draft("Plant Kassel").is_err() && draft("Kassel | 2027-03-01 | many").is_err());
    }
}
