//! The days on which a session can be: both parties of the plan work, and whoever teaches is there.

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use gangway_domain::meeting::Slot;
use gangway_domain::programme::Side;
use gangway_domain::training as rules;
use gangway_domain::work::RunningPlan;
use gangway_domain::workload::{Availability, Calendars};
use gangway_store::contact::name_key;
use gangway_store::{Tx, membership, work, workload};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::error::AppError;

/// What stands between names in the field for who teaches.
const BETWEEN: [char; 4] = [',', ';', '/', '&'];

/// Days looked through for one that has an hour left.
const FURTHEST: usize = 90;

/// Whether two fields of who teaches name the same person.
pub(super) fn share_a_trainer(one: &str, other: &str) -> bool {
    let keys = |text: &str| -> Vec<String> {
        text.split(BETWEEN).map(name_key).filter(|key| !key.is_empty()).collect()
    };
    let known = keys(one);
    keys(other).iter().any(|key| known.contains(key))
}

/// Whose days count for the sessions of an onboarding.
pub(super) struct Days {
    calendars: Calendars,
    /// Members of whom it is known when they are not there, by the key of their name.
    known: Vec<(String, Availability)>,
}

impl Days {
    /// Those of an onboarding's plan as it stands.
    pub(super) async fn load(
        tx: &mut Tx,
        workspace: WorkspaceId,
        id: OnboardingId,
    ) -> Result<Self, AppError> {
        let stored = work::get(tx, workspace, id).await?;
        Self::of(tx, workspace, stored.as_ref().map(|stored| &stored.plan)).await
    }

    /// Those of a plan; Monday to Friday while none is worked.
    pub(super) async fn of(
        tx: &mut Tx,
        workspace: WorkspaceId,
        plan: Option<&RunningPlan>,
    ) -> Result<Self, AppError> {
        let mut times = workload::available(tx, workspace).await?;
        let members = membership::of_workspace(tx, workspace).await?;
        let known = members
            .into_iter()
            .filter_map(|member| Some((name_key(&member.name), times.remove(&member.person)?.availability)))
            .collect();
        let calendars = Calendars::from_specs(plan.map_or(&[][..], |plan| plan.ground.calendars.as_slice()));
        Ok(Self { calendars, known })
    }

    /// Who is missing on a day; nothing when nobody is.
    pub(super) fn missing(&self, day: Date, trainer: &str) -> Option<String> {
        let keys: Vec<(&str, String)> =
            trainer.split(BETWEEN).map(str::trim).map(|name| (name, name_key(name))).collect();
        let trainers: Vec<(&str, &Availability)> = self
            .known
            .iter()
            .filter_map(|(known, times)| {
                keys.iter().find(|(_, key)| key == known).map(|(name, _)| (*name, times))
            })
            .collect();
        rules::missing_on(&self.calendars, &trainers, day)
    }

    /// The first day from `day` on on which nobody is missing.
    pub(super) fn free_from(&self, day: Date, trainer: &str) -> Date {
        rules::first_free(day, |day| self.missing(day, trainer).is_none())
    }

    /// The first day from that of a slot on, and the hour of it, at which nobody is missing and nothing else takes place;
    /// the slot as it is when none is found within a quarter.
    pub(super) fn free_slot(&self, wanted: Slot, trainer: &str, taken: &[Slot]) -> Slot {
        let days = wanted.on.series(1.day()).take(FURTHEST);
        let free = days.filter(|day| self.missing(*day, trainer).is_none()).find_map(|on| {
            let slot = Slot { on, ..wanted.clone() };
            let starts = rules::free_start(&slot, taken)?;
            Some(Slot { starts, ..slot })
        });
        free.unwrap_or(wanted)
    }

    /// Where a day belongs when what it hangs on moved from one day to another.
    pub(super) fn at_same_distance(&self, (from, to): (Date, Date), day: Date) -> Date {
        rules::followed(self.calendars.side(Side::Joint), from, to, day)
    }
}
