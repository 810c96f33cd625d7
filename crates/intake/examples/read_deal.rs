//! Reads a deal from standard input and prints what was understood, how long that took, and what was not.
//!
//! `cargo run -p gangway-intake --example read_deal < deal.txt`

use std::io::Read;
use std::time::Instant;

use gangway_domain::money::Currency;
use gangway_intake::{ReadContext, read};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut input = Vec::new();
    std::io::stdin().read_to_end(&mut input)?;
    let context = ReadContext {
        today: jiff::civil::date(2026, 11, 23),
        default_currency: Currency::usd(),
        date_order: None,
    };
    let started = Instant::now();
    let reading = read(&input, None, &context)?;
    let took = started.elapsed();
    let mut json = serde_json::to_value(&reading)?;
    // Large inputs: the counts say enough.
    if input.len() > 100_000 {
        json = serde_json::json!({ "format": reading.format, "unread": reading.unread.len(), "notices": reading.notices.len() });
    }
    println!("{}", serde_json::to_string_pretty(&json)?);
    eprintln!("read {} bytes in {took:?}", input.len());
    Ok(())
}
