//! A workspace with one of everything, and where each of its pages is.

use gangway_app::usage::import;
use gangway_app::{demo, identity, portal};
use gangway_domain::ids::*;
use gangway_domain::permission::{Role, Scope};
use gangway_testkit::Part::{Id, Said, Word};
use gangway_testkit::{Addresses, Past, Rows, TestApp};

/// Column of the onboarding a row belongs to.
const OF: gangway_testkit::Part = Id(OnboardingId::PREFIX, "onboarding_id");

const LAUNCH: gangway_testkit::Part = Id(LaunchId::PREFIX, "id");

/// An onboarding of the demo that is at work and has something of everything.
const AT_WORK: &[(&str, &str)] = &[("customer", "Kestrel Energy")];

/// Lists of pages of an onboarding that name a row of it: the path, the table, what is behind the id.
macro_rules! of_onboarding {
    ($($path:literal, $table:literal, $id:ident;)*) => {
        &[$(Rows::of(concat!("/onboardings/{id}/", $path), $table, &[OF, Id($id::PREFIX, "id")])),*]
    };
}

macro_rules! of_workspace {
    ($($path:literal, $table:literal, $id:ident;)*) => {
        &[$(Rows::of($path, $table, &[Id($id::PREFIX, "id")])),*]
    };
}

const OF_WORKSPACE: &[Rows] = of_workspace! {
    "/views/{id}", "saved_view", ViewId;
    "/signals/{id}", "signal", SignalId;
    "/handoffs/{id}", "handoff", HandoffId;
    "/accounts/{id}", "account", AccountId;
    "/contacts/{id}", "contact", ContactId;
    "/adoption/features/{id}", "usage_feature", FeatureId;
    "/adoption/customers/{id}", "usage_group", UsageGroupId;
    "/work/{id}", "task", TaskId;
    "/comments/{id}", "comment", CommentId;
    "/attachments/{id}", "attachment", AttachmentId;
    "/checklist-items/{id}", "checklist_item", CheckId;
    "/shared-with-customer/{item}", "attachment", AttachmentId;
    "/settings/team/invitations/{id}", "invitation", InvitationId;
    "/settings/tokens/{id}", "api_token", TokenId;
    "/settings/webhooks/{id}", "webhook_endpoint", WebhookId;
    "/settings/integrations/{id}", "crm_hook", HookId;
    "/settings/usage/imports/{id}", "usage_import", ImportId;
    "/settings/usage/{id}", "usage_source", SourceId;
    "/portal/surveys/{id}", "survey", SurveyId;
    "/portal/forms/{id}", "form", FormId;
    "/portal/changes/{request}", "change_request", ChangeRequestId;
    "/portal/tasks/{task}", "task", TaskId;
    "/portal/files/{file}", "attachment", AttachmentId;
    "/portal/meetings/{meeting}", "meeting", MeetingId;
    "/portal/status/{report}", "report", ReportId;
    "/portal/outcomes/{outcome}", "outcome", OutcomeId;
    "/portal/training/{track}", "training_track", TrackId;
    "/portal/training/sessions/{session}", "training_session", TrainingSessionId;
    "/portal/training/certificates/{certificate}", "training_certificate", CertificateId;
    "/portal/training/library/{entry}", "training_library", LibraryId;
};

const OF_ONBOARDING: &[Rows] = of_onboarding! {
    "health/interventions/{intervention}", "intervention", InterventionId;
    "series/{series}", "task_series", SeriesId;
    "tasks/{task}", "task", TaskId;
    "milestones/{milestone}", "milestone", MilestoneId;
    "people/resistance/{entry}", "resistance", ResistanceId;
    "people/communication/{message}", "planned_message", MessageId;
    "people/change/{step}", "change_step", ChangeStepId;
    "losses/{loss}", "champion_loss", LossId;
    "training/tracks/{track}", "training_track", TrackId;
    "training/sessions/{session}", "training_session", TrainingSessionId;
    "training/learners/{learner}", "learner", LearnerId;
    "training/attempts/{attempt}", "training_attempt", AttemptId;
    "training/certificates/{certificate}", "training_certificate", CertificateId;
    "training/library/{entry}", "training_library", LibraryId;
    "register/{entry}", "register_entry", RegisterId;
    "meetings/{meeting}", "meeting", MeetingId;
    "escalations/{escalation}", "escalation", EscalationId;
    "reports/{report}", "report", ReportId;
    "changes/{request}", "change_request", ChangeRequestId;
    "feedback/{survey}", "survey", SurveyId;
    "forms/{form}", "form", FormId;
    "impact/{outcome}", "outcome", OutcomeId;
    "portal/{access}", "portal_access", PortalAccessId;
    "lessons/{lesson}", "lesson", LessonId;
};

