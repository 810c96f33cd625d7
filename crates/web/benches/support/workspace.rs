//! A seeded workspace: onboardings with real packages, the same in every run.

use std::ops::Range;

use gangway_app::account::name_key;
use gangway_app::handoff;
use gangway_app::onboarding::{self, GenerateOptions};
use gangway_domain::ids::{AccountId, ContactId, HandoffId, OnboardingId, PersonId};
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::package::Package;
use gangway_store::account::Account;
use gangway_store::contact::Contact;
use gangway_store::handoff::Handoff;
use gangway_store::onboarding::Onboarding;
use gangway_store::{Tx, account, contact, link, milestone, phase, task};
use gangway_testkit::TestApp;
use jiff::ToSpan;
use jiff::civil::Date;

/// Onboardings written in one transaction.
const BATCH: usize = 200;

/// How the onboardings of a workspace are mixed.
pub struct Mix<'a> {
    /// Who runs them, each as often as any other; nobody where there is none.
    pub owners: &'a [Option<PersonId>],
    /// By how many days plans that were made today are moved.
    pub days: Range<i64>,
}

/// Numbers that look like chance and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most.max(1) as u64).unwrap_or(0)
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

const FIRST: [&str; 24] = [
    "Harbour",
    "Kestrel",
    "Bluefin",
    "Clearwater",
    "Nordlicht",
    "Lumière",
    "Pinecone",
    "Acme",
    "Silver",
    "Granite",
    "Meadow",
    "Copper",
    "Orchard",
    "Falcon",
    "Summit",
    "Willow",
    "Amber",
    "Cobalt",
    "Juniper",
    "Alpine",
    "Delta",
    "Ember",
    "Fjord",
    "Quarry",
];
const SECOND: [&str; 20] = [
    "Logistics",
    "Energy",
    "Foods",
    "Clinics",
    "Insurance",
    "Labs",
    "Robotics",
    "Textiles",
    "Shipping",
    "Bank",
    "Retail",
    "Metals",
    "Media",
    "Pharma",
    "Airways",
    "Software",
    "Hotels",
    "Farms",
    "Optics",
    "Works",
];
const THIRD: [&str; 30] = [
    "North",
    "South",
    "East",
    "West",
    "Group",
    "Holding",
    "Partners",
    "One",
    "Two",
    "Three",
    "Prime",
    "United",
    "Central",
    "Global",
    "Nova",
    "Plus",
    "Direct",
    "Union",
    "Trust",
    "Alliance",
    "Systems",
    "Services",
    "Networks",
    "Trading",
    "Industries",
    "Solutions",
    "Ventures",
    "Capital",
    "Digital",
    "International",
];
const PEOPLE: [&str; 12] =
    ["Ada", "Bruno", "Camille", "Dana", "Elif", "Farid", "Grace", "Hanna", "Ivo", "Jana", "Kofi", "Léa"];
const NAMES: [&str; 12] = [
    "Whitfield",
    "Moreau",
    "Okafor",
    "Brandt",
    "Reyes",
    "Sato",
    "Lindqvist",
    "Diallo",
    "Quist",
    "Jimenez",
    "Walsh",
    "Idris",
];

/// Deals whose packages the others are made from: four segments, some late.
const DEALS: [&str; 6] = [
    "Product: Enterprise platform\nACV: $95K\nUse case: supply chain visibility\nCountry: US\nUsers: 120\nIntegrations: SAP ERP\nGo-live target: 80 days\nPromise: first dashboard within 30 days\n",
    "Product: Enterprise platform, Field Mobile\nACV: $340K\nUse case: outage response in the field\nCountry: US\nUsers: 900\nSites: 7 depots\nIntegrations: SAP S/4HANA, ServiceNow, Esri ArcGIS, Okta SSO\nGo-live target: 90 days\nRed flag: IT is short of people\n",
    "Product: Team plan\nACV: $9K\nUse case: shift planning\nCountry: DE\nUsers: 15\nGo-live target: 30 days\n",
    "Product: Enterprise platform\nACV: $180K\nUse case: claims handling\nCountry: FR\nUsers: 400\nIntegrations: Guidewire, Salesforce\nGo-live target: 60 days\n",
    "Product: Analytics\nACV: $45K\nUse case: demand forecasting\nCountry: GB\nUsers: 40\nIntegrations: Snowflake\nGo-live target: 75 days\n",
    "Product: Starter\nACV: $2K\nUse case: task lists\nCountry: US\nUsers: 4\n",
];

