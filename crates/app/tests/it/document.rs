//! The words of documents: changed before they are sent, kept while the plan moves.

use gangway_app::document::{self, Saved, Seen};
use gangway_app::onboarding::{self, move_on};
use gangway_app::package::Standing;
use gangway_app::{Actor, AppError, activity};
use gangway_domain::ids::OnboardingId;
use gangway_domain::permission::Role;
use gangway_testkit::{TestApp, deal, for_each_database};

use super::programme::{onboard, publish};

const OURS: &str = "Bring the floor plans of all three sites.";

/// Saves a text as somebody who has seen the document with this mark, and has no text of it any more.
async fn save(
    test: &TestApp,
    actor: &Actor,
    id: OnboardingId,
    name: &str,
    text: &str,
    mark: i64,
) -> Result<Saved, AppError> {
    let sheet = document::open_to_change(&test.app, actor, id, name).await?;
    document::change(&test.app, actor, &sheet, text, Seen { mark, text: None }).await
}

/// Changes a document as somebody who has it open now; gives its mark.
async fn change(test: &TestApp, id: OnboardingId, name: &str, words: impl Fn(&str) -> String) -> i64 {
    let sheet = document::open(&test.app, &test.actor, id, name).await.unwrap();
    let text = words(&sheet.text);
    assert_ne!(text, sheet.text);
    match save(test, &test.actor, id, name, &text, sheet.mark).await.unwrap() {
        Saved::Done(mark) => mark,
        other => panic!("nobody else was there: {other:?}"),
    }
}

fn longer(text: &str) -> String {
    format!("{text}\n{OURS}\n")
}

async fn file(test: &TestApp, id: OnboardingId, path: &str) -> String {
    let file = onboarding::file(&test.app, &test.actor, id, path).await.unwrap();
    String::from_utf8_lossy(&file.bytes).into_owned()
}

#[tokio::test]
async fn every_file_of_a_document_says_what_people_wrote() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = onboard(&test, "Acme").await;
        for name in ["welcome", "handoff"] {
            let before = document::open(&test.app, &test.actor, id, name).await.unwrap();
            assert_eq!((before.changed, before.text == before.written), (None, true));
            let mark = change(&test, id, name, longer).await;
            let after = document::open(&test.app, &test.actor, id, name).await.unwrap();
            let changed = after.changed.unwrap();
            assert_eq!((changed.by.as_str(), changed.standing), ("Priya", Standing::Current));
            assert_eq!((after.mark, after.written), (mark, before.written));
            assert_ne!(mark, before.mark);
        }
        for path in ["emails/welcome.txt", "emails/welcome.html", "handoff.md", "handoff.html"] {
            assert!(file(&test, id, path).await.contains(OURS), "{path}");
        }
        assert!(!file(&test, id, "implementation-plan.md").await.contains(OURS));
        let (_, zip) = onboarding::archive(&test.app, &test.actor, id).await.unwrap();
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(zip)).unwrap();
        let text = std::io::read_to_string(zip.by_name("handoff.md").unwrap()).unwrap();
        assert!(text.contains(OURS));
        let preview = document::preview(&test.app, &test.actor, id, "welcome", None).await.unwrap();
        assert!(preview.contains(OURS));

        let names = document::changes(&test.app, &test.actor, id).await.unwrap();
        let names: Vec<&str> = names.iter().map(|(document, _)| document.name).collect();
        assert_eq!(names, ["handoff", "welcome"], "in the order of the package");
        let trail = activity::recent(&test.app, &test.actor, 1).await.unwrap();
        assert_eq!(trail[0].summary, "Changed the words of: Handoff document");
    })
    .await;
}

