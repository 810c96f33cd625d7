//! Who did it: groups and users of a piece of the log, with what messages say of them.

use std::collections::BTreeMap;

use gangway_domain::ids::{UsageGroupId, UsageUserId};
use gangway_events::{Event, Json, Kind};
use gangway_store::usage::{group, user};
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::App;

/// Characters of a name or address that are kept.
const LONGEST: usize = 255;

/// Groups that were seen, by their id in the product; the one without customer is always among them.
pub(super) fn groups(app: &App, events: &[Event]) -> BTreeMap<String, group::Sighting> {
    let mut seen: BTreeMap<String, group::Sighting> = BTreeMap::new();
    let mut add = |external_id: &str, name: Option<String>, at: Timestamp| {
        let known = seen.entry(external_id.to_owned()).or_insert_with(|| group::Sighting {
            id: UsageGroupId::fresh(&*app.ids),
            external_id: external_id.to_owned(),
            name: None,
            first_at: at.into(),
            last_at: at.into(),
        });
        known.first_at = known.first_at.min(at.into());
        known.last_at = known.last_at.max(at.into());
        if name.is_some() {
            known.name = name;
        }
    };
    for event in events {
        let name = match event.kind {
            Kind::Group => text(&event.traits.as_ref().map(Json::object).unwrap_or_default(), "name"),
            _ => None,
        };
        add(event.group_id.as_deref().unwrap_or_default(), name, event.at);
    }
    if let Some(event) = events.first() {
        add("", None, event.at);
    }
    seen
}

/// Users that were seen, by their id in the product. `nowhere` is the group without customer.
pub(super) fn users(
    app: &App,
    events: &[Event],
    group_of: &BTreeMap<String, group::Known>,
    nowhere: UsageGroupId,
) -> BTreeMap<String, user::Sighting> {
    let mut seen: BTreeMap<String, user::Sighting> = BTreeMap::new();
    for event in events {
        let group = event.group_id.as_ref().and_then(|id| group_of.get(id)).map_or(nowhere, |known| known.id);
        let at = event.at.into();
        for external_id in [&event.user_id, &event.anonymous_id, &event.previous_id].into_iter().flatten() {
            let known = seen.entry(external_id.clone()).or_insert_with(|| user::Sighting {
                id: UsageUserId::fresh(&*app.ids),
                external_id: external_id.clone(),
                group,
                email: None,
                name: None,
                first_at: at,
                last_at: at,
            });
            known.first_at = known.first_at.min(at);
            known.last_at = known.last_at.max(at);
            if group != nowhere {
                known.group = group;
            }
        }
        if event.kind == Kind::Identify
            && let Some(known) = event.actor().and_then(|actor| seen.get_mut(actor))
        {
            let told = told(event);
            known.email = email(&told).or(known.email.take());
            known.name = name(&told).or(known.name.take());
        }
    }
    seen
}

/// Ids that turn out to be somebody known by another: of aliases, and of messages that say both ids.
pub(super) fn aliases(events: &[Event]) -> BTreeMap<&str, &str> {
    let mut found = BTreeMap::new();
    for event in events {
        let Some(user) = event.user_id.as_deref() else { continue };
        for previous in [&event.previous_id, &event.anonymous_id].into_iter().flatten() {
            if previous != user {
                // Who was first stays: an id somebody else uses later, on the same machine, is not both of them.
                found.entry(previous.as_str()).or_insert(user);
            }
        }
    }
    found
}

/// What a group message says of a group.
pub(super) fn traits(event: &Event) -> Option<Map<String, Value>> {
    let traits = event.traits.as_ref().filter(|_| event.kind == Kind::Group)?;
    Some(traits.object()).filter(|traits| !traits.is_empty())
}

/// What an identify message says of a user: its traits, which some SDKs put into the context.
fn told(event: &Event) -> Map<String, Value> {
    let beside = || match event.context.as_ref()?.get("traits")? {
        Value::Object(traits) => Some(traits),
        _ => None,
    };
    let own = event.traits.as_ref().map(Json::object).filter(|traits| !traits.is_empty());
    own.or_else(beside).unwrap_or_default()
}

fn text(traits: &Map<String, Value>, key: &str) -> Option<String> {
    let text: String = traits.get(key)?.as_str()?.trim().chars().take(LONGEST).collect();
    Some(text).filter(|text| !text.is_empty())
}

fn email(traits: &Map<String, Value>) -> Option<String> {
    text(traits, "email").filter(|email| email.contains('@')).map(|email| email.to_lowercase())
}

fn name(traits: &Map<String, Value>) -> Option<String> {
    text(traits, "name").or_else(|| {
        let parts = [text(traits, "firstName"), text(traits, "lastName")];
        let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        Some(name).filter(|name| !name.is_empty())
    })
}