/// Writes so many onboardings.
pub async fn write(test: &TestApp, mix: &Mix<'_>, number: usize) {
    let mut packages = Vec::new();
    for deal in DEALS {
        let text = format!("Customer: Pattern {}\n{deal}", packages.len()).into_bytes();
        let accepted = handoff::accept(&test.app, &test.actor, text, None).await.unwrap();
        let made =
            onboarding::generate(&test.app, &test.actor, accepted.handoff, GenerateOptions::default()).await;
        packages.push(
            onboarding::get(&test.app, &test.actor, made.unwrap().id).await.unwrap().onboarding.package,
        );
    }
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let mut written = 0;
    while written < number {
        let mut tx = test.app.db.write().await.unwrap();
        for _ in 0..BATCH.min(number - written) {
            one(test, &mut tx, &mut dice, mix, &packages, written).await;
            written += 1;
        }
        tx.commit().await.unwrap();
    }
}

async fn one(
    test: &TestApp,
    tx: &mut Tx,
    dice: &mut Dice,
    mix: &Mix<'_>,
    packages: &[Package],
    index: usize,
) {
    let (app, workspace) = (&test.app, test.actor.workspace);
    let customer = format!("{} {} {}", FIRST[index % 24], SECOND[index / 24 % 20], THIRD[index / 480 % 30]);
    let mut package = packages[dice.below(packages.len())].clone();
    let length = usize::try_from(mix.days.end - mix.days.start).unwrap_or(0);
    let days = mix.days.start + i64::try_from(dice.below(length)).unwrap_or(0);
    shift(&mut package, days);
    package.names.customer.clone_from(&customer);
    let reading = {
        let mut reading = package.reading.clone();
        if let Some(fact) = &mut reading.deal.customer {
            fact.value.clone_from(&customer);
        }
        reading
    };
    let row = Account {
        id: AccountId::fresh(&*app.ids),
        name: customer.clone(),
        name_key: name_key(&format!("{customer} {}", index / 14_400)),
        industry: Some(dice.pick(&SECOND).to_lowercase()),
        country: Some(dice.pick(&["US", "DE", "FR", "GB"]).to_owned()),
        website: Some(format!("https://{}.example", customer.to_lowercase().replace(' ', "-"))),
        created_at: app.now(),
    };
    let (account_id, _) = account::insert_or_match(tx, workspace, &row).await.unwrap();
    let row = Handoff {
        id: HandoffId::fresh(&*app.ids),
        account_id,
        digest: format!("{index:064x}"),
        format: "summary".to_owned(),
        source: Some("Customer: …".to_owned()),
        reading,
        segment: Some(package.segmentation.segment.clone()),
        document_score: Some(i64::from(package.handoff.quality.document_score)),
        accepted_at: app.now(),
    };
    gangway_store::handoff::insert(tx, workspace, &row).await.unwrap();
    let state = match package.dates {
        ref dates if dates.finish_on < app.today() => OnboardingState::Completed,
        ref dates if dates.kickoff_on < app.today() => OnboardingState::Running,
        _ => OnboardingState::Planned,
    };
    let id = OnboardingId::fresh(&*app.ids);
    let plan = package.plan.clone();
    let row = Onboarding { id, account_id, handoff_id: row.id, state, package, created_at: app.now() };
    let owner = mix.owners[dice.below(mix.owners.len())];
    gangway_store::onboarding::insert(tx, workspace, &row, owner).await.unwrap();
    phase::insert_all(tx, workspace, id, &plan.phases).await.unwrap();
    task::insert_all(tx, workspace, id, &*app.ids, &plan.tasks).await.unwrap();
    milestone::insert_all(tx, workspace, id, &*app.ids, &plan.milestones).await.unwrap();
    link::insert_all(tx, workspace, id, &plan.links).await.unwrap();
    for (role, name) in [("executive_sponsor", "Executive sponsor"), ("project_lead", "Project lead")] {
        let person = format!("{} {}", dice.pick(&PEOPLE), dice.pick(&NAMES));
        let row = Contact {
            id: ContactId::fresh(&*app.ids),
            account_id,
            account: String::new(),
            email: Some(format!("{role}{index}@{}.example", index % 5_000)),
            name: person,
            name_key: String::new(),
            title: Some("Director".to_owned()),
            phone: None,
            notes: None,
            created_at: app.now(),
            version: 1,
            external_id: None,
        };
        contact::insert(tx, workspace, &row).await.unwrap();
        contact::take_part(tx, workspace, row.id, id, role, name).await.unwrap();
    }
}

/// Moves everything that lists read by so many days.
fn shift(package: &mut Package, days: i64) {
    let to = |date: &mut Date| *date = date.saturating_add(days.days());
    let dates = &mut package.dates;
    for date in [&mut dates.starts_on, &mut dates.kickoff_on, &mut dates.go_live_on, &mut dates.finish_on] {
        to(date);
    }
    for date in [&mut dates.go_live_target, &mut dates.first_value_on].into_iter().flatten() {
        to(date);
    }
    for phase in &mut package.plan.phases {
        to(&mut phase.start);
        to(&mut phase.finish);
    }
    for task in &mut package.plan.tasks {
        to(&mut task.start);
        to(&mut task.finish);
    }
    for milestone in &mut package.plan.milestones {
        to(&mut milestone.due);
        to(&mut milestone.planned);
    }
}
