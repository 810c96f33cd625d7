//! The pages of the joint impact plan, of the team and in the portal.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use gangway_app::outcome::{self, Outcome};
use gangway_app::{people, portal};
use gangway_domain::ids::OnboardingId;
use gangway_domain::permission::Role;
use gangway_domain::portal::{Language, PortalRole};
use gangway_store::contact;
use gangway_testkit::{TestApp, deal, for_each_database};
use gangway_web::Web;

use super::{Answer, Site, ask, generate, get, on_page, router};

async fn send(site: &Site, path: &str, form: &str) -> Answer {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    ask(site, request.body(Body::from(form.to_owned())).unwrap()).await
}

#[track_caller]
fn shows(page: &Answer, expected: &[&str]) {
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    for expected in expected {
        assert!(page.text.contains(&on_page(expected)), "{expected} is not on the page:\n{}", page.text);
    }
}

#[track_caller]
fn to(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.header(header::LOCATION).to_owned()
}

async fn last(test: &TestApp, id: OnboardingId) -> Outcome {
    outcome::of_onboarding(&test.app, &test.actor, id).await.unwrap().outcomes.pop().unwrap()
}

const FORM: &str = "goal=Close+the+books+faster&metric=Days+to+close&unit=days&direction=&baseline=10&target=4&by_on=2027-04-30\
                    &proof=The+calendar&confirms=Dana+Whitfield&rung=1&first_value=yes&promise=P1";

#[tokio::test]
async fn an_outcome_goes_its_way_through_the_pages() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let base = format!("/onboardings/{id}/impact");
        shows(
            &get(&site, &base).await,
            &["Joint impact plan", "O-1", "To be agreed", "Add an outcome", "North star"],
        );

        let bad = send(&site, &base, "goal=&by_on=soon&baseline=many").await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.text.contains("is not a day") && bad.text.contains("is not a number"), "{}", bad.text);
        let way = to(&send(&site, &base, FORM).await);
        shows(&get(&site, &way).await, &["Added O-2.", "Undo", "Close the books faster", "10 days → 4 days"]);
        let one = last(&test, id).await;
        let address = format!("{base}/{}", one.id);
        shows(
            &get(&site, &address).await,
            &["Days to close", "Nothing was measured yet", "Who agreed", "Take the outcome out"],
        );

        let agreed =
            send(&site, &format!("{address}/agreement"), &format!("version={}&agreed_by=Dana", one.version))
                .await;
        shows(&get(&site, &to(&agreed)).await, &["Agreed with the customer.", "Agreed"]);
        let early = "on=2027-01-03&value=7&kind=words&evidence=Their+calendar&note=";
        let way = to(&send(&site, &format!("{address}/measurements"), early).await);
        let half = get(&site, &way).await;
        shows(&half, &["It can be confirmed once a measurement reaches what was agreed.", "Not yet"]);
        assert!(!half.text.contains("value=\"confirmed\""), "what is not reached is not confirmed");
        let future = send(&site, &format!("{address}/measurements"), "on=2030-01-01&value=4").await;
        assert_eq!(future.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(future.text.contains("is still to come"));
        let form = "on=2027-01-04&value=4&kind=words&evidence=Their+calendar&note=December";
        let way = to(&send(&site, &format!("{address}/measurements"), form).await);
        shows(
            &get(&site, &way).await,
            &["Measured.", "Undo", "Their calendar", "What the customer says", "Reached"],
        );
        let version = last(&test, id).await.version;
        let unclear = format!("version={version}&said_by=Dana+Whitfield&words=Two+in+a+row&answer=perhaps");
        let unclear = send(&site, &format!("{address}/answer"), &unclear).await;
        assert_eq!(unclear.status, StatusCode::UNPROCESSABLE_ENTITY, "an unknown word is no no");
        assert_eq!(last(&test, id).await.answer, None);
        let said = format!("version={version}&said_by=Dana+Whitfield&words=Two+in+a+row&answer=confirmed");
        let way = to(&send(&site, &format!("{address}/answer"), &said).await);
        shows(&get(&site, &way).await, &["Verified by the customer.", "Two in a row", "Dana Whitfield"]);
        shows(
            &get(&site, &format!("{base}/scorecard")).await,
            &["Verified outcomes", "1 of 2 outcomes", "Their calendar"],
        );
        shows(&get(&site, &format!("{base}/promises")).await, &["first dashboard within 30 days", "Kept"]);
        shows(
            &get(&site, &format!("{base}/value")).await,
            &["Value ladder", "Celebration, as proposed", "Close the books faster"],
        );
        shows(&get(&site, &format!("{base}/workshop")).await, &["Which problem do you solve?", "Quick wins"]);
        let lacks = get(&site, &format!("{base}/complete")).await;
        shows(
            &lacks,
            &["What lacks to be complete", "is not reached", "Value milestones", "Technical milestones"],
        );
        assert!(!lacks.text.contains("No outcome is verified"));

        let stale = send(&site, &address, &format!("version=1&{FORM}")).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        assert!(stale.text.contains("Somebody else changed this meanwhile"));
        let version = last(&test, id).await.version;
        let open =
            send(&site, &format!("{address}/reopening"), &format!("version={version}&reason=Wrong+plant"))
                .await;
        shows(&get(&site, &to(&open)).await, &["Opened again."]);

        let viewer =
            Site { router: Web::new(test.app.clone()).router(), cookie: test.sign_in(Role::Viewer).await };
        let page = get(&viewer, &base).await;
        assert!(page.status == StatusCode::OK && !page.text.contains("Add an outcome"));
        assert_eq!(send(&viewer, &base, FORM).await.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn words_above_and_celebrations_are_kept_and_late_onboardings_listed() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let base = format!("/onboardings/{id}/impact");
        let form = "version=1&north_star=Acme+sees+its+supply+chain&first_impact=One+plant&challenges=IT+is+short&opportunities=";
        let way = to(&send(&site, &format!("{base}/plan"), form).await);
        shows(&get(&site, &way).await, &["Saved.", "Acme sees its supply chain", "IT is short"]);
        let stale = send(&site, &format!("{base}/plan"), form).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);

        let steps = outcome::value(&test.app, &test.actor, id).await.unwrap().steps;
        let place = format!("{base}/value/{}", steps[0].code);
        let form = "version=0&share_with=The+team&format=A+call&message=It+is+there&held_on=2027-01-04";
        let way = to(&send(&site, &place, form).await);
        shows(&get(&site, &way).await, &["Celebrated.", "Celebrated on 4 Jan 2027"]);

        shows(&get(&site, "/onboardings/late").await, &["Late, and why", "Nothing runs late"]);
        send(&site, &format!("/onboardings/{id}/kickoff"), "").await;
        test.clock.advance_days(200);
        let late = get(&Site { cookie: test.sign_in(Role::Viewer).await, ..router(&test).await }, "/onboardings/late").await;
        shows(&late, &["Running late", "Acme", "Its day has passed", "lost at “", "1 of 1"]);
    })
    .await;
}

