//! Working the plan in pages: the list, a task, a gate, why dates moved, my work; without scripts.

use axum::http::{StatusCode, header};
use gangway_app::{escalation, portfolio, register, work};
use gangway_domain::permission::Role;
use gangway_domain::register::{Details, Owner, Visibility};
use gangway_domain::work::TaskState;
use gangway_testkit::{TestApp, deal, for_each_database};

use super::{generate, get, on_page, router, says, send, site_of};

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
        // Whoever was overtaken reads what was done, by whom, and that it is about the same task.
        let done = format!("Started “{}”", task.name);
        let said = ["Somebody else changed this plan", "Changed meanwhile", &*done, "Also what you changed"];
        for told in said {
            assert!(stale.text.contains(&on_page(told)), "{told} is not on the page:\n{}", stale.text);
        }

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
        says(&get(&site, &page).await, &[&gate.name, "Closed", "Waive the gate", "does what leads to it"]);
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
        let (name, was) = (gate.name.replace(' ', "+"), gate.due);
        let edit = |due: &str| {
            let named =
                format!("kind=milestone&milestone={}&name_was={name}&name=Access+is+there", gate.code);
            format!("{named}&due_was={was}&due={due}&back={back}")
        };
        let changes = format!("/onboardings/{id}/plan/changes");
        let early = send(&site, &changes, &edit("2020-01-06")).await;
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", early.text);
        let done = send(&site, &changes, &edit("2027-02-26")).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        says(&get(&site, &page).await, &["Access is there", "26 Feb 2027"]);
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
async fn what_is_to_be_done_in_a_task_is_said_and_said_anew() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let sight = work::sight(&test.app, &test.actor, id).await.unwrap();
        let task = sight.stored.tasks.values().next().unwrap().id;
        let page = format!("/onboardings/{id}/tasks/{task}");
        says(&get(&site, &page).await, &["Nobody has said more than its name"]);
        let path = format!("/work/{task}/description");
        let form = format!("version=0&description=Ask+%3Cb%3EIT%3C%2Fb%3E%0D%0AThen+wait&back={page}");
        let kept = send(&site, &path, &form).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
        let shown = get(&site, &page).await;
        says(&shown, &["Ask <b>IT</b>", "Then wait", "Only the team sees it"]);
        assert!(!shown.text.contains("<b>IT</b>"), "words stay words");
        assert_eq!(send(&site, &path, &form).await.status, StatusCode::CONFLICT, "somebody was faster");
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

#[tokio::test]
async fn ticked_tasks_are_given_and_moved_together() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let me = test.member(Role::OnboardingManager).await;
        let site = router(&test).await;
        let base = format!("/onboardings/{id}/plan");
        let plan = work::sight(&test.app, &test.actor, id).await.unwrap().stored.plan;
        let pinned = [plan.ground.kickoff.clone(), plan.ground.go_live.clone()];
        let free = plan.tasks.iter().filter(|task| !pinned.contains(&Some(task.code.clone())));
        let two: Vec<&str> = free.map(|task| task.code.as_str()).take(2).collect();
        let ticked = two.iter().map(|code| format!("&task={code}")).collect::<String>();
        says(&get(&site, &format!("{base}?view=list")).await, &["More for the ticked tasks", &me.name]);

        let form = format!("revision=1&kind=assign{ticked}&assignee={}", me.person.unwrap());
        let given = send(&site, &format!("{base}/changes"), &form).await;
        assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text);
        let kept = work::sight(&test.app, &test.actor, id).await.unwrap().stored;
        for code in &two {
            let who = kept.plan.task(code).unwrap().assignee.as_ref().map(|who| who.name().to_owned());
            assert_eq!(who, Some(me.name.clone()), "{code}");
        }
        let form = format!("revision={}&kind=move{ticked}&not_before=2027-06-01", kept.revision);
        let shown = send(&site, &format!("{base}/preview"), &form).await;
        says(&shown, &["What would follow", "Change the plan"]);
        let still = work::sight(&test.app, &test.actor, id).await.unwrap().stored.revision;
        assert_eq!(still, kept.revision, "nothing was kept");

        let form = format!("revision={still}&kind=rename&task={}&name=Read+the+contract", two[0]);
        let renamed = send(&site, &format!("{base}/changes"), &form).await;
        assert_eq!(renamed.status, StatusCode::SEE_OTHER, "{}", renamed.text);
        says(&get(&site, &format!("{base}?view=list")).await, &["Read the contract"]);

        let viewer = site_of(&test, &test.member(Role::Viewer).await).await;
        let list = get(&viewer, &format!("{base}?view=list")).await;
        assert!(!list.text.contains("More for the ticked tasks"), "whoever looks changes nothing");
        let (board, seen) = (format!("{base}?view=board"), "name=\"one\" value=\"finish:");
        assert!(get(&site, &board).await.text.contains(seen));
        assert!(!get(&viewer, &board).await.text.contains(seen));
    })
    .await;
}

