//! The built-in methodology: it is without fault, and says what its sources say.

use std::collections::{BTreeMap, BTreeSet};

use gangway_domain::deal::Severity;
use gangway_domain::portal::Language;
use gangway_domain::programme::Side;
use gangway_domain::standing::{Standing, suggestions};
use gangway_methodology::{Library, Methodology, render_diagnostics};

fn builtin() -> Methodology {
    Library::builtin().load().unwrap_or_else(|findings| panic!("{}", render_diagnostics(&findings)))
}

#[test]
fn nothing_is_wrong_with_it() {
    let findings = Library::builtin().check();
    assert!(findings.is_empty(), "{}", render_diagnostics(&findings));
}

/// E-mails that no customer reads: those of colleagues.
const NO_MAIL_OF_CUSTOMERS: [&str; 1] = ["digest"];

/// What both languages of an e-mail fill in is checked by the lint of templates.
#[test]
fn every_mail_to_customers_is_there_in_every_language() {
    let m = builtin();
    let is_english = |name: &&String| !name.contains('.');
    let mails = m.emails.keys().filter(is_english);
    let mails: Vec<&String> = mails.filter(|name| !NO_MAIL_OF_CUSTOMERS.contains(&name.as_str())).collect();
    assert!(mails.len() >= 10, "{mails:?}");
    for language in Language::ALL.iter().filter(|language| **language != Language::En) {
        for name in &mails {
            let own = m.email_in(*language, name);
            assert_ne!(&&own, name, "there is no emails/{name}.{}", language.word());
        }
        assert_ne!(m.introduction_in(*language), &m.transition.introduction);
    }
}

#[test]
fn what_customers_read_of_the_methodology_is_there_in_every_language() {
    let m = builtin();
    let mut texts: Vec<&str> = Vec::new();
    for survey in m.surveys.values() {
        texts.push(&survey.title);
        for question in &survey.questions {
            texts.push(&question.text);
            texts.extend(question.options.iter().map(String::as_str));
        }
    }
    for form in m.forms.values() {
        texts.extend([form.title.as_str(), &form.purpose]);
        for section in &form.sections {
            texts.extend([section.title.as_str(), &section.help]);
        }
        for field in form.fields() {
            texts.extend([field.label.as_str(), &field.help]);
            texts.extend(field.options.iter().map(String::as_str));
        }
    }
    texts.extend(m.golive.strategies.iter().map(|strategy| strategy.name.as_str()));
    texts.extend(m.golive.launch.waves.iter().flat_map(|waves| &waves.names).map(String::as_str));
    let checklist = &m.checklists[&m.golive.checklist];
    for group in &checklist.groups {
        texts.push(&group.title);
        texts.extend(group.items.iter().map(|item| item.text.as_str()));
    }
    for role in m.programmes.values().flat_map(|programme| &programme.roles) {
        let approves = |id: &String| *id == role.id || role.covers.contains(id);
        if checklist.approvals.iter().any(approves) {
            texts.push(&role.name);
        }
    }
    let meeting = &m.transition.meeting;
    texts.extend([meeting.title.as_str(), &meeting.purpose]);
    texts.extend(meeting.agenda.iter().map(|item| item.title.as_str()));
    for language in Language::ALL.iter().filter(|language| **language != Language::En) {
        let words = &m.words[language.word()].says;
        let lost: Vec<&&str> =
            texts.iter().filter(|text| !text.is_empty() && !words.contains_key(**text)).collect();
        assert!(lost.is_empty(), "{language:?}: {lost:?}");
    }
    assert_eq!(m.say(Language::De, "Yes"), "Ja");
    assert_eq!(m.say(Language::De, "Words of an expert"), "Words of an expert");
    let templates = ["A colleague is invited", "Own data shows up: {integrations}"];
    let filled = m.say_filled(Language::De, &templates, "Own data shows up: SAP");
    assert_eq!(filled, "Eigene Daten sind zu sehen: SAP");
    assert_eq!(m.say_filled(Language::En, &templates, "Own data shows up: SAP"), "Own data shows up: SAP");
    assert_eq!(m.say_filled(Language::De, &templates, "Everybody can sign in"), "Alle können sich anmelden");
    assert_eq!(m.say(Language::En, "Yes"), "Yes");
}

