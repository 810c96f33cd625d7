//! What a customer sees of the launch in their portal, and what they do: approve, say that things are stable.
//!
//! These structs are the customer's alone: notes of the team, reasons of a rollback and who said what of an item never
//! get into them.

use gangway_domain::ids::ContactId;
use gangway_domain::launch::{Item, Mark};
use gangway_domain::portal::{Language, PortalRole, Resource, Right};
use gangway_domain::refusal::Barrier;
use gangway_store::Tx;
use gangway_store::launch as rows;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use super::mark::{Said, approve_with, is_of, say_exit_with};
use super::{Sight, seen};
use crate::boxed;
use crate::error::AppError;
use crate::portal::PortalTodo;
use crate::register::not_over;
use crate::{Actor, App, Guest};

/// The launch as a customer sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GuestLaunch {
    /// The planned go-live.
    pub go_live_on: Date,
    /// The day it went live, once it has.
    pub live_on: Option<Date>,
    /// From which day on approvals are asked for.
    pub asks_from: Date,
    /// Items ready, and all there are.
    pub ready: [usize; 2],
    /// The checklist; empty when the guest does not reach it.
    pub groups: Vec<GuestGroup>,
    /// The approvals; empty when the guest does not reach them.
    pub approvals: Vec<GuestApproval>,
    /// What was decided last, in a word.
    pub decision: Option<String>,
    /// Whether they are asked to confirm that things are stable.
    pub asks_stable: bool,
    /// Whether somebody of the customer has confirmed it.
    pub stable: bool,
}

/// A group of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GuestGroup {
    /// Title.
    pub title: String,
    /// Items.
    pub items: Vec<GuestItem>,
}

/// An item of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GuestItem {
    /// In words.
    pub text: String,
    /// It is ready.
    pub ready: bool,
}

/// An approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GuestApproval {
    /// The role, by which it is answered.
    pub role: String,
    /// The role in the guest's language.
    pub title: String,
    /// Who gave it, or said no.
    pub by: Option<String>,
    /// When.
    pub on: Option<Date>,
    /// Yes or no, once it is said.
    pub yes: Option<bool>,
    /// Whether it is theirs to give: a colleague has not answered it.
    pub mine: bool,
    /// It waits for an answer now: the go-live is near and nobody has given one.
    pub asked: bool,
}

/// Calendar days before the planned go-live from which on approvals are asked for: before them, what is to be approved is
/// not there to be looked at.
const ASKED: i32 = 28;

/// The day from which on approvals of a go-live are asked for.
fn asks_from(go_live: Date) -> Date {
    go_live.saturating_sub(ASKED.days())
}

/// Whether an approval is a guest's to give: it is asked of somebody with their part, or of the contact they are. Having
/// the same name as somebody gives nothing.
fn is_theirs(guest: &Guest, needs: Option<PortalRole>, contact: Option<ContactId>) -> bool {
    contact == Some(guest.contact) || needs == Some(guest.role)
}

fn view(app: &App, sight: &Sight, guest: &Guest) -> GuestLaunch {
    let reads = |resource| guest.may(resource, Right::See);
    let say = |text: &str| app.methodology.say(guest.language, text).to_owned();
    let checklist = app.methodology.checklists.get(&app.methodology.golive.checklist);
    let templates: Vec<&str> = checklist
        .into_iter()
        .flat_map(|checklist| &checklist.groups)
        .flat_map(|group| &group.items)
        .map(|item| item.text.as_str())
        .collect();
    let item = |item: &Item| GuestItem {
        text: app.methodology.say_filled(guest.language, &templates, &item.text),
        ready: item.is_ready(),
    };
    let is_over = sight.head.state.is_over();
    let asks_from = asks_from(sight.go_live_on);
    let asks = !is_over && sight.live_on.is_none() && sight.today >= asks_from;
    let groups = sight
        .readiness
        .iter()
        .map(|group| GuestGroup { title: say(&group.title), items: group.items.iter().map(item).collect() });
    let day = |mark: &Mark| mark.at.to_zoned(app.time_zone.clone()).date();
    let approvals = sight.approvals.iter().map(|one| GuestApproval {
        role: one.role.clone(),
        title: say(&one.role),
        by: one.mark.as_ref().map(|mark| mark.by.clone()),
        on: one.mark.as_ref().map(day),
        yes: one.mark.as_ref().map(|mark| mark.yes),
        mine: !is_over
            && guest.may(Resource::Approval, Right::Do)
            && is_theirs(guest, one.guest, one.contact)
            && one.mark.as_ref().is_none_or(|mark| is_of(mark, guest.contact)),
        asked: asks && one.mark.is_none(),
    });
    let customers = sight.exits.iter().find(|exit| exit.is_customers());
    let stable = customers.is_some_and(gangway_domain::launch::Exit::is_met);
    GuestLaunch {
        go_live_on: sight.go_live_on,
        live_on: sight.live_on,
        asks_from,
        ready: sight.ready(),
        groups: if reads(Resource::Readiness) { groups.collect() } else { Vec::new() },
        approvals: if reads(Resource::Approval) { approvals.collect() } else { Vec::new() },
        decision: sight.decided().map(|one| one.body.verdict.word().to_owned()),
        asks_stable: sight.live_on.is_some()
            && sight.plan.hypercare.ended.is_none()
            && customers.is_some()
            && !stable
            && customers
                .and_then(|exit| exit.mark.as_ref())
                .is_none_or(|mark| is_of(mark, guest.contact) || (mark.contact.is_none() && !mark.portal))
            && !is_over
            && guest.may(Resource::Approval, Right::Do),
        stable,
    }
}

