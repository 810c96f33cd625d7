//! Usage events: any bytes give a verdict for each message, and what is accepted comes back out of the log as it was.
#![no_main]

use gangway_events::read::{MOST_ID, MOST_MESSAGE_ID, Origin, Shape, Verdict, open};
use gangway_events::{Event, Kind};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let origin = Origin {
        workspace: uuid::Uuid::nil().into(),
        source: uuid::Uuid::nil(),
        received_at: jiff::Timestamp::constant(1_800_000_000, 0),
    };
    for shape in [Shape::Any, Shape::Batch, Shape::One(Kind::Track), Shape::One(Kind::Group)] {
        let Ok(request) = open(bytes, shape) else { continue };
        let verdicts = request.read(&origin);
        assert_eq!(verdicts.len(), request.len());
        for verdict in verdicts {
            let event = match verdict {
                Verdict::Accepted(event) => event,
                Verdict::Quarantined(refused) | Verdict::Rejected(refused) => {
                    assert!(!refused.body.contains('\0'));
                    continue;
                }
            };
            assert!(event.message_id.chars().count() <= MOST_MESSAGE_ID);
            assert!(event.actor().is_some_and(|actor| actor.chars().count() <= MOST_ID && !actor.contains('\0')));
            let mut line = Vec::new();
            event.write_line(&mut line).expect("what was read can be written");
            assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
            assert_eq!(Event::read_line(line.trim_ascii_end()).expect("what was written can be read"), event);
            for json in [&event.properties, &event.traits, &event.context].into_iter().flatten() {
                assert!(is_whole(json), "{}", json.text());
            }
        }
    }
});

/// An object that was accepted can be read: it is empty only when its text is. One key is serde_json's own.
fn is_whole(json: &gangway_events::Json) -> bool {
    !json.object().is_empty() || !json.text().contains(':') || json.text().contains("serde_json")
}
