//! Documents of an onboarding and the words people changed in them before they sent them.

mod kept;

use gangway_domain::ids::OnboardingId;
use gangway_domain::package::{Meeting, Package};
use gangway_domain::permission::Action;
use gangway_domain::portal::Language;
use gangway_store::document_edit::{self, Edit};
use gangway_store::onboarding::head::Head;
use gangway_store::portal::setting;
use gangway_store::{Timestamp, Tx, onboarding, outcome, work};
use sha2::{Digest, Sha256};

use self::kept::Seal;
use crate::activity::{self, About};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::package::{self, PackageError, Standing, Wordable, Wording, Wordings, wording};
use crate::people::Present;
use crate::{Actor, App, calculate};

pub use self::kept::Pages;

/// How often a change is worked into those of others who are faster, before the person decides.
const ROUNDS: u32 = 8;

/// Longest text of a document, in characters: ten times the longest of the built-in templates.
const MOST: usize = 400_000;

/// A document as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Whose it is.
    pub head: Head,
    /// Which document.
    pub document: Wordable,
    /// Its text in the dialect of `docs/document-dialect.md`: what its files are made from.
    pub text: String,
    /// What is written from the plan now.
    pub written: String,
    /// Who changed its words, when somebody has.
    pub changed: Option<Changed>,
    /// Says what it is now: another text from the plan or another change gives another mark. Never negative.
    pub mark: i64,
}

/// That somebody changed the words of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// How it stands to the plan.
    pub standing: Standing,
}

/// What somebody had before them when they changed a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen<'a> {
    /// Its mark.
    pub mark: i64,
    /// Its text: with it, what others changed elsewhere in the document meanwhile is worked in.
    pub text: Option<&'a str>,
}

/// What came of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// It is saved; this is the mark of the document now.
    Done(i64),
    /// It is saved together with what others changed elsewhere in it meanwhile; this is the mark of both.
    Merged(i64),
    /// The document is not what it was when it was looked at, and the changes do not go together: nothing is saved,
    /// and this is how it stands.
    Overlap(Box<Sheet>),
}

/// A document as it stands.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when the workspace has no such onboarding or the onboarding no
/// such document, [`AppError::Render`] when its template cannot be filled in; or when the database fails.
#[boxed]
pub async fn open(app: &App, actor: &Actor, id: OnboardingId, name: &str) -> Result<Sheet, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let (head, package) = load(app, &mut tx, actor, id).await?;
    let document = find(&package.meetings, name)?;
    let edit = document_edit::get(&mut tx, actor.workspace, id, document.name).await?;
    let language = language(&mut tx, actor).await?;
    drop(tx);
    let methodology = app.methodology.clone();
    let sheet = move || {
        let written = wording::tidy(&package::written(&package, &methodology, document, language)?);
        let (text, changed) = stand(&written, edit.as_ref());
        let mark = mark(&written, edit.as_ref());
        Ok::<_, PackageError>(Sheet { head, document, text, written, changed, mark })
    };
    Ok(calculate(sheet).await??)
}

/// A text as a page to look at; nothing is saved. `None` shows the document as it stands.
///
/// # Errors
/// [`AppError::Invalid`] with the line when the text cannot be read; otherwise as [`open`].
#[boxed]
pub async fn preview(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    name: &str,
    text: Option<&str>,
) -> Result<String, AppError> {
    actor.require(Action::Look)?;
    let Some(text) = text else { return as_it_stands(app, actor, id, name).await };
    let (text, _) = checked(text.to_owned()).await?;
    let mut tx = app.db.read().await?;
    let (_, package) = load(app, &mut tx, actor, id).await?;
    drop(tx);
    let document = find(&package.meetings, name)?;
    Ok(calculate(move || package::page(&package, document, &text)).await??)
}

