//! The form of one part of a draft: a task, a milestone, a phase …

use gangway_app::programme::{Meanwhile, Wrong};
use gangway_domain::programme::{MilestoneKind, Programme};
use gangway_methodology::{Field, Input, Kind, Part, Values};
use jiff::tz::TimeZone;

use crate::form::Fields;
use crate::format::moment;
use crate::pages::Choice;

/// Empty rows offered for more.
const SPARE: usize = 2;

/// A form, as typed or as it stands in the draft.
pub(super) struct PartForm {
    pub title: String,
    pub part: &'static str,
    pub id: String,
    /// The phase a new one is added to.
    pub adds_to: Option<String>,
    pub seen: String,
    /// Where on the page it stands: what comes back is seen without scrolling.
    pub place: String,
    pub fields: Vec<FieldView>,
    /// What is wrong with the whole.
    pub said: Option<String>,
    pub cancel: String,
    pub may_go: bool,
}

/// A field with what is wrong with it.
pub(super) struct FieldView {
    pub key: String,
    pub label: &'static str,
    pub hint: &'static str,
    pub widget: Widget,
    pub problem: String,
    pub help: String,
    /// The rule with a mark below the character at which it stumbles.
    pub pointer: Option<String>,
    /// What a colleague made of it meanwhile.
    pub theirs: Option<String>,
    pub wide: bool,
}

/// How a field is filled in.
pub(super) enum Widget {
    Line(String),
    Area(String, u32),
    Select(Vec<Choice>),
    Range(String, String),
    Tick(bool),
    Links(Vec<LinkRow>),
    Criteria(Vec<CriterionRow>),
    Ticks(Vec<Choice>),
    Questions(Vec<QuestionRow>),
}

/// A predecessor.
pub(super) struct LinkRow {
    pub number: usize,
    pub groups: Vec<(String, Vec<Choice>)>,
    pub kinds: Vec<Choice>,
    pub lag: String,
}

/// A criterion of a gate.
pub(super) struct CriterionRow {
    pub number: usize,
    pub text: String,
    pub rule: String,
    pub when: String,
    pub problem: String,
    pub pointer: Option<String>,
}

/// A question of a survey.
pub(super) struct QuestionRow {
    pub number: usize,
    pub text: String,
    pub kinds: Vec<Choice>,
    pub options: String,
    pub id: String,
}

/// What the form is made from.
pub(super) struct Sheet<'a> {
    pub programme: &'a Programme,
    pub part: Part,
    pub id: String,
    pub adds_to: Option<String>,
    pub values: Values,
    pub seen: String,
    pub wrong: Vec<Wrong>,
    pub meanwhile: Option<Box<Meanwhile>>,
    pub base: String,
}

/// What was typed.
pub(super) fn typed(fields: &Fields, part: Part) -> Values {
    part.fields().iter().map(|field| (field.key, typed_one(fields, *field))).collect()
}

fn typed_one(fields: &Fields, field: Field) -> Input {
    let name = |end: &str| format!("f-{}{end}", field.key);
    let all = |end: &str| fields.all(&name(end)).map(str::to_owned).collect::<Vec<String>>();
    let zipped = |columns: &[Vec<String>]| {
        let rows = columns.iter().map(Vec::len).max().unwrap_or(0);
        let cell = |column: &Vec<String>, row: usize| column.get(row).cloned().unwrap_or_default();
        let row = |row| columns.iter().map(|column| cell(column, row)).collect::<Vec<String>>();
        Input::Rows((0..rows).map(row).filter(|row| !row[0].trim().is_empty()).collect())
    };
    match field.kind {
        Kind::Range => Input::Rows(vec![vec![
            fields.text(&name("-from")).to_owned(),
            fields.text(&name("-to")).to_owned(),
        ]]),
        Kind::Links => zipped(&[all("-id"), all("-kind"), all("-lag")]),
        Kind::Criteria => zipped(&[all("-text"), all("-rule"), all("-when")]),
        Kind::Questions => zipped(&[all("-text"), all("-kind"), all("-options"), all("-id")]),
        Kind::Names => {
            let key = name("");
            let lines = fields.all(&key).flat_map(str::lines).map(str::trim);
            Input::Rows(lines.filter(|line| !line.is_empty()).map(|line| vec![line.to_owned()]).collect())
        }
        _ => Input::One(fields.text(&name("")).to_owned()),
    }
}

