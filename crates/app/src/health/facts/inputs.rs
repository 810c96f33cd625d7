//! What other systems tell of the customer: support, integrations, data, the contract.

use gangway_domain::deal::Severity;
use gangway_domain::ids::{AccountId, OnboardingId, WorkspaceId};
use gangway_domain::rule::{FactValue, Facts};
use gangway_store::health::known::{self, Ground};
use gangway_store::input::{self, movement, ticket};
use gangway_store::{Timestamp, Tx};
use jiff::ToSpan;
use jiff::civil::Date;

use super::{Sheaf, count, day, days};
use crate::App;
use crate::error::AppError;

/// Days of tickets looked at: a week, and the eight weeks it is compared with.
const TICKET_DAYS: i64 = 63;

/// Tickets looked at; a customer with more of them in nine weeks has a spike whatever is counted.
const TICKETS: u32 = 1_000;

/// Movements of a contract looked at.
const MOVEMENTS: u32 = 500;

/// Days over which the change of the monthly revenue is measured.
const REVENUE_DAYS: i64 = 90;

/// Adds what other systems tell.
pub(super) async fn add(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    ground: &Ground,
    today: Date,
    sheaf: &mut Sheaf,
) -> Result<(), AppError> {
    systems(app, tx, workspace, ground.account, today, sheaf).await?;
    support(app, tx, workspace, ground.account, today, sheaf).await?;
    contract(tx, workspace, ground, today, sheaf).await
}

/// Integrations and data, as rules of gates see them; empty where nobody told anything.
pub(crate) async fn facts_in(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<Facts, AppError> {
    let mut sheaf = Sheaf::default();
    if let Some(ground) = known::ground(tx, workspace, id).await? {
        systems(app, tx, workspace, ground.account, app.today(), &mut sheaf).await?;
    }
    Ok(sheaf.done())
}

async fn systems(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    today: Date,
    sheaf: &mut Sheaf,
) -> Result<(), AppError> {
    let systems = input::integrations(tx, workspace, account).await?;
    if let Some(last) = systems.iter().map(|one| one.at).max() {
        let of = |words: &[&str]| count(systems.iter().filter(|one| words.contains(&&*one.status)).count());
        sheaf.number(
            "integrations",
            "total",
            count(systems.iter().filter(|one| one.status != "off").count()),
        );
        sheaf.number("integrations", "connected", of(&["connected", "live", "failing"]));
        sheaf.number("integrations", "live", of(&["live"]));
        sheaf.number("integrations", "failing", of(&["failing"]));
        sheaf.number("integrations", "tests_failed", systems.iter().map(|one| one.tests_failed).sum());
        sheaf.number("integrations", "failures", systems.iter().map(|one| one.failures).sum());
        sheaf.number("integrations", "days_since_check", days(day(app, last), today).max(0));
    }
    let quality = input::quality(tx, workspace, account).await?;
    if let Some(last) = quality.iter().map(|one| one.on).max() {
        let (checked, wrong) = quality
            .iter()
            .fold((0_i64, 0_i64), |(checked, wrong), one| (checked + one.checked, wrong + one.wrong));
        sheaf.maybe("data", "error_percent", (wrong * 100).checked_div(checked));
        sheaf.number("data", "sources", count(quality.len()));
        sheaf.number("data", "days_since_check", days(last, today).max(0));
    }
    Ok(())
}

async fn support(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    today: Date,
    sheaf: &mut Sheaf,
) -> Result<(), AppError> {
    if !ticket::any(tx, workspace, account).await? {
        return Ok(());
    }
    let since = app.clock.now().saturating_sub((TICKET_DAYS * 24).hours()).unwrap_or(jiff::Timestamp::MIN);
    let tickets = ticket::recent(tx, workspace, account, Timestamp::from(since), TICKETS).await?;
    let ages: Vec<i64> = tickets.iter().map(|one| days(day(app, one.opened_at), today)).collect();
    let between = |from: i64, to: i64| count(ages.iter().filter(|age| (from..to).contains(*age)).count());
    sheaf.number("support", "tickets_7", between(0, 7));
    // The mean of eight weeks, rounded up: a customer with any tickets has a normal of one at least.
    sheaf.number("support", "usual_7", (between(7, TICKET_DAYS) + 7) / 8);
    let open = tickets.iter().filter(|one| one.status != "solved");
    sheaf.number("support", "open", count(open.clone().count()));
    sheaf.number(
        "support",
        "open_urgent",
        count(open.filter(|one| one.severity == Severity::Critical).count()),
    );
    if let Some(last) = ages.iter().min() {
        sheaf.number("support", "days_since_import", (*last).max(0));
    }
    Ok(())
}

async fn contract(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ground: &Ground,
    today: Date,
    sheaf: &mut Sheaf,
) -> Result<(), AppError> {
    sheaf.maybe("contract", "value", ground.value.map(|value| value.whole()));
    let mut moved = movement::of_account(tx, workspace, ground.account, MOVEMENTS).await?;
    moved.retain(|one| one.on <= today);
    if moved.is_empty() {
        return Ok(());
    }
    // Movements are told against what the contract was worth when it was signed.
    let is_new = moved.iter().any(|one| one.kind == "new");
    let signed = if is_new { 0 } else { ground.value.map_or(0, |value| value.whole() / 12) };
    let at = |day: Date| {
        let before = moved.iter().filter(|one| one.on <= day);
        before.fold(signed, |sum, one| match one.kind.as_str() {
            "new" | "expansion" => sum + one.amount.whole(),
            _ => sum - one.amount.whole(),
        })
    };
    let (now, before) = (at(today), at(today.saturating_sub(REVENUE_DAYS.days())));
    sheaf.number("contract", "mrr", now.max(0));
    if before > 0 {
        sheaf.number("contract", "mrr_change_percent", (now - before) * 100 / before);
    }
    sheaf.put("contract", "churned", FactValue::Bool(moved.iter().any(|one| one.kind == "churn")));
    Ok(())
}