/// What customers see of a plan: its phases and milestones, what is theirs or both sides' to do, their meetings, what
/// they learn, and what they are asked then.
#[test]
fn what_customers_see_of_a_plan_is_there_in_every_language() {
    let m = builtin();
    let mut texts: Vec<&str> = Vec::new();
    for programme in m.programmes.values() {
        texts.extend(programme.phases.iter().map(|phase| phase.name.as_str()));
        let shared = programme.tasks.iter().filter(|task| task.owner != Side::Vendor);
        texts.extend(shared.map(|task| task.name.as_str()));
        texts.extend(programme.milestones.iter().map(|milestone| milestone.name.as_str()));
        let shared = programme.meetings.iter().filter(|meeting| meeting.with_customer);
        for meeting in shared {
            texts.extend([meeting.title.as_str(), &meeting.purpose]);
            for item in &meeting.agenda {
                texts.push(&item.title);
                texts.extend(item.outcome.iter().chain(&item.points).map(String::as_str));
            }
        }
        texts.extend(programme.roles.iter().map(|role| role.name.as_str()));
    }
    assert!(texts.len() >= 150, "{}", texts.len());
    for track in m.training.values() {
        texts.push(&track.name);
        for module in &track.modules {
            texts.extend([module.title.as_str(), &module.outcome]);
            texts.extend(module.exercise.as_deref());
        }
        for question in track.assessment.iter().flat_map(|assessment| &assessment.questions) {
            texts.push(&question.text);
            texts.extend(question.options.iter().map(String::as_str));
        }
    }
    let places = |text: &str| {
        let after = text.split('{').skip(1).filter_map(|rest| rest.split('}').next());
        after.map(str::to_owned).collect::<BTreeSet<String>>()
    };
    for language in Language::ALL.iter().filter(|language| **language != Language::En) {
        let words = &m.words[language.word()].says;
        let lost: Vec<&&str> =
            texts.iter().filter(|text| !text.is_empty() && !words.contains_key(**text)).collect();
        assert!(lost.is_empty(), "{language:?}: {lost:?}");
        // Where the pilot has no place, nothing happens at it.
        let placeless = texts.iter().filter(|text| text.contains(" at {pilot}"));
        for text in placeless.map(|text| text.replace(" at {pilot}", "")) {
            assert!(words.contains_key(&text), "{language:?}: {text}");
        }
        for (text, said) in words {
            assert_eq!(places(text), places(said), "{text}");
        }
        // Whoever is asked can tell what is offered apart.
        for question in m.training.values().flat_map(|track| &track.assessment).flat_map(|one| &one.questions)
        {
            let offered: BTreeSet<&str> =
                question.options.iter().map(|option| m.say(*language, option)).collect();
            assert_eq!(offered.len(), question.options.len(), "{}", question.text);
        }
    }
    for (code, name, said) in [
        ("kickoff", "Kickoff meeting", "Kickoff-Termin"),
        ("wave-launch-2", "Launch plants 2 and 3", "Start: Werke 2 und 3"),
        ("wave-launch-1", "Launch everyone else", "Start: alle übrigen"),
        ("wave-launch-1", "Launch Leeds and York", "Start: Leeds and York"),
        ("pilot-training", "Train the pilot group", "Die Pilotgruppe schulen"),
        ("pilot-operation", "Trial week with the first 2 users", "Probewoche: die ersten 2 Nutzer"),
        ("go-live", "Go live: all 7 depots on Field", "Produktivstart von Field: alle 7 Depots"),
        // Tasks of people, and what they call a programme's own.
        ("own-1", "Launch the newsletter", "Launch the newsletter"),
        ("wave-launch-1", "Newsletter", "Newsletter"),
    ] {
        assert_eq!(m.say_planned(Language::De, code, name), said, "{code}");
        assert_eq!(m.say_planned(Language::En, code, name), name, "{code}");
    }
    assert_eq!(m.say_meeting(Language::De, "Kickoff: Pro at Acme"), "Kickoff: Pro bei Acme");
    let (session, said) = ("Executive briefing (2 of 3)", "Einweisung der Geschäftsleitung (2 von 3)");
    assert_eq!(m.say_session(Language::De, session), said);
    assert_eq!(m.say_session(Language::En, session), session);
}

