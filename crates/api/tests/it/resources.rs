//! The resources, one after the other, and that no workspace sees another's.

use axum::http::{Method, StatusCode};
use gangway_domain::permission::{Role, Scope};
use gangway_testkit::{TestApp, deal, deal_within, for_each_database};
use serde_json::json;

use super::{admin, client, stranger};

#[tokio::test]
async fn from_a_deal_to_a_running_onboarding() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let made = api.hand_over(&deal("Acme Manufacturing")).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let handoff = made.json();
        let id = handoff["id"].as_str().unwrap().to_owned();
        assert_eq!(made.header("location"), format!("/api/v1/handoffs/{id}"));
        assert_eq!(handoff["reading"]["deal"]["customer"]["value"], "Acme Manufacturing");
        assert_eq!(handoff["reading"]["deal"]["customer"]["source"]["span"]["line"], 1);
        assert_eq!(handoff["source"], deal("Acme Manufacturing"));
        let again = api.hand_over(&deal("Acme Manufacturing")).await;
        assert_eq!((again.status, again.json()["id"].as_str()), (StatusCode::OK, Some(id.as_str())));
        assert_eq!(api.get(&format!("/handoffs/{id}")).await.json(), handoff);

        let made = api
            .json(Method::POST, "/onboardings", &[], &json!({ "handoff": id, "kickoff_on": "2027-01-11" }))
            .await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let onboarding = made.json()["id"].as_str().unwrap().to_owned();
        let path = format!("/onboardings/{onboarding}");
        assert_eq!(made.header("location"), format!("/api/v1{path}"));
        let again = api.json(Method::POST, "/onboardings", &[], &json!({ "handoff": id })).await;
        assert_eq!((again.status, again.json()), (StatusCode::OK, made.json()));
        let line = &api.get("/handoffs").await.json()["items"][0];
        assert_eq!(
            (line["onboarding"].as_str(), line["customer"].as_str()),
            (Some(onboarding.as_str()), Some("Acme Manufacturing"))
        );

        let got = api.get(&path).await;
        assert_eq!((got.header("etag"), got.json()["status"]["state"].as_str()), ("\"1\"", Some("planned")));
        assert_eq!(got.json()["dates"]["kickoff_on"], "2027-01-11");
        let same = api.send(Method::GET, &path, &[("if-none-match", "\"1\"")], "").await;
        assert_eq!((same.status, same.text.as_str()), (StatusCode::NOT_MODIFIED, ""));

        let plan = api.get(&format!("{path}/plan")).await.json();
        let codes: Vec<&str> = ["tasks", "milestones"]
            .iter()
            .flat_map(|part| plan[part].as_array().unwrap().iter().map(|row| row["code"].as_str().unwrap()))
            .collect();
        assert!(codes.len() > 20 && plan["phases"].as_array().unwrap().len() > 3, "{plan}");
        for link in plan["links"].as_array().unwrap() {
            assert!(
                codes.contains(&link["from"].as_str().unwrap())
                    && codes.contains(&link["to"].as_str().unwrap())
            );
        }

        let files = api.get(&format!("{path}/files")).await.json();
        let welcome = files["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|file| file["path"] == "emails/welcome.txt")
            .unwrap();
        let href = welcome["href"].as_str().unwrap().strip_prefix("/api/v1").unwrap();
        let mail = api.get(href).await;
        assert_eq!((mail.status, mail.header("content-type")), (StatusCode::OK, "text/plain; charset=utf-8"));
        assert_eq!(mail.header("content-disposition"), "attachment; filename=\"welcome.txt\"");
        assert!(mail.text.contains("choosing Enterprise platform"), "{}", mail.text);
        for path in [format!("{path}/files/passwd"), format!("{path}/files/..%2F..%2Fetc%2Fpasswd")] {
            assert_eq!(api.get(&path).await.code(), "not_found");
        }

        let stale = api.send(Method::POST, &format!("{path}/kickoff"), &[("if-match", "\"7\"")], "").await;
        assert_eq!((stale.status, stale.code().as_str()), (StatusCode::PRECONDITION_FAILED, "stale"));
        let moved = api.send(Method::POST, &format!("{path}/kickoff"), &[("if-match", "\"1\"")], "").await;
        // Held earlier than planned, it moves the dates that follow.
        let now = api.get(&path).await;
        assert_eq!((moved.status, moved.header("etag")), (StatusCode::NO_CONTENT, now.header("etag")));
        let twice = api.send(Method::POST, &format!("{path}/kickoff"), &[], "").await;
        assert_eq!((twice.status, twice.code().as_str()), (StatusCode::CONFLICT, "state_refused"));
        let closing = format!("{path}/closing");
        let empty = api.json(Method::POST, &closing, &[], &json!({ "reason": " " })).await;
        assert_eq!(
            (empty.code().as_str(), &empty.json()["errors"][0]["field"]),
            ("invalid", &json!("reason"))
        );
        let closed = api.json(Method::POST, &closing, &[], &json!({ "reason": "Bought by Globex" })).await;
        assert_eq!(closed.status, StatusCode::NO_CONTENT, "{}", closed.text);
        let status = api.get(&path).await.json()["status"].clone();
        assert_eq!(status, json!({ "state": "closed", "reason": "Bought by Globex" }));
        let done = api.send(Method::POST, &format!("{path}/completion"), &[], "").await;
        assert_eq!(done.status, StatusCode::CONFLICT);

        let story = api.get(&format!("{path}/activity?limit=2")).await.json();
        let kinds = |page: &serde_json::Value| -> Vec<String> {
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|entry| entry["kind"].as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(kinds(&story), ["onboarding.closed", "onboarding.kicked_off"]);
        let after = story["next"].as_str().unwrap();
        let rest = api.get(&format!("{path}/activity?after={after}")).await.json();
        assert_eq!((kinds(&rest), &rest["next"]), (vec!["onboarding.generated".to_owned()], &json!(null)));
        assert_eq!(story["items"][0]["door"], "api");
        let trail = api.get("/activity?limit=200").await.json();
        assert!(kinds(&trail).contains(&"handoff.accepted".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_preview_tells_whether_a_promise_can_be_kept_and_keeps_nothing() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = client(&test, Role::Viewer, &[Scope::Read]).await;
        let kind = [("content-type", "text/plain")];
        let ask = async |days, query: &str| {
            api.send(Method::POST, &format!("/deals/preview{query}"), &kind, &deal_within("Acme", days)).await
        };
        let tight = ask(10, "").await;
        assert_eq!(tight.status, StatusCode::OK, "{}", tight.text);
        let tight = tight.json();
        assert_eq!(tight["dates"]["feasibility"]["feasible"], false, "{}", tight["dates"]);
        assert!(!tight["dates"]["options"].as_array().unwrap().is_empty());
        assert_eq!(tight["segmentation"]["segment"], "mid-market");
        let tried = ask(80, "?segment=enterprise&kickoff_on=2027-02-01").await.json();
        assert_eq!(tried["segmentation"]["segment"], "enterprise");
        assert_eq!(tried["dates"]["kickoff_on"], "2027-02-01");
        assert_eq!(ask(80, "?segment=galactic").await.code(), "package_impossible");
        assert_eq!(ask(80, "?kickoff_on=soon").await.code(), "query_invalid");
        assert_eq!(ask(80, "?format=prose").await.code(), "query_invalid");
        assert_eq!(api.get("/handoffs").await.json()["items"], json!([]));
        let nothing = api.send(Method::POST, "/deals/preview", &kind, " ").await;
        assert_eq!(
            (nothing.status, nothing.code().as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, "deal_refused")
        );
    })
    .await;
}

#[tokio::test]
async fn accounts_are_kept_in_step_with_another_system() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        api.hand_over(&deal("Acme, Inc.")).await;
        let put = async |id: &str, body: serde_json::Value| {
            api.json(Method::PUT, &format!("/accounts/by-external-id/{id}"), &[], &body).await
        };
        let adopted =
            put("crm%2F1", json!({ "name": "ACME", "country": "us", "website": "acme.example" })).await;
        assert_eq!((adopted.status, adopted.header("etag")), (StatusCode::OK, "\"2\""), "{}", adopted.text);
        let account = adopted.json();
        assert_eq!(
            (&account["external_id"], &account["name"], &account["country"]),
            (&json!("crm/1"), &json!("ACME"), &json!("US"))
        );
        let same =
            put("crm%2F1", json!({ "name": "ACME", "country": "US", "website": "acme.example" })).await;
        assert_eq!(
            (same.status, same.json()),
            (StatusCode::OK, account.clone()),
            "nothing changed, so nothing is written"
        );
        let other = put("2", json!({ "name": "Acme Ltd" })).await;
        assert_eq!(other.json()["errors"][0]["message"], "belongs to the account known as `crm/1`");
        let new = put("2", json!({ "name": "Globex" })).await;
        assert_eq!((new.status, new.json()["version"].as_i64()), (StatusCode::CREATED, Some(1)));
        let globex = new.json()["id"].as_str().unwrap().to_owned();
        assert_eq!(new.header("location"), format!("/api/v1/accounts/{globex}"));

        let path = format!("/accounts/{globex}");
        let patch = async |tag: Option<&str>, body: serde_json::Value| {
            let headers: Vec<(&str, &str)> = tag.map(|tag| ("if-match", tag)).into_iter().collect();
            api.json(Method::PATCH, &path, &headers, &body).await
        };
        assert_eq!(
            patch(None, json!({ "industry": "Toys" })).await.status,
            StatusCode::PRECONDITION_REQUIRED
        );
        assert_eq!(patch(Some("3"), json!({})).await.code(), "if_match_invalid");
        let changed =
            patch(Some("\"1\""), json!({ "industry": "Toys", "website": "https://globex.example" })).await;
        assert_eq!(
            (changed.status, changed.json()["version"].as_i64()),
            (StatusCode::OK, Some(2)),
            "{}",
            changed.text
        );
        let late = patch(Some("\"1\""), json!({ "industry": "Games" })).await;
        assert_eq!((late.status, late.code().as_str()), (StatusCode::PRECONDITION_FAILED, "stale"));
        let emptied = patch(Some("\"2\""), json!({ "website": null })).await.json();
        assert_eq!((&emptied["website"], &emptied["industry"]), (&json!(null), &json!("Toys")));
        for (body, field) in [
            (json!({ "website": "javascript:alert(1)" }), "website"),
            (json!({ "country": "Germany" }), "country"),
            (json!({ "name": "" }), "name"),
            (json!({ "name": "ACME Inc" }), "name"),
            (json!({ "workspace": "wsp_1" }), "workspace"),
            (json!({ "industry": "a\u{0}b" }), "industry"),
            (json!({ "industry": 7 }), "industry"),
        ] {
            let refused = patch(Some("\"3\""), body.clone()).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {}", refused.text);
            assert_eq!(
                (refused.code().as_str(), &refused.json()["errors"][0]["field"]),
                ("invalid", &json!(field))
            );
        }

        let first = api.get("/accounts?limit=1").await.json();
        let after = first["next"].as_str().unwrap();
        let second = api.get(&format!("/accounts?limit=1&after={after}")).await.json();
        assert_eq!((&second["items"][0]["id"], &second["next"]), (&json!(globex), &json!(null)));
        assert_eq!(api.get("/accounts?name=glob").await.json()["items"].as_array().unwrap().len(), 1);
        assert_eq!(api.get("/accounts?external_id=2").await.json()["items"][0]["id"], globex.as_str());
        assert_eq!(api.get("/accounts?name=%25").await.json()["items"], json!([]));
        for query in ["limit=0", "limit=201", "limit=ten", "after=x", "page=2", "name=a%00b"] {
            let refused = api.get(&format!("/accounts?{query}")).await;
            assert_eq!(
                (refused.status, refused.code().as_str()),
                (StatusCode::BAD_REQUEST, "query_invalid"),
                "{query}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn lists_filter_sort_and_end() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        for (customer, days) in [("Beta", 80), ("Alpha", 10), ("Gamma", 81)] {
            api.onboard(&deal_within(customer, days)).await;
        }
        let customers = async |query: &str| -> Vec<String> {
            let mut seen = Vec::new();
            let mut after = String::new();
            loop {
                let page = api.get(&format!("/onboardings?limit=2{query}{after}")).await.json();
                for item in page["items"].as_array().unwrap() {
                    seen.push(item["customer"].as_str().unwrap().to_owned());
                }
                match page["next"].as_str() {
                    Some(next) => after = format!("&after={}", next.replace(' ', "%20")),
                    None => return seen,
                }
            }
        };
        assert_eq!(customers("&sort=customer").await, ["Alpha", "Beta", "Gamma"]);
        assert_eq!(customers("&sort=-customer").await, ["Gamma", "Beta", "Alpha"]);
        assert_eq!(customers("&sort=-late").await[0], "Alpha");
        assert_eq!(customers("&sort=urgent").await[0], "Alpha", "the late one");
        assert_eq!(customers("&sort=-urgent").await[2], "Alpha");
        assert_eq!(customers("&state=open").await.len(), 3);
        assert_eq!(customers("&search=amm").await, ["Gamma"]);
        assert_eq!(customers("&state=running").await, Vec::<String>::new());
        assert_eq!(customers("&seller=me&sort=customer").await, ["Alpha", "Beta", "Gamma"]);
        let somebody = test.member(Role::Ae).await.person.unwrap();
        assert_eq!(customers(&format!("&seller={somebody}")).await, Vec::<String>::new());
        assert_eq!(api.get("/onboardings?sort=luck").await.code(), "query_invalid");
        assert_eq!(api.get("/onboardings?after=nowhere").await.code(), "query_invalid");
        let programmes = api.get("/programmes").await.json();
        let ids: Vec<&str> =
            programmes["items"].as_array().unwrap().iter().map(|p| p["id"].as_str().unwrap()).collect();
        assert!(ids.contains(&"enterprise"), "{ids:?}");
        let one = api.get("/programmes/enterprise").await.json();
        assert!(one["tasks"].as_array().unwrap().iter().any(|task| task["owner"] == "customer"));
        assert_eq!(api.get("/programmes/none").await.code(), "not_found");
    })
    .await;
}

