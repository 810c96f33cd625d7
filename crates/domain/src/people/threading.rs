//! Multi-threading: whether the relationship hangs on more than one person [004].

use jiff::civil::Date;

/// Somebody who may keep the relationship.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voice {
    /// What they are called.
    pub name: String,
    /// They are an executive.
    pub executive: bool,
    /// The day they were last spoken with.
    pub last: Option<Date>,
}

/// Whether enough people are in touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Threading {
    /// Those spoken with within the days that count.
    pub live: u32,
    /// Least number of them.
    pub least: u32,
    /// Calendar days within which a talk keeps a contact live.
    pub within_days: u32,
    /// An executive is among the live ones, or none is needed.
    pub executive: bool,
    /// What is missing, in sentences; empty when the check holds.
    pub missing: Vec<String>,
}

impl Threading {
    /// The check holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.missing.is_empty()
    }
}

/// Checks that at least `least` people were spoken with during the last `within_days` calendar days, an executive
/// among them. Where one contact is enough, no executive is needed.
#[must_use]
pub fn threading(voices: &[Voice], least: u32, within_days: u32, today: Date) -> Threading {
    let is_live = |voice: &&Voice| {
        voice.last.is_some_and(|last| i64::from((today - last).get_days()) <= i64::from(within_days))
    };
    let live: Vec<&Voice> = voices.iter().filter(is_live).collect();
    let count = u32::try_from(live.len()).unwrap_or(u32::MAX);
    let executive = least <= 1 || live.iter().any(|voice| voice.executive);
    let mut missing = Vec::new();
    if count < least {
        let quiet: Vec<&str> =
            voices.iter().filter(|voice| !is_live(voice)).map(|voice| voice.name.as_str()).collect();
        let (people, were) = if count == 1 { ("person", "was") } else { ("people", "were") };
        let whom = match (quiet.is_empty(), u32::try_from(voices.len()).is_ok_and(|known| known >= least)) {
            (true, _) => "Find others who are affected.".to_owned(),
            (false, true) => format!("Speak with {}.", listed(&quiet)),
            (false, false) => format!("Speak with {}, and find others.", listed(&quiet)),
        };
        missing.push(format!(
            "{count} {people} of at least {least} {were} spoken with in the last {within_days} days. {whom}"
        ));
    }
    if !executive {
        let known: Vec<&str> =
            voices.iter().filter(|voice| voice.executive).map(|voice| voice.name.as_str()).collect();
        missing.push(if known.is_empty() {
            "No executive is known: ask who sponsors it.".to_owned()
        } else {
            format!(
                "No executive was spoken with in the last {within_days} days. Speak with {}.",
                listed(&known)
            )
        });
    }
    Threading { live: count, least, within_days, executive, missing }
}

/// `A, B or C`, at most three.
fn listed(names: &[&str]) -> String {
    let names: Vec<&str> = names.iter().take(3).copied().collect();
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn voice(name: &str, executive: bool, last: Option<Date>) -> Voice {
        Voice { name: name.to_owned(), executive, last }
    }

    #[test]
    fn three_live_contacts_with_an_executive_hold() {
        let today = date(2027, 2, 1);
        let mut voices = vec![
            voice("Dana", true, Some(date(2027, 1, 2))),
            voice("Ana", false, Some(today)),
            voice("Bo", false, Some(date(2027, 1, 20))),
        ];
        let held = threading(&voices, 3, 30, today);
        assert_eq!((held.live, held.holds()), (3, true), "a talk 30 days ago counts");
        voices[0].last = Some(date(2027, 1, 1));
        let broken = threading(&voices, 3, 30, today);
        assert_eq!(
            broken.missing,
            [
                "2 people of at least 3 were spoken with in the last 30 days. Speak with Dana.",
                "No executive was spoken with in the last 30 days. Speak with Dana."
            ]
        );
    }

    #[test]
    fn it_says_whom_to_find() {
        let today = date(2027, 2, 1);
        let none = threading(&[], 3, 30, today);
        assert_eq!(
            none.missing,
            [
                "0 people of at least 3 were spoken with in the last 30 days. Find others who are affected.",
                "No executive is known: ask who sponsors it."
            ]
        );
        let one = threading(&[voice("Ana", false, None)], 3, 30, today);
        assert!(one.missing[0].ends_with("Speak with Ana, and find others."), "{}", one.missing[0]);
        let tech = threading(&[voice("Ana", false, Some(today))], 1, 30, today);
        assert!(tech.holds(), "where one is enough, no executive is needed");
    }
}
