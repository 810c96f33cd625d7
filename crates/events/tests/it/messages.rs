//! Messages that are as they should be.

use std::path::{Path, PathBuf};

use gangway_events::read::{Code, Shape, Verdict};
use gangway_events::{Event, Kind};
use serde_json::json;

use super::support::{at, event_of, read, read_at};

fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/messages").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn a_batch_gives_a_verdict_for_each_message() {
    let verdicts = read(&file("batch.json"), Shape::Batch);
    let [identify, group, track, nameless, alias] = verdicts.as_slice() else { panic!("{verdicts:?}") };
    let Verdict::Accepted(identify) = identify else { panic!("{identify:?}") };
    assert_eq!((identify.kind, identify.actor()), (Kind::Identify, Some("u-201")));
    assert_eq!(identify.traits.as_ref().unwrap().string("email").as_deref(), Some("mira@harbour.example"));
    // The batch was sent two seconds before it came, by a clock that may be wrong: they are added to all.
    assert_eq!(identify.at, at("2027-01-11T09:59:52Z"));
    assert_eq!(identify.usage(), None);
    let Verdict::Accepted(group) = group else { panic!("{group:?}") };
    assert_eq!((group.kind, group.group_id.as_deref()), (Kind::Group, Some("harbour")));
    let Verdict::Accepted(track) = track else { panic!("{track:?}") };
    assert_eq!((track.usage(), track.group_id.as_deref()), (Some("Signed In"), Some("harbour")));
    assert_eq!(track.at, at("2027-01-11T09:59:54Z"));
    let context =
        json!({ "library": { "name": "analytics-node", "version": "2.1.3" }, "groupId": "harbour" });
    assert_eq!(track.message()["context"], context);
    assert_eq!(track.message()["integrations"], json!({ "All": true }));
    let Verdict::Rejected(refused) = nameless else { panic!("{nameless:?}") };
    assert_eq!((refused.reason.code, refused.reason.field), (Code::MissingField, Some("event")));
    assert_eq!(refused.reason.words, "`event` is needed: the name of what was done.");
    assert!(refused.body.contains("batch-3"));
    let Verdict::Accepted(alias) = alias else { panic!("{alias:?}") };
    assert_eq!((alias.previous_id.as_deref(), alias.user_id.as_deref()), (Some("anon-77"), Some("u-201")));
}

#[test]
fn a_write_key_may_stand_in_the_body() {
    let batch = file("batch.json");
    let request = gangway_events::read::open(batch.as_bytes(), Shape::Batch).unwrap();
    assert_eq!((request.write_key(), request.len()), (Some("gwk_0123456789abcdef"), 5));
    let none = gangway_events::read::open(b"{\"batch\":[]}", Shape::Batch).unwrap();
    assert_eq!((none.write_key(), none.is_empty()), (None, true));
}

#[test]
fn a_browsers_message_is_read() {
    let event = event_of(&file("track.json"), Shape::One(Kind::Track));
    assert_eq!(event.message_id, "ajs-next-1-6f0c");
    assert_eq!(event.name.as_deref(), Some("Report created"));
    assert_eq!(event.actor(), Some("u-201"));
    assert_eq!(event.anonymous_id.as_deref(), Some("anon-77"));
    assert_eq!(event.at, at("2027-01-11T09:59:57.5Z"));
    assert_eq!(event.properties.as_ref().unwrap().get("rows"), Some(json!(1200)));
    assert_eq!(event.context.as_ref().unwrap().string("locale").as_deref(), Some("de-AT"));
    assert!(!event.repaired);
    // The address decides what it is, whatever the message says.
    let page = event_of(&file("track.json"), Shape::One(Kind::Page));
    assert_eq!((page.kind, page.name.as_deref(), page.usage()), (Kind::Page, None, Some("Page viewed")));
}

#[test]
fn other_kinds_are_read() {
    let identify = event_of(&file("identify.json"), Shape::One(Kind::Identify));
    assert_eq!(identify.user_id.as_deref(), Some("4711"), "a number is an id as well");
    assert_eq!((identify.at, identify.received_at), (at("2027-01-11T10:00:00Z"), at("2027-01-11T10:00:00Z")));
    let group = event_of(&file("group.json"), Shape::Any);
    assert!(group.repaired);
    assert_eq!(group.traits.as_ref().unwrap().string("name").as_deref(), Some("Harbour\u{fffd} Logistics"));
    let page = event_of(&file("page.json"), Shape::Any);
    assert_eq!((page.usage(), page.name.as_deref()), (Some("Page viewed"), Some("Reports")));
    let screen = event_of(&file("screen.json"), Shape::Any);
    assert_eq!(screen.usage(), Some("Screen viewed"));
    assert_eq!(screen.properties.as_ref().unwrap().string("broken").as_deref(), Some("\u{fffd}"));
    let alias = event_of(&file("alias.json"), Shape::Any);
    assert_eq!((alias.kind, alias.usage()), (Kind::Alias, None));
}

