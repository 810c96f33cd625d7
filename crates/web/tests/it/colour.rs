//! The colour of an onboarding on its overview and in the portfolio.

use axum::http::StatusCode;
use gangway_domain::permission::Role;
use gangway_testkit::{TestApp, deal_within, for_each_database};

use super::{generate, get, leads, router, says, send, signed_in};

#[tokio::test]
async fn the_colour_is_seen_chosen_and_looked_for() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal_within("Acme", 20)).await;
        let site = router(&test).await;
        let page = format!("/onboardings/{id}");
        let reason = "The planned go-live misses the wanted day by";
        says(&get(&site, &page).await, &["Off track", reason, "Choose the colour"]);
        says(&get(&site, "/onboardings").await, &["Off track (1)", reason]);
        says(&get(&site, "/onboardings?show=board").await, &["Off track"]);
        let empty = get(&site, "/onboardings?colour=green").await;
        assert!(!empty.text.contains(&page), "{}", empty.text);
        let csv = get(&site, "/onboardings/export.csv").await;
        assert!(csv.text.contains("Colour because") && csv.text.contains("Off track"), "{}", csv.text);

        let silent = send(&site, &format!("{page}/colour"), "version=0&light=amber&reason=").await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(silent.text.contains("The reason is missing"), "{}", silent.text);
        assert!(silent.text.contains("<option value=\"amber\" selected>"), "what was chosen stays");
        let done =
            send(&site, &format!("{page}/colour"), "version=0&light=amber&reason=A+date+is+agreed").await;
        let there = leads(&done);
        let shown = get(&site, &there).await;
        says(&shown, &["The colour is set", "A date is agreed", "By the rules it is off track"]);
        says(
            &get(&site, "/onboardings?colour=amber&sort=colour&dir=desc").await,
            &["Acme", "A date is agreed"],
        );
        let stale = send(&site, &format!("{page}/colour"), "version=0&light=&reason=").await;
        assert!(stale.status.is_client_error(), "{}", stale.status);

        let looker = signed_in(&test, Role::Viewer).await;
        let seen = get(&looker, &page).await;
        says(&seen, &["At risk"]);
        assert!(!seen.text.contains("Choose the colour"));
    })
    .await;
}
