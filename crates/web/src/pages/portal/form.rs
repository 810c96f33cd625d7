//! Forms of a guest: saved as they stand, files put into fields one by one, handed in when they are whole.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::form::{self, Field, Filled, Kept, Paper, Upload};
use gangway_app::portal::Visit;
use gangway_domain::form::{FieldKind, Mistake};
use gangway_domain::ids::FormId;
use gangway_domain::portal::{Resource, Right};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::guest::{GuestAsked, GuestHere, GuestPosted};
use super::tasks::to_save;
use super::{Failed, Place, PortalFrame};
use crate::extract::named;
use crate::pages::onboarding::work::talk::Sent;
use crate::pages::render;

#[derive(Template)]
#[template(path = "pages/portal/forms.html")]
struct List {
    frame: PortalFrame,
    papers: Vec<PaperRow>,
}

struct PaperRow {
    href: String,
    title: String,
    purpose: String,
    state: &'static str,
    due_on: String,
    late: bool,
}

#[derive(Template)]
#[template(path = "pages/portal/form.html")]
struct Page {
    frame: PortalFrame,
    action: String,
    title: String,
    purpose: String,
    due_on: String,
    note: String,
    done: String,
    /// They may write in it.
    open: bool,
    state: &'static str,
    sections: Vec<(String, String, Vec<FieldRow>)>,
    version: i64,
    /// Somebody saved meanwhile: who.
    meanwhile: String,
    /// Something is wrong or missing.
    wrong: bool,
}

/// A file is chosen on a page of its own, so that nothing that was typed into the form is lost with it.
#[derive(Template)]
#[template(path = "pages/portal/form_file.html")]
struct FilePage {
    frame: PortalFrame,
    /// Where the form is.
    action: String,
    /// The form.
    title: String,
    field: FieldRow,
    /// Nothing was kept of a file.
    wrong: bool,
}

struct FieldRow {
    id: String,
    label: String,
    help: String,
    required: bool,
    /// The type of the input; empty for what is none.
    input: &'static str,
    /// One of several, or yes and no: value, what people read, chosen.
    choices: Vec<(String, String, bool)>,
    several: bool,
    long: bool,
    table: bool,
    file: bool,
    columns: String,
    sample: String,
    answer: String,
    /// The columns of an answered table, and its rows: each cell with the name of its column.
    names: Vec<String>,
    read: Vec<Vec<(String, String)>>,
    kept: String,
    problems: Vec<String>,
}

impl FieldRow {
    /// What was chosen, as people read it.
    fn chosen(&self) -> String {
        let chosen = self.choices.iter().filter(|(_, _, chosen)| *chosen);
        chosen.map(|(_, text, _)| text.as_str()).collect::<Vec<_>>().join("\n")
    }
}

fn row(frame: &PortalFrame, one: Field, mistakes: &[Mistake]) -> FieldRow {
    let several = one.kind == FieldKind::Choices;
    let choices = match one.kind {
        FieldKind::YesNo => vec![
            ("yes".to_owned(), frame.say("form.yes").to_owned(), one.answer == "yes"),
            ("no".to_owned(), frame.say("form.no").to_owned(), one.answer == "no"),
        ],
        FieldKind::Choice => {
            let choice =
                |(option, label): (&String, &String)| (option.clone(), label.clone(), *option == one.answer);
            one.options.iter().zip(&one.labels).map(choice).collect()
        }
        FieldKind::Choices => {
            let choice = |(option, label): (&String, &String)| {
                (option.clone(), label.clone(), one.answer.lines().any(|line| line == option))
            };
            one.options.iter().zip(&one.labels).map(choice).collect()
        }
        _ => Vec::new(),
    };
    let columns: Vec<&str> = one.columns.iter().map(|(id, ..)| id.as_str()).collect();
    let names: Vec<String> = one.columns.iter().map(|(_, label, _)| label.clone()).collect();
    let labelled = |cells: &Vec<String>| names.iter().cloned().zip(cells.iter().cloned()).collect::<Vec<_>>();
    let read = one.rows.iter().map(labelled).collect();
    FieldRow {
        input: match one.kind {
            FieldKind::Text => "text",
            FieldKind::Number => "number",
            FieldKind::Date => "date",
            FieldKind::Email => "email",
            _ => "",
        },
        choices,
        several,
        long: one.kind == FieldKind::LongText,
        table: one.kind == FieldKind::Table,
        file: one.kind == FieldKind::File,
        columns: columns.join(", "),
        names,
        read,
        sample: one.sample,
        kept: one.file.map(|(name, _)| name).unwrap_or_default(),
        problems: mistakes
            .iter()
            .filter(|wrong| wrong.field == one.id)
            .map(|wrong| frame.told(&wrong.told))
            .collect(),
        id: one.id,
        label: one.label,
        help: one.help,
        required: one.required,
        answer: one.answer,
    }
}

