//! Forms customers fill in: asked, read, accepted; and the facts they became.

use std::collections::BTreeMap;

use axum::Json;
use gangway_app::form::{self, Draft, Form, Seen, Step};
use gangway_domain::ids::ContactId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instant;
use crate::caller::{Here, Sent};
use crate::etag::{IfMatch, changed, created};
use crate::input::optional;
use crate::page::Page;
use crate::problem::{Answer, Problem};

/// A form a customer is asked to fill in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Form)]
pub(crate) struct FormOut {
    /// Id.
    id: String,
    /// Of which onboarding.
    onboarding: String,
    /// Id in the methodology.
    form: String,
    /// Title people see.
    title: String,
    /// The contact who is asked (id); null for whoever may answer forms.
    #[schema(required = true)]
    contact: Option<String>,
    /// Who asked.
    asked_by: String,
    /// When.
    asked_at: jiff::Timestamp,
    /// By when it is wanted.
    due_on: Date,
    /// `open`, `submitted`, `accepted`, `returned` or `withdrawn`.
    state: String,
    /// What was answered so far, by field: several choices one a line, a table as CSV, a file by its name.
    answers: BTreeMap<String, String>,
    /// Who wrote in it last; empty before.
    answered_by: String,
    /// When.
    #[schema(required = true)]
    answered_at: Option<jiff::Timestamp>,
    /// What was asked when it was returned; may be empty.
    note: String,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
}

impl From<Form> for FormOut {
    fn from(form: Form) -> Self {
        Self {
            id: form.id.to_string(),
            onboarding: form.onboarding.to_string(),
            form: form.form,
            title: form.title,
            contact: form.contact.map(|id| id.to_string()),
            asked_by: form.asked_by,
            asked_at: instant(form.asked_at),
            due_on: form.due_on,
            state: form.state.word().to_owned(),
            answers: form.answers,
            answered_by: form.answered_by,
            answered_at: form.answered_at.map(instant),
            note: form.note,
            version: form.version,
        }
    }
}

/// What a form said of an onboarding.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FormFact)]
pub(crate) struct FactOut {
    /// The fact, as the form of the methodology names it.
    fact: String,
    /// What was asked.
    label: String,
    /// What was answered.
    value: String,
    /// The form (id).
    form: String,
    /// Who answered.
    said_by: String,
    /// When it was accepted.
    said_at: jiff::Timestamp,
}

/// List the forms of an onboarding
///
/// The newest first.
#[utoipa::path(get, path = "/onboardings/{id}/forms", operation_id = "list_forms", tag = "Feedback",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "All of them.", body = Page<FormOut>)))]
pub(crate) async fn list(Here(api, caller, names): Here) -> Result<Json<Page<FormOut>>, Problem> {
    let seen = form::of_onboarding(&api.app, &caller.actor, names.id("onboarding")?).await?;
    Ok(Json(Page::whole(seen.forms.into_iter().map(FormOut::from))))
}

/// List what forms said of an onboarding
#[utoipa::path(get, path = "/onboardings/{id}/form-facts", operation_id = "list_form_facts", tag = "Feedback",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "All of them.", body = Page<FactOut>)))]
pub(crate) async fn facts(Here(api, caller, names): Here) -> Result<Json<Page<FactOut>>, Problem> {
    let seen = form::of_onboarding(&api.app, &caller.actor, names.id("onboarding")?).await?;
    let facts = seen.facts.into_iter().map(|one| FactOut {
        fact: one.fact,
        label: one.label,
        value: one.value,
        form: one.form.to_string(),
        said_by: one.said_by,
        said_at: instant(one.said_at),
    });
    Ok(Json(Page::whole(facts)))
}

/// Get a form
#[utoipa::path(get, path = "/forms/{id}", operation_id = "get_form", tag = "Feedback",
    params(("id" = String, Path, description = "Id of the form.", example = "frm_01900000000070008000000000000001")),
    responses((status = 200, description = "The form.", body = FormOut, headers(("ETag" = String)))))]
pub(crate) async fn get(Here(api, caller, names): Here) -> Answer {
    let Seen { form, .. } = form::get(&api.app, &caller.actor, names.id("form")?).await?;
    Ok(changed(form.version, Json(FormOut::from(form))))
}

/// What somebody is asked to fill in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewForm, example = json!({ "form": "technical-requirements", "due_on": "2027-02-01" }))]
pub(crate) struct FormIn {
    /// Id in the methodology.
    form: String,
    /// The contact (id) who is asked and told by mail; whoever may answer forms when left out. Whoever has no access to
    /// the portal yet is invited there, with a mail of its own.
    contact: Option<String>,
    /// By when; the time the form says from today when left out.
    due_on: Option<Date>,
}

/// Ask for a form
#[utoipa::path(post, path = "/onboardings/{id}/forms", operation_id = "ask_form", tag = "Feedback",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = FormIn),
    responses((status = 201, description = "The form.", body = FormOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn create(Sent(api, caller, names, sent): Sent<FormIn>) -> Answer {
    let FormIn { form: kind, contact, due_on } = sent;
    let contact: Option<ContactId> = optional("contact", contact.as_deref())?;
    let draft = Draft { form: kind, contact, due_on };
    let made = form::ask(&api.app, &caller.actor, names.id("onboarding")?, draft).await?;
    let (version, location) = (made.version, format!("/api/v1/forms/{}", made.id));
    Ok(created(version, location, Json(FormOut::from(made))))
}

/// A step of a form.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FormStep, example = json!({ "step": "return", "note": "Which system holds the orders?" }))]
pub(crate) struct StepIn {
    /// `accept`, `return` or `withdraw`.
    step: String,
    /// What is missing or unclear, for `return`.
    #[serde(default)]
    note: String,
}

/// Take a step with a form
///
/// Accepting makes facts and tasks of its answers.
#[utoipa::path(post, path = "/forms/{id}/steps", operation_id = "step_form", tag = "Feedback",
    params(("id" = String, Path, description = "Id of the form.", example = "frm_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = StepIn),
    responses((status = 200, description = "The form as it is now.", body = FormOut, headers(("ETag" = String)))))]
pub(crate) async fn step(version: IfMatch, Sent(api, caller, names, sent): Sent<StepIn>) -> Answer {
    let StepIn { step, note } = sent;
    let step = match step.as_str() {
        "accept" => Step::Accept,
        "return" => Step::Return { note },
        "withdraw" => Step::Withdraw,
        _ => return Err(Problem::field("step", "must be accept, return or withdraw")),
    };
    let kept = form::step(&api.app, &caller.actor, names.id("form")?, version.required()?, step).await?;
    Ok(changed(kept.version, Json(FormOut::from(kept))))
}
