//! Nothing of the team's own gets out to a customer. Every column that is the team's own is filled with a marker, on
//! the demo, where every kind of row is; then guests of every role open every page and file they can find, and what is
//! mailed to customers is read. None of the markers may be there.

mod columns;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::http::{Method, StatusCode};
use gangway_app::digest::{self, Digests};
use gangway_app::form::{self, Draft};
use gangway_app::work::{self, NewFile};
use gangway_app::{change_request, demo, job, onboarding, portal, report, survey};
use gangway_domain::ids::{ContactId, OnboardingId};
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::portal::{Language, PortalRole};
use gangway_domain::programme::Side;
use gangway_domain::register::Owner;
use gangway_domain::report::Kind;
use gangway_domain::survey::State;
use gangway_store::onboarding::list::Query;
use gangway_store::onboarding::set_state;
use gangway_testkit::{Past, TestApp, for_each_address};
use gangway_web::{Access, Route, routes};
use serde_json::Value as Json;

use self::columns::{BLANK, HIDDEN, HIDDEN_PARTS, OPEN};
use super::portal::{keeping, nobody};
use super::{Answer, Site, get, send};

/// Every marker begins so.
const MARK: &str = "qxz-";

/// Onboardings of the demo that have something of everything: at work, off track, and handed over.
const CUSTOMERS: [&str; 3] = ["Kestrel Energy", "Clearwater Clinics", "Harbourline Logistics"];

/// What the demo has nothing of, or what says nothing of an onboarding; each is asked for all the same.
const SELDOM: [&str; 10] = [
    // The vendor's accent and picture: nobody has set them.
    "/portal/brand/{workspace}/{version}/brand.css",
    "/portal/brand/{workspace}/{version}/logo",
    // Whether a task is late and whether the guest is asked depends on the day.
    "/portal/do/{secret}",
    "/portal/surveys/{id}",
    // Nobody measured with a file; nobody of those who come in learns.
    "/portal/outcomes/{outcome}/files/{file}",
    "/portal/training/{track}/assessment",
    "/portal/training/{track}/follow-up",
    "/portal/training/sessions/{session}/calendar.ics",
    "/portal/training/certificates/{certificate}",
    "/portal/training/library/{entry}",
];

/// What guests send: each answers with a way to a page, or with the page it was sent from.
const ACTS: [&str; 26] = [
    "/portal/closed",
    "/portal/{secret}",
    "/portal/{secret}/code",
    "/portal/{secret}/again",
    "/portal/closing",
    "/portal/do/{secret}",
    "/portal/surveys/{id}",
    "/portal/forms/{id}",
    "/portal/forms/{id}/files/{field}",
    "/portal/forms/{id}/files/{field}/removal",
    "/portal/launch/approvals",
    "/portal/launch/stable",
    "/portal/issues",
    "/portal/changes/{request}",
    "/portal/tasks/{task}/completion",
    "/portal/tasks/{task}/reopening",
    "/portal/tasks/{task}/comments",
    "/portal/tasks/{task}/files",
    "/portal/tasks/{task}/colleague",
    "/portal/outcomes/{outcome}/agreement",
    "/portal/outcomes/{outcome}/answer",
    "/portal/training/{track}/lessons",
    "/portal/training/{track}/assessment",
    "/portal/training/{track}/follow-up",
    "/portal/training/sessions/{session}/rating",
    "/portal/people",
];

/// Beside the portal.
const ACTS_BY_LINK: [&str; 2] = ["/survey/{token}", "/unsubscribe/{token}"];

/// What customers can open.
fn theirs(method: &Method) -> Vec<Route> {
    let begins = ["/portal", "/embed", "/survey", "/unsubscribe", "/shared/"];
    let is_theirs = |route: &Route| {
        route.access == Access::Guest || begins.iter().any(|begin| route.path.starts_with(begin))
    };
    let all = routes().into_iter().filter(|route| route.method == *method && is_theirs(route));
    // The style sheet says nothing about anyone.
    all.filter(|route| route.access != Access::Public).collect()
}

/// Whether an address is one of a route's.
fn fits(route: &str, path: &str) -> bool {
    let (route, path): (Vec<&str>, Vec<&str>) = (route.split('/').collect(), path.split('/').collect());
    route.len() == path.len()
        && route.iter().zip(&path).all(|(part, given)| part.starts_with('{') || part == given)
}

