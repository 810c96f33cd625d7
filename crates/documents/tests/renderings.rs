//! Every output of the samples and of hostile input: structure, determinism, escaping.

use gangway_documents::{
    AnySheet, Attendee, Block, Brand, CellValue, Document, Event, GanttSheet, HtmlOptions, Inline, Sheet,
    SheetCell, SheetColumn, Tone, When, Workbook, csv, docx, email, escape_markdown, html, html_fragment,
    ics, markdown, parse, pdf, pptx, xlsx,
};

const PLAN: &str = include_str!("samples/plan.md");
const KICKOFF: &str = include_str!("samples/kickoff.md");

fn brand() -> Brand {
    Brand::new("Northwind Cloud", "#1f5f8b")
}

fn read(source: &str) -> Document {
    parse(source).expect("the sample is well formed")
}

/// All outputs of a document as bytes.
fn all(document: &Document) -> Vec<(&'static str, Vec<u8>)> {
    let brand = brand();
    let options = HtmlOptions {
        brand: brand.clone(),
        navigation: vec![("Plan".into(), "plan.pdf".into()), ("Bad".into(), "javascript:alert(1)".into())],
    };
    let mail = email(document, &brand);
    vec![
        ("md", markdown(document).into_bytes()),
        ("html", html(document, &options).into_bytes()),
        ("pdf", pdf(document, &brand).expect("typeset")),
        ("docx", docx(document, &brand).expect("written")),
        ("pptx", pptx(document, &brand).expect("written")),
        ("mail.txt", mail.text.into_bytes()),
        ("mail.html", mail.html.into_bytes()),
    ]
}

/// The parts of an office file, by path.
fn parts(bytes: &[u8]) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a zip archive");
    (0..archive.len())
        .map(|n| {
            let mut file = archive.by_index(n).expect("a part");
            let mut text = String::new();
            std::io::Read::read_to_string(&mut file, &mut text).expect("text");
            (file.name().expect("a UTF-8 path").into_owned(), text)
        })
        .collect()
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    for source in [PLAN, KICKOFF] {
        let (first, second) = (all(&read(source)), all(&read(source)));
        for ((name, a), (_, b)) in first.iter().zip(&second) {
            assert!(a == b, "{name} differs between two runs");
            assert!(!a.is_empty(), "{name} is empty");
        }
    }
}

#[test]
fn html_is_a_closed_page() {
    let document = read(PLAN);
    let page = html(
        &document,
        &HtmlOptions { brand: brand(), navigation: vec![("Bad".into(), "javascript:alert(1)".into())] },
    );
    for needed in [
        "<html lang=\"en\">",
        "<main id=\"content\"",
        "<h1>Implementation plan</h1>",
        "scope=\"col\"",
        "role=\"img\"",
        "<svg",
        "@media print",
        "prefers-color-scheme:dark",
    ] {
        assert!(page.contains(needed), "{needed}");
    }
    for banned in ["<script", "javascript:", "src=\"http", "@import", "url("] {
        assert!(!page.contains(banned), "{banned}");
    }
    assert!(html_fragment(&document, &brand()).starts_with("<header"));
    assert_eq!(page.matches("<h1").count(), 1);
}

