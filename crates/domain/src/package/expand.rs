//! A programme fitted to a deal: rules decide what applies, and repeated templates get one task per
//! system, data source, wave, track or product. [`links`] ties them together.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::judge::Judge;
use super::said::Said;
use super::{BuildError, links};
use crate::deal::Deal;
use crate::fit::{Words, capitalise, list_in_words, plural};
use crate::plan::LinkSpec;
use crate::programme::{ForEach, MilestoneTemplate, Programme, TaskTemplate};

/// Most waves a rollout is cut into; more sites make larger waves.
const MOST_WAVES: u32 = 6;

/// Most sites that are listed one by one.
const MOST_SITES: u32 = 100_000;

/// Longest task a rule may ask for, in working days: two working years.
const LONGEST_TASK: i64 = 520;

/// A wave of the rollout before it has dates: its name and its sites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wave {
    /// `Pilot`, `Wave 1`, …
    pub name: String,
    /// Its sites in words, for task names.
    pub words: String,
    /// Its sites one by one.
    pub sites: Vec<String>,
}

/// A task that applies to the deal.
#[derive(Debug, Clone)]
pub(super) struct Expanded<'a> {
    /// Id in the plan.
    pub id: String,
    /// Template it was made from.
    pub template: &'a TaskTemplate,
    /// Name with placeholders filled.
    pub name: String,
    /// Working days.
    pub days: u32,
    /// Words of this repetition, for notes and deliverables.
    pub words: Words,
    /// What it repeats its template for.
    pub item: Option<String>,
    /// Index of the wave it belongs to, when repeated for waves.
    pub wave: Option<usize>,
    /// Place among the deal's promises, when repeated for promises.
    pub promise: Option<usize>,
    /// Last day allowed, when the deal sets one.
    pub finish_by: Option<Date>,
}

/// A programme fitted to a deal.
#[derive(Debug)]
pub(super) struct Fitted<'a> {
    /// Tasks in the order of the programme.
    pub tasks: Vec<Expanded<'a>>,
    /// Milestones that apply.
    pub milestones: Vec<&'a MilestoneTemplate>,
    /// Links between them, by plan id.
    pub links: Vec<LinkSpec>,
    /// Waves: the pilot first.
    pub waves: Vec<Wave>,
    /// Template id to the plan ids made from it.
    pub instances: BTreeMap<&'a str, Vec<String>>,
}

/// Fits a programme to a deal.
pub(super) fn fit_programme<'a>(
    programme: &'a Programme,
    deal: &Deal,
    said: &Said,
    tracks: &[String],
    judge: &Judge<'_>,
    words: &Words,
) -> Result<Fitted<'a>, BuildError> {
    let waves = waves(deal, programme, said);
    let mut words = words.clone();
    words.set("pilot", waves.first().map(|pilot| pilot.words.clone()).unwrap_or_default());
    let has_place = deal.sites.as_ref().is_some_and(|fact| fact.value.count > 1);

    let mut tasks = Vec::new();
    let mut instances: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for template in &programme.tasks {
        if !judge.applies(template.when.as_deref(), &template.id)? {
            continue;
        }
        let days = judge.amount(&template.days, &template.id)?.min(LONGEST_TASK as u32);
        for (index, item) in items(template.for_each, deal, said, tracks, &waves).into_iter().enumerate() {
            let words = match &item {
                Some(item) => words.with("item", item.clone()),
                None => words.clone(),
            };
            let id =
                if item.is_some() { format!("{}-{}", template.id, index + 1) } else { template.id.clone() };
            instances.entry(&template.id).or_default().push(id.clone());
            let early =
                said.early_promises.get(index).filter(|_| template.for_each == Some(ForEach::EarlyPromise));
            tasks.push(Expanded {
                id,
                name: capitalise(&words.fill(&placed(&template.name, has_place))),
                template,
                days,
                words,
                item,
                wave: (template.for_each == Some(ForEach::Wave)).then_some(index + 1),
                promise: early.map(|promise| promise.index),
                finish_by: early.map(|promise| promise.by),
            });
        }
    }
    let mut milestones = Vec::new();
    for milestone in &programme.milestones {
        if judge.applies(milestone.when.as_deref(), &milestone.id)? {
            instances.insert(&milestone.id, vec![milestone.id.clone()]);
            milestones.push(milestone);
        }
    }
    let links = links::links(programme, &tasks, &milestones, &instances)?;
    Ok(Fitted { tasks, milestones, links, waves, instances })
}

