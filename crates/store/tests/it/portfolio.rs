//! What narrows the portfolio down, what is counted beside it, and its orders, on both databases.

use std::collections::BTreeMap;

use gangway_domain::ids::{PersonId, WorkspaceId};
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::permission::Role;
use gangway_domain::programme::Stage;
use gangway_store::onboarding::list::{self, At, Direction, Owner, Query, SortBy};
use gangway_store::onboarding::{board, counts, now};
use gangway_store::{Db, Tx, membership, onboarding, person, review};
use gangway_testkit::sample::{KICKOFF, Sample};
use gangway_testkit::{CountedIds, for_each_database};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::world;

pub async fn somebody(db: &Db, ids: &CountedIds, workspace: WorkspaceId, name: &str) -> PersonId {
    let row = person::Person {
        id: PersonId::fresh(ids),
        email: format!("{}@{workspace}.test", name.to_lowercase()),
        name: name.to_owned(),
        password_hash: None,
        subject: None,
        created_at: world::now(),
    };
    let mut tx = db.write().await.unwrap();
    person::insert(&mut tx, &row).await.unwrap();
    membership::insert(&mut tx, workspace, row.id, Role::Csm, world::now()).await.unwrap();
    tx.commit().await.unwrap();
    row.id
}

pub fn at_risk(customer: &str, weeks: i64, late: i32) -> Sample {
    Sample { kickoff: KICKOFF.saturating_add(weeks.weeks()), late, ..Sample::of(customer) }
}

pub async fn settle(tx: &mut Tx, workspace: WorkspaceId, today: Date) {
    let answers = now::answers(tx, workspace, today, None, 100).await.unwrap();
    now::keep(tx, workspace, &answers).await.unwrap();
}

async fn customers(db: &Db, workspace: WorkspaceId, query: &Query) -> Vec<String> {
    let mut tx = db.read().await.unwrap();
    let page = list::page(&mut tx, workspace, query).await.unwrap();
    page.lines.into_iter().map(|line| line.customer).collect()
}

fn counted(counts: &BTreeMap<String, i64>) -> Vec<(&str, i64)> {
    counts.iter().map(|(word, number)| (word.as_str(), *number)).collect()
}

#[tokio::test]
async fn owner_lateness_and_stage_narrow_the_portfolio_down() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let workspace = world::workspace(&db, &ids, "Northbeam").await;
        let ines = somebody(&db, &ids, workspace, "Ines").await;
        let zephyr = world::onboarding(&db, &ids, workspace, &at_risk("Zephyr", -4, 12)).await;
        world::onboarding(&db, &ids, workspace, &at_risk("Acme", 0, 0)).await;
        world::onboarding(&db, &ids, workspace, &at_risk("Later", 8, 0)).await;
        let mut tx = db.write().await.unwrap();
        assert!(onboarding::assign(&mut tx, workspace, zephyr.id, Some(ines)).await.unwrap());
        assert!(now::is_stale(&mut tx, workspace, KICKOFF).await.unwrap(), "rows begin unsettled");
        settle(&mut tx, workspace, KICKOFF).await;
        assert!(!now::is_stale(&mut tx, workspace, KICKOFF).await.unwrap());
        tx.commit().await.unwrap();

        let base = Query::first(50, KICKOFF);
        let of = |owner| Query { owner: Some(owner), ..base.clone() };
        assert_eq!(customers(&db, workspace, &of(Owner::Person(ines))).await, ["Zephyr"]);
        assert_eq!(customers(&db, workspace, &of(Owner::Nobody)).await, ["Acme", "Later"]);
        let late = Query { late_only: true, ..base.clone() };
        assert_eq!(customers(&db, workspace, &late).await, ["Zephyr"]);
        // Zephyr's pilot begins 28 days after its kickoff, which is today; Acme's kickoff is today.
        for (at, expected) in [
            (At::Stage(Stage::Pilot), vec!["Zephyr"]),
            (At::Stage(Stage::Kickoff), vec!["Acme"]),
            (At::Stage(Stage::GoLive), vec![]),
            (At::NotBegun, vec!["Later"]),
        ] {
            let query = Query { stage: Some(at), ..base.clone() };
            assert_eq!(customers(&db, workspace, &query).await, expected, "{at:?}");
        }
        let mut tx = db.read().await.unwrap();
        let (_, facets) = counts::around(&mut tx, workspace, &base).await.unwrap();
        assert_eq!(counted(&facets.places), [("kickoff", 1), ("not-begun", 1), ("pilot", 1)]);
        let pilot = board::cards(&mut tx, workspace, &base, "pilot").await.unwrap();
        assert_eq!((pilot.len(), pilot[0].customer.as_str()), (1, "Zephyr"));
        let none = Query { owner: Some(Owner::Nobody), ..base.clone() };
        assert!(board::cards(&mut tx, workspace, &none, "pilot").await.unwrap().is_empty());
        let line = list::page(&mut tx, workspace, &late).await.unwrap().lines.remove(0);
        assert_eq!((line.owner.as_deref(), line.stage.as_deref()), (Some("Ines"), Some("pilot")));
        assert_eq!((facets.owners, facets.unowned), (vec![(ines, "Ines".to_owned(), 1)], 2));
        let of_account = list::of_account(&mut tx, workspace, zephyr.account_id, KICKOFF).await.unwrap();
        assert_eq!((of_account.len(), of_account[0].customer.as_str()), (1, "Zephyr"));
    })
    .await;
}

