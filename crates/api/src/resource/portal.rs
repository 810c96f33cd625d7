//! The portal of customers: who comes in, what is shared, what is embedded, how it looks.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use gangway_app::portal::{self, Access, Setting, Shareable};
use gangway_domain::ids::{ContactId, OnboardingId, PortalAccessId};
use gangway_store::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::instant;
use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::etag::{IfMatch, changed, tagged};
use crate::input::{JsonOf, optional_word, usable};
use crate::page::Page;
use crate::problem::{Answer, Problem};

/// What lets a contact into the portal of an onboarding.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PortalAccess)]
pub(crate) struct AccessOut {
    /// Id.
    id: String,
    /// The onboarding.
    onboarding: String,
    /// Who (id of the contact).
    contact: String,
    /// Their name.
    name: String,
    /// Their mail address.
    #[schema(required = true)]
    email: Option<String>,
    /// `lead`, `sponsor`, `technical`, `member` or `onlooker`.
    role: &'static str,
    /// `en` or `de`.
    language: &'static str,
    /// Who invited.
    invited_by: String,
    /// When.
    invited_at: jiff::Timestamp,
    /// Until when the link opens the portal.
    expires_at: jiff::Timestamp,
    /// When it was taken away.
    #[schema(required = true)]
    revoked_at: Option<jiff::Timestamp>,
    /// When the portal was last opened with it.
    #[schema(required = true)]
    last_used_at: Option<jiff::Timestamp>,
    /// The link. It holds a secret, and is told only when somebody is invited.
    #[schema(required = true)]
    link: Option<String>,
}

impl AccessOut {
    fn of(access: Access, link: Option<String>) -> Self {
        Self {
            id: access.id.to_string(),
            onboarding: access.onboarding.to_string(),
            contact: access.contact.to_string(),
            name: access.name,
            email: access.email,
            role: access.role.word(),
            language: access.language.word(),
            invited_by: access.made_by,
            invited_at: instant(access.made_at),
            expires_at: instant(access.expires_at),
            revoked_at: access.revoked_at.map(instant),
            last_used_at: access.last_used_at.map(instant),
            link,
        }
    }
}

async fn all(api: &Api, caller: &Caller, id: OnboardingId) -> Result<Vec<Access>, Problem> {
    let managed = portal::manage(&api.app, &caller.actor, id).await?;
    Ok(managed.people.into_iter().filter_map(|one| one.access).collect())
}

async fn one(
    api: &Api,
    caller: &Caller,
    id: OnboardingId,
    access: PortalAccessId,
) -> Result<Access, Problem> {
    let known = all(api, caller, id).await?.into_iter().find(|known| known.id == access);
    known.ok_or_else(|| Problem::missing("access", &access.to_string()))
}

/// List who has access to the portal of an onboarding
///
/// Those who can come in first, then by name; all on one page.
#[utoipa::path(get, path = "/onboardings/{id}/portal-accesses", operation_id = "list_portal_accesses", tag = "Portal",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The accesses.", body = Page<AccessOut>)))]
pub(crate) async fn list(Here(api, caller, names): Here) -> Result<Json<Page<AccessOut>>, Problem> {
    let found = all(&api, &caller, names.id("onboarding")?).await?;
    Ok(Json(Page::whole(found.into_iter().map(|access| AccessOut::of(access, None)))))
}

/// Get what lets a contact into the portal
#[utoipa::path(get, path = "/onboardings/{id}/portal-accesses/{access}", operation_id = "get_portal_access", tag = "Portal",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("access" = String, Path, description = "Id of the access.", example = "pac_01900000000070008000000000000001")),
    responses((status = 200, description = "The access.", body = AccessOut, headers(("ETag" = String)))))]
pub(crate) async fn get(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let known = one(&api, &caller, names.id("onboarding")?, names.second("access")?).await?;
    Ok(tagged(&headers, known.version, Json(AccessOut::of(known, None))))
}

