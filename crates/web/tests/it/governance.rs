//! The pages of governance.

use axum::http::{StatusCode, header};
use gangway_app::{register, report};
use gangway_domain::ids::{OnboardingId, ReportId};
use gangway_domain::permission::Role;
use gangway_testkit::{TestApp, deal, for_each_database};
use gangway_web::Web;

use super::{Site, generate, get, leads, router, says, send, signed_in};

async fn entries(test: &TestApp, id: OnboardingId) -> Vec<register::Entry> {
    register::of_onboarding(&test.app, &test.actor, id).await.unwrap().entries
}

#[tokio::test]
async fn the_register_shows_what_the_package_brought_and_takes_more() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let base = format!("/onboardings/{id}/register");
        let page = get(&site, &base).await;
        let first = entries(&test, id).await.remove(0);
        says(&page, &["Governance", "IT is short of people", &first.title, "Add a risk", "Probability"]);
        let risks = get(&site, &format!("{base}?kind=risk")).await;
        says(&risks, &["Probability and impact"]);
        assert!(risks.text.contains("class=\"heat\""), "{}", risks.text);
        says(&get(&site, &format!("{base}?kind=action")).await, &["Find out: ", "Add an action"]);
        says(&get(&site, &format!("{base}?kind=decision")).await, &["No decision is needed", "Add a decision"]);

        let form = "kind=issue&title=Port+443+is+closed&severity=critical&about=The+firewall&due_on=2027-01-20&owner_name=IT+lead&shown=yes";
        let to = leads(&send(&site, &base, form).await);
        let page = get(&site, &to).await;
        says(&page, &["Added I-1.", "Undo", "Port 443 is closed", "IT lead", "customer sees it"]);
        let issue = entries(&test, id).await.into_iter().find(|entry| entry.code() == "I-1").unwrap();
        let address = format!("{base}/{}", issue.id);
        says(&get(&site, &address).await, &["The firewall", "20 Jan 2027", "It is resolved", "open for 0 hours"]);

        let bad = send(&site, &base, "kind=risk&title=&probability=9&impact=2&due_on=soon").await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.text.contains("2 fields need another look."), "{}", bad.text);

        let typed = "kind=issue&version=7&title=Port+443&severity=high";
        let stale = send(&site, &address, typed).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        assert!(stale.text.contains("Somebody else changed this meanwhile") && stale.text.contains("value=\"Port 443\""));
        let to = leads(&send(&site, &address, &typed.replace("version=7", "version=1")).await);
        says(&get(&site, &to).await, &["Saved.", "I-1 Port 443"]);

        let closed = send(&site, &format!("{address}/closure"), "version=2&outcome=resolved&how=").await;
        assert_eq!(closed.status, StatusCode::UNPROCESSABLE_ENTITY, "how must be said");
        let done = "version=2&outcome=resolved&how=IT+opened+it";
        let to = leads(&send(&site, &format!("{address}/closure"), done).await);
        says(&get(&site, &to).await, &["Closed I-1.", "Undo"]);
        says(&get(&site, &address).await, &["IT opened it", "Resolved", "Open it again"]);
        leads(&send(&site, &format!("{address}/reopening"), "version=3").await);
        says(&get(&site, &address).await, &["It ends"]);
    })
    .await;
}

#[tokio::test]
async fn an_issue_names_the_task_it_blocks() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let base = format!("/onboardings/{id}/register");
        let page = get(&site, &format!("{base}?kind=issue")).await;
        let (_, tasks) = page.text.split_once("name=\"blocks\"").unwrap();
        // The first choice is none of them.
        let first = tasks.split("<option value=\"").nth(2).unwrap();
        let (code, rest) = first.split_once("\">").unwrap();
        let (name, _) = rest.split_once('<').unwrap();
        let form = format!("kind=issue&title=No+access&severity=high&blocks={code}");
        leads(&send(&site, &base, &form).await);
        let issue = entries(&test, id).await.into_iter().find(|entry| entry.title == "No access").unwrap();
        let shown = get(&site, &format!("{base}/{}", issue.id)).await.text;
        let link = format!("<dt>Task it blocks</dt><dd><a href=\"/onboardings/{id}/tasks/");
        assert!(shown.contains(&link) && shown.contains(&format!("\">{name}</a></dd>")), "{shown}");
        assert!(shown.contains(&format!("<option value=\"{code}\" selected>{name}</option>")), "{shown}");
    })
    .await;
}

