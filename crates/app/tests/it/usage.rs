//! Usage: events accepted and counted exactly once, for the right customer, and what follows from them.

use gangway_app::account::book::{self, Draft};
use gangway_app::usage::group::{self, Which};
use gangway_app::usage::ingest::{self, Accepted, Admitted};
use gangway_app::usage::scorecard::{self, ClockKind, ClockState, CountedTarget, Pace, TargetState};
use gangway_app::usage::view::{AccountUsage, HeatFilter, HeatOrder, SortBy};
use gangway_app::usage::{debugger, expected, export, feature, import, roll_once, source, view};
use gangway_app::{AppError, activity, health};
use gangway_domain::ids::{AccountId, OnboardingId};
use gangway_domain::permission::Role;
use gangway_domain::rule::FactValue;
use gangway_events::read::{Origin, Shape, open};
use gangway_store::Db;
use gangway_store::onboarding::list::Direction;
use gangway_testkit::{TestApp, for_each_database};
use jiff::civil::Date;
use serde_json::{Value, json};

use super::sponsored;

struct World {
    test: TestApp,
    id: OnboardingId,
    account: AccountId,
    by: Admitted,
}

impl World {
    async fn on(db: Db) -> Self {
        let test = TestApp::on(db).await;
        let id = sponsored(&test).await;
        let wanted = source::Wanted { name: "Web".to_owned(), origins: Vec::new() };
        let key = source::add(&test.app, &test.actor, &wanted).await.unwrap().key;
        let by = ingest::admit(&test.app, key.reveal()).await.unwrap().unwrap();
        let usage = view::of_onboarding(&test.app, &test.actor, id).await.unwrap();
        Self { test, id, account: usage.account, by }
    }

    async fn send(&self, messages: Value) -> Accepted {
        let body = json!({ "batch": messages }).to_string();
        let received_at = self.test.app.clock.now();
        let origin = Origin { workspace: self.by.workspace, source: self.by.source.uuid(), received_at };
        let verdicts = open(body.as_bytes(), Shape::Batch).unwrap().read(&origin);
        ingest::accept(&self.test.app, &self.by, verdicts).await.unwrap()
    }

    async fn usage(&self) -> AccountUsage {
        view::of_account(&self.test.app, &self.test.actor, self.account).await.unwrap()
    }
}

/// Somebody of Acme did something.
fn track(number: u32, user: &str, event: &str, at: &str) -> Value {
    json!({
        "type": "track", "messageId": format!("m-{number}"), "userId": user, "event": event, "timestamp": at,
        "context": { "groupId": "acme-1" },
    })
}

/// What the product calls Acme.
fn acme() -> Value {
    json!({
        "type": "group", "messageId": "g-1", "userId": "ada", "groupId": "acme-1", "traits": { "name": "Acme" },
        "timestamp": "2027-01-02T08:00:00Z",
    })
}

#[tokio::test]
async fn events_are_counted_once_whatever_happens_between() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        let messages = json!([
            acme(),
            track(1, "ada", "Signed In", "2027-01-03T10:00:00Z"),
            track(2, "ada", "Dashboard Created", "2027-01-03T11:00:00Z"),
            track(3, "bob", "Signed In", "2027-01-03T12:00:00Z"),
            // Late, and out of order.
            track(4, "bob", "Signed In", "2027-01-02T12:00:00Z"),
        ]);
        assert_eq!(world.send(messages.clone()).await.accepted, 5);
        // The process ended here; the sender had no answer and sends again.
        assert_eq!(world.send(messages).await.accepted, 5);
        let rolled = roll_once(app).await.unwrap();
        assert_eq!((rolled.events, rolled.duplicates), (5, 5));
        assert_eq!(roll_once(app).await.unwrap().events, 0);
        let usage = world.usage().await;
        let day = |date: &str| {
            let found = usage.days.iter().find(|day| day.day.to_string() == date).unwrap();
            (found.users, found.events)
        };
        assert_eq!((day("2027-01-03"), day("2027-01-02")), ((2, 3), (1, 1)));
        assert_eq!((usage.users_total, usage.active_28), (2, 2));
        assert_eq!(usage.groups[0].matched_by.as_deref(), Some("name"));
        let feature = usage.features.iter().find(|one| one.code == "dashboards").unwrap();
        assert_eq!((feature.count_28, feature.days_28), (1, 1));
        let map =
            view::heat_map(app, actor, &HeatFilter { limit: 10, ..HeatFilter::default() }).await.unwrap();
        let column = map.features.iter().position(|one| one.code == "dashboards").unwrap();
        assert_eq!((map.rows[0].account, map.rows[0].cells[column]), (world.account, 1));
        assert_eq!(map.features[column].accounts_28, 1);
        assert_eq!(view::trend(app, actor).await.unwrap().iter().map(|week| week.events).sum::<i64>(), 4);
        assert_eq!(source::get(app, actor, world.by.source).await.unwrap().last_seen_at, Some(app.now()));
    })
    .await;
}

