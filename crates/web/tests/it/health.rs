//! Health and signals in pages, without scripts: the score, what people say and see, the inbox, looking back.

use axum::http::{StatusCode, header};
use gangway_domain::permission::Role;
use gangway_testkit::{TestApp, deal, for_each_database};

use super::{followed, generate, get, says, send, signed_in, site_of};

#[tokio::test]
async fn health_is_seen_and_what_people_see_is_kept() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let site = site_of(&test, &test.member(Role::OnboardingManager).await).await;
        let id = generate(&test, &deal("Acme")).await;
        let base = format!("/onboardings/{id}/health");
        says(&get(&site, &base).await, &["Health", "What it rests on", "Log a signal", "Begin a playbook"]);
        let wrong = send(&site, &format!("{base}/override"), "status=Monitor&reason=&until=2020-01-01").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let form = "subject=mood&rating=2&note=Curt+answers";
        let kept = send(&site, &format!("{base}/observations"), form).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
        says(&followed(&site, kept.header(header::LOCATION)).await, &["Saved.", "Curt answers", "2 of 5"]);
        says(&get(&site, &format!("{base}/review")).await, &["Weekly review", "Keep the review"]);
        says(&get(&site, "/settings/health").await, &["Facts rules may use", "usage.active_users"]);
    })
    .await;
}

#[tokio::test]
async fn a_signal_is_logged_in_two_clicks_and_resolved() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let site = site_of(&test, &test.member(Role::OnboardingManager).await).await;
        says(&get(&site, "/signals").await, &["No signals wait"]);
        says(&get(&site, "/signals/backtest").await, &["It happened to nobody yet"]);
        says(&get(&site, "/signals/interventions").await, &["No playbook was begun"]);
        let id = generate(&test, &deal("Acme")).await;
        let logged =
            send(&site, &format!("/onboardings/{id}/health/signals"), "kind=priority-shift&words=Not+now")
                .await;
        assert_eq!(logged.status, StatusCode::SEE_OTHER, "{}", logged.text);
        let inbox = get(&site, "/signals").await;
        says(&inbox, &["Priorities shift", "Not now", "Acme"]);
        let address = inbox.text.split("href=\"/signals/sig_").nth(1).unwrap().split('"').next().unwrap();
        let page = format!("/signals/sig_{address}");
        says(&get(&site, &page).await, &["Take it up", "Resolve it", "What happened"]);
        let missing = send(&site, &format!("{page}/steps"), "version=1&step=resolve&reason=").await;
        assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
        let over = send(&site, &format!("{page}/steps"), "version=1&step=resolve&reason=Back+again").await;
        assert_eq!(over.status, StatusCode::SEE_OTHER, "{}", over.text);
        says(&followed(&site, over.header(header::LOCATION)).await, &["Resolved by", "Back again"]);
        let begun = "playbook=at-risk&reason=Silence";
        let begun = send(&site, &format!("/onboardings/{id}/health/interventions"), begun).await;
        assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.text);
        says(&get(&site, "/signals/interventions").await, &["Acme", "Silence", "Goes on"]);
    })
    .await;
}

#[tokio::test]
async fn whoever_only_looks_changes_nothing() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let site = signed_in(&test, Role::Viewer).await;
        let id = generate(&test, &deal("Acme")).await;
        let page = get(&site, &format!("/onboardings/{id}/health")).await;
        assert!(page.text.contains("What it rests on") && !page.text.contains("Log a signal"));
        let refused = send(&site, &format!("/onboardings/{id}/health/signals"), "kind=priority-shift").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
    })
    .await;
}