#[tokio::test]
async fn words_stay_when_the_plan_moves() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = onboard(&test, "Acme").await;
        let name = "implementation-plan";
        change(&test, id, name, longer).await;
        let before = document::open(app, actor, id, name).await.unwrap();

        publish(&test, "go-live", "9").await;
        let standing = move_on::standing(app, actor, id).await.unwrap();
        let newer = standing.newer.unwrap();
        move_on::take(app, actor, id, standing.version, &newer.digest).await.unwrap();

        let after = document::open(app, actor, id, name).await.unwrap();
        assert_eq!(after.changed.as_ref().unwrap().standing, Standing::WorkedIn);
        assert_ne!(after.written, before.written, "the plan says something else now");
        assert_eq!(after.text, format!("{}\n{OURS}\n", after.written));
        assert!(file(&test, id, "implementation-plan.md").await.contains(OURS));
        // Whoever had it open before the move does not overwrite what the move changed.
        let old = save(&test, actor, id, name, &before.text, before.mark).await.unwrap();
        assert!(matches!(old, Saved::Overlap(now) if now.text == after.text));
        // With what they had before them, both are kept.
        let mine = before.text.replace(OURS, "Bring the keys.");
        let seen = Seen { mark: before.mark, text: Some(&before.text) };
        let saved = document::change(app, actor, &after, &mine, seen).await.unwrap();
        assert!(matches!(saved, Saved::Merged(_)), "{saved:?}");
        let both = document::open(app, actor, id, name).await.unwrap();
        assert_eq!(both.text, after.text.replace(OURS, "Bring the keys."));
        assert_eq!(both.changed.unwrap().standing, Standing::Current);
        // Saving what was worked in makes it current.
        change(&test, id, name, |text| text.replace("Bring the keys.", "Bring nothing.")).await;
        let saved = document::open(app, actor, id, name).await.unwrap();
        assert_eq!(saved.changed.unwrap().standing, Standing::Current);
    })
    .await;
}

#[tokio::test]
async fn two_who_write_at_once_lose_nothing() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = onboard(&test, "Acme").await;
        let seen = document::open(app, actor, id, "welcome").await.unwrap();
        let theirs = change(&test, id, "welcome", longer).await;
        let mine = seen.text.replace("Acme", "ACME");
        let Saved::Overlap(now) = save(&test, actor, id, "welcome", &mine, seen.mark).await.unwrap() else {
            panic!("their words are gone")
        };
        assert!(now.text.contains(OURS) && now.mark == theirs);
        assert!(matches!(
            document::reset(app, actor, id, "welcome", seen.mark).await.unwrap(),
            Saved::Overlap(_)
        ));
        let again = save(&test, actor, id, "welcome", &mine, now.mark).await.unwrap();
        assert!(matches!(again, Saved::Done(_)));
        assert!(!document::open(app, actor, id, "welcome").await.unwrap().text.contains(OURS));
    })
    .await;
}

#[tokio::test]
async fn two_who_change_different_passages_both_get_what_they_want() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = onboard(&test, "Acme").await;
        for name in ["welcome", "handoff"] {
            let first = document::open(app, actor, id, name).await.unwrap();
            let title = first.text.lines().find(|line| line.starts_with("title = ")).unwrap();
            change(&test, id, name, longer).await;
            let theirs = document::open(app, actor, id, name).await.unwrap();
            let seen = Seen { mark: first.mark, text: Some(&first.text) };
            let mine = first.text.replace(title, "title = \"Ours\"");
            let Saved::Merged(mark) = document::change(app, actor, &theirs, &mine, seen).await.unwrap()
            else {
                panic!("the passages differ")
            };
            let both = document::open(app, actor, id, name).await.unwrap();
            assert_eq!(both.text, theirs.text.replace(title, "title = \"Ours\""));
            assert_eq!(both.mark, mark);
            // Where both changed the same line, the person decides, and nothing is lost until then.
            let other = first.text.replace(title, "title = \"Mine\"");
            let Saved::Overlap(now) = document::change(app, actor, &both, &other, seen).await.unwrap() else {
                panic!("theirs is gone")
            };
            assert_eq!(now.text, both.text);
            // A text that nobody has seen is no help.
            let strange = Seen { mark: first.mark, text: Some("Another text altogether.") };
            let refused = document::change(app, actor, &both, &other, strange).await.unwrap();
            assert!(matches!(refused, Saved::Overlap(_)), "{refused:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn of_many_who_change_different_passages_at_the_same_moment_all_are_kept() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = onboard(&test, "Acme").await;
        let parts = |words: &str| (0..4).map(|part| format!("Part {part}{words}.\n\n")).collect::<String>();
        change(&test, id, "handoff", |text| format!("{text}\n{}", parts(""))).await;
        let seen = document::open(&test.app, &test.actor, id, "handoff").await.unwrap();
        let mut racing = tokio::task::JoinSet::new();
        for part in 0..4 {
            let (app, actor, sheet) = (test.app.clone(), test.actor.clone(), seen.clone());
            racing.spawn(async move {
                let text = sheet.text.replace(&format!("Part {part}."), &format!("Part {part}, done."));
                let seen = Seen { mark: sheet.mark, text: Some(&sheet.text) };
                document::change(&app, &actor, &sheet, &text, seen).await.unwrap()
            });
        }
        let saved = racing.join_all().await;
        assert!(!saved.iter().any(|saved| matches!(saved, Saved::Overlap(_))), "{saved:?}");
        let now = document::open(&test.app, &test.actor, id, "handoff").await.unwrap();
        assert!(now.text.trim_end().ends_with(parts(", done").trim_end()), "{}", now.text);
    })
    .await;
}

