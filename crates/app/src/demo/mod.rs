//! Demo data: invented companies whose deals are read, planned and run like any other.
//!
//! Eight deals under `deals/` are written by hand, the rest is invented from a seed. Both hold days
//! as `{today-35}`, so that a demo always shows onboardings at every stage, whatever the date. Each deal is lived
//! through: handed over, generated, kicked off and worked on the days it would have been: every running one a little
//! (`course.rs`), four in full (`script.rs`). What else there is to see beside onboardings stands in `around.rs`.

mod around;
mod ask;
mod comes_up;
mod course;
mod customer;
mod govern;
mod invent;
mod known;
mod launched;
mod load;
mod meetings;
mod relate;
mod script;
mod trades;
mod used;
mod value;
mod warn;

use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use gangway_domain::ids::{AccountId, HandoffId, OnboardingId, PersonId};
use gangway_domain::permission::Role;
use gangway_store::onboarding::head;
use gangway_store::onboarding::list::Query;
use gangway_store::{membership, person, review};

use crate::boxed;
use crate::clock::FixedClock;
use crate::error::AppError;
use crate::identity::{SignedIn, begin};
use crate::onboarding::GenerateOptions;
use crate::{Actor, App, Door, handoff, onboarding, work, workspace};
use course::Course;
use invent::{End, Invented};

/// Name of the company that runs the demo.
pub const VENDOR: &str = "Northbeam Software";

/// What the invented deals are made from.
const SEED: u64 = 2027;

/// The team of the demo: name, role. Mail addresses are made from the names.
const TEAM: [(&str, Role); 8] = [
    ("Priya Raman", Role::Leader),
    ("Ines Okafor", Role::OnboardingManager),
    ("Jonas Feld", Role::ImplementationManager),
    ("Sofia Brandt", Role::Csm),
    ("Tomás Reyes", Role::Ae),
    ("Maya Lindqvist", Role::Ae),
    ("Alex Morgan", Role::Admin),
    ("Robin Sato", Role::Viewer),
];

/// Somebody of the demo, for signing in without a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Id.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// What they are.
    pub role: Role,
}

/// A deal of the demo.
struct Story {
    /// The deal as sent.
    text: &'static str,
    /// Who handed it over.
    seller: &'static str,
    /// Who runs the onboarding.
    manager: &'static str,
    /// Calendar days ago it was handed over.
    handed_over: i32,
    /// Calendar days ago the kickoff was; negative when it is still to come.
    kickoff: i32,
    /// Whether it is over.
    completed: bool,
}

macro_rules! story {
    ($file:literal, $seller:literal, $manager:literal, $handed_over:literal, $kickoff:literal, $completed:literal) => {
        Story {
            text: include_str!(concat!("deals/", $file)),
            seller: $seller,
            manager: $manager,
            handed_over: $handed_over,
            kickoff: $kickoff,
            completed: $completed,
        }
    };
}

const STORIES: [Story; 8] = [
    story!("harbourline.txt", "Tomás Reyes", "Ines Okafor", 118, 105, true),
    story!("kestrel-energy.md", "Maya Lindqvist", "Ines Okafor", 96, 77, false),
    story!("bluefin-foods.txt", "Tomás Reyes", "Jonas Feld", 58, 44, false),
    story!("clearwater-clinics.txt", "Maya Lindqvist", "Ines Okafor", 40, 28, false),
    story!("atelier-moreau.txt", "Sofia Brandt", "Jonas Feld", 20, 14, false),
    story!("pinecone-studio.txt", "Sofia Brandt", "Jonas Feld", 6, 5, false),
    story!("acme-manufacturing.txt", "Tomás Reyes", "Ines Okafor", 4, -6, false),
    story!("nordlicht-versicherung.txt", "Maya Lindqvist", "Ines Okafor", 1, -19, false),
];

/// Fills the default workspace with demo data unless it has onboardings already. Says how many
/// onboardings it made.
///
/// # Errors
/// When a deal of the demo cannot be read or planned with the methodology in use, or the database fails.
#[boxed]
pub async fn seed(app: &App) -> Result<usize, AppError> {
    workspace::ensure_default(app, VENDOR).await?;
    let actor = actor("Demo");
    if !onboarding::list(app, &actor, Query::first(1, app.today())).await?.page.lines.is_empty() {
        return Ok(0);
    }
    hire(app).await?;
    let told = STORIES.map(|story| Invented {
        text: story.text.to_owned(),
        seller: story.seller,
        manager: story.manager,
        handed_over: story.handed_over,
        kickoff: story.kickoff,
        end: if story.completed { End::Completed } else { End::Open },
        is_neglected: false,
    });
    let stories: Vec<Invented> = told.into_iter().chain(invent::deals(SEED)).collect();
    let team = people(app).await?;
    let mut lived = Vec::with_capacity(stories.len());
    for (place, story) in stories.iter().enumerate() {
        let made = live_through(app, &team, place, story).await;
        lived.push(made.inspect_err(|error| tracing::error!(story.text, %error, "demo deal"))?);
    }
    load::share(app, &lived).await?;
    around::furnish(app, &lived).await?;
    customer::join(app, &lived).await?;
    value::join(app, &lived).await?;
    ask::join(app, &lived).await?;
    used::live(app, &lived).await?;
    warn::warn(app, &lived).await?;
    Ok(lived.len())
}

