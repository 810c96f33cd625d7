"""Writes busday.golden.json: business-day arithmetic as numpy computes it.

    pip install numpy==2.4.6 && python busday_golden.py

`add` compares numpy.busday_offset with the roll under which "the n-th working day after a day off"
counts from that day off: backward for n > 0, forward for n <= 0.
`between` compares numpy.busday_count for from <= to.
"""
import json
import pathlib
import random

import numpy as np

random.seed(20260302)
MASKS = ["1111100", "1111110", "1111001", "0111110", "1010101", "0000010", "1111111"]
cases = []
for number in range(28):
    mask = MASKS[number % len(MASKS)]
    base = np.datetime64("2019-01-01") + random.randrange(4000)
    holidays = sorted({str(base + random.randrange(-200, 500)) for _ in range(random.choice([0, 3, 15, 60]))})
    adds, counts = [], []
    for _ in range(20):
        day = base + random.randrange(-400, 900)
        n = random.choice([0, 1, -1, 2, -2, random.randrange(-30, 30), random.randrange(-700, 700)])
        roll = "backward" if n > 0 else "forward"
        result = np.busday_offset(day, n, roll=roll, weekmask=mask, holidays=holidays)
        adds.append([str(day), n, str(result)])
        other = day + random.randrange(0, 1500)
        counts.append([str(day), str(other), int(np.busday_count(day, other, weekmask=mask, holidays=holidays))])
    cases.append({"weekmask": mask, "holidays": holidays, "add": adds, "between": counts})
text = ",\n".join(json.dumps(case) for case in cases)
pathlib.Path(__file__).with_name("busday.golden.json").write_text("[\n" + text + "\n]\n")
