//! From files to typed data.

use std::collections::BTreeMap;

use gangway_domain::calendar::HolidayCalendar;
use gangway_domain::methodology::{
    Agenda, Benchmarks, Checklist, EmailTemplate, ForecastRules, FormSheet, GoLiveRules, GovernanceRules,
    HandoffRules, HealthModel, Intervention, Methodology, PeopleRules, QuestionRules, RiskRules, Segments,
    SignalKind, Survey, TaskTemplate, TrainingTrack, TransitionRules, Translation, UsageRules, WordingRules,
};
use gangway_domain::playbook::{Guide, Journey, ValueRules};
use gangway_domain::programme::Programme;
use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::diagnostic::{Diagnostic, Severity};
use crate::library::Library;
use crate::lint;
use crate::nearest::nearest;
use crate::source::Source;

/// A value with the path of its file.
pub(crate) type Filed<'a, T> = (&'a str, T);

/// A file of `signals/`: one category.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignalFile {
    /// The category's signals.
    #[serde(rename = "signal")]
    pub(crate) signals: Vec<SignalKind>,
}

/// Everything read, with the places it came from. What has errors is absent.
#[derive(Default)]
pub(crate) struct Parsed<'a> {
    pub(crate) sources: BTreeMap<&'a str, Source<'a>>,
    pub(crate) segments: Option<Segments>,
    pub(crate) benchmarks: Option<Benchmarks>,
    pub(crate) handoff: Option<HandoffRules>,
    pub(crate) people: Option<PeopleRules>,
    pub(crate) golive: Option<GoLiveRules>,
    pub(crate) governance: Option<GovernanceRules>,
    pub(crate) forecast: Option<ForecastRules>,
    pub(crate) transition: Option<TransitionRules>,
    pub(crate) usage: Option<UsageRules>,
    pub(crate) value: Option<ValueRules>,
    pub(crate) risks: Option<RiskRules>,
    pub(crate) questions: Option<QuestionRules>,
    pub(crate) wording: Option<WordingRules>,
    pub(crate) programmes: Vec<Filed<'a, Programme>>,
    pub(crate) checklists: Vec<Filed<'a, Checklist>>,
    pub(crate) training: Vec<Filed<'a, TrainingTrack>>,
    pub(crate) surveys: Vec<Filed<'a, Survey>>,
    pub(crate) forms: Vec<Filed<'a, FormSheet>>,
    pub(crate) signals: Vec<Filed<'a, SignalFile>>,
    pub(crate) health: Vec<Filed<'a, HealthModel>>,
    pub(crate) interventions: Vec<Filed<'a, Intervention>>,
    pub(crate) agendas: Vec<Filed<'a, Agenda>>,
    pub(crate) task_templates: Vec<Filed<'a, TaskTemplate>>,
    pub(crate) journeys: Vec<Filed<'a, Journey>>,
    pub(crate) guides: Vec<Filed<'a, Guide>>,
    pub(crate) calendars: Vec<Filed<'a, HolidayCalendar>>,
    pub(crate) words: Vec<Filed<'a, Translation>>,
    pub(crate) documents: IndexMap<String, String>,
    pub(crate) subjects: IndexMap<String, String>,
    pub(crate) bodies: IndexMap<String, String>,
    /// Folders of which a file could not be read: ids may be missing because of that.
    pub(crate) broken: Vec<&'a str>,
}

const SINGLE: [&str; 13] = [
    "segments.toml",
    "benchmarks.toml",
    "handoff.toml",
    "people.toml",
    "golive.toml",
    "governance.toml",
    "forecast.toml",
    "transition.toml",
    "usage.toml",
    "value.toml",
    "risks.toml",
    "questions.toml",
    "wording.toml",
];
const FOLDERS: [&str; 16] = [
    "programmes",
    "checklists",
    "training",
    "surveys",
    "forms",
    "signals",
    "health",
    "interventions",
    "agendas",
    "task-templates",
    "journeys",
    "guides",
    "calendars",
    "documents",
    "emails",
    "words",
];

