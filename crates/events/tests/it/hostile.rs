//! Whatever is sent, there is a verdict, and what is accepted comes back out of the log as it was.

use gangway_events::read::{MOST_DEPTH, MOST_ID, MOST_MESSAGE_ID, Shape, Verdict, open};
use gangway_events::{Event, Kind};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value};

use super::support::origin;

const SHAPES: [Shape; 5] =
    [Shape::Any, Shape::Batch, Shape::One(Kind::Track), Shape::One(Kind::Alias), Shape::One(Kind::Group)];

/// The fields messages have, and one they have not.
const KEYS: [&str; 18] = [
    "type",
    "messageId",
    "userId",
    "anonymousId",
    "groupId",
    "previousId",
    "event",
    "name",
    "timestamp",
    "originalTimestamp",
    "sentAt",
    "receivedAt",
    "properties",
    "traits",
    "context",
    "integrations",
    "writeKey",
    "else",
];

/// Texts that mean something somewhere.
const WORDS: [&str; 10] = [
    "track",
    "group",
    "alias",
    "2027-01-11T09:30:00Z",
    "2027-01-11T09:30:00.123456789+05:30",
    "-009999-01-02T01:59:59Z",
    "9999-12-30T22:00:00Z",
    "\0",
    "",
    "u",
];

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,300}".prop_map(Value::from),
        prop::sample::select(WORDS.to_vec()).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((key(), inner), 0..6).prop_map(object)
        ]
    })
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![4 => prop::sample::select(KEYS.to_vec()).prop_map(str::to_owned), 1 => ".{0,8}"]
}

fn object(entries: Vec<(String, Value)>) -> Value {
    Value::Object(entries.into_iter().collect::<Map<String, Value>>())
}

fn message() -> impl Strategy<Value = Value> {
    vec((key(), value()), 0..12).prop_map(|entries| {
        let mut message = object(entries);
        // Most messages say who it was, so that some are accepted.
        if let Some(fields) = message.as_object_mut().filter(|fields| fields.len() % 4 != 0) {
            fields.insert("userId".to_owned(), "u".into());
            fields.insert("event".to_owned(), "E".into());
            fields.insert("type".to_owned(), "track".into());
        }
        message
    })
}

fn judge(body: &[u8]) {
    for shape in SHAPES {
        let Ok(request) = open(body, shape) else { continue };
        let verdicts = request.read(&origin("2027-01-11T10:00:00Z"));
        assert_eq!(verdicts.len(), request.len());
        for verdict in verdicts {
            match verdict {
                Verdict::Accepted(event) => accepted(&event),
                Verdict::Quarantined(refused) | Verdict::Rejected(refused) => {
                    assert!(!refused.body.contains('\0'));
                    assert!(!refused.reason.words.is_empty());
                }
            }
        }
    }
}

fn accepted(event: &Event) {
    assert!(!event.message_id.is_empty() && event.message_id.chars().count() <= MOST_MESSAGE_ID);
    let short =
        [&event.user_id, &event.anonymous_id, &event.group_id, &event.previous_id, &event.name].into_iter();
    for text in short.flatten() {
        assert!(
            !text.trim().is_empty() && text.chars().count() <= MOST_ID && !text.contains('\0'),
            "{text:?}"
        );
    }
    assert!(event.actor().is_some());
    let mut line = Vec::new();
    event.write_line(&mut line).unwrap();
    assert_eq!(line.iter().position(|byte| *byte == b'\n'), Some(line.len() - 1));
    assert_eq!(&Event::read_line(line.trim_ascii_end()).unwrap(), event);
    assert!(!event.message().to_string().contains("\\u0000"));
}

proptest! {
    #[test]
    fn any_bytes_have_a_verdict(bytes in vec(any::<u8>(), 0..2_000)) {
        judge(&bytes);
    }

    #[test]
    fn any_text_has_a_verdict(text in "[\\[\\]{}\":,\\\\u0-9a-f \\n]{0,400}") {
        judge(text.as_bytes());
        judge(format!("{{\"userId\":\"u\",\"event\":\"E\",\"properties\":{text}}}").as_bytes());
    }

    #[test]
    fn any_message_has_a_verdict(message in message(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&message) } else { serde_json::to_string(&message) };
        judge(text.unwrap().as_bytes());
    }

    #[test]
    fn any_batch_has_a_verdict(
        items in vec(message(), 0..8),
        context in value(),
        integrations in value(),
        sent in value(),
    ) {
        let mut batch = Map::new();
        batch.insert("batch".to_owned(), items.into());
        batch.insert("context".to_owned(), context);
        batch.insert("integrations".to_owned(), integrations);
        batch.insert("sentAt".to_owned(), sent);
        judge(Value::Object(batch).to_string().as_bytes());
    }

    #[test]
    fn a_cut_or_changed_message_has_a_verdict(message in message(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = message.to_string().into_bytes();
        let place = at.index(bytes.len());
        judge(&bytes[..place]);
        bytes[place] = byte;
        judge(&bytes);
    }

    #[test]
    fn any_depth_has_a_verdict(depth in 0..4 * MOST_DEPTH, lists in any::<bool>()) {
        let (open, close) = if lists { ("[", "]") } else { ("{\"a\":", "}") };
        let inner = format!("{}1{}", open.repeat(depth), close.repeat(depth));
        judge(format!("{{\"type\":\"track\",\"userId\":\"u\",\"event\":\"E\",\"properties\":{{\"x\":{inner}}}}}").as_bytes());
    }
}
