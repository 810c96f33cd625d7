//! The register of one onboarding: a list by kind, with where the risks stand, and a page for each entry.

mod entry;
mod sheet;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::register::{self, Draft, Entry, Register};
use gangway_app::work;
use gangway_domain::ids::{OnboardingId, RegisterId};
use gangway_domain::methodology::GovernanceRules;
use gangway_domain::permission::Action;
use gangway_domain::register::{Details, Kind, Visibility};
use jiff::civil::Date;

use super::super::read_id;
use super::super::top::Top;
use super::{HERE, rules, tabs, tone};
use crate::Web;
use crate::extract::{Answer, Asked, Here, Posted, Values, named};
use crate::form::answered;
use crate::format::{Day, capital};
use crate::pages::document::to_save;
use crate::pages::{Frame, Part, Tab, Toast, Undo, render};

use sheet::{Choices, Read, Sheet};

pub(crate) use entry::{change, close, remove, reopen, schedule, show};

#[derive(Template)]
#[template(path = "pages/onboarding/governance/register/list.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    parts: Vec<Part>,
    lines: Vec<Line>,
    /// It shows what has ended.
    closed: bool,
    heat: Option<Heat>,
    /// What the page shows when nothing is in it.
    nothing: &'static str,
    may_edit: bool,
    add: &'static str,
    sheet: Sheet,
    choices: Choices,
}

/// An entry in the list.
struct Line {
    href: String,
    code: String,
    title: String,
    note: String,
    weight: String,
    tone: &'static str,
    owner: String,
    due: Option<Day>,
    overdue: bool,
    status: String,
    shared: bool,
}

/// Risks by probability and impact.
struct Heat {
    rows: Vec<HeatRow>,
    legend: Vec<Legend>,
}

struct HeatRow {
    impact: i64,
    cells: Vec<HeatCell>,
}

struct HeatCell {
    /// Codes of the risks that stand there.
    codes: Vec<(String, String)>,
    tone: &'static str,
    /// What the cell is for those who cannot see it.
    label: String,
}

struct Legend {
    name: String,
    answer: String,
    tone: &'static str,
}

/// Which part of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Open,
    Kind(Kind),
    Closed,
}

impl Shown {
    fn of(word: &str) -> Self {
        match word.parse() {
            Ok(kind) => Self::Kind(kind),
            Err(_) if word == "closed" => Self::Closed,
            Err(_) => Self::Open,
        }
    }

    fn holds(self, entry: &Entry) -> bool {
        match self {
            Self::Open => entry.status.is_open(),
            Self::Kind(kind) => entry.kind() == kind && entry.status.is_open(),
            Self::Closed => !entry.status.is_open(),
        }
    }

    /// The kind that is added from here.
    fn adds(self) -> Kind {
        match self {
            Self::Kind(kind) => kind,
            Self::Open | Self::Closed => Kind::Risk,
        }
    }

    fn nothing(self) -> &'static str {
        match self {
            Self::Open => "Nothing is open.",
            Self::Kind(Kind::Risk) => "No risk is open. Add what could go wrong, before it does.",
            Self::Kind(Kind::Issue) => "No issue is open. Add what stands in the way.",
            Self::Kind(Kind::Decision) => "No decision is needed. Add what must be decided, and by when.",
            Self::Kind(Kind::Action) => "No action is open. Add what somebody is to do.",
            Self::Closed => "Nothing has ended yet.",
        }
    }
}

/// The whole register as a file.
pub(crate) async fn csv(Here(web, session, id): Here<String>) -> Answer {
    let file = register::entries_file(&web.app, &session.actor, read_id(id)?).await?;
    Ok(to_save(&file.name, file.media_type, file.bytes))
}

/// The register.
pub(crate) async fn list(Asked(web, session, id, values): Asked<String>) -> Answer {
    let id = read_id(id)?;
    let shown = Shown::of(&values.text("kind"));
    let toast = said(&web, &session, id, &values).await?;
    page(&web, &session, id, shown, Sheet::blank(shown.adds()), toast, StatusCode::OK).await
}

