//! What e-mails say of a package in another language than English: the methodology's words are put into it, those of
//! people stay as they are.

use gangway_domain::methodology::Methodology;
use gangway_domain::portal::Language;
use serde_json::Value;

use super::view::to_customer;

/// The role templates tell from the others, so that it keeps its English name.
const SALES: &str = "Account executive";

/// Puts what the customer may read of a package into a language: questions, roles that are open, the team's roles, and
/// the kickoff.
pub(super) fn put_into(view: &mut Value, methodology: &Methodology, language: Language) {
    let filled = filled_texts(methodology);
    let templates: Vec<&str> = filled.iter().map(String::as_str).collect();
    let say = |text: &mut Value| {
        if let Some(said) = text.as_str().map(|known| methodology.say_filled(language, &templates, known)) {
            *text = Value::String(said);
        }
    };
    for ask in items(view, "asks") {
        ask.get_mut("text").into_iter().for_each(say);
    }
    items(view, "open_roles").iter_mut().for_each(say);
    let team = items(view, "team").iter_mut().filter_map(|line| line.get_mut("role"));
    team.filter(|role| role.as_str() != Some(SALES)).for_each(say);
    let Some(kickoff) = view.get_mut("kickoff").filter(|kickoff| kickoff.is_object()) else { return };
    if let Some(title) = kickoff.get_mut("title")
        && let Some(said) = title.as_str().map(|title| methodology.say_meeting(language, title))
    {
        *title = Value::String(said);
    }
    kickoff.get_mut("purpose").into_iter().for_each(say);
    for label in items(kickoff, "participants") {
        if let Some(said) = label.as_str().map(|label| participant(methodology, language, label)) {
            *label = Value::String(said);
        }
    }
    for item in items(kickoff, "agenda") {
        for part in ["title", "outcome"] {
            item.get_mut(part).into_iter().for_each(say);
        }
        items(item, "points").iter_mut().for_each(say);
    }
}

/// The things in a list; none where there is no list.
fn items<'a>(view: &'a mut Value, name: &str) -> &'a mut [Value] {
    view.get_mut(name).and_then(Value::as_array_mut).map(Vec::as_mut_slice).unwrap_or_default()
}

/// Whoever takes part: a role, with the person in brackets where one is known.
fn participant(methodology: &Methodology, language: Language, label: &str) -> String {
    match label.split_once(" (") {
        Some((role, person)) => format!("{} ({person}", methodology.say(language, role)),
        None => methodology.say(language, label).to_owned(),
    }
}

/// Texts with places, as templates have them before a deal fills them in.
fn filled_texts(methodology: &Methodology) -> Vec<String> {
    let asked = methodology.questions.questions.iter().map(|rule| to_customer(&rule.text));
    let meetings = methodology.programmes.values().flat_map(|programme| &programme.meetings);
    let agenda = meetings.flat_map(|meeting| &meeting.agenda);
    let said = agenda.flat_map(|item| std::iter::once(&item.title).chain(&item.outcome).chain(&item.points));
    asked.chain(said.cloned()).filter(|text| text.contains('{')).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use gangway_methodology::Library;
    use serde_json::json;

    use super::*;

    fn methodology() -> Methodology {
        Library::builtin().load().unwrap()
    }

    #[test]
    fn the_words_of_the_methodology_are_translated_and_those_of_people_are_not() {
        let mut view = json!({
            "asks": [
                { "text": "Which version or edition of SAP do you run, and who can open access?" },
                { "text": "Who feeds the cat?" },
            ],
            "open_roles": ["champion"],
            "team": [
                { "role": "Account executive", "person": "Sam Okafor" },
                { "role": "Change manager", "person": "Ines Aurel" },
            ],
            "kickoff": {
                "title": "Kickoff: Pro at Acme",
                "participants": ["Executive sponsor (Dana Whitfield)", "Champion"],
                "agenda": [{
                    "minutes": 15, "title": "Why we are here", "outcome": "Shared view of the drivers",
                    "points": ["Why Acme chose Pro", "Ours"],
                }],
            },
        });
        put_into(&mut view, &methodology(), Language::De);
        let asked = "Welche Version oder Ausgabe von SAP nutzen Sie, und wer kann den Zugang öffnen?";
        assert_eq!(view["asks"], json!([{ "text": asked }, { "text": "Who feeds the cat?" }]));
        assert_eq!(view["open_roles"], json!(["Fürsprecher im Haus"]));
        assert_eq!(view["team"][0]["role"], "Account executive");
        assert_eq!(view["team"][1]["role"], "Change-Manager");
        assert_eq!(view["kickoff"]["title"], "Kickoff: Pro bei Acme");
        let people = json!(["Sponsor der Geschäftsleitung (Dana Whitfield)", "Fürsprecher im Haus"]);
        assert_eq!(view["kickoff"]["participants"], people);
        let item = &view["kickoff"]["agenda"][0];
        assert_eq!((&item["title"], &item["minutes"]), (&json!("Warum wir hier sind"), &json!(15)));
        assert_eq!(item["points"], json!(["Warum Acme sich für Pro entschieden hat", "Ours"]));
        let mut nothing = json!({ "kickoff": null });
        put_into(&mut nothing, &methodology(), Language::De);
        assert_eq!(nothing, json!({ "kickoff": null }));
    }

    /// Questions for the customer, and what those who are missing are called.
    #[test]
    fn what_e_mails_of_the_package_say_is_there_in_every_language() {
        let m = methodology();
        let mut theirs = BTreeSet::new();
        for rule in &m.questions.questions {
            let is_theirs = |role: &String| role.starts_with("customer-") || role == "executive-sponsor";
            if rule.ask.iter().any(is_theirs) {
                theirs.insert(to_customer(&rule.text));
            }
        }
        assert!(theirs.len() >= 8, "{theirs:?}");
        for language in Language::ALL.iter().filter(|language| **language != Language::En) {
            let says = &m.words[language.word()].says;
            let lost: Vec<&String> = theirs.iter().filter(|text| !says.contains_key(*text)).collect();
            assert!(lost.is_empty(), "{language:?}: {lost:?}");
        }
    }
}