/// A document as it stands, as a page: the one that was made last while nothing changed of what it is made of.
#[boxed]
async fn as_it_stands(app: &App, actor: &Actor, id: OnboardingId, name: &str) -> Result<String, AppError> {
    let mut tx = app.db.read().await?;
    let Ground { seal, present, edit, language } = Ground::read(app, &mut tx, actor, id, name).await?;
    let whose = (actor.workspace, id, name.to_owned());
    if let Some(page) = app.pages.get(&whose, &seal) {
        return Ok(page.to_string());
    }
    let known = onboarding::get(&mut tx, actor.workspace, id).await?;
    let package = known.ok_or_else(|| AppError::missing("onboarding", id))?.package;
    let package = crate::onboarding::as_it_runs_with(app, &mut tx, actor, id, package, present).await?;
    drop(tx);
    let document = find(&package.meetings, name)?;
    let methodology = app.methodology.clone();
    let page = move || {
        let written = wording::tidy(&package::written(&package, &methodology, document, language)?);
        package::page(&package, document, &stand(&written, edit.as_ref()).0)
    };
    let page = calculate(page).await??;
    app.pages.keep(whose, seal, &page);
    Ok(page)
}

/// What the page of a document is made of beside its template, which stays the same as long as an [`App`] does: read
/// before everything else, so that a page may be newer than its seal says, but never older.
struct Ground {
    seal: Seal,
    present: Present,
    edit: Option<Edit>,
    language: Language,
}

impl Ground {
    async fn read(
        app: &App,
        tx: &mut Tx,
        actor: &Actor,
        id: OnboardingId,
        name: &str,
    ) -> Result<Self, AppError> {
        let workspace = actor.workspace;
        let edition = work::edition(tx, workspace, id).await?;
        let edition = edition.ok_or_else(|| AppError::missing("onboarding", id))?;
        let plan = outcome::plan::get(tx, workspace, id).await?;
        let outcomes = outcome::of_onboarding(tx, workspace, id).await?;
        let present = Present::read(tx, actor, edition.account_id, id).await?;
        let edit = document_edit::get(tx, workspace, id, name).await?;
        let language = language(tx, actor).await?;
        // Somebody may leave today.
        let seal = Seal::of(&(edition, plan, outcomes, &present, &edit, app.today(), language));
        Ok(Self { seal, present, edit, language })
    }
}

/// A document as it stands, for whoever is about to change it.
///
/// # Errors
/// As [`open`]; [`AppError::Forbidden`] also for those who may only look.
#[boxed]
pub async fn open_to_change(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    name: &str,
) -> Result<Sheet, AppError> {
    actor.require(Action::RunOnboarding)?;
    open(app, actor, id, name).await
}

/// Changes the words of a document, which stands as [`open_to_change`] just gave it: filling its template in takes
/// long enough to do it once. Where it is not what was seen any more, the changes are worked into each other. A text
/// that says what is written from the plan takes earlier changes back.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] with the line when the text cannot be read; otherwise as [`open`].
pub async fn change(
    app: &App,
    actor: &Actor,
    sheet: &Sheet,
    text: &str,
    seen: Seen<'_>,
) -> Result<Saved, AppError> {
    actor.require(Action::RunOnboarding)?;
    let (text, parsed) = checked(text.to_owned()).await?;
    if parsed.blocks.is_empty() {
        return Err(AppError::Invalid(vec![Problem::new("text", "is empty")]));
    }
    if sheet.document.email && parsed.subject().trim().is_empty() {
        return Err(AppError::Invalid(vec![Problem::new("subject", "is missing")]));
    }
    let mut now = sheet.clone();
    for _ in 0..ROUNDS {
        let is_as_seen = now.mark == seen.mark;
        let words = if is_as_seen { Some(text.clone()) } else { worked_in(seen.text, &text, &now).await? };
        let Some(words) = words else { break };
        if let Some(mark) = keep(app, actor, &now, Some(words)).await? {
            return Ok(if is_as_seen { Saved::Done(mark) } else { Saved::Merged(mark) });
        }
        now = open(app, actor, sheet.head.id, sheet.document.name).await?;
    }
    Ok(Saved::Overlap(Box::new(now)))
}

