//! The pages of the end of an onboarding.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use gangway_app::{onboarding, transition};
use gangway_domain::permission::Role;
use gangway_testkit::{TestApp, deal, for_each_database};
use gangway_web::Web;

use super::{Answer, Site, ask, generate, get, on_page, router};

async fn send(site: &Site, path: &str, form: &str) -> Answer {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    ask(site, request.body(Body::from(form.to_owned())).unwrap()).await
}

#[track_caller]
fn says(page: &Answer, expected: &[&str]) {
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    for expected in expected {
        assert!(page.text.contains(&on_page(expected)), "{expected} is not on the page:\n{}", page.text);
    }
}

#[track_caller]
fn leads(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.header(header::LOCATION).to_owned()
}

#[tokio::test]
async fn the_handover_is_begun_written_proposed_and_accepted() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let csm = test.member(Role::Csm).await;
        let id = generate(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let base = format!("/onboardings/{id}/transition");
        says(
            &get(&site, &base).await,
            &["Definition of done", "The handover is not begun", "Begin the handover"],
        );
        let to = leads(&send(&site, &format!("{base}/beginning"), "").await);
        let page = get(&site, &to).await;
        says(
            &page,
            &[
                "The handover is begun",
                "The first 90 days",
                "Transition summary of 4 Jan 2027",
                "First choose who takes over, and save.",
            ],
        );

        let refused = send(&site, &format!("{base}/steps"), "version=2&step=propose&despite=").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("Who takes over is missing"), "{}", refused.text);
        let bad =
            send(&site, &base, "version=2&csm=&note=&step_text=Call&step_by=soon&step_side=vendor").await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        let form = format!(
            "version=2&csm={}&note=Dana+decides&step_text=Call&step_by=2027-05-03&step_side=joint\
             &step_text=&step_by=2027-05-03&step_side=vendor",
            csm.person.unwrap()
        );
        let to = leads(&send(&site, &base, &form).await);
        says(
            &get(&site, &to).await,
            &["Saved.", "Dana decides", "Call", &format!("Ask {} to take over", csm.name)],
        );
        let stale = send(&site, &base, &form).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        assert!(stale.text.contains("Somebody else changed this meanwhile"), "{}", stale.text);

        let ask = "version=3&step=propose&despite=The+audit+is+in+April";
        says(&get(&site, &leads(&send(&site, &format!("{base}/steps"), ask).await)).await, &["Proposed"]);
        let accept = "version=4&step=accept";
        let own = send(&site, &format!("{base}/steps"), accept).await;
        assert_eq!(own.status, StatusCode::CONFLICT, "only whoever was asked");
        let theirs = Site { cookie: test.cookie(&csm).await, router: Web::new(test.app.clone()).router() };
        says(&get(&theirs, &base).await, &["Take the customer over", "What is missing"]);
        says(&get(&theirs, "/my-work").await, &["To be taken over", "Acme"]);
        let to = leads(&send(&theirs, &format!("{base}/steps"), accept).await);
        says(&get(&theirs, &to).await, &["The customer is taken over.", "Accepted"]);

        let viewer =
            Site { cookie: test.sign_in(Role::Viewer).await, router: Web::new(test.app.clone()).router() };
        let page = get(&viewer, &base).await;
        assert!(page.status == StatusCode::OK && !page.text.contains("Send the mail"), "{}", page.text);
        let forbidden = send(&viewer, &format!("{base}/steps"), accept).await;
        assert_eq!(forbidden.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn an_onboarding_is_closed_with_lessons_and_the_programme_learns() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        onboarding::kick_off(&test.app, &test.actor, id).await.unwrap();
        let site = router(&test).await;
        let base = format!("/onboardings/{id}");
        let closing = format!("{base}/closing");
        says(
            &get(&site, &closing).await,
            &["Time to live", "From signature", "Nothing is written down yet", "definition of done"],
        );
        let empty = send(&site, &format!("{base}/lessons"), "kind=change&text=&suggestion=").await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        let lesson =
            "kind=change&text=SAP+took+weeks&suggestion=Ask+for+SAP+access+early&phase=&improvement=";
        let to = leads(&send(&site, &format!("{base}/lessons"), lesson).await);
        says(&get(&site, &to).await, &["The lesson is written down.", "Undo", "SAP took weeks"]);

        let early = send(&site, &closing, "ending=successful&said=").await;
        assert_eq!(early.status, StatusCode::CONFLICT, "{}", early.text);
        assert!(early.text.contains("definition of done is not met"), "{}", early.text);
        let silent = send(&site, &closing, "ending=partly&said=").await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        let to = leads(&send(&site, &closing, "ending=partly&said=SAP+comes+in+May").await);
        says(
            &get(&site, &to).await,
            &["The onboarding is closed.", "Partly successful", "SAP comes in May", "In the improvement log"],
        );

        let hypercare = get(&site, &format!("{base}/go-live/hypercare")).await;
        says(&hypercare, &["ended with the onboarding"]);
        assert!(!hypercare.text.contains("Report an issue"), "{}", hypercare.text);
        let readiness = get(&site, &format!("{base}/go-live")).await;
        assert!(!readiness.text.contains("Judge…"), "nothing is judged after the end: {}", readiness.text);

        let log = "/programmes/mid-market/improvements";
        says(
            &get(&site, log).await,
            &["1 · Ask for SAP access early", "1 lesson for it", "SAP took weeks", "Suggest an improvement"],
        );
        let one = transition::of_programme(&test.app, &test.actor, "mid-market").await.unwrap().improvements;
        let address = format!("{log}/{}/decision", one[0].0.id);
        let silent = send(&site, &address, "version=1&decision=decline&why=").await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        let to =
            leads(&send(&site, &address, "version=1&decision=adopt&why=A+task+of+its+own&published=").await);
        says(&get(&site, &to).await, &["Decided.", "Adopted", "A task of its own", "Look at it again"]);
        let to = leads(&send(&site, log, "title=Shorter+kickoff&details=").await);
        says(&get(&site, &to).await, &["2 · Shorter kickoff", "The improvement stands in the log."]);
    })
    .await;
}
