//! The files of which there are many: checklists, training, surveys, agendas, journeys, guides, calendars, words.

use std::collections::BTreeSet;

use gangway_domain::methodology::{Assessment, Checklist, Survey, TrainingTrack, Translation};
use gangway_domain::playbook::{Guide, Journey};
use gangway_domain::programme::PLACEHOLDERS;

use super::{File, RuleCache};
use crate::diagnostic::Diagnostic;
use crate::load::{Filed, Parsed};

const QUESTION_KINDS: [&str; 7] = ["nps", "csat", "ces", "rating5", "scale10", "choice", "text"];
/// Kinds of questions of an assessment.
const ASSESSED: [&str; 3] = ["choice", "multi", "text"];
const COMPETENCY: [&str; 5] = ["awareness", "knowledge", "application", "proficiency", "mastery"];
const CHANNELS: [&str; 4] = ["email", "in-app", "survey", "human"];
/// Parts of a deal that can answer an item of the handoff checklist or a question, see [`gangway_domain::handoff::answers`].
pub(super) const ANSWERS: [&str; 33] = [
    "customer",
    "industry",
    "size",
    "website",
    "country",
    "acv",
    "term",
    "contract_start",
    "products",
    "use_cases",
    "situation",
    "pain",
    "impact",
    "critical_event",
    "decision",
    "alternatives",
    "spiced",
    "document",
    "success_criteria",
    "timeline",
    "stakeholders",
    "sponsor",
    "champion",
    "technical",
    "integrations",
    "data_sources",
    "sso",
    "concerns",
    "relationship",
    "promises",
    "non_scope",
    "red_flags",
    "mitigations",
];

pub(crate) fn lint(parsed: &Parsed<'_>, rules: &mut RuleCache, out: &mut Vec<Diagnostic>) {
    let roles: BTreeSet<&str> = parsed
        .programmes
        .iter()
        .flat_map(|(_, programme)| &programme.roles)
        .map(|role| role.id.as_str())
        .collect();
    each(parsed, &parsed.checklists, out, |file, list| {
        // With a broken programme, roles may be missing for that reason.
        let roles = (!parsed.broken.contains(&"programmes")).then_some(&roles);
        checklist(file, rules, list, roles);
    });
    each(parsed, &parsed.training, out, track);
    each(parsed, &parsed.surveys, out, survey);
    each(parsed, &parsed.forms, out, super::forms::form);
    each(parsed, &parsed.journeys, out, |file, journey| lint_journey(parsed, file, rules, journey));
    each(parsed, &parsed.guides, out, guide);
    each(parsed, &parsed.agendas, out, |file, agenda| {
        file.named_like_file(&agenda.id);
        if agenda.items.is_empty() {
            file.error("item", format!("the agenda `{}` has no points", agenda.id), "add `[[item]]` blocks");
        }
    });
    each(parsed, &parsed.calendars, out, |file, calendar| {
        let name =
            file.source.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".toml").to_owned();
        if !calendar.country.eq_ignore_ascii_case(&name) {
            file.error(
                "country",
                format!("the country `{}` is not the name of the file", calendar.country),
                "name the file after the country code",
            );
        }
    });
    each(parsed, &parsed.words, out, words);
}

/// What texts say in another language: the file is named after it, and nothing is said with nothing.
fn words(file: &mut File<'_, '_>, words: &Translation) {
    let language = words.language.word();
    if !file.source.path.ends_with(&format!("/{language}.toml")) {
        let what = format!("the language `{language}` is not the name of the file");
        file.error("language", what, "name the file after the language");
    }
    for (text, _) in words.says.iter().filter(|(_, said)| said.trim().is_empty()) {
        let what = format!("“{text}” would be shown as an empty text");
        file.error("says", what, "write what it says in this language, or leave the line out");
    }
}