/// A text with what others changed since this was seen; nothing when the changes do not go together.
async fn worked_in(seen: Option<&str>, text: &str, now: &Sheet) -> Result<Option<String>, AppError> {
    // Nobody has looked yet at where the plan and people are apart; saving would hide it.
    let is_apart = now.changed.as_ref().is_some_and(|changed| changed.standing == Standing::Apart);
    let seen = seen.filter(|seen| !is_apart && seen.chars().count() <= MOST);
    let Some(seen) = seen.map(str::to_owned) else { return Ok(None) };
    let (text, theirs) = (text.to_owned(), now.text.clone());
    let merged = calculate(move || wording::merged(&wording::tidy(&seen), &text, &theirs)).await?;
    Ok(merged.map(|merged| wording::tidy(&merged)).filter(|merged| merged.chars().count() <= MOST))
}

/// Takes the changes of a document with this mark back: it is written from the plan again.
///
/// # Errors
/// [`AppError::Forbidden`]; otherwise as [`open`].
#[boxed]
pub async fn reset(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    name: &str,
    seen: i64,
) -> Result<Saved, AppError> {
    let sheet = open_to_change(app, actor, id, name).await?;
    if sheet.mark != seen {
        return Ok(Saved::Overlap(Box::new(sheet)));
    }
    match keep(app, actor, &sheet, None).await? {
        Some(mark) => Ok(Saved::Done(mark)),
        None => Ok(Saved::Overlap(Box::new(open(app, actor, id, name).await?))),
    }
}

/// Writes the words of a document down that still stands like this, or that it has none of its own; gives its mark
/// then. Nothing when somebody was faster.
async fn keep(
    app: &App,
    actor: &Actor,
    sheet: &Sheet,
    text: Option<String>,
) -> Result<Option<i64>, AppError> {
    let Sheet { head, document, text: stands, written, changed, mark: seen } = sheet;
    let text = text.filter(|text| text != written);
    let is_current = changed.as_ref().is_none_or(|changed| changed.standing == Standing::Current);
    if is_current && text.as_ref().unwrap_or(written) == stands {
        return Ok(Some(*seen));
    }
    let mut tx = app.db.write().await?;
    let now = document_edit::get(&mut tx, actor.workspace, head.id, document.name).await?;
    if mark(written, now.as_ref()) != *seen {
        return Ok(None);
    }
    let (kind, summary) = match &text {
        Some(_) => ("onboarding.document_changed", format!("Changed the words of: {}", document.title)),
        None => (
            "onboarding.document_reset",
            format!("Took the changes back that were made to: {}", document.title),
        ),
    };
    let edit = Edit {
        name: document.name.to_owned(),
        base: written.clone(),
        text,
        version: now.map_or(1, |edit| edit.version + 1),
        changed_by: actor.name.clone(),
        changed_at: app.now(),
    };
    // Whoever commits first is first, also where two may write at once.
    if !document_edit::put(&mut tx, actor.workspace, head.id, &edit).await? {
        return Ok(None);
    }
    activity::record(app, &mut tx, actor, kind, About::of(head), summary).await?;
    tx.commit().await?;
    Ok(Some(mark(&edit.base, Some(&edit))))
}

/// Which documents of an onboarding have words of people, by name.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn changes(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
) -> Result<Vec<(Wordable, Changed)>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let edits = edits(&mut tx, actor, id).await?;
    if edits.is_empty() {
        return Ok(Vec::new());
    }
    let (_, package) = load(app, &mut tx, actor, id).await?;
    let language = language(&mut tx, actor).await?;
    drop(tx);
    let methodology = app.methodology.clone();
    let all = move || {
        let documents = package::wordable(&package.meetings).into_iter();
        let changed = documents.filter_map(|document| {
            let edit = edits.iter().find(|edit| edit.name == document.name)?;
            Some(package::written(&package, &methodology, document, language).map(|written| {
                let (_, changed) = stand(&wording::tidy(&written), Some(edit));
                changed.map(|changed| (document, changed))
            }))
        });
        changed.filter_map(Result::transpose).collect::<Result<Vec<_>, PackageError>>()
    };
    Ok(calculate(all).await??)
}

