//! Won deals picked from HubSpot and Salesforce: both played by a server that answers as their documentation says.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use gangway_app::crm::{self, Access, Fetcher};
use gangway_app::crm_hook::{self, Crm, Received};
use gangway_app::{AppError, activity, handoff, job};
use gangway_domain::deal::DealFormat;
use gangway_domain::permission::Role;
use gangway_jobs::Drained;
use gangway_store::crm_connection;
use gangway_testkit::{TestApp, for_each_database};
use serde_json::{Value, json};
use tokio::net::TcpListener;

const TOKEN: &str = "pat-eu1-0000-1111";

/// What was asked, in order.
type Asked = Arc<Mutex<Vec<String>>>;

type Answer = (StatusCode, String);

fn note(asked: &Asked, text: String) {
    asked.lock().unwrap().push(text);
}

fn with_token(headers: &HeaderMap, token: &str, answer: &Value) -> Answer {
    let sent = headers.get("authorization").and_then(|value| value.to_str().ok());
    if sent == Some(&format!("Bearer {token}")) {
        (StatusCode::OK, answer.to_string())
    } else {
        (StatusCode::UNAUTHORIZED, json!({ "category": "INVALID_AUTHENTICATION" }).to_string())
    }
}

async fn served(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// HubSpot, CRM API v3.
async fn hubspot() -> (String, Asked) {
    let search = async |State(asked): State<Asked>, headers: HeaderMap, body: String| {
        note(&asked, format!("search {body}"));
        let deals = json!({ "total": 1, "results": [{ "id": "9001", "properties": {
            "dealname": "Meridian Foods - Platform", "amount": "64000", "deal_currency_code": "EUR", "closedate": "2026-12-18T10:00:00Z"
        } }] });
        with_token(&headers, TOKEN, &deals)
    };
    let linked = async |Path(id): Path<String>, headers: HeaderMap| match id.as_str() {
        // The other one was lost.
        "9001" | "77" => with_token(
            &headers,
            TOKEN,
            &json!({ "id": "9001", "properties": {}, "associations": {
            "companies": { "results": [
                { "id": "71", "type": "deal_to_company" }, { "id": "71", "type": "deal_to_company_unlabeled" }
            ] },
            "contacts": { "results": [{ "id": "81", "type": "deal_to_contact" }] },
            "line items": { "results": [{ "id": "91", "type": "deal_to_line_item" }] }
        } }),
        ),
        _ => (StatusCode::NOT_FOUND, json!({ "status": "error" }).to_string()),
    };
    let names = async |headers: HeaderMap| {
        with_token(
            &headers,
            TOKEN,
            &json!({ "results": [
            { "name": "dealname" }, { "name": "amount" }, { "name": "closedate" }, { "name": "description" },
            { "name": "hs_arr", "calculated": true }, { "name": "hs_date_entered_closedwon" },
            { "name": "secret_margin", "hidden": true }, { "name": "go_live_target" }
        ] }),
        )
    };
    let read = async |State(asked): State<Asked>,
                      Path(kind): Path<String>,
                      headers: HeaderMap,
                      body: Bytes| {
        let question: Value = serde_json::from_slice(&body).unwrap();
        note(&asked, format!("{kind} {} {}", question["properties"], question["inputs"]));
        let object = match kind.as_str() {
            "deals" => json!({ "id": "9001", "properties": {
                "dealname": "Meridian Foods - Platform", "amount": "64000", "deal_currency_code": "EUR",
                "closedate": "2026-12-18T10:00:00Z", "description": "Use case: recipe traceability. Integration: SAP ERP.",
                "go_live_target": "2027-04-12", "hs_arr": null,
                "hs_is_closed_won": if question["inputs"][0]["id"] == "9001" { "true" } else { "false" }
            } }),
            "companies" => {
                json!({ "id": "71", "properties": { "name": "Meridian Foods", "industry": "FOOD_PRODUCTION", "country": "Germany" } })
            }
            "contacts" => {
                json!({ "id": "81", "properties": { "firstname": "Jonas", "lastname": "Weber", "jobtitle": "COO", "email": "jonas@meridian.example", "hs_buying_role": "EXECUTIVE_SPONSOR" } })
            }
            // The app was not allowed to read these.
            _ => return (StatusCode::FORBIDDEN, json!({ "category": "MISSING_SCOPES" }).to_string()),
        };
        with_token(&headers, TOKEN, &json!({ "status": "COMPLETE", "results": [object] }))
    };
    let asked = Asked::default();
    let router = Router::new()
        .route("/crm/v3/objects/deals/search", post(search))
        .route("/crm/v3/objects/deals/{id}", get(linked))
        .route("/crm/v3/properties/deals", get(names))
        .route("/crm/v3/objects/{kind}/batch/read", post(read))
        .with_state(asked.clone());
    (served(router).await, asked)
}

/// Salesforce, REST API.
async fn salesforce() -> (String, Asked) {
    let token = async |body: String| {
        if body == "grant_type=client_credentials&client_id=3MVG9-key&client_secret=a%2Bsecret%26more" {
            (StatusCode::OK, json!({ "access_token": "00Dx!t", "token_type": "Bearer" }).to_string())
        } else {
            (StatusCode::BAD_REQUEST, json!({ "error": "invalid_client" }).to_string())
        }
    };
    let query = async |State(asked): State<Asked>, RawQuery(query): RawQuery, headers: HeaderMap| {
        let query = query.unwrap_or_default();
        let soql =
            percent_encoding::percent_decode_str(&query.replace('+', " ")).decode_utf8_lossy().into_owned();
        note(&asked, soql.clone());
        let records = if soql.contains("ORDER BY") {
            json!([{ "attributes": { "type": "Opportunity" }, "Id": "006A1", "Name": "Kestrel rollout",
                "Account": { "Name": "Kestrel Logistics" }, "Amount": 120_000.0, "CloseDate": "2026-12-20" }])
        } else if soql.contains("'006A1'") {
            json!([{ "attributes": { "type": "Opportunity" }, "Id": "006A1",
                "Account": { "Name": "Kestrel Logistics", "Industry": "Transportation", "BillingCountry": "Netherlands" },
                "Owner": { "Name": "Ada Quist", "Email": "ada@vendor.example" },
                "OpportunityContactRoles": { "totalSize": 1, "done": true, "records": [
                    { "Role": "Executive Sponsor", "Contact": { "Name": "Mara Visser", "Title": "CFO", "Email": "mara@kestrel.example" } }] },
                "OpportunityLineItems": null }])
        } else {
            json!([])
        };
        with_token(&headers, "00Dx!t", &json!({ "totalSize": 1, "done": true, "records": records }))
    };
    let record = async |headers: HeaderMap| {
        with_token(
            &headers,
            "00Dx!t",
            &json!({ "attributes": { "type": "Opportunity", "url": "/x" }, "Id": "006A1",
            "Name": "Kestrel rollout", "Amount": 120_000.0, "CloseDate": "2026-12-20", "StageName": "Closed Won", "IsWon": true,
            "Description": "Use case: dock scheduling.", "LeadSource": null }),
        )
    };
    let asked = Asked::default();
    let router = Router::new()
        .route("/services/oauth2/token", post(token))
        .route("/services/data/v62.0/query", get(query))
        .route("/services/data/v62.0/sobjects/Opportunity/006A1", get(record))
        .with_state(asked.clone());
    (served(router).await, asked)
}

fn access(address: &str) -> Access {
    Access { address: address.to_owned(), client: String::new(), secret: TOKEN.to_owned() }
}

#[tokio::test]
async fn a_deal_is_picked_from_hubspot_with_its_people() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let (address, asked) = hubspot().await;
        crm::connect(app, actor, Crm::Hubspot, access(&address)).await.unwrap();
        let deals = crm::won(app, actor, Crm::Hubspot, "  Meridian \n Foods ").await.unwrap();
        assert_eq!((deals.len(), deals[0].id.as_str(), deals[0].handoff), (1, "9001", None));
        assert_eq!(deals[0].amount.unwrap().to_string(), "€64,000");
        assert_eq!(deals[0].closed_on.unwrap().to_string(), "2026-12-18");
        let question: Value = {
            let asked = asked.lock().unwrap();
            serde_json::from_str(asked.last().unwrap().strip_prefix("search ").unwrap()).unwrap()
        };
        assert_eq!(question["query"], "Meridian Foods");
        assert_eq!(question["filterGroups"][0]["filters"][0]["propertyName"], "hs_is_closed_won");

        let (id, new) = crm::pick(app, actor, Crm::Hubspot, "9001").await.unwrap();
        assert!(new);
        let facts = asked.lock().unwrap().iter().find(|text| text.starts_with("deals ")).unwrap().clone();
        assert!(facts.contains("go_live_target") && facts.contains("hs_arr"), "{facts}");
        assert!(!facts.contains("secret_margin") && !facts.contains("hs_date_entered"), "{facts}");
        assert!(asked.lock().unwrap().iter().any(|text| text.ends_with("[{\"id\":\"71\"}]")), "once");
        let mut tx = app.db.read().await.unwrap();
        let kept = gangway_store::handoff::get(&mut tx, actor.workspace, id).await.unwrap().unwrap();
        drop(tx);
        let deal = kept.reading.deal;
        assert_eq!(deal.customer.unwrap().value, "Meridian Foods");
        assert_eq!(deal.external_id.unwrap().value, "9001");
        assert_eq!(deal.stakeholders[0].value.name.as_deref(), Some("Jonas Weber"));
        assert_eq!(deal.country.unwrap().value, "DE");
        let by_itself =
            json!({ "id": "9002", "properties": { "dealname": "Zed Foods - Platform", "amount": "1000" } });
        let text = by_itself.to_string().into_bytes();
        let came = handoff::accept(app, actor, text, Some(DealFormat::Hubspot)).await.unwrap();
        let found = crm::pick(app, actor, Crm::Hubspot, "9002").await.unwrap();
        assert_eq!(found, (came.handoff, false), "a deal that came by itself is not picked once more");
        // It was changed in the CRM since, or it was not: it is found, not handed over again.
        assert_eq!(crm::pick(app, actor, Crm::Hubspot, "9001").await.unwrap(), (id, false));
        assert_eq!(crm::won(app, actor, Crm::Hubspot, "").await.unwrap()[0].handoff, Some(id));
    })
    .await;
}

