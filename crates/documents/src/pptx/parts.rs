//! The parts around the slides: package, theme, master, layouts, notes master.

use std::fmt::Write;

use crate::brand::{Brand, INK, LINE, PAPER, SLATE};
use crate::directive::Tone;
use crate::model::{Document, Layout};
use crate::text::xml;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
/// The three namespaces every presentation part declares.
pub(super) const NS: &str = "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\"";
const REL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const TREE: &str = "<p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"0\" cy=\"0\"/><a:chOff x=\"0\" y=\"0\"/><a:chExt cx=\"0\" cy=\"0\"/></a:xfrm></p:grpSpPr>";
const MAP: &str = "<p:clrMap bg1=\"lt1\" tx1=\"dk1\" bg2=\"lt2\" tx2=\"dk2\" accent1=\"accent1\" accent2=\"accent2\" accent3=\"accent3\" accent4=\"accent4\" accent5=\"accent5\" accent6=\"accent6\" hlink=\"hlink\" folHlink=\"folHlink\"/>";
const LAYOUTS: [(&str, &str); 4] = [
    ("title", "Cover"),
    ("titleOnly", "Title and content"),
    ("secHead", "Section"),
    ("titleOnly", "Closing"),
];

/// The number of a layout's file.
fn layout_number(layout: Layout) -> usize {
    match layout {
        Layout::Title => 1,
        Layout::Content => 2,
        Layout::Section => 3,
        Layout::Closing => 4,
    }
}

/// Every part that is not a slide.
pub(super) fn frame(document: &Document, brand: &Brand, count: usize) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = vec![
        ("[Content_Types].xml".into(), content_types(count)),
        (
            "_rels/.rels".into(),
            rels(&[
                ("officeDocument", "ppt/presentation.xml"),
                ("metadata/core-properties", "docProps/core.xml"),
                ("extended-properties", "docProps/app.xml"),
            ]),
        ),
        ("docProps/core.xml".into(), core(document, brand)),
        (
            "docProps/app.xml".into(),
            format!(
                "{HEAD}<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\"><Application>Gangway</Application><Slides>{count}</Slides></Properties>"
            ),
        ),
        ("ppt/presentation.xml".into(), presentation(count)),
        ("ppt/_rels/presentation.xml.rels".into(), presentation_rels(count)),
        ("ppt/theme/theme1.xml".into(), theme(brand)),
        ("ppt/theme/theme2.xml".into(), theme(brand)),
        ("ppt/slideMasters/slideMaster1.xml".into(), master()),
        (
            "ppt/slideMasters/_rels/slideMaster1.xml.rels".into(),
            rels(&[
                ("slideLayout", "../slideLayouts/slideLayout1.xml"),
                ("slideLayout", "../slideLayouts/slideLayout2.xml"),
                ("slideLayout", "../slideLayouts/slideLayout3.xml"),
                ("slideLayout", "../slideLayouts/slideLayout4.xml"),
                ("theme", "../theme/theme1.xml"),
            ]),
        ),
        ("ppt/notesMasters/notesMaster1.xml".into(), notes_master()),
        ("ppt/notesMasters/_rels/notesMaster1.xml.rels".into(), rels(&[("theme", "../theme/theme2.xml")])),
    ];
    for (n, (kind, name)) in LAYOUTS.iter().enumerate() {
        files.push((format!("ppt/slideLayouts/slideLayout{}.xml", n + 1), layout(kind, name)));
        files.push((
            format!("ppt/slideLayouts/_rels/slideLayout{}.xml.rels", n + 1),
            rels(&[("slideMaster", "../slideMasters/slideMaster1.xml")]),
        ));
    }
    files
}

/// Relationships of a slide: layout, notes, then its links.
pub(super) fn slide_rels(layout: Layout, number: usize, links: &[String]) -> String {
    let mut list = format!(
        "<Relationship Id=\"rId1\" Type=\"{REL}/slideLayout\" Target=\"../slideLayouts/slideLayout{}.xml\"/><Relationship Id=\"rId2\" Type=\"{REL}/notesSlide\" Target=\"../notesSlides/notesSlide{number}.xml\"/>",
        layout_number(layout)
    );
    for (n, link) in links.iter().enumerate() {
        let _ = write!(
            list,
            "<Relationship Id=\"rId{}\" Type=\"{REL}/hyperlink\" Target=\"{}\" TargetMode=\"External\"/>",
            n + 3,
            xml(link)
        );
    }
    wrap_rels(&list)
}

/// Relationships of a notes page.
pub(super) fn notes_rels(number: usize) -> String {
    rels(&[
        ("notesMaster", "../notesMasters/notesMaster1.xml"),
        ("slide", &format!("../slides/slide{number}.xml")),
    ])
}

fn rels(list: &[(&str, &str)]) -> String {
    let inner: String = list
        .iter()
        .enumerate()
        .map(|(n, (kind, target))| {
            let base = if *kind == "metadata/core-properties" {
                "http://schemas.openxmlformats.org/package/2006/relationships"
            } else {
                REL
            };
            format!("<Relationship Id=\"rId{}\" Type=\"{base}/{kind}\" Target=\"{target}\"/>", n + 1)
        })
        .collect();
    wrap_rels(&inner)
}

