//! Stakeholders: who they are, where they stand, how they are spoken with.

use std::str::FromStr;

use axum::Json;
use axum::http::StatusCode;
use gangway_app::people::{self, Changes, Known};
use gangway_domain::deal::StakeholderRole;
use gangway_domain::ids::{ContactId, OnboardingId};
use gangway_domain::people::{Grade, UnknownWord};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::etag::{IfMatch, changed, created};
use crate::input::{optional_word, usable};
use crate::page::Page;
use crate::problem::{Answer, Problem};
use crate::resource::account::said;

/// A stakeholder of an onboarding.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OnboardingStakeholder)]
pub(crate) struct StakeholderOut {
    /// Id of the contact.
    contact: String,
    /// Their name.
    name: String,
    /// Their title.
    #[schema(required = true)]
    title: Option<String>,
    /// The role by which they are spoken with, such as `executive_sponsor` or `champion`.
    role: String,
    /// `low`, `medium` or `high`.
    power: &'static str,
    /// `low`, `medium` or `high`.
    interest: &'static str,
    /// What power and interest advise.
    strategy: String,
    /// `positive`, `neutral` or `negative`; null while nobody said.
    #[schema(required = true)]
    sentiment: Option<String>,
    /// `low`, `medium` or `high`; null while nobody said.
    #[schema(required = true)]
    engagement: Option<String>,
    /// How likely they are lost: what a person said, else by the rules.
    risk: &'static str,
    /// Why: of the person, or of the rules.
    risk_reasons: Vec<String>,
    /// A person said the risk.
    risk_overridden: bool,
    /// Phase of a champion's development (id of the methodology).
    #[schema(required = true)]
    champion: Option<String>,
    /// Notes for the workspace only.
    #[schema(required = true)]
    notes: Option<String>,
    /// The day they left, or will.
    #[schema(required = true)]
    left_on: Option<Date>,
    /// The day they were last spoken with.
    #[schema(required = true)]
    last_contact_on: Option<Date>,
    /// The day by which they are spoken with next, by the rhythm of their role.
    #[schema(required = true)]
    contact_due_on: Option<Date>,
    /// Calendar days that is overdue; 0 while the rhythm is kept.
    contact_late_days: i64,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
}

impl From<Known> for StakeholderOut {
    fn from(known: Known) -> Self {
        let risk = known.risk().word();
        let Known { facts, strategy, last, cadence, judged, .. } = known;
        let (risk_overridden, risk_reasons) = match facts.risk {
            Some((_, why)) => (true, vec![why]),
            None => (false, judged.reasons),
        };
        Self {
            contact: facts.contact.to_string(),
            name: facts.name,
            title: facts.title,
            role: role_word(facts.role),
            power: facts.power.word(),
            interest: facts.interest.word(),
            strategy,
            sentiment: facts.sentiment.map(|sentiment| sentiment.word().to_owned()),
            engagement: facts.engagement.map(|grade| grade.word().to_owned()),
            risk,
            risk_reasons,
            risk_overridden,
            champion: facts.champion,
            notes: facts.notes,
            left_on: facts.left_on,
            last_contact_on: last,
            contact_due_on: cadence.due,
            contact_late_days: cadence.late,
            version: facts.version,
        }
    }
}

fn role_word(role: StakeholderRole) -> String {
    let word = serde_json::to_value(role).unwrap_or_default();
    word.as_str().unwrap_or_default().to_owned()
}

fn role(word: String) -> Result<StakeholderRole, Problem> {
    serde_json::from_value(serde_json::Value::String(word)).map_err(|_| {
        Problem::field(
            "role",
            "must be executive_sponsor, project_lead, champion, technical_lead, business_owner, it_security, \
             end_user, detractor or other",
        )
    })
}

/// A word that may also be emptied.
fn emptied<T: FromStr<Err = UnknownWord>>(
    field: &'static str,
    text: Option<Option<String>>,
) -> Result<Option<Option<T>>, Problem> {
    text.map(|text| optional_word(field, text.as_deref())).transpose()
}

async fn one(api: &Api, caller: &Caller, id: OnboardingId, who: ContactId) -> Result<Known, Problem> {
    let standing = people::standing(&api.app, &caller.actor, id).await?;
    let known = standing.people.into_iter().find(|known| known.facts.contact == who);
    known.ok_or_else(|| Problem::missing("stakeholder", &who.to_string()))
}

/// List the stakeholders of an onboarding
///
/// By name, all on one page.
#[utoipa::path(get, path = "/onboardings/{id}/stakeholders", operation_id = "list_stakeholders", tag = "People",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The stakeholders.", body = Page<StakeholderOut>)))]
pub(crate) async fn list(Here(api, caller, names): Here) -> Result<Json<Page<StakeholderOut>>, Problem> {
    let standing = people::standing(&api.app, &caller.actor, names.id("onboarding")?).await?;
    Ok(Json(Page::whole(standing.people.into_iter().map(StakeholderOut::from))))
}

