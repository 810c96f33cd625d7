//! How the customer is told who looks after them from now on: a mail, and a meeting.

use gangway_domain::ids::{ContactId, OnboardingId};
use gangway_domain::meeting::Slot;
use gangway_domain::permission::Action;
use gangway_domain::programme::Side;
use gangway_store::{contact, membership};

use super::{Transition, find, fresh, keep};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::mail::{self, Languages, Letter, verbatim};
use crate::meeting::{self, Draft, Guest, Meeting};
use crate::register::{needed_prose, onboarding, record};
use crate::{Actor, App};

/// Most people told at once.
const MOST: usize = 30;

/// A mail to people of the customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Introduction {
    /// To whom.
    pub to: Vec<ContactId>,
    /// Subject, one line.
    pub subject: String,
    /// What it says; `{contact}` becomes the name of whoever reads it.
    pub text: String,
}

/// The mail as the methodology drafts it in the language of the workspace's portals: subject and text, with
/// `{contact}` left open.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when the handover is not begun; or when the database fails.
#[boxed]
pub async fn letter(app: &App, actor: &Actor, id: OnboardingId) -> Result<(String, String), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let known = find(&mut tx, actor, id).await?;
    let vendor = mail::vendor(&mut tx, actor.workspace).await?;
    let language = Languages::of_onboarding(&mut tx, actor.workspace, id).await?.of(None);
    let somebody = app.methodology.say(language, "your customer success manager");
    let csm = known.csm_name.as_deref().unwrap_or(somebody);
    let draft = app.methodology.introduction_in(language);
    let filled = |text: &str| {
        text.trim()
            .replace("{customer}", &head.customer)
            .replace("{product}", &head.product)
            .replace("{csm}", csm)
            .replace("{sender}", actor.own_name())
            .replace("{vendor}", &vendor)
    };
    // A subject is the same for all of them.
    let subject = filled(&draft.subject).replace("{contact}", app.methodology.say(language, "you"));
    Ok((subject, filled(&draft.text)))
}

/// Tells people of the customer by mail who looks after them from now on.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] when nobody is named, somebody has no address,
/// or nobody was chosen to take over; [`AppError::Stale`]; or when the database fails.
#[boxed]
pub async fn introduce(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    version: i64,
    introduction: Introduction,
) -> Result<Transition, AppError> {
    actor.require(Action::RunOnboarding)?;
    let Introduction { to, subject, text } = introduction;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let known = fresh(&mut tx, actor, id, version).await?;
    let mut problems = Vec::new();
    let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
    match subject.chars().count() {
        0 => problems.push(Problem::new("subject", "is missing")),
        1..=200 => {}
        _ => problems.push(Problem::new("subject", "is longer than 200 characters")),
    }
    let text = needed_prose("text", &text, &mut problems);
    if known.csm.is_none() {
        problems.push(Problem::new("csm", "is missing"));
    }
    if to.is_empty() || to.len() > MOST {
        problems.push(Problem::new("to", format!("must name between one and {MOST} people")));
    }
    let mut readers: Vec<(String, String)> = Vec::with_capacity(to.len().min(MOST));
    for who in to.into_iter().take(MOST) {
        let found = contact::get(&mut tx, actor.workspace, who).await?;
        match found.filter(|contact| contact.account_id == head.account_id) {
            Some(contact) => match contact.email {
                Some(email) => readers.push((contact.name, email)),
                None => problems.push(Problem::new("to", "names somebody without a mail address")),
            },
            None => problems.push(Problem::new("to", "names nobody of this customer")),
        }
    }
    none_of(problems)?;
    readers.dedup();
    let vendor = mail::vendor(&mut tx, actor.workspace).await?;
    let language = Languages::of_onboarding(&mut tx, actor.workspace, id).await?.of(None);
    // Whoever is introduced is there to be answered.
    let csm = match known.csm {
        Some(csm) => membership::get(&mut tx, actor.workspace, csm).await?.map(|member| member.email),
        None => None,
    };
    for (name, email) in &readers {
        let letter = Letter {
            to: email.clone(),
            subject: subject.clone(),
            text: as_written(&text.replace("{contact}", name)),
            action: None,
            vendor: vendor.clone(),
            language,
        };
        mail::send_to_customer(app, &mut tx, actor.workspace, &letter, None, csm.clone()).await?;
    }
    let names: Vec<String> = readers.into_iter().map(|(name, _)| name).collect();
    let mut told = known.introduced_to.clone();
    told.extend(names.iter().filter(|name| !known.introduced_to.contains(name)).cloned());
    let summary =
        format!("Introduced {} to {}", known.csm_name.as_deref().unwrap_or("somebody"), names.join(", "));
    let wanted = Transition { introduced_to: told, introduced_at: Some(app.now()), ..known };
    let kept = keep(&mut tx, actor, wanted).await?;
    record(app, &mut tx, actor, &head, "transition.introduced", summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// What people wrote, every line a paragraph, never read as markup.
fn as_written(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(verbatim).collect::<Vec<_>>().join("\n\n")
}

/// Plans the meeting in which the customer meets whoever takes over, with the agenda of the methodology. Those who were
/// told by mail are invited, with whoever takes over and whoever plans it; invitations go out from the meeting.
///
/// # Errors
/// [`AppError::Invalid`] when nobody was chosen to take over or the slot is impossible, [`AppError::Refusal`] when it is
/// planned already; otherwise as [`introduce`].
#[boxed]
pub async fn meet(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    version: i64,
    slot: Slot,
    place: &str,
) -> Result<(Transition, Meeting), AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let known = fresh(&mut tx, actor, id, version).await?;
    if let Some(meeting) = known.meeting
        && gangway_store::meeting::get(&mut tx, actor.workspace, meeting).await?.is_some()
    {
        return Err(AppError::Refusal(
            "the meeting is planned already; change it where it stands".to_owned(),
        ));
    }
    let Some(csm) = known.csm else {
        return Err(AppError::Invalid(vec![Problem::new("csm", "is missing")]));
    };
    let mut people = Vec::new();
    for person in [Some(csm), actor.person.filter(|person| *person != csm)].into_iter().flatten() {
        if let Some(member) = membership::get(&mut tx, actor.workspace, person).await? {
            let guest = Guest { name: member.name, email: Some(member.email), side: Some(Side::Vendor) };
            people.push(guest);
        }
    }
    let contacts = contact::of_account(&mut tx, actor.workspace, head.account_id).await?;
    let told = contacts.into_iter().filter(|contact| known.introduced_to.contains(&contact.name));
    people.extend(told.map(|contact| Guest {
        name: contact.name,
        email: contact.email,
        side: Some(Side::Customer),
    }));
    let rules = &app.methodology.transition.meeting;
    let draft = Draft {
        title: rules.title.clone(),
        purpose: rules.purpose.clone(),
        slot,
        place: place.to_owned(),
        with_customer: true,
        agenda: rules.agenda.clone(),
        people,
    };
    let planned = meeting::plan_with(app, &mut tx, actor, &head, draft).await?;
    let kept = keep(&mut tx, actor, Transition { meeting: Some(planned.id), ..known }).await?;
    tx.commit().await?;
    Ok((kept, planned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_keeps_its_lines_and_no_markup() {
        assert_eq!(as_written("Hello *Dana*,\n\nyours,\nInes"), "Hello \\*Dana\\*,\n\nyours,\n\nInes");
    }
}
