//! Who may do what: roles of people in a workspace, actions of use cases, scopes of API tokens.
//!
//! One table decides, [`Role::may`]. Doors and use cases ask it through the actor; nothing else in
//! the product knows what a role may do.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::people::read_by_word;

/// What a person is in a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Sets the workspace up: team, integrations, programmes; may do everything.
    Admin,
    /// Leads customer success: everything about the work, the programmes and the numbers.
    Leader,
    /// Runs onboardings from handoff to transition.
    OnboardingManager,
    /// Runs the technical side of onboardings.
    ImplementationManager,
    /// Takes customers over after first value.
    Csm,
    /// Account executive: hands won deals over and follows what becomes of them.
    Ae,
    /// Looks, changes nothing.
    Viewer,
}

impl Role {
    /// Every role, the most powerful first.
    pub const ALL: [Self; 7] = [
        Self::Admin,
        Self::Leader,
        Self::OnboardingManager,
        Self::ImplementationManager,
        Self::Csm,
        Self::Ae,
        Self::Viewer,
    ];

    /// The word in files, addresses and the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Leader => "leader",
            Self::OnboardingManager => "onboarding-manager",
            Self::ImplementationManager => "implementation-manager",
            Self::Csm => "csm",
            Self::Ae => "ae",
            Self::Viewer => "viewer",
        }
    }

    /// The name people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Admin => "Admin",
            Self::Leader => "Customer success leader",
            Self::OnboardingManager => "Onboarding manager",
            Self::ImplementationManager => "Implementation manager",
            Self::Csm => "Customer success manager",
            Self::Ae => "Account executive",
            Self::Viewer => "Viewer",
        }
    }

    /// What the role is for, in one line, for whoever invites somebody.
    #[must_use]
    pub fn purpose(self) -> &'static str {
        match self {
            Self::Admin => "Everything, including team, integrations and settings",
            Self::Leader => "All work and numbers, and publishes programmes",
            Self::OnboardingManager => "Runs onboardings and drafts programmes",
            Self::ImplementationManager => "Runs onboardings, above all their technical side",
            Self::Csm => "Runs onboardings and takes customers over",
            Self::Ae => "Hands over won deals and follows them",
            Self::Viewer => "Reads everything but the audit trail, changes nothing",
        }
    }

    /// Whether the role may do this. The whole authorisation of the product is this table.
    #[must_use]
    pub fn may(self, action: Action) -> bool {
        use Action as A;
        match self {
            Self::Admin => true,
            Self::Leader => !matches!(action, A::ManageTeam | A::ManageWorkspace | A::ManageIntegrations),
            Self::OnboardingManager => matches!(
                action,
                A::Look
                    | A::Export
                    | A::HandOver
                    | A::PlanOnboarding
                    | A::RunOnboarding
                    | A::WaiveGates
                    | A::EditAccounts
                    | A::DraftProgrammes
                    | A::KeepViews
                    | A::ShareViews
                    | A::OwnAccess
            ),
            Self::ImplementationManager | Self::Csm => matches!(
                action,
                A::Look
                    | A::Export
                    | A::HandOver
                    | A::PlanOnboarding
                    | A::RunOnboarding
                    | A::EditAccounts
                    | A::KeepViews
                    | A::OwnAccess
            ),
            Self::Ae => matches!(
                action,
                A::Look | A::Export | A::HandOver | A::EditAccounts | A::KeepViews | A::OwnAccess
            ),
            Self::Viewer => matches!(action, A::Look | A::Export | A::KeepViews | A::OwnAccess),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The word is no role.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{0}` is not a role: use admin, leader, onboarding-manager, implementation-manager, csm, ae or viewer"
)]
pub struct UnknownRole(pub String);

read_by_word!(Role, UnknownRole, UnknownRole);

impl TryFrom<String> for Role {
    type Error = UnknownRole;

    fn try_from(word: String) -> Result<Self, UnknownRole> {
        word.parse()
    }
}

/// What a use case does, as far as permission is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// See accounts, handoffs, onboardings, programmes and their documents.
    Look,
    /// Take lists and documents out as files.
    Export,
    /// Hand a won deal over, and correct what was read from it.
    HandOver,
    /// Decide segment, programme and dates of an onboarding, and generate it.
    PlanOnboarding,
    /// Move an onboarding on, edit its documents, assign its people.
    RunOnboarding,
    /// Let work go on past a gate whose criteria do not hold.
    WaiveGates,
    /// Let an onboarding go live without a decision that stands.
    LetGoLive,
    /// Say what others of the team have time for.
    ManageCapacity,
    /// Add, change and merge accounts and contacts.
    EditAccounts,
    /// Draft programmes and other methodology.
    DraftProgrammes,
    /// Put drafts in force for new onboardings.
    PublishProgrammes,
    /// Keep filters of the portfolio under a name, for oneself.
    KeepViews,
    /// Share filters of the portfolio with the whole workspace.
    ShareViews,
    /// Read who did what, sign-ins included.
    ReadAudit,
    /// Change one's own name, password, sessions and API tokens.
    OwnAccess,
    /// Invite and remove people, change their roles.
    ManageTeam,
    /// Webhooks, CRM connections and everybody's API tokens.
    ManageIntegrations,
    /// Name and settings of the workspace, and further workspaces.
    ManageWorkspace,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 18] = [
        Self::Look,
        Self::Export,
        Self::HandOver,
        Self::PlanOnboarding,
        Self::RunOnboarding,
        Self::WaiveGates,
        Self::LetGoLive,
        Self::ManageCapacity,
        Self::EditAccounts,
        Self::DraftProgrammes,
        Self::PublishProgrammes,
        Self::KeepViews,
        Self::ShareViews,
        Self::ReadAudit,
        Self::OwnAccess,
        Self::ManageTeam,
        Self::ManageIntegrations,
        Self::ManageWorkspace,
    ];

    /// The scope an API token needs for it, beside its owner's role.
    #[must_use]
    pub fn scope(self) -> Scope {
        match self {
            Self::Look | Self::Export => Scope::Read,
            Self::HandOver
            | Self::PlanOnboarding
            | Self::RunOnboarding
            | Self::WaiveGates
            | Self::LetGoLive
            | Self::ManageCapacity
            | Self::EditAccounts
            | Self::DraftProgrammes
            | Self::PublishProgrammes
            | Self::KeepViews
            | Self::ShareViews => Scope::Write,
            Self::ReadAudit
            | Self::OwnAccess
            | Self::ManageTeam
            | Self::ManageIntegrations
            | Self::ManageWorkspace => Scope::Admin,
        }
    }

    /// What is refused, as the end of "you may not …".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Look => "look at this workspace",
            Self::Export => "take data out",
            Self::HandOver => "hand deals over",
            Self::PlanOnboarding => "plan onboardings",
            Self::RunOnboarding => "change onboardings",
            Self::WaiveGates => "waive gates",
            Self::LetGoLive => "let an onboarding go live without a decision",
            Self::ManageCapacity => "say what others have time for",
            Self::EditAccounts => "change accounts and contacts",
            Self::DraftProgrammes => "draft programmes",
            Self::PublishProgrammes => "publish programmes",
            Self::KeepViews => "keep views of your own",
            Self::ShareViews => "share views with the workspace",
            Self::ReadAudit => "read the audit trail",
            Self::OwnAccess => "change your own access",
            Self::ManageTeam => "manage the team",
            Self::ManageIntegrations => "manage integrations",
            Self::ManageWorkspace => "change the workspace",
        }
    }
}

/// How far an API token reaches. A token never reaches further than the role of whoever made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// See and export.
    Read,
    /// Change the work: deals, onboardings, accounts, programmes.
    Write,
    /// Team, integrations, settings, audit trail.
    Admin,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Admin];

    /// The word in tokens and the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The word is no scope.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not a scope: use read, write or admin")]
pub struct UnknownScope(pub String);

read_by_word!(Scope, UnknownScope, UnknownScope);

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole table, written out by hand: a change of [`Role::may`] must be made here too.
    #[test]
    fn the_table_of_roles_and_actions() {
        let table = [
            //            admin leader om   im   csm   ae   viewer
            (Action::Look, "x x x x x x x"),
            (Action::Export, "x x x x x x x"),
            (Action::HandOver, "x x x x x x -"),
            (Action::PlanOnboarding, "x x x x x - -"),
            (Action::RunOnboarding, "x x x x x - -"),
            (Action::WaiveGates, "x x x - - - -"),
            (Action::LetGoLive, "x x - - - - -"),
            (Action::ManageCapacity, "x x - - - - -"),
            (Action::EditAccounts, "x x x x x x -"),
            (Action::DraftProgrammes, "x x x - - - -"),
            (Action::PublishProgrammes, "x x - - - - -"),
            (Action::KeepViews, "x x x x x x x"),
            (Action::ShareViews, "x x x - - - -"),
            (Action::ReadAudit, "x x - - - - -"),
            (Action::OwnAccess, "x x x x x x x"),
            (Action::ManageTeam, "x - - - - - -"),
            (Action::ManageIntegrations, "x - - - - - -"),
            (Action::ManageWorkspace, "x - - - - - -"),
        ];
        assert_eq!(table.map(|(action, _)| action), Action::ALL);
        for (action, row) in table {
            let expected: Vec<bool> = row.split(' ').map(|cell| cell == "x").collect();
            let actual = Role::ALL.map(|role| role.may(action));
            assert_eq!(actual.as_slice(), expected, "{action:?}");
        }
    }

    #[test]
    fn words_are_read_as_they_are_written() {
        for role in Role::ALL {
            assert_eq!(role.word().parse(), Ok(role));
            assert_eq!(serde_json::to_value(role).unwrap(), role.word());
        }
        for scope in Scope::ALL {
            assert_eq!(scope.word().parse(), Ok(scope));
            assert_eq!(serde_json::to_value(scope).unwrap(), scope.word());
        }
        assert!("root".parse::<Role>().is_err() && "Read".parse::<Scope>().is_err());
    }
}