/// What is named by more than its own id.
const OTHERS: &[Rows] = &[
    Rows::of("/onboardings/{id}", "onboarding", &[Id(OnboardingId::PREFIX, "id")]).when(AT_WORK),
    Rows::of(
        "/onboardings/{id}/documents/{name}",
        "onboarding",
        &[Id(OnboardingId::PREFIX, "id"), Word("welcome")],
    )
    .when(AT_WORK),
    Rows::of(
        "/onboardings/{id}/package/{*path}",
        "onboarding",
        &[Id(OnboardingId::PREFIX, "id"), Word("index.html")],
    )
    .when(AT_WORK),
    Rows::of(
        "/onboardings/{id}/tasks/templates/{template}",
        "onboarding",
        &[Id(OnboardingId::PREFIX, "id"), Word("security-review")],
    )
    .when(AT_WORK),
    Rows::of(
        "/onboardings/{id}/go-live/items/{item}",
        "onboarding",
        &[Id(OnboardingId::PREFIX, "id"), Word("0")],
    )
    .when(AT_WORK),
    Rows::of("/onboardings/{id}/plan/changes/{batch}", "plan_change", &[OF, Said("batch")]),
    Rows::of("/onboardings/{id}/people/{contact}", "stakeholder", &[OF, Id(ContactId::PREFIX, "contact_id")]),
    Rows::of(
        "/onboardings/{id}/people/{contact}/touches/{touch}",
        "touch",
        &[OF, Id(ContactId::PREFIX, "contact_id"), Id(TouchId::PREFIX, "id")],
    ),
    Rows::of(
        "/onboardings/{id}/portal/as/{contact}",
        "portal_access",
        &[OF, Id(ContactId::PREFIX, "contact_id")],
    ),
    Rows::of("/onboardings/{id}/portal/embeds/{digest}", "portal_link", &[OF, Said("digest")])
        .when(&[("kind", "embed")]),
    Rows::of(
        "/onboardings/{id}/training/sessions/{session}/seats/{learner}",
        "training_seat",
        &[OF, Id(TrainingSessionId::PREFIX, "session_id"), Id(LearnerId::PREFIX, "learner_id")],
    ),
    Rows::of(
        "/onboardings/{id}/training/learners/{learner}/tracks/{track}",
        "training_enrolment",
        &[OF, Id(LearnerId::PREFIX, "learner_id"), Id(TrackId::PREFIX, "track_id")],
    ),
    Rows::of(
        "/onboardings/{id}/reports/{report}/files/{format}",
        "report",
        &[OF, Id(ReportId::PREFIX, "id"), Word("pdf")],
    ),
    Rows::of(
        "/onboardings/{id}/reports/{report}/links/{digest}",
        "report JOIN report_link ON report_link.report_id = report.id",
        &[
            Id(OnboardingId::PREFIX, "report.onboarding_id"),
            Id(ReportId::PREFIX, "report.id"),
            Said("report_link.digest"),
        ],
    ),
    Rows::of(
        "/onboardings/{id}/forms/{form}/files/{field}",
        "form",
        &[OF, Id(FormId::PREFIX, "id"), Word("file")],
    ),
    Rows::of("/onboardings/{id}/go-live/decisions/{decision}", "launch_record", &[OF, LAUNCH])
        .when(&[("kind", "decision")]),
    Rows::of("/onboardings/{id}/go-live/pilot/{pilot}", "launch_record", &[OF, LAUNCH])
        .when(&[("kind", "pilot")]),
    Rows::of("/onboardings/{id}/go-live/messages/{message}", "launch_record", &[OF, LAUNCH])
        .when(&[("kind", "message")]),
    Rows::of("/onboardings/{id}/go-live/issues/{issue}", "launch_record", &[OF, LAUNCH])
        .when(&[("kind", "issue")]),
    Rows::of("/onboardings/{id}/go-live/rollback/signals/{signal}", "launch_record", &[OF, LAUNCH])
        .when(&[("kind", "rollback")]),
    Rows::of("/onboardings/{id}/impact/value/{milestone}", "milestone", &[OF, Said("code")]),
    Rows::of(
        "/onboardings/{id}/impact/{outcome}/measurements/{measurement}",
        "outcome_measurement",
        &[OF, Id(OutcomeId::PREFIX, "outcome_id"), Id(MeasurementId::PREFIX, "id")],
    ),
    Rows::of("/workload/{id}", "membership", &[Id(PersonId::PREFIX, "person_id")]),
    Rows::of("/settings/team/{id}", "membership", &[Id(PersonId::PREFIX, "person_id")]),
    Rows::of(
        "/settings/webhooks/{id}/deliveries/{delivery}",
        "webhook_delivery",
        &[Id(WebhookId::PREFIX, "endpoint_id"), Id(DeliveryId::PREFIX, "id")],
    ),
    Rows::of("/handoffs/{id}/corrections/{number}", "handoff", &[Id(HandoffId::PREFIX, "id"), Word("1")]),
    Rows::of(
        "/handoffs/{id}/clocks/{clock}",
        "handoff",
        &[Id(HandoffId::PREFIX, "id"), Word("first-contact")],
    ),
    Rows::of(
        "/programmes/{id}/improvements/{improvement}",
        "improvement",
        &[Said("programme"), Id(ImprovementId::PREFIX, "id")],
    ),
    Rows::of("/portal/forms/{id}/files/{field}", "form", &[Id(FormId::PREFIX, "id"), Word("file")]),
    Rows::of(
        "/portal/outcomes/{outcome}/files/{file}",
        "outcome, attachment",
        &[Id(OutcomeId::PREFIX, "outcome.id"), Id(AttachmentId::PREFIX, "attachment.id")],
    ),
    // Every workspace has the built-in programmes, and the same words.
    Rows::of("/programmes/{id}", "onboarding", &[Said("programme")]),
    Rows::of("/handoffs/crm/{crm}", "onboarding", &[Word("hubspot")]),
    Rows::of("/settings/integrations/crm/{crm}", "onboarding", &[Word("hubspot")]),
    Rows::of("/settings/inputs/templates/{kind}", "onboarding", &[Word("tickets")]),
    Rows::of("/portal/documents/{name}", "onboarding", &[Word("welcome")]),
];

