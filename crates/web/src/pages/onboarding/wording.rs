//! The words of a document, changed before it is sent.

use askama::Template;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::document::{self, Saved, Seen, Sheet};
use gangway_app::identity::Session;
use gangway_app::package::{Standing, wording};
use gangway_domain::permission::Action;

use super::read_id;
use super::top::Top;
use crate::Web;
use crate::extract::{Answer, Asked, Here, Posted};
use crate::form::{Fields, Wrong};
use crate::format::{Moment, moment};
use crate::pages::document::POLICY;
use crate::pages::{Frame, Toast, render};

#[derive(Template)]
#[template(path = "pages/onboarding/wording.html")]
struct Page {
    frame: Frame,
    top: Top,
    /// Where the document is.
    base: String,
    title: &'static str,
    email: bool,
    for_customer: bool,
    may_change: bool,
    changed: Option<ChangedView>,
    draft: Draft,
    mark: i64,
    wrong: Wrong,
    overlap: Option<Meanwhile>,
}

/// That somebody changed the words.
struct ChangedView {
    by: String,
    at: Moment,
    standing: Standing,
    /// What is written from the plan now.
    written: String,
}

/// What stands in the form.
#[derive(Debug, Default)]
struct Draft {
    /// The text it was made from, so that two who change different passages both get what they want.
    read: String,
    subject: String,
    /// Title, cover and footer: the front matter.
    cover: String,
    pieces: Vec<Piece>,
}

/// A piece of the body, with a field of its own.
#[derive(Debug)]
struct Piece {
    text: String,
    /// What is drawn from it.
    drawn: Option<Drawn>,
    /// Lines its field shows.
    rows: usize,
}

/// A block that is drawn.
#[derive(Debug)]
struct Drawn {
    label: String,
    /// It holds text in marks, not data.
    is_text: bool,
}

/// Words of blocks, what people call them, and whether they hold text.
const BLOCKS: [(&str, &str, bool); 13] = [
    ("gantt", "Gantt chart", false),
    ("phases", "Strip of phases", false),
    ("cards", "Big numbers", false),
    ("facts", "Facts", false),
    ("agenda", "Agenda", false),
    ("timeline", "Timeline", false),
    ("power-grid", "Power and interest", false),
    ("raci", "RACI table", false),
    ("form", "To fill in", false),
    ("callout", "Box", true),
    ("columns", "Columns", true),
    ("notes", "Speaker notes", true),
    ("pagebreak", "Page break", false),
];

impl Piece {
    fn new(text: String) -> Self {
        let drawn = wording::drawn(&text).map(|(word, title)| {
            let known = BLOCKS.iter().find(|(block, ..)| *block == word);
            let (name, is_text) = known.map_or((word, true), |(_, name, is_text)| (*name, *is_text));
            let name = if name.is_empty() { "Block" } else { name };
            let label = if title.is_empty() { name.to_owned() } else { format!("{name}: {title}") };
            Drawn { label, is_text }
        });
        // Long lines wrap; about fifty characters fit.
        let rows = text.lines().map(|line| 1 + line.chars().count() / 50).sum::<usize>().clamp(2, 30);
        Self { text, drawn, rows }
    }
}

/// The document changed while somebody wrote.
struct Meanwhile {
    said: String,
    text: String,
}

impl Draft {
    fn of(sheet: &Sheet) -> Self {
        let (cover, body) = wording::halves(&sheet.text);
        let subject = gangway_app::package::subject(&sheet.text).unwrap_or_default();
        let pieces = wording::pieces(&body).into_iter().map(Piece::new).collect();
        Self { read: sheet.text.clone(), subject, cover, pieces }
    }

    fn sent(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name).to_owned();
        let pieces = fields.all("piece").map(|text| Piece::new(text.to_owned())).collect();
        Self { read: text("read"), subject: text("subject"), cover: text("cover"), pieces }
    }

    /// The text it was made from, unless the form came without.
    fn read(&self) -> Option<&str> {
        Some(self.read.as_str()).filter(|read| !read.is_empty())
    }

    /// The whole text of this document with these words.
    fn text(&self, sheet: &Sheet) -> String {
        let pieces: Vec<&str> = self.pieces.iter().map(|piece| piece.text.as_str()).collect();
        let body = pieces.join("\n\n");
        if sheet.document.email {
            wording::reworded(self.read().unwrap_or(&sheet.text), &self.subject, &body)
        } else {
            wording::joined(&self.cover, &body)
        }
    }
}

/// The words as they stand.
pub(crate) async fn show(Asked(web, session, (id, name), values): Asked<(String, String)>) -> Answer {
    let sheet = document::open(&web.app, &session.actor, read_id(id)?, &name).await?;
    let said = match values.text("said").as_str() {
        "saved" => "Saved. All files of this document say so from now on.",
        "merged" => "Saved. What others changed elsewhere in the text meanwhile is worked in.",
        "reset" => "The document is written from the plan again.",
        _ => "",
    };
    let form = Form { draft: Draft::of(&sheet), wrong: Wrong::default(), overlap: None };
    Ok(page(&web, &session, StatusCode::OK, sheet, form, said))
}