#[tokio::test]
async fn what_needs_somebody_first_comes_first() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let workspace = world::workspace(&db, &ids, "Northbeam").await;
        for (customer, weeks, late) in [
            ("Later", 8, 0),
            ("Soon", 1, 0),
            ("Late", 4, 3),
            ("Latest", 6, 30),
            ("Done", -9, 90),
            ("Overdue", -1, 0),
        ] {
            let made = world::onboarding(&db, &ids, workspace, &at_risk(customer, weeks, late)).await;
            if customer == "Done" {
                let mut tx = db.write().await.unwrap();
                let over = OnboardingState::Completed;
                onboarding::set_state(&mut tx, workspace, made.id, &made.state, &over).await.unwrap();
                tx.commit().await.unwrap();
            }
        }
        let mut tx = db.write().await.unwrap();
        settle(&mut tx, workspace, KICKOFF).await;
        tx.commit().await.unwrap();
        let base = Query { sort: SortBy::Urgency, ..Query::first(50, KICKOFF) };
        // The kickoff of Overdue was to be last week, and was not held.
        let expected = ["Latest", "Late", "Overdue", "Soon", "Later", "Done"];
        assert_eq!(customers(&db, workspace, &base).await, expected);
        let mut backwards =
            customers(&db, workspace, &Query { direction: Direction::Descending, ..base.clone() }).await;
        backwards.reverse();
        assert_eq!(backwards, expected);
        let open = Query { state: Some(list::OPEN.to_owned()), ..base.clone() };
        assert_eq!(customers(&db, workspace, &open).await, expected[..5]);
        for direction in [Direction::Ascending, Direction::Descending] {
            let mut query = Query { limit: 1, direction, ..base.clone() };
            let whole = customers(&db, workspace, &Query { direction, ..base.clone() }).await;
            for customer in whole {
                let mut tx = db.read().await.unwrap();
                let page = list::page(&mut tx, workspace, &query).await.unwrap();
                assert_eq!(page.lines[0].customer, customer, "{direction:?}");
                query.after = page.next.map(|next| next.to_string().parse().unwrap());
            }
            assert_eq!(query.after, None);
        }
        let mut tx = db.read().await.unwrap();
        let (summary, facets) = counts::around(&mut tx, workspace, &open).await.unwrap();
        assert_eq!((summary.all, facets.in_state(list::OPEN), facets.in_state("completed")), (6, 5, 1));
        assert_eq!((summary.late, facets.segments[0].2), (2, 5), "what is over is late no more");
    })
    .await;
}

