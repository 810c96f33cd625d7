//! The portal: who comes in, what they see, what they never see, what they do.

use std::collections::BTreeSet;

use gangway_app::change_request::{self, Draft, Step};
use gangway_app::identity::{self, Secret};
use gangway_app::launch;
use gangway_app::portal::{self, Setting, Visit};
use gangway_app::work::{self, NewFile};
use gangway_app::{Actor, AppError, people};
use gangway_domain::change_request::Priority;
use gangway_domain::ids::{ContactId, OnboardingId, TaskId};
use gangway_domain::launch::Verdict;
use gangway_domain::money::Money;
use gangway_domain::permission::Role;
use gangway_domain::portal::{Language, PortalRole, Resource};
use gangway_domain::programme::Side;
use gangway_domain::refusal::Barrier;
use gangway_domain::work::{Assignee, Change};
use gangway_store::contact;
use gangway_testkit::{TestApp, deal, for_each_database};
use serde_json::Value as Json;

use super::generate;

/// An onboarding with two people of the customer who can be written to.
pub(super) struct World {
    pub(super) test: TestApp,
    pub(super) id: OnboardingId,
    pub(super) dana: ContactId,
    pub(super) renee: ContactId,
}

impl World {
    pub(super) async fn on(db: gangway_store::Db) -> Self {
        let test = TestApp::on(db).await;
        let text =
            format!("{}Sponsor: Dana Whitfield (VP Operations)\nChampion: Renee Walsh\n", deal("Acme"));
        let id = generate(&test, &text).await;
        let all = people::standing(&test.app, &test.actor, id).await.unwrap().people;
        let find = |name: &str| all.iter().find(|one| one.facts.name == name).unwrap().facts.contact;
        let (dana, renee) = (find("Dana Whitfield"), find("Renee Walsh"));
        let mut tx = test.app.db.write().await.unwrap();
        for (who, email) in [(dana, "dana@acme.test"), (renee, "renee@acme.test")] {
            let mut known = contact::get(&mut tx, test.actor.workspace, who).await.unwrap().unwrap();
            known.email = Some(email.to_owned());
            assert!(contact::change(&mut tx, test.actor.workspace, &known).await.unwrap());
        }
        tx.commit().await.unwrap();
        Self { test, id, dana, renee }
    }

    pub(super) async fn invite(&self, who: ContactId, role: PortalRole) -> Secret {
        let Self { test, id, .. } = self;
        portal::invite(&test.app, &test.actor, *id, who, Some(role), Some(Language::En)).await.unwrap().secret
    }

    /// Invites somebody, who comes in.
    pub(super) async fn guest(&self, who: ContactId, role: PortalRole) -> Visit {
        let link = self.invite(who, role).await;
        let opened = portal::open(&self.test.app, &link, "test").await.unwrap();
        portal::recognise(&self.test.app, &opened.secret, None).await.unwrap().unwrap()
    }

    /// Gives the first open task of the customer's to somebody.
    pub(super) async fn give(&self, who: ContactId, name: &str) -> TaskId {
        self.give_one(0, who, name).await
    }

    /// The same with another of them, counted from 0.
    pub(super) async fn give_one(&self, nth: usize, who: ContactId, name: &str) -> TaskId {
        let Self { test, id, .. } = self;
        let stored = work::sight(&test.app, &test.actor, *id).await.unwrap().stored;
        let mut theirs = stored.plan.tasks.iter().filter(|task| task.side == Side::Customer);
        let task = theirs.nth(nth).unwrap();
        let assignee = Some(Assignee::Contact { id: who, name: name.to_owned() });
        let changes = vec![Change::Assign { task: task.code.clone(), assignee }];
        work::change(&test.app, &test.actor, *id, None, changes).await.unwrap();
        stored.tasks[&task.code].id
    }
}

/// Every name of a field in a value.
fn fields(value: &Json, found: &mut BTreeSet<String>) {
    match value {
        Json::Object(map) => {
            for (name, inner) in map {
                found.insert(name.clone());
                fields(inner, found);
            }
        }
        Json::Array(all) => all.iter().for_each(|inner| fields(inner, found)),
        _ => {}
    }
}

