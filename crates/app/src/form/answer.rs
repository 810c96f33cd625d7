//! Filling in a form in the portal: saved as it stands, however much is missing or wrong; submitted when it is whole.
//! Everybody of the customer who may answer forms may go on where a colleague stopped.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gangway_domain::form::{self as domain, FieldKind, Mistake, State};
use gangway_domain::ids::FormId;
use gangway_domain::methodology::FormField;
use gangway_domain::portal::{Resource, Right};
use gangway_domain::refusal::{Barrier, Fault};
use gangway_domain::upload::TEXT;
use gangway_store::onboarding::head;
use gangway_store::{Tx, form as rows};
use jiff::civil::Date;
use serde::Serialize;

use super::{File, Form, fields_of};
use crate::activity::{self, About};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::portal::PortalTodo;
use crate::work::checked_upload;
use crate::{Actor, App, Guest, calculate, version};

/// Longest answers of a form together, in bytes.
const LONGEST_FORM: usize = 1_500_000;

/// A form in a guest's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paper {
    /// Id.
    pub id: FormId,
    /// Title.
    pub title: String,
    /// What it is for.
    pub purpose: String,
    /// By when it is wanted.
    pub due_on: Date,
    /// Where it stands.
    pub state: State,
    /// Fields that must be answered and are, and how many there are.
    pub progress: (usize, usize),
}

/// A form as a guest fills it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Filled {
    /// As in the list.
    pub paper: Paper,
    /// What was asked when it was returned; empty when it was not.
    pub note: String,
    /// Its parts: title, help, fields.
    pub sections: Vec<(String, String, Vec<Field>)>,
    /// Who wrote in it last; empty before.
    pub answered_by: String,
    /// Counts changes, from 1.
    pub version: i64,
}

/// A field with what was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Id.
    pub id: String,
    /// What is asked.
    pub label: String,
    /// What an answer is.
    pub kind: FieldKind,
    /// What helps.
    pub help: String,
    /// It must be answered.
    pub required: bool,
    /// What one may choose from.
    pub options: Vec<String>,
    /// What people read for each of them.
    pub labels: Vec<String>,
    /// Columns of a table: name in a file, what people read, whether it must be filled.
    pub columns: Vec<(String, String, bool)>,
    /// A table that shows how it is written.
    pub sample: String,
    /// What was answered so far.
    pub answer: String,
    /// The rows of an answered table, each with a cell for every column; empty when it cannot be read as one.
    pub rows: Vec<Vec<String>>,
    /// Name and bytes of the file that stands there.
    pub file: Option<(String, i64)>,
}

/// What became of answers: they are kept in any case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The form's version now.
    pub version: i64,
    /// It was submitted.
    pub submitted: bool,
    /// What is wrong, and of a form that was to be submitted what is missing.
    pub mistakes: Vec<Mistake>,
}

/// A file on its way into a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The forms a guest may fill in or look at.
///
/// # Errors
/// [`AppError::NotForGuest`]; or when the database fails.
#[boxed]
pub async fn of_guest(app: &App, actor: &Actor) -> Result<Vec<Paper>, AppError> {
    let guest = actor.require_guest(Resource::Form, Right::See)?;
    let mut tx = app.db.read().await?;
    let forms = rows::of_onboarding(&mut tx, guest.workspace, guest.onboarding).await?;
    let files = rows::all_files(&mut tx, guest.workspace, guest.onboarding).await?;
    let shown = forms.iter().filter(|form| form.state != State::Withdrawn);
    let files = |form: &Form| files.get(&form.id).map(Vec::as_slice).unwrap_or_default();
    Ok(shown.map(|form| paper(app, guest, form, files(form))).collect())
}

/// One form as a guest fills it in.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn for_guest(app: &App, actor: &Actor, id: FormId) -> Result<Filled, AppError> {
    let guest = actor.require_guest(Resource::Form, Right::See)?;
    let mut tx = app.db.read().await?;
    let form = find(&mut tx, guest, id).await?;
    let files = rows::files(&mut tx, guest.workspace, id).await?;
    let said = |text: &str| app.methodology.say(guest.language, text).to_owned();
    let sections = form.sheet.sections.iter().map(|section| {
        let fields = section.fields.iter().map(|one| field(one, &form, &files, &said)).collect();
        (said(&section.title), said(&section.help), fields)
    });
    Ok(Filled {
        paper: paper(app, guest, &form, &files),
        sections: sections.collect(),
        note: form.note,
        answered_by: form.answered_by,
        version: form.version,
    })
}

/// An empty table of a form as a CSV file, to be filled in elsewhere: the name to save it under, and its text.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`] also for a field that is no table; or when the database fails.
#[boxed]
pub async fn template(
    app: &App,
    actor: &Actor,
    id: FormId,
    name: &str,
) -> Result<(String, String), AppError> {
    let guest = actor.require_guest(Resource::Form, Right::See)?;
    let mut tx = app.db.read().await?;
    let form = find(&mut tx, guest, id).await?;
    let table = form.sheet.field(name).filter(|one| one.kind == FieldKind::Table);
    let table = table.ok_or_else(|| AppError::missing("table", name))?;
    Ok((format!("{}.csv", table.id), domain::header(table)))
}

