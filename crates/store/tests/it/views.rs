//! Saved views, on both databases.

use gangway_domain::ids::{OnboardingId, ViewId};
use gangway_store::onboarding;
use gangway_store::saved_view::{self, View};
use gangway_testkit::{CountedIds, for_each_database};

use crate::portfolio::somebody;
use crate::world;

#[tokio::test]
async fn views_are_seen_by_their_owner_or_by_the_workspace() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let workspace = world::workspace(&db, &ids, "Northbeam").await;
        let stranger = world::workspace(&db, &ids, "Southlight").await;
        let ines = somebody(&db, &ids, workspace, "Ines").await;
        let jonas = somebody(&db, &ids, workspace, "Jonas").await;
        let view = |name: &str, shared| View {
            id: ViewId::fresh(&ids),
            person: ines,
            person_name: String::new(),
            name: name.to_owned(),
            query: "late=1".to_owned(),
            shared,
            is_default: false,
        };
        let (own, shared) = (view("Own", false), view("Shared", true));
        let mut tx = db.write().await.unwrap();
        for view in [&own, &shared] {
            saved_view::insert(&mut tx, workspace, view, world::now()).await.unwrap();
        }
        for person in [ines, jonas] {
            saved_view::begin_with(&mut tx, workspace, person, Some(shared.id)).await.unwrap();
        }
        let names = |views: &[View]| -> Vec<(String, bool)> {
            views.iter().map(|view| (view.name.clone(), view.is_default)).collect()
        };
        let of_ines = saved_view::seen_by(&mut tx, workspace, ines).await.unwrap();
        assert_eq!(names(&of_ines), [("Own".to_owned(), false), ("Shared".to_owned(), true)]);
        let of_jonas = saved_view::seen_by(&mut tx, workspace, jonas).await.unwrap();
        assert_eq!(
            (names(&of_jonas), of_jonas[0].person_name.as_str()),
            (vec![("Shared".to_owned(), true)], "Ines")
        );
        assert!(saved_view::seen_by(&mut tx, stranger, ines).await.unwrap().is_empty());
        saved_view::delete(&mut tx, stranger, own.id).await.unwrap();
        saved_view::change(&mut tx, stranger, &View { name: "Stolen".to_owned(), ..own.clone() })
            .await
            .unwrap();
        assert_eq!(saved_view::seen_by(&mut tx, workspace, ines).await.unwrap()[0].name, "Own");
        saved_view::change(&mut tx, workspace, &View { shared: false, ..shared.clone() }).await.unwrap();
        assert!(saved_view::seen_by(&mut tx, workspace, jonas).await.unwrap().is_empty());
        saved_view::delete(&mut tx, workspace, shared.id).await.unwrap();
        assert_eq!(saved_view::seen_by(&mut tx, workspace, ines).await.unwrap().len(), 1);
        assert!(!onboarding::assign(&mut tx, stranger, OnboardingId::fresh(&ids), None).await.unwrap());
    })
    .await;
}
