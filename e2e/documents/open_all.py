"""Opens a package that `gangway plan` wrote with independent readers: python open_all.py DIR

What `cargo run -p gangway-documents --example render -- DIR` wrote works as DIR, too. Folders below are opened as well:
`meetings/*.ics`. Prints one line for each file that a reader knows, and fails on the first thing that is not as it should be.
"""

import pathlib
import sys

import docx
import icalendar
import openpyxl
import pptx

folder = pathlib.Path(sys.argv[1])
opened = set()


def called(path):
    """A file's path inside the folder, with /."""
    return path.relative_to(folder).as_posix()


def files(ending):
    """All files with an ending, those in folders below included, in order."""
    found = sorted(folder.rglob(f"*.{ending}"), key=called)
    opened.update(found)
    return found


for path in files("pptx"):
    deck = pptx.Presentation(path)
    width, height = deck.slide_width, deck.slide_height
    for number, slide in enumerate(deck.slides, 1):
        assert slide.shapes.title is not None and slide.shapes.title.text, f"{path}: slide {number} has no title"
        for shape in slide.shapes:
            inside = shape.left >= 0 and shape.top >= 0 and shape.top + shape.height <= height * 1.001
            assert inside, f"{path}: slide {number}: {shape.name} leaves the slide"
    notes = sum(bool(slide.has_notes_slide and slide.notes_slide.notes_text_frame.text) for slide in deck.slides)
    tables = sum(shape.has_table for slide in deck.slides for shape in slide.shapes)
    print(f"{called(path)}: {len(deck.slides)} slides, {tables} tables, {notes} with notes")

for path in files("docx"):
    document = docx.Document(path)
    headings = [p.text for p in document.paragraphs if p.style.name.lower().startswith("heading")]
    assert headings, f"{path}: no headings"
    print(f"{called(path)}: {len(headings)} headings, {len(document.tables)} tables")

for path in files("xlsx"):
    book = openpyxl.load_workbook(path)
    for sheet in book:
        assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row), f"{path}: a formula"
    print(f"{called(path)}: " + ", ".join(f"{sheet.title} {sheet.max_row}×{sheet.max_column}" for sheet in book))

for path in files("ics"):
    calendar = icalendar.Calendar.from_ical(path.read_bytes())
    events = list(calendar.walk("VEVENT"))
    assert events and all("UID" in event and "DTSTAMP" in event for event in events), f"{path}: incomplete events"
    # Without a time zone known for the customer's country a proposed time floats: every calendar shows it as local.
    floating = sum(getattr(event["DTSTART"].dt, "tzinfo", True) is None for event in events)
    assert floating in (0, len(events)), f"{path}: some times float and others do not"
    times = "floating" if floating else "fixed"
    print(f"{called(path)}: {len(events)} events, {times} times, method {calendar.get('METHOD', 'none')}")

for ending in ("docx", "xlsx", "ics"):
    assert files(ending), f"{folder}: no .{ending} file"

# What no reader above knows is text, which must at least be that, or a PDF.
for path in sorted(path for path in folder.rglob("*") if path.is_file() and path not in opened):
    if path.suffix == ".pdf":
        data = path.read_bytes()
        assert data.startswith(b"%PDF-") and data.rstrip().endswith(b"%%EOF"), f"{path}: no whole PDF"
    else:
        assert path.suffix in {".md", ".html", ".txt", ".json"}, f"{path}: nobody looked at it"
        assert path.read_text(encoding="utf-8").strip(), f"{path}: empty"