impl Library {
    /// Reads and judges every file; findings in order of file and place. Empty means: all is well.
    #[must_use]
    pub fn check(&self) -> Vec<Diagnostic> {
        let mut out = Vec::new();
        let parsed = self.parse(&mut out);
        lint::everything(&parsed, &mut out);
        out.sort();
        out.dedup();
        out
    }

    /// The methodology these files say. Warnings do not stop it; see [`Library::check`] for them.
    ///
    /// # Errors
    /// All findings (warnings too) when at least one is an error.
    pub fn load(&self) -> Result<Methodology, Vec<Diagnostic>> {
        let mut out = Vec::new();
        let parsed = self.parse(&mut out);
        // The built-in files are judged by this crate's tests; nobody needs to wait for it at every start.
        let known_good = *self == Self::builtin();
        if !known_good {
            lint::everything(&parsed, &mut out);
        }
        if out.iter().any(|finding| finding.severity == Severity::Error) {
            out.sort();
            out.dedup();
            return Err(out);
        }
        Ok(parsed.assemble(self.digest()))
    }

    pub(crate) fn parse<'a>(&'a self, out: &mut Vec<Diagnostic>) -> Parsed<'a> {
        let mut parsed = Parsed::default();
        for (path, text) in &self.files {
            parsed.add(path, text, out);
        }
        parsed
    }
}

impl<'a> Parsed<'a> {
    fn add(&mut self, path: &'a str, text: &'a str, out: &mut Vec<Diagnostic>) {
        let parts: Vec<&str> = path.split('/').collect();
        match parts.as_slice() {
            ["documents", name] if name.ends_with(".md") => {
                self.documents.insert(name.trim_end_matches(".md").to_owned(), text.to_owned());
            }
            ["emails", name, "subject.txt"] => {
                self.subjects.insert((*name).to_owned(), text.trim_end().to_owned());
            }
            ["emails", name, "body.md"] => {
                self.bodies.insert((*name).to_owned(), text.to_owned());
            }
            [.., "README.md"] => {}
            [file] if SINGLE.contains(file) => self.add_toml(path, "", text, out),
            [folder, file] if FOLDERS.contains(folder) && file.ends_with(".toml") => {
                self.add_toml(path, folder, text, out)
            }
            _ => out.push(unread(path, &parts)),
        }
    }

    fn add_toml(&mut self, path: &'a str, folder: &'a str, text: &'a str, out: &mut Vec<Diagnostic>) {
        let Some(source) = Source::parse(path, text, out) else {
            self.broken.push(if folder.is_empty() { path } else { folder });
            return;
        };
        let read = match if folder.is_empty() { path } else { folder } {
            "segments.toml" => one(&mut self.segments, &source, out),
            "benchmarks.toml" => one(&mut self.benchmarks, &source, out),
            "handoff.toml" => one(&mut self.handoff, &source, out),
            "people.toml" => one(&mut self.people, &source, out),
            "golive.toml" => one(&mut self.golive, &source, out),
            "governance.toml" => one(&mut self.governance, &source, out),
            "forecast.toml" => one(&mut self.forecast, &source, out),
            "transition.toml" => one(&mut self.transition, &source, out),
            "usage.toml" => one(&mut self.usage, &source, out),
            "value.toml" => one(&mut self.value, &source, out),
            "risks.toml" => one(&mut self.risks, &source, out),
            "questions.toml" => one(&mut self.questions, &source, out),
            "wording.toml" => one(&mut self.wording, &source, out),
            "programmes" => another(&mut self.programmes, &source, out),
            "checklists" => another(&mut self.checklists, &source, out),
            "training" => another(&mut self.training, &source, out),
            "surveys" => another(&mut self.surveys, &source, out),
            "forms" => another(&mut self.forms, &source, out),
            "signals" => another(&mut self.signals, &source, out),
            "health" => another(&mut self.health, &source, out),
            "interventions" => another(&mut self.interventions, &source, out),
            "agendas" => another(&mut self.agendas, &source, out),
            "task-templates" => another(&mut self.task_templates, &source, out),
            "journeys" => another(&mut self.journeys, &source, out),
            "guides" => another(&mut self.guides, &source, out),
            "calendars" => another(&mut self.calendars, &source, out),
            "words" => another(&mut self.words, &source, out),
            _ => {
                out.push(unread(path, &[folder, path]));
                true
            }
        };
        if !read {
            self.broken.push(if folder.is_empty() { path } else { folder });
        }
        self.sources.insert(path, source);
    }

