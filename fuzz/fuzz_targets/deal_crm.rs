//! CRM payloads never panic.
#![no_main]

use gangway_domain::deal::DealFormat;
use gangway_domain::money::Currency;
use gangway_intake::{ReadContext, read_all};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let context = ReadContext { today: jiff::civil::date(2026, 11, 23), default_currency: Currency::usd(), date_order: None };
    for format in [Some(DealFormat::Hubspot), Some(DealFormat::Salesforce)] {
        let _ = read_all(input, format, &context);
    }
});
