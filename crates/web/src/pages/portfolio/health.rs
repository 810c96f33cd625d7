//! What a line, a card and a bar say of health and signals.

use gangway_app::portfolio::{self, BEFORE, THIN};
use gangway_domain::health::INSUFFICIENT;
use gangway_store::onboarding::list::Line;

use crate::format::count;

/// The health of an onboarding in a few words.
pub(super) struct Health {
    pub status: String,
    /// How a tag shows it.
    pub tone: &'static str,
    /// None while too little is known.
    pub score: Option<i64>,
    /// How the score moved: an arrow, and what it means.
    pub trend: Option<(&'static str, String)>,
    /// How much of the weight has data, where that is little.
    pub thin: Option<String>,
}

impl Health {
    /// None before it was judged. `bands` are the statuses there are, the gravest first, as the app gives them.
    pub(super) fn of(line: &Line, bands: &[String]) -> Option<Self> {
        let status = line.health.clone()?;
        let little = line.health_coverage.filter(|percent| *percent < THIN);
        Some(Self {
            tone: tone(bands, &status),
            score: line.health_score,
            trend: trend(line.health_score, line.health_before),
            thin: little.map(|percent| format!("rests on {percent} % of its weight")),
            status,
        })
    }

    /// All of it as part of a sentence.
    pub(super) fn words(&self) -> String {
        let mut words = match self.score {
            Some(score) => format!("health {score}, {}", self.status.to_lowercase()),
            None => format!("health: {}", self.status.to_lowercase()),
        };
        if let Some((_, moved)) = &self.trend {
            words.push_str(&format!(", {moved}"));
        }
        words
    }
}

/// How a tag shows a status: by its place from the best one.
pub(crate) fn tone(bands: &[String], status: &str) -> &'static str {
    let known = bands.iter().filter(|band| *band != INSUFFICIENT).rev().position(|band| band == status);
    match known {
        Some(0) => "go",
        Some(1) => "soon",
        Some(_) => "late",
        None => "off",
    }
}

fn trend(now: Option<i64>, before: Option<i64>) -> Option<(&'static str, String)> {
    let moved = now? - before?;
    Some(match moved {
        1.. => ("↗", format!("up {moved} in {BEFORE} days")),
        0 => ("→", format!("as {BEFORE} days ago")),
        _ => ("↘", format!("down {} in {BEFORE} days", -moved)),
    })
}

/// Open signals in words, and how a tag shows the gravest of them; none without any.
pub(super) fn signals(line: &Line) -> Option<(String, &'static str)> {
    let gravest = line.gravest?;
    let number = usize::try_from(line.signals).unwrap_or(0);
    let tone = match portfolio::severity(gravest) {
        "critical" | "high" => "late",
        "medium" => "soon",
        _ => "off",
    };
    Some((format!("{}, {}", count(number, "open signal"), portfolio::severity(gravest)), tone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_shown_by_its_place() {
        let bands = ["Emergency", "At risk", "Monitor", "Healthy", INSUFFICIENT].map(str::to_owned);
        let tones = bands.each_ref().map(|band| tone(&bands, band));
        assert_eq!(tones, ["late", "late", "soon", "go", "off"]);
        assert_eq!(tone(&bands, "Sunny"), "off");
    }

    #[test]
    fn a_trend_needs_two_scores() {
        assert_eq!(trend(Some(70), Some(64)), Some(("↗", "up 6 in 14 days".to_owned())));
        assert_eq!(trend(Some(64), Some(70)), Some(("↘", "down 6 in 14 days".to_owned())));
        assert_eq!(trend(Some(64), Some(64)), Some(("→", "as 14 days ago".to_owned())));
        assert_eq!((trend(None, Some(64)), trend(Some(64), None)), (None, None));
    }
}
