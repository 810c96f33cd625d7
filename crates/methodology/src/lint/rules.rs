//! CEL rules: do they compile, name facts that exist, and give what is asked for?

use std::collections::{BTreeMap, HashMap};

use gangway_domain::programme::Amount;
use gangway_domain::rule::{
    FIT_FACTS, FactSpec, FactValue, Facts, Kind, RUN_FACTS, Rule, RuleError, SEEN_FACTS, Schema, TypedRule,
    first_day_facts,
};
use gangway_domain::standing::{STANDING_FACTS, Standing};

use super::File;

/// Longest rule accepted, in characters; nobody can read more, and the parser need not.
const MOST_CHARS: usize = 500;
/// Deepest nesting of brackets accepted.
const MOST_DEPTH: usize = 20;

/// What a rule must give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Gives {
    YesOrNo,
    YesOrNoOnTheFirstDay,
    Number,
    YesOrNoOfARun,
    NumberOfARun,
    YesOrNoOfAStanding,
    AnythingSeen,
}

impl Gives {
    /// The facts such a rule may use.
    fn facts(self) -> Vec<(&'static str, &'static str)> {
        match self {
            Self::YesOrNo | Self::Number => FIT_FACTS.to_vec(),
            Self::YesOrNoOnTheFirstDay => first_day_facts(),
            Self::YesOrNoOfARun | Self::NumberOfARun => RUN_FACTS.to_vec(),
            Self::AnythingSeen => SEEN_FACTS.to_vec(),
            Self::YesOrNoOfAStanding => STANDING_FACTS.to_vec(),
        }
    }
}

/// Rules judged so far, so that one written many times is compiled once.
#[derive(Default)]
pub(crate) struct RuleCache {
    verdicts: HashMap<(String, Gives), Option<String>>,
}

impl RuleCache {
    /// A rule over the deal's facts that says yes or no.
    pub(crate) fn when(&mut self, file: &mut File<'_, '_>, at: &str, rule: Option<&str>) {
        if let Some(rule) = rule {
            self.judge(file, at, rule, Gives::YesOrNo);
        }
    }

    /// A rule over the facts of the deal and its plan on the first day that says yes or no.
    pub(crate) fn when_on_the_first_day(&mut self, file: &mut File<'_, '_>, at: &str, rule: Option<&str>) {
        if let Some(rule) = rule {
            self.judge(file, at, rule, Gives::YesOrNoOnTheFirstDay);
        }
    }

    /// A number, or a rule over the deal's facts that gives one.
    pub(crate) fn amount(&mut self, file: &mut File<'_, '_>, at: &str, amount: &Amount) {
        if let Amount::Rule(rule) = amount {
            self.judge(file, at, rule, Gives::Number);
        }
    }

    /// A rule over the facts of a running onboarding that says yes or no.
    pub(crate) fn run(&mut self, file: &mut File<'_, '_>, at: &str, rule: Option<&str>) {
        if let Some(rule) = rule {
            self.judge(file, at, rule, Gives::YesOrNoOfARun);
        }
    }

    /// A rule over the facts of a running onboarding that gives a whole number.
    pub(crate) fn run_number(&mut self, file: &mut File<'_, '_>, at: &str, rule: Option<&str>) {
        if let Some(rule) = rule {
            self.judge(file, at, rule, Gives::NumberOfARun);
        }
    }

    /// A rule over what was seen of a launch: compiled, not evaluated.
    pub(crate) fn seen(&mut self, file: &mut File<'_, '_>, at: &str, rule: &str) {
        self.judge(file, at, rule, Gives::AnythingSeen);
    }

    /// A rule over how a running onboarding stands that says yes or no.
    pub(crate) fn standing(&mut self, file: &mut File<'_, '_>, at: &str, rule: &str) {
        self.judge(file, at, rule, Gives::YesOrNoOfAStanding);
    }

    fn judge(&mut self, file: &mut File<'_, '_>, at: &str, rule: &str, gives: Gives) {
        let verdict =
            self.verdicts.entry((rule.to_owned(), gives)).or_insert_with(|| wrong_with(rule, gives)).clone();
        if let Some(message) = verdict {
            let names: Vec<&str> = gives.facts().into_iter().map(|(name, _)| name).collect();
            let help =
                format!("rules are CEL, such as `{}`; the facts are {}", example(gives), names.join(", "));
            point_at(file, at, &message, &help);
        }
    }
}

