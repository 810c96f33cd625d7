//! The portfolio in all its ways, accounts and contacts, search: what is seen, by whom.

use axum::http::{StatusCode, header};
use gangway_app::contact::{self, Changes};
use gangway_app::onboarding;
use gangway_domain::permission::Role;
use gangway_store::contact::Query as ContactQuery;
use gangway_testkit::{TestApp, deal, deal_within, for_each_database, prove};

use super::{Answer, followed, generate, get, on_page, router, says, send, signed_in};

pub(super) fn says_not(page: &Answer, unexpected: &[&str]) {
    for unexpected in unexpected {
        assert!(!page.text.contains(&on_page(unexpected)), "{unexpected} is on the page");
    }
}

/// A deal with people, addresses and a website.
fn with_people(customer: &str, person: &str, host: &str) -> String {
    format!("{}Website: https://{host}\nSponsor: {person} (VP Operations)\n", deal(customer))
}

#[tokio::test]
async fn the_same_onboardings_are_a_list_a_board_and_a_timeline() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let late = generate(&test, &deal_within("Zephyr", 20)).await;
        generate(&test, &deal("Globex")).await;
        let site = router(&test).await;
        says(&get(&site, "/onboardings").await, &["Zephyr", "Globex", "no owner", "Late only"]);
        let only_late = get(&site, "/onboardings?late=1").await;
        says(&only_late, &["Zephyr"]);
        says_not(&only_late, &["Globex"]);
        let board = get(&site, "/onboardings?show=board").await;
        says(&board, &["Not begun", "Handoff", "Go-live", "Zephyr", "Globex", "days late"]);
        let stage = get(&site, "/onboardings?stage=pilot").await;
        says(&stage, &["Nothing matches"]);
        let timeline = get(&site, "/onboardings?show=timeline&sort=customer").await;
        let head = onboarding::get(&test.app, &test.actor, late).await.unwrap().onboarding.package.dates;
        let kickoff = format!("Zephyr: planned, kickoff {}", head.kickoff_on.strftime("%-d %b %Y"));
        says(&timeline, &["Today", &kickoff, "first value", "2 onboardings from"]);
        assert_eq!(get(&site, "/onboardings?stage=moon").await.status, StatusCode::NOT_FOUND);
        assert_eq!(get(&site, "/onboardings?owner=moon").await.status, StatusCode::NOT_FOUND);

        let owner = test.member(Role::Csm).await.person.unwrap();
        let form = format!("owner={owner}");
        let given = send(&site, &format!("/onboardings/{late}/owner"), &form).await;
        assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text);
        let theirs = get(&site, &format!("/onboardings?owner={owner}")).await;
        says(&theirs, &["Zephyr", "A customer success manager"]);
        says_not(&theirs, &["Globex"]);
        says(&get(&site, "/onboardings?owner=nobody").await, &["Globex"]);
        let viewer = test.member(Role::Viewer).await.person.unwrap();
        let refused = send(&site, &format!("/onboardings/{late}/owner"), &format!("owner={viewer}")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "a viewer runs nothing");
    })
    .await;
}

#[tokio::test]
async fn a_day_begins_with_what_is_open_and_most_urgent() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let done = generate(&test, &deal_within("Finished", 5)).await;
        generate(&test, &deal("Globex")).await;
        generate(&test, &deal_within("Zephyr", 20)).await;
        let site = signed_in(&test, Role::OnboardingManager).await;
        send(&site, &format!("/onboardings/{done}/kickoff"), "").await;
        prove(&test, done).await;
        send(&site, &format!("/onboardings/{done}/completion"), "").await;
        let page = get(&site, "/onboardings").await;
        says(&page, &["2 open onboardings", "1 behind the date", "Most urgent first", "Zephyr", "Globex"]);
        says_not(&page, &["Finished"]);
        assert!(
            page.text.find(">Zephyr<").unwrap() < page.text.find(">Globex<").unwrap(),
            "the late one first"
        );
        assert!(
            page.text.contains("aria-current=\"page\">Open <span class=\"none\">2</span>"),
            "{}",
            page.text
        );
        assert!(page.text.contains("All <span class=\"none\">3</span>"), "{}", page.text);
        let all = get(&site, "/onboardings?state=all").await;
        says(&all, &["Finished"]);
        assert!(
            all.text.find(">Globex<").unwrap() < all.text.find(">Finished<").unwrap(),
            "what is over last"
        );
        let completed = get(&site, "/onboardings?state=completed").await;
        says(&completed, &["Finished"]);
        says_not(&completed, &["Zephyr"]);
        says_not(&get(&site, "/onboardings?show=board").await, &["Finished"]);
        says(&get(&site, "/onboardings?show=board&state=all").await, &["Finished", "Zephyr"]);
        says_not(&get(&site, "/onboardings/export.csv").await, &["Finished"]);
        says(&get(&site, "/onboardings/export.csv?state=all").await, &["Finished"]);
    })
    .await;
}

