//! Forms customers fill in: saved half-way, checked, handed in, accepted into facts and tasks.

use std::collections::{BTreeMap, BTreeSet};

use gangway_app::form::{self, Draft, Step, Upload};
use gangway_app::{Actor, AppError, Guest, activity, contact, portal, transition, work};
use gangway_domain::form::State;
use gangway_domain::ids::OnboardingId;
use gangway_domain::portal::{PortalRole, Resource};
use gangway_domain::refusal::{Barrier, Fault};
use gangway_testkit::{TestApp, for_each_database};

use super::portal::World;
use super::{guest, sponsored};

async fn with_guest(test: &TestApp, role: PortalRole) -> (OnboardingId, Actor) {
    let id = sponsored(test).await;
    let (_, guest) = guest(test, id, role).await;
    (id, guest)
}

fn answers(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(field, text)| ((*field).to_owned(), (*text).to_owned())).collect()
}

fn file(name: &str, bytes: &[u8]) -> Upload {
    Upload { name: name.to_owned(), bytes: bytes.to_vec() }
}

#[tokio::test]
async fn a_form_is_saved_half_way_handed_in_when_whole_and_becomes_facts_and_tasks() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (id, dana) = with_guest(&test, PortalRole::Lead).await;
        let (app, actor) = (&test.app, &test.actor);
        let draft = Draft { form: "technical-requirements".to_owned(), ..Draft::default() };
        let made = form::ask(app, actor, id, draft).await.unwrap();
        assert_eq!(made.due_on, app.today().checked_add(jiff::Span::new().days(7)).unwrap());
        let unknown = form::ask(app, actor, id, Draft { form: "tea".to_owned(), ..Draft::default() }).await;
        assert!(matches!(unknown, Err(AppError::Invalid(_))));

        let first = answers(&[("sign-in", "Single sign-on (SAML)"), ("identity-contact", "no address")]);
        let kept = form::save(app, &dana, made.id, 1, &first).await.unwrap();
        assert_eq!((kept.version, kept.submitted, kept.mistakes.len()), (2, false, 1));
        let filled = form::for_guest(app, &dana, made.id).await.unwrap();
        assert_eq!(filled.sections[0].2[2].answer, "no address", "what was typed stays");
        let stale = form::save(app, &dana, made.id, 1, &first).await;
        assert!(matches!(stale, Err(AppError::Stale { what: "form", version: 2 })));

        let half = form::submit(app, &dana, made.id, 2, &answers(&[("identity-contact", "")])).await.unwrap();
        let missing: Vec<&str> = half.mistakes.iter().map(|one| one.field.as_str()).collect();
        assert_eq!((half.submitted, missing), (false, vec!["allow-list", "test-system", "review"]));
        let rest = answers(&[
            ("allow-list", "yes"),
            ("test-system", "yes"),
            ("review", "no"),
            ("systems", "system,owner\nSAP,Omar\nSalesforce,Renee\n"),
        ]);
        let whole = form::submit(app, &dana, made.id, 3, &rest).await.unwrap();
        assert!(whole.submitted, "{:?}", whole.mistakes);
        let closed = form::save(app, &dana, made.id, 4, &rest).await;
        assert!(matches!(closed, Err(AppError::Barred(Barrier::FormHandedIn))));

        let before = work::sight(app, actor, id).await.unwrap().stored.plan.tasks.len();
        let accepted = form::step(app, actor, made.id, 4, Step::Accept).await.unwrap();
        assert_eq!(accepted.state, State::Accepted);
        let seen = form::of_onboarding(app, actor, id).await.unwrap();
        let fact = |name: &str| seen.facts.iter().find(|one| one.fact == name).map(|one| one.value.clone());
        assert_eq!(fact("sign_in").as_deref(), Some("Single sign-on (SAML)"));
        assert_eq!(fact("systems_listed").as_deref(), Some("2"));
        let plan = work::sight(app, actor, id).await.unwrap().stored.plan;
        assert_eq!(plan.tasks.len(), before + 2);
        assert!(plan.tasks.iter().any(|task| task.name == "Set up Single sign-on (SAML)"));

        // Returned and accepted once more it adds nothing twice.
        let note = "Which system holds the orders?".to_owned();
        let returned = form::step(app, actor, made.id, 5, Step::Return { note }).await.unwrap();
        assert_eq!(returned.state, State::Returned);
        assert!(form::submit(app, &dana, made.id, 6, &rest).await.unwrap().submitted);
        form::step(app, actor, made.id, 7, Step::Accept).await.unwrap();
        assert_eq!(work::sight(app, actor, id).await.unwrap().stored.plan.tasks.len(), before + 2);
        let stranger = test.elsewhere("Southlight").await;
        assert!(form::get(app, &stranger.actor, made.id).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn files_are_taken_by_what_they_are_and_tables_from_csv() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (id, dana) = with_guest(&test, PortalRole::Member).await;
        let (app, actor) = (&test.app, &test.actor);
        let ask = |kind: &str| Draft { form: kind.to_owned(), ..Draft::default() };
        let data = form::ask(app, actor, id, ask("data-template")).await.unwrap().id;
        let wrong = form::put_file(app, &dana, data, "sample", file("sample.pdf", b"MZ\x90\x00")).await;
        assert!(matches!(wrong, Err(AppError::Invalid(_))));
        let nowhere = form::put_file(app, &dana, data, "duplicates", file("a.csv", b"a,b\n1,2\n")).await;
        assert!(matches!(nowhere, Err(AppError::Invalid(_))));
        form::put_file(app, &dana, data, "sample", file("C:\\data\\sample.csv", b"a,b\n1,2\n"))
            .await
            .unwrap();
        let (row, bytes) = form::file(app, actor, data, "sample").await.unwrap();
        assert_eq!((row.name.as_str(), row.size, bytes.as_slice()), ("sample.csv", 8, &b"a,b\n1,2\n"[..]));
        let papers = form::of_guest(app, &dana).await.unwrap();
        let filled = form::for_guest(app, &dana, data).await.unwrap();
        assert_eq!(papers.first(), Some(&filled.paper), "a file counts in the list as in the form");
        form::take_file_out(app, &dana, data, "sample").await.unwrap();
        let trail = activity::recent(app, actor, 2).await.unwrap();
        let trail: Vec<String> = trail.into_iter().map(|entry| entry.kind).collect();
        assert_eq!(trail, ["form.file_removed", "form.file_added"]);
        assert!(form::file(app, actor, data, "sample").await.is_err());

        let users = form::ask(app, actor, id, ask("user-list")).await.unwrap().id;
        let csv = b"E-Mail;Name\r\n";
        form::put_file(app, &dana, users, "users", file("users.csv", csv)).await.unwrap();
        let csv = "email;name\nada@acme.test;Äda\n";
        form::put_file(app, &dana, users, "users", file("users.csv", csv.as_bytes())).await.unwrap();
        let filled = form::for_guest(app, &dana, users).await.unwrap();
        assert_eq!(filled.sections[0].2[0].answer, csv.trim());

        let long = answers(&[("languages", &"a".repeat(1_400_000))]);
        form::save(app, &dana, users, filled.version, &long).await.unwrap();
        let much = format!("name;email\n{}", "Ada;ada@acme.test\n".repeat(10_000));
        let much = form::put_file(app, &dana, users, "users", file("users.csv", much.as_bytes())).await;
        let told = Some(Fault::TooMuch.into());
        assert!(matches!(&much, Err(AppError::Invalid(problems)) if problems[0].told == told), "{much:?}");
    })
    .await;
}

