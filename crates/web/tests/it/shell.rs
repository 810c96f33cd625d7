//! The shell around every page, the style page, and the first steps of a new workspace.

use axum::http::StatusCode;
use gangway_app::first_run;
use gangway_testkit::{TestApp, deal, for_each_database};

use super::{get, onboard, router};

#[tokio::test]
async fn every_component_is_on_the_style_page_and_every_icon_is_served() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let router = router(&test).await;
        let page = get(&router, "/style").await;
        assert_eq!(page.status, StatusCode::OK);
        for part in [
            "class=\"toast\"",
            "class=\"timeline\"",
            "class=\"meter\"",
            "confirm over",
            "class=\"steps\"",
            "board-card lifted",
        ] {
            assert!(page.text.contains(part), "{part}");
        }
        let (sprite, _) = page.text.split_once("#onboardings").unwrap();
        let sprite = sprite.rsplit('"').next().unwrap();
        let sprite = get(&router, sprite).await;
        assert_eq!(sprite.status, StatusCode::OK);
        assert!(sprite.text.contains("<symbol id=\"onboardings\""));
    })
    .await;
}

#[tokio::test]
async fn the_shell_says_where_one_is_and_who_one_is() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let page = get(&router(&test).await, "/onboardings").await;
        assert!(page.text.contains("<a href=\"/onboardings\" aria-current=\"page\">"));
        assert!(page.text.contains("Northbeam Software") && page.text.contains("A admin"));
        assert!(page.text.contains("popovertarget=\"menu\"") && page.text.contains("id=\"menu\" popover"));
    })
    .await;
}

#[tokio::test]
async fn first_steps_tick_themselves_and_then_go_away() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let router = router(&test).await;
        let ticked = |text: &str| text.matches("<li class=\"done\">").count();
        let page = get(&router, "/onboardings").await;
        assert!(page.text.contains("First steps"), "{}", page.text);
        assert_eq!(ticked(&page.text), 0, "only the admin is there");
        onboard(&test, &deal("Acme")).await;
        assert_eq!(ticked(&get(&router, "/onboardings").await.text), 2, "a deal and its onboarding");
        test.sign_in(gangway_domain::permission::Role::Csm).await;
        let steps = first_run::steps(&test.app, &test.actor).await.unwrap();
        assert!(steps.colleague && steps.handoff && steps.onboarding && !steps.token);
        let elsewhere = test.elsewhere("Southlight").await;
        let steps = first_run::steps(&elsewhere.app, &elsewhere.actor).await.unwrap();
        assert!(!steps.colleague && !steps.handoff && !steps.onboarding && !steps.token);
    })
    .await;
}
