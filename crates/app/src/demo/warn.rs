//! Early warnings of the demo: what other systems told, what people saw and did, and a year of history that was never
//! lived but simulated, so that there is something to look back on. Customers who left fell in score and raised signals
//! before; some who stayed did, too.

use std::collections::BTreeSet;

use gangway_domain::deal::Severity;
use gangway_domain::ids::{AccountId, MovementId, OnboardingId, SignalId};
use gangway_domain::money::Money;
use gangway_domain::report::Kind;
use gangway_domain::signal as domain;
use gangway_store::health::known::{self as grounds, Ground};
use gangway_store::health::{self as rows, Judged};
use gangway_store::input::movement::{self, Movement};
use gangway_store::signal as signals;
use gangway_store::{Timestamp, Tx};
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Lived, actor, known};
use crate::error::AppError;
use crate::health::{self, Observed, Then, WantedOverride};
use crate::input::{self, Told};
use crate::intervention::{self, Wanted};
use crate::plan::workspace_currency;
use crate::report;
use crate::signal::{self, Step};
use crate::{App, workspace};

/// Places of stories told in full; those after them are invented.
const KESTREL: usize = 1;
const BLUEFIN: usize = 2;
const CLEARWATER: usize = 3;
const INVENTED: usize = 8;

/// Days that are simulated, and days between two scores.
const YEAR: i64 = 364;
const APART: usize = 14;

/// Writes the history, then what is known now, and judges every onboarding.
pub(super) async fn warn(app: &App, lived: &[Lived]) -> Result<(), AppError> {
    simulate(app, lived.get(INVENTED..).unwrap_or_default()).await?;
    if let (Some(kestrel), Some(bluefin), Some(clearwater)) =
        (lived.get(KESTREL), lived.get(BLUEFIN), lived.get(CLEARWATER))
    {
        tell(app, kestrel.account, clearwater.account).await?;
        see(app, kestrel.onboarding, bluefin.onboarding, clearwater.onboarding).await?;
    }
    let all: Vec<OnboardingId> = lived.iter().map(|one| one.onboarding).collect();
    health::refresh(app, workspace::default_id(), &all).await?;
    match lived.get(KESTREL) {
        Some(kestrel) => write(app, kestrel.onboarding).await,
        None => Ok(()),
    }
}

/// What is written about an onboarding in trouble: a document that can go to leadership, and a plan whose decision is
/// still open.
async fn write(app: &App, kestrel: OnboardingId) -> Result<(), AppError> {
    let ines = actor("Ines Okafor");
    let made = report::draft(app, &ines, kestrel, Kind::Escalation, None).await?;
    let answers = [
        (
            "root-cause",
            "Nobody on their side owns it any more: the champion leaves, and the work was handed to nobody. \
             The storm only made it visible; since then no one has had time to name a successor.",
        ),
        ("support", "executive people"),
        (
            "decision",
            "Whether we wait for a new champion or go on with the depots that are ready. I recommend the \
             second, with Victor Lane as sponsor of it.",
        ),
    ];
    let answers = answers.map(|(name, answer)| (name.to_owned(), answer.to_owned()));
    report::fill(app, &ines, made.id, made.version, &answers).await?;
    report::draft(app, &ines, kestrel, Kind::SaveOrExit, None).await?;
    Ok(())
}

/// Tickets of Kestrel Energy: how many days ago each was opened, and about what.
const TICKETS: [(i64, &str); 7] = [
    (1, "The outage feed stands still"),
    (2, "Crews are shown where they were an hour ago"),
    (2, "A work order appears twice"),
    (4, "The outage feed stops after the nightly run"),
    (5, "Tablets ask for the password again and again"),
    (20, "A depot is missing in the search"),
    (41, "The export to the regulator lacks a column"),
];

