//! The people of an onboarding: who fills which role, where they stand on the power/interest grid,
//! which roles nobody fills, and how everyone hears what they need to hear.

use super::calendars;
use super::dates::{Anchors, plus_days};
use super::frame::{Frame, Ground};
use super::{OnboardingPlan, People, Placed, PlannedMessage, Raci, RaciColumn, RaciLine, RoleGap, TeamLine};
use crate::deal::{Deal, Stakeholder, StakeholderRole};
use crate::fact::{Confidence, Fact};
use crate::methodology::{PeopleRules, StakeholderRule};
use crate::package::BuildError;
use crate::people::{Grade, strategy_of};
use crate::programme::{Programme, Role, Side};

/// A role with the person who fills it, when one is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CastRole {
    /// Role id.
    pub id: String,
    /// Name people see.
    pub name: String,
    /// Side.
    pub side: Side,
    /// Who fills it.
    pub person: Option<String>,
    /// Their e-mail address.
    pub email: Option<String>,
    /// Roles of other programmes that it stands in for.
    pub covers: Vec<String>,
    /// What the role does.
    pub does: String,
}

/// Every role of a programme, filled from the deal where it names somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cast(Vec<CastRole>);

impl Cast {
    pub fn new(programme: &Programme, deal: &Deal) -> Self {
        Self(programme.roles.iter().map(|role| fill(role, deal)).collect())
    }

    /// The role with this id; an unnamed one when the programme does not define it.
    pub fn role(&self, id: &str) -> CastRole {
        self.known(id).cloned().unwrap_or_else(|| CastRole {
            id: id.to_owned(),
            name: role_from_id(id),
            side: Side::Joint,
            person: None,
            email: None,
            covers: Vec::new(),
            does: String::new(),
        })
    }

    /// The role with this id, or the one that stands in for it.
    pub fn known(&self, id: &str) -> Option<&CastRole> {
        let stands_in = |role: &&CastRole| role.covers.iter().any(|other| other == id);
        self.0.iter().find(|role| role.id == id).or_else(|| self.0.iter().find(stands_in))
    }

    /// The first of these roles that the programme defines; else the first one, unnamed.
    pub fn first(&self, ids: &[String]) -> CastRole {
        let defined = ids.iter().find(|id| self.0.iter().any(|role| role.id == **id));
        let known = defined.or_else(|| ids.iter().find(|id| self.known(id).is_some()));
        self.role(known.or(ids.first()).map_or("", String::as_str))
    }

    /// `Project lead (Ana Ruiz)`, or the role alone.
    pub fn label(&self, id: &str) -> String {
        let role = self.role(id);
        match role.person {
            Some(person) => format!("{} ({person})", role.name),
            None => role.name,
        }
    }

    fn side(&self, side: Side) -> impl Iterator<Item = &CastRole> {
        self.0.iter().filter(move |role| role.side == side)
    }
}

/// `it-security` as `IT security`, `business-owner` as `Business owner`.
fn role_from_id(id: &str) -> String {
    let words = id.replace('-', " ");
    match words.strip_prefix("it ") {
        Some(rest) => format!("IT {rest}"),
        None => {
            let mut letters = words.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        }
    }
}

fn fill(role: &Role, deal: &Deal) -> CastRole {
    let (person, email) = match role.side {
        Side::Vendor => {
            let member = deal.team.iter().find(|fact| fact.value.role == role.id).map(|fact| &fact.value);
            (member.map(|member| member.name.clone()), member.and_then(|member| member.email.clone()))
        }
        Side::Customer | Side::Joint => {
            let found = role
                .filled_by
                .and_then(|wanted| stakeholder_for(deal, wanted))
                .or_else(|| only_contact(deal).filter(|_| role.only_contact));
            (found.map(Stakeholder::label), found.and_then(|found| found.email.clone()))
        }
    };
    CastRole {
        id: role.id.clone(),
        name: role.name.clone(),
        side: role.side,
        person,
        email,
        covers: role.covers.clone(),
        does: role.does.clone(),
    }
}

