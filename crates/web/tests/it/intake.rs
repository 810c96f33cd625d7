//! Handoffs in the browser: in by text, file or form; reviewed, corrected, confirmed, planned.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use gangway_app::handoff;
use gangway_domain::permission::Role;
use gangway_testkit::{TestApp, deal, deal_within, for_each_database};

use super::{Answer, Site, ask, get, leads, on_page, router, send, signed_in};

/// A form with a text and a file, as browsers send it.
async fn upload(site: &Site, text: &str, file: &[u8]) -> Answer {
    let mut body = Vec::new();
    body.extend_from_slice(b"--cut\r\nContent-Disposition: form-data; name=\"deal\"\r\n\r\n");
    body.extend_from_slice(text.as_bytes());
    body.extend_from_slice(
        b"\r\n--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../../deal.md\"\r\nContent-Type: text/markdown\r\n\r\n",
    );
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--cut--\r\n");
    let request =
        Request::post("/handoffs").header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut");
    ask(site, request.body(Body::from(body)).unwrap()).await
}

async fn accept(test: &TestApp, deal: &str) -> String {
    let accepted = handoff::accept(&test.app, &test.actor, deal.as_bytes().to_vec(), None).await.unwrap();
    format!("/handoffs/{}", accepted.handoff)
}

#[tokio::test]
async fn a_deal_comes_in_by_text_file_or_form() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let site = router(&test).await;
        assert!(get(&site, "/handoffs").await.text.contains("No handoff yet"));
        let form = get(&site, "/handoffs/new").await.text;
        assert!(form.contains("type=\"file\"") && form.contains("name=\"red_flags\""));

        let pasted = upload(&site, &deal("Acme"), b"").await;
        let page = get(&site, &leads(&pasted)).await;
        assert!(page.text.contains("<h1>Acme</h1>") && page.text.contains("Needs review"));
        let again = upload(&site, &deal("Acme"), b"").await;
        assert!(leads(&again).ends_with("?known=1"), "twice is once");

        let file = upload(&site, "ignored", deal("Zephyr").as_bytes()).await;
        assert!(get(&site, &leads(&file)).await.text.contains("<h1>Zephyr</h1>"));

        let filled = send(
            &site,
            "/handoffs",
            "customer=Harbour+Line&acv=95K+EUR&promises=a+dashboard%0D%0Atraining&users=",
        )
        .await;
        let page = get(&site, &leads(&filled)).await.text;
        assert!(page.contains("<h1>Harbour Line</h1>") && page.contains("€95,000"), "{page}");
        assert!(page.contains("a dashboard") && page.contains("training"));

        let list = get(&site, "/handoffs").await.text;
        for customer in ["Acme", "Zephyr", "Harbour Line"] {
            assert!(list.contains(&format!(">{customer}</a>")), "{customer}");
        }
        assert!(get(&site, "/handoffs?state=confirmed").await.text.contains("No handoff is in this state"));
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_comes_back_as_it_was_typed() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let site = router(&test).await;
        for (text, file) in [("{\"customer\": \"half <a>", ""), ("", "{\"customer\": \"half <a>")] {
            let page = upload(&site, text, file.as_bytes()).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(page.text.contains("role=\"alert\""));
            assert!(page.text.contains(&format!("{}</textarea>", on_page("{\"customer\": \"half <a>"))));
        }
        let empty = upload(&site, " ", b"").await;
        assert!(empty.text.contains("Paste the deal, or choose a file."));
        let binary = upload(&site, "", b"%PDF-1.7 \x00").await;
        assert!(binary.text.contains("a PDF document"), "{}", binary.text);
        let wrong = send(&site, "/handoffs", "customer=Acme&acv=a+lot").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("value=\"a lot\"") && wrong.text.contains("value=\"Acme\""));
        assert!(send(&site, "/handoffs", "").await.text.contains("one field is enough"));
        let large = upload(&site, &format!("Customer: Big. {}", "x".repeat(10 * 1024 * 1024)), b"").await;
        assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(large.text.contains("more than 10 MB") && large.text.contains(">Customer: Big."));
        let broken = Request::post("/handoffs")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut")
            .body(Body::from("--cut\r\nContent-Disposition: form-data; name=\"deal\"\r\n\r\nhalf"))
            .unwrap();
        assert_eq!(ask(&site, broken).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(get(&site, "/handoffs").await.text.contains("No handoff yet"));
    })
    .await;
}

