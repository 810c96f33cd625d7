//! The pages of a customer's people.

use axum::http::StatusCode;
use gangway_app::contact::{Changes, put};
use gangway_app::{people, work};
use gangway_domain::ids::{ContactId, OnboardingId};
use gangway_domain::permission::Role;
use gangway_domain::work::Assignee;
use gangway_testkit::{TestApp, deal, for_each_database};

use super::{generate, get, leads, router, says, send, signed_in};

async fn onboarding(test: &TestApp) -> OnboardingId {
    generate(
        test,
        &format!("{}Sponsor: Dana Whitfield (VP Operations)\nChampion: Renee Walsh\n", deal("Acme")),
    )
    .await
}

async fn contact(test: &TestApp, id: OnboardingId, name: &str) -> ContactId {
    let people = people::standing(&test.app, &test.actor, id).await.unwrap().people;
    people.iter().find(|known| known.facts.name == name).unwrap().facts.contact
}

#[tokio::test]
async fn a_contact_says_by_which_id_another_system_knows_them() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = onboarding(&test).await;
        let site = router(&test).await;
        let address = format!("/contacts/{}", contact(&test, id, "Dana Whitfield").await);
        let page = get(&site, &address).await;
        assert!(page.status == StatusCode::OK && !page.text.contains("Id in the CRM"), "{}", page.text);
        let account = gangway_app::onboarding::get(&test.app, &test.actor, id).await.unwrap().account.id;
        let changes = Changes { name: Some("Dana Whitfield".to_owned()), ..Changes::default() };
        put(&test.app, &test.actor, "003-dana", account, changes).await.unwrap();
        says(&get(&site, &address).await, &["Dana Whitfield", "Id in the CRM", "003-dana"]);
    })
    .await;
}

