//! What every part of a package is made from.

use super::calendars::Calendars;
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

/// The same with the dated plan.
pub(super) struct Frame<'a> {
    pub ground: &'a Ground<'a>,
    pub plan: &'a OnboardingPlan,
    pub dates: &'a KeyDates,
}