/// What the support desk and the integrations told.
async fn tell(app: &App, kestrel: AccountId, clearwater: AccountId) -> Result<(), AppError> {
    let desk = actor("Support desk");
    for (number, (days, subject)) in (0_i64..).zip(TICKETS) {
        let at = app.clock.now().saturating_sub((days * 24).hours()).ok();
        // The first three are open; the others took two days and more.
        let took = ((number - 1) * 24).hours();
        let solved = at.filter(|_| number >= 3).and_then(|at| at.checked_add(took).ok());
        let told = Told::Ticket {
            external_id: format!("KE-{}", 310 - number),
            subject: subject.to_owned(),
            severity: Some(if number == 0 { Severity::Critical } else { Severity::Medium }),
            status: if number < 3 { "open" } else { "solved" }.to_owned(),
            opened_at: at,
            solved_at: solved,
        };
        input::tell(app, &desk, kestrel, told).await?;
    }
    for (name, status, failures) in [("SAP", "failing", 4), ("Single sign-on", "live", 0)] {
        let told = Told::Integration {
            name: name.to_owned(),
            status: status.to_owned(),
            failures,
            tests_failed: 0,
            note: String::new(),
            at: None,
        };
        input::tell(app, &desk, kestrel, told).await?;
    }
    for (days, wrong) in [(42_i64, 620), (21, 480), (0, 310)] {
        let on = Some(app.today().saturating_sub(days.days()));
        let told = Told::Quality { source: "Patient registry".to_owned(), on, checked: 4_200, wrong };
        input::tell(app, &desk, clearwater, told).await?;
    }
    let on = app.today().saturating_add(75.days());
    let told = Told::Renewal { on, note: "Three months’ notice".to_owned() };
    input::tell(app, &actor("Billing"), kestrel, told).await?;
    Ok(())
}

/// What people saw and did about it.
async fn see(
    app: &App,
    kestrel: OnboardingId,
    bluefin: OnboardingId,
    clearwater: OnboardingId,
) -> Result<(), AppError> {
    let (ines, jonas) = (actor("Ines Okafor"), actor("Jonas Feld"));
    let observed = |subject: &str, rating: i64, note: &str| Observed {
        subject: subject.to_owned(),
        rating,
        note: note.to_owned(),
    };
    let mood = observed("mood", 2, "Short answers since the storm; nobody has time for us");
    health::observe(app, &ines, kestrel, mood).await?;
    let part = observed("engagement", 4, "Dana answers within the hour and brings her team along");
    health::observe(app, &jonas, bluefin, part).await?;
    signal::log(app, &ines, kestrel, "priority-shift", "“First the storm damage, then everything else”")
        .await?;
    let seen = signal::log(app, &ines, clearwater, "tone-shift", "Three curt mails in a row").await?;
    signal::take(app, &ines, seen.id, None, Step::Acknowledge).await?;
    let until = app.today().saturating_add(21.days());
    let wanted = WantedOverride {
        status: "Monitor".to_owned(),
        reason: "Their auditor postponed, so the plan waits with them; Marcus Hale knows".to_owned(),
        until: Some(until),
    };
    health::set_override(app, &jonas, bluefin, wanted).await?;
    let wanted = |playbook: &str, reason: &str| Wanted {
        playbook: playbook.to_owned(),
        reason: reason.to_owned(),
        ..Wanted::default()
    };
    let ended = wanted("at-risk", "The clinics did not answer for a week");
    let ended = intervention::begin(app, &ines, clearwater, ended).await?;
    let learned = "A call to the head nurse did more than five mails";
    intervention::end(app, &ines, ended.id, ended.version, "resolved", learned).await?;
    let goes_on = wanted("critical", "The champion leaves and the storm comes first");
    intervention::begin(app, &ines, kestrel, goes_on).await?;
    Ok(())
}

/// Numbers that look like chance and are the same every time.
struct Dice(u64);

impl Dice {
    /// From 0 to `below`, that not included.
    fn below(&mut self, below: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap_or(0) % below.max(1)
    }

    /// True in so many of a hundred.
    fn chance(&mut self, percent: i64) -> bool {
        self.below(100) < percent
    }
}

/// The year of one customer.
struct Year {
    id: OnboardingId,
    account: AccountId,
    /// The day they left.
    left_on: Option<Date>,
    value: i64,
    ground: Ground,
}

