//! The files of a package: the one table of what there is, for whom, and in which formats.

use gangway_domain::package::Meeting;

use super::Format::{self, Docx, Html, Md, Pdf, Pptx, Xlsx};

/// Who a document is written for; it decides what its template may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Audience {
    /// The vendor's own people.
    Vendor,
    /// The customer (and the vendor).
    Customer,
}

/// A document of the package: a template of the methodology and the formats it comes in.
#[derive(Debug, Clone, Copy)]
pub(super) struct DocumentSpec {
    /// Name of the template and of the files, without ending.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// What it is for, one line.
    pub purpose: &'static str,
    /// For whom.
    pub audience: Audience,
    /// Formats made from the template; a spreadsheet is made from the package itself.
    pub formats: &'static [Format],
    /// What must be in the programme for the document to make sense.
    pub needs: Needs,
}

/// What a programme must hold for a document or e-mail to have a use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// Nothing: every package has it.
    Nothing,
    /// A kickoff meeting; programmes that onboard without people have none.
    Kickoff,
}

impl Needs {
    /// Whether a package with these meetings has what is needed.
    pub fn met_by(self, meetings: &[Meeting]) -> bool {
        match self {
            Self::Nothing => true,
            Self::Kickoff => meetings.iter().any(|meeting| meeting.kickoff),
        }
    }
}

const fn document(
    name: &'static str,
    title: &'static str,
    audience: Audience,
    formats: &'static [Format],
    purpose: &'static str,
) -> DocumentSpec {
    DocumentSpec { name, title, purpose, audience, formats, needs: Needs::Nothing }
}

const fn for_kickoff(spec: DocumentSpec) -> DocumentSpec {
    DocumentSpec { needs: Needs::Kickoff, ..spec }
}

/// Every document, in the order in which it is needed.
pub(super) const DOCUMENTS: &[DocumentSpec] = &[
    document(
        "handoff",
        "Handoff document",
        Audience::Vendor,
        &[Md, Html, Docx, Pdf],
        "What sales knows, promised and worries about",
    ),
    for_kickoff(document(
        "internal-handoff-agenda",
        "Internal handoff agenda",
        Audience::Vendor,
        &[Md, Html],
        "The meeting in which the handoff is questioned",
    )),
    for_kickoff(document(
        "customer-introduction-agenda",
        "Customer introduction agenda",
        Audience::Customer,
        &[Md, Html],
        "The account executive introduces the team",
    )),
    document(
        "confirmation-sheet",
        "Did we get this right?",
        Audience::Customer,
        &[Md, Html, Docx],
        "What we understood, to confirm or correct",
    ),
    for_kickoff(document(
        "kickoff-deck",
        "Kickoff deck",
        Audience::Customer,
        &[Pptx, Pdf],
        "Slides with notes for whoever leads the meeting",
    )),
    document(
        "implementation-plan",
        "Implementation plan",
        Audience::Customer,
        &[Docx, Xlsx, Pdf, Md, Html],
        "Phases, tasks, gates and dates of both sides",
    ),
    document(
        "joint-impact-plan",
        "Joint impact plan",
        Audience::Customer,
        &[Md, Html, Docx, Pdf],
        "Goals, outcomes and what proves them",
    ),
    document(
        "raci-matrix",
        "RACI matrix",
        Audience::Customer,
        &[Md, Html, Xlsx],
        "Who does, answers, advises and is told",
    ),
    document(
        "stakeholder-map",
        "Stakeholder map",
        Audience::Vendor,
        &[Md, Html, Docx],
        "Power and interest, gaps, communication and change",
    ),
    document(
        "training-plan",
        "Training plan",
        Audience::Customer,
        &[Md, Html, Docx],
        "Who learns what, when, and how we know",
    ),
    document(
        "activation-scorecard",
        "Activation scorecard",
        Audience::Vendor,
        &[Md, Html, Xlsx],
        "What must be seen in the product by when",
    ),
    document(
        "go-live-readiness",
        "Go-live readiness",
        Audience::Customer,
        &[Md, Html, Docx],
        "Checklist, approvals, hypercare, rollback",
    ),
    document(
        "health-monitoring",
        "Health monitoring",
        Audience::Vendor,
        &[Md, Html],
        "Score, weekly review, signals and what to do",
    ),
];

/// An e-mail of the package.
#[derive(Debug, Clone, Copy)]
pub(super) struct EmailSpec {
    /// Name of the template and of the files.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// What must be in the programme for the e-mail to make sense.
    pub needs: Needs,
}

/// Every e-mail; all of them go to the customer.
pub(super) const EMAILS: &[EmailSpec] = &[
    EmailSpec { name: "welcome", title: "Welcome", needs: Needs::Nothing },
    EmailSpec { name: "kickoff-invite", title: "Invitation to the kickoff", needs: Needs::Kickoff },
];

/// Parts of an e-mail, by ending.
pub(super) const EMAIL_PARTS: [&str; 3] = ["subject.txt", "txt", "html"];

/// The page that shows it all.
pub(super) const INDEX: &str = "index.html";
/// The machine-readable package.
pub(super) const JSON: &str = "package.json";
/// All meetings in one calendar.
pub(super) const CALENDAR: &str = "calendar.ics";
/// Folder of the single meetings.
pub(super) const MEETINGS: &str = "meetings/";

/// The media type of a file, by its ending.
pub(super) fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "md" => "text/markdown; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "pdf" => "application/pdf",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "ics" => "text/calendar; charset=utf-8",
        "json" => "application/json",
        _ => "application/octet-stream",
    }
}

/// Whether a path is one that a package can hold.
pub(super) fn is_ours(path: &str) -> bool {
    let document = || {
        path.rsplit_once('.').is_some_and(|(name, ending)| {
            DOCUMENTS
                .iter()
                .any(|spec| spec.name == name && spec.formats.iter().any(|format| format.name() == ending))
        })
    };
    let email = || {
        path.strip_prefix("emails/").is_some_and(|rest| {
            EMAILS.iter().any(|spec| {
                rest.strip_prefix(spec.name)
                    .and_then(|r| r.strip_prefix('.'))
                    .is_some_and(|part| EMAIL_PARTS.contains(&part))
            })
        })
    };
    let meeting =
        || path.strip_prefix(MEETINGS).is_some_and(|rest| !rest.contains('/') && rest.ends_with(".ics"));
    matches!(path, INDEX | JSON | CALENDAR) || document() || email() || meeting()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_its_own_files() {
        for path in [
            "index.html",
            "handoff.pdf",
            "kickoff-deck.pptx",
            "emails/welcome.subject.txt",
            "emails/kickoff-invite.html",
            "meetings/kickoff.ics",
        ] {
            assert!(is_ours(path), "{path}");
        }
        for path in [
            "notes.txt",
            "kickoff-deck.md",
            "emails/welcome.exe",
            "meetings/a/b.ics",
            "handoff",
            "handoff.md.bak",
        ] {
            assert!(!is_ours(path), "{path}");
        }
    }
}