/// Get a stakeholder
#[utoipa::path(get, path = "/onboardings/{id}/stakeholders/{contact}", operation_id = "get_stakeholder", tag = "People",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("contact" = String, Path, description = "Id of the contact.", example = "con_01900000000070008000000000000001")),
    responses((status = 200, description = "The stakeholder.", body = StakeholderOut, headers(("ETag" = String)))))]
pub(crate) async fn get(Here(api, caller, names): Here) -> Answer {
    let known = one(&api, &caller, names.id("onboarding")?, names.second("stakeholder")?).await?;
    // Never 304: what follows from the day changes without the version.
    Ok(changed(known.facts.version, Json(StakeholderOut::from(known))))
}

/// A new stakeholder.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StakeholderNew, example = json!({ "contact": "con_01900000000070008000000000000001", "role": "business_owner" }))]
pub(crate) struct StakeholderIn {
    /// Id of a contact of the account.
    contact: String,
    /// Their role; power and interest are those of the role at first.
    role: String,
}

/// Make a contact a stakeholder
#[utoipa::path(post, path = "/onboardings/{id}/stakeholders", operation_id = "add_stakeholder", tag = "People",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = StakeholderIn),
    responses((status = 201, description = "The stakeholder.", body = StakeholderOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn create(Sent(api, caller, names, sent): Sent<StakeholderIn>) -> Answer {
    let id: OnboardingId = names.id("onboarding")?;
    let who = usable("contact", &sent.contact)?;
    people::add(&api.app, &caller.actor, id, who, role(sent.role)?).await?;
    let made = one(&api, &caller, id, who).await?;
    let location = format!("/api/v1/onboardings/{id}/stakeholders/{who}");
    Ok(created(1, location, Json(StakeholderOut::from(made))))
}

/// What is to change of a stakeholder; null empties a field, leaving it out keeps it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "sentiment": "positive", "risk": "high", "risk_reason": "Wants to leave the company" }))]
pub(crate) struct StakeholderPatch {
    /// Role.
    role: Option<String>,
    /// `low`, `medium` or `high`.
    power: Option<String>,
    /// `low`, `medium` or `high`.
    interest: Option<String>,
    /// `positive`, `neutral` or `negative`.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    sentiment: Option<Option<String>>,
    /// `low`, `medium` or `high`.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    engagement: Option<Option<String>>,
    /// The risk in place of the rules': `low`, `medium` or `high`; null lets the rules say it again.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    risk: Option<Option<String>>,
    /// Why, when a risk is said.
    risk_reason: Option<String>,
    /// Phase of a champion's development: an id of `people.toml`.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    champion: Option<Option<String>>,
    /// Notes.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    notes: Option<Option<String>>,
    /// The day they left, or will.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<Date>)]
    left_on: Option<Option<Date>>,
}

/// Change what is known of a stakeholder
///
/// Only the fields that are sent change.
#[utoipa::path(patch, path = "/onboardings/{id}/stakeholders/{contact}", operation_id = "change_stakeholder", tag = "People",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("contact" = String, Path, description = "Id of the contact.", example = "con_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = StakeholderPatch),
    responses((status = 200, description = "The stakeholder as they are now.", body = StakeholderOut, headers(("ETag" = String)))))]
pub(crate) async fn change(
    version: IfMatch,
    Sent(api, caller, names, patch): Sent<StakeholderPatch>,
) -> Answer {
    let (id, who) = (names.id::<OnboardingId>("onboarding")?, names.second("stakeholder")?);
    let why = patch.risk_reason.unwrap_or_default();
    let risk = emptied::<Grade>("risk", patch.risk)?;
    let changes = Changes {
        role: patch.role.map(role).transpose()?,
        power: optional_word("power", patch.power.as_deref())?,
        interest: optional_word("interest", patch.interest.as_deref())?,
        sentiment: emptied("sentiment", patch.sentiment)?,
        engagement: emptied("engagement", patch.engagement)?,
        risk: risk.map(|risk| risk.map(|grade| (grade, why))),
        champion: patch.champion,
        notes: patch.notes,
        left_on: patch.left_on,
    };
    people::change(&api.app, &caller.actor, id, who, version.required()?, changes).await?;
    let known = one(&api, &caller, id, who).await?;
    Ok(changed(known.facts.version, Json(StakeholderOut::from(known))))
}

/// Take a stakeholder out of an onboarding
///
/// The contact and the talks with them stay.
#[utoipa::path(delete, path = "/onboardings/{id}/stakeholders/{contact}", operation_id = "remove_stakeholder", tag = "People",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("contact" = String, Path, description = "Id of the contact.", example = "con_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    responses((status = 204, description = "They are no stakeholder any more.")))]
pub(crate) async fn remove(Here(api, caller, names): Here, version: IfMatch) -> Result<StatusCode, Problem> {
    let (id, who) = (names.id("onboarding")?, names.second("stakeholder")?);
    people::remove(&api.app, &caller.actor, id, who, version.required()?).await?;
    Ok(StatusCode::NO_CONTENT)
}