#[track_caller]
pub(super) fn holds_no_more_than(view: &impl serde::Serialize, resources: &[Resource]) {
    let mut found = BTreeSet::new();
    fields(&serde_json::to_value(view).unwrap(), &mut found);
    let allowed: BTreeSet<&str> = resources.iter().flat_map(|one| one.fields()).copied().collect();
    let more: Vec<&String> = found.iter().filter(|name| !allowed.contains(name.as_str())).collect();
    assert!(more.is_empty(), "{more:?} may not be shown");
}

#[tokio::test]
async fn a_link_opens_the_portal_as_often_as_its_holder_wants_until_it_is_taken_away() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        let link = world.invite(world.dana, PortalRole::Sponsor).await;
        let door = portal::door(app, &link).await.unwrap();
        assert_eq!(
            (door.name.as_str(), door.customer.as_str(), door.opens),
            ("Dana Whitfield", "Acme", true)
        );
        let one = portal::open(app, &link, "phone").await.unwrap();
        let other = portal::open(app, &link, "desktop").await.unwrap();
        assert_ne!(one.secret, other.secret);
        let visit = portal::recognise(app, &one.secret, None).await.unwrap().unwrap();
        assert_eq!((visit.guest.role, visit.guest.onboarding), (PortalRole::Sponsor, world.id));
        assert_eq!(visit.actor.name, "Dana Whitfield");
        let managed = portal::manage(app, actor, world.id).await.unwrap();
        let dana = managed.people.iter().find(|one| one.contact == world.dana).unwrap();
        assert!(dana.is_in(managed.now) && dana.access.as_ref().unwrap().last_used_at.is_some());
        // A new link ends the one before, and what it has opened.
        let again = world.invite(world.dana, PortalRole::Sponsor).await;
        assert!(matches!(portal::open(app, &link, "x").await, Err(AppError::LinkEnded)));
        assert!(portal::recognise(app, &one.secret, None).await.unwrap().is_none());
        let one = portal::open(app, &again, "phone").await.unwrap();
        let access = dana.access.as_ref().unwrap().id;
        portal::revoke(app, actor, world.id, access).await.unwrap();
        assert!(portal::recognise(app, &one.secret, None).await.unwrap().is_none());
        assert!(matches!(portal::door(app, &again).await, Err(AppError::LinkEnded)));
    })
    .await;
}

#[tokio::test]
async fn an_ended_link_leads_to_a_code_that_holds_ten_minutes_and_five_tries() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let app = &world.test.app;
        let link = world.invite(world.dana, PortalRole::Lead).await;
        world.test.clock.advance_days(91);
        let door = portal::door(app, &link).await.unwrap();
        assert_eq!((door.opens, door.name.as_str()), (false, ""), "an ended link says nobody's name");
        assert!(matches!(portal::open(app, &link, "x").await, Err(AppError::LinkEnded)));
        portal::send_again(app, &link).await.unwrap();
        for _ in 0..5 {
            assert!(matches!(portal::enter_code(app, &link, "WRONGX", "x").await, Err(AppError::Invalid(_))));
        }
        // The secrets of tests are known: so is the code. It was tried too often.
        assert!(matches!(portal::enter_code(app, &link, "HHHHHH", "x").await, Err(AppError::Invalid(_))));
        portal::send_again(app, &link).await.unwrap();
        let opened = portal::enter_code(app, &link, " hhh-hhh ", "x").await.unwrap();
        assert!(portal::recognise(app, &opened.secret, None).await.unwrap().is_some());
        assert!(portal::door(app, &link).await.unwrap().opens, "the link works again");
        assert!(
            matches!(portal::enter_code(app, &link, "HHHHHH", "x").await, Err(AppError::Invalid(_))),
            "once"
        );
    })
    .await;
}

