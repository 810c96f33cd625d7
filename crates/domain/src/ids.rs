//! Identifiers: prefixed UUIDv7 newtypes (`acc_…`, `onb_…`), ordered by time of creation.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

/// The text is not an id of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not an id of the form `{prefix}_…`")]
pub struct InvalidId {
    /// What was given.
    pub text: String,
    /// The prefix such an id has.
    pub prefix: &'static str,
}

/// Where new ids come from; injected, so that tests and generated demo data are reproducible.
pub trait IdSource: Send + Sync {
    /// A fresh UUIDv7.
    fn fresh(&self) -> Uuid;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schemars(with = "String")]
        pub struct $name(Uuid);

        impl $name {
            /// Prefix of ids of this kind.
            pub const PREFIX: &'static str = $prefix;

            /// A fresh id.
            pub fn fresh(source: &dyn IdSource) -> Self {
                Self(source.fresh())
            }

            /// The bare UUID, as stored.
            #[must_use]
            pub fn uuid(self) -> Uuid {
                self.0
            }

            /// An id from its stored UUID.
            #[must_use]
            pub fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.strip_prefix(concat!($prefix, "_"))
                    .filter(|rest| rest.len() == 32)
                    .and_then(|rest| Uuid::try_parse(rest).ok())
                    .map(Self)
                    .ok_or_else(|| InvalidId { text: text.chars().take(60).collect(), prefix: $prefix })
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }
    )*};
}

ids! {
    /// A workspace: everything of one organisation that runs Gangway.
    WorkspaceId = "wsp";
    /// An account: a customer company.
    AccountId = "acc";
    /// A contact: a person at an account.
    ContactId = "con";
    /// A handoff: a won deal handed over.
    HandoffId = "hof";
    /// An onboarding.
    OnboardingId = "onb";
    /// A task of an onboarding.
    TaskId = "tsk";
    /// A milestone of an onboarding.
    MilestoneId = "mil";
    /// An entry of the activity log.
    ActivityId = "act";
    /// An event of the outbox.
    EventId = "evt";
    /// A person who signs in.
    PersonId = "per";
    /// An invitation into a workspace.
    InvitationId = "inv";
    /// An API token.
    TokenId = "tok";
    /// An address at which a CRM announces won deals.
    HookId = "hok";
    /// A job: something to be done later.
    JobId = "job";
    /// An endpoint webhooks are sent to.
    WebhookId = "whk";
    /// One event on its way to one endpoint.
    DeliveryId = "dlv";
    /// Filters of the portfolio that were kept under a name.
    ViewId = "viw";
    /// A comment on a task or milestone.
    CommentId = "cmt";
    /// A file kept with a task or milestone.
    AttachmentId = "att";
    /// A line of the checklist of a task.
    CheckId = "chk";
    /// An entry of an onboarding's register: a risk, an issue, a decision or an action.
    RegisterId = "reg";
    /// A change request: what somebody wants changed of what was agreed.
    ChangeRequestId = "chg";
    /// A meeting of an onboarding.
    MeetingId = "mtg";
    /// An escalation: something raised to a level that must answer by a time.
    EscalationId = "esc";
    /// A report on an onboarding.
    ReportId = "rpt";
    /// That somebody spoke with a contact.
    TouchId = "tch";
    /// Resistance somebody met.
    ResistanceId = "rst";
    /// A champion who leaves, with what is done about it.
    LossId = "los";
    /// A message of the communication plan.
    MessageId = "msg";
    /// An activity of the change-management plan.
    ChangeStepId = "cms";
    /// Something that happened to a launch: a pilot, a decision, an issue, a trigger, a message.
    LaunchId = "lau";
    /// A survey at its moment in an onboarding.
    SurveyId = "sur";
    /// A form a customer is asked to fill in.
    FormId = "frm";
    /// What lets a contact into their portal.
    PortalAccessId = "pac";
    /// An outcome of the joint impact plan.
    OutcomeId = "out";
    /// What was measured of an outcome on a day.
    MeasurementId = "mea";
    /// A training track of an onboarding.
    TrackId = "trk";
    /// Somebody who is trained.
    LearnerId = "lrn";
    /// A training session.
    TrainingSessionId = "trs";
    /// One try at an assessment.
    AttemptId = "atp";
    /// A certificate of training.
    CertificateId = "crt";
    /// Something in the library of an onboarding.
    LibraryId = "lib";
    /// What an onboarding taught.
    LessonId = "les";
    /// An improvement somebody suggested for a programme.
    ImprovementId = "imp";
    /// A task that repeats.
    SeriesId = "ser";
    /// What sends usage events.
    SourceId = "src";
    /// A feature of the product, by the events that show its use.
    FeatureId = "fea";
    /// A customer as the product knows it.
    UsageGroupId = "grp";
    /// Somebody as the product knows them.
    UsageUserId = "usr";
    /// A usage event that was not counted.
    RefusedId = "ref";
    /// Usage events brought in from a file.
    ImportId = "imt";
    /// A warning signal.
    SignalId = "sig";
    /// Something that happened to a signal.
    SignalEventId = "sge";
    /// What is done about an onboarding in trouble.
    InterventionId = "itv";
    /// What somebody saw of a component of health.
    ObservationId = "obs";
    /// A ticket of a customer's.
    TicketId = "tkt";
    /// What a customer's monthly revenue did.
    MovementId = "mov";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes_and_refuses_other_kinds() {
        let id = AccountId::from_uuid(Uuid::from_u128(7));
        assert_eq!(id.to_string(), "acc_00000000000000000000000000000007");
        assert_eq!(id.to_string().parse::<AccountId>().unwrap(), id);
        assert!(id.to_string().parse::<OnboardingId>().is_err());
        assert!("acc_".parse::<AccountId>().is_err());
        assert!("acc_zz000000000000000000000000000007".parse::<AccountId>().is_err());
    }
}
