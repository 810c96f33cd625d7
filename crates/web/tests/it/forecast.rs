//! Where pages show when an onboarding will really go live.

use gangway_app::forecast;
use gangway_testkit::{TestApp, deal, deal_within, for_each_database};

use super::{generate, get, router, says};

#[tokio::test]
async fn the_forecast_stands_on_the_overview_the_gantt_chart_and_the_portfolio() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal_within("Acme", 20)).await;
        let site = router(&test).await;
        let page = get(&site, &format!("/onboardings/{id}")).await;
        let kept = forecast::of(&test.app, &test.actor, id).await.unwrap().unwrap();
        let words = |day: jiff::civil::Date| day.strftime("%-d %b %Y").to_string();
        let driver = &kept.detail.drivers[0].task;
        let sight = gangway_app::work::sight(&test.app, &test.actor, id).await.unwrap();
        let link = format!("/onboardings/{id}/tasks/{}", sight.stored.tasks[driver].id);
        let percent = format!("kept in {} % of the runs", kept.dates.kept_percent);
        let warning = format!("With 80 % certainty the go-live comes by {}", words(kept.dates.p80_on));
        let (p50, p80) = (words(kept.dates.p50_on), words(kept.dates.p80_on));
        says(&page, &["Forecast", &p50, &p80, &percent, &warning, &link, "none finished yet", "Misses it"]);
        assert!(!page.text.contains("How it moved"), "one day is no history");

        let gantt = get(&site, &format!("/onboardings/{id}/plan")).await;
        says(&gantt, &[&format!("P50, {p50}"), &format!("P80, {p80}"), "In four of five (P80)", &percent]);
        let list = get(&site, &format!("/onboardings/{id}/plan?view=list")).await;
        assert!(!list.text.contains(&percent), "the list is for working");

        let portfolio = get(&site, "/onboardings?sort=p80").await;
        let promise = format!("promise kept: {} %", kept.dates.kept_percent);
        says(&portfolio, &["P80", &p80, &promise]);

        test.clock.advance_days(1);
        let page = get(&site, &format!("/onboardings/{id}")).await;
        says(&page, &["How it moved", "P80 was"]);
    })
    .await;
}

#[tokio::test]
async fn a_portfolio_without_forecasts_shows_none() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        generate(&test, &deal("Acme")).await;
        let portfolio = get(&router(&test).await, "/onboardings").await;
        assert!(portfolio.text.contains("<td data-label=\"P80\">—</td>"), "{}", portfolio.text);
    })
    .await;
}