#[tokio::test]
async fn a_guest_sees_what_is_on_the_list_and_nothing_else() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        let task = world.give(world.dana, "Dana Whitfield").await;
        work::comment(app, actor, &task.to_string(), "Dana is difficult").await.unwrap();
        let open = work::comment(app, actor, &task.to_string(), "We can help on Tuesday").await.unwrap();
        portal::share(app, actor, &open.id.to_string(), true).await.unwrap();
        let file = NewFile {
            name: "pricing.xlsx".to_owned(),
            media_type: "text/plain".to_owned(),
            bytes: b"internal".to_vec(),
        };
        let kept = work::add_file(app, actor, &task.to_string(), file).await.unwrap();
        for role in [PortalRole::Lead, PortalRole::Sponsor, PortalRole::Technical, PortalRole::Member] {
            let guest = world.guest(world.dana, role).await.actor;
            let overview = portal::overview(app, &guest).await.unwrap();
            holds_no_more_than(&overview, &[Resource::Overview]);
            let plan = portal::plan(app, &guest).await.unwrap();
            holds_no_more_than(&plan, &[Resource::Plan]);
            let stored = work::sight(app, actor, world.id).await.unwrap().stored;
            let vendors: BTreeSet<&str> = stored
                .plan
                .tasks
                .iter()
                .filter(|task| task.side == Side::Vendor)
                .map(|task| task.name.as_str())
                .collect();
            let shown = plan.iter().flat_map(|phase| &phase.tasks);
            assert!(shown.clone().all(|task| !vendors.contains(task.title.as_str())));
            if role == PortalRole::Member {
                assert!(shown.clone().all(|task| task.mine), "a member sees their own");
            }
            let page = portal::task(app, &guest, task).await.unwrap();
            holds_no_more_than(
                &page,
                &[Resource::Plan, Resource::Comment, Resource::File, Resource::Delegate],
            );
            let said: Vec<&str> = page.comments.iter().map(|one| one.said.as_str()).collect();
            assert_eq!(said, ["We can help on Tuesday"]);
            assert!(page.files.is_empty());
            assert!(matches!(portal::file(app, &guest, kept.id).await, Err(AppError::NotFound { .. })));
            holds_no_more_than(&portal::guest_meetings(app, &guest).await.unwrap(), &[Resource::Meeting]);
            let people = portal::guest_people(app, &guest).await.unwrap();
            holds_no_more_than(&people.customer, &[Resource::People]);
            holds_no_more_than(&portal::guest_documents(app, &guest).await.unwrap(), &[Resource::Document]);
            holds_no_more_than(&portal::guest_status(app, &guest).await.unwrap(), &[Resource::Status]);
            holds_no_more_than(&portal::todo(app, &guest).await.unwrap(), &[Resource::Approval]);
            // What the team uses refuses them, whatever they are.
            assert!(work::sight(app, &guest, world.id).await.is_err());
            assert!(people::standing(app, &guest, world.id).await.is_err());
            assert!(identity::team(app, &guest).await.is_err());
        }
        portal::share(app, actor, &kept.id.to_string(), true).await.unwrap();
        let guest = world.guest(world.dana, PortalRole::Member).await.actor;
        assert_eq!(portal::file(app, &guest, kept.id).await.unwrap().1, b"internal");
        let onlooker = world.guest(world.renee, PortalRole::Onlooker).await.actor;
        assert!(portal::file(app, &onlooker, kept.id).await.is_err());
        assert!(portal::task(app, &onlooker, task).await.is_err());
        assert!(portal::guest_people(app, &onlooker).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_guest_finishes_takes_back_asks_and_gives_away() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        let task = world.give(world.dana, "Dana Whitfield").await;
        let dana = world.guest(world.dana, PortalRole::Lead).await.actor;
        let renee = world.guest(world.renee, PortalRole::Member).await.actor;
        assert!(matches!(portal::finish(app, &renee, task).await, Err(AppError::NotFound { .. })));
        assert!(portal::finish(app, &dana, task).await.unwrap());
        assert!(!portal::finish(app, &dana, task).await.unwrap(), "it was done already");
        let page = portal::task(app, &dana, task).await.unwrap();
        assert_eq!((page.state, page.done_on), ("done", Some(app.today())));
        assert_eq!(page.done_by.as_deref(), Some("Dana Whitfield"));
        portal::reopen(app, &dana, task).await.unwrap();
        portal::reopen(app, &dana, task).await.unwrap();
        assert_eq!(portal::task(app, &dana, task).await.unwrap().done_by, None);
        portal::comment(app, &dana, task, "Which format?", true).await.unwrap();
        let talk = work::talk(app, actor, &task.to_string()).await.unwrap();
        assert_eq!((talk.comments[0].by.as_str(), talk.shared.len()), ("Dana Whitfield", 1));
        portal::delegate(app, &dana, task, world.renee).await.unwrap();
        assert!(portal::task(app, &renee, task).await.unwrap().mine);
        let before = gangway_app::activity::of_onboarding(app, actor, world.id, None, 50).await.unwrap().0;
        portal::delegate(app, &dana, task, world.renee).await.unwrap();
        let after = gangway_app::activity::of_onboarding(app, actor, world.id, None, 50).await.unwrap().0;
        assert_eq!(before.len(), after.len(), "it is theirs already");
        let stranger = ContactId::fresh(&*app.ids);
        assert!(matches!(portal::delegate(app, &dana, task, stranger).await, Err(AppError::Invalid(_))));
        let told = gangway_app::activity::of_onboarding(app, actor, world.id, None, 50).await.unwrap().0;
        let help = told.iter().find(|entry| entry.kind == "portal.help_asked").unwrap();
        assert_eq!(
            (help.actor.as_str(), help.door.as_str(), help.person),
            ("Dana Whitfield", "portal", None)
        );
    })
    .await;
}

