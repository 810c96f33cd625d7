//! Bars over days or weeks, drawn in the page.

use jiff::civil::Date;

use crate::format::Day;

/// Width of a picture; it is scaled to its panel.
const WIDTH: i64 = 560;
/// Height of the bars.
const HEIGHT: i64 = 96;

/// What is counted at a day.
pub(crate) struct Point {
    /// The day, or the first of a week.
    pub day: Date,
    /// Its height.
    pub value: i64,
    /// What stands there when one points at it.
    pub title: String,
}

/// Something that happened on one of the days.
pub(crate) struct Flag {
    pub day: Date,
    /// What stands there when one points at it.
    pub title: String,
}

/// Bars beside each other, oldest first.
pub(crate) struct Bars {
    pub width: i64,
    pub height: i64,
    pub bars: Vec<Bar>,
    /// Lines from top to bottom where something happened.
    pub lines: Vec<Line>,
    pub most: i64,
    pub first: Day,
    pub last: Day,
}

pub(crate) struct Bar {
    pub x: i64,
    pub y: i64,
    pub width: i64,
    pub height: i64,
    pub title: String,
}

pub(crate) struct Line {
    pub x: i64,
    pub title: String,
}

impl Bars {
    /// None where nothing is above zero.
    pub(crate) fn new(points: &[Point], flags: &[Flag]) -> Option<Self> {
        let (first, last) = (points.first()?.day, points.last()?.day);
        let most = points.iter().map(|point| point.value).max().filter(|most| *most > 0)?;
        let count = i64::try_from(points.len()).unwrap_or(WIDTH);
        let width = (WIDTH / count - 1).max(1);
        let bar = |(place, point): (i64, &Point)| {
            let height = (point.value.max(0) * (HEIGHT - 4) / most).max(i64::from(point.value > 0));
            let x = place * WIDTH / count;
            Bar { x, y: HEIGHT - height, width, height, title: point.title.clone() }
        };
        let bars = (0..).zip(points).map(bar).filter(|bar| bar.height > 0).collect();
        let line = |flag: &Flag| {
            let (place, _) = (0_i64..).zip(points).find(|(_, point)| point.day == flag.day)?;
            Some(Line { x: place * WIDTH / count + width / 2, title: flag.title.clone() })
        };
        let lines = flags.iter().filter_map(line).collect();
        Some(Self { width: WIDTH, height: HEIGHT, bars, lines, most, first: first.into(), last: last.into() })
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use jiff::civil::date;

    use super::*;

    fn points(values: &[i64]) -> Vec<Point> {
        let point = |(place, value): (i64, &i64)| Point {
            day: date(2027, 1, 1).saturating_add(place.days()),
            value: *value,
            title: String::new(),
        };
        (0..).zip(values).map(point).collect()
    }

    #[test]
    fn bars_fill_the_picture_and_the_least_is_seen() {
        let bars = Bars::new(&points(&[0, 1, 1_000, 500]), &[]).unwrap();
        let heights: Vec<i64> = bars.bars.iter().map(|bar| bar.height).collect();
        assert_eq!(heights, [1, 92, 46], "what is zero has no bar");
        let places: Vec<i64> = bars.bars.iter().map(|bar| bar.x).collect();
        assert_eq!((places, bars.most), (vec![140, 280, 420], 1_000));
        assert!(bars.bars.iter().all(|bar| bar.x + bar.width <= WIDTH && bar.y + bar.height == HEIGHT));
        assert!(Bars::new(&points(&[0, 0]), &[]).is_none() && Bars::new(&[], &[]).is_none());
    }

    #[test]
    fn what_happened_stands_in_the_middle_of_its_day() {
        let flag = |day: i8| Flag { day: date(2027, 1, day), title: day.to_string() };
        let bars = Bars::new(&points(&[1, 1, 1, 1]), &[flag(2), flag(9)]).unwrap();
        let lines: Vec<(i64, &str)> = bars.lines.iter().map(|line| (line.x, line.title.as_str())).collect();
        // Each day is 140 wide, its bar one less; 9 January is not shown.
        assert_eq!(lines, [(209, "2")]);
    }
}
