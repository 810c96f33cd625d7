//! Where everything of a workspace is that has one of everything.

use gangway_domain::ids::*;
use gangway_testkit::Part::{Id, Said, Word};
use gangway_testkit::{Part, Rows};

const OF: Part = Id(OnboardingId::PREFIX, "onboarding_id");

/// An onboarding of the demo that is at work and has something of everything.
const AT_WORK: &[(&str, &str)] = &[("customer", "Kestrel Energy")];

macro_rules! by_id {
    ($($path:literal, $table:literal, $id:ident;)*) => {
        &[$(Rows::of($path, $table, &[Id($id::PREFIX, "id")])),*]
    };
}

macro_rules! of_onboarding {
    ($($path:literal, $part:expr;)*) => {
        &[$(Rows::of($path, "onboarding", &[Id(OnboardingId::PREFIX, "id"), $part]).when(AT_WORK)),*]
    };
}

macro_rules! launch_records {
    ($($path:literal, $kind:literal;)*) => {
        &[$(Rows::of($path, "launch_record", &[Id(LaunchId::PREFIX, "id")]).when(&[("kind", $kind)])),*]
    };
}

const BY_ID: &[Rows] = by_id! {
    "/accounts/{id}", "account", AccountId;
    "/attachments/{id}", "attachment", AttachmentId;
    "/champion-losses/{id}", "champion_loss", LossId;
    "/change-requests/{id}", "change_request", ChangeRequestId;
    "/change-steps/{id}", "change_step", ChangeStepId;
    "/checklist-items/{id}", "checklist_item", CheckId;
    "/comments/{id}", "comment", CommentId;
    "/contacts/{id}", "contact", ContactId;
    "/crm-hooks/{id}", "crm_hook", HookId;
    "/escalations/{id}", "escalation", EscalationId;
    "/forms/{id}", "form", FormId;
    "/handoffs/{id}", "handoff", HandoffId;
    "/improvements/{id}", "improvement", ImprovementId;
    "/interventions/{id}", "intervention", InterventionId;
    "/invitations/{id}", "invitation", InvitationId;
    "/learners/{id}", "learner", LearnerId;
    "/lessons/{id}", "lesson", LessonId;
    "/measurements/{id}", "outcome_measurement", MeasurementId;
    "/meetings/{id}", "meeting", MeetingId;
    "/messages/{id}", "planned_message", MessageId;
    "/milestones/{id}", "milestone", MilestoneId;
    "/outcomes/{id}", "outcome", OutcomeId;
    "/register/{id}", "register_entry", RegisterId;
    "/reports/{id}", "report", ReportId;
    "/resistance/{id}", "resistance", ResistanceId;
    "/signals/{id}", "signal", SignalId;
    "/surveys/{id}", "survey", SurveyId;
    "/task-series/{id}", "task_series", SeriesId;
    "/tasks/{id}", "task", TaskId;
    "/tokens/{id}", "api_token", TokenId;
    "/touches/{id}", "touch", TouchId;
    "/training-attempts/{id}", "training_attempt", AttemptId;
    "/training-certificates/{id}", "training_certificate", CertificateId;
    "/training-library/{id}", "training_library", LibraryId;
    "/training-sessions/{id}", "training_session", TrainingSessionId;
    "/training-tracks/{id}", "training_track", TrackId;
    "/usage-features/{id}", "usage_feature", FeatureId;
    "/usage-groups/{id}", "usage_group", UsageGroupId;
    "/usage-imports/{id}", "usage_import", ImportId;
    "/usage-sources/{id}", "usage_source", SourceId;
    "/views/{id}", "saved_view", ViewId;
    "/webhooks/{id}", "webhook_endpoint", WebhookId;
    "/work/{id}", "task", TaskId;
};

const LAUNCH: &[Rows] = launch_records! {
    "/go-live-decisions/{id}", "decision";
    "/launch-issues/{id}", "issue";
    "/launch-messages/{id}", "message";
    "/pilots/{id}", "pilot";
    "/rollback-triggers/{id}", "rollback";
};

const WITH_WORDS: &[Rows] = of_onboarding! {
    "/onboardings/{id}/celebrations/{milestone}", Word("go-live");
    "/onboardings/{id}/documents/{name}", Word("welcome");
    "/onboardings/{id}/files/{path}", Word("package.json");
    "/onboardings/{id}/launch/exit-criteria/{criterion}", Word("1");
    "/onboardings/{id}/launch/items/{item}", Word("0");
    "/onboardings/{id}/task-templates/{template}", Word("security-review");
};

