"""Writes mpxj.golden.json: generated plans and their dates as MPXJ's MicrosoftScheduler finds them.

    pip install mpxj==16.10.0 jpype1 && python mpxj_golden.py      (needs Java)

Compared are the early dates of tasks and milestones, all four kinds of links, lags of either sign,
holidays and three kinds of week. Where Microsoft Project means something else than Gangway, the
generator does not go:

- Lag is counted in working time of the successor in both. Calendars are mixed only on links
  without lag whose ends are the same in both: FS and SS. For FF and SF Microsoft Project compares
  moments of working time, Gangway days, which differs when the predecessor works on a day off of the
  successor.
- A milestone in Microsoft Project is at the morning after or the evening before; Gangway shows the
  evening. Milestones are generated with finish-to-start predecessors of their own calendar and
  without lag, where the evening is unambiguous once the plan has begun.
- Late dates are compared on plans with one calendar and finish-to-start links: Microsoft Project
  leaves the finish of FF and SF chains to rules of its own.
"""
import datetime
import json
import pathlib
import random

import jpype
import mpxj  # noqa: F401  (puts the jars on the class path)

jpype.startJVM()
from java.time import DayOfWeek, LocalDate, LocalDateTime, LocalTime  # noqa: E402
from org.mpxj import Duration, LocalTimeRange, ProjectFile, Relation, RelationType, TimeUnit  # noqa: E402
from org.mpxj.cpm import MicrosoftScheduler  # noqa: E402

KINDS = {
    "FS": RelationType.FINISH_START,
    "SS": RelationType.START_START,
    "FF": RelationType.FINISH_FINISH,
    "SF": RelationType.START_FINISH,
}
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKENDS = [["saturday", "sunday"], ["friday", "saturday"], ["sunday"]]
START = datetime.date(2026, 3, 2)


def generate(seed):
    rng = random.Random(seed)
    mixed, finish_start = seed % 3 == 1, seed % 3 == 2
    calendars = []
    for name in ["vendor", "customer"] if mixed else ["vendor"]:
        holidays = sorted({START + datetime.timedelta(rng.randrange(120)) for _ in range(rng.randrange(14))} - {START})
        calendars.append(
            {
                "id": name,
                "weekend": rng.choice(WEEKENDS),
                "holidays": [{"date": day.isoformat(), "name": "off"} for day in holidays],
            }
        )
    tasks, links = [], []
    for number in range(rng.randrange(6, 16)):
        earlier = list(range(number))
        milestone = number > 2 and rng.random() < 0.15
        task = {"id": f"t{number}", "duration": 0 if milestone else rng.randrange(1, 9)}
        task["calendars"] = [rng.choice(calendars)["id"]]
        if milestone:
            works = [t for t in tasks if t["duration"] > 0]
            before = rng.choice(works)
            task["calendars"] = before["calendars"]
            links.append({"from": before["id"], "to": task["id"], "type": "FS", "lag": 0})
        else:
            for other in rng.sample(earlier, min(len(earlier), rng.choice([0, 1, 1, 2, 3]))):
                before = tasks[other]
                same = before["calendars"] == task["calendars"]
                kinds = ["FS"] if finish_start or before["duration"] == 0 else ["FS", "FS", "SS"] + (["FF", "SF"] if same else [])
                lag = rng.choice([0, 0, 1, 2, 5, -1, -2]) if same else 0
                if before["duration"] == 0:
                    lag = max(lag, 0)
                links.append({"from": before["id"], "to": task["id"], "type": rng.choice(kinds), "lag": lag})
        tasks.append(task)
    return {"start": START.isoformat(), "calendars": calendars, "tasks": tasks, "links": links}, finish_start


def solve(plan):
    project = ProjectFile()
    calendars = {}
    for spec in plan["calendars"]:
        calendar = project.addCalendar()
        calendar.setName(spec["id"])
        for index, day in enumerate(DAYS):
            weekday = DayOfWeek.of(index + 1)
            works = day not in spec["weekend"]
            calendar.setWorkingDay(weekday, works)
            hours = calendar.addCalendarHours(weekday)
            if works:
                hours.add(LocalTimeRange(LocalTime.of(8, 0), LocalTime.of(12, 0)))
                hours.add(LocalTimeRange(LocalTime.of(13, 0), LocalTime.of(17, 0)))
        for holiday in spec["holidays"]:
            calendar.addCalendarException(LocalDate.parse(holiday["date"]))
        calendars[spec["id"]] = calendar
    project.setDefaultCalendar(calendars[plan["calendars"][0]["id"]])
    begin = LocalDateTime.of(START.year, START.month, START.day, 8, 0)
    project.getProjectProperties().setStartDate(begin)
    tasks = {}
    for spec in plan["tasks"]:
        task = project.addTask()
        task.setName(spec["id"])
        task.setDuration(Duration.getInstance(spec["duration"], TimeUnit.DAYS))
        task.setActualDuration(Duration.getInstance(0, TimeUnit.DAYS))
        task.setRemainingDuration(Duration.getInstance(spec["duration"], TimeUnit.DAYS))
        task.setCalendar(calendars[spec["calendars"][0]])
        if spec["duration"] == 0:
            task.setMilestone(True)
        tasks[spec["id"]] = task
    for link in plan["links"]:
        relation = Relation.Builder().predecessorTask(tasks[link["from"]]).type(KINDS[link["type"]])
        tasks[link["to"]].addPredecessor(relation.lag(Duration.getInstance(link["lag"], TimeUnit.DAYS)))
    MicrosoftScheduler().schedule(project, begin)
    show = lambda moment: str(moment)[:10]  # noqa: E731
    return [
        [show(t.getEarlyStart()), show(t.getEarlyFinish()), show(t.getLateStart()), show(t.getLateFinish())]
        for t in (tasks[spec["id"]] for spec in plan["tasks"])
    ]


cases = []
for seed in range(120):
    plan, late = generate(seed)
    dates = solve(plan)
    # Negative lags and SF links may lead before the project's start there; here nothing does.
    if min(min(task[:2]) for task in dates) >= plan["start"]:
        cases.append({"plan": plan, "late": late, "dates": dates})
text = ",\n".join(json.dumps(case) for case in cases)
pathlib.Path(__file__).with_name("mpxj.golden.json").write_text("[\n" + text + "\n]\n")
