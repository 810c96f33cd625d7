//! Comments, files and checklists, shown with a task or milestone, and what is sent for them.

use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::work::{self, LARGEST_FILE, NewFile, Talk};
use gangway_domain::ids::{AttachmentId, CheckId, CommentId, TaskId};

use super::safe;
use crate::Web;
use crate::extract::{Answer, Here, Posted, named};
use crate::format::{Moment, initials, moment};
use crate::pages::document::to_save;
use crate::pages::failure;
use crate::pages::undo::carry;

/// What is more than a file in a form around it.
const AROUND: usize = 64 * 1024;

/// What people say about one thing, as pages show it.
pub(crate) struct TalkView {
    /// Id of the task or milestone.
    pub id: String,
    pub comments: Vec<CommentLine>,
    pub files: Vec<FileLine>,
    pub checklist: Vec<CheckLine>,
    pub done: usize,
    /// What is to be done; empty when nobody has said.
    pub description: String,
    /// Who said so, and when.
    pub described: Option<(String, Moment)>,
    /// Which version of it is shown; 0 where there is none.
    pub description_version: i64,
}

pub(crate) struct CommentLine {
    pub id: String,
    pub by: String,
    pub initials: String,
    pub at: Moment,
    pub said: String,
    /// The customer sees it too.
    pub shared: bool,
}

pub(crate) struct FileLine {
    pub id: String,
    pub name: String,
    pub size: String,
    pub by: String,
    pub at: Moment,
    /// The customer sees it too.
    pub shared: bool,
}

pub(crate) struct CheckLine {
    pub id: String,
    pub said: String,
    pub done: bool,
    pub by: String,
}

impl TalkView {
    pub(crate) fn new(web: &Web, talk: Talk, id: String) -> Self {
        let zone = &web.app.time_zone;
        let comments = talk.comments.into_iter().map(|one| CommentLine {
            id: one.id.to_string(),
            shared: talk.shared.contains(&one.id.to_string()),
            initials: initials(&one.by),
            by: one.by,
            at: moment(one.at, zone),
            said: one.said,
        });
        let files = talk.files.into_iter().map(|one| FileLine {
            id: one.id.to_string(),
            shared: talk.shared.contains(&one.id.to_string()),
            name: one.name,
            size: size(one.size),
            by: one.by,
            at: moment(one.at, zone),
        });
        let checklist = talk.checklist.into_iter().map(|one| CheckLine {
            id: one.id.to_string(),
            said: one.said,
            done: one.done_at.is_some(),
            by: one.done_by.unwrap_or_default(),
        });
        let checklist: Vec<CheckLine> = checklist.collect();
        let done = checklist.iter().filter(|line| line.done).count();
        let (description, described, description_version) = match talk.description {
            Some(one) => (one.text, Some((one.by, moment(one.at, zone))), one.version),
            None => (String::new(), None, 0),
        };
        Self {
            id,
            comments: comments.collect(),
            files: files.collect(),
            checklist,
            done,
            description,
            described,
            description_version,
        }
    }
}