/// Somebody to be invited.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PortalAccessNew, example = json!({ "contact": "con_01900000000070008000000000000001", "role": "sponsor", "language": "en" }))]
pub(crate) struct AccessIn {
    /// Id of a contact of the customer, who has a mail address.
    contact: String,
    /// `lead`, `sponsor`, `technical`, `member` or `onlooker`; left out, what their part in the onboarding makes of
    /// them.
    role: Option<String>,
    /// `en` or `de`; left out, the language of the settings.
    language: Option<String>,
}

/// Invite a contact into the portal
///
/// A mail with the link is sent too. Inviting again sends a new link; the one before works no more.
#[utoipa::path(post, path = "/onboardings/{id}/portal-accesses", operation_id = "invite_into_portal", tag = "Portal",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = AccessIn),
    responses((status = 201, description = "The access, with its link this once.", body = AccessOut)))]
pub(crate) async fn invite(Sent(api, caller, names, sent): Sent<AccessIn>) -> Answer {
    let id: OnboardingId = names.id("onboarding")?;
    let who: ContactId = usable("contact", &sent.contact)?;
    let role = optional_word("role", sent.role.as_deref())?;
    let language = optional_word("language", sent.language.as_deref())?;
    let made = portal::invite(&api.app, &caller.actor, id, who, role, language).await?;
    let known = one(&api, &caller, id, made.id).await?;
    let link = api.app.link(&format!("/portal/{}", made.secret.reveal()));
    let version = known.version;
    Ok(changed(version, (StatusCode::CREATED, Json(AccessOut::of(known, Some(link))))))
}

/// What somebody is in the portal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "role": "lead" }))]
pub(crate) struct PortalAccessPatch {
    /// `lead`, `sponsor`, `technical`, `member` or `onlooker`.
    role: Option<String>,
    /// `en` or `de`.
    language: Option<String>,
}

/// Change what somebody is in the portal
///
/// Only the fields that are sent change.
#[utoipa::path(patch, path = "/onboardings/{id}/portal-accesses/{access}", operation_id = "change_portal_access", tag = "Portal",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("access" = String, Path, description = "Id of the access.", example = "pac_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = PortalAccessPatch),
    responses((status = 200, description = "The access as it is now.", body = AccessOut, headers(("ETag" = String)))))]
pub(crate) async fn change(
    version: IfMatch,
    Sent(api, caller, names, patch): Sent<PortalAccessPatch>,
) -> Answer {
    let (id, access) = (names.id("onboarding")?, names.second("access")?);
    let known = one(&api, &caller, id, access).await?;
    let role = optional_word("role", patch.role.as_deref())?.unwrap_or(known.role);
    let language = optional_word("language", patch.language.as_deref())?.unwrap_or(known.language);
    let seen = version.required()?;
    let kept = portal::change(&api.app, &caller.actor, id, access, seen, role, language).await?;
    Ok(changed(kept.version, Json(AccessOut::of(kept, None))))
}

/// Take somebody's access to the portal away
///
/// Their link and every portal they have open end at once.
#[utoipa::path(delete, path = "/onboardings/{id}/portal-accesses/{access}", operation_id = "revoke_portal_access", tag = "Portal",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("access" = String, Path, description = "Id of the access.", example = "pac_01900000000070008000000000000001")),
    responses((status = 204, description = "They come in no more.")))]
pub(crate) async fn revoke(Here(api, caller, names): Here) -> Result<StatusCode, Problem> {
    portal::revoke(&api.app, &caller.actor, names.id("onboarding")?, names.second("access")?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A document written for the customer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PortalDocument)]
pub(crate) struct DocumentOut {
    /// Its name.
    name: String,
    /// What people call it.
    title: String,
    /// The customer sees it.
    shared: bool,
}

impl From<Shareable> for DocumentOut {
    fn from(one: Shareable) -> Self {
        Self { name: one.name, title: one.title, shared: one.shared }
    }
}