#[test]
fn a_small_document_in_markdown_and_html() {
    let document = read(
        "+++\ntitle = \"Note\"\nmeta = [[\"Customer\", \"A & B\"]]\n+++\n## One\n\nSome *text* with `code` and [a link](https://example.org/x?a=1&b=2).\n\n- [x] done\n- [ ] open\n\n| A | B |\n|---|--:|\n| x\\|y | 2 |\n\n```callout tone=warning title=\"Mind\"\nBody\n```\n",
    );
    insta::assert_snapshot!(markdown(&document), @r"
    # Note

    |  |  |
    | --- | --- |
    | **Customer** | A \& B |

    ## One

    Some *text* with `code` and [a link](<https://example.org/x?a=1&b=2>).

    - [x] done
    - [ ] open

    | A | B |
    | --- | --: |
    | x\|y | 2 |

    > **Mind**
    >
    > Body
    ");
    insta::assert_snapshot!(html_fragment(&document, &brand()), @r#"
    <header class="doc-head">
    <h1>Note</h1>
    <dl class="meta"><div><dt>Customer</dt><dd>A &amp; B</dd></div></dl>
    </header>
    <main id="content" class="doc pages">
    <h2 id="one">One</h2>
    <p>Some <em>text</em> with <code>code</code> and <a href="https://example.org/x?a=1&amp;b=2" rel="noopener">a link</a>.</p>
    <ul class="tasks">
    <li><span class="check" role="img" aria-label="done">☑</span> done</li>
    <li><span class="check" role="img" aria-label="open">☐</span> open</li>
    </ul>
    <div class="scroll" tabindex="0" role="group" aria-label="Table"><table>
    <thead><tr><th scope="col">A</th><th scope="col" class="right">B</th></tr></thead>
    <tbody>
    <tr><td>x|y</td><td class="right">2</td></tr>
    </tbody></table></div>
    <aside class="callout warning" aria-label="Mind">
    <p class="callout-title">Mind</p>
    <p>Body</p>
    </aside>
    </main>
    "#);
}

const HOSTILE: [&str; 16] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "=cmd|' /C calc'!A0",
    "#set page(width: 1pt); #panic(\"x\")",
    "*_[](){}`~|\\ <b>",
    "]]> --> &amp; &#0;",
    "nul\u{0}byte \u{1}\u{b}\u{1f}",
    "\u{202e}desrever\u{2066}",
    "{{ 7*7 }} {% raw %} ${x}",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "漢字かな交じり文 한국어 العربية",
    "🎉 family 👨‍👩‍👧‍👦 flag 🇩🇪",
    "\u{ffff}\u{fffe}\u{feff}",
    "---\n# heading\n```gantt\n{}\n```",
    "+++\ntitle = 1\n+++",
    "",
];

fn hostile_document(text: &str, kind: &str) -> Document {
    let word = escape_markdown(text);
    let json = serde_json::to_string(text).expect("text is JSON");
    // A JSON string is a TOML basic string too, and always stays on one line.
    let toml = json.clone();
    let source = format!(
        "+++\nkind = \"{kind}\"\ntitle = {toml}\nsubtitle = {toml}\nfooter = {toml}\nmeta = [[{toml}, {toml}]]\n+++\n## {word} x\n\nP {word} **b {word}** [l {word}](https://e.org)\n\n- [ ] {word}\n- {word}\n\n| {word} | b |\n|---|---|\n| {word} | {word} |\n\n> {word}\n\n\
        ```gantt title={json}\n{{\"rows\":[{{\"label\":{json},\"start\":\"2026-03-02\",\"finish\":\"2026-03-20\",\"note\":{json}}},{{\"label\":{json},\"kind\":\"gate\",\"start\":\"2026-03-20\",\"finish\":\"2026-03-20\"}}],\"marks\":[{{\"date\":\"2026-03-10\",\"label\":{json}}}]}}\n```\n\
        \n---\n\n```phases\n[{{\"label\":{json},\"window\":{json},\"detail\":{json}}}]\n```\n\n```cards\n[{{\"label\":{json},\"value\":{json},\"note\":{json}}}]\n```\n\n```facts\n[{{\"label\":{json},\"value\":{json}}}]\n```\n\
        \n---\n\n```agenda start=09:30\n[{{\"minutes\":30,\"title\":{json},\"purpose\":{json},\"points\":[{json}]}}]\n```\n\n```timeline\n[{{\"date\":\"2026-03-09\",\"label\":{json}}}]\n```\n\
        \n---\n\n```power-grid\n[{{\"label\":{json},\"power\":\"high\",\"interest\":\"low\"}}]\n```\n\n```raci\n{{\"columns\":[{json}],\"rows\":[{{\"activity\":{json},\"cells\":[{json}]}}]}}\n```\n\
        \n---\n\n```callout tone=bad title={json}\n{word}\n```\n\n```columns\n{word}\n|||\n{word}\n```\n\n```notes\n{word}\n```\n\n```form\n[{{\"label\":{json},\"kind\":\"choice\",\"options\":[{json}],\"hint\":{json}}},{{\"label\":{json},\"kind\":\"signature\",\"value\":{json}}}]\n```\n"
    );
    parse(&source).unwrap_or_else(|error| panic!("{text:?}: {error}\n{source}"))
}

#[test]
fn hostile_text_stays_text_everywhere() {
    for text in HOSTILE {
        for kind in ["document", "deck"] {
            let document = hostile_document(text, kind);
            for (name, bytes) in all(&document) {
                match name {
                    "html" | "mail.html" => {
                        let page = String::from_utf8(bytes).unwrap();
                        assert!(
                            !page.contains("<script") && !page.contains("<img") && !page.contains("<b>"),
                            "{name}: {text:?}"
                        );
                        assert!(
                            !page.chars().any(|c| (c < ' ' && c != '\n' && c != '\t') || c == '\u{202e}'),
                            "{name}: {text:?}"
                        );
                    }
                    "docx" | "pptx" => {
                        for (path, xml) in parts(&bytes) {
                            assert!(!xml.contains("<script") && !xml.contains("<img"), "{path}: {text:?}");
                            assert!(
                                !xml.chars().any(|c| (c < ' ' && c != '\n' && c != '\t')
                                    || c == '\u{ffff}'
                                    || c == '\u{202e}'),
                                "{path}: {text:?}"
                            );
                            well_formed(&path, &xml);
                        }
                    }
                    _ => assert!(!bytes.is_empty()),
                }
            }
        }
    }
}

/// Every start tag has its end tag, in order: a small check that needs no XML parser.
fn well_formed(path: &str, xml: &str) {
    let mut stack: Vec<&str> = Vec::new();
    for piece in xml.split('<').skip(1) {
        let tag = piece.split('>').next().unwrap_or_default();
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        if tag.starts_with('?') {
            continue;
        } else if tag.starts_with('/') {
            assert_eq!(stack.pop(), Some(name), "{path}");
        } else if !tag.ends_with('/') {
            stack.push(name);
        }
    }
    assert!(stack.is_empty(), "{path}: {stack:?} left open");
}

#[test]
fn escaped_text_reads_back_as_itself() {
    for text in HOSTILE {
        let document = parse(&format!("x {} y", escape_markdown(text))).unwrap();
        let [Block::Paragraph(inlines)] = document.blocks.as_slice() else {
            panic!("{text:?} became {:?}", document.blocks)
        };
        let [Inline::Text(read)] = inlines.as_slice() else { panic!("{text:?} became {inlines:?}") };
        let kept: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).filter(|c| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')).collect();
        let expected = format!("x {} y", kept.split_whitespace().collect::<Vec<_>>().join(" "));
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(squeezed(read), squeezed(&expected), "{text:?}");
    }
}

#[test]
fn empty_and_huge_documents_render() {
    for source in [
        "",
        "+++\n+++\n",
        "+++\nkind = \"deck\"\n+++\n",
        "\n\n---\n\n---\n",
        "```cards\n[]\n```\n```phases\n[]\n```\n```timeline\n[]\n```\n```gantt\n{\"rows\":[]}\n```\n```raci\n{\"columns\":[],\"rows\":[]}\n```\n```power-grid\n[]\n```\n```facts\n[]\n```\n```agenda\n[]\n```\n```form\n[]\n```",
    ] {
        all(&read(source));
    }
    let rows: String =
        (0..500).map(|n| format!("| {n} | task number {n} with some words | owner |\n")).collect();
    for kind in ["document", "deck"] {
        let document = read(&format!(
            "+++\nkind = \"{kind}\"\ntitle = \"Big\"\n+++\n## Rows\n\n| # | Task | Owner |\n|--:|---|---|\n{rows}"
        ));
        for (name, bytes) in all(&document) {
            assert!(bytes.len() > 1000, "{name}");
            if name == "pptx" {
                let slides: Vec<_> = parts(&bytes)
                    .into_iter()
                    .filter(|(path, _)| path.starts_with("ppt/slides/slide"))
                    .collect();
                assert!(slides.len() > 20, "500 rows continue over slides, got {}", slides.len());
                let last = slides.iter().any(|(_, xml)| xml.contains("task number 499 with"));
                assert!(last, "the last row is on some slide");
            }
        }
    }
}

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

#[test]
fn errors_name_the_line() {
    let cases = [
        ("+++\ntitle = \"x\"\ncolour = \"red\"\n+++\n", 3, "unknown field"),
        ("+++\ntitle = \"x\"\ndate = \"tomorrow\"\n+++\n", 3, "not a date"),
        ("+++\ntitle = \"x\"\n", 1, "never closed"),
        ("text\n\n```facts\n[{\"label\": \"a\",\n \"valeu\": 1}]\n```\n", 5, "unknown field"),
        (
            "+++\ntitle=\"x\"\n+++\n\n```gantt\n{\"rows\":[{\"label\":\"a\",\"start\":\"2026-13-01\",\"finish\":\"2026-01-01\"}]}\n```\n",
            6,
            "gantt",
        ),
        (
            "```gantt\n{\"rows\":[{\"label\":\"a\",\"start\":\"2026-02-01\",\"finish\":\"2026-01-01\"}]}\n```\n",
            1,
            "finishes before it starts",
        ),
        (
            "```raci\n{\"columns\":[\"A\",\"B\"],\"rows\":[{\"activity\":\"x\",\"cells\":[\"R\"]}]}\n```\n",
            1,
            "1 cells for 2 columns",
        ),
        ("```callout tone=loud\nx\n```\n", 1, "unknown tone"),
        ("```agenda start=noon\n[]\n```\n", 1, "not a time"),
        ("```cards size=3\n[]\n```\n", 1, "unknown option"),
        ("````columns\na\n|||\n```facts\n[1]\n```\n````\n", 5, "facts"),
    ];
    for (source, line, message) in cases {
        let error = parse(source).unwrap_err();
        assert_eq!(error.line, line, "{source}: {error}");
        assert!(error.message.contains(message), "{error}");
    }
    assert!(parse(&format!("{}x", "> ".repeat(200))).is_err());
    assert!(parse(&"*".repeat(50_000)).is_ok());
    assert!(parse(&format!("{}a{}", "*a ".repeat(3000), "*".repeat(3000))).is_ok());
}

#[test]
fn agendas_count_their_time() {
    let document = read(
        "```agenda start=23:50\n[{\"minutes\":15,\"title\":\"A\"},{\"minutes\":5,\"title\":\"B\"}]\n```\n",
    );
    let [Block::Agenda(agenda)] = document.blocks.as_slice() else { panic!() };
    let times: Vec<_> = agenda.data.timed().into_iter().map(|(at, _)| at.unwrap()).collect();
    assert_eq!(times, ["23:50", "00:05"]);
    assert_eq!(agenda.data.total(), 20);
}

fn gantt_of(document: &Document) -> gangway_documents::Gantt {
    document
        .blocks
        .iter()
        .find_map(|block| if let Block::Gantt(chart) = block { Some(chart.data.clone()) } else { None })
        .expect("the sample has a chart")
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

fn meeting() -> Event {
    Event {
        uid: "kickoff-acme@example.org".into(),
        stamp: "2026-03-01T09:00:00Z".parse().expect("a time"),
        sequence: 0,
        summary: "Kickoff; goals, owners\nand dates".into(),
        description: "Agenda:\n- Goals\n- Plan; owners, dates \\ and a very long line that has to be folded because it is longer than seventy-five octets: ä ö ü".into(),
        location: "Room 1".into(),
        when: When::Timed { start: "2026-03-09T14:00:00Z".parse().expect("a time"), end: "2026-03-09T15:30:00Z".parse().expect("a time") },
        organizer: Some(Attendee { name: "CSM \"Kim\"".into(), email: "csm@example.org".into(), optional: false }),
        attendees: vec![
            Attendee { name: "Priya Nair".into(), email: "priya@example.org".into(), optional: false },
            Attendee { name: "Bad".into(), email: "x\r\nATTENDEE:evil".into(), optional: true },
        ],
        rrule: None,
        zone: None,
        cancelled: false,
    }
}

#[test]
fn calendars_fold_escape_and_keep_zones() {
    let weekly = Event {
        uid: "weekly@example.org".into(),
        rrule: Some("FREQ=WEEKLY;COUNT=12".into()),
        zone: Some("America/New_York".into()),
        ..meeting()
    };
    let days = Event {
        uid: "pilot@example.org".into(),
        when: When::Days { first: jiff::civil::date(2026, 4, 20), last: jiff::civil::date(2026, 4, 24) },
        ..meeting()
    };
    let injected =
        Event { uid: "bad@example.org".into(), rrule: Some("FREQ=DAILY\r\nX-EVIL:1".into()), ..meeting() };
    let text = ics(&[meeting(), weekly.clone(), days, injected]);
    assert_eq!(
        text,
        ics(&[
            meeting(),
            weekly,
            Event {
                uid: "pilot@example.org".into(),
                when: When::Days {
                    first: jiff::civil::date(2026, 4, 20),
                    last: jiff::civil::date(2026, 4, 24)
                },
                ..meeting()
            },
            Event { uid: "bad@example.org".into(), ..meeting() }
        ])
    );
    let unfolded = text.replace("\r\n ", "");
    for line in [
        "METHOD:REQUEST",
        "DTSTART:20260309T140000Z",
        "DTEND:20260309T153000Z",
        "DTSTART;TZID=America/New_York:20260309T100000",
        "TZID:America/New_York",
        "DTSTART;VALUE=DATE:20260420",
        "DTEND;VALUE=DATE:20260425",
        "RRULE:FREQ=WEEKLY;COUNT=12",
        "DTSTAMP:20260301T090000Z",
        "TZOFFSETTO:-0400",
    ] {
        assert!(unfolded.lines().any(|l| l.trim_end() == line), "{line}\n{unfolded}");
    }
    assert!(!unfolded.contains("X-EVIL") && !unfolded.contains("evil"));
    assert!(text.lines().all(|line| line.len() <= 76), "lines are folded");
}

#[test]
fn mails_have_both_parts() {
    let document = read(
        "+++\ntitle = \"T\"\nsubject = \"Kickoff on 9 March\"\npreheader = \"What to bring\"\n+++\nHello **Priya**,\n\nsee [the plan](https://e.org/p) and [local](plan.pdf).\n\n1. One\n2. Two\n\n```facts\n[{\"label\":\"When\",\"value\":\"10:00\"}]\n```\n",
    );
    let mail = email(&document, &brand());
    assert_eq!(mail.subject, "Kickoff on 9 March");
    insta::assert_snapshot!(mail.text, @r"
    Hello Priya,

    see the plan <https://e.org/p> and local <plan.pdf>.

    1. One
    2. Two

    - When: 10:00
    ");
    assert!(
        mail.html.contains("href=\"https://e.org/p\"")
            && !mail.html.contains("plan.pdf")
            && !mail.html.contains("<style")
            && mail.html.contains("What to bring")
    );
}

proptest::proptest! {
    #[test]
    fn any_text_parses_or_fails_with_a_line(text in "(?s).{0,400}") {
        match parse(&text) {
            Ok(document) => { markdown(&document); html_fragment(&document, &brand()); email(&document, &brand()); }
            Err(error) => assert!(error.line >= 1),
        }
    }

    #[test]
    fn markup_soup_renders_everywhere(pieces in proptest::collection::vec(proptest::sample::select(vec!["# h\n", "- [ ] a\n", "  1. b\n", "> q\n", "| a | b |\n|---|---|\n| c |\n", "---\n", "```notes\nx\n```\n", "````columns\na\n|||\n```facts\n[]\n```\n````\n", "**x *y** z*\n", "<!-- layout: closing -->\n", "<b>t</b>\n", "\n", "text ", "```\ncode\n"]), 0..14)) {
        if let Ok(document) = parse(&pieces.concat()) {
            docx(&document, &brand()).unwrap();
            pptx(&document, &brand()).unwrap();
            markdown(&document);
        }
    }
}
