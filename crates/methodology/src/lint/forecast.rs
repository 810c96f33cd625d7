//! What forecasts assume: medians and spreads that tasks can have.

use gangway_domain::plan::forecast::LogNormal;

use super::File;
use crate::diagnostic::Diagnostic;
use crate::load::Parsed;

/// Ratios beyond this are slips of the pen: tasks that take ten times what was planned.
const LARGEST_MEDIAN: f64 = 10.0;
/// A spread beyond this lets one task in six take more than seven times its median.
const LARGEST_SIGMA: f64 = 2.0;

pub(crate) fn lint(parsed: &Parsed<'_>, out: &mut Vec<Diagnostic>) {
    let (Some(source), Some(found)) = (parsed.sources.get("forecast.toml"), &parsed.forecast) else { return };
    let file = &mut File { source, out };
    let prior = &found.prior;
    if !(0.0..=1.0).contains(&prior.shared) {
        file.error(
            "prior.shared",
            format!("{} is no share", prior.shared),
            "write a number from 0 (tasks slip independently) to 1 (a side's tasks all slip alike)",
        );
    }
    for (side, LogNormal { median, sigma }) in
        [("vendor", prior.vendor), ("customer", prior.customer), ("joint", prior.joint)]
    {
        if !(median > 0.0 && median <= LARGEST_MEDIAN) {
            file.error(
                &format!("prior.{side}.median"),
                format!("{median} is no ratio of actual to planned days"),
                "1 means as planned, 1.3 means 30 % longer; at most 10",
            );
        }
        if !(0.0..=LARGEST_SIGMA).contains(&sigma) {
            file.error(
                &format!("prior.{side}.sigma"),
                format!("{sigma} is no spread"),
                "0 means always alike, 0.5 is wide; at most 2",
            );
        }
    }
}
