//! One outcome: its way in figures, what was measured and what shows it, what the customer says.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::outcome::{self as impact, NewMeasurement, OutcomeSight, Said};
use gangway_app::work::{self, Talk};
use gangway_domain::ids::{MeasurementId, OnboardingId, OutcomeId};
use gangway_domain::outcome::{Answer, Evidence, Status, lacks_for_agreement};
use gangway_domain::permission::Action;
use gangway_store::outcome::measurement::Measurement;

use super::sheet::{Choices, Sheet, day, figure};
use super::{HERE, Line, outcome_id, tabs};
use crate::Web;
use crate::extract::{Names, Values};
use crate::form::{Fields, Wrong};
use crate::format::{Day, moment};
use crate::pages::accounts::account::meanwhile;
use crate::pages::failure::Failure;
use crate::pages::onboarding::top::Top;
use crate::pages::onboarding::work::talk::TalkView;
use crate::pages::{Choice, Frame, Tab, Toast, Undo, render};
use crate::session::Signed;

#[derive(Template)]
#[template(path = "pages/onboarding/impact/outcome.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    address: String,
    line: Line,
    proof: String,
    confirms: String,
    agreed: Option<String>,
    lacks: Vec<&'static str>,
    /// What the customer says: whether it is a yes, who and when, in their words.
    answer: Option<(bool, String, String)>,
    measurements: Vec<Measured>,
    version: i64,
    may_edit: bool,
    may_agree: bool,
    may_confirm: bool,
    may_remove: bool,
    figures: bool,
    talk: TalkView,
    forms: Forms,
    choices: Choices,
    evidence: Vec<Choice>,
    kept: Vec<Choice>,
}

struct Measured {
    on: Day,
    value: String,
    note: String,
    evidence: String,
    href: String,
    by: String,
    removal: String,
}

/// What was typed in the forms of the page.
#[derive(Default)]
struct Forms {
    sheet: Sheet,
    measure: MeasureForm,
    agreed_by: String,
    agree: Wrong,
    said_by: String,
    words: String,
    answer: Wrong,
    reason: String,
    reopen: Wrong,
}

#[derive(Default)]
struct MeasureForm {
    on: String,
    value: String,
    holds: bool,
    note: String,
    kind: String,
    text: String,
    file: String,
    wrong: Wrong,
}

/// One outcome.
pub(crate) async fn show(
    State(web): State<Web>,
    Signed(session): Signed,
    Names((_, id)): Names<(String, String)>,
    values: Values,
) -> Result<Response, Failure> {
    let id = outcome_id(&id)?;
    work::seen(&web.app, &session.actor, &id.to_string()).await?;
    page(&web, &session, id, None, &values.text("said"), &values.text("measured"), StatusCode::OK).await
}