#[tokio::test]
async fn facts_stand_beside_their_marked_words() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let site = router(&test).await;
        let text =
            format!("{}Go-live target: 45 days\nThe weather was <b>fine</b> on that day.\n", deal("Acme"));
        let page = get(&site, &accept(&test, &text).await).await.text;
        assert!(
            page.contains("<mark id=\"s-acv\" class=\"fact\" title=\"Annual value\">$95K</mark>"),
            "{page}"
        );
        assert!(page.contains("href=\"#s-acv\"") && page.contains("id=\"f-acv\""));
        assert!(page.contains("href=\"#s-promises-0\"") && page.contains("id=\"s-promises-0\""));
        assert!(
            page.contains("class=\"unread\"") && page.contains("&#60;b&#62;fine"),
            "unread words are shown"
        );
        assert!(page.contains("is given twice"), "a contradiction is told");
        let doubt = page.find("class=\"doubt\"").unwrap();
        let go_live = page.find("id=\"f-go_live\"").unwrap();
        assert!(go_live < doubt && doubt - go_live < 1_500, "it is told at the fact it is about");
        assert!(page.contains("What does the customer call success, measured how?"));
        assert!(page.contains("?edit=success_criteria#new"), "a question leads to its answer");
        assert!(page.contains("Handoff document complete"));
    })
    .await;
}

#[tokio::test]
async fn a_fact_is_corrected_and_taken_back() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let site = router(&test).await;
        let address = accept(&test, &deal("Acme")).await;
        let form = get(&site, &format!("{address}?edit=acv")).await.text;
        assert!(form.contains("value=\"95000 USD\"") && form.contains("name=\"seen\" value=\"0\""), "{form}");
        let wrong =
            send(&site, &format!("{address}/facts"), "fact=acv&seen=0&act=set&p-value=a+lot&reason=why")
                .await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("Annual value is not an amount in a known currency"), "{}", wrong.text);
        assert!(wrong.text.contains("value=\"a lot\"") && wrong.text.contains("value=\"why\""));
        let made =
            send(&site, &format!("{address}/facts"), "fact=acv&seen=0&act=set&p-value=120K&reason=").await;
        assert_eq!(leads(&made), format!("{address}?said=corrected#f-acv"));
        let page = get(&site, &address).await.text;
        assert!(
            page.contains("$120,000") && page.contains("Was <q>$95,000</q>; corrected by A admin"),
            "{page}"
        );

        let added = "fact=promises&act=add&seen=0&p-text=training+on+site&p-by=2027-03-01&p-who=";
        let added = send(&site, &format!("{address}/facts"), added).await;
        assert!(leads(&added).ends_with("#f-promises-added-2"));
        let removed =
            send(&site, &format!("{address}/facts"), "fact=red_flags%5B0%5D&act=remove&seen=0").await;
        assert!(leads(&removed).ends_with("#f-red_flags-0"));
        let page = get(&site, &address).await.text;
        assert!(page.contains("by 1 Mar 2027") && page.contains("<s>IT is short of people</s>"));
        for number in [1, 2, 3] {
            let undone = send(&site, &format!("{address}/corrections/{number}/undo"), "").await;
            assert_eq!(undone.status, StatusCode::SEE_OTHER);
        }
        let page = get(&site, &address).await.text;
        assert!(page.contains("$95,000") && !page.contains("training on site") && !page.contains("<s>"));
        for (path, form) in
            [("facts", "fact=..%2Fx&act=set"), ("corrections/77/undo", ""), ("clocks/lunch", "")]
        {
            let answer = send(&site, &format!("{address}/{path}"), form).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_is_slower_sees_both_values_and_keeps_theirs() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let ines = signed_in(&test, Role::OnboardingManager).await;
        let jonas = signed_in(&test, Role::Ae).await;
        let address = format!("{}/facts", accept(&test, &deal("Acme")).await);
        leads(&send(&ines, &address, "fact=users&seen=0&act=set&p-value=200").await);
        let late = send(&jonas, &address, "fact=users&seen=0&act=set&p-value=300&reason=they+said+so").await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        let said = "A onboarding manager changed “Users” in the meantime; it now says: 200. You want it to say: 300.";
        assert!(late.text.contains(said), "{}", late.text);
        assert!(late.text.contains("value=\"300\"") && late.text.contains("value=\"they said so\""));
        assert!(late.text.contains("name=\"seen\" value=\"1\""), "saving again is a decision");
        leads(&send(&jonas, &address, "fact=users&seen=1&act=set&p-value=300").await);
    })
    .await;
}

