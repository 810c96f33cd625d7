//! A survey: in the portal, or behind the link of a mail, where one click has chosen the first answer already. Opening
//! a link keeps nothing; sending the form does.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::survey::{self, Given, Kept, Sheet, Slot};
use gangway_domain::form::Mistake;
use gangway_domain::ids::SurveyId;

use super::guest::{GuestAsked, GuestPosted};
use super::{Failed, Place, PortalFrame, told_outside};
use crate::Web;
use crate::extract::{Names, Values, named};
use crate::form::Fields;
use crate::pages::render;

#[derive(Template)]
#[template(path = "pages/portal/survey.html")]
struct Page {
    frame: PortalFrame,
    /// Where the answers go.
    action: String,
    title: String,
    /// Nothing can be answered any more.
    over: bool,
    /// They were kept just now, or before.
    done: bool,
    may_answer: bool,
    slots: Vec<SlotRow>,
    wrong: bool,
}

struct SlotRow {
    field: String,
    text: String,
    aspect: String,
    /// Value, what people read, chosen.
    choices: Vec<(String, String, bool)>,
    low: String,
    high: String,
    answer: String,
    problem: String,
}

fn row(frame: &PortalFrame, slot: Slot, mistakes: &[Mistake]) -> SlotRow {
    let (low, high) = slot.ends.unwrap_or_default();
    let problem = mistakes.iter().find(|one| one.field == slot.field);
    let choices = slot.choices.iter().zip(&slot.labels);
    let choices = choices.map(|(choice, label)| (choice.clone(), label.clone(), *choice == slot.answer));
    SlotRow {
        choices: choices.collect(),
        problem: problem.map(|one| frame.told(&one.told)).unwrap_or_default(),
        field: slot.field,
        text: slot.text,
        aspect: slot.aspect,
        low,
        high,
        answer: slot.answer,
    }
}

/// Puts what was typed into the fields again.
fn typed(sheet: &mut Sheet, given: &[Given]) {
    for slot in &mut sheet.slots {
        if let Some(one) = given.iter().find(|one| one.field == slot.field) {
            slot.answer.clone_from(&one.text);
        }
    }
}

fn given(sheet: &Sheet, fields: &Fields) -> Vec<Given> {
    let one = |slot: &Slot| Given { field: slot.field.clone(), text: fields.text(&slot.field).to_owned() };
    sheet.slots.iter().map(one).collect()
}

fn page(frame: PortalFrame, action: String, sheet: Sheet, may: bool, mistakes: &[Mistake]) -> Response {
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Page {
        slots: sheet.slots.into_iter().map(|slot| row(&frame, slot, mistakes)).collect(),
        frame,
        action,
        over: !sheet.open,
        done: sheet.done,
        may_answer: sheet.open && may,
        title: sheet.title,
        wrong: !mistakes.is_empty(),
    };
    render(status, &page)
}

fn outside(sheet: &Sheet) -> PortalFrame {
    let frame = PortalFrame::bare(sheet.language, &sheet.title);
    PortalFrame { vendor: sheet.vendor.clone(), ..frame }
}

/// The survey behind a link. `?first=` is the answer that was clicked in the mail.
pub(crate) async fn by_link(
    State(web): State<Web>,
    Names(token): Names<String>,
    headers: HeaderMap,
    values: Values,
) -> Result<Response, Failed> {
    let mut sheet = match survey::by_link(&web.app, &token).await {
        Ok(sheet) => sheet,
        Err(AppError::LinkEnded) => return Ok(super::enter::gone_of_nobody(super::spoken(&headers))),
        Err(error) => return Err(error.into()),
    };
    let first = values.text("first");
    if let Some(slot) = sheet.slots.first_mut().filter(|slot| slot.choices.contains(&first)) {
        slot.answer = first;
    }
    let frame = outside(&sheet);
    let frame = match values.text("said").as_str() {
        "thanks" => {
            let said = frame.say("survey.thanks");
            frame.saying(said)
        }
        _ => frame,
    };
    Ok(page(frame, format!("/survey/{token}"), sheet, true, &[]))
}

/// Keeps what the holder of a link answers.
pub(crate) async fn keep_by_link(
    State(web): State<Web>,
    Names(token): Names<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, Failed> {
    let mut sheet = match survey::by_link(&web.app, &token).await {
        Ok(sheet) => sheet,
        Err(AppError::LinkEnded) => return Ok(super::enter::gone_of_nobody(super::spoken(&headers))),
        Err(error) => return Err(error.into()),
    };
    let given = given(&sheet, &fields);
    let kept = match survey::keep_by_link(&web.app, &token, &given).await {
        Ok(kept) => kept,
        Err(error) => {
            return Ok(told_outside(sheet.language, &fields.prose(), Failed::from(error).into_response()));
        }
    };
    match kept {
        Kept::Kept => Ok(Redirect::to(&format!("/survey/{token}?said=thanks")).into_response()),
        Kept::Wrong(mistakes) => {
            typed(&mut sheet, &given);
            let frame = outside(&sheet);
            Ok(page(frame, format!("/survey/{token}"), sheet, true, &mistakes))
        }
    }
}

/// A survey in the portal.
pub(crate) async fn show(GuestAsked(web, visit, id, values): GuestAsked<String>) -> Result<Response, Failed> {
    let id: SurveyId = named("survey", &id)?;
    let sheet = survey::for_guest(&web.app, &visit.actor, id).await?;
    let frame = PortalFrame::new(&visit, Place::Todo, &sheet.title);
    let frame = match values.text("said").as_str() {
        "thanks" => {
            let said = frame.say("survey.thanks");
            frame.saying(said)
        }
        _ => frame,
    };
    let may = !frame.peek;
    Ok(page(frame, format!("/portal/surveys/{id}"), sheet, may, &[]))
}

/// Keeps what a guest answers.
pub(crate) async fn keep(
    GuestPosted(web, visit, id, fields): GuestPosted<String>,
) -> Result<Response, Failed> {
    let id: SurveyId = named("survey", &id)?;
    let mut sheet = survey::for_guest(&web.app, &visit.actor, id).await?;
    let given = given(&sheet, &fields);
    match survey::keep_for_guest(&web.app, &visit.actor, id, &given).await? {
        Kept::Kept => Ok(Redirect::to(&format!("/portal/surveys/{id}?said=thanks")).into_response()),
        Kept::Wrong(mistakes) => {
            typed(&mut sheet, &given);
            let frame = PortalFrame::new(&visit, Place::Todo, &sheet.title);
            Ok(page(frame, format!("/portal/surveys/{id}"), sheet, true, &mistakes))
        }
    }
}
