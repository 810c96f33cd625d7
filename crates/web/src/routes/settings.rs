//! Settings: own access, the team, the workspace, what is connected to it.

use gangway_domain::permission::Action::{
    EditAccounts, Look, ManageIntegrations, ManageTeam, ManageWorkspace, OwnAccess, ReadAudit,
};

use super::Access::{Needs, SignedIn};
use crate::pages::settings::{
    self, audit, health, inputs, integrations, mail, me, portal, team, tokens, usage, webhooks, workspace,
};

routes! {
    get "/settings", SignedIn => settings::home;
    get "/settings/team", Needs(Look) => team::show;
    post "/settings/team/invitations", Needs(ManageTeam) => team::invite;
    post "/settings/team/invitations/{id}/withdrawal", Needs(ManageTeam) => team::withdraw;
    post "/settings/team/{id}/role", Needs(ManageTeam) => team::change_role;
    post "/settings/team/{id}/removal", Needs(ManageTeam) => team::remove;
    get "/settings/me", SignedIn => me::show;
    post "/settings/me/name", Needs(OwnAccess) => me::change_name;
    post "/settings/me/digest", Needs(OwnAccess) => me::change_digest;
    post "/settings/me/password", Needs(OwnAccess) => me::change_password;
    post "/settings/me/other-sessions/end", Needs(OwnAccess) => me::end_other_sessions;
    post "/settings/me/leaving", Needs(OwnAccess) => me::leave;
    get "/settings/workspace", Needs(ManageWorkspace) => workspace::show;
    post "/settings/workspace/name", Needs(ManageWorkspace) => workspace::rename;
    post "/settings/workspace/digest", Needs(ManageWorkspace) => workspace::set_digest;
    post "/settings/workspace/removal", Needs(ManageWorkspace) => workspace::remove;
    get "/settings/portal", Needs(ManageWorkspace) => portal::show;
    post "/settings/portal", Needs(ManageWorkspace) => portal::change;
    post "/settings/portal/picture", Needs(ManageWorkspace) => portal::picture;
    post "/settings/workspaces", Needs(ManageWorkspace) => workspace::create;
    post "/settings/me/workspace", SignedIn => me::change_workspace;
    get "/settings/tokens", Needs(OwnAccess) => tokens::show;
    post "/settings/tokens", Needs(OwnAccess) => tokens::create;
    post "/settings/tokens/{id}/end", Needs(OwnAccess) => tokens::end;
    get "/settings/health", Needs(Look) => health::show;
    get "/settings/inputs", Needs(EditAccounts) => inputs::show;
    post "/settings/inputs", Needs(EditAccounts) => inputs::take;
    post "/settings/inputs/check", Needs(EditAccounts) => inputs::check;
    get "/settings/inputs/templates/{kind}", Needs(EditAccounts) => inputs::template;
    get "/settings/health/facts", Needs(Look) => health::facts::show;
    get "/settings/health/rules", Needs(Look) => health::tester::show;
    post "/settings/health/rules", Needs(Look) => health::tester::test;
    get "/settings/health/replay", Needs(Look) => health::replay::show;
    post "/settings/health/replay", Needs(Look) => health::replay::run;
    get "/settings/mail", Needs(ManageWorkspace) => mail::show;
    post "/settings/mail/suppression", Needs(ManageWorkspace) => mail::suppress;
    post "/settings/mail/release", Needs(ManageWorkspace) => mail::release;
    get "/settings/audit", Needs(ReadAudit) => audit::show;

    get "/settings/webhooks", Needs(ManageIntegrations) => webhooks::show;
    post "/settings/webhooks", Needs(ManageIntegrations) => webhooks::create;
    get "/settings/webhooks/{id}", Needs(ManageIntegrations) => webhooks::endpoint::show;
    post "/settings/webhooks/{id}", Needs(ManageIntegrations) => webhooks::endpoint::change;
    post "/settings/webhooks/{id}/secret", Needs(ManageIntegrations) => webhooks::endpoint::rotate;
    post "/settings/webhooks/{id}/switch", Needs(ManageIntegrations) => webhooks::endpoint::switch;
    post "/settings/webhooks/{id}/test", Needs(ManageIntegrations) => webhooks::endpoint::test;
    post "/settings/webhooks/{id}/removal", Needs(ManageIntegrations) => webhooks::endpoint::remove;
    get "/settings/webhooks/{id}/deliveries/{delivery}", Needs(ManageIntegrations)
        => webhooks::delivery::show;
    post "/settings/webhooks/{id}/deliveries/{delivery}/replay", Needs(ManageIntegrations)
        => webhooks::delivery::replay;

    get "/settings/integrations", Needs(ManageIntegrations) => integrations::show;
    post "/settings/integrations", Needs(ManageIntegrations) => integrations::create;
    post "/settings/integrations/crm/{crm}", Needs(ManageIntegrations) => integrations::connect;
    post "/settings/integrations/crm/{crm}/end", Needs(ManageIntegrations) => integrations::disconnect;
    post "/settings/integrations/{id}/end", Needs(ManageIntegrations) => integrations::end;

    get "/settings/usage", Needs(ManageIntegrations) => usage::show;
    post "/settings/usage", Needs(ManageIntegrations) => usage::create;
    get "/settings/usage/messages", Needs(ManageIntegrations) => usage::messages::show;
    get "/settings/usage/imports", Needs(ManageIntegrations) => usage::imports::show;
    post "/settings/usage/imports", Needs(ManageIntegrations) => usage::imports::create;
    post "/settings/usage/imports/begin", Needs(ManageIntegrations) => usage::imports::begin;
    post "/settings/usage/imports/{id}/piece", Needs(ManageIntegrations) => usage::imports::piece;
    post "/settings/usage/imports/{id}/end", Needs(ManageIntegrations) => usage::imports::cancel;
    get "/settings/usage/{id}", Needs(ManageIntegrations) => usage::source::show;
    post "/settings/usage/{id}", Needs(ManageIntegrations) => usage::source::change;
    post "/settings/usage/{id}/key", Needs(ManageIntegrations) => usage::source::rotate;
    post "/settings/usage/{id}/end", Needs(ManageIntegrations) => usage::source::end;
}
