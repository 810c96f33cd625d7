//! The portfolio as a file: exactly what the filter shows, every page of it.

use gangway_documents::{CellValue, Sheet, SheetCell};
use gangway_domain::money::Money;
use gangway_domain::permission::Action;
use gangway_store::onboarding::list::{self, Line, Query};
use jiff::civil::Date;

use crate::boxed;
use crate::error::AppError;
use crate::export::{BATCH, Export, Format, every, file, number, optional, sheet};
use crate::{Actor, App};

/// The onboardings of a filter as a file, in its order; cells that a spreadsheet would take for a formula
/// are text in it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Render`]; or when the database fails.
#[boxed]
pub async fn export(app: &App, actor: &Actor, query: Query, format: Format) -> Result<Export, AppError> {
    actor.require(Action::Export)?;
    let today = app.today();
    let query = Query { today, limit: BATCH, ..query };
    let workspace = actor.workspace;
    let mut tx = super::settled(app, workspace).await?;
    let lines = every(&mut tx, move |tx, after| {
        let query = Query { after, ..query.clone() };
        Box::pin(async move { list::page(tx, workspace, &query).await.map(|page| (page.lines, page.next)) })
    })
    .await?;
    drop(tx);
    file("onboardings", today, format, move || onboardings(&lines, today)).await
}

const COLUMNS: [(&str, f64); 34] = [
    ("Customer", 28.0),
    ("Product", 26.0),
    ("Use case", 30.0),
    ("Segment", 14.0),
    ("State", 12.0),
    ("Colour", 12.0),
    ("Colour because", 36.0),
    ("Health", 9.0),
    ("Health status", 16.0),
    ("Health 14 days ago", 17.0),
    ("Health coverage %", 17.0),
    ("Open signals", 13.0),
    ("Gravest signal", 14.0),
    ("Stage", 12.0),
    ("Phase", 24.0),
    ("Plan %", 9.0),
    ("Next", 12.0),
    ("Next on", 12.0),
    ("Owner", 20.0),
    ("ACV", 12.0),
    ("Currency", 10.0),
    ("Starts", 12.0),
    ("Kickoff", 12.0),
    ("Go-live", 12.0),
    ("Wanted go-live", 15.0),
    ("Days late", 10.0),
    ("P80 go-live", 13.0),
    ("Promise kept %", 15.0),
    ("First value", 12.0),
    ("Finish", 12.0),
    ("Touch", 10.0),
    ("Handoff quality %", 17.0),
    ("Warnings", 10.0),
    ("Id", 38.0),
];

fn onboardings(lines: &[Line], today: Date) -> Sheet {
    sheet("Onboardings", &COLUMNS, lines.iter().map(|line| row(line, today)).collect())
}

fn row(line: &Line, today: Date) -> Vec<SheetCell> {
    let day = |day: Option<Date>| day.map_or_else(SheetCell::default, SheetCell::from);
    let open = matches!(line.state.as_str(), "planned" | "running");
    let now = |text: &Option<String>| if open { optional(text.as_deref()) } else { SheetCell::default() };
    let (next, next_on) = line.dates().next(&line.state, today);
    let done = (open && line.phase.is_some()).then(|| days_over(line, today));
    vec![
        line.customer.as_str().into(),
        line.product.as_str().into(),
        line.use_case.as_str().into(),
        line.segment_name.as_str().into(),
        line.state.as_str().into(),
        line.light.map_or_else(SheetCell::default, |light| light.label().into()),
        line.light.map_or_else(SheetCell::default, |_| line.light_because.as_str().into()),
        line.health_score.map_or_else(SheetCell::default, number),
        optional(line.health.as_deref()),
        line.health_before.map_or_else(SheetCell::default, number),
        line.health_coverage.map_or_else(SheetCell::default, number),
        number(line.signals),
        line.gravest.map_or_else(SheetCell::default, |gravest| super::severity(gravest).into()),
        now(&line.stage),
        now(&line.phase),
        done.map_or_else(SheetCell::default, number),
        if open { next.label().into() } else { SheetCell::default() },
        day(open.then_some(next_on)),
        optional(line.owner.as_deref()),
        line.acv.map_or_else(SheetCell::default, amount),
        line.acv.map_or_else(SheetCell::default, |money| money.currency.code().into()),
        line.starts_on.into(),
        line.kickoff_on.into(),
        line.go_live_on.into(),
        day(line.go_live_target),
        line.go_live_target.map_or_else(SheetCell::default, |_| number(line.late_days)),
        day(line.p80_on.filter(|_| open)),
        line.kept_percent.filter(|_| open).map_or_else(SheetCell::default, number),
        day(line.first_value_on),
        line.finish_on.into(),
        line.touch.as_str().into(),
        number(line.document_score),
        number(line.warnings),
        line.id.to_string().into(),
    ]
}

/// Share of the plan's days that are over, 0–100.
fn days_over(line: &Line, today: Date) -> i64 {
    let whole = (line.finish_on - line.starts_on).get_days().max(1);
    let over = (today - line.starts_on).get_days().clamp(0, whole);
    i64::from(over * 100 / whole)
}

#[expect(clippy::cast_precision_loss, reason = "counts and amounts far below 2^53")]
fn amount(money: Money) -> SheetCell {
    let minor = 10_f64.powi(i32::try_from(money.currency.decimals()).unwrap_or(2));
    SheetCell { value: CellValue::Number(money.minor as f64 / minor), tone: None }
}
