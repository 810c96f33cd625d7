//! Working the plan in pages: the list, a task, a gate, why dates moved, my work; without scripts.

use axum::http::{StatusCode, header};
use gangway_app::work;
use gangway_domain::permission::Role;
use gangway_testkit::{TestApp, deal, for_each_database};

use super::{generate, get, router, says, send, site_of};

#[tokio::test]
async fn a_task_is_started_from_the_list_and_that_is_taken_back() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let list = format!("/onboardings/{id}/plan?view=list");
        let sight = work::sight(&test.app, &test.actor, id).await.unwrap();
        let task = sight.stored.plan.tasks.iter().min_by_key(|task| task.start).unwrap();
        says(&get(&site, &list).await, &[&task.name, "Done", "Add work"]);
        let form = format!("revision=1&one=start:{}&back=%2Fonboardings%2F{id}%2Fplan%3Fview%3Dlist", task.code);
        let done = send(&site, &format!("/onboardings/{id}/plan/changes"), &form).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let there = done.header(header::LOCATION).to_owned();
        assert!(there.starts_with(&list), "{there}");
        says(&get(&site, &there).await, &["Saved", "Undo", "Started"]);

        let stale = send(&site, &format!("/onboardings/{id}/plan/changes"), &form).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        assert!(stale.text.contains("Somebody else changed this plan"), "{}", stale.text);

        let page = format!("/onboardings/{id}/tasks/{}", sight.stored.tasks[&task.code].id);
        says(&get(&site, &page).await, &[&task.name, "Started", "Work and dates", "Comments", "Checklist", "Files"]);
        let replan = format!(
            "revision=2&kind=replan&task={}&days=30&days_was={}&not_before=&not_before_was=&finish_by=&finish_by_was=",
            task.code, task.days
        );
        let preview = send(&site, &format!("/onboardings/{id}/plan/preview"), &replan).await;
        says(&preview, &["What would follow", "Change the plan"]);
        assert_eq!(work::sight(&test.app, &test.actor, id).await.unwrap().stored.revision, 2, "nothing was kept");
        let wrong = send(&site, &format!("/onboardings/{id}/plan/changes"), "revision=2&kind=start").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);

        says(&get(&site, &format!("/onboardings/{id}/plan/ledger")).await, &["Every change, the newest first", "Take it back"]);
        let undone = send(&site, &format!("/onboardings/{id}/plan/changes/1/undo"), "").await;
        assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.text);
        says(&get(&site, &format!("/onboardings/{id}/plan?view=board")).await, &["By state", &task.name]);
        says(&get(&site, &format!("/onboardings/{id}/plan?view=calendar&month=2027-01")).await, &["January 2027", &task.name]);
    })
    .await;
}

#[tokio::test]
async fn a_task_that_is_done_twice_says_who_did_it_and_when() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let sight = work::sight(&test.app, &test.actor, id).await.unwrap();
        let task = sight.stored.plan.tasks.iter().min_by_key(|task| task.start).unwrap();
        let list = format!("/onboardings/{id}/plan?view=list");
        let form =
            format!("revision=1&one=finish:{}&back=%2Fonboardings%2F{id}%2Fplan%3Fview%3Dlist", task.code);
        let changes = format!("/onboardings/{id}/plan/changes");
        let done = send(&site, &changes, &form).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let again = send(&site, &changes, &form).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.text);
        let there = again.header(header::LOCATION).to_owned();
        assert!(there.starts_with(&list) && there.contains("said=already"), "{there}");
        says(
            &get(&site, &there).await,
            &["This was already done: ", &test.app.today().strftime("%-d %b %Y").to_string()],
        );
        let page = format!("/onboardings/{id}/tasks/{}", sight.stored.tasks[&task.code].id);
        let told = format!("{page}?said=already&of={id}&was={}", task.code);
        says(&get(&site, &told).await, &["This was already done: "]);
        let mine = format!("/my-work?said=already&of={id}&was={}", task.code);
        says(&get(&site, &mine).await, &["This was already done: "]);
        let sight = work::sight(&test.app, &test.actor, id).await.unwrap();
        assert_eq!(sight.stored.revision, 2, "nothing was changed the second time");
    })
    .await;
}

