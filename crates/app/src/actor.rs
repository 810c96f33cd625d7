//! Who does something, where, through which door, and how far their permission reaches.

use std::fmt;

use gangway_domain::ids::{ContactId, OnboardingId, PersonId, WorkspaceId};
use gangway_domain::permission::{Action, Role, Scope};
use gangway_domain::portal::{self, Language, PortalRole, Resource, Right};
use jiff::Timestamp;

use crate::error::AppError;

/// Who asks for something. Every use case takes one, asks it for permission, acts in its workspace
/// only, and leaves it in the activity log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who, as colleagues see it.
    pub name: String,
    /// Who, when it is somebody who has signed in or their token.
    pub person: Option<PersonId>,
    /// Where.
    pub workspace: WorkspaceId,
    /// Through which door.
    pub door: Door,
    reach: Reach,
    /// What they are called without the token they act through, when there is one.
    own_name: Option<String>,
}

/// How far permission reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Reach {
    /// Gangway itself, or whoever has a shell on its machine.
    Everything,
    /// Somebody's role.
    Role(Role),
    /// A token of somebody: what both their role and its scopes allow, until it ends.
    Token(Role, Vec<Scope>, Timestamp),
    /// Somebody of the customer, in the portal of one onboarding.
    Guest(Guest),
}

/// Somebody of a customer who looks at one onboarding through the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guest {
    /// Whose customer they are.
    pub workspace: WorkspaceId,
    /// The onboarding they were invited to; they reach no other.
    pub onboarding: OnboardingId,
    /// Who they are.
    pub contact: ContactId,
    /// What they are there.
    pub role: PortalRole,
    /// The language they read.
    pub language: Language,
    /// Somebody of the team looks at what they see: nothing may be done.
    pub peek: bool,
}

impl Guest {
    /// Whether they reach that.
    #[must_use]
    pub fn may(&self, resource: Resource, right: Right) -> bool {
        portal::may(self.role, resource, right) && !(self.peek && right == Right::Do)
    }
}

impl Actor {
    /// Gangway itself, or whoever runs it from a shell: may do everything in the workspace.
    #[must_use]
    pub fn system(name: impl Into<String>, workspace: WorkspaceId, door: Door) -> Self {
        Self { name: name.into(), person: None, workspace, door, reach: Reach::Everything, own_name: None }
    }

    /// Somebody who has signed in.
    #[must_use]
    pub fn person(
        id: PersonId,
        name: impl Into<String>,
        role: Role,
        workspace: WorkspaceId,
        door: Door,
    ) -> Self {
        let reach = Reach::Role(role);
        Self { name: name.into(), person: Some(id), workspace, door, reach, own_name: None }
    }

    /// Somebody of the customer who came in through the portal; the name is the contact's.
    #[must_use]
    pub fn guest(name: impl Into<String>, guest: Guest) -> Self {
        let (workspace, reach) = (guest.workspace, Reach::Guest(guest));
        Self { name: name.into(), person: None, workspace, door: Door::Portal, reach, own_name: None }
    }

    /// The same actor through a token of this name: colleagues see both.
    #[must_use]
    pub fn through(self, token: &str) -> Self {
        Self { name: format!("{} ({token})", self.name), own_name: Some(self.name), ..self }
    }

    /// What they are called, without the token they act through: for whoever knows the person only.
    #[must_use]
    pub fn own_name(&self) -> &str {
        self.own_name.as_deref().unwrap_or(&self.name)
    }

    /// The same actor as far as a token with these scopes reaches, which ends then.
    #[must_use]
    pub fn limited_to(self, scopes: Vec<Scope>, until: Timestamp) -> Self {
        let reach = match self.reach {
            Reach::Everything => Reach::Token(Role::Admin, scopes, until),
            Reach::Role(role) | Reach::Token(role, ..) => Reach::Token(role, scopes, until),
            // A guest has no tokens.
            Reach::Guest(guest) => Reach::Guest(guest),
        };
        Self { reach, ..self }
    }

    /// When the token ends through which this actor acts; none without one.
    #[must_use]
    pub fn until(&self) -> Option<Timestamp> {
        match &self.reach {
            Reach::Everything | Reach::Role(_) | Reach::Guest(_) => None,
            Reach::Token(_, _, until) => Some(*until),
        }
    }

    /// Whether this actor may do that.
    #[must_use]
    pub fn may(&self, action: Action) -> bool {
        match &self.reach {
            Reach::Everything => true,
            Reach::Role(role) => role.may(action),
            Reach::Token(role, scopes, _) => role.may(action) && scopes.contains(&action.scope()),
            // What the team does is nothing for guests, whatever it is: they are asked by resource.
            Reach::Guest(_) => false,
        }
    }

