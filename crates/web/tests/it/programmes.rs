//! Programmes over HTTP: drafted by two, checked, published; an onboarding moved to the new version.

use axum::http::{StatusCode, header};
use gangway_domain::permission::Role;
use gangway_testkit::{TestApp, deal, for_each_database};

use super::{Site, get, on_page, onboard, send, signed_in};

const DRAFT: &str = "/programmes/mid-market/draft";

/// The value of a hidden field of the open form.
fn hidden(page: &str, name: &str) -> String {
    let at = page.rsplit(&format!("name=\"{name}\" value=\"")).next().unwrap();
    at.split('"').next().unwrap().to_owned()
}

/// What the form of the kickoff sends, with these working days.
fn kickoff(seen: &str, days: &str, note: &str) -> String {
    format!(
        "part=task&id=kickoff&act=set&seen={seen}&f-name=Kickoff+meeting&f-phase=discover&f-owner=joint\
         &f-role=onboarding-manager&f-days={days}&f-after-id=kickoff-preparation&f-after-kind=FS&f-after-lag=\
         &f-after-id=technical-assessment&f-after-kind=FS&f-after-lag=&f-after-id=&f-after-kind=FS&f-after-lag=\
         &f-when=&f-for_each=&f-deliverable=Goals&f-note={note}"
    )
}

async fn seen(site: &Site) -> String {
    let page = get(site, &format!("{DRAFT}?edit=task.kickoff")).await;
    assert_eq!(page.status, StatusCode::OK);
    hidden(&page.text, "seen")
}

#[tokio::test]
async fn a_draft_is_edited_by_two_checked_and_published() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let leader = signed_in(&test, Role::Leader).await;
        let manager = signed_in(&test, Role::OnboardingManager).await;
        let empty = get(&leader, DRAFT).await.text;
        assert!(empty.contains("No draft yet") && empty.contains("Begin a draft"));
        let begun = send(&manager, DRAFT, "from=in-force").await;
        assert_eq!(begun.header(header::LOCATION), format!("{DRAFT}?said=begun"));

        let mark = seen(&leader).await;
        let refused = send(&leader, &format!("{DRAFT}/part"), &kickoff(&mark, "users+%3E", "Keep+me")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains(&format!("{}\n       ^", on_page("users >"))), "the place in the rule");
        assert!(refused.text.contains("Keep me</textarea>"), "what was typed is kept");
        let saved = send(&manager, &format!("{DRAFT}/part"), &kickoff(&mark, "2", "Theirs")).await;
        assert_eq!(saved.header(header::LOCATION), format!("{DRAFT}?said=saved#task-kickoff"));
        let after = get(&manager, &format!("{DRAFT}?said=saved")).await.text;
        assert!(after.contains("<span>Saved in the draft.</span>"), "a toast says so: {after}");
        let second = send(&leader, &format!("{DRAFT}/part"), &kickoff(&mark, "3", "Mine")).await;
        assert_eq!(second.status, StatusCode::CONFLICT);
        assert!(second.text.contains("A onboarding manager changed this"), "{}", second.text);
        assert!(
            second.text.contains("<strong>Theirs:</strong> 2") && second.text.contains("Mine</textarea>")
        );
        let again = hidden(&second.text, "seen");
        let saved = send(&leader, &format!("{DRAFT}/part"), &kickoff(&again, "3", "Mine")).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER);

        let text = get(&leader, &format!("{DRAFT}/text")).await.text;
        let version = hidden(&text, "version");
        let stale = send(&leader, &format!("{DRAFT}/text"), "version=1&source=id+%3D+%27mine%27").await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        assert!(
            stale.text.contains("Somebody else changed the draft")
                && stale.text.contains("id = &#39;mine&#39;")
        );
        assert_eq!(hidden(&get(&leader, &format!("{DRAFT}/text")).await.text, "version"), version);

        let no_note =
            send(&leader, &format!("{DRAFT}/publication"), &format!("version={version}&note=")).await;
        assert_eq!(no_note.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(no_note.text.contains("is missing"), "{}", no_note.text);
        let note = "Three+days+%3Cb%3Eof%3C%2Fb%3E+kickoff";
        let form = format!("version={version}&note={note}");
        let forbidden = send(&manager, &format!("{DRAFT}/publication"), &form).await;
        assert_eq!(forbidden.status, StatusCode::FORBIDDEN);
        let published = send(&leader, &format!("{DRAFT}/publication"), &form).await;
        assert_eq!(published.header(header::LOCATION), "/programmes/mid-market?said=published");
        let versions = get(&leader, "/programmes/mid-market/versions").await.text;
        assert!(versions.contains("Version 2") && !versions.contains("<b>of</b>"));
        let compared = get(&leader, "/programmes/mid-market/compare?from=built-in&to=2").await.text;
        assert!(compared.contains("<del>1</del><ins>3</ins>") && compared.contains("Kickoff meeting"));
        let list = get(&leader, "/programmes").await.text;
        assert!(
            list.contains("Changed from built-in") && list.contains("Version 2, A customer success leader")
        );
        let trail = get(&leader, "/settings/audit").await.text;
        assert!(trail.contains("Published version 2 of Mid-Market onboarding"));
    })
    .await;
}