/// What a state of a form is called.
fn state(frame: &PortalFrame, paper: &Paper) -> &'static str {
    use gangway_domain::form::State as S;
    match paper.state {
        S::Open => frame.say("form.open"),
        S::Returned => frame.say("form.returned"),
        S::Submitted => frame.say("form.submitted"),
        S::Accepted | S::Withdrawn => frame.say("form.accepted"),
    }
}

/// The forms.
pub(crate) async fn list(GuestHere(web, visit, ()): GuestHere) -> Result<Response, Failed> {
    let papers = form::of_guest(&web.app, &visit.actor).await?;
    let frame = PortalFrame::new(&visit, Place::Todo, "");
    let title = frame.say("form.title").to_owned();
    let frame = PortalFrame { title, ..frame };
    let today = web.app.today();
    let papers = papers.into_iter().map(|paper| PaperRow {
        href: format!("/portal/forms/{}", paper.id),
        state: state(&frame, &paper),
        due_on: frame.day(&paper.due_on),
        late: paper.state.is_open() && paper.due_on < today,
        title: paper.title,
        purpose: paper.purpose,
    });
    let papers: Vec<PaperRow> = papers.collect();
    Ok(render(StatusCode::OK, &List { frame, papers }))
}

/// One form.
pub(crate) async fn show(GuestAsked(web, visit, id, values): GuestAsked<String>) -> Result<Response, Failed> {
    let filled = form::for_guest(&web.app, &visit.actor, named("form", &id)?).await?;
    let frame = PortalFrame::new(&visit, Place::Todo, &filled.paper.title);
    let said = match values.text("said").as_str() {
        "saved" => frame.say("form.said_saved"),
        "submitted" => frame.say("form.said_submitted"),
        "added" => frame.say("form.said_added"),
        "removed" => frame.say("form.said_removed"),
        _ => "",
    };
    let frame = frame.saying(said);
    let field = values.text("file");
    if may_write(&visit, &filled) && takes_file(&filled, &field) {
        return file_page(frame, filled, &field, false);
    }
    Ok(page(&visit, frame, filled, &[], String::new()))
}

fn may_write(visit: &Visit, filled: &Filled) -> bool {
    filled.paper.state.is_open() && visit.guest.may(Resource::Form, Right::Do)
}

/// Whether a field of this id takes a file: as it is, or for the rows of a table.
fn takes_file(filled: &Filled, id: &str) -> bool {
    let mut every = filled.sections.iter().flat_map(|(_, _, fields)| fields);
    every.any(|one| one.id == id && matches!(one.kind, FieldKind::File | FieldKind::Table))
}

/// The page on which a file is chosen for a field.
fn file_page(frame: PortalFrame, filled: Filled, id: &str, wrong: bool) -> Result<Response, Failed> {
    let Filled { paper, sections, .. } = filled;
    let one = sections.into_iter().flat_map(|(_, _, fields)| fields).find(|one| one.id == id);
    let one = one.ok_or_else(|| AppError::NotFound { what: "field", id: id.to_owned() })?;
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = FilePage {
        action: format!("/portal/forms/{}", paper.id),
        title: paper.title,
        field: row(&frame, one, &[]),
        wrong,
        frame,
    };
    Ok(render(status, &page))
}

fn page(
    visit: &Visit,
    frame: PortalFrame,
    filled: Filled,
    mistakes: &[Mistake],
    meanwhile: String,
) -> Response {
    let open = may_write(visit, &filled);
    let Filled { paper, note, sections, answered_by: _, version } = filled;
    let status = match (meanwhile.is_empty(), mistakes.is_empty()) {
        (false, _) => StatusCode::CONFLICT,
        (true, false) => StatusCode::UNPROCESSABLE_ENTITY,
        (true, true) => StatusCode::OK,
    };
    let (done, needed) = (paper.progress.0.to_string(), paper.progress.1.to_string());
    let mut rows = Vec::with_capacity(sections.len());
    for (title, help, fields) in sections {
        let fields: Vec<FieldRow> = fields.into_iter().map(|one| row(&frame, one, mistakes)).collect();
        rows.push((title, help, fields));
    }
    let page = Page {
        action: format!("/portal/forms/{}", paper.id),
        state: state(&frame, &paper),
        due_on: frame.day(&paper.due_on),
        done: frame.fill("form.done", [("n", done.as_str()), ("all", needed.as_str())]),
        open,
        title: paper.title,
        purpose: paper.purpose,
        note,
        sections: rows,
        version,
        meanwhile,
        wrong: !mistakes.is_empty(),
        frame,
    };
    render(status, &page)
}