impl PartForm {
    pub(super) fn new(sheet: Sheet<'_>, zone: &TimeZone) -> Self {
        let Sheet { programme, part, id, adds_to, values, seen, wrong, meanwhile, base } = &sheet;
        let fields = part.fields().iter().map(|field| sheet.view(*field)).collect();
        let whole =
            wrong.iter().find(|wrong| wrong.key.is_empty()).map(|wrong| format!("{}.", wrong.message));
        let said = match meanwhile {
            Some(found) => {
                let at = moment(found.at, zone).words;
                Some(match found.theirs {
                    Some(_) => format!(
                        "{} changed this at {at}, while you had it open. Nothing is lost: what you typed stands in the fields, theirs below those that differ. Save again to use yours, or leave theirs.",
                        found.who
                    ),
                    None => format!(
                        "{} removed this at {at}, while you had it open. What you typed stands here.",
                        found.who
                    ),
                })
            }
            None if !wrong.is_empty() && whole.is_none() => {
                Some("This is not saved yet: a field needs another look.".to_owned())
            }
            None => whole,
        };
        let name = match values.get("name").or_else(|| values.get("title")) {
            Some(Input::One(name)) if !name.is_empty() => name.clone(),
            _ => id.clone(),
        };
        Self {
            title: match (part, adds_to) {
                (Part::Head, _) => "About the programme".to_owned(),
                (Part::Complete, _) => "Definition of complete".to_owned(),
                (Part::Questionnaire, _) => format!("Survey: {name}"),
                (part, Some(_)) => format!("Add a {}", part.word()),
                (part, None) => format!("{}: {name}", crate::format::capital(part.word())),
            },
            part: part.word(),
            place: match (part, adds_to) {
                (_, Some(phase)) => format!("add-{phase}"),
                (Part::Head | Part::Complete, None) => part.word().to_owned(),
                (part, None) => format!("{}-{id}", part.word()),
            },
            seen: meanwhile.as_ref().map_or_else(|| seen.clone(), |found| found.mark.clone()),
            fields,
            said,
            cancel: match part {
                Part::Task | Part::Milestone if adds_to.is_none() => format!("{base}#{}-{id}", part.word()),
                _ => base.clone(),
            },
            may_go: matches!(part, Part::Task | Part::Milestone)
                && adds_to.is_none()
                && !is_marked(programme, id),
            id: id.clone(),
            adds_to: adds_to.clone(),
        }
    }
}

/// Kickoff and go-live cannot be removed.
fn is_marked(programme: &Programme, id: &str) -> bool {
    programme.tasks.iter().any(|task| task.id == id && (task.kickoff || task.go_live))
}

