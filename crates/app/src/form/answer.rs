//! Filling in a form in the portal: saved as it stands, however much is missing or wrong; submitted when it is whole.
//! Everybody of the customer who may answer forms may go on where a colleague stopped.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gangway_domain::form::{self as domain, FieldKind, Mistake, State};
use gangway_domain::ids::FormId;
use gangway_domain::methodology::FormField;
use gangway_domain::portal::{Resource, Right};
use gangway_store::onboarding::head;
use gangway_store::{Tx, form as rows};
use jiff::civil::Date;
use serde::Serialize;

use super::{File, Form, fields_of};
use crate::activity::{self, About};
use crate::error::{AppError, Problem};
use crate::portal::PortalTodo;
use crate::work::LARGEST_FILE;
use crate::{Actor, App, Guest, version};

/// Longest name of a file, in characters.
const LONGEST_NAME: usize = 150;

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
    /// Columns of a table: name in a file, what people read, whether it must be filled.
    pub columns: Vec<(String, String, bool)>,
    /// A table that shows how it is written.
    pub sample: String,
    /// What was answered so far.
    pub answer: String,
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
pub async fn of_guest(app: &App, actor: &Actor) -> Result<Vec<Paper>, AppError> {
    let guest = actor.require_guest(Resource::Form, Right::See)?;
    let mut tx = app.db.read().await?;
    let mut papers = Vec::new();
    for form in rows::of_onboarding(&mut tx, guest.workspace, guest.onboarding).await? {
        if form.state != State::Withdrawn {
            let files = rows::files(&mut tx, guest.workspace, form.id).await?;
            papers.push(paper(&form, &files));
        }
    }
    Ok(papers)
}

/// One form as a guest fills it in.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`]; or when the database fails.
pub async fn for_guest(app: &App, actor: &Actor, id: FormId) -> Result<Filled, AppError> {
    let guest = actor.require_guest(Resource::Form, Right::See)?;
    let mut tx = app.db.read().await?;
    let form = find(&mut tx, guest, id).await?;
    let files = rows::files(&mut tx, guest.workspace, id).await?;
    let sections = form.sheet.sections.iter().map(|section| {
        let fields = section.fields.iter().map(|one| field(one, &form, &files)).collect();
        (section.title.clone(), section.help.clone(), fields)
    });
    Ok(Filled {
        paper: paper(&form, &files),
        sections: sections.collect(),
        note: form.note,
        answered_by: form.answered_by,
        version: form.version,
    })
}

fn paper(form: &Form, files: &[File]) -> Paper {
    Paper {
        id: form.id,
        title: form.title.clone(),
        purpose: form.sheet.purpose.clone(),
        due_on: form.due_on,
        state: form.state,
        progress: domain::progress(&form.sheet, &form.answers, &fields_of(files)),
    }
}

