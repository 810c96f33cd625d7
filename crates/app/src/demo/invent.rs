//! Inventing deals: the same seed and day give the same forty stories.

use std::fmt::{Display, Write};

use gangway_domain::words::fold;

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
    /// Whether and how it is over.
    pub end: End,
    /// Nobody has looked after the response clocks.
    pub is_neglected: bool,
}

/// How an onboarding ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Not yet.
    Open,
    /// With everything reached.
    Completed,
    /// Before, for this reason.
    Closed(&'static str),
}

/// How well a deal was handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Care {
    /// Everything is said.
    Thorough,
    /// What matters most is said.
    Fair,
    /// The least: it is not ready for the kickoff.
    Hasty,
}

impl Care {
    fn of(index: usize) -> Self {
        match index {
            index if index % 11 == 3 => Self::Hasty,
            index if index % 3 == 1 => Self::Fair,
            _ => Self::Thorough,
        }
    }
}

/// Onboardings that are closed before they are complete, by the place of their company.
const CLOSED: [(usize, &str); 4] = [
    (7, "Their budget was frozen when the company was sold; the new owner decides next year"),
    (17, "The board stopped all new systems until the merger with the second group is decided"),
    (20, "Signed with the wrong company of the group; another contract follows"),
    (27, "The owner gave the studio up"),
];

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

/// What sales knows of how they work together.
const RELATIONS: [&str; 5] = [
    "the sponsor knows us from an earlier company",
    "the project lead prefers a call to a long mail",
    "their IT came to the last two meetings only and has questions left",
    "the champion showed the product to the others before we did",
    "decisions are taken on Mondays when the management meets",
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
            let (handed_over, kickoff, end) = life(&mut dice, *size, index);
            let trade = &TRADES[*trade % TRADES.len()];
            let sale = Sale {
                name,
                trade,
                country,
                size: *size,
                trouble: TROUBLES[index % TROUBLES.len()],
                care: Care::of(index),
                handed_over,
            };
            // Of their own, so that more words change nothing else.
            let mut more = Dice(seed.wrapping_add(1 + u64::try_from(index).unwrap_or(0)));
            let text = sale.text(&mut dice, &mut more);
            let seller = dice.one(&SELLERS).unwrap_or(SELLERS[0]);
            let manager = dice.one(&MANAGERS).unwrap_or(MANAGERS[0]);
            let is_neglected = sale.care == Care::Hasty;
            Invented { text, seller, manager, handed_over, kickoff, end, is_neglected }
        })
        .collect()
}

/// Days ago of handover and kickoff, and how it ends: one in five is still to be kicked off, one in five is
/// completed, a few are closed, the rest is spread over their length.
fn life(dice: &mut Dice, size: Size, index: usize) -> (i32, i32, End) {
    let (length, preparation) = match size {
        Size::Tiny => (20, 2),
        Size::Small => (40, 6),
        Size::Medium => (80, 10),
        Size::Large => (130, 15),
    };
    let closed = CLOSED.iter().find(|(place, _)| *place == index);
    let end = closed.map_or(End::Open, |(_, reason)| End::Closed(reason));
    match index % 5 {
        0 => {
            let ago = dice.between(0, preparation - 1);
            (ago, ago - preparation - dice.between(1, 6), end)
        }
        1 => {
            let kickoff = length + dice.between(15, 60);
            (kickoff + preparation, kickoff, End::Completed)
        }
        _ => {
            let kickoff = dice.between(1, length - 3);
            (kickoff + preparation + dice.between(0, 3), kickoff, end)
        }
    }
}

/// A deal that was won.
struct Sale<'a> {
    name: &'a str,
    trade: &'a Trade,
    country: &'a str,
    size: Size,
    trouble: Trouble,
    care: Care,
    handed_over: i32,
}

