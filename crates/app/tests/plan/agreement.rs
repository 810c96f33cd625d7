//! What the deal says, and what its documents say, agree with each other.

mod promises;

use gangway_app::package::{Formats, contents, render_one};
use gangway_app::plan::plan;
use gangway_domain::package::{BuildOptions, Package};
use gangway_domain::programme::Stage;
use gangway_testkit::methodology;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};

/// The Sunday before the sample deals begin.
const TODAY: Date = date(2026, 11, 22);

const NORDWIND: &str = include_str!("../../../intake/tests/fixtures/deals/nordwind.md");
const BRIGHTCARE: &str = include_str!("../../../intake/tests/fixtures/deals/brightcare.json");
const LUMIERE: &str = include_str!("../../../intake/tests/fixtures/deals/lumiere.yaml");
const TINYTEAM: &str = include_str!("../../../intake/tests/fixtures/deals/tinyteam.txt");
const ACME: &str = include_str!("../../../intake/tests/fixtures/deals/acme.txt");
const DEALS: [&str; 5] = [ACME, NORDWIND, BRIGHTCARE, LUMIERE, TINYTEAM];

fn package(deal: &str) -> Package {
    package_on(deal, TODAY, None)
}

/// The package of a deal, as made on a day for a kickoff somebody has fixed.
fn package_on(deal: &str, as_of: Date, kickoff_on: Option<Date>) -> Package {
    let options = BuildOptions {
        as_of,
        kickoff_on,
        segment: None,
        vendor: "Northlight Software".into(),
        vendor_country: None,
    };
    plan(&methodology(), deal.as_bytes(), None, &options).unwrap_or_else(|error| panic!("{error}"))
}

/// Every text of a package, by path.
fn texts(package: &Package) -> Vec<(String, String)> {
    contents(package, &Formats::all())
        .into_iter()
        .map(|(path, _)| path)
        .filter(|path| path.ends_with(".md") || path.ends_with(".txt"))
        .map(|path| {
            let file = render_one(package, &methodology(), &path).unwrap();
            (path, String::from_utf8(file.bytes).unwrap())
        })
        .collect()
}

#[test]
fn the_pilot_is_where_the_deal_says_and_one_plant_follows_the_other() {
    let package = package(NORDWIND);
    let waves: Vec<&[String]> = package.plan.rollout.iter().map(|wave| wave.sites.as_slice()).collect();
    assert_eq!(waves, [["Brno"], ["Hamburg"], ["Leipzig"], ["Graz"]]);
    for milestone in package.plan.milestones.iter().filter(|milestone| milestone.name.contains("operational"))
    {
        assert_eq!(milestone.name, "Gate 4: Brno fully operational");
    }
    assert!(package.plan.tasks.iter().any(|task| task.name == "Train the pilot group at Brno"));
    let codes: Vec<&str> = package.notices.iter().map(|notice| notice.code.as_str()).collect();
    assert!(codes.contains(&"pilot_named") && !codes.contains(&"pilot_contradicted"), "{codes:?}");
    assert!(!package.questions.iter().any(|question| question.text.contains("for the pilot")));
}

#[test]
fn without_a_word_on_it_the_pilot_is_asked_about() {
    let asked = |deal: &str| {
        package(deal).questions.iter().any(|question| question.text.contains("best place for the pilot"))
    };
    assert!(asked(ACME) && asked(BRIGHTCARE) && asked(LUMIERE));
    assert!(!asked(NORDWIND) && !asked(TINYTEAM));
}

#[test]
fn nobody_starts_before_the_contract_does() {
    for deal in DEALS {
        let package = package(deal);
        let starts = package.reading.deal.contract_start.as_ref().map(|fact| fact.value);
        assert!(starts.is_none_or(|day| package.dates.kickoff_on >= day), "{}", package.names.customer);
    }
}

#[test]
fn training_is_announced_before_it_begins() {
    for deal in DEALS {
        let package = package(deal);
        let Some(training) = package.plan.tasks.iter().find(|task| task.id == "end-user-training") else {
            continue;
        };
        let told =
            package.people.calendar.iter().find(|message| message.message.starts_with("Training dates"));
        assert!(told.is_some_and(|message| message.on < training.start), "{}", package.names.customer);
    }
}

