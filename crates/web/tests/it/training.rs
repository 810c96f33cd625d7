//! The pages of training.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use gangway_app::training::{self, LearnerDraft};
use gangway_app::{people, portal};
use gangway_domain::permission::Role;
use gangway_domain::portal::{Language, PortalRole};
use gangway_store::contact;
use gangway_testkit::{TestApp, deal, for_each_database};
use gangway_web::Web;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Site, ask, generate, get, leads, router, says, send, signed_in};

#[tokio::test]
async fn a_training_is_planned_seated_and_held() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let base = format!("/onboardings/{id}/training");
        says(&get(&site, &base).await, &["Administrator training", "No session is planned.", "No figures yet", "over 90 %"]);
        let known = training::of_onboarding(&test.app, &test.actor, id).await.unwrap();
        let track = known.tracks.iter().find(|track| track.code == "administrator").unwrap().id;

        let empty = get(&site, &format!("{base}/learners")).await;
        says(&empty, &["Nobody learns yet."]);
        let form = format!("contact=&name=Ana+Ruiz&email=ana%40acme.test&team=Plant+2&tracks={track}");
        says(&get(&site, &leads(&send(&site, &format!("{base}/learners"), &form).await)).await, &["Added.", "Ana Ruiz"]);
        let again = send(&site, &format!("{base}/learners"), &form).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", again.text);
        assert!(again.text.contains("Plant 2"), "what was typed stays");
        let list = "csv=email%2Cname%0Abo%40acme.test%2CBo+Lind&tracks=";
        let to = leads(&send(&site, &format!("{base}/learners/list"), list).await);
        says(&get(&site, &to).await, &["1 new learner, 0 known already", "Bo Lind"]);
        let bad = send(&site, &format!("{base}/learners/list"), "csv=email%0Anowhere").await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.text.contains("line 2"), "{}", bad.text);

        let to = leads(&send(&site, &format!("{base}/tracks/{track}/sessions"), "").await);
        says(&get(&site, &to).await, &["Sessions are planned", "1 seat"]);
        let known = training::of_onboarding(&test.app, &test.actor, id).await.unwrap();
        let session = format!("{base}/sessions/{}", known.sessions[0].id);
        says(&get(&site, &session).await, &["Ana Ruiz", "Give seats", "Bo Lind", "nobody told yet"]);
        let to = leads(&send(&site, &format!("{session}/invitations"), "version=1").await);
        says(&get(&site, &to).await, &["Invitations are on their way."]);
        let stale = send(&site, &format!("{session}/invitations"), "version=1").await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        let file = get(&site, &format!("{session}/calendar.ics")).await;
        assert!(file.status == StatusCode::OK && file.text.contains("BEGIN:VCALENDAR"));

        let form = "track=&kind=office-hours&title=Office+hours&on=2027-02-02&starts=14%3A00&minutes=60&zone=&place=&trainer=&weeks=3";
        says(&get(&site, &leads(&send(&site, &format!("{base}/sessions"), form).await)).await, &["Planned.", "Office hours"]);
        says(&get(&site, &format!("{base}/trainers")).await, &["Office hours"]);
        let saturday = form.replace("2027-02-02", "2027-02-06");
        let shut = send(&site, &format!("{base}/sessions"), &saturday).await;
        assert_eq!(shut.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(shut.text.contains("does not work on 6 Feb 2027"), "who is missing is said");
        let because = format!("{saturday}&because=They+ask+for+it");
        says(&get(&site, &leads(&send(&site, &format!("{base}/sessions"), &because).await)).await, &["Planned."]);
        let form = form.replace("2027-02-02", "soon");
        let bad = send(&site, &format!("{base}/sessions"), &form).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        says(&get(&site, &format!("{base}/library")).await, &["Nothing here yet."]);
        let form = "track=&kind=video&title=Core+task&url=https%3A%2F%2Flearn.example.com";
        says(&get(&site, &leads(&send(&site, &format!("{base}/library"), form).await)).await, &["Core task"]);
        let file = format!(
            "--cut\r\nContent-Disposition: form-data; name=\"track\"\r\n\r\n{track}\r\n--cut\r\n\
             Content-Disposition: form-data; name=\"kind\"\r\n\r\nvideo\r\n--cut\r\n\
             Content-Disposition: form-data; name=\"title\"\r\n\r\nRoles in five minutes\r\n--cut\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"roles.txt\"\r\n\
             Content-Type: text/plain\r\n\r\nRoles\r\n--cut--\r\n"
        );
        let request = Request::post(format!("{base}/library/file"))
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut")
            .body(Body::from(file))
            .unwrap();
        let kept = get(&site, &leads(&ask(&site, request).await)).await;
        says(&kept, &["Roles in five minutes", "for Administrator training"]);

        let viewer = signed_in(&test, Role::Viewer).await;
        assert!(!get(&viewer, &base).await.text.contains("Plan and seat"));
        let refused = send(&viewer, &format!("{base}/sessions"), form).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn a_learner_has_a_page_and_a_certificate_anybody_can_check() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let known = training::of_onboarding(app, actor, id).await.unwrap();
        // Executives need only to know that it is there: lessons show that.
        let track = known.tracks.iter().find(|track| track.code == "executive").unwrap().clone();
        let draft =
            LearnerDraft { name: "Ana Ruiz".to_owned(), tracks: vec![track.id], ..LearnerDraft::default() };
        let ana = training::add(app, actor, id, draft).await.unwrap().id;
        let page = format!("/onboardings/{id}/training/learners/{ana}");
        says(&get(&site, &page).await, &["Ana Ruiz", "Not begun", "Works alone", "None yet"]);
        let early = send(&site, &format!("{page}/tracks/{}/certificates", track.id), "").await;
        assert_eq!(early.status, StatusCode::CONFLICT, "{}", early.text);
        let lesson = format!("{page}/tracks/{}/lessons", track.id);
        says(
            &get(&site, &leads(&send(&site, &lesson, "module=0&done=yes").await)).await,
            &["Worked through", "Awareness"],
        );
        let unclear = send(&site, &lesson, "module=1&done=perhaps").await;
        assert_eq!(unclear.status, StatusCode::UNPROCESSABLE_ENTITY, "an unknown word is no no");
        leads(&send(&site, &lesson, "module=1&done=yes").await);
        let version = training::get_learner(app, actor, ana).await.unwrap().2[0].enrolment.version;
        let seen = format!("version={version}&deed=alone&passed=yes&note=Read+the+dashboard");
        let to = leads(&send(&site, &format!("{page}/tracks/{}/observations", track.id), &seen).await);
        says(&get(&site, &to).await, &["Written down.", "Read the dashboard"]);
        let to = leads(&send(&site, &format!("{page}/tracks/{}/certificates", track.id), "").await);
        says(&get(&site, &to).await, &["The certificate is issued.", "GW-"]);

        let certificate = training::of_onboarding(app, actor, id).await.unwrap().certificates.remove(0);
        let file =
            get(&site, &format!("/onboardings/{id}/training/certificates/{}/file", certificate.id)).await;
        assert_eq!((file.status, file.header(header::CONTENT_TYPE)), (StatusCode::OK, "application/pdf"));
        let anybody = get(&site, &format!("/certificates/{}", certificate.number)).await;
        says(&anybody, &["It holds", "Ana Ruiz", "Executive briefing"]);
        let revoke = format!("/onboardings/{id}/training/certificates/{}/revocation", certificate.id);
        leads(&send(&site, &revoke, "version=1&reason=Wrong+person").await);
        let anybody = get(&site, &format!("/certificates/{}", certificate.number)).await;
        assert!(anybody.text.contains("taken back") && !anybody.text.contains("Wrong person"));
        assert_eq!(get(&site, "/certificates/GW-0000").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_learner_studies_and_answers_in_the_portal() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &format!("{}Champion: Renee Walsh\n", deal("Acme"))).await;
        let all = people::standing(app, actor, id).await.unwrap().people;
        let who = all.iter().find(|one| one.facts.name == "Renee Walsh").unwrap().facts.contact;
        let mut tx = app.db.write().await.unwrap();
        let mut known = contact::get(&mut tx, actor.workspace, who).await.unwrap().unwrap();
        known.email = Some("renee@acme.test".to_owned());
        assert!(contact::change(&mut tx, actor.workspace, &known).await.unwrap());
        tx.commit().await.unwrap();
        let known = training::of_onboarding(app, actor, id).await.unwrap();
        let track = known.tracks.iter().find(|track| track.code == "end-user").unwrap().id;
        // Whoever is on a list is found again by their address.
        training::upload(app, actor, id, "email,name\nrenee@acme.test,Renee Walsh", &[track]).await.unwrap();
        let role = Some(PortalRole::Member);
        let secret = portal::invite(app, actor, id, who, role, Some(Language::De)).await.unwrap().secret;
        let outside = Site { router: Web::new(app.clone()).router(), cookie: String::new() };
        let opened = send(&outside, &format!("/portal/{}", secret.reveal()), "").await;
        let cookie = opened.header(header::SET_COOKIE).split(';').next().unwrap().to_owned();
        let guest = Site { cookie, ..outside };

        let page = get(&guest, "/portal/training").await;
        says(&page, &["Schulung", "Der wichtigste Ablauf", "0 von 4 Lektionen", "Fragen beantworten"]);
        assert!(page.text.len() < 60_000 && !page.text.contains("<script"));
        let base = format!("/portal/training/{track}");
        let to = leads(&send(&guest, &format!("{base}/lessons"), "module=0&done=yes").await);
        says(&get(&guest, &to).await, &["Gespeichert.", "1 von 4 Lektionen"]);
        let asked = get(&guest, &format!("{base}/assessment")).await;
        // In the guest's language; what is sent is what the methodology says.
        says(&asked, &["Wo finden Sie Hilfe?", "In den Sprechstunden", "80 %"]);
        assert!(asked.text.contains("value=\"In office hours\""), "{}", asked.text);
        assert!(!asked.text.contains("Where do you find help?"));
        let to = leads(&send(&guest, &format!("{base}/assessment"), "q_start=In+the+settings").await);
        says(&get(&guest, &to).await, &["Noch nicht bestanden.", "0 %"]);
        let asked = known.tracks.iter().find(|one| one.id == track);
        let asked = asked.and_then(|one| known.contents.of_track(one));
        let asked = asked.unwrap().assessment.as_ref().unwrap();
        let mut form = Vec::new();
        for question in &asked.questions {
            for option in &question.correct {
                form.push(format!("q_{}={}", question.id, utf8_percent_encode(option, NON_ALPHANUMERIC)));
            }
        }
        let to = leads(&send(&guest, &format!("{base}/assessment"), &form.join("&")).await);
        says(&get(&guest, &to).await, &["Bestanden.", "Wissen"]);
        let other = known.tracks.iter().find(|one| one.code == "administrator").unwrap().id;
        let closed = get(&guest, &format!("/portal/training/{other}/assessment")).await;
        assert_eq!(closed.status, StatusCode::NOT_FOUND);
    })
    .await;
}
