//! Templates for work that comes up.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use gangway_app::work::{self, Begun};
use gangway_app::workload;
use gangway_domain::ids::OnboardingId;
use gangway_domain::methodology::{TaskTemplate, TemplateTask};
use gangway_domain::programme::Side;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::assignee_named;
use super::plan::{BecauseIn, OutcomeOut, because};
use crate::Api;
use crate::caller::{Caller, Sent};
use crate::etag::{IfMatch, changed};
use crate::page::Page;
use crate::problem::{Answer, Problem};
use crate::resource::workload::overloads;

/// Tasks that are added to a plan together.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskTemplate, example = json!({
    "id": "migration-rehearsal", "name": "Data migration rehearsal", "when": "The first load had surprises.",
    "tasks": [{ "id": "extract", "name": "Extract a full copy of the data", "side": "customer", "role": "Data owner",
        "days": 2, "after": [], "offset": 0, "checklist": ["Counts per table"] }]
}))]
pub(crate) struct TemplateOut {
    /// Id.
    id: String,
    /// What it is called.
    name: String,
    /// When it is needed.
    when: String,
    /// Its tasks, each after those it waits for.
    tasks: Vec<TemplateTaskOut>,
}

/// A task of a template.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TemplateTask)]
pub(crate) struct TemplateTaskOut {
    /// Id inside the template.
    id: String,
    /// What is done.
    name: String,
    /// `vendor`, `customer` or `joint`.
    #[schema(value_type = String)]
    side: Side,
    /// Role as people see it.
    role: String,
    /// Working days.
    days: u32,
    /// Tasks of the template that it waits for (ids).
    after: Vec<String>,
    /// Working days it begins at least after the day the template begins.
    offset: u32,
    /// Lines of its checklist.
    checklist: Vec<String>,
}

impl From<&TaskTemplate> for TemplateOut {
    fn from(template: &TaskTemplate) -> Self {
        let TaskTemplate { id, name, when, tasks } = template.clone();
        Self { id, name, when, tasks: tasks.into_iter().map(TemplateTaskOut::from).collect() }
    }
}

impl From<TemplateTask> for TemplateTaskOut {
    fn from(task: TemplateTask) -> Self {
        let TemplateTask { id, name, side, role, days, after, offset, checklist } = task;
        Self { id, name, side, role, days, after, offset, checklist }
    }
}

/// List the templates for work that comes up
///
/// As the methodology of the installation has them, on one page.
#[utoipa::path(get, path = "/task-templates", operation_id = "list_task_templates", tag = "Plan",
    responses((status = 200, description = "The templates.", body = Page<TemplateOut>)))]
pub(crate) async fn list(State(api): State<Api>, caller: Caller) -> Result<Json<Page<TemplateOut>>, Problem> {
    let templates = work::templates(&api.app, &caller.actor)?;
    Ok(Json(Page::whole(templates.map(TemplateOut::from))))
}

/// How a template is begun.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TemplateUse, example = json!({
    "starts_on": "2027-01-18", "after": "first-load", "owners": { "vendor": "Jonas Feld", "customer": "Dana Whitfield" }
}))]
pub(crate) struct TemplateIn {
    /// Nothing of it starts before; today when left out.
    starts_on: Option<Date>,
    /// What its first tasks wait for (code of a task or milestone).
    after: Option<String>,
    /// Who does what each side has to do.
    #[serde(default)]
    owners: OwnersIn,
    /// What the ledger says beside, and who answers for it.
    because: Option<BecauseIn>,
}

/// Who does what each side has to do: id of a member or of a contact of the account, or a name.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TemplateOwners)]
pub(crate) struct OwnersIn {
    /// Of the vendor.
    vendor: Option<String>,
    /// Of the customer.
    customer: Option<String>,
    /// Of what both do together.
    joint: Option<String>,
}

/// Add the tasks of a template to a plan
///
/// One entry of the ledger, which can be taken back as a whole. What it would do is what the preview of the plan says
/// of the same tasks as a `bundle`.
#[utoipa::path(post, path = "/onboardings/{id}/task-templates/{template}", operation_id = "use_task_template", tag = "Plan",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("template" = String, Path, description = "Id of the template.", example = "migration-rehearsal"),
        ("If-Match" = Option<String>, Header, description = "Revision of the plan that was read.", example = "\"1\"")),
    request_body(content = TemplateIn),
    responses((status = 200, description = "What followed.", body = OutcomeOut, headers(("ETag" = String)))))]
pub(crate) async fn begin(
    IfMatch(revision): IfMatch,
    Sent(api, caller, names, sent): Sent<TemplateIn>,
) -> Answer {
    let id: OnboardingId = names.id("onboarding")?;
    let TemplateIn { starts_on, after, owners: asked, because: why } = sent;
    let why = because(why)?;
    let OwnersIn { vendor, customer, joint } = asked;
    let mut owners = BTreeMap::new();
    for (side, field, who) in [
        (Side::Vendor, "owners.vendor", vendor),
        (Side::Customer, "owners.customer", customer),
        (Side::Joint, "owners.joint", joint),
    ] {
        if let Some(who) = who {
            owners.insert(side, assignee_named(&api, &caller, id, field, &who).await?);
        }
    }
    let begun = Begun { template: names.text(1).to_owned(), on: starts_on, after, owners };
    let changes = vec![work::from_template(&api.app, &caller.actor, id, begun).await?];
    let given = workload::given(&changes);
    let outcome = work::change_because(&api.app, &caller.actor, id, revision, changes, why).await?;
    let revision = outcome.revision;
    let mut answer = OutcomeOut::from(outcome);
    answer.overloads = overloads(&api, &caller, id, given).await?;
    Ok(changed(revision, Json(answer)))
}