/// Where names stand on a page, one after the other.
pub(super) fn in_order(page: &Answer, names: &[&str]) {
    let places: Vec<usize> = names
        .iter()
        .map(|name| {
            page.text.find(&format!(">{name}</a>")).unwrap_or_else(|| panic!("{name}: {}", page.text))
        })
        .collect();
    assert!(places.is_sorted(), "{names:?} stand at {places:?}");
}

#[tokio::test]
async fn accounts_contacts_and_handoffs_are_sorted_and_searched() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        generate(&test, &with_people("Zephyr", "Abel Zimmer", "zephyr.example")).await;
        test.clock.advance_days(1);
        generate(&test, &with_people("Acme", "Zoe Abel", "acme.example")).await;
        test.clock.advance_days(1);
        generate(&test, &deal("Zephyr").replace("$95K", "$96K")).await;
        let site = signed_in(&test, Role::Csm).await;
        for (address, names) in [
            ("/accounts", ["Acme", "Zephyr"]),
            ("/accounts?sort=name&dir=desc", ["Zephyr", "Acme"]),
            ("/accounts?sort=open", ["Zephyr", "Acme"]),
            ("/accounts?sort=onboardings&dir=asc", ["Acme", "Zephyr"]),
            ("/accounts?sort=activity", ["Zephyr", "Acme"]),
            // Neither was judged: the order of their making.
            ("/accounts?sort=health", ["Zephyr", "Acme"]),
            ("/accounts?sort=luck", ["Acme", "Zephyr"]),
            ("/contacts", ["Abel Zimmer", "Zoe Abel"]),
            ("/contacts?sort=account", ["Zoe Abel", "Abel Zimmer"]),
            ("/contacts?sort=added", ["Zoe Abel", "Abel Zimmer"]),
            ("/contacts?sort=added&dir=asc", ["Abel Zimmer", "Zoe Abel"]),
            ("/handoffs", ["Zephyr", "Acme"]),
            ("/handoffs?sort=customer", ["Acme", "Zephyr"]),
            ("/handoffs?sort=accepted&dir=asc", ["Zephyr", "Acme"]),
        ] {
            let page = followed(&site, address).await;
            assert_eq!(page.status, StatusCode::OK, "{address}");
            println!("{address}");
            in_order(&page, &names);
        }
        let found = get(&site, "/handoffs?q=ACM&state=made").await;
        says(&found, &["Acme"]);
        says_not(&found, &["Zephyr"]);
        says(&get(&site, "/handoffs?q=acme&state=review").await, &["Nothing matches"]);
        for address in ["/handoffs?after=rubbish", "/accounts?sort=open&after=rubbish", "/contacts?after=%ff"]
        {
            assert_eq!(get(&site, address).await.status, StatusCode::BAD_REQUEST, "{address}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_export_holds_the_filter_and_no_formulas() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        generate(&test, &deal_within("=HYPERLINK(1)", 20)).await;
        generate(&test, &deal("Acme")).await;
        let site = signed_in(&test, Role::Viewer).await;
        let csv = get(&site, "/onboardings/export.csv?sort=customer").await;
        assert_eq!(csv.status, StatusCode::OK);
        assert!(csv.header(header::CONTENT_DISPOSITION).contains("onboardings-2027-01-04.csv"));
        let lines: Vec<&str> = csv.text.trim_start_matches('\u{feff}').lines().collect();
        assert!(lines[0].starts_with("Customer,Product,Use case,Segment,State"), "{}", lines[0]);
        assert!(lines[0].contains(",Stage,Phase,Plan %,Next,Next on,Owner,"), "{}", lines[0]);
        assert!(lines[1].contains(",Kickoff,2027-"), "what comes next, and when: {}", lines[1]);
        assert!(lines[1].starts_with("'=HYPERLINK(1),Enterprise platform,"), "{}", lines[1]);
        assert_eq!(lines.len(), 3);
        let late = get(&site, "/onboardings/export.csv?late=1").await.text;
        assert!(late.contains("HYPERLINK") && !late.contains("Acme"), "{late}");
        let xlsx = get(&site, "/onboardings/export.xlsx?late=1").await;
        assert_eq!(xlsx.status, StatusCode::OK);
        assert!(xlsx.text.starts_with("PK"), "a workbook is a zip file");
        let stranger = test.elsewhere("Southlight").await;
        let none = get(&signed_in(&stranger, Role::Admin).await, "/onboardings/export.csv").await.text;
        assert_eq!(none.lines().count(), 1, "only the head: {none}");
    })
    .await;
}