/// A form as a guest sees it from outside, in their language as far as its words are the methodology's.
fn paper(app: &App, guest: &Guest, form: &Form, files: &[File]) -> Paper {
    let said = |text: &str| app.methodology.say(guest.language, text).to_owned();
    Paper {
        id: form.id,
        title: said(&form.title),
        purpose: said(&form.sheet.purpose),
        due_on: form.due_on,
        state: form.state,
        progress: domain::progress(&form.sheet, &form.answers, &fields_of(files)),
    }
}

fn field(one: &FormField, form: &Form, files: &[File], said: &impl Fn(&str) -> String) -> Field {
    let file = files.iter().find(|file| file.field == one.id);
    Field {
        id: one.id.clone(),
        label: said(&one.label),
        kind: one.kind,
        help: said(&one.help),
        required: one.required,
        labels: one.options.iter().map(|option| said(option)).collect(),
        options: one.options.clone(),
        columns: one
            .columns
            .iter()
            .map(|column| (column.id.clone(), said(&column.label), column.required))
            .collect(),
        sample: if one.kind == FieldKind::Table { domain::sample(one) } else { String::new() },
        rows: match form.answers.get(&one.id) {
            Some(text) if one.kind == FieldKind::Table => domain::rows(one, text).unwrap_or_default(),
            _ => Vec::new(),
        },
        answer: form.answers.get(&one.id).cloned().unwrap_or_default(),
        file: file.map(|file| (file.name.clone(), file.size)),
    }
}

/// Keeps what was filled in so far.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`], [`AppError::Refusal`] when it is no longer filled in,
/// [`AppError::Stale`] when a colleague saved meanwhile, [`AppError::Invalid`] when it is too much; or when the database
/// fails.
#[boxed]
pub async fn save(
    app: &App,
    actor: &Actor,
    id: FormId,
    version: i64,
    given: &BTreeMap<String, String>,
) -> Result<Kept, AppError> {
    write(app, actor, id, version, given, false).await
}

/// Keeps what was filled in, and hands the form in when nothing is missing or wrong.
///
/// # Errors
/// As [`save`].
#[boxed]
pub async fn submit(
    app: &App,
    actor: &Actor,
    id: FormId,
    version: i64,
    given: &BTreeMap<String, String>,
) -> Result<Kept, AppError> {
    write(app, actor, id, version, given, true).await
}

async fn write(
    app: &App,
    actor: &Actor,
    id: FormId,
    version: i64,
    given: &BTreeMap<String, String>,
    whole: bool,
) -> Result<Kept, AppError> {
    let guest = *actor.require_guest(Resource::Form, Right::Do)?;
    let mut tx = app.db.write().await?;
    let mut form = opened(&mut tx, &guest, id, Some(version)).await?;
    for one in form.sheet.fields().filter(|one| one.kind != FieldKind::File) {
        let Some(text) = given.get(&one.id) else { continue };
        let text = text.trim().replace("\r\n", "\n");
        if text.is_empty() {
            form.answers.remove(&one.id);
        } else {
            form.answers.insert(one.id.clone(), text);
        }
    }
    fits(&form, "answers")?;
    let files = rows::files(&mut tx, guest.workspace, id).await?;
    let mistakes = domain::check(&form.sheet, &form.answers, &fields_of(&files), whole);
    let submitted = whole && mistakes.is_empty();
    form.answered_by.clone_from(&actor.name);
    form.answered_at = Some(app.now());
    if submitted {
        form.state = State::Submitted;
        form.note = String::new();
    }
    version::after("form", form.version, rows::change(&mut tx, guest.workspace, &form).await?)?;
    if submitted {
        let summary = format!("{} has filled in “{}”", actor.name, form.title);
        record(app, &mut tx, actor, &guest, "form.submitted", summary).await?;
    }
    tx.commit().await?;
    Ok(Kept { version: form.version + 1, submitted, mistakes })
}

