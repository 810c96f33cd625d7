//! People in a line of text: names, titles, roles in brackets or after a dash, counted groups.

use std::ops::Range;

use gangway_domain::deal::{Stakeholder, StakeholderRole};

use super::list::{Separators, split};
use super::number::count_at;
use super::words::{fold, has_phrase};

/// A person or group in text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) stakeholder: Stakeholder,
    /// The role was said, not concluded from the title.
    pub(crate) role_said: bool,
    pub(crate) range: Range<usize>,
}

/// Words that say a role outright, folded; first match wins.
const SAID: &[(&str, StakeholderRole)] = &[
    ("executive sponsor", StakeholderRole::ExecutiveSponsor),
    ("exec sponsor", StakeholderRole::ExecutiveSponsor),
    ("sponsor", StakeholderRole::ExecutiveSponsor),
    ("sponsorin", StakeholderRole::ExecutiveSponsor),
    ("sponsor ejecutivo", StakeholderRole::ExecutiveSponsor),
    ("patrocinador", StakeholderRole::ExecutiveSponsor),
    ("auftraggeber", StakeholderRole::ExecutiveSponsor),
    ("economic buyer", StakeholderRole::ExecutiveSponsor),
    ("budget owner", StakeholderRole::ExecutiveSponsor),
    ("decision maker", StakeholderRole::ExecutiveSponsor),
    ("budget holder", StakeholderRole::ExecutiveSponsor),
    ("decisionmaker", StakeholderRole::ExecutiveSponsor),
    ("entscheider", StakeholderRole::ExecutiveSponsor),
    ("decideur", StakeholderRole::ExecutiveSponsor),
    ("project lead", StakeholderRole::ProjectLead),
    ("project leader", StakeholderRole::ProjectLead),
    ("project manager", StakeholderRole::ProjectLead),
    ("project owner", StakeholderRole::ProjectLead),
    ("pm", StakeholderRole::ProjectLead),
    ("projektleiter", StakeholderRole::ProjectLead),
    ("projektleiterin", StakeholderRole::ProjectLead),
    ("projektleitung", StakeholderRole::ProjectLead),
    ("chef de projet", StakeholderRole::ProjectLead),
    ("cheffe de projet", StakeholderRole::ProjectLead),
    ("jefe de proyecto", StakeholderRole::ProjectLead),
    ("jefa de proyecto", StakeholderRole::ProjectLead),
    ("program manager", StakeholderRole::ProjectLead),
    ("programme manager", StakeholderRole::ProjectLead),
    ("main contact", StakeholderRole::ProjectLead),
    ("day to day", StakeholderRole::ProjectLead),
    ("day to day contact", StakeholderRole::ProjectLead),
    ("end user champion", StakeholderRole::Champion),
    ("champion", StakeholderRole::Champion),
    ("evangelist", StakeholderRole::Champion),
    ("technical lead", StakeholderRole::TechnicalLead),
    ("tech lead", StakeholderRole::TechnicalLead),
    ("technical contact", StakeholderRole::TechnicalLead),
    ("technical owner", StakeholderRole::TechnicalLead),
    ("technical evaluator", StakeholderRole::TechnicalLead),
    ("it lead", StakeholderRole::TechnicalLead),
    ("technische leitung", StakeholderRole::TechnicalLead),
    ("responsable technique", StakeholderRole::TechnicalLead),
    ("responsable tecnico", StakeholderRole::TechnicalLead),
    ("integration lead", StakeholderRole::TechnicalLead),
    ("business owner", StakeholderRole::BusinessOwner),
    ("process owner", StakeholderRole::BusinessOwner),
    ("business user", StakeholderRole::BusinessOwner),
    ("business lead", StakeholderRole::BusinessOwner),
    ("prozessverantwortliche", StakeholderRole::BusinessOwner),
    ("prozessverantwortlicher", StakeholderRole::BusinessOwner),
    ("fachbereich", StakeholderRole::BusinessOwner),
    ("responsable metier", StakeholderRole::BusinessOwner),
    ("it security", StakeholderRole::ItSecurity),
    ("security", StakeholderRole::ItSecurity),
    ("compliance", StakeholderRole::ItSecurity),
    ("data protection", StakeholderRole::ItSecurity),
    ("datenschutz", StakeholderRole::ItSecurity),
    ("detractor", StakeholderRole::Detractor),
    ("critical voice", StakeholderRole::Detractor),
    ("skeptic", StakeholderRole::Detractor),
    ("sceptic", StakeholderRole::Detractor),
    ("blocker", StakeholderRole::Detractor),
    ("opponent", StakeholderRole::Detractor),
    ("skeptiker", StakeholderRole::Detractor),
    ("sceptique", StakeholderRole::Detractor),
    ("against", StakeholderRole::Detractor),
    ("end user", StakeholderRole::EndUser),
    ("end users", StakeholderRole::EndUser),
    ("user", StakeholderRole::EndUser),
    ("users", StakeholderRole::EndUser),
    ("anwender", StakeholderRole::EndUser),
    ("utilisateur", StakeholderRole::EndUser),
    ("utilisateurs", StakeholderRole::EndUser),
    ("executive", StakeholderRole::ExecutiveSponsor),
];

