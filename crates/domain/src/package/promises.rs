//! The promise ledger: each promise of the sale with the task or milestone at which it shows whether it
//! was kept, found by the words of `wording.toml`. Where nothing fits, only a person can say, and the
//! ledger says so rather than guess.

use jiff::civil::Date;

use super::dates::{plus_days, short};
use super::expand::{Expanded, Fitted};
use super::frame::Ground;
use super::{OnboardingPlan, PromiseEntry, verdict};
use crate::deal::{CountedFrom, Deal, Promise, PromisePeriod};
use crate::fact::Fact;
use crate::fit::counted;
use crate::handoff::place;
use crate::methodology::{Moment, PromiseSubject};
use crate::plan::{self, PlanError, PlanSpec, Point, TargetSpec};
use crate::programme::ForEach;
use crate::wording::{Text, split};
use crate::work::RunningPlan;

impl PromiseEntry {
    /// Says on which day the plan has now what shows whether it was kept, and whether that is in time.
    pub fn follow(&mut self, live: &RunningPlan) {
        let day = match (&self.milestone, &self.task) {
            (Some(code), _) => live.milestone(code).map(|milestone| milestone.planned),
            (None, Some(code)) => live
                .task(code)
                .map(|task| if self.kept_at.starts_with("the start of ") { task.start } else { task.finish }),
            (None, None) => None,
        };
        let Some((day, (words, _))) = day.zip(self.kept_at.rsplit_once(", ")) else { return };
        self.kept_at = format!("{words}, {}", short(day));
        self.on_time = self.by.map(|by| day <= by);
        if self.on_time != Some(false) {
            self.kept_if.clear();
        }
    }
}

/// The day a promise is due: the one that was named, else the last of the period it was promised within, else the
/// kickoff it was promised before.
pub(super) fn due(promise: &Promise, deal: &Deal, kickoff_on: Date) -> Option<Date> {
    promise.by.or_else(|| match promise.within {
        Some(period) => {
            let first = begins_on(period, deal).unwrap_or(kickoff_on);
            Some(plus_days(first, i64::from(period.days)))
        }
        None => is_before_kickoff(&promise.text).then_some(kickoff_on),
    })
}

/// How people say that something comes before the kickoff.
const BEFORE_KICKOFF: [&str; 9] = [
    "before kickoff",
    "before the kickoff",
    "before kick-off",
    "before the kick-off",
    "prior to kickoff",
    "prior to the kickoff",
    "vor kickoff",
    "vor dem kickoff",
    "vor dem auftakt",
];

fn is_before_kickoff(text: &str) -> bool {
    let said = Text::new(text);
    BEFORE_KICKOFF.iter().any(|words| said.find_name(words).is_some())
}

/// The day of the deal a period is counted from; none for the kickoff, and where the deal does not say that day.
fn begins_on(period: PromisePeriod, deal: &Deal) -> Option<Date> {
    let day = match period.from {
        CountedFrom::Kickoff => None,
        CountedFrom::ContractStart => deal.contract_start.as_ref(),
        CountedFrom::Signature => deal.closed_on.as_ref(),
    };
    day.map(|fact| fact.value)
}

/// How the day of a promised period was found: `30 days after {start}`.
fn counting(period: PromisePeriod, deal: &Deal) -> String {
    let event = match (period.from, begins_on(period, deal).is_some()) {
        (CountedFrom::Kickoff, _) => "{start}",
        (CountedFrom::ContractStart, true) => "the start of the contract",
        (CountedFrom::ContractStart, false) => "{start}, as the start of the contract is not known",
        (CountedFrom::Signature, true) => "the signature",
        (CountedFrom::Signature, false) => "{start}, as the day of the signature is not known",
    };
    format!("{} after {event}", counted(i64::from(period.days), "day"))
}

/// Where a promise shows.
struct Tie {
    /// In words, with the date.
    words: String,
    on: Date,
    milestone: Option<String>,
    task: Option<String>,
}

