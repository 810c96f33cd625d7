//! PSPLIB single-mode instances (`.sm`): Kolisch and Sprecher, "PSPLIB – a project scheduling
//! problem library" (1996). Jobs and precedences become a continuous plan; resources are not planned.

use gangway_domain::fact::Notice;
use gangway_domain::plan::{LinkKind, LinkSpec, PlanSpec, TaskSpec, TimeModel};

use crate::PlanFileError;

/// Reads an instance.
pub(crate) fn read(text: &str) -> Result<(PlanSpec, Vec<Notice>), PlanFileError> {
    let mut plan = PlanSpec { time: TimeModel::Continuous, ..PlanSpec::default() };
    plan.name = text
        .lines()
        .find_map(|line| line.strip_prefix("file with basedata"))
        .and_then(|rest| rest.split_once(':'))
        .map(|(_, name)| name.trim().to_owned());
    for (line, numbers) in section(text, "PRECEDENCE RELATIONS")? {
        let [job, _modes, count, successors @ ..] = numbers.as_slice() else {
            return Err(bad(line, "expected job, number of modes, number of successors"));
        };
        if usize::try_from(*count).ok() != Some(successors.len()) {
            return Err(bad(line, format!("announces {count} successors, but lists {}", successors.len())));
        }
        plan.links.extend(successors.iter().map(|successor| LinkSpec {
            from: job.to_string(),
            to: successor.to_string(),
            kind: LinkKind::FinishStart,
            lag: 0,
        }));
    }
    let (mut more_modes, mut resources) = (false, false);
    for (line, numbers) in section(text, "REQUESTS/DURATIONS")? {
        // Further modes of a job are written without the job's number, one column short: `.mm` files.
        let [job, mode, duration, requests @ ..] = numbers.as_slice() else {
            return Err(bad(line, "expected job, mode, duration"));
        };
        if *mode != 1 {
            more_modes = true;
            continue;
        }
        resources |= requests.iter().any(|&request| request > 0);
        let duration =
            u32::try_from(*duration).map_err(|_| bad(line, format!("duration {duration} is too large")))?;
        let id = job.to_string();
        let name = format!("Job {job}");
        plan.tasks.push(TaskSpec { id, name, duration, ..TaskSpec::default() });
    }
    let mut notices = Vec::new();
    if resources {
        notices.push(Notice::info(
            "resources_ignored",
            "The jobs' resource requests are not planned: dates follow from precedences alone.",
        ));
    }
    if more_modes {
        notices.push(Notice::warning("modes_ignored", "Jobs with several modes are planned in their first."));
    }
    Ok((plan, notices))
}

/// The rows of numbers of a section with their line numbers: after its title and column heads, until a line of stars.
fn section(text: &str, title: &str) -> Result<Vec<(usize, Vec<u64>)>, PlanFileError> {
    let mut lines = text.lines().enumerate().skip_while(|(_, line)| !line.starts_with(title));
    if lines.next().is_none() {
        return Err(bad(text.lines().count().max(1), format!("the section `{title}` is missing")));
    }
    let mut rows = Vec::new();
    for (index, line) in lines.take_while(|(_, line)| !line.starts_with("***")) {
        if line.starts_with("jobnr") || line.starts_with("---") || line.trim().is_empty() {
            continue;
        }
        let numbers = line.split_whitespace().map(|word| {
            word.parse().map_err(|_| {
                bad(index + 1, format!("`{}` is not a number", word.chars().take(40).collect::<String>()))
            })
        });
        rows.push((index + 1, numbers.collect::<Result<_, _>>()?));
    }
    Ok(rows)
}

fn bad(line: usize, message: impl Into<String>) -> PlanFileError {
    PlanFileError::Psplib { line, message: message.into() }
}
