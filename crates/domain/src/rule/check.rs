//! From CEL's syntax tree to a checked expression: every name is a fact there is, every operation fits its operands.

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, SourceInfo, operators};

use super::evaluate::{Arithmetic, Node, Order, Part};
use super::schema::{Kind, Schema};

/// What an expression gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Int,
    Real,
    Bool,
    Text,
    Texts,
    Ints,
    /// A list without items fits every list.
    Empty,
}

impl Type {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Int => "a whole number",
            Self::Real => "a decimal number",
            Self::Bool => "yes or no",
            Self::Text => "text",
            Self::Texts => "a list of texts",
            Self::Ints => "a list of numbers",
            Self::Empty => "an empty list",
        }
    }

    fn is_number(self) -> bool {
        matches!(self, Self::Int | Self::Real)
    }

    fn is_list(self) -> bool {
        matches!(self, Self::Texts | Self::Ints | Self::Empty)
    }

    /// Whether two results can be the same.
    fn meets(self, other: Self) -> bool {
        self == other
            || (self.is_number() && other.is_number())
            || (self.is_list() && other.is_list() && (self == Self::Empty || other == Self::Empty))
    }
}

impl From<Kind> for Type {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Number => Self::Int,
            Kind::YesNo => Self::Bool,
            Kind::Text => Self::Text,
            Kind::List => Self::Texts,
        }
    }
}

type Checked = Result<(Node, Type), String>;

/// Checks expressions against a schema.
pub(super) struct Checker<'c> {
    schema: &'c Schema,
    source: &'c SourceInfo,
    /// Places of the facts met so far.
    pub(super) used: Vec<usize>,
}

impl<'c> Checker<'c> {
    pub(super) fn new(schema: &'c Schema, source: &'c SourceInfo) -> Self {
        Self { schema, source, used: Vec::new() }
    }

    /// An expression with what it gives.
    ///
    /// # Errors
    /// What is wrong, with its place: `at 1:8: …`.
    pub(super) fn check(&mut self, expr: &IdedExpr) -> Checked {
        match &expr.expr {
            Expr::Literal(literal) => self.literal(expr, literal),
            Expr::Call(call) => self.call(expr, call),
            Expr::List(list) => self.list(expr, &list.elements),
            Expr::Select(select) => match &select.operand.expr {
                Expr::Ident(group) => self.fact(&select.operand, group, &select.field, select.test),
                _ => self.wrong(expr, "a fact is a group and a field, such as `usage.active_users`"),
            },
            // Facts of a deal stand in no group.
            Expr::Ident(name) if self.schema.place("", name).is_some() => self.fact(expr, "", name, false),
            Expr::Ident(name) => self.wrong(expr, &self.alone(name)),
            Expr::Comprehension(_) => self.wrong(
                expr,
                "`all`, `exists`, `map` and `filter` are not possible here: use `in`, `size` or a fact that says it",
            ),
            Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => self.wrong(expr, "this is not possible in a rule"),
        }
    }

    fn alone(&self, name: &str) -> String {
        let fields = self.schema.of_group(name);
        if fields.is_empty() {
            // "there is no fact" is what every rule says of a name it does not know.
            return self.schema.unknown(name);
        }
        format!("`{name}` is a group of facts: say which, {}", fields.join(", "))
    }

    fn fact(&mut self, at: &IdedExpr, group: &str, field: &str, test: bool) -> Checked {
        let Some(place) = self.schema.place(group, field) else {
            // A group nobody knows is told as such, so that whoever mistyped it sees the groups.
            let name = if self.schema.of_group(group).is_empty() {
                group.to_owned()
            } else {
                format!("{group}.{field}")
            };
            let mut message = self.schema.unknown(&name);
            if let (true, Some(near)) = (name == group, self.schema.nearest(&format!("{group}.{field}"))) {
                message = format!("there is no fact `{group}`; did you mean `{near}`?");
            }
            return self.wrong(at, &message);
        };
        if !self.used.contains(&place) {
            self.used.push(place);
        }
        if test {
            return Ok((Node::Has(place), Type::Bool));
        }
        let kind = self.schema.facts().get(place).map_or(Kind::Number, |spec| spec.kind);
        Ok((Node::Fact(place), kind.into()))
    }

    fn literal(&self, at: &IdedExpr, literal: &LiteralValue) -> Checked {
        Ok(match literal {
            LiteralValue::Boolean(yes) => (Node::Bool(*yes.inner()), Type::Bool),
            LiteralValue::Int(number) => (Node::Int(*number.inner()), Type::Int),
            LiteralValue::UInt(number) => match i64::try_from(*number.inner()) {
                Ok(number) => (Node::Int(number), Type::Int),
                Err(_) => return self.wrong(at, "this number is too large"),
            },
            LiteralValue::Double(number) => (Node::Real(*number.inner()), Type::Real),
            LiteralValue::String(text) => (Node::Text(text.inner().to_owned()), Type::Text),
            LiteralValue::Bytes(_) | LiteralValue::Null => {
                return self.wrong(at, "this value is not possible in a rule");
            }
        })
    }