#[tokio::test]
async fn a_deal_is_picked_from_salesforce_with_its_people() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let (address, asked) = salesforce().await;
        let access = |secret: &str| Access {
            address: format!("{address}/"),
            client: "3MVG9-key".to_owned(),
            secret: secret.to_owned(),
        };
        let wrong = crm::connect(app, actor, Crm::Salesforce, access("a+wrong")).await.unwrap_err();
        assert!(matches!(wrong, AppError::Invalid(_)), "too short: {wrong}");
        let wrong = crm::connect(app, actor, Crm::Salesforce, access("another-secret")).await.unwrap_err();
        assert!(wrong.to_string().contains("does not let Gangway in"), "{wrong}");
        assert!(crm::connections(app, actor).await.unwrap().is_empty());
        let token = actor.clone().through("sync");
        let made = crm::connect(app, &token, Crm::Salesforce, access("a+secret&more")).await.unwrap();
        assert_eq!((made.address.as_str(), made.by.as_str()), (address.as_str(), "Priya"), "not the token");

        let deals = crm::won(app, actor, Crm::Salesforce, "O'Hare 100%").await.unwrap();
        assert_eq!(
            (deals[0].name.as_str(), deals[0].customer.as_str()),
            ("Kestrel rollout", "Kestrel Logistics")
        );
        assert_eq!(deals[0].amount.unwrap().to_string(), "$120,000", "the workspace's currency");
        let soql = asked.lock().unwrap().last().unwrap().clone();
        assert!(soql.contains("Name LIKE '%O\\'Hare 100\\%%'"), "{soql}");
        let (id, _) = crm::pick(app, actor, Crm::Salesforce, "006A1").await.unwrap();
        let mut tx = app.db.read().await.unwrap();
        let deal =
            gangway_store::handoff::get(&mut tx, actor.workspace, id).await.unwrap().unwrap().reading.deal;
        assert_eq!(deal.customer.unwrap().value, "Kestrel Logistics");
        assert_eq!(deal.stakeholders[0].value.name.as_deref(), Some("Mara Visser"));
        assert_eq!(deal.closed_on.unwrap().value.to_string(), "2026-12-20");
    })
    .await;
}

