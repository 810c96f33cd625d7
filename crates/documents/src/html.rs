//! The document as one self-contained HTML page: inline CSS and SVG, no script, no request.

mod blocks;
pub(crate) mod svg;

pub(crate) use blocks::{RACI_LEGEND, raci_tone};

use std::fmt::Write;

use crate::brand::Brand;
use crate::model::{Block, Document, Kind};
use crate::text::xml;

/// Options of the HTML page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HtmlOptions {
    /// The look.
    pub brand: Brand,
    /// Links shown above the document, label and target; targets with unsafe schemes are left out.
    pub navigation: Vec<(String, String)>,
}

const STYLE: &str = include_str!("html/style.css");

/// The stylesheet the page and the fragment expect, with the brand's accent.
pub fn html_style(brand: &Brand) -> String {
    let dark = brand.accent.mix(crate::brand::Rgb::WHITE, 0.55);
    STYLE.replace("ACCENT_LIGHT", &brand.accent.css()).replace("ACCENT_DARK", &dark.css())
}

/// A standalone page.
pub fn html(document: &Document, options: &HtmlOptions) -> String {
    let head = &document.head;
    let title = if head.title.is_empty() { options.brand.vendor_name.as_str() } else { head.title.as_str() };
    let mut out = String::new();
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#content\">Skip to content</a>\n",
        xml(&head.lang),
        xml(title),
        html_style(&options.brand)
    );
    let links: Vec<String> = options
        .navigation
        .iter()
        .filter_map(|(label, href)| {
            Some(format!("<li><a href=\"{}\">{}</a></li>", xml(&crate::text::safe_href(href)?), xml(label)))
        })
        .collect();
    if !links.is_empty() {
        let _ =
            writeln!(out, "<nav class=\"docs\" aria-label=\"Documents\"><ul>{}</ul></nav>", links.join(""));
    }
    out.push_str(&html_fragment(document, &options.brand));
    let mut foot = vec![xml(head.footer.as_deref().unwrap_or(&options.brand.vendor_name))];
    foot.extend(head.confidential.as_deref().map(xml));
    let _ = write!(out, "<footer class=\"page-foot\">{}</footer>\n</body>\n</html>\n", foot.join(" · "));
    out
}

/// The document without page frame: a header and a `main`, for embedding; style it with [`html_style`].
pub fn html_fragment(document: &Document, brand: &Brand) -> String {
    let head = &document.head;
    let mut out = String::from("<header class=\"doc-head\">\n");
    if let Some(eyebrow) = &head.eyebrow {
        let _ = writeln!(out, "<p class=\"eyebrow\">{}</p>", xml(eyebrow));
    }
    if !head.title.is_empty() {
        let _ = writeln!(out, "<h1>{}</h1>", xml(&head.title));
    }
    if let Some(subtitle) = &head.subtitle {
        let _ = writeln!(out, "<p class=\"subtitle\">{}</p>", xml(subtitle));
    }
    if !head.meta.is_empty() {
        out.push_str("<dl class=\"meta\">");
        for (label, value) in &head.meta {
            let _ = write!(out, "<div><dt>{}</dt><dd>{}</dd></div>", xml(label), xml(value));
        }
        out.push_str("</dl>\n");
    }
    let _ = write!(
        out,
        "</header>\n<main id=\"content\" class=\"doc {}\">\n",
        if head.kind == Kind::Deck { "deck" } else { "pages" }
    );
    let renderer = blocks::Renderer { brand, deck: head.kind == Kind::Deck };
    match head.kind {
        Kind::Document => renderer.blocks(&document.blocks, &mut out),
        Kind::Deck => {
            for slide in
                document.blocks.split(|block| matches!(block, Block::Rule)).filter(|slide| !slide.is_empty())
            {
                out.push_str("<section class=\"slide\">\n");
                renderer.blocks(slide, &mut out);
                out.push_str("</section>\n");
            }
        }
    }
    out.push_str("</main>\n");
    out
}
