//! Scoring.

use jiff::civil::Date;

use super::assessment::{
    Assessment, Cap, ComponentScore, INSUFFICIENT, InputScore, InputState, OpenSignal, Override,
};
use super::model::{Component, Input, Model};
use super::points::Points;
use crate::deal::Severity;
use crate::methodology::{HealthComponent, HealthInput};
use crate::rule::Sheet;

/// All of a weight, in thousandths.
const WHOLE: i64 = 1_000;

impl Model {
    /// What the model says of a customer on a day.
    #[must_use]
    pub fn score(
        &self,
        sheet: &Sheet<'_>,
        signals: &[OpenSignal],
        by_hand: Option<&Override>,
        today: Date,
    ) -> Assessment {
        let source = self.source();
        let mut components: Vec<Weighed> = source
            .components
            .iter()
            .zip(&self.components)
            .map(|(source, compiled)| weigh(source, compiled, sheet))
            .collect();
        let present: i64 = components.iter().map(|one| one.weight).sum();
        let whole: i64 = source.components.iter().map(|one| i64::from(one.weight) * WHOLE).sum();
        for one in &mut components {
            one.spread(present);
        }
        let coverage_percent = percent(present, whole);
        let mut warnings: Vec<String> = components.iter().filter_map(|one| one.warning.clone()).collect();
        let components: Vec<ComponentScore> = components.into_iter().map(|one| one.score).collect();
        let raw: Points = components.iter().map(|one| one.points).sum();
        let enough = present > 0 && coverage_percent >= source.min_coverage_percent;
        if !enough {
            warnings.push(format!(
                "Only {coverage_percent} % of the weight has data; {} % are needed",
                source.min_coverage_percent
            ));
        }
        let rounded = u32::try_from(raw.rounded().clamp(0, 100)).unwrap_or(0);
        let by_score = if enough { self.status_of(rounded) } else { INSUFFICIENT };
        let cap = self.cap(signals).filter(|cap| enough && self.rank(&cap.status) > self.rank(by_score));
        let score = enough.then(|| cap.as_ref().map_or(rounded, |cap| rounded.min(self.top(&cap.status))));
        let by_hand = by_hand.filter(|word| word.holds(today)).cloned();
        let computed = cap.as_ref().map_or(by_score, |cap| cap.status.as_str());
        let status = by_hand.as_ref().map_or(computed, |word| word.status.as_str()).to_owned();
        Assessment {
            model: source.id.clone(),
            version: source.version,
            raw,
            score,
            coverage_percent,
            status,
            by_score: by_score.to_owned(),
            cap,
            by_hand,
            components,
            warnings,
        }
    }

    /// The best status open critical signals allow.
    fn cap(&self, signals: &[OpenSignal]) -> Option<Cap> {
        let critical = || signals.iter().filter(|signal| signal.severity == Severity::Critical);
        let open = u32::try_from(critical().count()).unwrap_or(u32::MAX);
        let cap = self.source().caps.iter().find(|cap| open >= cap.critical_signals)?;
        Some(Cap {
            status: cap.status.clone(),
            signals: critical().map(|signal| signal.kind.clone()).collect(),
        })
    }
}

/// A component on the way to its points.
struct Weighed {
    score: ComponentScore,
    /// What of its weight counts, in thousandths of a percent.
    weight: i64,
    /// What of its weight each input has, with its score; in the order of the inputs.
    shares: Vec<(i64, i64)>,
    warning: Option<String>,
}

