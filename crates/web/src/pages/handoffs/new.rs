//! The door for a new deal: paste it, choose a file, or fill a form.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::identity::Session;
use gangway_app::intake::field::{Field, Kind};
use gangway_app::{AppError, crm, handoff, intake};
use gangway_domain::deal::DealFormat;
use gangway_domain::permission::Action;

use super::upload::Upload;
use crate::Web;
use crate::extract::{Answer, Here};
use crate::format::sentence;
use crate::pages::portfolio::paste;
use crate::pages::{Frame, Nav, render};

/// In the address after a deal came that was known already.
pub(crate) const KNOWN: &str = "known";

/// Fields the form asks for, with a hint for each; everything else is added beside the document.
const ASKED: [(&str, &str); 16] = [
    ("customer", ""),
    ("products", "one a line"),
    ("use_cases", "one a line"),
    ("acv", "95K USD"),
    ("term_months", "36 months"),
    ("closed_on", ""),
    ("go_live", "a date, or 60 days after kickoff"),
    ("country", "DE or Germany"),
    ("users", ""),
    ("stakeholders", "one a line: Ann Lee, COO (sponsor)"),
    ("success_criteria", "one a line"),
    ("pain", "one a line"),
    ("promises", "one a line, with the date: first dashboard by 15 March"),
    ("red_flags", "one a line"),
    ("integrations", "one a line: SAP ERP"),
    ("notes", "one a line"),
];

#[derive(Template)]
#[template(path = "pages/handoffs/new.html")]
struct Page {
    frame: Frame,
    text: String,
    problem: Option<String>,
    form_problem: Option<String>,
    inputs: Vec<Input>,
    /// CRMs one can pick from: word in the address, name.
    crms: Vec<(&'static str, &'static str)>,
    may_connect: bool,
}

struct Input {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    many: bool,
    day: bool,
    value: String,
}

/// What was sent, to be shown again.
#[derive(Default)]
struct Sent {
    text: String,
    problem: Option<String>,
    form_problem: Option<String>,
    fields: Vec<(String, String)>,
}

/// The empty form.
pub(crate) async fn show(Here(web, session, ()): Here) -> Answer {
    page(&web, &session, StatusCode::OK, Sent::default()).await
}

/// A deal comes in: it is read, kept, and shown for review.
pub(crate) async fn create(Here(web, session, ()): Here, upload: Upload) -> Answer {
    let (bytes, format, sent) = match upload {
        Upload::TooLarge(text) => {
            let sent = Sent { text, problem: Some(paste::too_large()), ..Sent::default() };
            return page(&web, &session, StatusCode::PAYLOAD_TOO_LARGE, sent).await;
        }
        Upload::Text(text) => (text.clone().into_bytes(), None, Sent { text, ..Sent::default() }),
        Upload::File(bytes) => {
            // What was in the file is shown again when it is text; the browser forgets the file.
            let text = String::from_utf8(bytes.clone()).unwrap_or_default();
            (bytes, None, Sent { text, ..Sent::default() })
        }
        Upload::Fields(fields) => match intake::deal_file(&fields) {
            Some(file) => (file.into_bytes(), Some(DealFormat::Json), Sent { fields, ..Sent::default() }),
            None => {
                let form_problem = Some("Fill in what you know: one field is enough.".to_owned());
                let sent = Sent { form_problem, fields, ..Sent::default() };
                return page(&web, &session, StatusCode::UNPROCESSABLE_ENTITY, sent).await;
            }
        },
    };
    if bytes.iter().all(u8::is_ascii_whitespace) {
        let problem = Some("Paste the deal, or choose a file.".to_owned());
        return page(&web, &session, StatusCode::UNPROCESSABLE_ENTITY, Sent { problem, ..sent }).await;
    }
    match handoff::accept(&web.app, &session.actor, bytes, format).await {
        Ok(accepted) => {
            let known = if accepted.new { String::new() } else { format!("?{KNOWN}=1") };
            Ok(Redirect::to(&format!("/handoffs/{}{known}", accepted.handoff)).into_response())
        }
        Err(error) if error.is_input() => {
            let sent = refused(&error, format.is_some(), sent);
            page(&web, &session, StatusCode::UNPROCESSABLE_ENTITY, sent).await
        }
        Err(error) => Err(error.into()),
    }
}

fn refused(error: &AppError, filled: bool, sent: Sent) -> Sent {
    let said = Some(sentence(&error.to_string()));
    if filled { Sent { form_problem: said, ..sent } } else { Sent { problem: said, ..sent } }
}

async fn page(web: &Web, session: &Session, status: StatusCode, sent: Sent) -> Answer {
    let connected = crm::connections(&web.app, &session.actor).await?;
    let Sent { text, problem, form_problem, fields } = sent;
    let typed = |name: &str| {
        let found = fields.iter().find(|(known, _)| known == name);
        found.map_or_else(String::new, |(_, value)| value.clone())
    };
    let inputs = ASKED
        .iter()
        .filter_map(|(name, hint)| {
            let field = Field::named(name)?;
            Some(Input {
                name: field.name,
                label: field.label,
                hint,
                many: field.many,
                day: matches!(field.parts.first().map(|part| part.kind), Some(Kind::Day)),
                value: typed(field.name),
            })
        })
        .collect();
    let frame = Frame::of(session, Nav::Handoffs, "Hand over a deal");
    let page = Page {
        frame,
        text,
        problem,
        form_problem,
        inputs,
        crms: connected.iter().map(|connection| (connection.crm.word(), connection.crm.label())).collect(),
        may_connect: session.actor.may(Action::ManageIntegrations),
    };
    Ok(render(status, &page))
}
