//! Sentences without labels: what people write around the numbers.

use std::ops::Range;

use gangway_domain::deal::Alternative;
use gangway_domain::fact::Confidence;

use crate::builder::Builder;
use crate::interpret;
use crate::source::Passage;
use crate::values::date::{self, Lean};
use crate::values::list::{self, Separators};
use crate::values::money::{self, Per};
use crate::values::words::{find_in, fold, has_phrase};
use crate::values::{duration, number, place};

/// Longer than any sentence a person writes; left unread as a whole.
const MAX_SENTENCE: usize = 2_000;

/// Reads every sentence of a passage.
pub(crate) fn read(b: &mut Builder<'_>, passage: Passage<'_>) {
    for range in crate::sentences::split(passage.text) {
        let here = passage.sub(range);
        let bullet = crate::lines::bullet_length(here.text);
        sentence(b, here.sub(bullet..here.text.len()));
    }
}

/// Phrases that make a whole sentence one thing, folded. The first that fits wins.
const WHOLE: &[(Kind, &[&str])] = &[
    (
        Kind::NonScope,
        &[
            "not in scope",
            "out of scope",
            "not part of the scope",
            "not included",
            "excludes",
            "excluding",
            "does not include",
            "not covered",
            "nicht im umfang",
            "nicht enthalten",
            "nicht teil des",
            "nicht bestandteil",
            "hors perimetre",
            "non inclus",
            "ne comprend pas",
            "fuera de alcance",
            "fuera del alcance",
            "no incluye",
            "no esta incluido",
        ],
    ),
    (
        Kind::Promise,
        &[
            "we promised",
            "was promised",
            "were promised",
            "promised",
            "have committed to",
            "committed to",
            "we committed",
            "guaranteed",
            "we guarantee",
            "we agreed to",
            "we have agreed to",
            "haben zugesagt",
            "zugesagt",
            "versprochen",
            "wir haben versprochen",
            "nous avons promis",
            "avons promis",
            "promis",
            "nous nous sommes engages",
            "hemos prometido",
            "prometimos",
            "nos comprometimos",
            "prometido",
        ],
    ),
    (
        Kind::RedFlag,
        &[
            "red flag",
            "risk",
            "risks",
            "risky",
            "worried",
            "sceptical",
            "skeptical",
            "sceptic",
            "skeptic",
            "nervous about",
            "burned by",
            "failed before",
            "previous rollout failed",
            "previous implementation failed",
            "no dedicated",
            "tight timeline",
            "understaffed",
            "may leave",
            "is leaving",
            "budget is tight",
            "reorg",
            "resistance",
            "risiko",
            "warnsignal",
            "skeptisch",
            "risque",
            "sceptique",
            "riesgo",
            "esceptico",
        ],
    ),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    NonScope,
    Promise,
    RedFlag,
}

