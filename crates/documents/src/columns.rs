//! Column widths of tables, from what stands in the cells.

use crate::text::width;

/// Cells up to this long stay on one line where the table has the room, characters: `☐ yes ☐ no`, `12 May 2026`.
const SHORT: usize = 12;
/// Share of the width that columns to write in by hand have together, and the most one of them has.
const WRITTEN: f64 = 0.24;
const WRITTEN_MOST: f64 = 0.18;

/// Where the face of a file is missing, programs draw another; the widest usual one takes this much more.
const FALLBACK: f64 = 1.17;

/// What a column asks for, points.
struct Wish {
    /// Its longest word.
    least: f64,
    /// The same in the widest face.
    roomy: f64,
    /// Its short cells on one line.
    short: f64,
    /// The same in the widest face.
    wide: f64,
    /// All cells on one line.
    wanted: f64,
}

impl Wish {
    /// `base` is the least of any column; no word asks for more than `most`, in the widest face a fifth more.
    fn of<'a>(
        cells: impl Iterator<Item = &'a String>,
        base: f64,
        size: f64,
        padding: f64,
        most: f64,
    ) -> Wish {
        let mut wish = Wish { least: base, roomy: base, short: base, wide: base, wanted: base };
        for cell in cells {
            let word = cell.split_whitespace().map(|word| width(word, size, true)).fold(0.0, f64::max);
            let whole = width(cell, size, true);
            wish.least = wish.least.max((word + padding).min(most));
            wish.roomy = wish.roomy.max((word * FALLBACK + padding).min(most * 1.2));
            wish.wanted = wish.wanted.max(whole + padding);
            if cell.chars().count() <= SHORT {
                wish.short = wish.short.max(whole + padding);
                wish.wide = wish.wide.max(whole * FALLBACK + padding);
            }
        }
        wish.short = wish.short.max(wish.least);
        wish.wide = wish.wide.max(wish.roomy);
        wish.wanted = wish.wanted.max(wish.least);
        wish
    }
}

/// Widths in points that sum to `total`: a column gets at least its longest word, then what its text asks for, and shares the rest by length.
/// `rows` holds the plain text of every row, header included; only the first 200 rows are looked at.
pub(crate) fn widths(total: f64, size: f64, padding: f64, count: usize, rows: &[Vec<String>]) -> Vec<f64> {
    if count == 0 {
        return Vec::new();
    }
    let most = (total / count as f64).max(total * 0.3);
    let blanks = (0..count).filter(|column| to_write_in(rows, *column)).count();
    let written = (total * WRITTEN / blanks.max(1) as f64).min(total * WRITTEN_MOST);
    let wishes: Vec<Wish> = (0..count)
        .map(|column| {
            let base = size * 2.0 + padding;
            let base = if to_write_in(rows, column) { base.max(written) } else { base };
            let cells = rows.iter().take(200).filter_map(|row| row.get(column));
            Wish::of(cells, base, size, padding, most)
        })
        .collect();
    let sum = |list: &[f64]| list.iter().sum::<f64>();
    let all = |wish: fn(&Wish) -> f64| wishes.iter().map(wish).collect::<Vec<f64>>();
    // The kindest of these that leaves room for long text.
    let least = [
        (all(|wish| wish.wide), 0.8),
        (all(|wish| wish.short.max(wish.roomy)), 0.8),
        (all(|wish| wish.short), 0.8),
        (all(|wish| wish.roomy), 0.9),
    ]
    .into_iter()
    .find_map(|(list, share)| (sum(&list) <= total * share).then_some(list))
    .unwrap_or_else(|| all(|wish| wish.least));
    let wanted: Vec<f64> = wishes.iter().zip(&least).map(|(wish, least)| wish.wanted.max(*least)).collect();
    let (all_least, all_wanted) = (sum(&least), sum(&wanted));
    if all_least >= total {
        return least.iter().map(|w| w * total / all_least).collect();
    }
    if all_wanted <= total {
        return wanted.iter().map(|w| w * total / all_wanted).collect();
    }
    // Long prose wraps well: its wish counts by its root.
    let over: Vec<f64> = wanted.iter().zip(&least).map(|(w, l)| (w - l).max(0.0)).collect();
    let mut out = least;
    let mut spare = total - all_least;
    for _ in 0..8 {
        let open: Vec<f64> = out
            .iter()
            .zip(&wanted)
            .zip(&over)
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
    fn words_stand_whole_in_wider_faces_than_the_one_of_the_file() {
        let long = "What must be true before anybody is asked to work with it every day";
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let rows = vec![row(["What must be true", "Who", "Planned"]), row([long, long, "17 Feb"])];
        let got = widths(400.0, 8.5, 10.0, 3, &rows);
        assert!(got[2] >= super::width("Planned", 8.5, true) * 1.17 + 10.0 - 1e-6, "{got:?}");
        // Where there is no room for that, the file's own face still fits.
        let crowded: Vec<Vec<String>> = vec![(0..9).map(|_| "Implementation".to_owned()).collect()];
        let each = super::width("Implementation", 8.5, true) + 10.0;
        let got = widths(9.0 * each, 8.5, 10.0, 9, &crowded);
        assert!(got.iter().all(|width| *width >= each - 1e-6), "{got:?}");
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