/// Accounts of the heat map in an order, each with its adoption.
async fn adopted(world: &World, sort: SortBy, direction: Direction) -> Vec<(AccountId, Option<i64>)> {
    let order = HeatOrder { sort, direction };
    let filter = HeatFilter { order, limit: 10, ..HeatFilter::default() };
    let map = view::heat_map(&world.test.app, &world.test.actor, &filter).await.unwrap();
    map.rows.iter().map(|row| (row.account, row.adoption)).collect()
}

/// Somebody of Zenith did something.
fn zenith(number: u32, event: &str) -> Value {
    json!({
        "type": "track", "messageId": format!("z-{number}"), "userId": "zoe", "event": event,
        "timestamp": format!("2027-01-03T12:{number:02}:00Z"), "context": { "groupId": "zen-1" },
    })
}

#[tokio::test]
async fn adoption_is_sorted_over_all_accounts_and_fades_with_time() {
    use Direction::{Ascending, Descending};

    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor, acme_id) = (&world.test.app, &world.test.actor, world.account);
        let draft = Draft { name: "Zenith".to_owned(), ..Draft::default() };
        let zenith_id = book::add(app, actor, draft).await.unwrap().account.id;
        let named = json!({
            "type": "group", "messageId": "g-2", "userId": "zoe", "groupId": "zen-1", "traits": { "name": "Zenith" },
            "timestamp": "2027-01-02T08:00:00Z",
        });
        let made = track(1, "ada", "Dashboard Created", "2027-01-03T11:00:00Z");
        world.send(json!([acme(), made, named, zenith(1, "Signed In")])).await;
        roll_once(app).await.unwrap();
        // One of the five core features, and none.
        let (fifth, none) = ((acme_id, Some(20)), (zenith_id, Some(0)));
        assert_eq!(adopted(&world, SortBy::Share, Descending).await, [fifth, none]);
        assert_eq!(adopted(&world, SortBy::Share, Ascending).await, [none, fifth]);
        assert_eq!(adopted(&world, SortBy::Name, Descending).await, [none, fifth]);
        assert_eq!(adopted(&world, SortBy::Last, Descending).await, [none, fifth]);
        let by_name = HeatOrder { sort: SortBy::Name, direction: Ascending };
        let first = HeatFilter { order: by_name, limit: 1, ..HeatFilter::default() };
        let page = view::heat_map(app, actor, &first).await.unwrap();
        assert_eq!((page.rows[0].account, page.accounts, page.more), (acme_id, 2, true));
        let second = HeatFilter { after: page.next, ..first };
        let page = view::heat_map(app, actor, &second).await.unwrap();
        assert_eq!((page.rows[0].account, page.more, page.next.clone()), (zenith_id, false, None));
        let other = HeatFilter { order: HeatOrder::default(), ..second };
        assert!(matches!(view::heat_map(app, actor, &other).await, Err(AppError::Cursor(_))));
        // What is counted later adds to what is kept.
        let later = [zenith(2, "Report Viewed"), zenith(3, "report exported"), zenith(4, "Comment Added")];
        world.send(json!(later)).await;
        roll_once(app).await.unwrap();
        assert_eq!(adopted(&world, SortBy::Share, Descending).await, [(zenith_id, Some(40)), fifth]);
        // Only Acme made a dashboard, though Zenith uses more of the core.
        let all = view::heat_map(app, actor, &HeatFilter { limit: 1, ..HeatFilter::default() }).await.unwrap();
        let dashboards = all.features.iter().find(|one| one.accounts_28 == 1 && one.core).unwrap();
        let of_feature =
            HeatFilter { feature: Some(dashboards.code.clone()), limit: 1, ..HeatFilter::default() };
        let first = view::heat_map(app, actor, &of_feature).await.unwrap();
        let next = HeatFilter { after: first.next.clone(), ..of_feature.clone() };
        let second = view::heat_map(app, actor, &next).await.unwrap();
        assert!(second.next.is_none() && first.rows[0].account != second.rows[0].account);
        let column = all.features.iter().position(|one| one.code == dashboards.code).unwrap();
        assert_eq!((first.rows[0].cells[column] > 0, second.rows[0].cells[column]), (true, 0));
        let none = HeatFilter { feature: Some("moon-phase".to_owned()), ..of_feature };
        assert!(matches!(view::heat_map(app, actor, &none).await, Err(AppError::Invalid(_))));
        let weeks = view::trend(app, actor).await.unwrap();
        assert_eq!(weeks.iter().map(|week| week.accounts).max(), Some(2));
        world.test.clock.advance_days(40);
        let faded = [(acme_id, Some(0)), (zenith_id, Some(0))];
        assert_eq!(adopted(&world, SortBy::Name, Ascending).await, faded);
        // One customer of the product is said to be the other's: one account is left.
        let (groups, _) = group::list(app, actor, Which::All, None, 10).await.unwrap();
        let zen = groups.iter().find(|group| group.external_id == "zen-1").unwrap();
        group::assign(app, actor, zen.id, None, Some(acme_id)).await.unwrap();
        assert_eq!(adopted(&world, SortBy::Name, Ascending).await, [(acme_id, Some(0))]);
    })
    .await;
}

