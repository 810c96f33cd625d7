//! The pages of the go-live, the team's and the customer's.

use axum::http::{StatusCode, header};
use gangway_app::{launch, people};
use gangway_domain::permission::Role;
use gangway_store::contact;
use gangway_testkit::{TestApp, deal, for_each_database};
use gangway_web::Web;

use super::{Answer, Site, generate, get, router, says, send};

/// Where a form leads to, without the place on the page.
#[track_caller]
fn leads(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.header(header::LOCATION).split('#').next().unwrap().to_owned()
}

#[tokio::test]
async fn readiness_says_what_lacks_and_a_go_is_refused_on_the_page() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let base = format!("/onboardings/{id}/go-live");
        let page = get(&site, &base).await;
        says(
            &page,
            &["Technical readiness", "Approvals", "A go is refused as long as:", "Nothing was decided yet."],
        );
        let empty = send(&site, &format!("{base}/decisions"), "verdict=go&reason=").await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        let over = "verdict=go&reason=Now&go_live_on=2020-01-06";
        let over = send(&site, &format!("{base}/decisions"), over).await;
        assert!(over.text.contains("The day of the go-live is over."), "{}", over.text);
        let half = "verdict=conditional&reason=Nearly&condition_text=Train+the+night+shift&condition_owner=";
        let half = send(&site, &format!("{base}/decisions"), half).await;
        assert_eq!(half.status, StatusCode::UNPROCESSABLE_ENTITY);
        let kept = half.text.contains("value=\"Train the night shift\"");
        assert!(kept && half.text.contains("Conditions need an owner each."), "{}", half.text);
        let near = "after=0&verdict=go&reason=The+date+is+near";
        let to = leads(&send(&site, &format!("{base}/decisions"), near).await);
        let twice = send(&site, &format!("{base}/decisions"), near).await;
        assert_eq!(twice.status, StatusCode::CONFLICT, "a second press decides nothing anew");
        says(
            &get(&site, &to).await,
            &["Refused: the facts are against it", "The date is near", "1. Go-live on"],
        );

        let item = launch::sight(&test.app, &test.actor, id).await.unwrap().readiness[0].items[0].id.clone();
        let to = leads(&send(&site, &format!("{base}/items/{item}"), "said=yes&by=Dana&note=Seen").await);
        says(&get(&site, &to).await, &["Confirmed by Dana: Seen"]);
        let no = send(&site, &format!("{base}/items/{item}"), "said=no&by=Dana&note=").await;
        assert_eq!(no.status, StatusCode::UNPROCESSABLE_ENTITY, "a no says why");
        assert!(no.text.contains("The note is missing: say what is not ready."), "{}", no.text);
        leads(&send(&site, &format!("{base}/items/{item}"), "said=nothing").await);

        let viewer =
            Site { router: Web::new(test.app.clone()).router(), cookie: test.sign_in(Role::Viewer).await };
        let page = get(&viewer, &base).await;
        assert!(page.status == StatusCode::OK && !page.text.contains("A go is refused as long as"));
        assert_eq!(
            send(&viewer, &format!("{base}/decisions"), "verdict=go").await.status,
            StatusCode::FORBIDDEN
        );
    })
    .await;
}

