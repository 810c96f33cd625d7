//! First sign-in, the pilot and hypercare: what the plan and the calendar say of them.

use gangway_app::package::render_one;
use gangway_app::plan::plan;
use gangway_domain::package::{BuildOptions, Package, PlanTask};
use gangway_testkit::methodology;
use jiff::civil::{Date, date};

const NORDWIND: &str = include_str!("../../../intake/tests/fixtures/deals/nordwind.md");
const BRIGHTCARE: &str = include_str!("../../../intake/tests/fixtures/deals/brightcare.json");
const LUMIERE: &str = include_str!("../../../intake/tests/fixtures/deals/lumiere.yaml");
const TINYTEAM: &str = include_str!("../../../intake/tests/fixtures/deals/tinyteam.txt");
const ACME: &str = include_str!("../../../intake/tests/fixtures/deals/acme.txt");

/// The package of a deal, made on the Sunday before the sample deals begin or for a kickoff somebody has fixed.
fn package(deal: &str, kickoff: Option<(Date, Date)>) -> Package {
    let options = BuildOptions {
        as_of: kickoff.map_or(date(2026, 11, 22), |(made_on, _)| made_on),
        kickoff_on: kickoff.map(|(_, on)| on),
        segment: None,
        vendor: "Northlight Software".into(),
        vendor_country: None,
    };
    plan(&methodology(), deal.as_bytes(), None, &options).unwrap_or_else(|error| panic!("{error}"))
}

fn task<'a>(package: &'a Package, id: &str) -> &'a PlanTask {
    package.plan.tasks.iter().find(|task| task.id == id).unwrap()
}

fn text(package: &Package, path: &str) -> String {
    String::from_utf8(render_one(package, &methodology(), path).unwrap().bytes).unwrap()
}

#[test]
fn the_target_of_the_first_sign_in_is_backed_by_the_plan() {
    for deal in [ACME, NORDWIND, BRIGHTCARE] {
        let package = package(deal, None);
        let invited = task(&package, "project-access");
        let target = package.activation.targets.iter().find(|target| target.id == "first-login").unwrap();
        assert!(package.dates.kickoff_on < invited.start, "{}", package.names.customer);
        assert!(invited.finish <= target.by, "{}: {}", package.names.customer, target.by);
        assert!(!invited.critical, "{}", package.names.customer);
    }
    // A small customer signs in while the kickoff call is on, before the first people are invited.
    let lumiere = package(LUMIERE, None);
    let (first, invited) = (task(&lumiere, "first-sign-in"), task(&lumiere, "user-provisioning"));
    let target = lumiere.activation.targets.iter().find(|target| target.id == "first-login").unwrap();
    assert_eq!(first.finish, lumiere.dates.kickoff_on);
    assert!(first.finish <= target.by && invited.finish > target.by, "{}", target.by);
}

#[test]
fn targets_begin_with_a_capital_letter() {
    for deal in [ACME, NORDWIND, BRIGHTCARE, LUMIERE, TINYTEAM] {
        for target in package(deal, None).activation.targets {
            assert!(target.name.starts_with(char::is_uppercase), "{}", target.name);
        }
    }
}

#[test]
fn a_pilot_switches_over_neither_on_a_friday_nor_in_a_closed_period() {
    let when = |package: &Package| {
        let pilot = task(package, "pilot-operation");
        (pilot.start, pilot.finish)
    };
    // Nine working days from Tuesday the 9th would end on Friday the 19th.
    assert_eq!(when(&package(NORDWIND, None)), (date(2027, 3, 10), date(2027, 3, 22)));
    // The change freeze ends on Tuesday 6 April.
    let late = package(NORDWIND, Some((date(2027, 1, 4), date(2027, 1, 11))));
    assert_eq!(when(&late), (date(2027, 4, 7), date(2027, 4, 19)));
}