/// Judges every file of a folder.
fn each<T>(
    parsed: &Parsed<'_>,
    list: &[Filed<'_, T>],
    out: &mut Vec<Diagnostic>,
    mut judge: impl FnMut(&mut File<'_, '_>, &T),
) {
    for (path, value) in list {
        if let Some(source) = parsed.sources.get(path) {
            judge(&mut File { source, out: &mut *out }, value);
        }
    }
}

fn checklist(
    file: &mut File<'_, '_>,
    rules: &mut RuleCache,
    list: &Checklist,
    roles: Option<&BTreeSet<&str>>,
) {
    file.named_like_file(&list.id);
    let items = || {
        list.groups.iter().enumerate().flat_map(|(g, group)| {
            group.items.iter().enumerate().map(move |(i, item)| (format!("group.{g}.item.{i}"), item))
        })
    };
    file.unique("item", items().map(|(at, item)| (format!("{at}.id"), item.id.as_str())));
    for (at, item) in items() {
        rules.when(file, &format!("{at}.when"), item.when.as_deref());
        rules.run(file, &format!("{at}.rule"), item.rule.as_deref());
        file.placeholders(&format!("{at}.text"), &item.text, PLACEHOLDERS);
        if let (Some(role), Some(roles)) = (&item.role, roles) {
            file.known(&format!("{at}.role"), "role in any programme", role, roles);
        }
        for part in item.answered_by.iter().flat_map(|parts| parts.split('+')) {
            file.known(&format!("{at}.answered_by"), "part of a deal", part.trim(), &BTreeSet::from(ANSWERS));
        }
    }
    for (i, role) in list.approvals.iter().enumerate() {
        if let Some(roles) = roles {
            file.known(&format!("approvals.{i}"), "role in any programme", role, roles);
        }
    }
}

fn track(file: &mut File<'_, '_>, track: &TrainingTrack) {
    file.named_like_file(&track.id);
    file.known("level", "level of competency", &track.level, &BTreeSet::from(COMPETENCY));
    if track.modules.is_empty() {
        file.error("module", format!("the track `{}` has no modules", track.id), "add `[[module]]` blocks");
    }
    for (i, module) in track.modules.iter().enumerate() {
        if module.minutes == 0 {
            file.error(
                &format!("module.{i}.minutes"),
                format!("\"{}\" takes no time", module.title),
                "give it minutes",
            );
        }
    }
    file.unique(
        "exercise",
        track.exercises.iter().enumerate().map(|(i, one)| (format!("exercise.{i}.id"), one.id.as_str())),
    );
    for (i, exercise) in track.exercises.iter().enumerate() {
        if exercise.criteria.is_empty() {
            file.error(
                &format!("exercise.{i}"),
                format!("nobody can say whether `{}` was done well", exercise.id),
                "give it at least one of `criteria`",
            );
        }
    }
    file.unique(
        "phase",
        track.phases.iter().enumerate().map(|(i, one)| (format!("phase.{i}.id"), one.id.as_str())),
    );
    if let Some(asked) = &track.assessment {
        assessment(file, asked);
    }
}

fn assessment(file: &mut File<'_, '_>, asked: &Assessment) {
    if !(1..=100).contains(&asked.pass_percent) {
        file.error(
            "assessment.pass_percent",
            format!("{} % is no pass mark", asked.pass_percent),
            "between 1 and 100; 80 is usual",
        );
    }
    if asked.questions.is_empty() {
        file.error("assessment", "the assessment asks nothing", "add `[[assessment.question]]` blocks");
    }
    file.unique(
        "question",
        asked
            .questions
            .iter()
            .enumerate()
            .map(|(i, q)| (format!("assessment.question.{i}.id"), q.id.as_str())),
    );
    for (i, question) in asked.questions.iter().enumerate() {
        let at = format!("assessment.question.{i}");
        if !file.known(&format!("{at}.kind"), "kind of question", &question.kind, &BTreeSet::from(ASSESSED)) {
            continue;
        }
        if question.correct.is_empty() {
            file.error(&at, format!("`{}` has no right answer", question.id), "say it in `correct`");
        }
        if question.kind == "text" {
            continue;
        }
        let options: BTreeSet<&str> = question.options.iter().map(String::as_str).collect();
        if options.len() < 2 || options.len() < question.options.len() {
            file.error(
                &at,
                format!("`{}` offers nothing to choose from", question.id),
                "give it at least two different `options`",
            );
        }
        if question.kind == "choice" && question.correct.len() > 1 {
            file.error(&at, format!("`{}` has several right answers", question.id), "make it `multi`");
        }
        for right in &question.correct {
            if !options.contains(right.as_str()) {
                file.error(
                    &format!("{at}.correct"),
                    format!("\"{right}\" is right, but is not offered"),
                    "write it as it stands in `options`",
                );
            }
        }
    }
}

fn survey(file: &mut File<'_, '_>, survey: &Survey) {
    file.named_like_file(&survey.id);
    questionnaire(file, "", survey);
}

/// What a survey asks, wherever it is written: `at` is its place in the file, empty or with a dot at its end.
pub(super) fn questionnaire(file: &mut File<'_, '_>, at: &str, survey: &Survey) {
    if survey.target_response_percent > 100 {
        file.error(
            &format!("{at}target_response_percent"),
            format!("{} % of the people cannot answer", survey.target_response_percent),
            "at most 100",
        );
    }
    file.unique(
        "question",
        survey.questions.iter().enumerate().map(|(i, q)| (format!("{at}question.{i}.id"), q.id.as_str())),
    );
    for (i, question) in survey.questions.iter().enumerate() {
        file.known(
            &format!("{at}question.{i}.kind"),
            "kind of question",
            &question.kind,
            &BTreeSet::from(QUESTION_KINDS),
        );
        if question.kind == "choice" && question.options.len() < 2 {
            file.error(
                &format!("{at}question.{i}"),
                format!("`{}` offers nothing to choose from", question.id),
                "give it at least two `options`",
            );
        }
    }
}

fn lint_journey(parsed: &Parsed<'_>, file: &mut File<'_, '_>, rules: &mut RuleCache, journey: &Journey) {
    file.named_like_file(&journey.id);
    if let Some(segments) = &parsed.segments {
        let known = segments.segments.iter().map(|segment| segment.id.as_str()).collect();
        for (i, segment) in journey.segments.iter().enumerate() {
            file.known(&format!("segments.{i}"), "segment", segment, &known);
        }
    }
    if journey.messages_per_day == 0 {
        file.error("messages_per_day", "with 0 messages a day nothing is ever sent", "1 is good practice");
    }
    file.unique("step or trigger", {
        let steps =
            journey.steps.iter().enumerate().map(|(i, step)| (format!("step.{i}.id"), step.id.as_str()));
        let triggers = journey
            .triggers
            .iter()
            .enumerate()
            .map(|(i, trigger)| (format!("trigger.{i}.id"), trigger.id.as_str()));
        steps.chain(triggers).collect::<Vec<_>>()
    });
    let surveys: BTreeSet<&str> = parsed.surveys.iter().map(|(_, survey)| survey.id.as_str()).collect();
    let mut last = 0;
    for (i, step) in journey.steps.iter().enumerate() {
        file.known(&format!("step.{i}.channel"), "channel", &step.channel, &BTreeSet::from(CHANNELS));
        if step.day < last {
            file.error(
                &format!("step.{i}.day"),
                format!("day {} stands after day {last}", step.day),
                "steps stand in the order of their days",
            );
        }
        last = step.day;
        if let Some(sent) =
            step.sends.as_deref().filter(|_| step.channel == "survey" && !parsed.broken.contains(&"surveys"))
        {
            file.known(&format!("step.{i}.sends"), "survey", sent, &surveys);
        }
        let emails: BTreeSet<&str> = parsed.bodies.keys().map(String::as_str).collect();
        if let Some(sent) = step.sends.as_deref().filter(|_| step.channel == "email") {
            file.known(&format!("step.{i}.sends"), "e-mail template", sent, &emails);
        }
    }
    for (i, trigger) in journey.triggers.iter().enumerate() {
        file.known(&format!("trigger.{i}.channel"), "channel", &trigger.channel, &BTreeSet::from(CHANNELS));
        rules.run(file, &format!("trigger.{i}.rule"), trigger.rule.as_deref());
    }
    if journey.human_when.is_empty() {
        file.warning(
            "",
            format!("in the journey `{}` nobody can reach a person", journey.id),
            "say in `human_when` when a person takes over",
        );
    }
}

fn guide(file: &mut File<'_, '_>, guide: &Guide) {
    file.named_like_file(&guide.id);
    file.unique(
        "table",
        guide.tables.iter().enumerate().map(|(i, table)| (format!("table.{i}.id"), table.id.as_str())),
    );
    for (i, table) in guide.tables.iter().enumerate() {
        for (n, row) in table.rows.iter().enumerate() {
            if row.len() != table.columns.len() {
                file.error(
                    &format!("table.{i}.rows.{n}"),
                    format!("this row has {} cells for {} columns", row.len(), table.columns.len()),
                    "write one cell per column, \"\" for none",
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use gangway_domain::deal::Deal;
    use gangway_domain::handoff::answers;
    use gangway_domain::package::ItemState;

    use super::ANSWERS;

    #[test]
    fn every_part_of_a_deal_is_one_that_the_handoff_can_answer() {
        for part in ANSWERS {
            assert_ne!(answers(&Deal::default(), part).0, ItemState::Open, "{part}");
        }
    }
}
