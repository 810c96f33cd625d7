//! What people of a customer may see and do of their onboarding: roles of guests, and what each of them reaches.
//!
//! One table decides, [`may`]. A guest's page is made of structs of its own, whose fields are listed in
//! [`Resource::fields`]: what is not on the list is never shown, however it came into a row.

use crate::deal::StakeholderRole;
use crate::people::words;

words! {
    /// What somebody of the customer is in their portal.
    PortalRole: "role of a guest" {
        /// Runs the project on the customer's side.
        Lead = "lead", "Project lead";
        /// Answers for it, and says whether it was worth it.
        Sponsor = "sponsor", "Sponsor";
        /// Systems, integration, data, security.
        Technical = "technical", "Technical";
        /// Takes part.
        Member = "member", "Member";
        /// Looks on.
        Onlooker = "onlooker", "Onlooker";
    }
}

words! {
    /// What there is in a portal.
    Resource: "part of a portal" {
        /// Where the onboarding stands.
        Overview = "overview", "Overview";
        /// Phases, milestones, tasks with their days.
        Plan = "plan", "Plan";
        /// What they themselves are to do.
        OwnTask = "own-task", "Their own tasks";
        /// What others at the customer are to do.
        AnyTask = "any-task", "Tasks of colleagues";
        /// What is said of a task between both sides.
        Comment = "comment", "Comments";
        /// Files both sides share.
        File = "file", "Files";
        /// Meetings with the customer.
        Meeting = "meeting", "Meetings";
        /// Documents written for the customer.
        Document = "document", "Documents";
        /// Outcomes and how they are measured.
        Outcome = "outcome", "Outcomes";
        /// Saying that an outcome is there.
        OutcomeConfirmation = "outcome-confirmation", "Confirming outcomes";
        /// Training.
        Training = "training", "Training";
        /// Forms to be filled in.
        Form = "form", "Forms";
        /// Surveys.
        Survey = "survey", "Surveys";
        /// What waits for a yes of the customer.
        Approval = "approval", "Approvals";
        /// What is ready for the go-live.
        Readiness = "readiness", "Readiness";
        /// What does not work after the go-live.
        Issue = "issue", "Problems";
        /// Who takes part.
        People = "people", "People";
        /// Status as it is reported.
        Status = "status", "Status";
        /// Inviting colleagues.
        Invite = "invite", "Inviting colleagues";
        /// Giving own tasks to a colleague.
        Delegate = "delegate", "Giving tasks to colleagues";
    }
}

words! {
    /// How far a guest reaches.
    Right: "right" {
        /// Sees it.
        See = "see", "See";
        /// Acts on it.
        Do = "do", "Do";
    }
}

words! {
    /// A language the portal speaks.
    Language: "language" {
        /// English.
        En = "en", "English";
        /// German.
        De = "de", "Deutsch";
    }
}

/// Whether a guest of this role reaches that. The whole authorisation of the portal is this table.
#[must_use]
pub fn may(role: PortalRole, resource: Resource, right: Right) -> bool {
    use Resource as R;
    match (role, right) {
        (PortalRole::Lead | PortalRole::Sponsor, Right::See) => true,
        // An outcome counts for what a sponsor's word counts.
        (PortalRole::Lead, Right::Do) => !is_only_read(resource) && resource != R::OutcomeConfirmation,
        (PortalRole::Sponsor, Right::Do) => !is_only_read(resource) && resource != R::AnyTask,
        (PortalRole::Technical, Right::See) => !matches!(resource, R::OutcomeConfirmation | R::Invite),
        (PortalRole::Technical, Right::Do) => matches!(
            resource,
            R::OwnTask
                | R::Comment
                | R::File
                | R::Meeting
                | R::Training
                | R::Form
                | R::Survey
                | R::Approval
                | R::Issue
                | R::Delegate
        ),
        (PortalRole::Member, Right::See) => !matches!(
            resource,
            R::AnyTask | R::OutcomeConfirmation | R::Approval | R::Readiness | R::Invite | R::Delegate
        ),
        (PortalRole::Member, Right::Do) => matches!(
            resource,
            R::OwnTask | R::Comment | R::File | R::Meeting | R::Training | R::Form | R::Survey | R::Issue
        ),
        (PortalRole::Onlooker, Right::See) => {
            matches!(resource, R::Overview | R::Plan | R::Meeting | R::Document | R::Outcome | R::Status)
        }
        (PortalRole::Onlooker, Right::Do) => false,
    }
}

