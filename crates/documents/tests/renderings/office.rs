//! Slides, Word files and sheets: structure, row heights, text that is never a formula.

use gangway_documents::{
    AnySheet, Block, CellValue, Document, GanttSheet, Sheet, SheetCell, SheetColumn, Tone, Workbook, csv,
    docx, pptx, xlsx,
};

use super::{KICKOFF, PLAN, brand, parts, read};

#[test]
fn decks_have_titles_notes_and_slide_numbers() {
    let document = read(KICKOFF);
    let files = parts(&pptx(&document, &brand()).unwrap());
    let slides: Vec<&(String, String)> =
        files.iter().filter(|(path, _)| path.starts_with("ppt/slides/slide")).collect();
    assert_eq!(slides.len(), 12, "a cover and eleven slides, none continued");
    for (path, xml) in &slides {
        assert_eq!(xml.matches("<p:ph type=\"title\"/>").count(), 1, "{path}");
    }
    assert!(files.iter().any(
        |(path, xml)| path == "ppt/notesSlides/notesSlide2.xml" && xml.contains("Park product questions")
    ));
    let gantt = &slides[6].1;
    assert!(
        gantt.contains("prst=\"roundRect\"")
            && gantt.contains("prst=\"diamond\"")
            && gantt.contains("descr=\"Task: SAP interface, 16 Mar – 9 Apr 2026\"")
    );
    assert!(slides[5].1.contains("prst=\"chevron\"") && slides[5].1.contains("prst=\"homePlate\""));
    assert!(slides[8].1.contains("<a:tbl>"));
}

#[test]
fn word_files_have_real_headings_and_repeating_header_rows() {
    let files = parts(&docx(&read(PLAN), &brand()).unwrap());
    let part = |name: &str| files.iter().find(|(path, _)| path == name).map(|(_, xml)| xml.as_str()).unwrap();
    assert!(part("word/document.xml").contains("<w:pStyle w:val=\"Heading2\"/>"));
    assert!(part("word/document.xml").contains("<w:tblHeader/>"));
    assert!(part("word/styles.xml").contains("<w:outlineLvl w:val=\"1\"/>"));
    assert!(part("word/footer1.xml").contains("NUMPAGES"));
    assert!(part("word/document.xml").contains("☑") && part("word/document.xml").contains("☐"));
}

/// A long table goes on below what stands before it, but never leaves one row alone on a page.
#[test]
fn long_tables_of_word_files_may_be_cut_but_not_into_single_rows() {
    let kept = |rows: usize| -> Vec<bool> {
        let body = "| a | b |\n".repeat(rows);
        let head = "+++\nkind = \"document\"\ntitle = \"T\"\n+++\n\n| A | B |\n|---|---|\n";
        let files = parts(&docx(&read(&format!("{head}{body}")), &brand()).unwrap());
        let (_, xml) = files.iter().find(|(path, _)| path == "word/document.xml").unwrap();
        xml.split("<w:tr>").skip(1).map(|row| row.contains("<w:keepNext/>")).collect()
    };
    assert_eq!(kept(4), [true, true, true, true, false]);
    assert_eq!(kept(7), [true, true, false, false, false, false, true, false]);
}

/// The paragraph that must follow a table is no reason for an empty page.
#[test]
fn nothing_below_the_last_table_of_word_files_takes_room() {
    let files = parts(&docx(&read("One\n\n| A | B |\n|---|---|\n| a | b |\n"), &brand()).unwrap());
    let (_, xml) = files.iter().find(|(path, _)| path == "word/document.xml").unwrap();
    let (_, below) = xml.rsplit_once("</w:tbl>").unwrap();
    assert!(below.starts_with("<w:p><w:pPr><w:spacing w:after=\"0\" w:line=\"20\""), "{below}");
}

/// A chart that fits a page is a picture, and one of many rows goes on below what stands before it.
#[test]
fn short_charts_of_word_files_stay_whole() {
    let kept = |rows: usize| -> usize {
        let row = "{\"label\": \"Task\", \"start\": \"2026-03-02\", \"finish\": \"2026-03-06\"}";
        let chart = format!("```gantt\n{{\"rows\": [{}]}}\n```\n", vec![row; rows].join(", "));
        let files = parts(&docx(&read(&chart), &brand()).unwrap());
        let (_, xml) = files.iter().find(|(path, _)| path == "word/document.xml").unwrap();
        xml.split("<w:tr>").skip(1).filter(|row| row.contains("<w:keepNext/>")).count()
    };
    assert_eq!(kept(9), 9, "each of the ten rows but the last");
    assert_eq!(kept(30), 3, "two at the top, one at the bottom");
}