#[test]
fn self_serve_speaks_of_no_kickoff_and_asks_no_needless_question() {
    let package = package(TINYTEAM);
    assert_eq!(package.plan.phases[0].weeks, "Before the start");
    assert!(package.people.gaps.is_empty(), "{:?}", package.people.gaps);
    assert!(package.questions.len() <= 2, "{:#?}", package.questions);
    assert!(!package.questions.iter().any(|question| question.text.contains("version or edition")));
    let items = || package.go_live.readiness.iter().flat_map(|group| &group.items);
    assert!(items().count() >= 4);
    assert!(items().all(|item| item.evidence.is_some()), "{:#?}", package.go_live.readiness);
    assert!(package.go_live.approvals.len() <= 3, "{:?}", package.go_live.approvals);
    for (path, text) in texts(&package) {
        for stumble in
            ["kickoff", "Kickoff", "account executive", "Account executive", "To agree", "RACI matrix ·"]
        {
            let allowed = (stumble == "RACI matrix ·" && path == "raci-matrix.md") || path == "package.json";
            let line = text.lines().find(|line| line.contains(stumble));
            assert!(allowed || line.is_none(), "{path}: {stumble:?} in {line:?}");
        }
    }
}

#[test]
fn services_without_editions_are_not_asked_for_one() {
    let package = package(
        "Customer: Acme\nACV: $60K\nUse case: tracing\nIntegrations: SAP ERP, Slack, Google Calendar\n",
    );
    let asked: Vec<&str> = package.questions.iter().map(|question| question.text.as_str()).collect();
    assert!(
        asked.contains(&"Which version or edition of SAP ERP do they run, and who can open access?"),
        "{asked:#?}"
    );
    assert!(asked.contains(&"Who can open access to Slack for the connection?"), "{asked:#?}");
    assert!(
        !asked
            .iter()
            .any(|question| question.contains("edition of Slack") || question.contains("edition of Google"))
    );
}

#[test]
fn escalation_is_that_of_the_methodology_in_every_document() {
    let package = package(ACME);
    let known = &methodology().risks.escalations;
    assert_eq!(&package.escalation, known);
    let plan = texts(&package).into_iter().find(|(path, _)| path == "implementation-plan.md").unwrap().1;
    for level in known {
        let row = format!(
            "| {} {} | {} | {} | {} |",
            level.level, level.name, level.trigger, level.path, level.within
        );
        assert!(plan.contains(&row), "{row}");
    }
}

/// A Monday a week after the day the package is made: little time to prepare, and holidays on the way.
const SOON: (Date, Date) = (date(2027, 1, 4), date(2027, 1, 11));

