//! How one task follows another, as written in `after`.

use std::str::FromStr;

use crate::plan::LinkKind;

/// Longest lag, in working days: about four years.
const LONGEST_LAG: u32 = 1000;

/// A predecessor as written in `after`: `"id"`, `"id SS"`, `"id FS+2"`, `"id FF-1"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Predecessor {
    /// Id of the task or milestone.
    pub id: String,
    /// Which ends are tied together.
    pub kind: LinkKind,
    /// Working days in between; may be negative.
    pub lag: i32,
}

impl FromStr for Predecessor {
    type Err = String;

    /// Reads the written form; the error says in words what is wrong and what to write.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.split_whitespace();
        let id = parts.next().ok_or("`after` names nothing: write the id of a task or milestone")?;
        let link = parts.next().unwrap_or("FS");
        if parts.next().is_some() {
            return Err(format!("`{text}` has too many parts: write `{id}`, `{id} SS` or `{id} FS+2`"));
        }
        let (kind, lag) = match link.get(..2) {
            Some("FS") => (LinkKind::FinishStart, &link[2..]),
            Some("SS") => (LinkKind::StartStart, &link[2..]),
            Some("FF") => (LinkKind::FinishFinish, &link[2..]),
            Some("SF") => (LinkKind::StartFinish, &link[2..]),
            _ => return Err(unknown_kind(id, link)),
        };
        let lag = if lag.is_empty() { 0 } else { read_lag(id, link, lag)? };
        Ok(Self { id: id.to_owned(), kind, lag })
    }
}

/// A lag with its sign; without one, nobody can tell whether `FS2` means later or earlier.
fn read_lag(id: &str, link: &str, lag: &str) -> Result<i32, String> {
    let number = lag.trim_start_matches(['+', '-']);
    let example = match number.parse::<u32>() {
        Ok(days) if days <= LONGEST_LAG => days,
        Ok(_) => return Err(format!("`{id} {link}` waits longer than {LONGEST_LAG} working days")),
        Err(_) => 2,
    };
    let kind = link.get(..2).unwrap_or("FS");
    lag.parse().ok().filter(|_| lag.starts_with(['+', '-'])).ok_or_else(|| {
        format!(
            "`{lag}` is not a lag: write `{id} {kind}+{example}` for {example} working days later, \
             `{id} {kind}-{example}` for {example} earlier"
        )
    })
}

fn unknown_kind(id: &str, link: &str) -> String {
    let number = link.trim_start_matches(['+', '-']).trim_end_matches('d');
    match number.parse::<u32>() {
        Ok(days) => {
            let sign = if link.starts_with('-') { '-' } else { '+' };
            format!("`{id} {link}` does not say which ends it ties: write `{id} FS{sign}{days}`")
        }
        Err(_) => format!(
            "`{link}` is not a kind of link: use FS, SS, FF or SF, with days of lag such as `{id} FS+2`"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predecessors_are_read_as_written() {
        let read = |text: &str| text.parse::<Predecessor>().map(|p| (p.id, p.kind, p.lag));
        assert_eq!(read("kickoff"), Ok(("kickoff".into(), LinkKind::FinishStart, 0)));
        assert_eq!(read(" kickoff  SS "), Ok(("kickoff".into(), LinkKind::StartStart, 0)));
        assert_eq!(read("kickoff FS+2"), Ok(("kickoff".into(), LinkKind::FinishStart, 2)));
        assert_eq!(read("kickoff FF-1"), Ok(("kickoff".into(), LinkKind::FinishFinish, -1)));
        assert_eq!(read("kickoff SF+0"), Ok(("kickoff".into(), LinkKind::StartFinish, 0)));
    }

    #[test]
    fn what_is_wrong_is_told_with_what_to_write() {
        for (wrong, told) in [
            ("", "`after` names nothing: write the id of a task or milestone"),
            ("a b c", "`a b c` has too many parts: write `a`, `a SS` or `a FS+2`"),
            ("a 2", "`a 2` does not say which ends it ties: write `a FS+2`"),
            ("a +3d", "`a +3d` does not say which ends it ties: write `a FS+3`"),
            ("a -1", "`a -1` does not say which ends it ties: write `a FS-1`"),
            ("a XY", "`XY` is not a kind of link: use FS, SS, FF or SF, with days of lag such as `a FS+2`"),
            ("a é", "`é` is not a kind of link: use FS, SS, FF or SF, with days of lag such as `a FS+2`"),
            ("a SS3", "`3` is not a lag: write `a SS+3` for 3 working days later, `a SS-3` for 3 earlier"),
            ("a FS+x", "`+x` is not a lag: write `a FS+2` for 2 working days later, `a FS-2` for 2 earlier"),
            (
                "a FS+-2",
                "`+-2` is not a lag: write `a FS+2` for 2 working days later, `a FS-2` for 2 earlier",
            ),
            ("a FS+99999", "`a FS+99999` waits longer than 1000 working days"),
        ] {
            assert_eq!(wrong.parse::<Predecessor>(), Err(told.to_owned()), "{wrong}");
        }
    }
}
