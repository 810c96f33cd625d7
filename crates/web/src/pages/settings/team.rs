//! The team: who belongs to the workspace, and who is invited.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::identity::{self, Session};
use gangway_domain::ids::{InvitationId, PersonId};
use gangway_domain::permission::{Action, Role};

use super::{Tab, tabs};
use crate::Web;
use crate::extract::{Answer, Asked, Here, Posted, named};
use crate::form::Wrong;
use crate::format::{Moment, moment};
use crate::pages::{Frame, Nav, Toast, render};

#[derive(Template)]
#[template(path = "pages/settings/team.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    manages: bool,
    members: Vec<Member>,
    invitations: Vec<Invitation>,
    roles: [Role; 7],
    email: String,
    role: String,
    /// Address and link of an invitation just made.
    invited: Option<(String, String)>,
    wrong: Wrong,
}

struct Member {
    id: String,
    name: String,
    email: String,
    role: Role,
    /// What the form offers: the role, or what was wanted when a colleague was faster.
    offered: Role,
    version: i64,
    since: Moment,
    you: bool,
}

struct Invitation {
    id: String,
    email: String,
    role: &'static str,
    by: String,
    expires: Moment,
}

/// The form for an invitation as it was sent, and what came of it.
#[derive(Default)]
struct Sent {
    email: String,
    role: String,
    invited: Option<(String, String)>,
    wrong: Wrong,
    /// A role that was not given, and to whom.
    wanted: Option<(PersonId, Role)>,
    /// What was just done instead.
    said: &'static str,
}

/// The team.
pub(crate) async fn show(Asked(web, session, (), values): Asked) -> Answer {
    let said = match values.text("said").as_str() {
        "withdrawn" => "The invitation is withdrawn.",
        "role" => "The role is changed.",
        "removed" => "They are out of the team.",
        _ => "",
    };
    page(&web, &session, StatusCode::OK, Sent { said, ..Sent::default() }).await
}

/// Invites somebody; the link is shown too, for when no mail server is set up.
pub(crate) async fn invite(Posted(web, session, (), fields): Posted) -> Answer {
    let (email, role) = (fields.text("email").trim().to_owned(), fields.text("role").to_owned());
    let Ok(known) = role.parse::<Role>() else {
        let wrong = Wrong::whole("Choose one of the roles.");
        return page(
            &web,
            &session,
            StatusCode::UNPROCESSABLE_ENTITY,
            Sent { email, role, wrong, ..Sent::default() },
        )
        .await;
    };
    match identity::invite(&web.app, &session.actor, &email, known).await {
        Ok(made) => {
            let link = web.app.link(&format!("/join/{}", made.secret.reveal()));
            let sent = Sent { invited: Some((email, link)), ..Sent::default() };
            page(&web, &session, StatusCode::CREATED, sent).await
        }
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            page(&web, &session, status, Sent { email, role, wrong, ..Sent::default() }).await
        }
    }
}

/// Withdraws an invitation.
pub(crate) async fn withdraw(Here(web, session, id): Here<String>) -> Answer {
    let id: InvitationId = named("invitation", &id)?;
    identity::withdraw(&web.app, &session.actor, id).await?;
    Ok(back("withdrawn"))
}

/// Gives somebody another role.
pub(crate) async fn change_role(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id: PersonId = named("member", &id)?;
    let role = fields.text("role").parse::<Role>();
    let role = role.map_err(|unknown| AppError::NotFound { what: "role", id: unknown.0 })?;
    let seen = fields.text("version").parse().ok();
    let outcome = identity::change_role(&web.app, &session.actor, id, role, seen).await;
    settle(&web, &session, outcome.map(|_| ()), "role", Some((id, role))).await
}

/// Shows somebody out.
pub(crate) async fn remove(Here(web, session, id): Here<String>) -> Answer {
    let id: PersonId = named("member", &id)?;
    let outcome = identity::remove(&web.app, &session.actor, id).await;
    settle(&web, &session, outcome, "removed", None).await
}

fn back(said: &str) -> Response {
    Redirect::to(&format!("/settings/team?said={said}")).into_response()
}

/// Back to the team; with the reason when it was refused.
async fn settle(
    web: &Web,
    session: &Session,
    outcome: Result<(), AppError>,
    said: &str,
    wanted: Option<(PersonId, Role)>,
) -> Answer {
    match outcome {
        Ok(()) => Ok(back(said)),
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            page(web, session, status, Sent { wrong, wanted, ..Sent::default() }).await
        }
    }
}

async fn page(web: &Web, session: &Session, status: StatusCode, sent: Sent) -> Answer {
    let team = identity::team(&web.app, &session.actor).await?;
    let zone = &web.app.time_zone;
    let Sent { email, role, invited, wrong, wanted, said } = sent;
    let page = Page {
        frame: Frame::of(session, Nav::Settings, "Team").saying(Toast::of(said)),
        tabs: tabs(session, "/settings/team"),
        manages: session.actor.may(Action::ManageTeam),
        members: team
            .members
            .into_iter()
            .map(|member| Member {
                id: member.person.to_string(),
                you: session.actor.person == Some(member.person),
                name: member.name,
                email: member.email,
                role: member.role,
                offered: wanted
                    .filter(|(person, _)| *person == member.person)
                    .map_or(member.role, |(_, role)| role),
                version: member.version,
                since: moment(member.created_at, zone),
            })
            .collect(),
        invitations: team
            .invitations
            .into_iter()
            .map(|invitation| Invitation {
                id: invitation.id.to_string(),
                email: invitation.email,
                role: invitation.role.label(),
                by: invitation.invited_by,
                expires: moment(invitation.expires_at, zone),
            })
            .collect(),
        roles: Role::ALL,
        email,
        role,
        invited,
        wrong,
    };
    Ok(render(status, &page))
}
