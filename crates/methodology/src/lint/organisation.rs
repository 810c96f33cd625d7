//! The files that hold for all programmes: segments, benchmarks, handoff, people, go-live.

use std::collections::BTreeSet;

use gangway_domain::methodology::Segments;
use gangway_domain::money::Currency;
use gangway_domain::programme::PLACEHOLDERS;
use gangway_domain::rule::FIT_FACTS;
use gangway_domain::segment::FACETS;

use super::{File, RuleCache};
use crate::diagnostic::Diagnostic;
use crate::load::Parsed;

const LEVELS: [&str; 3] = ["low", "medium", "high"];
const TOUCH: [&str; 4] = ["high", "medium", "low", "tech"];
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const METRIC_GROUPS: [&str; 7] =
    ["onboarding", "handoff", "golive", "training", "implementation", "tech-touch", "ttv"];

pub(crate) fn lint(parsed: &Parsed<'_>, rules: &mut RuleCache, out: &mut Vec<Diagnostic>) {
    let mut each = |path: &str, judge: &mut dyn FnMut(&mut File<'_, '_>)| {
        if let Some(source) = parsed.sources.get(path) {
            judge(&mut File { source, out });
        }
    };
    each("segments.toml", &mut |file| segments(parsed, file, rules));
    each("benchmarks.toml", &mut |file| benchmarks(parsed, file));
    each("handoff.toml", &mut |file| handoff(parsed, file));
    each("people.toml", &mut |file| people(parsed, file, rules));
    each("golive.toml", &mut |file| {
        golive(parsed, file);
        super::launch::lint(parsed, file, rules);
    });
}

fn segments(parsed: &Parsed<'_>, file: &mut File<'_, '_>, rules: &mut RuleCache) {
    let Some(segments) = &parsed.segments else { return };
    currencies(file, segments);
    if segments.segments.is_empty() {
        file.error(
            "",
            "there are no segments",
            "add at least one `[[segment]]` that starts `from = 0` and has no `below`",
        );
    }
    file.unique(
        "segment",
        segments.segments.iter().enumerate().map(|(i, s)| (format!("segment.{i}.id"), s.id.as_str())),
    );
    let programmes: BTreeSet<&str> =
        parsed.programmes.iter().map(|(_, programme)| programme.id.as_str()).collect();
    let mut next = Some(0);
    for (i, segment) in segments.segments.iter().enumerate() {
        let at = |key: &str| format!("segment.{i}.{key}");
        let id = &segment.id;
        match next {
            None => file.error(
                &at("from"),
                format!("`{id}` overlaps the segment above it, which has no end"),
                "give every segment but the last a `below`",
            ),
            Some(bound) if segment.from > bound => {
                file.error(
                    &at("from"),
                    format!("values from {bound} to {} belong to no segment", segment.from),
                    format!("write `from = {bound}`"),
                );
            }
            Some(bound) if segment.from < bound => {
                file.error(
                    &at("from"),
                    format!("`{id}` overlaps the segment above it, which ends at {bound}"),
                    format!("write `from = {bound}`"),
                );
            }
            Some(_) => {}
        }
        next = segment.below;
        if segment.below.is_some_and(|below| below <= segment.from) {
            file.error(
                &at("below"),
                format!(
                    "`{id}` is empty: it starts at {} and ends below {}",
                    segment.from,
                    segment.below.unwrap_or_default()
                ),
                "",
            );
        }
        if !parsed.broken.contains(&"programmes") {
            file.known(&at("programme"), "programme", &segment.programme, &programmes);
        }
        file.known(&at("touch"), "touch model", &segment.touch, &BTreeSet::from(TOUCH));
        for (key, [least, most]) in
            [("duration_days", segment.duration_days), ("first_value_days", segment.first_value_days)]
        {
            if least > most {
                file.error(
                    &at(key),
                    format!("{least} to {most} days run backwards"),
                    "write the smaller one first",
                );
            }
        }
    }
    if let (Some(last), Some(bound)) = (segments.segments.len().checked_sub(1), next) {
        file.error(
            &format!("segment.{last}.below"),
            format!("values from {bound} up belong to no segment"),
            "leave `below` out of the last segment",
        );
    }
    file.unique(
        "facet",
        segments.facets.iter().enumerate().map(|(i, facet)| (format!("facet.{i}.id"), facet.id.as_str())),
    );
    for (i, facet) in segments.facets.iter().enumerate() {
        file.known(&format!("facet.{i}.facet"), "facet", &facet.facet, &BTreeSet::from(FACETS));
        rules.when(file, &format!("facet.{i}.when"), Some(&facet.when));
        file.placeholders(&format!("facet.{i}.reason"), &facet.reason, FIT_FACTS);
    }
}

fn currencies(file: &mut File<'_, '_>, segments: &Segments) {
    if segments.currency.parse::<Currency>().is_err() {
        file.error(
            "currency",
            format!("`{}` is not a currency Gangway knows", segments.currency),
            "use an ISO 4217 code such as USD or EUR",
        );
    }
    for (code, rate) in &segments.rates {
        let at = format!("rates.{code}");
        if code.parse::<Currency>().is_err() {
            file.error(
                &at,
                format!("`{code}` is not a currency Gangway knows"),
                "use an ISO 4217 code such as USD or EUR",
            );
        }
        if !rate.is_finite() || *rate <= 0.0 {
            file.error(
                &at,
                format!("a rate of {rate} is not possible"),
                format!("write what 1 {code} is worth in {}", segments.currency),
            );
        }
    }
}