/// Saves what was written.
pub(crate) async fn save(Posted(web, session, (id, name), fields): Posted<(String, String)>) -> Answer {
    let draft = Draft::sent(&fields);
    let sheet = document::open_to_change(&web.app, &session.actor, read_id(id)?, &name).await?;
    let text = draft.text(&sheet);
    let mark = fields.text("mark").parse().unwrap_or(-1);
    let seen = Seen { mark, text: draft.read() };
    let saved = document::change(&web.app, &session.actor, &sheet, &text, seen).await;
    let done = |said: &str| Redirect::to(&format!("{}?said={said}", address(&sheet))).into_response();
    match saved {
        Ok(Saved::Done(_)) => Ok(done("saved")),
        Ok(Saved::Merged(_)) => Ok(done("merged")),
        Ok(Saved::Overlap(now)) => {
            // Whoever saves again has seen how it stands now.
            let draft = Draft { read: now.text.clone(), ..draft };
            let form = Form { draft, wrong: Wrong::default(), overlap: Some(Meanwhile::of(&web, &now)) };
            Ok(page(&web, &session, StatusCode::CONFLICT, *now, form, ""))
        }
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            let form = Form { draft, wrong, overlap: None };
            Ok(page(&web, &session, status, Sheet { mark, ..sheet }, form, ""))
        }
    }
}

/// Takes all changes back.
pub(crate) async fn reset(Posted(web, session, (id, name), fields): Posted<(String, String)>) -> Answer {
    let seen = fields.text("mark").parse().unwrap_or(-1);
    match document::reset(&web.app, &session.actor, read_id(id.clone())?, &name, seen).await? {
        Saved::Done(_) | Saved::Merged(_) => {
            let id = read_id(id)?;
            Ok(Redirect::to(&format!("/onboardings/{id}/documents/{name}?said=reset")).into_response())
        }
        Saved::Overlap(now) => {
            let form = Form {
                draft: Draft::of(&now),
                wrong: Wrong::whole(
                    "The document was changed meanwhile, so nothing was taken back. This is how it stands now.",
                ),
                overlap: None,
            };
            Ok(page(&web, &session, StatusCode::CONFLICT, *now, form, ""))
        }
    }
}

/// The document as it stands, to look at.
pub(crate) async fn preview(Here(web, session, (id, name)): Here<(String, String)>) -> Answer {
    let html = document::preview(&web.app, &session.actor, read_id(id)?, &name, None).await?;
    Ok(sandboxed(StatusCode::OK, html))
}

/// What was written so far, to look at; nothing is saved.
pub(crate) async fn try_out(Posted(web, session, (id, name), fields): Posted<(String, String)>) -> Answer {
    let id = read_id(id)?;
    let sheet = document::open(&web.app, &session.actor, id, &name).await?;
    let text = Draft::sent(&fields).text(&sheet);
    match document::preview(&web.app, &session.actor, id, &name, Some(&text)).await {
        Ok(html) => Ok(sandboxed(StatusCode::OK, html)),
        // It stands in a frame beside the text, where a page about the failure has no place.
        Err(error @ AppError::Invalid(_)) => Ok(sandboxed(
            StatusCode::UNPROCESSABLE_ENTITY,
            gangway_app::package::notice("Not readable yet", &error.to_string()),
        )),
        Err(error) => Err(error.into()),
    }
}

/// A page with words of the deal: it may show them, and do nothing.
fn sandboxed(status: StatusCode, html: String) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    (status, headers, Html(html)).into_response()
}

struct Form {
    draft: Draft,
    wrong: Wrong,
    overlap: Option<Meanwhile>,
}

fn address(sheet: &Sheet) -> String {
    format!("/onboardings/{}/documents/{}", sheet.head.id, sheet.document.name)
}

fn page(
    web: &Web,
    session: &Session,
    status: StatusCode,
    sheet: Sheet,
    form: Form,
    said: &'static str,
) -> Response {
    let base = address(&sheet);
    let Sheet { head, document, written, changed, mark, .. } = sheet;
    let Form { draft, wrong, overlap } = form;
    let top = Top::new(session, &head, "/documents");
    let page = Page {
        frame: top.frame(session, document.title).saying(Toast::of(said)),
        top,
        base,
        title: document.title,
        email: document.email,
        for_customer: document.for_customer,
        may_change: session.actor.may(Action::RunOnboarding),
        changed: changed.map(|changed| ChangedView {
            by: changed.by,
            at: moment(changed.at, &web.app.time_zone),
            standing: changed.standing,
            written,
        }),
        draft,
        mark,
        wrong,
        overlap,
    };
    render(status, &page)
}

impl Meanwhile {
    fn of(web: &Web, now: &Sheet) -> Self {
        let who = match &now.changed {
            Some(changed) if changed.standing == Standing::Current => {
                let at = moment(changed.at, &web.app.time_zone).words;
                format!("{} changed the same lines at {at}", changed.by)
            }
            _ => "The plan behind this document changed".to_owned(),
        };
        let said = format!(
            "{who}, while you had it open. Nothing is lost: your words stand below and are not saved yet. Work the other text in, or save again to use yours."
        );
        Self { said, text: wording::halves(&now.text).1 }
    }
}
