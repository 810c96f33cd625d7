//! The portal of an onboarding as the team runs it: who comes in, what is shared, what is embedded.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::portal::{self, Manage, Shareable};
use gangway_domain::ids::{ContactId, OnboardingId, PortalAccessId};
use gangway_domain::permission::Action;
use gangway_domain::portal::{Language, PortalRole};

use super::read_id;
use super::top::Top;
use crate::Web;
use crate::extract::{Answer, Asked, Here, Posted};
use crate::form::Wrong;
use crate::format::{Moment, moment};
use crate::pages::{Choice, Frame, Toast, render};
use crate::session::{self, Client};

#[derive(Template)]
#[template(path = "pages/onboarding/portal/portal.html")]
struct Page {
    frame: Frame,
    top: Top,
    people: Vec<Row>,
    roles: Vec<(&'static str, &'static str)>,
    documents: Vec<Shareable>,
    embeds: Vec<Embed>,
    /// Sites that may embed are named in the settings.
    embeddable: bool,
    /// A link that was just made; it is shown once.
    fresh: Option<Fresh>,
    may_edit: bool,
    /// Nobody is invited any more once it is over.
    may_invite: bool,
    may_look: bool,
    wrong: Wrong,
}

/// A contact, and what they are in the portal.
struct Row {
    contact: String,
    name: String,
    title: Option<String>,
    email: Option<String>,
    roles: Vec<Choice>,
    languages: Vec<Choice>,
    /// Id of their access; empty when nobody has invited them.
    access: String,
    version: i64,
    state: &'static str,
    tone: &'static str,
    used: Option<Moment>,
    /// What they are there, and in which language; empty when nobody has invited them.
    part: String,
    is_in: bool,
    revoked: bool,
}

struct Embed {
    digest: String,
    by: String,
    at: Moment,
}

/// A link that was just made.
struct Fresh {
    whose: String,
    link: String,
    /// What to mind about it.
    hint: &'static str,
}

#[derive(Default)]
struct Form {
    fresh: Option<Fresh>,
    wrong: Wrong,
    toast: Option<Toast>,
}

/// Who comes in, and what is shared.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let toast = match values.text("said").as_str() {
        "changed" => Toast::of("Saved."),
        "revoked" => Toast::of("Access is taken away: link and open portals ended."),
        "shared" => Toast::of("Saved what the customer sees."),
        "ended" => Toast::of("The link works no more."),
        _ => None,
    };
    page(&web, &session, read_id(id)?, StatusCode::OK, Form { toast, ..Form::default() }).await
}

/// Invites a contact, or sends them a new link.
pub(crate) async fn invite(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let word = fields.text("contact").to_owned();
    let who: ContactId = word.parse().map_err(|_| AppError::NotFound { what: "contact", id: word })?;
    let (role, language) = (fields.text("role").parse().ok(), fields.text("language").parse().ok());
    match portal::invite(&web.app, &session.actor, id, who, role, language).await {
        Ok(invited) => {
            let link = web.app.link(&format!("/portal/{}", invited.secret.reveal()));
            let fresh = Some(Fresh {
                whose: invited.name,
                link,
                hint: "It went to them by mail, too. Whoever holds it gets in: pass it on to nobody else.",
            });
            let toast = Toast::of("The invitation is on its way.");
            page(&web, &session, id, StatusCode::CREATED, Form { fresh, toast, ..Form::default() }).await
        }
        Err(error) => refused(&web, &session, id, error).await,
    }
}

/// Changes what somebody is in the portal.
pub(crate) async fn change(Posted(web, session, (id, access), fields): Posted<(String, String)>) -> Answer {
    let id = read_id(id)?;
    let role: PortalRole = read("role", fields.text("role"))?;
    let language: Language = read("language", fields.text("language"))?;
    let version = fields.text("version").parse().unwrap_or(0);
    let access = access_id(access)?;
    match portal::change(&web.app, &session.actor, id, access, version, role, language).await {
        Ok(_) => Ok(back(id, "changed")),
        Err(error) => refused(&web, &session, id, error).await,
    }
}

/// Takes somebody's access away.
pub(crate) async fn revoke(Here(web, session, (id, access)): Here<(String, String)>) -> Answer {
    let id = read_id(id)?;
    portal::revoke(&web.app, &session.actor, id, access_id(access)?).await?;
    Ok(back(id, "revoked"))
}

/// Opens the portal as a contact sees it, to look only.
pub(crate) async fn view_as(
    Here(web, session, (id, contact)): Here<(String, String)>,
    client: Client,
) -> Answer {
    let id = read_id(id)?;
    let who: ContactId = contact.parse().map_err(|_| AppError::NotFound { what: "contact", id: contact })?;
    match portal::view_as(&web.app, &session.actor, id, who, &client.agent).await {
        Ok(opened) => Ok(session::open_portal(&web, Some(&opened.secret), "/portal")),
        Err(error) => refused(&web, &session, id, error).await,
    }
}

/// Says which documents the customer sees.
pub(crate) async fn share(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let names: Vec<String> = fields.all("document").map(str::to_owned).collect();
    portal::share_documents(&web.app, &session.actor, id, &names).await?;
    Ok(back(id, "shared"))
}

