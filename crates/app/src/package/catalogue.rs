//! What a package holds, as people look for it: grouped by whom it is for, one entry per document
//! whatever the number of its formats.

use gangway_domain::package::Meeting;

use super::files::{self, Audience, DOCUMENTS, EMAIL_PARTS, EMAILS};
use super::press::meeting_paths;

/// Documents for the same readers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Whom or what they are for.
    pub title: &'static str,
    /// The documents, in the order in which they are needed.
    pub entries: Vec<Entry>,
}

/// A document in all its formats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What people call it.
    pub title: String,
    /// What it is for, one line.
    pub purpose: String,
    /// Paths inside the package, the best for reading in place first.
    pub paths: Vec<String>,
    /// Name of the template whose words people can change.
    pub template: Option<&'static str>,
}

/// Everything a package with these meetings holds.
#[must_use]
pub fn catalogue(meetings: &[Meeting]) -> Vec<Group> {
    vec![
        Group { title: "For the customer", entries: documents(Audience::Customer, meetings) },
        Group { title: "For your team", entries: documents(Audience::Vendor, meetings) },
        Group { title: "E-mails to send", entries: emails(meetings) },
        Group { title: "Meetings", entries: invitations(meetings) },
        Group {
            title: "All of it",
            entries: vec![
                entry("Overview", "Everything above on one page that works offline", &[files::INDEX]),
                entry("Package data", "The same for programs", &[files::JSON]),
            ],
        },
    ]
}

fn entry(title: &str, purpose: &str, paths: &[&str]) -> Entry {
    Entry {
        title: title.to_owned(),
        purpose: purpose.to_owned(),
        paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        template: None,
    }
}

fn documents(audience: Audience, meetings: &[Meeting]) -> Vec<Entry> {
    DOCUMENTS
        .iter()
        .filter(|spec| spec.audience == audience && spec.needs.met_by(meetings))
        .map(|spec| {
            let mut endings: Vec<&str> = spec.formats.iter().map(|format| format.name()).collect();
            // A page or a PDF can be read where one is; the others are for taking along.
            endings.sort_by_key(|ending| match *ending {
                "html" => 0,
                "pdf" => 1,
                "md" => 3,
                _ => 2,
            });
            Entry {
                title: spec.title.to_owned(),
                purpose: spec.purpose.to_owned(),
                paths: endings.into_iter().map(|ending| format!("{}.{ending}", spec.name)).collect(),
                template: Some(spec.name),
            }
        })
        .collect()
}

fn emails(meetings: &[Meeting]) -> Vec<Entry> {
    EMAILS
        .iter()
        .filter(|spec| spec.needs.met_by(meetings))
        .map(|spec| Entry {
            title: spec.title.to_owned(),
            purpose: "Subject, text and page, ready to send".to_owned(),
            paths: EMAIL_PARTS.iter().rev().map(|part| format!("emails/{}.{part}", spec.name)).collect(),
            template: Some(spec.name),
        })
        .collect()
}

fn invitations(meetings: &[Meeting]) -> Vec<Entry> {
    let all = entry("All meetings", "One calendar to subscribe to or import", &[files::CALENDAR]);
    let single = meeting_paths(meetings).into_iter().map(|(path, meeting)| Entry {
        title: meeting.title.clone(),
        purpose: format!(
            "{} at {}{}",
            meeting.on.strftime("%-d %b %Y"),
            meeting.at,
            if meeting.then.is_empty() {
                String::new()
            } else {
                format!(", then {} more", meeting.then.len())
            }
        ),
        paths: vec![path],
        template: None,
    });
    std::iter::once(all).chain(single).collect()
}
