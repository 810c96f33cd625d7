//! Documents as people write and edit them: any text is read or refused with its line, and what was read can be written as a page,
//! as a mail and as Markdown.
#![no_main]

use gangway_documents::{Brand, email, html_fragment, markdown, parse};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    match parse(&text) {
        Ok(document) => {
            let brand = Brand::default();
            let mail = email(&document, &brand);
            assert!(!mail.subject.chars().any(char::is_control));
            drop((mail, html_fragment(&document, &brand), markdown(&document)));
        }
        Err(error) => assert!(error.line >= 1),
    }
});
