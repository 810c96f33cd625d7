"""Writes the small files the target `upload` begins with: python make.py

Each is of one kind that is taken, as `crates/domain/src/upload.rs` knows them by their bytes; the office's are empty but
for the parts that make them one.
"""

import pathlib
import zipfile

FOLDER = pathlib.Path(__file__).parent / "upload"
PARTS = {"plan.docx": "word/document.xml", "table.xlsx": "xl/workbook.xml", "deck.pptx": "ppt/presentation.xml"}
BYTES = {
    "paper.pdf": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n",
    "notes.txt": "Name;Mail\n\u00c4da;ada@acme.example\n".encode(),
    "old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(56),
    "photo.png": b"\x89PNG\r\n\x1a\n" + bytes.fromhex("0000000d49484452000000010000000108000000003a7e9b55"),
    "photo.jpg": bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9"),
}

FOLDER.mkdir(exist_ok=True)
for name, part in PARTS.items():
    with zipfile.ZipFile(FOLDER / name, "w", zipfile.ZIP_STORED) as archive:
        for inside in ("[Content_Types].xml", part):
            archive.writestr(zipfile.ZipInfo(inside, (2027, 1, 4, 9, 0, 0)), "<x/>")
for name, data in BYTES.items():
    (FOLDER / name).write_bytes(data)
