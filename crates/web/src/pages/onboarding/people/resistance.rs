//! The log of resistance: a list, and one form that writes down and changes.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::people::{self, Noticed, Resistance};
use gangway_domain::ids::{ContactId, OnboardingId, ResistanceId};
use gangway_domain::permission::Action;

use super::tabs;
use crate::Web;
use crate::extract::{Answer, Asked, Posted, named};
use crate::form::{Fields, Wrong, answered, day_or_none, meanwhile};
use crate::format::Day;
use crate::pages::onboarding::read_id;
use crate::pages::onboarding::top::Top;
use crate::pages::{Choice, Frame, Tab, Toast, Undo, render};

/// Entries shown.
const SHOWN: u32 = 200;

#[derive(Template)]
#[template(path = "pages/onboarding/people/resistance.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    lines: Vec<Line>,
    /// What helps against each kind.
    helps: Vec<Play>,
    may_edit: bool,
    /// Where the form is sent.
    action: String,
    /// The entry it changes; empty for a new one.
    editing: String,
    sheet: Sheet,
    contacts: Vec<Choice>,
    signals: Vec<Choice>,
    kinds: Vec<Choice>,
}

/// What helps against a kind of resistance.
struct Play {
    kind: String,
    cause: String,
    strategy: String,
}

/// An entry in the list.
struct Line {
    href: String,
    /// Where it is resolved or met again.
    address: String,
    who: String,
    concern: String,
    signal: String,
    kind: String,
    strategy: String,
    actions: String,
    owner: String,
    noticed: Day,
    resolved: Option<Day>,
    resolution: String,
    version: i64,
}

/// What the form holds.
#[derive(Debug, Clone, Default)]
struct Sheet {
    version: i64,
    contact: String,
    who: String,
    signal: String,
    kind: String,
    concern: String,
    actions: String,
    owner: String,
    noticed_on: String,
    wrong: Wrong,
}

/// The log.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let id = read_id(id)?;
    let editing = values.text("edit").parse::<ResistanceId>().ok();
    let toast = if values.has("resolved") {
        undo(&web, &session, id, &values.text("resolved")).await
    } else if values.has("saved") {
        Toast::of("Saved.")
    } else {
        None
    };
    page(&web, &session, id, editing, None, toast, StatusCode::OK).await
}

/// What was just resolved, and how to take that back.
async fn undo(web: &Web, session: &Session, id: OnboardingId, entry: &str) -> Option<Toast> {
    let entry = entry.parse::<ResistanceId>().ok()?;
    let (_, known) = people::resistance(&web.app, &session.actor, entry).await.ok()?;
    let undo = known.resolved.is_some().then(|| Undo {
        action: format!("/onboardings/{id}/people/resistance/{entry}/reopening"),
        fields: vec![("version", known.version.to_string())],
    });
    Some(Toast { text: "Resolved.".to_owned(), undo })
}

/// Writes resistance down.
pub(crate) async fn notice(Posted(web, session, id, fields): Posted<String>) -> Answer {
    keep(&web, &session, read_id(id)?, None, Sheet::typed(&fields)).await
}

/// Changes what is written down.
pub(crate) async fn change(Posted(web, session, (id, entry), fields): Posted<(String, String)>) -> Answer {
    let (id, entry) = (read_id(id)?, entry_id(&entry)?);
    keep(&web, &session, id, Some(entry), Sheet::typed(&fields)).await
}

/// Keeps what the form says: of this entry, or of a new one.
async fn keep(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    entry: Option<ResistanceId>,
    sheet: Sheet,
) -> Answer {
    let (app, actor) = (&web.app, &session.actor);
    let made = match (sheet.read(), entry) {
        (Ok(noticed), Some(entry)) => {
            people::change_resistance(app, actor, entry, sheet.version, noticed).await
        }
        (Ok(noticed), None) => people::notice(app, actor, id, noticed).await,
        (Err(error), _) => Err(error),
    };
    answered(
        made,
        |_| Redirect::to(&format!("/onboardings/{id}/people/resistance?saved")).into_response(),
        |status, wrong| page(web, session, id, entry, Some(Sheet { wrong, ..sheet }), None, status),
    )
    .await
}

/// It is over.
pub(crate) async fn resolve(Posted(web, session, (id, entry), fields): Posted<(String, String)>) -> Answer {
    let (id, entry) = (read_id(id)?, entry_id(&entry)?);
    let how = Some(fields.text("how"));
    settle(&web, &session, id, (entry, fields.version(), how), &format!("resolved={entry}")).await
}

/// It is not over after all.
pub(crate) async fn reopen(Posted(web, session, (id, entry), fields): Posted<(String, String)>) -> Answer {
    let (id, entry) = (read_id(id)?, entry_id(&entry)?);
    settle(&web, &session, id, (entry, fields.version(), None), "saved").await
}