#[tokio::test]
async fn secrets_are_sealed_and_nobody_gets_where_they_may_not() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let (address, _) = hubspot().await;
        let made = crm::connect(app, actor, Crm::Hubspot, access(&address)).await.unwrap();
        let mut tx = app.db.read().await.unwrap();
        let row = crm_connection::get(&mut tx, actor.workspace, "hubspot").await.unwrap().unwrap();
        drop(tx);
        assert!(!row.secret.contains(TOKEN) && !format!("{row:?} {made:?}").contains(&row.secret));

        let ae = test.member(Role::Ae).await;
        assert_eq!(crm::won(app, &ae, Crm::Hubspot, "").await.unwrap().len(), 1);
        let refused = crm::connect(app, &ae, Crm::Hubspot, access(&address)).await.unwrap_err();
        assert_eq!(refused.code(), "forbidden");
        let viewer = test.member(Role::Viewer).await;
        assert_eq!(crm::won(app, &viewer, Crm::Hubspot, "").await.unwrap_err().code(), "forbidden");
        let elsewhere = test.elsewhere("Southlight").await;
        let missing = crm::won(&elsewhere.app, &elsewhere.actor, Crm::Hubspot, "").await.unwrap_err();
        assert_eq!(missing.code(), "not_found");

        for id in ["", "404", "77", "9001/../../properties", "9001?x=1", "a'b"] {
            assert_eq!(
                crm::pick(app, actor, Crm::Hubspot, id).await.unwrap_err().code(),
                "not_found",
                "{id}"
            );
        }
        crm::disconnect(app, actor, Crm::Hubspot).await.unwrap();
        assert_eq!(crm::won(app, actor, Crm::Hubspot, "").await.unwrap_err().code(), "not_found");
        let again = crm::disconnect(app, actor, Crm::Hubspot).await.unwrap_err();
        assert_eq!(again.code(), "not_found");
    })
    .await;
}

