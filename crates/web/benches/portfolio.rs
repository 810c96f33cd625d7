//! How long pages take over many onboardings: `cargo bench -p gangway-web --bench portfolio`.
//!
//! A seeded workspace of 10,000 onboardings with real packages is written to SQLite, and the router is asked
//! as a browser asks it, without a network between. Printed are the median and the 99th percentile.
//!
//! `GANGWAY_BENCH_ONBOARDINGS=500` makes a smaller one. `GANGWAY_BENCH_DATA=FOLDER` keeps the database there and
//! uses it again; `gangway serve --data FOLDER` then serves it, and the cookie to sign in with is printed.
//! `GANGWAY_BENCH_POSTGRES=own` measures on a PostgreSQL cluster made for it, `=postgres://…` on an empty database.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use gangway_app::onboarding::{self, GenerateOptions};
use gangway_app::{account::name_key, handoff, upkeep};
use gangway_domain::ids::{AccountId, ContactId, HandoffId, OnboardingId, PersonId};
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::package::Package;
use gangway_domain::permission::Role;
use gangway_store::account::Account;
use gangway_store::contact::Contact;
use gangway_store::handoff::Handoff;
use gangway_store::onboarding::Onboarding;
use gangway_store::{Db, Tx, account, contact, link, milestone, phase, task};
use gangway_testkit::{Database, TestApp};
use gangway_web::Web;
use http_body_util::BodyExt;
use jiff::ToSpan;
use jiff::civil::Date;
use tower::ServiceExt;

/// Onboardings written in one transaction.
const BATCH: usize = 200;

/// Times every address is asked.
const TIMES: usize = 300;

/// What the cookie of the kept database holds.
const COOKIE: &str = "gangway-bench.cookie";

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(measure());
}

async fn measure() {
    let number: usize =
        std::env::var("GANGWAY_BENCH_ONBOARDINGS").ok().and_then(|text| text.parse().ok()).unwrap_or(10_000);
    let kept = std::env::var("GANGWAY_BENCH_DATA").ok().map(PathBuf::from);
    let folder = kept.clone().unwrap_or_else(|| {
        std::env::temp_dir().join(format!("gangway-bench-portfolio-{}", std::process::id()))
    });
    std::fs::create_dir_all(&folder).unwrap();
    // An address fills that database, which must be empty or filled by this bench before; `own` makes a cluster.
    let server = std::env::var("GANGWAY_BENCH_POSTGRES").ok();
    let own = match server.as_deref() {
        Some("own") => Some(Database::postgres().await.unwrap()),
        _ => None,
    };
    let url = match (&own, server) {
        (Some(own), _) => own.url.clone(),
        (None, Some(url)) => url,
        (None, None) => format!("sqlite:{}", folder.join("gangway.db").display()),
    };
    let db = Db::open(&url).await.unwrap();
    let known = folder.join(COOKIE).exists();
    let test = TestApp::on(db.clone()).await;
    let cookie = if known {
        std::fs::read_to_string(folder.join(COOKIE)).unwrap()
    } else {
        let begun = Instant::now();
        let cookie = fill(&test, number).await;
        upkeep::run(&test.app).await.unwrap();
        std::fs::write(folder.join(COOKIE), &cookie).unwrap();
        println!("{number} onboardings written in {:.1} s", begun.elapsed().as_secs_f64());
        cookie
    };
    println!("{}, cookie: {cookie}", db.kind());
    let router = Web::new(test.app.clone()).router();
    let first = ids(&router, &cookie).await;
    println!("\n{:<44} {:>10} {:>10} {:>10}", "server time", "median", "p99", "asked p99");
    let pages = [
        ("portfolio", 25.0, vec!["/onboardings?state=open"]),
        (
            "portfolio, every sort",
            25.0,
            vec![
                "/onboardings?sort=customer",
                "/onboardings?sort=late&dir=desc",
                "/onboardings?sort=go-live&dir=desc",
                "/onboardings?sort=p80",
                "/onboardings?sort=finish",
                "/onboardings?sort=quality",
                "/onboardings?sort=state",
                "/onboardings?sort=plan&dir=desc",
                "/onboardings?sort=next",
            ],
        ),
        (
            "portfolio, filtered",
            25.0,
            vec![
                "/onboardings?segment=enterprise&late=1",
                "/onboardings?owner=me",
                "/onboardings?owner=nobody",
                "/onboardings?seller=me&state=all",
                "/onboardings?stage=pilot",
                "/onboardings?stage=not-begun&sort=customer",
                "/onboardings?state=completed&sort=go-live",
            ],
        ),
        (
            "portfolio, searched",
            25.0,
            vec!["/onboardings?q=harbour", "/onboardings?q=zzz", "/onboardings?q=supply+chain&late=1"],
        ),
        ("board", 25.0, vec!["/onboardings?show=board", "/onboardings?show=board&state=all"]),
        ("timeline", 0.0, vec!["/onboardings?show=timeline"]),
        (
            "search suggestions",
            30.0,
            vec![
                "/search/suggestions?q=a",
                "/search/suggestions?q=ha",
                "/search/suggestions?q=harbour",
                "/search/suggestions?q=harbour+lo",
                "/search/suggestions?q=enterprise",
                "/search/suggestions?q=lumi%C3%A8re",
                "/search/suggestions?q=qqqq",
            ],
        ),
        ("search page", 0.0, vec!["/search?q=harbour", "/search?q=e"]),
        ("accounts", 0.0, vec!["/accounts", "/accounts?q=harbour", "/accounts?open=yes"]),
        (
            "accounts, every order",
            0.0,
            vec!["/accounts?sort=open", "/accounts?sort=onboardings", "/accounts?sort=activity"],
        ),
        ("contacts", 0.0, vec!["/contacts", "/contacts?q=ada", "/contacts?sort=added"]),
        (
            "handoffs",
            0.0,
            vec!["/handoffs", "/handoffs?q=harbour", "/handoffs?sort=quality", "/handoffs?sort=customer"],
        ),
    ];
    for (name, asked, paths) in pages {
        report(name, asked, &router, &cookie, &paths).await;
    }
    let paths: Vec<&str> = first.iter().map(String::as_str).collect();
    report("onboarding page", 10.0, &router, &cookie, &paths).await;
    println!("resident memory of this process: {} MB", resident());
    db.close().await;
    if let Some(own) = own {
        own.remove().await.unwrap();
    }
    if kept.is_none() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

/// Resident memory in megabytes, as Linux tells it; 0 elsewhere.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) / 1_000
}

