//! The methodology as typed data: what the files under `methodology/` say.
//!
//! The `gangway-methodology` crate loads and checks them; the domain only reads. Programmes are in
//! [`crate::programme`], journeys, value and guides in [`crate::playbook`].

mod benchmarks;
mod forecast;
mod forms;
mod golive;
mod governance;
mod handoff;
mod health;
mod learning;
mod people;
mod questions;
mod risks;
mod segments;
mod sheets;
mod task_templates;
mod transition;
mod translation;
mod usage;
mod wording;

use indexmap::IndexMap;

use crate::calendar::HolidayCalendar;
use crate::playbook::{Guide, Journey, ValueRules};
use crate::programme::Programme;

pub use benchmarks::*;
pub use forecast::*;
pub use forms::*;
pub use golive::*;
pub use governance::*;
pub use handoff::*;
pub use health::*;
pub use learning::*;
pub use people::*;
pub use questions::*;
pub use risks::*;
pub use segments::*;
pub use sheets::*;
pub use task_templates::*;
pub use transition::*;
pub use translation::*;
pub use usage::*;
pub use wording::*;

/// Everything the methodology says.
#[derive(Debug, Clone, Default)]
pub struct Methodology {
    /// Digest of all files, hex; changes whenever a file does.
    pub digest: String,
    /// `segments.toml`.
    pub segments: Segments,
    /// `benchmarks.toml`.
    pub benchmarks: Benchmarks,
    /// `programmes/*.toml` by id, in order of file name.
    pub programmes: IndexMap<String, Programme>,
    /// `checklists/*.toml` by id.
    pub checklists: IndexMap<String, Checklist>,
    /// `training/*.toml` by id.
    pub training: IndexMap<String, TrainingTrack>,
    /// `surveys/*.toml` by id.
    pub surveys: IndexMap<String, Survey>,
    /// `forms/*.toml` by id.
    pub forms: IndexMap<String, FormSheet>,
    /// `signals/*.toml`, all categories together, by id.
    pub signals: IndexMap<String, SignalKind>,
    /// `health/*.toml` by id.
    pub health: IndexMap<String, HealthModel>,
    /// `interventions/*.toml` by id: what to do at each level.
    pub interventions: IndexMap<String, Intervention>,
    /// `agendas/*.toml` by id: meetings of the handoff itself.
    pub agendas: IndexMap<String, Agenda>,
    /// `handoff.toml`: clocks and what a complete handoff holds.
    pub handoff: HandoffRules,
    /// `people.toml`: stakeholder strategies, communication and change plan.
    pub people: PeopleRules,
    /// `golive.toml`: rollout strategies, hypercare, rollback.
    pub golive: GoLiveRules,
    /// `governance.toml`: exposure, change control, colours, escalation, further meetings.
    pub governance: GovernanceRules,
    /// `forecast.toml`: what forecasts assume of tasks until there is enough history.
    pub forecast: ForecastRules,
    /// `transition.toml`: how a customer is handed to whoever looks after them.
    pub transition: TransitionRules,
    /// `usage.toml`: what usage events mean, features, the pace that is expected.
    pub usage: UsageRules,
    /// `task-templates/*.toml` by id: work that comes up in running onboardings.
    pub task_templates: IndexMap<String, TaskTemplate>,
    /// `journeys/*.toml` by id: automated sequences.
    pub journeys: IndexMap<String, Journey>,
    /// `guides/*.toml` by id: reference tables and practices.
    pub guides: IndexMap<String, Guide>,
    /// `value.toml`: ladder, quick wins, blockers.
    pub value: ValueRules,
    /// `risks.toml`: what counts as a risk on the first day, categories, escalation.
    pub risks: RiskRules,
    /// `questions.toml`: what is asked when the deal does not say it.
    pub questions: QuestionRules,
    /// `wording.toml`: words by which what a deal says is found again in the plan.
    pub wording: WordingRules,
    /// `calendars/*.toml` by country code.
    pub calendars: IndexMap<String, HolidayCalendar>,
    /// `documents/*.md`: templates of documents by name.
    pub documents: IndexMap<String, String>,
    /// `emails/<name>/{subject.txt,body.md}` by name; `<name>.de` is the same e-mail in German.
    pub emails: IndexMap<String, EmailTemplate>,
    /// `words/*.toml` by language: what texts of the methodology say in languages other than English.
    pub words: IndexMap<String, Translation>,
}

impl Methodology {
    /// The name of a country by its ISO 3166-1 code, as its calendar says it; that of a subdivision stays a code:
    /// `Germany`, `Germany (BY)`. `None` where there is no calendar of the country.
    #[must_use]
    pub fn country(&self, code: &str) -> Option<String> {
        let (land, part) = code.split_once('-').unwrap_or((code, ""));
        let name = self.calendars.get(&land.to_uppercase())?.name.clone();
        Some(if part.is_empty() { name } else { format!("{name} ({part})") })
    }
}

/// An e-mail template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailTemplate {
    /// Subject line template.
    pub subject: String,
    /// Body template, Markdown.
    pub body: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_have_the_names_of_their_calendars() {
        let germany = HolidayCalendar {
            country: "DE".to_owned(),
            name: "Germany".to_owned(),
            notes: String::new(),
            subdivisions: IndexMap::new(),
            holidays: Vec::new(),
        };
        let methodology =
            Methodology { calendars: IndexMap::from([("DE".to_owned(), germany)]), ..Methodology::default() };
        assert_eq!(methodology.country("DE").as_deref(), Some("Germany"));
        assert_eq!(methodology.country("de-BY").as_deref(), Some("Germany (BY)"));
        assert_eq!(methodology.country("XX"), None);
    }
}
