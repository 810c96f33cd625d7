//! What a deal says of how to go about it: where the pilot is, how the rollout goes on, what is promised
//! before the kickoff. Found by the words of `wording.toml`, so that the plan does not contradict the deal.

use jiff::civil::Date;

use super::promises;
use crate::deal::{Deal, Promise};
use crate::fact::{Fact, Notice};
use crate::fit::list_in_words;
use crate::handoff::place;
use crate::methodology::{PilotWords, WordingRules};
use crate::wording::Text;

/// What the deal says of how to go about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// Names of the sites where the pilot is, in the order of the deal's sites; empty when it does not say.
    pub pilot: Vec<String>,
    /// Sites per wave, when the deal says more than the programme; 0 for all at once.
    pub sites_per_wave: Option<u32>,
    /// Promises (their places in the deal) dated before the kickoff: the programme has no time for them
    /// but the preparation.
    pub early_promises: Vec<EarlyPromise>,
    /// Remarks.
    pub notices: Vec<Notice>,
}

/// A promise for which the preparation needs a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EarlyPromise {
    /// Its place among the deal's promises.
    pub index: usize,
    /// Its words.
    pub text: String,
    /// When it falls due.
    pub by: Date,
}

/// A passage of the deal and where it stands.
struct Passage {
    text: String,
    place: String,
}

impl Said {
    /// Reads the deal with the words of the methodology.
    pub fn new(deal: &Deal, words: &WordingRules, kickoff_on: Date) -> Self {
        let mut notices = Vec::new();
        let pilot = pilot(deal, &words.pilot, &mut notices);
        let approach = || deal.approach.iter().map(|fact| Text::new(&fact.value));
        let says = |terms: &[String]| approach().any(|text| text.find_any(terms).is_some());
        let sites_per_wave = if says(&words.rollout.one_by_one) {
            Some(1)
        } else if says(&words.rollout.at_once) {
            Some(0)
        } else {
            None
        };
        let early = |(index, fact): (usize, &Fact<Promise>)| {
            let by = promises::due(&fact.value, deal, kickoff_on).filter(|by| *by <= kickoff_on)?;
            Some(EarlyPromise { index, text: fact.value.text.trim_end_matches('.').to_owned(), by })
        };
        let early_promises = deal.promises.iter().enumerate().filter_map(early).collect();
        Self { pilot, sites_per_wave, early_promises, notices }
    }
}

/// The sites of the first passage that names a pilot and a site. Another passage that names other sites
/// is a contradiction a person must settle.
fn pilot(deal: &Deal, words: &PilotWords, notices: &mut Vec<Notice>) -> Vec<String> {
    let Some(sites) =
        deal.sites.as_ref().map(|fact| fact.value.names.as_slice()).filter(|names| names.len() > 1)
    else {
        return Vec::new();
    };
    let mut found: Option<(Vec<String>, String)> = None;
    for passage in passages(deal) {
        let Some(named) = clauses(&passage.text).find_map(|clause| pilot_in(clause, sites, words)) else {
            continue;
        };
        match &found {
            None => found = Some((named, passage.place)),
            Some((first, at)) if *first != named => notices.push(Notice::warning(
                "pilot_contradicted",
                format!(
                    "The pilot is at {} by {at}, but at {} by {}: the plan takes the first.",
                    list_in_words(first),
                    list_in_words(&named),
                    passage.place
                ),
            )),
            Some(_) => {}
        }
    }
    let Some((named, at)) = found else { return Vec::new() };
    notices.push(Notice::info(
        "pilot_named",
        format!("The pilot is planned at {} because the deal says so ({at}).", list_in_words(&named)),
    ));
    named
}

/// Everything in the deal that may say where the pilot is, what says it most directly first.
fn passages(deal: &Deal) -> Vec<Passage> {
    fn of<T>(fact: &Fact<T>, text: String) -> Passage {
        Passage { text, place: place(fact) }
    }
    let texts = |facts: &[Fact<String>]| -> Vec<Passage> {
        facts.iter().map(|fact| of(fact, fact.value.clone())).collect()
    };
    let mut all = texts(&deal.approach);
    all.extend(deal.promises.iter().map(|fact| of(fact, fact.value.text.clone())));
    all.extend(deal.success_criteria.iter().map(|fact| of(fact, fact.value.text.clone())));
    all.extend(texts(&deal.constraints));
    all.extend(texts(&deal.notes));
    all.extend(texts(&deal.relationship));
    all.extend(deal.stakeholders.iter().map(|fact| {
        // `Plant manager Leeds`, noted as `best place for the pilot`: the two belong together.
        let person = &fact.value;
        let parts: Vec<&str> =
            [&person.title, &person.notes].into_iter().filter_map(|part| part.as_deref()).collect();
        of(fact, parts.join(" "))
    }));
    all
}