const BLACKOUT: &[&str] = &[
    "blackout",
    "black out",
    "freeze",
    "no go live",
    "no golive",
    "no launch",
    "no launches",
    "no deployments",
    "no changes",
    "not go live",
    "shutdown",
    "shut down",
    "is closed",
    "are closed",
    "closed from",
    "betriebsferien",
    "sperrzeit",
    "kein go live",
    "keine umstellung",
    "kein produktivstart",
    "gel",
    "fermeture",
    "pas de mise en production",
    "pas de deploiement",
    "cierre",
    "congelacion",
    "sin despliegues",
];
const GO_LIVE: &[&str] = &[
    "go live",
    "golive",
    "going live",
    "live by",
    "live in",
    "live within",
    "be live",
    "launch",
    "in production by",
    "rollout by",
    "rolled out by",
    "produktivstart",
    "live gehen",
    "livegang",
    "produktiv",
    "mise en production",
    "mise en service",
    "en production",
    "puesta en marcha",
    "salir en vivo",
];
const KICKOFF: &[&str] = &["kickoff", "kick off", "lancement", "projektstart"];
const SIGNED: &[&str] = &[
    "signed on",
    "signed in",
    "closed on",
    "was signed",
    "contract signed",
    "closed won on",
    "unterzeichnet am",
    "unterschrieben am",
    "signe le",
    "firmado el",
];
const COMPETITOR: &[&str] = &[
    "evaluated",
    "also considered",
    "considered",
    "looked at",
    "compared with",
    "compared us with",
    "compared us to",
    "chose us over",
    "chosen over",
    "picked us over",
    "won against",
    "won over",
    "instead of",
    "shortlisted",
    "verglichen mit",
    "statt",
    "plutot que",
    "face a",
    "en lugar de",
];
const DECISION: &[&str] = &[
    "chose us",
    "picked us",
    "selected us",
    "they bought because",
    "decided for us",
    "decision was",
    "decided because",
    "bought because",
    "haben sich fur uns",
    "nous ont choisis",
    "nos eligieron",
];
const PAIN: &[&str] = &[
    "struggle",
    "struggles",
    "struggling",
    "pain",
    "problem",
    "problems",
    "frustrated",
    "too slow",
    "cannot see",
    "can not see",
    "no visibility",
    "manual work",
    "error prone",
    "takes too long",
];
const SUCCESS: &[&str] = &[
    "success means",
    "success is",
    "success looks like",
    "their goal is",
    "the goal is",
    "they want to reach",
    "they want to achieve",
    "they expect to",
    "ziel ist",
    "l objectif est",
    "el objetivo es",
];
const CRITICAL: &[&str] = &[
    "audit",
    "board meeting",
    "peak season",
    "contract with",
    "expires",
    "expire",
    "end of life",
    "regulation",
    "deadline",
    "must be live before",
    "season starts",
];
const MONEY: &[&str] = &[
    "acv",
    "arr",
    "mrr",
    "tcv",
    "contract value",
    "contract",
    "annual",
    "annually",
    "per year",
    "a year",
    "deal",
    "worth",
    "pays",
    "pay",
    "paying",
    "subscription",
    "vertrag",
    "contrat",
    "contrato",
    "month",
];
const INTEGRATE: &[&str] = &[
    "integrate with",
    "integrates with",
    "integrated with",
    "integration with",
    "integrations with",
    "integration to",
    "connect to",
    "connects to",
    "connected to",
    "connect with",
    "sync with",
    "anbindung an",
    "integration mit",
    "integrieren mit",
    "integration avec",
    "connecte a",
    "integracion con",
];

fn says(folded: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| has_phrase(folded, phrase))
}

