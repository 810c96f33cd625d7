//! Files of usage events: any line of CSV or JSON gives a verdict or a reason, and what is accepted comes back out of the log as it
//! was.
#![no_main]

use gangway_events::Event;
use gangway_events::read::{MOST_MESSAGE_ID, Origin, Reason, Verdict};

// As it is in the crate, which keeps it to itself and brings a database along.
#[path = "../../crates/app/src/usage/import/line.rs"]
mod line;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let origin = Origin {
        workspace: uuid::Uuid::nil().into(),
        source: uuid::Uuid::nil(),
        received_at: jiff::Timestamp::constant(1_800_000_000, 0),
    };
    let text = String::from_utf8_lossy(bytes);
    let columns = line::header(text.lines().next().unwrap_or_default());
    for row in text.lines() {
        look(line::from_json(row, "imt_1-2", &origin));
        look(line::from_csv(&columns, row, "imt_1-2", &origin));
    }
});

/// What is accepted can be kept, and read again.
fn look(read: Result<Verdict, Reason>) {
    let Ok(Verdict::Accepted(event)) = read else { return };
    assert!(event.message_id.chars().count() <= MOST_MESSAGE_ID);
    let mut written = Vec::new();
    event.write_line(&mut written).expect("what was read can be written");
    assert_eq!(Event::read_line(written.trim_ascii_end()).expect("what was written can be read"), event);
}