impl Sheet<'_> {
    fn view(&self, field: Field) -> FieldView {
        let empty = Input::One(String::new());
        let value = self.values.get(field.key).unwrap_or(&empty);
        let wrong = self.wrong.iter().find(|wrong| wrong.key == field.key);
        let is_rule = matches!(field.key, "days" | "when");
        let pointer = match (wrong.and_then(|wrong| wrong.offset), value) {
            (Some(offset), Input::One(text)) if is_rule => Some(pointed(text, offset)),
            _ => None,
        };
        let in_a_row = field.kind == Kind::Criteria && wrong.is_some_and(|wrong| wrong.row.is_some());
        let theirs = self.meanwhile.as_ref().and_then(|found| found.theirs.as_ref());
        FieldView {
            key: format!("f-{}", field.key),
            label: field.label,
            hint: hint(self.part, field.key),
            widget: self.widget(field, value),
            problem: wrong.filter(|_| !in_a_row).map_or_else(String::new, |wrong| wrong.message.clone()),
            help: wrong.map_or_else(String::new, |wrong| wrong.help.clone()),
            pointer,
            theirs: theirs
                .and_then(|theirs| theirs.get(field.key))
                .filter(|theirs| *theirs != value)
                .map(words),
            wide: matches!(field.kind, Kind::Links | Kind::Criteria | Kind::Names | Kind::Questions)
                || matches!(
                    field.key,
                    "summary"
                        | "note"
                        | "goal"
                        | "customer"
                        | "does"
                        | "deliverable"
                        | "when"
                        | "title"
                        | "audience"
                )
                || field.key == "name",
        }
    }

    fn widget(&self, field: Field, value: &Input) -> Widget {
        let text = match value {
            Input::One(text) => text.clone(),
            Input::Rows(_) => String::new(),
        };
        let rows = match value {
            Input::Rows(rows) => rows.as_slice(),
            Input::One(_) => &[],
        };
        let programme = self.programme;
        match (field.key, field.kind) {
            ("phase", _) => {
                Widget::Select(choices(programme.phases.iter().map(|it| (&it.id, &it.name)), &text, None))
            }
            ("role", _) => {
                let name = |role: &gangway_domain::programme::Role| {
                    (role.id.clone(), format!("{} ({})", role.name, side(role.side)))
                };
                Widget::Select(choices(programme.roles.iter().map(name), &text, None))
            }
            ("owner", _) => Widget::Select(choices(
                [("vendor", "Vendor"), ("customer", "Customer"), ("joint", "Both")],
                &text,
                None,
            )),
            ("kind", _) => {
                Widget::Select(choices([("value", "Value"), ("technical", "Technical")], &text, None))
            }
            ("for_each", _) => Widget::Select(choices(
                [
                    ("integration", "Every system to integrate"),
                    ("data-source", "Every data source"),
                    ("wave", "Every rollout wave"),
                    ("track", "Every training track"),
                    ("product", "Every product"),
                ],
                &text,
                Some("Nothing: it is done once"),
            )),
            ("value" | "technical", Kind::Names) => {
                let wanted =
                    if field.key == "value" { MilestoneKind::Value } else { MilestoneKind::Technical };
                let chosen = |id: &str| rows.iter().any(|row| row.first().is_some_and(|cell| cell == id));
                let of_kind = programme.milestones.iter().filter(|milestone| milestone.kind == wanted);
                let tick = of_kind.map(|milestone| Choice {
                    chosen: chosen(&milestone.id),
                    value: milestone.id.clone(),
                    label: milestone.name.clone(),
                });
                Widget::Ticks(tick.collect())
            }
            ("summary" | "note" | "goal" | "customer", _) => Widget::Area(text, 3),
            (_, Kind::Names) => {
                let lines: Vec<&str> =
                    rows.iter().filter_map(|row| row.first()).map(String::as_str).collect();
                Widget::Area(lines.join("\n"), 4)
            }
            (_, Kind::Flag) => Widget::Tick(!text.is_empty()),
            (_, Kind::Range) => {
                let end = |i: usize| rows.first().and_then(|row| row.get(i)).cloned().unwrap_or_default();
                Widget::Range(end(0), end(1))
            }
            (_, Kind::Links) => Widget::Links(self.links(rows)),
            (_, Kind::Criteria) => Widget::Criteria(self.criteria(rows)),
            (_, Kind::Questions) => Widget::Questions(questions(rows)),
            _ => Widget::Line(text),
        }
    }

    fn links(&self, rows: &[Vec<String>]) -> Vec<LinkRow> {
        let spare = (0..SPARE).map(|_| Vec::new());
        let cell = |row: &Vec<String>, i: usize| row.get(i).cloned().unwrap_or_default();
        (1..)
            .zip(rows.iter().cloned().chain(spare))
            .map(|(number, row)| LinkRow {
                number,
                groups: self.points(&cell(&row, 0)),
                kinds: choices(
                    [
                        ("FS", "after it ends"),
                        ("SS", "when it starts"),
                        ("FF", "to end with it"),
                        ("SF", "to end when it starts"),
                    ],
                    &cell(&row, 1),
                    None,
                ),
                lag: cell(&row, 2),
            })
            .collect()
    }

    /// Tasks and milestones by phase; one that does not exist stands at the top.
    fn points(&self, chosen: &str) -> Vec<(String, Vec<Choice>)> {
        let choice = |id: &str, name: &str| Choice {
            value: id.to_owned(),
            label: name.to_owned(),
            chosen: id == chosen,
        };
        let mut groups: Vec<(String, Vec<Choice>)> = Vec::new();
        for phase in &self.programme.phases {
            let tasks =
                self.programme.tasks.iter().filter(|task| task.phase == phase.id && task.id != self.id);
            let mut points: Vec<Choice> = tasks.map(|task| choice(&task.id, &task.name)).collect();
            let reached = self.programme.milestones.iter();
            let reached = reached.filter(|it| it.phase == phase.id && it.id != self.id);
            points.extend(reached.map(|it| choice(&it.id, &format!("◆ {}", it.name))));
            groups.push((phase.name.clone(), points));
        }
        let known = groups.iter().any(|(_, points)| points.iter().any(|point| point.chosen));
        if !chosen.is_empty() && !known {
            groups.insert(0, ("There is no such task".to_owned(), vec![choice(chosen, chosen)]));
        }
        groups
    }

    fn criteria(&self, rows: &[Vec<String>]) -> Vec<CriterionRow> {
        let cell = |row: &Vec<String>, i: usize| row.get(i).cloned().unwrap_or_default();
        let spare = (0..SPARE).map(|_| Vec::new());
        (0_usize..)
            .zip(rows.iter().cloned().chain(spare))
            .map(|(number, row)| {
                let wrong = self.wrong.iter().find(|it| it.key == "criteria" && it.row == Some(number));
                let (rule, when) = (cell(&row, 1), cell(&row, 2));
                let said = wrong.map_or_else(String::new, |wrong| wrong.message.clone());
                let about = if wrong.is_some_and(|wrong| wrong.cell == "when") { &when } else { &rule };
                CriterionRow {
                    number: number + 1,
                    text: cell(&row, 0),
                    pointer: wrong.and_then(|wrong| wrong.offset).map(|offset| pointed(about, offset)),
                    problem: said,
                    rule,
                    when,
                }
            })
            .collect()
    }
}