#[tokio::test]
async fn a_task_is_given_only_to_whoever_works_and_not_once_it_is_done() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let app = &world.test.app;
        let task = world.give(world.dana, "Dana Whitfield").await;
        let dana = world.guest(world.dana, PortalRole::Lead).await.actor;
        world.guest(world.renee, PortalRole::Onlooker).await;
        let reader = world.renee.to_string();
        let page = portal::task(app, &dana, task).await.unwrap();
        assert!(page.may_delegate && page.colleagues.iter().all(|one| one.id != reader));
        let given = portal::delegate(app, &dana, task, world.renee).await;
        assert!(matches!(given, Err(AppError::Invalid(_))), "an onlooker only reads: {given:?}");
        portal::finish(app, &dana, task).await.unwrap();
        let late = portal::delegate(app, &dana, task, world.renee).await;
        assert!(matches!(late, Err(AppError::Barred(Barrier::TaskOver))), "{late:?}");
    })
    .await;
}

#[tokio::test]
async fn the_first_page_says_how_late_the_go_live_is() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let app = &world.test.app;
        let lead = world.guest(world.dana, PortalRole::Lead).await.actor;
        let seen = portal::overview(app, &lead).await.unwrap();
        world.test.clock.advance_days((seen.go_live_on - seen.today).get_days() + 3);
        let late = portal::overview(app, &lead).await.unwrap().late.unwrap();
        assert!(late.is_past && late.days >= 3 && late.overdue > 0, "{late:?}");
        let apart = (portal::overview(app, &lead).await.unwrap(), portal::todo(app, &lead).await.unwrap());
        assert_eq!(portal::home(app, &lead).await.unwrap(), apart, "read at once, both are the same");
    })
    .await;
}

