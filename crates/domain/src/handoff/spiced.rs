//! The handoff in SPICED: Situation, Pain, Impact, Critical event, Decision [001].

use crate::deal::{Deal, GoLiveTarget};
use crate::fact::Fact;
use crate::handoff::place;
use crate::package::{Known, SpicedPart};

/// What is known for each letter. Facts given elsewhere in the deal that answer a letter are
/// counted in: systems and data say what they work with, use cases what hurts, success criteria what it is
/// worth, the go-live wish by when.
#[must_use]
pub fn spiced(deal: &Deal) -> Vec<SpicedPart> {
    let known = |fact: &Fact<String>| Known {
        text: fact.value.clone(),
        confidence: fact.confidence,
        place: place(fact),
    };
    let all = |facts: &[Fact<String>]| facts.iter().map(known).collect::<Vec<_>>();

    let mut situation = all(&deal.situation);
    situation.extend(deal.integrations.iter().map(|fact| Known {
        text: format!("In use today: {}", fact.value.system),
        confidence: fact.confidence,
        place: place(fact),
    }));
    situation.extend(
        deal.data_sources
            .iter()
            .map(|fact| Known { text: format!("Data kept today in: {}", fact.value), ..known(fact) }),
    );

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
        ("Situation", "What do they do today, and with what?", situation),
        ("Pain", "What hurts, and for whom?", pain),
        ("Impact", "What is it worth to them to change it?", impact),
        ("Critical event", "What must have happened by when, and why then?", critical),
        ("Decision", "Who decided, on what grounds, against which alternatives?", decision),
    ]
    .into_iter()
    .map(|(name, question, known)| SpicedPart { name: name.into(), question: question.into(), known })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deal::Integration;
    use crate::fact::Confidence;

    #[test]
    fn systems_and_data_tell_the_situation() {
        let fact = |text: &str| Fact::derived(text.to_owned(), "line 3", Confidence::High);
        let system = Integration { system: "SAP".into(), detail: None };
        let deal = Deal {
            situation: vec![fact("Plans in four tables")],
            integrations: vec![Fact::derived(system, "line 7", Confidence::Medium)],
            data_sources: vec![fact("Salesforce")],
            ..Deal::default()
        };
        let parts = spiced(&deal);
        let known: Vec<(&str, &str)> =
            parts[0].known.iter().map(|known| (known.text.as_str(), known.place.as_str())).collect();
        assert_eq!(parts[0].name, "Situation");
        assert_eq!(
            known,
            [
                ("Plans in four tables", "line 3"),
                ("In use today: SAP", "line 7"),
                ("Data kept today in: Salesforce", "line 3")
            ]
        );
        assert_eq!(parts[0].known[1].confidence, Confidence::Medium);
        assert!(spiced(&Deal::default()).iter().all(|part| part.known.is_empty()));
    }
}