/// The route of an address: the one that leaves least open.
fn route_of(address: &str) -> Option<&'static str> {
    let path = address.split('?').next().unwrap_or_default();
    let all = theirs(&Method::GET).into_iter().map(|route| route.path).filter(|route| fits(route, path));
    all.min_by_key(|route| route.matches('{').count())
}

/// Addresses a page leads to.
pub(super) fn ways(page: &Answer) -> Vec<String> {
    let all = page.text.split("href=\"").skip(1).filter_map(|rest| rest.split(['"', '#']).next());
    all.filter(|address| address.starts_with("/portal")).map(str::to_owned).collect()
}

#[track_caller]
fn holds_nothing(what: &str, text: &str) {
    let text = text.to_lowercase();
    if let Some(place) = text.find(MARK) {
        let found: String = text[place..].chars().take(60).collect();
        panic!("{what} shows {found}");
    }
}

/// What was opened: how often each route, and which of them answered.
#[derive(Default)]
struct Opened {
    counts: BTreeMap<&'static str, usize>,
    well: BTreeSet<&'static str>,
    seen: BTreeSet<String>,
}

impl Opened {
    /// Opens an address, wherever it leads to; nothing when its route was opened often enough.
    async fn open(&mut self, site: &Site, who: &str, address: &str, most: usize) -> Option<Answer> {
        let route = route_of(address)?;
        let count = self.counts.entry(route).or_default();
        if *count >= most || !self.seen.insert(address.to_owned()) {
            return None;
        }
        *count += 1;
        let page = get(site, address).await;
        assert!(!page.status.is_server_error(), "{who} at {address}: {}", page.text);
        holds_nothing(&format!("{who} at {address}"), &page.text);
        if page.status == StatusCode::OK {
            self.well.insert(route);
        }
        Some(page)
    }

    /// Opens these, and everything they lead to.
    async fn follow(&mut self, site: &Site, who: &str, start: Vec<String>, most: usize) {
        let mut rest = start;
        while let Some(address) = rest.pop() {
            if let Some(page) = self.open(site, who, &address, most).await {
                rest.extend(ways(&page));
            }
        }
    }
}

/// Fills what is written at the end of these paths of a value.
pub(super) fn mark(value: &mut Json, path: &str, parts: &[&str], marker: &str, count: &mut usize) {
    match value {
        Json::Object(fields) => {
            for (name, inner) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                mark(inner, &path, parts, marker, count);
            }
        }
        Json::Array(all) => all.iter_mut().for_each(|inner| mark(inner, path, parts, marker, count)),
        Json::String(text)
            if parts.iter().any(|part| path == *part || path.ends_with(&format!(".{part}"))) =>
        {
            marker.clone_into(text);
            *count += 1;
        }
        _ => {}
    }
}

/// Fills everything that is the team's own with texts that begin so.
pub(super) async fn fill(past: &mut Past, begin: &str) {
    let mut blank = Vec::new();
    for (table, column, when) in HIDDEN {
        let marker = format!("{table}-{column}");
        if past.write(table, column, when, &format!("{begin}{marker}")).await.unwrap() == 0 {
            blank.push(marker);
        }
    }
    for (table, column, parts, when) in HIDDEN_PARTS {
        let name = format!("{table}-{column}");
        let (marker, mut count) = (format!("{begin}{name}"), 0);
        past.rewrite(table, column, when, |value| mark(value, "", parts, &marker, &mut count)).await.unwrap();
        if count == 0 {
            blank.push(name);
        }
    }
    past.touch_plans().await.unwrap();
    blank.retain(|name| !BLANK.contains(&name.as_str()));
    assert!(blank.is_empty(), "the demo has nothing of {blank:?}: give it some, or nothing is tested");
}

/// An onboarding with a guest who has come in.
pub(super) struct Invited {
    id: OnboardingId,
    customer: &'static str,
    who: ContactId,
    pub(super) site: Site,
}

