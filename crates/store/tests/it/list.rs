//! The portfolio: filters, orders, search, pages.

use gangway_domain::ids::WorkspaceId;
use gangway_store::Db;
use gangway_store::onboarding::list::{self, Direction, ListError, Query, SortBy};
use gangway_testkit::sample::{KICKOFF, Sample};
use gangway_testkit::{CountedIds, for_each_database};
use jiff::ToSpan;

use crate::world;

fn all(sort: SortBy, direction: Direction) -> Query {
    Query { sort, direction, ..Query::first(50, KICKOFF) }
}

async fn portfolio(db: &Db) -> WorkspaceId {
    let ids = CountedIds::default();
    let workspace = world::workspace(db, &ids, "Northbeam").await;
    for (customer, segment, weeks, late, quality) in [
        ("Zephyr", "enterprise", 0, 12, 40),
        ("acme", "mid-market", 2, 0, 90),
        ("Élan 100%", "smb", 1, 3, 60),
        ("Brightcare", "mid-market", 1, 0, 60),
    ] {
        let sample = Sample {
            segment: segment.to_owned(),
            kickoff: KICKOFF.saturating_add(weeks.weeks()),
            late,
            quality,
            ..Sample::of(customer)
        };
        world::onboarding(db, &ids, workspace, &sample).await;
    }
    workspace
}

async fn customers(db: &Db, workspace: WorkspaceId, query: &Query) -> Vec<String> {
    let mut tx = db.read().await.unwrap();
    list::page(&mut tx, workspace, query).await.unwrap().lines.into_iter().map(|line| line.customer).collect()
}

#[tokio::test]
async fn every_order_is_the_same_on_both_databases() {
    for_each_database(|db| async move {
        let workspace = portfolio(&db).await;
        for (sort, expected) in [
            // By bytes of the lower-case name: é comes after z.
            (SortBy::Customer, ["acme", "Brightcare", "Zephyr", "Élan 100%"]),
            (SortBy::Kickoff, ["Zephyr", "Élan 100%", "Brightcare", "acme"]),
            (SortBy::GoLive, ["Zephyr", "Élan 100%", "Brightcare", "acme"]),
            (SortBy::Finish, ["Zephyr", "Élan 100%", "Brightcare", "acme"]),
            (SortBy::Late, ["acme", "Brightcare", "Élan 100%", "Zephyr"]),
            (SortBy::Quality, ["Zephyr", "Élan 100%", "Brightcare", "acme"]),
        ] {
            assert_eq!(
                customers(&db, workspace, &all(sort, Direction::Ascending)).await,
                expected,
                "{sort:?}"
            );
            let mut backwards = customers(&db, workspace, &all(sort, Direction::Descending)).await;
            backwards.reverse();
            assert_eq!(backwards, expected, "{sort:?} backwards");
        }
    })
    .await;
}

#[tokio::test]
async fn pages_join_without_gap_or_overlap() {
    for_each_database(|db| async move {
        let workspace = portfolio(&db).await;
        for sort in [SortBy::Customer, SortBy::Kickoff, SortBy::Late, SortBy::Quality] {
            for direction in [Direction::Ascending, Direction::Descending] {
                let whole = customers(&db, workspace, &all(sort, direction)).await;
                let query = Query { limit: 1, ..all(sort, direction) };
                assert_eq!(world::walked(&db, workspace, query).await, whole, "{sort:?} {direction:?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn filters_and_search_narrow_down() {
    for_each_database(|db| async move {
        let workspace = portfolio(&db).await;
        let base = all(SortBy::Customer, Direction::Ascending);
        let mid = Query { segment: Some("mid-market".to_owned()), ..base.clone() };
        assert_eq!(customers(&db, workspace, &mid).await, ["acme", "Brightcare"]);
        let running = Query { state: Some("running".to_owned()), ..base.clone() };
        assert!(customers(&db, workspace, &running).await.is_empty());
        let planned = Query { state: Some("planned".to_owned()), ..base.clone() };
        assert_eq!(customers(&db, workspace, &planned).await.len(), 4);
        let search = |text: &str| Query { search: Some(text.to_owned()), ..base.clone() };
        assert_eq!(customers(&db, workspace, &search("ÉLAN")).await, ["Élan 100%"]);
        assert_eq!(customers(&db, workspace, &search("100%")).await, ["Élan 100%"]);
        assert_eq!(
            customers(&db, workspace, &search("0_%")).await,
            Vec::<String>::new(),
            "wildcards are text"
        );
        assert_eq!(customers(&db, workspace, &search("supply chain")).await.len(), 4);
        assert_eq!(customers(&db, workspace, &search("'; DROP TABLE task; --")).await.len(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_line_knows_its_phase_and_numbers() {
    for_each_database(|db| async move {
        let workspace = portfolio(&db).await;
        let mut query =
            Query { search: Some("zephyr".to_owned()), ..all(SortBy::Customer, Direction::Ascending) };
        let mut tx = db.read().await.unwrap();
        for (day, phase) in [
            (-8, None),
            (-7, Some("Handoff and preparation")),
            (13, Some("Kickoff and alignment")),
            (28, Some("Pilot")),
        ] {
            query.today = KICKOFF.saturating_add(day.days());
            let page = list::page(&mut tx, workspace, &query).await.unwrap();
            assert_eq!(page.lines[0].phase.as_deref(), phase, "day {day}");
            assert_eq!(page.lines[0].late_days, 12);
            assert_eq!(page.lines[0].acv.unwrap().to_string(), "$95,000");
            assert_eq!(page.lines[0].warnings, 1);
        }
        let query = all(SortBy::Customer, Direction::Ascending);
        let (summary, facets) =
            gangway_store::onboarding::counts::around(&mut tx, workspace, &query).await.unwrap();
        assert_eq!((summary.all, summary.late, summary.warnings), (4, 2, 4));
        assert_eq!(facets.segments[0], ("mid-market".to_owned(), "Mid-Market".to_owned(), 2));
    })
    .await;
}

#[tokio::test]
async fn a_cursor_of_another_list_is_refused() {
    for_each_database(|db| async move {
        let workspace = portfolio(&db).await;
        let mut tx = db.read().await.unwrap();
        let query = Query { limit: 1, ..all(SortBy::Customer, Direction::Ascending) };
        let next = list::page(&mut tx, workspace, &query).await.unwrap().next;
        let wrong = Query { after: next, ..all(SortBy::Late, Direction::Ascending) };
        assert!(matches!(list::page(&mut tx, workspace, &wrong).await, Err(ListError::Cursor(_))));
    })
    .await;
}
