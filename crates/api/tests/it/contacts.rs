//! Contacts, merging, search.

use axum::http::{Method, StatusCode};
use gangway_domain::permission::{Role, Scope};
use gangway_testkit::{TestApp, deal, for_each_database};
use serde_json::json;

use super::{admin, client};

#[tokio::test]
async fn contacts_are_added_changed_found_and_merged() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        api.onboard(&format!("{}Sponsor: Dana Whitfield (VP Operations)\n", deal("Lumière"))).await;
        let accounts = api.get("/accounts").await.json();
        let account = accounts["items"][0]["id"].as_str().unwrap().to_owned();
        let contacts = api.get("/contacts?role=executive_sponsor").await.json();
        assert_eq!(contacts["items"][0]["name"], "Dana Whitfield");
        assert_eq!(contacts["items"][0]["account"], account.as_str());
        let dana = contacts["items"][0]["id"].as_str().unwrap().to_owned();
        let full = api.get(&format!("/contacts/{dana}")).await;
        assert_eq!((full.status, full.header("etag")), (StatusCode::OK, "\"1\""));
        assert_eq!(full.json()["roles"][0]["role"], "executive_sponsor");

        let body = json!({ "account": account, "name": "D. Whitfield", "email": "dana@lumiere.example" });
        let made = api.json(Method::POST, "/contacts", &[], &body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let twin = made.json()["id"].as_str().unwrap().to_owned();
        assert_eq!(made.header("location"), format!("/api/v1/contacts/{twin}"));
        let bad = api.json(Method::POST, "/contacts", &[], &json!({ "account": account, "name": " " })).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        let nowhere = json!({ "account": format!("acc_{}", "0".repeat(32)), "name": "Dana" });
        let nowhere = api.json(Method::POST, "/contacts", &[], &nowhere).await;
        assert_eq!((nowhere.status, nowhere.code().as_str()), (StatusCode::NOT_FOUND, "not_found"));
        let unreadable = json!({ "account": twin, "name": "Dana" });
        let unreadable = api.json(Method::POST, "/contacts", &[], &unreadable).await;
        assert_eq!(unreadable.json()["errors"][0]["field"], "account", "a contact is no account");
        let path = format!("/contacts/{twin}");
        let patch = json!({ "phone": "+33 1 23 45", "title": null });
        assert_eq!(api.json(Method::PATCH, &path, &[], &patch).await.status, StatusCode::PRECONDITION_REQUIRED);
        let changed = api.json(Method::PATCH, &path, &[("if-match", "\"1\"")], &patch).await;
        assert_eq!((changed.status, changed.header("etag")), (StatusCode::OK, "\"2\""));
        let stale = api.json(Method::PATCH, &path, &[("if-match", "\"1\"")], &json!({ "name": "X" })).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED, "{}", stale.text);

        let path = format!("/contacts/{dana}/merge");
        let itself = json!({ "goes": dana, "goes_version": 1 });
        let itself = api.json(Method::POST, &path, &[("if-match", "\"1\"")], &itself).await;
        assert_eq!(itself.json()["errors"][0]["field"], "goes", "{}", itself.text);
        let body = |version: i64, dry: bool| json!({ "goes": twin, "goes_version": version, "take": ["email"], "dry_run": dry });
        let dry = api.json(Method::POST, &path, &[("if-match", "\"1\"")], &body(2, true)).await.json();
        assert_eq!((&dry["done"], &dry["contact"]), (&json!(false), &json!(null)));
        let email = dry["fields"].as_array().unwrap().iter().find(|field| field["name"] == "email").unwrap();
        assert_eq!(email["outcome"], "dana@lumiere.example");
        let stale = api.json(Method::POST, &path, &[("if-match", "\"1\"")], &body(1, false)).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED, "{}", stale.text);
        let merged = api.json(Method::POST, &path, &[("if-match", "\"1\"")], &body(2, false)).await;
        assert_eq!(merged.status, StatusCode::OK, "{}", merged.text);
        assert_eq!(merged.json()["contact"]["phone"], "+33 1 23 45");
        assert_eq!(api.get(&format!("/contacts/{twin}")).await.status, StatusCode::NOT_FOUND);

        let hits = api.get("/search?q=lumiere&limit=5").await.json();
        let kinds: Vec<&str> = hits.as_array().unwrap().iter().filter_map(|hit| hit["kind"].as_str()).collect();
        assert_eq!(kinds, ["Onboardings", "Accounts", "Contacts", "Handoffs"]);
        assert_eq!(api.get("/search?q=x&limit=21").await.status, StatusCode::BAD_REQUEST);
        for query in ["owner=nobody", "stage=handoff", "late=false", "owner=me"] {
            assert_eq!(api.get(&format!("/onboardings?{query}")).await.status, StatusCode::OK, "{query}");
        }
        for query in ["sort=added", "sort=-account", "sort=name&limit=1"] {
            assert_eq!(api.get(&format!("/contacts?{query}")).await.status, StatusCode::OK, "{query}");
        }
        assert_eq!(api.get("/contacts?sort=luck").await.code(), "query_invalid");
        for (query, number) in [("search=LUMIERE", 1), ("search=qqqq", 0), ("state=review", 0), ("state=made", 1)] {
            let page = api.get(&format!("/handoffs?{query}")).await.json();
            assert_eq!(page["items"].as_array().unwrap().len(), number, "{query}: {page}");
        }
        assert_eq!(api.get("/handoffs?state=luck").await.code(), "query_invalid");
        assert_eq!(api.get("/handoffs?seller=x").await.code(), "query_invalid");
        for query in ["owner=x", "seller=x", "stage=x", "late=x"] {
            assert_eq!(api.get(&format!("/onboardings?{query}")).await.status, StatusCode::BAD_REQUEST, "{query}");
        }
    })
    .await;
}