async fn get(router: &Router, cookie: &str, path: &str) -> (Duration, String) {
    let request = Request::get(path).header(header::HOST, "127.0.0.1").header(header::COOKIE, cookie);
    let request = request.body(Body::empty()).unwrap();
    let begun = Instant::now();
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    let took = begun.elapsed();
    assert_eq!(status, StatusCode::OK, "{path}");
    (took, String::from_utf8_lossy(&bytes).into_owned())
}

/// The addresses of some onboardings.
async fn ids(router: &Router, cookie: &str) -> Vec<String> {
    let (_, page) = get(router, cookie, "/onboardings?state=open").await;
    page.split("href=\"/onboardings/onb_")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|id| format!("/onboardings/onb_{id}"))
        .collect()
}

async fn report(name: &str, asked: f64, router: &Router, cookie: &str, paths: &[&str]) {
    let mut times = Vec::new();
    for path in paths {
        get(router, cookie, path).await;
    }
    for turn in 0..TIMES {
        let path = paths[turn % paths.len()];
        times.push((get(router, cookie, path).await.0, path));
    }
    times.sort();
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)].0.as_secs_f64() * 1000.0;
    let asked = if asked > 0.0 { format!("{asked:.0} ms") } else { String::new() };
    let slowest = times.last().unwrap().1;
    println!("{name:<44} {:>7.1} ms {:>7.1} ms {asked:>10}   slowest: {slowest}", at(50), at(99));
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

/// Writes the workspace and returns the cookie of somebody who runs a part of it.
async fn fill(test: &TestApp, number: usize) -> String {
    let me = test.member(Role::OnboardingManager).await;
    let cookie = test.cookie(&me).await;
    let mut team = vec![me.person.unwrap()];
    for _ in 0..9 {
        team.push(test.member(Role::Csm).await.person.unwrap());
    }
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
            one(test, &mut tx, &mut dice, &team, &packages, written).await;
            written += 1;
        }
        tx.commit().await.unwrap();
    }
    cookie
}

async fn one(
    test: &TestApp,
    tx: &mut Tx,
    dice: &mut Dice,
    team: &[PersonId],
    packages: &[Package],
    index: usize,
) {
    let (app, workspace) = (&test.app, test.actor.workspace);
    let customer = format!("{} {} {}", FIRST[index % 24], SECOND[index / 24 % 20], THIRD[index / 480 % 30]);
    let mut package = packages[dice.below(packages.len())].clone();
    let days = i64::try_from(dice.below(420)).unwrap_or(0) - 330;
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
    let owner = team.get(dice.below(team.len() + 1)).copied();
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