#[tokio::test]
async fn accounts_and_handoffs_come_in_the_orders_of_their_pages() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        for customer in ["Beta", "Alpha", "Gamma"] {
            api.onboard(&deal(customer)).await;
        }
        test.clock.advance_days(1);
        let delta = json!({ "name": "Delta" });
        api.json(Method::PUT, "/accounts/by-external-id/4", &[], &delta).await;
        test.clock.advance_days(1);
        let beta = api.get("/accounts?name=beta").await.json()["items"][0].clone();
        let path = format!("/accounts/{}", beta["id"].as_str().unwrap());
        let tag = format!("\"{}\"", beta["version"]);
        let patch = json!({ "industry": "Toys" });
        let changed = api.json(Method::PATCH, &path, &[("if-match", &tag)], &patch).await;
        assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
        let walked = async |path: &str, field: &str| -> Vec<serde_json::Value> {
            let (mut seen, mut after) = (Vec::new(), String::new());
            loop {
                let page = api.get(&format!("{path}{after}")).await.json();
                let items = page["items"].as_array().unwrap_or_else(|| panic!("{path}: {page}"));
                seen.extend(items.iter().map(|item| item[field].clone()));
                match page["next"].as_str() {
                    Some(next) => after = format!("&after={next}"),
                    None => return seen,
                }
            }
        };
        for (sort, names) in [
            ("", ["Beta", "Alpha", "Gamma", "Delta"]),
            ("&sort=added", ["Beta", "Alpha", "Gamma", "Delta"]),
            ("&sort=-added", ["Delta", "Gamma", "Alpha", "Beta"]),
            ("&sort=name", ["Alpha", "Beta", "Delta", "Gamma"]),
            ("&sort=-name", ["Gamma", "Delta", "Beta", "Alpha"]),
            ("&sort=open", ["Delta", "Beta", "Alpha", "Gamma"]),
            ("&sort=-onboardings", ["Gamma", "Alpha", "Beta", "Delta"]),
            ("&sort=activity", ["Alpha", "Gamma", "Delta", "Beta"]),
            ("&sort=-activity", ["Beta", "Delta", "Gamma", "Alpha"]),
        ] {
            assert_eq!(walked(&format!("/accounts?limit=1{sort}"), "name").await, names, "{sort}");
        }
        let poor = api.hand_over("Customer: Epsilon. ACV: $95K. Go-live: 20 days.").await;
        assert_eq!(poor.status, StatusCode::CREATED, "{}", poor.text);
        for (sort, customers) in [
            ("", ["Epsilon", "Gamma", "Alpha", "Beta"]),
            ("&sort=accepted", ["Beta", "Alpha", "Gamma", "Epsilon"]),
            ("&sort=customer", ["Alpha", "Beta", "Epsilon", "Gamma"]),
            ("&sort=-customer", ["Gamma", "Epsilon", "Beta", "Alpha"]),
        ] {
            assert_eq!(walked(&format!("/handoffs?limit=3{sort}"), "customer").await, customers, "{sort}");
        }
        let scores = walked("/handoffs?limit=1&sort=-quality", "document_score").await;
        let scores: Vec<i64> = scores.iter().map(|score| score.as_i64().unwrap()).collect();
        assert!(scores.len() == 4 && scores.is_sorted_by(|one, next| one >= next), "{scores:?}");
        let of_beta = format!("/handoffs?sort=quality&account={}", beta["id"].as_str().unwrap());
        assert_eq!(walked(&of_beta, "customer").await, ["Beta"]);
        assert_eq!(
            walked("/handoffs?limit=3&seller=me", "customer").await.len(),
            4,
            "the holder handed them over"
        );
        for path in ["/accounts?sort=luck", "/accounts?sort=", "/handoffs?sort=segment"] {
            let refused = api.get(path).await;
            assert_eq!((refused.status, refused.code().as_str()), (StatusCode::BAD_REQUEST, "query_invalid"));
            assert_eq!(refused.json()["errors"][0]["field"], "sort", "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_place_in_a_list_is_good_for_its_list_and_its_order_only() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        for customer in ["Beta", "Alpha"] {
            api.onboard(&format!("{}Sponsor: Dana {customer} (VP Operations)\n", deal(customer))).await;
        }
        let next = async |path: &str| {
            let page = api.get(path).await.json();
            page["next"].as_str().unwrap_or_else(|| panic!("{path}: {page}")).to_owned()
        };
        let refused = async |path: String| {
            let refused = api.get(&path).await;
            assert_eq!((refused.status, refused.code().as_str()), (StatusCode::BAD_REQUEST, "query_invalid"));
            assert_eq!(refused.json()["errors"][0]["field"], "after", "{path}");
            refused.json()["errors"][0]["message"].as_str().unwrap().to_owned()
        };
        for (list, sort, other) in [
            ("accounts", "name", "-name"),
            ("accounts", "name", "open"),
            ("accounts", "-activity", "name"),
            ("handoffs", "customer", "quality"),
            ("handoffs", "-accepted", "customer"),
            ("contacts", "name", "account"),
            ("contacts", "added", "name"),
            ("onboardings", "customer", "late"),
            ("onboardings", "urgent", "customer"),
        ] {
            let place = next(&format!("/{list}?limit=1&sort={sort}")).await;
            let good = api.get(&format!("/{list}?sort={sort}&after={place}")).await;
            assert_eq!(good.json()["items"].as_array().map(Vec::len), Some(1), "{list}: {}", good.text);
            let told = refused(format!("/{list}?sort={other}&after={place}")).await;
            assert!(told.contains(&format!("in the order `{sort}`")), "{told}");
            // Cut off, or changed by hand.
            let (begins, end) = place.split_at(place.len() - 1);
            let changed = format!("{begins}{}", if end == "A" { "Q" } else { "A" });
            for wrong in [begins, &changed, "nowhere", "acc_00000000000000000000000000000001~acme"] {
                let told = refused(format!("/{list}?sort={sort}&after={wrong}")).await;
                assert!(told.contains("is not a place in this list"), "{told}");
            }
        }
        let contact = next("/contacts?limit=1&sort=name").await;
        let told = refused(format!("/accounts?sort=name&after={contact}")).await;
        assert!(told.contains("is not a place in this list"), "of another kind: {told}");
    })
    .await;
}