#[tokio::test]
async fn of_many_at_the_same_moment_one_is_first() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = onboard(&test, "Acme").await;
        // Once for a document nobody has changed, once for one that somebody has.
        for round in 0..2 {
            let seen = document::open(&test.app, &test.actor, id, "welcome").await.unwrap();
            let mut racing = tokio::task::JoinSet::new();
            for number in 0..8 {
                let (app, actor, sheet) = (test.app.clone(), test.actor.clone(), seen.clone());
                let text = format!("{}\nWords {round} of {number}.\n", seen.text);
                racing.spawn(async move {
                    let seen = Seen { mark: sheet.mark, text: None };
                    let saved = document::change(&app, &actor, &sheet, &text, seen).await.unwrap();
                    matches!(saved, Saved::Done(_)).then_some(text)
                });
            }
            let won: Vec<String> = racing.join_all().await.into_iter().flatten().collect();
            assert_eq!(won.len(), 1, "in round {round}");
            let now = document::open(&test.app, &test.actor, id, "welcome").await.unwrap();
            assert!(won[0].contains(now.text.lines().last().unwrap()), "what was told to be saved is saved");
        }
    })
    .await;
}

#[tokio::test]
async fn changes_are_taken_back() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = onboard(&test, "Acme").await;
        let first = document::open(app, actor, id, "welcome").await.unwrap();
        let one = change(&test, id, "welcome", longer).await;
        let Saved::Done(mark) = document::reset(app, actor, id, "welcome", one).await.unwrap() else {
            panic!()
        };
        let after = document::open(app, actor, id, "welcome").await.unwrap();
        assert_eq!((&after.text, after.changed.is_none(), after.mark), (&first.text, true, mark));
        assert!(document::changes(app, actor, id).await.unwrap().is_empty());
        // Writing the same once more is not mistaken for the first time.
        assert_ne!(change(&test, id, "welcome", longer).await, one);
        // Words that say what the plan says are no change; a document nobody changed needs none taken back.
        let sheet = document::open(app, actor, id, "welcome").await.unwrap();
        let as_a_form_sends_it = first.text.replace('\n', "\r\n");
        save(&test, actor, id, "welcome", &as_a_form_sends_it, sheet.mark).await.unwrap();
        assert!(document::changes(app, actor, id).await.unwrap().is_empty());
        let raci = document::open(app, actor, id, "raci-matrix").await.unwrap();
        let none = document::reset(app, actor, id, "raci-matrix", raci.mark).await.unwrap();
        assert_eq!(none, Saved::Done(raci.mark));
        // Saving what stands is no change.
        let sheet = document::open(app, actor, id, "handoff").await.unwrap();
        let mark = change(&test, id, "handoff", longer).await;
        let stands = document::open(app, actor, id, "handoff").await.unwrap().text;
        let again = save(&test, actor, id, "handoff", &stands, mark).await.unwrap();
        assert_eq!(again, Saved::Done(mark));
        document::reset(app, actor, id, "handoff", mark).await.unwrap();
        assert_ne!(document::open(app, actor, id, "handoff").await.unwrap().mark, sheet.mark);
        let kinds: Vec<String> =
            activity::recent(app, actor, 6).await.unwrap().into_iter().map(|entry| entry.kind).collect();
        let (changed, reset) = ("onboarding.document_changed", "onboarding.document_reset");
        assert_eq!(kinds, [reset, changed, reset, changed, reset, changed]);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_or_may_not_be_done_changes_nothing() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = onboard(&test, "Acme").await;
        let sheet = document::open(app, actor, id, "welcome").await.unwrap();
        let save_it = async |text: &str| save(&test, actor, id, "welcome", text, sheet.mark).await;
        let broken = format!("{}\n```cards\n[{{\"label\": 1]\n```\n", sheet.text);
        let error = save_it(&broken).await.unwrap_err();
        assert!(matches!(error, AppError::Invalid(_)), "{error}");
        let line = sheet.text.lines().count() + 3;
        let place = format!("line {line} of the whole text, “[{{\"label\": 1]”");
        assert!(error.to_string().contains(&place), "{error}");
        let unaddressed = save_it("Hello there").await.unwrap_err();
        assert_eq!(unaddressed.to_string(), "subject is missing");
        let empty = save_it("+++\ntitle = \"Hello\"\n+++\n\n").await.unwrap_err();
        assert_eq!(empty.to_string(), "text is empty");
        assert!(matches!(save_it("a\0b").await.unwrap_err(), AppError::Invalid(_)));
        assert!(matches!(save_it(&"x".repeat(400_001)).await.unwrap_err(), AppError::Invalid(_)));
        let tried = document::preview(app, actor, id, "welcome", Some(&broken)).await.unwrap_err();
        assert!(matches!(tried, AppError::Invalid(_)), "{tried}");

        let missing = document::open(app, actor, id, "../welcome").await.unwrap_err();
        assert_eq!(missing.code(), "not_found");
        let viewer = test.member(Role::Viewer).await;
        assert!(document::open(app, &viewer, id, "welcome").await.is_ok());
        let refused = save(&test, &viewer, id, "welcome", "Hello", sheet.mark).await.unwrap_err();
        assert_eq!(refused.code(), "forbidden");
        let seen = Seen { mark: sheet.mark, text: None };
        let refused = document::change(app, &viewer, &sheet, "Hello", seen).await.unwrap_err();
        assert_eq!(refused.code(), "forbidden");
        let elsewhere = test.elsewhere("Southlight").await;
        let stranger = document::open(&elsewhere.app, &elsewhere.actor, id, "welcome").await.unwrap_err();
        assert_eq!(stranger.code(), "not_found");
        assert_eq!(document::open(app, actor, id, "welcome").await.unwrap(), sheet);
    })
    .await;
}