#[tokio::test]
async fn a_sponsor_agrees_and_confirms_from_the_mailed_link() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &format!("{}Sponsor: Dana Whitfield (VP Operations)\n", deal("Acme"))).await;
        let all = people::standing(&test.app, &test.actor, id).await.unwrap().people;
        let who = all.iter().find(|one| one.facts.name == "Dana Whitfield").unwrap().facts.contact;
        let mut tx = test.app.db.write().await.unwrap();
        let mut known = contact::get(&mut tx, test.actor.workspace, who).await.unwrap().unwrap();
        known.email = Some("dana@acme.test".to_owned());
        assert!(contact::change(&mut tx, test.actor.workspace, &known).await.unwrap());
        tx.commit().await.unwrap();
        let team = router(&test).await;
        to(&send(&team, &format!("/onboardings/{id}/impact"), FORM).await);
        let one = last(&test, id).await;

        let role = Some(PortalRole::Sponsor);
        let link =
            portal::invite(&test.app, &test.actor, id, who, role, Some(Language::En)).await.unwrap().secret;
        let nobody = Site { router: Web::new(test.app.clone()).router(), cookie: String::new() };
        let opened = send(&nobody, &format!("/portal/{}", link.reveal()), "").await;
        let cookie = opened.header(header::SET_COOKIE).split(';').next().unwrap().to_owned();
        let guest = Site { cookie, ..nobody };
        let list = get(&guest, "/portal/outcomes").await;
        shows(&list, &["Close the books faster", "10 days → 4 days", "Waits for your word", "To be agreed"]);
        assert!(list.text.len() < 60_000 && !list.text.contains("<script"));
        let address = format!("/portal/outcomes/{}", one.id);
        shows(
            &get(&guest, &address).await,
            &["Is this what you want?", "Days to close", "Nothing was measured yet."],
        );
        let agreed = send(&guest, &format!("{address}/agreement"), &format!("version={}", one.version)).await;
        shows(&get(&guest, &to(&agreed)).await, &["Agreed. Thank you.", "Agreed by Dana Whitfield"]);

        let form =
            "on=2027-01-04&value=4&kind=link&evidence=https%3A%2F%2Fbi.acme.test%2Fclose&note=December";
        to(&send(&team, &format!("/onboardings/{id}/impact/{}/measurements", one.id), form).await);
        shows(&get(&guest, "/portal/todo").await, &["Close the books faster"]);
        let version = last(&test, id).await.version;
        let silent =
            send(&guest, &format!("{address}/answer"), &format!("version={version}&answer=declined&words="))
                .await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(silent.text.contains("Say what is missing"), "{}", silent.text);
        let said = format!("version={version}&answer=confirmed&words=Two+in+a+row");
        let yes = send(&guest, &format!("{address}/answer"), &said).await;
        shows(&get(&guest, &to(&yes)).await, &["Confirmed with your name", "Two in a row", "Confirmed"]);
        let page = get(&team, &format!("/onboardings/{id}/impact/{}", one.id)).await;
        shows(&page, &["Verified by the customer", "Dana Whitfield", "Two in a row"]);
        let unknown = get(&guest, "/portal/outcomes/out_00000000000000000000000000000001").await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    })
    .await;
}