#[tokio::test]
async fn whoever_may_not_plan_leaves_no_handoff_behind_when_a_deal_is_pasted() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let jonas = signed_in(&test, Role::Ae).await;
        let form = "deal=Customer%3A+Acme%0AProduct%3A+Platform%0A";
        assert_eq!(send(&jonas, "/onboardings", form).await.status, StatusCode::FORBIDDEN);
        assert!(!get(&jonas, "/handoffs").await.text.contains("Acme"));
    })
    .await;
}

#[tokio::test]
async fn from_review_to_onboarding() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let site = router(&test).await;
        let address = accept(&test, &deal_within("Acme", 20)).await;
        let plan = get(&site, &format!("{address}/plan")).await.text;
        assert!(plan.contains("class=\"verdict late\"") && plan.contains("after the wanted one"), "{plan}");
        assert!(plan.contains("What would bring it forward") && plan.contains("Recommended: "));
        assert!(plan.contains("Nobody has confirmed the facts yet"));
        assert!(!plan.contains("Generate the onboarding"));
        let refused = send(&site, &format!("{address}/onboarding"), "go_live=20+days").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("not confirmed yet"));

        let stale = send(&site, &format!("{address}/confirmation"), "version=7").await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        let confirmed = send(&site, &format!("{address}/confirmation"), "version=0&then=plan").await;
        assert_eq!(leads(&confirmed), format!("{address}/plan"));
        let query = "kickoff=2027-01-18&go_live=120+days&country=DE&closures=&segment=&reason=";
        let plan = get(&site, &format!("{address}/plan?{query}")).await.text;
        assert!(
            plan.contains("class=\"verdict fine\"") && plan.contains("the wanted date can be kept"),
            "{plan}"
        );
        assert!(plan.contains("18 Jan 2027") && plan.contains("18 May 2027"));
        assert!(plan.contains("value=\"120 days\"") && plan.contains("Good Friday"), "German holidays apply");
        let wrong = get(&site, &format!("{address}/plan?kickoff=someday&segment=enterprise")).await.text;
        assert!(wrong.contains("Kickoff is not a date") && wrong.contains("value=\"someday\""));
        assert!(wrong.contains("say why this deal needs another segment"));
        let made = send(&site, &format!("{address}/onboarding"), query).await;
        let onboarding = leads(&made);
        let page = get(&site, &onboarding).await.text;
        assert!(page.contains("<h1>Acme</h1>") && page.contains("18 Jan 2027"));
        let review = get(&site, &address).await.text;
        assert!(review.contains("Onboarding made") && review.contains(&onboarding));
        assert!(!review.contains("?edit="), "what was read cannot be corrected any more");
        let late = send(&site, &format!("{address}/facts"), "fact=users&seen=0&act=set&p-value=5").await;
        assert_eq!(late.status, StatusCode::CONFLICT);
    })
    .await;
}

#[tokio::test]
async fn clocks_are_marked_done_by_a_person() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let site = router(&test).await;
        let address = accept(&test, &format!("{}Signed on: 2027-01-01\n", deal("Acme"))).await;
        assert!(get(&site, &address).await.text.contains("Overdue"));
        let done = send(&site, &format!("{address}/clocks/document"), "").await;
        assert_eq!(leads(&done), format!("{address}?said=clock&clock=document#clocks"));
        let page = get(&site, &format!("{address}?said=clock&clock=document")).await.text;
        assert!(page.contains("by A admin, ") && page.contains("The clock has stopped."), "{page}");
        assert!(page.contains("name=\"done\" value=\"no\""), "it can be taken back at once");
        leads(&send(&site, &format!("{address}/clocks/document"), "done=no").await);
        assert!(!get(&site, &address).await.text.contains("by A admin, "));
    })
    .await;
}

#[tokio::test]
async fn viewers_look_and_other_workspaces_see_nothing() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let address = accept(&test, &deal("Acme")).await;
        let viewer = signed_in(&test, Role::Viewer).await;
        let page = get(&viewer, &address).await.text;
        assert!(page.contains("$95,000"));
        for offer in ["?edit=", "Confirm the facts", "Mark done", "/facts\""] {
            assert!(!page.contains(offer), "{offer}");
        }
        assert_eq!(get(&viewer, &format!("{address}/plan")).await.status, StatusCode::OK);
        let stranger = router(&test.elsewhere("Southlight").await).await;
        for path in [address.clone(), format!("{address}/plan")] {
            assert_eq!(get(&stranger, &path).await.status, StatusCode::NOT_FOUND);
        }
        for path in ["facts", "confirmation", "clocks/document", "corrections/1/undo", "onboarding"] {
            let answer = send(&stranger, &format!("{address}/{path}"), "fact=acv&p-value=1&version=0").await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        }
    })
    .await;
}