/// Lets the team in.
async fn hire(app: &App) -> Result<(), AppError> {
    let mut tx = app.db.write().await?;
    for (name, role) in TEAM {
        let row = person::Person {
            id: PersonId::fresh(&*app.ids),
            email: format!("{}@northbeam.example", name.to_lowercase().replace(' ', ".").replace('á', "a")),
            name: name.to_owned(),
            password_hash: None,
            subject: None,
            created_at: app.now(),
        };
        person::insert(&mut tx, &row).await?;
        membership::insert(&mut tx, workspace::default_id(), row.id, role, app.now()).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The demo's team, in the order it is introduced.
///
/// # Errors
/// When the database fails.
#[boxed]
pub async fn people(app: &App) -> Result<Vec<Person>, AppError> {
    let mut tx = app.db.read().await?;
    let members = membership::of_workspace(&mut tx, workspace::default_id()).await?;
    let known = TEAM.iter().filter_map(|(name, _)| members.iter().find(|member| member.name == *name));
    Ok(known
        .map(|member| Person { id: member.person, name: member.name.clone(), role: member.role })
        .collect())
}

/// Signs in as one of the demo's team. Only a door that serves nothing but the demo may offer it.
///
/// # Errors
/// [`AppError::NotFound`] when nobody of the team has this id; or when the database fails.
#[boxed]
pub async fn sign_in(app: &App, id: &str, agent: &str) -> Result<SignedIn, AppError> {
    let known = people(app).await?.into_iter().find(|person| person.id.to_string() == id);
    let id = known.ok_or_else(|| AppError::missing("demo person", id))?.id;
    let mut tx = app.db.write().await?;
    let person = person::get(&mut tx, id).await?.ok_or_else(|| AppError::missing("demo person", id))?;
    let signed = begin(app, &mut tx, &person, None, agent, None).await?;
    tx.commit().await?;
    Ok(signed)
}

/// What came of a deal.
struct Lived {
    account: AccountId,
    onboarding: OnboardingId,
}

async fn live_through(app: &App, team: &[Person], place: usize, story: &Invented) -> Result<Lived, AppError> {
    let today = app.today();
    let (seller, manager) = (actor(story.seller), actor(story.manager));
    let text = with_days(&story.text, today).into_bytes();
    let day = working_day(back(today, story.handed_over));
    let accepted = handoff::accept(&on(app, day, 10), &seller, text, None).await?;
    let wanted = working_day(back(today, story.kickoff));
    let options = GenerateOptions { kickoff_on: Some(wanted), ..GenerateOptions::default() };
    let id = onboarding::generate(&on(app, day, 11), &manager, accepted.handoff, options).await?.id;
    // Where that day is a holiday, the kickoff is on the next.
    let kickoff = look_after(app, story, accepted.handoff, id).await?;
    let is_held = story.kickoff > 0 && kickoff <= today;
    let course = Course { team, place, manager: story.manager, id, kickoff };
    if is_held {
        run(app, story, &course).await?;
    }
    end(app, story, &course, is_held).await?;
    Ok(Lived { account: accepted.account, onboarding: id })
}

/// From its kickoff on, until today or as planned until its end.
async fn run(app: &App, story: &Invented, course: &Course<'_>) -> Result<(), AppError> {
    let Course { id, kickoff, .. } = *course;
    let manager = actor(story.manager);
    onboarding::kick_off(&on(app, kickoff, 15), &manager, id).await?;
    if story.end == End::Open {
        course::run(app, course).await?;
    } else {
        // What is over by its plan was done as planned.
        work::as_planned(app, &manager, id).await?;
        let is_closed = matches!(story.end, End::Closed(_));
        let until = if is_closed { back(app.today(), story.kickoff / 2) } else { app.today() };
        meetings::as_planned(app, id, until).await?;
    }
    Ok(())
}

/// How it ended, if it did.
async fn end(app: &App, story: &Invented, course: &Course<'_>, is_held: bool) -> Result<(), AppError> {
    let Course { team, place, id, kickoff, .. } = *course;
    let (today, manager) = (app.today(), actor(story.manager));
    match story.end {
        End::Open => {}
        End::Completed => {
            let last = on(app, working_day(back(today, 3)), 16);
            let live = work::sight(app, &manager, id).await?.stored.plan.promise().go_live;
            // Two weeks and a month after the go-live, as far as that is over.
            let after = |days: i32, latest: i32| live.saturating_add(days.days()).min(back(today, latest));
            value::prove(&last, &manager, id, [after(14, 12), after(30, 6)]).await?;
            if place == launched::HARBOURLINE {
                launched::tell(app, &speaker(team, story.manager), id, live).await?;
            }
            customer::hand_over(&last, team, &manager, id, place).await?;
            onboarding::complete(&last, &manager, id).await?;
        }
        End::Closed(reason) => {
            let half = working_day(back(today, story.kickoff.max(0) / 2));
            let last = if is_held { half.max(kickoff) } else { half };
            onboarding::close(&on(app, last, 16), &manager, id, reason).await?;
        }
    }
    Ok(())
}

/// Gives an onboarding to whoever of the team planned it, as it would be theirs had they signed in, and stops the
/// response clocks of what was done. Says when the kickoff is.
async fn look_after(
    app: &App,
    story: &Invented,
    handoff: HandoffId,
    id: OnboardingId,
) -> Result<Date, AppError> {
    let place = workspace::default_id();
    let mut tx = app.db.write().await?;
    let members = membership::of_workspace(&mut tx, place).await?;
    let owner = members.iter().find(|member| member.name == story.manager).map(|member| member.person);
    gangway_store::onboarding::assign(&mut tx, place, id, owner).await?;
    for (clock, by, day, hour) in deeds(story, app.today()) {
        review::stop(&mut tx, place, handoff, clock, by, on(app, day, hour).now()).await?;
    }
    let head = head::get(&mut tx, place, id).await?.ok_or_else(|| AppError::missing("onboarding", id))?;
    tx.commit().await?;
    Ok(head.kickoff_on)
}

/// What was done in the first days of a handoff: the clock it stops, who, when. What waits for a later day still runs.
fn deeds(story: &Invented, today: Date) -> Vec<(&'static str, &'static str, Date, i8)> {
    if story.is_neglected {
        return Vec::new();
    }
    let first = working_day(back(today, story.handed_over));
    let second = working_day(first.saturating_add(1.day()));
    let third = working_day(second.saturating_add(1.day()));
    let deeds = [
        ("document", story.seller, first, 12),
        ("first-contact", story.manager, first, 15),
        ("meeting", story.manager, second, 14),
        ("introduction", story.seller, third, 10),
    ];
    deeds.into_iter().filter(|(_, _, day, _)| *day < today).collect()
}

fn actor(name: &str) -> Actor {
    Actor::system(name, workspace::default_id(), Door::Demo)
}

/// Somebody of the team as themselves, for what is theirs: comments, talks.
fn speaker(team: &[Person], name: &str) -> Actor {
    let known = team.iter().find(|person| person.name == name);
    known.map_or_else(
        || actor(name),
        |person| Actor::person(person.id, &person.name, person.role, workspace::default_id(), Door::Demo),
    )
}

fn back(today: Date, days: i32) -> Date {
    today.saturating_sub(days.days())
}

/// The day itself, or the Monday after a weekend.
fn working_day(day: Date) -> Date {
    let since_monday = day.weekday().to_monday_zero_offset();
    if since_monday > 4 { day.saturating_add((7 - since_monday).days()) } else { day }
}

/// The app as it was on that day, never later than now.
fn on(app: &App, day: Date, hour: i8) -> App {
    let then = day
        .at(hour, 0, 0, 0)
        .to_zoned(TimeZone::UTC)
        .map_or_else(|_| app.clock.now(), |then| then.timestamp());
    App { clock: Arc::new(FixedClock(then.min(app.clock.now()))), ..app.clone() }
}

/// Replaces `{today}`, `{today-35}` and `{today+60}` by dates.
fn with_days(text: &str, today: Date) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{today") {
        out.push_str(before);
        let (offset, after) = after.split_once('}').unwrap_or((after, ""));
        let days: i32 = offset.parse().unwrap_or(0);
        out.push_str(&today.saturating_add(days.days()).to_string());
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_are_filled_in() {
        let today = date(2027, 1, 11);
        assert_eq!(
            with_days("from {today-10} to {today+1}, {today}.", today),
            "from 2027-01-01 to 2027-01-12, 2027-01-11."
        );
        assert_eq!(with_days("nothing {here}", today), "nothing {here}");
    }

    #[test]
    fn weekends_move_to_monday() {
        assert_eq!(working_day(date(2027, 1, 8)), date(2027, 1, 8));
        assert_eq!(working_day(date(2027, 1, 9)), date(2027, 1, 11));
        assert_eq!(working_day(date(2027, 1, 10)), date(2027, 1, 11));
    }

    #[test]
    fn every_story_leaves_no_placeholder() {
        for story in &STORIES {
            let text = with_days(story.text, date(2027, 1, 11));
            assert!(!text.contains('{'), "{text}");
            assert!(story.handed_over > story.kickoff, "handed over before the kickoff: {text}");
        }
    }
}
