//! One deal per segment, two languages of number and date.

use gangway_app::package::{Formats, contents, render_one};
use gangway_app::plan::plan;
use gangway_domain::segment::SegmentOverride;
use gangway_testkit::methodology;
use jiff::civil::date;

use super::{options, package};

const NORDWIND: &str = include_str!("../../../intake/tests/fixtures/deals/nordwind.md");
const LUMIERE: &str = include_str!("../../../intake/tests/fixtures/deals/lumiere.yaml");
const TINYTEAM: &str = include_str!("../../../intake/tests/fixtures/deals/tinyteam.txt");
const BRIGHTCARE: &str = include_str!("../../../intake/tests/fixtures/deals/brightcare.json");

#[test]
fn each_sample_deal_finds_its_segment() {
    let segment = |deal| package(deal, None).segmentation.segment;
    assert_eq!(segment(NORDWIND), "enterprise");
    assert_eq!(segment(BRIGHTCARE), "mid-market");
    assert_eq!(segment(LUMIERE), "smb");
    assert_eq!(segment(TINYTEAM), "self-serve");
}

#[test]
fn every_sample_deal_is_scheduled_without_conflict() {
    for (name, deal) in
        [("nordwind", NORDWIND), ("brightcare", BRIGHTCARE), ("lumiere", LUMIERE), ("tinyteam", TINYTEAM)]
    {
        let package = package(deal, None);
        assert!(
            !package.notices.iter().any(|notice| notice.code == "schedule_conflict"),
            "{name}: {:#?}",
            package.notices
        );
        assert!(package.dates.kickoff_on < package.dates.go_live_on, "{name}");
        assert!(package.dates.go_live_on <= package.dates.finish_on, "{name}");
        assert!(package.plan.milestones.iter().any(|milestone| milestone.gate), "{name}: no gate");
        for task in &package.plan.tasks {
            assert!(!task.name.contains('{'), "{name}: unfilled placeholder in “{}”", task.name);
            assert!(task.start <= task.finish, "{name}: {}", task.id);
        }
    }
}

#[test]
fn a_person_can_choose_another_segment_with_a_reason() {
    let mut options = options(Some(date(2027, 1, 11)));
    options.segment = Some(SegmentOverride {
        segment: "enterprise".into(),
        reason: "reference customer of the region".into(),
    });
    let package = plan(&methodology(), BRIGHTCARE.as_bytes(), None, &options).unwrap();
    assert_eq!(package.segmentation.segment, "enterprise");
    let overridden = package.segmentation.overridden.unwrap();
    assert_eq!(
        (overridden.recommended.as_str(), overridden.reason.as_str()),
        ("mid-market", "reference customer of the region")
    );

    options.segment = Some(SegmentOverride { segment: "enterprise".into(), reason: "  ".into() });
    let error = plan(&methodology(), BRIGHTCARE.as_bytes(), None, &options).unwrap_err();
    assert!(error.to_string().contains("reason"), "{error}");

    options.segment = Some(SegmentOverride { segment: "huge".into(), reason: "x".into() });
    let error = plan(&methodology(), BRIGHTCARE.as_bytes(), None, &options).unwrap_err();
    assert!(error.to_string().contains("mid-market"), "names the segments: {error}");
}

#[test]
fn a_deal_of_one_name_still_makes_a_package_and_asks_for_the_rest() {
    let package = package("Customer: Borealis Freight", None);
    assert_eq!(package.names.customer, "Borealis Freight");
    assert!(package.questions.len() >= 8, "{:#?}", package.questions);
    assert!(package.questions.iter().any(|question| question.assumed.is_some()));
    assert!(!package.handoff.quality.ready);
}

#[test]
fn whatever_is_missing_every_document_can_be_written() {
    for deal in ["Customer: Borealis", "Customer: Borealis\nACV: $2K", "Customer: Borealis\nACV: $12K"] {
        let package = package(deal, None);
        let paths = contents(&package, &Formats::all()).into_iter().map(|(path, _)| path);
        for path in paths.filter(|path| path.ends_with(".md")) {
            if let Err(error) = render_one(&package, &methodology(), &path) {
                panic!("{deal}: {path}: {error}");
            }
        }
    }
}

#[test]
fn the_holidays_of_a_region_are_those_of_the_plan() {
    let epiphany = |country: &str| {
        let package = package(&format!("Customer: Borealis\nACV: $60K\nCountry: {country}\n"), None);
        let days = package.plan.calendars.iter().flat_map(|calendar| &calendar.holidays);
        days.filter(|holiday| holiday.date == date(2027, 1, 6)).count()
    };
    assert_eq!(epiphany("Germany"), 0);
    assert_eq!(epiphany("DE-BY"), 1, "the customer's; the vendor stands in the United States");
}

#[test]
fn one_of_a_thing_is_not_spoken_of_as_many() {
    let reasons = |deal: &str| -> Vec<String> {
        package(deal, None).segmentation.reasons.into_iter().map(|reason| reason.text).collect()
    };
    let few = reasons("Customer: Borealis\nACV: $12K\nUsers: 1\nIntegrations: Silae\n");
    assert!(few.iter().any(|reason| reason == "One system to integrate"), "{few:?}");
    assert!(few.iter().any(|reason| reason.starts_with("Only one user:")), "{few:?}");
    let many = reasons("Customer: Borealis\nACV: $120K\nUsers: 1250\nIntegrations: Silae, SAP ERP\n");
    assert!(many.iter().any(|reason| reason.starts_with("1,250 users ")), "{many:?}");
    assert!(many.iter().any(|reason| reason == "2 systems to integrate"), "{many:?}");
}
