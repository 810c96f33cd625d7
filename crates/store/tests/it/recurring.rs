//! Tasks that repeat, and what was made of them, on both databases.

use gangway_domain::calendar::WeekdayName;
use gangway_domain::ids::SeriesId;
use gangway_domain::programme::Side;
use gangway_domain::work::{Assignee, Rhythm, Series, SeriesEnd, SeriesState};
use gangway_store::StoreError;
use gangway_store::work::recurring::{self, Kept};
use gangway_testkit::sample::Sample;
use gangway_testkit::{CountedIds, for_each_database};
use jiff::civil::{Date, date};

use crate::world;

const FRIDAY: Date = date(2027, 1, 15);

#[tokio::test]
async fn a_series_is_kept_with_what_was_made_of_it_once() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let owner = world::workspace(&db, &ids, "Northbeam").await;
        let stranger = world::workspace(&db, &ids, "Southlight").await;
        let onboarding = world::onboarding(&db, &ids, owner, &Sample::default()).await.id;
        let kept = Kept {
            id: SeriesId::fresh(&ids),
            onboarding,
            number: 1,
            series: Series {
                name: "Check".into(),
                side: Side::Joint,
                role: "Trainer".into(),
                assignee: Some(Assignee::Name { name: "Dana Whitfield".into() }),
                days: 2,
                phase: None,
                rhythm: Rhythm::Weeks { every: 2, on: WeekdayName::Friday },
                starts_on: FRIDAY,
                end: SeriesEnd::On { date: date(2027, 6, 30) },
            },
            state: SeriesState::Running,
            made_by: "Ines Okafor".into(),
            made_at: world::now(),
            version: 1,
        };
        let mut tx = db.write().await.unwrap();
        assert_eq!(recurring::next_number(&mut tx, owner, onboarding).await.unwrap(), 1);
        recurring::insert(&mut tx, owner, &kept).await.unwrap();
        assert_eq!(recurring::next_number(&mut tx, owner, onboarding).await.unwrap(), 2);
        assert_eq!(recurring::get(&mut tx, owner, kept.id).await.unwrap(), Some(kept.clone()));
        assert_eq!(
            recurring::of_onboarding(&mut tx, owner, onboarding).await.unwrap(),
            std::slice::from_ref(&kept)
        );
        assert_eq!(recurring::followed(&mut tx, owner, None, 10).await.unwrap(), [onboarding]);
        assert!(recurring::followed(&mut tx, owner, Some(onboarding), 10).await.unwrap().is_empty());
        recurring::make(&mut tx, owner, kept.id, FRIDAY, "repeat-1").await.unwrap();
        tx.commit().await.unwrap();

        let mut tx = db.write().await.unwrap();
        let twice = recurring::make(&mut tx, owner, kept.id, FRIDAY, "repeat-2").await.unwrap_err();
        assert!(matches!(twice, StoreError::Conflict(_)), "{twice}");
        drop(tx);

        let mut tx = db.write().await.unwrap();
        let made = recurring::made(&mut tx, owner, kept.id).await.unwrap();
        assert_eq!(made.into_iter().collect::<Vec<_>>(), [(FRIDAY, "repeat-1".to_owned())]);
        let paused = Kept { state: SeriesState::Paused { since: FRIDAY }, ..kept.clone() };
        assert!(recurring::change(&mut tx, owner, &paused).await.unwrap());
        assert!(!recurring::change(&mut tx, owner, &paused).await.unwrap(), "it is at version 2 now");
        let now = recurring::get(&mut tx, owner, kept.id).await.unwrap().unwrap();
        assert_eq!((now.version, now.state), (2, paused.state));
        assert!(recurring::followed(&mut tx, owner, None, 10).await.unwrap().is_empty());

        assert_eq!(recurring::get(&mut tx, stranger, kept.id).await.unwrap(), None);
        assert!(recurring::of_onboarding(&mut tx, stranger, onboarding).await.unwrap().is_empty());
        assert!(recurring::made(&mut tx, stranger, kept.id).await.unwrap().is_empty());
        assert!(!recurring::change(&mut tx, stranger, &now).await.unwrap());
        recurring::forget(&mut tx, stranger, kept.id, FRIDAY).await.unwrap();
        assert_eq!(recurring::made(&mut tx, owner, kept.id).await.unwrap().len(), 1);
        recurring::forget(&mut tx, owner, kept.id, FRIDAY).await.unwrap();
        assert!(recurring::made(&mut tx, owner, kept.id).await.unwrap().is_empty());
    })
    .await;
}