#[tokio::test]
async fn what_a_crm_fails_with_is_told() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let says = async |router: Router| {
            let address = served(router).await;
            crm::connect(app, actor, Crm::Hubspot, access(&address)).await.unwrap_err()
        };
        let error = says(Router::new()).await;
        assert_eq!((error.code(), error.is_input()), ("elsewhere", true));
        assert!(error.to_string().starts_with("HubSpot cannot be used now: it answered 404"), "{error}");
        let page = Router::new().fallback(async || "<html>Welcome</html>");
        assert!(says(page).await.to_string().contains("its answer cannot be read"));
        let busy = Router::new().fallback(async || StatusCode::TOO_MANY_REQUESTS);
        assert!(says(busy).await.to_string().contains("asked too often"));
        let telling = Router::new().fallback(async |headers: HeaderMap| {
            (StatusCode::INTERNAL_SERVER_ERROR, format!("bad token {:?}", headers.get("authorization")))
        });
        let error = says(telling).await.to_string();
        assert!(error.contains("it answered 500") && !error.contains(TOKEN), "{error}");
        // A redirect would carry the token to wherever it leads.
        let away =
            Router::new().fallback(async || axum::response::Redirect::temporary("http://127.0.0.1:1/"));
        assert!(says(away).await.to_string().contains("it answered 307"));
        for private in ["https://10.0.0.8", "https://169.254.169.254", "https://[::1]:4"] {
            let error = crm::connect(app, actor, Crm::Hubspot, access(private)).await.unwrap_err();
            assert!(error.to_string().contains("private network"), "{error}");
        }
        let error = crm::connect(app, actor, Crm::Hubspot, access("http://crm.example")).await.unwrap_err();
        assert!(matches!(error, AppError::Invalid(_)), "{error}");
        assert!(activity::recent(app, actor, 5).await.unwrap().is_empty(), "nothing is left behind");
    })
    .await;
}

