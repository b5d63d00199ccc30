//! How many WTE are needed beyond those that will be there, and how many places does that take?
//!
//! ```text
//! level     = WTE above the standing need, until the date (f) and after it (g)
//! places(k) = ceil((mean over the cohort's time of standing + level - staff without this plan
//!             - earlier cohorts that are still there) / WTE of one place that completes)
//! ```
//!
//! A cohort's time runs from the day it qualifies to the day the next one does. Before the first cohort
//! only recruits help, so a target that is earlier is theirs where recruitment is allowed.

use std::ops::Range;

/// Weeks that a cohort must have been qualified before a date to count as in time for it.
pub const IN_TIME_WEEKS: usize = 13;

/// WTE that bring a list to its target by a date, beyond those whom the arrivals need.
///
/// A list of 300 is to be 100 in 50 weeks: four more starts a week. At 12 hours a start and 17.76 bookable
/// hours a week of one WTE (22 hours in 42 of 52 weeks) that is 4 x 12 / 17.76 = 2.70 WTE.
///
/// ```
/// let wte = skillmix::targets::extra_wte(300.0, 100.0, 50.0, 12.0, 22.0 * 42.0 / 52.0);
/// assert!((wte - 4.0 * 12.0 / (22.0 * 42.0 / 52.0)).abs() < 1e-12);
/// ```
#[must_use]
pub fn extra_wte(
    list: f64,
    target: f64,
    weeks: f64,
    hours_a_start: f64,
    hours_a_week_of_one_wte: f64,
) -> f64 {
    if weeks <= 0.0 || hours_a_week_of_one_wte <= 0.0 {
        return f64::INFINITY;
    }
    (list - target) / weeks * hours_a_start / hours_a_week_of_one_wte
}

/// A course that leads to a pool.
#[derive(Debug, Clone)]
pub struct CourseFacts {
    /// Name in the scenario.
    pub name: String,
    /// Name as shown.
    pub title: String,
    /// WTE that one place yields when the cohort qualifies: those who pass and stay x WTE a head.
    pub yields: f64,
    /// Share of the trainees who qualify.
    pub completes: f64,
    /// Universities that have places, and how many are left, by autumn; empty where places are not limited.
    pub universities: Vec<Vec<(String, u32)>>,
    /// Share of the trainees who come from inside the service.
    pub internal_share: f64,
    /// Role that those leave.
    pub internal_from: String,
    /// Week in which each autumn's cohort starts, by autumn.
    pub starts: Vec<usize>,
    /// Week in which each autumn's cohort qualifies, by autumn.
    pub qualifies: Vec<usize>,
}

/// Staff whose hours go into one pool, and how they can grow.
#[derive(Debug, Clone)]
pub struct Pool {
    /// Role that heads it, by index.
    pub role: usize,
    /// Its name in the scenario.
    pub name: String,
    /// Its name as shown.
    pub title: String,
    /// The course that leads to it, if training is a lever.
    pub course: Option<CourseFacts>,
    /// Whether vacancies are advertised.
    pub recruits: bool,
    /// Whether posts beyond those that there are may be advertised.
    pub may_recruit: bool,
    /// Weeks from a vacancy to the first day of its successor.
    pub lead_weeks: usize,
    /// Share of the staff who stay for a year.
    pub stays_a_year: f64,
    /// Whether its places only replace people who move to another course.
    pub backfill: bool,
    /// People who may move without being replaced: those beyond the standing need \[heads\].
    pub spare: f64,
    /// Posts less staff in post by week without this plan \[WTE\].
    pub vacant: Vec<f64>,
    /// Standing need by week, as WTE of the head role and others in its terms.
    pub standing: Vec<f64>,
    /// Most places in each autumn.
    pub most_places: Vec<u32>,
    /// Most posts advertised beyond those that there are.
    pub most_recruits: u32,
}

/// What the plan does for a pool.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Supply {
    /// Training places by autumn.
    pub places: Vec<u32>,
    /// Posts advertised from the start, beyond those that there are \[WTE\].
    pub recruits: u32,
    /// Posts beyond those that there are which stay after the date; the others go as people leave \[WTE\].
    pub kept: u32,
}

impl Supply {
    /// Nothing, over so many autumns.
    pub fn none(autumns: usize) -> Self {
        Self {
            places: vec![0; autumns],
            recruits: 0,
            kept: 0,
        }
    }

