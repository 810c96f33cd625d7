//! Health and signals in pages, without scripts: the score, what people say and see, the inbox, looking back.

use axum::http::{StatusCode, header};
use gangway_domain::permission::Role;
use gangway_testkit::{TestApp, deal, for_each_database};

use super::{followed, generate, get, leads, says, send, signed_in, site_of};

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
        says(
            &get(&site, "/settings/health").await,
            &["Onboarding health", "facts rules may use", "Replay it"],
        );
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
        says(&get(&site, "/signals/playbooks").await, &["No playbook was begun"]);
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
        says(&get(&site, "/signals/interventions").await, &["Acme", "Silence", "Still running"]);
        says(&get(&site, "/signals/playbooks").await, &["At risk", "1 running", "Not begun yet: "]);
    })
    .await;
}

#[tokio::test]
async fn an_escalation_document_begins_with_a_signal_and_is_filled_in() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let site = site_of(&test, &test.member(Role::OnboardingManager).await).await;
        let id = generate(&test, &deal("Acme")).await;
        let seen = gangway_app::signal::log(&test.app, &test.actor, id, "priority-shift", "Not now").await;
        let page = get(&site, &format!("/signals/{}", seen.unwrap().id)).await;
        says(&page, &["Write the escalation document", "Write the save-or-exit plan"]);
        let to = leads(&send(&site, &format!("/onboardings/{id}/reports"), "kind=escalation").await);
        let expected = ["What only you can say", "Root cause", "Support requested", "Not now"];
        says(&get(&site, &to).await, &expected);
        let address = to.split_once('?').unwrap().0.to_owned();
        let form = "version=1&deed=answers&asked=root-cause&answer-root-cause=Nobody+owns+it&asked=support\
                    &answer-support=executive&answer-support=people";
        let early = send(&site, &format!("{address}/links"), "").await;
        assert_eq!(early.status, StatusCode::CONFLICT, "it is internal");
        leads(&send(&site, &address, form).await);
        let page = get(&site, &address).await;
        says(&page, &["Nobody owns it", "- [x] Executive involvement", "- [x] Additional people"]);
        let wrong = "version=2&deed=answers&asked=decide-by&answer-decide-by=soon";
        let wrong = send(&site, &address, wrong).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("value=\"soon\""), "what was typed is kept");
        let file = get(&site, &format!("{address}/files/docx")).await;
        assert!(file.header(header::CONTENT_DISPOSITION).starts_with("attachment; filename=\"escalation-"));
        assert_eq!(get(&site, &format!("{address}/files/exe")).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_closed_onboarding_offers_nothing_to_log_and_says_why() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let site = site_of(&test, &test.member(Role::OnboardingManager).await).await;
        let id = generate(&test, &deal("Acme")).await;
        gangway_app::onboarding::close(&test.app, &test.actor, id, "Bought by Globex").await.unwrap();
        let base = format!("/onboardings/{id}/health");
        let page = get(&site, &base).await;
        says(&page, &["The onboarding was closed: nothing is logged and no playbook begun any more"]);
        for gone in ["Log a signal", "What you see", "Begin a playbook"] {
            assert!(!page.text.contains(gone), "{gone}");
        }
        let refused = send(&site, &format!("{base}/signals"), "kind=priority-shift").await;
        assert!(refused.status.is_client_error() && refused.text.contains("was closed"), "{}", refused.text);
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

#[tokio::test]
async fn facts_are_tried_out_and_nothing_is_kept() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let site = signed_in(&test, Role::Viewer).await;
        let id = generate(&test, &deal("Acme")).await;
        let base = format!("/onboardings/{id}/health");
        says(&get(&site, &base).await, &["What if…", "Test a rule on it"]);
        let page = format!("{base}/what-if");
        let facts = get(&site, &page).await;
        says(&facts, &["What the score rests on", "observed.mood", "Show what would be"]);
        assert!(facts.text.contains("<th scope=\"row\">How content the customer seems"), "{}", facts.text);
        let asked = send(&site, &page, "to-observed.mood=4&to-observed.mood_days=0&to-usage.logins=").await;
        says(
            &asked,
            &["As it is", "As it would be", "Contributions", "What would move it", "Nothing is kept"],
        );
        assert!(asked.text.contains("name=\"to-observed.mood\" type=\"number\" step=\"1\" value=\"4\""));
        let before = get(&site, &page).await;
        assert!(!before.text.contains("As it would be"), "nothing is kept");
        let signal = send(&site, &page, "to-usage.days_since_login=45").await;
        says(&signal, &["Would be raised"]);
        let wrong = send(&site, &page, "to-observed.mood=bright").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("value=\"bright\""), "what was typed stays");
        let impossible = send(&site, &page, "to-usage.setup_percent=140").await;
        assert_eq!(impossible.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(impossible.text.contains("usage.setup_percent must lie between 0 and 100 %."));
        assert!(before.text.contains("<option value=\"advocate\">Advocate</option>"), "what can be chosen");
        let nothing = send(&site, &page, "to-observed.mood=").await;
        says(&nothing, &["Everything is left as it is"]);
        let unknown = send(&site, &page, "none=weather.rain").await;
        assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test]
