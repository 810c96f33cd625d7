//! The rules of the first day: risks and questions.

use std::collections::BTreeSet;

use gangway_domain::methodology::{
    FIRST_DAY_PLACEHOLDERS, QuestionItem, QuestionRule, QuestionRules, RiskRule, RiskRules,
};
use gangway_domain::programme::PLACEHOLDERS;

use super::content::ANSWERS;
use super::{File, RuleCache};
use crate::diagnostic::Diagnostic;
use crate::load::Parsed;

pub(crate) fn lint(parsed: &Parsed<'_>, rules: &mut RuleCache, out: &mut Vec<Diagnostic>) {
    let roles = Roles::of(parsed);
    if let (Some(source), Some(found)) = (parsed.sources.get("risks.toml"), &parsed.risks) {
        risks(&mut File { source, out }, rules, found, &roles);
    }
    if let (Some(source), Some(found)) = (parsed.sources.get("questions.toml"), &parsed.questions) {
        questions(&mut File { source, out }, rules, found, &roles);
    }
}

fn risks(file: &mut File<'_, '_>, rules: &mut RuleCache, found: &RiskRules, roles: &Roles<'_>) {
    let categories: BTreeSet<&str> = found.categories.iter().map(|category| category.id.as_str()).collect();
    file.unique(
        "category",
        found.categories.iter().enumerate().map(|(i, known)| (format!("category.{i}.id"), known.id.as_str())),
    );
    file.unique(
        "risk",
        found.risks.iter().enumerate().map(|(i, risk)| (format!("risk.{i}.id"), risk.id.as_str())),
    );
    for (i, risk) in found.risks.iter().enumerate() {
        let RiskRule { id, category, severity: _, for_each, when, text, mitigation, owner, origin } = risk;
        let at = |key: &str| format!("risk.{i}.{key}");
        if let Some(category) = category {
            file.known(&at("category"), "category", category, &categories);
        }
        rules.when_on_the_first_day(file, &at("when"), when.as_deref());
        roles.one_of(file, &at("owner"), owner, "owns the risk");
        let words = words(for_each.map(|_| ["item", "place"].as_slice()));
        for (key, text) in [("text", text), ("mitigation", mitigation), ("origin", origin)] {
            file.placeholders(&at(key), text, &words);
        }
        if for_each.is_none() && when.is_none() {
            file.warning(
                &format!("risk.{i}"),
                format!("`{id}` is a risk of every deal"),
                "say in `when` for which deals",
            );
        }
    }
    for (i, level) in found.escalations.iter().enumerate() {
        if usize::try_from(level.level) != Ok(i + 1) {
            file.error(
                &format!("escalation.{i}.level"),
                format!("level {} stands in place {}", level.level, i + 1),
                "levels count from 1, mildest first",
            );
        }
    }
}

fn questions(file: &mut File<'_, '_>, rules: &mut RuleCache, found: &QuestionRules, roles: &Roles<'_>) {
    file.unique(
        "question",
        found.questions.iter().enumerate().map(|(i, rule)| (format!("question.{i}.id"), rule.id.as_str())),
    );
    for (i, question) in found.questions.iter().enumerate() {
        let QuestionRule { id, answered_by, when, for_each, text, ask, why, assumed } = question;
        let at = |key: &str| format!("question.{i}.{key}");
        for part in answered_by.iter().flat_map(|parts| parts.split('+')) {
            file.known(&at("answered_by"), "part of a deal", part.trim(), &BTreeSet::from(ANSWERS));
        }
        rules.when_on_the_first_day(file, &at("when"), when.as_deref());
        roles.one_of(file, &at("ask"), ask, "is asked");
        let words = words(for_each.map(|item| match item {
            QuestionItem::UndescribedIntegration | QuestionItem::HostedIntegration => {
                ["item", "place"].as_slice()
            }
            QuestionItem::MissingRole => ["item", "why"].as_slice(),
        }));
        for (key, text) in [("text", Some(text)), ("why", Some(why)), ("assumed", assumed.as_ref())] {
            file.placeholders(&at(key), text.map_or("", String::as_str), &words);
        }
        if answered_by.is_none() && when.is_none() && for_each.is_none() {
            file.warning(
                &format!("question.{i}"),
                format!("`{id}` is asked about every deal, for nothing answers it"),
                "say in `answered_by` which part of the deal answers it, or in `when` where it is asked",
            );
        }
    }
}

/// The placeholders a text may hold, given those that its `for_each` fills.
fn words(repeated: Option<&[&str]>) -> Vec<(&'static str, &'static str)> {
    let of_items = ["item", "place", "why"];
    PLACEHOLDERS
        .iter()
        .chain(FIRST_DAY_PLACEHOLDERS)
        .filter(|(name, _)| !of_items.contains(name) || repeated.is_some_and(|filled| filled.contains(name)))
        .copied()
        .collect()
}

/// The roles of all programmes.
struct Roles<'p> {
    /// Programme id, role ids.
    programmes: Vec<(&'p str, BTreeSet<&'p str>)>,
    /// False when a programme could not be read: roles may be missing for that reason.
    complete: bool,
}

impl<'p> Roles<'p> {
    fn of(parsed: &'p Parsed<'_>) -> Self {
        let programmes = parsed
            .programmes
            .iter()
            .map(|(_, programme)| {
                (programme.id.as_str(), programme.roles.iter().map(|role| role.id.as_str()).collect())
            })
            .collect();
        Self { programmes, complete: !parsed.broken.contains(&"programmes") }
    }

    /// Every role must exist in some programme, and every programme should have one of them.
    fn one_of(&self, file: &mut File<'_, '_>, at: &str, ids: &[String], does: &str) {
        if ids.is_empty() {
            file.error(at, "no role is named", "name at least one role of each programme");
            return;
        }
        if !self.complete {
            return;
        }
        let all = self.programmes.iter().flat_map(|(_, roles)| roles).copied().collect();
        let mut known = true;
        for (n, id) in ids.iter().enumerate() {
            known &= file.known(&format!("{at}.{n}"), "role in any programme", id, &all);
        }
        let lacks = |roles: &BTreeSet<&str>| !ids.iter().any(|id| roles.contains(id.as_str()));
        for (programme, roles) in self.programmes.iter().filter(|(_, roles)| known && lacks(roles)) {
            let names: Vec<&str> = roles.iter().copied().collect();
            file.warning(
                at,
                format!("nobody {does} in the programme `{programme}`, which has none of these roles"),
                format!("add one of its roles: {}", names.join(", ")),
            );
        }
    }
}
