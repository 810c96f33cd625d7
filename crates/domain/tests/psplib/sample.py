"""Packs a few instances of PSPLIB into one file: python sample.py FOLDER > sample.txt

FOLDER holds `j30.sm`, `j60.sm` and `j120.sm` as https://www.om-db.wi.tum.de/psplib/ gives them, each with its table of best known
finishes as `optimum/optimum.csv`. Kept are the sections tests read, word for word, with one space between two words. Instances
stand far apart in the tables, so that they differ in how dense their links are and how scarce their resources.
"""

import pathlib
import sys

FOLDER = pathlib.Path(sys.argv[1])
# Set, and how far apart what is taken stands in its table; no multiple of ten, which would take the same replication each time.
EVERY = {"j30": 61, "j60": 67, "j120": 151}
SECTIONS = ["PROJECT INFORMATION", "PRECEDENCE RELATIONS", "REQUESTS/DURATIONS", "RESOURCEAVAILABILITIES"]

for name, every in EVERY.items():
    folder = FOLDER / f"{name}.sm"
    table = (folder / "optimum/optimum.csv").read_text().split()[1:]
    for row in table[::every]:
        file, best = row.split(",")
        # Open instances have a lower and an upper bound: the upper one is the best known finish.
        print(f"== {file} {best.split('..')[-1]}")
        kept = False
        for line in (folder / file).read_text().splitlines():
            words = " ".join(line.split())
            if words.startswith("***"):
                if kept:
                    print("***")
                kept = False
            elif words.startswith(tuple(SECTIONS)):
                kept = True
            if kept and not words.startswith("---"):
                print(words)