fn questions(rows: &[Vec<String>]) -> Vec<QuestionRow> {
    let cell = |row: &Vec<String>, i: usize| row.get(i).cloned().unwrap_or_default();
    let spare = (0..SPARE).map(|_| Vec::new());
    let kinds = [
        ("nps", "0 to 10, would recommend"),
        ("csat", "1 to 5, satisfied"),
        ("ces", "1 to 5, effort"),
        ("rating5", "1 to 5, poor to excellent"),
        ("scale10", "1 to 10, satisfied"),
        ("choice", "One of the choices"),
        ("text", "Words"),
    ];
    (1..)
        .zip(rows.iter().cloned().chain(spare))
        .map(|(number, row)| QuestionRow {
            number,
            text: cell(&row, 0),
            kinds: choices(kinds, &cell(&row, 1), None),
            options: cell(&row, 2),
            id: cell(&row, 3),
        })
        .collect()
}

fn choices<A: AsRef<str>, B: AsRef<str>>(
    all: impl IntoIterator<Item = (A, B)>,
    chosen: &str,
    none: Option<&str>,
) -> Vec<Choice> {
    let mut list: Vec<Choice> = Vec::new();
    list.extend(none.map(|label| Choice {
        value: String::new(),
        label: label.to_owned(),
        chosen: chosen.is_empty(),
    }));
    list.extend(all.into_iter().map(|(value, label)| Choice {
        chosen: value.as_ref() == chosen,
        value: value.as_ref().to_owned(),
        label: label.as_ref().to_owned(),
    }));
    if !chosen.is_empty() && !list.iter().any(|choice| choice.chosen) {
        let label = format!("{chosen} (does not exist)");
        list.insert(0, Choice { value: chosen.to_owned(), label, chosen: true });
    }
    list
}

/// A rule with a mark below one of its characters.
pub(super) fn pointed(rule: &str, offset: u32) -> String {
    let line = rule.replace(['\n', '\t'], " ");
    format!("{line}\n{}^", " ".repeat((offset as usize).min(line.chars().count())))
}

fn side(side: gangway_domain::programme::Side) -> &'static str {
    match side {
        gangway_domain::programme::Side::Vendor => "vendor",
        gangway_domain::programme::Side::Customer => "customer",
        gangway_domain::programme::Side::Joint => "both",
    }
}

/// What stands in a field, in one line.
fn words(input: &Input) -> String {
    match input {
        Input::One(text) if text.is_empty() => "nothing".to_owned(),
        Input::One(text) => text.clone(),
        Input::Rows(rows) if rows.is_empty() => "nothing".to_owned(),
        Input::Rows(rows) => {
            let row = |row: &Vec<String>| {
                let cells: Vec<&str> =
                    row.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
                cells.join(" ")
            };
            rows.iter().map(row).collect::<Vec<_>>().join("; ")
        }
    }
}

fn hint(part: Part, key: &str) -> &'static str {
    match (part, key) {
        (Part::Head, "duration_days") => "calendar days from kickoff to finish, shortest and longest",
        (Part::Head, "go_live_day" | "complete_day") => "calendar day, the kickoff is day 0",
        (Part::Head, "lead_days") => "calendar days",
        (Part::Phase, "weeks") => "first and last, from the kickoff; 0 and 0 before it",
        (Part::Phase, "deliverables") => "one a line",
        (Part::Task, "name") => "{customer}, {product}, {item} and others stand for what the deal says",
        (Part::Task, "days") => "a number, or a rule such as users > 200 ? 5 : 3",
        (_, "when") => "a rule over the deal, such as sso && users > 50; empty for always",
        (_, "after") => {
            "choose nothing to take a line out; days are working days in between, or before with −"
        }
        (Part::Milestone, "day") => "calendar day in a standard deal, the kickoff is day 0",
        (Part::Milestone, "criteria") => "what must be true to pass; empty the words to take one out",
        (Part::Milestone, "gate") => "work behind it waits until its criteria hold",
        (Part::Complete, _) => "3 to 5 of them",
        (Part::Questionnaire, "roles") => "one a line, such as project_lead; nobody named is everybody",
        (Part::Questionnaire, "target_response_percent") => "percent of those asked",
        (Part::Questionnaire, "question") => "empty the words to take one out; choices have | between them",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::pointed;

    #[test]
    fn the_mark_stands_below_its_character() {
        assert_eq!(pointed("users >", 7), "users >\n       ^");
        assert_eq!(pointed("ä > 1", 2), "ä > 1\n  ^");
        assert_eq!(pointed("a", 99), "a\n ^");
    }
}
