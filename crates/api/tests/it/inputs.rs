//! What other systems tell of customers, over REST: one by one, and as files.

use axum::http::{Method, StatusCode};
use gangway_domain::permission::{Role, Scope};
use gangway_testkit::{TestApp, deal, for_each_database};
use serde_json::{Value as Json, json};

use super::{Answer, Client, admin, client, stranger};

#[track_caller]
fn refused(answer: &Answer, status: StatusCode, code: &str) {
    assert_eq!((answer.status, answer.code().as_str()), (status, code), "{}", answer.text);
}

/// The account of an onboarding of Acme, and where what is told of it is.
async fn inputs(api: &Client) -> (String, String) {
    let id = api.onboard(&deal("Acme")).await;
    let account = api.get(&format!("/onboardings/{id}")).await.json()["account"].clone();
    let account = account.as_str().map_or_else(|| account["id"].as_str().unwrap().to_owned(), str::to_owned);
    (account.clone(), format!("/accounts/{account}/inputs"))
}

async fn tell(api: &Client, path: &str, body: Json) -> Json {
    let told = api.json(Method::POST, path, &[], &body).await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.text);
    told.json()
}

#[tokio::test]
async fn everything_is_told_corrected_and_taken_back() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let (account, path) = inputs(&api).await;
        let ticket = |status: &str| json!({ "tells": "ticket", "external_id": "T-1", "status": status, "severity": "high" });
        let opened = tell(&api, &path, ticket("open")).await["tickets"][0]["opened_at"].clone();
        test.clock.advance_days(2);
        tell(&api, &path, ticket("solved")).await;
        let known = tell(&api, &path, ticket("open")).await;
        assert_eq!(known["tickets"].as_array().unwrap().len(), 1);
        assert_eq!((&known["tickets"][0]["reopened"], &known["tickets"][0]["opened_at"]), (&json!(1), &opened));
        assert_eq!(known["tickets"][0]["solved_at"], json!(null));

        tell(&api, &path, json!({ "tells": "integration", "name": "SAP", "status": "failing", "failures": 4 })).await;
        for (on, wrong) in [("2027-01-04", 2), ("2027-01-05", 12)] {
            let body = json!({ "tells": "quality", "source": "CRM", "on": on, "checked": 200, "wrong": wrong });
            tell(&api, &path, body).await;
        }
        let moved = |kind: &str, on: &str, amount: &str| {
            json!({ "tells": "movement", "kind": kind, "on": on, "amount": amount })
        };
        tell(&api, &path, moved("new", "2026-06-01", "1,000")).await;
        tell(&api, &path, moved("churn", "2026-12-01", "1,000")).await;
        let back = tell(&api, &path, moved("reactivation", "2027-01-04", "400")).await;
        assert_eq!((&back["revenue"]["now"], &back["revenue"]["churned"]), (&json!(400), &json!(false)));
        let known = tell(&api, &path, json!({ "tells": "renewal", "on": "2027-12-31" })).await;
        assert_eq!((&known["renewal"]["on"], &known["renewal"]["of_deal"]), (&json!("2027-12-31"), &json!(false)));
        assert_eq!(known["quality"][0]["wrong"], 12);
        assert_eq!(known["quality_history"].as_array().unwrap().len(), 2);
        assert_eq!(api.get(&path).await.json(), known);

        let removals = format!("/accounts/{account}/input-removals");
        for what in [
            json!({ "forgets": "ticket", "external_id": "T-1" }),
            json!({ "forgets": "integration", "name": "SAP" }),
            json!({ "forgets": "quality", "source": "CRM", "on": "2027-01-05" }),
            json!({ "forgets": "renewal" }),
        ] {
            let gone = api.json(Method::POST, &removals, &[], &what).await;
            assert_eq!(gone.status, StatusCode::OK, "{}", gone.text);
            let twice = api.json(Method::POST, &removals, &[], &what).await;
            refused(&twice, StatusCode::NOT_FOUND, "not_found");
        }
        let known = api.get(&path).await.json();
        assert_eq!((&known["tickets"], &known["integrations"]), (&json!([]), &json!([])));
        assert_eq!((&known["quality"][0]["wrong"], &known["renewal"]), (&json!(2), &json!(null)));
        let movement = known["movements"][0]["id"].as_str().unwrap();
        let gone =
            api.send(Method::DELETE, &format!("/accounts/{account}/movements/{movement}"), &[], "").await;
        assert_eq!(gone.json()["revenue"]["churned"], true, "{}", gone.text);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_used_is_refused_field_by_field() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let (_, path) = inputs(&api).await;
        for (field, body) in [
            ("status", json!({ "tells": "ticket", "external_id": "T-1", "status": "lost" })),
            ("external_id", json!({ "tells": "ticket", "external_id": " ", "status": "open" })),
            ("opened_at", json!({ "tells": "ticket", "external_id": "T", "status": "open", "opened_at": "2099-01-01T00:00:00Z" })),
            ("wrong", json!({ "tells": "quality", "source": "CRM", "checked": 1, "wrong": 2 })),
            ("amount", json!({ "tells": "movement", "kind": "new", "on": "2027-01-01", "amount": "-5" })),
            ("kind", json!({ "tells": "movement", "kind": "gift", "on": "2027-01-01", "amount": "5" })),
            ("on", json!({ "tells": "renewal", "on": "1900-01-01" })),
        ] {
            let answer = api.json(Method::POST, &path, &[], &body).await;
            refused(&answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert_eq!(answer.json()["errors"][0]["field"], field, "{}", answer.text);
        }
        let unknown = json!({ "tells": "weather" });
        assert_eq!(api.json(Method::POST, &path, &[], &unknown).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let right = json!({ "tells": "renewal", "on": "2028-01-01" });
        let viewer = client(&test, Role::Viewer, &Scope::ALL).await;
        assert_eq!(viewer.get(&path).await.status, StatusCode::OK);
        refused(&viewer.json(Method::POST, &path, &[], &right).await, StatusCode::FORBIDDEN, "forbidden");
        let other = stranger(&test).await;
        refused(&other.get(&path).await, StatusCode::NOT_FOUND, "not_found");
        refused(&other.json(Method::POST, &path, &[], &right).await, StatusCode::NOT_FOUND, "not_found");
        assert_eq!(api.get(&path).await.json()["renewal"], json!(null), "nothing was kept");
    })
    .await;
}

