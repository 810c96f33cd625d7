//! Workspaces side by side: whoever knows the address of everything another has finds nothing there, and changes
//! nothing.

use axum::http::{Method, StatusCode};
use gangway_app::portal;
use gangway_domain::permission::Role;
use gangway_domain::portal::{Language, PortalRole};
use gangway_testkit::{Address, Database, TestApp};
use gangway_web::{Access, Route, routes};

use super::full::{Full, full};
use super::leak::fill;
use super::portal::{keeping, nobody, onboarding};
use super::{Answer, Site, get, router, send};

/// What every text of the first workspace begins with.
const MARK: &str = "qxz-";

/// Nobody has put a file there: even its owner finds none.
const WITHOUT_A_FILE: [&str; 2] =
    ["/onboardings/{id}/forms/{form}/files/{field}", "/onboardings/{id}/training/library/{entry}/file"];

/// What a form that is refused before anything is looked for answers: the form does not hold together, whatever it
/// is about, or nobody of this kind may send it.
const REFUSED: [StatusCode; 4] = [
    StatusCode::BAD_REQUEST,
    StatusCode::FORBIDDEN,
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
    StatusCode::UNPROCESSABLE_ENTITY,
];

/// Fields that many forms have, filled so that most of them are taken.
const FORM: &str = "version=1&name=x&title=x&text=x&said=x&reason=x&note=x&notes=x&words=x&word=x&details=x\
                    &description=x&subject=x&question=x&answer=x&goal=x&metric=x&because=x&who=x&by=x&owner=x\
                    &email=x%40example.com&role=csm&language=en&do=share&act=close&step=close&verdict=kept\
                    &on=2027-01-11&day=2027-01-11&date=2027-01-11&by_on=2027-01-11&days=5&rating=4&rows=&back=%2F";

/// Routes behind the lock of a workspace; the ways in are for whoever holds the secret in the address.
fn behind_locks() -> impl Iterator<Item = Route> {
    routes().into_iter().filter(|route| !matches!(route.access, Access::Public | Access::Entrance))
}

/// The ids of the first workspace where forms name what they are about.
fn fields(full: &Full) -> String {
    let named = [
        ("onboarding", "/onboardings/{id}"),
        ("handoff", "/handoffs/{id}"),
        ("account", "/accounts/{id}"),
        ("contact", "/contacts/{id}"),
        ("person", "/settings/team/{id}"),
        ("with", "/accounts/{id}"),
        ("other", "/contacts/{id}"),
        ("task", "/portal/tasks/{task}"),
        ("learner", "/onboardings/{id}/training/learners/{learner}"),
        ("track", "/onboardings/{id}/training/tracks/{track}"),
    ];
    let ids = named.map(|(field, route)| {
        let path = full.addresses.of(route).unwrap().path;
        format!("&{field}={}", path.rsplit('/').next().unwrap())
    });
    format!("{FORM}{}", ids.concat())
}

/// What is wrong about an answer to somebody of another workspace; nothing when it is as it should be.
fn fault(method: &Method, address: &Address, answer: &Answer) -> Option<&'static str> {
    let (status, foreign) = (answer.status, address.names_a_row);
    if status.is_server_error() {
        return Some("breaks");
    }
    if answer.text.contains(MARK) {
        return Some("tells");
    }
    let may_refuse = *method != Method::GET && REFUSED.contains(&status);
    (foreign && status != StatusCode::NOT_FOUND && !may_refuse).then_some("finds")
}

/// A guest of an onboarding of this workspace.
async fn guest(test: &TestApp) -> Site {
    let (id, who) = onboarding(test).await;
    let (role, language) = (Some(PortalRole::Lead), Some(Language::En));
    let made = portal::invite(&test.app, &test.actor, id, who, role, language).await.unwrap();
    let site = nobody(test);
    let opened = send(&site, &format!("/portal/{}", made.secret.reveal()), "").await;
    keeping(site, &opened)
}