#[tokio::test]
async fn stakeholders_stand_on_the_grid_and_have_pages_of_their_own() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = onboarding(&test).await;
        let site = router(&test).await;
        let page = get(&site, &format!("/onboardings/{id}/people")).await;
        let who = contact(&test, id, "Dana Whitfield").await;
        let address = format!("/onboardings/{id}/people/{who}");
        says(&page, &["Dana Whitfield", "Keep satisfied", "Executives", "Every contact of the account is here"]);
        let spot = format!("<a class=\"risk-low\" href=\"{address}\"");
        assert!(page.text.contains(&spot), "the grid leads to people by keyboard too");

        let facts = "version=1&role=executive_sponsor&power=high&interest=high&sentiment=negative&engagement=low&risk=\
                     &risk_reason=&champion=&notes=Knows+the+board&left_on=";
        let to = leads(&send(&site, &address, facts).await);
        says(&get(&site, &to).await, &["Saved.", "Speaks against it", "Manage closely", "Knows the board"]);
        let stale = send(&site, &address, facts).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        assert!(stale.text.contains("Somebody else changed this meanwhile"));
        let unsaid = send(&site, &address, &facts.replace("version=1", "version=2").replace("risk=&", "risk=low&")).await;
        assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unsaid.text);
        assert!(unsaid.text.contains("is missing") && unsaid.text.contains("Knows the board"));

        let bad = send(&site, &format!("{address}/touches"), "on=soon&channel=call&note=Pleased").await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.text.contains("Pleased"), "what was typed stays");
        let talk = "on=2027-01-04&channel=call&occasion=kickoff&note=Wants+figures";
        let to = leads(&send(&site, &format!("{address}/touches"), talk).await);
        let page = get(&site, &to).await;
        says(&page, &["Written down.", "Undo", "Wants figures", "Call, Kickoff"]);
        let touch = people::touches(&test.app, &test.actor, id, None, None, 1).await.unwrap().0.remove(0);
        let to = leads(&send(&site, &format!("{address}/touches/{}/removal", touch.id), "").await);
        says(&get(&site, &to).await, &["Taken back.", "Nobody has spoken with them yet."]);

        let to = leads(&send(&site, &format!("{address}/removal"), "version=2").await);
        says(&get(&site, &to).await, &["Taken out of the stakeholders.", "Add the stakeholder"]);
        let again = send(&site, &format!("/onboardings/{id}/people"), &format!("contact={who}&role=business_owner")).await;
        says(&get(&site, &leads(&again)).await, &["Added.", "Business owner"]);
        assert_eq!(get(&site, &format!("/onboardings/{id}/people/con_0")).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_champion_who_leaves_is_watched_until_somebody_takes_over() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = onboarding(&test).await;
        let site = router(&test).await;
        let renee = contact(&test, id, "Renee Walsh").await;
        let dana = contact(&test, id, "Dana Whitfield").await;
        let address = format!("/onboardings/{id}/people/{renee}");
        says(&get(&site, &address).await, &["Record that they leave"]);
        let to = leads(
            &send(&site, &format!("{address}/loss"), "leaves_on=2027-01-29&loss_note=Another+post").await,
        );
        says(
            &get(&site, &to).await,
            &["What to do now stands in the plan", "12 tasks planned", "Another post", "29 Jan 2027"],
        );
        let overview = get(&site, &format!("/onboardings/{id}/people")).await;
        says(&overview, &["Champions who leave", "No successor yet"]);
        let loss = people::losses(&test.app, &test.actor, id).await.unwrap().remove(0).loss;
        let losses = format!("/onboardings/{id}/losses/{}", loss.id);
        let nobody = send(&site, &format!("{losses}/successor"), "version=1&candidate=").await;
        assert_eq!(nobody.status, StatusCode::CONFLICT, "{}", nobody.text);
        let to = leads(&send(&site, &losses, &format!("version=1&candidate={dana}&said=may-stop")).await);
        says(&get(&site, &to).await, &["Holds", "The onboarding may be paused or stopped"]);
        let to =
            leads(&send(&site, &format!("{losses}/successor"), &format!("version=2&candidate={dana}")).await);
        says(&get(&site, &to).await, &["They are the champion now.", "Project champion"]);
        says(&get(&site, &address).await, &["took over."]);
        let viewer = signed_in(&test, Role::Viewer).await;
        let page = get(&viewer, &address).await;
        assert!(page.status == StatusCode::OK && !page.text.contains("<select id=\"role\""));
        assert_eq!(send(&viewer, &losses, "version=3").await.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn what_somebody_who_leaves_has_to_do_is_given_to_others() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = onboarding(&test).await;
        let site = router(&test).await;
        let renee = contact(&test, id, "Renee Walsh").await;
        let dana = contact(&test, id, "Dana Whitfield").await;
        let address = format!("/onboardings/{id}/people/{renee}");
        let back = address.replace('/', "%2F");
        let changes = format!("/onboardings/{id}/plan/changes");
        let task = work::sight(&test.app, &test.actor, id).await.unwrap().stored.plan.tasks.remove(0);
        let given = format!("kind=assign&task={}&assignee={renee}&back={back}", task.code);
        let to = leads(&send(&site, &changes, &given).await);
        says(&get(&site, &to).await, &["What they have to do", &task.name, "Give them all of it"]);
        send(&site, &format!("{address}/loss"), "leaves_on=2027-01-29&loss_note=Another+post").await;
        says(&get(&site, &address).await, &["They leave: what is still open waits for somebody else."]);
        let stored = work::sight(&test.app, &test.actor, id).await.unwrap().stored;
        let hers = stored.plan.tasks.iter().filter(|task| {
            !task.state.is_over() && task.assignee.as_ref().and_then(Assignee::contact) == Some(renee)
        });
        let hers: String = hers.map(|task| format!("&task={}", task.code)).collect();
        let all = format!("kind=assign&revision={}&assignee={dana}&back={back}{hers}", stored.revision);
        let page = get(&site, &leads(&send(&site, &changes, &all).await)).await;
        says(&page, &["Renee Walsh", "Undo"]);
        assert!(!page.text.contains("What they have to do"), "{}", page.text);
        let other = get(&site, &format!("/onboardings/{id}/people/{dana}")).await;
        says(&other, &["What they have to do", &task.name]);
    })
    .await;
}

