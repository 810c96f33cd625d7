//! What other systems tell of the customer: support, integrations, data, the contract.

use std::collections::{BTreeMap, BTreeSet};

use gangway_domain::contract::{Step, revenue};
use gangway_domain::deal::Severity;
use gangway_domain::ids::{AccountId, OnboardingId, WorkspaceId};
use gangway_domain::rule::{FactValue, Facts};
use gangway_store::health::known::{self, Ground};
use gangway_store::input::movement::{self, Movement};
use gangway_store::input::renewal::{self, Renewal};
use gangway_store::input::ticket::{self, Ticket};
use gangway_store::input::{self, Integration, Quality};
use gangway_store::{Timestamp, Tx};
use jiff::ToSpan;
use jiff::civil::Date;

use super::{Sheaf, Sheaves, count, day, days};
use crate::App;
use crate::error::AppError;

/// Days of tickets looked at: a week, and the eight weeks it is compared with.
const TICKET_DAYS: i64 = 63;

/// Tickets looked at; a customer with more of them in nine weeks has a spike whatever is counted.
const TICKETS: u32 = 1_000;

/// Movements of a contract looked at.
const MOVEMENTS: u32 = 500;

/// Whoever reports failures tells of so many days before; an older report says nothing of the last seven.
const FAILURE_DAYS: i64 = 7;

/// Adds what other systems tell of the customers of onboardings, with few statements for all of them.
pub(super) async fn add(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    grounds: &BTreeMap<OnboardingId, Ground>,
    today: Date,
    sheaves: &mut Sheaves,
) -> Result<(), AppError> {
    let told = Told::read(app, tx, workspace, &accounts_of(grounds)).await?;
    for (id, ground) in grounds {
        let Some(sheaf) = sheaves.get_mut(id) else { continue };
        told.systems(app, ground.account, today, sheaf);
        told.support(app, ground.account, today, sheaf);
        told.contract(ground, today, sheaf);
    }
    Ok(())
}

/// The accounts of onboardings, each once.
pub(super) fn accounts_of(grounds: &BTreeMap<OnboardingId, Ground>) -> Vec<AccountId> {
    let accounts: BTreeSet<AccountId> = grounds.values().map(|ground| ground.account).collect();
    accounts.into_iter().collect()
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
        let of = [ground.account];
        let told = Told {
            systems: input::integrations_of(tx, workspace, &of).await?,
            quality: input::quality_of(tx, workspace, &of).await?,
            ..Told::default()
        };
        told.systems(app, ground.account, app.today(), &mut sheaf);
    }
    Ok(sheaf.done())
}

/// What other systems told of many customers.
#[derive(Default)]
struct Told {
    systems: BTreeMap<AccountId, Vec<Integration>>,
    quality: BTreeMap<AccountId, Vec<Quality>>,
    /// Customers of whom the support desk ever told.
    supported: BTreeSet<AccountId>,
    tickets: BTreeMap<AccountId, Vec<Ticket>>,
    renewals: BTreeMap<AccountId, Renewal>,
    moved: BTreeMap<AccountId, Vec<Movement>>,
}

impl Told {
    async fn read(
        app: &App,
        tx: &mut Tx,
        workspace: WorkspaceId,
        accounts: &[AccountId],
    ) -> Result<Self, AppError> {
        let since =
            app.clock.now().saturating_sub((TICKET_DAYS * 24).hours()).unwrap_or(jiff::Timestamp::MIN);
        let since = Timestamp::from(since);
        Ok(Self {
            systems: input::integrations_of(tx, workspace, accounts).await?,
            quality: input::quality_of(tx, workspace, accounts).await?,
            supported: ticket::known_of(tx, workspace, accounts).await?,
            tickets: ticket::recent_of(tx, workspace, since, TICKETS, accounts).await?,
            renewals: renewal::of_accounts(tx, workspace, accounts).await?,
            moved: movement::of_accounts(tx, workspace, MOVEMENTS, accounts).await?,
        })
    }

    fn systems(&self, app: &App, account: AccountId, today: Date, sheaf: &mut Sheaf) {
        integrations(app, self.systems.get(&account).map_or(&[][..], Vec::as_slice), today, sheaf);
        data(self.quality.get(&account).map_or(&[][..], Vec::as_slice), today, sheaf);
    }

    fn support(&self, app: &App, account: AccountId, today: Date, sheaf: &mut Sheaf) {
        if self.supported.contains(&account) {
            support(app, self.tickets.get(&account).map_or(&[][..], Vec::as_slice), today, sheaf);
        }
    }

    fn contract(&self, ground: &Ground, today: Date, sheaf: &mut Sheaf) {
        let moved = self.moved.get(&ground.account).map_or(&[][..], Vec::as_slice);
        contract(ground, self.renewals.get(&ground.account), moved, today, sheaf);
    }
}

fn integrations(app: &App, systems: &[Integration], today: Date, sheaf: &mut Sheaf) {
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
        let of_late = systems.iter().filter(|one| days(day(app, one.at), today) <= FAILURE_DAYS);
        let failures: Vec<i64> = of_late.map(|one| one.failures).collect();
        if !failures.is_empty() {
            sheaf.number("integrations", "failures", failures.into_iter().sum());
        }
        sheaf.number("integrations", "days_since_check", days(day(app, last), today).max(0));
    }
}

fn data(quality: &[Quality], today: Date, sheaf: &mut Sheaf) {
    if let Some(last) = quality.iter().map(|one| one.on).max() {
        let (checked, wrong) = quality
            .iter()
            .fold((0_i64, 0_i64), |(checked, wrong), one| (checked + one.checked, wrong + one.wrong));
        if checked > 0 {
            sheaf.number("data", "checked", checked);
            sheaf.number("data", "wrong", wrong);
        }
        sheaf.maybe("data", "error_percent", (wrong * 100).checked_div(checked));
        sheaf.number("data", "sources", count(quality.len()));
        sheaf.number("data", "days_since_check", days(last, today).max(0));
    }
}

fn support(app: &App, tickets: &[Ticket], today: Date, sheaf: &mut Sheaf) {
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
    // That one was solved is heard, too. Where none is among these, nothing was heard for longer than they reach back:
    // what is known is too old then, not as good as new.
    let heard = tickets.iter().map(|one| one.solved_at.map_or(one.opened_at, |at| at.max(one.opened_at)));
    let heard = heard.max();
    let silent = heard.map_or(TICKET_DAYS, |at| days(day(app, at), today).max(0));
    sheaf.number("support", "days_since_import", silent);
}

fn contract(ground: &Ground, renewal: Option<&Renewal>, moved: &[Movement], today: Date, sheaf: &mut Sheaf) {
    sheaf.maybe("contract", "value", ground.value.map(|value| value.whole()));
    sheaf.maybe("contract", "days_to_renewal", renewal.map(|one| days(today, one.on)));
    let steps: Vec<Step> = moved.iter().filter_map(step).collect();
    // Movements are told against what the contract was worth when it was signed.
    let signed = ground.value.map_or(0, |value| value.whole() / 12);
    let Some(worth) = revenue(signed, &steps, today) else { return };
    sheaf.number("contract", "mrr", worth.now);
    sheaf.maybe("contract", "mrr_change_percent", worth.change_percent);
    sheaf.put("contract", "churned", FactValue::Bool(worth.churned));
}

/// A movement in whole units of its currency.
fn step(one: &Movement) -> Option<Step> {
    Some(Step { kind: one.kind.parse().ok()?, on: one.on, amount: one.amount.whole() })
}
