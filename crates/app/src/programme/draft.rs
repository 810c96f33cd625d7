//! The draft of a programme: one for the whole team, changed part by part or as a whole.
//!
//! A change of one part says what the part was when it was looked at: changes of different parts never meet,
//! and two of one part are shown to whoever comes second.

use gangway_domain::permission::Action;
use gangway_methodology::{Finding, Judged, Part, ProgrammeText, Values};
use gangway_store::Timestamp;
use gangway_store::programme::{self, Draft};

use super::{Text, Which, known, no_draft, text_with};
use crate::activity;
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::{Actor, App, calculate};

/// Longest text of a programme, in characters: five times the longest built in.
const MOST: usize = 300_000;

/// How often a change is tried when others change other parts in the same moment.
const TRIES: usize = 5;

/// A draft after it was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drafted {
    /// The draft.
    pub draft: Draft,
    /// What is wrong with it, and the programme it is.
    pub judged: Judged,
    /// The text it was begun with is not in force any more: somebody published meanwhile.
    pub is_behind: bool,
}

impl Drafted {
    /// The fields of a part with the mark that says what it is now; nothing when it is not there.
    #[must_use]
    pub fn part(&self, part: Part, id: &str) -> Option<(Values, String)> {
        let text = ProgrammeText::open(&self.draft.source).ok()?;
        Some((text.values(part, id)?, text.mark(part, id)))
    }
}

/// A change of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Fields of a part.
    Set {
        /// What.
        part: Part,
        /// Which one, where there are several.
        id: String,
        /// What was typed.
        values: Values,
        /// The mark of the part when it was looked at.
        seen: String,
    },
    /// A new part.
    Add {
        /// What.
        part: Part,
        /// The one it comes behind.
        behind: Option<String>,
        /// What was typed.
        values: Values,
    },
    /// A task or milestone goes; what waited for it waits for what it waited for.
    Remove {
        /// What.
        part: Part,
        /// Which one.
        id: String,
        /// The mark of the part when it was looked at.
        seen: String,
    },
    /// A task or milestone moves by one place within its phase.
    Shift {
        /// What.
        part: Part,
        /// Which one.
        id: String,
        /// Before its neighbour, or behind it.
        up: bool,
    },
}

/// What came of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// It is saved; the part it was about has this id.
    Done(String),
    /// It cannot be used: what is wrong.
    Refused(Vec<Wrong>),
    /// Somebody else changed the same part.
    Overlap(Box<Meanwhile>),
}

/// What is wrong with a field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wrong {
    /// Key of the field; empty for the whole.
    pub key: String,
    /// Which row, where the field has rows.
    pub row: Option<usize>,
    /// Which cell of the row, as the file calls it; empty for the whole.
    pub cell: String,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub help: String,
    /// Where in the text of the field, in characters from 0.
    pub offset: Option<u32>,
}

/// Somebody else changed the same part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meanwhile {
    /// Who.
    pub who: String,
    /// When.
    pub at: Timestamp,
    /// What they made of it; nothing when they removed it.
    pub theirs: Option<Values>,
    /// Its mark now: having seen it, the change can be made again.
    pub mark: String,
}

/// What came of saving a whole text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Put {
    /// It is saved; the draft is at this version.
    Done(i64),
    /// Somebody else changed the draft: nothing is saved, and this is theirs.
    Overlap(Box<Draft>),
}

/// The draft of a programme, judged.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when there is none; or when the database fails.
#[boxed]
pub async fn draft(app: &App, actor: &Actor, id: &str) -> Result<Drafted, AppError> {
    actor.require(Action::Look)?;
    known(app, id)?;
    let mut tx = app.db.read().await?;
    let draft = programme::draft(&mut tx, actor.workspace, id).await?.ok_or_else(|| no_draft(id))?;
    let force = text_with(app, &mut tx, actor, id, Which::InForce).await?;
    drop(tx);
    let judged = judge(app, id, &draft.source).await?;
    Ok(Drafted { is_behind: force.digest != draft.based_on, draft, judged })
}