/// Titles that suggest a role, folded.
const SUGGESTED: &[(&str, StakeholderRole)] = &[
    ("ciso", StakeholderRole::ItSecurity),
    ("dpo", StakeholderRole::ItSecurity),
    ("security officer", StakeholderRole::ItSecurity),
    ("information security", StakeholderRole::ItSecurity),
    ("it", StakeholderRole::TechnicalLead),
    ("cio", StakeholderRole::TechnicalLead),
    ("cto", StakeholderRole::TechnicalLead),
    ("dsi", StakeholderRole::TechnicalLead),
    ("edv", StakeholderRole::TechnicalLead),
    ("architect", StakeholderRole::TechnicalLead),
    ("engineer", StakeholderRole::TechnicalLead),
    ("engineering", StakeholderRole::TechnicalLead),
    ("developer", StakeholderRole::TechnicalLead),
    ("systems", StakeholderRole::TechnicalLead),
    ("system", StakeholderRole::TechnicalLead),
    ("sap", StakeholderRole::TechnicalLead),
    ("erp", StakeholderRole::TechnicalLead),
    ("data", StakeholderRole::TechnicalLead),
    ("admin", StakeholderRole::TechnicalLead),
    ("administrator", StakeholderRole::TechnicalLead),
    ("informatique", StakeholderRole::TechnicalLead),
    ("technology", StakeholderRole::TechnicalLead),
    ("ceo", StakeholderRole::ExecutiveSponsor),
    ("coo", StakeholderRole::ExecutiveSponsor),
    ("cfo", StakeholderRole::ExecutiveSponsor),
    ("cro", StakeholderRole::ExecutiveSponsor),
    ("cmo", StakeholderRole::ExecutiveSponsor),
    ("chro", StakeholderRole::ExecutiveSponsor),
    ("founder", StakeholderRole::ExecutiveSponsor),
    ("owner", StakeholderRole::ExecutiveSponsor),
    ("managing director", StakeholderRole::ExecutiveSponsor),
    ("geschaftsfuhrer", StakeholderRole::ExecutiveSponsor),
    ("geschaftsfuhrerin", StakeholderRole::ExecutiveSponsor),
    ("vorstand", StakeholderRole::ExecutiveSponsor),
    ("pdg", StakeholderRole::ExecutiveSponsor),
    ("gerant", StakeholderRole::ExecutiveSponsor),
    ("gerante", StakeholderRole::ExecutiveSponsor),
    ("president", StakeholderRole::ExecutiveSponsor),
    ("director general", StakeholderRole::ExecutiveSponsor),
    ("vp", StakeholderRole::BusinessOwner),
    ("svp", StakeholderRole::BusinessOwner),
    ("evp", StakeholderRole::BusinessOwner),
    ("head", StakeholderRole::BusinessOwner),
    ("director", StakeholderRole::BusinessOwner),
    ("manager", StakeholderRole::BusinessOwner),
    ("lead", StakeholderRole::BusinessOwner),
    ("leiter", StakeholderRole::BusinessOwner),
    ("leiterin", StakeholderRole::BusinessOwner),
    ("leitung", StakeholderRole::BusinessOwner),
    ("directeur", StakeholderRole::BusinessOwner),
    ("directrice", StakeholderRole::BusinessOwner),
    ("responsable", StakeholderRole::BusinessOwner),
    ("directora", StakeholderRole::BusinessOwner),
    ("gerente", StakeholderRole::BusinessOwner),
    ("chief", StakeholderRole::ExecutiveSponsor),
];

/// Further words that make a phrase a title rather than a name.
const TITLE_WORDS: &[&str] = &[
    "managers",
    "directors",
    "team",
    "teams",
    "staff",
    "planner",
    "planners",
    "analyst",
    "analysts",
    "specialist",
    "specialists",
    "coordinator",
    "coordinators",
    "officer",
    "operations",
    "finance",
    "sales",
    "marketing",
    "hr",
    "procurement",
    "supervisor",
    "supervisors",
    "operator",
    "operators",
    "nurse",
    "nurses",
    "clinician",
    "clinicians",
    "doctor",
    "doctors",
    "agent",
    "agents",
    "consultant",
    "assistant",
    "buyer",
    "buyers",
    "controller",
    "accountant",
    "users",
    "employees",
    "people",
    "users",
    "leads",
    "heads",
    "admins",
    "engineers",
    "technicians",
    "abteilung",
    "bereichsleiter",
    "werkleiter",
    "werksleiter",
    "mitarbeiter",
    "einkauf",
    "vertrieb",
    "produktion",
    "equipe",
    "equipo",
    "usuarios",
    "chef",
    "cheffe",
    "jefe",
    "jefa",
    "vendeurs",
    "vendeuses",
    "gerants",
    "stylists",
    "therapists",
    "partner",
    "partners",
    "board",
    "committee",
    "steering",
    "department",
    "warehouse",
    "plant",
    "store",
    "shop",
    "clinic",
    "site",
];

