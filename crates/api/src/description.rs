//! The OpenAPI 3.1 document: what the handlers say of themselves, completed with what holds for all of
//! them (who may, which problems, which headers) and with the published schemas of the domain.

use gangway_domain::deal::{Deal, Reading};
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::package::{KeyDates, Quality, Segmentation};
use gangway_domain::permission::{Action, Role};
use gangway_domain::{change_request, escalation, register, report, standing};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value as Json, json};
use utoipa::OpenApi;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Type};
use utoipa::openapi::{Ref, RefOr, Schema};

use crate::operations::{self, Operation};
use crate::problem;

/// Words at the head of the description.
const ABOUT: &str = "Everything Gangway does, for programs. \
Send a token as `Authorization: Bearer gangway_…`; people make theirs under Settings → API tokens. A token acts as its owner, \
as far as both its scopes and the owner's role reach.\n\n\
**Lists** come in pages: send `next` of one page as `after` for the following one, with the same `sort`. \
**Changes** carry the `ETag` that was read as `If-Match`; 412 says that somebody else was faster. \
**Repeating** a POST is safe with an `Idempotency-Key`: for 24 hours the same key gives the same answer. \
**Problems** are `application/problem+json` (RFC 9457); `code` is stable, `detail` is for people, `request_id` finds it in the log. \
**Limits** are told in `RateLimit` and `RateLimit-Policy`.";

#[derive(OpenApi)]
#[openapi(
    info(title = "Gangway", version = "1", description = ABOUT),
    servers((url = "/api/v1")),
    components(schemas(problem::Body, problem::FieldError)),
    tags(
        (name = "Workspace", description = "Where a token acts, and who is there."),
        (name = "Accounts", description = "The customers."),
        (name = "Contacts", description = "The customers' people."),
        (name = "Search", description = "Everything of the workspace by its words."),
        (name = "Deals", description = "Won deals: what is in them, what they become."),
        (name = "Onboardings", description = "Running a customer's onboarding."),
        (name = "Governance", description = "Risks, issues, decisions, actions, meetings, escalations, change requests and reports of onboardings."),
        (name = "Plan", description = "Working the plan of an onboarding: tasks, milestones, why dates moved, comments and files."),
        (name = "Impact", description = "Joint impact plans: outcomes, measurements, what the customer confirms, and what an onboarding lacks to be complete."),
        (name = "Go-live", description = "Going live: readiness, approvals, decisions, pilots, waves, messages, hypercare, rollback."),
        (name = "People", description = "The customers' people in running onboardings: where they stand, who spoke with them, who does what."),
        (name = "Portal", description = "What customers see of their onboarding: who comes in, what is shared, how it looks."),
        (name = "Training", description = "Training of a customer's people: tracks, sessions, learners, assessments, certificates, whether it works."),
        (name = "Feedback", description = "What customers are asked and answer: surveys, forms, and how mail to them goes."),
        (name = "Health", description = "How healthy onboardings are, warning signals, what is done about them, and what other systems tell of customers."),
        (name = "Usage", description = "What users of the product do: where events come from, what counts as a feature, who is who, activation and adoption."),
        (name = "Programmes", description = "The methodology onboardings are made from."),
        (name = "Integrations", description = "Addresses at which a CRM announces won deals, and webhooks that tell other systems what happens."),
    )
)]
struct Head;

/// What the document begins with.
pub(crate) fn head() -> utoipa::openapi::OpenApi {
    Head::openapi()
}

/// A reference to a schema of [`domain_schemas`].
fn domain(name: &str) -> RefOr<Schema> {
    RefOr::Ref(Ref::from_schema_name(name))
}

macro_rules! domain_schemas {
    ($($function:ident => $type:ty;)*) => {
        $(pub(crate) fn $function() -> RefOr<Schema> {
            domain(&<$type as JsonSchema>::schema_name())
        })*

        /// Schemas of the domain's own types, as `package.json` publishes them.
        fn domain_schemas() -> Map<String, Json> {
            let settings = SchemaSettings::draft2020_12()
                .for_serialize()
                .with(|settings| settings.definitions_path = "/components/schemas".into());
            let mut generator = settings.into_generator();
            $(generator.subschema_for::<$type>();)*
            generator.take_definitions(true)
        }
    };
}