#[tokio::test]
async fn what_was_done_before_somebody_was_known_moves_to_them() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let app = &world.test.app;
        let visit = json!({
            "type": "page", "messageId": "p-1", "anonymousId": "x1", "name": "Start", "timestamp": "2027-01-03T09:00:00Z",
        });
        world.send(json!([visit])).await;
        roll_once(app).await.unwrap();
        assert_eq!(world.usage().await.users_total, 0);
        // They sign up, then say who their employer is.
        let identify = json!({
            "type": "identify", "messageId": "i-1", "anonymousId": "x1", "userId": "ada",
            "traits": { "email": "Ada@Acme.test", "name": "Ada" }, "timestamp": "2027-01-03T09:05:00Z",
        });
        world.send(json!([identify, track(1, "ada", "Signed In", "2027-01-03T09:06:00Z")])).await;
        world.send(json!([acme()])).await;
        roll_once(app).await.unwrap();
        let usage = world.usage().await;
        assert_eq!((usage.users_total, usage.users[0].name.as_deref()), (1, Some("Ada")));
        assert_eq!(usage.days.iter().map(|day| (day.users, day.events)).max(), Some((1, 2)));
        // What comes late under the old id is theirs, too; an alias joins another one.
        let late = json!({
            "type": "page", "messageId": "p-2", "anonymousId": "x1", "name": "Start", "timestamp": "2027-01-02T09:00:00Z",
        });
        let before = json!({
            "type": "track", "messageId": "t-9", "userId": "old-ada", "event": "Signed In",
            "timestamp": "2027-01-01T09:00:00Z",
        });
        let alias = json!({ "type": "alias", "messageId": "a-1", "previousId": "old-ada", "userId": "ada" });
        world.send(json!([late, before, alias])).await;
        roll_once(app).await.unwrap();
        let usage = world.usage().await;
        assert_eq!(usage.users_total, 1);
        assert_eq!(usage.days.iter().map(|day| day.events).sum::<i64>(), 4);
        assert!(usage.days.iter().all(|day| day.users <= 1));
        let (groups, _) = group::list(app, &world.test.actor, Which::All, None, 10).await.unwrap();
        let nowhere = groups.iter().find(|group| group.external_id.is_empty()).unwrap();
        assert_eq!(nowhere.users, 0);
    })
    .await;
}

