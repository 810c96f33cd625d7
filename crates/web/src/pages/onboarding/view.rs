//! What the page of an onboarding shows.

use askama::Template;
use gangway_app::identity::Session;
use gangway_app::onboarding::Overview;
use gangway_domain::deal::Severity;
use gangway_domain::fact::Level;
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::package::{ItemState, KeyDates, Package, Placed, PlanMilestone, PlanPhase, PromiseEntry};
use gangway_store::activity::Activity;
use gangway_store::task::Task;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use percent_encoding::utf8_percent_encode;

use super::gantt::{Gantt, Shape};
use crate::format::{Day, capital, count, distance, progress};
use crate::pages::document::{NOT_IN_PATH, opens_in_browser};
use crate::pages::{Frame, Nav};

#[derive(Template)]
#[template(path = "pages/onboarding/onboarding.html")]
pub(super) struct Page {
    frame: Frame,
    /// The deal was just pasted, and was known.
    known: bool,
    customer: String,
    subtitle: String,
    state: String,
    state_reason: Option<String>,
    segment: String,
    touch: String,
    now: String,
    progress: u32,
    facts: Vec<Fact>,
    verdict: String,
    late: bool,
    options: Vec<String>,
    phases: Vec<Phase>,
    next: Vec<Next>,
    gates: Vec<Gate>,
    risks: Vec<Risk>,
    warnings: Vec<String>,
    questions: Vec<Question>,
    unread: Vec<String>,
    missing: Vec<String>,
    gantt: Gantt,
    people: Vec<Person>,
    gaps: Vec<(String, String)>,
    threading: String,
    multi_threaded: bool,
    promises: Vec<Promise>,
    documents: Vec<Document>,
    reasons: Vec<Reason>,
    overridden: Option<String>,
    programme: String,
    story: Vec<Entry>,
}

struct Fact {
    label: &'static str,
    value: String,
    note: String,
}

struct Phase {
    name: String,
    dates: String,
    goal: String,
    tasks: String,
    /// `over`, `now`, `ahead`.
    class: &'static str,
}

struct Next {
    name: String,
    who: String,
    side: String,
    start: Day,
    when: String,
    critical: bool,
    slack: String,
}

struct Gate {
    name: String,
    gate: bool,
    kind: &'static str,
    planned: Day,
    due: Day,
    late_by: i64,
    criteria: Vec<String>,
}

struct Risk {
    text: String,
    severity: &'static str,
    class: &'static str,
    mitigation: String,
    owner: String,
}

struct Question {
    text: String,
    ask: String,
    by: Day,
    why: String,
    assumed: Option<String>,
}

struct Person {
    label: String,
    title: Option<String>,
    role: String,
    grid: String,
    strategy: String,
    engagement: String,
}

struct Promise {
    id: String,
    text: String,
    by: Option<Day>,
    kept_at: String,
    on_time: Option<bool>,
    place: String,
}

/// A document in all its formats.
struct Document {
    title: String,
    formats: Vec<Format>,
}

struct Format {
    path: String,
    kind: String,
    href: String,
    /// The browser shows it; otherwise it is saved.
    shown: bool,
}

struct Reason {
    facet: String,
    pull: String,
    text: String,
}

struct Entry {
    iso: String,
    when: String,
    who: String,
    door: String,
    summary: String,
}