fn field(one: &FormField, form: &Form, files: &[File]) -> Field {
    let file = files.iter().find(|file| file.field == one.id);
    Field {
        id: one.id.clone(),
        label: one.label.clone(),
        kind: one.kind,
        help: one.help.clone(),
        required: one.required,
        options: one.options.clone(),
        columns: one
            .columns
            .iter()
            .map(|column| (column.id.clone(), column.label.clone(), column.required))
            .collect(),
        sample: if one.kind == FieldKind::Table { domain::sample(one) } else { String::new() },
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
    if form.answers.values().map(String::len).sum::<usize>() > LONGEST_FORM {
        return Err(AppError::Invalid(vec![Problem::new("answers", "are more than a form holds")]));
    }
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
pub async fn put_file(
    app: &App,
    actor: &Actor,
    id: FormId,
    name: &str,
    upload: Upload,
) -> Result<(), AppError> {
    let guest = *actor.require_guest(Resource::Form, Right::Do)?;
    let mut tx = app.db.write().await?;
    let mut form = opened(&mut tx, &guest, id, None).await?;
    let one = form.sheet.field(name).cloned().ok_or_else(|| AppError::missing("field", name))?;
    let Upload { name, bytes } = upload;
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default().trim().to_owned();
    let wrong = |message: &str| AppError::Invalid(vec![Problem::new("file", message)]);
    if bytes.is_empty() || name.is_empty() {
        return Err(wrong("is empty"));
    }
    if bytes.len() > LARGEST_FILE {
        return Err(wrong("is larger than 10 MB"));
    }
    if name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(wrong("has a name that cannot be kept"));
    }
    let kind = kind_of(&bytes).ok_or_else(|| {
        wrong("is of a kind that is not taken: use PDF, Word, Excel, PowerPoint, CSV, text, PNG or JPEG")
    })?;
    match one.kind {
        FieldKind::Table => {
            let text = String::from_utf8(bytes).map_err(|_| wrong("is no CSV file"))?;
            if kind != TEXT || text.len() > domain::LONGEST_TABLE {
                return Err(wrong("is no CSV file of up to 1 MB"));
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
            rows::put_file(&mut tx, guest.workspace, id, &file, STANDARD.encode(&bytes)).await?;
            // Its name is the answer, so that what follows from an answer follows from a file.
            form.answers.insert(one.id, name);
        }
        _ => return Err(wrong("does not belong into this field")),
    }
    kept(app, &mut tx, actor, &guest, form).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a file out of a field.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`], [`AppError::Refusal`]; or when the database fails.
pub async fn take_file_out(app: &App, actor: &Actor, id: FormId, field: &str) -> Result<(), AppError> {
    let guest = *actor.require_guest(Resource::Form, Right::Do)?;
    let mut tx = app.db.write().await?;
    let mut form = opened(&mut tx, &guest, id, None).await?;
    if !rows::drop_file(&mut tx, guest.workspace, id, field).await? {
        return Err(AppError::missing("file", field));
    }
    form.answers.remove(field);
    kept(app, &mut tx, actor, &guest, form).await?;
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
    let forms = rows::of_onboarding(tx, guest.workspace, guest.onboarding).await?;
    let theirs = forms
        .into_iter()
        .filter(|form| form.state.is_open() && form.contact.is_none_or(|contact| contact == guest.contact));
    let item = |form: Form| PortalTodo {
        kind: "form",
        href: format!("/portal/forms/{}", form.id),
        title: form.title,
        due: Some(form.due_on),
        overdue: form.due_on < today,
    };
    Ok(theirs.map(item).collect())
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
        return Err(AppError::Refusal(
            "this form was handed in: ask for it to be returned to change it".to_owned(),
        ));
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

/// The media type of plain text.
const TEXT: &str = "text/plain";

/// What a file is by its first bytes, when it is of a kind that is taken; what it says of itself counts for nothing.
fn kind_of(bytes: &[u8]) -> Option<&'static str> {
    let known: [(&[u8], &'static str); 5] = [
        (&b"%PDF-"[..], "application/pdf"),
        // Word, Excel and PowerPoint are ZIP files.
        (&b"PK\x03\x04"[..], "application/zip"),
        (&b"\x89PNG\r\n\x1a\n"[..], "image/png"),
        (&b"\xff\xd8\xff"[..], "image/jpeg"),
        (&b"\xd0\xcf\x11\xe0"[..], "application/x-ole-storage"),
    ];
    if let Some((_, kind)) = known.iter().find(|(mark, _)| bytes.starts_with(mark)) {
        return Some(*kind);
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let plain = text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'));
    let start = text.trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
    let page = ["<!doctype", "<html", "<script", "<svg", "<?xml"].iter().any(|mark| start.starts_with(mark));
    (plain && !page).then_some(TEXT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_bytes_say() {
        assert_eq!(kind_of(b"%PDF-1.7 ..."), Some("application/pdf"));
        assert_eq!(kind_of(b"PK\x03\x04rest"), Some("application/zip"));
        assert_eq!(kind_of("name;mail\nÄda;a@b.example\n".as_bytes()), Some(TEXT));
        for wrong in [&b"MZ\x90\x00"[..], b"\x7fELF\x02", b"<html><script>", b" <SVG onload=x>", b"a\x00b"] {
            assert_eq!(kind_of(wrong), None, "{wrong:?}");
        }
    }
}
