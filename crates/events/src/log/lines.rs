//! How events are written: JSON, one to a line, so that a log can also be read by eye.

use jiff::Timestamp;

use super::LogError;
use crate::event::Event;

/// Events written down, to be kept together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Lines {
    pub text: Vec<u8>,
    pub count: usize,
    /// When the latest of them came in.
    pub received_at: Timestamp,
}

impl Lines {
    /// Writes events down.
    ///
    /// # Errors
    /// When one cannot be written; events that were read always can.
    pub(super) fn of(events: &[Event]) -> Result<Self, LogError> {
        let mut parts = Self::split(events, usize::MAX)?;
        Ok(parts.pop().unwrap_or_default())
    }

    /// Writes events down in parts of at most so many bytes; a longer event is a part of its own.
    ///
    /// # Errors
    /// When one cannot be written.
    pub(super) fn split(events: &[Event], most: usize) -> Result<Vec<Self>, LogError> {
        let mut parts: Vec<Self> = Vec::new();
        let mut part = Self::default();
        for event in events {
            let begin = part.text.len();
            event.write_line(&mut part.text).map_err(LogError::unavailable)?;
            if part.text.len() > most && begin > 0 {
                let line = part.text.split_off(begin);
                parts.push(std::mem::replace(&mut part, Self { text: line, ..Self::default() }));
            }
            part.count += 1;
            part.received_at = part.received_at.max(event.received_at);
        }
        if part.count > 0 {
            parts.push(part);
        }
        Ok(parts)
    }
}

/// The events of a text of the log, and how many of its lines are none.
pub(super) fn events(text: &[u8], into: &mut Vec<Event>) -> usize {
    let mut damaged = 0;
    for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        match Event::read_line(line) {
            Ok(event) => into.push(event),
            Err(error) => {
                damaged += 1;
                // The error names a place in the line and nothing of what stands there.
                tracing::error!(%error, "an event of the log was left out");
            }
        }
    }
    damaged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Kind;

    fn event(id: &str) -> Event {
        Event {
            workspace: uuid::Uuid::nil().into(),
            source: uuid::Uuid::nil(),
            kind: Kind::Identify,
            message_id: id.to_owned(),
            user_id: Some("u".to_owned()),
            anonymous_id: None,
            group_id: None,
            previous_id: None,
            name: None,
            at: Timestamp::UNIX_EPOCH,
            received_at: Timestamp::UNIX_EPOCH,
            properties: None,
            traits: None,
            context: None,
            integrations: None,
            repaired: false,
        }
    }

    #[test]
    fn parts_hold_what_fits() {
        let all = [event("a"), event("b"), event("c")];
        let one = Lines::of(&all[..1]).unwrap();
        let parts = Lines::split(&all, one.text.len() * 2).unwrap();
        assert_eq!(parts.iter().map(|part| part.count).collect::<Vec<_>>(), [2, 1]);
        let parts = Lines::split(&all, 1).unwrap();
        assert_eq!(parts.iter().map(|part| part.count).collect::<Vec<_>>(), [1, 1, 1]);
        let mut read = Vec::new();
        let damaged: usize = parts.iter().map(|part| events(&part.text, &mut read)).sum();
        assert_eq!((damaged, &read[..]), (0, &all[..]));
        assert!(Lines::split(&[], 10).unwrap().is_empty());
    }

    #[test]
    fn a_damaged_line_costs_no_other() {
        let mut text = Lines::of(&[event("a")]).unwrap().text;
        text.extend(b"{\"w\":\n\n");
        text.extend(Lines::of(&[event("b")]).unwrap().text);
        let mut read = Vec::new();
        assert_eq!(events(&text, &mut read), 1);
        assert_eq!(read.iter().map(|event| event.message_id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    }
}
