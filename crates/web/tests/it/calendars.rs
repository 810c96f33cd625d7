//! Calendars and dates of a running plan in pages: consequences first, then the change; without scripts.

use axum::http::StatusCode;
use gangway_app::work;
use gangway_domain::permission::Role;
use gangway_testkit::{TestApp, deal, for_each_database};
use jiff::ToSpan;
use jiff::civil::{Weekday, date};

use super::{generate, get, leads, router, says, send, signed_in};

#[tokio::test]
async fn a_party_that_is_away_moves_the_plan_once_somebody_has_seen_how() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let page = format!("/onboardings/{id}/plan/calendars");
        says(&get(&site, &format!("/onboardings/{id}/plan")).await, &["Calendars and dates"]);
        says(
            &get(&site, &page).await,
            &["Wanted go-live", "Vendor’s days", "Customer’s days", "Memorial Day"],
        );
        let before = work::calendars(&test.app, &test.actor, id).await.unwrap();
        let (from, to) = (before.go_live.saturating_sub(14.days()), before.go_live.saturating_add(14.days()));
        let form = |week: &str| {
            format!(
                "revision=1&kind=calendar&calendar=customer&{week}&country=US\
                 &closed_from={from}&closed_to={to}&closed_reason=Stock+count\
                 &closed_from=&closed_to=&closed_reason=&back=%2Fonboardings%2F{id}%2Fplan%2Fcalendars"
            )
        };
        let sunday = form("works=sunday&works=monday&works=tuesday&works=wednesday&works=thursday");
        let shown = send(&site, &format!("/onboardings/{id}/plan/preview"), &sunday).await;
        // Hidden fields carry what was typed, so that the deed is the one that was shown.
        says(&shown, &["What would follow", "Change the plan", "Stock count"]);
        let kept = work::calendars(&test.app, &test.actor, id).await.unwrap();
        assert_eq!(kept, before, "looking keeps nothing");

        let there = leads(&send(&site, &format!("/onboardings/{id}/plan/changes"), &sunday).await);
        says(&get(&site, &there).await, &["Saved", "Undo", "Stock count"]);
        let after = work::calendars(&test.app, &test.actor, id).await.unwrap();
        let customer = after.calendars.iter().find(|one| one.id == "customer").unwrap();
        assert_eq!(customer.weekend, [Weekday::Friday, Weekday::Saturday]);
        assert_eq!((customer.closed.len(), customer.closed[0].from, customer.closed[0].to), (1, from, to));
        let holiday = |day| customer.holidays.iter().any(|holiday| holiday.date == day);
        assert!(holiday(date(2027, 5, 31)) && !holiday(date(2027, 5, 17)), "those of the United States");
        assert!(after.go_live > before.go_live, "{} lies behind {}", after.go_live, before.go_live);

        let never =
            send(&site, &format!("/onboardings/{id}/plan/preview"), &form("x=1").replace("revision=1", ""))
                .await;
        assert_eq!(never.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", never.text);
        assert!(never.text.contains("no working days"), "{}", never.text);
    })
    .await;
}

#[tokio::test]
async fn single_holidays_are_worked_and_bad_rows_are_refused() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let changes = format!("/onboardings/{id}/plan/changes");
        let week = "works=monday&works=tuesday&works=wednesday&works=thursday&works=friday";
        let form = |rest: &str| format!("kind=calendar&calendar=vendor&{week}&country=&{rest}");
        // Only what is ticked stays.
        leads(
            &send(
                &site,
                &changes,
                &form("holiday=2027-07-05+Independence+Day+%28observed%29&closed_from=2027-06-01"),
            )
            .await,
        );
        let known = work::calendars(&test.app, &test.actor, id).await.unwrap();
        let vendor = known.calendars.iter().find(|one| one.id == "vendor").unwrap();
        let days: Vec<_> = vendor.holidays.iter().map(|one| (one.date, one.name.as_str())).collect();
        assert_eq!(days, [(date(2027, 7, 5), "Independence Day (observed)")]);
        // A single day is its own end.
        assert_eq!((vendor.closed[0].from, vendor.closed[0].to), (date(2027, 6, 1), date(2027, 6, 1)));
        for (bad, said) in [
            ("closed_from=&closed_to=2027-06-01", "needs its first day"),
            ("closed_from=June&closed_to=", "has a day that is none"),
            ("closed_from=2027-06-09&closed_to=2027-06-01", "ends earlier"),
            ("holiday=soon", "must be a day"),
        ] {
            let answer = send(&site, &changes, &form(bad)).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}: {}", answer.text);
            assert!(answer.text.contains(said), "{bad}: {}", answer.text);
        }
        let nowhere = send(&site, &changes, &form("").replace("country=", "country=XX")).await;
        assert!(nowhere.text.contains("has no public holidays here"), "{}", nowhere.text);
    })
    .await;
}

#[tokio::test]
async fn the_wanted_go_live_changes_and_lookers_only_look() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let page = format!("/onboardings/{id}/plan/calendars");
        let form = format!("revision=1&kind=target&on=2027-02-01&answers=customer&why=Fair&back=%2Fonboardings%2F{id}%2Fplan%2Fcalendars");
        says(&send(&site, &format!("/onboardings/{id}/plan/preview"), &form).await, &["Go-live is wanted on 1 Feb 2027"]);
        let there = leads(&send(&site, &format!("/onboardings/{id}/plan/changes"), &form).await);
        says(&get(&site, &there).await, &["1 Feb 2027", "too late"]);
        let looker = signed_in(&test, Role::Viewer).await;
        let seen = get(&looker, &page).await;
        says(&seen, &["Customer’s days"]);
        assert!(!seen.text.contains("Show what would follow"), "nothing to press");
    })
    .await;
}
