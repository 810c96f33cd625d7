//! The parts around the body: package, styles, lists, header and footer.

use std::fmt::Write;

use crate::brand::{Brand, INK, LINE, SLATE};
use crate::model::Document;
use crate::text::xml;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
const REL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// Every part of the package.
pub(super) fn all(
    document: &Document,
    brand: &Brand,
    body: &str,
    links: &[String],
    lists: &[Option<u64>],
) -> Vec<(String, String)> {
    vec![
        ("[Content_Types].xml".into(), content_types()),
        (
            "_rels/.rels".into(),
            format!(
                "{HEAD}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{REL}/officeDocument\" Target=\"word/document.xml\"/><Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/></Relationships>"
            ),
        ),
        ("docProps/core.xml".into(), core(document, brand)),
        ("word/document.xml".into(), body_part(body)),
        ("word/_rels/document.xml.rels".into(), rels(links)),
        ("word/styles.xml".into(), styles(document, brand)),
        ("word/numbering.xml".into(), numbering(brand, lists)),
        (
            "word/settings.xml".into(),
            format!(
                "{HEAD}<w:settings {W}><w:zoom w:percent=\"100\"/><w:defaultTabStop w:val=\"708\"/><w:compat><w:compatSetting w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat></w:settings>"
            ),
        ),
        ("word/header1.xml".into(), header(document, brand)),
        ("word/footer1.xml".into(), footer(document, brand)),
    ]
}

fn content_types() -> String {
    let base = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    let parts: String = [
        ("document", "document.main"),
        ("styles", "styles"),
        ("numbering", "numbering"),
        ("settings", "settings"),
        ("header1", "header"),
        ("footer1", "footer"),
    ]
    .iter()
    .map(|(name, kind)| {
        format!("<Override PartName=\"/word/{name}.xml\" ContentType=\"{base}.{kind}+xml\"/>")
    })
    .collect();
    format!(
        "{HEAD}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>{parts}</Types>"
    )
}

fn core(document: &Document, brand: &Brand) -> String {
    let date = document.head.date.map_or(String::new(), |date| {
        format!("<dcterms:created xsi:type=\"dcterms:W3CDTF\">{date}T00:00:00Z</dcterms:created>")
    });
    format!(
        "{HEAD}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{}</dc:title><dc:creator>{}</dc:creator><dc:language>{}</dc:language>{date}</cp:coreProperties>",
        xml(&document.head.title),
        xml(&brand.vendor_name),
        xml(&document.head.lang)
    )
}

fn body_part(body: &str) -> String {
    format!(
        "{HEAD}<w:document {W}><w:body>{body}<w:sectPr><w:headerReference w:type=\"default\" r:id=\"rId4\"/><w:footerReference w:type=\"default\" r:id=\"rId5\"/><w:footerReference w:type=\"first\" r:id=\"rId5\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1360\" w:right=\"1140\" w:bottom=\"1240\" w:left=\"1140\" w:header=\"640\" w:footer=\"560\" w:gutter=\"0\"/><w:titlePg/></w:sectPr></w:body></w:document>"
    )
}

fn rels(links: &[String]) -> String {
    let mut list = String::new();
    for (n, (kind, target)) in [
        ("styles", "styles.xml"),
        ("numbering", "numbering.xml"),
        ("settings", "settings.xml"),
        ("header", "header1.xml"),
        ("footer", "footer1.xml"),
    ]
    .iter()
    .enumerate()
    {
        let _ = write!(list, "<Relationship Id=\"rId{}\" Type=\"{REL}/{kind}\" Target=\"{target}\"/>", n + 1);
    }
    for (n, link) in links.iter().enumerate() {
        let _ = write!(
            list,
            "<Relationship Id=\"rId{}\" Type=\"{REL}/hyperlink\" Target=\"{}\" TargetMode=\"External\"/>",
            n + 10,
            xml(link)
        );
    }
    format!(
        "{HEAD}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{list}</Relationships>"
    )
}