/// There is nothing to do about these but to read them.
fn is_only_read(resource: Resource) -> bool {
    use Resource as R;
    matches!(
        resource,
        R::Overview | R::Plan | R::Document | R::Outcome | R::Readiness | R::People | R::Status
    )
}

impl PortalRole {
    /// The role whoever is this to the project gets when they are invited; of several, the one that reaches furthest.
    #[must_use]
    pub fn of(roles: &[StakeholderRole]) -> Self {
        use StakeholderRole as S;
        let one = |role: &S| match role {
            S::ProjectLead => Self::Lead,
            S::ExecutiveSponsor => Self::Sponsor,
            S::TechnicalLead | S::ItSecurity => Self::Technical,
            S::Champion | S::BusinessOwner | S::EndUser => Self::Member,
            S::Detractor | S::Other => Self::Onlooker,
        };
        roles.iter().map(one).min().unwrap_or(Self::Onlooker)
    }

    /// What the role is for, in one line, for whoever invites somebody.
    #[must_use]
    pub fn purpose(self) -> &'static str {
        match self {
            Self::Lead => {
                "Sees everything, works on every task of the customer, approves, invites colleagues"
            }
            Self::Sponsor => "Sees everything, approves, confirms outcomes",
            Self::Technical => "Works on their own tasks, sees those of colleagues, answers forms, approves",
            Self::Member => "Works on their own tasks and training, answers forms and surveys",
            Self::Onlooker => "Reads plan, meetings, documents and outcomes, changes nothing",
        }
    }
}