/// Every sample deal, with its own kickoff and with one a week away.
fn both_ways() -> impl Iterator<Item = Package> {
    DEALS.into_iter().flat_map(|deal| [package(deal), package_on(deal, SOON.0, Some(SOON.1))])
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

#[test]
fn no_part_of_a_customer_goes_live_on_a_friday() {
    for package in both_ways() {
        let launches =
            package.plan.tasks.iter().filter(|task| task.go_live || task.id.starts_with("wave-launch"));
        for launch in launches {
            for day in [launch.start, launch.finish] {
                let allowed = day.weekday() != Weekday::Friday && !is_weekend(day);
                assert!(allowed, "{}: {} on {day}", package.names.customer, launch.name);
            }
        }
    }
}

#[test]
fn nothing_is_due_at_a_weekend() {
    for package in both_ways() {
        let gates = package.plan.milestones.iter().map(|milestone| (milestone.name.clone(), milestone.due));
        let targets = package.activation.targets.iter().map(|target| (target.name.clone(), target.by));
        let complete = ("complete".to_owned(), package.plan.complete.by);
        for (what, day) in gates.chain(targets).chain([complete]) {
            assert!(!is_weekend(day), "{}: {what} is due on {day}", package.names.customer);
        }
    }
}

#[test]
fn aims_are_days_on_which_something_can_be_reached() {
    // Wanted the day after the kickoff: a gate due that day would steer nobody.
    let package = package_on(LUMIERE, SOON.0, Some(SOON.1));
    assert_eq!(package.dates.go_live_target, Some(date(2027, 1, 12)));
    let dues: Vec<Date> =
        package.plan.milestones.iter().filter(|milestone| milestone.gate).map(|gate| gate.due).collect();
    assert!(dues.windows(2).all(|pair| pair[0] < pair[1]), "{dues:?}");
    assert!(package.dates.verdict.contains("22 calendar days after the wanted 12 January 2027"));
}

#[test]
fn preparation_is_over_before_the_kickoff_and_not_in_the_past() {
    for deal in DEALS {
        let package = package_on(deal, SOON.0, Some(SOON.1));
        let before: Vec<&str> = package
            .plan
            .phases
            .iter()
            .filter(|phase| phase.stage == Stage::Handoff)
            .map(|phase| phase.id.as_str())
            .collect();
        for task in package.plan.tasks.iter().filter(|task| before.contains(&task.phase.as_str())) {
            let fits = SOON.0 <= task.start && task.finish < SOON.1;
            assert!(fits, "{}: {} from {} to {}", package.names.customer, task.name, task.start, task.finish);
        }
        assert!(!package.notices.iter().any(|notice| notice.code == "schedule_conflict"));
    }
    let notices = package_on(NORDWIND, SOON.0, Some(SOON.1)).notices;
    let shorter = notices.iter().find(|notice| notice.code == "preparation_shortened");
    assert!(shorter.is_some_and(|notice| {
        notice.message.contains("“Prepare the kickoff with the project lead” in 1 instead of 3 working days")
    }));
}

#[test]
fn what_cannot_be_prepared_is_said_with_the_names_of_the_steps() {
    // Not even a working day for each step: nothing is cut short for that, and only the conflict is told.
    for (deal, as_of, kickoff) in [(NORDWIND, date(2027, 1, 8), SOON.1), (ACME, TODAY, date(2026, 11, 24))] {
        let package = package_on(deal, as_of, Some(kickoff));
        let told: Vec<&str> = package
            .notices
            .iter()
            .filter(|notice| ["schedule_conflict", "preparation_shortened"].contains(&notice.code.as_str()))
            .map(|notice| notice.message.as_str())
            .collect();
        let [conflict] = told.as_slice() else { panic!("one notice, not {told:?}") };
        assert!(conflict.starts_with("“Kickoff meeting” is fixed to start on"), "{conflict}");
        assert!(!conflict.contains('`'), "{conflict}");
        let days = |package: &Package| -> Vec<(String, u32)> {
            let early: Vec<&str> = package
                .plan
                .phases
                .iter()
                .filter(|phase| phase.stage == Stage::Handoff)
                .map(|phase| phase.id.as_str())
                .collect();
            let tasks = package.plan.tasks.iter().filter(|task| early.contains(&task.phase.as_str()));
            let mut days: Vec<(String, u32)> = tasks.map(|task| (task.id.clone(), task.days)).collect();
            days.sort_unstable();
            days
        };
        let roomy = package_on(deal, as_of, Some(kickoff.saturating_add(6.weeks())));
        assert_eq!(days(&package), days(&roomy), "as long as where there is room");
    }
}

#[test]
fn the_launch_is_announced_on_one_day() {
    for package in both_ways() {
        let Some(task) = package.plan.tasks.iter().find(|task| task.id == "launch-announcement") else {
            continue;
        };
        let told = package.people.calendar.iter().find(|message| message.message.contains("starts soon"));
        assert_eq!(told.map(|message| message.on), Some(task.start), "{}", package.names.customer);
    }
}

/// A text of a package.
fn text(package: &Package, path: &str) -> String {
    let file = render_one(package, &methodology(), path).unwrap();
    String::from_utf8(file.bytes).unwrap()
}

#[test]
fn a_training_in_time_is_called_a_training() {
    let plan = text(&package(NORDWIND), "training-plan.md");
    assert!(plan.contains("| Training |") && !plan.contains("| Task |"), "{plan}");
}

#[test]
fn whoever_leads_work_and_is_not_named_is_asked_for() {
    let acme = package(ACME);
    let raci = text(&acme, "raci-matrix.md");
    for role in ["Project lead", "Business owner", "Champion"] {
        assert!(raci.contains(&format!("> - {role}\n")), "{role}: {raci}");
    }
    let plan = text(&acme, "implementation-plan.md");
    assert!(plan.contains("Nobody is named yet as project lead, business owner and champion |"), "{plan}");
    assert!(
        text(&acme, "confirmation-sheet.md")
            .contains("Who takes part as project lead, business owner and champion?")
    );
    // Somebody is each of these there.
    let raci = text(&package(NORDWIND), "raci-matrix.md");
    assert!(!raci.contains("> - Project lead") && raci.contains("> - IT and security\n"), "{raci}");
}

#[test]
fn signing_in_is_set_up_by_whom_the_matrix_names() {
    // Their compliance officer answers for security, and sets up no single sign-on.
    let brightcare = package(BRIGHTCARE);
    for id in ["sso-setup", "user-provisioning"] {
        let task = brightcare.plan.tasks.iter().find(|task| task.id == id).unwrap();
        assert_eq!(
            (task.role.as_str(), task.assignee.as_deref()),
            ("customer-technical-lead", Some("Priya Nair"))
        );
    }
    let of_security = |line: &&str| line.contains("(Compliance Officer)");
    let checklist = text(&brightcare, "go-live-readiness.md");
    let found: Vec<&str> = checklist.lines().filter(of_security).collect();
    assert!(found.len() == 1 && found[0].contains("The security review is passed"), "{found:?}");
}

#[test]
fn what_is_not_known_is_not_said_to_be_nothing() {
    let acme = package(ACME);
    let plan = text(&acme, "implementation-plan.md");
    assert!(plan.contains("Your public holidays are not in the plan yet: tell us in which country"));
    assert!(!plan.contains("No public holidays") && !plan.contains("| Validate | Compare totals"), "{plan}");
    assert!(!text(&package(BRIGHTCARE), "implementation-plan.md").contains("Your public holidays are not"));

    let handoff = text(&acme, "handoff.md");
    assert!(handoff.contains("Not known yet: industry, employees, country, website, contract term, day of"));
    // Nobody has a name yet, so that “named” would be untrue.
    assert!(handoff.contains("| 3 listed; missing: project lead |") && !handoff.contains("Read as "));
    assert!(text(&acme, "stakeholder-map.html").contains("class=\"callout warning\""));
    assert!(text(&package(NORDWIND), "stakeholder-map.html").contains("class=\"callout good\""));
}

#[test]
fn work_that_ends_just_in_time_is_told_beside_the_critical_path() {
    let told =
        "no day to spare either: “Switch the pilot plant over and make it fully operational”, “Run the";
    let plan = text(&package(ACME), "implementation-plan.md");
    assert!(plan.contains(told), "{plan}");
    // Here the chain reaches back to the kickoff.
    assert!(!text(&package(NORDWIND), "implementation-plan.md").contains("no day to spare either"));
}

#[test]
fn programmes_are_summed_up_without_names_of_files() {
    for (id, programme) in &methodology().programmes {
        assert!(!programme.summary.contains(".toml"), "{id}: {}", programme.summary);
    }
}

#[test]
fn a_plan_speaks_of_no_closed_period_that_is_over_and_of_one_day_of_completion() {
    let lumiere = package_on(LUMIERE, SOON.0, Some(SOON.1));
    let plan = text(&lumiere, "implementation-plan.md");
    assert!(!plan.contains("Christmas trade") && !plan.contains("technical discovery"));
    for package in both_ways().filter(|package| package.meetings.iter().any(|meeting| meeting.kickoff)) {
        let plan = text(&package, "implementation-plan.md");
        let finish = package.dates.finish_on.strftime("%-d %b %Y").to_string();
        assert!(plan.contains(&format!("reached: planned for {finish}")), "{}", package.names.customer);
        let late = format!("by {} at the latest", package.plan.complete.by.strftime("%-d %b %Y"));
        assert_eq!(plan.contains(&late), package.plan.complete.by >= package.dates.finish_on);
    }
}

#[test]
fn self_serve_customers_read_no_words_of_our_measuring() {
    for path in ["joint-impact-plan.md", "implementation-plan.md", "go-live-readiness.md"] {
        let text = text(&package(TINYTEAM), path).to_lowercase();
        for word in ["login event", "value event", "usage event", "error log"] {
            assert!(!text.contains(word), "{path}: {word}");
        }
    }
}

#[test]
fn nobody_is_invited_to_two_meetings_at_once() {
    for package in both_ways() {
        let minutes = |at: &str| -> u32 {
            let (hours, minutes) = at.split_once(':').unwrap();
            hours.parse::<u32>().unwrap() * 60 + minutes.parse::<u32>().unwrap()
        };
        let mut held: Vec<(Date, u32, u32, &str)> = package
            .meetings
            .iter()
            .flat_map(|meeting| {
                let start = minutes(&meeting.at);
                std::iter::once(&meeting.on)
                    .chain(&meeting.then)
                    .map(move |day| (*day, start, start + meeting.minutes, meeting.title.as_str()))
            })
            .collect();
        held.sort_unstable();
        for pair in held.windows(2) {
            let apart = pair[0].0 != pair[1].0 || pair[0].2 <= pair[1].1;
            assert!(apart, "{}: {pair:?}", package.names.customer);
        }
    }
    // The kickoff opens its day.
    assert!(package(ACME).meetings.iter().any(|meeting| meeting.kickoff && meeting.at == "10:00"));
}