async fn facts_are_found_by_name_and_meaning() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let site = signed_in(&test, Role::Viewer).await;
        says(&get(&site, "/settings/health/facts").await, &["usage.active_users", "plan.days_late"]);
        let page = get(&site, "/settings/health/facts?q=Net+promoter").await;
        says(&page, &["surveys.nps", "surveys.days_since_answer"]);
        assert!(!page.text.contains("plan.days_late"));
        let page = get(&site, "/settings/health/facts?group=plan").await;
        assert!(page.text.contains("plan.days_late") && !page.text.contains(">surveys.nps<"));
        says(&get(&site, "/settings/health/facts?q=moonphase").await, &["No fact fits"]);
    })
    .await;
}

#[tokio::test]
async fn a_rule_is_tested_on_a_customer_at_any_time() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let site = signed_in(&test, Role::Viewer).await;
        let id = generate(&test, &deal("Acme")).await;
        get(&site, &format!("/onboardings/{id}/health")).await;
        let page = "/settings/health/rules";
        says(&get(&site, page).await, &["Put it into the field", "Weekly review"]);
        let rule = "onboarding.phase+%3D%3D+%27onboarding%27";
        let yes = send(&site, page, &format!("rule={rule}&customer=Acme")).await;
        says(&yes, &["onboarding.phase", "by what is known now"]);
        assert!(yes.text.contains(">Yes</span>"), "{}", yes.text);
        let unknown = send(&site, page, "rule=surveys.nps+%3E+0&customer=Acme").await;
        says(&unknown, &["Unknown", "Nobody knows surveys.nps", "Not known"]);
        let wrong = send(&site, page, "rule=sso.configured+%26%26%0Ausage.login+%3E+3&customer=Acme").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("line 2, character 1"), "{}", wrong.text);
        assert!(wrong.text.contains("<mark>usage.login</mark>") && wrong.text.contains("usage.logins"));
        let nobody = send(&site, page, "rule=surveys.nps+%3E+0&customer=Zephyr").await;
        assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
        let nothing = send(&site, page, "rule=&customer=").await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(nothing.text.contains("Write a rule") && nothing.text.contains("is needed"));
        let taken = send(&site, page, "pick=model:onboarding:progress:milestones&do=take").await;
        assert!(taken.text.contains("plan.percent_on_time</textarea>"), "{}", taken.text);
    })
    .await;
}

#[tokio::test]
async fn days_that_are_over_are_told_by_what_was_kept() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let site = signed_in(&test, Role::Viewer).await;
        let id = generate(&test, &deal("Acme")).await;
        get(&site, &format!("/onboardings/{id}/health")).await;
        let first = test.app.today();
        test.clock.advance_days(5);
        get(&site, &format!("/onboardings/{id}/health")).await;
        let address = |day: jiff::civil::Date| {
            format!("/settings/health/rules?rule=onboarding.days_since_kickoff&onboarding={id}&day={day}")
        };
        says(&get(&site, &address(first)).await, &["when its health changed last before", "Acme"]);
        let before = get(&site, &address(first.yesterday().unwrap())).await;
        assert_eq!(before.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(before.text.contains(&format!("that began on {first}")), "{}", before.text);
        let ahead = get(&site, &address(test.app.today().tomorrow().unwrap())).await;
        assert_eq!(ahead.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test]
async fn a_model_is_replayed_beside_what_people_saw() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let site = signed_in(&test, Role::Viewer).await;
        let id = generate(&test, &deal("Acme")).await;
        get(&site, &format!("/onboardings/{id}/health")).await;
        let page = "/settings/health/replay";
        says(&get(&site, page).await, &["Replay it", "Onboarding health"]);
        let today = test.app.today();
        let time = format!("from={}&to={today}&against=churn&days=90", today.yesterday().unwrap());
        let same = send(&site, page, &format!("model=onboarding&{time}")).await;
        says(&same, &["Acme", "Every status stays.", "What the scores foretold"]);
        assert!(same.text.contains(&format!("href=\"/onboardings/{id}/health\"")));
        let taken = send(&site, page, &format!("model=onboarding&do=take&{time}")).await;
        says(&taken, &["min_coverage_percent = 50"]);
        let draft = "id+%3D+%22onboarding%22%0Aversion+%3D+";
        let broken = send(&site, page, &format!("model=onboarding&draft={draft}&{time}")).await;
        assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(broken.text.contains("cannot be read"), "{}", broken.text);
        let order = send(&site, page, "model=onboarding&from=2027-03-01&to=2027-02-01").await;
        assert_eq!(order.status, StatusCode::UNPROCESSABLE_ENTITY);
        let none = send(&site, page, &format!("model=weather&{time}")).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}