#[tokio::test]
async fn who_does_what_is_a_form_that_names_what_is_wrong() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = onboarding(&test).await;
        let site = router(&test).await;
        let address = format!("/onboardings/{id}/people/raci");
        says(&get(&site, &address).await, &["As the programme says it.", "Change who does what"]);
        says(&get(&site, &format!("{address}?edit")).await, &["Save who does what", "Show as table"]);
        let columns = people::raci(&test.app, &test.actor, id).await.unwrap().matrix.columns.len();
        let rest: String = (2..columns).map(|column| format!("&cell-0-{column}=I")).collect();
        let bad =
            send(&site, &address, &format!("version=0&activity-0=Plan&cell-0-0=A&cell-0-1=A{rest}")).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.text.contains("only one may answer for it") && bad.text.contains("somebody must do it"));
        let to = leads(
            &send(&site, &address, &format!("version=0&activity-0=Plan&cell-0-0=R&cell-0-1=A{rest}")).await,
        );
        let page = get(&site, &to).await;
        says(&page, &["Saved.", "Changed by"]);
        assert!(page.text.contains("<th scope=\"row\">Plan</th>"));
        let stale =
            send(&site, &address, &format!("version=0&activity-0=Plan&cell-0-0=R&cell-0-1=A{rest}")).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        let viewer = signed_in(&test, Role::Viewer).await;
        let page = get(&viewer, &format!("{address}?edit")).await;
        assert!(page.text.contains("does it") && !page.text.contains("<select name=\"cell-0-0\""));
    })
    .await;
}

#[tokio::test]
async fn relations_are_drawn_around_champions_and_sponsors() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = onboarding(&test).await;
        let site = router(&test).await;
        let address = format!("/onboardings/{id}/people/relations");
        says(&get(&site, &address).await, &["Nothing is known yet."]);
        let renee = contact(&test, id, "Renee Walsh").await;
        let dana = contact(&test, id, "Dana Whitfield").await;
        let line = format!("from={renee}&kind=reports-to&to={dana}");
        let to = leads(&send(&site, &address, &line).await);
        let page = get(&site, &to).await;
        says(&page, &["Added.", "Undo", "reports to", "Report to them"]);
        assert_eq!(page.text.matches("class=\"relation-map\"").count(), 2, "one for each of them");
        let back = send(&site, &address, &format!("from={dana}&kind=reports-to&to={renee}")).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(back.text.contains("would lead round"), "{}", back.text);
        let gone =
            send(&site, &format!("{address}/removal"), &format!("relation={renee}.reports-to.{dana}")).await;
        says(&get(&site, &leads(&gone)).await, &["Taken back.", "Undo", "Nothing is known yet."]);
    })
    .await;
}

#[tokio::test]
async fn resistance_is_written_down_resolved_and_met_again() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = onboarding(&test).await;
        let site = router(&test).await;
        let address = format!("/onboardings/{id}/people/resistance");
        says(
            &get(&site, &address).await,
            &["Nobody resists, as far as is known", "What helps", "Skills gap"],
        );
        let bad = send(&site, &address, "contact=&who=&signal=passive&kind=fear&concern=New+screens").await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.text.contains("New screens"), "what was typed stays");
        let form =
            "contact=&who=Planners&signal=passive&kind=fear&concern=New+screens&actions=&owner=&noticed_on=";
        let to = leads(&send(&site, &address, form).await);
        says(&get(&site, &to).await, &["Saved.", "Planners", "Talk directly and understand the concern"]);
        let entry = people::resistances(&test.app, &test.actor, id, None, 1).await.unwrap().1.remove(0);
        says(&get(&site, &format!("{address}?edit={}", entry.id)).await, &["Change: Planners"]);
        let one = format!("{address}/{}", entry.id);
        let changed = format!("version=1&{}", form.replace("kind=fear", "kind=skills"));
        leads(&send(&site, &one, &changed).await);
        assert_eq!(send(&site, &one, &changed).await.status, StatusCode::CONFLICT);
        let to = leads(&send(&site, &format!("{one}/resolution"), "version=2&how=Trained").await);
        says(&get(&site, &to).await, &["Resolved.", "Undo", "Trained", "Met again"]);
        leads(&send(&site, &format!("{one}/reopening"), "version=3").await);
        assert_eq!(
            send(&site, &format!("{one}/resolution"), "version=4&how=").await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    })
    .await;
}