/// Signals that cut across the categories: those of [003], for customers of whom anybody ever signed in and of whom nobody
/// did, and one of our own.
const TRIGGERS: [&str; 4] = ["health-drop", "no-login-30", "no-login-yet", "repeated-errors"];

#[test]
fn thirty_six_signals_in_six_categories_with_their_severities() {
    let m = builtin();
    let mut counts: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    for signal in m.signals.values().filter(|s| !TRIGGERS.contains(&s.id.as_str())) {
        counts.entry(&signal.category).or_default()[signal.severity as usize] += 1;
    }
    // Low, medium, high, critical, counted by hand in the tables of [004].
    let expected = BTreeMap::from([
        ("engagement", [2, 2, 1, 1]),
        ("progress", [1, 3, 2, 0]),
        ("technical", [1, 3, 2, 0]),
        ("adoption", [0, 4, 1, 1]),
        ("sentiment", [0, 2, 3, 1]),
        ("organizational", [0, 2, 3, 1]),
    ]);
    assert_eq!(counts, expected);
    assert_eq!(m.signals.len(), 36 + TRIGGERS.len());
    assert_eq!(m.signals["champion-silent"].severity, Severity::Critical);
    assert_eq!(m.signals["scope-creep"].severity, Severity::Medium);
}

#[test]
fn four_segments_with_their_bounds_and_durations() {
    let m = builtin();
    let segments: Vec<_> = m
        .segments
        .segments
        .iter()
        .map(|s| (s.id.as_str(), s.from, s.below, s.touch.as_str(), s.duration_days))
        .collect();
    assert_eq!(
        segments,
        [
            ("self-serve", 0, Some(5_000), "tech", [14, 30]),
            ("smb", 5_000, Some(25_000), "low", [30, 60]),
            ("mid-market", 25_000, Some(100_000), "medium", [60, 90]),
            ("enterprise", 100_000, None, "high", [90, 180]),
        ]
    );
}

#[test]
fn benchmarks_and_funnel() {
    let m = builtin();
    // Seven KPIs and the effort score.
    let group = |name: &str| m.benchmarks.metrics.iter().filter(|metric| metric.group == name).count();
    assert_eq!(group("onboarding"), 8);
    assert_eq!((group("handoff"), group("implementation"), group("golive")), (6, 5, 6));
    assert_eq!((group("training"), group("tech-touch")), (7, 8));
    let targets: Vec<u32> = m.benchmarks.funnel.iter().map(|stage| stage.target_percent).collect();
    assert_eq!(targets, [100, 95, 90, 85, 80, 95, 90]);
    let days = |id: &str| {
        let t = &m.benchmarks.time_to_value[id];
        (t.first_login_hours, t.first_value_hours / 24, t.full_value_hours / 24)
    };
    assert_eq!(days("self-serve"), (1, 1, 14));
    assert_eq!(days("smb"), (24, 7, 30));
    assert_eq!(days("mid-market"), (72, 14, 60));
    assert_eq!(days("enterprise"), (168, 30, 90));
    assert_eq!(days("platform-api"), (24, 7, 30));
}

#[test]
fn health_weights_and_statuses() {
    let m = builtin();
    let model = &m.health["onboarding"];
    let weights: Vec<_> = model.components.iter().map(|c| (c.id.as_str(), c.weight)).collect();
    assert_eq!(
        weights,
        [("engagement", 25), ("progress", 25), ("adoption", 20), ("sentiment", 15), ("technical", 15)]
    );
    let from: Vec<_> = model.statuses.iter().map(|s| (s.name.as_str(), s.from)).collect();
    assert_eq!(from, [("Healthy", 85), ("Monitor", 70), ("At risk", 50), ("Critical", 30), ("Emergency", 0)]);
    assert_eq!(m.interventions.len(), 4);
    assert_eq!(
        m.health.keys().map(String::as_str).collect::<Vec<_>>(),
        ["adopted", "onboarding", "self-serve"]
    );
    assert!(m.health.values().flat_map(|model| &model.components).all(|one| !one.measures.is_empty()));
    // Within 48 hours, within 24, the same day [004].
    let within = |id: &str| m.interventions[id].within_hours;
    assert_eq!(
        [within("monitor"), within("at-risk"), within("critical"), within("emergency")],
        [None, Some(48), Some(24), Some(0)]
    );
}

