//! The handoff in SPICED: Situation, Pain, Impact, Critical event, Decision [001].

use crate::deal::{Deal, GoLiveTarget};
use crate::fact::Fact;
use crate::handoff::place;
use crate::package::{Known, SpicedPart};

/// What is known for each letter. Facts given elsewhere in the deal that answer a letter are
/// counted in: use cases say what hurts, success criteria what it is worth, the go-live wish by when.
#[must_use]
pub fn spiced(deal: &Deal) -> Vec<SpicedPart> {
    let known = |fact: &Fact<String>| Known {
        text: fact.value.clone(),
        confidence: fact.confidence,
        place: place(fact),
    };
    let all = |facts: &[Fact<String>]| facts.iter().map(known).collect::<Vec<_>>();

    let mut pain = all(&deal.pain);
    pain.extend(
        deal.use_cases
            .iter()
            .map(|fact| Known { text: format!("Bought for: {}", fact.value), ..known(fact) }),
    );

    let mut impact = all(&deal.impact);
    impact.extend(deal.success_criteria.iter().map(|fact| Known {
        text: fact.value.text.clone(),
        confidence: fact.confidence,
        place: place(fact),
    }));

    let mut critical = all(&deal.critical_event);
    critical.extend(deal.go_live.iter().map(|fact| Known {
        text: match fact.value {
            GoLiveTarget::On { date } => format!("Wants to be live on {}", date.strftime("%-d %B %Y")),
            GoLiveTarget::Within { days } => format!("Wants to be live within {days} days of kickoff"),
        },
        confidence: fact.confidence,
        place: place(fact),
    }));

    let mut decision = all(&deal.decision);
    decision.extend(deal.alternatives.iter().map(|fact| Known {
        text: match &fact.value.why_not {
            Some(why) => format!("Considered {}: {why}", fact.value.name),
            None => format!("Considered {}", fact.value.name),
        },
        confidence: fact.confidence,
        place: place(fact),
    }));

    [
        ("Situation", "What do they do today, and with what?", all(&deal.situation)),
        ("Pain", "What hurts, and for whom?", pain),
        ("Impact", "What is it worth to them to change it?", impact),
        ("Critical event", "What must have happened by when, and why then?", critical),
        ("Decision", "Who decided, on what grounds, against which alternatives?", decision),
    ]
    .into_iter()
    .map(|(name, question, known)| SpicedPart { name: name.into(), question: question.into(), known })
    .collect()
}
