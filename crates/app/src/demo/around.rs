//! What there is in the demo beside its onboardings: deals that wait, a company and a person known twice, documents
//! with words of people, an invitation, a webhook that went wrong, a view for everybody.

use gangway_domain::ids::{AccountId, DeliveryId, EventId, InvitationId, OnboardingId};
use gangway_domain::permission::Role;
use gangway_store::delivery::{self, Attempt, Became, Delivery};
use gangway_store::document_edit::{self, Edit};
use gangway_store::invitation::{self, Invitation};
use gangway_store::webhook as endpoints;
use gangway_store::{Tx, membership};
use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};
use serde_json::json;

use super::{Lived, actor, back, on, with_days, working_day};
use crate::activity::{self, About};
use crate::document::{self, Seen};
use crate::error::AppError;
use crate::identity::Secret;
use crate::package::wording;
use crate::portfolio::view;
use crate::{Actor, App, Door, contact, handoff, intake, webhook, workspace};

/// Places of stories told here further.
const BLUEFIN: usize = 2;
const CLEARWATER: usize = 3;
const NORDLICHT: usize = 7;

/// A deal without an onboarding yet.
struct Waiting {
    /// The deal as sent.
    text: &'static str,
    /// Who handed it over.
    seller: &'static str,
    /// Calendar days ago.
    handed_over: i32,
    /// Somebody has said that it was read right.
    is_confirmed: bool,
}

macro_rules! waiting {
    ($file:literal, $seller:literal, $handed_over:literal, $is_confirmed:literal) => {
        Waiting {
            text: include_str!(concat!("deals/", $file)),
            seller: $seller,
            handed_over: $handed_over,
            is_confirmed: $is_confirmed,
        }
    };
}

/// Two that are ready to be planned, one to look at, two that must be asked about; the newest last.
const WAITING: [Waiting; 5] = [
    waiting!("hexagon-freight.txt", "Tomás Reyes", 5, false),
    waiting!("lantern-schools.txt", "Tomás Reyes", 3, false),
    waiting!("cascade-paper-mills.txt", "Maya Lindqvist", 2, true),
    waiting!("tamarind-hotels.txt", "Maya Lindqvist", 1, true),
    waiting!("marlow-timber.txt", "Maya Lindqvist", 0, false),
];

/// How long the invitation can be taken up.
const VALID: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A sentence somebody wrote into a mail before it was sent.
const OURS: &str = "Dr. Ashby asked us to keep all training out of consulting hours. We have planned the sessions \
                    for the early morning; tell us when that does not fit.";

/// Adds it all; `lived` are the onboardings in the order of their stories.
pub(super) async fn furnish(app: &App, lived: &[Lived]) -> Result<(), AppError> {
    for deal in &WAITING {
        hand_over(app, deal).await?;
    }
    if let Some(story) = lived.get(CLEARWATER) {
        reword(app, story.onboarding).await?;
    }
    if let Some(story) = lived.get(BLUEFIN) {
        part_from_the_plan(app, story.onboarding).await?;
    }
    if let Some(story) = lived.get(NORDLICHT) {
        meet_twice(app, story.account).await?;
        break_a_webhook(app, story.onboarding).await?;
    }
    invite(app).await?;
    share_a_view(app).await
}

async fn hand_over(app: &App, deal: &Waiting) -> Result<(), AppError> {
    let seller = actor(deal.seller);
    let text = with_days(deal.text, app.today()).into_bytes();
    let day = working_day(back(app.today(), deal.handed_over));
    let accepted = handoff::accept(&on(app, day, 13), &seller, text, None).await?;
    if deal.is_confirmed {
        let then = on(app, day, 16);
        let read = intake::deal(&then, &seller, accepted.handoff).await?;
        intake::confirm(&then, &seller, accepted.handoff, read.version).await?;
    }
    Ok(())
}

/// Somebody writes a sentence of their own into a mail.
async fn reword(app: &App, id: OnboardingId) -> Result<(), AppError> {
    let (app, who) = (on(app, working_day(back(app.today(), 4)), 14), actor("Ines Okafor"));
    let sheet = document::open_to_change(&app, &who, id, "welcome").await?;
    let text = with_paragraph(&sheet.text, OURS);
    document::change(&app, &who, &sheet, &text, Seen { mark: sheet.mark, text: None }).await?;
    Ok(())
}

