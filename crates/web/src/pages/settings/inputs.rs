//! Files of what other systems tell: looked at first, then taken whole; what was taken; and how to send the same by the
//! API.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::identity::Session;
use gangway_app::input::{self, InputFile, Kind, Preview};
use gangway_app::{AppError, Problem};

use super::{Tab, tabs};
use crate::Web;
use crate::extract::{Answer, Asked, Here, Names};
use crate::form::Wrong;
use crate::format::{Moment, count, moment};
use crate::pages::document::to_save;
use crate::pages::onboarding::work::talk::Sent;
use crate::pages::{Choice, Frame, Nav, Toast, render};
use crate::session::Signed;

const PATH: &str = "/settings/inputs";

#[derive(Template)]
#[template(path = "pages/settings/inputs.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    kinds: Vec<Choice>,
    /// Of each kind: its name, its columns, and where its template is.
    columns: Vec<(&'static str, &'static str, String)>,
    files: Vec<FileLine>,
    seen: Option<Seen>,
    wrong: Wrong,
    /// Where the API is.
    api: String,
}

/// A file that was taken.
struct FileLine {
    name: String,
    kind: &'static str,
    counts: String,
    by: String,
    at: Moment,
}

/// A file that was looked at.
struct Seen {
    name: String,
    /// Its kind: what people read, and the word.
    kind: (&'static str, &'static str),
    counts: String,
    preview: Preview,
    /// How many lines that can be used are not shown, and how many that cannot.
    more: usize,
    more_wrong: usize,
    csv: String,
}

/// The page.
pub(crate) async fn show(Asked(web, session, (), values): Asked) -> Answer {
    let said = match (values.text("lines").parse::<usize>(), values.text("accounts").parse::<usize>()) {
        (Ok(lines), Ok(accounts)) => taken(lines, accounts),
        _ => String::new(),
    };
    page(&web, &session, StatusCode::OK, None, Wrong::default(), &said).await
}

/// Says what a file would bring.
pub(crate) async fn check(Here(web, session, ()): Here, sent: Sent) -> Answer {
    let looked = match read(&sent) {
        Ok((kind, csv)) => {
            let preview = input::preview(&web.app, &session.actor, kind, &csv).await;
            preview.map(|preview| Seen::new(&sent.file.name, kind, preview, csv))
        }
        Err(error) => Err(error),
    };
    match looked {
        Ok(seen) => page(&web, &session, StatusCode::OK, Some(seen), Wrong::default(), "").await,
        Err(error) => refused(&web, &session, error).await,
    }
}

/// Takes a file: one that was looked at, or one that was chosen.
pub(crate) async fn take(Here(web, session, ()): Here, sent: Sent) -> Answer {
    let done = match read(&sent) {
        Ok((kind, csv)) => {
            let name = if sent.file.name.is_empty() { sent.text("name") } else { sent.file.name.as_str() };
            Box::pin(input::bring_named(&web.app, &session.actor, kind, name, &csv)).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(brought) => {
            let to = format!("{PATH}?lines={}&accounts={}", brought.lines, brought.accounts);
            Ok(Redirect::to(&to).into_response())
        }
        Err(error) => refused(&web, &session, error).await,
    }
}

/// A file to begin with.
pub(crate) async fn template(_: Signed, Names(kind): Names<String>) -> Answer {
    let kind = kind_of(&kind)?;
    Ok(to_save(&format!("{}.csv", kind.word()), "text/csv; charset=utf-8", kind.template()))
}

fn kind_of(word: &str) -> Result<Kind, AppError> {
    Kind::read(word)
        .ok_or_else(|| AppError::NotFound { what: "kind of file", id: word.chars().take(60).collect() })
}

/// The kind and the text of what was sent: a file, or the text of one that was looked at.
fn read(sent: &Sent) -> Result<(Kind, String), AppError> {
    let kind = kind_of(sent.text("kind"))?;
    let text = if sent.file.bytes.is_empty() {
        sent.text("csv").to_owned()
    } else {
        String::from_utf8(sent.file.bytes.clone()).map_err(|_| {
            let message = "is not UTF-8: save it as CSV in UTF-8, and send it again";
            AppError::Invalid(vec![Problem::new("file", message)])
        })?
    };
    // Nobody types them, and no database keeps them.
    Ok((kind, text.replace('\0', "")))
}

/// The page with why a file was not used: what is wrong is of the file, not of a field.
async fn refused(web: &Web, session: &Session, error: AppError) -> Answer {
    let said = match &error {
        AppError::Invalid(problems) => {
            Some(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
        }
        _ => None,
    };
    let (status, wrong) = Wrong::or_fail(error)?;
    let wrong = said.map_or(wrong, |said| Wrong::whole(format!("Nothing was taken: the {said}.")));
    page(web, session, status, None, wrong, "").await
}

/// `12 lines about 3 customers`.
fn about(lines: usize, accounts: usize) -> String {
    format!("{} about {}", count(lines, "line"), count(accounts, "customer"))
}

fn taken(lines: usize, accounts: usize) -> String {
    format!("Taken: {}.", about(lines, accounts))
}

impl Seen {
    fn new(name: &str, kind: Kind, preview: Preview, csv: String) -> Self {
        Self {
            name: name.to_owned(),
            kind: (kind.label(), kind.word()),
            counts: about(preview.brings.lines, preview.brings.accounts),
            more: preview.brings.lines.saturating_sub(preview.shown.len()),
            more_wrong: preview.wrong_lines.saturating_sub(preview.wrong.len()),
            preview,
            csv,
        }
    }
}

impl FileLine {
    fn new(one: InputFile, zone: &jiff::tz::TimeZone) -> Self {
        let number = |count: i64| usize::try_from(count).unwrap_or(0);
        Self {
            kind: Kind::read(&one.kind).map_or("File", Kind::label),
            counts: about(number(one.lines), number(one.accounts)),
            name: if one.name.is_empty() { "By the API".to_owned() } else { one.name },
            by: one.by,
            at: moment(one.at, zone),
        }
    }
}

async fn page(
    web: &Web,
    session: &Session,
    status: StatusCode,
    seen: Option<Seen>,
    wrong: Wrong,
    said: &str,
) -> Answer {
    let files = input::files(&web.app, &session.actor).await?;
    let zone = &web.app.time_zone;
    let page = Page {
        frame: Frame::of(session, Nav::Settings, "Inputs").saying(Toast::of(said)),
        tabs: tabs(session, PATH),
        kinds: Kind::ALL.iter().map(|kind| Choice::of(kind.word(), kind.label(), "")).collect(),
        columns: Kind::ALL
            .iter()
            .map(|kind| (kind.label(), kind.columns(), format!("{PATH}/templates/{}", kind.word())))
            .collect(),
        files: files.into_iter().map(|one| FileLine::new(one, zone)).collect(),
        seen,
        wrong,
        api: web.app.link("/api/v1"),
    };
    Ok(render(status, &page))
}