#[tokio::test]
async fn an_onboarding_that_is_closed_takes_nothing_more() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        let task = world.give(world.dana, "Dana Whitfield").await;
        let lead = world.guest(world.dana, PortalRole::Lead).await.actor;
        gangway_app::onboarding::close(app, actor, world.id, "Bought by Globex").await.unwrap();
        let over = |error: Option<AppError>| matches!(error, Some(AppError::Barred(Barrier::OnboardingOver)));
        let file = NewFile { name: "a.txt".to_owned(), media_type: String::new(), bytes: b"words".to_vec() };
        assert!(over(portal::add_file(app, &lead, task, file).await.err()));
        assert!(over(portal::invite_colleague(app, &lead, "Omar", "omar@acme.test").await.err()));
        assert!(over(portal::embed(app, actor, world.id).await.err()));
        assert!(over(portal::invite(app, actor, world.id, world.dana, None, None).await.err()));
        assert!(over(portal::invite(app, actor, world.id, world.renee, None, None).await.err()));
        let seen = portal::overview(app, &lead).await.unwrap();
        assert_eq!((seen.state, seen.late, seen.next_milestone), ("closed", None, None));
        assert!(portal::todo(app, &lead).await.unwrap().is_empty(), "what is over waits for nobody");
        assert!(over(launch::confirm_as_guest(app, &lead, true, "").await.err()));
        let choice = super::launch::choice(Verdict::NoGo);
        assert!(over(launch::decide(app, actor, world.id, choice).await.err()));
        let role = "Customer project lead";
        assert!(over(launch::approve_as_guest(app, &lead, role, true, "").await.err()));
    })
    .await;
}

#[tokio::test]
async fn what_a_closed_gate_holds_waits_for_nobody_of_the_customer() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        let dana = world.guest(world.dana, PortalRole::Lead).await.actor;
        let stored = work::sight(app, actor, world.id).await.unwrap().stored;
        let behind = gangway_domain::work::held(&stored.plan);
        let mut held = stored.plan.tasks.iter().filter(|task| behind.contains_key(task.code.as_str()));
        let task = held.find(|task| task.side != Side::Vendor).unwrap();
        // It would begin today, were it not for the gate.
        world.test.clock.advance_days((task.start - app.today()).get_days().max(0));
        let assignee = Some(Assignee::Contact { id: world.dana, name: "Dana Whitfield".to_owned() });
        let changes = vec![Change::Assign { task: task.code.clone(), assignee }];
        work::change(app, actor, world.id, None, changes).await.unwrap();
        let id = stored.tasks[&task.code].id;
        let page = portal::task(app, &dana, id).await.unwrap();
        assert!(page.mine && page.held_by.is_some(), "{page:?}");
        let waits = portal::todo(app, &dana).await.unwrap();
        assert!(waits.iter().all(|item| !item.href.ends_with(&id.to_string())), "{waits:?}");
        assert!(portal::finish(app, &dana, id).await.is_err_and(|error| error.is_input()));
    })
    .await;
}

#[tokio::test]
async fn a_colleague_who_looks_on_changes_nothing() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let app = &world.test.app;
        let task = world.give(world.dana, "Dana Whitfield").await;
        let csm = world.test.member(Role::Csm).await;
        let cookie = world.test.cookie(&csm).await;
        let secret = Secret::from_holder(cookie.split_once('=').unwrap().1);
        let session = identity::authenticate(app, &secret).await.unwrap().unwrap();
        let opened = portal::view_as(app, &csm, world.id, world.dana, "test").await.unwrap();
        assert!(
            portal::recognise(app, &opened.secret, None).await.unwrap().is_none(),
            "only while signed in"
        );
        let visit = portal::recognise(app, &opened.secret, Some(&session)).await.unwrap().unwrap();
        assert!(visit.guest.peek);
        portal::overview(app, &visit.actor).await.unwrap();
        assert!(matches!(portal::finish(app, &visit.actor, task).await, Err(AppError::NotForGuest)));
        let managed = portal::manage(app, &world.test.actor, world.id).await.unwrap();
        assert!(managed.people.iter().all(|one| one.access.is_none()), "looking invites nobody");
    })
    .await;
}

#[tokio::test]
async fn a_lead_invites_a_colleague_and_a_member_does_not() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let app = &world.test.app;
        let lead = world.guest(world.dana, PortalRole::Lead).await.actor;
        let made = portal::invite_colleague(app, &lead, "Omar Haddad", "omar@acme.test").await.unwrap();
        let opened = portal::open(app, &made.secret, "x").await.unwrap();
        let omar = portal::recognise(app, &opened.secret, None).await.unwrap().unwrap();
        assert_eq!(omar.guest.role, PortalRole::Member);
        let refused = portal::invite_colleague(app, &omar.actor, "Eve", "eve@acme.test").await;
        assert!(matches!(refused, Err(AppError::NotForGuest)));
        let twice = portal::invite_colleague(app, &lead, "Omar Haddad", "omar@acme.test").await;
        assert!(matches!(twice, Err(AppError::Invalid(_))));
        portal::revoke(app, &world.test.actor, world.id, omar.access).await.unwrap();
        let again = portal::invite_colleague(app, &lead, "Omar Haddad", "omar@acme.test").await;
        assert!(matches!(again, Err(AppError::Invalid(_))), "whom the team shut out stays out");
    })
    .await;
}

