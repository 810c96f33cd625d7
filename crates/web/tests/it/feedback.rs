//! Surveys, forms and the way off the list over HTTP: the team's pages, links in mail, the portal.

use axum::http::{StatusCode, header};
use gangway_app::form::{self, Draft};
use gangway_app::{portal, survey, work};
use gangway_domain::ids::{ContactId, OnboardingId};
use gangway_domain::permission::Role;
use gangway_domain::portal::{Language, PortalRole};
use gangway_domain::programme::Side;
use gangway_testkit::{TestApp, for_each_database};

use super::portal::{keeping, nobody, onboarding};
use super::{Answer, Site, get, leads, router, says, send, signed_in};

/// Dana with her portal open.
async fn guest(test: &TestApp, id: OnboardingId, who: ContactId) -> Site {
    let (role, language) = (Some(PortalRole::Lead), Some(Language::En));
    let invited = portal::invite(&test.app, &test.actor, id, who, role, language).await.unwrap();
    let site = nobody(test);
    let opened = send(&site, &format!("/portal/{}", invited.secret.reveal()), "").await;
    keeping(site, &opened)
}

#[tokio::test]
async fn surveys_are_planned_sent_answered_in_the_portal_and_read() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (id, who) = onboarding(&test).await;
        let site = router(&test).await;
        let base = format!("/onboardings/{id}/feedback");
        says(&get(&site, &base).await, &["Feedback", "After the kickoff", "Your onboarding", "Plan another"]);
        says(&get(&site, "/feedback").await, &["No survey was sent yet"]);
        let bad = send(&site, &base, "survey=kickoff&on=2020-01-01").await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        let to = leads(&send(&site, &base, "survey=kickoff&on=2027-01-04").await);
        says(
            &get(&site, &to).await,
            &["Planned. It goes out by itself", "Who will be asked", "Dana Whitfield", "Send now"],
        );
        let address = to.split('?').next().unwrap().to_owned();
        let none = send(&site, &format!("{address}/steps"), "step=skip&version=1&because=").await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        let sent = leads(
            &send(&site, &format!("{address}/steps"), &format!("step=send&version=1&person={who}")).await,
        );
        says(&get(&site, &sent).await, &["Sent. Whoever was asked", "0 of 1 answered"]);
        let stale = send(&site, &format!("{address}/steps"), "step=close&version=1").await;
        assert_eq!(stale.status, StatusCode::CONFLICT);

        let dana = guest(&test, id, who).await;
        let survey = address.rsplit('/').next().unwrap();
        let path = format!("/portal/surveys/{survey}");
        assert!(get(&dana, "/portal/todo").await.text.contains(&path));
        let page = get(&dana, &path).await;
        says(&page, &["How satisfied are you with how we have started?", "Send answers"]);
        assert!(page.text.len() < 60_000 && !page.text.contains("<script"));
        let wrong = send(&dana, &path, "experience=9&missing=Nothing").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("takes a number from 1 to 5") && wrong.text.contains("Nothing"));
        let kept = leads(&send(&dana, &path, "experience=4&missing=Who+trains+us%3F").await);
        says(&get(&dana, &kept).await, &["Thank you."]);
        says(&get(&site, &address).await, &["1 of 1 answered", "100 % satisfied", "Who trains us?"]);
        says(&get(&site, "/feedback").await, &["After the kickoff", "1 of 1 people answered"]);
        let viewer = signed_in(&test, Role::Viewer).await;
        assert!(!get(&viewer, &address).await.text.contains("Close the survey now"));
        let refused = send(&viewer, &format!("{address}/steps"), "step=close&version=2").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn a_click_in_the_mail_chooses_and_only_sending_keeps() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (id, who) = onboarding(&test).await;
        let (app, actor) = (&test.app, &test.actor);
        let made = survey::add(app, actor, id, "kickoff", app.today()).await.unwrap();
        survey::send(app, actor, made.id, 1, Some(vec![who])).await.unwrap();
        let mut tx = app.db.write().await.unwrap();
        let far = "2030-01-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap();
        let jobs = gangway_store::job::claim(&mut tx, &["mail"], far.into(), far.into(), 10).await.unwrap();
        drop(tx);
        let text = jobs[0].payload["html"].as_str().unwrap().to_owned();
        let path = |begin: &str| {
            let (_, rest) = text.split_once(&format!("http://gangway.test{begin}")).unwrap();
            let token = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c));
            format!("{begin}{}", token.collect::<String>())
        };
        let (link, off) = (path("/survey/"), path("/unsubscribe/"));
        let site = nobody(&test);
        let page = get(&site, &format!("{link}?first=4")).await;
        assert!(page.text.contains("value=\"4\" checked"), "{}", page.text);
        assert_eq!(
            survey::get(app, actor, made.id).await.unwrap().line.survey.answered,
            0,
            "looking keeps nothing"
        );
        let kept = leads(&send(&site, &link, "experience=4").await);
        says(&get(&site, &kept).await, &["Thank you."]);
        assert_eq!(survey::get(app, actor, made.id).await.unwrap().line.survey.answered, 1);
        assert_eq!(get(&site, "/survey/guessed").await.status, StatusCode::GONE);

        // GET never takes anybody off the list; the one click of a mail program does.
        says(&get(&site, &off).await, &["dana@acme.test", "Send no more"]);
        says(&get(&site, &off).await, &["Send no more"]);
        let click = send(&site, &off, "List-Unsubscribe=One-Click").await;
        assert_eq!(click.status, StatusCode::OK);
        says(&get(&site, &off).await, &["Send them again"]);
        let team = router(&test).await;
        says(
            &get(&team, "/settings/mail").await,
            &["dana@acme.test", "asked for it with the link in a mail"],
        );
        leads(&send(&site, &off, "again=yes").await);
        says(&get(&team, "/settings/mail").await, &["Everybody gets them."]);
        let added = leads(&send(&team, "/settings/mail/suppression", "address=omar%40acme.test").await);
        says(&get(&team, &added).await, &["omar@acme.test gets no more surveys and reminders.", "Undo"]);
        let bad = send(&team, "/settings/mail/suppression", "address=omar").await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

