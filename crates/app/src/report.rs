//! Reports on an onboarding: written from its facts, reworded by people, kept at every version, sent by mail or read
//! through a link that can be ended.

mod blanks;
mod facts;
mod paper;
mod trouble;
mod words;

use gangway_documents::{Brand, Document};
use gangway_domain::ids::{OnboardingId, ReportId};
use gangway_domain::methodology::Light;
use gangway_domain::permission::Action;
use gangway_domain::register::{Owner, Visibility};
use gangway_domain::report::{Kind, Overridden, ReportColour};
use gangway_domain::standing::Colour;
use gangway_store::onboarding::head::Head;
use gangway_store::report as rows;
use gangway_store::{Tx, contact, membership};

use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::{Secret, none_of};
use crate::mail;
use crate::package::{self, Wording, wording};
use crate::register::{checked_title, onboarding, record};
use crate::{Actor, App, calculate, page, standing, version};

pub use blanks::{asked, fill};
pub use gangway_store::report::{Link, Query, Report, Version};
pub use paper::{file, page, shared};
pub use words::{prose, reword};

/// Longest text of a report, in characters.
const MOST: usize = 200_000;

/// Most people a report is sent to at once.
const MOST_READERS: usize = 30;

/// The reports on an onboarding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reports {
    /// The onboarding.
    pub head: Head,
    /// The newest first.
    pub reports: Vec<Report>,
    /// The colour the facts give today.
    pub colour: Colour,
}

/// A report with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The onboarding.
    pub head: Head,
    /// The report.
    pub report: Report,
    /// What it said, the newest version first.
    pub versions: Vec<Version>,
    /// Links that open it.
    pub links: Vec<Link>,
}

/// The reports on an onboarding.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn of_onboarding(app: &App, actor: &Actor, id: OnboardingId) -> Result<Reports, AppError> {
    actor.require(Action::Look)?;
    let seen = standing::of_onboarding(app, actor, id).await?;
    let mut tx = app.db.read().await?;
    let reports = rows::of_onboarding(&mut tx, actor.workspace, id).await?;
    Ok(Reports { head: seen.head, reports, colour: seen.colour })
}

/// Reports of the actor's workspace, the newest first, and whether more follow.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn list(app: &App, actor: &Actor, query: Query) -> Result<(Vec<Report>, bool), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    page::read(query.limit, async |limit| {
        rows::page(&mut tx, actor.workspace, &Query { limit, ..query }).await
    })
    .await
}

/// One report with its versions and links.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn get(app: &App, actor: &Actor, id: ReportId) -> Result<Opened, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let report = find(&mut tx, actor, id).await?;
    Ok(Opened {
        head: onboarding(&mut tx, actor, report.onboarding).await?,
        versions: rows::versions(&mut tx, actor.workspace, id).await?,
        links: rows::links(&mut tx, actor.workspace, id).await?,
        report,
    })
}

/// Writes a report from the facts of today. `audience` left out is that of its kind.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] when customers may not read such a report,
/// [`AppError::Render`] when the template cannot be filled in; or when the database fails.
#[boxed]
pub async fn draft(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    kind: Kind,
    audience: Option<Visibility>,
) -> Result<Report, AppError> {
    actor.require(Action::RunOnboarding)?;
    let audience = audience.unwrap_or_else(|| kind.audience());
    if audience == Visibility::Customer && !kind.may_be_read_by_customers() {
        return Err(AppError::Invalid(vec![Problem::new("audience", "must be internal for such a report")]));
    }
    let mut chosen = standing::chosen(app, actor, id).await?;
    if audience == Visibility::Customer
        && let Some(chosen) = &mut chosen
    {
        // Why the team sees it so was written for the team; what its readers are told is chosen in the report.
        chosen.reason.clear();
    }
    let (head, colour, text) = written(app, actor, id, kind, audience, chosen).await?;
    let now = app.now();
    let report = Report {
        id: ReportId::fresh(&*app.ids),
        onboarding: id,
        kind,
        title: format!("{} of {}", kind.label(), app.today().strftime("%-d %b %Y")),
        audience,
        as_of: app.today(),
        colour,
        written: text.clone(),
        text,
        made_by: actor.name.clone(),
        made_at: now,
        changed_by: actor.name.clone(),
        changed_at: now,
        sent_at: None,
        version: 1,
    };
    let mut tx = app.db.write().await?;
    rows::insert(&mut tx, actor.workspace, &report).await?;
    let summary = format!("Wrote the {}", report.title);
    record(app, &mut tx, actor, &head, "report.drafted", summary).await?;
    tx.commit().await?;
    Ok(report)
}