/// The promises of the deal, tied to the plan.
pub(super) fn promises(ground: &Ground<'_>, fitted: &Fitted<'_>, plan: &OnboardingPlan) -> Vec<PromiseEntry> {
    let ledger = Ledger { ground, fitted, plan };
    let entry = |(index, fact): (usize, &Fact<Promise>)| {
        let promise = &fact.value;
        let tie = ledger.early(index).or_else(|| ledger.tie(&promise.text));
        let by = due(promise, ground.deal, ground.anchors.kickoff_on);
        PromiseEntry {
            id: format!("P{}", index + 1),
            text: promise.text.clone(),
            by,
            by_because: ledger.counted(promise),
            on_time: by.zip(tie.as_ref()).map(|(by, tie)| tie.on <= by),
            kept_at: tie.as_ref().map_or_else(|| ledger.untied(), |tie| tie.words.clone()),
            milestone: tie.as_ref().and_then(|tie| tie.milestone.clone()),
            task: tie.as_ref().and_then(|tie| tie.task.clone()),
            kept_if: Vec::new(),
            place: place(fact),
        }
    };
    ground.deal.promises.iter().enumerate().map(entry).collect()
}

/// How many promises the plan does not keep.
pub(super) fn broken(promises: &[PromiseEntry]) -> usize {
    promises.iter().filter(|promise| promise.on_time == Some(false)).count()
}

/// Finds for each promise that the plan does not keep the cheapest changes with which it would.
///
/// # Errors
/// When a plan cannot be scheduled.
pub(super) fn find_ways(
    promises: &mut [PromiseEntry],
    spec: &PlanSpec,
    plan: &OnboardingPlan,
) -> Result<(), PlanError> {
    for promise in promises.iter_mut().filter(|promise| promise.on_time == Some(false)) {
        let (Some(task), Some(by)) = (promise.milestone.as_ref().or(promise.task.as_ref()), promise.by)
        else {
            continue;
        };
        let target = Some(TargetSpec { task: Some(task.clone()), by: Point::Day(by) });
        let found = plan::schedule(&PlanSpec { target, ..spec.clone() })?.feasibility;
        // Changes that do not suffice keep nothing.
        let enough = found.filter(|found| found.best.is_some_and(|best| best <= found.target));
        promise.kept_if = enough
            .iter()
            .flat_map(|found| &found.compressions)
            .filter_map(|compression| verdict::change_in_words(compression, plan))
            .collect();
    }
    Ok(())
}

struct Ledger<'a> {
    ground: &'a Ground<'a>,
    fitted: &'a Fitted<'a>,
    plan: &'a OnboardingPlan,
}