/// Says of an entry, in place of a version, how it ended; nothing when it is open again.
async fn settle(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    (entry, version, how): (ResistanceId, i64, Option<&str>),
    said: &str,
) -> Answer {
    let (status, wrong) = match people::resolve(&web.app, &session.actor, entry, version, how).await {
        Ok(_) => {
            return Ok(Redirect::to(&format!("/onboardings/{id}/people/resistance?{said}")).into_response());
        }
        Err(AppError::Invalid(_)) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            Wrong::whole("How it ended is missing: whoever meets it again asks."),
        ),
        Err(error) => meanwhile(error)?,
    };
    page(web, session, id, None, Some(Sheet { wrong, ..Sheet::default() }), None, status).await
}

fn entry_id(id: &str) -> Result<ResistanceId, AppError> {
    named("resistance", id)
}

async fn page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    editing: Option<ResistanceId>,
    sheet: Option<Sheet>,
    toast: Option<Toast>,
    status: StatusCode,
) -> Answer {
    let (head, entries, _) = people::resistances(&web.app, &session.actor, id, None, SHOWN).await?;
    let stakeholders = people::names(&web.app, &session.actor, id).await?;
    let known = editing.and_then(|id| entries.iter().find(|entry| entry.id == id));
    let blank = || Sheet { noticed_on: web.app.today().to_string(), ..Sheet::default() };
    let mut sheet = sheet.or_else(|| known.map(Sheet::of)).unwrap_or_else(blank);
    sheet.version = known.map_or(sheet.version, |known| known.version);
    let top = Top::new(session, &head, "/people");
    let rules = &web.app.methodology.people;
    let mut contacts = vec![Choice::of("", "A group", &sheet.contact)];
    contacts
        .extend(stakeholders.into_iter().map(|(id, name)| Choice::of(id.to_string(), name, &sheet.contact)));
    let page = Page {
        frame: top.frame(session, "Resistance").saying(toast),
        pages: tabs(&top, "/people/resistance"),
        action: known.map_or_else(
            || top.to("/people/resistance"),
            |known| top.to(&format!("/people/resistance/{}", known.id)),
        ),
        editing: known.map(|known| known.who.clone()).unwrap_or_default(),
        helps: rules
            .resistance
            .iter()
            .map(|one| Play {
                kind: one.kind.clone(),
                cause: one.cause.clone(),
                strategy: one.strategy.clone(),
            })
            .collect(),
        signals: rules
            .resistance_responses
            .iter()
            .map(|one| Choice::of(&one.id, &one.signal, &sheet.signal))
            .collect(),
        kinds: rules.resistance.iter().map(|one| Choice::of(&one.id, &one.kind, &sheet.kind)).collect(),
        may_edit: session.actor.may(Action::RunOnboarding),
        contacts,
        sheet,
        lines: entries.iter().map(|entry| Line::new(web, &top, entry)).collect(),
        top,
    };
    Ok(render(status, &page))
}

impl Line {
    fn new(web: &Web, top: &Top, entry: &Resistance) -> Self {
        let rules = &web.app.methodology.people;
        let kind = rules.resistance.iter().find(|one| one.id == entry.kind);
        let signal = rules.resistance_responses.iter().find(|one| one.id == entry.signal);
        Self {
            href: top.to(&format!("/people/resistance?edit={}", entry.id)),
            address: top.to(&format!("/people/resistance/{}", entry.id)),
            who: entry.who.clone(),
            concern: entry.concern.clone(),
            signal: signal.map_or_else(|| entry.signal.clone(), |one| one.signal.clone()),
            kind: kind.map_or_else(|| entry.kind.clone(), |one| one.kind.clone()),
            strategy: kind.map(|one| one.strategy.clone()).unwrap_or_default(),
            actions: entry.actions.clone(),
            owner: entry.owner.clone(),
            noticed: entry.noticed_on.into(),
            resolved: entry.resolved.as_ref().map(|(on, _)| Day::from(*on)),
            resolution: entry.resolved.as_ref().map(|(_, how)| how.clone()).unwrap_or_default(),
            version: entry.version,
        }
    }
}

impl Sheet {
    fn of(entry: &Resistance) -> Self {
        Self {
            version: entry.version,
            contact: entry.contact.map(|id| id.to_string()).unwrap_or_default(),
            who: if entry.contact.is_some() { String::new() } else { entry.who.clone() },
            signal: entry.signal.clone(),
            kind: entry.kind.clone(),
            concern: entry.concern.clone(),
            actions: entry.actions.clone(),
            owner: entry.owner.clone(),
            noticed_on: entry.noticed_on.to_string(),
            wrong: Wrong::default(),
        }
    }

    fn typed(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name).to_owned();
        Self {
            version: fields.version(),
            contact: text("contact"),
            who: text("who"),
            signal: text("signal"),
            kind: text("kind"),
            concern: text("concern"),
            actions: text("actions"),
            owner: text("owner"),
            noticed_on: text("noticed_on"),
            wrong: Wrong::default(),
        }
    }

    fn read(&self) -> Result<Noticed, AppError> {
        Ok(Noticed {
            contact: self.contact.parse::<ContactId>().ok(),
            who: self.who.clone(),
            signal: self.signal.clone(),
            kind: self.kind.clone(),
            concern: self.concern.clone(),
            actions: self.actions.clone(),
            owner: self.owner.clone(),
            noticed_on: day_or_none("noticed_on", &self.noticed_on)?,
        })
    }
}
