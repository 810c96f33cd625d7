//! "Did you mean": the known name nearest to a mistyped one.

/// The known name nearest to `wrong`, when it is near enough to be meant.
pub(crate) fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (wrong.chars().count() / 3).max(2);
    known
        .into_iter()
        .map(|name| (distance(&wrong.to_lowercase(), &name.to_lowercase()), name))
        .filter(|(d, _)| *d <= limit)
        .min_by_key(|(d, _)| *d)
        .map(|(_, name)| name)
}

/// "Did you mean …?" followed by the names there are.
pub(crate) fn suggestion<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    let mut names: Vec<&str> = known.clone().into_iter().collect();
    names.sort_unstable();
    names.dedup();
    let all = if names.is_empty() {
        "there are none yet".to_owned()
    } else {
        format!("there is {}", names.join(", "))
    };
    match nearest(wrong, known) {
        Some(name) => format!("did you mean `{name}`? {all}"),
        None => all,
    }
}

/// Number of insertions, deletions, replacements and swaps of neighbours between two words.
fn distance(a: &str, b: &str) -> usize {
    // Ids are short; a cap keeps absurd input from costing time.
    let a: Vec<char> = a.chars().take(64).collect();
    let b: Vec<char> = b.chars().take(64).collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, cb) in b.iter().enumerate() {
            let mut best = (last[j] + usize::from(ca != cb)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *ca == b[j - 1] && a[i - 1] == *cb {
                best = best.min(before_last[j - 1] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_edits() {
        assert_eq!(distance("days", "days"), 0);
        assert_eq!(distance("dasy", "days"), 1);
        assert_eq!(distance("", "days"), 4);
        assert_eq!(distance("kickof", "kickoff"), 1);
    }

    #[test]
    fn suggests_only_what_is_near() {
        assert_eq!(nearest("trainr", ["csm", "trainer"]), Some("trainer"));
        assert_eq!(nearest("xylophone", ["csm", "trainer"]), None);
    }
}