/// Adds an entry; when it cannot be, the form comes back.
pub(crate) async fn create(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let mut sheet = Sheet::typed(&fields);
    let kind: Kind = sheet.kind.parse().unwrap_or(Kind::Risk);
    let made = match sheet.read(kind) {
        Ok(Read { title, details, owner, due_on, visibility }) => {
            let draft = Draft { title, details, owner, due_on, visibility, meeting: None };
            register::add(&web.app, &session.actor, id, draft).await
        }
        Err(error) => Err(error),
    };
    answered(
        made,
        |entry| {
            let address = format!("/onboardings/{id}/register?kind={kind}&added={}", entry.id);
            Redirect::to(&address).into_response()
        },
        |status, wrong| {
            sheet.wrong = wrong;
            sheet.kind = kind.word().to_owned();
            page(&web, &session, id, Shown::Kind(kind), sheet, None, status)
        },
    )
    .await
}

/// What was just done, by the words in the address, and how to take it back.
async fn said(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    values: &Values,
) -> Result<Option<Toast>, AppError> {
    if values.has("removed") {
        return Ok(Toast::of("Taken back."));
    }
    let (name, deed) = if values.has("added") { ("added", "Added") } else { ("closed", "Closed") };
    let Ok(known) = values.text(name).parse::<RegisterId>() else { return Ok(None) };
    let Ok((_, entry)) = register::get(&web.app, &session.actor, known).await else { return Ok(None) };
    let address = format!("/onboardings/{id}/register/{known}");
    let undo = if name == "added" {
        (entry.version == 1).then(|| Undo { action: format!("{address}/removal"), fields: Vec::new() })
    } else {
        let version = entry.version.to_string();
        (!entry.status.is_open())
            .then(|| Undo { action: format!("{address}/reopening"), fields: vec![("version", version)] })
    };
    Ok(Some(Toast { text: format!("{deed} {}.", entry.code()), undo }))
}

async fn page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    shown: Shown,
    sheet: Sheet,
    toast: Option<Toast>,
    status: StatusCode,
) -> Answer {
    let Register { head, entries, today } = register::of_onboarding(&web.app, &session.actor, id).await?;
    let candidates = register::candidates(&web.app, &session.actor, &head).await?;
    let may_run = session.actor.may(Action::RunOnboarding);
    // Only an issue says which task it blocks.
    let plan = if may_run && sheet.kind == Kind::Issue.word() {
        Some(work::plan(&web.app, &session.actor, &head).await?)
    } else {
        None
    };
    let rules = rules(web);
    let top = Top::new(session, &head, HERE);
    let part = |label: &str, value: &str, one: Shown| Part {
        label: label.to_owned(),
        count: i64::try_from(entries.iter().filter(|entry| one.holds(entry)).count()).unwrap_or(i64::MAX),
        href: top.to(&format!("/register{}{value}", if value.is_empty() { "" } else { "?kind=" })),
        here: one == shown,
    };
    let page = Page {
        frame: top.frame(session, "Register").saying(toast),
        pages: tabs(&top, "/register"),
        parts: vec![
            part("Open", "", Shown::Open),
            part("Risks", "risk", Shown::Kind(Kind::Risk)),
            part("Issues", "issue", Shown::Kind(Kind::Issue)),
            part("Decisions", "decision", Shown::Kind(Kind::Decision)),
            part("Actions", "action", Shown::Kind(Kind::Action)),
            part("Closed", "closed", Shown::Closed),
        ],
        lines: entries
            .iter()
            .filter(|entry| shown.holds(entry))
            .map(|entry| line(rules, &top, entry, today))
            .collect(),
        closed: shown == Shown::Closed,
        heat: (shown == Shown::Kind(Kind::Risk)).then(|| heat(rules, &top, &entries)),
        nothing: shown.nothing(),
        may_edit: may_run && shown != Shown::Closed,
        add: match shown.adds() {
            Kind::Risk => "Add a risk",
            Kind::Issue => "Add an issue",
            Kind::Decision => "Add a decision",
            Kind::Action => "Add an action",
        },
        choices: sheet.choices(web, &candidates, plan.as_ref()),
        sheet,
        top,
    };
    Ok(render(status, &page))
}

