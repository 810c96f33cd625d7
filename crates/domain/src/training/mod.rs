//! Training of a customer's people: what they reach, how it is assessed, how many sessions it takes, whether it works.
//!
//! Training says that somebody was there; enablement says that they can. [`reached`] therefore asks for more with
//! every level: having been there, having passed, having done it watched, having done it alone, having taught it.

mod assess;
mod days;
mod effect;
mod hours;
mod sizing;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::methodology::TrainingTrack;
use crate::people::words;

pub use assess::{Answered, mark, score, verdict};
pub use days::{first_free, followed, missing_on};
pub use effect::{Counts, Measured, measured};
pub use hours::free_start;
pub use sizing::{sessions_needed, spread};

words! {
    /// How well somebody can do something.
    Level: "level of competency" {
        /// Knows that it is there.
        Awareness = "awareness", "Awareness";
        /// Understands how it works.
        Knowledge = "knowledge", "Knowledge";
        /// Does it with help.
        Application = "application", "Application";
        /// Does it alone.
        Proficiency = "proficiency", "Proficiency";
        /// Teaches it.
        Mastery = "mastery", "Mastery";
    }
}

impl Level {
    /// What it takes, in a line.
    #[must_use]
    pub fn shown_by(self) -> &'static str {
        match self {
            Self::Awareness => "took part in a session or a lesson",
            Self::Knowledge => "passed the assessment",
            Self::Application => "did the exercises while a trainer watched",
            Self::Proficiency => "did a real task alone",
            Self::Mastery => "taught others while a trainer watched",
        }
    }
}

words! {
    /// What a session is.
    SessionKind: "kind of session" {
        /// Content is taught.
        Class = "class", "Training";
        /// People practise.
        Lab = "lab", "Practice";
        /// People ask.
        Questions = "questions", "Questions and answers";
        /// A trainer is there for whoever comes.
        OfficeHours = "office-hours", "Office hours";
    }
}

words! {
    /// What something in the library is.
    ResourceKind: "kind of resource" {
        /// The first steps on two pages.
        QuickStart = "quick-start", "Quick start";
        /// A task shown in a few minutes.
        Video = "video", "Video";
        /// Every detail of a procedure.
        Reference = "reference", "Reference guide";
        /// What people ask.
        Faq = "faq", "Questions and answers";
        /// One page to keep beside the keyboard.
        CheatSheet = "cheat-sheet", "Cheat sheet";
        /// Something to start from.
        Template = "template", "Template";
        /// How it is done well.
        Practice = "best-practice", "Good practice";
    }
}

words! {
    /// Why somebody answers questions.
    AttemptKind: "kind of assessment" {
        /// To pass.
        Assessment = "assessment", "Assessment";
        /// A month later, to see what stayed.
        FollowUp = "follow-up", "Follow-up";
    }
}

words! {
    /// How an attempt ended.
    Verdict: "verdict" {
        /// A trainer has to read what was written.
        Waiting = "waiting", "Waits for a trainer";
        /// The pass mark was reached.
        Passed = "passed", "Passed";
        /// It was not.
        Failed = "failed", "Not passed";
    }
}

/// What a trainer saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// It was done as it should be.
    pub passed: bool,
    /// What there is to say; may be empty.
    pub note: String,
    /// Who saw it.
    pub by: String,
    /// When.
    pub on: Date,
}

/// What somebody did on a track, beside sessions and assessments.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// Modules they worked through by themselves, counted from 0.
    pub modules: BTreeSet<u32>,
    /// Practical exercises by their id.
    pub exercises: BTreeMap<String, Observed>,
    /// A real task done alone.
    pub alone: Option<Observed>,
    /// A session they taught.
    pub taught: Option<Observed>,
    /// Steps of the programme for trainers, by their id.
    pub phases: BTreeMap<String, Observed>,
}