fn sentence(b: &mut Builder<'_>, passage: Passage<'_>) {
    let passage = passage.trim();
    if passage.is_empty() || passage.text.len() > MAX_SENTENCE || !b.takes_sentence(passage) {
        return;
    }
    let folded = fold(passage.text);
    let whole = passage.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '!' | ';'));
    if says(&folded, BLACKOUT) && date::find_range(passage.text, &b.frame(Lean::Future)).is_some() {
        blackout_sentence(b, whole);
        return;
    }
    if let Some(&(kind, _)) = WHOLE.iter().find(|(_, phrases)| says(&folded, phrases)) {
        match kind {
            Kind::NonScope => non_scope(b, whole),
            Kind::Promise => interpret::promise(b, whole, whole, Confidence::Medium),
            Kind::RedFlag => {
                let flag = gangway_domain::deal::RedFlag {
                    text: interpret::clean(whole.text),
                    severity: None,
                    mitigation: None,
                };
                b.add(|d| &mut d.red_flags, flag, whole, Confidence::Medium);
            }
        }
        // A promise may also tell a number nobody gave elsewhere, but it stays a promise only.
        return;
    }
    let decided = says(&folded, DECISION);
    if says(&folded, COMPETITOR) {
        competitors(b, passage);
    }
    if decided {
        b.add(
            |d| &mut d.decision,
            interpret::clean(whole.text),
            whole,
            Confidence::Medium,
        );
    }
    if says(&folded, GO_LIVE) && b.deal.go_live.is_none() {
        let dated = date::find(passage.text, &b.frame(Lean::Future)).is_some();
        if dated || duration::find(passage.text).is_some() {
            interpret::go_live(b, passage, Confidence::Medium);
        }
    } else if says(&folded, KICKOFF) {
        dated(b, passage, Lean::Future, |b, date, here, sure| {
            b.set("The kickoff", |d| &mut d.kickoff_on, date, here, sure);
        });
    } else if says(&folded, SIGNED) {
        dated(b, passage, Lean::Past, |b, date, here, sure| {
            b.set("The signature date", |d| &mut d.closed_on, date, here, sure);
        });
    }
    scalars(b, passage, &folded);
    if decided {
        return;
    }
    if says(&folded, SUCCESS) {
        let criterion = gangway_domain::deal::SuccessCriterion {
            text: interpret::clean(whole.text),
            ..Default::default()
        };
        b.add(
            |d| &mut d.success_criteria,
            criterion,
            whole,
            Confidence::Medium,
        );
    } else if says(&folded, PAIN) {
        b.add(
            |d| &mut d.pain,
            interpret::clean(whole.text),
            whole,
            Confidence::Medium,
        );
    } else if says(&folded, CRITICAL) {
        b.add(
            |d| &mut d.critical_event,
            interpret::clean(whole.text),
            whole,
            Confidence::Medium,
        );
    }
}

fn blackout_sentence(b: &mut Builder<'_>, whole: Passage<'_>) {
    // "No go-live 15 Dec – 5 Jan and 1–20 August": every part with dates is a period of its own.
    let parts = list::split(whole.text, Separators::Commas);
    let dated: Vec<_> = parts
        .iter()
        .filter(|range| {
            whole
                .text
                .get((*range).clone())
                .is_some_and(|text| date::find_range(text, &b.frame(Lean::Future)).is_some())
        })
        .collect();
    if dated.len() > 1 && dated.len() == parts.len() {
        for range in dated {
            interpret::blackout(b, whole.sub(range.clone()), Confidence::Medium);
        }
        return;
    }
    interpret::blackout(b, whole, Confidence::Medium);
}

fn dated(
    b: &mut Builder<'_>,
    passage: Passage<'_>,
    lean: Lean,
    take: impl FnOnce(&mut Builder<'_>, jiff::civil::Date, Passage<'_>, Confidence),
) {
    if let Some(Ok(found)) = date::find(passage.text, &b.frame(lean))
        && let Some((date, sure)) = interpret::day(b, &found, passage, Confidence::Medium)
    {
        take(b, date, passage.sub(found.range), sure);
    }
}

/// `Not in scope: custom reports, data cleansing` lists; other wordings are kept as a sentence.
fn non_scope(b: &mut Builder<'_>, whole: Passage<'_>) {
    for phrase in [
        "excludes",
        "excluding",
        "does not include",
        "not in scope:",
        "out of scope:",
    ] {
        if let Some(range) = find_in(whole.text, phrase.trim_end_matches(':')) {
            let rest = whole
                .sub(range.end..whole.text.len())
                .trim_matches(|c: char| c.is_whitespace() || c == ':');
            if range.start <= 40 && rest.text.len() > 2 && !rest.text.contains(". ") {
                b.structure(whole.sub(0..range.end));
                for item in list::split(rest.text, Separators::Words) {
                    let item = rest.sub(item);
                    b.add(
                        |d| &mut d.non_scope,
                        interpret::clean(item.text),
                        item,
                        Confidence::Medium,
                    );
                }
                return;
            }
        }
    }
    b.add(
        |d| &mut d.non_scope,
        interpret::clean(whole.text),
        whole,
        Confidence::Medium,
    );
}