    /// All places.
    pub fn all_places(&self) -> u32 {
        self.places.iter().sum()
    }
}

/// When the target is to be met, and where the window ends \[weeks\].
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// Week in which the target's first period begins.
    pub by: usize,
    /// Week after the last one that counts.
    pub until: usize,
}

impl Pool {
    /// Whether a cohort has been qualified for a while when the target is due.
    pub fn trains_in_time(&self, window: Window) -> bool {
        self.course.as_ref().is_some_and(|course| {
            let first = course.qualifies.first();
            first.is_some_and(|week| week + IN_TIME_WEEKS <= window.by)
        })
    }

    /// Whether recruits, rather than trainees, are to close the gap until the date.
    pub fn recruits_first(&self, window: Window) -> bool {
        self.may_recruit && !self.trains_in_time(window)
    }

    /// Places and posts that hold a level above the standing need until the date, and another after it,
    /// when `without` are there in each week without this plan.
    pub fn supply(&self, without: &[f64], level: [f64; 2], window: Window) -> Supply {
        let mut supply = Supply::none(self.most_places.len());
        let short = |weeks: Range<usize>, level: f64| self.short(without, &weeks) + level;
        supply.kept = whole_people(short(window.by..window.until, level[1]), u32::MAX);
        if self.recruits_first(window) {
            let first = self
                .course
                .as_ref()
                .and_then(|course| course.qualifies.first());
            let end = first.map_or(window.by, |&week| week.min(window.by));
            let before = self.lead_weeks.min(end)..end + 1;
            supply.recruits = whole_people(short(before, level[0]), self.most_recruits);
        }
        let Some(course) = &self.course else {
            if self.may_recruit {
                let after = short(window.by..window.until, level[1]);
                let recruits = whole_people(after, self.most_recruits);
                supply.recruits = supply.recruits.max(recruits);
            }
            return supply;
        };
        let last_before = course.starts.iter().rposition(|&week| week < window.by);
        let mut left: f64 = 0.0;
        for (autumn, &from) in course.qualifies.iter().enumerate() {
            let next = course.qualifies.get(autumn + 1).copied();
            let end = next.unwrap_or(window.until).max(from + 1);
            let wanted = if from <= window.by {
                short(from..end.min(window.by).max(from + 1), level[0])
            } else {
                short(from..end, level[1])
            };
            // If nobody qualifies before the date, those in training then have to do.
            let ramp_only = Some(autumn) == last_before
                && from > window.by
                && !self.recruits_first(window)
                && course.qualifies[0] > window.by;
            let wanted = if ramp_only {
                wanted.max(short(window.by..window.by + 1, level[0]))
            } else {
                wanted
            };
            let mut there = f64::from(supply.recruits);
            for (before, &places) in supply.places[..autumn].iter().enumerate() {
                let years = (from + end - 2 * course.qualifies[before]) as f64 / 2.0 / 52.18;
                let stay = if self.recruits {
                    1.0
                } else {
                    self.stays_a_year.powf(years)
                };
                there += f64::from(places) * course.yields * stay;
            }
            let missing = (wanted - there) / course.yields.max(1e-9);
            let places = whole_people(missing, self.most_places[autumn]);
            supply.places[autumn] = places;
            left = left.max(wanted - there - f64::from(places) * course.yields);
        }
        if self.may_recruit && left > 1e-9 {
            let more = supply.recruits + whole_people(left, self.most_recruits);
            supply.recruits = more.min(self.most_recruits);
        }
        supply
    }

    /// Mean over some weeks of the standing need less the staff who are there without this plan.
    fn short(&self, without: &[f64], weeks: &Range<usize>) -> f64 {
        let length = self.standing.len().min(without.len());
        let (start, end) = (weeks.start.min(length - 1), weeks.end.clamp(1, length));
        let weeks = start..end.max(start + 1);
        let number = weeks.len() as f64;
        let gap = weeks.map(|week| self.standing[week] - without[week]);
        gap.sum::<f64>() / number
    }
}

/// A number of people rounded up, no fewer than none and no more than `most`.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // clamped to 0 and u32::MAX
pub fn whole_people(wanted: f64, most: u32) -> u32 {
    let whole = (wanted - 1e-9).ceil().clamp(0.0, f64::from(u32::MAX)) as u32;
    whole.min(most)
}