    /// Whether what this actor does may need that scope: a token reaches no further than its own.
    #[must_use]
    pub fn reaches(&self, scope: Scope) -> bool {
        match &self.reach {
            Reach::Everything | Reach::Role(_) => true,
            Reach::Token(_, scopes, _) => scopes.contains(&scope),
            Reach::Guest(_) => false,
        }
    }

    /// Lets pass who may do that.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for everybody else.
    pub fn require(&self, action: Action) -> Result<(), AppError> {
        if self.may(action) { Ok(()) } else { Err(AppError::Forbidden(action)) }
    }

    /// Lets pass a guest who reaches that, and says who they are. Nobody of the team is a guest.
    ///
    /// # Errors
    /// [`AppError::NotForGuest`] for everybody else.
    pub fn require_guest(&self, resource: Resource, right: Right) -> Result<&Guest, AppError> {
        match &self.reach {
            Reach::Guest(guest) if guest.may(resource, right) => Ok(guest),
            _ => Err(AppError::NotForGuest),
        }
    }

    /// Who they are when they are a guest.
    #[must_use]
    pub fn as_guest(&self) -> Option<&Guest> {
        match &self.reach {
            Reach::Guest(guest) => Some(guest),
            _ => None,
        }
    }
}

/// A way into the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// The command line.
    Cli,
    /// A page.
    Web,
    /// The REST API.
    Api,
    /// A webhook of a CRM.
    Webhook,
    /// Work done later.
    Job,
    /// The demo data.
    Demo,
    /// The portal of a customer.
    Portal,
}

impl fmt::Display for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cli => "cli",
            Self::Web => "web",
            Self::Api => "api",
            Self::Webhook => "webhook",
            Self::Job => "job",
            Self::Demo => "demo",
            Self::Portal => "portal",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace;

    #[test]
    fn a_token_reaches_no_further_than_its_owner_and_its_scopes() {
        let id = PersonId::from_uuid(uuid::Uuid::from_u128(1));
        let viewer = Actor::person(id, "Ines", Role::Viewer, workspace::default_id(), Door::Api);
        let token = viewer.limited_to(vec![Scope::Read, Scope::Write], Timestamp::MAX);
        assert!(token.may(Action::Look) && !token.may(Action::HandOver) && !token.may(Action::OwnAccess));
        let admin = Actor::person(id, "Ines", Role::Admin, workspace::default_id(), Door::Api);
        let reader = admin.limited_to(vec![Scope::Read], Timestamp::MAX);
        assert!(reader.may(Action::Export) && !reader.may(Action::RunOnboarding));
        assert!(matches!(reader.require(Action::ManageTeam), Err(AppError::Forbidden(Action::ManageTeam))));
    }

    #[test]
    fn a_guest_may_nothing_the_team_may_and_only_looks_when_the_team_looks_on() {
        let uuid = uuid::Uuid::from_u128;
        let guest = Guest {
            workspace: workspace::default_id(),
            onboarding: OnboardingId::from_uuid(uuid(1)),
            contact: ContactId::from_uuid(uuid(2)),
            role: PortalRole::Lead,
            language: Language::En,
            peek: false,
        };
        let priya = Actor::guest("Priya Raman", guest);
        for action in Action::ALL {
            assert!(!priya.may(action), "{action:?}");
        }
        assert_eq!(priya.require_guest(Resource::OwnTask, Right::Do).ok(), Some(&guest));
        assert!(priya.require_guest(Resource::OutcomeConfirmation, Right::Do).is_err());
        let watched = Actor::guest("Priya Raman", Guest { peek: true, ..guest });
        assert!(watched.require_guest(Resource::OwnTask, Right::See).is_ok());
        assert!(watched.require_guest(Resource::OwnTask, Right::Do).is_err());
        let admin = Actor::system("shell", workspace::default_id(), Door::Cli);
        assert!(admin.require_guest(Resource::Overview, Right::See).is_err());
    }

    #[test]
    fn colleagues_see_the_token_and_others_the_person() {
        let id = PersonId::from_uuid(uuid::Uuid::from_u128(1));
        let ines = Actor::person(id, "Ines", Role::Admin, workspace::default_id(), Door::Api);
        assert_eq!((ines.name.as_str(), ines.own_name()), ("Ines", "Ines"));
        let token = ines.through("nightly sync");
        assert_eq!((token.name.as_str(), token.own_name()), ("Ines (nightly sync)", "Ines"));
    }
}
