//! Forecasts and what tasks took, on both databases.

use gangway_domain::ids::WorkspaceId;
use gangway_domain::plan::forecast::{Basis, DayRuns, Driver};
use gangway_domain::programme::Side;
use gangway_domain::work::Took;
use gangway_store::forecast::{self, Detail, Kept, Past};
use gangway_testkit::sample::Sample;
use gangway_testkit::{CountedIds, for_each_database};
use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::world;

const MONDAY: Date = date(2027, 1, 11);

fn kept(made_on: Date, late: i64) -> Kept {
    let day = |days: i64| MONDAY.saturating_add(days.days());
    Kept {
        made_at: world::now(),
        revision: 3,
        runs: 1_000,
        finish_planned_on: day(80),
        dates: Past {
            made_on,
            planned_on: day(60),
            p50_on: day(63 + late),
            p80_on: day(70 + late),
            finish_p50_on: day(90),
            finish_p80_on: day(99),
            promised_on: day(70),
            kept_percent: 80 - late,
        },
        detail: Detail {
            basis: vec![Basis {
                owner: Side::Customer,
                kind: "build".to_owned(),
                observations: 2,
                of_side: 7,
                own_weight: 0.25,
                median: 1.3,
                p80: 1.9,
            }],
            drivers: vec![Driver {
                task: "data-load".to_owned(),
                owner: Side::Customer,
                criticality: 0.75,
                correlation: 0.5,
                sensitivity: 0.625,
                mean_days: 4.5,
            }],
        },
        spread: vec![DayRuns { date: day(63), runs: 400 }, DayRuns { date: day(70), runs: 600 }],
    }
}

#[tokio::test]
async fn the_last_forecast_of_a_day_is_kept() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let owner = world::workspace(&db, &ids, "Northbeam").await;
        let stranger = world::workspace(&db, &ids, "Southlight").await;
        let id = world::onboarding(&db, &ids, owner, &Sample::default()).await.id;
        let tuesday = MONDAY.saturating_add(1.day());
        let mut tx = db.write().await.unwrap();
        assert_eq!(forecast::latest(&mut tx, owner, id).await.unwrap(), None);
        for forecast in [kept(MONDAY, 0), kept(MONDAY, 4), kept(tuesday, 9)] {
            forecast::keep(&mut tx, owner, id, &forecast).await.unwrap();
            assert_eq!(forecast::latest(&mut tx, owner, id).await.unwrap(), Some(forecast));
        }
        let past = forecast::past(&mut tx, owner, id, None, 10).await.unwrap();
        assert_eq!(past, [kept(tuesday, 9).dates, kept(MONDAY, 4).dates]);
        assert_eq!(past[0].days_past(), 9);
        let before = forecast::past(&mut tx, owner, id, Some(tuesday), 10).await.unwrap();
        assert_eq!(before, [kept(MONDAY, 4).dates]);

        let promised = past[0].promised_on;
        assert!(!forecast::was_warned(&mut tx, owner, id, promised).await.unwrap());
        forecast::warned(&mut tx, owner, id, &past[0]).await.unwrap();
        forecast::keep(&mut tx, owner, id, &kept(tuesday, 8)).await.unwrap();
        assert!(
            forecast::was_warned(&mut tx, owner, id, promised).await.unwrap(),
            "made again on the same day"
        );
        assert!(!forecast::was_warned(&mut tx, owner, id, MONDAY).await.unwrap(), "of another promise");

        assert_eq!(forecast::latest(&mut tx, stranger, id).await.unwrap(), None);
        assert!(forecast::past(&mut tx, stranger, id, None, 10).await.unwrap().is_empty());
        assert!(!forecast::was_warned(&mut tx, stranger, id, promised).await.unwrap());
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_tasks_took_is_read_back_the_latest_first() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let owner: WorkspaceId = world::workspace(&db, &ids, "Northbeam").await;
        let stranger = world::workspace(&db, &ids, "Southlight").await;
        let id = world::onboarding(&db, &ids, owner, &Sample::default()).await.id;
        let took = |code: &str, side, actual, day: i64| Took {
            code: code.to_owned(),
            side,
            kind: "build".to_owned(),
            planned: 4,
            actual,
            finished_on: MONDAY.saturating_add(day.days()),
        };
        let mut tx = db.write().await.unwrap();
        for took in [
            took("a", Side::Vendor, 5, 0),
            took("b", Side::Customer, 9, 3),
            took("c", Side::Joint, 4, 1),
            took("a", Side::Vendor, 6, 2),
        ] {
            forecast::took(&mut tx, owner, id, &took).await.unwrap();
        }
        let seen = |known: Vec<gangway_domain::plan::forecast::Observation>| {
            known.into_iter().map(|seen| (seen.owner, seen.planned, seen.actual)).collect::<Vec<_>>()
        };
        let found = seen(forecast::history(&mut tx, owner, 10).await.unwrap());
        assert_eq!(found, [(Side::Customer, 4, 9), (Side::Vendor, 4, 6), (Side::Joint, 4, 4)]);
        assert_eq!(seen(forecast::history(&mut tx, owner, 1).await.unwrap()), [(Side::Customer, 4, 9)]);
        forecast::not_done(&mut tx, owner, id, "b").await.unwrap();
        assert_eq!(forecast::history(&mut tx, owner, 10).await.unwrap().len(), 2);
        assert!(forecast::history(&mut tx, stranger, 10).await.unwrap().is_empty());
        tx.commit().await.unwrap();
    })
    .await;
}
