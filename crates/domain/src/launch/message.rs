//! What people are told of the launch: written from the facts, changed by people, sent once.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use super::Recorded;
use crate::methodology::LaunchMessage;

/// That a message went out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// Who sent it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Names of those it went to.
    pub to: Vec<String>,
}

/// A message of the launch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Which of those the methodology names (id).
    pub moment: String,
    /// Subject.
    pub subject: String,
    /// Text, Markdown.
    pub text: String,
    /// The day it should go out.
    pub due_on: Date,
    /// That it went out.
    pub sent: Option<Sent>,
}

impl Recorded for Message {
    const KIND: &'static str = "message";

    fn status(&self) -> &'static str {
        if self.sent.is_some() { "sent" } else { "draft" }
    }
}

/// The day a message should go out.
#[must_use]
pub fn moment_day(message: &LaunchMessage, go_live: Date) -> Date {
    go_live.saturating_add(message.days.days())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_count_from_the_go_live() {
        let message = |days| LaunchMessage {
            id: "week-before".to_owned(),
            title: "A week before".to_owned(),
            days,
            template: "launch-week-before".to_owned(),
        };
        assert_eq!(moment_day(&message(-7), date(2027, 3, 1)), date(2027, 2, 22));
        assert_eq!(moment_day(&message(3), date(2027, 3, 1)), date(2027, 3, 4));
    }
}