/// What a template is repeated for: `[None]` when it is not repeated, nothing when there are no items.
fn items(
    for_each: Option<ForEach>,
    deal: &Deal,
    said: &Said,
    tracks: &[String],
    waves: &[Wave],
) -> Vec<Option<String>> {
    let names: Vec<String> = match for_each {
        None => return vec![None],
        Some(ForEach::Integration) => {
            deal.integrations.iter().map(|fact| fact.value.system.clone()).collect()
        }
        Some(ForEach::DataSource) => deal.data_sources.iter().map(|fact| fact.value.clone()).collect(),
        Some(ForEach::Wave) => waves.iter().skip(1).map(|wave| wave.words.clone()).collect(),
        Some(ForEach::Track) => tracks.to_vec(),
        Some(ForEach::EarlyPromise) => {
            said.early_promises.iter().map(|promise| promise.text.clone()).collect()
        }
        Some(ForEach::Product) => deal.products.iter().map(|fact| fact.value.clone()).collect(),
    };
    names.into_iter().map(Some).collect()
}

/// Cuts the rollout into a pilot and waves, as the deal says where it says it. Without several sites, the
/// pilot is a group of users and one wave holds everybody else.
fn waves(deal: &Deal, programme: &Programme, said: &Said) -> Vec<Wave> {
    let Some(sites) = deal.sites.as_ref().map(|fact| &fact.value).filter(|sites| sites.count > 1) else {
        return vec![
            Wave {
                name: "Pilot".into(),
                words: first_users(deal, programme).into(),
                sites: vec!["Pilot group".into()],
            },
            Wave {
                name: "Rollout".into(),
                words: "everyone else".into(),
                sites: vec!["Everyone else".into()],
            },
        ];
    };
    // The readers refuse more; a list of every site must not fill the memory all the same.
    let count = sites.count.min(MOST_SITES);
    let later = sites.names.iter().filter(|name| !said.pilot.contains(name));
    let names: Vec<&String> = said.pilot.iter().chain(later).collect();
    let label = |number: u32| -> String {
        let known = usize::try_from(number - 1).ok().and_then(|index| names.get(index));
        known.map_or_else(|| format!("{} {number}", capitalise(&sites.noun)), |name| (*name).clone())
    };
    // A rollout goes on after its pilot, so one site at least is left for it.
    let pilots = u32::try_from(said.pilot.len()).unwrap_or(1).clamp(1, count - 1);
    let pilot: Vec<String> = (1..=pilots).map(label).collect();
    let mut waves = vec![Wave {
        name: "Pilot".into(),
        words: if names.is_empty() { format!("the pilot {}", sites.noun) } else { list_in_words(&pilot) },
        sites: pilot,
    }];
    let rest = count - pilots;
    let per_wave = said.sites_per_wave.unwrap_or(programme.rollout.sites_per_wave);
    let wanted = if per_wave == 0 { rest } else { per_wave };
    let size = wanted.max(rest.div_ceil(MOST_WAVES)).max(1);
    let mut next = pilots + 1;
    while next <= count {
        let last = (next + size - 1).min(count);
        let named: Vec<String> = (next..=last).map(label).collect();
        let all_named = usize::try_from(last).is_ok_and(|last| last <= names.len());
        let words = if all_named && named.len() <= 4 {
            list_in_words(&named)
        } else if let (true, [first, second, others @ ..]) = (all_named, named.as_slice()) {
            let others = counted_more(others.len(), &sites.noun);
            list_in_words(&[first.clone(), second.clone(), others])
        } else if next == last {
            format!("{} {next}", sites.noun)
        } else if last == next + 1 {
            format!("{} {next} and {last}", plural(&sites.noun, 2))
        } else {
            format!("{} {next}–{last}", plural(&sites.noun, 2))
        };
        waves.push(Wave { name: format!("Wave {}", waves.len()), words, sites: named });
        next = last + 1;
    }
    waves
}

