//! Who learns: a list, one form for one person, and one for a list of users.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::identity::Session;
use gangway_app::training::{self, LearnerDraft, Training};
use gangway_app::{AppError, people};
use gangway_domain::ids::OnboardingId;
use gangway_domain::permission::Action;
use gangway_domain::training::Level;

use super::{HERE, tabs, ticked};
use crate::Web;
use crate::extract::{Answer, Asked, Here, Posted, Values};
use crate::form::{Wrong, answered};
use crate::format::count;
use crate::pages::onboarding::read_id;
use crate::pages::onboarding::top::Top;
use crate::pages::onboarding::work::talk::Sent;
use crate::pages::{Choice, Frame, Tab, Toast, render};

/// Learners on a page.
const SHOWN: usize = 200;

#[derive(Template)]
#[template(path = "pages/onboarding/training/learners.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    lines: Vec<Line>,
    all: String,
    /// Where the next ones are; empty on the last page.
    next: String,
    may_edit: bool,
    contacts: Vec<Choice>,
    tracks: Vec<Choice>,
    sheet: Sheet,
    csv: String,
    list: Wrong,
}

struct Line {
    href: String,
    name: String,
    email: String,
    team: String,
    on: Vec<On>,
}

struct On {
    track: String,
    level: &'static str,
    tone: &'static str,
}

/// The form for one person, as it was typed.
#[derive(Debug, Default)]
struct Sheet {
    contact: String,
    name: String,
    email: String,
    team: String,
    tracks: Vec<String>,
    wrong: Wrong,
}

/// The list.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let id = read_id(id)?;
    let toast = match values.text("said").as_str() {
        "added" => Toast::of("Added."),
        "removed" => Toast::of("Taken out."),
        "read" => read_toast(&values),
        _ => None,
    };
    let from = values.text("from").parse().unwrap_or(0);
    page(&web, &session, id, from, Typed::default(), toast, StatusCode::OK).await
}

/// What a list brought.
fn read_toast(values: &Values) -> Option<Toast> {
    let number = |name: &str| values.text(name).parse::<usize>().unwrap_or(0);
    let (added, known) = (count(number("added"), "new learner"), number("known"));
    Toast::of(&format!(
        "{added}, {known} known already, {} on tracks.",
        count(number("enrolled"), "new place")
    ))
}

/// Adds somebody.
pub(crate) async fn add(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let text = |name: &str| fields.text(name).to_owned();
    let draft = LearnerDraft {
        contact: fields.text("contact").parse().ok(),
        name: text("name"),
        email: text("email"),
        team: text("team"),
        tracks: ticked(&fields),
    };
    answered(
        training::add(&web.app, &session.actor, id, draft).await,
        |_| Redirect::to(&format!("/onboardings/{id}/training/learners?said=added")).into_response(),
        |status, wrong| {
            let sheet = Sheet {
                contact: text("contact"),
                name: text("name"),
                email: text("email"),
                team: text("team"),
                tracks: fields.all("tracks").map(str::to_owned).collect(),
                wrong,
            };
            page(&web, &session, id, 0, Typed { sheet, ..Typed::default() }, None, status)
        },
    )
    .await
}

/// Reads a list that was pasted.
pub(crate) async fn paste(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    read(&web, &session, id, fields.text("csv"), &ticked(&fields)).await
}

/// Reads a list that is a file.
pub(crate) async fn upload(Here(web, session, id): Here<String>, sent: Sent) -> Answer {
    let id = read_id(id)?;
    let text = String::from_utf8_lossy(&sent.file.bytes).replace('\0', "");
    read(&web, &session, id, &text, &[]).await
}

async fn read(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    text: &str,
    tracks: &[gangway_domain::ids::TrackId],
) -> Answer {
    match training::upload(&web.app, &session.actor, id, text, tracks).await {
        Ok(brought) => {
            let training::Uploaded { added, known, enrolled } = brought;
            let to = format!(
                "/onboardings/{id}/training/learners?said=read&added={added}&known={known}&enrolled={enrolled}"
            );
            Ok(Redirect::to(&to).into_response())
        }
        Err(error) => {
            let told = match &error {
                AppError::Invalid(problems) => {
                    let said: Vec<String> =
                        problems.iter().map(|one| format!("the list {}", one.message)).collect();
                    Some(Wrong::whole(format!("Nobody was added: {}.", said.join("; "))))
                }
                _ => None,
            };
            let (status, wrong) = Wrong::or_fail(error)?;
            let typed = Typed { csv: text.to_owned(), list: told.unwrap_or(wrong), ..Typed::default() };
            page(web, session, id, 0, typed, None, status).await
        }
    }
}

/// What was typed and came back.
#[derive(Debug, Default)]
struct Typed {
    sheet: Sheet,
    csv: String,
    list: Wrong,
}

async fn page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    from: usize,
    typed: Typed,
    toast: Option<Toast>,
    code: StatusCode,
) -> Answer {
    let training = training::of_onboarding(&web.app, &session.actor, id).await?;
    let known = people::standing(&web.app, &session.actor, id).await?.people;
    let top = Top::new(session, &training.head, HERE);
    let Typed { sheet, csv, list } = typed;
    let contacts = known
        .into_iter()
        .map(|one| Choice::of(one.facts.contact.to_string(), one.facts.name, &sheet.contact));
    let contacts = std::iter::once(Choice::of("", "Somebody else", &sheet.contact)).chain(contacts).collect();
    let tracks = training.tracks.iter().map(|track| Choice {
        value: track.id.to_string(),
        label: track.name.clone(),
        chosen: sheet.tracks.contains(&track.id.to_string()),
    });
    let after = from.saturating_add(SHOWN);
    let page = Page {
        frame: top.frame(session, "Learners").saying(toast),
        pages: tabs(&top, "/training/learners"),
        lines: lines(&training, &top, from),
        all: count(training.learners.len(), "learner"),
        next: if after < training.learners.len() {
            top.to(&format!("/training/learners?from={after}"))
        } else {
            String::new()
        },
        may_edit: session.actor.may(Action::RunOnboarding),
        tracks: tracks.collect(),
        contacts,
        sheet,
        csv,
        list,
        top,
    };
    Ok(render(code, &page))
}

fn lines(training: &Training, top: &Top, from: usize) -> Vec<Line> {
    let line = |learner: &training::Learner| Line {
        href: top.to(&format!("/training/learners/{}", learner.id)),
        name: learner.name.clone(),
        email: learner.email.clone().unwrap_or_default(),
        team: learner.team.clone(),
        on: training
            .progress
            .iter()
            .filter(|one| one.enrolment.learner == learner.id)
            .map(|one| On {
                track: training
                    .track(one.enrolment.track)
                    .map(|track| track.name.clone())
                    .unwrap_or_default(),
                level: one.level.map_or("Not begun", Level::label),
                tone: if one.complete { "go" } else { "" },
            })
            .collect(),
    };
    training.learners.iter().skip(from).take(SHOWN).map(line).collect()
}
