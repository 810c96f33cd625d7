//! Our own deal files: JSON, TOML and YAML of [`DealInput`].

use gangway_domain::deal::{
    Alternative, Blackout, Concern, Deal, DealFormat, Integration, Promise, Reading, RedFlag, Stakeholder,
    StakeholderRole, SuccessCriterion, TeamMember,
};
use gangway_domain::fact::{Confidence, Fact};
use jiff::civil::Date;

use crate::ReadContext;
use crate::builder::Builder;
use crate::error::{IntakeError, Place};
use crate::interpret;
use crate::labels::Field;
use crate::schema::{Amount, DealInput, Entry, KEYS, Many, PersonInput, SitesInput, Text, Texts};
use crate::source::{Passage, SourceText};
use crate::values::date::{self, Lean};
use crate::values::words::{fold, nearest};
use crate::values::{number, people, roles};

const SURE: Confidence = Confidence::High;

/// Reads a deal file.
pub(crate) fn read(
    source: &SourceText,
    format: DealFormat,
    context: &ReadContext,
) -> Result<Reading, IntakeError> {
    let input = parse(source, format)?;
    let mut builder = Builder::new(context);
    fill(&mut builder, input)?;
    Ok(builder.finish(format, None).0)
}

fn parse(source: &SourceText, format: DealFormat) -> Result<DealInput, IntakeError> {
    let text = source.text();
    match format {
        DealFormat::Toml => toml::from_str(text).map_err(|error| {
            let place = error.span().map_or_else(Place::default, |span| {
                let span = source.span(&span);
                Place::at(span.line, span.column)
            });
            explain(format, error.message(), place)
        }),
        DealFormat::Yaml => {
            let options = serde_saphyr::options! { with_snippet: false };
            serde_saphyr::from_str_with_options(text, options).map_err(|error| {
                let place = error
                    .location()
                    .map_or_else(Place::default, |at| Place::at(small(at.line()), small(at.column())));
                explain(format, &error.to_string(), place)
            })
        }
        _ => serde_json::from_str(text).map_err(|error| json_error(format, &error)),
    }
}

/// Lines and columns of parsers that count in 64 bits; inputs are far smaller.
fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A `serde_json` error with its place.
pub(crate) fn json_error(format: DealFormat, error: &serde_json::Error) -> IntakeError {
    let place = Place::at(small(error.line() as u64), small(error.column() as u64));
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
    explain(format, &message, place)
}

/// Turns a parser's words into an error that says what to do.
fn explain(format: DealFormat, message: &str, place: Place) -> IntakeError {
    let message = message.lines().next().unwrap_or(message);
    let lower = message.to_lowercase();
    if ["recursion limit", "depth", "nesting", "nested"].iter().any(|word| lower.contains(word)) {
        return IntakeError::TooDeep { place, limit: 64 };
    }
    if lower.contains("budget") || lower.contains("alias") && lower.contains("limit") {
        let message = "it has more values than a deal can have; send only the deal".to_owned();
        return IntakeError::Syntax { format, place, message };
    }
    if let Some(rest) = message.split("unknown field `").nth(1)
        && let Some((key, rest)) = rest.split_once('`')
    {
        let mut known: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
        if known.is_empty() {
            // Some parsers list the known keys without marks.
            known = rest.split("expected one of ").nth(1).map_or_else(Vec::new, |list| {
                list.split(", ")
                    .map(|key| key.trim_matches(|c: char| !c.is_alphanumeric() && c != '_'))
                    .filter(|key| !key.is_empty())
                    .collect()
            });
        }
        if known.is_empty() {
            known = KEYS.to_vec();
        }
        return IntakeError::UnknownKey {
            key: key.chars().filter(|&c| !crate::decode::is_stripped(c)).take(80).collect(),
            place,
            suggestion: suggest(key, &known),
            known: known.join(", "),
        };
    }
    IntakeError::Syntax { format, place, message: message.to_owned() }
}

