//! Usage of the invented product: a quarter of working days of the customers told by hand, through the same door as real
//! events. One grows, one falls silent, the others do what customers do.

use gangway_domain::ids::AccountId;
use gangway_events::read::{Origin, Shape, open};
use gangway_store::onboarding::head;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde_json::{Value, json};

use super::invent::address;
use super::trades::{FAMILY, GIVEN};
use super::{Lived, actor, back};
use crate::App;
use crate::error::AppError;
use crate::usage::ingest::{self, Admitted};
use crate::usage::{elsewhere, roll_once, source};

/// Calendar days that are told at most.
const DAYS: i32 = 91;

/// Messages sent at once.
const AT_ONCE: usize = 500;

/// What somebody does on a day: the event, and in how many of a hundred days.
const DEEDS: [(&str, u32); 7] = [
    ("Signed In", 100),
    ("Dashboard Viewed", 70),
    ("Workflow Completed", 45),
    ("Report Exported", 20),
    ("Dashboard Shared", 12),
    ("Alert Created", 3),
    ("Error Shown", 4),
];

/// What is done once, so many calendar days after the kickoff.
const FIRSTS: [(&str, i32); 5] = [
    ("Workspace Configured", 1),
    ("Users Invited", 2),
    ("Integration Connected", 6),
    ("Dashboard Created", 9),
    ("Core Task Completed", 14),
];

/// How a customer uses the product: people at the beginning, in how many of a hundred days each of them does, and by how
/// much that grows or falls in a month.
const COURSES: [(u32, i32, i32); 6] =
    [(14, 70, 5), (18, 85, -34), (9, 65, 4), (7, 55, 2), (5, 60, 0), (2, 80, 0)];

/// Sends the events of customers whose onboardings are told by hand, and counts them.
pub(super) async fn live(app: &App, lived: &[Lived]) -> Result<(), AppError> {
    let boss = actor("Demo");
    let wanted = source::Wanted { name: "Web application".to_owned(), origins: Vec::new() };
    let key = source::add(app, &boss, &wanted).await?.key;
    let Some(by) = ingest::admit(app, key.reveal()).await? else { return Ok(()) };
    let today = app.today();
    for (place, (one, course)) in lived.iter().zip(COURSES).enumerate() {
        let mut tx = app.db.read().await?;
        let head = head::get(&mut tx, boss.workspace, one.onboarding).await?;
        drop(tx);
        let Some(head) = head else { continue };
        let from = head.kickoff_on.max(back(today, DAYS));
        let messages = told(one.account, &head.customer, place, course, head.kickoff_on, (from, today));
        for batch in messages.chunks(AT_ONCE) {
            send(app, &by, batch).await?;
        }
    }
    roll_once(app).await?;
    Ok(())
}

/// The messages of a customer, in order.
fn told(
    account: AccountId,
    customer: &str,
    place: usize,
    (people, share, change): (u32, i32, i32),
    kickoff: Date,
    (from, today): (Date, Date),
) -> Vec<Value> {
    let group = account.to_string();
    let made = format!("{kickoff}T07:00:00Z");
    let mut messages = vec![json!({
        "type": "group", "messageId": format!("{place}-group"), "userId": user(place, 0), "groupId": group,
        "traits": { "name": customer, "createdAt": made }, "timestamp": made,
    })];
    for person in 0..people {
        let (name, user) = (named(place, person), user(place, person));
        messages.push(json!({
            "type": "identify", "messageId": format!("{user}-identify"), "userId": user,
            "traits": { "name": name, "email": address(&name, customer) }, "timestamp": made,
            "context": { "groupId": group },
        }));
    }
    let mut day = from;
    // Only what has happened: today is not over.
    while day < today {
        let age = (day - kickoff).get_days();
        for (event, after) in FIRSTS {
            if age == after {
                messages.push(track(place, 0, event, day, 8, &group));
            }
        }
        let is_working = !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        let share = u32::try_from((share + change * age / 30).clamp(0, 100)).unwrap_or(0);
        for person in (0..people).filter(|_| is_working) {
            if roll(place, age, person, 99) >= share {
                continue;
            }
            for (number, (event, of_hundred)) in (0_u32..).zip(DEEDS) {
                if roll(place, age, person, number) < of_hundred {
                    messages.push(track(place, person, event, day, 9 + number, &group));
                }
            }
        }
        day = day.saturating_add(1.day());
    }
    messages
}

fn user(place: usize, person: u32) -> String {
    format!("user-{place}-{person}")
}

/// No two users of a customer have one name: none has more of them than there are given names.
fn named(place: usize, person: u32) -> String {
    let person = usize::try_from(person).unwrap_or(0);
    let of = |names: &[&'static str], number: usize| names.get(number % names.len().max(1)).copied();
    let (given, family) = (of(&GIVEN, place * 7 + person), of(&FAMILY, place * 11 + person * 5));
    format!("{} {}", given.unwrap_or_default(), family.unwrap_or_default())
}

fn track(place: usize, person: u32, event: &str, day: Date, hour: u32, group: &str) -> Value {
    let user = user(place, person);
    json!({
        "type": "track", "messageId": format!("{user}-{day}-{event}"), "userId": user, "event": event,
        "timestamp": format!("{day}T{hour:02}:{:02}:00Z", person % 60), "context": { "groupId": group },
    })
}

/// A number below 100 that is always the same for the same things.
fn roll(place: usize, age: i32, person: u32, salt: u32) -> u32 {
    let place = u32::try_from(place).unwrap_or(0);
    let mut mixed = 2_166_136_261_u32;
    for part in [place, age.cast_unsigned(), person, salt] {
        mixed = (mixed ^ part).wrapping_mul(16_777_619);
        mixed ^= mixed >> 13;
    }
    (mixed.wrapping_mul(2_654_435_761) >> 16) % 100
}

async fn send(app: &App, by: &Admitted, messages: &[Value]) -> Result<(), AppError> {
    let body = json!({ "batch": messages }).to_string();
    let origin = Origin { workspace: by.workspace, source: by.source.uuid(), received_at: app.clock.now() };
    // Messages of our own can be read.
    let verdicts =
        open(body.as_bytes(), Shape::Batch).map(|request| request.read(&origin)).unwrap_or_default();
    ingest::accept(app, by, verdicts).await.map_err(elsewhere)?;
    Ok(())
}
