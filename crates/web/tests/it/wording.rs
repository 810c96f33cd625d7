//! The words of documents, changed in the browser.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use gangway_domain::permission::Role;
use gangway_testkit::{TestApp, deal, for_each_database};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Answer, Site, ask, get, on_page, onboard, router, signed_in};

const OURS: &str = "Bring the floor plans & the <keys>.";

async fn send(site: &Site, path: &str, fields: &[(&str, &str)]) -> Answer {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let form: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    ask(site, request.body(Body::from(form.join("&"))).unwrap()).await
}

/// The value of a hidden field.
fn hidden(page: &Answer, name: &str) -> String {
    let begin = format!("name=\"{name}\" value=\"");
    page.text.split_once(&begin).unwrap().1.split('"').next().unwrap().to_owned()
}

/// What a browser takes a value of the page for.
fn in_field(value: &str) -> String {
    let marks = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
    marks.iter().fold(value.to_owned(), |text, (escaped, mark)| text.replace(escaped, mark))
}

#[tokio::test]
async fn a_mail_is_changed_looked_at_saved_and_taken_back() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let address = onboard(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let list = get(&site, &format!("{address}/documents")).await;
        assert!(list.text.contains(&format!("{address}/documents/welcome")), "it can be found");
        let here = format!("{address}/documents/welcome");
        let page = get(&site, &here).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains("Written from the plan.") && page.text.contains("name=\"subject\""));
        let mark = hidden(&page, "mark");

        let words = [("mark", mark.as_str()), ("subject", "Your start with us"), ("piece", OURS)];
        let tried = send(&site, &format!("{here}/preview"), &words).await;
        assert_eq!(tried.status, StatusCode::OK);
        assert!(tried.text.contains("floor plans &amp; the &lt;keys&gt;"), "{}", tried.text);
        assert!(tried.header(header::CONTENT_SECURITY_POLICY).starts_with("sandbox"));
        let unchanged = get(&site, &format!("{address}/package/emails/welcome.txt")).await;
        assert!(!unchanged.text.contains("floor plans"), "looking saves nothing");

        let saved = send(&site, &here, &words).await;
        assert_eq!(saved.header(header::LOCATION), format!("{here}?said=saved"));
        let text = get(&site, &format!("{address}/package/emails/welcome.txt")).await.text;
        assert!(text.contains(OURS), "{text}");
        let subject = get(&site, &format!("{address}/package/emails/welcome.subject.txt")).await.text;
        assert_eq!(subject, "Your start with us\n");
        let page = get(&site, &here).await;
        assert!(page.text.contains(&on_page(OURS)) && page.text.contains("changed the words at"));
        let list = get(&site, &format!("{address}/documents")).await;
        assert!(list.text.contains("Words changed"));

        // Somebody who had it open before that loses nothing, and overwrites nothing.
        let late = send(&site, &here, &[("mark", &mark), ("subject", "Mine"), ("piece", "My words")]).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.text.contains("while you had it open") && late.text.contains("My words"));
        assert!(late.text.contains(&on_page(OURS)), "theirs is shown");

        // With the text they had before them, words elsewhere are saved beside theirs.
        let mark = hidden(&late, "mark");
        let read = in_field(&hidden(&late, "read"));
        assert!(read.contains("subject = \"Your start with us\"") && read.contains(OURS), "{read}");
        let body = format!("{OURS}\n\nSee you on Monday.");
        let (mark, read) = (mark.as_str(), read.as_str());
        let theirs = [("mark", mark), ("read", read), ("subject", "Your start with us"), ("piece", &*body)];
        assert_eq!(send(&site, &here, &theirs).await.status, StatusCode::SEE_OTHER);
        let ours = [("mark", mark), ("read", read), ("subject", "Our start"), ("piece", OURS)];
        let saved = send(&site, &here, &ours).await;
        assert_eq!(saved.header(header::LOCATION), format!("{here}?said=merged"));
        let page = get(&site, &format!("{here}?said=merged")).await;
        for words in ["What others changed elsewhere", "See you on Monday.", "value=\"Our start\""] {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }

        let mark = hidden(&page, "mark");
        let back = send(&site, &format!("{here}/reset"), &[("mark", &mark)]).await;
        assert_eq!(back.header(header::LOCATION), format!("{here}?said=reset"));
        let page = get(&site, &format!("{here}?said=reset")).await;
        assert!(page.text.contains("Written from the plan.") && !page.text.contains("floor plans"));
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_is_said_with_its_line_and_kept() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let here = format!("{}/documents/handoff", onboard(&test, &deal("Acme")).await);
        let site = router(&test).await;
        let page = get(&site, &here).await;
        let broken = "Fine so far.\n\n```cards\n[{\"label\": 1]\n```";
        let fields = [("mark", &*hidden(&page, "mark")), ("cover", "title = \"Handoff\""), ("piece", broken)];
        let refused = send(&site, &here, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            refused.text.contains("The text cannot be read at line 8 of the whole text"),
            "{}",
            refused.text
        );
        assert!(refused.text.contains("Fine so far."), "what was typed stays");
        let tried = send(&site, &format!("{here}/preview"), &fields).await;
        assert_eq!(tried.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(tried.text.contains("line 8") && tried.header(header::X_FRAME_OPTIONS) == "SAMEORIGIN");
        let none = get(&site, &here.replace("handoff", "passwords")).await;
        assert_eq!(none.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn whoever_only_looks_changes_no_words() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let address = onboard(&test, &deal("Acme")).await;
        let site = signed_in(&test, Role::Viewer).await;
        let here = format!("{address}/documents/welcome");
        let page = get(&site, &here).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains("readonly") && !page.text.contains("Save the words"));
        assert!(!get(&site, &format!("{address}/documents")).await.text.contains(">Edit<"));
        let refused =
            send(&site, &here, &[("mark", &hidden(&page, "mark")), ("subject", "a"), ("piece", "b")]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
    })
    .await;
}