/// Puts a file into a field; the rows of a CSV file into a table.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`], [`AppError::Refusal`], [`AppError::Invalid`] when the file is
/// none that is taken; or when the database fails.
#[boxed]
pub async fn put_file(
    app: &App,
    actor: &Actor,
    id: FormId,
    name: &str,
    upload: Upload,
) -> Result<(), AppError> {
    let guest = *actor.require_guest(Resource::Form, Right::Do)?;
    // Megabytes are read before a transaction holds others up.
    let (upload, kind, content) = calculate(move || {
        let (name, kind) = checked_upload(&upload.name, &upload.bytes)?;
        let content = STANDARD.encode(&upload.bytes);
        Ok::<_, AppError>((Upload { name, ..upload }, kind, content))
    })
    .await??;
    let mut tx = app.db.write().await?;
    let mut form = opened(&mut tx, &guest, id, None).await?;
    let one = form.sheet.field(name).cloned().ok_or_else(|| AppError::missing("field", name))?;
    let Upload { name, bytes } = upload;
    let summary = format!("Put the file {name} into “{}”", form.title);
    let wrong = |fault: Fault| AppError::Invalid(vec![Problem::of("file", fault)]);
    match one.kind {
        FieldKind::Table => {
            let text = String::from_utf8(bytes).map_err(|_| wrong(Fault::NoCsv))?;
            if kind != TEXT || text.len() > domain::LONGEST_TABLE {
                return Err(wrong(Fault::NoCsv));
            }
            form.answers.insert(one.id, text.trim().replace("\r\n", "\n"));
        }
        FieldKind::File => {
            let file = File {
                field: one.id.clone(),
                name: name.clone(),
                media_type: kind.to_owned(),
                size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
                made_by: actor.name.clone(),
                made_at: app.now(),
            };
            rows::put_file(&mut tx, guest.workspace, id, &file, content).await?;
            // Its name is the answer, so that what follows from an answer follows from a file.
            form.answers.insert(one.id, name);
        }
        _ => return Err(wrong(Fault::WrongField)),
    }
    fits(&form, "file")?;
    kept(app, &mut tx, actor, &guest, form).await?;
    record(app, &mut tx, actor, &guest, "form.file_added", summary).await?;
    tx.commit().await?;
    Ok(())
}

/// Refuses answers that are together more than a form holds, whichever way they came.
fn fits(form: &Form, field: &'static str) -> Result<(), AppError> {
    if form.answers.values().map(String::len).sum::<usize>() > LONGEST_FORM {
        return Err(AppError::Invalid(vec![Problem::of(field, Fault::TooMuch)]));
    }
    Ok(())
}

/// Takes a file out of a field.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`], [`AppError::Refusal`]; or when the database fails.
#[boxed]
pub async fn take_file_out(app: &App, actor: &Actor, id: FormId, field: &str) -> Result<(), AppError> {
    let guest = *actor.require_guest(Resource::Form, Right::Do)?;
    let mut tx = app.db.write().await?;
    let mut form = opened(&mut tx, &guest, id, None).await?;
    if !rows::drop_file(&mut tx, guest.workspace, id, field).await? {
        return Err(AppError::missing("file", field));
    }
    form.answers.remove(field);
    let summary = format!("Took a file out of “{}”", form.title);
    kept(app, &mut tx, actor, &guest, form).await?;
    record(app, &mut tx, actor, &guest, "form.file_removed", summary).await?;
    tx.commit().await?;
    Ok(())
}

async fn kept(app: &App, tx: &mut Tx, actor: &Actor, guest: &Guest, mut form: Form) -> Result<(), AppError> {
    form.answered_by.clone_from(&actor.name);
    form.answered_at = Some(app.now());
    version::after("form", form.version, rows::change(tx, guest.workspace, &form).await?)?;
    Ok(())
}

/// Forms that wait for a guest: their own, and those for anybody.
pub(crate) async fn todo_for(tx: &mut Tx, guest: &Guest, today: Date) -> Result<Vec<PortalTodo>, AppError> {
    if !guest.may(Resource::Form, Right::See) {
        return Ok(Vec::new());
    }
    let waiting = rows::waiting(tx, guest.workspace, guest.onboarding, guest.contact).await?;
    let item = |form: rows::Waiting| PortalTodo {
        kind: "form",
        href: format!("/portal/forms/{}", form.id),
        title: form.title,
        due: Some(form.due_on),
        overdue: form.due_on < today,
    };
    Ok(waiting.into_iter().map(item).collect())
}

/// A form of the guest's onboarding.
async fn find(tx: &mut Tx, guest: &Guest, id: FormId) -> Result<Form, AppError> {
    let form = rows::get(tx, guest.workspace, id).await?;
    form.filter(|form| form.onboarding == guest.onboarding && form.state != State::Withdrawn)
        .ok_or_else(|| AppError::missing("form", id))
}

/// The same, when it may be written in and is still what it was.
async fn opened(tx: &mut Tx, guest: &Guest, id: FormId, version: Option<i64>) -> Result<Form, AppError> {
    let form = find(tx, guest, id).await?;
    if !form.state.is_open() {
        return Err(AppError::Barred(Barrier::FormHandedIn));
    }
    if let Some(seen) = version {
        version::fresh("form", form.version, seen)?;
    }
    Ok(form)
}

async fn record(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    guest: &Guest,
    kind: &str,
    summary: String,
) -> Result<(), AppError> {
    let account = head::get(tx, guest.workspace, guest.onboarding).await?.map(|head| head.account_id);
    activity::record(app, tx, actor, kind, About { account, onboarding: Some(guest.onboarding) }, summary)
        .await
}