#[tokio::test]
async fn the_look_is_checked_and_another_workspace_has_its_own() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor): (_, &Actor) = (&world.test.app, &world.test.actor);
        let known = portal::settings(app, actor).await.unwrap();
        let light = Setting { colour: "#ffee00".to_owned(), ..known.clone() };
        assert!(matches!(portal::change_settings(app, actor, light, None).await, Err(AppError::Invalid(_))));
        let dark = Setting { colour: "#0D5A5A".to_owned(), name: "Northbeam".to_owned(), ..known.clone() };
        let kept = portal::change_settings(app, actor, dark.clone(), None).await.unwrap();
        assert_eq!((kept.colour.as_str(), kept.version), ("#0d5a5a", 1));
        assert!(matches!(portal::change_settings(app, actor, dark, None).await, Err(AppError::Stale { .. })));
        let other = world.test.elsewhere("Southlight").await;
        assert_eq!(portal::settings(app, &other.actor).await.unwrap(), Setting::default());
        assert!(portal::manage(app, &other.actor, world.id).await.is_err());
        let link = world.invite(world.dana, PortalRole::Lead).await;
        assert_eq!(portal::door(app, &link).await.unwrap().vendor, "Northbeam");
    })
    .await;
}

#[tokio::test]
async fn a_change_request_waits_for_the_yes_of_whoever_is_asked() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        let draft = Draft {
            title: "Two more plants".to_owned(),
            description: "Berlin and Lyon too".to_owned(),
            justification: "They were bought in December".to_owned(),
            requested_by: "Dana Whitfield".to_owned(),
            side: Side::Customer,
            requested_on: None,
            priority: Priority::Medium,
            changes: Vec::new(),
            cost: Some(Money { minor: 100_000, currency: "USD".parse().unwrap() }),
            risk: "They may not pay".to_owned(),
            recommendation: None,
        };
        let made = change_request::add(app, actor, world.id, draft).await.unwrap().request;
        let lead = world.guest(world.dana, PortalRole::Lead).await.actor;
        let technical = world.guest(world.renee, PortalRole::Technical).await.actor;
        let hidden = portal::change_page(app, &lead, made.id).await;
        assert!(matches!(hidden, Err(AppError::NotFound { .. })), "a draft is the team's");
        let proposed =
            change_request::take(app, actor, made.id, made.version, Step::Propose).await.unwrap().request;
        let waits = portal::todo(app, &lead).await.unwrap();
        assert_eq!(waits.iter().filter(|item| item.kind == "approval").count(), 1);
        let page = portal::change_page(app, &lead, made.id).await.unwrap();
        holds_no_more_than(&page, &[Resource::Approval]);
        assert!(page.may_decide && !format!("{page:?}").contains("may not pay"));
        assert!(!portal::change_page(app, &technical, made.id).await.unwrap().may_decide);
        let refused = portal::decide_change(app, &technical, made.id, proposed.version, None).await;
        assert!(matches!(refused, Err(AppError::NotForGuest)));
        portal::decide_change(app, &lead, made.id, proposed.version, None).await.unwrap();
        let page = portal::change_page(app, &lead, made.id).await.unwrap();
        assert_eq!(
            (page.given[0].by.as_str(), page.may_decide, page.state),
            ("Dana Whitfield", false, "proposed")
        );
        let known = change_request::get(app, actor, made.id).await.unwrap().request;
        assert_eq!(known.approvals[0].recorded_by, None, "she said so herself");
    })
    .await;
}
