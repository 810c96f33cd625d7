//! The description: fresh, complete, true to the router, and on a page that loads nothing from elsewhere.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use gangway_api::{Api, document, operations};
use gangway_testkit::{Database, TestApp};
use serde_json::Value as Json;

use super::ask;

#[test]
fn the_committed_description_is_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    let committed: Json = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let fresh = committed == document();
    assert!(fresh, "run `cargo run -p gangway-api --example openapi > docs/openapi.json`");
}

#[test]
fn every_operation_is_described_and_nothing_else_is() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"]["title"], "Gangway");
    let mut described = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let what = format!("{method} {path}");
            assert!(!operation["summary"].as_str().unwrap().is_empty(), "{what}");
            assert!(operation["description"].as_str().unwrap().contains("Needs the scope"), "{what}");
            assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{what}");
            assert_eq!(operation["tags"].as_array().unwrap().len(), 1, "{what}");
            assert!(operation.get("parameters").is_none_or(Json::is_array), "{what}");
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                assert!(parameter["description"].is_string(), "{what}: {parameter}");
            }
            let answers = operation["responses"].as_object().unwrap();
            for status in ["401", "403", "429", "500"] {
                assert!(answers.contains_key(status), "{what} lacks {status}");
            }
            assert!(answers.keys().any(|status| status.starts_with('2')), "{what}");
            described.insert(what);
        }
    }
    let listed: BTreeSet<String> = operations()
        .iter()
        .map(|operation| format!("{} {}", operation.method.as_str().to_lowercase(), operation.path))
        .collect();
    assert_eq!(described, listed);
}

/// Every reference leads somewhere, and every schema of our own has words and an example or fields that do.
#[test]
fn references_lead_somewhere() {
    let document = document();
    let mut open = vec![&document];
    let mut seen = 0;
    while let Some(value) = open.pop() {
        match value {
            Json::Object(map) => {
                if let Some(Json::String(reference)) = map.get("$ref") {
                    let pointer = reference.strip_prefix('#').unwrap();
                    assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
                    seen += 1;
                }
                open.extend(map.values());
            }
            Json::Array(list) => open.extend(list),
            _ => {}
        }
    }
    assert!(seen > 100, "{seen}");
}

#[tokio::test]
async fn the_page_to_try_it_on_is_ours_alone() {
    let database = Database::sqlite().await.unwrap();
    let test = TestApp::on(database.db.clone()).await;
    let router = Api::new(test.app.clone()).router();
    let get = async |path: &str| ask(&router, Request::get(path).body(Body::empty()).unwrap()).await;
    let served = get("/api/v1/openapi.json").await;
    assert_eq!((served.status, served.json()), (StatusCode::OK, document()));
    assert_eq!(get("/api/docs").await.header("location"), "/api/docs/");
    let page = get("/api/docs/").await;
    assert_eq!((page.status, page.header("content-type")), (StatusCode::OK, "text/html"));
    assert!(page.header("content-security-policy").contains("script-src 'self';"));
    assert!(!page.text.contains("http://") && !page.text.contains("https://"), "{}", page.text);
    for part in page.text.split("src=\"").skip(1).chain(page.text.split("href=\"").skip(1)) {
        let name = part.split('"').next().unwrap().trim_start_matches("./");
        assert_eq!(get(&format!("/api/docs/{name}")).await.status, StatusCode::OK, "{name}");
    }
    assert!(get("/api/docs/swagger-initializer.js").await.text.contains("/api/v1/openapi.json"));
    assert_eq!(get("/api/docs/none.js").await.code(), "not_found");
    assert_eq!(get("/api/nothing").await.code(), "no_such_address");
    database.remove().await.unwrap();
}