pub(super) async fn invite(test: &TestApp, customer: &'static str) -> Invited {
    let (app, actor) = (&test.app, &test.actor);
    let all = onboarding::list(app, actor, Query::first(100, app.today())).await.unwrap().page.lines;
    let id = all.iter().find(|line| line.customer == customer).unwrap().id;
    let people = portal::manage(app, actor, id).await.unwrap().people;
    let who = people.iter().find(|one| one.email.is_some()).unwrap().contact;
    let (role, language) = (Some(PortalRole::Lead), Some(Language::En));
    // Nobody is invited once it is over: whoever is there was invited while it ran.
    let state = onboarding::get(app, actor, id).await.unwrap().onboarding.state;
    let running = OnboardingState::Running;
    if state.is_over() {
        becomes_state(test, id, &state, &running).await;
    }
    let made = portal::invite(app, actor, id, who, role, language).await.unwrap();
    if state.is_over() {
        becomes_state(test, id, &running, &state).await;
    }
    let site = nobody(test);
    let opened = send(&site, &format!("/portal/{}", made.secret.reveal()), "").await;
    Invited { id, customer, who, site: keeping(site, &opened) }
}

async fn becomes_state(test: &TestApp, id: OnboardingId, from: &OnboardingState, to: &OnboardingState) {
    let mut tx = test.app.db.write().await.unwrap();
    let moved = set_state(&mut tx, test.actor.workspace, id, from, to).await.unwrap();
    assert!(moved, "it was {from}");
    tx.commit().await.unwrap();
}

/// The guest is something else from now on.
async fn becomes(test: &TestApp, guest: &Invited, role: PortalRole) {
    let (app, actor) = (&test.app, &test.actor);
    let people = portal::manage(app, actor, guest.id).await.unwrap().people;
    let access = people.into_iter().find(|one| one.contact == guest.who).unwrap().access.unwrap();
    portal::change(app, actor, guest.id, access.id, access.version, role, Language::En).await.unwrap();
}

/// Everything that is mailed to a customer is mailed, and everything that can be shared is shared: addresses of it.
async fn share(test: &TestApp, guest: &Invited) -> Vec<String> {
    let (app, actor) = (&test.app, &test.actor);
    let (id, who) = (guest.id, guest.who);
    let names: Vec<String> =
        portal::shareable(app, actor, id).await.unwrap().into_iter().map(|one| one.name).collect();
    assert!(!names.is_empty(), "nothing can be shared");
    portal::share_documents(app, actor, id, &names).await.unwrap();
    let stored = work::sight(app, actor, id).await.unwrap().stored;
    let task = stored.plan.tasks.iter().find(|task| task.side == Side::Customer).unwrap();
    let task = stored.tasks[&task.code].id.to_string();
    let file = NewFile {
        name: "agenda.txt".to_owned(),
        media_type: "text/plain".to_owned(),
        bytes: b"What we talk about".to_vec(),
    };
    let kept = work::add_file(app, actor, &task, file).await.unwrap();
    portal::share(app, actor, &kept.id.to_string(), true).await.unwrap();
    let asked = Draft { form: "user-list".to_owned(), contact: Some(who), due_on: None };
    form::ask(app, actor, id, asked).await.unwrap();
    let mut known = Vec::new();
    for kind in [Kind::WeeklyStatus, Kind::ExecutiveUpdate] {
        let made = report::draft(app, actor, id, kind, None).await.unwrap();
        report::send(app, actor, made.id, made.version, &[Owner::Contact { id: who }]).await.unwrap();
        let link = report::share(app, actor, made.id).await.unwrap();
        known.push(format!("/shared/reports/{}", link.reveal()));
    }
    let planned = survey::of_onboarding(app, actor, id).await.unwrap().lines;
    if let Some(planned) = planned.into_iter().find(|line| line.survey.state == State::Planned) {
        survey::send(app, actor, planned.survey.id, planned.survey.version, None).await.unwrap();
    }
    // Nothing new is embedded of an onboarding that is over.
    if let Ok(embed) = portal::embed(app, actor, id).await {
        known.push(format!("/embed/{}", embed.reveal()));
    }
    let requests = change_request::of_onboarding(app, actor, id).await.unwrap().requests;
    known.push(format!("/portal/tasks/{task}"));
    known.push(format!("/portal/files/{}", kept.id));
    known.extend(requests.into_iter().map(|one| format!("/portal/changes/{}", one.id)));
    known
}

