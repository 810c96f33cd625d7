//! Tables of a Markdown document: stakeholders, risks, promises, goals, and label-value pairs.

use gangway_domain::deal::{Integration, Promise, RedFlag, Stakeholder, StakeholderRole, SuccessCriterion};
use gangway_domain::fact::Confidence;

use crate::builder::Builder;
use crate::interpret::{self, clean};
use crate::labels::{Field, lookup};
use crate::lines::is_placeholder;
use crate::source::Passage;
use crate::values::date::{self, Lean};
use crate::values::number;
use crate::values::people;
use crate::values::words::fold;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Name,
    Title,
    Role,
    Contact,
    Count,
    Notes,
    Risk,
    Severity,
    Mitigation,
    Promise,
    By,
    Who,
    Goal,
    Metric,
    Baseline,
    Target,
    System,
    Known,
    What,
    Origin,
}

/// Column headings, folded.
const COLUMNS: &[(Column, &[&str])] = &[
    (Column::Name, &["name", "person", "nom", "nombre", "stakeholder", "contact name", "ansprechpartner"]),
    (
        Column::Title,
        &["title", "job title", "position", "titel", "funktion", "titre", "fonction", "cargo", "puesto"],
    ),
    (
        Column::Role,
        &["role", "project role", "rolle", "projektrolle", "rol", "role projet", "role in project"],
    ),
    (Column::Contact, &["contact", "email", "e mail", "mail", "kontakt", "courriel", "correo", "contacto"]),
    (
        Column::Count,
        &["count", "how many", "headcount", "number of people", "anzahl", "effectif", "cantidad"],
    ),
    (
        Column::Notes,
        &[
            "notes",
            "note",
            "remarks",
            "bemerkungen",
            "bemerkung",
            "notizen",
            "remarques",
            "notas",
            "comments",
        ],
    ),
    (Column::Risk, &["risk", "red flag", "risiko", "risque", "riesgo", "risks"]),
    (
        Column::Severity,
        &["severity", "level", "schwere", "schweregrad", "gravite", "gravedad", "impact", "how grave"],
    ),
    (
        Column::Mitigation,
        &[
            "mitigation",
            "approach",
            "massnahme",
            "massnahmen",
            "gegenmassnahme",
            "mesure",
            "mitigacion",
            "action",
            "suggested approach",
            "what we do about it",
            "what to do",
        ],
    ),
    (
        Column::Promise,
        &[
            "promise",
            "commitment",
            "zusage",
            "versprechen",
            "promesse",
            "engagement",
            "promesa",
            "compromiso",
            "what was promised",
        ],
    ),
    (
        Column::By,
        &["by", "due", "deadline", "date", "bis", "echeance", "pour le", "fecha", "until", "by when"],
    ),
    (Column::Who, &["who", "owner", "promised by", "to whom", "wer", "qui", "quien", "wem"]),
    (
        Column::Goal,
        &[
            "goal",
            "outcome",
            "success criterion",
            "criterion",
            "objective",
            "ziel",
            "objectif",
            "objetivo",
            "success",
            "in their words",
        ],
    ),
    (
        Column::Metric,
        &["metric", "measure", "measured by", "kpi", "messgrosse", "kennzahl", "indicateur", "indicador"],
    ),
    (
        Column::Baseline,
        &["baseline", "today", "current", "ausgangswert", "heute", "aujourd hui", "actual", "now"],
    ),
    (Column::Target, &["target", "zielwert", "cible", "meta"]),
    (Column::System, &["system", "integration", "application", "schnittstelle", "systeme", "sistema"]),
    (Column::Known, &["what we know", "detail", "details", "version", "edition", "remarks on it"]),
    (Column::What, &["what"]),
    (Column::Origin, &["where from"]),
];

/// Headings over labels and their values, folded.
const GENERIC: [&str; 12] =
    ["field", "value", "item", "detail", "details", "feld", "wert", "champ", "valeur", "campo", "valor", ""];

/// One row: its cells, trimmed, and the passage from the first to the last.
struct Row<'a> {
    cells: Vec<Passage<'a>>,
    all: Passage<'a>,
}

fn row<'a>(line: Passage<'a>) -> Row<'a> {
    let mut cells = Vec::new();
    let mut start = None;
    let mut escaped = false;
    for (at, c) in line.text.char_indices() {
        if c == '|' && !escaped {
            if let Some(from) = start {
                cells.push(line.sub(from..at).trim());
            }
            start = Some(at + 1);
        }
        escaped = c == '\\' && !escaped;
    }
    if let Some(from) = start {
        let last = line.sub(from..line.text.len()).trim();
        if !last.is_empty() {
            cells.push(last);
        }
    }
    Row { cells, all: line.trim_matches(|c: char| c.is_whitespace() || c == '|') }
}

