//! Who does something, where, through which door, and how far their permission reaches.

use std::fmt;

use gangway_domain::ids::{PersonId, WorkspaceId};
use gangway_domain::permission::{Action, Role, Scope};
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
        };
        Self { reach, ..self }
    }

    /// When the token ends through which this actor acts; none without one.
    #[must_use]
    pub fn until(&self) -> Option<Timestamp> {
        match &self.reach {
            Reach::Everything | Reach::Role(_) => None,
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
        }
    }

    /// Whether what this actor does may need that scope: a token reaches no further than its own.
    #[must_use]
    pub fn reaches(&self, scope: Scope) -> bool {
        match &self.reach {
            Reach::Everything | Reach::Role(_) => true,
            Reach::Token(_, scopes, _) => scopes.contains(&scope),
        }
    }

    /// Lets pass who may do that.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for everybody else.
    pub fn require(&self, action: Action) -> Result<(), AppError> {
        if self.may(action) { Ok(()) } else { Err(AppError::Forbidden(action)) }
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
    fn colleagues_see_the_token_and_others_the_person() {
        let id = PersonId::from_uuid(uuid::Uuid::from_u128(1));
        let ines = Actor::person(id, "Ines", Role::Admin, workspace::default_id(), Door::Api);
        assert_eq!((ines.name.as_str(), ines.own_name()), ("Ines", "Ines"));
        let token = ines.through("nightly sync");
        assert_eq!((token.name.as_str(), token.own_name()), ("Ines (nightly sync)", "Ines"));
    }
}
