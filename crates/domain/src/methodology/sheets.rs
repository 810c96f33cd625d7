//! What customers of one onboarding are asked and taught: surveys with their moments, forms, what training holds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{FormSheet, Methodology, Survey, TrainingTrack};
use crate::programme::{Programme, SurveyUse};

/// The surveys, forms and contents of training an onboarding has: those of the version of its programme it was made
/// from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheets {
    /// Surveys by id.
    pub surveys: BTreeMap<String, Survey>,
    /// Forms by id.
    pub forms: BTreeMap<String, FormSheet>,
    /// When surveys go out by themselves.
    pub moments: Vec<SurveyUse>,
    /// What training tracks ask, have people do and lead through, by id; nothing where an earlier version of Gangway
    /// kept the sheets.
    #[serde(default)]
    pub training: BTreeMap<String, TrainingTrack>,
}

impl Sheets {
    /// Those of a programme: its own, and those of the methodology it has no words of its own for.
    #[must_use]
    pub fn of(methodology: &Methodology, programme: Option<&Programme>) -> Self {
        let own = || programme.into_iter();
        let surveys = methodology.surveys.values().chain(own().flat_map(|own| &own.questionnaires));
        let forms = methodology.forms.values().chain(own().flat_map(|own| &own.forms));
        Self {
            surveys: surveys.map(|one| (one.id.clone(), one.clone())).collect(),
            forms: forms.map(|one| (one.id.clone(), one.clone())).collect(),
            moments: own().flat_map(|own| own.surveys.clone()).collect(),
            training: methodology.training.iter().map(|(id, one)| (id.clone(), one.clone())).collect(),
        }
    }
}

impl Methodology {
    /// A survey as a programme asks it: in its own words where it has some.
    #[must_use]
    pub fn survey<'a>(&'a self, programme: &'a Programme, id: &str) -> Option<&'a Survey> {
        let own = programme.questionnaires.iter().find(|one| one.id == id);
        own.or_else(|| self.surveys.get(id))
    }
}