#[tokio::test]
async fn clocks_and_pace_follow_from_events_and_time() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        assert_eq!(scorecard::of_onboarding(app, actor, world.id).await.unwrap().pace, Pace::Unknown);
        world.send(json!([acme(), track(1, "ada", "Signed In", "2027-01-03T10:00:00Z")])).await;
        roll_once(app).await.unwrap();
        let card = scorecard::of_onboarding(app, actor, world.id).await.unwrap();
        assert_eq!(card.pace, Pace::OnTrack, "{}", card.because);
        let login = &card.clocks[0];
        assert_eq!((login.kind, login.state), (ClockKind::FirstLogin, ClockState::Reached));
        let kinds = |entries: Vec<activity::Activity>| {
            entries.into_iter().map(|entry| entry.kind).collect::<Vec<_>>()
        };
        let told = kinds(activity::recent(app, actor, 50).await.unwrap());
        assert_eq!(told.iter().filter(|kind| *kind == "usage.milestone_reached").count(), 1);
        // Counted again, nothing is told again.
        world.send(json!([track(2, "ada", "Core Task Completed", "2027-01-04T08:00:00Z")])).await;
        roll_once(app).await.unwrap();
        let told = kinds(activity::recent(app, actor, 50).await.unwrap());
        assert_eq!(told.iter().filter(|kind| *kind == "usage.milestone_reached").count(), 2);
        // Months later nobody has come back: the next event of somebody else finds it stuck.
        world.test.clock.advance_days(100);
        assert_eq!(scorecard::of_onboarding(app, actor, world.id).await.unwrap().pace, Pace::Stuck);
        assert_eq!(scorecard::all(app, actor).await.unwrap()[0].card.pace, Pace::Stuck);
    })
    .await;
}

#[tokio::test]
async fn rules_are_tested_by_the_events_of_the_day_that_is_asked_for() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        world.send(json!([acme(), track(1, "ada", "Signed In", "2027-01-03T10:00:00Z")])).await;
        roll_once(app).await.unwrap();
        health::of_onboarding(app, actor, world.id).await.unwrap();
        world.test.clock.advance_days(40);
        world.send(json!([track(2, "ada", "Signed In", "2027-02-13T08:00:00Z")])).await;
        roll_once(app).await.unwrap();
        let on = |day: &str| Some(day.parse::<Date>().unwrap());
        // Nothing was kept between the fourth of January and now: what follows from events, and time, is known all the same.
        let rule = health::compile_rule("usage.logins == 1 && usage.days_since_login >= 30").unwrap();
        for (day, says) in [("2027-02-01", "no"), ("2027-02-02", "yes"), ("2027-02-12", "yes")] {
            let tested = health::test_rule(app, actor, &rule, world.id, on(day)).await.unwrap();
            assert_eq!((tested.result.as_str(), tested.counted), (says, true), "{day}");
            assert_eq!(tested.facts[0].heard_on, on("2027-01-03"), "{day}");
            assert!(tested.kept_at.is_some(), "{day}");
        }
        let since = health::compile_rule("onboarding.days_since_kickoff").unwrap();
        let mut days: Vec<i64> = Vec::new();
        for day in ["2027-02-01", "2027-02-11"] {
            let tested = health::test_rule(app, actor, &since, world.id, on(day)).await.unwrap();
            days.push(tested.result.parse().unwrap());
        }
        assert_eq!(days[1] - days[0], 10);
        // Before anything was kept, events tell alone; before them, nothing does.
        let before = health::test_rule(app, actor, &rule, world.id, on("2027-01-03")).await.unwrap();
        assert_eq!((before.result.as_str(), before.counted, before.kept_at), ("no", true, None));
        assert_eq!(before.facts[0].value, Some(FactValue::Int(1)));
        let nothing = health::test_rule(app, actor, &rule, world.id, on("2027-01-02")).await;
        assert!(matches!(nothing, Err(AppError::Invalid(_))));
    })
    .await;
}