#[tokio::test]
async fn an_entry_is_taken_back_while_nobody_changed_it_and_viewers_only_look() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let base = format!("/onboardings/{id}/register");
        leads(&send(&site, &base, "kind=action&title=Send+the+minutes").await);
        let action =
            entries(&test, id).await.into_iter().find(|entry| entry.title == "Send the minutes").unwrap();
        let to = leads(&send(&site, &format!("{base}/{}/removal", action.id), "").await);
        says(&get(&site, &to).await, &["Taken back."]);
        assert_eq!(get(&site, &format!("{base}/{}", action.id)).await.status, StatusCode::NOT_FOUND);

        let viewer = signed_in(&test, Role::Viewer).await;
        let page = get(&viewer, &base).await;
        assert!(page.status == StatusCode::OK && !page.text.contains("Add a risk"));
        assert_eq!(send(&viewer, &base, "kind=action&title=x").await.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn meetings_are_planned_held_and_put_actions_into_the_register() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let base = format!("/onboardings/{id}/meetings");
        says(&get(&site, &base).await, &["Coming", "Plan a meeting", "None was held yet."]);
        let template = get(&site, &format!("{base}?forum=steering")).await;
        says(&template, &["15 Change requests"]);
        assert!(template.text.contains("value=\"Steering committee\""), "{}", template.text);
        let form = "title=Weekly&on=2027-01-04&starts=10:00&minutes=30&zone=&people=Dana+%3Cdana%40acme.example%3E&agenda=10+Progress";
        let to = leads(&send(&site, &base, form).await);
        says(&get(&site, &to).await, &["Planned: Weekly.", "Undo"]);
        let address = format!("{base}/{}", to.rsplit_once('=').unwrap().1);
        says(&get(&site, &address).await, &["How it went", "Dana", "Progress", "Nobody told yet"]);
        let bad = send(&site, &base, "title=&on=soon&starts=25:00&minutes=x").await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        leads(&send(&site, &format!("{address}/invitations"), "version=1").await);
        says(&get(&site, &format!("{address}?said=invited")).await, &["Invitations are on their way."]);
        let file = get(&site, &format!("{address}/calendar.ics")).await;
        assert!(file.text.contains("BEGIN:VEVENT") && file.header(header::CONTENT_DISPOSITION).contains("Weekly"));
        let held = "version=2&people=1&came_0=attended&notes=All+fine&status=held";
        leads(&send(&site, &format!("{address}/outcome"), held).await);
        says(&get(&site, &address).await, &["Held", "Came", "All fine", "Plan it again"]);
        leads(&send(&site, &format!("{address}/entries"), "kind=decision&title=SAML+it+is").await);
        says(&get(&site, &address).await, &["SAML it is"]);
        let past = "title=Forgotten&on=2027-01-02&starts=10:00&minutes=30&zone=&people=Dana&agenda=";
        let to = leads(&send(&site, &base, past).await);
        says(&get(&site, &base).await, &["To settle", "Forgotten"]);
        let forgotten = format!("{base}/{}", to.rsplit_once('=').unwrap().1);
        says(&get(&site, &forgotten).await, &["One of them has no mail address"]);
        let to = leads(&send(&site, &format!("{forgotten}/outcome"), "version=1&to=list&status=held").await);
        says(&get(&site, &to).await, &["Saved: it was held."]);
    })
    .await;
}

#[tokio::test]
async fn escalations_show_the_levels_and_run_their_clocks() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let base = format!("/onboardings/{id}/escalations");
        says(&get(&site, &base).await, &["Levels", "Nothing was escalated.", "A task is blocked"]);
        let to = leads(&send(&site, &base, "level=1&title=SAP+is+blocked&details=Since+Monday").await);
        says(
            &get(&site, &to).await,
            &["E-1 SAP is blocked", "Since Monday", "Answer due in 24 hours", "Take it up"],
        );
        let address = to.split_once('?').unwrap().0.to_owned();
        leads(&send(&site, &format!("{address}/steps"), "version=1&step=acknowledge").await);
        let empty = send(&site, &format!("{address}/steps"), "version=2&step=answer&text=").await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        leads(&send(&site, &format!("{address}/steps"), "version=2&step=answer&text=Ines+calls+IT").await);
        says(&get(&site, &address).await, &["Answered in time", "Ines calls IT"]);
        let bad = send(&site, &base, "level=9&title=").await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test]
