//! Evaluation of checked rules.
//!
//! CEL's own interpreter looks names up and makes values as it goes. Here every name has become a place, so that all
//! rules of one customer take microseconds. What rules say is what CEL says, with one addition: what depends on an
//! absent fact is unknown instead of an error.

use super::FactValue;
use super::sheet::{Gap, Sheet};

/// A checked expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Int(i64),
    Real(f64),
    Bool(bool),
    Text(String),
    Texts(Vec<String>),
    Ints(Vec<i64>),
    /// The fact at a place.
    Fact(usize),
    /// Whether the fact at a place is known.
    Has(usize),
    Not(Box<Self>),
    Negative(Box<Self>),
    And(Box<[Self; 2]>),
    Or(Box<[Self; 2]>),
    If(Box<[Self; 3]>),
    Equal(Box<[Self; 2]>),
    Compare(Order, Box<[Self; 2]>),
    Sum(Arithmetic, Box<[Self; 2]>),
    In(Box<[Self; 2]>),
    Size(Box<Self>),
    Part(Part, Box<[Self; 2]>),
    Least(Vec<Self>),
    Greatest(Vec<Self>),
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Arithmetic of whole numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// A question about a part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Contains,
    StartsWith,
    EndsWith,
}

/// A result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Given<'v> {
    Int(i64),
    Real(f64),
    Bool(bool),
    Text(&'v str),
    Texts(&'v [String]),
    Ints(&'v [i64]),
    Unknown(Gap),
}

impl Node {
    /// The result over a sheet.
    pub(super) fn give<'v>(&'v self, sheet: &Sheet<'v>) -> Given<'v> {
        match self {
            Self::Int(number) => Given::Int(*number),
            Self::Real(number) => Given::Real(*number),
            Self::Bool(yes) => Given::Bool(*yes),
            Self::Text(text) => Given::Text(text),
            Self::Texts(texts) => Given::Texts(texts),
            Self::Ints(numbers) => Given::Ints(numbers),
            Self::Fact(place) => fact(sheet, *place),
            Self::Has(place) => Given::Bool(sheet.at(*place).is_some()),
            Self::Not(inner) => match inner.give(sheet) {
                Given::Bool(yes) => Given::Bool(!yes),
                other => unknown(&[other]),
            },
            Self::Negative(inner) => match inner.give(sheet) {
                Given::Int(number) => number.checked_neg().map_or(BROKEN, Given::Int),
                Given::Real(number) => Given::Real(-number),
                other => unknown(&[other]),
            },
            Self::And(sides) => junction(sides, sheet, false),
            Self::Or(sides) => junction(sides, sheet, true),
            Self::If(parts) => {
                let [condition, yes, no] = parts.as_ref();
                match condition.give(sheet) {
                    Given::Bool(true) => yes.give(sheet),
                    Given::Bool(false) => no.give(sheet),
                    other => unknown(&[other]),
                }
            }
            Self::Equal(sides) => {
                let [left, right] = both(sides, sheet);
                equal(left, right).map_or_else(|| unknown(&[left, right]), Given::Bool)
            }
            Self::Compare(order, sides) => {
                let [left, right] = both(sides, sheet);
                compare(*order, left, right).map_or_else(|| unknown(&[left, right]), Given::Bool)
            }
            Self::Sum(operation, sides) => match both(sides, sheet) {
                [Given::Int(left), Given::Int(right)] => {
                    calculate(*operation, left, right).map_or(BROKEN, Given::Int)
                }
                gone => unknown(&gone),
            },
            Self::In(sides) => match both(sides, sheet) {
                [Given::Text(text), Given::Texts(texts)] => Given::Bool(texts.iter().any(|one| one == text)),
                [Given::Int(number), Given::Ints(numbers)] => Given::Bool(numbers.contains(&number)),
                gone => unknown(&gone),
            },
            Self::Size(inner) => match inner.give(sheet) {
                Given::Text(text) => count(text.chars().count()),
                Given::Texts(texts) => count(texts.len()),
                Given::Ints(numbers) => count(numbers.len()),
                other => unknown(&[other]),
            },
            Self::Part(part, sides) => match both(sides, sheet) {
                [Given::Text(text), Given::Text(sought)] => Given::Bool(match part {
                    Part::Contains => text.contains(sought),
                    Part::StartsWith => text.starts_with(sought),
                    Part::EndsWith => text.ends_with(sought),
                }),
                gone => unknown(&gone),
            },
            Self::Least(all) => extreme(all, sheet, i64::min),
            Self::Greatest(all) => extreme(all, sheet, i64::max),
        }
    }
}

/// A result of arithmetic that failed: nothing is missing, and still nobody can tell.
const BROKEN: Given<'static> = Given::Unknown(Gap::NONE);

fn fact<'v>(sheet: &Sheet<'v>, place: usize) -> Given<'v> {
    match sheet.at(place) {
        Some(FactValue::Int(number)) => Given::Int(*number),
        Some(FactValue::Bool(yes)) => Given::Bool(*yes),
        Some(FactValue::Text(text)) => Given::Text(text),
        Some(FactValue::List(texts)) => Given::Texts(texts),
        Some(FactValue::Group(_)) | None => Given::Unknown(Gap::of(place)),
    }
}

