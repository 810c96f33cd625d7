//! Files people hand in: whatever the bytes are, they are taken as a kind their name may have, or refused.
#![no_main]

use gangway_domain::upload::taken;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for name in ["../plan.docx", "table.xlsx", "deck.pptx", "paper.pdf", "notes.txt", "old.doc", "photo.png", "photo.jpg"] {
        if let Ok((kept, _)) = taken(name, bytes) {
            assert!(!kept.contains('/') && name.ends_with(&kept));
        }
    }
});