/// The mail that waits to be sent: its payload.
async fn waiting(test: &TestApp, to: &str, about: &str) -> serde_json::Value {
    let mut tx = test.app.db.write().await.unwrap();
    let far = "2030-01-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap();
    let jobs = gangway_store::job::claim(&mut tx, &["mail"], far.into(), far.into(), 50).await.unwrap();
    let is_it = |mail: &serde_json::Value| {
        mail["to"] == to && mail["subject"].as_str().unwrap_or_default().contains(about)
    };
    jobs.into_iter().map(|job| job.payload).find(is_it).unwrap()
}

#[tokio::test]
async fn a_link_of_a_mail_leads_to_its_page_also_where_no_portal_is_open() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (id, who) = onboarding(&test).await;
        let open = guest(&test, id, who).await;
        let draft = Draft { form: "user-list".to_owned(), contact: Some(who), ..Draft::default() };
        let asked = form::ask(&test.app, &test.actor, id, draft).await.unwrap().id;
        let mail = waiting(&test, "dana@acme.test", "User list").await;
        let (_, rest) = mail["html"].as_str().unwrap().split_once("http://gangway.test/portal/").unwrap();
        let token = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c));
        let (way, page) =
            (format!("/portal/{}", token.collect::<String>()), format!("/portal/forms/{asked}"));

        // A scanner looks and opens nothing; the button leads to the form.
        let nobody = nobody(&test);
        let door = get(&nobody, &way).await;
        assert_eq!(door.status, StatusCode::OK);
        assert!(door.headers.get(header::SET_COOKIE).is_none());
        says(&door, &["Hello Dana Whitfield", "Open"]);
        let opened = send(&nobody, &way, "").await;
        assert_eq!(opened.header(header::LOCATION), page);
        says(&get(&keeping(nobody, &opened), &page).await, &["User list"]);
        // Where it is open there is no door.
        assert_eq!(get(&open, &way).await.header(header::LOCATION), page);
        assert_eq!(get(&open, "/portal/guessed").await.status, StatusCode::GONE);
    })
    .await;
}

