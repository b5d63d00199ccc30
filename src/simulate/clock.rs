//! On which days of a week is work done, and at what time does somebody come?

use crate::calendar::{CalendarKind, is_working_day};
use crate::simulate::diary::DAYS;
use crate::simulate::person::{DAY, Time, WEEK, low};
use crate::timetable::Timetable;

/// The days of a run.
#[derive(Debug, Clone)]
pub struct Clock {
    /// For each week and day the day on which its sessions are held.
    held_on: Vec<[u8; DAYS]>,
    /// Working days of each week, in order, and how many they are.
    working: Vec<([u8; DAYS], u8)>,
    /// The same of each segment of the calendar.
    segments: Vec<([u8; DAYS], u8)>,
    plain: bool,
}

impl Clock {
    /// The days of a timetable.
    #[must_use]
    #[allow(clippy::cast_possible_truncation)] // days of a week, months of at most 50 years
    pub fn new(timetable: &Timetable) -> Self {
        let calendar = &timetable.calendar;
        let mut clock = Self {
            held_on: Vec::with_capacity(timetable.weeks()),
            working: Vec::with_capacity(timetable.weeks()),
            segments: Vec::with_capacity(calendar.segments.len()),
            plain: calendar.kind == CalendarKind::Plain,
        };
        for (week, range) in calendar.weeks.iter().zip(&timetable.segments_of_week) {
            let mut works = [false; DAYS];
            let mut day = week.start;
            for (place, works) in works.iter_mut().enumerate() {
                *works = if clock.plain {
                    place < 5
                } else {
                    is_working_day(calendar.kind, day)
                };
                day = day.tomorrow().unwrap_or(day);
            }
            let all: Vec<u8> = (0..DAYS as u8).filter(|&d| works[d as usize]).collect();
            let held = |day: usize| {
                let next = all.iter().find(|&&d| d as usize >= day).or(all.last());
                next.copied().unwrap_or(day as u8)
            };
            clock.held_on.push(std::array::from_fn(held));
            clock.working.push(list(&all));
            let mut first = 0;
            for segment in &calendar.segments[range.clone()] {
                let last = first + segment.days;
                let here: Vec<u8> = (all.iter().copied())
                    .filter(|&d| d >= first && d < last)
                    .collect();
                clock.segments.push(list(&here));
                first = last;
            }
        }
        clock
    }

    /// Day on which the sessions of a day of a week are held.
    #[must_use]
    #[inline]
    pub fn held_on(&self, week: usize, day: usize) -> usize {
        self.held_on[week][day].into()
    }

    /// A working day of a week, by luck.
    #[must_use]
    #[inline]
    pub fn some_day(&self, week: usize, luck: u32) -> usize {
        pick(self.working[week], luck)
    }

    /// A time in a segment of the calendar, by luck: on a working day; on the plain calendar at any time.
    #[must_use]
    #[inline]
    pub fn some_time(&self, week: usize, segment: usize, luck: u64) -> Time {
        let start = start_of(week);
        if self.plain {
            return start + scaled(low(luck), WEEK);
        }
        let day = pick(self.segments[segment], low(luck));
        // The bits that choose the day are the upper ones; those below say when.
        let part = scaled(low(luck).wrapping_mul(2_654_435_761), DAY);
        start + day_of(day) + part
    }
}

/// Start of a week.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)] // weeks of a run
#[inline]
pub const fn start_of(week: usize) -> Time {
    week as Time * WEEK
}

/// Noon of a day of a week, in ticks since its start.
#[must_use]
#[inline]
pub const fn noon(day: usize) -> Time {
    day_of(day) + DAY / 2
}

#[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)] // 0 to 6
#[inline]
const fn day_of(day: usize) -> Time {
    day as Time * DAY
}

#[allow(clippy::cast_possible_truncation)] // days of a week
fn list(days: &[u8]) -> ([u8; DAYS], u8) {
    let mut list = [0; DAYS];
    list[..days.len()].copy_from_slice(days);
    (list, days.len() as u8)
}

#[inline]
fn pick(days: ([u8; DAYS], u8), luck: u32) -> usize {
    let place = (u64::from(luck) * u64::from(days.1)) >> 32;
    days.0[usize::try_from(place).unwrap_or(0)].into()
}

/// A share of a length, by luck.
#[allow(clippy::cast_possible_truncation)] // below the length
#[inline]
fn scaled(luck: u32, length: Time) -> Time {
    ((i64::from(luck) * i64::from(length)) >> 32) as Time
}