/// `640 bytes`, `12 kB`, `3.4 MB`.
fn size(bytes: i64) -> String {
    match bytes {
        ..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// Comments on a task or milestone.
pub(crate) async fn comment(Posted(web, session, id, fields): Posted<String>) -> Answer {
    work::comment(&web.app, &session.actor, &id, fields.text("said")).await?;
    Ok(done(fields.text("back"), "comments"))
}

/// Takes one's own comment out.
pub(crate) async fn remove_comment(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id: CommentId = named("comment", &id)?;
    work::remove_comment(&web.app, &session.actor, id).await?;
    Ok(done(fields.text("back"), "comments"))
}

/// A file on its way in, with where the form leads back to.
pub(crate) struct Sent {
    pub(crate) back: String,
    pub(crate) file: NewFile,
    /// What else the form says, by the names of its fields.
    others: Vec<(String, String)>,
}

impl Sent {
    /// What a field beside the file says; empty without one.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.others.iter().find(|(known, _)| known == name).map_or("", |(_, text)| text.as_str())
    }
}

impl FromRequest<Web> for Sent {
    type Rejection = Response;

    async fn from_request(mut request: Request, web: &Web) -> Result<Self, Response> {
        let damaged = || {
            failure::page(
                StatusCode::UNPROCESSABLE_ENTITY,
                "This file could not be kept",
                "It is larger than 10 MB, or was damaged on its way. Go back and choose another.",
            )
        };
        DefaultBodyLimit::max(LARGEST_FILE + AROUND).apply(&mut request);
        let mut form = Multipart::from_request(request, web).await.map_err(|_| damaged())?;
        let mut sent = Self {
            back: String::new(),
            file: NewFile { name: String::new(), media_type: String::new(), bytes: Vec::new() },
            others: Vec::new(),
        };
        while let Some(field) = form.next_field().await.map_err(|_| damaged())? {
            match field.name() {
                Some("back") => sent.back = field.text().await.map_err(|_| damaged())?,
                Some("file") => {
                    sent.file.name = field.file_name().unwrap_or_default().to_owned();
                    sent.file.media_type = field.content_type().unwrap_or_default().to_owned();
                    sent.file.bytes = field.bytes().await.map_err(|_| damaged())?.to_vec();
                }
                Some(name) => {
                    let name = name.to_owned();
                    sent.others.push((name, field.text().await.map_err(|_| damaged())?));
                }
                None => {}
            }
        }
        Ok(sent)
    }
}

/// Keeps a file with a task or milestone.
pub(crate) async fn add_file(Here(web, session, id): Here<String>, Sent { back, file, .. }: Sent) -> Answer {
    work::add_file(&web.app, &session.actor, &id, file).await?;
    Ok(done(&back, "files"))
}

/// A file.
pub(crate) async fn file(Here(web, session, id): Here<String>) -> Answer {
    let id: AttachmentId = named("file", &id)?;
    let (file, bytes) = work::file(&web.app, &session.actor, id).await?;
    Ok(to_save(&file.name, "application/octet-stream", bytes))
}

/// Takes a file out.
pub(crate) async fn remove_file(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id: AttachmentId = named("file", &id)?;
    work::remove_file(&web.app, &session.actor, id).await?;
    Ok(done(fields.text("back"), "files"))
}

/// Adds a line to a checklist.
pub(crate) async fn add_check(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let task: TaskId = named("task", &id)?;
    work::add_check(&web.app, &session.actor, task, fields.text("said")).await?;
    Ok(done(fields.text("back"), "checklist"))
}

/// Says what is to be done in a task.
pub(crate) async fn describe(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let task: TaskId = named("task", &id)?;
    work::describe(&web.app, &session.actor, task, fields.version(), fields.text("description")).await?;
    Ok(done(fields.text("back"), "description"))
}

/// Ticks a line of a checklist, takes the tick away, or takes the line out.
pub(crate) async fn check(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id: CheckId = named("line of a checklist", &id)?;
    match fields.text("do") {
        "remove" => {
            let line = work::remove_check(&web.app, &session.actor, id).await?;
            let what = carry(&[("line", line.said.as_str())]);
            let said = format!("gone&of={}&line-of={}{what}", line.onboarding, line.task);
            return Ok(told(fields.text("back"), "checklist", &said));
        }
        word => work::tick(&web.app, &session.actor, id, word == "tick").await?,
    }
    Ok(done(fields.text("back"), "checklist"))
}

/// Back to where the form says it was, at the part it was in.
fn done(back: &str, part: &str) -> Response {
    told(back, part, "said")
}

/// The same with what the page says then.
fn told(back: &str, part: &str, said: &str) -> Response {
    let back = safe(back, "/my-work".to_owned());
    let path = back.split(['#', '?']).next().unwrap_or_default();
    Redirect::to(&format!("{path}?said={said}#{part}")).into_response()
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_read_well() {
        assert_eq!([size(12), size(20_480), size(3_400_000)], ["12 bytes", "20 kB", "3.4 MB"]);
    }
}
