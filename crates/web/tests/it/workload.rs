//! Workload in pages: who has how much, whose time, too much where it arises, and the daily mail; without scripts.

use axum::http::{StatusCode, header};
use gangway_app::work;
use gangway_domain::permission::Role;
use gangway_domain::programme::Side;
use gangway_testkit::{TestApp, deal, for_each_database};

use super::{followed, generate, get, says, send, signed_in, site_of};

#[tokio::test]
async fn too_much_is_told_where_it_arises() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let ines = test.member(Role::OnboardingManager).await;
        let person = ines.person.unwrap();
        let site = site_of(&test, &ines).await;
        says(
            &get(&site, "/workload").await,
            &["Workload", &ines.name, "0 %", "Days a week", "Add the absence"],
        );
        let id = generate(&test, &deal("Acme")).await;
        says(&get(&site, "/workload").await, &["Nobody chosen yet", "Implementation manager"]);

        let time = format!("/workload/{person}/time");
        let wrong = send(&site, &time, "version=0&kind=days&days_a_week=many").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            wrong.text.contains("must be a number such as 4 or 4.5") && wrong.text.contains("value=\"many\"")
        );
        let saved = send(&site, &time, "version=0&kind=days&days_a_week=0").await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        says(&followed(&site, saved.header(header::LOCATION)).await, &["Saved.", "Away"]);
        let stale = send(&site, &time, "version=0&kind=days&days_a_week=5").await;
        assert!(stale.status.is_client_error() && stale.text.contains("else changed this availability"));
        let away =
            send(&site, &time, "version=1&kind=away&from=2027-02-01&to=2027-02-05&reason=Holiday").await;
        assert_eq!(away.status, StatusCode::SEE_OTHER, "{}", away.text);
        let page = get(&site, &format!("/workload?person={person}")).await;
        says(&page, &["1 Feb 2027 – 5 Feb 2027", "Holiday", "Take it back"]);
        let back =
            send(&site, &time, "version=2&kind=back&from=2027-02-01&to=2027-02-05&reason=Holiday").await;
        assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.text);
        says(&get(&site, &format!("/workload?person={person}")).await, &["No absences."]);

        let sight = work::sight(&test.app, &test.actor, id).await.unwrap();
        let ours = sight.stored.plan.tasks.iter().filter(|task| task.side == Side::Vendor);
        let task = ours.min_by_key(|task| task.start).unwrap();
        let page = format!("/onboardings/{id}/tasks/{}", sight.stored.tasks[&task.code].id);
        let form = format!(
            "revision=1&kind=assign&task={}&assignee={person}&back={}",
            task.code,
            page.replace('/', "%2F")
        );
        let given = send(&site, &format!("/onboardings/{id}/plan/changes"), &form).await;
        assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text);
        let told = followed(&site, given.header(header::LOCATION)).await;
        says(&told, &["Whoever got it is not there in the week of", "of work in the week of", &task.name]);
        let week = gangway_domain::workload::monday(task.start.max(sight.today));
        let open = get(&site, &format!("/workload?person={person}&week={week}")).await;
        says(&open, &[&task.name, "Not there", "too much", "When could it go live?"]);

        let live = get(&site, &format!("/onboardings/{id}/plan/people")).await;
        says(&live, &["Go-live with the people there are", "By the plan", "1 person with open tasks"]);
        says(&get(&site, &format!("/onboardings/{id}/plan")).await, &["With the people there are"]);
    })
    .await;
}

#[tokio::test]
async fn others_look_at_their_own_weeks_only() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let ines = test.member(Role::OnboardingManager).await;
        let seller = test.member(Role::Ae).await;
        let site = site_of(&test, &seller).await;
        let page = get(&site, "/workload").await;
        says(&page, &["Your weeks", &seller.name]);
        assert!(!page.text.contains(&ines.name), "{}", page.text);
        let time = format!("/workload/{}/time", ines.person.unwrap());
        assert_eq!(
            send(&site, &time, "version=0&kind=days&days_a_week=1").await.status,
            StatusCode::FORBIDDEN
        );
    })
    .await;
}

#[tokio::test]
async fn the_daily_mail_is_chosen_in_the_settings() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let site = signed_in(&test, Role::Csm).await;
        says(
            &get(&site, "/settings/me").await,
            &["Daily mail", "07:00 (UTC)", "Every day", "Mondays", "Never"],
        );
        let saved = send(&site, "/settings/me/digest", "rhythm=weekly").await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        let page = get(&site, "/settings/me").await;
        assert!(page.text.contains("<option value=\"weekly\" selected>"), "{}", page.text);
        assert_eq!(
            send(&site, "/settings/me/digest", "rhythm=hourly").await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        let saved = send(&site, "/settings/me/digest", "rhythm=daily&hour=18&zone=Asia%2FTokyo").await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        says(&get(&site, "/settings/me").await, &["18:00 (Asia/Tokyo)"]);
        let wrong = send(&site, "/settings/me/digest", "rhythm=daily&hour=25&zone=Mars").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("is none there is"), "{}", wrong.text);
        // Whoever chose none gets it when the workspace says.
        let admin = signed_in(&test, Role::Admin).await;
        let saved = send(&admin, "/settings/workspace/digest", "hour=9&zone=Europe%2FVienna").await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        says(&get(&admin, "/settings/workspace").await, &["Daily mail", "09:00", "Europe/Vienna"]);
        says(&get(&admin, "/settings/me").await, &["09:00 (Europe/Vienna)"]);
    })
    .await;
}
