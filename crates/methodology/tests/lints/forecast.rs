//! What is wrong with what forecasts assume.

use super::{anywhere, expect};

const FORECAST: &str = "forecast.toml";

#[test]
fn medians_spreads_and_shares_are_possible() {
    expect(FORECAST, "shared = 0.3", "shared = 1.5", 0, "1.5 is no share");
    expect(FORECAST, "median = 1.1", "median = 0.0", 0, "0 is no ratio of actual to planned days");
    expect(FORECAST, "median = 1.3", "median = 130.0", 0, "130 is no ratio of actual to planned days");
    expect(FORECAST, "sigma = 0.5", "sigma = -0.5", 0, "-0.5 is no spread");
    anywhere(FORECAST, "sigma = 0.4", "spread = 0.4", "there is no key");
}

/// The file and the engine's own assumption are the same, so that both can be read as the stated prior.
#[test]
fn the_file_says_what_the_engine_assumes() {
    let methodology = gangway_methodology::Library::builtin().load().unwrap();
    assert_eq!(methodology.forecast, gangway_domain::methodology::ForecastRules::default());
}