/// Names after "evaluated", "over", "instead of", and the reason after "because".
fn competitors(b: &mut Builder<'_>, passage: Passage<'_>) {
    for phrase in [
        "chose us over",
        "picked us over",
        "chosen over",
        "won against",
        "won over",
        "compared us with",
        "compared us to",
        "compared with",
        "evaluated",
        "also considered",
        "considered",
        "looked at",
        "shortlisted",
        "instead of",
        "verglichen mit",
        "plutôt que",
        "en lugar de",
    ] {
        let Some(at) = find_in(passage.text, phrase) else {
            continue;
        };
        let tail = passage.sub(at.end..passage.text.len()).trim();
        let stop = [
            " because ",
            " but ",
            " since ",
            " as they ",
            " before ",
            " and chose ",
            " weil ",
            " parce que ",
            " porque ",
            ", who ",
            " for ",
        ]
        .iter()
        .filter_map(|word| tail.text.find(word))
        .min()
        .unwrap_or(tail.text.len());
        let names = tail
            .sub(0..stop)
            .trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ':' | ','));
        let why = [" because ", " since ", " weil ", " parce que ", " porque "]
            .iter()
            .find_map(|word| {
                tail.text
                    .find(word)
                    .and_then(|at| tail.text.get(at + word.len()..))
            })
            .map(|why| interpret::clean(why.trim_end_matches(['.', '!'])));
        for range in list::split(names.text, Separators::Words) {
            let name = names.sub(range);
            let capital = name
                .text
                .starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
            let folded = fold(name.text);
            if !capital
                || name.text.split_whitespace().count() > 4
                || matches!(folded.as_str(), "us" | "it" | "them")
            {
                continue;
            }
            let alternative = Alternative {
                name: interpret::clean(name.text),
                why_not: why.clone(),
            };
            if !b
                .deal
                .alternatives
                .iter()
                .any(|known| known.value.name.eq_ignore_ascii_case(&alternative.name))
            {
                b.add(
                    |d| &mut d.alternatives,
                    alternative,
                    name,
                    Confidence::Medium,
                );
            } else {
                b.structure(name);
            }
        }
        return;
    }
}