#[tokio::test]
async fn a_gate_says_what_is_missing_and_people_talk_there() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let sight = work::sight(&test.app, &test.actor, id).await.unwrap();
        let gate = sight.stored.plan.milestones.iter().find(|one| one.gate).unwrap();
        let row = sight.stored.milestones[&gate.code].id;
        let page = format!("/onboardings/{id}/milestones/{row}");
        says(&get(&site, &page).await, &[&gate.name, "Closed", "Waive the gate"]);
        // What only figures can tell leads to where they come to be.
        let judged = |facts: &str| {
            let by = |rule: &Option<String>| rule.as_deref().is_some_and(|rule| rule.contains(facts));
            let mut all = sight.stored.plan.milestones.iter();
            let one = all.find(|one| one.criteria.iter().any(|criterion| by(&criterion.rule))).unwrap();
            format!("/onboardings/{id}/milestones/{}", sight.stored.milestones[&one.code].id)
        };
        let used = get(&site, &judged("usage.")).await;
        let there = format!("<small><a href=\"/onboardings/{id}/usage\">Usage</a></small>");
        assert!(used.text.contains(&there), "{}", used.text);
        let connected = get(&site, &judged("integrations.")).await;
        let there = format!("<small><a href=\"/accounts/{}\">Account</a></small>", sight.head.account_id);
        assert!(connected.text.contains(&there), "{}", connected.text);
        let back = page.replace('/', "%2F");
        let waive =
            |on: &str| format!("kind=waive&milestone={}&reason=Agreed&on={on}&back={back}", gate.code);
        let early = send(&site, &format!("/onboardings/{id}/plan/changes"), &waive("2020-01-06")).await;
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(early.text.contains("lies before the plan"), "{}", early.text);
        let waive = waive(&test.app.today().to_string());
        let done = send(&site, &format!("/onboardings/{id}/plan/changes"), &waive).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        says(&get(&site, &page).await, &["Waived", "Agreed"]);
        let said = send(
            &site,
            &format!("/work/{row}/comments"),
            &format!("said=%3Cb%3EHello%3C%2Fb%3E&back={back}"),
        )
        .await;
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.text);
        let page = get(&site, &page).await;
        says(&page, &["<b>Hello</b>"]);
        assert!(!page.text.contains("<b>Hello</b>"), "words stay words");
    })
    .await;
}

#[tokio::test]
async fn a_line_taken_out_of_a_checklist_can_be_put_back() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let sight = work::sight(&test.app, &test.actor, id).await.unwrap();
        let task = sight.stored.tasks.values().next().unwrap().id;
        let line = work::add_check(&test.app, &test.actor, task, "Ask IT & legal").await.unwrap();
        let page = format!("/onboardings/{id}/tasks/{task}");
        let form = format!("do=remove&back={}", page.replace('/', "%2F"));
        let gone = send(&site, &format!("/checklist-items/{}", line.id), &form).await;
        assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.text);
        let shown = get(&site, gone.header(header::LOCATION)).await;
        says(&shown, &["Taken out.", "Undo", "Nothing is to be checked yet."]);
        assert!(shown.text.contains(&format!("action=\"/work/{task}/checklist\"")));
        assert!(shown.text.contains(&format!("name=\"back\" value=\"{page}\"")));
        let form = format!("said=Ask+IT+%26+legal&back={}", page.replace('/', "%2F"));
        let back = send(&site, &format!("/work/{task}/checklist"), &form).await;
        assert!(back.header(header::LOCATION).starts_with(&page), "{}", back.text);
        says(&get(&site, &page).await, &["0 of 1"]);
    })
    .await;
}

#[tokio::test]
async fn my_work_says_the_first_step_and_then_what_waits() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let me = test.member(Role::OnboardingManager).await;
        let site = site_of(&test, &me).await;
        says(&get(&site, "/my-work").await, &["Nothing waits for you"]);
        let sight = work::sight(&test.app, &test.actor, id).await.unwrap();
        let task = sight.stored.plan.tasks.iter().min_by_key(|task| task.start).unwrap();
        let form = format!("revision=1&kind=assign&task={}&assignee={}", task.code, me.person.unwrap());
        let given = send(&site, &format!("/onboardings/{id}/plan/changes"), &form).await;
        assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text);
        says(&get(&site, "/my-work").await, &[&task.name, "Acme"]);
        let done = send(
            &site,
            &format!("/onboardings/{id}/plan/changes"),
            &format!("kind=start&task={}&back=%2Fmy-work", task.code),
        )
        .await;
        assert!(done.header(header::LOCATION).starts_with("/my-work?said=changed"), "{}", done.text);
        let away = format!("kind=unblock&task={}&back=https%3A%2F%2Fevil.example", task.code);
        let away = send(&site, &format!("/onboardings/{id}/plan/changes"), &away).await;
        assert!(!away.header(header::LOCATION).contains("evil") && !away.text.contains("evil.example\""));
    })
    .await;
}
