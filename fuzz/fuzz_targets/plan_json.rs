//! Reading the published plan schema: any bytes give a plan or an error, and no plan makes the engine panic.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(file) = gangway_planfile::read(bytes, Some(gangway_planfile::Format::Json)) {
        drop(gangway_domain::plan::schedule(&file.plan));
    }
});