#[tokio::test]
async fn a_secret_is_kept_for_where_it_was_entered() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let (address, _) = salesforce().await;
        let access = |secret: &str| Access {
            address: format!(" {address}/ "),
            client: "3MVG9-key".to_owned(),
            secret: secret.to_owned(),
        };
        let nothing = crm::change(app, actor, Crm::Salesforce, access("")).await.unwrap_err();
        assert!(matches!(nothing, AppError::Invalid(_)), "there is none to keep: {nothing}");
        assert!(crm::settings(app, actor, Crm::Salesforce).await.unwrap().is_none());
        crm::change(app, actor, Crm::Salesforce, access("a+secret&more")).await.unwrap();
        let known = crm::settings(app, actor, Crm::Salesforce).await.unwrap().unwrap();
        let shown = (known.address.as_str(), known.client.as_str(), known.secret.as_str());
        assert_eq!(shown, (address.as_str(), "3MVG9-key", ""), "a secret is never shown");

        crm::change(app, actor, Crm::Salesforce, access(" ")).await.unwrap();
        assert_eq!(crm::won(app, actor, Crm::Salesforce, "").await.unwrap().len(), 1);
        let away = Access { address: "https://acme.my.salesforce.com".to_owned(), ..access("") };
        let refused = crm::change(app, actor, Crm::Salesforce, away).await.unwrap_err();
        assert!(refused.to_string().contains("enter it again for this one"), "{refused}");
        let broken = Access { address: "acme".to_owned(), ..access("") };
        let refused = crm::change(app, actor, Crm::Salesforce, broken).await.unwrap_err();
        assert!(refused.to_string().contains("must be an address such as"), "{refused}");
        let ae = test.member(Role::Ae).await;
        let refused = crm::settings(app, &ae, Crm::Salesforce).await.err().map(|error| error.code());
        assert_eq!(refused, Some("forbidden"));
    })
    .await;
}

/// An event of a subscription to deals, as HubSpot sends it.
fn event(deal: u64, at: i64, property: &str, value: &str) -> Value {
    json!({ "eventId": 1, "subscriptionId": 55, "portalId": 62515, "occurredAt": at, "subscriptionType": "deal.propertyChange",
        "attemptNumber": 0, "objectId": deal, "propertyName": property, "propertyValue": value, "changeSource": "CRM" })
}

/// HubSpot announces deals at an address of its own.
async fn announce(test: &TestApp, events: &[Value]) -> Received {
    let (app, actor) = (&test.app, &test.actor);
    let known = crm_hook::list(app, actor).await.unwrap().into_iter().next();
    let hook = match known {
        Some(known) => known,
        None => crm_hook::make(app, actor, Crm::Hubspot, Some("a-client-secret-of-hubspot")).await.unwrap().0,
    };
    let at = crm_hook::addressed(app, Crm::Hubspot, hook.id).await.unwrap().unwrap();
    let message = Value::from(events.to_vec()).to_string().into_bytes();
    crm_hook::receive(app, at, message).await.unwrap()
}

async fn fetch(test: &TestApp) -> Drained {
    job::runner(&test.app, vec![Arc::new(Fetcher::new(test.app.clone()))]).drain().await.unwrap()
}

/// The deals that became handoffs.
async fn handed_over(test: &TestApp) -> Vec<String> {
    let mut tx = test.app.db.read().await.unwrap();
    let picked = crm_connection::picked(&mut tx, test.actor.workspace, "hubspot").await.unwrap();
    picked.into_iter().map(|(deal, _)| deal).collect()
}