domain_schemas! {
    reading => Reading;
    deal => Deal;
    segmentation => Segmentation;
    dates => KeyDates;
    quality => Quality;
    state => OnboardingState;
    change_impact => change_request::Impact;
    change_request_state => change_request::State;
    colour => standing::Colour;
    report_colour => report::ReportColour;
    escalation_state => escalation::State;
    escalation_clock => escalation::Clock;
    register_details => register::Details;
    register_status => register::Status;
    register_outcome => register::Outcome;
    plan_change => gangway_domain::work::Change;
    task_state => gangway_domain::work::TaskState;
    transition_state => gangway_domain::transition::State;
    transition_clocks => gangway_domain::transition::Clocks;
    transition_moments => gangway_domain::transition::Moments;
    improvement_state => gangway_domain::transition::Improvement;
    outcome_answer => gangway_domain::outcome::Answer;
    outcome_evidence => gangway_domain::outcome::Evidence;
    series_rhythm => gangway_domain::work::Rhythm;
    series_end => gangway_domain::work::SeriesEnd;
    series_state => gangway_domain::work::SeriesState;
    health_assessment => gangway_domain::health::Assessment;
    health_move => gangway_domain::health::Move;
    signal_body => gangway_domain::signal::Signal;
    foretold => gangway_domain::health::backtest::Foretold;
    score_test => gangway_domain::health::backtest::ScoreTest;
}

/// Changes of a plan, one after the other.
pub(crate) fn plan_changes() -> RefOr<Schema> {
    list_of(plan_change())
}

/// What moved a score, the largest first.
pub(crate) fn health_moves() -> RefOr<Schema> {
    list_of(health_move())
}

/// What each kind of signal foretold.
pub(crate) fn foretold_list() -> RefOr<Schema> {
    list_of(foretold())
}

fn list_of(known: RefOr<Schema>) -> RefOr<Schema> {
    let items = serde_json::to_value(&known).unwrap_or_default();
    serde_json::from_value(json!({ "type": "array", "items": items })).unwrap_or(known)
}

/// What a model says of an onboarding, or null.
pub(crate) fn health_assessment_or_none() -> RefOr<Schema> {
    or_null(health_assessment())
}

/// What the customer says to an outcome, or null.
pub(crate) fn outcome_answer_or_none() -> RefOr<Schema> {
    or_null(outcome_answer())
}

/// What shows a measurement, or null.
pub(crate) fn outcome_evidence_or_none() -> RefOr<Schema> {
    or_null(outcome_evidence())
}

fn or_null(known: RefOr<Schema>) -> RefOr<Schema> {
    let null = ObjectBuilder::new().schema_type(Type::Null);
    RefOr::T(Schema::OneOf(OneOfBuilder::new().item(null).item(known).build()))
}

/// The whole document.
#[must_use]
pub fn document() -> Json {
    let described = operations::described();
    let mut document = serde_json::to_value(described).unwrap_or_default();
    document["components"]["securitySchemes"] = json!({ "token": {
        "type": "http", "scheme": "bearer",
        "description": "An API token: `gangway_` and 64 hex digits."
    }});
    document["security"] = json!([{ "token": [] }]);
    if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
        schemas.extend(domain_schemas());
        schemas.sort_keys();
    }
    document["components"]["responses"] = problems();
    document["components"]["headers"] = headers();
    for operation in operations::all() {
        let method = operation.method.as_str().to_lowercase();
        complete(&mut document["paths"][&operation.path][method], &operation);
    }
    document
}

