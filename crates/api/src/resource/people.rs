//! The customer's people in running onboardings: stakeholders, talks, the loss of a champion, who does what.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use gangway_app::people::{self, Changes, Engagement, Known, Loss, Lost, Raci, Standing, Talk, Touch};
use gangway_domain::deal::StakeholderRole;
use gangway_domain::ids::{ContactId, OnboardingId, TouchId};
use gangway_domain::people::{
    Channel, Criterion, Grade, Loss as LossState, Matrix, MatrixColumn, MatrixRow, UnknownWord,
};
use gangway_domain::programme::Side;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::account::said;
use super::instant;
use crate::Api;
use crate::caller::Caller;
use crate::etag::{IfMatch, tagged};
use crate::input::{JsonOf, Names, QueryOf};
use crate::page::{Page, id, limit};
use crate::problem::Problem;

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

/// A word of a field, or nothing.
fn word<T: std::str::FromStr<Err = UnknownWord>>(
    field: &'static str,
    text: Option<String>,
) -> Result<Option<T>, Problem> {
    text.map(|text| text.parse::<T>().map_err(|error| Problem::field(field, error.to_string()))).transpose()
}

/// A word that may also be emptied.
fn emptied<T: std::str::FromStr<Err = UnknownWord>>(
    field: &'static str,
    text: Option<Option<String>>,
) -> Result<Option<Option<T>>, Problem> {
    text.map(|text| word::<T>(field, text)).transpose()
}

/// The contact an address names behind its onboarding.
fn contact(names: &Names) -> Result<ContactId, Problem> {
    names.text(1).parse().map_err(|_| Problem::missing("stakeholder", names.text(1)))
}

/// The contact a field names.
fn named(field: &'static str, text: &str) -> Result<ContactId, Problem> {
    text.parse::<ContactId>().map_err(|error| Problem::field(field, format!("is not usable: {error}")))
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
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    names: Names,
) -> Result<Json<Page<StakeholderOut>>, Problem> {
    let standing = people::standing(&api.app, &caller.actor, names.id("onboarding")?).await?;
    Ok(Json(Page { items: standing.people.into_iter().map(StakeholderOut::from).collect(), next: None }))
}

/// Get a stakeholder
#[utoipa::path(get, path = "/onboardings/{id}/stakeholders/{contact}", operation_id = "get_stakeholder", tag = "People",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("contact" = String, Path, description = "Id of the contact.", example = "con_01900000000070008000000000000001")),
    responses((status = 200, description = "The stakeholder.", body = StakeholderOut, headers(("ETag" = String)))))]