fn weigh(source: &HealthComponent, compiled: &Component, sheet: &Sheet<'_>) -> Weighed {
    let mut inputs: Vec<InputScore> = source
        .measures
        .iter()
        .zip(&compiled.inputs)
        .map(|(source, input)| look(source, input, sheet))
        .collect();
    // Figures that look good are no proof on their own.
    let proven =
        source.measures.iter().zip(&inputs).any(|(source, input)| !source.vanity && input.state.counts());
    let mut warning = None;
    if !proven {
        for input in inputs.iter_mut().filter(|input| input.state.counts()) {
            input.state = InputState::VanityOnly;
            input.fresh_percent = 0;
            let said =
                || format!("{}: “{}” does not count alone, so there is no data", source.name, input.name);
            warning = warning.or_else(|| Some(said()));
        }
    }
    let shares: Vec<(i64, i64)> = source
        .measures
        .iter()
        .zip(&inputs)
        .map(|(source, input)| {
            let score = input.score.filter(|_| input.state.counts()).map_or(0, i64::from);
            (i64::from(source.weight) * i64::from(input.fresh_percent), score)
        })
        .collect();
    let all: i64 = shares.iter().map(|(weight, _)| weight).sum();
    let sum: i64 = shares.iter().map(|(weight, score)| weight * score).sum();
    let freshest = inputs.iter().map(|input| i64::from(input.fresh_percent)).max().unwrap_or(0);
    let score = (sum * 1_000 + all / 2).checked_div(all).map(Points);
    Weighed {
        score: ComponentScore {
            id: source.id.clone(),
            name: source.name.clone(),
            weight: source.weight,
            score,
            points: Points::ZERO,
            inputs,
        },
        weight: if score.is_some() { i64::from(source.weight) * freshest * WHOLE / 100 } else { 0 },
        shares,
        warning,
    }
}

impl Weighed {
    /// Gives every input its points of the whole, by what of all weight that has data is its own.
    fn spread(&mut self, present: i64) {
        let all: i64 = self.shares.iter().map(|(weight, _)| weight).sum();
        for (input, (weight, score)) in self.score.inputs.iter_mut().zip(&self.shares) {
            // points = score · (component's weight ÷ all weight) · (input's weight ÷ its component's), to a thousandth.
            let part = i128::from(*score) * i128::from(self.weight) * i128::from(*weight) * 1_000;
            let whole = i128::from(present) * i128::from(all);
            let points = (part + whole / 2).checked_div(whole).unwrap_or(0);
            input.points = Points(i64::try_from(points).unwrap_or(0));
        }
        self.score.points = self.score.inputs.iter().map(|input| input.points).sum();
    }
}

/// An input by itself.
fn look(source: &HealthInput, input: &Input, sheet: &Sheet<'_>) -> InputScore {
    let age_days = input.age.as_ref().and_then(|age| age.number(sheet).ok());
    let (score, state, fresh_percent) = match input.score.number(sheet) {
        Err(unknown) => {
            let missing = unknown.missing.into_iter().map(str::to_owned).collect();
            (None, InputState::NoData { missing }, 0)
        }
        Ok(number) => {
            let fresh = freshness(source.valid_days, age_days);
            let state = match fresh {
                0 => InputState::Stale,
                100 => InputState::Counted,
                _ => InputState::Faded,
            };
            (u32::try_from(number.clamp(0, 100)).ok(), state, fresh)
        }
    };
    InputScore {
        id: source.id.clone(),
        name: source.name.clone(),
        words: input.words.fill(sheet),
        score,
        age_days,
        state,
        fresh_percent,
        points: Points::ZERO,
    }
}

/// How much of its weight an input still has, in percent: all of it while it is valid, then in a straight line to nothing
/// over as many days again. What says no age is as old as today.
fn freshness(valid_days: Option<u32>, age_days: Option<i64>) -> u32 {
    let (Some(valid), Some(age)) = (valid_days.map(i64::from), age_days) else { return 100 };
    if age <= valid {
        return 100;
    }
    let left = valid.saturating_mul(2).saturating_sub(age).max(0);
    u32::try_from((left * 100).checked_div(valid).unwrap_or(0)).unwrap_or(0)
}

fn percent(part: i64, whole: i64) -> u32 {
    u32::try_from((part * 100).checked_div(whole).unwrap_or(0)).unwrap_or(0)
}