#[tokio::test]
async fn every_list_can_be_taken_along_as_it_is_filtered() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        generate(&test, &with_people("=HYPERLINK(1)", "Abel Zimmer", "zephyr.example")).await;
        generate(&test, &with_people("Acme", "Zoe Abel", "acme.example")).await;
        let site = signed_in(&test, Role::Viewer).await;
        for (list, head, first) in [
            ("accounts", "Account,Industry,Country,Website,Open onboardings,", "Acme,"),
            ("contacts", "Name,Title,Account,Mail address,", "Zoe Abel,"),
            ("handoffs", "Customer,State,Handed over,By,", "Acme,made,2027-01-04,"),
        ] {
            let narrowed = get(&site, &format!("/{list}?q=acme")).await;
            let href = format!("href=\"/{list}/export.csv?q=acme\"");
            assert!(narrowed.text.contains(&href), "{}", narrowed.text);
            let file = get(&site, &format!("/{list}/export.csv?q=acme")).await;
            assert_eq!(file.status, StatusCode::OK, "{list}");
            let name = format!("{list}-2027-01-04.csv");
            assert!(file.header(header::CONTENT_DISPOSITION).contains(&name), "{list}");
            let lines: Vec<&str> = file.text.trim_start_matches('\u{feff}').lines().collect();
            assert!(lines[0].starts_with(head), "{}", lines[0]);
            assert!(lines[1].starts_with(first), "{}", lines[1]);
            assert_eq!(lines.len(), 2, "{list}: {}", file.text);
            let whole = get(&site, &format!("/{list}/export.csv")).await.text;
            assert!(whole.contains("'=HYPERLINK(1)"), "no formula: {whole}");
            let workbook = get(&site, &format!("/{list}/export.xlsx")).await;
            assert!(workbook.text.starts_with("PK"), "{list}: a workbook is a zip file");
        }
    })
    .await;
}

#[tokio::test]
async fn a_view_is_kept_shared_begun_with_and_forgotten() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        generate(&test, &deal_within("Zephyr", 20)).await;
        let leader = signed_in(&test, Role::Leader).await;
        let csm = signed_in(&test, Role::Csm).await;
        let unnamed = send(&csm, "/views", "name=&query=late%3D1").await;
        assert_eq!(unnamed.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(unnamed.text.contains("Name is missing"), "{}", unnamed.text);
        let refused = send(&csm, "/views", "name=Late&query=late%3D1&shared=1").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "a CSM shares nothing");
        let own = send(&csm, "/views", "name=My+late+ones&query=late%3D1%26evil%3D%3Cscript%3E").await;
        let address = own.header(header::LOCATION).to_owned();
        assert!(
            address.starts_with("/onboardings?late=1&view=viw"),
            "only what a filter knows is kept: {address}"
        );
        says(&get(&csm, &address).await, &["My late ones", "Zephyr"]);
        says_not(&get(&leader, "/onboardings?state=all").await, &["My late ones"]);
        let id = address.rsplit('=').next().unwrap().replace("%5F", "_");
        assert_eq!(send(&leader, &format!("/views/{id}/removal"), "").await.status, StatusCode::NOT_FOUND);
        let twice = send(&csm, "/views", "name=my+LATE+ones&query=").await;
        assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY, "a name is used once");

        let shared =
            send(&leader, "/views", "name=Behind&query=late%3D1%26show%3Dboard&shared=1&first=1").await;
        let address = shared.header(header::LOCATION).to_owned();
        let shared = address.rsplit('=').next().unwrap().replace("%5F", "_");
        let begin = get(&leader, "/onboardings").await;
        assert_eq!(begin.header(header::LOCATION), format!("/onboardings?late=1&show=board&view={shared}"));
        assert_eq!(get(&leader, "/onboardings?state=all").await.status, StatusCode::OK, "all is still there");
        says(&get(&csm, "/onboardings?state=all").await, &["Behind", "by A customer success leader"]);
        assert_eq!(get(&csm, "/onboardings").await.status, StatusCode::OK, "others begin as before");
        assert_eq!(
            send(&csm, &format!("/views/{shared}"), "name=Mine&query=").await.status,
            StatusCode::FORBIDDEN
        );
        assert_eq!(send(&csm, &format!("/views/{shared}/removal"), "").await.status, StatusCode::FORBIDDEN);
        assert_eq!(send(&csm, &format!("/views/{shared}/first"), "").await.status, StatusCode::SEE_OTHER);
        assert!(get(&csm, "/onboardings").await.header(header::LOCATION).contains(&shared));
        let renamed =
            send(&leader, &format!("/views/{shared}"), "name=Very+late&query=late%3D1&shared=1").await;
        assert_eq!(renamed.status, StatusCode::SEE_OTHER, "{}", renamed.text);
        says(&get(&csm, "/onboardings?state=all").await, &["Very late"]);
        assert_eq!(send(&leader, "/views/first", "").await.status, StatusCode::SEE_OTHER);
        assert_eq!(get(&leader, "/onboardings").await.status, StatusCode::OK);
        assert_eq!(
            send(&leader, &format!("/views/{shared}/removal"), "").await.status,
            StatusCode::SEE_OTHER
        );
        assert_eq!(
            get(&csm, "/onboardings").await.status,
            StatusCode::OK,
            "it is gone for those who began with it"
        );
    })
    .await;
}