/// The known key that was probably meant: by spelling, or because it is another word for it.
fn suggest(key: &str, known: &[&str]) -> Option<String> {
    let by_meaning = crate::labels::lookup_api_name(key).and_then(|field| {
        known.iter().find(|candidate| crate::labels::lookup_api_name(candidate) == Some(field)).copied()
    });
    nearest(key, known.iter().copied()).or(by_meaning).map(str::to_owned)
}

/// A value that its key does not allow.
fn wrong(path: &str, value: &str, expected: &'static str, example: &'static str) -> IntakeError {
    IntakeError::Value {
        place: Place::path(path),
        value: value.chars().filter(|&c| !crate::decode::is_stripped(c)).take(80).collect(),
        expected,
        example,
    }
}

/// Reads a single value with the reader of its field; a value that cannot be understood is an error here.
fn one(b: &mut Builder<'_>, field: Field, path: &str, text: Option<&Text>) -> Result<(), IntakeError> {
    let Some(Text(text)) = text else {
        return Ok(());
    };
    let passage = Passage::field(text, path);
    let before = b.notice_count();
    interpret::value(b, field, passage, SURE);
    if b.notices_since(before).any(|notice| {
        matches!(notice.code.as_str(), "not_understood" | "unknown_currency" | "impossible_date")
    }) {
        let (expected, example) = expectation(field);
        return Err(wrong(path, text, expected, example));
    }
    Ok(())
}

/// What a field expects, and an example of it.
fn expectation(field: Field) -> (&'static str, &'static str) {
    match field {
        Field::Acv | Field::Tcv | Field::Mrr => ("an amount in a known currency", "95K USD or 95000"),
        Field::Currency => ("an ISO 4217 currency code", "EUR"),
        Field::Term => ("a contract term", "36 or 3 years"),
        Field::GoLive => ("a go-live target", "2027-03-15 or 60 days"),
        Field::Users | Field::Employees | Field::Sites => ("a number", "900"),
        Field::Maturity => ("a maturity", "novice, practitioner or expert"),
        Field::Country => ("a country", "DE or Germany"),
        _ => ("a date", "2027-03-15"),
    }
}

/// A list of texts: entries of a list are kept as they are, a single text may hold several.
fn texts(
    b: &mut Builder<'_>,
    field: Field,
    path: &str,
    list: impl Fn(&mut Deal) -> &mut Vec<Fact<String>>,
    texts: Option<&Texts>,
) {
    let Some(texts) = texts else { return };
    for (index, text) in texts.items.iter().enumerate() {
        if texts.single {
            interpret::value(b, field, Passage::field(text, path), SURE);
        } else if is_seen(text) && !crate::lines::is_placeholder(text) {
            let path = format!("{path}[{index}]");
            b.add(&list, interpret::clean(text), Passage::field(text, &path), SURE);
        }
    }
}