fn benchmarks(parsed: &Parsed<'_>, file: &mut File<'_, '_>) {
    let Some(benchmarks) = &parsed.benchmarks else { return };
    file.unique(
        "metric",
        benchmarks
            .metrics
            .iter()
            .enumerate()
            .map(|(i, metric)| (format!("metric.{i}.id"), metric.id.as_str())),
    );
    for (i, metric) in benchmarks.metrics.iter().enumerate() {
        file.known(
            &format!("metric.{i}.group"),
            "group of metrics",
            &metric.group,
            &BTreeSet::from(METRIC_GROUPS),
        );
    }
    for (i, stage) in benchmarks.funnel.iter().enumerate() {
        if stage.target_percent > 100 {
            file.error(
                &format!("funnel.{i}.target_percent"),
                format!("{} % of the customers cannot pass", stage.target_percent),
                "at most 100",
            );
        }
    }
}

fn checklist(parsed: &Parsed<'_>, file: &mut File<'_, '_>, id: &str) {
    if !parsed.broken.contains(&"checklists") {
        let known = parsed.checklists.iter().map(|(_, checklist)| checklist.id.as_str()).collect();
        file.known("checklist", "checklist", id, &known);
    }
}

fn handoff(parsed: &Parsed<'_>, file: &mut File<'_, '_>) {
    let Some(handoff) = &parsed.handoff else { return };
    checklist(parsed, file, &handoff.checklist);
    if handoff.ready_percent > 100 {
        file.error(
            "ready_percent",
            format!("{} % can never be reached", handoff.ready_percent),
            "at most 100",
        );
    }
    file.unique(
        "clock",
        handoff.clocks.iter().enumerate().map(|(i, clock)| (format!("clock.{i}.id"), clock.id.as_str())),
    );
    let mut started: BTreeSet<&str> = BTreeSet::from(["close"]);
    for (i, clock) in handoff.clocks.iter().enumerate() {
        // Only clocks above may be named, so that clocks cannot wait for each other.
        file.known(&format!("clock.{i}.from"), "clock above this one", &clock.from, &started);
        started.insert(&clock.id);
    }
}

fn people(parsed: &Parsed<'_>, file: &mut File<'_, '_>, rules: &mut RuleCache) {
    let Some(people) = &parsed.people else { return };
    if people.least_contacts == 0 {
        file.error("least_contacts", "at least one contact is needed", "three is good practice");
    }
    for (i, role) in people.roles.iter().enumerate() {
        for (key, level) in [("power", &role.power), ("interest", &role.interest)] {
            file.known(&format!("role.{i}.{key}"), "level", level, &BTreeSet::from(LEVELS));
        }
        if people.roles.iter().take(i).any(|earlier| earlier.role == role.role) {
            file.error(
                &format!("role.{i}.role"),
                format!("the role of \"{}\" is described twice", role.name),
                "describe each role once",
            );
        }
    }
    let mut moments: BTreeSet<&str> = BTreeSet::from(["kickoff", "go-live", "finish"]);
    for (_, programme) in &parsed.programmes {
        moments.extend(programme.tasks.iter().map(|task| task.id.as_str()));
        moments.extend(programme.milestones.iter().map(|milestone| milestone.id.as_str()));
    }
    for (i, message) in people.messages.iter().enumerate() {
        if !parsed.broken.contains(&"programmes") {
            file.known(&format!("message.{i}.at"), "moment, task or milestone", &message.at, &moments);
        }
        rules.when(file, &format!("message.{i}.when"), message.when.as_deref());
        file.placeholders(&format!("message.{i}.message"), &message.message, PLACEHOLDERS);
    }
}

fn golive(parsed: &Parsed<'_>, file: &mut File<'_, '_>) {
    let Some(golive) = &parsed.golive else { return };
    checklist(parsed, file, &golive.checklist);
    for (i, day) in golive.never_on.iter().enumerate() {
        file.known(&format!("never_on.{i}"), "weekday", day, &BTreeSet::from(WEEKDAYS));
    }
    if !golive.never_on.iter().any(|day| day == "friday") {
        file.warning(
            "never_on",
            "go-lives on a Friday are allowed",
            "issues then grow over the weekend while nobody is there; add \"friday\"",
        );
    }
    let workdays =
        WEEKDAYS.iter().take(5).filter(|day| !golive.never_on.iter().any(|never| never == *day)).count();
    if workdays == 0 {
        file.error(
            "never_on",
            "no day is left on which anything could go live",
            "leave some working days out",
        );
    }
    for (i, strategy) in golive.strategies.iter().enumerate() {
        file.known(&format!("strategy.{i}.risk"), "level of risk", &strategy.risk, &BTreeSet::from(LEVELS));
    }
    file.unique_names(
        "rollout strategy",
        golive.strategies.iter().enumerate().map(|(i, s)| (format!("strategy.{i}.name"), s.name.as_str())),
    );
    for (i, severity) in golive.severities.iter().enumerate() {
        if severity.response_minutes > severity.resolution_minutes {
            file.error(
                &format!("severity.{i}.resolution_minutes"),
                format!("\"{}\" would be resolved before it is answered", severity.name),
                "",
            );
        }
    }
}
