//! At which hour the mail is sent, and on whose clock.

use gangway_domain::digest::Wishes;
use gangway_domain::ids::WorkspaceId;
use gangway_store::{Tx, digest as rows};
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::App;
use crate::error::{AppError, Problem};
use crate::identity::none_of;

/// An hour and a zone there are.
pub(crate) fn checked(hour: Option<i8>, zone: Option<&str>) -> Result<(), AppError> {
    let mut problems = Vec::new();
    if hour.is_some_and(|hour| !(0..24).contains(&hour)) {
        problems.push(Problem::new("hour", "must lie between 0 and 23"));
    }
    if zone.is_some_and(|zone| zone.len() > 60 || TimeZone::get(zone).is_err()) {
        problems.push(Problem::new("zone", "is none there is: write one such as Europe/Vienna"));
    }
    none_of(problems)
}

/// An hour on the clock of a zone.
#[derive(Debug, Clone)]
pub(super) struct Clock {
    pub(super) hour: i8,
    zone: TimeZone,
}

impl Clock {
    /// A workspace's; the installation's where it chose none.
    pub(super) async fn of_workspace(
        app: &App,
        tx: &mut Tx,
        workspace: WorkspaceId,
    ) -> Result<Self, AppError> {
        let (hour, zone) = rows::clock(tx, workspace).await?.unwrap_or((app.digest_hour, None));
        let zone = zone.and_then(|zone| TimeZone::get(&zone).ok());
        Ok(Self { hour, zone: zone.unwrap_or_else(|| app.time_zone.clone()) })
    }

    /// Somebody's, over that of their workspace. A zone that is no more is none.
    pub(super) fn for_wishes(&self, wishes: &Wishes) -> Self {
        let zone = wishes.zone.as_deref().and_then(|zone| TimeZone::get(zone).ok());
        Self { hour: wishes.hour.unwrap_or(self.hour), zone: zone.unwrap_or_else(|| self.zone.clone()) }
    }

    pub(super) fn today(&self, now: jiff::Timestamp) -> Date {
        now.to_zoned(self.zone.clone()).date()
    }

    /// When it is the hour on a day.
    pub(super) fn on(&self, day: Date) -> jiff::Timestamp {
        let there = day.at(self.hour.clamp(0, 23), 0, 0, 0).to_zoned(self.zone.clone());
        there.map_or(jiff::Timestamp::MAX, |there| there.timestamp())
    }

    /// When it is the hour next.
    pub(super) fn after(&self, now: jiff::Timestamp) -> jiff::Timestamp {
        let today = self.today(now);
        let at = self.on(today);
        if at > now { at } else { self.on(today.saturating_add(1.day())) }
    }

    pub(super) fn name(&self) -> String {
        self.zone.iana_name().unwrap_or("UTC").to_owned()
    }

    pub(super) fn in_words(&self) -> String {
        format!("at {:02}:00 ({})", self.hour, self.name())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_hour_is_that_of_the_readers_clock() {
        let house = Clock { hour: 7, zone: TimeZone::UTC };
        let wishes = Wishes { hour: Some(18), zone: Some("Asia/Tokyo".to_owned()), ..Wishes::default() };
        let own = house.for_wishes(&wishes);
        assert_eq!(own.in_words(), "at 18:00 (Asia/Tokyo)");
        // Tokyo is nine hours ahead, also in winter.
        let now: jiff::Timestamp = "2027-01-04T08:59:00Z".parse().unwrap();
        assert_eq!(own.after(now).to_string(), "2027-01-04T09:00:00Z");
        assert_eq!(own.after("2027-01-04T09:00:00Z".parse().unwrap()).to_string(), "2027-01-05T09:00:00Z");
        let evening: jiff::Timestamp = "2027-01-04T20:00:00Z".parse().unwrap();
        assert_eq!((own.today(evening), house.today(evening)), (date(2027, 1, 5), date(2027, 1, 4)));
        // Nothing chosen is the workspace's; a zone that is no more is none.
        let gone = Wishes { zone: Some("Mars/Olympus".to_owned()), ..Wishes::default() };
        assert_eq!(house.for_wishes(&gone).in_words(), "at 07:00 (UTC)");
    }

    #[test]
    fn a_day_without_the_hour_has_its_mail_an_hour_later() {
        let own = Clock { hour: 2, zone: TimeZone::get("Europe/Vienna").unwrap() };
        // On 28 March 2027 the clock goes from 02:00 to 03:00.
        assert_eq!(own.on(date(2027, 3, 28)).to_string(), "2027-03-28T01:00:00Z");
    }

    #[test]
    fn hours_and_zones_there_are_none_of_are_refused() {
        assert!(checked(Some(0), Some("Europe/Vienna")).is_ok() && checked(None, None).is_ok());
        for (hour, zone) in
            [(Some(24), None), (Some(-1), None), (None, Some("Mars/Olympus")), (None, Some(""))]
        {
            assert!(matches!(checked(hour, zone), Err(AppError::Invalid(_))), "{hour:?} {zone:?}");
        }
    }
}