impl Sale<'_> {
    /// The deal as somebody in sales would have typed it; what `more` decides is what the careful add.
    fn text(&self, dice: &mut Dice, more: &mut Dice) -> String {
        let Self { name, trade, country, size, trouble, .. } = *self;
        let (value, users, sites, systems, days) = amounts(dice, size);
        let mut deal = Lines::default();
        deal.add("Customer", name);
        deal.add("Industry", trade.name);
        deal.add("Country", country);
        deal.add("Product", trade.product);
        deal.add("ACV", price(value, country));
        deal.add("Use case", dice.one(&trade.use_cases).unwrap_or_default());
        deal.add("Closed", format!("{{today-{}}}", self.handed_over + 1));
        self.people(dice, more, &mut deal);
        deal.add("Users", users);
        if sites > 1 {
            deal.add("Sites", format!("{sites} {}", trade.sites));
        }
        if systems > 0 {
            deal.add("Integrations", trade.systems[..systems].join(", "));
        }
        let days = if trouble == Trouble::TooSoon { days / 2 } else { days };
        deal.add("Go-live target", format!("{days} days"));
        deal.add("Pain", dice.one(&trade.pains).unwrap_or_default());
        if size != Size::Tiny {
            deal.add("Impact", dice.one(&trade.impacts).unwrap_or_default());
            deal.add("Promise", dice.one(&trade.promises).unwrap_or_default());
        }
        let flag = (trouble == Trouble::RedFlag).then(|| dice.below(trade.red_flags.len()));
        match trouble {
            Trouble::Blackout => deal.add("Blackout", "{today+12} to {today+23} stocktaking"),
            Trouble::Contradiction => deal.add("Users", users * 3),
            Trouble::None | Trouble::TooSoon | Trouble::NoSponsor | Trouble::RedFlag => {}
        }
        self.care(more, flag, systems, &mut deal);
        deal.0
    }

    /// Whoever takes part on their side.
    fn people(&self, dice: &mut Dice, more: &mut Dice, deal: &mut Lines) {
        let Self { name, trade, size, trouble, care, .. } = *self;
        let [sponsor, lead, technical] = trade.titles;
        let reached = |person: &str, title: &str| {
            if care == Care::Hasty {
                format!("{person} ({title})")
            } else {
                format!("{person} ({title}) <{}>", address(person, name))
            }
        };
        if size == Size::Tiny {
            deal.add("Contact", reached(&dice.person(), "owner"));
        } else {
            if trouble != Trouble::NoSponsor {
                deal.add("Sponsor", reached(&dice.person(), sponsor));
            }
            deal.add("Project lead", reached(&dice.person(), lead));
        }
        if matches!(size, Size::Medium | Size::Large) {
            // Their IT is reached through a ticket system, if at all.
            deal.add("Technical lead", format!("{} ({technical})", dice.person()));
        }
        if size != Size::Tiny && care != Care::Hasty {
            deal.add("Champion", reached(&more.person(), trade.champion));
        }
    }

    /// What makes a handoff complete.
    fn care(&self, more: &mut Dice, flag: Option<usize>, systems: usize, deal: &mut Lines) {
        let Self { trade, size, care, .. } = *self;
        let risk = |at: usize| trade.red_flags.get(at).copied().unwrap_or_default();
        if care == Care::Hasty {
            if let Some(at) = flag {
                deal.add("Red flag", risk(at));
            }
            return;
        }
        deal.add("Success criteria", more.one(&trade.success).unwrap_or_default());
        deal.add("Relationship", more.one(&RELATIONS).unwrap_or_default());
        if size == Size::Tiny {
            deal.add("Promise", "help with the first import");
            deal.add("Constraints", "everything must work on the telephones they have");
        }
        let at = flag.unwrap_or_else(|| more.below(trade.red_flags.len()));
        let approach = trade.approaches.get(at).copied().unwrap_or_default();
        // What sales saw coming is not always thought through.
        if size == Size::Tiny {
            deal.add("Red flag", "the owner does everything alone: keep every step under half an hour");
        } else if flag.is_some() && care == Care::Fair {
            deal.add("Red flag", risk(at));
        } else {
            deal.add("Red flag", format!("{}: {approach}", risk(at)));
        }
        if care == Care::Thorough && systems > 0 {
            if !trade.systems[..systems].iter().any(|system| system.contains("SSO")) {
                deal.add("SSO", more.one(&["Okta", "Azure AD"]).unwrap_or_default());
            }
            deal.add("Data sources", trade.data);
            deal.add("Constraints", trade.constraint);
        }
    }
}

/// Labels with what they say, a line each.
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn add(&mut self, label: &str, said: impl Display) {
        // Writing into a String cannot fail.
        writeln!(self.0, "{label}: {said}").ok();
    }
}

/// Annual value, users, sites, systems and days until go-live.
fn amounts(dice: &mut Dice, size: Size) -> (i32, i32, i32, usize, i32) {
    match size {
        Size::Tiny => (dice.between(12, 48) * 100, dice.between(2, 9), 0, 0, 20),
        Size::Small => (dice.between(55, 240) * 100, dice.between(12, 60), dice.between(0, 4), 1, 40),
        Size::Medium => (dice.between(26, 98) * 1000, dice.between(60, 260), dice.between(2, 7), 2, 70),
        Size::Large => (dice.between(12, 48) * 10_000, dice.between(300, 1800), dice.between(4, 14), 4, 120),
    }
}

/// A value of dollars, roughly, in the money of a country.
fn price(value: i32, country: &str) -> String {
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
    format!("{value} {currency}")
}

/// Where a person is reached, as `noor.obrien@alder-finch-beer.example`.
pub(super) fn address(person: &str, company: &str) -> String {
    let joined = |text: &str, mark: &str| {
        let letters: String = fold(text).chars().filter(|c| c.is_ascii_alphanumeric() || *c == ' ').collect();
        letters.split_whitespace().collect::<Vec<_>>().join(mark)
    };
    format!("{}@{}.example", joined(person, "."), joined(company, "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_letters_that_mail_knows() {
        assert_eq!(address("Noor O'Brien", "Alder & Finch Beer"), "noor.obrien@alder-finch-beer.example");
        assert_eq!(address("Elena Bergström", "Xanten Rück"), "elena.bergstrom@xanten-ruck.example");
    }

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
            let ended = |end: fn(End) -> bool| all.iter().filter(|deal| end(deal.end)).count();
            assert!(ended(|end| end == End::Completed) >= 5);
            assert_eq!(ended(|end| matches!(end, End::Closed(_))), CLOSED.len());
            assert!(all.iter().filter(|deal| deal.kickoff < 0).count() >= 5);
            let running = |deal: &&Invented| deal.kickoff > 0 && deal.end == End::Open;
            assert!(all.iter().filter(running).count() >= 14);
            for mark in ["Red flag:", "Blackout:"] {
                assert!(all.iter().filter(|deal| deal.text.contains(mark)).count() >= 3, "{mark}");
            }
            assert!(all.iter().filter(|deal| deal.text.matches("Users:").count() == 2).count() >= 3);
            assert_eq!(all.iter().filter(|deal| deal.is_neglected).count(), 3);
            let unreached = |deal: &&Invented| !deal.text.contains('@');
            assert!(all.iter().filter(unreached).all(|deal| deal.is_neglected));
        }
    }
}