#[tokio::test]
async fn words_of_people_stay_words() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let made = gangway_app::handoff::accept(&test.app, &test.actor, deal("Acme").into_bytes(), None);
        let handoff = made.await.unwrap().handoff;
        let made =
            onboarding::generate(&test.app, &test.actor, handoff, onboarding::GenerateOptions::default());
        let id = made.await.unwrap().id;
        change(&test, id, "welcome", |text| {
            format!("{text}\n<script>alert(1)</script> [click](javascript:alert(1))\n")
        })
        .await;
        let html = file(&test, id, "emails/welcome.html").await;
        assert!(!html.contains("<script>") && !html.contains("href=\"javascript:"), "{html}");
    })
    .await;
}

#[tokio::test]
async fn documents_of_a_deal_that_says_little_can_be_opened() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let deal = "Customer: Pinecone Studio\nProduct: Store Insights\nACV: $2,900\n\
                    Contact: Alex Monroe (founder)\nUsers: 4\n";
        let made = gangway_app::handoff::accept(&test.app, &test.actor, deal.into(), None).await.unwrap();
        let options = onboarding::GenerateOptions::default();
        let id = onboarding::generate(&test.app, &test.actor, made.handoff, options).await.unwrap().id;
        // Neither country nor go-live is known, and the programme has templates of its own.
        for name in ["handoff", "welcome"] {
            let page = document::preview(&test.app, &test.actor, id, name, None).await.unwrap();
            assert!(page.contains("Store Insights"), "{name}: {page}");
        }
    })
    .await;
}
