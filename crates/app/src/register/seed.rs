//! The first entries of a register: risks and open questions of the package an onboarding was generated with.

use std::collections::BTreeMap;

use gangway_domain::deal::Severity;
use gangway_domain::ids::{AccountId, OnboardingId, RegisterId};
use gangway_domain::package::{OpenQuestion, Package, Risk};
use gangway_domain::register::{Details, Kind, Level, Owner, Status, Visibility};
use gangway_store::contact::{self, name_key};
use gangway_store::onboarding::head;
use gangway_store::register::{self, Entry};
use gangway_store::{Tx, membership};
use serde::Deserialize;

use crate::error::AppError;
use crate::upkeep::{self, Batch, Begun, Lack};
use crate::{Actor, App};

/// Most characters of a title; what is longer goes on in the text.
const TITLE: usize = 300;

/// What of a package becomes entries.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Start {
    risks: Vec<Risk>,
    questions: Vec<OpenQuestion>,
}

impl Start {
    /// Of a whole package.
    pub(crate) fn of(package: &Package) -> Self {
        Self { risks: package.risks.clone(), questions: package.questions.clone() }
    }
}

/// Makes risks and actions of what was at risk and unknown on the first day. Risks stay inside the workspace,
/// because red flags of the sale are among them.
pub(crate) async fn seed(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    all: &[Begun<'_, Start>],
) -> Result<(), AppError> {
    let owners = Owners::of(tx, actor, &upkeep::accounts(all)).await?;
    let ids: Vec<OnboardingId> = all.iter().map(|(id, ..)| *id).collect();
    let mut last = BTreeMap::new();
    for kind in [Kind::Risk, Kind::Action] {
        last.insert(kind, register::last_numbers(tx, actor.workspace, kind, &ids).await?);
    }
    let mut entries = Vec::new();
    for one in all {
        let numbers = last.iter().map(|(kind, known)| (*kind, known.get(&one.0).copied().unwrap_or(0)));
        entries.extend(first(app, actor, &owners, *one, numbers.collect()));
    }
    register::insert_all(tx, actor.workspace, &entries).await?;
    Ok(())
}

/// The first entries of an onboarding; `numbers` are the highest in use by kind.
fn first(
    app: &App,
    actor: &Actor,
    owners: &Owners,
    (id, account, start): Begun<'_, Start>,
    mut numbers: BTreeMap<Kind, i64>,
) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(start.risks.len() + start.questions.len());
    let mut add = |seed: String, text: &str, details: Details, owner: &str, due_on, visibility| {
        let number = numbers.entry(details.kind()).or_insert(0);
        *number += 1;
        entries.push(Entry {
            id: RegisterId::fresh(&*app.ids),
            onboarding: id,
            number: *number,
            title: shortened(text, TITLE),
            details,
            status: Status::Open,
            owner: owners.find(account, owner),
            owner_name: (!owner.is_empty()).then(|| owner.to_owned()),
            due_on,
            visibility,
            meeting: None,
            seed: Some(seed),
            opened_by: actor.name.clone(),
            opened_at: app.now(),
            closed_by: None,
            closed_at: None,
            version: 1,
        });
    };
    for (index, risk) in start.risks.iter().enumerate() {
        add(format!("risk-{index}"), &risk.text, of_risk(app, risk), &risk.owner, None, Visibility::Internal);
    }
    for (index, question) in start.questions.iter().enumerate() {
        let about = match &question.assumed {
            Some(assumed) => format!("{}\n\nUntil then the plan assumes: {assumed}", question.why),
            None => question.why.clone(),
        };
        let details = Details::Action { about, task: None };
        let visibility = if question.of_customer { Visibility::Customer } else { Visibility::Internal };
        let seed = format!("question-{index}");
        let title = format!("Find out: {}", question.text);
        add(seed, &title, details, &question.ask, Some(question.by), visibility);
    }
    entries
}

fn of_risk(app: &App, risk: &Risk) -> Details {
    let rules = &app.methodology;
    let (probability, impact) = rules.governance.place(risk.severity);
    let category = risk.category.as_ref().and_then(|name| {
        rules.risks.categories.iter().find(|known| known.name == *name).map(|known| known.id.clone())
    });
    match (Level::try_from(probability), Level::try_from(impact)) {
        (Ok(probability), Ok(impact)) => Details::Risk {
            probability,
            impact,
            category,
            mitigation: risk.mitigation.clone(),
            origin: risk.origin.clone(),
        },
        // The methodology is checked when it is loaded; should a scale ever be off, the risk is worth more.
        _ => Details::Issue {
            severity: Severity::Medium,
            blocks: None,
            about: format!("{}\n\n{}", risk.mitigation, risk.origin),
        },
    }
}

/// One line of `most` characters at most.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    let cut: String = line.chars().take(most - 1).collect();
    format!("{cut}…")
}

/// People packages may name as owners.
struct Owners {
    members: BTreeMap<String, Owner>,
    contacts: BTreeMap<AccountId, BTreeMap<String, Owner>>,
}

impl Owners {
    async fn of(tx: &mut Tx, actor: &Actor, accounts: &[AccountId]) -> Result<Self, AppError> {
        let members = membership::of_workspace(tx, actor.workspace).await?;
        let members = members.into_iter();
        let members = members.map(|member| (name_key(&member.name), Owner::Person { id: member.person }));
        let mut contacts = BTreeMap::new();
        for (account, known) in contact::of_accounts(tx, actor.workspace, accounts).await? {
            let known = known.into_iter();
            let known = known.map(|contact| (contact.name_key, Owner::Contact { id: contact.id }));
            contacts.insert(account, known.collect());
        }
        Ok(Self { members: members.collect(), contacts })
    }

    /// Whoever has this name, one of the workspace before one of the account; else the name or role itself.
    fn find(&self, account: AccountId, name: &str) -> Option<Owner> {
        if name.is_empty() {
            return None;
        }
        let key = name_key(name);
        let contact = || self.contacts.get(&account)?.get(&key);
        let known = self.members.get(&key).or_else(contact).cloned();
        Some(known.unwrap_or_else(|| Owner::Named { name: name.to_owned() }))
    }
}

/// Gives onboardings of earlier versions their register; one that has entries of its package is left alone.
pub(crate) async fn backfill(app: &App, actor: &Actor) -> Result<(), AppError> {
    let mut after = None;
    while let Some(batch) = upkeep::next(app, actor.workspace, Lack::Register, &mut after).await? {
        let Batch { mut tx, of } = batch;
        let starts = head::sections_of::<Start>(&mut tx, actor.workspace, &upkeep::ids(&of)).await?;
        seed(app, &mut tx, actor, &upkeep::begun(&of, &starts)).await?;
        tx.commit().await?;
    }
    Ok(())
}