/// The one person a deal names.
fn only_contact(deal: &Deal) -> Option<&Stakeholder> {
    match deal.stakeholders.as_slice() {
        [one] => {
            Some(&one.value).filter(|person| person.count == 1 && person.role != StakeholderRole::Detractor)
        }
        _ => None,
    }
}

/// The stakeholder who fills a role; a champion stands in for a missing project lead.
fn stakeholder_for(deal: &Deal, wanted: StakeholderRole) -> Option<&Stakeholder> {
    let with = |role: StakeholderRole| {
        deal.stakeholders.iter().map(|fact| &fact.value).find(|stakeholder| stakeholder.role == role)
    };
    with(wanted).or_else(|| match wanted {
        StakeholderRole::ProjectLead => with(StakeholderRole::Champion),
        StakeholderRole::TechnicalLead => with(StakeholderRole::ItSecurity),
        _ => None,
    })
}

/// Whether somebody fills a role; a champion speaks for the end users.
fn is_filled(deal: &Deal, role: StakeholderRole) -> bool {
    let speaks = |role| stakeholder_for(deal, role).is_some();
    speaks(role) || (role == StakeholderRole::EndUser && speaks(StakeholderRole::Champion))
}

/// How many of the contacts have a name, where not all do: a title alone can be sent no message.
fn named(deal: &Deal, contacts: u32) -> String {
    let named = deal.stakeholders.iter().map(|fact| &fact.value).filter(|person| person.name.is_some());
    match named.map(|person| person.count).fold(0, u32::saturating_add) {
        all if all == contacts => String::new(),
        0 => "; none of them is named yet".into(),
        1 => "; one of them is named".into(),
        some => format!("; {some} of them are named"),
    }
}

/// Places the customer's people and plans how everyone is kept informed.
pub(super) fn people(frame: &Frame<'_>) -> Result<People, BuildError> {
    let Frame {
        ground: Ground { programme, deal, cast, anchors, words, calendars, judge, .. }, plan, ..
    } = frame;
    let rules = &frame.ground.methodology.people;
    // A message is sent when somebody is there to read it, and never before the work begins.
    let sent_on = |day: jiff::civil::Date| {
        let day = day.max(anchors.kickoff_on);
        calendars::next_joint_day(&calendars.specs, day, None).unwrap_or(day)
    };
    let stakeholders: Vec<Placed> = deal.stakeholders.iter().map(|fact| place(fact, rules)).collect();
    let gap = |rule: &StakeholderRule| {
        // A role that nobody has in this programme is missed by nobody.
        let mut mine = programme.roles.iter().filter(|role| role.filled_by == Some(rule.role)).peekable();
        mine.peek()?;
        let cast = mine.any(|role| cast.role(&role.id).person.is_some());
        let why = rule.needed.clone().filter(|_| !cast && !is_filled(deal, rule.role))?;
        Some(RoleGap { role: super::person_in_words(rule.role).to_owned(), why })
    };
    let gaps = rules.roles.iter().filter_map(gap).collect();

    let contacts = deal.stakeholders.iter().map(|fact| fact.value.count).fold(0, u32::saturating_add);
    let executive = deal.stakeholders.iter().any(|fact| fact.value.role == StakeholderRole::ExecutiveSponsor);
    let least = programme.least_contacts.unwrap_or(rules.least_contacts);
    let enough = contacts >= least;
    let executive = executive || least == 1;
    let multi_threaded = enough && executive;
    let are = if contacts == 1 { "is" } else { "are" };
    let threading = match (enough, executive) {
        (true, true) if least == 1 => format!(
            "{} {are} known: enough for this programme.",
            crate::fit::counted(i64::from(contacts), "contact")
        ),
        (true, true) => {
            format!("{contacts} contacts are known, an executive among them{}.", named(deal, contacts))
        }
        (true, false) => {
            format!("{contacts} contacts are known, but no executive: ask for a sponsor before kickoff.")
        }
        (false, true) => format!(
            "Only {contacts} of at least {least} contacts {are} known: if one leaves, the thread may break."
        ),
        (false, false) => format!(
            "Only {contacts} of at least {least} contacts {are} known, and no executive: widen the circle before kickoff."
        ),
    };

    let mut calendar = Vec::new();
    for message in &rules.messages {
        if !judge.applies(message.when.as_deref(), &message.message)? {
            continue;
        }
        let Some(at) = moment(&message.at, plan, anchors) else { continue };
        calendar.push(PlannedMessage {
            on: sent_on(plus_days(at, i64::from(message.offset_days))),
            audience: message.audience.clone(),
            message: words.fill(&message.message),
            owner: message.owner.clone(),
        });
    }
    calendar.sort_by(|a, b| (a.on, &a.audience).cmp(&(b.on, &b.audience)));

    Ok(People {
        stakeholders,
        gaps,
        threading,
        multi_threaded,
        team: cast
            .side(Side::Vendor)
            .map(|role| TeamLine {
                role: role.name.clone(),
                person: role.person.clone(),
                email: role.email.clone(),
                does: role.does.clone(),
            })
            .collect(),
        audiences: rules.audiences.clone(),
        calendar,
        change: rules.change.clone(),
        phase_messages: rules.phase_messages.clone(),
    })
}

