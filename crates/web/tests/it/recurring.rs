//! Work that comes up, in pages: templates and tasks that repeat; without scripts.

use axum::http::{StatusCode, header};
use gangway_app::work;
use gangway_testkit::{TestApp, deal, for_each_database};

use super::{generate, get, router, says, send};

#[tokio::test]
async fn a_template_is_chosen_looked_at_and_added() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let base = format!("/onboardings/{id}");
        says(&get(&site, &format!("{base}/tasks/new")).await, &["A template", "A task that repeats"]);
        says(
            &get(&site, &format!("{base}/tasks/templates")).await,
            &["Security review asked by the customer", "5 tasks"],
        );
        let page = get(&site, &format!("{base}/tasks/templates/security-review")).await;
        says(&page, &["Assess the answers", "First day", "Show what would move"]);
        let unknown = get(&site, &format!("{base}/tasks/templates/nothing")).await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);

        let form = "revision=1&kind=template&template=security-review&start=2027-01-18&after=";
        let seen = send(&site, &format!("{base}/plan/preview"), form).await;
        says(&seen, &["What would follow", "Security review asked by the customer", "Change the plan"]);
        assert!(seen.text.contains("name=\"template\" value=\"security-review\""), "{}", seen.text);
        let done = send(&site, &format!("{base}/plan/changes"), form).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        says(
            &get(&site, done.header(header::LOCATION)).await,
            &["Saved", "Undo", "Agree on the scope of the review"],
        );
        let stale = send(&site, &format!("{base}/plan/changes"), form).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
    })
    .await;
}

#[tokio::test]
async fn a_task_repeats_is_changed_and_ended() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let base = format!("/onboardings/{id}");
        says(&get(&site, &format!("{base}/series")).await, &["Nothing repeats yet"]);
        says(&get(&site, &format!("{base}/series/new")).await, &["How often", "Until when", "Show its days"]);
        let sight = work::sight(&test.app, &test.actor, id).await.unwrap();
        let go_live = sight.stored.plan.ground.go_live.clone().unwrap();
        let form = |name: &str, every: &str| {
            format!(
                "name={name}&days=1&side=vendor&rhythm=weeks&every={every}&weekday=friday&nth=first&month_day=1\
                 &starts_on=2027-01-04&end=with&end_with={go_live}"
            )
        };
        let seen = send(&site, &format!("{base}/series/preview"), &form("Data+check", "1")).await;
        says(&seen, &["every Friday", "8 Jan 2027", "Let it repeat"]);
        let wrong = send(&site, &format!("{base}/series"), &form("", "often")).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("must be a whole number") && wrong.text.contains("value=\"often\""));
        assert!(work::repeated(&test.app, &test.actor, id).await.unwrap().series.is_empty());

        let made = send(&site, &format!("{base}/series"), &form("Data+check", "1")).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        let there = made.header(header::LOCATION).to_owned();
        says(&get(&site, &there).await, &["It repeats", "Undo", "Data check", "29 Jan 2027", "Pause it"]);
        says(&get(&site, &format!("{base}/series")).await, &["Data check", "every Friday", "8 Jan 2027"]);
        says(&get(&site, &format!("{base}/plan?view=list")).await, &["Data check"]);

        let page = there.split('?').next().unwrap().to_owned();
        let change = format!("version=1&{}", form("Check+of+the+data", "2"));
        let changed = send(&site, &page, &change).await;
        assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.text);
        says(&get(&site, &page).await, &["Check of the data", "every 2 weeks on Friday"]);
        let stale = send(&site, &page, &change).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        assert!(stale.text.contains("Somebody else changed this meanwhile"), "{}", stale.text);
        let ended = send(&site, &format!("{page}/state"), "version=2&step=end").await;
        assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.text);
        let ended = get(&site, &page).await;
        says(&ended, &["Ended"]);
        assert!(!ended.text.contains("Pause it"));
    })
    .await;
}