/// List the documents a customer could see
#[utoipa::path(get, path = "/onboardings/{id}/portal-documents", operation_id = "list_portal_documents", tag = "Portal",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The documents written for the customer.", body = Page<DocumentOut>)))]
pub(crate) async fn documents(Here(api, caller, names): Here) -> Result<Json<Page<DocumentOut>>, Problem> {
    let found = portal::shareable(&api.app, &caller.actor, names.id("onboarding")?).await?;
    Ok(Json(Page::whole(found.into_iter().map(DocumentOut::from))))
}

/// The documents the customer sees.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "shared": ["implementation-plan"] }))]
pub(crate) struct PortalDocuments {
    /// Their names; what is not named is not shared.
    shared: Vec<String>,
}

/// Say which documents the customer sees
#[utoipa::path(put, path = "/onboardings/{id}/portal-documents", operation_id = "share_portal_documents", tag = "Portal",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = PortalDocuments),
    responses((status = 200, description = "The documents as they are shared now.", body = Page<DocumentOut>)))]
pub(crate) async fn share(
    Sent(api, caller, names, sent): Sent<PortalDocuments>,
) -> Result<Json<Page<DocumentOut>>, Problem> {
    let id: OnboardingId = names.id("onboarding")?;
    portal::share_documents(&api.app, &caller.actor, id, &sent.shared).await?;
    let found = portal::shareable(&api.app, &caller.actor, id).await?;
    Ok(Json(Page::whole(found.into_iter().map(DocumentOut::from))))
}

/// A link under which a status is embedded.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PortalEmbed)]
pub(crate) struct EmbedOut {
    /// It names the link and opens nothing.
    id: String,
    /// Who made it.
    made_by: String,
    /// When.
    made_at: jiff::Timestamp,
    /// The address to embed. It holds a secret, and is told only when it is made.
    #[schema(required = true)]
    link: Option<String>,
}

impl EmbedOut {
    fn of((id, made_by, made_at): (String, String, Timestamp)) -> Self {
        Self { id, made_by, made_at: instant(made_at), link: None }
    }
}

/// List the links under which the status of an onboarding is embedded
#[utoipa::path(get, path = "/onboardings/{id}/portal-embeds", operation_id = "list_portal_embeds", tag = "Portal",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The links that work.", body = Page<EmbedOut>)))]
pub(crate) async fn embeds(Here(api, caller, names): Here) -> Result<Json<Page<EmbedOut>>, Problem> {
    let found = portal::embeds(&api.app, &caller.actor, names.id("onboarding")?).await?;
    Ok(Json(Page::whole(found.into_iter().map(EmbedOut::of))))
}

/// Make a link under which the status of an onboarding is embedded
#[utoipa::path(post, path = "/onboardings/{id}/portal-embeds", operation_id = "make_portal_embed", tag = "Portal",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 201, description = "The link, with its address this once.", body = EmbedOut)))]
pub(crate) async fn embed(Here(api, caller, names): Here) -> Answer {
    let id: OnboardingId = names.id("onboarding")?;
    let secret = portal::embed(&api.app, &caller.actor, id).await?;
    let digest = secret.digest();
    let found = portal::embeds(&api.app, &caller.actor, id).await?;
    let row = found.into_iter().find(|(known, ..)| *known == digest);
    let row = row.ok_or_else(|| Problem::missing("link", &digest))?;
    let link = Some(api.app.link(&format!("/embed/{}", secret.reveal())));
    Ok((StatusCode::CREATED, Json(EmbedOut { link, ..EmbedOut::of(row) })).into_response())
}

/// End a link under which a status is embedded
#[utoipa::path(delete, path = "/onboardings/{id}/portal-embeds/{embed}", operation_id = "end_portal_embed", tag = "Portal",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("embed" = String, Path, description = "Id of the link.", example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")),
    responses((status = 204, description = "It works no more.")))]