/// The activation targets that a rule counts.
async fn counted(world: &World, rule: &str) -> Vec<CountedTarget> {
    let all = scorecard::targets(&world.test.app, &world.test.actor, world.id).await.unwrap();
    assert!(all.is_sorted_by_key(|target| target.line.by));
    let all: Vec<_> = all.into_iter().filter(|one| one.counted_by.as_deref() == Some(rule)).collect();
    assert!(!all.is_empty(), "{rule}");
    all
}

#[tokio::test]
async fn activation_targets_stand_beside_what_is_counted() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (login, active) = ("has(usage.days_since_use) ? 1 : usage.logins", "usage.active_users");
        let stands = |all: Vec<CountedTarget>| {
            all.into_iter().map(|target| (target.value, target.state)).collect::<Vec<_>>()
        };
        assert_eq!(stands(counted(&world, login).await), [(None, TargetState::Unknown)]);
        world.send(json!([acme(), track(1, "ada", "Report Viewed", "2027-01-03T10:00:00Z")])).await;
        roll_once(&world.test.app).await.unwrap();
        assert_eq!(stands(counted(&world, login).await), [(Some(1), TargetState::Met)]);
        assert_eq!(stands(counted(&world, active).await), [(Some(1), TargetState::Waiting)]);
        // Nobody came back for longer than the days of the method.
        world.test.clock.advance_days(200);
        assert_eq!(stands(counted(&world, login).await), [(Some(1), TargetState::Met)]);
        assert_eq!(stands(counted(&world, active).await), [(Some(0), TargetState::Missed)]);
    })
    .await;
}

#[tokio::test]
async fn a_person_says_who_a_group_is_and_how_many_users_there_should_be() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        let message = json!({
            "type": "track", "messageId": "t-1", "userId": "eve", "event": "Signed In",
            "timestamp": "2027-01-03T10:00:00Z", "context": { "groupId": "tenant-77" },
        });
        world.send(json!([message])).await;
        roll_once(app).await.unwrap();
        let (groups, more) = group::list(app, actor, Which::Unmatched, None, 10).await.unwrap();
        assert_eq!((groups.len(), more), (1, false));
        let group = group::assign(app, actor, groups[0].id, Some(1), Some(world.account)).await.unwrap();
        assert_eq!((group.account, group.version), (Some(world.account), 2));
        let stale = group::assign(app, actor, group.id, Some(1), None).await;
        assert!(matches!(stale, Err(AppError::Stale { version: 2, .. })), "{stale:?}");
        assert_eq!(world.usage().await.users_total, 1);
        let said = expected::set(app, actor, world.account, Some(0), Some(4)).await.unwrap();
        assert_eq!((said.users, said.of_contract, said.version), (Some(4), false, 1));
        let card = scorecard::of_onboarding(app, actor, world.id).await.unwrap();
        assert_eq!((card.users_seen, card.activated_percent), (1, Some(25)));
        let viewer = world.test.member(Role::Viewer).await;
        assert!(matches!(
            group::assign(app, &viewer, group.id, None, None).await,
            Err(AppError::Forbidden(_))
        ));
    })
    .await;
}

