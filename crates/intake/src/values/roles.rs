//! What people are: words that say a role of an onboarding, and job titles that suggest one.

use gangway_domain::deal::StakeholderRole;

use super::words::{fold, has_phrase};

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

/// Words that say a role outright and are a job title too: what somebody is called as well as what they do here.
const JOB_TITLES: [&str; 10] = [
    "project manager",
    "program manager",
    "programme manager",
    "pm",
    "projektleiter",
    "projektleiterin",
    "chef de projet",
    "cheffe de projet",
    "jefe de proyecto",
    "jefa de proyecto",
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

/// The role of somebody with this title; `count` people have it.
pub(super) fn suggested_role(title: &str, count: u32) -> StakeholderRole {
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

/// The words are a title, or have one among them.
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

/// The words are a role and nothing else: `sponsor`, `Executive Sponsor`, `the champion`.
pub(super) fn is_exactly_role(text: &str) -> bool {
    let folded = fold(text);
    SAID.iter().any(|(words, _)| *words == bare(&folded))
}

/// The words are a role and a job title: `project manager`, `PM`.
pub(super) fn is_job_title(text: &str) -> bool {
    JOB_TITLES.contains(&bare(&fold(text)))
}

/// Without the word that says whose role it is.
fn bare(folded: &str) -> &str {
    folded.strip_prefix("our ").or_else(|| folded.strip_prefix("the ")).unwrap_or(folded)
}