/// Judges a text as the programme of this id; nothing is saved.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] when it is far too long.
#[boxed]
pub async fn check(app: &App, actor: &Actor, id: &str, source: &str) -> Result<Judged, AppError> {
    actor.require(Action::Look)?;
    known(app, id)?;
    judge(app, id, &tidy(source)?).await
}

pub(super) async fn judge(app: &App, id: &str, source: &str) -> Result<Judged, AppError> {
    let (shelf, id, source) = (app.shelf.clone(), id.to_owned(), source.to_owned());
    calculate(move || shelf.library().judge(&id, &source)).await
}

/// Begins a draft from one of the programme's texts; one that was begun already stays as it is.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn begin(app: &App, actor: &Actor, id: &str, from: Which) -> Result<bool, AppError> {
    actor.require(Action::DraftProgrammes)?;
    known(app, id)?;
    let mut tx = app.db.write().await?;
    let Text { source, digest } = text_with(app, &mut tx, actor, id, from).await?;
    let (workspace, now) = (actor.workspace, app.now());
    programme::keep(&mut tx, workspace, id, &digest, &source, now).await?;
    let begun = programme::begin(&mut tx, workspace, id, &source, &digest, &actor.name, now).await?;
    if begun {
        let summary = format!("Began a draft of {} from: {}", name(app, id), from.label().to_lowercase());
        activity::audit(app, &mut tx, actor, "programme.drafted", summary).await?;
    }
    tx.commit().await?;
    Ok(begun)
}

/// Gives a draft up.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when there is none, [`AppError::Stale`] when somebody
/// changed it since it was looked at; or when the database fails.
#[boxed]
pub async fn discard(app: &App, actor: &Actor, id: &str, seen: Option<i64>) -> Result<(), AppError> {
    actor.require(Action::DraftProgrammes)?;
    known(app, id)?;
    let mut tx = app.db.write().await?;
    let draft = programme::draft(&mut tx, actor.workspace, id).await?.ok_or_else(|| no_draft(id))?;
    let version = draft.version;
    if seen.is_some_and(|seen| seen != version)
        || !programme::discard(&mut tx, actor.workspace, id, version).await?
    {
        return Err(AppError::Stale { what: "draft", version });
    }
    let summary = format!("Gave the draft of {} up", name(app, id));
    activity::audit(app, &mut tx, actor, "programme.draft_discarded", summary).await?;
    tx.commit().await?;
    Ok(())
}

/// Changes a part of a draft.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when there is no draft or no such part,
/// [`AppError::Invalid`] when the draft's text is not TOML; or when the database fails.
#[boxed]
pub async fn change(app: &App, actor: &Actor, id: &str, deed: Deed) -> Result<Saved, AppError> {
    actor.require(Action::DraftProgrammes)?;
    known(app, id)?;
    for _ in 0..TRIES {
        let mut tx = app.db.read().await?;
        let draft = programme::draft(&mut tx, actor.workspace, id).await?.ok_or_else(|| no_draft(id))?;
        drop(tx);
        let made = match apply(app, id, &draft, &deed).await? {
            Ok(made) => made,
            Err(refused) => return Ok(refused),
        };
        let Applied { source, part_id, summary } = made;
        let mut tx = app.db.write().await?;
        let (workspace, now) = (actor.workspace, app.now());
        if programme::change(&mut tx, workspace, id, draft.version, &source, &actor.name, now).await? {
            let summary = format!("Draft of {}: {summary}", name(app, id));
            activity::audit(app, &mut tx, actor, "programme.draft_changed", summary).await?;
            tx.commit().await?;
            return Ok(Saved::Done(part_id));
        }
    }
    Err(AppError::Overtaken)
}