fn wrap_rels(inner: &str) -> String {
    format!(
        "{HEAD}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{inner}</Relationships>"
    )
}

fn content_types(count: usize) -> String {
    let base = "application/vnd.openxmlformats-officedocument";
    let mut list = String::new();
    let mut part = |path: String, kind: &str| {
        let _ = write!(list, "<Override PartName=\"/{path}\" ContentType=\"{base}.{kind}+xml\"/>");
    };
    part("ppt/presentation.xml".into(), "presentationml.presentation.main");
    part("ppt/slideMasters/slideMaster1.xml".into(), "presentationml.slideMaster");
    part("ppt/notesMasters/notesMaster1.xml".into(), "presentationml.notesMaster");
    part("ppt/theme/theme1.xml".into(), "theme");
    part("ppt/theme/theme2.xml".into(), "theme");
    part("docProps/app.xml".into(), "extended-properties");
    for n in 1..=LAYOUTS.len() {
        part(format!("ppt/slideLayouts/slideLayout{n}.xml"), "presentationml.slideLayout");
    }
    for n in 1..=count {
        part(format!("ppt/slides/slide{n}.xml"), "presentationml.slide");
        part(format!("ppt/notesSlides/notesSlide{n}.xml"), "presentationml.notesSlide");
    }
    format!(
        "{HEAD}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>{list}</Types>"
    )
}

fn core(document: &Document, brand: &Brand) -> String {
    let date = document.head.date.map_or(String::new(), |date| {
        format!("<dcterms:created xsi:type=\"dcterms:W3CDTF\">{date}T00:00:00Z</dcterms:created><dcterms:modified xsi:type=\"dcterms:W3CDTF\">{date}T00:00:00Z</dcterms:modified>")
    });
    format!(
        "{HEAD}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{}</dc:title><dc:creator>{}</dc:creator><dc:language>{}</dc:language>{date}</cp:coreProperties>",
        xml(&document.head.title),
        xml(&brand.vendor_name),
        xml(&document.head.lang)
    )
}

fn presentation(count: usize) -> String {
    let ids: String =
        (0..count).map(|n| format!("<p:sldId id=\"{}\" r:id=\"rId{}\"/>", 256 + n, n + 10)).collect();
    format!(
        "{HEAD}<p:presentation {NS}><p:sldMasterIdLst><p:sldMasterId id=\"2147483648\" r:id=\"rId1\"/></p:sldMasterIdLst><p:notesMasterIdLst><p:notesMasterId r:id=\"rId2\"/></p:notesMasterIdLst><p:sldIdLst>{ids}</p:sldIdLst><p:sldSz cx=\"12192000\" cy=\"6858000\"/><p:notesSz cx=\"6858000\" cy=\"9144000\"/></p:presentation>"
    )
}

fn presentation_rels(count: usize) -> String {
    let mut list = format!(
        "<Relationship Id=\"rId1\" Type=\"{REL}/slideMaster\" Target=\"slideMasters/slideMaster1.xml\"/><Relationship Id=\"rId2\" Type=\"{REL}/notesMaster\" Target=\"notesMasters/notesMaster1.xml\"/><Relationship Id=\"rId3\" Type=\"{REL}/theme\" Target=\"theme/theme1.xml\"/>"
    );
    for n in 0..count {
        let _ = write!(
            list,
            "<Relationship Id=\"rId{}\" Type=\"{REL}/slide\" Target=\"slides/slide{}.xml\"/>",
            n + 10,
            n + 1
        );
    }
    wrap_rels(&list)
}