/// The role that words say outright.
pub(crate) fn said_role(text: &str) -> Option<StakeholderRole> {
    let folded = fold(text);
    SAID.iter().find(|(words, _)| has_phrase(&folded, words)).map(|&(_, role)| role)
}

fn suggested_role(title: &str, count: u32) -> StakeholderRole {
    let folded = fold(title);
    if let Some(role) = SAID.iter().find(|(words, _)| has_phrase(&folded, words)).map(|&(_, role)| role) {
        return role;
    }
    // A counted group works with the product, whatever its members are called.
    if count > 1 {
        return StakeholderRole::EndUser;
    }
    SUGGESTED
        .iter()
        .find(|(words, _)| has_phrase(&folded, words))
        .map_or(StakeholderRole::Other, |&(_, role)| role)
}

pub(super) fn is_title(text: &str) -> bool {
    let folded = fold(text);
    TITLE_WORDS.iter().any(|word| has_phrase(&folded, word))
        || SAID.iter().chain(SUGGESTED).any(|(words, _)| has_phrase(&folded, words))
        || folded.split(' ').any(|word| {
            word.len() > 6
                && (word.ends_with("leiter")
                    || word.ends_with("leiterin")
                    || word.ends_with("leitung")
                    || word.ends_with("manager"))
        })
}

/// Two to four capitalised words without a title among them.
pub(crate) fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let particle = |word: &str| {
        matches!(
            word,
            "van"
                | "von"
                | "de"
                | "der"
                | "den"
                | "di"
                | "da"
                | "del"
                | "la"
                | "le"
                | "du"
                | "bin"
                | "al"
                | "zu"
        )
    };
    (1..=5).contains(&words.len())
        && words.iter().all(|word| {
            particle(word)
                || (word.starts_with(char::is_uppercase) && !word.contains(|c: char| c.is_ascii_digit()))
        })
        && words.first().is_some_and(|word| !particle(word) || words.len() > 1)
        && !is_title(text)
}

/// The people of a list such as `VP Operations (sponsor), IT Director, 3 plant managers`.
pub(crate) fn read(text: &str) -> Vec<Person> {
    let mut people: Vec<Person> = Vec::new();
    for range in split(text, Separators::Words) {
        let Some(item) = text.get(range.clone()) else {
            continue;
        };
        let person = one(item, range.start);
        // "Jane Doe, VP Operations": a bare name followed by a bare title is one person.
        let bare = person.stakeholder.name.is_none()
            && person.stakeholder.email.is_none()
            && person.stakeholder.count == 1;
        if bare
            && let Some(last) = people.last_mut()
            && last.stakeholder.title.is_none()
            && last.stakeholder.name.is_some()
            && text.get(last.range.end..range.start).is_some_and(|between| between.trim() == ",")
        {
            let role = if last.role_said { last.stakeholder.role } else { person.stakeholder.role };
            last.role_said |= person.role_said;
            last.stakeholder.title = person.stakeholder.title;
            last.stakeholder.role = role;
            last.stakeholder.notes = last.stakeholder.notes.take().or(person.stakeholder.notes);
            last.range.end = range.end;
            continue;
        }
        // "Jane Doe, VP Operations, jane@x.com": an address by itself is that of whoever stands before it.
        let alone = person.stakeholder.name.is_none() && person.stakeholder.title.is_none();
        if alone
            && let Some(last) = people.last_mut()
            && person.stakeholder.email.is_some()
            && last.stakeholder.email.is_none()
            && last.stakeholder.count == 1
            && text.get(last.range.end..range.start).is_some_and(|between| between.trim() == ",")
        {
            last.stakeholder.email = person.stakeholder.email;
            last.range.end = range.end;
            continue;
        }
        people.push(person);
    }
    people
}

