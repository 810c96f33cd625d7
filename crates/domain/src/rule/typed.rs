//! Compiled rules over facts of a schema.

use std::fmt;

use cel::Program;

use super::check::{Checker, Type};
use super::evaluate::{Given, Node};
use super::schema::Schema;
use super::sheet::{Sheet, Truth, Unknown};
use super::{Rule, RuleError};

/// Longest rule accepted, in characters; nobody can read more, and the parser need not.
const MOST_CHARS: usize = 500;
/// Deepest nesting of brackets accepted.
const MOST_DEPTH: usize = 20;

/// What a typed rule gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gives {
    /// Yes or no.
    YesNo,
    /// A whole number.
    Number,
    /// Something else, such as a text.
    Other,
}

/// A compiled rule over the facts of a schema.
///
/// It may use `&& || !`, comparisons, arithmetic of whole numbers, `… ? … : …`, `in`, `has(usage.logins)`, `size()`,
/// `contains()`, `startsWith()`, `endsWith()`, `math.least()`, `math.greatest()`, and lists of texts or numbers, all
/// with the meaning CEL gives them. What depends on an absent fact is unknown, unless the other side of `&&` or `||`
/// decides alone.
#[derive(Debug, Clone)]
pub struct TypedRule {
    source: String,
    node: Node,
    gives: Gives,
    uses: Vec<&'static str>,
}

impl TypedRule {
    pub(super) fn compile(source: &str, schema: &Schema) -> Result<Self, RuleError> {
        let fail = |message: String| RuleError { source_text: source.to_owned(), message };
        if source.chars().count() > MOST_CHARS || depth(source) > MOST_DEPTH {
            return Err(fail(format!(
                "this rule is too long: at most {MOST_CHARS} characters and {MOST_DEPTH} nested brackets"
            )));
        }
        let program = Program::compile(source).map_err(|error| fail(error.to_string()))?;
        let mut checker = Checker::new(schema, program.source_info());
        let (node, kind) = checker.check(program.expression()).map_err(fail)?;
        let gives = match kind {
            Type::Bool => Gives::YesNo,
            Type::Int => Gives::Number,
            _ => Gives::Other,
        };
        let names = checker.used.iter().filter_map(|place| schema.facts().get(*place));
        let uses = names.map(|spec| spec.name).collect();
        Ok(Self { source: source.to_owned(), node, gives, uses })
    }

    /// A rule that says yes or no.
    ///
    /// # Errors
    /// As [`Rule::compile_typed`], and when it gives something else.
    pub fn test(source: &str, schema: &Schema) -> Result<Self, RuleError> {
        Rule::compile_typed(source, schema)?.must(Gives::YesNo, "must give yes or no")
    }

    /// A rule that gives a whole number.
    ///
    /// # Errors
    /// As [`Rule::compile_typed`], and when it gives something else.
    pub fn whole(source: &str, schema: &Schema) -> Result<Self, RuleError> {
        Rule::compile_typed(source, schema)?.must(Gives::Number, "must give a whole number")
    }

    fn must(self, gives: Gives, message: &str) -> Result<Self, RuleError> {
        if self.gives == gives {
            return Ok(self);
        }
        Err(RuleError { source_text: self.source, message: message.to_owned() })
    }

    /// Its text.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What it gives.
    #[must_use]
    pub fn gives(&self) -> Gives {
        self.gives
    }

    /// Names of the facts it uses, in the order it meets them.
    #[must_use]
    pub fn uses(&self) -> &[&'static str] {
        &self.uses
    }

    /// Whether it holds. A rule that gives no yes or no is unknown.
    #[must_use]
    pub fn truth(&self, sheet: &Sheet<'_>) -> Truth {
        match self.node.give(sheet) {
            Given::Bool(true) => Truth::Yes,
            Given::Bool(false) => Truth::No,
            Given::Unknown(gap) => Truth::Unknown { missing: sheet.names(gap) },
            _ => Truth::Unknown { missing: Vec::new() },
        }
    }

    /// The number it gives. A rule that gives no number is unknown.
    ///
    /// # Errors
    /// When facts are missing, or arithmetic fails, such as a division by zero.
    pub fn number(&self, sheet: &Sheet<'_>) -> Result<i64, Unknown> {
        match self.node.give(sheet) {
            Given::Int(number) => Ok(number),
            Given::Unknown(gap) => Err(Unknown { missing: sheet.names(gap) }),
            _ => Err(Unknown { missing: Vec::new() }),
        }
    }