    fn assemble(self, digest: String) -> Methodology {
        let emails = self
            .subjects
            .into_iter()
            .filter_map(|(name, subject)| {
                let body = self.bodies.get(&name)?.clone();
                Some((name, EmailTemplate { subject, body }))
            })
            .collect();
        let signals = self
            .signals
            .into_iter()
            .flat_map(|(_, file)| file.signals)
            .map(|signal| (signal.id.clone(), signal))
            .collect();
        Methodology {
            digest,
            segments: self.segments.unwrap_or_default(),
            benchmarks: self.benchmarks.unwrap_or_default(),
            programmes: by_id(self.programmes, |programme| programme.id.clone()),
            checklists: by_id(self.checklists, |checklist| checklist.id.clone()),
            training: by_id(self.training, |track| track.id.clone()),
            surveys: by_id(self.surveys, |survey| survey.id.clone()),
            forms: by_id(self.forms, |form| form.id.clone()),
            signals,
            health: by_id(self.health, |model| model.id.clone()),
            interventions: by_id(self.interventions, |intervention| intervention.id.clone()),
            agendas: by_id(self.agendas, |agenda| agenda.id.clone()),
            handoff: self.handoff.unwrap_or_default(),
            people: self.people.unwrap_or_default(),
            golive: self.golive.unwrap_or_default(),
            governance: self.governance.unwrap_or_default(),
            forecast: self.forecast.unwrap_or_default(),
            transition: self.transition.unwrap_or_default(),
            usage: self.usage.unwrap_or_default(),
            task_templates: by_id(self.task_templates, |template| template.id.clone()),
            journeys: by_id(self.journeys, |journey| journey.id.clone()),
            guides: by_id(self.guides, |guide| guide.id.clone()),
            value: self.value.unwrap_or_default(),
            risks: self.risks.unwrap_or_default(),
            questions: self.questions.unwrap_or_default(),
            wording: self.wording.unwrap_or_default(),
            calendars: by_id(self.calendars, |calendar| calendar.country.clone()),
            documents: self.documents,
            emails,
            words: by_id(self.words, |words| words.language.word().to_owned()),
        }
    }
}

fn one<T: DeserializeOwned>(slot: &mut Option<T>, source: &Source<'_>, out: &mut Vec<Diagnostic>) -> bool {
    *slot = source.read(out);
    slot.is_some()
}

fn another<'a, T: DeserializeOwned>(
    list: &mut Vec<Filed<'a, T>>,
    source: &Source<'a>,
    out: &mut Vec<Diagnostic>,
) -> bool {
    let value = source.read(out);
    let read = value.is_some();
    list.extend(value.map(|value| (source.path, value)));
    read
}

fn by_id<T>(list: Vec<Filed<'_, T>>, id: impl Fn(&T) -> String) -> IndexMap<String, T> {
    list.into_iter().map(|(_, value)| (id(&value), value)).collect()
}

fn unread(path: &str, parts: &[&str]) -> Diagnostic {
    let known: Vec<&str> = if parts.len() == 1 { SINGLE.to_vec() } else { FOLDERS.to_vec() };
    let wrong = parts.first().copied().unwrap_or_default();
    let help = match nearest(wrong, known.iter().copied()) {
        Some(name) if name != wrong => format!(
            "did you mean `{name}`? files are {} and those in {}",
            SINGLE.join(", "),
            FOLDERS.join(", ")
        ),
        _ => format!("files are {} and those in {}", SINGLE.join(", "), FOLDERS.join(", ")),
    };
    Diagnostic {
        file: path.to_owned(),
        line: 1,
        column: 1,
        severity: Severity::Warning,
        message: "nothing reads this file".to_owned(),
        help: Some(help),
    }
}