/// What is written from the facts of today, in the colour they give or the one a person chose.
async fn written(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    kind: Kind,
    audience: Visibility,
    overridden: Option<Overridden>,
) -> Result<(Head, ReportColour, String), AppError> {
    let (head, computed, facts) = facts::of(app, actor, id, kind).await?;
    let colour = ReportColour { computed, overridden };
    let facts = facts.coloured(&colour).for_audience(audience);
    let methodology = app.methodology.clone();
    let text = calculate(move || package::report(&methodology, kind.template(), &facts)).await??;
    Ok((head, colour, wording::tidy(&text)))
}

/// What is to change of a report; what is none stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Title.
    pub title: Option<String>,
    /// What it says, in the dialect of `docs/document-dialect.md`.
    pub text: Option<String>,
}

/// Changes a report that is still what it was when it was looked at.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] with the line when the text cannot be read,
/// [`AppError::Stale`] when its version is not `version` any more; or when the database fails.
#[boxed]
pub async fn change(
    app: &App,
    actor: &Actor,
    id: ReportId,
    version: i64,
    changes: Changes,
) -> Result<Report, AppError> {
    actor.require(Action::RunOnboarding)?;
    let Changes { title, text } = changes;
    let mut problems = Vec::new();
    let title = title.map(|title| checked_title(&title, &mut problems));
    none_of(problems)?;
    let text = match text {
        Some(text) => Some(calculate(move || readable(&text).map(|(text, _)| text)).await??),
        None => None,
    };
    let mut tx = app.db.write().await?;
    let known = fresh(&mut tx, actor, id, version).await?;
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    let mut wanted = known.clone();
    wanted.title = title.unwrap_or(wanted.title);
    wanted.text = text.unwrap_or(wanted.text);
    if wanted == known {
        return Ok(known);
    }
    let summary = format!("Changed the report {}", wanted.title);
    let kept = keep(app, &mut tx, actor, wanted).await?;
    record(app, &mut tx, actor, &head, "report.changed", summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Puts a colour in place of what the rules give, or takes that back; the words follow.
///
/// # Errors
/// [`AppError::Invalid`] when a colour has no reason; otherwise as [`change`].
#[boxed]
pub async fn recolour(
    app: &App,
    actor: &Actor,
    id: ReportId,
    version: i64,
    chosen: Option<(Light, String)>,
) -> Result<Report, AppError> {
    actor.require(Action::RunOnboarding)?;
    renew(app, actor, id, version, Some(standing::overridden(actor, chosen)?)).await
}

/// Writes it again from the facts of today; what people changed is worked in.
///
/// # Errors
/// As [`change`].
#[boxed]
pub async fn refresh(app: &App, actor: &Actor, id: ReportId, version: i64) -> Result<Report, AppError> {
    actor.require(Action::RunOnboarding)?;
    renew(app, actor, id, version, None).await
}

async fn renew(
    app: &App,
    actor: &Actor,
    id: ReportId,
    version: i64,
    overridden: Option<Option<Overridden>>,
) -> Result<Report, AppError> {
    let before = get(app, actor, id).await?.report;
    let chosen = overridden.clone().unwrap_or_else(|| before.colour.overridden.clone());
    let (head, colour, now) =
        written(app, actor, before.onboarding, before.kind, before.audience, chosen).await?;
    let laid = {
        let (base, text, now) = (before.written.clone(), before.text.clone(), now.clone());
        calculate(move || if base == text { now } else { Wording { base, text }.over(&now).text }).await?
    };
    let mut tx = app.db.write().await?;
    let known = fresh(&mut tx, actor, id, version).await?;
    let summary = match (&overridden, &colour.overridden) {
        (Some(_), Some(chosen)) => {
            format!("Made the report {} {}: {}", known.title, chosen.light.word(), chosen.reason)
        }
        (Some(_), None) => format!("Left the colour of the report {} to the rules", known.title),
        (None, _) => format!("Wrote the report {} again from the facts", known.title),
    };
    let wanted = Report { colour, written: now, text: laid, as_of: app.today(), ..known };
    let kept = keep(app, &mut tx, actor, wanted).await?;
    record(app, &mut tx, actor, &head, "report.changed", summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Sends a report by mail to people of the workspace and of the customer.
///
/// # Errors
/// [`AppError::Invalid`] when nobody is named, somebody has no address, a customer is to read what is internal, or
/// its writer has left something open; otherwise as [`change`].
#[boxed]
pub async fn send(
    app: &App,
    actor: &Actor,
    id: ReportId,
    version: i64,
    readers: &[Owner],
) -> Result<(Report, Vec<String>), AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let known = fresh(&mut tx, actor, id, version).await?;
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    let mut problems = Vec::new();
    problems.extend(blanks::left_open(&known).map(|open| Problem::new("text", open)));
    let readers = addresses(&mut tx, actor, &head, known.audience, readers, &mut problems).await?;
    none_of(problems)?;
    let vendor = mail::vendor(&mut tx, actor.workspace).await?;
    let (title, text) = (format!("{}: {}", head.customer, known.title), known.text.clone());
    let brand = Brand::new(vendor.clone(), "");
    let letter = calculate(move || {
        let (_, mut document) = readable(&text)?;
        document.head.subject = Some(title);
        Ok::<_, AppError>(gangway_documents::email(&document, &brand))
    });
    let letter = letter.await??;
    let answers = mail::answered_by(&mut tx, actor.workspace, head.id).await?;
    for (_, email) in &readers {
        let sender = (vendor.as_str(), answers.clone());
        mail::send_rendered_in_name(app, &mut tx, actor.workspace, email, &letter, sender).await?;
    }
    let names: Vec<String> = readers.into_iter().map(|(name, _)| name).collect();
    let kept = keep(app, &mut tx, actor, Report { sent_at: Some(app.now()), ..known }).await?;
    let summary = format!("Sent the report {} to {}", kept.title, names.join(", "));
    record(app, &mut tx, actor, &head, "report.sent", summary).await?;
    tx.commit().await?;
    Ok((kept, names))
}

async fn addresses(
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    audience: Visibility,
    readers: &[Owner],
    problems: &mut Vec<Problem>,
) -> Result<Vec<(String, String)>, AppError> {
    if readers.is_empty() || readers.len() > MOST_READERS {
        problems.push(Problem::new("to", format!("must name between one and {MOST_READERS} people")));
        return Ok(Vec::new());
    }
    let mut found = Vec::with_capacity(readers.len());
    for reader in readers {
        match reader {
            Owner::Person { id } => match membership::get(tx, actor.workspace, *id).await? {
                Some(member) => found.push((member.name, member.email)),
                None => problems.push(Problem::new("to", "names nobody of the workspace")),
            },
            Owner::Contact { id } => {
                let contact = contact::get(tx, actor.workspace, *id).await?;
                match contact.filter(|contact| contact.account_id == head.account_id) {
                    Some(_) if audience == Visibility::Internal => {
                        problems.push(Problem::new("to", "names a customer, and the report is internal"));
                    }
                    Some(contact) => match contact.email {
                        Some(email) => found.push((contact.name, email)),
                        None => problems.push(Problem::new("to", "names somebody without a mail address")),
                    },
                    None => problems.push(Problem::new("to", "names nobody of this customer")),
                }
            }
            Owner::Named { .. } => problems.push(Problem::new("to", "names nobody who is known")),
        }
    }
    Ok(found)
}

/// Makes a link by which whoever has it reads the report as it stands then, without signing in.
///
/// # Errors
/// [`AppError::Refusal`] when the report is internal, or its writer has left something open; otherwise as [`get`].
#[boxed]
pub async fn share(app: &App, actor: &Actor, id: ReportId) -> Result<Secret, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let known = find(&mut tx, actor, id).await?;
    if known.audience == Visibility::Internal {
        return Err(AppError::Refusal("an internal report cannot be read through a link".to_owned()));
    }
    if let Some(open) = blanks::left_open(&known) {
        return Err(AppError::Refusal(format!("the report {open}")));
    }
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    let secret = Secret::fresh(&*app.secrets);
    let link = Link { digest: secret.digest(), made_by: actor.name.clone(), made_at: app.now() };
    rows::add_link(&mut tx, actor.workspace, id, &link).await?;
    let summary = format!("Made a link to the report {}", known.title);
    record(app, &mut tx, actor, &head, "report.shared", summary).await?;
    tx.commit().await?;
    Ok(secret)
}

/// Ends a link, named by the digest of its secret.
///
/// # Errors
/// [`AppError::NotFound`] when it opens nothing; otherwise as [`get`].
#[boxed]
pub async fn end_link(app: &App, actor: &Actor, id: ReportId, digest: &str) -> Result<Report, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let known = find(&mut tx, actor, id).await?;
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    if !rows::end_link(&mut tx, actor.workspace, id, digest, app.now()).await? {
        return Err(AppError::missing("link", digest.chars().take(12).collect::<String>()));
    }
    let summary = format!("Ended a link to the report {}", known.title);
    record(app, &mut tx, actor, &head, "report.link_ended", summary).await?;
    tx.commit().await?;
    Ok(known)
}

/// Takes a report away that was never sent, with its links.
///
/// # Errors
/// [`AppError::Refusal`] when it was sent: others refer to it; otherwise as [`change`].
#[boxed]
pub async fn remove(app: &App, actor: &Actor, id: ReportId, version: i64) -> Result<OnboardingId, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let known = fresh(&mut tx, actor, id, version).await?;
    if known.sent_at.is_some() {
        return Err(AppError::Refusal("a report that was sent stays: others refer to it".to_owned()));
    }
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    version::after("report", version, rows::delete(&mut tx, actor.workspace, id, version).await?)?;
    let summary = format!("Removed the report {}", known.title);
    record(app, &mut tx, actor, &head, "report.removed", summary).await?;
    tx.commit().await?;
    Ok(head.id)
}