    /// Its result in words, whatever it is.
    #[must_use]
    pub fn shown(&self, sheet: &Sheet<'_>) -> String {
        match self.node.give(sheet) {
            Given::Int(number) => number.to_string(),
            Given::Real(number) => number.to_string(),
            Given::Bool(true) => "yes".to_owned(),
            Given::Bool(false) => "no".to_owned(),
            Given::Text(text) => text.to_owned(),
            Given::Texts(texts) => texts.join(", "),
            Given::Ints(numbers) => numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(", "),
            Given::Unknown(gap) => {
                let missing = sheet.names(gap);
                let why =
                    if missing.is_empty() { "the arithmetic fails".to_owned() } else { missing.join(", ") };
                format!("unknown: {why}")
            }
        }
    }
}

/// The deepest nesting of brackets.
fn depth(rule: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for letter in rule.chars() {
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

impl fmt::Display for TypedRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use cel::{Context, Value};
    use proptest::prelude::*;

    use super::*;
    use crate::rule::{FactValue, Facts};

    fn facts() -> Facts {
        let group = |fields: &[(&'static str, FactValue)]| FactValue::Group(fields.iter().cloned().collect());
        Facts(BTreeMap::from([
            ("usage", group(&[("active_users", FactValue::Int(12)), ("logins", FactValue::Int(0))])),
            ("sso", group(&[("configured", FactValue::Bool(true))])),
            ("milestones", group(&[("reached", FactValue::List(vec!["kickoff".to_owned()]))])),
            ("onboarding", group(&[("segment", FactValue::Text("smb".to_owned()))])),
            ("data", group(&[("error_percent", FactValue::Int(4))])),
        ]))
    }

    fn truth(rule: &str) -> Truth {
        let facts = facts();
        TypedRule::test(rule, Schema::run()).unwrap().truth(&Sheet::new(Schema::run(), &facts))
    }

    fn missing(names: &[&'static str]) -> Truth {
        Truth::Unknown { missing: names.to_vec() }
    }

    #[test]
    fn rules_over_facts_that_are_known() {
        for yes in [
            "usage.active_users >= 5 && sso.configured",
            "'kickoff' in milestones.reached && size(milestones.reached) == 1",
            "onboarding.segment in ['smb', 'self-serve']",
            "data.error_percent < 5.0 && data.error_percent != 3",
            "usage.active_users * 2 - 4 == 20 && usage.active_users % 5 == 2 && -usage.active_users < 0",
            "(usage.logins == 0 ? 7 : 8) == 7",
            "has(usage.logins) && !has(usage.dashboards)",
            "onboarding.segment.startsWith('s') && onboarding.segment.endsWith('b')",
            "onboarding.segment.contains('m') && onboarding.segment.size() == 3",
            "math.least(usage.active_users, 10) == 10 && math.greatest(1, 2, 3) == 3",
            "usage.active_users in [11, 12]",
        ] {
            assert_eq!(truth(yes), Truth::Yes, "{yes}");
            assert_eq!(truth(&format!("!({yes})")), Truth::No, "{yes}");
        }
    }

    #[test]
    fn what_is_absent_is_unknown_unless_the_rest_decides() {
        assert_eq!(truth("usage.dashboards > 0"), missing(&["usage.dashboards"]));
        assert_eq!(truth("usage.dashboards > 0 && usage.logins > 0"), Truth::No);
        assert_eq!(truth("usage.logins == 0 || usage.dashboards > 0"), Truth::Yes);
        assert_eq!(
            truth("usage.dashboards > usage.core_tasks || usage.logins > 0"),
            missing(&["usage.core_tasks", "usage.dashboards"])
        );
        assert_eq!(truth("(usage.dashboards > 0 ? 1 : 2) > 0"), missing(&["usage.dashboards"]));
        assert_eq!(truth("usage.active_users / usage.logins > 0"), missing(&[]), "a division by zero");
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        let wrong = |rule: &str| TypedRule::test(rule, Schema::run()).unwrap_err().message;
        let message = wrong("usage.activ_users > 3");
        assert!(
            message.contains("`usage.activ_users`") && message.contains("`usage.active_users`"),
            "{message}"
        );
        assert!(wrong("sso.configured && usage.login > 3").starts_with("at 1:19: "));
        assert!(wrong("plan_b").contains("there is no fact `plan_b`"));
        assert!(wrong("use.active_users > 3").contains("there is no fact `use`"));
        assert!(wrong("usage > 3").contains("group of facts"));
        assert!(wrong("sso.configured > 3").contains("cannot be compared"));
        assert!(wrong("onboarding.segment == 3").contains("text is never a whole number"));
        assert!(wrong("usage.logins && sso.configured").contains("must be yes or no, and is a whole number"));
        assert!(wrong("usage.logins + 1").contains("must give yes or no"));
        assert!(wrong("usage.logins + 1.5 > 2").contains("arithmetic is of whole numbers"));
        assert!(wrong("milestones.reached.exists(m, m == 'a')").contains("not possible here"));
        assert!(wrong("sso.configured ? 1 : 'a'").contains("both must be the same"));
        assert!(wrong("matches(onboarding.segment, 'a')").contains("not possible here"));
        assert!(TypedRule::whole("sso.configured", Schema::run()).is_err());
        assert!(TypedRule::whole("usage.logins >", Schema::run()).is_err());
        assert!(wrong(&"(".repeat(200)).contains("too long"));
    }

    #[test]
    fn a_rule_tells_what_it_uses_and_gives() {
        let facts = facts();
        let sheet = Sheet::new(Schema::run(), &facts);
        let rule =
            TypedRule::whole("100 * usage.active_users / math.greatest(usage.logins, 1)", Schema::run())
                .unwrap();
        assert_eq!(rule.uses(), ["usage.active_users", "usage.logins"]);
        assert_eq!((rule.number(&sheet), rule.gives()), (Ok(1_200), Gives::Number));
        assert_eq!(rule.shown(&sheet), "1200");
        let gone = TypedRule::whole("usage.dashboards", Schema::run()).unwrap();
        assert_eq!(gone.shown(&sheet), "unknown: usage.dashboards");
    }

    /// Rules over two numbers, a yes-or-no and a text, with facts that are absent now and then.
    fn rules() -> impl Strategy<Value = String> {
        let number = prop_oneof![
            (-3_i64..4).prop_map(|number| format!("({number})")),
            Just("usage.logins".to_owned()),
            Just("usage.active_users".to_owned()),
        ];
        let number = number.prop_recursive(2, 6, 2, |inner| {
            (inner.clone(), prop_oneof![Just("+"), Just("-"), Just("*"), Just("/"), Just("%")], inner)
                .prop_map(|(left, by, right)| format!("({left} {by} {right})"))
        });
        let order = prop_oneof![Just("<"), Just("<="), Just(">"), Just(">="), Just("=="), Just("!=")];
        let leaf = prop_oneof![
            Just("sso.configured".to_owned()),
            Just("onboarding.segment == 'smb'".to_owned()),
            Just("onboarding.segment in ['smb', 'enterprise']".to_owned()),
            (number.clone(), order, number).prop_map(|(left, by, right)| format!("{left} {by} {right}")),
        ];
        leaf.prop_recursive(3, 12, 2, |inner| {
            prop_oneof![
                (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left} && {right})")),
                (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left} || {right})")),
                (inner.clone(), inner.clone(), inner.clone())
                    .prop_map(|(condition, yes, no)| format!("({condition} ? {yes} : {no})")),
                inner.prop_map(|inner| format!("!({inner})")),
            ]
        })
    }

    proptest! {
        /// The oracle is CEL's own interpreter: where it gives an answer, so does the checked rule, and the same; where it
        /// fails (a name without a value, a division by zero, an overflow), nobody can tell.
        #[test]
        fn says_what_cel_says(
            rule in rules(),
            logins in proptest::option::of(-3_i64..4),
            users in proptest::option::of(-3_i64..4),
            sso in proptest::option::of(any::<bool>()),
            segment in proptest::option::of(prop_oneof![Just("smb"), Just("mid-market")]),
        ) {
            prop_assume!(rule.chars().count() <= MOST_CHARS);
            let mut usage = BTreeMap::new();
            usage.extend(logins.map(|logins| ("logins", FactValue::Int(logins))));
            usage.extend(users.map(|users| ("active_users", FactValue::Int(users))));
            let sso = sso.map(|yes| ("configured", FactValue::Bool(yes)));
            let segment = segment.map(|segment| ("segment", FactValue::Text(segment.to_owned())));
            let facts = Facts(BTreeMap::from([
                ("usage", FactValue::Group(usage)),
                ("sso", FactValue::Group(sso.into_iter().collect())),
                ("onboarding", FactValue::Group(segment.into_iter().collect())),
            ]));
            let mut context = Context::default();
            for (name, value) in &facts.0 {
                context.add_variable_from_value(*name, value.value());
            }
            let said = Program::compile(&rule).unwrap().execute(&context);
            let typed = TypedRule::test(&rule, Schema::run()).unwrap();
            let expected = match said {
                Ok(Value::Bool(true)) => "yes",
                Ok(Value::Bool(false)) => "no",
                Ok(other) => return Err(TestCaseError::fail(format!("{rule} gave {other:?}"))),
                Err(_) => "unknown",
            };
            prop_assert_eq!(typed.truth(&Sheet::new(Schema::run(), &facts)).word(), expected, "{}", rule);
        }
    }
}