/// Numbers with a noun that names them: money, users, employees, sites, the term; also SSO, systems, country.
fn scalars(b: &mut Builder<'_>, passage: Passage<'_>, folded: &str) {
    let has_digit = passage.text.contains(|c: char| c.is_ascii_digit());
    if (has_digit || folded.contains("thousand") || folded.contains("million"))
        && b.deal.acv.is_none()
        && b.total.is_none()
        && let Some(found) = money::find_clear(passage.text, b.currency)
        && (says(folded, MONEY) || found.per != Per::Unsaid)
    {
        interpret::take_amount(
            b,
            &found,
            found.per,
            passage.sub(found.range.clone()),
            Confidence::Medium,
        );
    }
    if let Some((count, range)) = users_in(passage.text) {
        interpret::set_users(b, count, passage.sub(range), Confidence::Medium);
    }
    if let Some((count, range)) = counted(
        passage.text,
        &[
            "employees",
            "staff",
            "mitarbeiter",
            "mitarbeitende",
            "mitarbeitern",
            "salaries",
            "collaborateurs",
            "empleados",
            "fte",
        ],
    ) {
        b.set(
            "The number of employees",
            |d| &mut d.employees,
            count,
            passage.sub(range),
            Confidence::Medium,
        );
    }
    if let Some(found) = place::find_sites(passage.text) {
        interpret::set_sites(
            b,
            found.count,
            found.noun,
            Vec::new(),
            passage.sub(found.range),
            Confidence::Medium,
        );
    }
    if [
        "contract",
        "term",
        "agreement",
        "deal",
        "vertrag",
        "laufzeit",
        "contrat",
        "contrato",
        "subscription",
    ]
    .iter()
    .any(|word| has_phrase(folded, word))
        && b.deal.term_months.is_none()
        && let Some(found) = duration::find(passage.text)
        && matches!(found.unit, duration::Unit::Year | duration::Unit::Month)
        && let Some(months) = found.months().filter(|m| (1..=240).contains(m))
    {
        b.set(
            "The contract term",
            |d| &mut d.term_months,
            months,
            passage.sub(found.range),
            Confidence::Medium,
        );
    }
    if let Some(phrase) = INTEGRATE
        .iter()
        .find(|phrase| has_phrase(folded, phrase))
        .and_then(|phrase| find_in(passage.text, phrase))
    {
        let tail = passage.sub(phrase.end..passage.text.len());
        let stop = [
            " for ",
            " to ",
            " so ",
            " which ",
            " via ",
            ". ",
            " by ",
            " because ",
        ]
        .iter()
        .filter_map(|word| tail.text.find(word))
        .min()
        .unwrap_or(tail.text.len());
        let names = tail.sub(0..stop);
        for range in list::split(names.text, Separators::Words) {
            let item = names.sub(range);
            let item = ["their ", "the ", "an existing ", "existing "]
                .iter()
                .find_map(|word| {
                    item.text
                        .strip_prefix(word)
                        .map(|_| item.sub(word.len()..item.text.len()))
                })
                .unwrap_or(item);
            if item
                .text
                .starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
                && item.text.split_whitespace().count() <= 5
                && sso_in(item.text).is_none()
            {
                interpret::integration(b, item, Confidence::Medium);
            }
        }
    }
    if let Some(found) = sso_in(passage.text) {
        let here = passage.sub(found.range);
        b.set(
            "Single sign-on",
            |d| &mut d.sso,
            found.provider,
            here,
            Confidence::Medium,
        );
    }
    for phrase in [
        "based in",
        "headquartered in",
        "located in",
        "sitz in",
        "mit sitz in",
        "basée en",
        "basé en",
        "basée à",
        "con sede en",
        "operate in",
        "operating in",
    ] {
        if let Some(at) = find_in(passage.text, phrase) {
            let tail = passage.sub(at.end..passage.text.len());
            let tail = tail.trim_matches(|c: char| c.is_whitespace() || c == '.');
            let stop = tail.text.find([';', '.']).unwrap_or(tail.text.len());
            let near = tail.sub(0..stop);
            if let Some((code, range)) =
                place::country_in(near.text).or_else(|| first_words_country(near.text))
            {
                b.set(
                    "The country",
                    |d| &mut d.country,
                    code.to_owned(),
                    near.sub(range),
                    Confidence::Medium,
                );
            }
            break;
        }
    }
}

fn first_words_country(text: &str) -> Option<(&'static str, Range<usize>)> {
    let ends: Vec<usize> = text
        .char_indices()
        .filter(|(_, c)| !c.is_alphanumeric())
        .map(|(at, _)| at)
        .take(3)
        .collect();
    ends.into_iter().rev().find_map(|end| {
        text.get(..end)
            .and_then(place::country)
            .map(|code| (code, 0..end))
    })
}

/// A count directly before (at most two words apart from) one of the folded nouns.
fn counted(text: &str, nouns: &[&str]) -> Option<(u32, Range<usize>)> {
    let mut boundary = true;
    for (start, c) in text.char_indices() {
        if boundary
            && (c.is_ascii_digit() || matches!(c, '~' | '≈') || c.is_alphabetic())
            && let Some(number) = number::count_at(text, start)
            && let Some(count) = number.value.as_u32()
        {
            let mut at = number.range.end;
            for _ in 0..3 {
                let rest = text.get(at..).unwrap_or("");
                let gap = rest.len() - rest.trim_start_matches([' ', '\u{a0}', '-']).len();
                let word = rest.get(gap..).unwrap_or("");
                let length = word
                    .find(|c: char| !c.is_alphanumeric())
                    .unwrap_or(word.len());
                if gap == 0 || length == 0 {
                    break;
                }
                let folded = fold(word.get(..length).unwrap_or(""));
                if nouns.contains(&folded.as_str()) {
                    return Some((count, start..at + gap + length));
                }
                at += gap + length;
            }
        }
        boundary = !c.is_alphanumeric() && !matches!(c, '.' | ',' | '$' | '€' | '£' | '/' | '-');
    }
    None
}

