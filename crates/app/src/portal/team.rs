//! Who takes part, of both sides, as the customer sees it.

use gangway_domain::portal::{Resource, Right};
use gangway_store::onboarding::head;
use gangway_store::portal;
use serde::{Deserialize, Serialize};

use super::work::{self, ContactPerson};
use crate::boxed;
use crate::error::AppError;
use crate::{Actor, App};

/// Somebody of the customer who takes part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonLine {
    /// Name.
    pub name: String,
    /// Title.
    pub title: Option<String>,
    /// What they are in the portal.
    pub role: &'static str,
    /// They can come in.
    pub has_access: bool,
}

/// Somebody of the vendor who takes part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TeamMember {
    /// Name.
    pub name: String,
    /// What they do in the programme, in the language of the guest.
    pub role: String,
}

/// Who takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct People {
    /// Of the customer.
    pub customer: Vec<PersonLine>,
    /// Whom of the vendor they turn to.
    pub vendor: Option<ContactPerson>,
    /// Whoever else of the vendor has a name, in the order of their roles.
    pub team: Vec<TeamMember>,
    /// The guest may invite colleagues.
    pub may_invite: bool,
}

/// What of the package says who takes part.
#[derive(Debug, Deserialize)]
struct Told {
    people: Sides,
}

#[derive(Debug, Deserialize)]
struct Sides {
    team: Vec<Line>,
}

#[derive(Debug, Deserialize)]
struct Line {
    role: String,
    #[serde(default)]
    person: Option<String>,
}

/// Who takes part.
///
/// # Errors
/// [`AppError::NotForGuest`]; or when the database fails.
#[boxed]
pub async fn guest_people(app: &App, actor: &Actor) -> Result<People, AppError> {
    let guest = actor.require_guest(Resource::People, Right::See)?;
    let now = app.now();
    let mut tx = app.db.read().await?;
    let all = portal::of_onboarding(&mut tx, guest.workspace, guest.onboarding).await?;
    let known = all.into_iter().filter(|one| one.revoked_at.is_none() && !one.made_by.is_empty());
    let customer = known.map(|one| PersonLine {
        has_access: one.expires_at > now,
        name: one.name,
        title: one.title,
        role: one.role.word(),
    });
    let customer = customer.collect();
    let vendor = work::contact_person(&mut tx, guest).await?;
    let told: Option<Told> = head::sections(&mut tx, guest.workspace, guest.onboarding).await?;
    let lines = told.map(|told| told.people.team).unwrap_or_default();
    let named = lines.into_iter().filter_map(|line| Some((line.person?, line.role)));
    // Whoever they turn to stands above the others.
    let others = named.filter(|(name, _)| vendor.as_ref().is_none_or(|vendor| vendor.name != *name));
    let team = others
        .map(|(name, role)| TeamMember { name, role: app.methodology.say(guest.language, &role).to_owned() });
    let team = team.collect();
    Ok(People { customer, vendor, team, may_invite: guest.may(Resource::Invite, Right::Do) })
}