pub(crate) async fn get(State(api): State<Api>, caller: Caller, names: Names) -> Result<Response, Problem> {
    let known = one(&api, &caller, names.id("onboarding")?, contact(&names)?).await?;
    // Never 304: what follows from the day changes without the version.
    Ok(tagged(&HeaderMap::new(), known.facts.version, Json(StakeholderOut::from(known))))
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
pub(crate) async fn create(
    State(api): State<Api>,
    caller: Caller,
    names: Names,
    JsonOf(sent): JsonOf<StakeholderIn>,
) -> Result<Response, Problem> {
    let id: OnboardingId = names.id("onboarding")?;
    let who = named("contact", &sent.contact)?;
    people::add(&api.app, &caller.actor, id, who, role(sent.role)?).await?;
    let made = one(&api, &caller, id, who).await?;
    let location = format!("/api/v1/onboardings/{id}/stakeholders/{who}");
    let answer =
        (StatusCode::CREATED, [("location", location)], Json(StakeholderOut::from(made))).into_response();
    Ok(tagged(&HeaderMap::new(), 1, answer))
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
    State(api): State<Api>,
    caller: Caller,
    names: Names,
    version: IfMatch,
    JsonOf(patch): JsonOf<StakeholderPatch>,
) -> Result<Response, Problem> {
    let (id, who) = (names.id::<OnboardingId>("onboarding")?, contact(&names)?);
    let why = patch.risk_reason.unwrap_or_default();
    let risk = emptied::<Grade>("risk", patch.risk)?;
    let changes = Changes {
        role: patch.role.map(role).transpose()?,
        power: word("power", patch.power)?,
        interest: word("interest", patch.interest)?,
        sentiment: emptied("sentiment", patch.sentiment)?,
        engagement: emptied("engagement", patch.engagement)?,
        risk: risk.map(|risk| risk.map(|grade| (grade, why))),
        champion: patch.champion,
        notes: patch.notes,
        left_on: patch.left_on,
    };
    people::change(&api.app, &caller.actor, id, who, version.required()?, changes).await?;
    let known = one(&api, &caller, id, who).await?;
    Ok(tagged(&HeaderMap::new(), known.facts.version, Json(StakeholderOut::from(known))))
}

/// Take a stakeholder out of an onboarding
///
/// The contact and the talks with them stay.
#[utoipa::path(delete, path = "/onboardings/{id}/stakeholders/{contact}", operation_id = "remove_stakeholder", tag = "People",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("contact" = String, Path, description = "Id of the contact.", example = "con_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    responses((status = 204, description = "They are no stakeholder any more.")))]
pub(crate) async fn remove(
    State(api): State<Api>,
    caller: Caller,
    names: Names,
    version: IfMatch,
) -> Result<StatusCode, Problem> {
    let (id, who) = (names.id("onboarding")?, contact(&names)?);
    people::remove(&api.app, &caller.actor, id, who, version.required()?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// That somebody spoke with a stakeholder.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Touch)]
pub(crate) struct TouchOut {
    /// Id.
    id: String,
    /// The onboarding.
    onboarding: String,
    /// With whom (id of the contact).
    contact: String,
    /// Their name.
    name: String,
    /// When.
    on: Date,
    /// `meeting`, `call`, `email`, `chat`, `visit` or `other`.
    channel: &'static str,
    /// Which engagement of an executive it was: an id of `people.toml`.
    #[schema(required = true)]
    engagement: Option<String>,
    /// What was said; only the workspace sees it.
    note: String,
    /// Who spoke with them.
    by: String,
    /// When it was written down.
    made_at: jiff::Timestamp,
}

impl From<Touch> for TouchOut {
    fn from(touch: Touch) -> Self {
        Self {
            id: touch.id.to_string(),
            onboarding: touch.onboarding.to_string(),
            contact: touch.contact.to_string(),
            name: touch.name,
            on: touch.on,
            channel: touch.channel.word(),
            engagement: touch.engagement,
            note: touch.note,
            by: touch.by,
            made_at: instant(touch.made_at),
        }
    }
}

/// Which talks.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TouchQuery {
    /// Only those with this contact (id).
    contact: Option<String>,
    /// Lines on the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// Where to start: `next` of the page before.
    after: Option<String>,
}

/// List talks with the stakeholders of an onboarding
///
/// Those written down last first.
#[utoipa::path(get, path = "/onboardings/{id}/touches", operation_id = "list_touches", tag = "People",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"), TouchQuery),
    responses((status = 200, description = "A page of talks.", body = Page<TouchOut>)))]
pub(crate) async fn touches(
    State(api): State<Api>,
    caller: Caller,
    names: Names,
    QueryOf(query): QueryOf<TouchQuery>,
) -> Result<Json<Page<TouchOut>>, Problem> {
    let TouchQuery { contact, limit: lines, after } = query;
    let who = id::<ContactId>("contact", contact.as_deref())?;
    let before = id::<TouchId>("after", after.as_deref())?;
    let onboarding = names.id("onboarding")?;
    let (found, more) =
        people::touches(&api.app, &caller.actor, onboarding, who, before, limit(lines)?).await?;
    let items = found.into_iter().map(TouchOut::from).collect();
    Ok(Json(Page::after_last(items, more, |touch: &TouchOut| touch.id.clone())))
}

