//! Column widths of tables, from what stands in the cells.

use crate::text::width;

/// Cells up to this long stay on one line where the table has the room, characters: `☐ yes ☐ no`, `12 May 2026`.
const SHORT: usize = 12;
/// Share of the width that columns to write in by hand have together, and the most one of them has.
const WRITTEN: f64 = 0.24;
const WRITTEN_MOST: f64 = 0.18;

/// Widths in points that sum to `total`: a column gets at least its longest word, then what its text asks for, and shares the rest by length.
/// `rows` holds the plain text of every row, header included; only the first 200 rows are looked at.
pub(crate) fn widths(total: f64, size: f64, padding: f64, count: usize, rows: &[Vec<String>]) -> Vec<f64> {
    if count == 0 {
        return Vec::new();
    }
    let cap = total / count as f64;
    let mut least = vec![size * 2.0 + padding; count];
    let blank: Vec<usize> = (0..count).filter(|column| to_write_in(rows, *column)).collect();
    for column in &blank {
        if let Some(least) = least.get_mut(*column) {
            *least = least.max((total * WRITTEN / blank.len() as f64).min(total * WRITTEN_MOST));
        }
    }
    let mut wanted = least.clone();
    let mut short = least.clone();
    for row in rows.iter().take(200) {
        for (((cell, least), wanted), short) in row.iter().zip(&mut least).zip(&mut wanted).zip(&mut short) {
            let word =
                cell.split_whitespace().map(|word| width(word, size, true)).fold(0.0, f64::max) + padding;
            *least = least.max(word.min(cap.max(total * 0.3)));
            let whole = width(cell, size, true) + padding;
            *wanted = wanted.max(whole).max(*least);
            if cell.chars().count() <= SHORT {
                *short = short.max(whole);
            }
            *short = short.max(*least);
        }
    }
    let sum = |list: &[f64]| list.iter().sum::<f64>();
    if sum(&short) <= total * 0.8 {
        least = short;
    }
    let (all_least, all_wanted) = (sum(&least), sum(&wanted));
    if all_least >= total {
        return least.iter().map(|w| w * total / all_least).collect();
    }
    if all_wanted <= total {
        return wanted.iter().map(|w| w * total / all_wanted).collect();
    }
    // Long prose wraps well: its wish counts by its root.
    let wishes: Vec<f64> = wanted.iter().zip(&least).map(|(w, l)| (w - l).max(0.0)).collect();
    let mut out = least;
    let mut spare = total - all_least;
    for _ in 0..8 {
        let open: Vec<f64> = out
            .iter()
            .zip(&wanted)
            .zip(&wishes)
            .map(|((o, w), wish)| if *o + 0.1 < *w { wish.max(1.0).sqrt() } else { 0.0 })
            .collect();
        let weight = sum(&open);
        if spare < 0.5 || weight <= 0.0 {
            break;
        }
        let round = spare;
        for ((o, w), share) in out.iter_mut().zip(&wanted).zip(&open) {
            let add = (round * share / weight).min((w - *o).max(0.0));
            *o += add;
            spare -= add;
        }
    }
    let fill = total / sum(&out);
    out.iter().map(|w| w * fill).collect()
}

/// Whether nothing stands below the head of a column: people write there.
fn to_write_in(rows: &[Vec<String>], column: usize) -> bool {
    let empty = |row: &Vec<String>| row.get(column).is_none_or(|cell| cell.trim().is_empty());
    rows.len() > 1 && rows.iter().skip(1).all(empty)
}

#[cfg(test)]
mod tests {
    use super::widths;

    #[test]
    fn columns_to_write_in_have_room_for_it() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let long = "What we understood of it, at some length so that it takes more than a line";
        let rows = vec![row(["Topic", "What we understood", "Correction"]), row(["Goal", long, ""])];
        assert!(widths(400.0, 8.5, 10.0, 3, &rows)[2] >= 72.0 - 1e-6);
        let rows = vec![row(["Target", "Seen on", "Value"]), row([long, "", " "])];
        let got = widths(400.0, 8.5, 10.0, 3, &rows);
        assert!(got[1] >= 48.0 - 1e-6 && got[2] >= 48.0 - 1e-6 && got[0] > 200.0, "{got:?}");
    }

    #[test]
    fn sums_to_the_total_and_favours_long_text() {
        let rows = vec![vec![
            "#".into(),
            "Name".into(),
            "A long sentence about the work that needs to be done here, with detail".into(),
        ]];
        let got = widths(400.0, 10.0, 8.0, 3, &rows);
        assert!((got.iter().sum::<f64>() - 400.0).abs() < 1e-6);
        assert!(got[0] < got[1] && got[1] < got[2], "{got:?}");
        let narrow = vec![vec!["A sentence that wraps ".repeat(9), "☐ yes ☐ no".into()]];
        assert!(widths(200.0, 10.0, 8.0, 2, &narrow)[1] >= super::width("☐ yes ☐ no", 10.0, true) + 8.0);
        let crowded = vec![(0..30).map(|n| format!("column{n}")).collect::<Vec<_>>()];
        assert!((widths(300.0, 10.0, 4.0, 30, &crowded).iter().sum::<f64>() - 300.0).abs() < 1e-6);
        assert!(widths(100.0, 10.0, 4.0, 0, &[]).is_empty());
    }
}