/// The text with a paragraph more behind the second of its body.
fn with_paragraph(text: &str, more: &str) -> String {
    let (frame, body) = wording::halves(text);
    let mut parts: Vec<&str> = body.splitn(3, "\n\n").collect();
    parts.insert(parts.len().min(2), more);
    wording::joined(&frame, &parts.join("\n\n"))
}

/// Somebody wrote about a go-live that the plan has moved since: whoever opens the document must look.
async fn part_from_the_plan(app: &App, id: OnboardingId) -> Result<(), AppError> {
    let who = actor("Jonas Feld");
    // As the plan stands today: on an earlier day it would foresee other dates.
    let sheet = document::open(app, &who, id, "welcome").await?;
    let app = on(app, working_day(back(app.today(), 6)), 9);
    // The go-live as the mail names it: the plan of today may foresee another than the row of yesterday.
    let line = sheet.written.lines().find(|line| line.starts_with("- **") && line.contains("go-live"));
    let now = line.and_then(|line| line.split("**").nth(1)).unwrap_or_default().to_owned();
    let before = shown(sheet.head.go_live_on.saturating_sub(7.days()));
    let base = if now.is_empty() { sheet.written.clone() } else { sheet.written.replace(&now, &before) };
    let ours: Vec<String> = base
        .lines()
        .map(|line| {
            let audit = if line.contains(&before) { ", well before the retailer's audit" } else { "" };
            format!("{line}{audit}")
        })
        .collect();
    let edit = Edit {
        name: sheet.document.name.to_owned(),
        base: wording::tidy(&base),
        text: Some(wording::tidy(&ours.join("\n"))),
        version: 1,
        changed_by: who.name.clone(),
        changed_at: app.now(),
    };
    let mut tx = app.db.write().await?;
    document_edit::put(&mut tx, who.workspace, id, &edit).await?;
    let about = About { account: Some(sheet.head.account_id), onboarding: Some(id) };
    let summary = format!("Changed the words of: {}", sheet.document.title);
    activity::record(&app, &mut tx, &who, "onboarding.document_changed", about, summary).await?;
    tx.commit().await?;
    Ok(())
}

/// A day as mails to customers name it.
fn shown(day: Date) -> String {
    day.strftime("%a %-d %b %Y").to_string()
}

/// Sales adds somebody by hand whom the deal has brought along already.
async fn meet_twice(app: &App, account: AccountId) -> Result<(), AppError> {
    let changes = contact::Changes {
        name: Some("Sven Albers".to_owned()),
        title: Some(Some("Claims".to_owned())),
        phone: Some(Some("+49 40 5550 118".to_owned())),
        notes: Some(Some("Met at the trade fair; prefers a call before nine.".to_owned())),
        ..contact::Changes::default()
    };
    contact::add(app, &actor("Maya Lindqvist"), account, changes).await?;
    Ok(())
}

/// An invitation that nobody has taken up yet. No mail is sent: the demo writes to nobody.
async fn invite(app: &App) -> Result<(), AppError> {
    let (app, who) = (on(app, working_day(back(app.today(), 2)), 11), actor("Alex Morgan"));
    let row = Invitation {
        workspace: who.workspace,
        id: InvitationId::fresh(&*app.ids),
        email: "noor.haddad@northbeam.example".to_owned(),
        role: Role::Csm,
        digest: Secret::fresh(&*app.secrets).digest(),
        invited_by: who.name.clone(),
        created_at: app.now(),
        expires_at: app.clock.now().saturating_add(VALID).unwrap_or(jiff::Timestamp::MAX).into(),
    };
    let mut tx = app.db.write().await?;
    invitation::replace(&mut tx, &row).await?;
    let summary = format!("Invited {} as {}", row.email, row.role.label().to_lowercase());
    activity::record(&app, &mut tx, &who, "access.invited", About::default(), summary).await?;
    tx.commit().await?;
    Ok(())
}

/// A view of Ines that everybody sees.
async fn share_a_view(app: &App) -> Result<(), AppError> {
    let mut tx = app.db.read().await?;
    let members = membership::of_workspace(&mut tx, workspace::default_id()).await?;
    drop(tx);
    let Some(ines) = members.into_iter().find(|member| member.name == "Ines Okafor") else { return Ok(()) };
    let ines = Actor::person(ines.person, ines.name, ines.role, workspace::default_id(), Door::Demo);
    let draft = view::Draft { name: "Late go-lives".to_owned(), query: "late=1".to_owned(), shared: true };
    view::keep(app, &ines, draft).await?;
    Ok(())
}