#[tokio::test]
async fn the_team_is_listed_changed_and_keeps_an_admin() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let viewer = test.member(Role::Viewer).await.person.unwrap();
        let me = api.get("/me").await.json();
        assert_eq!(me["workspace"]["name"], "Northbeam Software");
        let all = api.get("/members").await.json();
        assert_eq!(all["items"].as_array().unwrap().len(), 2);
        let only = all["items"].as_array().unwrap().iter().find(|member| member["role"] == "admin").unwrap();
        let path = format!("/members/{viewer}");
        let changed = api.json(Method::PATCH, &path, &[], &json!({ "role": "csm" })).await;
        assert_eq!((changed.status, changed.json()["role"].as_str()), (StatusCode::OK, Some("csm")));
        let unknown = api.json(Method::PATCH, &path, &[], &json!({ "role": "root" })).await;
        assert_eq!(
            (unknown.code().as_str(), &unknown.json()["errors"][0]["field"]),
            ("invalid", &json!("role"))
        );
        let last =
            api.send(Method::DELETE, &format!("/members/{}", only["id"].as_str().unwrap()), &[], "").await;
        assert_eq!((last.status, last.code().as_str()), (StatusCode::CONFLICT, "last_admin"));
        assert_eq!(api.send(Method::DELETE, &path, &[], "").await.status, StatusCode::NO_CONTENT);
        assert_eq!(api.send(Method::DELETE, &path, &[], "").await.code(), "not_found");
    })
    .await;
}