#[tokio::test]
async fn a_pilot_is_planned_from_lines_run_and_judged() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let base = format!("/onboardings/{id}/go-live/pilot");
        says(&get(&site, &base).await, &["No pilot yet", "6 to 18 people"]);
        let bad = send(&site, &base, "scope=Orders&from=2027-01-04&to=2027-01-15&people=Dana+|+Planner+|+grumpy+|+x").await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.text.contains("grumpy") && bad.text.contains("enthusiast, neutral or sceptic"), "{}", bad.text);
        let form = "scope=Orders&from=2027-01-04&to=2027-01-15&size=8&people=Dana+|+Planner+|+sceptic+|+Knows+it&criteria=Active+in+a+week+|+at+least+80+%25";
        let to = leads(&send(&site, &base, form).await);
        says(&get(&site, &to).await, &["Pilot 1", "Knows it", "at least 80 %", "no enthusiast", "Begin the pilot"]);
        let pilot = launch::sight(&test.app, &test.actor, id).await.unwrap().pilots[0].id;
        let steps = format!("{base}/{pilot}/steps");
        leads(&send(&site, &steps, "version=1&step=begin").await);
        leads(&send(&site, &format!("{base}/{pilot}/feedback"), "kind=idea&from=Dana&text=Larger+letters").await);
        leads(&send(&site, &steps, "version=2&step=measure&measured=70").await);
        let pass = send(&site, &steps, "version=3&step=pass&reason=We+want+it").await;
        assert_eq!(pass.status, StatusCode::CONFLICT);
        leads(&send(&site, &steps, "version=3&step=fail&reason=Too+few").await);
        says(&get(&site, &base).await, &["Failed", "Too few", "Larger letters", "Run it again"]);
        leads(&send(&site, &base, "from=2027-01-18").await);
        says(&get(&site, &base).await, &["Pilot 2"]);
    })
    .await;
}

#[tokio::test]
async fn rollout_hypercare_and_rollback_are_planned_and_run() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let base = format!("/onboardings/{id}/go-live");
        says(&get(&site, &format!("{base}/rollout")).await, &["Strategies", "Big bang", "A week before"]);
        leads(&send(&site, &format!("{base}/strategy"), "version=0&strategy=Big+bang").await);
        let stale = send(&site, &format!("{base}/strategy"), "version=0&strategy=Big+bang").await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        let friday = send(&site, &format!("{base}/waves"), "version=1&waves=All+|+2027-03-05").await;
        assert_eq!(friday.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            friday.text.contains("Friday") && friday.text.contains("All | 2027-03-05"),
            "{}",
            friday.text
        );
        leads(&send(&site, &format!("{base}/waves"), "version=1&waves=All+|+2027-03-02+|+120").await);
        let early = send(&site, &format!("{base}/waves/moves"), "version=2&place=0&state=live&reason=").await;
        assert_eq!(early.status, StatusCode::CONFLICT);
        leads(&send(&site, &format!("{base}/messages"), "moment=week-before").await);
        says(&get(&site, &format!("{base}/rollout")).await, &["120 people", "Save the words", "Send it…"]);

        let hypercare = format!("{base}/hypercare");
        says(&get(&site, &hypercare).await, &["No issue was reported.", "It ends when", "15 minutes"]);
        let plan = "version=2&coverage=7+to+19&channel=%23go-live&sync_at=09:00&team=Ines";
        leads(&send(&site, &hypercare, plan).await);
        let issue = "title=Nobody+can+sign+in&severity=critical&area=Sign-in";
        leads(&send(&site, &format!("{base}/issues"), issue).await);
        says(&get(&site, &hypercare).await, &["H-1 Nobody can sign in", "Answer due in 15 minutes"]);
        let made = launch::sight(&test.app, &test.actor, id).await.unwrap().issues[0].id;
        leads(&send(&site, &format!("{base}/issues/{made}"), "version=1&step=answer").await);
        leads(&send(&site, &format!("{base}/issues/{made}"), "version=2&step=resolve&how=Renewed").await);
        leads(&send(&site, &format!("{base}/syncs"), "notes=All+calm&people=Ines").await);
        says(&get(&site, &hypercare).await, &["Resolved", "Renewed", "All calm"]);

        let rollback = format!("{base}/rollback");
        says(&get(&site, &rollback).await, &["Security breach", "No trigger was set off."]);
        leads(&send(&site, &rollback, "version=3&decider=Ines&deputy=Priya&steps=Switch+back").await);
        leads(
            &send(&site, &format!("{rollback}/signals"), "deed=observe&availability_percent=90&minutes=130")
                .await,
        );
        let signal = launch::sight(&test.app, &test.actor, id).await.unwrap().signals[0].id;
        says(&get(&site, &rollback).await, &["Written down", "availability 90 %", "Stay live"]);
        says(&get(&site, &base).await, &["Stopped", "was set off: decide whether to roll back first."]);
        leads(
            &send(
                &site,
                &format!("{rollback}/signals/{signal}"),
                "version=1&step=roll-back&text=Nobody+works",
            )
            .await,
        );
        says(&get(&site, &rollback).await, &["Rolled back", "Tell people by", "It was reviewed"]);
    })
    .await;
}