/// A talk that took place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TouchNew, example = json!({ "on": "2027-01-14", "channel": "call", "engagement": "progress", "note": "Pleased with the pilot" }))]
pub(crate) struct TouchIn {
    /// When; today or before.
    on: Date,
    /// `meeting`, `call`, `email`, `chat`, `visit` or `other`.
    channel: String,
    /// Which engagement of an executive it was: an id of `people.toml`.
    engagement: Option<String>,
    /// What was said; only the workspace sees it.
    #[serde(default)]
    note: String,
}

/// Write down that a stakeholder was spoken with
#[utoipa::path(post, path = "/onboardings/{id}/stakeholders/{contact}/touches", operation_id = "add_touch", tag = "People",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("contact" = String, Path, description = "Id of the contact.", example = "con_01900000000070008000000000000001")),
    request_body(content = TouchIn),
    responses((status = 201, description = "The talk.", body = TouchOut)))]
pub(crate) async fn touch(
    State(api): State<Api>,
    caller: Caller,
    names: Names,
    JsonOf(sent): JsonOf<TouchIn>,
) -> Result<Response, Problem> {
    let TouchIn { on, channel, engagement, note } = sent;
    let channel = channel.parse::<Channel>().map_err(|error| Problem::field("channel", error.to_string()))?;
    let talk = Talk { on, channel, engagement, note };
    let made =
        people::touch(&api.app, &caller.actor, names.id("onboarding")?, contact(&names)?, talk).await?;
    Ok((StatusCode::CREATED, Json(TouchOut::from(made))).into_response())
}

/// Take a talk out that was written down by mistake
#[utoipa::path(delete, path = "/touches/{id}", operation_id = "remove_touch", tag = "People",
    params(("id" = String, Path, description = "Id of the talk.", example = "tch_01900000000070008000000000000001")),
    responses((status = 204, description = "It is gone.")))]
pub(crate) async fn untouch(
    State(api): State<Api>,
    caller: Caller,
    names: Names,
) -> Result<StatusCode, Problem> {
    people::remove_touch(&api.app, &caller.actor, names.id("talk")?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How the relationship with a customer stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RelationshipStanding)]
pub(crate) struct StandingOut {
    /// Enough people were spoken with lately, an executive among them.
    multi_threaded: bool,
    /// Stakeholders spoken with within the days that count.
    live_contacts: u32,
    /// Least number of them.
    least_contacts: u32,
    /// Calendar days within which a talk counts.
    within_days: u32,
    /// What is missing, in sentences.
    missing: Vec<String>,
    /// What executives are due.
    executive: Vec<EngagementOut>,
    /// Champions who left, the newest first.
    losses: Vec<LossOut>,
}

/// An engagement of executives.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExecutiveEngagement)]
pub(crate) struct EngagementOut {
    /// Id, as talks name it.
    id: String,
    /// What it is.
    name: String,
    /// What it holds.
    content: String,
    /// In which form.
    format: String,
    /// The day it last happened.
    #[schema(required = true)]
    last_on: Option<Date>,
    /// The day by which it happens next; null when nothing asks for it.
    #[schema(required = true)]
    due_on: Option<Date>,
    /// The milestone or risk it is for.
    #[schema(required = true)]
    occasion: Option<String>,
    /// Calendar days it is overdue.
    late_days: i64,
}

impl From<Engagement> for EngagementOut {
    fn from(engagement: Engagement) -> Self {
        let Engagement { rule, due } = engagement;
        Self {
            id: due.id,
            name: rule.kind,
            content: rule.content,
            format: rule.format,
            last_on: due.last,
            due_on: due.due,
            occasion: due.occasion,
            late_days: due.late,
        }
    }
}