#[tokio::test]
async fn no_workspace_sees_or_changes_anything_of_another() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let api = admin(&test).await;
        let onboarding = api.onboard(&deal("Acme")).await;
        let viewer = test.member(Role::Viewer).await.person.unwrap();
        let account = api.get("/accounts").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
        let handoff = api.get("/handoffs").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
        let hook = api.json(Method::POST, "/crm-hooks", &[], &json!({ "crm": "salesforce" })).await.json();
        let hook = hook["id"].as_str().unwrap().to_owned();
        let other = stranger(&test).await;
        for path in [
            format!("/accounts/{account}"),
            format!("/handoffs/{handoff}"),
            format!("/onboardings/{onboarding}"),
            format!("/onboardings/{onboarding}/plan"),
            format!("/onboardings/{onboarding}/activity"),
            format!("/onboardings/{onboarding}/files"),
            format!("/onboardings/{onboarding}/files/package.json"),
        ] {
            assert_eq!(api.get(&path).await.status, StatusCode::OK, "{path}");
            let refused = other.get(&path).await;
            assert_eq!(
                (refused.status, refused.code().as_str()),
                (StatusCode::NOT_FOUND, "not_found"),
                "{path}"
            );
            assert!(!refused.text.contains("Acme"));
        }
        for list in [
            "/accounts".to_owned(),
            "/handoffs".to_owned(),
            format!("/handoffs?account={account}"),
            "/onboardings".to_owned(),
            "/crm-hooks".to_owned(),
        ] {
            assert_eq!(other.get(&list).await.json()["items"], json!([]), "{list}");
        }
        let trail = other.get(&format!("/activity?account={account}")).await.json();
        assert_eq!(trail["items"], json!([]));
        assert!(!other.get("/activity").await.text.contains("Acme"));
        assert!(!other.get("/members").await.text.contains(&viewer.to_string()));
        let reason = json!({ "reason": "mine" });
        for (method, path, body) in [
            (Method::PATCH, format!("/accounts/{account}"), json!({ "name": "Mine" })),
            (Method::POST, "/onboardings".to_owned(), json!({ "handoff": handoff })),
            (Method::POST, format!("/onboardings/{onboarding}/kickoff"), json!({})),
            (Method::POST, format!("/onboardings/{onboarding}/completion"), json!({})),
            (Method::POST, format!("/onboardings/{onboarding}/closing"), reason),
            (Method::PATCH, format!("/members/{viewer}"), json!({ "role": "admin" })),
            (Method::DELETE, format!("/members/{viewer}"), json!({})),
            (Method::DELETE, format!("/crm-hooks/{hook}"), json!({})),
        ] {
            let refused = other.json(method.clone(), &path, &[("if-match", "\"1\"")], &body).await;
            assert_eq!(refused.status, StatusCode::NOT_FOUND, "{method} {path}: {}", refused.text);
        }
        let twin =
            other.json(Method::PUT, "/accounts/by-external-id/1", &[], &json!({ "name": "Acme" })).await;
        assert_eq!(twin.status, StatusCode::CREATED, "the same name in two workspaces is two accounts");
        assert_eq!(api.get(&format!("/accounts/{account}")).await.json()["version"], 1);
        assert_eq!(api.get(&format!("/onboardings/{onboarding}")).await.json()["version"], 1);
    })
    .await;
}