#[tokio::test]
async fn files_are_checked_and_taken_whole_or_not_at_all() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let (_, path) = inputs(&api).await;
        let file = |csv: &str| json!({ "kind": "data-quality", "csv": csv });
        let bad = file("account,source,checked,wrong\nAcme,CRM,200,6\nNobody,CRM,1,0\nAcme,ERP,many,0\n");
        let checked = api.json(Method::POST, "/input-file-checks", &[], &bad).await;
        assert_eq!(checked.status, StatusCode::OK, "{}", checked.text);
        assert_eq!((&checked.json()["lines"], &checked.json()["wrong_lines"]), (&json!(1), &json!(2)));
        assert_eq!(
            (&checked.json()["wrong"][0]["line"], &checked.json()["wrong"][1]["line"]),
            (&json!(3), &json!(4))
        );
        let answer = api.json(Method::POST, "/input-files", &[], &bad).await;
        refused(&answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert!(answer.text.contains("line 3") && answer.text.contains("line 4"), "{}", answer.text);
        assert_eq!(api.get(&path).await.json()["quality"], json!([]), "nothing half-written");
        let good = file("account,source,checked,wrong\nAcme,CRM,200,6\n");
        for _ in 0..2 {
            let taken = api.json(Method::POST, "/input-files", &[], &good).await;
            assert_eq!(taken.json(), json!({ "lines": 1, "accounts": 1 }), "{}", taken.text);
        }
        assert_eq!(api.get(&path).await.json()["quality_history"].as_array().unwrap().len(), 1);
        let renewals =
            json!({ "kind": "renewals", "csv": "account,on\nAcme,2028-01-01\n", "name": "renewals.csv" });
        assert_eq!(api.json(Method::POST, "/input-files", &[], &renewals).await.status, StatusCode::OK);
        assert_eq!(api.get(&path).await.json()["renewal"]["on"], "2028-01-01");
        for wrong in [json!({ "kind": "weather", "csv": "account\nAcme" }), file(""), file("name\nAcme")] {
            for path in ["/input-files", "/input-file-checks"] {
                let answer = api.json(Method::POST, path, &[], &wrong).await;
                refused(&answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            }
        }
        let viewer = client(&test, Role::Viewer, &Scope::ALL).await;
        for path in ["/input-files", "/input-file-checks"] {
            refused(&viewer.json(Method::POST, path, &[], &good).await, StatusCode::FORBIDDEN, "forbidden");
        }
    })
    .await;
}