#[tokio::test]
async fn a_form_is_asked_filled_in_by_the_customer_and_accepted() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (id, who) = onboarding(&test).await;
        let site = router(&test).await;
        let base = format!("/onboardings/{id}/forms");
        says(&get(&site, &base).await, &["The customer was asked for nothing yet", "Technical requirements"]);
        let to = leads(&send(&site, &base, &format!("form=user-list&contact={who}&due_on=")).await);
        says(
            &get(&site, &to).await,
            &["Asked. It waits in the portal", "Dana Whitfield", "0 of 3 required answers"],
        );
        let dana = guest(&test, id, who).await;
        let number = to.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
        let path = format!("/portal/forms/{number}");
        says(&get(&dana, "/portal/forms").await, &["User list", "To be filled in"]);
        assert!(get(&dana, "/portal/todo").await.text.contains(&path));
        let page = get(&dana, &path).await;
        says(&page, &["The people", "Save", "Hand in"]);
        assert!(page.text.len() < 60_000 && !page.text.contains("<script"));
        let saved = leads(&send(&dana, &path, "step=save&version=1&administrators=2").await);
        says(&get(&dana, &saved).await, &["Saved. You can go on", "1 of 3 required answers"]);
        let stale = send(&dana, &path, "step=save&version=1&administrators=3").await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        assert!(
            stale.text.contains("value=\"3\"") && stale.text.contains("saved this form meanwhile"),
            "{}",
            stale.text
        );
        let table = "users=name%2Cemail%0AAda%2Cada%40acme.test&administrators=2";
        let half = send(&dana, &path, &format!("step=submit&version=2&{table}")).await;
        assert_eq!(half.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody said where joiners come from");
        let whole = format!("step=submit&version=3&{table}&directory=Our+administrators+do+it+by+hand");
        let done = leads(&send(&dana, &path, &whole).await);
        says(&get(&dana, &done).await, &["Handed in."]);
        let address = format!("{base}/{number}");
        says(
            &get(&site, &address).await,
            &["ada@acme.test", "Accept", "Create the accounts of the user list"],
        );
        let answers = get(&site, &address).await.text;
        assert!(
            answers.contains("<th scope=\"row\">Ada</th>") && answers.contains("<th scope=\"col\">"),
            "the columns of a table have their names: {answers}"
        );
        let kept = leads(&send(&site, &format!("{address}/steps"), "step=accept&version=4").await);
        says(&get(&site, &kept).await, &["Accepted. Its answers are facts now"]);
        says(
            &get(&site, &base).await,
            &["What the forms said", "How many administrators do you want to have?"],
        );
        let seen = form::of_onboarding(&test.app, &test.actor, id).await.unwrap();
        assert_eq!(seen.forms.len(), 1);
        let other = Draft { form: "data-template".to_owned(), ..Draft::default() };
        let other = form::ask(&test.app, &test.actor, id, other).await.unwrap();
        let gone =
            leads(&send(&site, &format!("{base}/{}/steps", other.id), "step=withdraw&version=1").await);
        says(&get(&site, &gone).await, &["Withdrawn."]);
        assert_eq!(get(&dana, &format!("/portal/forms/{}", other.id)).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

/// All of this stands in it, as it is written.
#[track_caller]
fn holds(page: &Answer, expected: &[&str]) {
    for expected in expected {
        assert!(page.text.contains(expected), "{expected} is not on the page:\n{}", page.text);
    }
}

#[tokio::test]
async fn choosing_a_file_saves_what_was_typed_into_the_form() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (id, who) = onboarding(&test).await;
        let draft = Draft { form: "user-list".to_owned(), ..Draft::default() };
        let asked = form::ask(&test.app, &test.actor, id, draft).await.unwrap().id;
        let dana = guest(&test, id, who).await;
        let path = format!("/portal/forms/{asked}");
        let page = get(&dana, &path).await;
        holds(&page, &["value=\"file-users\"", "An empty table (CSV)"]);
        assert!(!page.text.contains("type=\"file\""), "an upload from here would lose what is typed");
        let half = "step=file-users&version=1&administrators=7&languages=German";
        let to = leads(&send(&dana, &path, half).await);
        assert_eq!(to, format!("{path}?file=users"));
        holds(&get(&dana, &to).await, &["The people", "type=\"file\"", "Back to the form"]);
        holds(&get(&dana, &path).await, &["value=\"7\"", "value=\"German\""]);
        let empty = get(&dana, &format!("{path}/files/users/template")).await;
        assert_eq!(empty.text, "name,email,role,team\n");
        assert!(empty.header(header::CONTENT_DISPOSITION).contains("users.csv"));
        let no_table = get(&dana, &format!("{path}/files/languages/template")).await;
        assert_eq!(no_table.status, StatusCode::NOT_FOUND);
        // A field that takes no file has no page of its own, and a word nobody knows only saves.
        says(&get(&dana, &format!("{path}?file=languages")).await, &["Hand in"]);
        let saved = leads(&send(&dana, &path, "step=file-nothing&version=2&administrators=8").await);
        assert_eq!(saved, format!("{path}?said=saved"));

        // The team's steps are words too: one nobody knows is none.
        let team = router(&test).await;
        let steps = format!("/onboardings/{id}/forms/{asked}/steps");
        let unknown = send(&team, &steps, "step=tea&version=3").await;
        assert!(unknown.status.is_client_error(), "{}", unknown.status);
        assert!(form::get(&test.app, &test.actor, asked).await.unwrap().form.state.is_open());
        let soon = "form=user-list&contact=&due_on=soon";
        let no_day = send(&team, &format!("/onboardings/{id}/forms"), soon).await;
        assert_eq!(no_day.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(form::of_onboarding(&test.app, &test.actor, id).await.unwrap().forms.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_a_guest_typed_stands_on_the_page_that_says_what_went_wrong() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (id, who) = onboarding(&test).await;
        let dana = guest(&test, id, who).await;
        // Before the go-live no problem can be reported; what was written is not lost with it.
        let early = "title=Orders+do+not+arrive&details=%3Cb%3ESince+Monday&severity=high";
        let refused = send(&dana, "/portal/issues", early).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let typed =
            ["What you typed", "Orders do not arrive</textarea>", "&#60;b&#62;Since Monday</textarea>"];
        holds(&refused, &typed);
        assert!(!refused.text.contains("high</textarea>"), "what was chosen is not typed: {}", refused.text);
        // Nor is it when the portal was closed meanwhile.
        let closed = send(&nobody(&test), "/portal/issues", early).await;
        assert_eq!(closed.status, StatusCode::UNAUTHORIZED);
        holds(&closed, &typed);
        let empty = send(&nobody(&test), "/portal/closing", "").await;
        assert!(!empty.text.contains("What you typed"), "{}", empty.text);
        // A note that is too long stands in its own form again.
        let stored = work::sight(&test.app, &test.actor, id).await.unwrap().stored;
        let task = stored.plan.tasks.iter().find(|task| task.side == Side::Customer).unwrap();
        let address = format!("/portal/tasks/{}/comments", stored.tasks[&task.code].id);
        let long = format!("said=Which+format%3F+{}", "x".repeat(6_000));
        let kept = send(&dana, &address, &long).await;
        assert_eq!(kept.status, StatusCode::UNPROCESSABLE_ENTITY);
        holds(&kept, &["maxlength=\"5000\">Which format? xxx", "What you wrote is longer than 5000"]);
    })
    .await;
}