fn clauses(text: &str) -> impl Iterator<Item = Text> {
    text.split(['.', ',', ';', '!', '?', '\n']).map(Text::new)
}

/// The sites a clause names beside a word for a pilot.
fn pilot_in(clause: Text, sites: &[String], words: &PilotWords) -> Option<Vec<String>> {
    if clause.find_any(&words.words).is_none() || clause.find_any(&words.not).is_some() {
        return None;
    }
    let clause = clause.before(&words.then);
    let here: Vec<&String> = sites.iter().filter(|name| clause.find_name(name).is_some()).collect();
    // `Leeds` is not meant where `Leeds North` stands.
    let within = |name: &str| here.iter().any(|other| other.len() > name.len() && other.contains(name));
    let named: Vec<String> = here.iter().filter(|name| !within(name)).map(|name| (*name).clone()).collect();
    // Whoever names every site says nothing about the pilot.
    (!named.is_empty() && named.len() < sites.len()).then_some(named)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::deal::{Sites, Stakeholder, StakeholderRole};
    use crate::fact::Confidence;

    fn words() -> WordingRules {
        let terms = |terms: &[&str]| terms.iter().map(|term| (*term).to_owned()).collect();
        WordingRules {
            pilot: PilotWords {
                words: terms(&["pilot*"]),
                then: terms(&["then", "danach"]),
                not: terms(&["not", "nicht"]),
            },
            rollout: crate::methodology::RolloutWords {
                one_by_one: terms(&["nach dem anderen", "one at a time"]),
                at_once: terms(&["big bang"]),
            },
            ..WordingRules::default()
        }
    }

    fn fact<T>(value: T) -> Fact<T> {
        Fact::derived(value, "line 7", Confidence::High)
    }

    fn deal(approach: &[&str]) -> Deal {
        let names = ["Hamburg", "Leipzig", "Graz", "Brno"].map(str::to_owned).to_vec();
        Deal {
            sites: Some(fact(Sites { count: 4, noun: "plant".into(), names })),
            approach: approach.iter().map(|text| fact((*text).to_owned())).collect(),
            ..Deal::default()
        }
    }

    fn said(deal: &Deal) -> Said {
        Said::new(deal, &words(), date(2027, 1, 11))
    }

    #[test]
    fn the_pilot_is_where_the_deal_says() {
        let pilot = |text: &str| said(&deal(&[text])).pilot;
        assert_eq!(pilot("Pilot in Brno, danach ein Werk nach dem anderen"), ["Brno"]);
        assert_eq!(pilot("Start with Graz as the pilot; Brno follows"), ["Graz"]);
        assert_eq!(pilot("The pilots run at Leipzig and Graz then Brno"), ["Leipzig", "Graz"]);
        assert_eq!(pilot("Do not pilot at Hamburg. Leipzig pilots."), ["Leipzig"]);
        for silent in
            ["Hamburg first", "A pilot, Hamburg later", "Pilot: Hamburg Leipzig Graz Brno", "Pilot in Prag"]
        {
            assert!(pilot(silent).is_empty(), "{silent}");
        }
    }

    #[test]
    fn a_remark_on_a_person_tells_it_too_and_a_contradiction_is_shown() {
        let mut deal = deal(&[]);
        deal.stakeholders.push(fact(Stakeholder {
            name: None,
            title: Some("Werkleiter Brno".into()),
            role: StakeholderRole::Champion,
            count: 1,
            email: None,
            notes: Some("Bester Pilotstandort".into()),
        }));
        assert_eq!(said(&deal).pilot, ["Brno"]);
        deal.approach.push(fact("Pilot at Graz".into()));
        let said = said(&deal);
        assert_eq!(said.pilot, ["Graz"]);
        let codes: Vec<&str> = said.notices.iter().map(|notice| notice.code.as_str()).collect();
        assert_eq!(codes, ["pilot_contradicted", "pilot_named"]);
    }

    #[test]
    fn the_way_of_rolling_out_is_taken_from_the_deal() {
        let per_wave = |text: &str| said(&deal(&[text])).sites_per_wave;
        assert_eq!(per_wave("Pilot in Brno, danach ein Werk nach dem anderen"), Some(1));
        assert_eq!(per_wave("plants go live one at a time"), Some(1));
        assert_eq!(per_wave("Big bang"), Some(0));
        assert_eq!(per_wave("carefully"), None);
    }

    #[test]
    fn promises_before_the_kickoff_need_time_before_it() {
        let mut deal = deal(&[]);
        for (text, by) in [("a", None), ("b.", Some(date(2027, 1, 11))), ("c", Some(date(2027, 1, 12)))] {
            deal.promises.push(fact(Promise { text: text.into(), by, who: None, within: None }));
        }
        let early = said(&deal).early_promises;
        assert_eq!(early, [EarlyPromise { index: 1, text: "b".into(), by: date(2027, 1, 11) }]);
    }
}