/// Mails that wait to be sent to customers hold nothing; the addresses in them.
async fn read_mails(past: &mut Past) -> Vec<String> {
    let addresses = past.texts("contact", "email", "").await.unwrap();
    let customers: BTreeSet<String> = addresses.into_iter().map(|address| address.to_lowercase()).collect();
    let mut found = BTreeSet::new();
    let mut count = 0;
    for payload in past.texts("job", "payload", "kind = 'mail'").await.unwrap() {
        let mail: Json = serde_json::from_str(&payload).unwrap();
        let to = mail["to"].as_str().unwrap_or_default().to_lowercase();
        if !customers.contains(&to) {
            continue;
        }
        count += 1;
        holds_nothing(&format!("the mail “{}” to {to}", mail["subject"]), &payload);
        let links = payload.split("http://gangway.test").skip(1);
        let is_part = |c: &char| c.is_ascii_alphanumeric() || "/-_.~".contains(*c);
        found.extend(links.map(|rest| rest.chars().take_while(is_part).collect::<String>()));
    }
    assert!(count >= 6, "only {count} mails went to customers");
    found.into_iter().collect()
}

#[tokio::test]
async fn every_column_is_the_teams_own_or_is_not() {
    for_each_address(|db, _| async move {
        let mut known: BTreeSet<(&str, &str)> =
            HIDDEN.iter().map(|(table, column, _)| (*table, *column)).collect();
        known.extend(HIDDEN_PARTS.iter().map(|(table, column, ..)| (*table, *column)));
        known.extend(OPEN.iter().flat_map(|(table, all)| all.iter().map(|column| (*table, *column))));
        let all = db.columns().await.unwrap();
        let written: BTreeSet<(&str, &str)> = all
            .iter()
            .filter(|column| column.kind == "text" || column.kind == "json")
            .map(|column| (column.table.as_str(), column.name.as_str()))
            .collect();
        let new: Vec<_> = written.difference(&known).collect();
        assert!(new.is_empty(), "say whether customers may see {new:?}");
        let gone: Vec<_> = known.difference(&written).collect();
        assert!(gone.is_empty(), "{gone:?} is no column any more");
    })
    .await;
}

#[test]
fn what_guests_send_is_known() {
    let known: BTreeSet<&str> = ACTS.into_iter().chain(ACTS_BY_LINK).collect();
    let all = theirs(&Method::POST);
    let all: BTreeSet<&str> = all.iter().map(|route| route.path).collect();
    assert_eq!(all, known, "a new act of guests: what does it answer with?");
}

#[tokio::test]
async fn nothing_of_the_teams_own_gets_out_to_a_customer() {
    for_each_address(|db, url| async move {
        let test = TestApp::on(db).await;
        let app = &test.app;
        demo::seed(app).await.unwrap();
        let mut past = Past::to(&url).await.unwrap();
        let mut guests = Vec::new();
        for customer in CUSTOMERS {
            guests.push(invite(&test, customer).await);
        }
        fill(&mut past, MARK).await;

        // What guests of every role find, the project lead first, who finds most.
        let fixed: Vec<String> = theirs(&Method::GET)
            .into_iter()
            .filter(|route| !route.path.contains('{'))
            .map(|route| route.path.to_owned())
            .collect();
        let mut well: BTreeSet<&str> = BTreeSet::new();
        for guest in &guests {
            let shared = share(&test, guest).await;
            for role in PortalRole::ALL {
                becomes(&test, guest, *role).await;
                let most = if *role == PortalRole::Lead { 12 } else { 3 };
                let start = fixed.iter().chain(&shared).cloned().collect();
                let who = format!("{} of {}", role.label(), guest.customer);
                let mut opened = Opened::default();
                opened.follow(&guest.site, &who, start, most).await;
                well.extend(opened.well);
            }
            becomes(&test, guest, PortalRole::Lead).await;
        }

        // What is mailed, and where mails lead.
        digest::schedule(app).await.unwrap();
        test.clock.advance_days(1);
        job::runner(app, vec![Arc::new(Digests::new(app.clone()))]).drain().await.unwrap();
        let mut opened = Opened::default();
        for address in read_mails(&mut past).await {
            opened.open(&nobody(&test), "a reader of mail", &address, 20).await;
        }
        well.extend(&opened.well);

        for route in theirs(&Method::GET) {
            if SELDOM.contains(&route.path) {
                let parts = route.path.split('/');
                let nothing = parts.map(|part| if part.starts_with('{') { "nothing" } else { part });
                let address = nothing.collect::<Vec<_>>().join("/");
                opened.open(&guests[0].site, "somebody who guesses", &address, 100).await;
            } else {
                assert!(well.contains(route.path), "{} was never opened: lead to it here", route.path);
            }
        }
    })
    .await;
}