async fn find(tx: &mut Tx, actor: &Actor, id: ReportId) -> Result<Report, AppError> {
    rows::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("report", id))
}

async fn fresh(tx: &mut Tx, actor: &Actor, id: ReportId, seen: i64) -> Result<Report, AppError> {
    let known = find(tx, actor, id).await?;
    version::fresh("report", known.version, seen)?;
    Ok(known)
}

async fn keep(app: &App, tx: &mut Tx, actor: &Actor, report: Report) -> Result<Report, AppError> {
    let report = Report { changed_by: actor.name.clone(), changed_at: app.now(), ..report };
    let done = rows::change(tx, actor.workspace, &report).await?;
    let version = version::after("report", report.version, done)?;
    Ok(Report { version, ..report })
}

/// A text that can be read, tidied, and what it says.
fn readable(text: &str) -> Result<(String, Document), AppError> {
    let invalid = |message: String| AppError::Invalid(vec![Problem::new("text", message)]);
    if text.chars().count() > MOST {
        return Err(invalid(format!("is longer than {MOST} characters")));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(invalid("has a character that cannot be shown".to_owned()));
    }
    let text = wording::tidy(text);
    match gangway_documents::parse(&text) {
        Ok(document) if document.blocks.is_empty() => Err(invalid("is empty".to_owned())),
        Ok(document) => Ok((text, document)),
        Err(error) => Err(invalid(format!("cannot be read at line {}: {}", error.line, error.message))),
    }
}