#[test]
fn computed_signals_have_rules_and_the_review_answers_its_fifteen_questions() {
    let m = builtin();
    for signal in m.signals.values() {
        assert_eq!(signal.when.is_some(), signal.detection == "computed", "{}", signal.id);
        assert_eq!(signal.facts.is_empty(), signal.when.is_none(), "{}", signal.id);
    }
    // Twenty of the 36 kinds follow from data, and the triggers.
    assert_eq!(m.signals.values().filter(|signal| signal.when.is_some()).count(), 20 + TRIGGERS.len());
    assert_eq!(m.signals["champion-departed"].protocol.as_deref(), Some("champion-loss"));
    let review = &m.checklists["weekly-signal-review"];
    assert_eq!(
        review.groups.iter().flat_map(|group| &group.items).filter(|item| item.rule.is_some()).count(),
        15
    );
}

#[test]
fn checklists_hold_as_many_items_as_their_sources() {
    let m = builtin();
    let counts = |id: &str| m.checklists[id].groups.iter().map(|g| g.items.len()).collect::<Vec<_>>();
    assert_eq!(counts("handoff-quality"), [6, 5, 4, 3]);
    // Sign-in stands there with and without single sign-on; the third group is for onboardings without people.
    assert_eq!(counts("go-live-readiness"), [9, 7, 6, 6, 5]);
    assert_eq!(m.checklists["go-live-readiness"].approvals.len(), 4);
    assert_eq!(counts("programme"), [5, 6, 5, 5, 5, 5]);
    assert_eq!(counts("tech-touch-audit"), [3, 4, 4, 3, 3]);
    assert_eq!(counts("value-acceleration"), [4, 4, 4, 4]);
    assert_eq!(counts("metric-review"), [4, 4, 4]);
    assert_eq!(counts("weekly-signal-review"), [3, 3, 3, 3, 3, 3]);
    assert_eq!(counts("champion-loss"), [4, 4, 4, 4]);
}

#[test]
fn clocks_hypercare_and_strategies() {
    let m = builtin();
    let clocks: Vec<_> = m.handoff.clocks.iter().map(|c| (c.id.as_str(), c.from.as_str(), c.hours)).collect();
    assert_eq!(
        clocks,
        [
            ("document", "close", 24),
            ("meeting", "document", 48),
            ("introduction", "meeting", 24),
            ("first-contact", "close", 48)
        ]
    );
    let minutes: Vec<_> =
        m.golive.severities.iter().map(|s| (s.response_minutes, s.resolution_minutes)).collect();
    assert_eq!(minutes, [(15, 120), (60, 240), (240, 1_440), (1_440, 4_320)]);
    assert_eq!(m.golive.strategies.len(), 5);
    assert_eq!(
        (m.golive.rollback_automatic.len(), m.golive.rollback_evaluate.len(), m.golive.hypercare_exit.len()),
        (3, 3, 4)
    );
    assert_eq!(m.golive.never_on, ["friday"]);
    assert_eq!(m.people.least_contacts, 3);
    assert_eq!(m.people.roles.len(), 8);
    assert_eq!(
        (m.people.audiences.len(), m.people.change.len(), m.people.resistance.len(), m.people.champion.len()),
        (4, 5, 6, 5)
    );
}

#[test]
fn training_takes_as_long_as_the_curriculum_says() {
    let m = builtin();
    let track = |id: &str| {
        (
            m.training[id].modules.len(),
            m.training[id].modules.iter().map(|module| module.minutes).sum::<u32>(),
        )
    };
    assert_eq!(track("administrator"), (6, 240));
    assert_eq!(track("end-user"), (4, 90));
    assert_eq!(track("executive").1, 30);
    assert_eq!((track("power-user").1, track("new-hire").1), (120, 90));
    let questions: Vec<_> = m.surveys["completion"].questions.iter().map(|q| q.kind.as_str()).collect();
    assert_eq!(questions, ["scale10", "nps", "rating5", "text", "text", "choice", "choice"]);
    assert_eq!(m.surveys["completion"].questions[2].options.len(), 5);
    let responses: Vec<_> = ["kickoff", "midpoint", "completion", "follow-up-30"]
        .iter()
        .map(|id| m.surveys[*id].target_response_percent)
        .collect();
    assert_eq!(responses, [80, 70, 80, 60]);
}