fn is_separator(line: &str) -> bool {
    line.contains('-') && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'))
}

/// Reads a table below a heading or label that announces `field`.
pub(crate) fn read(b: &mut Builder<'_>, lines: &[Passage<'_>], field: Option<Field>) {
    let mut rows: Vec<Row<'_>> =
        lines.iter().filter(|line| !is_separator(line.text)).map(|line| row(*line)).collect();
    let has_header = lines.get(1).is_some_and(|line| is_separator(line.text));
    let mut columns: Vec<Option<Column>> = match rows.first().filter(|_| has_header) {
        Some(header) => header.cells.iter().map(|cell| column(cell.text)).collect(),
        None => Vec::new(),
    };
    // "Who" beside titles are people, "What" beside severities are risks.
    let beside = |column: Column| columns.contains(&Some(column));
    let (who, what) =
        (beside(Column::Title) || beside(Column::Role) && !beside(Column::Promise), beside(Column::Severity));
    for column in &mut columns {
        match column {
            Some(kind @ Column::Who) if who => *kind = Column::Name,
            Some(kind @ Column::What) if what => *kind = Column::Risk,
            _ => {}
        }
    }
    let has = |column: Column| columns.contains(&Some(column));
    let people = has(Column::Name) && (has(Column::Title) || has(Column::Role))
        || field == Some(Field::Stakeholders) && (has(Column::Role) || has(Column::Title));
    let special = people
        || has(Column::Risk)
        || has(Column::Promise)
        || has(Column::Goal)
        || has(Column::Metric)
        || has(Column::System);
    if special && !rows.is_empty() {
        let header = rows.remove(0);
        b.structure(header.all);
    }
    // "| Field | Value |" above labels and values says nothing.
    if let Some(header) = rows.first().filter(|_| has_header && !special)
        && header.cells.iter().all(|cell| GENERIC.contains(&fold(cell.text).as_str()))
    {
        b.structure(header.all);
    }
    for row in &rows {
        let cell = |column: Column| {
            columns
                .iter()
                .position(|c| *c == Some(column))
                .and_then(|at| row.cells.get(at))
                .copied()
                .filter(|cell| !cell.is_empty() && !is_placeholder(cell.text))
        };
        if row.cells.iter().all(|cell| is_placeholder(cell.text)) {
            b.structure(row.all);
        } else if people {
            person(b, row, cell);
        } else if has(Column::Risk) {
            let Some(text) = cell(Column::Risk) else {
                b.structure(row.all);
                continue;
            };
            // Our own document lists risks that the plan shows beside those that were named.
            if cell(Column::Origin).is_some_and(|origin| !origin.text.starts_with("red flag")) {
                b.structure(row.all);
                continue;
            }
            let flag = RedFlag {
                text: clean(text.text),
                severity: cell(Column::Severity).and_then(|cell| interpret::severity(&clean(cell.text))),
                mitigation: cell(Column::Mitigation).map(|cell| clean(cell.text)),
            };
            b.add(|d| &mut d.red_flags, flag, row.all, Confidence::High);
        } else if has(Column::Promise) {
            let Some(text) = cell(Column::Promise) else {
                continue;
            };
            let (text, who) = (clean(text.text), cell(Column::Who).map(|cell| clean(cell.text)));
            let told = cell(Column::By);
            let period = told.and_then(|cell| interpret::promised_within(cell.text));
            // A day that is named counts; a cell with nothing but a period is no date that cannot be read.
            let is_dated = told.is_some_and(|cell| {
                period.is_none() || matches!(date::find(cell.text, &b.frame(Lean::Future)), Some(Ok(_)))
            });
            let by = told.filter(|_| is_dated).and_then(|cell| day(b, cell));
            let within =
                if by.is_some() { None } else { period.or_else(|| interpret::promised_within(&text)) };
            b.add(|d| &mut d.promises, Promise { text, by, who, within }, row.all, Confidence::High);
        } else if has(Column::System) {
            let Some(system) = cell(Column::System) else {
                continue;
            };
            integration(b, system, cell(Column::Known), row.all);
        } else if has(Column::Goal) || has(Column::Metric) {
            let Some(text) = cell(Column::Goal).or_else(|| cell(Column::Metric)) else {
                continue;
            };
            let by = cell(Column::By).and_then(|cell| day(b, cell));
            let words = |column| cell(column).map(|cell| clean(cell.text));
            let criterion = SuccessCriterion {
                text: clean(text.text),
                metric: words(Column::Metric),
                baseline: words(Column::Baseline),
                target: words(Column::Target),
                by,
            };
            b.add(|d| &mut d.success_criteria, criterion, row.all, Confidence::High);
        } else {
            pair(b, row);
        }
    }
}