fn both<'v>(sides: &'v [Node; 2], sheet: &Sheet<'v>) -> [Given<'v>; 2] {
    let [left, right] = sides;
    [left.give(sheet), right.give(sheet)]
}

/// What is missing in any of these.
fn unknown(given: &[Given<'_>]) -> Given<'static> {
    let gaps = given.iter().filter_map(|one| match one {
        Given::Unknown(gap) => Some(*gap),
        _ => None,
    });
    Given::Unknown(gaps.fold(Gap::NONE, Gap::and))
}

/// `&&` and `||`: one side that decides is enough, even when the other is unknown (Kleene's logic, as CEL has it).
fn junction<'v>(sides: &'v [Node; 2], sheet: &Sheet<'v>, decides: bool) -> Given<'v> {
    let [left, right] = sides;
    let left = left.give(sheet);
    if left == Given::Bool(decides) {
        return left;
    }
    match (left, right.give(sheet)) {
        (_, Given::Bool(right)) if right == decides => Given::Bool(decides),
        (Given::Bool(_), Given::Bool(_)) => Given::Bool(!decides),
        (left, right) => unknown(&[left, right]),
    }
}

fn equal(left: Given<'_>, right: Given<'_>) -> Option<bool> {
    Some(match (left, right) {
        (Given::Int(left), Given::Int(right)) => left == right,
        (Given::Bool(left), Given::Bool(right)) => left == right,
        (Given::Text(left), Given::Text(right)) => left == right,
        (Given::Texts(left), Given::Texts(right)) => left == right,
        (Given::Ints(left), Given::Ints(right)) => left == right,
        (left, right) => order(left, right)? == std::cmp::Ordering::Equal,
    })
}

fn compare(by: Order, left: Given<'_>, right: Given<'_>) -> Option<bool> {
    let order = order(left, right)?;
    Some(match by {
        Order::Less => order.is_lt(),
        Order::LessOrEqual => order.is_le(),
        Order::Greater => order.is_gt(),
        Order::GreaterOrEqual => order.is_ge(),
    })
}

/// Numbers compare across whole and decimal ones, as in CEL; texts by their code points.
fn order(left: Given<'_>, right: Given<'_>) -> Option<std::cmp::Ordering> {
    match (left, right) {
        (Given::Int(left), Given::Int(right)) => Some(left.cmp(&right)),
        (Given::Text(left), Given::Text(right)) => Some(left.cmp(right)),
        (left, right) => real(left)?.partial_cmp(&real(right)?),
    }
}

fn real(given: Given<'_>) -> Option<f64> {
    match given {
        // Facts are far below 2⁵³.
        Given::Int(number) => Some(number as f64),
        Given::Real(number) => Some(number),
        _ => None,
    }
}

fn calculate(operation: Arithmetic, left: i64, right: i64) -> Option<i64> {
    match operation {
        Arithmetic::Add => left.checked_add(right),
        Arithmetic::Subtract => left.checked_sub(right),
        Arithmetic::Multiply => left.checked_mul(right),
        Arithmetic::Divide => left.checked_div(right),
        Arithmetic::Remainder => left.checked_rem(right),
    }
}

fn count(length: usize) -> Given<'static> {
    Given::Int(i64::try_from(length).unwrap_or(i64::MAX))
}

fn extreme<'v>(all: &'v [Node], sheet: &Sheet<'v>, of: fn(i64, i64) -> i64) -> Given<'v> {
    let mut best: Option<i64> = None;
    let mut gap: Option<Gap> = None;
    for node in all {
        match node.give(sheet) {
            Given::Int(number) => best = Some(best.map_or(number, |best| of(best, number))),
            Given::Unknown(more) => gap = Some(gap.unwrap_or(Gap::NONE).and(more)),
            _ => gap = Some(gap.unwrap_or(Gap::NONE)),
        }
    }
    match (gap, best) {
        (Some(gap), _) => Given::Unknown(gap),
        (None, best) => best.map_or(BROKEN, Given::Int),
    }
}