#[tokio::test]
async fn a_sponsor_approves_in_their_portal_in_their_language() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let text = format!("{}Sponsor: Dana Whitfield (VP Operations)\n", deal("Acme"));
        let id = generate(&test, &text).await;
        // Approvals are asked for in the four weeks before the go-live.
        let sight = launch::sight(&test.app, &test.actor, id).await.unwrap();
        test.clock.advance_days((sight.go_live_on - sight.today).get_days() - 14);
        let team = router(&test).await;
        let all = people::standing(&test.app, &test.actor, id).await.unwrap().people;
        let dana = all.iter().find(|one| one.facts.name == "Dana Whitfield").unwrap().facts.contact;
        let mut tx = test.app.db.write().await.unwrap();
        let mut known = contact::get(&mut tx, test.actor.workspace, dana).await.unwrap().unwrap();
        known.email = Some("dana@acme.test".to_owned());
        assert!(contact::change(&mut tx, test.actor.workspace, &known).await.unwrap());
        tx.commit().await.unwrap();
        let form = format!("contact={dana}&role=sponsor&language=de");
        let page = send(&team, &format!("/onboardings/{id}/portal"), &form).await;
        let mut links =
            page.text.split("http://gangway.test").skip(1).map(|rest| rest.split('<').next().unwrap());
        let link = links.find(|path| path.starts_with("/portal/")).unwrap().to_owned();
        let nobody = Site { router: Web::new(test.app.clone()).router(), cookie: String::new() };
        let opened = send(&nobody, &link, "").await;
        let cookie = opened.header(header::SET_COOKIE).split(';').next().unwrap().to_owned();
        let guest = Site { cookie, ..nobody };

        let page = get(&guest, "/portal/launch").await;
        says(&page, &["Freigaben", "Ich gebe den Start frei", "Technisch bereit", "Nicht bereit"]);
        assert!(page.text.len() < 60_000 && !page.text.contains("<script"), "{} bytes", page.text.len());
        let form = "role=Executive+sponsor&said=no&note=";
        let silent = send(&guest, "/portal/launch/approvals", form).await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY, "a no says why");
        let to =
            leads(&send(&guest, "/portal/launch/approvals", "role=Executive+sponsor&said=yes&note=").await);
        says(&get(&guest, &to).await, &["Freigegeben", "Dana Whitfield"]);
        let page = get(&team, &format!("/onboardings/{id}/go-live")).await;
        says(&page, &["Approved", "Dana Whitfield, "]);
        let other = send(&guest, "/portal/launch/approvals", "role=Onboarding+manager&said=yes&note=").await;
        assert_eq!(other.status, StatusCode::FORBIDDEN);
        for (way, form) in [("approvals", "role=Executive+sponsor&note="), ("stable", "said=perhaps&note=")] {
            let unclear = send(&guest, &format!("/portal/launch/{way}"), form).await;
            assert_eq!(unclear.status, StatusCode::UNPROCESSABLE_ENTITY, "neither yes nor no at {way}");
        }
        let change = "/portal/changes/chg_01900000000070008000000000000001";
        let unclear = send(&guest, change, "version=1&do=perhaps").await;
        assert_eq!(unclear.status, StatusCode::UNPROCESSABLE_ENTITY, "neither yes nor no is no consent");
        let early = send(&guest, "/portal/launch/stable", "said=yes&note=").await;
        assert_eq!(early.status, StatusCode::CONFLICT);
        let page = get(&guest, "/portal/issues").await;
        says(&page, &["Probleme seit dem Produktivstart", "Kein Problem wurde gemeldet."]);
        assert!(!page.text.contains("action=\"/portal/issues\""), "nothing is live yet");
        let early = send(&guest, "/portal/issues", "title=Nichts+geht&severity=critical&details=").await;
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
        let unclear = send(&guest, "/portal/issues", "title=&details=Seit+neun").await;
        assert_eq!(unclear.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}