/// The owner finds everything there is: the addresses are right.
async fn owner_finds(full: &Full) -> Vec<String> {
    let site = router(&full.test).await;
    let mut wrong = Vec::new();
    let mut count = 0;
    for route in behind_locks().filter(|route| route.method == Method::GET) {
        if route.access == Access::Guest || WITHOUT_A_FILE.contains(&route.path) {
            continue;
        }
        let Some(address) = full.addresses.of(route.path) else { continue };
        if !address.names_a_row || !address.is_real {
            continue;
        }
        count += 1;
        let page = get(&site, &address.path).await;
        if !page.status.is_success() && !page.status.is_redirection() {
            wrong.push(format!("the owner does not find {}: {}", route.path, page.status));
        }
    }
    assert!(count > 60, "only {count} pages were asked for");
    wrong
}

/// Asks everywhere as somebody of the other workspace.
async fn stranger_asks(full: &Full, elsewhere: &TestApp) -> Vec<String> {
    let (guest, open) = (guest(elsewhere).await, nobody(elsewhere));
    let named = fields(full);
    let forms = ["", named.as_str()];
    let (mut wrong, mut looked, mut in_vain) = (Vec::new(), 0, 0);
    for route in behind_locks() {
        let Some(address) = full.addresses.of(route.path) else {
            wrong.push(format!("nothing is known to stand for the parts of {}", route.path));
            continue;
        };
        let times = if route.method == Method::GET { 1 } else { forms.len() };
        for form in forms.into_iter().take(times) {
            // Somebody new each time: what is sent may end a session or a membership.
            let cookie = elsewhere.sign_in(Role::Admin).await;
            let member = Site { router: open.router.clone(), cookie };
            let site = match route.access {
                Access::Guest if route.path == "/portal/closing" => continue,
                Access::Guest => &guest,
                _ => &member,
            };
            let answer = if route.method == Method::GET {
                get(site, &address.path).await
            } else {
                send(site, &address.path, form).await
            };
            looked += usize::from(address.names_a_row);
            in_vain += usize::from(address.names_a_row && answer.status == StatusCode::NOT_FOUND);
            if let Some(fault) = fault(&route.method, &address, &answer) {
                wrong.push(format!("{} {} {fault}: {}", route.method, route.path, answer.status));
            }
        }
    }
    assert!(looked > 500, "only {looked} addresses named a row");
    // Many forms are refused for what they say, but most things were looked for, and not found.
    assert!(in_vain * 2 > looked, "{in_vain} of {looked} were looked for");
    wrong
}

#[tokio::test]
async fn nobody_finds_or_changes_what_is_another_workspaces() {
    let database = Database::sqlite().await.unwrap();
    let mut full = full(database.db.clone(), &database.url).await;
    let mut wrong = owner_finds(&full).await;
    fill(&mut full.past, MARK).await;
    for (table, column) in
        [("onboarding", "customer"), ("account", "name"), ("contact", "name"), ("task", "name")]
    {
        assert!(full.past.write(table, column, "", &format!("{MARK}{table}")).await.unwrap() > 0, "{table}");
    }
    let (columns, own) = (database.db.columns().await.unwrap(), full.test.actor.workspace);
    full.addresses.make_up(&mut full.past, &columns, own).await.unwrap();
    let elsewhere = full.test.elsewhere("Southlight").await;
    let before = full.past.all_of(&columns, own).await.unwrap();
    assert!(before["activity"].len() > 100 && before["task"].len() > 1000, "all of it is looked at");

    wrong.extend(stranger_asks(&full, &elsewhere).await);
    let after = full.past.all_of(&columns, own).await.unwrap();
    let changed = before.keys().filter(|table| before[*table] != after[*table]);
    wrong.extend(changed.map(|table| format!("rows of {table} were changed")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    database.remove().await.unwrap();
}
