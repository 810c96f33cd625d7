//! What is wrong with the words that tie a deal to the plan.

use super::expect;

const WORDING: &str = "wording.toml";

#[test]
fn keys_ids_and_places() {
    expect(WORDING, "shown_at_pilot", "shown_at_pilto", 0, "did you mean `shown_at_pilot`?");
    expect(WORDING, "moment = \"start\"", "moment = \"begin\"", 0, "`begin` is not possible here");
    expect(WORDING, "id = \"hypercare\"", "id = \"pilot\"", 0, "the subject `pilot` exists twice");
    expect(
        WORDING,
        "\"sso-setup\"",
        "\"sso-step\"",
        0,
        "there is no task or milestone in any programme `sso-step`",
    );
}

#[test]
fn terms_say_something() {
    expect(WORDING, "words = [\"sso\", ", "words = [\"*\", ", 0, "`*` finds nothing in particular");
    expect(WORDING, "then = [\"then\", ", "then = [\"\", ", 0, "`` finds nothing in particular");
    let header = "[[promises.about]]\nid = \"hypercare\"\n";
    let empty = format!("[[promises.about]]\nid = \"empty\"\nwords = []\nshown_at = []\n\n{header}");
    expect(WORDING, header, &empty, 0, "nothing can be tied to `empty`");
}