#[test]
fn work_that_comes_up_has_templates() {
    let m = builtin();
    let sizes: Vec<(&str, usize, u32)> =
        m.task_templates.values().map(|one| (one.id.as_str(), one.tasks.len(), one.days())).collect();
    assert_eq!(
        sizes,
        [
            ("executive-realignment", 5, 6),
            ("extra-training-round", 5, 7),
            ("migration-rehearsal", 5, 10),
            ("new-administrator", 5, 10),
            ("recover-blocked-integration", 5, 9),
            ("security-review", 5, 14),
        ]
    );
    assert!(
        m.task_templates.values().all(|one| one.sides().len() > 1),
        "nobody works alone on what comes up"
    );
}

#[test]
fn programmes_are_complete() {
    let m = builtin();
    let ids: Vec<_> = m.programmes.keys().map(String::as_str).collect();
    assert_eq!(ids, ["enterprise", "mid-market", "self-serve", "smb"]);
    let raci: BTreeMap<&str, Vec<&str>> = m.programmes["mid-market"]
        .raci
        .rows
        .iter()
        .map(|r| (r.activity.as_str(), r.cells.iter().map(String::as_str).collect()))
        .collect();
    assert_eq!(raci["Project planning"], ["R, A", "C, I", "I", "I", "I"]);
    assert_eq!(raci["Integration"], ["R", "I", "R, A", "R", "I"]);
    assert_eq!(raci["Go-live approval"], ["I", "I", "I", "I", "A"]);
    let kickoff =
        m.programmes["mid-market"].meetings.iter().find(|meeting| meeting.id == "kickoff-meeting").unwrap();
    assert_eq!(
        kickoff.agenda.iter().map(|item| item.minutes).collect::<Vec<_>>(),
        [10, 15, 20, 20, 10, 10, 5]
    );
}

#[test]
fn value_risks_journeys_and_guides() {
    let m = builtin();
    assert_eq!(
        (
            m.value.ladder.len(),
            m.value.aha_moments.len(),
            m.value.quick_win_kinds.len(),
            m.value.quick_wins.len()
        ),
        (7, 6, 5, 5)
    );
    assert_eq!(
        (m.value.tactics.len(), m.value.demonstrations.len(), m.value.blockers.len(), m.value.criteria.len()),
        (7, 5, 6, 5)
    );
    assert_eq!((m.risks.categories.len(), m.risks.escalations.len()), (8, 4));
    let journey = &m.journeys["tech-touch"];
    let days: Vec<u32> = journey.steps.iter().map(|step| step.day).collect();
    for day in [0, 1, 2, 3, 5, 7, 10, 14, 21, 30] {
        assert!(days.contains(&day), "day {day}");
    }
    assert_eq!(journey.triggers.len(), 7);
    for guide in [
        "handoff",
        "implementation",
        "go-live",
        "training",
        "measurement",
        "tech-touch",
        "programme-design",
        "stakeholders",
        "signals",
        "time-to-value",
    ] {
        assert_eq!(
            m.guides[guide].pitfalls.len(),
            8,
            "{guide}: [004] names eight anti-patterns in every section"
        );
    }
    assert_eq!(m.guides["onboarding"].pitfalls.len(), 10);
}

#[test]
fn what_is_suggested_for_escalation_says_what_happened() {
    let rules = builtin().governance;
    let texts = |standing: &Standing| -> Vec<String> {
        let all = suggestions(&rules, standing).unwrap();
        all.into_iter().map(|one| format!("{} {}", one.level, one.text)).collect()
    };
    let gate = Standing { gates_missed: 1, ..Standing::default() };
    assert_eq!(texts(&gate), ["2 1 gate has not been passed by its day"]);
    let late = Standing { go_live_days_late: 40, ..Standing::default() };
    let project = "4 The project is at risk: the planned go-live misses the wanted day by 40 calendar days";
    assert_eq!(texts(&late), [project, "3 The go-live is at risk"]);
    let moved = Standing { go_live_slipped: 30, ..Standing::default() };
    assert_eq!(texts(&moved), ["4 The project is at risk: the go-live has moved by 30 calendar days"]);
    assert!(texts(&Standing::default()).is_empty());
}
