//! Inventing deals: the same seed and day give the same forty stories.

use std::fmt::Write;

use super::trades::{COMPANIES, FAMILY, GIVEN, Size, TRADES, Trade};
use crate::ids::split_mix;

/// A deal and when things happened to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Invented {
    /// The deal as sent, with days as `{today-35}`.
    pub text: String,
    /// Who handed it over.
    pub seller: &'static str,
    /// Who runs the onboarding.
    pub manager: &'static str,
    /// Calendar days ago it was handed over.
    pub handed_over: i32,
    /// Calendar days ago the kickoff was; negative when it is still to come.
    pub kickoff: i32,
    /// Whether it is over.
    pub completed: bool,
}

/// What makes an onboarding hard. Every kind appears several times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    None,
    /// The wanted date cannot be met.
    TooSoon,
    /// Nobody at the top is named.
    NoSponsor,
    /// Sales saw it coming.
    RedFlag,
    /// The customer is closed when it matters.
    Blackout,
    /// The deal says two different things.
    Contradiction,
}

const TROUBLES: [Trouble; 8] = [
    Trouble::None,
    Trouble::TooSoon,
    Trouble::RedFlag,
    Trouble::None,
    Trouble::NoSponsor,
    Trouble::Blackout,
    Trouble::None,
    Trouble::Contradiction,
];

const SELLERS: [&str; 2] = ["Tomás Reyes", "Maya Lindqvist"];
const MANAGERS: [&str; 3] = ["Ines Okafor", "Jonas Feld", "Sofia Brandt"];

/// SplitMix64 with the few questions asked here.
struct Dice(u64);

impl Dice {
    /// A number below `end`.
    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(1).max(1);
        usize::try_from(split_mix(&mut self.0) % end).unwrap_or(0)
    }

    /// A number from `from` to `to`, both included.
    fn between(&mut self, from: i32, to: i32) -> i32 {
        let span = usize::try_from(to - from + 1).unwrap_or(1);
        from + i32::try_from(self.below(span)).unwrap_or(0)
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> Option<T> {
        of.get(self.below(of.len())).copied()
    }

    fn person(&mut self) -> String {
        format!("{} {}", self.one(&GIVEN).unwrap_or("Amara"), self.one(&FAMILY).unwrap_or("Keller"))
    }
}

/// One deal for every company of the demo.
pub(super) fn deals(seed: u64) -> Vec<Invented> {
    let mut dice = Dice(seed);
    COMPANIES
        .iter()
        .enumerate()
        .map(|(index, (name, trade, country, size))| {
            let trouble = TROUBLES[index % TROUBLES.len()];
            let trade = &TRADES[*trade % TRADES.len()];
            let life = life(&mut dice, *size, index);
            let text = text(&mut dice, name, trade, country, *size, trouble, life.0);
            let (handed_over, kickoff, completed) = life;
            let seller = dice.one(&SELLERS).unwrap_or(SELLERS[0]);
            let manager = dice.one(&MANAGERS).unwrap_or(MANAGERS[0]);
            Invented { text, seller, manager, handed_over, kickoff, completed }
        })
        .collect()
}

/// Days ago of handover and kickoff, and whether it is over: one in five is still to be kicked off,
/// one in five is over, the rest is spread over their length.
fn life(dice: &mut Dice, size: Size, index: usize) -> (i32, i32, bool) {
    let (length, preparation) = match size {
        Size::Tiny => (20, 2),
        Size::Small => (40, 6),
        Size::Medium => (80, 10),
        Size::Large => (130, 15),
    };
    match index % 5 {
        0 => {
            let ago = dice.between(0, preparation - 1);
            (ago, ago - preparation - dice.between(1, 6), false)
        }
        1 => {
            let kickoff = length + dice.between(15, 60);
            (kickoff + preparation, kickoff, true)
        }
        _ => {
            let kickoff = dice.between(1, length - 3);
            (kickoff + preparation + dice.between(0, 3), kickoff, false)
        }
    }
}