fn styles(document: &Document, brand: &Brand) -> String {
    let font = "<w:rFonts w:ascii=\"Arial\" w:hAnsi=\"Arial\" w:cs=\"Arial\" w:eastAsia=\"Arial\"/>";
    let style = |id: &str, name: &str, ppr: &str, rpr: &str| {
        format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/><w:basedOn w:val=\"Normal\"/><w:next w:val=\"Normal\"/><w:qFormat/><w:pPr>{ppr}</w:pPr><w:rPr>{rpr}</w:rPr></w:style>"
        )
    };
    let heading = |level: usize, size: usize, before: usize| {
        style(
            &format!("Heading{level}"),
            &format!("heading {level}"),
            &format!(
                "<w:keepNext/><w:keepLines/><w:spacing w:before=\"{before}\" w:after=\"100\"/><w:outlineLvl w:val=\"{}\"/>",
                level - 1
            ),
            &format!("<w:b/><w:color w:val=\"{}\"/><w:sz w:val=\"{size}\"/>", INK.hex()),
        )
    };
    let headings: String =
        [(1, 32, 400), (2, 26, 280), (3, 22, 260), (4, 20, 220), (5, 20, 200), (6, 20, 200)]
            .iter()
            .map(|(l, s, b)| heading(*l, *s, *b))
            .collect();
    let accent = brand.accent.hex();
    let slate = SLATE.hex();
    let others = [
        style("Title", "Title", "<w:spacing w:before=\"60\" w:after=\"80\" w:line=\"240\" w:lineRule=\"auto\"/>", &format!("<w:b/><w:color w:val=\"{}\"/><w:sz w:val=\"50\"/>", INK.hex())),
        style("Subtitle", "Subtitle", "<w:spacing w:after=\"160\"/>", &format!("<w:color w:val=\"{slate}\"/><w:sz w:val=\"24\"/>")),
        style("Eyebrow", "Eyebrow", "<w:spacing w:before=\"0\" w:after=\"40\"/>", &format!("<w:b/><w:caps/><w:color w:val=\"{accent}\"/><w:spacing w:val=\"10\"/><w:sz w:val=\"17\"/>")),
        style("Caption", "caption", "<w:keepNext/><w:spacing w:before=\"200\" w:after=\"80\"/>", "<w:b/><w:sz w:val=\"19\"/>"),
        style("Contents", "Contents", "<w:spacing w:after=\"20\"/><w:ind w:left=\"120\"/>", "<w:sz w:val=\"18\"/>"),
        style("Small", "Small print", "<w:spacing w:before=\"40\" w:after=\"120\"/>", &format!("<w:color w:val=\"{slate}\"/><w:sz w:val=\"16\"/>")),
        style("Cell", "Table text", "<w:spacing w:before=\"30\" w:after=\"30\" w:line=\"240\" w:lineRule=\"auto\"/>", "<w:sz w:val=\"17\"/>"),
        style("Quote", "Quote", &format!("<w:pBdr><w:left w:val=\"single\" w:sz=\"16\" w:space=\"10\" w:color=\"{}\"/></w:pBdr><w:ind w:left=\"240\"/>", LINE.hex()), &format!("<w:color w:val=\"{slate}\"/>")),
        style("Code", "Code", "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"F3F5F8\"/><w:spacing w:after=\"0\"/>", "<w:rFonts w:ascii=\"Courier New\" w:hAnsi=\"Courier New\" w:cs=\"Courier New\"/><w:sz w:val=\"17\"/>"),
    ]
    .concat();
    format!(
        "{HEAD}<w:styles {W}><w:docDefaults><w:rPrDefault><w:rPr>{font}<w:color w:val=\"{}\"/><w:sz w:val=\"20\"/><w:szCs w:val=\"20\"/><w:lang w:val=\"{}\"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after=\"110\" w:line=\"264\" w:lineRule=\"auto\"/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/></w:style><w:style w:type=\"character\" w:default=\"1\" w:styleId=\"DefaultParagraphFont\"><w:name w:val=\"Default Paragraph Font\"/></w:style><w:style w:type=\"character\" w:styleId=\"Hyperlink\"><w:name w:val=\"Hyperlink\"/><w:rPr><w:color w:val=\"{accent}\"/><w:u w:val=\"single\"/></w:rPr></w:style><w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\"><w:name w:val=\"Normal Table\"/><w:tblPr><w:tblInd w:w=\"0\" w:type=\"dxa\"/><w:tblCellMar><w:top w:w=\"0\" w:type=\"dxa\"/><w:left w:w=\"90\" w:type=\"dxa\"/><w:bottom w:w=\"0\" w:type=\"dxa\"/><w:right w:w=\"90\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style><w:style w:type=\"table\" w:styleId=\"Brand\"><w:name w:val=\"Brand Table\"/><w:basedOn w:val=\"TableNormal\"/><w:tblPr><w:tblBorders><w:bottom w:val=\"single\" w:sz=\"4\" w:color=\"{line}\"/><w:insideH w:val=\"single\" w:sz=\"4\" w:color=\"{line}\"/></w:tblBorders></w:tblPr><w:tblStylePr w:type=\"firstRow\"><w:rPr><w:b/><w:color w:val=\"{slate}\"/></w:rPr><w:tcPr><w:tcBorders><w:bottom w:val=\"single\" w:sz=\"10\" w:color=\"{accent}\"/></w:tcBorders></w:tcPr></w:tblStylePr></w:style>{headings}{others}</w:styles>",
        INK.hex(),
        xml(&document.head.lang),
        line = LINE.hex()
    )
}