#[test]
fn contents_of_word_files_stand_in_two_columns() {
    let head = "+++\nkind = \"document\"\ntitle = \"T\"\ncontents = true\n+++\n\n";
    let files = parts(&docx(&read(&format!("{head}## One\n\n## Two\n\n## Three\n")), &brand()).unwrap());
    let (_, xml) = files.iter().find(|(path, _)| path == "word/document.xml").unwrap();
    let lines: Vec<&str> = xml.split("<w:pStyle w:val=\"Contents\"/>").skip(1).collect();
    let texts = |line: &str| -> Vec<String> {
        let line = line.split_once("</w:p>").map_or(line, |(line, _)| line);
        let runs = line.split("<w:t xml:space=\"preserve\">").skip(1);
        runs.filter_map(|run| run.split_once('<').map(|(text, _)| text.to_owned())).collect()
    };
    assert_eq!(lines.iter().copied().map(texts).collect::<Vec<_>>(), [vec!["One", "Three"], vec!["Two"]]);
    // One field from the first line to the last.
    assert_eq!(xml.matches("w:fldCharType=\"begin\"").count(), xml.matches("w:fldCharType=\"end\"").count());
    assert!(lines[0].contains("TOC") && lines[1].contains("w:fldCharType=\"end\""));
}

#[test]
fn phases_of_word_files_stand_in_rows_of_about_the_same_length() {
    let columns = |count: usize| -> Vec<usize> {
        let phases = vec!["{\"label\": \"Phase\"}"; count].join(", ");
        let files = parts(&docx(&read(&format!("```phases\n[{phases}]\n```\n")), &brand()).unwrap());
        let (_, xml) = files.iter().find(|(path, _)| path == "word/document.xml").unwrap();
        let grids = xml.split("<w:tblGrid>").skip(1).filter_map(|rest| rest.split("</w:tblGrid>").next());
        grids.map(|grid| grid.matches("<w:gridCol ").count()).collect()
    };
    assert_eq!(columns(6), [6]);
    assert_eq!(columns(7), [4, 4]);
    assert_eq!(columns(8), [4, 4]);
}

/// Below a chart of several pages its note would stand on a page of its own.
#[test]
fn charts_of_word_files_say_first_what_they_show() {
    let files = parts(&docx(&read(PLAN), &brand()).unwrap());
    let (_, xml) = files.iter().find(|(path, _)| path == "word/document.xml").unwrap();
    let (before, after) = xml.split_once("Red: critical").unwrap();
    let (_, paragraph) = before.rsplit_once("<w:p>").unwrap();
    assert!(paragraph.contains("<w:keepNext/>"), "{paragraph}");
    assert!(after.split_once("</w:p>").unwrap().1.starts_with("<w:tbl>"));
}

#[test]
fn forms_of_word_files_stay_on_one_page() {
    let files = parts(&docx(&read(PLAN), &brand()).unwrap());
    let (_, xml) = files.iter().find(|(path, _)| path == "word/document.xml").unwrap();
    let (_, rest) = xml.split_once("The goals above are the ones we are measured on").unwrap();
    let (form, end) = rest.split_once("For Northwind Cloud").unwrap();
    // From the first label to the last, every paragraph stays with the next one.
    assert!(form.matches("<w:p>").count() > 10);
    assert_eq!(form.matches("<w:p>").count(), form.matches("<w:keepNext/>").count());
    let (_, last) = end.rsplit_once("<w:p>").unwrap();
    assert!(!last.contains("<w:keepNext/>"), "nothing comes after the form");
    assert!(!form.contains("<w:keepNext/><w:keepNext/>"));
}

fn gantt_of(document: &Document) -> gangway_documents::Gantt {
    document
        .blocks
        .iter()
        .find_map(|block| if let Block::Gantt(chart) = block { Some(chart.data.clone()) } else { None })
        .expect("the sample has a chart")
}