/// Adds to an operation what holds for all of its kind.
fn complete(described: &mut Json, operation: &Operation) {
    let Operation { path, needs, .. } = operation;
    let words = described["description"].as_str().unwrap_or_default();
    let scope = needs.scope();
    let separator = if words.is_empty() { "" } else { "\n\n" };
    described["description"] =
        format!("{words}{separator}Needs the scope `{scope}`{}.", roles(*needs)).into();
    described["x-scope"] = scope.word().into();
    let parameters = described.get_mut("parameters").and_then(Json::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        match parameter["name"].as_str() {
            Some("If-Match") => parameter["schema"]["pattern"] = "^\"[0-9]+\"$".into(),
            Some("format") => parameter["schema"]["enum"] = formats(),
            _ => {}
        }
    }
    let answers = described["responses"].as_object_mut();
    for (status, answer) in answers.into_iter().flatten() {
        add_headers(answer, &["X-Request-Id", "RateLimit", "RateLimit-Policy"]);
        // What an operation refuses in words of its own is a problem as any other.
        if status.as_str() >= "400" && answer.get("$ref").is_none() && answer.get("content").is_none() {
            answer["content"] = a_problem();
        }
    }
    let mut problems = vec!["400", "401", "403", "429", "500", "503", "507"];
    if path.contains('{') {
        problems.push("404");
    }
    if operation.is_done_once() {
        problems.extend(["409", "413", "422"]);
        let parameters = described.get_mut("parameters").and_then(Json::as_array_mut);
        let key = idempotency_key();
        match parameters {
            Some(list) => list.push(key),
            None => described["parameters"] = json!([key]),
        }
    }
    if described.get("requestBody").is_some() {
        problems.extend(["413", "415", "422"]);
    }
    problems.extend(own_problems(described, operation));
    for status in problems {
        if described["responses"].get(status).is_none() {
            described["responses"][status] = json!({ "$ref": format!("#/components/responses/{status}") });
        }
    }
    if let Some(answers) = described["responses"].as_object_mut() {
        answers.sort_keys();
    }
}

/// The forms a deal can come in.
fn formats() -> Json {
    json!(["summary", "key-value", "markdown", "json", "toml", "yaml", "hubspot", "salesforce"])
}

/// What only some operations answer with.
fn own_problems(described: &Json, operation: &Operation) -> Vec<&'static str> {
    let mut problems = Vec::new();
    let conditional = described["parameters"]
        .as_array()
        .and_then(|list| list.iter().find(|parameter| parameter["name"] == "If-Match"));
    if let Some(parameter) = conditional {
        problems.push("412");
        if parameter["required"] == true {
            problems.push("428");
        }
    }
    // What belongs to an onboarding stays as it is once that is over.
    if operation.needs == Action::RunOnboarding && operation.method.as_str() != "GET" {
        problems.push("409");
    }
    problems.extend(match (operation.method.as_str(), operation.path.as_str()) {
        // The last admin.
        ("PATCH" | "DELETE", "/members/{id}") => &["409"][..],
        // Somebody has changed it since it was added.
        ("DELETE", "/register/{id}" | "/meetings/{id}") => &["412"],
        // The query says another name, or there is no other workspace.
        ("DELETE", "/workspace") => &["422"],
        // It is ended, or the onboarding is over.
        ("PATCH" | "DELETE", "/task-series/{id}") => &["409"],
        // What the body names is not there.
        ("POST", "/onboardings" | "/contacts") => &["404"],
        // Somebody else is faster, whatever the caller has read.
        ("PUT", "/accounts/by-external-id/{external_id}") => &["412"],
        ("PUT", "/contacts/by-external-id/{external_id}") => &["412"],
        ("PUT", "/programmes/{id}/draft") => &["409"],
        // What was agreed, measured or confirmed stays.
        ("PATCH" | "DELETE", "/outcomes/{id}") | ("DELETE", "/measurements/{id}") => &["409"],
        // Somebody else kept the first one in the same moment.
        ("PUT", "/onboardings/{id}/impact-plan" | "/onboardings/{id}/celebrations/{milestone}") => &["409"],
        // A pilot that has begun, a message that went out.
        ("PUT", "/pilots/{id}" | "/launch-messages/{id}") => &["409"],
        ("POST", "/programmes/{id}/built-in") => &["412"],
        // Another feature has the key.
        ("PUT", "/usage-features/{id}") => &["409"],
        // Its plan cannot be scheduled.
        ("GET", "/onboardings/{id}/forecast" | "/onboardings/{id}/go-live-with-people") => &["409"],
        // No targets hold for its programme.
        ("GET", "/onboardings/{id}/activation") => &["409"],
        // It has ended.
        ("POST", "/usage-sources/{id}/key") | ("PATCH" | "DELETE", "/usage-sources/{id}") => &["409"],
        // What the body or the query names is not there; the log of events does not answer.
        ("POST", "/usage-imports") => &["404"],
        ("GET", "/usage-events") => &["404", "502"],
        // Another piece was read meanwhile, or the file has ended.
        ("PUT", "/usage-imports/{id}/bytes") => &["409", "412", "502"],
        ("DELETE", "/usage-imports/{id}") => &["409"],
        // Nothing is judged, or nobody has overruled it.
        ("PUT" | "DELETE", "/onboardings/{id}/health-override") => &["409"],
        // Another system is asked.
        ("PUT", "/crm-connections/{crm}") => &["502"],
        (_, path) if path.starts_with("/crm-connections/{crm}/deals") => &["502"],
        _ => &[],
    });
    problems
}