impl Page {
    pub(super) fn new(session: &Session, overview: Overview, time_zone: &TimeZone, known: bool) -> Self {
        let Overview { onboarding, account, next, story, files, today } = overview;
        let package = &onboarding.package;
        let Package { names, segmentation, dates, plan, people, reading, .. } = package;
        let over = matches!(onboarding.state, OnboardingState::Completed | OnboardingState::Closed { .. });
        Self {
            frame: Frame::of(session, Nav::Onboardings, account.name.clone()),
            known,
            customer: account.name,
            subtitle: [names.product.as_str(), names.use_case.as_str()]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" · "),
            state: capital(&onboarding.state.to_string()),
            state_reason: match &onboarding.state {
                OnboardingState::Closed { reason } => Some(reason.clone()),
                _ => None,
            },
            segment: segmentation.segment_name.clone(),
            touch: segmentation.touch_words.clone(),
            now: if over {
                "The onboarding is over.".to_owned()
            } else {
                now(plan.phases.as_slice(), dates, today)
            },
            progress: if over { 100 } else { progress(dates.starts_on, dates.finish_on, today) },
            facts: facts(package, today),
            verdict: dates.verdict.clone(),
            late: dates.go_live_target.is_some_and(|wanted| dates.go_live_on > wanted),
            options: dates.options.clone(),
            phases: plan.phases.iter().map(|phase| Phase::new(phase, today)).collect(),
            next: if over {
                Vec::new()
            } else {
                next.into_iter().map(|task| Next::new(task, today)).collect()
            },
            gates: plan.milestones.iter().map(Gate::new).collect(),
            risks: risks(package),
            warnings: package
                .notices
                .iter()
                .chain(&reading.notices)
                .filter(|notice| notice.level == Level::Warning)
                .map(|notice| notice.message.clone())
                .collect(),
            questions: package
                .questions
                .iter()
                .map(|question| Question {
                    text: question.text.clone(),
                    ask: question.ask.clone(),
                    by: question.by.into(),
                    why: question.why.clone(),
                    assumed: question.assumed.clone(),
                })
                .collect(),
            unread: reading.unread.iter().map(|unread| unread.text.clone()).collect(),
            missing: package
                .handoff
                .quality
                .items
                .iter()
                .filter(|item| item.state == ItemState::Missing)
                .map(|item| item.text.clone())
                .collect(),
            gantt: Gantt::new(plan, dates, today),
            people: people.stakeholders.iter().map(Person::new).collect(),
            gaps: people.gaps.iter().map(|gap| (gap.role.clone(), gap.why.clone())).collect(),
            threading: people.threading.clone(),
            multi_threaded: people.multi_threaded,
            promises: package.handoff.promises.iter().map(Promise::new).collect(),
            documents: documents(&onboarding.id.to_string(), files),
            reasons: segmentation
                .reasons
                .iter()
                .map(|reason| Reason {
                    facet: capital(&reason.facet),
                    pull: format!("{:+}", reason.pull),
                    text: reason.text.clone(),
                })
                .collect(),
            overridden: segmentation.overridden.as_ref().map(|choice| {
                format!("{} was recommended; a person chose otherwise: {}", choice.recommended, choice.reason)
            }),
            programme: format!("{}, version {}", segmentation.programme_name, segmentation.programme_version),
            story: story.into_iter().map(|entry| Entry::new(entry, time_zone)).collect(),
        }
    }
}

/// Where the plan stands, in one sentence.
fn now(phases: &[PlanPhase], dates: &KeyDates, today: Date) -> String {
    let go_live = format!("Go-live {}.", distance(today, dates.go_live_on));
    let current = phases.iter().rev().find(|phase| phase.start <= today);
    match current {
        None => format!("Preparation starts {}. {go_live}", distance(today, dates.starts_on)),
        Some(_) if today > dates.finish_on => "Every planned day is over.".to_owned(),
        Some(phase) if today > phase.finish => format!("Between phases, after {}. {go_live}", phase.name),
        Some(phase) => format!("In {}, which ends {}. {go_live}", phase.name, distance(today, phase.finish)),
    }
}

fn facts(package: &Package, today: Date) -> Vec<Fact> {
    let Package { dates, handoff, reading, .. } = package;
    let day = |date: Date| Day::from(date).words;
    let mut facts = vec![
        Fact { label: "Kickoff", value: day(dates.kickoff_on), note: distance(today, dates.kickoff_on) },
        Fact {
            label: "Go-live",
            value: day(dates.go_live_on),
            note: dates.go_live_target.map_or_else(
                || "no date given".to_owned(),
                |wanted| match (dates.go_live_on - wanted).get_days() {
                    0 => "as wanted".to_owned(),
                    days if days > 0 => format!("{days} days after {}", day(wanted)),
                    days => format!("{} days before {}", -days, day(wanted)),
                },
            ),
        },
    ];
    if let Some(first) = dates.first_value_on {
        facts.push(Fact { label: "First value", value: day(first), note: distance(today, first) });
    }
    facts.push(Fact {
        label: "Finish",
        value: day(dates.finish_on),
        note: format!("complete by {}", day(dates.complete_by)),
    });
    let acv = reading.deal.acv.as_ref();
    facts.push(Fact {
        label: "Value a year",
        value: acv.map_or_else(|| "unknown".to_owned(), |acv| acv.value.to_string()),
        note: reading
            .deal
            .term_months
            .as_ref()
            .map_or_else(String::new, |term| format!("{} months", term.value)),
    });
    facts.push(Fact {
        label: "Handoff",
        value: format!("{} %", handoff.quality.document_score),
        note: if handoff.quality.ready { "ready for kickoff" } else { "not ready for kickoff" }.to_owned(),
    });
    facts
}

fn risks(package: &Package) -> Vec<Risk> {
    let mut risks: Vec<_> = package.risks.iter().collect();
    risks.sort_by_key(|risk| std::cmp::Reverse(risk.severity));
    risks
        .into_iter()
        .map(|risk| {
            let (severity, class) = match risk.severity {
                Severity::Low => ("Low", "off"),
                Severity::Medium => ("Medium", "soon"),
                Severity::High => ("High", "late"),
                Severity::Critical => ("Critical", "late"),
            };
            Risk {
                text: risk.text.clone(),
                severity,
                class,
                mitigation: risk.mitigation.clone(),
                owner: risk.owner.clone(),
            }
        })
        .collect()
}

