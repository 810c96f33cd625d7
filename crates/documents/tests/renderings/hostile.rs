//! Hostile text stays text in every output; empty and huge documents render.

use gangway_documents::{Block, Document, Inline, escape_markdown, parse};

use super::{all, parts, read};

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