    fn list(&mut self, at: &IdedExpr, elements: &[IdedExpr]) -> Checked {
        let (mut texts, mut numbers) = (Vec::new(), Vec::new());
        for element in elements {
            match self.check(element)?.0 {
                Node::Text(text) => texts.push(text),
                Node::Int(number) => numbers.push(number),
                _ => return self.wrong(element, "lists hold texts or whole numbers as they are"),
            }
        }
        match (texts.is_empty(), numbers.is_empty()) {
            (true, true) => Ok((Node::Texts(Vec::new()), Type::Empty)),
            (false, true) => Ok((Node::Texts(texts), Type::Texts)),
            (true, false) => Ok((Node::Ints(numbers), Type::Ints)),
            (false, false) => self.wrong(at, "a list holds texts or numbers, not both"),
        }
    }

    fn call(&mut self, at: &IdedExpr, call: &CallExpr) -> Checked {
        let name = call.func_name.as_str();
        if let Some(target) = &call.target {
            if let (Expr::Ident(space), "least" | "greatest") = (&target.expr, name)
                && space == "math"
            {
                return self.extreme(at, name, &call.args);
            }
            let mut args = vec![target.as_ref()];
            args.extend(&call.args);
            return self.method(at, name, &args);
        }
        let args: Vec<&IdedExpr> = call.args.iter().collect();
        match (name, args.as_slice()) {
            (operators::LOGICAL_AND, [first, rest @ ..]) => self.junction(first, rest, Node::And),
            (operators::LOGICAL_OR, [first, rest @ ..]) => self.junction(first, rest, Node::Or),
            (operators::LOGICAL_NOT, [inner]) => {
                let inner = self.must(inner, Type::Bool)?;
                Ok((Node::Not(Box::new(inner)), Type::Bool))
            }
            (operators::NEGATE, [inner]) => {
                let (node, kind) = self.check(inner)?;
                if !kind.is_number() {
                    return self.wrong(at, &format!("`-` needs a number, not {}", kind.word()));
                }
                Ok((Node::Negative(Box::new(node)), kind))
            }
            (operators::CONDITIONAL, [condition, yes, no]) => self.conditional(at, condition, yes, no),
            (operators::EQUALS | operators::NOT_EQUALS, [left, right]) => {
                self.equality(at, name, left, right)
            }
            (operators::IN, [item, list]) => self.within(at, item, list),
            (_, [left, right]) if order_of(name).is_some() || arithmetic_of(name).is_some() => {
                self.operation(at, name, left, right)
            }
            ("size", [_]) => self.method(at, name, &args),
            (operators::INDEX | operators::OPT_INDEX | operators::OPT_SELECT, _) => {
                self.wrong(at, "a fact is a group and a field, such as `usage.active_users`")
            }
            _ => self.no_function(at, name),
        }
    }

    fn junction(
        &mut self,
        first: &IdedExpr,
        rest: &[&IdedExpr],
        join: fn(Box<[Node; 2]>) -> Node,
    ) -> Checked {
        let mut node = self.must(first, Type::Bool)?;
        for side in rest {
            let side = self.must(side, Type::Bool)?;
            node = join(Box::new([node, side]));
        }
        Ok((node, Type::Bool))
    }

    fn conditional(&mut self, at: &IdedExpr, condition: &IdedExpr, yes: &IdedExpr, no: &IdedExpr) -> Checked {
        let condition = self.must(condition, Type::Bool)?;
        let (yes, gives) = self.check(yes)?;
        let (no, other) = self.check(no)?;
        if gives != other {
            let message = format!("gives {} or {}: both must be the same", gives.word(), other.word());
            return self.wrong(at, &message);
        }
        Ok((Node::If(Box::new([condition, yes, no])), gives))
    }

    fn equality(&mut self, at: &IdedExpr, name: &str, left: &IdedExpr, right: &IdedExpr) -> Checked {
        let (left, one) = self.check(left)?;
        let (right, other) = self.check(right)?;
        if !one.meets(other) {
            return self.wrong(at, &format!("{} is never {}", one.word(), other.word()));
        }
        let equal = Node::Equal(Box::new([left, right]));
        let node = if name == operators::EQUALS { equal } else { Node::Not(Box::new(equal)) };
        Ok((node, Type::Bool))
    }