impl From<Standing> for StandingOut {
    fn from(standing: Standing) -> Self {
        let Standing { threading, executive, losses, .. } = standing;
        Self {
            multi_threaded: threading.holds(),
            live_contacts: threading.live,
            least_contacts: threading.least,
            within_days: threading.within_days,
            missing: threading.missing,
            executive: executive.into_iter().map(EngagementOut::from).collect(),
            losses: losses.into_iter().map(|lost| LossOut::of(lost.loss, lost.criteria)).collect(),
        }
    }
}

/// How the relationship with a customer stands
///
/// Whether it hangs on enough people, what executives are due, champions who left.
#[utoipa::path(get, path = "/onboardings/{id}/relationship", operation_id = "get_relationship", tag = "People",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "How it stands today.", body = StandingOut)))]
pub(crate) async fn relationship(
    State(api): State<Api>,
    caller: Caller,
    names: Names,
) -> Result<Json<StandingOut>, Problem> {
    let standing = people::standing(&api.app, &caller.actor, names.id("onboarding")?).await?;
    Ok(Json(standing.into()))
}

/// A champion who leaves.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChampionLoss)]
pub(crate) struct LossOut {
    /// Id.
    id: String,
    /// The onboarding.
    onboarding: String,
    /// Who leaves (id of the contact).
    contact: String,
    /// Their name.
    name: String,
    /// When it was recorded.
    noticed_on: Date,
    /// Their last day, when known.
    #[schema(required = true)]
    leaves_on: Option<Date>,
    /// Anything else.
    note: String,
    /// `open` until a successor is confirmed, then `closed`.
    status: &'static str,
    /// Whoever is meant to take over, or did (id of the contact).
    #[schema(required = true)]
    successor: Option<String>,
    /// When they did.
    #[schema(required = true)]
    closed_on: Option<Date>,
    /// The tasks that were planned (ids).
    tasks: Vec<String>,
    /// What must be escalated; empty once somebody took over, and in answers to changes.
    criteria: Vec<CriterionOut>,
    /// Counts changes, from 1; send it as If-Match.
    version: i64,
}

/// A criterion of escalation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChampionLossCriterion)]
pub(crate) struct CriterionOut {
    /// Id.
    id: String,
    /// In words.
    text: String,
    /// It holds: leadership is told.
    holds: bool,
    /// The day from which it holds if nothing changes.
    #[schema(required = true)]
    from: Option<Date>,
}

impl From<Criterion> for CriterionOut {
    fn from(criterion: Criterion) -> Self {
        let Criterion { id, text, holds, from, asked: _ } = criterion;
        Self { id, text, holds, from }
    }
}

impl LossOut {
    fn of(loss: Loss, criteria: Vec<Criterion>) -> Self {
        let (status, successor, closed_on) = match &loss.state {
            LossState::Open { candidate, .. } => ("open", *candidate, None),
            LossState::Closed { successor, on } => ("closed", Some(*successor), Some(*on)),
        };
        Self {
            id: loss.id.to_string(),
            onboarding: loss.onboarding.to_string(),
            contact: loss.contact.to_string(),
            name: loss.name,
            noticed_on: loss.noticed_on,
            leaves_on: loss.leaves_on,
            note: loss.note,
            status,
            successor: successor.map(|id| id.to_string()),
            closed_on,
            tasks: loss.tasks.iter().map(ToString::to_string).collect(),
            criteria: criteria.into_iter().map(CriterionOut::from).collect(),
            version: loss.version,
        }
    }
}

/// A loss as it stands now, with its criteria.
async fn lost(api: &Api, caller: &Caller, loss: Loss) -> Result<LossOut, Problem> {
    let all: Vec<Lost> = people::losses(&api.app, &caller.actor, loss.onboarding).await?;
    let found = all.into_iter().find(|one| one.loss.id == loss.id);
    let criteria = found.map(|one| one.criteria).unwrap_or_default();
    Ok(LossOut::of(loss, criteria))
}