#[test]
fn addresses_say_what_is_sent_to_them() {
    for (segment, short, shape) in [
        ("identify", "i", Shape::One(Kind::Identify)),
        ("track", "t", Shape::One(Kind::Track)),
        ("group", "g", Shape::One(Kind::Group)),
        ("page", "p", Shape::One(Kind::Page)),
        ("screen", "s", Shape::One(Kind::Screen)),
        ("alias", "a", Shape::One(Kind::Alias)),
        ("batch", "b", Shape::Batch),
    ] {
        assert_eq!((Shape::of(segment), Shape::of(short)), (Some(shape), Some(shape)));
    }
    assert_eq!(Shape::of("import"), None);
}

#[test]
fn a_message_without_id_is_known_by_its_content() {
    let timed = r#"{"userId":"u","event":"E","timestamp":"2027-01-11T09:00:00Z"}"#;
    let id = |body: &str, received: &str| {
        let mut verdicts = read_at(body, Shape::One(Kind::Track), received);
        match verdicts.pop() {
            Some(Verdict::Accepted(Event { message_id, .. })) => message_id,
            other => panic!("{other:?}"),
        }
    };
    let first = id(timed, "2027-01-11T10:00:00Z");
    assert_eq!(first, id(timed, "2027-01-11T10:05:00Z"), "sent again, it is the same");
    assert!(first.len() <= 100, "{first}");
    assert_ne!(first, id(&timed.replace("\"E\"", "\"F\""), "2027-01-11T10:00:00Z"));
    // What does not say when it happened is another event whenever it comes, also within a batch.
    let bare = r#"{"userId":"u","event":"E"}"#;
    assert_ne!(id(bare, "2027-01-11T10:00:00Z"), id(bare, "2027-01-11T10:00:01Z"));
    assert_eq!(id(bare, "2027-01-11T10:00:00Z"), id(bare, "2027-01-11T10:00:00Z"));
    let twice =
        r#"{"batch":[{"type":"track","userId":"u","event":"E"},{"type":"track","userId":"u","event":"E"}]}"#;
    let verdicts = read(twice, Shape::Batch);
    let [Verdict::Accepted(one), Verdict::Accepted(two)] = verdicts.as_slice() else {
        panic!("{verdicts:?}")
    };
    assert_ne!(one.key(), two.key());
}

/// The times of the specification's own example, and what it says comes of them.
#[test]
fn clock_skew_is_corrected_as_specified() {
    let times = r#""originalTimestamp":"2015-12-12T19:11:01.152Z","sentAt":"2015-12-12T19:11:01.169Z""#;
    let body = format!(r#"{{"userId":"u","event":"E",{times}}}"#);
    let verdicts = read_at(&body, Shape::One(Kind::Track), "2015-12-12T19:11:01.266Z");
    let [Verdict::Accepted(event)] = verdicts.as_slice() else { panic!("{verdicts:?}") };
    assert_eq!(event.at, at("2015-12-12T19:11:01.249Z"));
}

/// Every example of the specification, when they are there; four of them leave out who it was.
#[test]
fn the_specifications_examples_are_understood() {
    let roots = ["../../../shared/data/segment-spec", "../../../../shared/data/segment-spec"];
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Some(folder) = roots.iter().map(|root| here.join(root)).find(|folder| folder.is_dir()) else {
        println!("skipped: the examples are not in ../shared/data/segment-spec");
        return;
    };
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() > 20, "{files:?}");
    let mut without_user = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let mut verdicts = read_at(&text, Shape::Any, "2015-12-12T19:11:01.266Z");
        match verdicts.pop().unwrap() {
            Verdict::Accepted(event) => {
                if name == "track-02" {
                    assert_eq!(event.at, at("2015-12-12T19:11:01.249Z"), "corrected before it came");
                }
                if name.starts_with("b2b-saas") {
                    assert_eq!(event.group_id.as_deref(), Some("acct_123"), "{name}");
                }
            }
            Verdict::Rejected(refused) => {
                assert_eq!(refused.reason.field, Some("userId"), "{name}: {}", refused.reason);
                without_user.push(name);
            }
            Verdict::Quarantined(refused) => panic!("{name}: {}", refused.reason),
        }
    }
    assert_eq!(without_user, ["group-00", "page-00", "screen-00", "track-00"]);
}
