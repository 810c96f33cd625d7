//! The rollout: its strategy and waves, and what people are told.

use askama::Template;
use gangway_app::identity::Session;
use gangway_app::launch::{self, ReleaseDraft, Sight, WaveDraft};
use gangway_app::{AppError, Problem, register};
use gangway_domain::ids::OnboardingId;
use gangway_domain::launch::{MESSAGE_HOUR, Message, Outlook, Wave, WaveState, barred, moment_day};
use gangway_domain::permission::Action;
use gangway_domain::register::Owner;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::super::read_id;
use super::super::top::{Top, is_over};
use super::{HERE, Kept, answered, day, lines, parts, tabs};
use crate::Web;
use crate::extract::{Answer, Asked, Posted, named};
use crate::format::{Day, moment, signed};
use crate::pages::{Choice, Frame, Tab, render};

/// The end of its address.
const END: &str = "/go-live/rollout";

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
    live: Option<Day>,
    /// It went live, and nobody had written down in what waves.
    unwritten: bool,
    may_edit: bool,
    /// No wave has begun.
    fresh: bool,
    version: i64,
    messages: Vec<MessageView>,
    people: Vec<Choice>,
    /// The clock the account lives by.
    zone: String,
    /// The hour messages go out at where nobody says another.
    hour: i8,
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
    /// When it goes out by itself, or what it waits for.
    outlook: Option<String>,
    released: bool,
    held: bool,
    /// Who released it, to how many.
    release: Option<String>,
}

/// The rollout.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    page(&web, &session, read_id(id)?, Kept::opened(&values)).await
}

/// A strategy is chosen.
pub(crate) async fn strategy(Posted(web, session, onboarding, fields): Posted<String>) -> Answer {
    let id = read_id(onboarding)?;
    let name = fields.text("strategy").to_owned();
    let done = launch::strategy(&web.app, &session.actor, id, fields.version(), &name).await;
    answered((id, END), ("strategy", fields), done.map(|_| "planned"), |kept| page(&web, &session, id, kept))
        .await
}

/// The waves are planned.
pub(crate) async fn waves(Posted(web, session, onboarding, fields): Posted<String>) -> Answer {
    let id = read_id(onboarding)?;
    let (app, actor, version) = (&web.app, &session.actor, fields.version());
    let drafts: Result<Vec<_>, _> = lines(fields.text("waves")).map(draft).collect();
    let done = async { launch::plan_waves(app, actor, id, version, drafts?).await }.await;
    answered((id, END), ("waves", fields), done.map(|_| "planned"), |kept| page(&web, &session, id, kept))
        .await
}

