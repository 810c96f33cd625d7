"""Makes favicon.ico of favicon.svg: `python favicon.py`, with Chromium and Pillow installed."""

import io
import pathlib
import subprocess
import tempfile

from PIL import Image

here = pathlib.Path(__file__).resolve().parent
svg = (here / "favicon.svg").read_text()
sizes = (16, 32, 48)
pictures = []
with tempfile.TemporaryDirectory() as folder:
    for size in sizes:
        page = pathlib.Path(folder, "icon.html")
        sized = svg.replace("<svg ", f'<svg width="{size}" height="{size}" ', 1)
        page.write_text(f"<!doctype html><style>body{{margin:0}}svg{{display:block}}</style>{sized}")
        shot = pathlib.Path(folder, f"{size}.png")
        # Chromium's window has a least width; the icon is cut out of it.
        subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--default-background-color=00000000",
             "--window-size=512,512", f"--screenshot={shot}", page.as_uri()],
            check=True, capture_output=True,
        )
        picture = Image.open(io.BytesIO(shot.read_bytes())).convert("RGBA").crop((0, 0, size, size))
        pictures.append(picture)
pictures[-1].save(here / "favicon.ico", sizes=[(size, size) for size in sizes], append_images=pictures[:-1])