#[tokio::test]
async fn a_won_deal_hubspot_only_names_is_fetched_and_handed_over_once() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let won = event(9001, 1_795_104_000_000, "dealstage", "closedwon");
        let unasked = announce(&test, std::slice::from_ref(&won)).await;
        assert!(matches!(unasked, Received::OnlyNames(_)), "nobody can be asked: {unasked:?}");
        assert_eq!(fetch(&test).await, Drained::default());

        let (address, asked) = hubspot().await;
        crm::connect(app, actor, Crm::Hubspot, access(&address)).await.unwrap();
        let events = [
            won.clone(),
            event(9001, 1_795_104_000_100, "amount", "64000"),
            event(77, 1_795_104_000_200, "amount", "5"),
            event(404, 1_795_104_000_300, "dealname", "Gone"),
        ];
        let names = ["404", "77", "9001"].map(str::to_owned).to_vec();
        assert_eq!(announce(&test, &events).await, Received::Fetching(names.clone()));
        assert_eq!(announce(&test, &events).await, Received::Fetching(names), "the message comes twice");
        assert_eq!(fetch(&test).await, Drained { done: 3, ..Drained::default() });
        assert_eq!(handed_over(&test).await, ["9001"], "of the others one is not won and one is not there");
        let entry = &activity::recent(app, actor, 1).await.unwrap()[0];
        let said = (entry.kind.as_str(), entry.actor.as_str(), entry.door.as_str());
        assert_eq!(said, ("handoff.accepted", "HubSpot", "webhook"));

        let questions = asked.lock().unwrap().len();
        announce(&test, &[event(9001, 1_795_104_900_000, "dealstage", "closedwon")]).await;
        assert_eq!(fetch(&test).await, Drained { done: 1, ..Drained::default() });
        assert_eq!(asked.lock().unwrap().len(), questions, "it is known: HubSpot is not asked once more");
        assert_eq!(crm::connections(app, actor).await.unwrap()[0].problem, None);
    })
    .await;
}

#[tokio::test]
async fn a_deal_said_to_be_won_is_looked_at_again_before_it_is_not() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (address, _) = hubspot().await;
        crm::connect(&test.app, &test.actor, Crm::Hubspot, access(&address)).await.unwrap();
        announce(&test, &[event(77, 1_795_104_000_000, "dealstage", "closedwon")]).await;
        let mut ends = Vec::new();
        for _ in 0..3 {
            ends.push(fetch(&test).await);
            test.clock.advance_hours(1);
        }
        let again = Drained { again: 1, ..Drained::default() };
        assert_eq!(ends, [again, again, Drained { done: 1, ..Drained::default() }]);
        assert!(handed_over(&test).await.is_empty());
        assert_eq!(crm::connections(&test.app, &test.actor).await.unwrap()[0].problem, None);
    })
    .await;
}

#[tokio::test]
async fn a_deal_that_cannot_be_fetched_is_told_and_fetched_once_it_can() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let search = async || json!({ "results": [] }).to_string();
        let broken = Router::new()
            .route("/crm/v3/objects/deals/search", post(search))
            .fallback(async || StatusCode::SERVICE_UNAVAILABLE);
        crm::connect(app, actor, Crm::Hubspot, access(&served(broken).await)).await.unwrap();
        announce(&test, &[event(9001, 1_795_104_000_000, "dealstage", "closedwon")]).await;
        let mut given_up = 0;
        for _ in 0..7 {
            given_up += fetch(&test).await.given_up;
            test.clock.advance_hours(24);
        }
        assert_eq!(given_up, 1);
        let problem = crm::connections(app, actor).await.unwrap()[0].problem.clone().unwrap();
        assert!(problem.starts_with("deal 9001: HubSpot cannot be used now: it answered 503"), "{problem}");
        let entry = &activity::recent(app, actor, 1).await.unwrap()[0];
        assert_eq!(entry.kind, "handoff.announced");
        assert!(entry.summary.contains(&problem), "{}", entry.summary);

        let (address, _) = hubspot().await;
        crm::connect(app, actor, Crm::Hubspot, access(&address)).await.unwrap();
        assert_eq!(fetch(&test).await, Drained { done: 1, ..Drained::default() });
        assert_eq!(handed_over(&test).await, ["9001"]);
        assert_eq!(crm::connections(app, actor).await.unwrap()[0].problem, None);
    })
    .await;
}
