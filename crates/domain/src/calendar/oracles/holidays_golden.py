"""Writes holidays.golden.json: public holidays 2024-2032 as the PyPI package `holidays` knows them.

    pip install holidays==0.109 && python holidays_golden.py

Compared is the category `public`, Monday to Saturday: Sundays are off in every country here and the
package lists them for some countries only. Australia has no national list with substitute days;
compared are the days, Monday to Friday, that all eight states and territories share.
"""
import datetime
import json
import pathlib

import holidays

CALENDARS = """US CA GB GB-SCT GB-NIR IE DE DE-BY DE-NW DE-BE DE-BW AT CH CH-ZH FR NL BE ES IT PT SE NO DK FI PL
AU NZ JP IN BR MX SG""".split()
STATES = ["NSW", "VIC", "QLD", "SA", "WA", "TAS", "ACT", "NT"]
YEARS = range(2024, 2033)


def days(country, subdivision=None):
    found = holidays.country_holidays(country, subdiv=subdivision, years=YEARS, categories=("public",))
    return {day for day in found if day.year in YEARS}


golden = {}
for calendar in CALENDARS:
    country, _, subdivision = calendar.partition("-")
    if calendar == "AU":
        found, last = set.intersection(*(days("AU", state) for state in STATES)), 4
    else:
        found, last = days(country, subdivision or ("ENG" if country == "GB" else None)), 5
    golden[calendar] = {
        "last_weekday": last,
        "days": [day.isoformat() for day in sorted(found) if day.weekday() <= last],
    }
lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in golden.items())
pathlib.Path(__file__).with_name("holidays.golden.json").write_text("{\n" + lines + "\n}\n")