/// Not every program grows rows on opening: the file says how tall wrapped text is.
#[test]
fn sheet_rows_are_as_tall_as_their_text() {
    let column = |width| SheetColumn { title: "Task".into(), width: Some(width), ..SheetColumn::default() };
    let sheet = Sheet {
        name: "Tasks".into(),
        columns: vec![column(30.0), column(12.0)],
        rows: vec![
            vec!["one line".into(), "a\nb\nc\nd\ne".into()],
            vec!["short".into(), "short".into()],
            vec!["word ".repeat(4000).into(), "".into()],
        ],
        filter: true,
    };
    let book = Workbook { sheets: vec![AnySheet::Table(sheet)], ..Workbook::default() };
    let bytes = xlsx(&book, &brand()).expect("written");
    let parts = parts(&bytes);
    let (_, text) = parts.iter().find(|(path, _)| path.ends_with("sheet1.xml")).expect("a sheet");
    // Lines of 12.75 points and 3 between rows, in whole pixels of 0.75 points; a row ends at 409.
    for (row, height) in [(2, 66.75), (3, 15.75), (4, 409.0)] {
        let tag = text.split("<row ").find(|tag| tag.starts_with(&format!("r=\"{row}\""))).expect("a row");
        let (_, rest) = tag.split_once(" ht=\"").unwrap_or_default();
        let got: f64 = rest.split('"').next().unwrap_or_default().parse().unwrap_or(15.0);
        assert!((got - height).abs() < 0.76, "row {row}: {got}");
    }
}

#[test]
fn sheets_hold_text_not_formulas() {
    let cells = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "plain, \"quoted\"", "a\nb"];
    let sheet = Sheet {
        name: "Tasks: a/b? [very long name for a tab indeed]".into(),
        columns: vec![
            SheetColumn { title: "=Text".into(), ..SheetColumn::default() },
            SheetColumn {
                title: "State".into(),
                choices: vec!["open".into(), "done".into()],
                ..SheetColumn::default()
            },
        ],
        rows: cells
            .iter()
            .map(|cell| vec![SheetCell::from(*cell), SheetCell::from("open").tone(Tone::Warning)])
            .collect(),
        filter: true,
    };
    let text = csv(&sheet);
    assert_eq!(text.lines().next(), Some("'=Text,State"));
    for line in [
        "'=1+1,open\r\n",
        "'+1,open\r\n",
        "'-1,open\r\n",
        "'@SUM(A1),open\r\n",
        "\"'\t=1\",open\r\n",
        "\"plain, \"\"quoted\"\"\",open\r\n",
        "\"a\nb\",open\r\n",
    ] {
        assert!(text.contains(line), "{line:?} in {text}");
    }
    let chart = gantt_of(&read(PLAN));
    let book = || Workbook {
        title: "Plan".into(),
        date: Some(jiff::civil::date(2026, 3, 2)),
        sheets: vec![
            AnySheet::Table(sheet.clone()),
            AnySheet::Table(sheet.clone()),
            AnySheet::Gantt(GanttSheet { name: "Gantt".into(), chart: chart.clone() }),
            AnySheet::Table(Sheet {
                rows: vec![vec![
                    SheetCell::from(1.5),
                    SheetCell::from(true),
                    SheetCell::from(jiff::civil::date(2026, 1, 1)),
                    SheetCell { value: CellValue::Number(f64::NAN), tone: None },
                ]],
                ..Sheet::default()
            }),
        ],
    };
    let bytes = xlsx(&book(), &brand()).unwrap();
    assert!(bytes == xlsx(&book(), &brand()).unwrap(), "the same workbook gives the same bytes");
    for (path, xml) in parts(&bytes) {
        assert!(!xml.contains("<f>"), "{path} holds a formula");
    }
    xlsx(&Workbook::default(), &brand()).unwrap();
}

/// A text runs on over empty cells only.
#[test]
fn the_lines_of_a_chart_are_named_in_a_row_of_their_own() {
    let mut chart = gantt_of(&read(PLAN));
    let first = chart.rows[0].start;
    chart.marks = vec![gangway_documents::Mark { date: first, label: "Go-live".into() }];
    chart.today = Some(jiff::civil::date(2020, 1, 1));
    let sheets = vec![AnySheet::Gantt(GanttSheet { name: "Gantt".into(), chart })];
    let files = parts(&xlsx(&Workbook { title: "Plan".into(), date: None, sheets }, &brand()).unwrap());
    let part = |name: &str| files.iter().find(|(path, _)| path == name).map(|(_, xml)| xml.as_str()).unwrap();
    let (before, legend) = part("xl/sharedStrings.xml").split_once("Lines: ").expect("what the lines mean");
    assert!(legend.starts_with("Go-live "), "a day outside of the chart has no line: {legend}");
    let cell = format!("t=\"s\"><v>{}</v>", before.matches("<si>").count() - 1);
    let row = part("xl/worksheets/sheet1.xml").split("<row ").find(|row| row.contains(&cell)).unwrap();
    assert_eq!(row.matches("<c ").count(), 1, "{row}");
}