impl Phase {
    fn new(phase: &PlanPhase, today: Date) -> Self {
        let short = |date: Date| date.strftime("%-d %b").to_string();
        Self {
            name: phase.name.clone(),
            dates: format!("{} – {}", short(phase.start), short(phase.finish)),
            goal: phase.goal.clone(),
            tasks: count(usize::try_from(phase.tasks).unwrap_or(0), "task"),
            class: if today > phase.finish {
                "over"
            } else if today >= phase.start {
                "now"
            } else {
                "ahead"
            },
        }
    }
}

impl Next {
    fn new(task: Task, today: Date) -> Self {
        let running = task.starts_on <= today;
        Self {
            who: task.assignee.unwrap_or(task.role),
            side: task.side,
            start: task.starts_on.into(),
            when: if running {
                format!("ends {}", distance(today, task.finishes_on))
            } else {
                format!("starts {}", distance(today, task.starts_on))
            },
            slack: match task.slack {
                ..=0 => "no slack".to_owned(),
                1 => "1 working day of slack".to_owned(),
                days => format!("{days} working days of slack"),
            },
            critical: task.critical,
            name: task.name,
        }
    }
}

impl Gate {
    fn new(milestone: &PlanMilestone) -> Self {
        Self {
            name: milestone.name.clone(),
            gate: milestone.gate,
            kind: match milestone.kind {
                gangway_domain::programme::MilestoneKind::Value => "value",
                gangway_domain::programme::MilestoneKind::Technical => "technical",
            },
            planned: milestone.planned.into(),
            due: milestone.due.into(),
            late_by: milestone.late_by,
            criteria: milestone.criteria.iter().map(|criterion| criterion.text.clone()).collect(),
        }
    }
}

impl Person {
    fn new(placed: &Placed) -> Self {
        Self {
            label: placed.label.clone(),
            title: placed.title.clone(),
            role: placed.role_name.clone(),
            grid: format!("{} power, {} interest", placed.power, placed.interest),
            strategy: placed.strategy.clone(),
            engagement: placed.engagement.clone(),
        }
    }
}

impl Promise {
    fn new(entry: &PromiseEntry) -> Self {
        Self {
            id: entry.id.clone(),
            text: entry.text.clone(),
            by: entry.by.map(Day::from),
            kept_at: entry.kept_at.clone(),
            on_time: entry.on_time,
            place: entry.place.clone(),
        }
    }
}

/// One line per document, whatever the number of its formats; in the order of the package. Files are
/// paths with their titles.
fn documents(onboarding: &str, files: Vec<(String, String)>) -> Vec<Document> {
    let mut documents: Vec<(String, Document)> = Vec::new();
    for (path, title) in files {
        let (stem, end) = path.rsplit_once('.').unwrap_or((&path, ""));
        let (stem, kind) = (stem.to_owned(), end.to_uppercase());
        let shown = opens_in_browser(&path);
        let address =
            format!("/onboardings/{onboarding}/package/{}", utf8_percent_encode(&path, NOT_IN_PATH));
        let format =
            Format { href: if shown { address } else { format!("{address}?download=1") }, path, kind, shown };
        match documents.iter_mut().find(|(known, _)| *known == stem) {
            Some((_, document)) => document.formats.push(format),
            None => documents.push((stem, Document { title, formats: vec![format] })),
        }
    }
    documents.into_iter().map(|(_, document)| document).collect()
}

impl Entry {
    fn new(entry: Activity, time_zone: &TimeZone) -> Self {
        // A stored instant is one jiff wrote; should it ever not be, the entry is worth more than its hour.
        let at = jiff::Timestamp::try_from(entry.at).unwrap_or_default().to_zoned(time_zone.clone());
        Self {
            iso: at.timestamp().to_string(),
            when: at.strftime("%-d %b %Y, %H:%M").to_string(),
            who: entry.actor,
            door: entry.door,
            summary: entry.summary,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::documents;

    #[test]
    fn formats_of_a_document_stand_in_one_line_under_addresses_that_hold() {
        let file = |path: &str, title: &str| (path.to_owned(), title.to_owned());
        let made = documents(
            "onb_1",
            vec![
                file("raci.md", "RACI"),
                file("raci.html", "RACI"),
                file("meetings/Plan \"Ä\"#1.ics", "Plan"),
            ],
        );
        let [raci, plan] = made.as_slice() else { panic!("{} documents", made.len()) };
        assert_eq!((raci.title.as_str(), plan.title.as_str()), ("RACI", "Plan"));
        let formats: Vec<_> = [raci, plan]
            .into_iter()
            .flat_map(|document| &document.formats)
            .map(|format| (format.kind.as_str(), format.href.as_str(), format.shown))
            .collect();
        assert_eq!(
            formats,
            [
                ("MD", "/onboardings/onb_1/package/raci.md?download=1", false),
                ("HTML", "/onboardings/onb_1/package/raci.html", true),
                ("ICS", "/onboardings/onb_1/package/meetings/Plan%20%22%C3%84%22%231.ics?download=1", false),
            ]
        );
    }
}
