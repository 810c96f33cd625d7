//! Search over everything of a workspace: onboardings, accounts, contacts, handoffs, and what there are
//! few of and is looked through here: programmes, documents by their names, people.

use std::collections::BTreeSet;

use gangway_domain::ids::{AccountId, ContactId, HandoffId, OnboardingId};
use gangway_domain::permission::Action;
use gangway_domain::words::words;
use gangway_store::search::{self, Found, Kind, WORDS};
use gangway_store::{Tx, membership};

use crate::boxed;
use crate::error::AppError;
use crate::package::document_names;
use crate::{Actor, App};

/// Hits of one group on the whole page.
pub const EACH: usize = 20;

/// Documents found at most, of so many onboardings.
const DOCUMENTS: usize = 8;

/// A group of hits, in the order they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Onboardings.
    Onboardings,
    /// Accounts.
    Accounts,
    /// Contacts.
    Contacts,
    /// Handoffs.
    Handoffs,
    /// Documents of onboardings.
    Documents,
    /// Programmes.
    Programmes,
    /// People of the workspace.
    People,
}

impl Group {
    /// What people call it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Onboardings => "Onboardings",
            Self::Accounts => "Accounts",
            Self::Contacts => "Contacts",
            Self::Handoffs => "Handoffs",
            Self::Documents => "Documents",
            Self::Programmes => "Programmes",
            Self::People => "Team",
        }
    }
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Which kind of thing.
    pub group: Group,
    /// What it is called.
    pub title: String,
    /// A line below the title.
    pub detail: String,
    /// Its address.
    pub href: String,
    /// The fields the words were found in, beside its name.
    pub because: Vec<String>,
}

/// What has all the words asked for, as words or as their beginnings: accents and case do not matter. At
/// most `each` of a group; groups in their order.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn find(app: &App, actor: &Actor, asked: &str, each: usize) -> Result<Vec<Hit>, AppError> {
    actor.require(Action::Look)?;
    let asked: Vec<String> = words(asked).into_iter().take(WORDS).collect();
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let mut tx = app.db.read().await?;
    let mut hits = Vec::new();
    for (kind, group) in [
        (Kind::Onboarding, Group::Onboardings),
        (Kind::Account, Group::Accounts),
        (Kind::Contact, Group::Contacts),
        (Kind::Handoff, Group::Handoffs),
    ] {
        let found = search::find(&mut tx, actor.workspace, kind, &asked, each).await?;
        hits.extend(found.into_iter().map(|found| hit(group, found)));
    }
    hits.extend(documents(&mut tx, actor, &asked, each).await?);
    hits.extend(programmes(app, &asked).take(each));
    let members = membership::of_workspace(&mut tx, actor.workspace).await?;
    let people =
        members.into_iter().filter(|member| has(&format!("{} {}", member.name, member.email), &asked));
    hits.extend(people.take(each).map(|member| Hit {
        group: Group::People,
        detail: member.role.label().to_owned(),
        href: "/settings/team".to_owned(),
        because: if has(&member.name, &asked) { Vec::new() } else { vec!["mail address".to_owned()] },
        title: member.name,
    }));
    Ok(hits)
}

fn hit(group: Group, found: Found) -> Hit {
    let Found { id, title, detail, fields } = found;
    let href = match group {
        Group::Accounts => format!("/accounts/{}", AccountId::from(id)),
        Group::Contacts => format!("/contacts/{}", ContactId::from(id)),
        Group::Handoffs => format!("/handoffs/{}", HandoffId::from(id)),
        _ => format!("/onboardings/{}", OnboardingId::from(id)),
    };
    let because = fields.into_iter().filter(|field| field != "name").collect();
    Hit { group, title, detail, href, because }
}

/// Every word asked for begins a word of the text.
fn has(text: &str, asked: &[String]) -> bool {
    let known = words(text);
    asked.iter().all(|asked| known.iter().any(|word| word.starts_with(asked.as_str())))
}

/// Documents by their names: some words name the document, the others the onboarding it belongs to.
async fn documents(tx: &mut Tx, actor: &Actor, asked: &[String], each: usize) -> Result<Vec<Hit>, AppError> {
    let mut hits: Vec<Hit> = Vec::new();
    let mut seen = BTreeSet::new();
    for (end, name) in document_names() {
        let known = words(name);
        let (here, others): (Vec<String>, Vec<String>) = asked
            .iter()
            .cloned()
            .partition(|asked| known.iter().any(|word| word.starts_with(asked.as_str())));
        // A document alone names no onboarding: there is one in each.
        if here.is_empty() || others.is_empty() || !seen.insert(name) {
            continue;
        }
        let onboardings = search::find(tx, actor.workspace, Kind::Onboarding, &others, each.min(3)).await?;
        hits.extend(onboardings.into_iter().map(|found| Hit {
            group: Group::Documents,
            title: name.to_owned(),
            detail: found.title,
            href: format!("/onboardings/{}/{end}", OnboardingId::from(found.id)),
            because: Vec::new(),
        }));
        if hits.len() >= each.min(DOCUMENTS) {
            break;
        }
    }
    hits.truncate(each.min(DOCUMENTS));
    Ok(hits)
}

fn programmes(app: &App, asked: &[String]) -> impl Iterator<Item = Hit> {
    app.methodology.programmes.values().filter(|programme| has(&programme.name, asked)).map(|programme| Hit {
        group: Group::Programmes,
        title: programme.name.clone(),
        detail: String::new(),
        href: format!("/programmes/{}", programme.id),
        because: Vec::new(),
    })
}