/// Of a short list nothing is left alone on another page.
#[test]
fn short_lists_of_word_files_stay_whole() {
    let kept = |items: usize| -> Vec<bool> {
        let source = format!("{}\nAfter it.\n", "- item\n".repeat(items));
        let files = parts(&docx(&read(&source), &brand()).unwrap());
        let (_, xml) = files.iter().find(|(path, _)| path == "word/document.xml").unwrap();
        let items = xml.split("<w:p>").filter(|paragraph| paragraph.contains("<w:numPr>"));
        items.map(|paragraph| paragraph.contains("<w:keepNext/>")).collect()
    };
    assert_eq!(kept(3), [true, true, false]);
    assert_eq!(kept(7), [false; 7]);
}

#[test]
fn a_form_of_word_files_stays_with_the_facts_above_it() {
    let facts = "```facts\n[{\"label\": \"Who confirms it\", \"value\": \"Dana\"}]\n```\n";
    let form = "```form\n[{\"label\": \"Measured value\", \"kind\": \"line\"}]\n```\n";
    let files = parts(&docx(&read(&format!("{facts}\n{form}")), &brand()).unwrap());
    let (_, xml) = files.iter().find(|(path, _)| path == "word/document.xml").unwrap();
    let (before, _) = xml.split_once("Measured value").unwrap();
    let (_, facts) = before.split_once("<w:tbl>").unwrap();
    let (facts, _) = facts.rsplit_once("<w:p>").unwrap();
    assert!(facts.contains("Who confirms it"));
    assert_eq!(facts.matches("<w:p>").count(), facts.matches("<w:keepNext/>").count(), "{facts}");
}

#[test]
fn charts_of_word_files_name_their_colours_and_weeks() {
    let row = |side: &str, from: &str, to: &str| {
        format!("{{\"label\": \"Task\", \"start\": \"{from}\", \"finish\": \"{to}\", \"side\": \"{side}\"}}")
    };
    let rows = [row("vendor", "2026-03-02", "2026-03-06"), row("customer", "2026-03-30", "2026-04-03")];
    let chart = format!("```gantt\n{{\"rows\": [{}]}}\n```\n", rows.join(", "));
    let files = parts(&docx(&read(&chart), &brand()).unwrap());
    let (_, xml) = files.iter().find(|(path, _)| path == "word/document.xml").unwrap();
    let (note, table) = xml.split_once("<w:tbl>").unwrap();
    assert!(note.contains(" · ■ </w:t></w:r><w:r><w:t>Vendor<") && note.contains("<w:t>Customer<"), "{note}");
    assert!(!note.contains("Joint") && !note.contains("Red: critical"), "{note}");
    // A date stands above two of the five weeks.
    assert_eq!(table.matches("<w:gridSpan w:val=\"2\"/>").count(), 2);
    assert!(table.contains(">30\u{a0}Mar<"));
}

/// Programs draw a run without text as tall as the text they begin with.
#[test]
fn empty_cells_of_decks_are_no_taller_than_the_others() {
    let files = parts(&pptx(&read(KICKOFF), &brand()).unwrap());
    let slides = files.iter().filter(|(path, _)| path.starts_with("ppt/slides/slide"));
    let cells: Vec<&str> = slides.flat_map(|(_, xml)| xml.split("<a:tc>").skip(1)).collect();
    let cells = cells.iter().filter_map(|cell| cell.split_once("</a:txBody>")).map(|(text, _)| text);
    let (empty, written): (Vec<&str>, Vec<&str>) = cells.partition(|cell| !cell.contains("<a:t>"));
    assert!(!empty.is_empty() && empty.iter().all(|cell| cell.contains("<a:endParaRPr lang=\"en\" sz=\"")));
    assert!(written.iter().all(|cell| !cell.contains("<a:t></a:t>") || cell.contains("</a:t></a:r><a:r>")));
}