impl Record {
    /// Nothing was done yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// All that counts for the level somebody reached on a track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deeds<'a> {
    /// How many modules the track has.
    pub modules: usize,
    /// What was done.
    pub record: &'a Record,
    /// Was in a session of the track.
    pub attended: bool,
    /// Passed the assessment; none when the track has none.
    pub assessed: Option<bool>,
    /// The practical exercises of the track.
    pub exercises: &'a [String],
}

/// The level somebody has shown; none before they took part at all.
#[must_use]
pub fn reached(deeds: Deeds<'_>) -> Option<Level> {
    let Deeds { modules, record, attended, assessed, exercises } = deeds;
    let seen = |one: &Option<Observed>| one.as_ref().is_some_and(|one| one.passed);
    let studied = modules > 0 && record.modules.len() >= modules;
    if !assessed.unwrap_or(attended || studied) {
        let took_part = attended || !record.modules.is_empty() || assessed == Some(true);
        return took_part.then_some(Level::Awareness);
    }
    let practised = !exercises.is_empty()
        && exercises.iter().all(|id| record.exercises.get(id).is_some_and(|one| one.passed));
    Some(match (seen(&record.taught), seen(&record.alone), practised) {
        (true, true, _) => Level::Mastery,
        (_, true, _) => Level::Proficiency,
        (_, false, true) => Level::Application,
        (_, false, false) => Level::Knowledge,
    })
}

/// Ids of the practical exercises of a track.
#[must_use]
pub fn exercise_ids(track: Option<&TrainingTrack>) -> Vec<String> {
    track.map(|track| track.exercises.iter().map(|one| one.id.clone()).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn seen(passed: bool) -> Observed {
        Observed { passed, note: String::new(), by: "Ines".to_owned(), on: date(2027, 1, 11) }
    }

    fn level(record: &Record, attended: bool, assessed: Option<bool>) -> Option<Level> {
        let exercises = ["report".to_owned()];
        reached(Deeds { modules: 2, record, attended, assessed, exercises: &exercises })
    }

    #[test]
    fn every_level_asks_for_more_than_the_one_before() {
        let mut record = Record::default();
        assert_eq!(level(&record, false, Some(false)), None);
        assert_eq!(level(&record, true, Some(false)), Some(Level::Awareness));
        assert_eq!(level(&record, true, Some(true)), Some(Level::Knowledge));
        record.exercises.insert("report".to_owned(), seen(false));
        assert_eq!(level(&record, true, Some(true)), Some(Level::Knowledge));
        record.exercises.insert("report".to_owned(), seen(true));
        assert_eq!(level(&record, true, Some(true)), Some(Level::Application));
        record.taught = Some(seen(true));
        assert_eq!(level(&record, true, Some(true)), Some(Level::Application), "not before doing it alone");
        record.alone = Some(seen(true));
        assert_eq!(level(&record, true, Some(true)), Some(Level::Mastery));
        record.taught = None;
        assert_eq!(level(&record, true, Some(true)), Some(Level::Proficiency));
        assert_eq!(
            level(&record, true, Some(false)),
            Some(Level::Awareness),
            "without the assessment it is seen only"
        );
    }

    #[test]
    fn a_track_without_assessment_is_known_when_it_was_worked_through() {
        let mut record = Record::default();
        record.modules.insert(0);
        assert_eq!(level(&record, false, None), Some(Level::Awareness));
        record.modules.insert(1);
        assert_eq!(level(&record, false, None), Some(Level::Knowledge));
        assert_eq!(level(&Record::default(), true, None), Some(Level::Knowledge));
    }

    #[test]
    fn a_record_is_kept_as_it_is() {
        let mut record = Record::default();
        record.modules.insert(3);
        record.exercises.insert("report".to_owned(), seen(true));
        let text = serde_json::to_string(&record).unwrap();
        assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), record);
        assert!(serde_json::from_str::<Record>("{}").unwrap().is_empty());
    }
}
