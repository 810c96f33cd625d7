//! When a message happened.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::value::RawValue;

use super::verdict::{Code, Reason};

/// How far ahead of our clock a message may be: a day, since clocks of devices are wrong.
pub const MOST_AHEAD: SignedDuration = SignedDuration::from_hours(24);
/// How old a message may be: three years, one of them a leap year.
pub const MOST_BEHIND: SignedDuration = SignedDuration::from_hours(24 * 1_096);

/// The times a message gives.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Times<'a> {
    pub timestamp: Option<&'a RawValue>,
    pub original: Option<&'a RawValue>,
    pub sent: Option<&'a RawValue>,
    /// Set by whoever collected the message before us, and then its timestamp was corrected already.
    pub received: Option<&'a RawValue>,
}

impl Times<'_> {
    /// Whether the message says itself when it happened.
    pub(super) fn own(&self) -> bool {
        self.timestamp.is_some() || self.original.is_some()
    }

    /// When it happened by our clock: `timestamp + (received − sentAt)`, since what lies between happening and sending is
    /// measured by one clock of the sender's, right or wrong. Without `sentAt` the timestamp is taken as it is, and
    /// without a timestamp the time we received it.
    ///
    /// # Errors
    /// When a field is no date with a time, or the time is not believed.
    pub(super) fn event_time(&self, received_at: Timestamp) -> Result<Timestamp, Reason> {
        let timestamp = instant(self.timestamp, "timestamp")?;
        let original = instant(self.original, "originalTimestamp")?;
        let sent = instant(self.sent, "sentAt")?;
        let corrected = self.received.is_some() && timestamp.is_some();
        let (at, field) = match (original, timestamp) {
            (Some(original), _) if !corrected => (original, "originalTimestamp"),
            (_, Some(timestamp)) => (timestamp, "timestamp"),
            _ => return Ok(received_at),
        };
        let skew = match sent {
            Some(sent) if !corrected => received_at.duration_since(sent),
            _ => SignedDuration::ZERO,
        };
        let at = at.checked_add(skew).map_err(|_| Reason::invalid_date(field))?;
        believed(at, received_at, field)?;
        Ok(whole_microseconds(at))
    }
}

/// What is finer cannot be stored.
pub(super) fn whole_microseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

fn believed(at: Timestamp, received_at: Timestamp, field: &'static str) -> Result<(), Reason> {
    let ahead = at.duration_since(received_at);
    if ahead > MOST_AHEAD {
        let words = format!("`{field}` says {at}, more than 24 hours ahead of our clock.");
        return Err(Reason::new(Code::TooFarInFuture, Some(field), words));
    }
    if ahead < -MOST_BEHIND {
        let words = format!("`{field}` says {at}, more than three years ago.");
        return Err(Reason::new(Code::TooOld, Some(field), words));
    }
    Ok(())
}

/// An instant in ISO 8601; without an offset it is UTC.
fn instant(value: Option<&RawValue>, field: &'static str) -> Result<Option<Timestamp>, Reason> {
    let Some(value) = value else { return Ok(None) };
    let wrong = || Reason::invalid_date(field);
    let text: String = serde_json::from_str(value.get()).map_err(|_| wrong())?;
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(Some(at));
    }
    let civil: DateTime = text.parse().map_err(|_| wrong())?;
    let at = civil.to_zoned(TimeZone::UTC).map_err(|_| wrong())?;
    Ok(Some(at.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> &RawValue {
        serde_json::from_str(text).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn judged(times: &Times<'_>) -> Result<Timestamp, (Code, Option<&'static str>)> {
        let received = at("2027-01-11T10:00:00Z");
        times.event_time(received).map_err(|reason| (reason.code, reason.field))
    }

    #[test]
    fn the_senders_clock_is_corrected() {
        // The device is ten minutes slow: it says 09:40 for what happened at 09:50, and sends at 09:50 by its clock.
        let times = Times {
            timestamp: Some(raw(r#""2027-01-11T09:40:00Z""#)),
            sent: Some(raw(r#""2027-01-11T09:50:00Z""#)),
            ..Times::default()
        };
        assert_eq!(judged(&times), Ok(at("2027-01-11T09:50:00Z")));
        let unsent = Times { sent: None, ..times };
        assert_eq!(judged(&unsent), Ok(at("2027-01-11T09:40:00Z")), "history keeps its time");
        assert_eq!(judged(&Times::default()), Ok(at("2027-01-11T10:00:00Z")));
        let collected = Times { received: Some(raw(r#""2027-01-11T09:50:01Z""#)), ..times };
        assert_eq!(judged(&collected), Ok(at("2027-01-11T09:40:00Z")), "it was corrected before it came");
        let original = Times { original: Some(raw(r#""2027-01-11T09:30:00""#)), ..times };
        assert_eq!(judged(&original), Ok(at("2027-01-11T09:40:00Z")), "UTC when it says nothing else");
    }

    #[test]
    fn times_that_cannot_be_are_told() {
        let timestamp = |text| judged(&Times { timestamp: Some(raw(text)), ..Times::default() });
        let (ahead, behind) = (Code::TooFarInFuture, Code::TooOld);
        assert_eq!(timestamp(r#""2027-01-12T10:00:00Z""#), Ok(at("2027-01-12T10:00:00Z")));
        assert_eq!(timestamp(r#""2027-01-12T10:00:00.001Z""#), Err((ahead, Some("timestamp"))));
        assert_eq!(timestamp(r#""2024-01-11T10:00:00Z""#), Ok(at("2024-01-11T10:00:00Z")));
        assert_eq!(timestamp(r#""2024-01-10T09:59:59Z""#), Err((behind, Some("timestamp"))));
        for wrong in [r#""yesterday""#, r#""2027-02-30T00:00:00Z""#, "1736589600", "{}", r#""""#] {
            assert_eq!(timestamp(wrong), Err((Code::InvalidDate, Some("timestamp"))), "{wrong}");
        }
        let sent = Times { sent: Some(raw("true")), ..Times::default() };
        assert_eq!(judged(&sent), Err((Code::InvalidDate, Some("sentAt"))));
        // The difference of the two is added; what no calendar can say must not panic.
        let far = Times {
            timestamp: Some(raw(r#""9999-12-30T00:00:00Z""#)),
            sent: Some(raw(r#""-009999-01-03T00:00:00Z""#)),
            ..Times::default()
        };
        assert_eq!(judged(&far), Err((Code::InvalidDate, Some("timestamp"))));
    }
}