/// Keeps what was filled in, and hands it in when that was asked for and nothing is missing.
pub(crate) async fn keep(
    GuestPosted(web, visit, id, fields): GuestPosted<String>,
) -> Result<Response, Failed> {
    let id: FormId = named("form", &id)?;
    let filled = form::for_guest(&web.app, &visit.actor, id).await?;
    let every = filled.sections.iter().flat_map(|(_, _, fields)| fields);
    let given: BTreeMap<String, String> = every
        .filter(|one| one.kind != FieldKind::File)
        .map(|one| (one.id.clone(), fields.all(&one.id).collect::<Vec<_>>().join("\n")))
        .collect();
    let version = fields.text("version").parse().unwrap_or(0);
    let step = fields.text("step");
    let whole = step == "submit";
    let file = step.strip_prefix("file-").filter(|field| takes_file(&filled, field));
    let outcome = if whole {
        form::submit(&web.app, &visit.actor, id, version, &given).await
    } else {
        form::save(&web.app, &visit.actor, id, version, &given).await
    };
    // It is kept; what is wrong with it is told when they come back and save again.
    if let (Ok(_), Some(field)) = (&outcome, file) {
        let field = utf8_percent_encode(field, NON_ALPHANUMERIC);
        return Ok(Redirect::to(&format!("/portal/forms/{id}?file={field}")).into_response());
    }
    match outcome {
        Ok(Kept { submitted: true, .. }) => {
            Ok(Redirect::to(&format!("/portal/forms/{id}?said=submitted")).into_response())
        }
        Ok(Kept { mistakes, .. }) if mistakes.is_empty() => {
            Ok(Redirect::to(&format!("/portal/forms/{id}?said=saved")).into_response())
        }
        Ok(Kept { mistakes, .. }) => {
            let filled = form::for_guest(&web.app, &visit.actor, id).await?;
            let frame = PortalFrame::new(&visit, Place::Todo, &filled.paper.title);
            Ok(page(&visit, frame, filled, &mistakes, String::new()))
        }
        // What was typed stands there again, with the version it is to be put in place of.
        Err(AppError::Stale { .. }) => {
            let mut filled = form::for_guest(&web.app, &visit.actor, id).await?;
            for one in filled.sections.iter_mut().flat_map(|(_, _, fields)| fields) {
                if let Some(text) = given.get(&one.id) {
                    one.answer.clone_from(text);
                }
            }
            let who = filled.answered_by.clone();
            let frame = PortalFrame::new(&visit, Place::Todo, &filled.paper.title);
            Ok(page(&visit, frame, filled, &[], who))
        }
        Err(error) => Err(error.into()),
    }
}

/// Puts a file into a field.
pub(crate) async fn put_file(
    GuestHere(web, visit, (id, field)): GuestHere<(String, String)>,
    sent: Result<Sent, Response>,
) -> Result<Response, Failed> {
    let id: FormId = named("form", &id)?;
    let kept = match sent {
        Ok(Sent { file, .. }) => {
            let upload = Upload { name: file.name, bytes: file.bytes };
            form::put_file(&web.app, &visit.actor, id, &field, upload).await
        }
        // Larger than what is read, or damaged on its way.
        Err(_) => Err(AppError::Invalid(Vec::new())),
    };
    match kept {
        Ok(()) => Ok(Redirect::to(&format!("/portal/forms/{id}?said=added")).into_response()),
        Err(AppError::Invalid(_)) => {
            let filled = form::for_guest(&web.app, &visit.actor, id).await?;
            let frame = PortalFrame::new(&visit, Place::Todo, &filled.paper.title);
            file_page(frame, filled, &field, true)
        }
        Err(error) => Err(error.into()),
    }
}

/// An empty table to be filled in elsewhere and uploaded.
pub(crate) async fn template(
    GuestHere(web, visit, (id, field)): GuestHere<(String, String)>,
) -> Result<Response, Failed> {
    let (name, text) = form::template(&web.app, &visit.actor, named("form", &id)?, &field).await?;
    Ok(to_save(&name, text.into_bytes()))
}

/// Takes a file out of a field.
pub(crate) async fn take_file_out(
    GuestHere(web, visit, (id, field)): GuestHere<(String, String)>,
) -> Result<Response, Failed> {
    let id: FormId = named("form", &id)?;
    form::take_file_out(&web.app, &visit.actor, id, &field).await?;
    Ok(Redirect::to(&format!("/portal/forms/{id}?said=removed")).into_response())
}