/// Nine onboardings in two segments, of two owners and two sellers, some late, some over.
async fn mixed(db: &Db, ids: &CountedIds) -> (WorkspaceId, PersonId, PersonId) {
    let workspace = world::workspace(db, ids, "Northbeam").await;
    let stranger = world::workspace(db, ids, "Southlight").await;
    world::onboarding(db, ids, stranger, &at_risk("Elsewhere", 0, 9)).await;
    let ines = somebody(db, ids, workspace, "Ines").await;
    let jonas = somebody(db, ids, workspace, "Jonas").await;
    for index in 0..9_usize {
        let segment = if index % 3 == 0 { "enterprise" } else { "smb" };
        let late = if index % 2 == 0 { 5 } else { 0 };
        let weeks = [-4, 0, 8][index % 3];
        let mut sample = at_risk(&format!("Customer {index}"), weeks, late);
        segment.clone_into(&mut sample.segment);
        let handed = world::handed_over(db, ids, workspace, &sample).await;
        let seller = if index < 4 { Some(jonas) } else { None };
        let mut tx = db.write().await.unwrap();
        review::sign(&mut tx, workspace, handed.id, ("Somebody", seller), "web", 50).await.unwrap();
        tx.commit().await.unwrap();
        let made = world::planned(db, ids, workspace, &sample, &handed).await;
        let mut tx = db.write().await.unwrap();
        if index % 4 == 0 {
            onboarding::assign(&mut tx, workspace, made.id, Some(ines)).await.unwrap();
        }
        let state = match index {
            5 => OnboardingState::Running,
            8 => OnboardingState::Completed,
            _ => OnboardingState::Planned,
        };
        onboarding::set_state(&mut tx, workspace, made.id, &made.state, &state).await.unwrap();
        tx.commit().await.unwrap();
    }
    let mut tx = db.write().await.unwrap();
    settle(&mut tx, workspace, KICKOFF).await;
    tx.commit().await.unwrap();
    (workspace, ines, jonas)
}

async fn shown(db: &Db, workspace: WorkspaceId, query: &Query) -> i64 {
    i64::try_from(customers(db, workspace, query).await.len()).unwrap()
}

/// Every count is that of the list the choice would show.
async fn counts_are_true(db: &Db, workspace: WorkspaceId, query: &Query) {
    let mut tx = db.read().await.unwrap();
    let (summary, facets) = counts::around(&mut tx, workspace, query).await.unwrap();
    drop(tx);
    assert_eq!((summary.all, summary.open, summary.late), (9, 8, 4), "whatever is filtered");
    assert_eq!(facets.shown, shown(db, workspace, query).await, "{query:?}");
    let any = Query { state: None, ..query.clone() };
    assert_eq!(facets.in_any_state(), shown(db, workspace, &any).await, "{query:?}");
    for state in ["planned", "running", "completed", "closed", list::OPEN] {
        let chosen = Query { state: Some(state.to_owned()), ..query.clone() };
        assert_eq!(facets.in_state(state), shown(db, workspace, &chosen).await, "{state}: {query:?}");
    }
    for segment in ["enterprise", "smb"] {
        let chosen = Query { segment: Some(segment.to_owned()), ..query.clone() };
        let known = facets.segments.iter().find(|(id, ..)| id == segment);
        let number = known.map_or(0, |(.., number)| *number);
        assert_eq!(number, shown(db, workspace, &chosen).await, "{segment}: {query:?}");
    }
    for (place, at) in [
        ("not-begun", At::NotBegun),
        ("kickoff", At::Stage(Stage::Kickoff)),
        ("pilot", At::Stage(Stage::Pilot)),
    ] {
        let chosen = Query { stage: Some(at), ..query.clone() };
        let number = facets.places.get(place).copied().unwrap_or(0);
        assert_eq!(number, shown(db, workspace, &chosen).await, "{place}: {query:?}");
    }
    let late = Query { late_only: true, ..query.clone() };
    assert_eq!(facets.late, shown(db, workspace, &late).await, "{query:?}");
    let nobody = Query { owner: Some(Owner::Nobody), ..query.clone() };
    assert_eq!(facets.unowned, shown(db, workspace, &nobody).await, "{query:?}");
    for (person, name, number) in &facets.owners {
        let chosen = Query { owner: Some(Owner::Person(*person)), ..query.clone() };
        assert_eq!(*number, shown(db, workspace, &chosen).await, "run by {name}: {query:?}");
    }
    for (person, name, number) in &facets.sellers {
        let chosen = Query { seller: Some(*person), ..query.clone() };
        assert_eq!(*number, shown(db, workspace, &chosen).await, "handed over by {name}: {query:?}");
    }
}