pub(crate) async fn end_embed(Here(api, caller, names): Here) -> Result<StatusCode, Problem> {
    portal::end_embed(&api.app, &caller.actor, names.id("onboarding")?, names.text(1)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How portals look.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PortalSettings)]
pub(crate) struct SettingsOut {
    /// What customers know you as; empty for the name of the workspace.
    name: String,
    /// The accent, `#rrggbb`; empty for Gangway's.
    colour: String,
    /// A picture is shown in place of the name.
    has_picture: bool,
    /// A sentence on the first page; may be empty.
    greeting: String,
    /// Whom customers write to; may be empty.
    help_email: String,
    /// `en` or `de`: for those whose own is not known.
    language: &'static str,
    /// Sites that may embed a status.
    frame_ancestors: Vec<String>,
    /// Contacts are reminded by mail.
    reminds: bool,
}

impl From<Setting> for SettingsOut {
    fn from(setting: Setting) -> Self {
        Self {
            has_picture: setting.has_picture,
            name: setting.name,
            colour: setting.colour,
            greeting: setting.greeting,
            help_email: setting.help_email,
            language: setting.language.word(),
            frame_ancestors: setting.frame_ancestors.split_whitespace().map(str::to_owned).collect(),
            reminds: setting.reminds,
        }
    }
}

/// Get how portals look
#[utoipa::path(get, path = "/portal-settings", operation_id = "get_portal_settings", tag = "Portal",
    responses((status = 200, description = "How portals look.", body = SettingsOut, headers(("ETag" = String)))))]
pub(crate) async fn settings(State(api): State<Api>, caller: Caller, headers: HeaderMap) -> Answer {
    let setting = portal::settings(&api.app, &caller.actor).await?;
    Ok(tagged(&headers, setting.version, Json(SettingsOut::from(setting))))
}

/// What is to change of how portals look.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "colour": "#0d5a5a", "greeting": "Good to have you here." }))]
pub(crate) struct PortalSettingsPatch {
    /// What customers know you as.
    name: Option<String>,
    /// The accent, `#rrggbb`.
    colour: Option<String>,
    /// A sentence on the first page.
    greeting: Option<String>,
    /// Whom customers write to.
    help_email: Option<String>,
    /// `en` or `de`.
    language: Option<String>,
    /// Sites that may embed a status.
    frame_ancestors: Option<Vec<String>>,
    /// Contacts are reminded by mail.
    reminds: Option<bool>,
}

/// Change how portals look
///
/// Only the fields that are sent change; an empty text empties a field.
#[utoipa::path(patch, path = "/portal-settings", operation_id = "change_portal_settings", tag = "Portal",
    params(("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = PortalSettingsPatch),
    responses((status = 200, description = "How portals look now.", body = SettingsOut, headers(("ETag" = String)))))]
pub(crate) async fn change_settings(
    State(api): State<Api>,
    caller: Caller,
    version: IfMatch,
    JsonOf(patch): JsonOf<PortalSettingsPatch>,
) -> Answer {
    let known = portal::settings(&api.app, &caller.actor).await?;
    let wanted = Setting {
        name: patch.name.unwrap_or(known.name),
        colour: patch.colour.unwrap_or(known.colour),
        has_picture: known.has_picture,
        greeting: patch.greeting.unwrap_or(known.greeting),
        help_email: patch.help_email.unwrap_or(known.help_email),
        language: optional_word("language", patch.language.as_deref())?.unwrap_or(known.language),
        frame_ancestors: patch.frame_ancestors.map_or(known.frame_ancestors, |sites| sites.join(" ")),
        reminds: patch.reminds.unwrap_or(known.reminds),
        version: version.required()?,
    };
    let kept = portal::change_settings(&api.app, &caller.actor, wanted, None).await?;
    Ok(changed(kept.version, Json(SettingsOut::from(kept))))
}