fn theme(brand: &Brand) -> String {
    let color = |name: &str, hex: String| format!("<a:{name}><a:srgbClr val=\"{hex}\"/></a:{name}>");
    let colors: String = [
        ("dk1", INK.hex()),
        ("lt1", "ffffff".into()),
        ("dk2", SLATE.hex()),
        ("lt2", PAPER.hex()),
        ("accent1", brand.accent.hex()),
        ("accent2", brand.accent.mix(crate::brand::Rgb::WHITE, 0.35).hex()),
        ("accent3", brand.strong(Tone::Good).hex()),
        ("accent4", brand.strong(Tone::Warning).hex()),
        ("accent5", brand.strong(Tone::Bad).hex()),
        ("accent6", LINE.hex()),
        ("hlink", brand.accent.hex()),
        ("folHlink", SLATE.hex()),
    ]
    .into_iter()
    .map(|(name, hex)| color(name, hex))
    .collect();
    let font = "<a:latin typeface=\"Arial\"/><a:ea typeface=\"\"/><a:cs typeface=\"\"/>";
    let fill = "<a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill>";
    let line = format!("<a:ln w=\"9525\">{fill}</a:ln>");
    let effect = "<a:effectStyle><a:effectLst/></a:effectStyle>";
    format!(
        "{HEAD}<a:theme xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" name=\"Brand\"><a:themeElements><a:clrScheme name=\"Brand\">{colors}</a:clrScheme><a:fontScheme name=\"Brand\"><a:majorFont>{font}</a:majorFont><a:minorFont>{font}</a:minorFont></a:fontScheme><a:fmtScheme name=\"Brand\"><a:fillStyleLst>{fill}{fill}{fill}</a:fillStyleLst><a:lnStyleLst>{line}{line}{line}</a:lnStyleLst><a:effectStyleLst>{effect}{effect}{effect}</a:effectStyleLst><a:bgFillStyleLst>{fill}{fill}{fill}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )
}

fn placeholder(id: usize, name: &str, kind: &str, (x, y, w, h): (u32, u32, u32, u32), text: &str) -> String {
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"{name}\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph {kind}/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm><a:off x=\"{x}\" y=\"{y}\"/><a:ext cx=\"{w}\" cy=\"{h}\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr><p:txBody><a:bodyPr lIns=\"0\" tIns=\"0\" rIns=\"0\" bIns=\"0\" anchor=\"ctr\"/><a:lstStyle/><a:p>{text}</a:p></p:txBody></p:sp>"
    )
}

fn tree(shapes: &str) -> String {
    format!(
        "<p:cSld><p:bg><p:bgPr><a:solidFill><a:schemeClr val=\"bg1\"/></a:solidFill><a:effectLst/></p:bgPr></p:bg><p:spTree>{TREE}{shapes}</p:spTree></p:cSld>"
    )
}

fn standard_placeholders() -> String {
    let number = "<a:fld id=\"{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}\" type=\"slidenum\"><a:rPr lang=\"en\" sz=\"950\"/><a:t>‹#›</a:t></a:fld>";
    let text = |text: &str| format!("<a:r><a:rPr lang=\"en\"/><a:t>{text}</a:t></a:r>");
    [
        placeholder(2, "Title", "type=\"title\"", (660_400, 558_800, 10_871_200, 762_000), &text("Title")),
        placeholder(
            3,
            "Footer",
            "type=\"ftr\" sz=\"quarter\" idx=\"11\"",
            (660_400, 6_438_900, 7_200_000, 228_600),
            "",
        ),
        placeholder(
            4,
            "Slide number",
            "type=\"sldNum\" sz=\"quarter\" idx=\"12\"",
            (10_769_600, 6_438_900, 762_000, 228_600),
            number,
        ),
    ]
    .concat()
}

fn master() -> String {
    let ids: String = (1..=4)
        .map(|n| format!("<p:sldLayoutId id=\"{}\" r:id=\"rId{n}\"/>", 2_147_483_648_u64 + n))
        .collect();
    let level = |n: usize, size: usize| {
        format!(
            "<a:lvl{n}pPr marL=\"{}\" indent=\"0\"><a:buNone/><a:defRPr sz=\"{size}\"><a:solidFill><a:schemeClr val=\"tx1\"/></a:solidFill><a:latin typeface=\"+mn-lt\"/></a:defRPr></a:lvl{n}pPr>",
            (n - 1) * 228_600
        )
    };
    let body: String = (1..=5).map(|n| level(n, 1600)).collect();
    let other = level(1, 1400);
    format!(
        "{HEAD}<p:sldMaster {NS}>{}{MAP}<p:sldLayoutIdLst>{ids}</p:sldLayoutIdLst><p:txStyles><p:titleStyle><a:lvl1pPr><a:buNone/><a:defRPr sz=\"2700\" b=\"1\"><a:solidFill><a:schemeClr val=\"tx1\"/></a:solidFill><a:latin typeface=\"+mj-lt\"/></a:defRPr></a:lvl1pPr></p:titleStyle><p:bodyStyle>{body}</p:bodyStyle><p:otherStyle>{other}</p:otherStyle></p:txStyles></p:sldMaster>",
        tree(&standard_placeholders())
    )
}

fn layout(kind: &str, name: &str) -> String {
    format!(
        "{HEAD}<p:sldLayout {NS} type=\"{kind}\" preserve=\"1\"><p:cSld name=\"{name}\"><p:spTree>{TREE}{}</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>",
        standard_placeholders()
    )
}

fn notes_master() -> String {
    let shapes = [
        placeholder(
            2,
            "Slide image",
            "type=\"sldImg\" idx=\"2\"",
            (685_800, 685_800, 5_486_400, 3_086_100),
            "",
        ),
        placeholder(
            3,
            "Notes",
            "type=\"body\" sz=\"quarter\" idx=\"3\"",
            (685_800, 4_343_400, 5_486_400, 4_114_800),
            "",
        ),
    ]
    .concat();
    format!("{HEAD}<p:notesMaster {NS}>{}{MAP}</p:notesMaster>", tree(&shapes))
}

/// The XML head and the group every shape tree starts with.
pub(super) fn opening() -> (&'static str, &'static str) {
    (HEAD, TREE)
}