#[tokio::test]
async fn accounts_are_listed_changed_and_never_overwritten() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &with_people("Lumière", "Dana Whitfield", "lumiere.example")).await;
        generate(&test, &deal("Acme")).await;
        let account = onboarding::get(&test.app, &test.actor, id).await.unwrap().account.id;
        let site = signed_in(&test, Role::Csm).await;
        says(&get(&site, "/accounts").await, &["2 accounts", "Lumière", "Acme"]);
        let found = get(&site, "/accounts?q=LUMIERE").await;
        says(&found, &["Lumière"]);
        says_not(&found, &["Acme"]);
        says(&get(&site, "/accounts?open=no").await, &["Nothing matches"]);
        let path = format!("/accounts/{account}");
        let page = get(&site, &path).await;
        says(&page, &["Lumière", "Dana Whitfield", "VP Operations", "Enterprise platform", "Handed over the deal"]);

        let form = |version: u32, name: &str| {
            format!("version={version}&name={name}&industry=energy&country=FR&website=lumiere.example&external_id=")
        };
        let bad = send(&site, &path, &form(1, "")).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bad.text.contains("Name is missing") && bad.text.contains("value=\"energy\""), "{}", bad.text);
        let saved = send(&site, &path, &form(1, "Lumiere+SA")).await;
        assert_eq!(saved.header(header::LOCATION), format!("{path}?said=saved"), "{}", saved.text);
        let page = get(&site, &format!("{path}?said=saved")).await;
        says(&page, &["The account is changed.", "Energy · France"]);
        says_not(&get(&site, &path).await, &["The account is changed."]);
        let late = send(&site, &path, &form(1, "Something+else")).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.text.contains("Somebody else changed this meanwhile"), "{}", late.text);
        assert!(late.text.contains("value=\"Something else\"") && late.text.contains("<h1>Lumiere SA</h1>"));
        says(&get(&site, "/onboardings?state=all").await, &["Lumiere SA"]);
        says(&get(&site, "/search?q=lumiere").await, &["Lumiere SA", "Dana Whitfield"]);
        let added = send(&site, &format!("{path}/contacts"), "contact_name=Eve&contact_email=nowhere").await;
        assert_eq!(added.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(added.text.contains("value=\"Eve\""), "what was typed is kept");
        let form = "contact_name=Eve+Moreau&contact_email=eve%40lumiere.example";
        let added = send(&site, &format!("{path}/contacts"), form).await;
        assert_eq!(added.header(header::LOCATION), format!("{path}?said=contact#people"), "{}", added.text);
        says(&get(&site, &format!("{path}?said=contact")).await, &["The contact is added."]);
        says(&get(&site, "/contacts?q=moreau").await, &["Eve Moreau", "Lumiere SA"]);
        let viewer = signed_in(&test, Role::Viewer).await;
        assert_eq!(send(&viewer, &path, "version=1&name=Eve").await.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn duplicates_are_named_compared_and_merged_once() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let kept = generate(&test, &with_people("Lumière", "Dana Whitfield", "lumiere.example")).await;
        let gone = generate(&test, &with_people("Lumi Ere", "Camille Roy", "lumiere.test")).await;
        let account = |id| {
            let test = &test;
            async move { onboarding::get(&test.app, &test.actor, id).await.unwrap().account.id }
        };
        let (a, b) = (account(kept).await, account(gone).await);
        let site = signed_in(&test, Role::Csm).await;
        says(&get(&site, "/accounts").await, &["1 possible duplicate"]);
        says(
            &get(&site, "/accounts/duplicates").await,
            &["Lumière", "Lumi Ere", "accents, spaces or punctuation"],
        );
        says(&get(&site, &format!("/accounts/{a}/merge")).await, &["Merge into Lumière"]);
        let page = get(&site, &format!("/accounts/{a}/merge?with={b}")).await;
        says(
            &page,
            &[
                "lumiere.example",
                "lumiere.test",
                "1 onboarding, 1 handoff and 1 contact of Lumi Ere move to Lumière",
            ],
        );
        let form = |version: u32| {
            format!("goes={b}&stays_version={version}&goes_version=1&take-website=goes&take-name=stays")
        };
        let stale = send(&site, &format!("/accounts/{a}/merge"), &form(7)).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        assert!(stale.text.contains("nothing was merged"), "{}", stale.text);
        assert_eq!(get(&site, &format!("/accounts/{b}")).await.status, StatusCode::OK, "it is still there");
        let merged = send(&site, &format!("/accounts/{a}/merge"), &form(1)).await;
        assert_eq!(merged.header(header::LOCATION), format!("/accounts/{a}?said=merged"), "{}", merged.text);
        let page = get(&site, &format!("/accounts/{a}?said=merged")).await;
        says(
            &page,
            &[
                "Merged: everything of both is here.",
                "https://lumiere.test",
                "Dana Whitfield",
                "Camille Roy",
                "Merged the account Lumi Ere into Lumière",
            ],
        );
        let old = get(&site, &format!("/accounts/{b}")).await;
        assert_eq!(old.header(header::LOCATION), format!("/accounts/{a}"), "old links lead on");
        says(&get(&site, "/accounts/duplicates").await, &["No duplicates"]);
        generate(&test, &deal("Lumi Ere").replace("$95K", "$96K")).await;
        says(&get(&site, "/accounts").await, &["1 account"]);

        // Two spellings of one person.
        let both =
            contact::list(&test.app, &test.actor, &ContactQuery { limit: 10, ..ContactQuery::default() })
                .await;
        let both = both.unwrap().lines;
        let mail = |text: &str| Changes { email: Some(Some(text.to_owned())), ..Changes::default() };
        for person in &both {
            contact::change(&test.app, &test.actor, person.id, person.version, mail("d@lumiere.test"))
                .await
                .unwrap();
        }
        says(&get(&site, "/contacts/duplicates").await, &["Both have the address d@lumiere.test"]);
        let (one, other) = (both[0].id, both[1].id);
        let told = send(&site, &format!("/contacts/{one}/distinct"), &format!("other={other}")).await;
        assert_eq!(told.header(header::LOCATION), "/contacts/duplicates?said=apart", "{}", told.text);
        says(
            &get(&site, "/contacts/duplicates?said=apart").await,
            &["No duplicates", "They are not named as duplicates again."],
        );
        says(&get(&site, &format!("/contacts/{one}/merge?with={other}")).await, &["What will happen"]);
        let (first, second) = (both[0].version + 1, both[1].version + 1);
        let form = format!("goes={other}&stays_version={first}&goes_version={second}&take-title=stays");
        let merged = send(&site, &format!("/contacts/{one}/merge"), &form).await;
        assert_eq!(merged.status, StatusCode::SEE_OTHER, "{}", merged.text);
        let old = get(&site, &format!("/contacts/{other}")).await;
        assert_eq!(old.header(header::LOCATION), format!("/contacts/{one}"));
        let same = get(&site, &format!("/contacts/{one}/merge?with={one}")).await;
        assert_eq!(same.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test]
async fn search_says_where_it_found_what_and_suggests_what_is_allowed() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        generate(&test, &with_people("Lumière", "Dana Whitfield", "lumiere.example")).await;
        let admin = signed_in(&test, Role::Admin).await;
        let page = get(&admin, "/search?q=lumi").await;
        says(&page, &["Onboardings", "Accounts", "Contacts", "Handoffs", "found in account"]);
        says(&get(&admin, "/search?q=whitf+vp").await, &["Dana Whitfield", "found in title"]);
        says(&get(&admin, "/search?q=raci+lumiere").await, &["Documents", "RACI matrix"]);
        says(&get(&admin, "/search?q=qqqq").await, &["Nothing found"]);
        says(&get(&admin, "/search").await, &["Search the whole workspace"]);
        says(&get(&admin, "/search?q=%3Cscript%3E%27%22").await, &["<script>"]);
        let lines = |page: &Answer| page.text.matches("<li>").count();
        for asked in ["", "l", "lumi", "settings", "s", "a", "qqqq"] {
            let page = get(&admin, &format!("/search/suggestions?q={asked}")).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(lines(&page) <= 8, "{asked}: {}", page.text);
            assert!(!page.text.contains("<html"), "a fragment");
        }
        says(&get(&admin, "/search/suggestions?q=lumiere").await, &["/accounts/acc_", "Everything found"]);
        says(&get(&admin, "/search/suggestions?q=audit").await, &["/settings/audit"]);
        let viewer = signed_in(&test, Role::Viewer).await;
        says_not(&get(&viewer, "/search/suggestions?q=audit").await, &["/settings/audit"]);
        says_not(&get(&viewer, "/search/suggestions?q=new+hand").await, &["/handoffs/new"]);
        let seller = signed_in(&test, Role::Ae).await;
        says(&get(&seller, "/search/suggestions?q=new+hand").await, &["/handoffs/new"]);
    })
    .await;
}