#[tokio::test]
async fn an_onlooker_sees_no_forms_and_nobody_those_of_others() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (id, dana) = with_guest(&test, PortalRole::Onlooker).await;
        let (app, actor) = (&test.app, &test.actor);
        let draft = Draft { form: "user-list".to_owned(), ..Draft::default() };
        let made = form::ask(app, actor, id, draft).await.unwrap();
        assert!(matches!(form::of_guest(app, &dana).await, Err(AppError::NotForGuest)));
        let guest = *dana.as_guest().unwrap();
        let elsewhere = OnboardingId::from_uuid(uuid::Uuid::from_u128(7));
        let other = Guest { role: PortalRole::Lead, onboarding: elsewhere, ..guest };
        let other = Actor::guest("Somebody else", other);
        assert!(matches!(form::for_guest(app, &other, made.id).await, Err(AppError::NotFound { .. })));
        let peek = Actor::guest("Dana Whitfield", Guest { role: PortalRole::Lead, peek: true, ..guest });
        assert!(form::for_guest(app, &peek, made.id).await.is_ok());
        assert!(
            form::save(app, &peek, made.id, 1, &BTreeMap::new()).await.is_err(),
            "a colleague only looks"
        );
    })
    .await;
}

#[tokio::test]
async fn what_waits_for_a_guest_are_open_forms_of_theirs_and_of_anybody() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (id, dana) = with_guest(&test, PortalRole::Lead).await;
        let (app, actor) = (&test.app, &test.actor);
        let account = transition::of_onboarding(app, actor, id).await.unwrap().head.account_id;
        let changes = contact::Changes {
            name: Some("Omar Reyes".to_owned()),
            email: Some(Some("omar@acme.example".to_owned())),
            ..contact::Changes::default()
        };
        let contact = contact::add(app, actor, account, changes).await.unwrap().id;
        let omar = Actor::guest("Omar Reyes", Guest { contact, ..*dana.as_guest().unwrap() });
        let of = |form: &str, contact| Draft { form: form.to_owned(), contact, due_on: None };
        let anybodys = form::ask(app, actor, id, of("user-list", None)).await.unwrap();
        let theirs = form::ask(app, actor, id, of("data-template", Some(contact))).await.unwrap();
        // There is no other place to fill it in: whoever is asked is let in, with a role that answers forms.
        let let_in = portal::manage(app, actor, id).await.unwrap().people;
        let let_in = let_in.into_iter().find(|one| one.contact == contact).unwrap().access.unwrap();
        assert_eq!((let_in.role, let_in.revoked_at), (PortalRole::Member, None));
        let again = form::ask(app, actor, id, of("technical-requirements", Some(contact))).await.unwrap();
        form::step(app, actor, again.id, again.version, Step::Withdraw).await.unwrap();
        let waiting = async |who: &Actor| -> BTreeSet<String> {
            let all = portal::todo(app, who).await.unwrap();
            all.into_iter().filter(|item| item.kind == "form").map(|item| item.href).collect()
        };
        let at = |form: &form::Form| format!("/portal/forms/{}", form.id);
        assert_eq!(waiting(&omar).await, BTreeSet::from([at(&anybodys), at(&theirs)]));
        assert_eq!(waiting(&dana).await, BTreeSet::from([at(&anybodys)]));
        form::step(app, actor, anybodys.id, anybodys.version, Step::Withdraw).await.unwrap();
        assert_eq!(waiting(&omar).await, BTreeSet::from([at(&theirs)]));
    })
    .await;
}