/// Changes it.
pub(crate) async fn change(
    State(web): State<Web>,
    Signed(session): Signed,
    Names((_, id)): Names<(String, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let id = outcome_id(&id)?;
    let sheet = Sheet::typed(&fields);
    let version = sheet.version.parse().unwrap_or(0);
    let kept = match sheet.read() {
        Ok(draft) => impact::change(&web.app, &session.actor, id, version, draft).await,
        Err(error) => Err(error),
    };
    match kept {
        Ok(kept) => Ok(said(kept.onboarding, id, "changed")),
        Err(error) => {
            let (status, wrong) = meanwhile(error)?;
            // What stands in the form is meant for the version that is shown now.
            let now = impact::get(&web.app, &session.actor, id).await?.outcome.version.to_string();
            let forms = Forms { sheet: Sheet { wrong, version: now, ..sheet }, ..Forms::default() };
            page(&web, &session, id, Some(forms), "", "", status).await
        }
    }
}

/// Writes down what was measured.
pub(crate) async fn measure(
    State(web): State<Web>,
    Signed(session): Signed,
    Names((_, id)): Names<(String, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let id = outcome_id(&id)?;
    let text = |name: &str| fields.text(name).to_owned();
    let form = MeasureForm {
        on: text("on"),
        value: text("value"),
        holds: !fields.text("holds").is_empty(),
        note: text("note"),
        kind: text("kind"),
        text: text("evidence"),
        file: text("kept"),
        wrong: Wrong::default(),
    };
    let made = match form.read() {
        Ok(new) => impact::measure(&web.app, &session.actor, id, new).await,
        Err(error) => Err(error),
    };
    match made {
        Ok((kept, made)) => {
            let to = format!("/onboardings/{}/impact/{id}?measured={}", kept.onboarding, made.id);
            Ok(Redirect::to(&to).into_response())
        }
        Err(error) => {
            let (status, wrong) = meanwhile(error)?;
            let forms = Forms { measure: MeasureForm { wrong, ..form }, ..Forms::default() };
            page(&web, &session, id, Some(forms), "", "", status).await
        }
    }
}

impl MeasureForm {
    fn read(&self) -> Result<NewMeasurement, AppError> {
        let mut problems = Vec::new();
        let on = day("on", &self.on, &mut problems);
        let value = figure("value", &self.value, &mut problems);
        let evidence = match self.kind.as_str() {
            "words" => Some(Evidence::Words { text: self.text.clone() }),
            "link" => Some(Evidence::Link { url: self.text.clone() }),
            "file" => match self.file.parse() {
                Ok(id) => Some(Evidence::File { id, name: String::new() }),
                Err(_) => {
                    problems.push(gangway_app::Problem::new("evidence", "is no file kept with this outcome"));
                    None
                }
            },
            _ => None,
        };
        match on {
            Some(on) if problems.is_empty() => {
                Ok(NewMeasurement { on, value, holds: self.holds, note: self.note.clone(), evidence })
            }
            _ => Err(AppError::Invalid(problems)),
        }
    }
}

/// Takes a measurement out.
pub(crate) async fn remove_measurement(
    State(web): State<Web>,
    Signed(session): Signed,
    Names((_, _, id)): Names<(String, String, String)>,
) -> Result<Response, Failure> {
    let missing = |_| AppError::NotFound { what: "measurement", id: id.chars().take(60).collect() };
    let measurement: MeasurementId = id.parse().map_err(missing)?;
    let kept = impact::remove_measurement(&web.app, &session.actor, measurement).await?;
    Ok(said(kept.onboarding, kept.id, "unmeasured"))
}

/// Somebody of the customer agreed.
pub(crate) async fn agree(
    State(web): State<Web>,
    Signed(session): Signed,
    Names((_, id)): Names<(String, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let id = outcome_id(&id)?;
    let by = fields.text("agreed_by").to_owned();
    let version = fields.text("version").parse().unwrap_or(0);
    match impact::agree(&web.app, &session.actor, id, version, &by).await {
        Ok(kept) => Ok(said(kept.onboarding, id, "agreed")),
        Err(error) => {
            let (status, agree) = meanwhile(error)?;
            let forms = Forms { agreed_by: by, agree, ..Forms::default() };
            page(&web, &session, id, Some(forms), "", "", status).await
        }
    }
}

/// What somebody of the customer said of it.
pub(crate) async fn answer(
    State(web): State<Web>,
    Signed(session): Signed,
    Names((_, id)): Names<(String, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let id = outcome_id(&id)?;
    let (by, words) = (fields.text("said_by").to_owned(), fields.text("words").to_owned());
    let version = fields.text("version").parse().unwrap_or(0);
    let told = Said { by: by.clone(), words: words.clone() };
    let is_yes = fields.text("answer") == "confirmed";
    let kept = if is_yes {
        impact::confirm(&web.app, &session.actor, id, version, told).await
    } else {
        impact::decline(&web.app, &session.actor, id, version, told).await
    };
    match kept {
        Ok(kept) => Ok(said(kept.onboarding, id, if is_yes { "confirmed" } else { "declined" })),
        Err(error) => {
            let (status, answer) = meanwhile(error)?;
            let forms = Forms { said_by: by, words, answer, ..Forms::default() };
            page(&web, &session, id, Some(forms), "", "", status).await
        }
    }
}

/// What the customer said is taken back.
pub(crate) async fn reopen(
    State(web): State<Web>,
    Signed(session): Signed,
    Names((_, id)): Names<(String, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let id = outcome_id(&id)?;
    let reason = fields.text("reason").to_owned();
    let version = fields.text("version").parse().unwrap_or(0);
    match impact::reopen(&web.app, &session.actor, id, version, &reason).await {
        Ok(kept) => Ok(said(kept.onboarding, id, "reopened")),
        Err(error) => {
            let (status, reopen) = meanwhile(error)?;
            let forms = Forms { reason, reopen, ..Forms::default() };
            page(&web, &session, id, Some(forms), "", "", status).await
        }
    }
}

/// Takes it out.
pub(crate) async fn remove(
    State(web): State<Web>,
    Signed(session): Signed,
    Names((_, id)): Names<(String, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let version = fields.text("version").parse().unwrap_or(0);
    let onboarding = impact::remove(&web.app, &session.actor, outcome_id(&id)?, version).await?;
    Ok(Redirect::to(&format!("/onboardings/{onboarding}/impact?said=removed")).into_response())
}

fn said(onboarding: OnboardingId, id: OutcomeId, word: &str) -> Response {
    Redirect::to(&format!("/onboardings/{onboarding}/impact/{id}?said={word}")).into_response()
}

fn toast(address: &str, word: &str, measured: &str) -> Option<Toast> {
    if let Ok(id) = measured.parse::<MeasurementId>() {
        let undo = Undo { action: format!("{address}/measurements/{id}/removal"), fields: Vec::new() };
        return Some(Toast { text: "Measured.".to_owned(), undo: Some(undo) });
    }
    Toast::of(match word {
        "changed" => "Saved.",
        "agreed" => "Agreed with the customer.",
        "unmeasured" => "The measurement is taken out.",
        "confirmed" => "Verified by the customer.",
        "declined" => "Written down. Measure again, and the customer is asked anew.",
        "reopened" => "Opened again.",
        _ => "",
    })
}

async fn page(
    web: &Web,
    session: &Session,
    id: OutcomeId,
    forms: Option<Forms>,
    word: &str,
    measured: &str,
    code: StatusCode,
) -> Result<Response, Failure> {
    let OutcomeSight { head, outcome, measurements, files, promises, today } =
        impact::get(&web.app, &session.actor, id).await?;
    let top = Top::new(session, &head, HERE);
    let address = top.to(&format!("/impact/{id}"));
    let runs = session.actor.may(Action::RunOnboarding);
    let mut forms = forms.unwrap_or_default();
    if forms.sheet.version.is_empty() {
        forms.sheet = Sheet::of(&outcome);
    }
    if forms.measure.on.is_empty() {
        forms.measure.on = today.to_string();
    }
    let is_yes = outcome.answer.as_ref().is_some_and(Answer::is_yes);
    let talk = work::talk(&web.app, &session.actor, &id.to_string()).await?;
    let kinds = [("", "Nothing yet"), ("words", "Words"), ("link", "A link"), ("file", "A file kept here")];
    let page = Page {
        frame: top.frame(session, &outcome.code()).saying(toast(&address, word, measured)),
        pages: tabs(&top, ""),
        line: Line::new(&top, &outcome, today),
        lacks: lacks_for_agreement(&outcome.metric, outcome.baseline, outcome.target),
        agreed: outcome
            .agreed
            .as_ref()
            .map(|(by, at)| format!("{by}, {}", moment(*at, &web.app.time_zone).words)),
        answer: outcome.answer.as_ref().map(|answer| told(web, answer)),
        measurements: measurements.iter().rev().map(|one| shown(&address, &outcome.unit, one)).collect(),
        version: outcome.version,
        may_edit: runs,
        may_agree: runs && outcome.agreed.is_none() && !is_yes,
        may_confirm: runs && outcome.answer.is_none() && outcome.latest.is_some(),
        may_remove: runs && outcome.agreed.is_none() && outcome.latest.is_none(),
        figures: outcome.target.is_some() || outcome.status(today) == Status::Drafted,
        talk: TalkView::new(web, Talk { checklist: Vec::new(), ..talk }, id.to_string()),
        choices: forms.sheet.choices(web, &promises),
        evidence: kinds
            .iter()
            .map(|(value, label)| Choice {
                chosen: *value == forms.measure.kind,
                value: (*value).to_owned(),
                label: (*label).to_owned(),
            })
            .collect(),
        kept: files
            .iter()
            .map(|file| Choice {
                chosen: file.id.to_string() == forms.measure.file,
                value: file.id.to_string(),
                label: file.name.clone(),
            })
            .collect(),
        proof: outcome.proof,
        confirms: outcome.confirms,
        forms,
        address,
        top,
    };
    Ok(render(code, &page))
}

/// What the customer says: whether it is a yes, who and when, in their words.
fn told(web: &Web, answer: &Answer) -> (bool, String, String) {
    let when = |at: jiff::Timestamp| moment(at.into(), &web.app.time_zone).words;
    match answer {
        Answer::Confirmed { by, at, words, recorded_by, .. } => {
            let recorded =
                recorded_by.as_ref().map(|name| format!(", written down by {name}")).unwrap_or_default();
            (true, format!("{by}, {}{recorded}", when(*at)), words.clone())
        }
        Answer::Declined { by, at, words, .. } => (false, format!("{by}, {}", when(*at)), words.clone()),
    }
}

fn shown(address: &str, unit: &str, one: &Measurement) -> Measured {
    let (evidence, href) = match &one.evidence {
        None => (String::new(), String::new()),
        Some(Evidence::Words { text }) => (text.clone(), String::new()),
        Some(Evidence::Link { url }) => (url.clone(), url.clone()),
        Some(Evidence::File { id, name }) => (name.clone(), format!("/attachments/{id}")),
    };
    Measured {
        on: one.on.into(),
        value: match one.reading.value {
            Some(value) => value.with_unit(unit),
            None if one.reading.holds => "it is there".to_owned(),
            None => "not there yet".to_owned(),
        },
        note: one.note.clone(),
        evidence,
        href,
        by: one.made_by.clone(),
        removal: format!("{address}/measurements/{}/removal", one.id),
    }
}
