//! What every part of a package is made from.

use jiff::civil::Date;

use super::calendars::{self, Calendars};
use super::dates::Anchors;
use super::judge::Judge;
use super::people::Cast;
use super::said::Said;
use super::{KeyDates, OnboardingPlan};
use crate::deal::Deal;
use crate::fit::Words;
use crate::methodology::Methodology;
use crate::programme::Programme;

/// The deal, the programme chosen for it, and what is decided before the plan has dates.
pub(super) struct Ground<'a> {
    pub methodology: &'a Methodology,
    pub programme: &'a Programme,
    pub deal: &'a Deal,
    pub judge: &'a Judge<'a>,
    pub words: &'a Words,
    pub cast: &'a Cast,
    pub calendars: &'a Calendars,
    pub anchors: &'a Anchors,
    pub said: &'a Said,
}

impl Ground<'_> {
    /// The day by which something is due that is due on day `day` of a standard deal: a day on which
    /// both sides work, since on any other there is nobody to see that it holds.
    pub fn due(&self, day: u32) -> Date {
        self.worked_by(self.anchors.due(day))
    }

    /// The last day up to `day` on which both sides work, the kickoff at the earliest.
    pub fn worked_by(&self, day: Date) -> Date {
        calendars::joint_day_by(&self.calendars.specs, day, self.anchors.kickoff_on)
    }
}

/// The same with the dated plan.
pub(super) struct Frame<'a> {
    pub ground: &'a Ground<'a>,
    pub plan: &'a OnboardingPlan,
    pub dates: &'a KeyDates,
}