/// Makes a link under which the status is embedded.
pub(crate) async fn embed(Here(web, session, id): Here<String>) -> Answer {
    let id = read_id(id)?;
    let secret = portal::embed(&web.app, &session.actor, id).await?;
    let link = web.app.link(&format!("/embed/{}", secret.reveal()));
    let fresh = Some(Fresh {
        whose: "the embedded status".to_owned(),
        link,
        hint: "It is the address of a frame in the customer's page. Whoever holds it reads the status.",
    });
    page(&web, &session, id, StatusCode::CREATED, Form { fresh, ..Form::default() }).await
}

/// Ends such a link.
pub(crate) async fn end_embed(Here(web, session, (id, digest)): Here<(String, String)>) -> Answer {
    let id = read_id(id)?;
    portal::end_embed(&web.app, &session.actor, id, &digest).await?;
    Ok(back(id, "ended"))
}

/// Shares a comment or file with the customer, or takes it back.
pub(crate) async fn share_item(Posted(web, session, item, fields): Posted<String>) -> Answer {
    let to = session::safe_path(fields.text("back")).to_owned();
    portal::share(&web.app, &session.actor, &item, fields.text("do") == "share").await?;
    Ok(Redirect::to(&to).into_response())
}

fn access_id(access: String) -> Result<PortalAccessId, AppError> {
    access.parse().map_err(|_| AppError::NotFound { what: "access", id: access })
}

fn read<T: std::str::FromStr>(what: &'static str, word: &str) -> Result<T, AppError> {
    word.parse().map_err(|_| AppError::NotFound { what, id: word.chars().take(40).collect() })
}

fn back(id: OnboardingId, said: &str) -> Response {
    Redirect::to(&format!("/onboardings/{id}/portal?said={said}")).into_response()
}

async fn refused(web: &Web, session: &Session, id: OnboardingId, error: AppError) -> Answer {
    let said = match &error {
        AppError::Invalid(problems) => problems.first().map(|problem| format!("The {problem}.")),
        _ => None,
    };
    let (status, wrong) = Wrong::or_fail(error)?;
    let wrong = said.map_or(wrong, Wrong::whole);
    page(web, session, id, status, Form { wrong, ..Form::default() }).await
}

async fn page(web: &Web, session: &Session, id: OnboardingId, status: StatusCode, form: Form) -> Answer {
    let Manage { head, people, setting, now } = portal::manage(&web.app, &session.actor, id).await?;
    let documents = portal::shareable(&web.app, &session.actor, id).await?;
    let zone = &web.app.time_zone;
    let embeds = portal::embeds(&web.app, &session.actor, id).await?.into_iter();
    let top = Top::new(session, &head, "/portal");
    let rows = people.into_iter().map(|one| {
        let is_in = one.is_in(now);
        let access = one.access.as_ref();
        let revoked = access.is_some_and(|access| access.revoked_at.is_some());
        let used = access.and_then(|access| access.last_used_at).map(|at| moment(at, zone));
        let language = access.map_or(setting.language, |access| access.language);
        let (state, tone) = match (access, revoked, is_in, used.is_some()) {
            (None, ..) => ("Not invited", ""),
            (_, true, ..) => ("Taken away", "off"),
            (_, _, false, _) => ("Link ended", "late"),
            (_, _, true, true) => ("Has been here", "go"),
            (_, _, true, false) => ("Invited", "soon"),
        };
        let choice = |value: &str, label: &str, chosen: bool| Choice {
            value: value.to_owned(),
            label: label.to_owned(),
            chosen,
        };
        Row {
            roles: PortalRole::ALL
                .iter()
                .map(|role| choice(role.word(), role.label(), *role == one.role))
                .collect(),
            languages: Language::ALL
                .iter()
                .map(|known| choice(known.word(), known.label(), *known == language))
                .collect(),
            access: access.map(|access| access.id.to_string()).unwrap_or_default(),
            version: access.map_or(0, |access| access.version),
            contact: one.contact.to_string(),
            name: one.name,
            title: one.title,
            email: one.email,
            state,
            tone,
            used,
            part: access
                .filter(|_| !revoked)
                .map(|access| format!("{} · {}", access.role.label(), access.language.label()))
                .unwrap_or_default(),
            is_in,
            revoked,
        }
    });
    let page = Page {
        frame: top.frame(session, "Portal").saying(form.toast),
        people: rows.collect(),
        roles: PortalRole::ALL.iter().map(|role| (role.label(), role.purpose())).collect(),
        documents,
        embeds: embeds.map(|(digest, by, at)| Embed { digest, by, at: moment(at, zone) }).collect(),
        embeddable: !setting.frame_ancestors.is_empty(),
        fresh: form.fresh,
        may_edit: session.actor.may(Action::RunOnboarding),
        may_invite: session.actor.may(Action::RunOnboarding) && !head.state.is_over(),
        may_look: session.actor.may(Action::Look),
        wrong: form.wrong,
        top,
    };
    Ok(render(status, &page))
}
