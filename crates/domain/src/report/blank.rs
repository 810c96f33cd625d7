//! Places of a report that only a person can fill in: sections of its text, each under a heading of its own.

use jiff::civil::Date;
use thiserror::Error;

use super::Kind;
use crate::intervention::Support;
use crate::portal::Language;

/// Begins the line that stands in such a place until somebody fills it in.
const OPEN: &str = "To be written:";

/// The mark of a heading that begins a section.
const HEADING: &str = "## ";

/// What is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Prose.
    Prose,
    /// A day.
    Day,
    /// Kinds of [`Support`], of which some are ticked.
    Support,
}

/// A place of a report that only a person can fill in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blank {
    /// Its word in forms and the API.
    pub name: &'static str,
    /// The heading it stands under, which is also what people call it.
    pub heading: &'static str,
    /// What is asked.
    pub asks: &'static str,
    /// What is filled in.
    pub form: Form,
}

/// Why a place cannot be filled in.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BlankError {
    /// The text has no such section any more.
    #[error("has no place any more: the text has no heading “{0}”")]
    Gone(&'static str),
    /// The answer is no day.
    #[error("must be a day like 2027-03-31")]
    Day,
    /// The answer names something else than kinds of support.
    #[error("names what is no support: there are executive, people, technical, commercial and other")]
    Support,
}

const fn prose(name: &'static str, heading: &'static str, asks: &'static str) -> Blank {
    Blank { name, heading, asks, form: Form::Prose }
}

const ROOT_CAUSE: Blank = prose("root-cause", "Root cause", "what causes it, and how you know");

const ESCALATION: &[Blank] = &[
    ROOT_CAUSE,
    Blank {
        name: "support",
        heading: "Support requested",
        asks: "what is asked of whom it goes to",
        form: Form::Support,
    },
    prose("decision", "What is to be decided", "the question, and what you recommend"),
    Blank {
        name: "decide-by",
        heading: "Decision needed by",
        asks: "the day by which it must be decided",
        form: Form::Day,
    },
];

const SAVE_OR_EXIT: &[Blank] = &[
    ROOT_CAUSE,
    prose("costs", "What each option costs", "for each: people, days and money, and what follows from it"),
    Blank {
        name: "decide-by",
        heading: "Decide by",
        asks: "the day by which it must be decided",
        form: Form::Day,
    },
    prose("decision", "Decision", "save, pause or exit; who decided it, on which day, and why"),
];

impl Kind {
    /// What only a person can say in it.
    #[must_use]
    pub fn blanks(self) -> &'static [Blank] {
        match self {
            Self::Escalation => ESCALATION,
            Self::SaveOrExit => SAVE_OR_EXIT,
            Self::WeeklyStatus
            | Self::ExecutiveUpdate
            | Self::GoNoGo
            | Self::HandoffSummary
            | Self::TransitionSummary
            | Self::GoLiveReview => &[],
        }
    }

    /// What a text still leaves open of it.
    pub fn left_open(self, text: &str) -> impl Iterator<Item = &'static Blank> {
        self.blanks().iter().filter(move |blank| blank.read(text).is_some_and(|answer| answer.is_empty()))
    }
}

impl Blank {
    /// What the text says there: prose, a day like `2027-03-31`, or words of [`Support`] with spaces between. Empty
    /// while nothing is filled in; nothing when the text has no such section.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<String> {
        let (_, said, _) = section(text, self.heading)?;
        Some(match self.form {
            Form::Prose => {
                let lines: Vec<&str> = said.lines().filter(|line| !line.starts_with(OPEN)).collect();
                lines.join("\n").trim().to_owned()
            }
            Form::Day => said.lines().find_map(day).map(|day| day.to_string()).unwrap_or_default(),
            Form::Support => {
                let ticked: Vec<&str> = said
                    .lines()
                    .filter_map(tick)
                    .filter_map(|(is_ticked, said)| is_ticked.then_some(said))
                    .collect();
                let asked = Support::ALL.into_iter().filter(|one| ticked.contains(&one.label()));
                asked.map(Support::word).collect::<Vec<_>>().join(" ")
            }
        })
    }

    /// The text with this answer, in the form [`Blank::read`] gives; an empty one leaves the place open.
    ///
    /// # Errors
    /// When the text has no such section, or the answer cannot be read.
    pub fn write(&self, text: &str, answer: &str) -> Result<String, BlankError> {
        let (before, said, after) = section(text, self.heading).ok_or(BlankError::Gone(self.heading))?;
        let answer = answer.trim();
        let body = match self.form {
            Form::Support => ticked(said, answer)?,
            _ if answer.is_empty() => format!("{OPEN} {}.", self.asks),
            Form::Prose => answer.to_owned(),
            Form::Day => Language::En.day(answer.parse::<Date>().map_err(|_| BlankError::Day)?),
        };
        let end = if after.is_empty() { "\n" } else { "\n\n" };
        Ok(format!("{before}\n{body}{end}{after}"))
    }
}

/// The day a line says, as documents write it.
fn day(line: &str) -> Option<Date> {
    Date::strptime("%d %b %Y", line.trim()).ok()
}