/// Which roles may, when not all of them do.
fn roles(needs: Action) -> String {
    let may: Vec<&str> = Role::ALL.into_iter().filter(|role| role.may(needs)).map(Role::word).collect();
    if may.len() == Role::ALL.len() {
        return String::new();
    }
    format!(" and one of the roles {}", may.join(", "))
}

fn add_headers(answer: &mut Json, names: &[&str]) {
    if answer.get("$ref").is_some() {
        return;
    }
    for name in names {
        answer["headers"][*name] = json!({ "$ref": format!("#/components/headers/{name}") });
    }
}

fn idempotency_key() -> Json {
    json!({
        "name": "Idempotency-Key", "in": "header", "required": false,
        "description": "Names this request, so that repeating it within 24 hours does it once: a UUID, say.",
        "schema": { "type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$" }
    })
}

/// What every refusal holds.
fn a_problem() -> Json {
    json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } })
}

/// The problems every operation can answer with, by status.
fn problems() -> Json {
    let mut all = Map::new();
    for (status, words) in [
        ("400", "The request cannot be read: the query, the JSON, or a header."),
        ("401", "No token, or one that is unknown or has ended."),
        ("403", "The token's scopes or its owner's role do not reach that far."),
        ("404", "There is no such thing in this workspace."),
        ("409", "The state does not allow it, or the same request is being answered at this moment."),
        ("412", "Somebody else changed it meanwhile: read it again, then decide."),
        ("413", "The body is too large."),
        ("415", "The body is of a kind that is not taken here."),
        ("422", "What was sent cannot be used; `errors` says which fields."),
        ("428", "`If-Match` is missing."),
        ("429", "The token asked too often; `Retry-After` says how long to wait."),
        ("500", "The fault is ours; `request_id` finds it in the log."),
        ("502", "Another system that was asked does not do its part; `detail` says why."),
        ("503", "This took too long; try again in a moment."),
        ("507", "There is no room left on the disk: nothing was saved, and everything can still be read."),
    ] {
        let mut answer = json!({ "description": words, "content": a_problem() });
        add_headers(&mut answer, &["X-Request-Id"]);
        if status == "429" || status == "503" {
            add_headers(&mut answer, &["Retry-After"]);
        }
        all.insert(status.to_owned(), answer);
    }
    Json::Object(all)
}

fn headers() -> Json {
    let text = |description: &str, example: &str| json!({ "description": description, "schema": { "type": "string" }, "example": example });
    json!({
        "X-Request-Id": text("The request in the log; your own when you sent one.", "0190000000007000800000000000000a"),
        "RateLimit": text("What is left of the window, and seconds until it ends.", "\"token\";r=599;t=60"),
        "RateLimit-Policy": text("Requests in a window of so many seconds.", "\"token\";q=600;w=60"),
        "Retry-After": { "description": "Seconds to wait.", "schema": { "type": "integer", "minimum": 1 }, "example": 12 },
        "ETag": text("The version; send it back as If-Match to change this one only.", "\"3\""),
        "Location": text("Where it is now.", "/api/v1/handoffs/hof_01900000000070008000000000000001"),
    })
}
