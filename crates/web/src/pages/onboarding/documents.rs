//! The package: read in place, saved in every format, or taken along whole.

use askama::Template;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use gangway_app::package::{self, Standing};
use gangway_app::{document, onboarding};
use gangway_domain::permission::Action;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::read_id;
use super::top::Top;
use crate::Web;
use crate::extract::{Answer, Asked, Here};
use crate::format::moment;
use crate::pages::document::{NOT_IN_PATH, disposition, opens_in_browser};
use crate::pages::{Frame, render};

#[derive(Template)]
#[template(path = "pages/onboarding/documents.html")]
struct Page {
    frame: Frame,
    top: Top,
    groups: Vec<Group>,
    /// The document read in place.
    shown: Option<Preview>,
}

struct Group {
    title: &'static str,
    documents: Vec<Document>,
}

struct Document {
    title: String,
    purpose: String,
    /// Where it is read in place, when a browser can.
    read: Option<String>,
    here: bool,
    formats: Vec<Format>,
    /// Where its words are changed.
    words: Option<String>,
    /// Its words were changed: by whom and when; and whether somebody must look at them since the plan moved.
    changed: Option<(String, bool)>,
}

struct Format {
    path: String,
    kind: String,
    href: String,
    /// The browser shows it; otherwise it is saved.
    shown: bool,
}

struct Preview {
    title: String,
    href: String,
}

/// What people changed in the words of the documents.
struct Words<'a> {
    may_change: bool,
    web: &'a Web,
    changes: &'a [(package::Wordable, document::Changed)],
}

impl Words<'_> {
    fn changed(&self, name: &str) -> Option<(String, bool)> {
        let (_, changed) = self.changes.iter().find(|(document, _)| document.name == name)?;
        let at = moment(changed.at, &self.web.app.time_zone).words;
        Some((format!("{}, {at}", changed.by), changed.standing == Standing::Apart))
    }
}

/// The documents of one onboarding, one of them read in place when the address asks for it.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let id = read_id(id)?;
    let (head, groups) = onboarding::documents(&web.app, &session.actor, id).await?;
    let changes = document::changes(&web.app, &session.actor, id).await?;
    let words = Words { may_change: session.actor.may(Action::RunOnboarding), web: &web, changes: &changes };
    let top = Top::new(&session, &head, "/documents");
    let asked = values.text("read");
    let groups: Vec<Group> =
        groups.into_iter().map(|group| Group::new(group, &top, &asked, &words)).collect();
    let shown = groups
        .iter()
        .flat_map(|group| &group.documents)
        .find(|document| document.here)
        .map(|document| Preview { title: document.title.clone(), href: file(&top, &asked) });
    Ok(render(StatusCode::OK, &Page { frame: top.frame(&session, "Documents"), top, groups, shown }))
}

/// The whole package in one archive.
pub(crate) async fn archive(Here(web, session, id): Here<String>) -> Answer {
    let (name, bytes) = onboarding::archive(&web.app, &session.actor, read_id(id)?).await?;
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    if let Ok(value) = disposition(&name.replace('/', "-"), false).parse() {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok((headers, bytes).into_response())
}

/// The address of a file of the package.
fn file(top: &Top, path: &str) -> String {
    top.to(&format!("/package/{}", utf8_percent_encode(path, NOT_IN_PATH)))
}

impl Group {
    fn new(group: package::Group, top: &Top, asked: &str, words: &Words<'_>) -> Self {
        let documents = group.entries.into_iter().map(|entry| Document::new(entry, top, asked, words));
        Self { title: group.title, documents: documents.collect() }
    }
}

impl Document {
    fn new(entry: package::Entry, top: &Top, asked: &str, words: &Words<'_>) -> Self {
        let package::Entry { title, purpose, paths, template } = entry;
        let readable = paths.iter().find(|path| opens_in_browser(path) && !path.ends_with(".json"));
        Self {
            read: readable.map(|path| {
                top.to(&format!("/documents?read={}", utf8_percent_encode(path, NON_ALPHANUMERIC)))
            }),
            here: readable.is_some_and(|path| path == asked),
            formats: paths.into_iter().map(|path| Format::new(path, top)).collect(),
            words: template.filter(|_| words.may_change).map(|name| top.to(&format!("/documents/{name}"))),
            changed: template.and_then(|name| words.changed(name)),
            title,
            purpose,
        }
    }
}

impl Format {
    fn new(path: String, top: &Top) -> Self {
        let kind = match path.rsplit_once('.') {
            Some((stem, "txt")) if stem.ends_with(".subject") => "SUBJECT".to_owned(),
            Some((_, ending)) => ending.to_uppercase(),
            None => String::new(),
        };
        let shown = opens_in_browser(&path);
        let address = file(top, &path);
        Self { href: if shown { address } else { format!("{address}?download=1") }, path, kind, shown }
    }
}
