//! One outcome: its way in figures, what was measured and what shows it, what the customer says.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::outcome::{self as impact, NewMeasurement, Outcome, OutcomeSight, Said};
use gangway_app::work::{self, Talk};
use gangway_domain::ids::{MeasurementId, OnboardingId, OutcomeId};
use gangway_domain::outcome::{self, Evidence, Status, lacks_for_agreement};
use gangway_domain::permission::Action;
use gangway_store::outcome::measurement::Measurement;

use super::sheet::{Choices, Sheet, day, figure};
use super::{HERE, Line, tabs, to_list};
use crate::Web;
use crate::extract::{Answer, Asked, Here, Posted, Values, named};
use crate::form::{Wrong, answered};
use crate::format::{Day, signed};
use crate::pages::onboarding::top::Top;
use crate::pages::onboarding::work::talk::TalkView;
use crate::pages::{Choice, Frame, Tab, Toast, Undo, render};

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
    /// What was measured is what was agreed: it can be confirmed.
    is_reached: bool,
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
pub(crate) async fn show(Asked(web, session, (_, id), values): Asked<(String, String)>) -> Answer {
    let id: OutcomeId = named("outcome", &id)?;
    work::seen(&web.app, &session.actor, &id.to_string()).await?;
    page(&web, &session, id, Forms::default(), Some(&values), StatusCode::OK).await
}

/// Changes it.
pub(crate) async fn change(Posted(web, session, (_, id), fields): Posted<(String, String)>) -> Answer {
    let id = named("outcome", &id)?;
    let (app, actor, sheet) = (&web.app, &session.actor, Sheet::typed(&fields));
    let kept = async { impact::change(app, actor, id, fields.version(), sheet.read()?).await }.await;
    let form = |wrong| Forms { sheet: Sheet { wrong, ..sheet }, ..Forms::default() };
    back(&web, &session, id, kept, "changed", form).await
}

/// Writes down what was measured.
pub(crate) async fn measure(Posted(web, session, (_, id), fields): Posted<(String, String)>) -> Answer {
    let id = named("outcome", &id)?;
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
    let made = async { impact::measure(&web.app, &session.actor, id, form.read()?).await }.await;
    let on = |(kept, made): (Outcome, Measurement)| {
        let to = format!("/onboardings/{}/impact/{id}?measured={}", kept.onboarding, made.id);
        Redirect::to(&to).into_response()
    };
    answered(made, on, |status, wrong| {
        let forms = Forms { measure: MeasureForm { wrong, ..form }, ..Forms::default() };
        page(&web, &session, id, forms, None, status)
    })
    .await
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
    Here(web, session, (_, _, id)): Here<(String, String, String)>,
) -> Answer {
    let kept = impact::remove_measurement(&web.app, &session.actor, named("measurement", &id)?).await?;
    Ok(said(kept.onboarding, kept.id, "unmeasured"))
}

/// Somebody of the customer agreed.
pub(crate) async fn agree(Posted(web, session, (_, id), fields): Posted<(String, String)>) -> Answer {
    let id = named("outcome", &id)?;
    let agreed_by = fields.text("agreed_by").to_owned();
    let kept = impact::agree(&web.app, &session.actor, id, fields.version(), &agreed_by).await;
    let form = |agree| Forms { agreed_by, agree, ..Forms::default() };
    back(&web, &session, id, kept, "agreed", form).await
}

/// What somebody of the customer said of it.
pub(crate) async fn answer(Posted(web, session, (_, id), fields): Posted<(String, String)>) -> Answer {
    let id = named("outcome", &id)?;
    let (app, actor, version) = (&web.app, &session.actor, fields.version());
    let (said_by, words) = (fields.text("said_by").to_owned(), fields.text("words").to_owned());
    let told = Said { by: said_by.clone(), words: words.clone() };
    let is_yes = fields.either("answer", "confirmed", "declined")?;
    let kept = if is_yes {
        impact::confirm(app, actor, id, version, told).await
    } else {
        impact::decline(app, actor, id, version, told).await
    };
    let word = if is_yes { "confirmed" } else { "declined" };
    let form = |answer| Forms { said_by, words, answer, ..Forms::default() };
    back(&web, &session, id, kept, word, form).await
}

