"""Writes backtest.golden.json: what warnings and scores foretold, counted from the definitions.

    python3 backtest_golden.py        (the standard library is enough)

Nothing here is computed as Rust computes it: customers are gone through one by one and day by day, the area under the
curve is counted over all pairs with fractions, medians come from `statistics`, and Wilson's interval is found by bisection
as the shares p for which (hits/n - p)^2 = z^2 p (1 - p) / n.
"""
import json
import pathlib
import random
import statistics
from datetime import date, timedelta
from fractions import Fraction

random.seed(20270301)
Z = statistics.NormalDist().inv_cdf(0.975)
START = date(2026, 1, 1)


def wilson(hits, n):
    if n == 0:
        return None
    share = hits / n

    def bisect(inside, outside):
        for _ in range(200):
            middle = (inside + outside) / 2
            if (share - middle) ** 2 <= Z * Z * middle * (1 - middle) / n:
                inside = middle
            else:
                outside = middle
        return inside

    low = 0.0 if hits == 0 else bisect(share, 0.0)
    high = 1.0 if hits == n else bisect(share, 1.0)
    if hits == 0:
        high = Z * Z / (n + Z * Z)
    if hits == n:
        low = n / (n + Z * Z)
    return [hits, n, round(share * 1000 + 1e-9), round(low * 1000), round(high * 1000)]


def judge(customer, days, horizon):
    first, last = customer["from"], customer["until"]
    warned = [day for day in days if first <= day <= last]
    if customer["event"] is not None:
        # Walk back from the day before.
        leads = [back for back in range(1, horizon + 1) if customer["event"] - timedelta(back) in warned]
        return ("hit", max(leads)) if leads else ("missed", None)
    whole = [day for day in warned if day + timedelta(horizon) <= last]
    if whole:
        return ("wolf", None)
    if not warned and first + timedelta(horizon) <= last:
        return ("quiet", None)
    return ("undecided", None)


def counted(customers, fired, horizon):
    found = [judge(customer, fired.get(customer["entity"], []), horizon) for customer in customers]
    by = {kind: sum(1 for one, _ in found if one == kind) for kind in ["hit", "wolf", "missed", "quiet", "undecided"]}
    leads = [lead for _, lead in found if lead is not None]
    return {
        "counts": [by["hit"], by["wolf"], by["missed"], by["quiet"], by["undecided"]],
        "precision": wilson(by["hit"], by["hit"] + by["wolf"]),
        "recall": wilson(by["hit"], by["hit"] + by["missed"]),
        "specificity": wilson(by["quiet"], by["quiet"] + by["wolf"]),
        "median_lead_halves": int(statistics.median(leads) * 2) if leads else None,
    }


def curve(customers, scored, horizon):
    events, others = [], []
    for customer in customers:
        then = (customer["event"] or customer["until"]) - timedelta(horizon)
        known = sorted(pair for pair in scored.get(customer["entity"], []) if customer["from"] <= pair[0] <= then)
        if known:
            (others if customer["event"] is None else events).append(known[-1][1])
    if not events or not others:
        return [len(events), len(others), None]
    won = sum(Fraction(1) if a < b else Fraction(1, 2) if a == b else Fraction(0) for a in events for b in others)
    share = won / (len(events) * len(others))
    return [len(events), len(others), int(share * 1000 + Fraction(1, 2))]


cases = []
for number in range(12):
    horizon = random.choice([14, 30, 60])
    below = random.choice([50, 70])
    customers, fired, scored = [], {}, {}
    for at in range(random.choice([3, 12, 30])):
        first = START + timedelta(random.randrange(60))
        last = first + timedelta(random.choice([10, 90, 200]) + random.randrange(40))
        event = None
        if random.random() < 0.35:
            event = first + timedelta(random.randrange((last - first).days + 1))
        customer = {"entity": f"c{at}", "from": first, "until": last, "event": event}
        customers.append(customer)
        days = []
        for _ in range(random.choice([0, 0, 1, 3])):
            days.append(first + timedelta(random.randrange(-5, (last - first).days + 5)))
        if event is not None and random.random() < 0.6:
            days.append(event - timedelta(random.choice([0, 1, horizon, horizon + 1, random.randrange(1, 40)])))
        fired[customer["entity"]] = days
        end = event or last
        line = []
        for back in range(0, 120, 14):
            day = end - timedelta(back)
            line.append((day, random.choice([30, 40, 50, 60]) if event and back < 70 else random.choice([50, 60, 70, 80, 90])))
        scored[customer["entity"]] = sorted(line)
    low = {entity: [day for day, score in line if score < below] for entity, line in scored.items()}
    events, others, auc = curve(customers, scored, horizon)
    cases.append({
        "horizon": horizon,
        "below": below,
        "watched": [[c["entity"], str(c["from"]), str(c["until"]), c["event"] and str(c["event"])] for c in customers],
        "fired": [[entity, str(day)] for entity, days in fired.items() for day in days],
        "scored": [[entity, str(day), score] for entity, line in scored.items() for day, score in line],
        "signal": counted(customers, fired, horizon),
        "events": events,
        "others": others,
        "auc": auc,
        "threshold": counted(customers, low, horizon),
    })
text = ",\n".join(json.dumps(case) for case in cases)
pathlib.Path(__file__).with_name("backtest.golden.json").write_text("[\n" + text + "\n]\n")