impl Ledger<'_> {
    fn untied(&self) -> String {
        self.ground.words.fill("to be tied to the plan at {start}")
    }

    /// How the day of a promise was found, where nobody named it.
    fn counted(&self, promise: &Promise) -> Option<String> {
        if promise.by.is_some() {
            return None;
        }
        let because = match promise.within {
            Some(period) => counting(period, self.ground.deal),
            None if is_before_kickoff(&promise.text) => "{start}".to_owned(),
            None => return None,
        };
        Some(self.ground.words.fill(&because))
    }

    /// The task made for a promise that falls due before the kickoff.
    fn early(&self, index: usize) -> Option<Tie> {
        let task = self.fitted.tasks.iter().find(|task| task.promise == Some(index))?;
        let planned = self.plan.tasks.iter().find(|planned| planned.id == task.id)?;
        Some(Tie {
            words: self.ground.words.fill(&format!("before {{start}}, {}", short(planned.finish))),
            on: planned.finish,
            milestone: None,
            task: Some(task.id.clone()),
        })
    }

    /// The first task or milestone in the plan at which what the promise speaks of shows.
    fn tie(&self, text: &str) -> Option<Tie> {
        let said = Text::new(text);
        let subject = self.subject(&said)?;
        let at_pilot = !subject.shown_at_pilot.is_empty() && self.names_the_pilot(&said);
        let ids = if at_pilot { &subject.shown_at_pilot } else { &subject.shown_at };
        ids.iter().find_map(|id| self.milestone(id).or_else(|| self.task(id, subject.moment, &said)))
    }

    fn subject(&self, said: &Text) -> Option<&PromiseSubject> {
        let mut best: Option<(usize, usize, &PromiseSubject)> = None;
        for subject in &self.ground.methodology.wording.promises.about {
            let Some(found) = said.find_any(&subject.words) else { continue };
            let better = best
                .is_none_or(|(words, at, _)| found.words > words || (found.words == words && found.at < at));
            if better {
                best = Some((found.words, found.at, subject));
            }
        }
        best.map(|(_, _, subject)| subject)
    }

    /// Whether the promise names a site of the pilot, and none of a later wave.
    fn names_the_pilot(&self, said: &Text) -> bool {
        let named = |sites: &[String]| sites.iter().any(|site| said.find_name(site).is_some());
        let (first, later) = match self.fitted.waves.split_first() {
            Some((first, later)) => (first, later),
            None => return false,
        };
        named(&first.sites) && !later.iter().any(|wave| named(&wave.sites))
    }

    fn milestone(&self, id: &str) -> Option<Tie> {
        let found = self.plan.milestones.iter().find(|milestone| milestone.id == id)?;
        Some(Tie {
            words: format!("{}, {}", found.name, short(found.planned)),
            on: found.planned,
            milestone: Some(found.id.clone()),
            task: None,
        })
    }

    /// The last to be done of the tasks made from a template that fit the promise.
    fn task(&self, template: &str, moment: Moment, said: &Text) -> Option<Tie> {
        let made =
            self.fitted.tasks.iter().filter(|task| task.template.id == template && self.fits(task, said));
        let planned = made.filter_map(|made| self.plan.tasks.iter().find(|task| task.id == made.id));
        let task = planned.max_by_key(|task| task.finish)?;
        let (on, words) = match moment {
            Moment::Start => (task.start, format!("the start of “{}”", task.name)),
            Moment::Finish => (task.finish, format!("the end of “{}”", task.name)),
        };
        Some(Tie {
            words: format!("{words}, {}", short(on)),
            on,
            milestone: None,
            task: Some(task.id.clone()),
        })
    }

    /// Whether a task is meant: one that is not repeated, or the repetition whose item the promise names.
    fn fits(&self, task: &Expanded<'_>, said: &Text) -> bool {
        let Some(kind) = task.template.for_each else { return true };
        if kind == ForEach::Wave {
            let wave = task.wave.and_then(|index| self.fitted.waves.get(index));
            return wave.is_some_and(|wave| wave.sites.iter().any(|site| said.find_name(site).is_some()));
        }
        let Some(item) = &task.item else { return false };
        // Of `SAP S/4HANA`, `SAP` is what people say.
        split(item).next().is_some_and(|first| first.chars().count() >= 3 && said.find_name(first).is_some())
            || said.find_name(item).is_some()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::fact::Confidence;

    fn promised(days: u32, from: CountedFrom) -> Promise {
        let within = Some(PromisePeriod { days, from });
        Promise { text: "first dashboard".into(), by: None, who: None, within }
    }

    #[test]
    fn a_promised_period_ends_on_a_day_and_says_what_it_was_counted_from() {
        let kickoff_on = date(2027, 1, 11);
        let day = |day| Some(Fact::derived(day, "line 3", Confidence::High));
        let known = Deal {
            contract_start: day(date(2027, 1, 1)),
            closed_on: day(date(2026, 12, 18)),
            ..Deal::default()
        };
        for (deal, from, on, because) in [
            (&known, CountedFrom::Kickoff, date(2027, 2, 10), "30 days after {start}"),
            (
                &known,
                CountedFrom::ContractStart,
                date(2027, 1, 31),
                "30 days after the start of the contract",
            ),
            (&known, CountedFrom::Signature, date(2027, 1, 17), "30 days after the signature"),
            (
                &Deal::default(),
                CountedFrom::Signature,
                date(2027, 2, 10),
                "30 days after {start}, as the day of the signature is not known",
            ),
        ] {
            let promise = promised(30, from);
            assert_eq!(due(&promise, deal, kickoff_on), Some(on), "{because}");
            assert_eq!(promise.within.map(|period| counting(period, deal)).as_deref(), Some(because));
        }
        let named = Promise { by: Some(date(2027, 3, 1)), ..promised(30, CountedFrom::Kickoff) };
        assert_eq!(due(&named, &known, kickoff_on), Some(date(2027, 3, 1)), "a day that was named counts");
        let open = Promise { within: None, ..promised(30, CountedFrom::Kickoff) };
        assert_eq!(due(&open, &known, kickoff_on), None);
        let early = Promise { text: "Contract template before the kick-off".into(), ..open.clone() };
        assert_eq!(due(&early, &known, kickoff_on), Some(kickoff_on));
        let late = Promise { text: "A kickoff before Easter".into(), ..open };
        assert_eq!(due(&late, &known, kickoff_on), None);
    }
}