async fn a_report_is_written_reworded_and_read_through_a_link_without_signing_in() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let base = format!("/onboardings/{id}/reports");
        says(&get(&site, &base).await, &["No report yet.", "Executive update"]);
        let to = leads(&send(&site, &base, "kind=weekly-status").await);
        let page = get(&site, &to).await;
        says(&page, &["Weekly status report", "Versions", "Make a link", "## Milestones"]);
        assert!(!page.text.contains("+++"), "the writer sees prose");
        let address = to.split_once('?').unwrap().0.to_owned();
        let preview = get(&site, &format!("{address}/preview")).await;
        assert!(
            preview.text.contains("Acme")
                && preview.header(header::CONTENT_SECURITY_POLICY).contains("sandbox")
        );
        leads(&send(&site, &address, "version=1&deed=colour&light=amber&reason=The+sponsor+is+away").await);
        says(&get(&site, &address).await, &["At risk", "The sponsor is away"]);
        let none = send(&site, &address, "version=2&deed=colour&light=red&reason=").await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        let shared = send(&site, &format!("{address}/links"), "").await;
        assert_eq!(shared.status, StatusCode::CREATED, "{}", shared.text);
        let start = shared.text.find("/shared/reports/").unwrap();
        let link: String = shared.text[start..].chars().take_while(|c| *c != '<').collect();
        let stranger = Site { router: Web::new(test.app.clone()).router(), cookie: String::new() };
        let read = get(&stranger, link.trim()).await;
        assert!(read.status == StatusCode::OK && read.text.contains("Acme"), "{}", read.text);
        assert!(!read.text.contains("IT is short of people"), "red flags are not for the customer");
        assert_eq!(get(&stranger, "/shared/reports/5e5e").await.status, StatusCode::GONE);
        assert_eq!(
            send(&site, &address, "version=2&deed=words&title=x&text=").await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        let report: ReportId = address.rsplit('/').next().unwrap().parse().unwrap();
        let before = report::get(&test.app, &test.actor, report).await.unwrap().report.text;
        leads(&send(&site, &address, "version=2&deed=words&title=Week+two&text=All+is+well.").await);
        let after = report::get(&test.app, &test.actor, report).await.unwrap().report;
        assert_eq!((after.title.as_str(), report::prose(&after.text).as_str()), ("Week two", "All is well."));
        let front = |text: &str| text.split("\n+++\n").next().unwrap().to_owned();
        let titled = front(&before).replace("title = \"Weekly status report\"", "title = \"Week two\"");
        assert_eq!(front(&after.text), titled, "nothing else of the front matter changed");
        let preview = get(&site, &format!("{address}/preview")).await;
        assert!(preview.text.contains("Week two") && preview.text.contains("All is well."));
    })
    .await;
}

#[tokio::test]
async fn a_cost_is_typed_and_shown_in_its_currency() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let base = format!("/onboardings/{id}/changes");
        let form = |cost: &str, currency: &str| {
            format!("title=X&justification=Y&requested_by=Dana&side=customer&priority=high&cost={cost}&currency={currency}")
        };
        for (cost, currency, shown, again) in [
            ("2500", "JPY", "¥2,500", "2500"),
            ("1234.567", "KWD", "KWD 1,234.567", "1234.567"),
            ("4800", "usd", "$4,800", "4800.00"),
        ] {
            let to = leads(&send(&site, &base, &form(cost, currency)).await);
            let page = get(&site, &to).await;
            says(&page, &[shown]);
            assert!(page.text.contains(&format!("value=\"{again}\"")), "{again}: {}", page.text);
        }
        for (cost, currency) in [("0.5", "JPY"), ("1.2345", "KWD"), ("1", "XXX"), ("1", "")] {
            let refused = send(&site, &base, &form(cost, currency)).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{cost} {currency}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_change_request_says_what_it_does_before_anybody_agrees() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let base = format!("/onboardings/{id}/changes");
        says(&get(&site, &base).await, &["None yet.", "Write a change request"]);
        let bad = send(&site, &base, "title=&justification=&requested_by=&cost=much").await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        let form = "title=Second+ERP&justification=Lyon+was+bought&requested_by=Dana&side=customer&priority=high&cost=&currency=USD";
        let to = leads(&send(&site, &base, form).await);
        says(&get(&site, &to).await, &["CR-1 Second ERP", "Nothing of the plan changes yet.", "Onboarding manager"]);
        let address = to.split_once('?').unwrap().0.to_owned();
        let task = "version=1&change=add&words=Connect+it&owner=vendor&days=12&task=";
        leads(&send(&site, &format!("{address}/plan"), task).await);
        says(&get(&site, &address).await, &["Add “Connect it” (vendor, 12 working days)", "12 working days more", "A major change"]);
        let none = send(&site, &format!("{address}/plan"), "version=2&change=days&days=x&task=").await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        leads(&send(&site, &format!("{address}/steps"), "version=2&step=propose").await);
        for (version, approval) in [(3, "vendor-lead"), (4, "customer-lead"), (5, "sponsor")] {
            let form = format!("version={version}&step=approve&approval={approval}&by=Dana");
            leads(&send(&site, &format!("{address}/steps"), &form).await);
        }
        says(&get(&site, &address).await, &["Approved", "The plan was changed on"]);
        says(&get(&site, &base).await, &["Scope growth", "Approved"]);
    })
    .await;
}