/// One person or group; `start` is added to the range.
pub(crate) fn one(item: &str, start: usize) -> Person {
    let mut rest = item.trim();
    let mut brackets: Vec<&str> = Vec::new();
    let mut email = None;
    // An address without marks at the end: "Carmen Ruiz (gerente) carmen@x.com".
    if let Some((head, address)) =
        rest.rsplit_once(' ').filter(|(_, last)| is_email(last) && !last.starts_with('<'))
    {
        email = Some(address.trim_matches(|c: char| !c.is_alphanumeric()).to_owned());
        rest = head.trim_end_matches([',', ' ', '-', '–']);
    }
    // Take out brackets and an address from the end: "Jane Doe (VP, sponsor) <jane@x.com>".
    while let Some((open, close)) = [('(', ')'), ('[', ']'), ('<', '>')]
        .into_iter()
        .find(|&(open, close)| rest.ends_with(close) && rest.contains(open))
    {
        let Some(at) = rest.rfind(open) else { break };
        let inner = rest.get(at + 1..rest.len() - close.len_utf8()).unwrap_or("").trim();
        rest = rest.get(..at).unwrap_or("").trim();
        brackets.push(inner);
    }
    let mut pieces: Vec<&str> = Vec::new();
    for separator in [" – ", " — ", " - ", ": ", " / ", ", "] {
        if rest.contains(separator) {
            pieces = rest.split(separator).map(str::trim).filter(|piece| !piece.is_empty()).collect();
            break;
        }
    }
    if pieces.is_empty() && !rest.is_empty() {
        pieces.push(rest);
    }
    for inner in brackets.iter().rev() {
        pieces.extend(inner.split([',', ';', '/']).map(str::trim).filter(|piece| !piece.is_empty()));
    }
    let mut stakeholder = Stakeholder {
        name: None,
        title: None,
        role: StakeholderRole::Other,
        count: 1,
        email: None,
        notes: None,
    };
    let mut role = None;
    let mut notes: Vec<&str> = Vec::new();
    let mut first = true;
    for piece in pieces {
        let mut piece = piece;
        if let Some(address) = piece.split_whitespace().find(|word| is_email(word)) {
            let address = address.trim_matches(|c: char| !c.is_alphanumeric());
            email.get_or_insert_with(|| address.to_owned());
            piece = if piece.trim() == address {
                ""
            } else {
                piece.strip_suffix(address).unwrap_or(piece).trim()
            };
            if piece.is_empty() {
                continue;
            }
        }
        let is_first = std::mem::replace(&mut first, false);
        if is_first && let Some(number) = count_at(piece, 0).filter(|n| n.range.end < piece.len()) {
            let after = piece.get(number.range.end..).unwrap_or("");
            let count = number.value.as_u32_or_max();
            if after.starts_with([' ', '\u{a0}', 'x', '×']) && count > 0 {
                stakeholder.count = count;
                stakeholder.title = Some(after.trim_start_matches(['x', '×']).trim().to_owned());
                continue;
            }
        }
        let said = said_role(piece);
        // A role in brackets or after a dash is short; more words are remarks.
        let only_role = said.is_some()
            && (!is_first || stakeholder.title.is_some())
            && piece.split_whitespace().count() <= 4;
        if only_role && role.is_none() {
            role = said;
            if !is_exactly_role(piece) && stakeholder.title.is_none() && !is_first {
                stakeholder.title = Some(piece.to_owned());
            }
        } else if is_first && is_name(piece) {
            stakeholder.name = Some(piece.to_owned());
        } else if stakeholder.title.is_none() && (is_first || is_title(piece)) {
            stakeholder.title = Some(piece.to_owned());
        } else if stakeholder.name.is_none() && stakeholder.count == 1 && is_name(piece) {
            stakeholder.name = Some(piece.to_owned());
        } else {
            notes.push(piece);
        }
    }
    // "Sponsor: Jane Doe" leaves the role as title.
    if stakeholder.name.is_some()
        && role.is_none()
        && stakeholder.title.as_deref().is_some_and(is_exactly_role)
    {
        role = stakeholder.title.take().as_deref().and_then(said_role);
    }
    stakeholder.email = email;
    stakeholder.notes = (!notes.is_empty()).then(|| notes.join("; "));
    stakeholder.role =
        role.unwrap_or_else(|| suggested_role(stakeholder.title.as_deref().unwrap_or(""), stakeholder.count));
    if stakeholder.name.is_none() && stakeholder.title.is_none() && stakeholder.email.is_none() {
        stakeholder.title = Some(item.trim().to_owned());
    }
    Person { stakeholder, role_said: role.is_some(), range: start..start + item.len() }
}

/// The words are a role and nothing else: `sponsor`, `Executive Sponsor`, `the champion`.
fn is_exactly_role(text: &str) -> bool {
    let folded = fold(text);
    let bare = folded.strip_prefix("our ").or_else(|| folded.strip_prefix("the ")).unwrap_or(&folded);
    SAID.iter().any(|(words, _)| *words == bare)
}

/// Something@somewhere.tld.
pub(crate) fn is_email(text: &str) -> bool {
    let text = text.trim_matches(|c: char| !c.is_alphanumeric());
    text.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && !host.contains('@')
            && !text.contains(char::is_whitespace)
    })
}