#[tokio::test]
async fn two_accounts_become_one_and_their_ids_lead_on() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let put = async |id: &str, name: &str| {
            let path = format!("/accounts/by-external-id/{id}");
            api.json(Method::PUT, &path, &[], &json!({ "name": name })).await.json()["id"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        let (stays, goes) = (put("1", "Acme North").await, put("2", "Acme South").await);
        let path = format!("/accounts/{stays}/merge");
        let body = json!({ "goes": goes, "goes_version": 1 });
        let merged = api.json(Method::POST, &path, &[("if-match", "\"1\"")], &body).await;
        assert_eq!(merged.status, StatusCode::OK, "{}", merged.text);
        assert_eq!(merged.json()["account"]["external_id"], "1");
        assert_eq!(put("2", "Acme South").await, stays, "the CRM still has two; here there is one");
        assert_eq!(api.get("/accounts").await.json()["items"].as_array().unwrap().len(), 1);
        let viewer = client(&test, Role::Viewer, &Scope::ALL).await;
        let refused = viewer.json(Method::POST, &path, &[("if-match", "\"2\"")], &body).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn accounts_that_look_like_one_are_named_until_somebody_tells_them_apart() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let add = async |name: &str| {
            let website = json!({ "name": name, "website": "https://acme.example" });
            let made = api.json(Method::POST, "/accounts", &[], &website).await;
            assert_eq!((made.status, made.header("etag")), (StatusCode::CREATED, "\"1\""), "{}", made.text);
            let id = made.json()["id"].as_str().unwrap().to_owned();
            assert_eq!(made.header("location"), format!("/api/v1/accounts/{id}"));
            id
        };
        let (north, south) = (add("Acme North").await, add("Acme South").await);
        let taken = api.json(Method::POST, "/accounts", &[], &json!({ "name": "ACME North" })).await;
        assert_eq!(taken.json()["errors"][0]["field"], "name", "{}", taken.text);
        let pairs = api.get("/accounts/duplicates").await.json();
        let pair = &pairs["items"][0];
        assert_eq!(
            (&pair["one"], &pair["other"], &pair["share"]),
            (&json!(north), &json!(south), &json!("website")),
            "{pairs}"
        );
        let path = format!("/accounts/{north}/distinct");
        let itself = api.json(Method::POST, &path, &[], &json!({ "other": north })).await;
        assert_eq!(itself.json()["errors"][0]["field"], "other", "{}", itself.text);
        let apart = api.json(Method::POST, &path, &[], &json!({ "other": south })).await;
        assert_eq!(apart.status, StatusCode::NO_CONTENT, "{}", apart.text);
        assert_eq!(api.get("/accounts/duplicates").await.json()["items"], json!([]));
        assert_eq!(api.get("/contacts/duplicates").await.json()["items"], json!([]));
        let viewer = client(&test, Role::Viewer, &Scope::ALL).await;
        let refused = viewer.json(Method::POST, &path, &[], &json!({ "other": south })).await;
        assert_eq!(refused.code(), "forbidden");
        for (query, number) in [("open=false", 2), ("open=true", 0), ("industry=Logistics", 0)] {
            let page = api.get(&format!("/accounts?{query}")).await.json();
            assert_eq!(page["items"].as_array().unwrap().len(), number, "{query}: {page}");
        }
        let worst = api.get("/accounts?sort=health").await.json();
        assert_eq!(worst["items"][0]["id"], north.as_str(), "none was judged: in the order of their making");
    })
    .await;
}

