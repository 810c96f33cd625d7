//! Markdown and HTML: closed pages, errors with their line, agendas that add up.

use gangway_documents::{Block, HtmlOptions, html, html_fragment, markdown, parse};

use super::{PLAN, brand, read};

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
    | **Customer** | A & B |

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

#[test]
fn a_column_with_long_texts_keeps_a_width_to_read() {
    let text = "Every site works on the product, and the sponsor confirms that the goal is met.";
    let page = html_fragment(&read(&format!("| A | B |\n|---|---|\n| a | {text} |\n| b | c |\n")), &brand());
    assert!(
        page.contains("<th scope=\"col\" class=\"mark\">A</th><th scope=\"col\" class=\"long\">B</th>"),
        "{page}"
    );
    assert!(page.contains("<td class=\"mark\">b</td><td class=\"long\">c</td>"), "{page}");
}

#[test]
fn a_column_stands_as_what_it_holds_needs() {
    let page = html_fragment(
        &read(
            "| ☐ | What | By | Who | Correction |\n|---|---|---|---|---|\n| ☐ | Single sign-on is set up | 3 Dec 2026 | Champion | |\n",
        ),
        &brand(),
    );
    for cell in [
        "<td class=\"mark\">☐</td>",
        "<td class=\"text\">Single sign-on is set up</td>",
        "<td class=\"short\">3 Dec 2026</td>",
        "<td>Champion</td>",
        "<td class=\"fill alone\"></td>",
    ] {
        assert!(page.contains(cell), "{cell} in {page}");
    }
    let several = html_fragment(&read("| Week | Score | Status |\n|---|---|---|\n| One | | |\n"), &brand());
    assert_eq!(several.matches("<td class=\"fill\"></td>").count(), 2, "{several}");
}

#[test]
fn whoever_answers_stands_out_in_a_matrix() {
    let matrix = r#"{"columns":["X","Y","Z"],"rows":[{"activity":"Plan","cells":["R, A","R","C, I"]}]}"#;
    let page = html_fragment(&read(&format!("```raci\n{matrix}\n```\n")), &brand());
    for letters in ["letter accent\">R, A<", "letter good\">R<", "letter neutral\">C, I<"] {
        assert!(page.contains(letters), "{letters} in {page}");
    }
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
