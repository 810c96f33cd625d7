//! What holds for any deal: counts of users, systems and sites chosen at random.

use gangway_domain::package::{Package, PlanTask};
use gangway_domain::plan::LinkKind;
use jiff::civil::{Date, Weekday, date};
use proptest::prelude::*;

use super::package;

fn off(package: &Package, calendar: &str, day: Date) -> bool {
    let spec = package
        .plan
        .calendars
        .iter()
        .find(|spec| spec.id == calendar)
        .expect("both calendars are in the plan");
    spec.weekend.contains(&day.weekday())
        || spec.holidays.iter().any(|holiday| holiday.date == day)
        || spec.closed.iter().any(|closed| closed.from <= day && day <= closed.to)
}

fn works_on_free_days(package: &Package, task: &PlanTask) -> bool {
    let calendars: &[&str] = match task.owner {
        gangway_domain::programme::Side::Vendor => &["vendor"],
        gangway_domain::programme::Side::Customer => &["customer"],
        gangway_domain::programme::Side::Joint => &["vendor", "customer"],
    };
    task.days > 0
        && calendars
            .iter()
            .any(|calendar| off(package, calendar, task.start) || off(package, calendar, task.finish))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn plans_keep_their_rules(
        acv in 1_000_u32..900_000,
        users in 1_u32..20_000,
        sites in 1_u32..60,
        systems in 0_usize..6,
        sso in any::<bool>(),
        days in 20_u32..400,
        offset in 0_i32..300,
    ) {
        let names = ["SAP ERP", "Salesforce", "Workday", "Snowflake", "NetSuite", "Jira"];
        let integrations = names[..systems].join(", ");
        let mut deal = format!(
            "Customer: Probe Works\nACV: ${acv}\nUsers: {users}\nSites: {sites} stores\nGo-live target: {days} days\nCountry: US\n"
        );
        if systems > 0 { deal.push_str(&format!("Integrations: {integrations}\n")); }
        if sso { deal.push_str("SSO: Okta\n"); }
        let kickoff = date(2027, 1, 4).checked_add(jiff::ToSpan::days(offset)).unwrap();
        let package = package(&deal, Some(kickoff));

        prop_assert!(!matches!(
            package.dates.go_live_on.weekday(),
            Weekday::Friday | Weekday::Saturday | Weekday::Sunday
        ));
        for task in &package.plan.tasks {
            prop_assert!(!works_on_free_days(&package, task), "{} {} {}", task.name, task.start, task.finish);
        }
        // Every finish-to-start link holds between the planned dates.
        for link in package.plan.links.iter().filter(|link| link.kind == LinkKind::FinishStart && link.lag >= 0) {
            let find = |id: &str| package.plan.tasks.iter().find(|task| task.id == id);
            if let (Some(from), Some(to)) = (find(&link.from), find(&link.to)) {
                let holds = if from.days == 0 || to.days == 0 { from.finish <= to.start } else { from.finish < to.start };
                // Preparation that does not fit before the pinned kickoff is reported, never hidden.
                prop_assert!(
                    holds || package.notices.iter().any(|notice| notice.code == "schedule_conflict"),
                    "{} → {}", from.name, to.name
                );
            }
        }
        // Sites are rolled out once each, where the programme rolls out at all.
        let rolled_out: usize = package.plan.rollout.iter().map(|wave| wave.sites.len()).sum();
        if sites > 1 && !package.plan.rollout.is_empty() {
            prop_assert_eq!(rolled_out, usize::try_from(sites).unwrap());
        }
        let unfilled = package.plan.tasks.iter().any(|task| task.name.contains('{'));
        prop_assert!(!unfilled, "a placeholder stayed unfilled");
    }
}