/// `Plant Kassel | 2027-03-01 | 40 | Logistics | reason`.
fn draft(line: &str) -> Result<WaveDraft, AppError> {
    let [name, on, people, scope, reason] = parts(line);
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
pub(crate) async fn move_wave(Posted(web, session, onboarding, fields): Posted<String>) -> Answer {
    let id = read_id(onboarding)?;
    let place = fields.text("place").parse().unwrap_or(usize::MAX);
    let state = fields.text("state").parse().unwrap_or(WaveState::Planned);
    let reason = fields.text("reason").to_owned();
    let (app, actor) = (&web.app, &session.actor);
    let done = launch::move_wave(app, actor, id, fields.version(), place, state, &reason).await;
    answered((id, END), ("move", fields), done.map(|_| "moved"), |kept| page(&web, &session, id, kept)).await
}

/// A message is written from the facts.
pub(crate) async fn write(Posted(web, session, onboarding, fields): Posted<String>) -> Answer {
    let id = read_id(onboarding)?;
    let done = launch::write_message(&web.app, &session.actor, id, fields.text("moment")).await;
    answered((id, END), ("message", fields), done.map(|_| "written"), |kept| page(&web, &session, id, kept))
        .await
}

/// A message is changed, or sent.
pub(crate) async fn message(
    Posted(web, session, (onboarding, message), fields): Posted<(String, String)>,
) -> Answer {
    let id = read_id(onboarding)?;
    let message = named("message", &message)?;
    let (app, actor) = (&web.app, &session.actor);
    let version = fields.version();
    let to = || fields.all("to").filter_map(Owner::read).collect::<Vec<Owner>>();
    let done = match fields.text("deed") {
        "send" => launch::send_message(app, actor, message, version, &to()).await.map(|_| "sent"),
        "release" => {
            let text = |name: &str| Some(fields.text(name).trim()).filter(|text| !text.is_empty());
            let hour = text("hour").map(|hour| hour.parse().unwrap_or(-1));
            let zone = text("zone").map(str::to_owned);
            let draft = ReleaseDraft { to: to(), hour, zone, service: fields.text("service") == "yes" };
            launch::release_message(app, actor, message, version, draft).await.map(|_| "released")
        }
        "hold" => launch::hold_message(app, actor, message, version, true).await.map(|_| "held"),
        "let-go" => launch::hold_message(app, actor, message, version, false).await.map(|_| "released"),
        _ => {
            let (subject, text) = (fields.text("subject"), fields.text("text"));
            launch::change_message(app, actor, message, version, subject, text).await.map(|_| "saved")
        }
    };
    answered((id, END), ("message", fields), done, |kept| page(&web, &session, id, kept)).await
}

async fn page(web: &Web, session: &Session, id: OnboardingId, mut kept: Kept) -> Answer {
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
            moved: wave.moved.as_ref().map(|met| signed(&met.by, met.at, zone)),
            barred: barred(rules, &sight.running, wave.on).filter(|_| planned && wave.reason.is_none()),
            live: wave.state == WaveState::Live,
            planned,
        }
    };
    let message = |known: &gangway_domain::methodology::LaunchMessage| {
        let made = sight.messages.iter().find(|one| one.body.moment == known.id);
        let due = moment_day(known, go_live);
        let sent = made.and_then(|one| one.body.sent.as_ref());
        let release = made.and_then(|one| one.body.release.as_ref()).filter(|_| sent.is_none());
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
            outlook: made.and_then(|one| outlook(web, &sight, &one.body)),
            released: made.is_some_and(|one| one.body.sent.is_none() && one.body.release.is_some()),
            held: release.is_some_and(|release| release.held.is_some()),
            release: release.map(|release| {
                let to = match release.to.len() {
                    1 => "1 person".to_owned(),
                    number => format!("{number} people"),
                };
                let held = release.held.as_ref();
                let held = held.map(|held| format!(" · held: {}", signed(&held.by, held.at, zone)));
                format!(
                    "To {to} · released: {}{}",
                    signed(&release.by, release.at, zone),
                    held.unwrap_or_default()
                )
            }),
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
        frame: top.frame(session, "Rollout").saying(kept.toast.take()),
        pages: tabs(&top, END),
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
        live: sight.live_on.map(Day::from),
        unwritten: sight.live_on.is_some() && sight.version == 0,
        may_edit: session.actor.may(Action::RunOnboarding) && !is_over(&sight.head),
        fresh: sight.plan.waves.iter().all(|wave| wave.state == WaveState::Planned),
        version: sight.version,
        messages: rules.launch.messages.iter().map(message).collect(),
        people: people.collect(),
        zone: sight.zone.iana_name().unwrap_or("UTC").to_owned(),
        hour: MESSAGE_HOUR,
        kept,
        top,
    };
    Ok(render(page.kept.status, &page))
}

/// When a message goes out by itself, on the clock it goes by, or what it waits for.
fn outlook(web: &Web, sight: &Sight, message: &Message) -> Option<String> {
    let zone = message.release.as_ref().and_then(|release| release.zone.as_deref());
    let zone = zone.and_then(|name| TimeZone::get(name).ok()).unwrap_or_else(|| sight.zone.clone());
    let clock = zone.iana_name().unwrap_or("UTC").to_owned();
    let words =
        |at: Timestamp| format!("{} ({clock})", at.to_zoned(zone.clone()).strftime("%-d %b %Y, %H:%M"));
    Some(match sight.outlook(&web.app, message)? {
        Outlook::At(at) if at <= web.app.clock.now() => "Goes out in a moment.".to_owned(),
        Outlook::At(at) => format!("Goes out by itself on {}.", words(at)),
        Outlook::Waits(at, why) => format!("Waits: {why}. Its time is {}.", words(at)),
        Outlook::Over => "Its time is over: it does not go out by itself any more.".to_owned(),
    })
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
