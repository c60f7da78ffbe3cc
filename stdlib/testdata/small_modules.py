"""Small modules: calendar, graphlib, keyword, linecache, reprlib, stat."""

import calendar
import graphlib
import keyword
import reprlib
import stat

print(calendar.isleap(2000), calendar.isleap(1900), calendar.leapdays(1990, 2030), calendar.monthrange(2024, 2), calendar.weekday(2024, 5, 17))
print(calendar.monthcalendar(2023, 10), calendar.month_name[3], calendar.day_abbr[6], list(calendar.month_abbr)[:3])
print(calendar.month(2024, 2))
print(calendar.TextCalendar(6).formatmonth(2021, 8, w=3))
print(calendar.calendar(2025, m=4)[:400])
print(calendar.timegm((2024, 2, 29, 12, 30, 15)), calendar.timegm((1970, 1, 1, 0, 0, 0)), calendar.timegm((1969, 12, 31, 23, 59, 59)))
c = calendar.Calendar(2)
print(list(c.iterweekdays()), list(c.itermonthdays2(2024, 1))[:9], list(c.itermonthdates(2024, 1))[0], list(c.itermonthdays4(2023, 12))[-2:], len(c.yeardayscalendar(2024)))
for f in (lambda: calendar.monthrange(2024, 13), lambda: calendar.setfirstweekday(7)):
    try:
        f()
    except ValueError as e:
        print(type(e).__name__, e)

print(list(graphlib.TopologicalSorter({"d": {"b", "c"}, "b": {"a"}, "c": {"a"}}).static_order())[0::3])
try:
    list(graphlib.TopologicalSorter({1: [2], 2: [3], 3: [1]}).static_order())
except graphlib.CycleError as e:
    print(e.args[0], sorted(set(e.args[1])), len(e.args[1]))
t = graphlib.TopologicalSorter()
t.add("x", "y")
t.prepare()
while t.is_active():
    ready = t.get_ready()
    print(ready)
    t.done(*ready)
try:
    t.done("x")
except ValueError as e:
    print(e)

print(keyword.iskeyword("async"), keyword.iskeyword("match"), keyword.issoftkeyword("match"), len(keyword.kwlist), keyword.kwlist[:4], keyword.softkwlist)
print(reprlib.repr(list(range(100))), reprlib.repr("x" * 100), reprlib.repr({i: i for i in range(9)}), reprlib.repr([[[[[[[[1]]]]]]]]), reprlib.repr({3, 1, 2}), reprlib.repr(10**60), reprlib.repr((1,)))


class Loop:
    def __init__(self):
        self.items = [self]

    @reprlib.recursive_repr()
    def __repr__(self):
        return f"Loop({self.items!r})"


print(Loop())
print(stat.filemode(0o100644), stat.filemode(0o040755), stat.filemode(0o120777), stat.filemode(0o104755), stat.filemode(0o041777), stat.filemode(0o102640), stat.S_ISDIR(0o040755), stat.S_IMODE(0o100644), stat.S_IFMT(0o100644), stat.S_ISREG(0o100644))
