//! What training asks and has people do stays what it was when an onboarding was made.

use std::sync::Arc;

use gangway_app::{App, training, upkeep};
use gangway_store::programme;
use gangway_testkit::{TestApp, deal, for_each_database};

use super::generate;

/// What sheets were kept as before training was among them.
const OLD: &str = r#"{"surveys":{},"forms":{},"moments":[]}"#;

/// The same installation with a methodology that asks nothing and has nobody practise.
fn asking_nothing(app: &App) -> App {
    let mut methodology = (*app.methodology).clone();
    for track in methodology.training.values_mut() {
        track.assessment = None;
        track.exercises.clear();
    }
    App { methodology: Arc::new(methodology), ..app.clone() }
}

#[tokio::test]
async fn what_training_holds_is_that_of_the_day_the_onboarding_was_made() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let later = asking_nothing(app);
        let id = generate(&test, &deal("Acme")).await;
        let made = training::of_onboarding(app, actor, id).await.unwrap();
        let track = made.tracks.iter().find(|track| track.code == "administrator").unwrap();
        let asks = |known: &training::Training| {
            known.contents.of_track(track).is_some_and(|content| content.assessment.is_some())
        };
        assert!(asks(&made));
        let after = training::of_onboarding(&later, actor, id).await.unwrap();
        assert_eq!(after.contents, made.contents);
        assert!(asks(&after));

        // Of an earlier version of Gangway nothing is kept until it is brought up to date.
        let mut tx = app.db.write().await.unwrap();
        let digest = "0".repeat(64);
        programme::keep_sheets(&mut tx, actor.workspace, id, &digest, OLD, app.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!asks(&training::of_onboarding(&later, actor, id).await.unwrap()));
        upkeep::run(app).await.unwrap();
        assert_eq!(training::of_onboarding(&later, actor, id).await.unwrap().contents, made.contents);
    })
    .await;
}