/// That a champion leaves.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChampionLossNew, example = json!({ "leaves_on": "2027-02-26", "note": "Takes another post in the group" }))]
pub(crate) struct LossIn {
    /// Their last day, when known.
    leaves_on: Option<Date>,
    /// Anything else.
    #[serde(default)]
    note: String,
}

/// Record that a champion leaves
///
/// What the methodology asks for on the first day, in the first week and in the weeks after becomes tasks.
#[utoipa::path(post, path = "/onboardings/{id}/stakeholders/{contact}/loss", operation_id = "lose_champion", tag = "People",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("contact" = String, Path, description = "Id of the contact.", example = "con_01900000000070008000000000000001")),
    request_body(content = LossIn),
    responses((status = 201, description = "What was planned.", body = LossOut, headers(("ETag" = String)))))]
pub(crate) async fn lose(
    State(api): State<Api>,
    caller: Caller,
    names: Names,
    JsonOf(sent): JsonOf<LossIn>,
) -> Result<Response, Problem> {
    let (id, who) = (names.id("onboarding")?, contact(&names)?);
    let made = people::lose(&api.app, &caller.actor, id, who, sent.leaves_on, &sent.note).await?;
    let version = made.version;
    let answer = (StatusCode::CREATED, Json(lost(&api, &caller, made).await?)).into_response();
    Ok(tagged(&HeaderMap::new(), version, answer))
}

/// What is known of a champion's loss.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChampionLossWatch, example = json!({ "candidate": "con_01900000000070008000000000000002", "said": ["may-stop"] }))]
pub(crate) struct WatchIn {
    /// Whoever is meant to take over (id of the contact of a stakeholder); null for nobody.
    candidate: Option<String>,
    /// Criteria people see hold (ids).
    #[serde(default)]
    said: Vec<String>,
}

/// Say who is meant to take over from a champion
///
/// And which criteria of escalation people see hold.
#[utoipa::path(put, path = "/champion-losses/{id}", operation_id = "watch_champion_loss", tag = "People",
    params(("id" = String, Path, description = "Id of the loss.", example = "los_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = WatchIn),
    responses((status = 200, description = "The loss as it is now.", body = LossOut, headers(("ETag" = String)))))]
pub(crate) async fn watch(
    State(api): State<Api>,
    caller: Caller,
    names: Names,
    version: IfMatch,
    JsonOf(sent): JsonOf<WatchIn>,
) -> Result<Response, Problem> {
    let candidate = sent.candidate.map(|text| named("candidate", &text)).transpose()?;
    let id = names.id("loss")?;
    let kept = people::watch(&api.app, &caller.actor, id, version.required()?, candidate, sent.said).await?;
    let version = kept.version;
    Ok(tagged(&HeaderMap::new(), version, Json(lost(&api, &caller, kept).await?)))
}

/// Who took over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChampionSuccessor, example = json!({ "contact": "con_01900000000070008000000000000002" }))]
pub(crate) struct SuccessorIn {
    /// Id of the contact of a stakeholder.
    contact: String,
}

/// Confirm who took over from a champion
///
/// They are the champion from now on, and nothing is watched any more.
#[utoipa::path(post, path = "/champion-losses/{id}/successor", operation_id = "confirm_champion", tag = "People",
    params(("id" = String, Path, description = "Id of the loss.", example = "los_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = SuccessorIn),
    responses((status = 200, description = "The loss as it is now.", body = LossOut, headers(("ETag" = String)))))]
pub(crate) async fn succeed(
    State(api): State<Api>,
    caller: Caller,
    names: Names,
    version: IfMatch,
    JsonOf(sent): JsonOf<SuccessorIn>,
) -> Result<Response, Problem> {
    let (id, who) = (names.id("loss")?, named("successor", &sent.contact)?);
    let kept = people::confirm(&api.app, &caller.actor, id, version.required()?, who).await?;
    let version = kept.version;
    Ok(tagged(&HeaderMap::new(), version, Json(lost(&api, &caller, kept).await?)))
}

