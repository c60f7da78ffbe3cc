"""Dates, times and durations."""

import datetime
from datetime import date, time, timedelta, timezone

dt = datetime.datetime(2024, 2, 29, 13, 5, 9, 123456)
utc = datetime.datetime(2024, 1, 1, tzinfo=timezone.utc)
est = timezone(timedelta(hours=-5), "EST")


def show(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


show(lambda: dt)
show(lambda: str(dt))
show(lambda: (dt.isoformat(), dt.isoformat(' ','minutes'), dt.isoformat(timespec='milliseconds')))
show(lambda: (dt.date(), dt.time()))
show(lambda: (dt.strftime('%Y-%m-%d %H:%M:%S.%f %j %a %A %b %B %p %I %y %%')))
show(lambda: f"{dt:%d/%m/%Y}")
show(lambda: (dt.weekday(), dt.isoweekday(), dt.isocalendar()[:3], dt.toordinal()))
show(lambda: (dt+timedelta(days=1,hours=11)))
show(lambda: dt-timedelta(weeks=1))
show(lambda: (dt-datetime.datetime(2023,1,1)))
show(lambda: (dt.replace(year=2023,day=1)))
show(lambda: (dt<datetime.datetime(2025,1,1), dt==dt, dt!=utc))
show(lambda: dt<utc)
show(lambda: utc)
show(lambda: (utc.isoformat(), utc.timestamp(), utc.astimezone(est).isoformat(), utc.astimezone(est).tzname()))
show(lambda: (est, str(timezone.utc), repr(timezone.utc), str(timezone(timedelta(hours=5,minutes=30)))))
show(lambda: (utc.strftime('%z %Z'), dt.strftime('[%z%Z]')))
show(lambda: datetime.datetime.fromisoformat('2024-05-06T07:08:09.5+02:00'))
show(lambda: datetime.datetime.fromisoformat('2024-05-06'))
show(lambda: datetime.datetime.fromisoformat('bad'))
show(lambda: (datetime.datetime.strptime('2024-01-02 03:04','%Y-%m-%d %H:%M')))
show(lambda: (datetime.datetime.strptime('x','%Y')))
show(lambda: (datetime.datetime.strptime('1 Jan 2020 +0200','%d %b %Y %z')))
show(lambda: (datetime.datetime.fromtimestamp(0,timezone.utc)))
show(lambda: datetime.datetime.utcfromtimestamp(1.5))
show(lambda: (datetime.datetime(2024,13,1)))
show(lambda: (datetime.datetime(2023,2,29)))
show(lambda: (datetime.datetime(2023,2,2,25)))
show(lambda: (datetime.datetime.combine(date(2020,1,2),time(3,4))))
show(lambda: (date(2024,3,1)-date(2024,2,1)))
show(lambda: (date(2024,1,31)+timedelta(1)))
show(lambda: (date.fromisoformat('2024-02-03'), date.fromordinal(738000), date(2024,1,1).ctime()))
show(lambda: (date(2020,1,1)<date(2020,1,2), date.min, date.max))
show(lambda: (time(1,2,3), time(1,2,3,4).isoformat(), str(time(5)), time(23,59)>time(1)))
show(lambda: (timedelta(days=1,seconds=-1), str(timedelta(hours=30)), repr(timedelta(microseconds=-1)), str(timedelta(-1))))
show(lambda: (timedelta(minutes=90).total_seconds(), timedelta(hours=1)/timedelta(minutes=20), timedelta(hours=1)//2, timedelta(1)*1.5, 3*timedelta(1)))
show(lambda: (timedelta(days=1.5,hours=0.25), -timedelta(1), abs(timedelta(-1)), timedelta(0)==timedelta(), bool(timedelta(0))))
show(lambda: (sorted([date(2020,5,1),date(2019,1,1)]), {date(2020,1,1):1}[date(2020,1,1)]))
show(lambda: dt.timetuple()[:9])
show(lambda: dt.ctime())