impl Resource {
    /// The fields a portal page may hold of it, as its view structs are serialised. A test of the use cases
    /// holds what they answer to this list.
    #[must_use]
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Overview => &[
                "customer",
                "product",
                "state",
                "today",
                "kickoff_on",
                "go_live_on",
                "finish_on",
                "phases",
                "live_on",
                "late",
                "promised_on",
                "days",
                "is_past",
                "overdue",
                "outcomes",
                "next_milestone",
                "done",
                "total",
                "contact_person",
                "name",
                "email",
                "starts_on",
                "finishes_on",
                "reached_on",
                "due_on",
                "is_gate",
                "here",
                "afterwards",
                "keeper",
                "since",
                "meeting",
                "ended_on",
                "title",
                "day",
                "starts_at",
                "zone",
            ],
            Self::Plan | Self::OwnTask | Self::AnyTask => &[
                "id",
                "title",
                "phase",
                "milestones",
                "tasks",
                "name",
                "starts_on",
                "finishes_on",
                "due_on",
                "reached_on",
                "is_gate",
                "state",
                "side",
                "mine",
                "assignee",
                "overdue",
                "may_do",
                "may_delegate",
                "held_by",
                "done_on",
                "done_by",
                "comments",
                "files",
                "colleagues",
                "here",
            ],
            Self::Comment => &["id", "made_by", "made_on", "said"],
            Self::File => &["id", "name", "size", "made_by", "made_on"],
            Self::Meeting => {
                &["id", "title", "day", "starts_at", "minutes", "zone", "place", "agenda", "people", "state"]
            }
            Self::Document => &["name", "title"],
            Self::People => &["name", "title", "role", "has_access"],
            Self::Status => &["href", "title", "made_on"],
            Self::Approval => &[
                "kind",
                "title",
                "href",
                "due",
                "overdue",
                "role",
                "by",
                "on",
                "yes",
                "mine",
                "id",
                "description",
                "why",
                "requested_by",
                "requested_on",
                "before",
                "after",
                "days",
                "cost",
                "state",
                "given",
                "may_decide",
                "version",
            ],
            Self::Readiness => &[
                "go_live_on",
                "live_on",
                "asks_from",
                "asked",
                "ready",
                "groups",
                "title",
                "items",
                "text",
                "approvals",
                "decision",
                "asks_stable",
                "stable",
                "role",
                "by",
                "on",
                "yes",
                "mine",
            ],
            Self::Issue => &[
                "may_report",
                "clocks",
                "issues",
                "number",
                "title",
                "severity",
                "state",
                "workaround",
                "by",
                "on",
                "minutes",
            ],
            Self::Invite => &[],
            Self::Delegate => &["id", "name"],
            Self::Training => &[
                "courses",
                "sessions",
                "library",
                "certificates",
                "today",
                "track",
                "name",
                "level",
                "reached",
                "complete",
                "lessons",
                "done",
                "finishes_on",
                "assessment",
                "score",
                "follow_up",
                "module",
                "title",
                "minutes",
                "outcome",
                "exercise",
                "id",
                "day",
                "starts_at",
                "zone",
                "place",
                "trainer",
                "state",
                "recording",
                "mine",
                "may_rate",
                "rating",
                "kind",
                "url",
                "number",
                "issued_on",
                "pass_percent",
                "questions",
                "text",
                "options",
                "value",
            ],
            Self::Outcome | Self::OutcomeConfirmation => &[
                "north_star",
                "first_impact",
                "outcomes",
                "today",
                "id",
                "goal",
                "metric",
                "baseline",
                "target",
                "latest",
                "by",
                "proof",
                "status",
                "percent",
                "first_value",
                "full_value",
                "agreed_by",
                "answered_by",
                "words",
                "may_agree",
                "may_answer",
                "lacks_evidence",
                "measurements",
                "version",
                "on",
                "value",
                "holds",
                "note",
                "evidence",
                "href",
            ],
            Self::Form => &[
                "paper",
                "id",
                "title",
                "purpose",
                "due_on",
                "state",
                "progress",
                "note",
                "sections",
                "answered_by",
                "version",
                "label",
                "kind",
                "help",
                "required",
                "options",
                "labels",
                "columns",
                "sample",
                "answer",
                "rows",
                "file",
            ],
            Self::Survey => &[
                "id",
                "title",
                "vendor",
                "name",
                "language",
                "closes_on",
                "open",
                "done",
                "slots",
                "field",
                "text",
                "aspect",
                "kind",
                "choices",
                "labels",
                "ends",
                "answer",
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One line for each resource; a column for each role: `-` nothing, `s` sees, `d` does too.
    const TABLE: &str = "\
        overview              s s s s s
        plan                  s s s s s
        own-task              d d d d -
        any-task              d s s - -
        comment               d d d d -
        file                  d d d d -
        meeting               d d d d s
        document              s s s s s
        outcome               s s s s s
        outcome-confirmation  s d - - -
        training              d d d d -
        form                  d d d d -
        survey                d d d d -
        approval              d d d - -
        readiness             s s s - -
        issue                 d d d d -
        people                s s s s -
        status                s s s s s
        invite                d d - - -
        delegate              d d d - -";

    #[test]
    fn the_whole_table() {
        let mut seen = 0;
        for line in TABLE.lines() {
            let mut words = line.split_whitespace();
            let resource: Resource = words.next().unwrap().parse().unwrap();
            for role in PortalRole::ALL {
                let letter = words.next().unwrap();
                let reaches = (may(*role, resource, Right::See), may(*role, resource, Right::Do));
                let wanted = match letter {
                    "-" => (false, false),
                    "s" => (true, false),
                    _ => (true, true),
                };
                assert_eq!(reaches, wanted, "{} and {}", role.word(), resource.word());
            }
            seen += 1;
        }
        assert_eq!(seen, Resource::ALL.len());
    }

    #[test]
    fn whoever_has_two_roles_gets_the_one_that_reaches_further() {
        use StakeholderRole as S;
        assert_eq!(PortalRole::of(&[S::EndUser, S::ProjectLead]), PortalRole::Lead);
        assert_eq!(PortalRole::of(&[S::ExecutiveSponsor, S::Champion]), PortalRole::Sponsor);
        assert_eq!(PortalRole::of(&[S::ItSecurity]), PortalRole::Technical);
        assert_eq!(PortalRole::of(&[S::Detractor]), PortalRole::Onlooker);
        assert_eq!(PortalRole::of(&[]), PortalRole::Onlooker);
    }

    #[test]
    fn words_come_back() {
        for language in Language::ALL {
            assert_eq!(language.word().parse::<Language>(), Ok(*language));
        }
        assert!("fr".parse::<Language>().is_err());
    }
}