#[tokio::test]
async fn every_choice_counts_what_choosing_it_would_show() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let (workspace, ines, jonas) = mixed(&db, &ids).await;
        let base = Query::first(50, KICKOFF);
        let open = Query { state: Some(list::OPEN.to_owned()), ..base.clone() };
        let found = Query { search: Some("customer".to_owned()), ..open.clone() };
        for query in [
            base.clone(),
            open.clone(),
            Query { segment: Some("smb".to_owned()), ..open.clone() },
            Query { owner: Some(Owner::Person(ines)), ..base.clone() },
            Query { owner: Some(Owner::Nobody), seller: Some(jonas), ..open.clone() },
            Query { stage: Some(At::Stage(Stage::Pilot)), late_only: true, ..open.clone() },
            found.clone(),
            Query { search: Some("customer 8".to_owned()), ..base.clone() },
            Query { seller: Some(jonas), late_only: true, ..found.clone() },
            Query { owner: Some(Owner::Nobody), segment: Some("enterprise".to_owned()), ..found.clone() },
            Query { owner: Some(Owner::Person(ines)), stage: Some(At::NotBegun), ..found },
        ] {
            counts_are_true(&db, workspace, &query).await;
        }
        let mut tx = db.read().await.unwrap();
        let (_, facets) = counts::around(&mut tx, workspace, &open).await.unwrap();
        assert_eq!(facets.shown, 8);
        assert_eq!(counted(&facets.states), [("completed", 1), ("planned", 7), ("running", 1)]);
        assert_eq!(counted(&facets.places), [("kickoff", 3), ("not-begun", 2), ("pilot", 3)]);
        assert_eq!(facets.owners, [(ines, "Ines".to_owned(), 2), (jonas, "Jonas".to_owned(), 0)]);
        assert_eq!(facets.sellers, [(ines, "Ines".to_owned(), 0), (jonas, "Jonas".to_owned(), 4)]);
    })
    .await;
}

#[tokio::test]
async fn state_plan_and_next_are_orders_too() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let (workspace, ..) = mixed(&db, &ids).await;
        // Kickoffs were four weeks ago for 0, 3 and 6, are today for 1, 4 and 7, and in eight weeks for the others;
        // 5 is running though its plan has not begun, 8 is over.
        for (sort, expected) in [
            (SortBy::Next, [0, 3, 6, 1, 4, 7, 2, 5, 8]),
            (SortBy::Plan, [2, 5, 1, 4, 7, 0, 3, 6, 8]),
            (SortBy::State, [2, 1, 4, 7, 0, 3, 6, 5, 8]),
        ] {
            for direction in [Direction::Ascending, Direction::Descending] {
                let mut expected = expected.map(|index| format!("Customer {index}")).to_vec();
                if direction == Direction::Descending {
                    expected.reverse();
                }
                let query = Query { sort, direction, ..Query::first(2, KICKOFF) };
                assert_eq!(world::walked(&db, workspace, query).await, expected, "{sort:?} {direction:?}");
            }
        }
    })
    .await;
}
