//! Programmes over REST: drafted, checked, published, compared; an onboarding moved.

use axum::http::{Method, StatusCode};
use gangway_testkit::{TestApp, deal, for_each_database};
use serde_json::json;

use super::{admin, stranger};

#[tokio::test]
async fn a_programme_is_drafted_checked_and_published() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (api, other) = (admin(&test).await, stranger(&test).await);
        let base = "/programmes/mid-market";
        let built_in = api.get(&format!("{base}/versions/built-in")).await.json();
        let source = built_in["source"].as_str().unwrap().to_owned();
        assert_eq!(api.get(&format!("{base}/draft")).await.code(), "not_found");
        let draft = |source: &str| json!({ "source": source });
        let broken = source.replace("role = \"ae\"", "role = \"aee\"");
        let judged = api.json(Method::POST, &format!("{base}/check"), &[], &draft(&broken)).await.json();
        assert_eq!(
            (&judged["usable"], &judged["findings"][0]["message"]),
            (&json!(false), &json!("there is no role `aee`"))
        );

        let begun = api.json(Method::PUT, &format!("{base}/draft"), &[], &draft(&broken)).await;
        assert_eq!((begun.status, begun.header("etag")), (StatusCode::NO_CONTENT, "\"2\""));
        let again = api.json(Method::PUT, &format!("{base}/draft"), &[], &draft(&source)).await;
        assert_eq!(again.code(), "stale", "it exists: say which version is replaced");
        let trial = format!("{base}/trial");
        let tried = api.json(Method::POST, &trial, &[], &json!({ "deal": deal("Acme") })).await;
        assert_eq!(tried.status, StatusCode::UNPROCESSABLE_ENTITY, "it has a mistake: {}", tried.text);
        let body = json!({ "deal": deal("Acme"), "version": "built-in" });
        let tried = api.json(Method::POST, &trial, &[], &body).await;
        assert_eq!(tried.status, StatusCode::OK, "{}", tried.text);
        assert_eq!(tried.json()["before"], tried.json()["after"], "nothing else is in force");
        let none = api.json(Method::POST, &trial, &[], &json!({ "version": "built-in" })).await;
        assert_eq!(none.json()["errors"][0]["field"], "deal", "{}", none.text);

        let note = json!({ "note": "Two days of kickoff" });
        let early =
            api.json(Method::POST, &format!("{base}/publication"), &[("if-match", "\"2\"")], &note).await;
        assert_eq!((early.status, early.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid"));
        let longer = source.replace(
            "role = \"onboarding-manager\"\ndays = 1\nafter = [\"kickoff-preparation\"",
            "role = \"onboarding-manager\"\ndays = 2\nafter = [\"kickoff-preparation\"",
        );
        assert_ne!(longer, source);
        let saved =
            api.json(Method::PUT, &format!("{base}/draft"), &[("if-match", "\"2\"")], &draft(&longer)).await;
        assert_eq!(saved.header("etag"), "\"3\"");
        let unsaid = api.json(Method::POST, &format!("{base}/publication"), &[], &note).await;
        assert_eq!(unsaid.status, StatusCode::PRECONDITION_REQUIRED);
        let made =
            api.json(Method::POST, &format!("{base}/publication"), &[("if-match", "\"3\"")], &note).await;
        assert_eq!((made.status, &made.json()["number"]), (StatusCode::CREATED, &json!(2)), "{}", made.text);
        assert_eq!(api.get("/programmes/mid-market").await.json()["version"], 2);
        assert_eq!(other.get("/programmes/mid-market").await.json()["version"], 1);
        assert_eq!(other.get(&format!("{base}/versions/2")).await.code(), "not_found");
        assert_eq!(other.get(&format!("{base}/versions")).await.json()["items"], json!([]));
        let versions = api.get(&format!("{base}/versions")).await.json();
        assert_eq!(
            (&versions["items"][0]["note"], &versions["items"][0]["in_force"]),
            (&note["note"], &json!(true))
        );
        let compared = api.get(&format!("{base}/comparison?from=built-in&to=2")).await.json();
        let item = &compared["groups"][0]["items"][0];
        assert_eq!((&item["what"], &item["change"]), (&json!("Task"), &json!("changed")));
        assert_eq!(item["fields"], json!([{ "label": "Working days", "from": ["1"], "to": ["2"] }]));
        assert_eq!(api.get(&format!("{base}/comparison?from=luck")).await.code(), "query_invalid");
        let back = api
            .json(Method::POST, &format!("{base}/built-in"), &[], &json!({ "note": "It was better" }))
            .await;
        assert_eq!(back.header("location"), "/api/v1/programmes/mid-market/versions/3");
        assert_eq!(api.send(Method::DELETE, &format!("{base}/draft"), &[], "").await.code(), "not_found");
    })
    .await;
}

#[tokio::test]
async fn an_onboarding_is_moved_to_the_programme_in_force() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let id = api.onboard(&deal("Acme")).await;
        let address = format!("/onboardings/{id}/programme");
        let now = api.get(&address).await.json();
        assert_eq!((&now["made_from"], &now["newer"]), (&json!(1), &json!(null)));
        let base = "/programmes/mid-market";
        let source =
            api.get(&format!("{base}/versions/in-force")).await.json()["source"].as_str().unwrap().replace(
                "role = \"onboarding-manager\"\ndays = 1\nafter = [\"kickoff-preparation\"",
                "role = \"onboarding-manager\"\ndays = 3\nafter = [\"kickoff-preparation\"",
            );
        api.json(Method::PUT, &format!("{base}/draft"), &[], &json!({ "source": source })).await;
        let note = json!({ "note": "Three days of kickoff" });
        api.json(Method::POST, &format!("{base}/publication"), &[("if-match", "\"2\"")], &note).await;
        let now = api.get(&address).await;
        let newer = now.json()["newer"].clone();
        assert_eq!((&newer["number"], &newer["obstacle"]), (&json!(2), &json!(null)));
        let kickoff = newer["plan"]["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|item| item["code"] == "kickoff")
            .unwrap()
            .clone();
        assert_eq!(kickoff["details"], json!(["working days 1 → 3"]));
        let body = json!({ "digest": newer["digest"] });
        let unsaid = api.json(Method::POST, &address, &[], &body).await;
        assert_eq!(unsaid.status, StatusCode::PRECONDITION_REQUIRED);
        let stale = api.json(Method::POST, &address, &[("if-match", "\"7\"")], &body).await;
        assert_eq!(stale.code(), "stale");
        let tag = now.header("etag").to_owned();
        let moved = api.json(Method::POST, &address, &[("if-match", &tag)], &body).await;
        assert_eq!((moved.status, moved.json()), (StatusCode::OK, newer["plan"].clone()), "what was shown");
        assert_eq!(api.get(&address).await.json()["made_from"], 2);
        assert_eq!(stranger(&test).await.get(&address).await.code(), "not_found");
    })
    .await;
}
