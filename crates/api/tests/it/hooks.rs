//! What CRMs send: signed or secret, once or twice, whole or only announced.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gangway_app::Clock;
use gangway_testkit::{TestApp, for_each_database};
use hmac::{Hmac, Mac};
use serde_json::json;
use sha2::Sha256;
use tokio::net::TcpListener;

use super::{Answer, Client, admin, ask};

const SECRET: &str = "a-client-secret-of-hubspot";
const HUBSPOT_DEAL: &str = include_str!("../../../intake/tests/fixtures/hubspot_deal.json");
const HUBSPOT_EVENTS: &str = include_str!("../../../intake/tests/fixtures/hubspot_webhook.json");
const SALESFORCE_MESSAGE: &str = include_str!("../../../intake/tests/fixtures/salesforce_message.xml");

/// The path of an address the API made.
async fn hook(api: &Client, body: serde_json::Value) -> (String, String) {
    let made = api.json(Method::POST, "/crm-hooks", &[], &body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let address = made.json()["address"].as_str().unwrap().to_owned();
    let path = address.strip_prefix("http://gangway.test").unwrap().to_owned();
    (path, made.json()["id"].as_str().unwrap().to_owned())
}

/// Signs as HubSpot documents it: base64 of HMAC-SHA256 over method, address, body and time.
fn signature(secret: &str, path: &str, body: &str, time: i64) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("POSThttp://gangway.test{path}{body}{time}").as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

async fn post(api: &Client, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut request = Request::post(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    ask(&api.router, request.body(Body::from(body.to_owned())).unwrap()).await
}

#[tokio::test]
async fn hubspot_hands_deals_over_when_it_signs_them() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let (path, id) = hook(&api, json!({ "crm": "hubspot", "signing_secret": SECRET })).await;
        let now = test.clock.now().as_millisecond();
        let mut tx = test.app.db.read().await.unwrap();
        let kept = gangway_store::crm_hook::of_workspace(&mut tx, test.actor.workspace).await.unwrap();
        assert!(!kept[0].secret.contains(SECRET), "a copy of the database signs nothing");
        drop(tx);
        let send = async |secret: &str, time: i64, body: &str| {
            let (signed, time) = (signature(secret, &path, body, time), time.to_string());
            let headers =
                [("x-hubspot-signature-v3", signed.as_str()), ("x-hubspot-request-timestamp", time.as_str())];
            post(&api, &path, &headers, body).await
        };
        for refused in [
            send("another-secret-of-hubspot", now, HUBSPOT_DEAL).await,
            send(SECRET, now - 300_001, HUBSPOT_DEAL).await,
            send(SECRET, now + 300_001, HUBSPOT_DEAL).await,
            post(&api, &path, &[], HUBSPOT_DEAL).await,
            post(
                &api,
                &path,
                &[("x-hubspot-signature-v3", "x"), ("x-hubspot-request-timestamp", "y")],
                HUBSPOT_DEAL,
            )
            .await,
        ] {
            assert_eq!((refused.status, refused.code().as_str()), (StatusCode::FORBIDDEN, "not_genuine"));
        }
        assert_eq!(api.get("/handoffs").await.json()["items"], json!([]));

        let taken = send(SECRET, now - 299_000, HUBSPOT_DEAL).await;
        assert_eq!(taken.status, StatusCode::OK, "{}", taken.text);
        let again = send(SECRET, now, HUBSPOT_DEAL).await;
        assert_eq!(taken.json(), again.json(), "sent twice, it is one handoff");
        let list = api.get("/handoffs").await.json();
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        assert_eq!(
            (&list["items"][0]["customer"], &list["items"][0]["format"]),
            (&json!("Helvetia Logistik AG"), &json!("hubspot"))
        );
        let used = api.get("/crm-hooks").await.json();
        assert_eq!(used["items"][0]["used_at"], "2027-01-04T09:00:00Z");

        let announced = send(SECRET, now, HUBSPOT_EVENTS).await;
        assert_eq!(announced.status, StatusCode::OK, "sending it again would not help");
        assert!(announced.json()["advice"].as_str().unwrap().contains("18923345512"), "{}", announced.text);
        assert_eq!(send(SECRET, now, "{}").await.code(), "deal_refused");
        let door = &api.get("/activity").await.json()["items"][0];
        assert_eq!(
            (&door["kind"], &door["door"], &door["actor"]),
            (&json!("handoff.announced"), &json!("webhook"), &json!("HubSpot"))
        );

        let crm = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", crm.local_addr().unwrap());
        let won = Router::new().fallback(async || json!({ "results": [] }).to_string());
        tokio::spawn(async move { axum::serve(crm, won).await });
        let access = json!({ "address": address, "secret": "pat-eu1-0000-1111" });
        let connected = api.json(Method::PUT, "/crm-connections/hubspot", &[], &access).await;
        assert_eq!((connected.status, &connected.json()["problem"]), (StatusCode::OK, &json!(null)));
        let announced = send(SECRET, now, HUBSPOT_EVENTS).await;
        assert_eq!(announced.json(), json!({ "handoffs": [], "fetching": ["18923345512"] }));

        assert_eq!(
            api.send(Method::DELETE, &format!("/crm-hooks/{id}"), &[], "").await.status,
            StatusCode::NO_CONTENT
        );
        assert_eq!(send(SECRET, now, HUBSPOT_DEAL).await.code(), "not_found");
    })
    .await;
}

#[tokio::test]
async fn salesforce_hands_over_every_deal_of_a_message_and_hears_so() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let (path, id) = hook(&api, json!({ "crm": "salesforce" })).await;
        let guess = format!("/hooks/salesforce/{id}/{}", "0".repeat(64));
        assert_eq!(post(&api, &guess, &[], SALESFORCE_MESSAGE).await.code(), "not_genuine");
        let other = format!("/hooks/hubspot/{id}");
        assert_eq!(post(&api, &other, &[], SALESFORCE_MESSAGE).await.code(), "not_found");
        for _ in 0..2 {
            let taken = post(&api, &path, &[("content-type", "text/xml")], SALESFORCE_MESSAGE).await;
            assert_eq!(
                (taken.status, taken.header("content-type")),
                (StatusCode::OK, "text/xml; charset=utf-8")
            );
            assert!(taken.text.contains("<Ack>true</Ack>"), "{}", taken.text);
        }
        let list = api.get("/handoffs").await.json();
        assert_eq!(list["items"].as_array().unwrap().len(), 2, "two opportunities, each once: {list}");
        let told = api.get("/crm-hooks").await;
        let secret = path.rsplit('/').next().unwrap();
        assert!(!told.text.contains(secret) && told.json()["items"][0]["address"].is_null());
        let refused = post(&api, &path, &[], "<x/>").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!refused.text.contains(secret), "the secret of the address stays out of the answer");
    })
    .await;
}

#[tokio::test]
async fn an_address_needs_the_secret_its_crm_has() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        for body in [
            json!({ "crm": "hubspot" }),
            json!({ "crm": "hubspot", "signing_secret": "short" }),
            json!({ "crm": "salesforce", "signing_secret": SECRET }),
            json!({ "crm": "pipedrive" }),
        ] {
            let refused = api.json(Method::POST, "/crm-hooks", &[], &body).await;
            assert_eq!(
                (refused.status, refused.code().as_str()),
                (StatusCode::UNPROCESSABLE_ENTITY, "invalid")
            );
        }
    })
    .await;
}