async fn simulate(app: &App, lived: &[Lived]) -> Result<(), AppError> {
    let mut dice = Dice(2027);
    let place = workspace::default_id();
    let today = app.today();
    let mut tx = app.db.write().await?;
    for one in lived {
        let Some(ground) = grounds::ground(&mut tx, place, one.onboarding).await? else { continue };
        let is_over = ground.state == "closed" || ground.state == "completed";
        let leaves = ground.state == "closed" || is_over && dice.chance(50);
        let year = Year {
            id: one.onboarding,
            account: one.account,
            left_on: leaves.then(|| today.saturating_sub((10 + dice.below(150)).days())),
            value: ground.value.map_or(12_000, |value| value.whole()),
            ground,
        };
        live(app, &mut tx, &mut dice, &year).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn live(app: &App, tx: &mut Tx, dice: &mut Dice, year: &Year) -> Result<(), AppError> {
    let place = workspace::default_id();
    let changes = scores(app, dice, year)?;
    if let Some((last, before)) = changes.split_last() {
        rows::keep_past(tx, place, before).await?;
        rows::keep(tx, place, std::slice::from_ref(last)).await?;
    }
    signals::insert_all(tx, place, &warned(app, dice, year)).await?;
    if let Some(on) = year.left_on {
        let left = Movement {
            id: MovementId::fresh(&*app.ids),
            account: year.account,
            external_id: format!("churn {on}"),
            kind: "churn".to_owned(),
            on,
            amount: Money::major(year.value / 12, workspace_currency(&app.methodology)),
            note: "Did not renew".to_owned(),
            by: "Billing".to_owned(),
            at: app.now(),
        };
        movement::insert_all(tx, place, &[left]).await?;
    }
    Ok(())
}

/// Scores of the year with the facts they rest on: those who leave fall over the four months before.
fn scores(app: &App, dice: &mut Dice, year: &Year) -> Result<Vec<Judged>, AppError> {
    let today = app.today();
    let usual = 68 + dice.below(24);
    let mut all = Vec::new();
    for ago in (1..=YEAR).rev().step_by(APART) {
        let on = today.saturating_sub(ago.days());
        let until = year.left_on.map(|left| i64::from((left - on).get_days()));
        if until.is_some_and(|days| days <= 0) {
            break;
        }
        let fall = until.map_or(0, |days| (120 - days).max(0) * 45 / 120);
        let wanted = (usual - fall + dice.below(13) - 6).clamp(8, 98);
        let number = i64::try_from(all.len()).unwrap_or(0) + 1;
        let then = Then { onboarding: year.id, number, at: noon(on), on };
        let facts = known::facts(&year.ground, on, wanted);
        all.extend(health::judge_then(app, &then, &facts, "Simulated")?);
    }
    Ok(all)
}

/// Signals of the year, all of them over: those that foretell, those that come to everybody, and false alarms.
fn warned(app: &App, dice: &mut Dice, year: &Year) -> Vec<signals::Signal> {
    let today = app.today();
    let mut kinds: BTreeSet<(&str, Date)> = BTreeSet::new();
    if let Some(left) = year.left_on {
        for (kind, percent, least, most) in
            [("declining-usage", 80, 30, 85), ("champion-departed", 60, 20, 80), ("no-login-30", 55, 8, 40)]
        {
            if dice.chance(percent) {
                kinds.insert((kind, left.saturating_sub((least + dice.below(most - least)).days())));
            }
        }
    }
    let end = year.left_on.unwrap_or(today);
    for (kind, percent) in [
        ("slow-response", 55),
        ("milestone-delayed", 60),
        ("support-spike", 30),
        ("declining-usage", 12),
        ("champion-departed", 6),
    ] {
        if dice.chance(percent) {
            kinds.insert((kind, end.saturating_sub((20 + dice.below(230)).days())));
        }
    }
    let known = |(number, (kind, on)): (i64, (&str, Date))| {
        let kind = app.methodology.signals.get(kind)?;
        let at = jiff::Timestamp::try_from(noon(on)).ok()?;
        let raised = domain::Signal::raise(&kind.id, kind.severity, &kind.trigger, at);
        let over = at.saturating_add((9 * 24).hours()).unwrap_or(at).min(app.clock.now());
        Some(signals::Signal {
            id: SignalId::fresh(&*app.ids),
            onboarding: year.id,
            number,
            name: kind.name.clone(),
            category: kind.category.clone(),
            body: raised.resolve("Sofia Brandt", "It is over", over).ok()?,
            computed: true,
            raised_by: "Gangway".to_owned(),
            version: 1,
        })
    };
    (1_i64..).zip(kinds).filter_map(known).collect()
}

fn noon(on: Date) -> Timestamp {
    let at = on.at(12, 0, 0, 0).to_zoned(TimeZone::UTC);
    Timestamp::from(at.map_or(jiff::Timestamp::MIN, |at| at.timestamp()))
}