/// A webhook whose receiver went away: one message arrived, the next did not, and it was switched off. Nothing is sent.
async fn break_a_webhook(app: &App, onboarding: OnboardingId) -> Result<(), AppError> {
    let ago = |days: i32| on(app, back(app.today(), days), 10);
    let wanted = webhook::Wanted {
        url: "https://warehouse.northbeam.example/gangway".to_owned(),
        description: "Data warehouse".to_owned(),
        kinds: vec!["onboarding.kicked_off".to_owned(), "onboarding.completed".to_owned()],
    };
    let endpoint = webhook::add(&ago(20), &actor("Alex Morgan"), &wanted).await?.endpoint;
    let no_connection =
        "no connection: the name is unknown, nothing listens there, or its certificate is not accepted";
    let place = workspace::default_id();
    let mut tx = app.db.write().await?;
    let message = |kind: &str, then: &App| Delivery {
        id: DeliveryId::fresh(&*app.ids),
        endpoint,
        event: EventId::fresh(&*app.ids),
        kind: kind.to_owned(),
        body: json!({ "type": kind, "timestamp": then.clock.now(), "data": { "onboarding": onboarding } })
            .to_string(),
        attempts: 0,
        status: None,
        problem: None,
        created_at: then.now(),
        next_at: Some(then.now()),
        delivered_at: None,
        failed_at: None,
    };
    let arrived = message("onboarding.kicked_off", &ago(14));
    delivery::insert(&mut tx, place, &arrived).await?;
    let taken = Attempt { status: Some(204), ..try_at(&ago(14), 180) };
    attempt(&mut tx, arrived.id, taken, Became::Delivered(ago(14).now())).await?;
    let lost = message("onboarding.completed", &ago(8));
    delivery::insert(&mut tx, place, &lost).await?;
    let busy = Attempt {
        status: Some(503),
        problem: Some("it answered 503".to_owned()),
        answer: "Service Unavailable".to_owned(),
        ..try_at(&ago(8), 2_140)
    };
    attempt(&mut tx, lost.id, busy, Became::Again(ago(5).now())).await?;
    let gone = Attempt { problem: Some(no_connection.to_owned()), ..try_at(&ago(5), 38) };
    attempt(&mut tx, lost.id, gone, Became::Failed(ago(5).now())).await?;
    endpoints::fails(&mut tx, place, endpoint, ago(8).now()).await?;
    let why = Some("nothing has arrived there for five days");
    endpoints::disable(&mut tx, place, endpoint, ago(3).now(), why).await?;
    tx.commit().await?;
    Ok(())
}

/// A try at that time which took so many milliseconds.
fn try_at(then: &App, millis: i64) -> Attempt {
    Attempt { number: 0, at: then.now(), millis, status: None, problem: None, answer: String::new() }
}

async fn attempt(tx: &mut Tx, id: DeliveryId, attempt: Attempt, became: Became) -> Result<(), AppError> {
    delivery::settle(tx, workspace::default_id(), id, &attempt, became).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::STORIES;
    use jiff::civil::date;

    #[test]
    fn the_stories_told_further_are_where_they_are_looked_for() {
        for (at, name) in [(BLUEFIN, "Bluefin"), (CLEARWATER, "Clearwater"), (NORDLICHT, "Nordlicht")] {
            assert!(STORIES[at].text.starts_with(&format!("Customer: {name}")), "{at}");
        }
    }

    #[test]
    fn deals_that_wait_leave_no_placeholder() {
        for deal in &WAITING {
            let text = with_days(deal.text, date(2027, 1, 11));
            assert!(!text.contains('{'), "{text}");
        }
    }

    #[test]
    fn a_paragraph_comes_third() {
        let mail = "+++\ntitle = \"a\"\n+++\n\nHello,\n\nwelcome.\n\nBye.\n";
        let more = "+++\ntitle = \"a\"\n+++\n\nHello,\n\nwelcome.\n\nMore.\n\nBye.\n";
        assert_eq!(with_paragraph(mail, "More."), more);
        assert_eq!(with_paragraph("Hello\n", "More."), "Hello\n\nMore.\n");
    }

    #[test]
    fn a_day_is_shown_as_mails_show_it() {
        assert_eq!(shown(date(2027, 1, 4)), "Mon 4 Jan 2027");
    }
}
