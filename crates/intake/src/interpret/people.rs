//! People on both sides.

use gangway_domain::deal::{Stakeholder, StakeholderRole, TeamMember};
use gangway_domain::fact::Confidence;

use super::{clean, items, set_users, short};
use crate::builder::Builder;
use crate::lines::is_placeholder;
use crate::prose::users_in;
use crate::source::Passage;
use crate::values::list::Separators;
use crate::values::{broken, people};

pub(super) fn stakeholders(
    b: &mut Builder<'_>,
    passage: Passage<'_>,
    role: Option<StakeholderRole>,
    confidence: Confidence,
) {
    for block in items(passage, Separators::Strong) {
        // One person in a role may have remarks with commas: "Anna Berg - prefers e-mail, busy in May".
        let found = match role {
            Some(_)
                if block.text.contains(" - ") || block.text.contains(" – ") || block.text.contains(" (") =>
            {
                vec![people::one(block.text, 0)]
            }
            Some(_) => one_with_title(block.text).map_or_else(|| people::read(block.text), |one| vec![one]),
            None => people::read(block.text),
        };
        for mut person in found {
            let here = block.sub(person.range.clone());
            if is_placeholder(here.text) {
                b.structure(here);
                continue;
            }
            if role.is_none() && counts_users(b, here) {
                continue;
            }
            if let Some(end) = broken::at_start(here.text).filter(|&end| end < here.text.len()) {
                let (number, who) = here.split_at(end);
                person = people::one(who.trim().text, 0);
                b.warn(
                    "absurd_count",
                    format!(
                        "“{}” cannot be a number of people; they are kept as one entry, correct the number",
                        short(number.text)
                    ),
                    here,
                );
            }
            if let Some(role) = role {
                let said = std::mem::replace(&mut person.stakeholder.role, role);
                if person.role_said {
                    note_role(&mut person.stakeholder, said);
                }
                person.role_said = true;
            }
            let sure = if person.role_said { confidence } else { confidence.min(Confidence::Medium) };
            if merge_person(b, &person.stakeholder, sure, here) {
                continue;
            }
            b.add(|d| &mut d.stakeholders, person.stakeholder, here, sure);
        }
    }
}

/// `~140 users` among the people says how many will work with the product, and names nobody.
fn counts_users(b: &mut Builder<'_>, here: Passage<'_>) -> bool {
    let is_plain = here.text.split_whitespace().count() == 2 && broken::at_start(here.text).is_none();
    let Some((count, range)) = users_in(here.text).filter(|_| is_plain) else { return false };
    if range.len() != here.text.len() || b.deal.users.as_ref().is_some_and(|known| known.value != count) {
        return false;
    }
    set_users(b, count, here, Confidence::Medium);
    true
}

/// `Denise Okoro, Superintendent` in a role: a full name and a word that can be no other full name is one person.
fn one_with_title(text: &str) -> Option<people::Person> {
    let (name, title) = text.split_once(", ")?;
    let alone = title.split_whitespace().count() == 1 && !people::is_email(title);
    if !people::is_name(name) || name.split_whitespace().count() < 2 || !alone {
        return None;
    }
    let mut person = people::one(name, 0);
    person.stakeholder.title = Some(title.trim_end_matches('.').to_owned());
    person.range = 0..text.len();
    Some(person)
}

/// Somebody already known by the same name or address gains what is new. Whether that was so.
pub(crate) fn merge_person(
    b: &mut Builder<'_>,
    new: &Stakeholder,
    confidence: Confidence,
    here: Passage<'_>,
) -> bool {
    let same = |known: &Stakeholder| {
        (new.name.is_some()
            && known.name.as_ref().map(|n| n.to_lowercase()) == new.name.as_ref().map(|n| n.to_lowercase()))
            || (new.email.is_some() && known.email == new.email)
            || (new.name.is_none()
                && known.name.is_none()
                && new.title.is_some()
                && known.title.as_ref().map(|t| t.to_lowercase())
                    == new.title.as_ref().map(|t| t.to_lowercase())
                && known.count == new.count)
    };
    let Some(known) = b.deal.stakeholders.iter_mut().find(|known| same(&known.value)) else {
        return false;
    };
    let person = &mut known.value;
    person.title = person.title.take().or_else(|| new.title.clone());
    person.email = person.email.take().or_else(|| new.email.clone());
    match (&mut person.notes, &new.notes) {
        (Some(notes), Some(more)) if !notes.contains(more.as_str()) => {
            notes.push_str("; ");
            notes.push_str(more);
        }
        (notes @ None, Some(more)) => *notes = Some(more.clone()),
        _ => {}
    }
    // A role said outright replaces one concluded from the title; a champion who is also lead stays lead.
    if confidence > known.confidence {
        person.role = new.role;
        known.confidence = confidence;
    } else if confidence == Confidence::High {
        note_role(person, new.role);
    }
    b.claim(here);
    true
}

/// Keeps a further role of somebody as a remark.
fn note_role(person: &mut Stakeholder, role: StakeholderRole) {
    if person.role == role {
        return;
    }
    let also = format!("also {}", role_name(role));
    let notes = person.notes.get_or_insert_default();
    if !notes.contains(&also) {
        if !notes.is_empty() {
            notes.push_str("; ");
        }
        notes.push_str(&also);
    }
}

fn role_name(role: StakeholderRole) -> &'static str {
    match role {
        StakeholderRole::ExecutiveSponsor => "executive sponsor",
        StakeholderRole::ProjectLead => "project lead",
        StakeholderRole::Champion => "champion",
        StakeholderRole::TechnicalLead => "technical lead",
        StakeholderRole::BusinessOwner => "business owner",
        StakeholderRole::ItSecurity => "IT security",
        StakeholderRole::EndUser => "end user",
        StakeholderRole::Detractor => "detractor",
        StakeholderRole::Other => "other",
    }
}

pub(super) fn team(b: &mut Builder<'_>, passage: Passage<'_>, role: &str, confidence: Confidence) {
    for item in items(passage, Separators::Words) {
        let person = people::one(item.text, 0);
        let name = person.stakeholder.name.or(person.stakeholder.title).or(person.stakeholder.email.clone());
        let Some(name) = name else { continue };
        let member =
            TeamMember { name: clean(&name), role: role.to_owned(), email: person.stakeholder.email };
        b.add(|d| &mut d.team, member, item, confidence);
    }
}