/// Saves the whole text of a draft that is at this version; begins it when there is none and none was seen.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] when it is far too long; or when
/// the database fails.
#[boxed]
pub async fn put(
    app: &App,
    actor: &Actor,
    id: &str,
    source: &str,
    seen: Option<i64>,
) -> Result<Put, AppError> {
    actor.require(Action::DraftProgrammes)?;
    known(app, id)?;
    let source = tidy(source)?;
    if seen.is_none() {
        begin(app, actor, id, Which::InForce).await?;
    }
    let mut tx = app.db.write().await?;
    let (workspace, now) = (actor.workspace, app.now());
    let draft = programme::draft(&mut tx, workspace, id).await?.ok_or_else(|| no_draft(id))?;
    if seen.is_some_and(|seen| seen != draft.version) {
        return Ok(Put::Overlap(Box::new(draft)));
    }
    if source == draft.source {
        return Ok(Put::Done(draft.version));
    }
    if !programme::change(&mut tx, workspace, id, draft.version, &source, &actor.name, now).await? {
        return Err(AppError::Overtaken);
    }
    let summary = format!("Draft of {}: changed its text", name(app, id));
    activity::audit(app, &mut tx, actor, "programme.draft_changed", summary).await?;
    tx.commit().await?;
    Ok(Put::Done(draft.version + 1))
}

struct Applied {
    source: String,
    part_id: String,
    summary: String,
}

async fn apply(app: &App, id: &str, draft: &Draft, deed: &Deed) -> Result<Result<Applied, Saved>, AppError> {
    let not_toml = |error: gangway_methodology::NotToml| {
        AppError::Invalid(vec![Problem::new("source", format!("cannot be changed in parts: {error}"))])
    };
    let mut text = ProgrammeText::open(&draft.source).map_err(not_toml)?;
    let refused = |mistakes: Vec<gangway_methodology::Mistake>| {
        let wrong = |mistake: gangway_methodology::Mistake| Wrong {
            key: mistake.key.to_owned(),
            message: mistake.message,
            ..Wrong::default()
        };
        Saved::Refused(mistakes.into_iter().map(wrong).collect())
    };
    let (part, part_id, judged_too, verb) = match deed {
        Deed::Set { part, id, values, seen } => {
            if let Some(overlap) = overlap(&text, draft, *part, id, seen, values) {
                return Ok(Err(overlap));
            }
            let is_there = *part != Part::Questionnaire || text.values(*part, id).is_some();
            let set = if is_there {
                text.set(*part, id, values)
            } else if app.methodology.surveys.contains_key(id) {
                // The first change of a survey makes it the programme's own.
                text.add(*part, id, None, values).map(|()| true)
            } else {
                Ok(false)
            };
            match set {
                Ok(true) => {}
                Ok(false) => return Err(AppError::missing(part.word(), super::short(id))),
                Err(mistakes) => return Ok(Err(refused(mistakes))),
            }
            (*part, id.clone(), true, "changed")
        }
        Deed::Add { part, behind, values } => {
            let name = match values.get("name") {
                Some(gangway_methodology::Input::One(name)) => name.as_str(),
                _ => "",
            };
            let fresh = text.fresh_id(name);
            if let Err(mistakes) = text.add(*part, &fresh, behind.as_deref(), values) {
                return Ok(Err(refused(mistakes)));
            }
            (*part, fresh, true, "added")
        }
        Deed::Remove { part, id, seen } => {
            if text.mark(*part, id) != *seen {
                let values = text.values(*part, id).unwrap_or_default();
                if let Some(overlap) = overlap(&text, draft, *part, id, seen, &values) {
                    return Ok(Err(overlap));
                }
            }
            if !text.remove(*part, id) {
                return Err(AppError::missing(part.word(), super::short(id)));
            }
            (*part, id.clone(), false, "removed")
        }
        Deed::Shift { part, id, up } => {
            text.shift(*part, id, *up);
            (*part, id.clone(), false, "moved")
        }
    };
    let source = text.text();
    if judged_too {
        let judged = judge(app, id, &source).await?;
        let wrong: Vec<Wrong> =
            judged.findings.iter().filter_map(|found| of_part(found, part, &part_id)).collect();
        if !wrong.is_empty() {
            return Ok(Err(Saved::Refused(wrong)));
        }
    }
    let about = match part {
        Part::Head => "the head".to_owned(),
        Part::Complete => "the definition of complete".to_owned(),
        part => format!("{} {part_id}", part.word()),
    };
    let summary = format!("{verb} {about}");
    Ok(Ok(Applied { source, part_id, summary }))
}

