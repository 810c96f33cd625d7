//! What other systems tell of customers, in pages: forms on the account, files in the settings.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use gangway_app::work;
use gangway_domain::permission::Role;
use gangway_testkit::{TestApp, deal, for_each_database};

use super::{Answer, Site, ask, followed, generate, get, leads, router, says, send, signed_in};

/// Where what is told of Acme stands.
async fn inputs(test: &TestApp) -> String {
    let id = generate(test, &deal("Acme")).await;
    let account = work::sight(&test.app, &test.actor, id).await.unwrap().head.account_id;
    format!("/accounts/{account}/inputs")
}

/// Sends a file as browsers do, with the kind that was chosen.
async fn upload(site: &Site, path: &str, kind: &str, csv: &str) -> Answer {
    let body = format!(
        "--cut\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\n{kind}\r\n--cut\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"told.csv\"\r\n\
         Content-Type: text/csv\r\n\r\n{csv}\r\n--cut--\r\n"
    );
    let request = Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut");
    ask(site, request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn what_is_told_is_added_corrected_and_taken_back_by_hand() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let site = router(&test).await;
        let page = inputs(&test).await;
        says(&get(&site, &page).await, &["Support and contract", "None yet", "When it renews is not known yet."]);
        let form = "tells=ticket&ticket_external_id=T-1&ticket_subject=Export+fails&ticket_severity=critical&ticket_status=open";
        let kept = send(&site, &page, form).await;
        says(&followed(&site, &leads(&kept)).await, &["Saved.", "Export fails", "1 critical", "open for 0 days"]);
        let correct = get(&site, &format!("{page}?correct=ticket&name=T-1")).await;
        assert!(correct.text.contains("value=\"T-1\""), "{}", correct.text);
        for status in ["solved", "open"] {
            send(&site, &page, &form.replace("status=open", &format!("status={status}"))).await;
        }
        says(&get(&site, &page).await, &["reopened once"]);

        let wrong = "tells=quality&quality_source=CRM&quality_checked=10&quality_wrong=20";
        let back = send(&site, &page, wrong).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(back.text.contains("are more than were checked") && back.text.contains("value=\"20\""), "{}", back.text);
        send(&site, &page, &format!("{wrong}&quality_on=2027-01-03").replace("wrong=20", "wrong=1")).await;
        send(&site, &page, &wrong.replace("wrong=20", "wrong=2")).await;
        says(&get(&site, &page).await, &["20 % of the records are wrong", "CRM: 2 measurements, 20 % at last"]);
        send(&site, &page, "tells=integration&integration_name=SAP&integration_status=failing").await;
        send(&site, &page, "tells=movement&movement_kind=new&movement_on=2026-12-01&movement_amount=1%2C000").await;
        send(&site, &page, "tells=movement&movement_kind=reactivation&movement_on=2027-01-02&movement_amount=5").await;
        send(&site, &page, "tells=renewal&renewal_on=2027-02-01&renewal_note=Two+years").await;
        let seen = get(&site, &page).await;
        says(&seen, &["1 failing", "Reactivation", "$1,005", "1 Feb 2027", "in 28 days", "Two years"]);
        says(&get(&site, page.strip_suffix("/inputs").unwrap()).await, &["Support and contract", "$1,005"]);

        for what in ["what=ticket&name=T-1", "what=integration&name=SAP", "what=renewal"] {
            let gone = send(&site, &format!("{page}/removal"), what).await;
            says(&followed(&site, &leads(&gone)).await, &["Taken back."]);
            assert_eq!(send(&site, &format!("{page}/removal"), what).await.status, StatusCode::NOT_FOUND);
        }
        assert!(!get(&site, &page).await.text.contains("Export fails"));
        assert_eq!(send(&site, &page, "tells=weather").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_file_is_looked_at_then_taken_whole() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let site = router(&test).await;
        let page = inputs(&test).await;
        says(
            &get(&site, "/settings/inputs").await,
            &["Look at the file", "None yet. Begin with a template.", "/api/v1/input-files"],
        );
        let template = get(&site, "/settings/inputs/templates/renewals").await;
        assert!(template.text.starts_with("account,on,note\r\n"), "{}", template.text);
        assert!(
            template.header(header::CONTENT_DISPOSITION).starts_with("attachment; filename=\"renewals.csv\"")
        );
        assert_eq!(get(&site, "/settings/inputs/templates/weather").await.status, StatusCode::NOT_FOUND);

        let bad = "account,on\nAcme,2028-01-01\n<b>Nobody</b>,2028-01-01\nAcme,soon";
        let seen = upload(&site, "/settings/inputs/check", "renewals", bad).await;
        says(
            &seen,
            &["Nothing can be taken", "there is no customer “<b>Nobody</b>”", "on must be a day such as"],
        );
        assert!(!seen.text.contains("Take the file"));
        let refused = upload(&site, "/settings/inputs", "renewals", bad).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("line 3") && refused.text.contains("line 4"), "{}", refused.text);
        says(&get(&site, &page).await, &["When it renews is not known yet."]);

        let good = "account,on\nAcme,2028-01-01";
        let seen = upload(&site, "/settings/inputs/check", "renewals", good).await;
        says(
            &seen,
            &[
                "1 line about 1 customer. Nothing was taken yet.",
                "the contract is renewed on 1 Jan 2028",
                "Take the file",
            ],
        );
        let taken = upload(&site, "/settings/inputs", "renewals", good).await;
        says(&followed(&site, &leads(&taken)).await, &["Taken: 1 line about 1 customer.", "told.csv"]);
        says(&get(&site, &page).await, &["1 Jan 2028"]);
        let empty = upload(&site, "/settings/inputs/check", "renewals", "").await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", empty.text);
    })
    .await;
}

#[tokio::test]
async fn whoever_only_looks_sees_it_and_another_workspace_nothing() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let page = inputs(&test).await;
        let viewer = signed_in(&test, Role::Viewer).await;
        let seen = get(&viewer, &page).await;
        says(&seen, &["Support and contract"]);
        assert!(!seen.text.contains("Save the ticket") && !seen.text.contains("Take back"));
        assert_eq!(
            send(&viewer, &page, "tells=renewal&renewal_on=2028-01-01").await.status,
            StatusCode::FORBIDDEN
        );
        assert_eq!(get(&viewer, "/settings/inputs").await.status, StatusCode::FORBIDDEN);
        let stranger = router(&test.elsewhere("Southlight").await).await;
        assert_eq!(get(&stranger, &page).await.status, StatusCode::NOT_FOUND);
        assert_eq!(
            send(&stranger, &page, "tells=renewal&renewal_on=2028-01-01").await.status,
            StatusCode::NOT_FOUND
        );
    })
    .await;
}