/// The words people changed, for whoever makes files.
pub(crate) async fn wordings(tx: &mut Tx, actor: &Actor, id: OnboardingId) -> Result<Wordings, AppError> {
    let edits = edits(tx, actor, id).await?.into_iter();
    Ok(edits.filter_map(|edit| Some((edit.name, Wording { base: edit.base, text: edit.text? }))).collect())
}

/// The language e-mails to customers are written in.
pub(crate) async fn language(tx: &mut Tx, actor: &Actor) -> Result<Language, AppError> {
    Ok(setting::get(tx, actor.workspace).await?.language)
}

async fn edits(tx: &mut Tx, actor: &Actor, id: OnboardingId) -> Result<Vec<Edit>, AppError> {
    let edits = document_edit::of_onboarding(tx, actor.workspace, id).await?;
    Ok(edits.into_iter().filter(|edit| edit.text.is_some()).collect())
}

/// The package as it runs: the words people change are those the files are made of.
async fn load(app: &App, tx: &mut Tx, actor: &Actor, id: OnboardingId) -> Result<(Head, Package), AppError> {
    let missing = || AppError::missing("onboarding", id);
    let head = onboarding::head::get(tx, actor.workspace, id).await?.ok_or_else(missing)?;
    let onboarding = onboarding::get(tx, actor.workspace, id).await?.ok_or_else(missing)?;
    let package = (onboarding.account_id, onboarding.package);
    Ok((head, crate::onboarding::as_it_runs(app, tx, actor, id, package).await?))
}

fn find(meetings: &[Meeting], name: &str) -> Result<Wordable, AppError> {
    let mut documents = package::wordable(meetings).into_iter();
    documents.find(|document| document.name == name).ok_or_else(|| AppError::missing("document", name))
}

/// The text of a document, and who changed it.
fn stand(written: &str, edit: Option<&Edit>) -> (String, Option<Changed>) {
    match edit {
        Some(Edit { base, text: Some(text), changed_by, changed_at, .. }) => {
            let laid = Wording { base: base.clone(), text: text.clone() }.over(written);
            let changed = Changed { by: changed_by.clone(), at: *changed_at, standing: laid.standing };
            (laid.text, Some(changed))
        }
        _ => (written.to_owned(), None),
    }
}

fn mark(written: &str, edit: Option<&Edit>) -> i64 {
    let version = edit.map_or(0, |edit| edit.version);
    let digest = Sha256::new().chain_update(version.to_be_bytes()).chain_update(written).finalize();
    let first = digest.iter().take(8).fold(0_u64, |all, byte| (all << 8) | u64::from(*byte));
    i64::try_from(first >> 1).unwrap_or_default()
}

/// A text that can be read, tidied, and what it says.
async fn checked(text: String) -> Result<(String, gangway_documents::Document), AppError> {
    calculate(move || readable(&text)).await?
}

fn readable(text: &str) -> Result<(String, gangway_documents::Document), AppError> {
    let invalid = |message: String| AppError::Invalid(vec![Problem::new("text", message)]);
    if text.chars().count() > MOST {
        return Err(invalid(format!("is longer than {MOST} characters")));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(invalid("has a character that cannot be shown".to_owned()));
    }
    let text = wording::tidy(text);
    match gangway_documents::parse(&text) {
        Ok(parsed) => Ok((text, parsed)),
        Err(error) => {
            // Editors show the body without what stands above it: the words find the place, whatever is counted.
            let words = text.lines().nth(error.line.saturating_sub(1)).unwrap_or_default().trim();
            let short: String = words.chars().take(60).collect();
            let place = format!("line {} of the whole text, “{short}”", error.line);
            Err(invalid(format!("cannot be read at {place}: {}", error.message)))
        }
    }
}
