//! Settings: the team, one's own access, API tokens, the workspace, what is connected, the audit trail.

pub(crate) mod audit;
pub(crate) mod health;
pub(crate) mod inputs;
pub(crate) mod integrations;
pub(crate) mod mail;
pub(crate) mod me;
pub(crate) mod portal;
pub(crate) mod team;
pub(crate) mod tokens;
pub(crate) mod usage;
pub(crate) mod webhooks;
pub(crate) mod workspace;

use axum::response::Redirect;
use gangway_app::identity::Session;
use gangway_domain::permission::Action;

/// `/settings` leads to what everybody may see.
pub(crate) async fn home() -> Redirect {
    Redirect::to("/settings/team")
}

pub(super) use super::Tab;

/// The tabs somebody may open.
pub(super) fn tabs(session: &Session, here: &str) -> Vec<Tab> {
    let all = [
        ("Team", "/settings/team", Action::Look),
        ("My access", "/settings/me", Action::OwnAccess),
        ("API tokens", "/settings/tokens", Action::OwnAccess),
        ("Workspace", "/settings/workspace", Action::ManageWorkspace),
        ("Portal", "/settings/portal", Action::ManageWorkspace),
        ("Webhooks", "/settings/webhooks", Action::ManageIntegrations),
        ("Integrations", "/settings/integrations", Action::ManageIntegrations),
        ("Usage", "/settings/usage", Action::ManageIntegrations),
        ("Inputs", "/settings/inputs", Action::EditAccounts),
        ("Health", "/settings/health", Action::Look),
        ("Mail", "/settings/mail", Action::ManageWorkspace),
        ("Audit trail", "/settings/audit", Action::ReadAudit),
    ];
    all.into_iter()
        .filter(|(_, _, action)| session.actor.may(*action))
        .map(|(label, href, _)| Tab { label, href: href.to_owned(), here: href == here })
        .collect()
}
