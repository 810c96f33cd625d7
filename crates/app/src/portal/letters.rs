//! What is mailed to people of a customer who are let in.

use gangway_domain::portal::Language;
use gangway_store::onboarding::head::Head;

use super::code::Code;
use super::{Access, Setting};
use crate::identity::Secret;
use crate::mail::{Letter, verbatim};
use crate::{Actor, App};

/// The link of somebody who was invited.
pub(super) fn invitation(
    app: &App,
    actor: &Actor,
    head: &Head,
    access: &Access,
    vendor: &str,
    to: &str,
    secret: &Secret,
) -> Letter {
    let address = app.link(&format!("/portal/{}", secret.reveal()));
    let (subject, text, label) = match access.language {
        Language::En => (
            format!("Your {} onboarding with {vendor}", head.product),
            format!(
                "Hello {},\n\n{} invites you to the page of your onboarding with {}: plan, your tasks, meetings and \
                 documents in one place. There is no password; the link is yours alone, so please do not pass it on.",
                verbatim(&access.name),
                verbatim(actor.own_name()),
                verbatim(vendor)
            ),
            "Open your onboarding",
        ),
        Language::De => (
            format!("Ihre Einführung von {} mit {vendor}", head.product),
            format!(
                "Guten Tag {},\n\n{} lädt Sie auf die Seite Ihrer Einführung mit {} ein: Plan, Ihre Aufgaben, Termine \
                 und Dokumente an einem Ort. Ein Passwort gibt es nicht; der Link gehört nur Ihnen, bitte geben Sie ihn \
                 nicht weiter.",
                verbatim(&access.name),
                verbatim(actor.own_name()),
                verbatim(vendor)
            ),
            "Zur Einführung",
        ),
    };
    Letter {
        to: to.to_owned(),
        subject,
        text,
        action: Some((label.to_owned(), address)),
        vendor: vendor.to_owned(),
    }
}

/// The code of somebody whose link has ended.
pub(super) fn code_letter(
    app: &App,
    access: &Access,
    vendor: &str,
    setting: &Setting,
    to: &str,
    code: &Code,
    secret: &Secret,
) -> Letter {
    let address = app.link(&format!("/portal/{}", secret.reveal()));
    let help = if setting.help_email.is_empty() {
        String::new()
    } else {
        format!(" {}", verbatim(&setting.help_email))
    };
    let code = code.reveal();
    let (subject, text, label) = match access.language {
        Language::En => (
            format!("{code} is your code for {vendor}"),
            format!(
                "Hello {},\n\nyour code is **{code}**. It holds for ten minutes; type it on the page you came from, or \
                 open that page again. If you did not ask for it, nobody came in and you need not do anything.{help}",
                verbatim(&access.name),
            ),
            "Type the code",
        ),
        Language::De => (
            format!("{code} ist Ihr Code für {vendor}"),
            format!(
                "Guten Tag {},\n\nIhr Code ist **{code}**. Er gilt zehn Minuten; geben Sie ihn auf der Seite ein, von der \
                 Sie kommen, oder öffnen Sie diese Seite wieder. Falls Sie ihn nicht angefordert haben, ist niemand \
                 hereingekommen, und Sie müssen nichts tun.{help}",
                verbatim(&access.name),
            ),
            "Code eingeben",
        ),
    };
    Letter {
        to: to.to_owned(),
        subject,
        text,
        action: Some((label.to_owned(), address)),
        vendor: vendor.to_owned(),
    }
}