#[tokio::test]
async fn contacts_are_kept_in_step_with_another_system() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        api.onboard(&format!("{}Sponsor: Dana Whitfield (VP Operations)\n", deal("Acme"))).await;
        let account = api.get("/accounts").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
        let put = async |id: &str, body: serde_json::Value| {
            api.json(Method::PUT, &format!("/contacts/by-external-id/{id}"), &[], &body).await
        };
        let dana = json!({ "account": account, "name": "Dana Whitfield", "email": "dana@acme.example" });
        let adopted = put("crm%2F1", dana.clone()).await;
        assert_eq!((adopted.status, adopted.header("etag")), (StatusCode::OK, "\"2\""), "{}", adopted.text);
        let adopted = adopted.json();
        assert_eq!((&adopted["external_id"], &adopted["title"]), (&json!("crm/1"), &json!(null)));
        let same = put("crm%2F1", dana.clone()).await.json();
        assert_eq!(same, adopted, "nothing changed, so nothing is written");
        let found = api.get("/contacts?external_id=crm%2F1").await.json();
        assert_eq!((&found["items"][0], &found["items"][1]), (&adopted, &json!(null)));
        let namesake = put("2", dana).await;
        assert_eq!(namesake.status, StatusCode::CREATED, "the other is somebody else: {}", namesake.text);
        let two = namesake.json()["id"].as_str().unwrap().to_owned();
        assert_eq!(namesake.header("location"), format!("/api/v1/contacts/{two}"));

        let path = format!("/contacts/{two}");
        let taken = json!({ "external_id": "crm/1" });
        let taken = api.json(Method::PATCH, &path, &[("if-match", "\"1\"")], &taken).await;
        assert_eq!(taken.json()["errors"][0]["field"], "external_id", "{}", taken.text);
        let other = api.json(Method::POST, "/accounts", &[], &json!({ "name": "Globex" })).await.json();
        for (body, field) in [
            (json!({ "account": other["id"], "name": "Dana Whitfield" }), "account"),
            (json!({ "account": account, "name": " " }), "name"),
            (json!({ "account": two, "name": "Dana Whitfield" }), "account"),
        ] {
            let refused = put("2", body).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
            assert_eq!(refused.json()["errors"][0]["field"], field);
        }
        let blank = put("%20", json!({ "account": account, "name": "Dana" })).await;
        assert_eq!(blank.json()["errors"][0]["field"], "external_id", "{}", blank.text);
        let nowhere = json!({ "account": format!("acc_{}", "0".repeat(32)), "name": "Dana" });
        assert_eq!(put("3", nowhere).await.code(), "not_found");

        let stays = adopted["id"].as_str().unwrap();
        let merge = json!({ "goes": two, "goes_version": 1 });
        let path = format!("/contacts/{stays}/merge");
        let merged = api.json(Method::POST, &path, &[("if-match", "\"2\"")], &merge).await;
        assert_eq!(merged.status, StatusCode::OK, "{}", merged.text);
        assert_eq!(merged.json()["contact"]["external_id"], "crm/1");
        let led = put("2", json!({ "account": account, "name": "Dana Whitfield" })).await.json();
        assert_eq!(led["id"], stays, "the CRM still has two; here there is one");
        let viewer = client(&test, Role::Viewer, &Scope::ALL).await;
        let refused = json!({ "account": account, "name": "Dana" });
        let refused = viewer.json(Method::PUT, "/contacts/by-external-id/1", &[], &refused).await;
        assert_eq!(refused.code(), "forbidden");
    })
    .await;
}