#[test]
fn the_pilot_ends_with_its_feedback_and_not_with_the_decision_on_the_rollout() {
    let nordwind = package(NORDWIND, None);
    let pilot = &nordwind.plan.rollout[0];
    // Good Friday and Easter Monday lie within the six days of feedback.
    assert_eq!((pilot.start, pilot.finish), (date(2027, 3, 10), date(2027, 4, 1)));
    assert!(pilot.finish < nordwind.plan.rollout[1].start);
    let lumiere = package(LUMIERE, None);
    let trial = task(&lumiere, "pilot-operation");
    assert_eq!((lumiere.plan.rollout[0].start, lumiere.plan.rollout[0].finish), (trial.start, trial.finish));
}

#[test]
fn hypercare_is_in_the_calendar_on_every_day_both_sides_work() {
    let package = package(NORDWIND, None);
    let hypercare = task(&package, "hypercare");
    assert_eq!((hypercare.start, hypercare.finish), (date(2027, 5, 3), date(2027, 5, 18)));
    // Ascension Day on the 6th and Whit Monday on the 17th are holidays.
    let days = [3, 4, 5, 7, 10, 11, 12, 13, 14, 18].map(|day| date(2027, 5, day));
    let check_in = package.meetings.iter().find(|meeting| meeting.id == "hypercare-sync").unwrap();
    assert_eq!((check_in.on, check_in.then.as_slice()), (days[0], &days[1..]));
    let calendar = text(&package, "meetings/hypercare-sync.ics");
    let held: Vec<String> = calendar
        .lines()
        .filter_map(|line| line.strip_prefix("DTSTART:"))
        .filter_map(|at| at.split_once('T'))
        .map(|(day, _)| day.to_owned())
        .collect();
    assert_eq!(held, days.map(|day| day.strftime("%Y%m%d").to_string()));
    let uids: std::collections::BTreeSet<&str> =
        calendar.lines().filter(|line| line.starts_with("UID:")).collect();
    assert_eq!(uids.len(), days.len());

    for deal in [ACME, BRIGHTCARE] {
        let package = self::package(deal, None);
        let check_in = package.meetings.iter().find(|meeting| meeting.id == "hypercare-sync").unwrap();
        let hypercare = task(&package, "hypercare");
        assert_eq!((check_in.on, check_in.then.last()), (hypercare.start, Some(&hypercare.finish)));
        assert_eq!(u32::try_from(check_in.then.len()).unwrap() + 1, hypercare.days);
    }
}

#[test]
fn trainers_are_trained_before_they_train() {
    for deal in [NORDWIND, BRIGHTCARE] {
        let package = package(deal, None);
        let track = |id: &str| package.training.iter().find(|track| track.track == id).unwrap();
        assert!(track("train-the-trainer").finish < track("end-user").start, "{}", package.names.customer);
    }
}

#[test]
fn what_we_ask_is_not_what_people_bring() {
    let invitation = text(&package(ACME, None), "emails/kickoff-invite.txt");
    let (_, rest) = invitation.split_once("Please bring").unwrap();
    let (bring, asked) = rest.split_once("What we would like to hear from you").unwrap();
    assert!(!bring.contains('?'), "{bring}");
    assert!(asked.contains('?'), "{asked}");
}

#[test]
fn the_first_two_weeks_hold_what_is_due_in_them() {
    // Accounts are begun in the second week, and wait there until the clinics are back on 5 January.
    let package = package(BRIGHTCARE, None);
    let accounts = task(&package, "user-provisioning");
    assert!(accounts.start < date(2026, 12, 21) && accounts.finish > date(2026, 12, 21));
    let deck = render_one(&package, &methodology(), "kickoff-deck.pptx").unwrap();
    let mut parts = zip::ZipArchive::new(std::io::Cursor::new(deck.bytes)).unwrap();
    let asked: Vec<String> = (0..parts.len())
        .filter_map(|part| std::io::read_to_string(parts.by_index(part).unwrap()).ok())
        .filter(|xml| xml.contains("What we need from you in the first two weeks"))
        .collect();
    assert!(asked.iter().any(|xml| xml.contains("Technical discovery workshop")));
    assert!(accounts.name.starts_with("Create the core team"));
    assert!(!asked.iter().any(|xml| xml.contains("Create the core team")));
}
