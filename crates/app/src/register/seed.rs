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
use crate::{Actor, App, upkeep};

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
    account: AccountId,
    id: OnboardingId,
    start: &Start,
) -> Result<(), AppError> {
    let owners = Owners::of(tx, actor, account).await?;
    let mut numbers = BTreeMap::from([(Kind::Risk, 0), (Kind::Action, 0)]);
    for (kind, last) in &mut numbers {
        *last = register::last_number(tx, actor.workspace, id, *kind).await?;
    }
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
            owner: owners.find(owner),
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
    register::insert_all(tx, actor.workspace, &entries).await?;
    Ok(())
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

/// People a package may name as owners.
struct Owners {
    by_name: BTreeMap<String, Owner>,
}

impl Owners {
    async fn of(tx: &mut Tx, actor: &Actor, account: AccountId) -> Result<Self, AppError> {
        let mut by_name = BTreeMap::new();
        for contact in contact::of_account(tx, actor.workspace, account).await? {
            by_name.insert(contact.name_key, Owner::Contact { id: contact.id });
        }
        for member in membership::of_workspace(tx, actor.workspace).await? {
            by_name.insert(name_key(&member.name), Owner::Person { id: member.person });
        }
        Ok(Self { by_name })
    }

    /// Whoever has this name, else the name or role itself.
    fn find(&self, name: &str) -> Option<Owner> {
        if name.is_empty() {
            return None;
        }
        let known = self.by_name.get(&name_key(name)).cloned();
        Some(known.unwrap_or_else(|| Owner::Named { name: name.to_owned() }))
    }
}

/// Gives onboardings of earlier versions their register; one that has entries of its package is left alone.
pub(crate) async fn backfill(app: &App, actor: &Actor) -> Result<(), AppError> {
    for id in upkeep::onboardings(app, actor).await? {
        let mut tx = app.db.write().await?;
        if register::is_seeded(&mut tx, actor.workspace, id).await? {
            continue;
        }
        let Some(head) = head::get(&mut tx, actor.workspace, id).await? else { continue };
        let Some(start) = head::sections::<Start>(&mut tx, actor.workspace, id).await? else { continue };
        seed(app, &mut tx, actor, head.account_id, id, &start).await?;
        tx.commit().await?;
    }
    Ok(())
}
