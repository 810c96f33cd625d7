//! The shell around every page, the style page, and the first steps of a new workspace.

use std::path::Path;

use axum::http::StatusCode;
use gangway_app::first_run;
use gangway_testkit::{TestApp, deal, for_each_database};

use super::{get, onboard, router};

/// The name under which a template is imported by another.
fn name_of<'a>(template: &'a str, imported: &str) -> Option<&'a str> {
    let (_, rest) = template.split_once(&format!("{{% import \"components/{imported}\" as "))?;
    rest.split_whitespace().next()
}

#[test]
fn every_component_is_called_on_the_style_page() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let read = |path: &str| std::fs::read_to_string(folder.join(path)).unwrap();
    let page = read("pages/style/style.html");
    // The frame is around it, as around every page.
    let frame = read("components/frame.html");
    let (mut missing, mut count) = (Vec::new(), 0);
    for entry in std::fs::read_dir(folder.join("components")).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let text = read(&format!("components/{file}"));
        for macros in text.split("{% macro ").skip(1) {
            let (name, _) = macros.split_once('(').unwrap();
            count += 1;
            let is_called = |template: &str| {
                name_of(template, &file)
                    .is_some_and(|module| template.contains(&format!("{{% call {module}::{name}(")))
            };
            if !is_called(&page) && !is_called(&frame) {
                missing.push(format!("{file}: {name}"));
            }
        }
    }
    assert!(missing.is_empty(), "not on the style page: {missing:?}");
    assert!(count >= 30, "only {count} components were found");
}

#[tokio::test]
async fn what_the_style_page_shows_is_there_and_every_icon_is_served() {
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
