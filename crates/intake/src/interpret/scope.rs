//! What was bought and what it must work with.

use gangway_domain::deal::{Alternative, Concern, Integration};
use gangway_domain::fact::Confidence;

use super::{clean, items, name_and_rest, set_sites, set_users, trim_stop};
use crate::builder::Builder;
use crate::lines::is_placeholder;
use crate::prose::{sso_in, users_in};
use crate::source::Passage;
use crate::values::list::Separators;
use crate::values::place;
use crate::values::words::fold;

pub(super) fn products(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    let separators = if b.own_document { Separators::Words } else { Separators::Series };
    for item in items(passage, separators) {
        if side_fact(b, item) {
            continue;
        }
        let text = clean(item.text);
        b.add(|d| &mut d.products, text, item, confidence);
    }
}

pub(super) fn use_cases(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    for item in short_items(passage) {
        let text = clean(item.text);
        b.add(|d| &mut d.use_cases, text, item, confidence);
    }
}

pub(super) fn non_scope(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    for item in short_items(passage) {
        let text = clean(item.text);
        b.add(|d| &mut d.non_scope, text, item, confidence);
    }
}

/// Commas separate phrases only when every part is short enough to be one.
fn short_items<'a>(passage: Passage<'a>) -> Vec<Passage<'a>> {
    let by_comma = items(passage, Separators::Commas);
    let short = by_comma.len() > 1
        && by_comma.iter().all(|item| item.text.split_whitespace().count() <= 5)
        && !passage.text.contains(" and ");
    if short { by_comma } else { items(passage, Separators::Strong) }
}

pub(super) fn data_sources(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    for item in items(passage, name_separators(b)) {
        let text = clean(item.text);
        b.add(|d| &mut d.data_sources, text, item, confidence);
    }
}

pub(super) fn integrations(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    for item in items(passage, Separators::Words) {
        if side_fact(b, item) {
            continue;
        }
        if let Some(found) = sso_in(item.text) {
            // "Okta SSO" among systems is the sign-on, not an integration to build.
            b.set("Single sign-on", |d| &mut d.sso, found.provider, item, confidence);
            continue;
        }
        integration(b, item, confidence);
    }
}

pub(crate) fn integration(b: &mut Builder<'_>, item: Passage<'_>, confidence: Confidence) {
    let (name, detail) = name_and_rest(item);
    let system = clean(name.text);
    if system.is_empty() || is_placeholder(&system) {
        b.structure(item);
        return;
    }
    if b.deal.integrations.iter().any(|known| known.value.system.eq_ignore_ascii_case(&system)) {
        b.structure(item);
        return;
    }
    b.add(
        |d| &mut d.integrations,
        Integration { system, detail: detail.map(|detail| clean(detail.text)) },
        item,
        confidence,
    );
}

/// What joins names that may contain an "and" themselves; our own documents put one before the last name.
fn name_separators(b: &Builder<'_>) -> Separators {
    if b.own_document { Separators::Words } else { Separators::Commas }
}

/// Items that stand in a list of another kind: `…, SSO, three plants, ~900 users`.
fn side_fact(b: &mut Builder<'_>, item: Passage<'_>) -> bool {
    if sso_in(item.text).is_some_and(|found| found.whole) {
        sso(b, item, Confidence::High);
        return true;
    }
    if let Some(found) = place::find_sites(item.text).filter(|found| found.range.len() == item.text.len()) {
        set_sites(b, found.count, found.noun, Vec::new(), item, Confidence::High);
        return true;
    }
    if let Some((count, range)) = users_in(item.text).filter(|(_, range)| range.len() == item.text.len()) {
        set_users(b, count, item.sub(range), Confidence::High);
        return true;
    }
    false
}

pub(super) fn sso(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    let passage = trim_stop(passage);
    let folded = fold(passage.text);
    let value = match folded.as_str() {
        "yes" | "y" | "true" | "required" | "ja" | "oui" | "si" | "sso" | "single sign on" | "needed"
        | "saml" => "yes".to_owned(),
        "no" | "nein" | "non" | "none" | "false" | "kein" | "keine" | "keines" | "aucun" | "aucune"
        | "not needed" | "not required" | "nicht notig" => "no".to_owned(),
        _ => sso_in(passage.text).map_or_else(|| clean(passage.text), |found| found.provider),
    };
    b.set("Single sign-on", |d| &mut d.sso, value, passage, confidence);
}

/// `Concern: answer`, or as our own document writes it: `Concern. Answered: answer.`
fn concern_and_answer<'a>(item: Passage<'a>) -> (Passage<'a>, Option<Passage<'a>>) {
    for (mark, answered) in [(". Answered: ", true), (". **How it was answered is not known yet.", false)] {
        if let Some(at) = item.text.find(mark) {
            let answer = item.sub(at + mark.len()..item.text.len()).trim();
            return (item.sub(0..at), answered.then_some(answer));
        }
    }
    name_and_rest(item)
}

pub(super) fn concerns(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    for item in items(passage, Separators::Strong) {
        let (text, answer) = concern_and_answer(item);
        if is_placeholder(text.text) {
            b.structure(item);
            continue;
        }
        b.add(
            |d| &mut d.concerns,
            Concern { text: clean(text.text), answer: answer.map(|a| clean(a.text)) },
            item,
            confidence,
        );
    }
}

pub(super) fn alternatives(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    let separators = if passage.text.contains(": ") || passage.text.contains(" because ") {
        Separators::Strong
    } else {
        Separators::Words
    };
    for item in items(passage, separators) {
        let (name, why) = name_and_rest(item);
        if is_placeholder(name.text) {
            b.structure(item);
            continue;
        }
        let alternative = Alternative { name: clean(name.text), why_not: why.map(|why| clean(why.text)) };
        let same = |known: &str| known.eq_ignore_ascii_case(&alternative.name);
        if let Some(known) = b.deal.alternatives.iter_mut().find(|known| same(&known.value.name)) {
            // The decision may have named it already.
            known.value.why_not = alternative.why_not.or_else(|| known.value.why_not.take());
            b.claim(item);
            continue;
        }
        b.add(|d| &mut d.alternatives, alternative, item, confidence);
    }
}