/// The day of `kickoff`, `go-live`, `finish`, or of a task (its start) or milestone.
pub(super) fn moment(at: &str, plan: &OnboardingPlan, anchors: &Anchors) -> Option<jiff::civil::Date> {
    match at {
        "kickoff" => Some(anchors.kickoff_on),
        "go-live" => plan.tasks.iter().find(|task| task.go_live).map(|task| task.finish),
        "finish" => plan.tasks.iter().map(|task| task.finish).max(),
        id => {
            let instance = format!("{id}-1");
            plan.tasks
                .iter()
                .find(|task| task.id == id || task.id == instance)
                .map(|task| task.start)
                .or_else(|| {
                    plan.milestones.iter().find(|milestone| milestone.id == id).map(|found| found.planned)
                })
        }
    }
}

fn place(fact: &Fact<Stakeholder>, rules: &PeopleRules) -> Placed {
    let person = &fact.value;
    let rule = rules.role(person.role);
    let grade = |word: &str| word.parse().unwrap_or(Grade::Medium);
    let (power, interest) =
        rule.map_or((Grade::Medium, Grade::Medium), |rule| (grade(&rule.power), grade(&rule.interest)));
    Placed {
        label: person.label(),
        title: person.name.as_ref().and(person.title.clone()),
        role: person.role,
        role_name: rule
            .map_or_else(|| super::role_in_words(person.role).to_owned(), |rule| rule.name.clone()),
        count: person.count,
        email: person.email.clone(),
        power: power.word().to_owned(),
        interest: interest.word().to_owned(),
        strategy: strategy_of(rule, power, interest),
        engagement: rule.map(engagement).unwrap_or_default(),
        notes: person.notes.clone(),
        confidence: fact.confidence.min(if rule.is_none() { Confidence::Low } else { Confidence::High }),
    }
}

pub(super) fn engagement(rule: &StakeholderRule) -> String {
    format!("{}, {}", rule.engagement, rule.frequency.to_lowercase())
}

/// The RACI matrix with the people who fill its columns.
pub(super) fn raci(frame: &Frame<'_>) -> Result<Raci, BuildError> {
    let Frame { ground: Ground { programme, cast, judge, words, .. }, .. } = frame;
    let columns = programme
        .raci
        .columns
        .iter()
        .map(|id| {
            let role = cast.role(id);
            RaciColumn { role: role.name, person: role.person, side: role.side }
        })
        .collect();
    let mut rows = Vec::new();
    for row in &programme.raci.rows {
        if judge.applies(row.when.as_deref(), &row.activity)? {
            rows.push(RaciLine { activity: words.fill(&row.activity), cells: row.cells.clone() });
        }
    }
    Ok(Raci { columns, rows })
}