/// Whether a line of a list is ticked, and what it says.
fn tick(line: &str) -> Option<(bool, &str)> {
    let line = line.trim();
    let done = line.strip_prefix("- [x] ").or_else(|| line.strip_prefix("- [X] "));
    done.map(|said| (true, said)).or_else(|| Some((false, line.strip_prefix("- [ ] ")?)))
}

/// A list of kinds of support with exactly these ticked; what else people wrote there stays.
fn ticked(said: &str, words: &str) -> Result<String, BlankError> {
    let wanted: Result<Vec<Support>, _> = words.split_whitespace().map(str::parse::<Support>).collect();
    let wanted = wanted.map_err(|_| BlankError::Support)?;
    let mut lines: Vec<String> = Support::ALL
        .iter()
        .map(|one| format!("- [{}] {}", if wanted.contains(one) { "x" } else { " " }, one.label()))
        .collect();
    let is_ours = |line: &str| {
        tick(line).is_some_and(|(_, said)| Support::ALL.iter().any(|support| support.label() == said))
    };
    lines.extend(said.trim().lines().filter(|line| !is_ours(line)).map(str::to_owned));
    Ok(lines.join("\n").trim_end().to_owned())
}

/// What stands before a section's words, its heading included; those words; and what stands behind them.
fn section<'a>(text: &'a str, heading: &str) -> Option<(&'a str, &'a str, &'a str)> {
    let mut end = 0;
    let mut begin = None;
    for line in text.split_inclusive('\n') {
        let here = end;
        end += line.len();
        let title = line.strip_prefix(HEADING).map(str::trim);
        match begin {
            None if title == Some(heading) => begin = Some(end),
            Some(begin) if title.is_some() => {
                return Some((text.get(..begin)?, text.get(begin..here)?, text.get(here..)?));
            }
            _ => {}
        }
    }
    let begin = begin?;
    Some((text.get(..begin)?, text.get(begin..)?, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "+++\ntitle = \"E\"\n+++\n\n## Root cause\n\nTo be written: what causes it.\n\n\
                        ## Support requested\n\n- [ ] Executive involvement\n- [ ] Additional people\n\
                        - [ ] Technical escalation\n- [ ] Commercial discussion\n- [ ] Something else\n\n\
                        The board knows.\n\n## What is to be decided\n\nTo be written: the question.\n\n\
                        ## Decision needed by\n\n3 Mar 2027\n";

    fn blank(name: &str) -> &'static Blank {
        Kind::Escalation.blanks().iter().find(|blank| blank.name == name).unwrap()
    }

    fn open(text: &str) -> Vec<&'static str> {
        Kind::Escalation.left_open(text).map(|blank| blank.name).collect()
    }

    #[test]
    fn what_nobody_has_said_is_left_open() {
        assert_eq!(open(TEXT), ["root-cause", "support", "decision"]);
        assert_eq!(blank("decide-by").read(TEXT).as_deref(), Some("2027-03-03"));
        assert_eq!(open("Nothing of it."), Vec::<&str>::new(), "a person took the sections out");
        assert_eq!(Kind::WeeklyStatus.left_open(TEXT).count(), 0);
    }

    #[test]
    fn an_answer_stands_in_its_section_and_nothing_else_changes() {
        let said = blank("root-cause").write(TEXT, " Nobody owns the data.\n\nIT left. \n").unwrap();
        assert_eq!(said, TEXT.replace("To be written: what causes it.", "Nobody owns the data.\n\nIT left."));
        assert_eq!(blank("root-cause").read(&said).as_deref(), Some("Nobody owns the data.\n\nIT left."));
        let later = blank("decide-by").write(&said, "2027-03-31").unwrap();
        assert_eq!(later, said.replace("3 Mar 2027", "31 Mar 2027"));
        let open = blank("root-cause").write(&later, " ").unwrap();
        assert!(open.contains("\n\nTo be written: what causes it, and how you know.\n\n## Support"));
    }

    #[test]
    fn support_is_ticked_and_what_people_wrote_beside_it_stays() {
        let said = blank("support").write(TEXT, "technical executive").unwrap();
        assert_eq!(blank("support").read(&said).as_deref(), Some("executive technical"));
        assert!(said.contains("- [x] Technical escalation\n"));
        assert!(said.contains("- [ ] Something else\n\nThe board knows.\n\n## What"));
        let none = blank("support").write(&said, "").unwrap();
        assert_eq!(none, TEXT);
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        assert_eq!(blank("decide-by").write(TEXT, "soon"), Err(BlankError::Day));
        assert_eq!(blank("support").write(TEXT, "magic"), Err(BlankError::Support));
        assert_eq!(blank("root-cause").write("x", "y"), Err(BlankError::Gone("Root cause")));
    }

    #[test]
    fn names_are_one_of_a_kind() {
        for kind in Kind::ALL {
            let mut names: Vec<&str> = kind.blanks().iter().map(|blank| blank.name).collect();
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all, "{kind}");
        }
    }
}