fn line(rules: &GovernanceRules, top: &Top, entry: &Entry, today: Date) -> Line {
    let (weight, tone) = weight(rules, entry);
    Line {
        href: top.to(&format!("/register/{}", entry.id)),
        code: entry.code(),
        title: entry.title.clone(),
        note: note(entry),
        weight,
        tone,
        owner: entry.owner_name.clone().unwrap_or_else(|| "Nobody yet".to_owned()),
        due: entry.due_on.map(Day::from),
        overdue: entry.is_overdue(today),
        status: status(entry),
        shared: entry.visibility == Visibility::Customer,
    }
}

/// How grave an entry is, in words, and how a tag shows it.
fn weight(rules: &GovernanceRules, entry: &Entry) -> (String, &'static str) {
    match &entry.details {
        Details::Risk { .. } => {
            let exposure = entry.details.exposure().unwrap_or_default();
            let band = rules.band(exposure);
            let name =
                band.map_or_else(|| exposure.to_string(), |band| format!("{} · {exposure}", band.name));
            (name, band.map_or("", |band| tone(rules, &band.id)))
        }
        Details::Issue { severity, .. } => {
            let word = sheet::severity_word(*severity);
            let tone = match word {
                "critical" => "late",
                "high" => "soon",
                _ => "",
            };
            (capital(word), tone)
        }
        Details::Decision { .. } | Details::Action { .. } => (String::new(), ""),
    }
}

/// What stands under the title of an entry.
fn note(entry: &Entry) -> String {
    let text = match &entry.details {
        Details::Risk { mitigation, .. } => mitigation,
        Details::Issue { about, .. } | Details::Action { about, .. } => about,
        Details::Decision { assumed, about, .. } => {
            if assumed.is_empty() {
                about
            } else {
                assumed
            }
        }
    };
    let first = text.lines().next().unwrap_or_default();
    let mut short: String = first.chars().take(200).collect();
    if first.chars().count() > 200 {
        short.push('…');
    }
    short
}

/// Where an entry stands, in a word.
fn status(entry: &Entry) -> String {
    match &entry.status {
        gangway_domain::register::Status::Open => "Open".to_owned(),
        gangway_domain::register::Status::Closed { outcome } => capital(outcome.word()),
    }
}

/// Open risks on the grid of probability and impact.
fn heat(rules: &GovernanceRules, top: &Top, entries: &[Entry]) -> Heat {
    let cell = |probability: i64, impact: i64| {
        let codes: Vec<(String, String)> = entries
            .iter()
            .filter(|entry| entry.status.is_open())
            .filter(|entry| {
                matches!(&entry.details, Details::Risk { probability: p, impact: i, .. }
                    if p.number() == probability && i.number() == impact)
            })
            .map(|entry| (entry.code(), top.to(&format!("/register/{}", entry.id))))
            .collect();
        HeatCell {
            tone: rules.band(probability * impact).map_or("", |band| tone(rules, &band.id)),
            label: format!("Probability {probability}, impact {impact}"),
            codes,
        }
    };
    Heat {
        rows: (1..=5)
            .rev()
            .map(|impact| HeatRow { impact, cells: (1..=5).map(|p| cell(p, impact)).collect() })
            .collect(),
        legend: rules
            .bands
            .iter()
            .rev()
            .map(|band| Legend {
                name: band.name.clone(),
                answer: band.answer.clone(),
                tone: tone(rules, &band.id),
            })
            .collect(),
    }
}

/// The entry an address names.
fn entry_id(id: &str) -> Result<RegisterId, AppError> {
    named("entry", id)
}