const OTHERS: &[Rows] = &[
    Rows::of("/onboardings/{id}", "onboarding", &[Id(OnboardingId::PREFIX, "id")]).when(AT_WORK),
    Rows::of("/onboardings/{id}/plan-changes/{number}", "plan_change", &[OF, Said("number")]),
    Rows::of(
        "/onboardings/{id}/portal-accesses/{access}",
        "portal_access",
        &[OF, Id(PortalAccessId::PREFIX, "id")],
    ),
    Rows::of("/onboardings/{id}/portal-embeds/{embed}", "portal_link", &[OF, Said("digest")]),
    Rows::of(
        "/onboardings/{id}/relations/{from}/{kind}/{to}",
        "contact_relation",
        &[OF, Id(ContactId::PREFIX, "from_contact"), Said("kind"), Id(ContactId::PREFIX, "to_contact")],
    ),
    Rows::of(
        "/onboardings/{id}/stakeholders/{contact}",
        "stakeholder",
        &[OF, Id(ContactId::PREFIX, "contact_id")],
    ),
    Rows::of(
        "/accounts/{id}/movements/{movement}",
        "contract_movement",
        &[Id(AccountId::PREFIX, "account_id"), Id(MovementId::PREFIX, "id")],
    ),
    Rows::of(
        "/handoffs/{id}/clocks/{clock}",
        "handoff",
        &[Id(HandoffId::PREFIX, "id"), Word("first-contact")],
    ),
    Rows::of("/handoffs/{id}/corrections/{number}", "handoff", &[Id(HandoffId::PREFIX, "id"), Word("1")]),
    Rows::of(
        "/learners/{id}/tracks/{track}",
        "training_enrolment",
        &[Id(LearnerId::PREFIX, "learner_id"), Id(TrackId::PREFIX, "track_id")],
    ),
    Rows::of("/members/{id}", "membership", &[Id(PersonId::PREFIX, "person_id")]),
    Rows::of("/reports/{id}/files/{format}", "report", &[Id(ReportId::PREFIX, "id"), Word("pdf")]),
    Rows::of(
        "/reports/{id}/links/{digest}",
        "report_link",
        &[Id(ReportId::PREFIX, "report_id"), Said("digest")],
    ),
    Rows::of(
        "/training-sessions/{id}/seats/{learner}",
        "training_seat",
        &[Id(TrainingSessionId::PREFIX, "session_id"), Id(LearnerId::PREFIX, "learner_id")],
    ),
    Rows::of(
        "/webhooks/{id}/deliveries/{delivery}",
        "webhook_delivery",
        &[Id(WebhookId::PREFIX, "endpoint_id"), Id(DeliveryId::PREFIX, "id")],
    ),
    Rows::of("/work/{id}/attachments/{name}", "task", &[Id(TaskId::PREFIX, "id"), Word("notes.txt")]),
    Rows::of("/shared-with-customer/{item}", "comment", &[Id(CommentId::PREFIX, "id")]),
    // Every workspace has the built-in programmes, its own names for things, and the same words.
    Rows::of("/programmes/{id}", "onboarding", &[Said("programme")]),
    Rows::of("/programmes/{id}/versions/{version}", "onboarding", &[Said("programme"), Word("built-in")]),
    Rows::of("/accounts/by-external-id/{external_id}", "onboarding", &[Word("crm-7")]),
    Rows::of("/contacts/by-external-id/{external_id}", "onboarding", &[Word("crm-7")]),
    Rows::of("/crm-connections/{crm}", "onboarding", &[Word("hubspot")]),
    Rows::of("/crm-connections/{crm}/deals/{id}", "onboarding", &[Word("hubspot"), Word("7")]),
    Rows::of("/mail/suppressions/{address}", "onboarding", &[Word("somebody@example.com")]),
    Rows::of("/profile/sessions/{id}", "onboarding", &[Word("1f0c9d2be3a45768")]),
];

/// What stands for every part of every path that varies.
pub(crate) fn rows() -> Vec<Rows> {
    [BY_ID, LAUNCH, WITH_WORDS, OTHERS].concat()
}
