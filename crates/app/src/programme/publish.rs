//! Putting a programme in force.

use gangway_domain::permission::Action;
use gangway_methodology::{Comparison, Finding, ProgrammeText};
use gangway_store::programme::{self, Version};
use gangway_store::{StoreError, Tx};

use super::draft::{judge, name};
use super::{Text, Which, deal, in_force_with, known, no_draft, text_with};
use crate::activity::{self, About};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::{Actor, App, calculate, version};

/// Longest note, in characters.
const MOST: usize = 500;

/// Publishes the draft that is at this version: new onboardings are made from it from now on. The draft is
/// over with that. Gives the number of the new version.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] without a draft, [`AppError::Stale`] when somebody changed
/// it since it was looked at, [`AppError::Invalid`] without a note, while it has mistakes, and when it changes
/// nothing; or when the database fails.
#[boxed]
pub async fn publish(app: &App, actor: &Actor, id: &str, note: &str, seen: i64) -> Result<i64, AppError> {
    actor.require(Action::PublishProgrammes)?;
    known(app, id)?;
    let note = checked(note)?;
    let mut tx = app.db.read().await?;
    let draft = programme::draft(&mut tx, actor.workspace, id).await?.ok_or_else(|| no_draft(id))?;
    let force = text_with(app, &mut tx, actor, id, Which::InForce).await?;
    drop(tx);
    version::fresh("draft", draft.version, seen)?;
    usable(app, actor, id, &draft.source).await?;
    differs(&force.source, &draft.source).await?;
    let mut tx = app.db.write().await?;
    let wanted = Wanted { note, based_on: draft.based_on.clone(), is_built_in: false };
    let number = add(app, actor, &mut tx, id, &draft.source, wanted).await?;
    let done = programme::discard(&mut tx, actor.workspace, id, draft.version).await?;
    version::after("draft", draft.version, done)?;
    tx.commit().await?;
    Ok(number)
}

/// Goes back to what is built in, as a new version. A draft stays.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] without a note and when nothing was
/// changed; or when the database fails.
#[boxed]
pub async fn back_to_built_in(app: &App, actor: &Actor, id: &str, note: &str) -> Result<i64, AppError> {
    actor.require(Action::PublishProgrammes)?;
    known(app, id)?;
    let note = checked(note)?;
    let mut tx = app.db.write().await?;
    let built_in = text_with(app, &mut tx, actor, id, Which::BuiltIn).await?;
    let force = text_with(app, &mut tx, actor, id, Which::InForce).await?;
    differs(&force.source, &built_in.source).await?;
    let wanted = Wanted { note, based_on: built_in.digest, is_built_in: true };
    let number = add(app, actor, &mut tx, id, &built_in.source, wanted).await?;
    tx.commit().await?;
    Ok(number)
}

struct Wanted {
    note: String,
    based_on: String,
    is_built_in: bool,
}

async fn add(
    app: &App,
    actor: &Actor,
    tx: &mut Tx,
    id: &str,
    source: &str,
    wanted: Wanted,
) -> Result<i64, AppError> {
    let workspace = actor.workspace;
    let force = in_force_with(app, tx, workspace).await?;
    let built_in = app.methodology.programmes.get(id).map_or(0, |programme| programme.version);
    let number = force.version(id).map_or(0, |version| version.number).max(i64::from(built_in)) + 1;
    let mut text = ProgrammeText::open(source).map_err(|error| invalid("source", error.to_string()))?;
    text.set_version(u32::try_from(number).unwrap_or(u32::MAX));
    let Text { source, digest } = Text::new(text.text());
    let now = app.now();
    programme::keep(tx, workspace, id, &digest, &source, now).await?;
    let Wanted { note, based_on, is_built_in } = wanted;
    let row = Version {
        programme: id.to_owned(),
        number,
        digest,
        note,
        based_on,
        is_built_in,
        published_by: actor.name.clone(),
        published_at: now,
    };
    match programme::publish(tx, workspace, &row, actor.person).await {
        Err(StoreError::Conflict(_)) => return Err(AppError::Stale { what: "programme", version: number }),
        outcome => outcome?,
    }
    let what = if is_built_in { ", as it is built in" } else { "" };
    let summary = format!("Published version {number} of {}{what}: {}", name(app, id), row.note);
    activity::record(app, tx, actor, "programme.published", About::default(), summary).await?;
    Ok(number)
}

/// The text has no mistakes, and a plan can be made from it.
async fn usable(app: &App, actor: &Actor, id: &str, source: &str) -> Result<(), AppError> {
    let judged = judge(app, id, source).await?;
    let errors = judged.findings.iter().filter(|found| found.is_error()).count();
    if let Some(first) = judged.findings.iter().find(|found: &&Finding| found.is_error()) {
        let line = first.diagnostic.line;
        let more = if errors == 1 { String::new() } else { format!(", and {} more", errors - 1) };
        let message = format!("cannot be published yet: line {line}, {}{more}", first.diagnostic.message);
        return Err(invalid("draft", message));
    }
    let Some(programme) = judged.programme else {
        return Err(invalid("draft", "cannot be published: it is no programme"));
    };
    let force = super::in_force(app, actor.workspace).await?;
    let laid = deal::laid_over(&force.methodology, programme);
    match calculate(move || deal::rehearse(&laid)).await? {
        None => Ok(()),
        Some(problem) => Err(invalid(
            "draft",
            format!("cannot be published: a deal of ours cannot be planned with it: {problem}"),
        )),
    }
}

async fn differs(force: &str, source: &str) -> Result<(), AppError> {
    let (force, source) = (force.to_owned(), source.to_owned());
    let same = calculate(move || Comparison::of(&force, &source).is_empty()).await?;
    if same {
        Err(invalid("draft", "says the same as the version in force: there is nothing to publish"))
    } else {
        Ok(())
    }
}

fn checked(note: &str) -> Result<String, AppError> {
    let note = note.split_whitespace().collect::<Vec<_>>().join(" ");
    match note.chars().count() {
        0 => Err(invalid("note", "is missing: whoever compares versions later asks what changed and why")),
        n if n > MOST => Err(invalid("note", "is longer than 500 characters")),
        _ if note.chars().any(char::is_control) => {
            Err(invalid("note", "has a character that cannot be shown"))
        }
        _ => Ok(note),
    }
}

fn invalid(field: &'static str, message: impl Into<String>) -> AppError {
    AppError::Invalid(vec![Problem::new(field, message)])
}