#[tokio::test]
async fn cards_are_carried_where_tasks_lead_and_bars_have_ends_to_drag() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let viewer = site_of(&test, &test.member(Role::Viewer).await).await;
        let base = format!("/onboardings/{id}/plan");
        let plan = work::sight(&test.app, &test.actor, id).await.unwrap().stored.plan;
        let open = plan.tasks.iter().filter(|task| task.state == TaskState::Open).count();
        let first = plan.tasks.iter().min_by_key(|task| task.start).unwrap();

        let board = format!("{base}?view=board");
        let shown = get(&site, &board).await;
        let ways = "data-ways=\"started:start blocked:#block done:finish skipped:#gone\"";
        assert_eq!(shown.text.matches(ways).count(), open);
        assert!(shown.text.contains("data-board-target=\"column\" data-state=\"done\""));
        assert!(!get(&viewer, &board).await.text.contains("data-ways"), "whoever looks carries nothing");
        for deed in ["start", "reopen"] {
            let told = send(&site, &format!("{base}/changes"), &format!("one={deed}:{}", first.code)).await;
            assert_eq!(told.status, StatusCode::SEE_OTHER, "{}", told.text);
        }

        let chart = format!("{base}?view=gantt");
        let (drawn, seen) = (get(&site, &chart).await, get(&viewer, &chart).await);
        assert!(drawn.text.contains("data-gantt-joint-value=\""), "the days both sides work");
        let ends = |page: &str| page.matches("class=\"edge\"").count();
        let over = plan.tasks.iter().filter(|task| task.state.is_over()).count();
        assert_eq!((ends(&drawn.text), ends(&seen.text)), (plan.tasks.len() - over, 0));
        let (was, days) = (first.days, first.days + 10);
        let form = format!("kind=replan&task={}&not_before=&days={days}&days_was={was}", first.code);
        let preview = send(&site, &format!("{base}/preview"), &form).await;
        let summary = format!("takes {days} working days instead of {was}");
        says(&preview, &["What would follow", &summary, "Change the plan"]);
        assert!(!preview.text.contains("Moved “"), "only its days are others");
    })
    .await;
}

#[tokio::test]
async fn my_work_shows_meetings_decisions_and_what_somebody_answers_for() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &deal("Acme")).await;
        let me = test.member(Role::OnboardingManager).await;
        let site = site_of(&test, &me).await;
        let action = register::Draft {
            title: "Order the certificates".to_owned(),
            details: Details::Action { about: String::new(), task: None },
            owner: Some(Owner::Person { id: me.person.unwrap() }),
            due_on: Some(app.today()),
            visibility: Visibility::Internal,
            meeting: None,
        };
        let made = register::add(app, actor, id, action).await.unwrap();
        let page = get(&site, "/my-work").await;
        says(&page, &["From the registers", "Order the certificates", "Due today"]);
        assert!(page.text.contains(&format!("/onboardings/{id}/register/{}", made.id)), "{}", page.text);
        assert!(!page.text.contains("Nothing waits for you"));
        portfolio::assign(app, actor, id, me.person).await.unwrap();
        let draft =
            escalation::Draft { level: 3, title: "At risk".to_owned(), ..escalation::Draft::default() };
        escalation::raise(app, actor, id, draft).await.unwrap();
        says(
            &get(&site, "/my-work").await,
            &["To decide and to answer", "E-1 At risk", "Waits for an answer"],
        );
    })
    .await;
}

#[tokio::test]
async fn my_work_shows_the_first_lines_of_each_part_and_all_of_one() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &deal("Acme")).await;
        let me = test.member(Role::OnboardingManager).await;
        let site = site_of(&test, &me).await;
        for number in 1..=14 {
            let action = register::Draft {
                title: format!("Order certificate {number}"),
                details: Details::Action { about: String::new(), task: None },
                owner: Some(Owner::Person { id: me.person.unwrap() }),
                due_on: Some(app.today()),
                visibility: Visibility::Internal,
                meeting: None,
            };
            register::add(app, actor, id, action).await.unwrap();
        }
        let line = format!("href=\"/onboardings/{id}/register/");
        let page = get(&site, "/my-work").await;
        says(&page, &["From the registers", "Show all 14", "/my-work?all=entries#entries"]);
        assert_eq!(page.text.matches(&line).count(), 12, "{}", page.text);
        let page = get(&site, "/my-work?all=entries").await;
        says(&page, &["Order certificate 14"]);
        assert_eq!(page.text.matches(&line).count(), 14, "{}", page.text);
        assert!(!page.text.contains("Show all 14"));
        // Another part that is asked for leaves this one as it is.
        says(&get(&site, "/my-work?all=meetings").await, &["Show all 14"]);
    })
    .await;
}

#[tokio::test]
async fn plan_and_register_are_taken_along_as_files() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &deal("Acme")).await;
        let plan = work::sight(app, actor, id).await.unwrap().stored.plan;
        let draft = register::Draft {
            title: "=HYPERLINK(\"x\")".to_owned(),
            details: Details::Action { about: String::new(), task: None },
            owner: Owner::read("IT lead"),
            due_on: Some(app.today()),
            visibility: Visibility::Internal,
            meeting: None,
        };
        register::add(app, actor, id, draft).await.unwrap();
        let site = router(&test).await;
        let file = get(&site, &format!("/onboardings/{id}/plan/export.csv")).await;
        assert_eq!(file.header(header::CONTENT_TYPE), "text/csv; charset=utf-8");
        assert!(
            file.header(header::CONTENT_DISPOSITION)
                .starts_with("attachment; filename=\"plan-2027-01-04.csv\"")
        );
        // A head, then every task and milestone.
        let lines = file.text.lines().filter(|line| !line.is_empty()).count();
        assert_eq!(lines, 1 + plan.tasks.len() + plan.milestones.len(), "{}", file.text);
        assert!(file.text.contains(&plan.tasks[0].name));

        let file = get(&site, &format!("/onboardings/{id}/register/export.csv")).await;
        assert!(file.text.contains("'=HYPERLINK") && !file.text.contains("\"=HYPERLINK"), "{}", file.text);
        assert!(file.text.contains("IT lead"));
        says(&get(&site, &format!("/onboardings/{id}/register")).await, &["All entries as CSV"]);
    })
    .await;
}