#[tokio::test]
async fn whoever_was_shut_out_of_the_portal_is_not_asked() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        world.invite(world.dana, PortalRole::Onlooker).await;
        let asked = || {
            let contact = Some(world.dana);
            form::ask(app, actor, world.id, Draft { form: "user-list".to_owned(), contact, due_on: None })
        };
        let onlooker = asked().await.unwrap_err();
        assert!(onlooker.to_string().contains("give them another role"), "{onlooker}");
        let people = portal::manage(app, actor, world.id).await.unwrap().people;
        let access = people.into_iter().find(|one| one.contact == world.dana).unwrap().access.unwrap();
        portal::revoke(app, actor, world.id, access.id).await.unwrap();
        let out = asked().await.unwrap_err();
        assert!(out.to_string().contains("invite them there again"), "{out}");
    })
    .await;
}

/// Every name of a field in a value.
fn names(value: &serde_json::Value, found: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(map) => {
            for (name, inner) in map {
                found.insert(name.clone());
                names(inner, found);
            }
        }
        serde_json::Value::Array(all) => all.iter().for_each(|inner| names(inner, found)),
        _ => {}
    }
}

#[tokio::test]
async fn a_guest_sees_no_more_of_a_form_than_the_list_says() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (id, dana) = with_guest(&test, PortalRole::Lead).await;
        let (app, actor) = (&test.app, &test.actor);
        let draft = Draft { form: "user-list".to_owned(), ..Draft::default() };
        let made = form::ask(app, actor, id, draft).await.unwrap();
        let mut found = BTreeSet::new();
        let filled = form::for_guest(app, &dana, made.id).await.unwrap();
        names(&serde_json::to_value(&filled).unwrap(), &mut found);
        names(&serde_json::to_value(form::of_guest(app, &dana).await.unwrap()).unwrap(), &mut found);
        let allowed: BTreeSet<&str> = Resource::Form.fields().iter().copied().collect();
        let more: Vec<&String> = found.iter().filter(|name| !allowed.contains(name.as_str())).collect();
        assert!(more.is_empty() && !found.is_empty(), "{more:?} may not be shown");
    })
    .await;
}