/// An error at a rule; where it says at which character it stumbled, it points there.
pub(super) fn point_at(file: &mut File<'_, '_>, at: &str, message: &str, help: &str) {
    let (line, column) = file.source.locate(at);
    let message = first_line(message);
    file.error(at, message.as_str(), help);
    if let (Some(offset), Some(last)) = (stumbled_at(&message), file.out.last_mut()) {
        last.column = file.source.inside(line, column) + offset;
    }
}

fn example(gives: Gives) -> &'static str {
    match gives {
        Gives::YesOrNo => "sso && users > 50",
        Gives::YesOrNoOnTheFirstDay => "days_late > 0",
        Gives::Number => "users > 200 ? 5 : 3",
        Gives::YesOrNoOfARun => "usage.active_users >= 5",
        Gives::NumberOfARun => "usage.active_users",
        Gives::YesOrNoOfAStanding => "blocked_tasks > 0",
        Gives::AnythingSeen => "failing_percent > 50",
    }
}

/// What is wrong with a rule, if anything.
fn wrong_with(rule: &str, gives: Gives) -> Option<String> {
    if rule.chars().count() > MOST_CHARS || depth(rule) > MOST_DEPTH {
        return Some(format!(
            "this rule is too long: at most {MOST_CHARS} characters and {MOST_DEPTH} nested brackets"
        ));
    }
    if gives == Gives::YesOrNoOfARun {
        return TypedRule::test(rule, Schema::run()).err().map(|error| shown(&error));
    }
    if gives == Gives::NumberOfARun {
        return TypedRule::whole(rule, Schema::run()).err().map(|error| shown(&error));
    }
    let compiled = match Rule::compile(rule, &gives.facts()) {
        Ok(compiled) => compiled,
        Err(error) => return Some(shown(&error)),
    };
    // A rule can compile and still compare text with numbers: try it on a small and a large deal. What neither of them
    // comes to is told by the types.
    let tried = samples().iter().find_map(|facts| match gives {
        Gives::YesOrNoOfARun | Gives::NumberOfARun | Gives::AnythingSeen => None,
        Gives::YesOrNoOfAStanding => {
            // Its facts are whole numbers all: one try tells.
            compiled.test(&Standing::default().facts()).err().map(|error| shown(&error))
        }
        Gives::YesOrNo | Gives::YesOrNoOnTheFirstDay => compiled.test(facts).err().map(|error| shown(&error)),
        Gives::Number => match compiled.number(facts) {
            Err(error) => Some(shown(&error)),
            Ok(n) if n < 0 => {
                Some(format!("rule `{rule}`: gives {n} for some deals; it must never be below 0"))
            }
            Ok(n) if n > i64::from(u32::MAX) => {
                Some(format!("rule `{rule}`: gives {n} for some deals; that is too much"))
            }
            Ok(_) => None,
        },
    });
    tried.or_else(|| mistyped(rule, gives))
}

/// What is wrong with the types of a rule over facts that stand in no group.
fn mistyped(rule: &str, gives: Gives) -> Option<String> {
    let [deal, _] = samples();
    let kind = |name: &str| match deal.0.get(name) {
        Some(FactValue::Bool(_)) => Kind::YesNo,
        Some(FactValue::Text(_)) => Kind::Text,
        Some(FactValue::List(_)) => Kind::List,
        // How an onboarding stands, and what is seen of a launch, is all in numbers.
        Some(FactValue::Int(_) | FactValue::Group(_)) | None => Kind::Number,
    };
    let spec = |(name, meaning): (&'static str, &'static str)| FactSpec {
        name,
        kind: kind(name),
        unit: "",
        meaning,
    };
    let specs: Vec<FactSpec> = gives.facts().into_iter().map(spec).collect();
    let schema = Schema::new(&specs);
    let typed = match gives {
        Gives::Number => TypedRule::whole(rule, &schema),
        _ => TypedRule::test(rule, &schema),
    };
    typed.err().map(|error| shown(&error))
}

fn shown(error: &RuleError) -> String {
    format!("rule `{}`: {}", error.source_text, first_line(&error.message))
}

/// The parser draws the place below its message; here it becomes the place of the finding.
fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or_default().replace("ERROR: <input>:", "at ")
}

/// Characters into the rule at which it stumbled: `at 1:8: …`.
fn stumbled_at(message: &str) -> Option<u32> {
    let place = message.split("`: at 1:").nth(1)?.split(':').next()?;
    place.parse::<u32>().ok().map(|column| column.saturating_sub(1))
}