#[tokio::test]
async fn mistakes_in_the_text_are_shown_with_their_line() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let leader = signed_in(&test, Role::Leader).await;
        send(&leader, DRAFT, "from=built-in").await;
        let broken = "version=1&source=id+%3D+%22mid-market%22%0Aname+%3D+%3Cscript%3E";
        send(&leader, &format!("{DRAFT}/text"), broken).await;
        let text = get(&leader, &format!("{DRAFT}/text")).await.text;
        assert!(text.contains("href=\"#L2\"") && text.contains("id=\"L2\"") && !text.contains("<script>"));
        let outline = get(&leader, DRAFT).await.text;
        assert!(
            outline.contains("The text is no programme as it stands") && outline.contains("/draft/text#L2")
        );
        assert!(outline.contains("cannot be published while the check finds errors"));
        assert_eq!(get(&leader, "/programmes/mid-market?version=draft").await.status, StatusCode::OK);
        let trial = get(&leader, &format!("{DRAFT}/trial")).await;
        assert_eq!(trial.status, StatusCode::OK);
        let tried = send(&leader, &format!("{DRAFT}/trial"), "deal=Customer%3A+Acme.+ACV%3A+%2450K.").await;
        assert_eq!(tried.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(tried.text.contains("mend them first") && tried.text.contains("Customer: Acme. ACV: $50K."));
        let gone = send(&leader, &format!("{DRAFT}/discard"), "version=1").await;
        assert_eq!(gone.status, StatusCode::CONFLICT, "it was changed since");
        let gone = send(&leader, &format!("{DRAFT}/discard"), "version=2").await;
        assert_eq!(gone.header(header::LOCATION), "/programmes/mid-market?said=discarded");
    })
    .await;
}

#[tokio::test]
async fn everybody_reads_and_nobody_sees_another_workspace() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let leader = signed_in(&test, Role::Leader).await;
        send(&leader, DRAFT, "from=in-force").await;
        let viewer = signed_in(&test, Role::Viewer).await;
        for path in [
            "/programmes",
            "/programmes/mid-market",
            "/programmes/enterprise",
            "/programmes/smb",
            "/programmes/self-serve",
        ] {
            let page = get(&viewer, path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
        }
        let draft = get(&viewer, DRAFT).await.text;
        assert!(!draft.contains("?edit=") && !draft.contains("Publish the draft"), "nothing to press");
        let stranger = signed_in(&test.elsewhere("Southlight").await, Role::Admin).await;
        assert!(get(&stranger, DRAFT).await.text.contains("No draft yet"));
        assert_eq!(get(&stranger, &format!("{DRAFT}/text")).await.status, StatusCode::NOT_FOUND);
        for path in [
            "/programmes/none",
            "/programmes/none/draft",
            "/programmes/mid-market?version=7",
            "/programmes/mid-market?version=x",
            "/programmes/mid-market/compare?from=9",
        ] {
            assert_eq!(get(&viewer, path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_onboarding_is_moved_after_its_changes_were_seen() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let leader = signed_in(&test, Role::Leader).await;
        let address = format!("{}/programme", onboard(&test, &deal("Acme")).await);
        assert!(get(&leader, &address).await.text.contains("That is the version in force"));
        send(&leader, DRAFT, "from=in-force").await;
        let mark = seen(&leader).await;
        send(&leader, &format!("{DRAFT}/part"), &kickoff(&mark, "3", "")).await;
        send(&leader, &format!("{DRAFT}/publication"), "version=2&note=More+kickoff").await;

        let page = get(&leader, &address).await.text;
        assert!(page.contains("Version 2 is in force") && page.contains("working days 1 → 3"), "{page}");
        let (version, digest) = (hidden(&page, "version"), hidden(&page, "digest"));
        let form = format!("version=0&digest={digest}");
        let stale = send(&leader, &address, &form).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        assert!(stale.text.contains("Nothing was moved"));
        let form = format!("version={version}&digest={digest}");
        let viewer = signed_in(&test, Role::Viewer).await;
        assert_eq!(send(&viewer, &address, &form).await.status, StatusCode::FORBIDDEN);
        let moved = send(&leader, &address, &form).await;
        assert_eq!(moved.header(header::LOCATION), format!("{address}?said=moved"));
        let after = get(&leader, &format!("{address}?said=moved")).await.text;
        assert!(after.contains("The onboarding was moved") && after.contains("version 2"));
        let story = get(&leader, &address.replace("/programme", "/activity")).await.text;
        assert!(story.contains("Moved from version 1 to version 2"));
    })
    .await;
}