/// Whom a pilot without a place holds. How many the programme wants in it is said where the group is chosen: a
/// range has no place in the names of tasks and gates.
fn first_users(deal: &Deal, programme: &Programme) -> &'static str {
    let [_, high] = programme.rollout.pilot_percent;
    let users = deal.users.as_ref().map(|fact| fact.value).filter(|users| *users > 0 && high > 0);
    match users.map(|users| users.saturating_mul(high).div_ceil(100)) {
        Some(0 | 1) => "the first user",
        _ => "the pilot group",
    }
}

/// The name of a task in a plan; where the pilot has no place, nothing happens “at” it.
fn placed(name: &str, has_place: bool) -> String {
    if has_place { name.to_owned() } else { name.replace(" at {pilot}", "") }
}

/// `3 more plants`.
fn counted_more(count: usize, noun: &str) -> String {
    format!("{count} more {}", plural(noun, u32::try_from(count).unwrap_or(u32::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deal::Sites;
    use crate::fact::{Confidence, Fact};
    use crate::programme::Rollout;

    fn deal(count: u32, names: &[&str]) -> Deal {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        let sites = Sites { count, noun: "plant".into(), names };
        Deal { sites: Some(Fact::derived(sites, "", Confidence::High)), ..Deal::default() }
    }

    fn cut(deal: &Deal, sites_per_wave: u32) -> Vec<String> {
        let programme = Programme {
            rollout: Rollout { sites_per_wave, ..Rollout::default() },
            ..super::super::testing::programme()
        };
        waves(deal, &programme, &Said::default()).into_iter().map(|wave| wave.words).collect()
    }

    #[test]
    fn cuts_a_rollout_into_a_pilot_and_waves() {
        assert_eq!(cut(&deal(3, &[]), 0), ["the pilot plant", "plants 2 and 3"]);
        assert_eq!(cut(&deal(3, &["Leeds", "York", "Hull"]), 1), ["Leeds", "York", "Hull"]);
        assert_eq!(cut(&deal(4, &["Leeds"]), 2), ["Leeds", "plants 2 and 3", "plant 4"]);
        let six = ["Lyon", "Annecy", "Grenoble", "Dijon", "Chambéry", "Valence"];
        assert_eq!(cut(&deal(6, &six), 0), ["Lyon", "Annecy, Grenoble and 3 more plants"]);
        assert_eq!(cut(&deal(100, &[]), 1).len(), 7);
        assert_eq!(cut(&Deal::default(), 1), ["the pilot group", "everyone else"]);
    }

    #[test]
    fn a_pilot_without_a_place_is_called_by_who_is_in_it() {
        let programme = Programme {
            rollout: Rollout { pilot_percent: [5, 10], ..Rollout::default() },
            ..super::super::testing::programme()
        };
        let of = |users| {
            let users = Some(Fact::derived(users, "", Confidence::High));
            first_users(&Deal { users, ..Deal::default() }, &programme)
        };
        assert_eq!(of(240), "the pilot group");
        assert_eq!(of(10), "the first user");
        assert_eq!(first_users(&Deal::default(), &programme), "the pilot group");
        let name = "Choose the pilot group at {pilot} and fix the criteria";
        assert_eq!(placed(name, false), "Choose the pilot group and fix the criteria");
        assert_eq!(placed(name, true), name);
    }

    #[test]
    fn the_pilot_and_the_waves_are_those_of_the_deal() {
        let cut = |pilot: &[&str], sites_per_wave| {
            let said = Said {
                pilot: pilot.iter().map(|name| (*name).to_owned()).collect(),
                sites_per_wave,
                ..Said::default()
            };
            let programme = Programme {
                rollout: Rollout { sites_per_wave: 2, ..Rollout::default() },
                ..super::super::testing::programme()
            };
            let waves = waves(&deal(4, &["Hamburg", "Leipzig", "Graz", "Brno"]), &programme, &said);
            waves.into_iter().map(|wave| wave.words).collect::<Vec<_>>()
        };
        assert_eq!(cut(&[], None), ["Hamburg", "Leipzig and Graz", "Brno"]);
        assert_eq!(cut(&["Brno"], Some(1)), ["Brno", "Hamburg", "Leipzig", "Graz"]);
        assert_eq!(cut(&["Leipzig", "Graz"], None), ["Leipzig and Graz", "Hamburg and Brno"]);
        assert_eq!(cut(&["Graz"], Some(0)), ["Graz", "Hamburg, Leipzig and Brno"]);
    }
}
