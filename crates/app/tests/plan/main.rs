//! From a deal as people write it to the whole package, with the built-in methodology.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod acme;
mod agreement;
mod first_day;
mod kickoff;
mod launches;
mod properties;
mod segments;
mod wording;

use gangway_app::plan::plan;
use gangway_domain::package::{BuildOptions, Package};
use gangway_testkit::methodology;
use jiff::civil::{Date, date};

/// Monday before the new year's first working week.
const TODAY: Date = date(2027, 1, 4);

fn options(kickoff_on: Option<Date>) -> BuildOptions {
    BuildOptions {
        as_of: TODAY,
        kickoff_on,
        segment: None,
        vendor: "Northlight Software".into(),
        vendor_country: Some("US".into()),
    }
}

fn package(deal: &str, kickoff_on: Option<Date>) -> Package {
    plan(&methodology(), deal.as_bytes(), None, &options(kickoff_on))
        .unwrap_or_else(|error| panic!("{error}"))
}
