//! What a package drafts of the joint impact plan in words of its own, as the other languages of portals say it. What
//! people wrote stays as it is: only whole sentences of ours are known again.

use jiff::civil::Date;

use crate::portal::Language;

/// Sentences that are always the same.
const WHOLE: [(&str, &str); 3] = [
    ("to be defined at the kickoff", "wird beim Kickoff festgelegt"),
    ("executive sponsor, to be named", "Sponsor der Geschäftsleitung, noch zu benennen"),
    (
        "a figure or a screen both sides agree on at the kickoff, captured before and after",
        "eine Zahl oder Ansicht, auf die sich beide Seiten beim Kickoff einigen, vorher und nachher festgehalten",
    ),
];

/// What stands behind a metric.
const BEHIND: [(&str, &str); 2] = [
    (
        ", measured as the baseline was, on the agreed date",
        ", am vereinbarten Tag so gemessen wie der Ausgangswert",
    ),
    (
        ": measure the baseline before configuration starts, then again on the date",
        ": den Ausgangswert vor Beginn der Konfiguration messen, am vereinbarten Tag dann noch einmal",
    ),
];

/// The north star or the first impact of a plan in a language; `named` says what a milestone is called there.
#[must_use]
pub fn sentence_in(language: Language, text: &str, named: impl Fn(&str) -> String) -> String {
    let said = match language {
        Language::En => None,
        Language::De => always(text).or_else(|| north_star(text)).or_else(|| first_impact(text, named)),
    };
    said.unwrap_or_else(|| text.to_owned())
}

/// The goal of an outcome, what proves it or who confirms it, in a language.
#[must_use]
pub fn outcome_in(language: Language, text: &str) -> String {
    let line = |line: &str| match language {
        Language::En => line.to_owned(),
        Language::De => always(line).or_else(|| measured(line)).unwrap_or_else(|| line.to_owned()),
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

fn always(text: &str) -> Option<String> {
    WHOLE.iter().find(|(english, _)| *english == text).map(|(_, said)| (*said).to_owned())
}

fn measured(text: &str) -> Option<String> {
    if let Some(customer) = text.strip_prefix("Goal to be agreed with ") {
        return Some(format!("Noch mit {customer} zu vereinbarendes Ziel"));
    }
    BEHIND.iter().find_map(|(english, said)| Some(format!("{}{said}", text.strip_suffix(*english)?)))
}

fn north_star(text: &str) -> Option<String> {
    if let Some(rest) = text.strip_suffix("; the goal is agreed at the kickoff.") {
        let (who, by) = rest.rsplit_once(" by ")?;
        let (customer, product) = who.split_once(" is live with ")?;
        let by = day(by)?;
        return Some(format!(
            "{customer} ist bis {by} mit {product} produktiv; das Ziel wird beim Kickoff vereinbart."
        ));
    }
    let (goal, by) = text.strip_suffix('.')?.rsplit_once(", live by ")?;
    Some(format!("{goal}, produktiv bis {}.", day(by)?))
}

fn first_impact(text: &str, named: impl Fn(&str) -> String) -> Option<String> {
    let (name, by) = text.rsplit_once(", by ")?;
    Some(format!("{}, bis {}", named(name), day(by)?))
}

/// A day as packages write it, in German.
fn day(text: &str) -> Option<String> {
    Date::strptime("%d %B %Y", text).ok().map(|date| Language::De.full_day(date))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_of_a_draft_are_known_again() {
        let said = |text: &str| sentence_in(Language::De, text, |name| format!("<{name}>"));
        for (english, german) in [
            (
                "Acme: “See every order”, live by 3 April 2027.",
                "Acme: “See every order”, produktiv bis 3. April 2027.",
            ),
            (
                "Acme is live with Ledger by 12 March 2027; the goal is agreed at the kickoff.",
                "Acme ist bis 12. März 2027 mit Ledger produktiv; das Ziel wird beim Kickoff vereinbart.",
            ),
            ("First dashboard, by 5 March 2027", "<First dashboard>, bis 5. März 2027"),
            ("to be defined at the kickoff", "wird beim Kickoff festgelegt"),
        ] {
            assert_eq!(said(english), german);
            assert_eq!(sentence_in(Language::En, english, str::to_owned), english);
        }
        for own in ["Every order is seen.", "Done, by and by", "Acme: all of it, live by summer."] {
            assert_eq!(said(own), own);
        }
    }

    #[test]
    fn outcomes_of_a_draft_are_known_again_and_those_of_people_stay() {
        let said = |text: &str| outcome_in(Language::De, text);
        assert_eq!(said("Goal to be agreed with Acme"), "Noch mit Acme zu vereinbarendes Ziel");
        assert_eq!(
            said("Hours a week, measured as the baseline was, on the agreed date\nTheir own report"),
            "Hours a week, am vereinbarten Tag so gemessen wie der Ausgangswert\nTheir own report"
        );
        assert_eq!(said("Close the books by 3 April 2027"), "Close the books by 3 April 2027");
    }
}
