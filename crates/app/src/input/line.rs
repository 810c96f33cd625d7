//! Lines of files, and what each tells.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Kind, Told};
use crate::training::csv_rows;

/// Most lines of a file.
const MOST: usize = 20_000;

/// Length of a day such as `2027-01-04`.
const DAY_LENGTH: usize = 10;

/// A line of a file, its cells by name of their column.
pub(super) struct Line {
    /// Its number in the file, from 1, the first line too.
    pub(super) number: usize,
    cells: BTreeMap<String, String>,
}

impl Line {
    /// What a cell says; nothing where there is none.
    pub(super) fn cell(&self, column: &str) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    fn some(&self, column: &str) -> Option<String> {
        Some(self.cell(column)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// A cell that is read as something; nothing where it is empty.
    fn read<T: std::str::FromStr>(&self, column: &str, what: &str) -> Result<Option<T>, String> {
        match self.cell(column) {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| format!("{column} must be {what}")),
        }
    }

    /// A cell that is read as an instant: of a mere day its beginning, which has come when the day is today.
    fn time(&self, column: &str, zone: &TimeZone) -> Result<Option<Timestamp>, String> {
        let text = self.cell(column);
        if text.len() == DAY_LENGTH
            && let Ok(day) = text.parse::<Date>()
            && let Ok(begins) = day.to_zoned(zone.clone())
        {
            return Ok(Some(begins.timestamp()));
        }
        self.read(column, "a day or an instant such as 2027-01-04T09:30:00Z")
    }
}

/// Lines below a first one that names the columns.
pub(super) fn read(text: &str) -> Result<Vec<Line>, String> {
    let text = text.trim_start_matches('\u{feff}');
    let mut rows = csv_rows(text)?.into_iter();
    let (_, head) = rows.next().ok_or("is empty")?;
    let columns: Vec<String> =
        head.iter().map(|title| title.trim().to_lowercase().replace([' ', '-'], "_")).collect();
    if !columns.iter().any(|column| column == "account") {
        return Err("has no column “account” in its first line".to_owned());
    }
    let line = |(number, row): (usize, Vec<String>)| {
        let cells = columns.iter().cloned().zip(row.into_iter().map(|cell| cell.trim().to_owned()));
        Line { number, cells: cells.collect() }
    };
    let lines: Vec<Line> =
        rows.map(line).filter(|line| line.cells.values().any(|cell| !cell.is_empty())).collect();
    match lines.len() {
        0 => Err("has nothing below its first line".to_owned()),
        1..=MOST => Ok(lines),
        _ => Err(format!("has more than {MOST} lines")),
    }
}

/// What a line tells; its days are those of a zone.
pub(super) fn told(kind: Kind, line: &Line, zone: &TimeZone) -> Result<Told, String> {
    const NUMBER: &str = "a whole number";
    const DAY: &str = "a day such as 2027-01-04";
    let own = |column: &str| line.cell(column).to_owned();
    Ok(match kind {
        Kind::Tickets => Told::Ticket {
            external_id: own("external_id"),
            subject: own("subject"),
            severity: severity(line.cell("severity"))?,
            status: own("status"),
            opened_at: line.time("opened_at", zone)?,
            solved_at: line.time("solved_at", zone)?,
        },
        Kind::Integrations => Told::Integration {
            name: own("name"),
            status: own("status"),
            failures: line.read("failures", NUMBER)?.unwrap_or(0),
            tests_failed: line.read("tests_failed", NUMBER)?.unwrap_or(0),
            note: own("note"),
            at: line.time("at", zone)?,
        },
        Kind::Quality => Told::Quality {
            source: own("source"),
            on: line.read("on", DAY)?,
            checked: line.read("checked", NUMBER)?.ok_or("checked is missing")?,
            wrong: line.read("wrong", NUMBER)?.ok_or("wrong is missing")?,
        },
        Kind::Movements => Told::Movement {
            external_id: line.some("external_id"),
            kind: own("kind"),
            on: line.read("on", DAY)?.ok_or("on is missing")?,
            amount: own("amount"),
            currency: line.some("currency"),
            note: own("note"),
        },
        Kind::Renewals => {
            Told::Renewal { on: line.read("on", DAY)?.ok_or("on is missing")?, note: own("note") }
        }
    })
}

fn severity(word: &str) -> Result<Option<gangway_domain::deal::Severity>, String> {
    use gangway_domain::deal::Severity::{Critical, High, Low, Medium};
    Ok(Some(match word.to_lowercase().as_str() {
        "" => return Ok(None),
        "low" => Low,
        "medium" | "normal" => Medium,
        "high" => High,
        "critical" | "urgent" => Critical,
        _ => return Err("severity must be low, medium, high or critical".to_owned()),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_a_file_of_its_kind() {
        for kind in Kind::ALL {
            let lines = read(kind.template()).unwrap();
            assert_eq!(lines.len(), 1, "{kind:?}");
            assert!(told(kind, &lines[0], &TimeZone::UTC).is_ok(), "{kind:?}");
        }
    }

    #[test]
    fn lines_are_read_by_the_names_of_their_columns() {
        let lines = read("Account,Status,External ID\nAcme,open,T-1\n\n").unwrap();
        assert_eq!(lines.len(), 1);
        let told = told(Kind::Tickets, &lines[0], &TimeZone::UTC);
        let Ok(Told::Ticket { external_id, status, severity, .. }) = told else {
            panic!("no ticket");
        };
        assert_eq!((external_id.as_str(), status.as_str(), severity), ("T-1", "open", None));
    }

    #[test]
    fn a_time_may_be_a_day() {
        let file = "account,opened_at\nAcme,2027-01-04\nAcme,2027-01-04T09:30:00Z\nAcme,\nAcme,soon";
        let lines = read(file).unwrap();
        let times: Vec<_> = lines.iter().map(|line| line.time("opened_at", &TimeZone::UTC)).collect();
        let begins = "2027-01-04T00:00:00Z".parse::<Timestamp>().unwrap();
        let told = "2027-01-04T09:30:00Z".parse::<Timestamp>().unwrap();
        assert_eq!(times[..3], [Ok(Some(begins)), Ok(Some(told)), Ok(None)]);
        assert!(times[3].as_ref().is_err_and(|error| error.starts_with("opened_at must be a day")));
    }

    #[test]
    fn what_cannot_be_read_says_which_column() {
        let lines = read("account,source,checked,wrong\nAcme,CRM,many,2").unwrap();
        let wrong = told(Kind::Quality, &lines[0], &TimeZone::UTC).unwrap_err();
        assert_eq!(wrong, "checked must be a whole number");
        assert!(read("name\nAcme").is_err_and(|error| error.contains("account")));
    }
}
