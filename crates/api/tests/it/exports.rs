//! Lists, plans and packages as files, as the pages give them.

use axum::http::StatusCode;
use gangway_testkit::{TestApp, deal, for_each_database};

use super::{admin, stranger};

const CSV: &str = "text/csv; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[tokio::test]
async fn lists_are_files_with_what_a_filter_shows() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        api.onboard(&deal("Acme")).await;
        api.onboard(&deal("Globex")).await;
        let other = stranger(&test).await;
        for (list, filter) in [("onboardings", "search"), ("accounts", "name"), ("handoffs", "search")] {
            let file = api.get(&format!("/{list}/export?{filter}=acme")).await;
            assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, CSV));
            let named = format!("attachment; filename=\"{list}-2027-01-04.csv\"");
            assert_eq!(file.header("content-disposition"), named);
            assert!(file.text.contains("Acme") && !file.text.contains("Globex"), "{}", file.text);
            let all = api.get(&format!("/{list}/export?kind=csv")).await;
            assert!(all.text.contains("Acme") && all.text.contains("Globex"), "{}", all.text);
            assert!(!other.get(&format!("/{list}/export")).await.text.contains("Acme"), "{list}");
        }
        for list in ["onboardings", "accounts", "contacts", "handoffs"] {
            let workbook = api.get(&format!("/{list}/export?kind=xlsx")).await;
            assert_eq!((workbook.status, workbook.header("content-type")), (StatusCode::OK, XLSX), "{list}");
            assert!(workbook.text.starts_with("PK"), "{list}");
            for wrong in ["kind=pdf", "kind=csv&kind=xlsx", "limit=1", "kind=csv&after=x", "luck=1"] {
                let refused = api.get(&format!("/{list}/export?{wrong}")).await;
                assert_eq!(refused.code(), "query_invalid", "{list}: {wrong}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn an_onboarding_is_downloaded_with_its_plan_and_register() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let id = api.onboard(&deal("Acme")).await;
        let other = stranger(&test).await;
        for (path, kind, begin) in [
            ("package.zip", "application/zip", "PK"),
            ("plan.csv", CSV, "\u{feff}"),
            ("register.csv", CSV, "\u{feff}"),
        ] {
            let path = format!("/onboardings/{id}/{path}");
            let file = api.get(&path).await;
            assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, kind), "{path}");
            assert!(file.text.starts_with(begin), "{path}");
            assert!(file.header("content-disposition").starts_with("attachment; filename="), "{path}");
            assert_eq!(other.get(&path).await.code(), "not_found", "{path}");
        }
        let package = api.get(&format!("/onboardings/{id}/package.zip")).await;
        let named = "attachment; filename=\"Acme onboarding package.zip\"";
        assert_eq!(package.header("content-disposition"), named);
        let entry = api.get(&format!("/register?onboarding={id}&limit=1")).await.json()["items"][0].clone();
        let register = api.get(&format!("/onboardings/{id}/register.csv")).await;
        assert!(register.text.contains(entry["code"].as_str().unwrap()), "{}", register.text);
        let task = api.get(&format!("/onboardings/{id}/tasks?limit=1")).await.json()["items"][0].clone();
        let plan = api.get(&format!("/onboardings/{id}/plan.csv")).await;
        assert!(plan.text.contains(task["code"].as_str().unwrap()), "{}", plan.text);
    })
    .await;
}
