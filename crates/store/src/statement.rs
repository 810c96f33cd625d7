//! Every SQL text of the store is a registered constant, so that a test can prepare them all.

/// A registered SQL text, the same for both databases.
#[derive(Debug, Clone, Copy)]
pub struct Statement {
    /// `module::NAME`.
    pub name: &'static str,
    /// The text.
    pub sql: &'static str,
}

/// Declares SQL constants of a module and its list of them, `STATEMENTS`.
macro_rules! sql {
    ($module:literal; $($(#[$doc:meta])* $name:ident = $text:expr;)*) => {
        $($(#[$doc])* const $name: &str = $text;)*
        pub(crate) const STATEMENTS: &[crate::statement::Statement] =
            &[$(crate::statement::Statement { name: concat!($module, "::", stringify!($name)), sql: $name }),*];
    };
}
pub(crate) use sql;

/// Every SQL text the store can send, except those of `dialect/`.
#[must_use]
pub fn statements() -> Vec<Statement> {
    [
        crate::workspace::STATEMENTS,
        crate::account::STATEMENTS,
        crate::account::record::STATEMENTS,
        crate::account::list::STATEMENTS,
        crate::account::merge::STATEMENTS,
        crate::account::duplicate::STATEMENTS,
        crate::contact::STATEMENTS,
        crate::saved_view::STATEMENTS,
        crate::search::STATEMENTS,
        crate::upkeep::STATEMENTS,
        crate::handoff::STATEMENTS,
        crate::onboarding::STATEMENTS,
        crate::onboarding::head::STATEMENTS,
        crate::onboarding::list::STATEMENTS,
        crate::onboarding::counts::STATEMENTS,
        crate::onboarding::board::STATEMENTS,
        crate::onboarding::now::STATEMENTS,
        crate::first_run::STATEMENTS,
        crate::phase::STATEMENTS,
        crate::task::STATEMENTS,
        crate::milestone::STATEMENTS,
        crate::link::STATEMENTS,
        crate::activity::STATEMENTS,
        crate::outbox::STATEMENTS,
        crate::person::STATEMENTS,
        crate::membership::STATEMENTS,
        crate::session::STATEMENTS,
        crate::used_sign_in::STATEMENTS,
        crate::invitation::STATEMENTS,
        crate::password_reset::STATEMENTS,
        crate::api_token::STATEMENTS,
        crate::job::STATEMENTS,
        crate::webhook::STATEMENTS,
        crate::delivery::STATEMENTS,
        crate::correction::STATEMENTS,
        crate::review::STATEMENTS,
        crate::review::list::STATEMENTS,
        crate::page::STATEMENTS,
        crate::idempotency::STATEMENTS,
        crate::crm_hook::STATEMENTS,
        crate::crm_connection::STATEMENTS,
        crate::programme::STATEMENTS,
        crate::replan::STATEMENTS,
        crate::document_edit::STATEMENTS,
        crate::work::STATEMENTS,
        crate::work::read::STATEMENTS,
        crate::work::save::STATEMENTS,
        crate::work::ledger::STATEMENTS,
        crate::work::baseline::STATEMENTS,
        crate::work::mine::STATEMENTS,
        crate::work::comment::STATEMENTS,
        crate::work::attachment::STATEMENTS,
        crate::work::checklist::STATEMENTS,
        crate::work::recurring::STATEMENTS,
        crate::forecast::STATEMENTS,
        crate::standing::STATEMENTS,
        crate::register::STATEMENTS,
        crate::meeting::STATEMENTS,
        crate::people::STATEMENTS,
        crate::people::touch::STATEMENTS,
        crate::people::relation::STATEMENTS,
        crate::people::resistance::STATEMENTS,
        crate::people::loss::STATEMENTS,
        crate::people::communication::STATEMENTS,
        crate::people::raci::STATEMENTS,
        crate::escalation::STATEMENTS,
        crate::report::STATEMENTS,
        crate::change_request::STATEMENTS,
        crate::workload::STATEMENTS,
        crate::digest::STATEMENTS,
        crate::survey::STATEMENTS,
        crate::survey::counts::STATEMENTS,
        crate::form::STATEMENTS,
        crate::mail::STATEMENTS,
        crate::outcome::STATEMENTS,
        crate::outcome::measurement::STATEMENTS,
        crate::outcome::plan::STATEMENTS,
        crate::outcome::late::STATEMENTS,
        crate::launch::STATEMENTS,
        crate::portal::STATEMENTS,
        crate::portal::session::STATEMENTS,
        crate::portal::link::STATEMENTS,
        crate::portal::shared::STATEMENTS,
        crate::portal::setting::STATEMENTS,
        crate::portal::reminder::STATEMENTS,
        crate::transition::STATEMENTS,
        crate::transition::closing::STATEMENTS,
        crate::transition::lesson::STATEMENTS,
        crate::transition::improvement::STATEMENTS,
        crate::training::STATEMENTS,
        crate::training::learner::STATEMENTS,
        crate::training::session::STATEMENTS,
        crate::training::result::STATEMENTS,
        crate::training::library::STATEMENTS,
    ]
    .concat()
}