/// Somebody changed the part since it was looked at, and not to what is wanted now.
fn overlap(
    text: &ProgrammeText,
    draft: &Draft,
    part: Part,
    id: &str,
    seen: &str,
    wanted: &Values,
) -> Option<Saved> {
    let mark = text.mark(part, id);
    let theirs = text.values(part, id);
    if mark == seen || theirs.as_ref() == Some(wanted) && !seen.is_empty() {
        return None;
    }
    let Draft { changed_by, changed_at, .. } = draft;
    Some(Saved::Overlap(Box::new(Meanwhile { who: changed_by.clone(), at: *changed_at, theirs, mark })))
}

/// An error that lies in this part, as its form tells it.
fn of_part(found: &Finding, part: Part, id: &str) -> Option<Wrong> {
    if !found.is_error() {
        return None;
    }
    let mut steps = found.at.split('.');
    let key = match part {
        Part::Head => steps.next()?,
        Part::Complete => {
            if steps.next()? != "complete" {
                return None;
            }
            steps.next().unwrap_or_default()
        }
        part => {
            if steps.next()? != part.word() || found.id.as_deref() != Some(id) {
                return None;
            }
            steps.nth(1).unwrap_or_default()
        }
    };
    let field = part.fields().iter().find(|field| field.key == key);
    if field.is_none() && (part == Part::Head || !key.is_empty()) {
        return None;
    }
    Some(Wrong {
        key: field.map_or_else(String::new, |field| field.key.to_owned()),
        row: field.and_then(|_| steps.next()?.parse().ok()),
        cell: steps.next().unwrap_or_default().to_owned(),
        message: plain(&found.diagnostic.message),
        help: found.diagnostic.help.clone().unwrap_or_default(),
        offset: found.offset,
    })
}

/// A finding in words for people who do not read grammars.
#[must_use]
pub fn plain(message: &str) -> String {
    match message.split_once(": Syntax error: ") {
        Some((_, rest)) if rest.contains("'<EOF>'") => {
            "the rule is not complete: something is missing at its end".to_owned()
        }
        Some(_) => "the rule cannot be read from the marked place on".to_owned(),
        None => message.to_owned(),
    }
}

pub(super) fn name(app: &App, id: &str) -> String {
    app.methodology.programmes.get(id).map_or_else(|| id.to_owned(), |programme| programme.name.clone())
}

/// A text as it is kept: line ends of one kind, one at the end.
fn tidy(source: &str) -> Result<String, AppError> {
    if source.chars().count() > MOST {
        let message = "is longer than 300,000 characters; a programme has about 60,000";
        return Err(AppError::Invalid(vec![Problem::new("source", message)]));
    }
    if source.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        let message = "holds a control character, which nobody can see";
        return Err(AppError::Invalid(vec![Problem::new("source", message)]));
    }
    Ok(format!("{}\n", source.replace("\r\n", "\n").trim_end()))
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn grammars_are_not_for_people() {
        let end = "rule `users >`: at 1:8: Syntax error: mismatched input '<EOF>' expecting {'[', '{'}";
        assert_eq!(plain(end), "the rule is not complete: something is missing at its end");
        let middle = "rule `a $ b`: at 1:3: Syntax error: token recognition error at: '$'";
        assert_eq!(plain(middle), "the rule cannot be read from the marked place on");
        assert_eq!(plain("there is no role `x`"), "there is no role `x`");
    }
}
