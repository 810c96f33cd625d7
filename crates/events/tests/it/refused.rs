//! Messages and bodies that are refused, and the words for it.

use gangway_events::Kind;
use gangway_events::read::{
    Code, MOST_BATCH_BYTES, MOST_BATCH_EVENTS, MOST_EVENT_BYTES, Reason, Shape, Verdict, open,
};

use super::support::read;

/// Why the only message of a body is rejected or quarantined.
fn refused(body: &str, shape: Shape) -> (Code, Option<&'static str>, bool) {
    let mut verdicts = read(body, shape);
    assert_eq!(verdicts.len(), 1);
    let (refused, quarantined) = match verdicts.pop().unwrap() {
        Verdict::Rejected(refused) => (refused, false),
        Verdict::Quarantined(refused) => (refused, true),
        Verdict::Accepted(event) => panic!("{body} was accepted: {event:?}"),
    };
    if let Some(field) = refused.reason.field {
        assert!(refused.reason.words.contains(field), "{}", refused.reason);
    }
    (refused.reason.code, refused.reason.field, quarantined)
}

fn body_refused(body: &[u8], shape: Shape) -> Reason {
    match open(body, shape) {
        Err(reason) => reason,
        Ok(request) => panic!("opened: {request:?}"),
    }
}

#[test]
fn what_is_missing_or_wrong_is_named() {
    let track = Shape::One(Kind::Track);
    for (shape, body, code, field) in [
        (track, r#"{"event":"E"}"#, Code::MissingField, "userId"),
        (track, r#"{"userId":" ","event":"E"}"#, Code::MissingField, "userId"),
        (track, r#"{"userId":null,"anonymousId":"","event":"E"}"#, Code::MissingField, "userId"),
        (track, r#"{"userId":"u"}"#, Code::MissingField, "event"),
        (track, r#"{"userId":["u"],"event":"E"}"#, Code::WrongType, "userId"),
        (track, r#"{"userId":true,"event":"E"}"#, Code::WrongType, "userId"),
        (track, r#"{"userId":"u","event":7}"#, Code::WrongType, "event"),
        (track, r#"{"userId":"u","event":"E","properties":"x"}"#, Code::WrongType, "properties"),
        (track, r#"{"userId":"u","event":"E","properties":[1]}"#, Code::WrongType, "properties"),
        (track, r#"{"userId":"u","event":"E","context":1}"#, Code::WrongType, "context"),
        (track, r#"{"userId":"u","event":"E","context":{"groupId":{}}}"#, Code::WrongType, "context.groupId"),
        (track, r#"{"userId":"u","event":"E","messageId":1}"#, Code::WrongType, "messageId"),
        (track, r#"{"userId":"u","event":"E","timestamp":"soon"}"#, Code::InvalidDate, "timestamp"),
        (track, r#"{"userId":"u","event":"E","sentAt":12}"#, Code::InvalidDate, "sentAt"),
        (Shape::One(Kind::Group), r#"{"userId":"u"}"#, Code::MissingField, "groupId"),
        (Shape::One(Kind::Group), r#"{"groupId":"g"}"#, Code::MissingField, "userId"),
        (Shape::One(Kind::Identify), r#"{"userId":"u","traits":"x"}"#, Code::WrongType, "traits"),
        (Shape::One(Kind::Alias), r#"{"userId":"u"}"#, Code::MissingField, "previousId"),
        (Shape::One(Kind::Alias), r#"{"previousId":"u","anonymousId":"a"}"#, Code::MissingField, "userId"),
        (Shape::Any, r#"{"userId":"u","event":"E"}"#, Code::MissingField, "type"),
        (Shape::Any, r#"{"type":"shout","userId":"u","event":"E"}"#, Code::UnknownType, "type"),
        (Shape::Batch, r#"{"batch":[{"userId":"u"}]}"#, Code::MissingField, "type"),
        (
            Shape::Batch,
            r#"{"sentAt":"x","batch":[{"type":"page","userId":"u"}]}"#,
            Code::InvalidDate,
            "sentAt",
        ),
    ] {
        assert_eq!(refused(body, shape), (code, Some(field), false), "{body}");
    }
    for item in ["7", "null", "\"x\"", "[]", "[\"track\"]"] {
        let body = format!(r#"{{"batch":[{item}]}}"#);
        assert_eq!(refused(&body, Shape::Batch), (Code::NotAnObject, None, false), "{item}");
    }
    let twice = r#"{"userId":"u","event":"E","event":"F"}"#;
    assert_eq!(refused(twice, track), (Code::InvalidJson, None, false));
    let endless = r#"{"userId":"u","event":"E","properties":{"n":1e999}}"#;
    assert_eq!(refused(endless, track), (Code::InvalidJson, None, false));
}

#[test]
fn times_that_are_not_believed_are_kept_apart() {
    let at = |time: &str| format!(r#"{{"userId":"u","event":"E","timestamp":"{time}"}}"#);
    let track = Shape::One(Kind::Track);
    let ahead = refused(&at("2027-01-12T10:00:01Z"), track);
    assert_eq!(ahead, (Code::TooFarInFuture, Some("timestamp"), true));
    let long_ago = refused(&at("2023-12-31T00:00:00Z"), track);
    assert_eq!(long_ago, (Code::TooOld, Some("timestamp"), true));
    // A clock that is years wrong, but says so by `sentAt`, does no harm.
    let wrong =
        r#"{"userId":"u","event":"E","timestamp":"2001-01-01T00:00:00Z","sentAt":"2001-01-01T00:00:05Z"}"#;
    assert!(matches!(read(wrong, track).as_slice(), [Verdict::Accepted(_)]));
}

#[test]
fn texts_have_limits() {
    let track = Shape::One(Kind::Track);
    let long = "ü".repeat(256);
    for (field, body) in [
        ("userId", format!(r#"{{"userId":"{long}","event":"E"}}"#)),
        ("anonymousId", format!(r#"{{"anonymousId":"{long}","event":"E"}}"#)),
        ("event", format!(r#"{{"userId":"u","event":"{long}"}}"#)),
        ("messageId", format!(r#"{{"userId":"u","event":"E","messageId":"{}"}}"#, "m".repeat(101))),
        ("context.groupId", format!(r#"{{"userId":"u","event":"E","context":{{"groupId":"{long}"}}}}"#)),
    ] {
        assert_eq!(refused(&body, track), (Code::TooLong, Some(field), false));
    }
    let fits = format!(r#"{{"userId":"{}","event":"E","messageId":"{}"}}"#, "ü".repeat(255), "m".repeat(100));
    assert!(matches!(read(&fits, track).as_slice(), [Verdict::Accepted(_)]));
}

#[test]
fn sizes_have_limits() {
    let padded = |bytes: usize| {
        let bare = r#"{"type":"track","userId":"u","event":"E","properties":{"x":""}}"#;
        bare.replace("\"\"", &format!("\"{}\"", "x".repeat(bytes - bare.len())))
    };
    let one = padded(MOST_EVENT_BYTES);
    assert!(matches!(read(&one, Shape::Any).as_slice(), [Verdict::Accepted(_)]));
    let reason = body_refused(padded(MOST_EVENT_BYTES + 1).as_bytes(), Shape::Any);
    assert_eq!(reason.code, Code::TooLarge);
    assert_eq!(reason.words, "32769 bytes are too many for the body: at most 32 KB.");
    // In a batch, one that is too large costs no other.
    let batch = format!(r#"{{"batch":[{},{one}]}}"#, padded(MOST_EVENT_BYTES + 1));
    let verdicts = read(&batch, Shape::Batch);
    let [Verdict::Rejected(large), Verdict::Accepted(_)] = verdicts.as_slice() else {
        panic!("{verdicts:?}")
    };
    assert_eq!(large.reason.code, Code::TooLarge);
    assert!(large.body.len() < MOST_EVENT_BYTES, "only the beginning is kept");
    // What a batch adds to each counts for each: a small body must not become a large log.
    let shared = format!(r#"{{"context":{{"x":"{}"}},"batch":[{one}]}}"#, "x".repeat(100));
    assert_eq!(refused(&shared, Shape::Batch), (Code::TooLarge, None, false));
    let spaces = format!("{{\"batch\":[]{}}}", " ".repeat(MOST_BATCH_BYTES));
    assert_eq!(body_refused(spaces.as_bytes(), Shape::Batch).code, Code::TooLarge);
    let many = format!(r#"{{"batch":[{}0]}}"#, "0,".repeat(MOST_BATCH_EVENTS));
    let reason = body_refused(many.as_bytes(), Shape::Batch);
    assert_eq!((reason.code, reason.field), (Code::TooManyEvents, Some("batch")));
    let most = format!(r#"{{"batch":[{}0]}}"#, "0,".repeat(MOST_BATCH_EVENTS - 1));
    assert_eq!(read(&most, Shape::Batch).len(), MOST_BATCH_EVENTS);
}

#[test]
fn depth_has_a_limit() {
    let nested = |depth: usize| {
        let inner = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        format!(r#"{{"type":"track","userId":"u","event":"E","properties":{{"x":{inner}}}}}"#)
    };
    assert!(matches!(read(&nested(62), Shape::Any).as_slice(), [Verdict::Accepted(_)]));
    assert_eq!(refused(&nested(63), Shape::Any), (Code::TooDeep, None, false));
    assert_eq!(refused(&nested(15_000), Shape::Any), (Code::TooDeep, None, false));
    let batch = format!(r#"{{"batch":[{}]}}"#, nested(15_000));
    assert_eq!(refused(&batch, Shape::Batch), (Code::TooDeep, None, false));
    let context =
        format!(r#"{{"batch":[],"context":{{"x":{}{}}}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    let reason = body_refused(context.as_bytes(), Shape::Batch);
    assert_eq!((reason.code, reason.field), (Code::TooDeep, Some("context")));
    let endless = format!(r#"{{"batch":{}"#, "[".repeat(400_000));
    assert_eq!(body_refused(endless.as_bytes(), Shape::Batch).code, Code::InvalidJson);
}

#[test]
fn bodies_that_are_none_are_refused_as_a_whole() {
    let bodies: [(&[u8], Shape, Code); 12] = [
        (b"\xff{}", Shape::Any, Code::NotUtf8),
        (b"", Shape::Any, Code::NotAnObject),
        (b"[]", Shape::Batch, Code::NotAnObject),
        (b"7", Shape::Any, Code::NotAnObject),
        (b"{", Shape::Any, Code::InvalidJson),
        (b"{} {}", Shape::Any, Code::InvalidJson),
        (b"{\"userId\":\"a\0b\"}", Shape::Any, Code::InvalidJson),
        (b"{}", Shape::Batch, Code::MissingField),
        (b"{\"batch\":{}}", Shape::Batch, Code::WrongType),
        (b"{\"batch\":[],\"writeKey\":7}", Shape::Batch, Code::WrongType),
        (b"{\"batch\":[],\"context\":7}", Shape::Batch, Code::WrongType),
        (b"{\"batch\":[],\"batch\":[]}", Shape::Batch, Code::InvalidJson),
    ];
    for (body, shape, code) in bodies {
        assert_eq!(body_refused(body, shape).code, code, "{}", String::from_utf8_lossy(body));
    }
    // Files of Windows begin with a mark.
    assert!(open("\u{feff}{\"batch\":[]}".as_bytes(), Shape::Batch).is_ok());
}