fn depth(rule: &str) -> usize {
    let mut depth = 0_usize;
    let mut deepest = 0;
    for c in rule.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// A deal of which nothing is known, and a large one; both with what is known on the first day.
fn samples() -> [Facts; 2] {
    let deal = |n: i64, yes: bool, maturity: &str, segment: &str| {
        let number = |name: &'static str, value: i64| (name, FactValue::Int(value));
        Facts(BTreeMap::from([
            number("acv", n * 50_000),
            number("users", n * 300),
            number("integrations", n),
            number("sites", 1 + n),
            number("products", 1 + n),
            number("use_cases", 1 + n),
            number("data_sources", n),
            number("promises", n),
            number("days_late", n),
            number("days_to_spare", n),
            number("tight_tasks", n),
            number("contacts", n),
            ("go_live_wanted", FactValue::Bool(yes)),
            ("sponsor_known", FactValue::Bool(yes)),
            ("multi_threaded", FactValue::Bool(yes)),
            ("pilot_named", FactValue::Bool(yes)),
            ("sso_provider_known", FactValue::Bool(yes)),
            ("sso", FactValue::Bool(yes)),
            ("regulated", FactValue::Bool(yes)),
            ("maturity", FactValue::Text(maturity.into())),
            ("segment", FactValue::Text(segment.into())),
        ]))
    };
    [deal(0, false, "unknown", "self-serve"), deal(6, true, "novice", "enterprise")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_samples_hold_every_fact_there_is() {
        let names: Vec<&str> = samples()[0].0.keys().copied().collect();
        let mut known: Vec<&str> = first_day_facts().into_iter().map(|(name, _)| name).collect();
        known.sort_unstable();
        assert_eq!(names, known);
    }

    #[test]
    fn rules_must_give_what_is_asked() {
        assert_eq!(wrong_with("sso && users > 50", Gives::YesOrNo), None);
        assert_eq!(wrong_with("sso && days_late > 5", Gives::YesOrNoOnTheFirstDay), None);
        assert!(wrong_with("days_late > 5", Gives::YesOrNo).unwrap().contains("no fact `days_late`"));
        assert_eq!(wrong_with("users > 200 ? 5 : 3", Gives::Number), None);
        assert_eq!(wrong_with("usage.active_users >= 5", Gives::YesOrNoOfARun), None);
        let near = wrong_with("usage.activ_users >= 5", Gives::YesOrNoOfARun).unwrap();
        assert!(near.contains("did you mean `usage.active_users`?"), "{near}");
        assert!(wrong_with("usage.active_users", Gives::YesOrNoOfARun).unwrap().contains("yes or no"));
        assert_eq!(wrong_with("usage.active_users", Gives::NumberOfARun), None);
        let whole = wrong_with("usage.active_users >= 5", Gives::NumberOfARun).unwrap();
        assert!(whole.contains("whole number"), "{whole}");
        assert_eq!(wrong_with("blocked_tasks > 0", Gives::YesOrNoOfAStanding), None);
        assert!(wrong_with("users > 0", Gives::YesOrNoOfAStanding).unwrap().contains("no fact `users`"));
        assert!(wrong_with("blocked_tasks", Gives::YesOrNoOfAStanding).unwrap().contains("true or false"));
        assert!(wrong_with("users", Gives::YesOrNo).unwrap().contains("true or false"));
        assert!(wrong_with("sso", Gives::Number).unwrap().contains("whole number"));
        assert!(wrong_with("1 - users", Gives::Number).unwrap().contains("below 0"));
        assert!(wrong_with("maturity > 3", Gives::YesOrNo).is_some());
        // No sample comes to what is wrong behind the first half.
        for (rule, gives) in [
            ("users > 5000 && maturity > 3", Gives::YesOrNo),
            ("sso && users == 7 ? maturity > 3 : true", Gives::YesOrNo),
            ("users == 7 ? users + acv : (maturity > 3 ? 1 : 2)", Gives::Number),
            ("days_late > 900 || (users == 7 && segment > 3)", Gives::YesOrNoOnTheFirstDay),
            ("blocked_tasks > 900 && blocked_tasks == 'many'", Gives::YesOrNoOfAStanding),
            ("failing_percent > 'half'", Gives::AnythingSeen),
        ] {
            let wrong = wrong_with(rule, gives).unwrap_or_default();
            assert!(!wrong.is_empty(), "{rule}");
        }
        assert_eq!(wrong_with("users > 0 ? (sites > 2 ? users / 20 : sites) : 3", Gives::Number), None);
        assert_eq!(wrong_with("failing_percent > 50 && minutes >= 15", Gives::AnythingSeen), None);
        assert!(wrong_with(&"(".repeat(900), Gives::YesOrNo).unwrap().contains("too long"));
    }
}