/// Who does what.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Raci, example = json!({
    "columns": [{ "role": "CSM", "person": "Ines Okafor", "side": "vendor" }, { "role": "Sponsor", "person": null, "side": "customer" }],
    "rows": [{ "activity": "Agree on the goals", "cells": ["R", "A"] }]
}))]
pub(crate) struct MatrixBody {
    /// Roles.
    columns: Vec<ColumnBody>,
    /// Activities: exactly one A and at least one R each.
    rows: Vec<RowBody>,
}

/// A role.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RaciColumnOfMatrix)]
pub(crate) struct ColumnBody {
    /// Name.
    role: String,
    /// Who fills it, when known.
    person: Option<String>,
    /// `vendor`, `customer` or `joint`.
    side: String,
}

/// An activity.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RaciRowOfMatrix)]
pub(crate) struct RowBody {
    /// Name.
    activity: String,
    /// A cell for each role: `R`, `A`, `C`, `I`, `R, A`, `C, I` or nothing.
    cells: Vec<String>,
}

impl From<Matrix> for MatrixBody {
    fn from(matrix: Matrix) -> Self {
        let columns = matrix.columns.into_iter().map(|column| ColumnBody {
            role: column.role,
            person: column.person,
            side: match column.side {
                Side::Vendor => "vendor",
                Side::Customer => "customer",
                Side::Joint => "joint",
            }
            .to_owned(),
        });
        let rows = matrix.rows.into_iter().map(|row| RowBody { activity: row.activity, cells: row.cells });
        Self { columns: columns.collect(), rows: rows.collect() }
    }
}

impl TryFrom<MatrixBody> for Matrix {
    type Error = Problem;

    fn try_from(body: MatrixBody) -> Result<Self, Problem> {
        let column = |column: ColumnBody| {
            let side = match column.side.as_str() {
                "vendor" => Side::Vendor,
                "customer" => Side::Customer,
                "joint" => Side::Joint,
                _ => return Err(Problem::field("side", "must be vendor, customer or joint")),
            };
            Ok(MatrixColumn { role: column.role, person: column.person, side })
        };
        let columns: Result<Vec<MatrixColumn>, Problem> = body.columns.into_iter().map(column).collect();
        let rows = body.rows.into_iter().map(|row| MatrixRow { activity: row.activity, cells: row.cells });
        Ok(Self { columns: columns?, rows: rows.collect() })
    }
}

/// Get who does what
///
/// That of the package until somebody changes it; its version is 0 then.
#[utoipa::path(get, path = "/onboardings/{id}/raci", operation_id = "get_raci", tag = "People",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The matrix.", body = MatrixBody, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn raci(
    State(api): State<Api>,
    caller: Caller,
    names: Names,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Raci { matrix, version, .. } = people::raci(&api.app, &caller.actor, names.id("onboarding")?).await?;
    Ok(tagged(&headers, version, Json(MatrixBody::from(matrix))))
}

/// Change who does what
///
/// Each activity has exactly one A and at least one R; what has not is named.
#[utoipa::path(put, path = "/onboardings/{id}/raci", operation_id = "put_raci", tag = "People",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"0\"")),
    request_body(content = MatrixBody),
    responses((status = 204, description = "It is saved.", headers(("ETag" = String)))))]
pub(crate) async fn put_raci(
    State(api): State<Api>,
    caller: Caller,
    names: Names,
    version: IfMatch,
    JsonOf(sent): JsonOf<MatrixBody>,
) -> Result<Response, Problem> {
    let (id, matrix) = (names.id("onboarding")?, Matrix::try_from(sent)?);
    let now = people::set_raci(&api.app, &caller.actor, id, version.required()?, matrix).await?;
    Ok(tagged(&HeaderMap::new(), now, StatusCode::NO_CONTENT))
}