#[tokio::test]
async fn refused_events_are_kept_with_their_reason_and_seen_in_the_debugger() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        let taken = world
            .send(json!([
                track(1, "ada", "Signed In", "2027-01-03T10:00:00Z"),
                track(2, "ada", "Signed In", "2027-02-03T10:00:00Z"),
                { "type": "track", "messageId": "bad", "userId": "ada" },
            ]))
            .await;
        assert_eq!(taken, Accepted { accepted: 1, rejected: 1, quarantined: 1 });
        let kept = debugger::refused(app, actor, Some(world.by.source)).await.unwrap();
        assert_eq!(kept.len(), 2);
        assert!(kept.iter().all(|one| !one.reason.is_empty()));
        assert_eq!(debugger::recent(app, actor, None).unwrap().len(), 3);
    })
    .await;
}

#[tokio::test]
async fn a_file_comes_in_by_pieces_and_goes_out_again() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        let file = "time,user,group,event\n2027-01-03T10:00:00Z,ada,acme-1,Signed In\n2027-01-03T11:00:00Z,zoë,acme-1,Login\n";
        let wanted = import::Wanted {
            name: "events.csv".to_owned(),
            source: world.by.source,
            format: "csv".to_owned(),
            total_bytes: i64::try_from(file.len()).unwrap(),
        };
        let begun = import::begin(app, actor, &wanted).await.unwrap();
        // In the middle of a character.
        let cut = file.find('ë').unwrap() + 1;
        let half = import::put(app, actor, begun.id, 0, &file.as_bytes()[..cut]).await.unwrap();
        assert_eq!((half.accepted, half.state.as_str()), (1, "open"));
        let again = import::put(app, actor, begun.id, 0, &file.as_bytes()[..cut]).await;
        assert!(matches!(again, Err(AppError::Stale { version, .. }) if version == half.done_bytes));
        let done = import::put(app, actor, begun.id, half.done_bytes, &file.as_bytes()[cut..]).await.unwrap();
        assert_eq!((done.accepted, done.refused, done.state.as_str()), (2, 0, "done"), "{:?}", done.problem);
        assert_eq!(roll_once(app).await.unwrap().events, 2);
        let mut pieces = export::events(app, actor, export::Format::Ndjson, export::Span::default()).await.unwrap();
        let mut text = Vec::new();
        while let Some(piece) = pieces.recv().await {
            text.extend(piece.unwrap());
        }
        let text = String::from_utf8(text).unwrap();
        assert_eq!((text.lines().count(), text.contains("zoë")), (2, true));
        let mut pieces = export::events(app, actor, export::Format::Parquet, export::Span::default()).await.unwrap();
        let mut bytes = Vec::new();
        while let Some(piece) = pieces.recv().await {
            bytes.extend(piece.unwrap());
        }
        assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    })
    .await;
}

#[tokio::test]
async fn tenants_and_ended_keys_are_kept_apart() {
    for_each_database(|db| async move {
        let world = World::on(db).await;
        let (app, actor) = (&world.test.app, &world.test.actor);
        world.send(json!([acme(), track(1, "ada", "Signed In", "2027-01-03T10:00:00Z")])).await;
        roll_once(app).await.unwrap();
        let other = world.test.elsewhere("Southlight").await;
        assert!(source::list(app, &other.actor).await.unwrap().is_empty());
        assert!(group::list(app, &other.actor, Which::All, None, 10).await.unwrap().0.is_empty());
        assert!(feature::event_names(app, &other.actor).await.unwrap().is_empty());
        assert!(matches!(
            source::get(app, &other.actor, world.by.source).await,
            Err(AppError::NotFound { .. })
        ));
        let key = source::rotate(app, actor, world.by.source).await.unwrap().key;
        assert_eq!(ingest::admit(app, "another").await.unwrap(), None);
        assert!(ingest::admit(app, key.reveal()).await.unwrap().is_some());
        source::end(app, actor, world.by.source, None).await.unwrap();
        assert_eq!(ingest::admit(app, key.reveal()).await.unwrap(), None);
        let mine = feature::adopt(app, actor).await.unwrap();
        assert_eq!(mine.len(), feature::in_use(app, &other.actor).await.unwrap().len());
        assert!(feature::list(app, &other.actor).await.unwrap().is_empty());
    })
    .await;
}