/// One numbering for bullets, then one for each numbered list so that each counts from its own start.
fn numbering(brand: &Brand, lists: &[Option<u64>]) -> String {
    let accent = brand.accent.hex();
    let level = |n: usize, format: &str, text: &str| {
        format!(
            "<w:lvl w:ilvl=\"{n}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/><w:lvlText w:val=\"{text}\"/><w:lvlJc w:val=\"left\"/><w:pPr><w:ind w:left=\"{}\" w:hanging=\"300\"/></w:pPr><w:rPr><w:color w:val=\"{accent}\"/></w:rPr></w:lvl>",
            360 + n * 320
        )
    };
    let bullets: String = (0..9).map(|n| level(n, "bullet", "•")).collect();
    let numbers: String = (0..9).map(|n| level(n, "decimal", &format!("%{}.", n + 1))).collect();
    let mut nums = String::new();
    for (n, start) in lists.iter().enumerate() {
        let (kind, start) = start.map_or((0, String::new()), |start| {
            let levels: String = (0..9)
                .map(|l| {
                    format!(
                        "<w:lvlOverride w:ilvl=\"{l}\"><w:startOverride w:val=\"{}\"/></w:lvlOverride>",
                        start.min(32_767)
                    )
                })
                .collect();
            (1, levels)
        });
        let _ =
            write!(nums, "<w:num w:numId=\"{}\"><w:abstractNumId w:val=\"{kind}\"/>{start}</w:num>", n + 1);
    }
    format!(
        "{HEAD}<w:numbering {W}><w:abstractNum w:abstractNumId=\"0\"><w:multiLevelType w:val=\"hybridMultilevel\"/>{bullets}</w:abstractNum><w:abstractNum w:abstractNumId=\"1\"><w:multiLevelType w:val=\"hybridMultilevel\"/>{numbers}</w:abstractNum>{nums}</w:numbering>"
    )
}

fn header(document: &Document, brand: &Brand) -> String {
    format!(
        "{HEAD}<w:hdr {W}>{}</w:hdr>",
        line(
            &document.head.title,
            &format!("<w:r>{}<w:t>{}</w:t></w:r>", small(), xml(&brand.vendor_name)),
            "bottom"
        )
    )
}

fn footer(document: &Document, brand: &Brand) -> String {
    let mut left = vec![document.head.footer.clone().unwrap_or_else(|| brand.vendor_name.clone())];
    left.extend(document.head.confidential.clone());
    let field = |name: &str| {
        let run = |inner: &str| format!("<w:r>{}{inner}</w:r>", small());
        [
            run("<w:fldChar w:fldCharType=\"begin\"/>"),
            run(&format!("<w:instrText xml:space=\"preserve\"> {name} </w:instrText>")),
            run("<w:fldChar w:fldCharType=\"separate\"/>"),
            run("<w:t>1</w:t>"),
            run("<w:fldChar w:fldCharType=\"end\"/>"),
        ]
        .concat()
    };
    let word = |text: &str| format!("<w:r>{}<w:t xml:space=\"preserve\">{text}</w:t></w:r>", small());
    let right = format!("{}{}{}{}", word("Page "), field("PAGE"), word(" of "), field("NUMPAGES"));
    format!("{HEAD}<w:ftr {W}>{}</w:ftr>", line(&left.join(" · "), &right, "top"))
}

fn small() -> String {
    format!("<w:rPr><w:color w:val=\"{}\"/><w:sz w:val=\"15\"/></w:rPr>", SLATE.hex())
}

fn line(left: &str, right: &str, border: &str) -> String {
    format!(
        "<w:p><w:pPr><w:pBdr><w:{border} w:val=\"single\" w:sz=\"4\" w:space=\"4\" w:color=\"{}\"/></w:pBdr><w:tabs><w:tab w:val=\"right\" w:pos=\"9626\"/></w:tabs><w:spacing w:after=\"0\"/></w:pPr><w:r>{}<w:t xml:space=\"preserve\">{}</w:t></w:r><w:r><w:tab/></w:r>{right}</w:p>",
        LINE.hex(),
        small(),
        xml(left)
    )
}