    fn within(&mut self, at: &IdedExpr, item: &IdedExpr, list: &IdedExpr) -> Checked {
        let (item, one) = self.check(item)?;
        let (list, many) = self.check(list)?;
        match (one, many) {
            (Type::Text, Type::Texts | Type::Empty) | (Type::Int, Type::Ints) => {
                Ok((Node::In(Box::new([item, list])), Type::Bool))
            }
            _ => self.wrong(at, &format!("`in` cannot look for {} in {}", one.word(), many.word())),
        }
    }

    /// Comparisons and arithmetic.
    fn operation(&mut self, at: &IdedExpr, name: &str, left: &IdedExpr, right: &IdedExpr) -> Checked {
        let (left, one) = self.check(left)?;
        let (right, other) = self.check(right)?;
        let sides = Box::new([left, right]);
        if let Some(order) = order_of(name) {
            let fits = (one.is_number() && other.is_number()) || (one == Type::Text && other == Type::Text);
            if !fits {
                return self.wrong(at, &format!("{} cannot be compared with {}", one.word(), other.word()));
            }
            return Ok((Node::Compare(order, sides), Type::Bool));
        }
        match arithmetic_of(name) {
            Some(operation) if one == Type::Int && other == Type::Int => {
                Ok((Node::Sum(operation, sides), Type::Int))
            }
            Some(_) => {
                let message =
                    format!("arithmetic is of whole numbers, not of {} and {}", one.word(), other.word());
                self.wrong(at, &message)
            }
            None => self.no_function(at, name),
        }
    }

    /// `size`, and questions about parts of texts.
    fn method(&mut self, at: &IdedExpr, name: &str, args: &[&IdedExpr]) -> Checked {
        let part = match name {
            "contains" => Part::Contains,
            "startsWith" => Part::StartsWith,
            "endsWith" => Part::EndsWith,
            "size" => {
                let [inner] = args else { return self.no_function(at, name) };
                let (node, kind) = self.check(inner)?;
                if kind != Type::Text && !kind.is_list() {
                    return self.wrong(at, &format!("`size` needs text or a list, not {}", kind.word()));
                }
                return Ok((Node::Size(Box::new(node)), Type::Int));
            }
            _ => return self.no_function(at, name),
        };
        let [text, sought] = args else { return self.no_function(at, name) };
        let text = self.must(text, Type::Text)?;
        let sought = self.must(sought, Type::Text)?;
        Ok((Node::Part(part, Box::new([text, sought])), Type::Bool))
    }

    /// `math.least(…)` and `math.greatest(…)` of whole numbers.
    fn extreme(&mut self, at: &IdedExpr, name: &str, args: &[IdedExpr]) -> Checked {
        let mut nodes = Vec::with_capacity(args.len());
        for arg in args {
            nodes.push(self.must(arg, Type::Int)?);
        }
        if nodes.is_empty() {
            return self.wrong(at, &format!("`math.{name}` needs at least one number"));
        }
        Ok((if name == "least" { Node::Least(nodes) } else { Node::Greatest(nodes) }, Type::Int))
    }

    /// An expression that must give something.
    fn must(&mut self, expr: &IdedExpr, kind: Type) -> Result<Node, String> {
        let (node, given) = self.check(expr)?;
        if given == kind {
            return Ok(node);
        }
        Err(self.at(expr, &format!("must be {}, and is {}", kind.word(), given.word())))
    }

    fn no_function(&self, at: &IdedExpr, name: &str) -> Checked {
        self.wrong(
            at,
            &format!(
                "`{name}` is not possible here; there are size, contains, startsWith, endsWith, math.least, \
                 math.greatest and has"
            ),
        )
    }

    fn wrong(&self, at: &IdedExpr, message: &str) -> Checked {
        Err(self.at(at, message))
    }

    /// A message with its place.
    fn at(&self, expr: &IdedExpr, message: &str) -> String {
        // A presence test is made by a macro; its place is that of the call.
        match self.source.offset_for(expr.id) {
            Some((start, _)) => format!("at 1:{}: {message}", start.saturating_add(1)),
            None => message.to_owned(),
        }
    }
}

fn order_of(name: &str) -> Option<Order> {
    Some(match name {
        operators::LESS => Order::Less,
        operators::LESS_EQUALS => Order::LessOrEqual,
        operators::GREATER => Order::Greater,
        operators::GREATER_EQUALS => Order::GreaterOrEqual,
        _ => return None,
    })
}

fn arithmetic_of(name: &str) -> Option<Arithmetic> {
    Some(match name {
        operators::ADD => Arithmetic::Add,
        operators::SUBSTRACT => Arithmetic::Subtract,
        operators::MULTIPLY => Arithmetic::Multiply,
        operators::DIVIDE => Arithmetic::Divide,
        operators::MODULO => Arithmetic::Remainder,
        _ => return None,
    })
}