/// A system with what is known of it; one that was listed before gains the detail.
fn integration(b: &mut Builder<'_>, system: Passage<'_>, known: Option<Passage<'_>>, row: Passage<'_>) {
    let name = clean(system.text);
    let detail = known.map(|known| clean(known.text)).filter(|known| known != "only the name");
    let listed =
        b.deal.integrations.iter_mut().find(|listed| listed.value.system.eq_ignore_ascii_case(&name));
    if let Some(listed) = listed {
        listed.value.detail = listed.value.detail.take().or(detail);
        b.claim(row);
        return;
    }
    b.add(|d| &mut d.integrations, Integration { system: name, detail }, row, Confidence::High);
}

fn day(b: &mut Builder<'_>, cell: Passage<'_>) -> Option<jiff::civil::Date> {
    match date::find(cell.text, &b.frame(Lean::Future)) {
        Some(Ok(found)) if number::has_minus(cell.text, found.range.start) => {
            interpret::impossible(b, found.range, cell);
            None
        }
        Some(Ok(found)) => interpret::day(b, &found, cell, Confidence::High).map(|(date, _)| date),
        Some(Err(bad)) => {
            interpret::impossible(b, bad.range, cell);
            None
        }
        None => {
            b.warn("not_understood", "this cannot be read as a date; write it like 2027-03-15", cell);
            None
        }
    }
}

fn column(text: &str) -> Option<Column> {
    let folded = fold(text);
    COLUMNS.iter().find(|(_, names)| names.contains(&folded.as_str())).map(|&(column, _)| column)
}

fn person<'a>(b: &mut Builder<'_>, row: &Row<'a>, cell: impl Fn(Column) -> Option<Passage<'a>>) {
    let text = |column: Column| cell(column).map(|cell| clean(cell.text));
    let (name, mut title) = (text(Column::Name), text(Column::Title));
    let contact = text(Column::Contact);
    if name.is_none() && title.is_none() && contact.is_none() {
        // Only a role is filled in: the template's line is still open.
        b.structure(row.all);
        return;
    }
    let mut count = 1;
    let mut known_name = name;
    // "3 plant managers" in the name column is a group, not a name.
    if let Some(group) = known_name
        .as_deref()
        .map(|name| people::one(name, 0).stakeholder)
        .filter(|group| group.count > 1 || group.name.is_none())
    {
        count = group.count;
        title = title.or(group.title);
        known_name = None;
    }
    if let Some(cell) = cell(Column::Count) {
        let written = number::count_at(cell.text, 0).map(|number| number.value.as_u32_or_max());
        match written.filter(|&written| written > 0) {
            Some(written) => count = written,
            None => b.warn("not_understood", "the number of people cannot be read; write it like 3", cell),
        }
    }
    let role_words = text(Column::Role);
    // Our own document marks a role that was only concluded.
    let guessed = role_words.as_deref().is_some_and(|words| words.ends_with("(a guess, please check)"));
    let said = role_words.as_deref().and_then(crate::own::stakeholder_role);
    let role = said.unwrap_or_else(|| match &title {
        Some(title) => {
            people::one(&if count > 1 { format!("{count} {title}") } else { title.clone() }, 0)
                .stakeholder
                .role
        }
        None => StakeholderRole::Other,
    });
    let (email, other) = match contact {
        Some(contact) if people::is_email(&contact) => {
            (Some(contact.trim_start_matches('<').trim_end_matches('>').to_owned()), None)
        }
        other => (None, other),
    };
    let notes = match (text(Column::Notes), other) {
        (Some(notes), Some(other)) => Some(format!("{notes}; {other}")),
        (notes, other) => notes.or(other),
    };
    let person = Stakeholder { name: known_name, title, role, count, email, notes };
    let confidence = if guessed {
        Confidence::Low
    } else if said.is_some() {
        Confidence::High
    } else {
        Confidence::Medium
    };
    if !interpret::merge_person(b, &person, confidence, row.all) {
        b.add(|d| &mut d.stakeholders, person, row.all, confidence);
    }
}

/// `| Contract value | $95K |`: a label and its value.
fn pair(b: &mut Builder<'_>, row: &Row<'_>) {
    if let [label, value, ..] = row.cells.as_slice()
        && let Some(field) = lookup(&clean(label.text))
    {
        b.structure(*label);
        interpret::value(b, field, *value, Confidence::High);
    }
}