#[tokio::test]
async fn another_workspace_sees_nothing_and_changes_nothing() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &with_people("Lumière", "Dana Whitfield", "lumiere.example")).await;
        let account = onboarding::get(&test.app, &test.actor, id).await.unwrap().account.id;
        let query = ContactQuery { limit: 10, ..ContactQuery::default() };
        let dana = contact::list(&test.app, &test.actor, &query).await.unwrap().lines[0].id;
        let ours = signed_in(&test, Role::Leader).await;
        let view = send(&ours, "/views", "name=Ours&query=late%3D1&shared=1").await;
        let view = view.header(header::LOCATION).rsplit('=').next().unwrap().replace("%5F", "_");

        let theirs = signed_in(&test.elsewhere("Southlight").await, Role::Admin).await;
        for path in [
            "/onboardings?state=all",
            "/onboardings?show=board",
            "/accounts",
            "/contacts",
            "/search?q=lumiere",
            "/search?q=dana",
            "/search/suggestions?q=lumiere",
            "/onboardings/export.csv",
            "/accounts/export.csv",
            "/contacts/export.csv",
            "/handoffs/export.csv",
        ] {
            let page = get(&theirs, path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            says_not(&page, &["Lumière", "Dana", "Ours"]);
        }
        for path in [
            format!("/accounts/{account}"),
            format!("/contacts/{dana}"),
            format!("/accounts/{account}/merge"),
            format!("/contacts/{dana}/merge?with={dana}x"),
        ] {
            assert_eq!(get(&theirs, &path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        for (path, form) in [
            (format!("/accounts/{account}"), "version=1&name=Stolen".to_owned()),
            (format!("/accounts/{account}/contacts"), "contact_name=Eve".to_owned()),
            (format!("/accounts/{account}/merge"), format!("goes={account}x&stays_version=1&goes_version=1")),
            (format!("/accounts/{account}/distinct"), format!("other={account}")),
            (format!("/contacts/{dana}"), "version=1&name=Stolen".to_owned()),
            (format!("/views/{view}"), "name=Stolen&query=".to_owned()),
            (format!("/views/{view}/removal"), String::new()),
            (format!("/views/{view}/first"), String::new()),
            (format!("/onboardings/{id}/owner"), "owner=".to_owned()),
        ] {
            assert_eq!(send(&theirs, &path, &form).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        says(&get(&ours, &format!("/accounts/{account}")).await, &["Lumière", "Dana Whitfield"]);
        says(&get(&ours, "/onboardings?state=all").await, &["Ours"]);
    })
    .await;
}