/// `~900 users`, `about 40 people`, `2.4k named users`, `250 Lizenzen`.
pub(crate) fn users_in(text: &str) -> Option<(u32, Range<usize>)> {
    counted(
        text,
        &[
            "users",
            "user",
            "seats",
            "seat",
            "licenses",
            "licences",
            "people",
            "logins",
            "benutzer",
            "benutzern",
            "nutzer",
            "nutzern",
            "anwender",
            "anwendern",
            "lizenzen",
            "personen",
            "utilisateurs",
            "utilisateur",
            "personnes",
            "licencias",
            "usuarios",
            "personas",
        ],
    )
}

/// A sign-on found in text.
pub(crate) struct SsoFound {
    /// The provider, or `yes`.
    pub(crate) provider: String,
    pub(crate) range: Range<usize>,
    /// The text says nothing else.
    pub(crate) whole: bool,
}

/// Identity providers by the words people use, folded, and their usual spelling.
const PROVIDERS: &[(&str, &str)] = &[
    ("okta", "Okta"),
    ("entra id", "Microsoft Entra ID"),
    ("microsoft entra id", "Microsoft Entra ID"),
    ("microsoft entra", "Microsoft Entra ID"),
    ("entra", "Microsoft Entra ID"),
    ("azure ad", "Azure AD"),
    ("azure active directory", "Azure AD"),
    ("aad", "Azure AD"),
    ("adfs", "ADFS"),
    ("ad fs", "ADFS"),
    ("onelogin", "OneLogin"),
    ("ping identity", "Ping Identity"),
    ("pingone", "PingOne"),
    ("auth0", "Auth0"),
    ("google workspace", "Google Workspace"),
    ("keycloak", "Keycloak"),
    ("jumpcloud", "JumpCloud"),
    ("duo", "Duo"),
];

/// A sign-on named in text: a provider, or only that there is one.
pub(crate) fn sso_in(text: &str) -> Option<SsoFound> {
    let generic = [
        "sso",
        "single sign-on",
        "single sign on",
        "single-sign-on",
        "saml",
        "oidc",
    ]
    .iter()
    .find_map(|word| find_in(text, word));
    let provider = PROVIDERS
        .iter()
        .find_map(|(word, name)| find_in(text, word).map(|range| (range, *name)));
    match (provider, generic) {
        (Some((range, name)), generic) => {
            let range = generic.map_or(range.clone(), |other| {
                range.start.min(other.start)..range.end.max(other.end)
            });
            let whole = is_whole(text, &range);
            // A provider's name alone in prose may be anything; with "SSO" beside it, it is the sign-on.
            Some(SsoFound {
                provider: name.to_owned(),
                range,
                whole,
            })
        }
        (None, Some(range)) => {
            let whole = is_whole(text, &range);
            Some(SsoFound {
                provider: "yes".to_owned(),
                range,
                whole,
            })
        }
        (None, None) => None,
    }
}

fn is_whole(text: &str, range: &Range<usize>) -> bool {
    let outside = |piece: Option<&str>| {
        piece.is_none_or(|piece| {
            crate::lines::only_connects(piece)
                || matches!(
                    fold(piece).as_str(),
                    "required" | "needed" | "saml" | "saml 2 0" | "login"
                )
        })
    };
    outside(text.get(..range.start)) && outside(text.get(range.end..))
}