/// A workspace that has everything, the demo and what it lacks, and is alone in its database.
pub(super) struct Full {
    pub(super) test: TestApp,
    pub(super) past: Past,
    pub(super) addresses: Addresses,
}

pub(super) async fn full(db: gangway_store::Db, url: &str) -> Full {
    let test = TestApp::on(db).await;
    demo::seed(&test.app).await.unwrap();
    let mut past = Past::to(url).await.unwrap();
    complete(&test, &mut past).await;
    let all = [OF_WORKSPACE, OF_ONBOARDING, OTHERS].concat();
    let addresses = Addresses::read(&mut past, &all).await.unwrap();
    Full { test, past, addresses }
}

/// What the demo has nothing of: a token, links to a report and to an onboarding, an import that was begun.
async fn complete(test: &TestApp, past: &mut Past) {
    let (app, actor) = (&test.app, &test.actor);
    let admin = test.member(Role::Admin).await;
    identity::create_token(app, &admin, "Nightly export", &[Scope::Read], 30).await.unwrap();
    // A link to the first report, whoever may read that.
    let columns = app.db.columns().await.unwrap();
    past.make_up("report_link", &[], &columns, actor.workspace).await.unwrap();
    let at_work = "customer = 'Kestrel Energy'";
    let onboarding: OnboardingId =
        first(past, OnboardingId::PREFIX, "onboarding", at_work).await.parse().unwrap();
    portal::embed(app, actor, onboarding).await.unwrap();
    let source: SourceId = first(past, SourceId::PREFIX, "usage_source", "").await.parse().unwrap();
    let wanted =
        import::Wanted { name: "events.csv".to_owned(), source, format: "csv".to_owned(), total_bytes: 10 };
    import::begin(app, actor, &wanted).await.unwrap();
}

/// The id of the first row of a table.
async fn first(past: &mut Past, prefix: &str, table: &str, when: &str) -> String {
    let digits = match past {
        Past::Sqlite(_) => "lower(hex(id))",
        Past::Postgres(_) => "replace(CAST(id AS TEXT), '-', '')",
    };
    let found = past.texts(table, digits, when).await.unwrap();
    format!("{prefix}_{}", found[0])
}
