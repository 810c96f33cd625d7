//! Where a go-live stands: what was decided last, that a leader lets it go on without a decision, that it was taken back.

use jiff::Timestamp;

use super::{Decision, Mark, Signal, SignalKind, SignalState, Verdict, Wave, WaveState};

/// Where a go-live stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has decided.
    #[default]
    Undecided,
    /// It may happen: a go stands, or a leader lets it go on without one.
    Goes,
    /// A no stands.
    Refrains,
    /// It was rolled back, and nobody has decided again.
    TakenBack,
    /// A trigger that rolls back at once was set off, and nobody has decided on it: until then nothing goes on.
    Stopped,
}

impl Standing {
    /// It may happen.
    #[must_use]
    pub fn goes(self) -> bool {
        self == Self::Goes
    }

    /// The word in the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Undecided => "undecided",
            Self::Goes => "goes",
            Self::Refrains => "refrains",
            Self::TakenBack => "taken-back",
            Self::Stopped => "stopped",
        }
    }
}

/// What happened last counts; a go that was refused is none. Decisions come the newest first.
#[must_use]
pub fn standing<'a>(
    decisions: impl IntoIterator<Item = &'a Decision>,
    let_go: Option<&Mark>,
    taken_back: Option<Timestamp>,
) -> Standing {
    let decided = decisions.into_iter().find(|one| one.verdict != Verdict::Refused).map(|one| {
        let standing = if one.lets_go() { Standing::Goes } else { Standing::Refrains };
        (one.at, standing)
    });
    let let_go = let_go.filter(|mark| mark.yes).map(|mark| (mark.at, Standing::Goes));
    let taken_back = taken_back.map(|at| (at, Standing::TakenBack));
    let last = decided.into_iter().chain(let_go).chain(taken_back).max_by_key(|(at, _)| *at);
    last.map_or(Standing::Undecided, |(_, standing)| standing)
}

/// The trigger that stops a go-live: one that rolls back at once and that nobody has decided on, the first there is.
#[must_use]
pub fn stopped_by<'a>(signals: impl IntoIterator<Item = &'a Signal>) -> Option<&'a Signal> {
    let stops = |one: &&Signal| one.kind == SignalKind::Automatic && one.state == SignalState::Raised;
    signals.into_iter().find(stops)
}

/// When a go-live was taken back last: by a rollback, or with the wave after which nobody is live.
#[must_use]
pub fn taken_back<'a>(signals: impl IntoIterator<Item = &'a Signal>, waves: &[Wave]) -> Option<Timestamp> {
    let rolled_back = signals.into_iter().filter_map(|one| match &one.state {
        SignalState::RolledBack { at, .. } => Some(*at),
        SignalState::Raised | SignalState::Kept { .. } => None,
    });
    let is_anybody_live = waves.iter().any(|wave| !wave.pilot && wave.state == WaveState::Live);
    let waves = waves.iter().filter(|wave| !wave.pilot && wave.state == WaveState::RolledBack);
    let waves = waves.filter_map(|wave| wave.moved.as_ref().map(|moved| moved.at));
    rolled_back.chain(waves.filter(|_| !is_anybody_live)).max()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::launch::Met;

    fn at(hour: u32) -> Timestamp {
        format!("2027-03-01T{hour:02}:00:00Z").parse().unwrap()
    }

    fn decided(verdict: Verdict, hour: u32) -> Decision {
        Decision {
            verdict,
            asked: verdict,
            go_live_on: date(2027, 3, 8),
            reason: "We looked".to_owned(),
            conditions: Vec::new(),
            waived: Vec::new(),
            exception: None,
            against: Vec::new(),
            ready: [1, 1],
            approved: Vec::new(),
            by: "Ines".to_owned(),
            at: at(hour),
        }
    }

    #[test]
    fn what_happened_last_counts_and_a_refusal_decides_nothing() {
        assert_eq!(standing([], None, None), Standing::Undecided);
        let all = [decided(Verdict::Refused, 4), decided(Verdict::Go, 3), decided(Verdict::NoGo, 2)];
        assert!(standing(&all, None, None).goes());
        assert_eq!(standing(&all[2..], None, None), Standing::Refrains);
        assert_eq!(standing(&all, None, Some(at(5))), Standing::TakenBack);
        assert!(standing(&[decided(Verdict::Conditional, 6)], None, Some(at(5))).goes());
        let mark = Mark {
            yes: true,
            note: "The board decided by phone".to_owned(),
            by: "Mara".to_owned(),
            contact: None,
            noted_by: None,
            portal: false,
            at: at(7),
        };
        assert!(standing([], Some(&mark), None).goes());
        assert_eq!(standing(&[decided(Verdict::NoGo, 8)], Some(&mark), None), Standing::Refrains);
    }

    #[test]
    fn a_trigger_that_rolls_back_at_once_stops_it_until_somebody_decides() {
        let raised = Signal {
            kind: SignalKind::Automatic,
            trigger: "Security breach".to_owned(),
            observed: "Strangers signed in".to_owned(),
            by: "Ines".to_owned(),
            at: at(1),
            state: SignalState::Raised,
        };
        let considered = Signal { kind: SignalKind::Evaluate, ..raised.clone() };
        let kept = raised.clone().keep("A drill".to_owned(), "Ines".to_owned(), at(2)).unwrap();
        assert_eq!(stopped_by([&considered, &kept]), None);
        assert_eq!(stopped_by([&considered, &raised, &kept]), Some(&raised));
        assert!(!Standing::Stopped.goes());
    }

    #[test]
    fn a_rollback_takes_it_back_and_so_does_the_last_wave() {
        let signal = |state| Signal {
            kind: SignalKind::Automatic,
            trigger: "Security breach".to_owned(),
            observed: String::new(),
            by: "Ines".to_owned(),
            at: at(1),
            state,
        };
        let back = SignalState::RolledBack {
            reason: "Nobody works".to_owned(),
            by: "Ines".to_owned(),
            at: at(2),
            tell_by: at(3),
            review_by: at(4),
            told_at: None,
            review: None,
        };
        assert_eq!(taken_back(&[signal(SignalState::Raised)], &[]), None);
        assert_eq!(taken_back(&[signal(back)], &[]), Some(at(2)));
        let wave = |name: &str, state| Wave {
            name: name.to_owned(),
            scope: String::new(),
            on: date(2027, 3, 1),
            people: None,
            pilot: false,
            state,
            reason: None,
            moved: Some(Met { by: "Ines".to_owned(), at: at(5) }),
        };
        let waves = [wave("North", WaveState::RolledBack), wave("South", WaveState::Live)];
        assert_eq!(taken_back([], &waves), None, "somebody is live");
        assert_eq!(taken_back([], &waves[..1]), Some(at(5)));
    }
}