#[tokio::test]
async fn messages_and_activities_of_change_are_ticked() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = onboarding(&test).await;
        let site = router(&test).await;
        let address = format!("/onboardings/{id}/people/communication");
        let plan = people::communication(&test.app, &test.actor, id).await.unwrap();
        let (first, step) = (&plan.messages[0], &plan.steps[0]);
        let page = get(&site, &address).await;
        says(
            &page,
            &[&first.message, &step.activity, "Awareness", "Key message of each phase", "0 of 1 done"],
        );
        let tick = format!("{address}/{}/tick", first.id);
        let to = leads(&send(&site, &tick, "version=1").await);
        says(&get(&site, &to).await, &["Saved.", "Not sent"]);
        assert_eq!(send(&site, &tick, "version=1").await.status, StatusCode::CONFLICT);
        says(
            &get(&site, &format!("{address}?edit={}", first.id)).await,
            &["Change the message", "Take it out of the plan"],
        );
        let bad =
            send(&site, &address, "on=2027-02-01&audience=&message=Hello&channel=Mail&owner=Ines").await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.text.contains("Audience is missing") && bad.text.contains("Hello"));
        leads(
            &send(&site, &address, "on=2027-02-01&audience=All&message=Hello&channel=Mail&owner=Ines").await,
        );
        let steps = format!("/onboardings/{id}/people/change");
        leads(&send(&site, &format!("{steps}/{}/tick", step.id), "version=1").await);
        leads(&send(&site, &steps, "phase=Desire&activity=Show+the+pilot&focus=Plants").await);
        says(&get(&site, &address).await, &["1 of 1 done", "Show the pilot", "February 2027", "Hello"]);
        let to = leads(&send(&site, &format!("{address}/{}/removal", first.id), "version=2").await);
        let page = get(&site, &to).await;
        says(&page, &["Taken out.", "Undo"]);
        let kept = format!(
            "<input type=\"hidden\" name=\"audience\" value=\"{}\">",
            super::on_page(&first.audience)
        );
        assert!(page.text.contains(&kept), "what it said goes along: {}", page.text);

        says(
            &get(&site, &format!("{address}?step={}", step.id)).await,
            &["Change the activity", &step.activity],
        );
        let words = "version=2&phase=&activity=Tell+why&focus=Everybody&done=yes";
        leads(&send(&site, &format!("{steps}/{}", step.id), words).await);
        says(&get(&site, &address).await, &["Tell why", "Everybody", "1 of 1 done"]);
        let stale = send(&site, &format!("{steps}/{}", step.id), words).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        assert!(stale.text.contains("Change the activity") && stale.text.contains("value=\"3\""));
        let wrong = send(&site, &format!("{steps}/{}", step.id), "version=3&activity=&focus=Everybody").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let to = leads(&send(&site, &format!("{steps}/{}/removal", step.id), "version=3").await);
        says(&get(&site, &to).await, &["Taken out.", "Undo"]);
        leads(&send(&site, &steps, "phase=Awareness&activity=Tell+why&focus=Everybody&done=yes").await);
        says(&get(&site, &address).await, &["Tell why", "1 of 1 done"]);
    })
    .await;
}
