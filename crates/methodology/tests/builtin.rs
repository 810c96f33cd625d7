//! The built-in methodology: it is without fault, and says what its sources say.

use gangway_domain::deal::Severity;
use gangway_methodology::{Library, Methodology, render_diagnostics};

fn builtin() -> Methodology {
    Library::builtin().load().unwrap_or_else(|findings| panic!("{}", render_diagnostics(&findings)))
}

#[test]
fn nothing_is_wrong_with_it() {
    let findings = Library::builtin().check();
    assert!(findings.is_empty(), "{}", render_diagnostics(&findings));
}