/// A list of entries: words go through the reader of the field, objects through `full`.
fn entries<T>(
    b: &mut Builder<'_>,
    field: Field,
    path: &str,
    many: Option<Many<T>>,
    mut full: impl FnMut(&mut Builder<'_>, T, &str) -> Result<(), IntakeError>,
) -> Result<(), IntakeError> {
    let Some(many) = many else { return Ok(()) };
    let single = many.single;
    for (index, entry) in many.items.into_iter().enumerate() {
        let path = if single { path.to_owned() } else { format!("{path}[{index}]") };
        match entry {
            Entry::Text(text) => interpret::value(b, field, Passage::field(&text, &path), SURE),
            Entry::Full(value) => full(b, value, &path)?,
        }
    }
    Ok(())
}

/// The text of a required key of an object.
fn required(text: Option<Text>, path: &str, key: &str) -> Result<String, IntakeError> {
    match text.map(|Text(text)| interpret::clean(&text)).filter(|text| is_seen(text)) {
        Some(text) => Ok(text),
        None => Err(wrong(&format!("{path}.{key}"), "", "a text (it is missing)", "a few words")),
    }
}

fn optional(text: Option<Text>) -> Option<String> {
    text.map(|Text(text)| interpret::clean(&text))
        .filter(|text| is_seen(text) && !crate::lines::is_placeholder(text))
}

/// Whether a text has more than characters that will be removed.
fn is_seen(text: &str) -> bool {
    !text.chars().all(crate::decode::is_stripped)
}

fn day(b: &mut Builder<'_>, text: Option<Text>, path: &str) -> Result<Option<Date>, IntakeError> {
    let Some(Text(text)) = text else {
        return Ok(None);
    };
    match date::find(&text, &b.frame(Lean::Future)) {
        Some(Ok(found)) if !number::has_minus(&text, found.range.start) => {
            Ok(interpret::day(b, &found, Passage::field(&text, path), SURE).map(|(date, _)| date))
        }
        _ => Err(wrong(path, &text, "a date", "2027-03-15")),
    }
}

fn amount(b: &mut Builder<'_>, field: Field, path: &str, amount: Option<Amount>) -> Result<(), IntakeError> {
    let text = match amount {
        None => return Ok(()),
        // A YAML or JSON number has a decimal point and no grouping.
        Some(Amount::Text(Text(text))) => plain_number(text),
        Some(Amount::Full(full)) => {
            let currency = full.currency.map(|Text(code)| code).unwrap_or_default();
            format!("{} {currency}", plain_number(full.amount.0)).trim().to_owned()
        }
    };
    one(b, field, path, Some(&Text(text)))
}

/// `95000.125` has no grouping in a file; two decimals keep the reader from seeing one.
fn plain_number(text: String) -> String {
    match text.split_once('.') {
        Some((whole, part))
            if part.len() == 3
                && !whole.is_empty()
                && whole.len() > 3
                && text.bytes().all(|b| b.is_ascii_digit() || b == b'.') =>
        {
            format!("{text}0")
        }
        _ => text,
    }
}

fn fill(b: &mut Builder<'_>, input: DealInput) -> Result<(), IntakeError> {
    one(b, Field::Currency, "currency", input.currency.as_ref())?;
    for (field, path, text) in [
        (Field::ExternalId, "external_id", &input.external_id),
        (Field::Title, "title", &input.title),
        (Field::Customer, "customer", &input.customer),
        (Field::Industry, "industry", &input.industry),
        (Field::Employees, "employees", &input.employees),
        (Field::Website, "website", &input.website),
        (Field::Country, "country", &input.country),
        (Field::Maturity, "maturity", &input.maturity),
        (Field::Term, "term_months", &input.term_months),
        (Field::ClosedOn, "closed_on", &input.closed_on),
        (Field::ContractStart, "contract_start", &input.contract_start),
        (Field::Users, "users", &input.users),
        (Field::Kickoff, "kickoff_on", &input.kickoff_on),
        (Field::GoLive, "go_live", &input.go_live),
        (Field::QuickWin, "quick_win_by", &input.quick_win_by),
        (Field::Roi, "roi_by", &input.roi_by),
        (Field::Sso, "sso", &input.sso),
        (Field::FirstContact, "first_contact", &input.first_contact),
        (Field::SalesCycle, "sales_cycle", &input.sales_cycle),
    ] {
        one(b, field, path, text.as_ref())?;
    }
    amount(b, Field::Acv, "acv", input.acv)?;
    amount(b, Field::Tcv, "tcv", input.tcv)?;
    amount(b, Field::Mrr, "mrr", input.mrr)?;
    texts(b, Field::Products, "products", |d| &mut d.products, input.products.as_ref());
    texts(b, Field::UseCases, "use_cases", |d| &mut d.use_cases, input.use_cases.as_ref());
    texts(b, Field::Situation, "situation", |d| &mut d.situation, input.situation.as_ref());
    texts(b, Field::Pain, "pain", |d| &mut d.pain, input.pain.as_ref());
    texts(b, Field::Impact, "impact", |d| &mut d.impact, input.impact.as_ref());
    texts(
        b,
        Field::CriticalEvent,
        "critical_event",
        |d| &mut d.critical_event,
        input.critical_event.as_ref(),
    );
    texts(b, Field::Decision, "decision", |d| &mut d.decision, input.decision.as_ref());
    texts(b, Field::DataSources, "data_sources", |d| &mut d.data_sources, input.data_sources.as_ref());
    texts(b, Field::Constraints, "constraints", |d| &mut d.constraints, input.constraints.as_ref());
    texts(b, Field::NonScope, "non_scope", |d| &mut d.non_scope, input.non_scope.as_ref());
    texts(b, Field::Relationship, "relationship", |d| &mut d.relationship, input.relationship.as_ref());
    texts(b, Field::Approach, "approach", |d| &mut d.approach, input.approach.as_ref());
    texts(b, Field::Notes, "notes", |d| &mut d.notes, input.notes.as_ref());
    entries(b, Field::Stakeholders, "stakeholders", input.stakeholders, person)?;
    sites(b, input.sites)?;
    entries(b, Field::Alternatives, "alternatives", input.alternatives, |b, full, path| {
        let value = Alternative { name: required(full.name, path, "name")?, why_not: optional(full.why_not) };
        b.add(|d| &mut d.alternatives, value, Passage::field("", path), SURE);
        Ok(())
    })?;
    entries(b, Field::Success, "success_criteria", input.success_criteria, |b, full, path| {
        let by = day(b, full.by, &format!("{path}.by"))?;
        let (metric, baseline, target) =
            (optional(full.metric), optional(full.baseline), optional(full.target));
        let value =
            SuccessCriterion { text: required(full.text, path, "text")?, metric, baseline, target, by };
        b.add(|d| &mut d.success_criteria, value, Passage::field("", path), SURE);
        Ok(())
    })?;
    entries(b, Field::Team("ae"), "team", input.team, |b, full, path| {
        let role = required(full.role, path, "role")?;
        let value = TeamMember {
            name: required(full.name, path, "name")?,
            role: team_role(&role),
            email: optional(full.email),
        };
        b.add(|d| &mut d.team, value, Passage::field("", path), SURE);
        Ok(())
    })?;
    entries(b, Field::Blackouts, "blackouts", input.blackouts, |b, full, path| {
        let from = required(full.from.clone(), path, "from")
            .and_then(|_| day(b, full.from, &format!("{path}.from")))?;
        let to =
            required(full.to.clone(), path, "to").and_then(|_| day(b, full.to, &format!("{path}.to")))?;
        let (Some(from), Some(to)) = (from, to) else {
            return Ok(());
        };
        if to < from {
            return Err(wrong(
                path,
                &format!("{from} to {to}"),
                "a period (it ends before it begins)",
                "from 2026-12-15 to 2027-01-05",
            ));
        }
        b.add(
            |d| &mut d.blackouts,
            Blackout { from, to, reason: optional(full.reason) },
            Passage::field("", path),
            SURE,
        );
        Ok(())
    })?;
    entries(b, Field::Integrations, "integrations", input.integrations, |b, full, path| {
        let value =
            Integration { system: required(full.system, path, "system")?, detail: optional(full.detail) };
        b.add(|d| &mut d.integrations, value, Passage::field("", path), SURE);
        Ok(())
    })?;
    entries(b, Field::Concerns, "concerns", input.concerns, |b, full, path| {
        let value = Concern { text: required(full.text, path, "text")?, answer: optional(full.answer) };
        b.add(|d| &mut d.concerns, value, Passage::field("", path), SURE);
        Ok(())
    })?;
    entries(b, Field::Promises, "promises", input.promises, |b, full, path| {
        let by = day(b, full.by, &format!("{path}.by"))?;
        let text = required(full.text, path, "text")?;
        let within = if by.is_none() { interpret::promised_within(&text) } else { None };
        let value = Promise { text, by, who: optional(full.who), within };
        b.add(|d| &mut d.promises, value, Passage::field("", path), SURE);
        Ok(())
    })?;
    entries(b, Field::RedFlags, "red_flags", input.red_flags, |b, full, path| {
        let severity = match &full.severity {
            Some(Text(text)) => Some(interpret::severity(text).ok_or_else(|| {
                wrong(&format!("{path}.severity"), text, "a severity", "low, medium, high or critical")
            })?),
            None => None,
        };
        let value = RedFlag {
            text: required(full.text, path, "text")?,
            severity,
            mitigation: optional(full.mitigation),
        };
        b.add(|d| &mut d.red_flags, value, Passage::field("", path), SURE);
        Ok(())
    })
}

/// A role on the vendor's side as its id: known labels become ids, others are joined by hyphens.
fn team_role(text: &str) -> String {
    match crate::labels::lookup(text) {
        Some(Field::Team(role)) => role.to_owned(),
        _ => fold(text).replace(' ', "-"),
    }
}

fn person(b: &mut Builder<'_>, full: PersonInput, path: &str) -> Result<(), IntakeError> {
    let (name, mut title, email, notes) =
        (optional(full.name), optional(full.title), optional(full.email), optional(full.notes));
    let (role, said) = match &full.role {
        Some(Text(text)) => match stakeholder_role(text) {
            Some(role) => (role, true),
            None => {
                return Err(wrong(
                    &format!("{path}.role"),
                    text,
                    "a stakeholder role",
                    "executive_sponsor, project_lead, champion, technical_lead, business_owner, it_security, end_user, detractor or other",
                ));
            }
        },
        None => (people::one(title.as_deref().unwrap_or(""), 0).stakeholder.role, false),
    };
    let count = match &full.count {
        Some(Text(text)) => number::find_count(text)
            .map(|n| n.value.as_u32_or_max())
            .filter(|&count| count > 0)
            .ok_or_else(|| wrong(&format!("{path}.count"), text, "a number of people", "3"))?,
        None => 1,
    };
    if name.is_none() && title.is_none() && email.is_none() {
        if !said {
            return Err(wrong(
                path,
                "",
                "a person (name and title are missing)",
                "title: VP Operations, role: executive_sponsor",
            ));
        }
        title = full.role.map(|Text(text)| text.replace('_', " "));
    }
    let value = Stakeholder { name, title, role, count, email, notes };
    let confidence = if said { SURE } else { Confidence::Medium };
    let here = Passage::field("", path);
    if !interpret::merge_person(b, &value, confidence, here) {
        b.add(|d| &mut d.stakeholders, value, here, confidence);
    }
    Ok(())
}

/// A role by its id (`executive_sponsor`) or in words.
pub(crate) fn stakeholder_role(text: &str) -> Option<StakeholderRole> {
    let id = fold(text).replace(' ', "_");
    serde_json::from_value(serde_json::Value::String(id)).ok().or_else(|| roles::said_role(text))
}

fn sites(b: &mut Builder<'_>, sites: Option<Many<SitesInput>>) -> Result<(), IntakeError> {
    let Some(many) = sites else { return Ok(()) };
    // A list of names: as many sites as there are names.
    if !many.single && many.items.iter().all(|entry| matches!(entry, Entry::Text(_))) {
        let names: Vec<String> = many
            .items
            .into_iter()
            .filter_map(
                |entry| {
                    if let Entry::Text(name) = entry { Some(interpret::clean(&name)) } else { None }
                },
            )
            .collect();
        if names.len() > 1 {
            let count = u32::try_from(names.len()).unwrap_or(u32::MAX);
            interpret::set_sites(b, count, "site", names, Passage::field("", "sites"), SURE);
            return Ok(());
        }
        return names.into_iter().try_for_each(|name| one(b, Field::Sites, "sites", Some(&Text(name))));
    }
    entries(b, Field::Sites, "sites", Some(many), |b, full, path| {
        let names = full.names.map(|names| names.items).unwrap_or_default();
        let count = match &full.count {
            Some(Text(text)) => number::find_count(text)
                .and_then(|n| n.value.as_u32())
                .ok_or_else(|| wrong(&format!("{path}.count"), text, "a number of sites", "3"))?,
            None => u32::try_from(names.len()).unwrap_or(u32::MAX),
        };
        let noun = optional(full.noun).unwrap_or_else(|| "site".to_owned());
        interpret::set_sites(b, count, &noun, names, Passage::field("", path), SURE);
        Ok(())
    })
}