/// The launch as a customer sees it.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn for_guest(app: &App, actor: &Actor) -> Result<GuestLaunch, AppError> {
    let guest = match actor.require_guest(Resource::Readiness, Right::See) {
        Ok(guest) => *guest,
        Err(_) => *actor.require_guest(Resource::Approval, Right::See)?,
    };
    let mut tx = app.db.read().await?;
    let sight = seen::gather(app, &mut tx, guest.workspace, guest.onboarding).await?;
    Ok(view(app, &sight, &guest))
}

/// A guest approves the go-live in their role, or says why not.
///
/// # Errors
/// [`AppError::NotForGuest`] also when the approval is not theirs to give, [`AppError::NotFound`], [`AppError::Invalid`]
/// when a no has no reason, [`AppError::Barred`] when it is live, the onboarding is over or a colleague has answered; or
/// when the database fails.
#[boxed]
pub async fn approve_as_guest(
    app: &App,
    actor: &Actor,
    role: &str,
    yes: bool,
    note: &str,
) -> Result<(), AppError> {
    let guest = *actor.require_guest(Resource::Approval, Right::Do)?;
    let said = Said { yes, note: note.to_owned(), by: actor.name.clone() };
    let mark = said.mark(app, actor, Some(guest.contact))?;
    let mut tx = app.db.write().await?;
    let sight = seen::gather(app, &mut tx, guest.workspace, guest.onboarding).await?;
    let known = sight.approvals.iter().find(|known| known.role == role);
    let known = known.ok_or_else(|| AppError::missing("approval", role))?;
    if !is_theirs(&guest, known.guest, known.contact) {
        return Err(AppError::NotForGuest);
    }
    not_over(&sight.head)?;
    if sight.live_on.is_some() {
        return Err(AppError::Barred(Barrier::LiveAlready));
    }
    approve_with(app, &mut tx, actor, guest.onboarding, role, mark).await?;
    tx.commit().await?;
    Ok(())
}

/// A guest says whether things are stable, so that hypercare may end.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Barred`] when a colleague has
/// answered, it is not live or facts tell; or when the database fails.
#[boxed]
pub async fn confirm_as_guest(app: &App, actor: &Actor, yes: bool, note: &str) -> Result<(), AppError> {
    let guest = *actor.require_guest(Resource::Approval, Right::Do)?;
    let said = Said { yes, note: note.to_owned(), by: actor.name.clone() };
    let mark = said.mark(app, actor, Some(guest.contact))?;
    let mut tx = app.db.write().await?;
    let sight = seen::gather(app, &mut tx, guest.workspace, guest.onboarding).await?;
    not_over(&sight.head)?;
    let exit = sight.exits.iter().find(|exit| exit.is_customers());
    let exit = exit.ok_or_else(|| AppError::missing("criterion", "stable"))?;
    say_exit_with(app, &mut tx, actor, guest.onboarding, &exit.id, mark).await?;
    tx.commit().await?;
    Ok(())
}

/// What of the launch of an onboarding that goes on waits for a guest: approvals of theirs that are missing, from four
/// weeks before the go-live on; `awaited` is its planned day, while it has not happened.
pub(crate) async fn todo_for(
    app: &App,
    tx: &mut Tx,
    guest: &Guest,
    awaited: Option<Date>,
    today: Date,
) -> Result<Vec<PortalTodo>, AppError> {
    if !guest.may(Resource::Approval, Right::Do) {
        return Ok(Vec::new());
    }
    let (workspace, id) = (guest.workspace, guest.onboarding);
    let Some(due) = awaited.filter(|day| today >= asks_from(*day)) else { return Ok(Vec::new()) };
    let marks = rows::marks(tx, workspace, id).await?;
    let mut all = Vec::new();
    for (role, contact) in seen::approvals(tx, workspace, id).await? {
        let needs = gangway_domain::launch::role_of_approval(&role);
        let given = marks.contains_key(&format!("approval:{role}"));
        if !given && is_theirs(guest, needs, contact) {
            let role = app.methodology.say(guest.language, &role);
            all.push(PortalTodo {
                kind: "approval",
                title: match guest.language {
                    Language::En => format!("Approve the go-live: {role}"),
                    Language::De => format!("Produktivstart freigeben: {role}"),
                },
                href: "/portal/launch".to_owned(),
                due: Some(due),
                overdue: due < today,
            });
        }
    }
    Ok(all)
}