/// What the customer said is taken back.
pub(crate) async fn reopen(Posted(web, session, (_, id), fields): Posted<(String, String)>) -> Answer {
    let id = named("outcome", &id)?;
    let reason = fields.text("reason").to_owned();
    let kept = impact::reopen(&web.app, &session.actor, id, fields.version(), &reason).await;
    let form = |reopen| Forms { reason, reopen, ..Forms::default() };
    back(&web, &session, id, kept, "reopened", form).await
}

/// Takes it out.
pub(crate) async fn remove(Posted(web, session, (_, id), fields): Posted<(String, String)>) -> Answer {
    let id = named("outcome", &id)?;
    let onboarding = impact::remove(&web.app, &session.actor, id, fields.version()).await?;
    Ok(to_list(onboarding, "said=removed"))
}

/// Back to the outcome, which says what was done, or to the form that could not be used.
async fn back(
    web: &Web,
    session: &Session,
    id: OutcomeId,
    kept: Result<Outcome, AppError>,
    word: &str,
    form: impl FnOnce(Wrong) -> Forms,
) -> Answer {
    let on = |kept: Outcome| said(kept.onboarding, id, word);
    answered(kept, on, |status, wrong| page(web, session, id, form(wrong), None, status)).await
}

fn said(onboarding: OnboardingId, id: OutcomeId, word: &str) -> Response {
    Redirect::to(&format!("/onboardings/{onboarding}/impact/{id}?said={word}")).into_response()
}

/// What was just done, by the words in the address, and how to take it back.
fn toast(address: &str, values: &Values) -> Option<Toast> {
    if let Ok(id) = values.text("measured").parse::<MeasurementId>() {
        let undo = Undo { action: format!("{address}/measurements/{id}/removal"), fields: Vec::new() };
        return Some(Toast { text: "Measured.".to_owned(), undo: Some(undo) });
    }
    Toast::of(match values.text("said").as_str() {
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
    mut forms: Forms,
    values: Option<&Values>,
    status: StatusCode,
) -> Answer {
    let OutcomeSight { head, outcome, measurements, files, promises, today } =
        impact::get(&web.app, &session.actor, id).await?;
    let top = Top::new(session, &head, HERE);
    let address = top.to(&format!("/impact/{id}"));
    let runs = session.actor.may(Action::RunOnboarding);
    if forms.sheet.wrong.summary().is_none() {
        forms.sheet = Sheet::of(&outcome);
    }
    // What stands in the form is meant for the version that is shown now.
    forms.sheet.version = outcome.version.to_string();
    if forms.measure.on.is_empty() {
        forms.measure.on = today.to_string();
    }
    let is_yes = outcome.answer.as_ref().is_some_and(outcome::Answer::is_yes);
    let talk = work::talk(&web.app, &session.actor, &id.to_string()).await?;
    let kinds = [("", "Nothing yet"), ("words", "Words"), ("link", "A link"), ("file", "A file kept here")];
    let page = Page {
        frame: top.frame(session, &outcome.code()).saying(values.and_then(|values| toast(&address, values))),
        pages: tabs(&top, ""),
        line: Line::new(&top, &outcome, today),
        lacks: lacks_for_agreement(&outcome.metric, outcome.baseline, outcome.target),
        agreed: outcome.agreed.as_ref().map(|(by, at)| signed(by, *at, &web.app.time_zone)),
        answer: outcome.answer.as_ref().map(|answer| told(web, answer)),
        measurements: measurements.iter().rev().map(|one| shown(&address, &outcome.unit, one)).collect(),
        version: outcome.version,
        may_edit: runs,
        may_agree: runs && outcome.agreed.is_none() && !is_yes,
        may_confirm: runs && outcome.answer.is_none() && outcome.latest.is_some(),
        is_reached: outcome.status(today) == Status::Reached,
        may_remove: runs && outcome.agreed.is_none() && outcome.latest.is_none(),
        figures: outcome.target.is_some()
            || matches!(outcome.status(today), Status::Drafted | Status::NeverAgreed),
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
    Ok(render(status, &page))
}

/// What the customer says: whether it is a yes, who and when, in their words.
fn told(web: &Web, answer: &outcome::Answer) -> (bool, String, String) {
    let zone = &web.app.time_zone;
    match answer {
        outcome::Answer::Confirmed { by, at, words, recorded_by, .. } => {
            let recorded =
                recorded_by.as_ref().map(|name| format!(", written down by {name}")).unwrap_or_default();
            (true, format!("{}{recorded}", signed(by, *at, zone)), words.clone())
        }
        outcome::Answer::Declined { by, at, words, .. } => (false, signed(by, *at, zone), words.clone()),
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