/// The deal as somebody in sales would have typed it.
fn text(
    dice: &mut Dice,
    name: &str,
    trade: &Trade,
    country: &str,
    size: Size,
    trouble: Trouble,
    handed_over: i32,
) -> String {
    let (value, users, sites, systems, days) = match size {
        Size::Tiny => (dice.between(12, 48) * 100, dice.between(2, 9), 0, 0, 20),
        Size::Small => (dice.between(55, 240) * 100, dice.between(12, 60), dice.between(0, 4), 1, 40),
        Size::Medium => (dice.between(26, 98) * 1000, dice.between(60, 260), dice.between(2, 7), 2, 70),
        Size::Large => (dice.between(12, 48) * 10_000, dice.between(300, 1800), dice.between(4, 14), 4, 120),
    };
    let currency = match country {
        "DE" | "ES" | "FR" | "NL" | "IE" => "EUR",
        "GB" => "GBP",
        "CH" => "CHF",
        "SE" => "SEK",
        "NO" => "NOK",
        "PL" => "PLN",
        "CA" => "CAD",
        "AU" => "AUD",
        _ => "USD",
    };
    // Kroner and zloty are smaller coins.
    let value = match currency {
        "SEK" | "NOK" => value * 10,
        "PLN" => value * 4,
        _ => value,
    };
    let [sponsor, lead, technical] = trade.titles;
    let mut deal = String::new();
    let mut line = |label: &str, text: String| {
        // Writing into a String cannot fail.
        writeln!(deal, "{label}: {text}").ok();
    };
    line("Customer", name.to_owned());
    line("Industry", trade.name.to_owned());
    line("Country", country.to_owned());
    line("Product", trade.product.to_owned());
    line("ACV", format!("{value} {currency}"));
    line("Use case", dice.one(&trade.use_cases).unwrap_or_default().to_owned());
    line("Closed", format!("{{today-{}}}", handed_over + 1));
    if size == Size::Tiny {
        line("Contact", format!("{} (owner)", dice.person()));
    } else {
        if trouble != Trouble::NoSponsor {
            line("Sponsor", format!("{} ({sponsor})", dice.person()));
        }
        line("Project lead", format!("{} ({lead})", dice.person()));
    }
    if matches!(size, Size::Medium | Size::Large) {
        line("Technical lead", format!("{} ({technical})", dice.person()));
    }
    line("Users", users.to_string());
    if sites > 1 {
        line("Sites", format!("{sites} {}", trade.sites));
    }
    if systems > 0 {
        line("Integrations", trade.systems[..systems].join(", "));
    }
    let days = if trouble == Trouble::TooSoon { days / 2 } else { days };
    line("Go-live target", format!("{days} days"));
    line("Pain", dice.one(&trade.pains).unwrap_or_default().to_owned());
    if size != Size::Tiny {
        line("Impact", dice.one(&trade.impacts).unwrap_or_default().to_owned());
        line("Promise", dice.one(&trade.promises).unwrap_or_default().to_owned());
    }
    match trouble {
        Trouble::RedFlag => line("Red flag", dice.one(&trade.red_flags).unwrap_or_default().to_owned()),
        Trouble::Blackout => line("Blackout", format!("{{today+{}}} to {{today+{}}} stocktaking", 12, 23)),
        Trouble::Contradiction => line("Users", (users * 3).to_string()),
        Trouble::None | Trouble::TooSoon | Trouble::NoSponsor => {}
    }
    deal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_tells_the_same_stories_and_another_seed_others() {
        assert_eq!(deals(1), deals(1));
        assert_ne!(deals(1), deals(2));
    }

    #[test]
    fn every_stage_and_every_trouble_appears() {
        for seed in [1, 7, 2027] {
            let all = deals(seed);
            assert_eq!(all.len(), 32);
            assert!(all.iter().all(|deal| deal.handed_over > deal.kickoff && deal.handed_over >= 0));
            assert!(all.iter().filter(|deal| deal.completed).count() >= 5);
            assert!(all.iter().filter(|deal| deal.kickoff < 0).count() >= 5);
            assert!(all.iter().filter(|deal| deal.kickoff > 0 && !deal.completed).count() >= 15);
            for mark in ["Red flag:", "Blackout:"] {
                assert!(all.iter().filter(|deal| deal.text.contains(mark)).count() >= 3, "{mark}");
            }
            assert!(all.iter().filter(|deal| deal.text.matches("Users:").count() == 2).count() >= 3);
        }
    }
}
