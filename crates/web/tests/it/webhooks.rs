//! Webhooks in the settings: added, shown once, tried out, switched, removed.

use axum::http::{StatusCode, header};
use gangway_domain::permission::Role;
use gangway_testkit::{TestApp, for_each_database};

use super::{get, router, send};

const PATH: &str = "/settings/webhooks";

#[tokio::test]
async fn an_admin_adds_a_webhook_tries_it_and_removes_it() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let admin = router(&test).await;
        assert!(get(&admin, PATH).await.text.contains("None yet"));
        let wrong = send(&admin, PATH, "url=ftp%3A%2F%2Fexample.com&description=Data+<b>team</b>").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("The address must begin with https://"), "{}", wrong.text);
        assert!(wrong.text.contains("value=\"ftp://example.com\""), "what was typed is kept");
        assert!(!wrong.text.contains("<b>team"), "and escaped");

        let form = "url=https%3A%2F%2Fexample.com%2Fhook&description=Data+team&kinds=handoff.accepted";
        let made = send(&admin, PATH, form).await;
        assert_eq!(made.status, StatusCode::CREATED);
        let secret = made.text.split("whsec_").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let id = made.text.split("/settings/webhooks/whk_").nth(1).unwrap().split('/').next().unwrap();
        let page = format!("{PATH}/whk_{id}");
        assert!(!get(&admin, &page).await.text.contains(&secret), "shown once");
        let list = get(&admin, PATH).await.text;
        assert!(list.contains("https://example.com/hook") && list.contains("1 kind of events"), "{list}");

        let tried = send(&admin, &format!("{page}/test"), "").await;
        assert_eq!(tried.status, StatusCode::SEE_OTHER);
        let delivery = tried.header(header::LOCATION).to_owned();
        let shown = get(&admin, &delivery).await;
        assert!(
            shown.text.contains("webhook.test") && shown.text.contains("It is on its way"),
            "{}",
            shown.text
        );
        assert!(get(&admin, &page).await.text.contains(&delivery));
        let other = delivery.replace(id, &"0".repeat(id.len()));
        assert_eq!(get(&admin, &other).await.status, StatusCode::NOT_FOUND, "of another webhook");

        assert!(
            send(&admin, &format!("{page}/secret"), "")
                .await
                .text
                .contains("the signature of the secret before")
        );
        send(&admin, &format!("{page}/switch"), "on=no").await;
        assert!(get(&admin, &page).await.text.contains("It is switched off."));
        send(&admin, &format!("{page}/switch"), "on=yes").await;
        assert!(get(&admin, &page).await.text.contains("It is switched on."));
        let changed = send(&admin, &page, "url=https%3A%2F%2Fexample.org%2F").await;
        assert_eq!(changed.header(header::LOCATION), page);
        assert!(get(&admin, PATH).await.text.contains("all events"));

        let elsewhere = router(&test.elsewhere("Southlight").await).await;
        for path in [&page, &delivery] {
            assert_eq!(get(&elsewhere, path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        let leader = super::Site { cookie: test.sign_in(Role::Leader).await, router: admin.router.clone() };
        assert_eq!(get(&leader, PATH).await.status, StatusCode::FORBIDDEN);
        assert!(!get(&leader, "/settings/team").await.text.contains("Webhooks"), "no tab that leads nowhere");

        send(&admin, &format!("{page}/removal"), "").await;
        assert_eq!(get(&admin, &delivery).await.status, StatusCode::NOT_FOUND);
        let trail = get(&admin, "/settings/audit").await.text;
        assert!(trail.contains("Added a webhook to example.com") && !trail.contains("/hook"), "{trail}");
    })
    .await;
}

#[tokio::test]
async fn ready_means_that_the_schema_fits() {
    for_each_database(|db| async move {
        let test = TestApp::on(db.clone()).await;
        let site = router(&test).await;
        let ready = get(&site, "/readyz").await;
        assert_eq!((ready.status, ready.text.as_str()), (StatusCode::OK, "ready\n"));
        db.close().await;
        assert_eq!(get(&site, "/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    })
    .await;
}
