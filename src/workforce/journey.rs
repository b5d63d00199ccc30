//! How does a trainee get from the first day to the award, and what is one of them worth in a week?
//!
//! ```text
//! gate     = start + months to the gate; the resit is as many months later as the route says
//! share    = ramp by month of the course; who resits stays in the month of the gate until the resit
//! end      = start + months of the course, as much later as the resit if the route says so
//! award    = end of the course + weeks to the award; who fails the resit leaves on its day
//! settling = share by month since the award
//! ```
//!
//! Within a week each working day counts for a fifth.

use jiff::Span;

use super::ramp::{share_in, step_in};
use crate::calendar::{CalendarKind, Date, add_months, is_working_day, months_since};
use crate::scenario::training::{Course, Route};

/// How trainees get through the first modules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// They pass at the first attempt.
    Passed,
    /// They pass on resit.
    Resat,
    /// They do not pass.
    Failed,
}

impl Outcome {
    /// All outcomes.
    pub const ALL: [Self; 3] = [Self::Passed, Self::Resat, Self::Failed];
}

/// The day on which those qualify who start together and pass everything at the first attempt.
#[must_use]
pub fn qualifies_on(course: &Course, start: Date) -> Date {
    let journey = Journey {
        course,
        route: None,
        start,
        outcome: Outcome::Passed,
    };
    journey.trains_until()
}

/// The dates of trainees who start together and get through the first modules alike.
#[derive(Debug, Clone, Copy)]
pub struct Journey<'a> {
    /// The course.
    pub course: &'a Course,
    /// The route of entry, if the course has any.
    pub route: Option<&'a Route>,
    /// First day.
    pub start: Date,
    /// How they get through the first modules.
    pub outcome: Outcome,
}

impl Journey<'_> {
    fn month(&self, months: u32) -> Date {
        add_months(self.start, i32::try_from(months).unwrap_or(i32::MAX))
    }

    /// Months that the resit takes longer; none for those who pass at the first attempt.
    fn delay(&self) -> u32 {
        let delay = self.route.map_or(0, |route| route.resit_delay_months);
        if self.outcome == Outcome::Passed {
            0
        } else {
            delay
        }
    }

    /// Day by which the first modules are assessed for the first time.
    #[must_use]
    pub fn assessed_on(&self) -> Date {
        self.month(self.course.gate())
    }

    /// Day by which the last attempt at the first modules is assessed.
    #[must_use]
    pub fn gate_on(&self) -> Date {
        self.month(self.course.gate() + self.delay())
    }

    /// First day after the course.
    #[must_use]
    pub fn ends_on(&self) -> Date {
        let later = self.route.is_some_and(|route| route.resit_delays_award);
        self.month(self.course.months + if later { self.delay() } else { 0 })
    }

    /// Day of the award, from which they are qualified; none for those who fail.
    #[must_use]
    pub fn qualifies_on(&self) -> Option<Date> {
        let weeks = i64::from(self.course.award_lag_weeks.unwrap_or(0));
        (self.outcome != Outcome::Failed)
            .then(|| self.ends_on().saturating_add(Span::new().weeks(weeks)))
    }

    /// First day on which they are no trainees any more.
    #[must_use]
    pub fn trains_until(&self) -> Date {
        self.qualifies_on().unwrap_or_else(|| self.gate_on())
    }

    /// First day on which the newly qualified work all their bookable hours.
    #[must_use]
    pub fn settled_on(&self) -> Option<Date> {
        let last = self.course.settling.last()?;
        let months = i32::try_from(last.from_month - 1).unwrap_or(i32::MAX);
        Some(add_months(self.qualifies_on()?, months))
    }

    /// First day after the contract clause.
    #[must_use]
    pub fn free_on(&self) -> Option<Date> {
        let months = i32::try_from(self.course.clause?.months).unwrap_or(i32::MAX);
        Some(add_months(self.qualifies_on()?, months))
    }

    /// Share of a qualified person's bookable hours on a day of training; 0 before the start.
    #[must_use]
    pub fn share_on(&self, day: Date) -> f64 {
        if day >= self.ends_on() {
            let last = self.course.ramp.last().map(|step| step.share.value());
            let awaiting = self.course.awaiting_award_share;
            return awaiting.map_or(last.unwrap_or(0.0), |share| share.value());
        }
        let Some(month) = months_since(self.start, day) else {
            return 0.0;
        };
        let gate = self.course.gate();
        share_in(
            self.course,
            month.min(gate.max(month.saturating_sub(self.delay()))),
        )
    }

    /// Share of their bookable hours that the newly qualified work on a day.
    #[must_use]
    pub fn settling_on(&self, day: Date) -> f64 {
        let award = self.qualifies_on();
        let month = award.and_then(|award| months_since(award, day));
        month.map_or(1.0, |month| {
            step_in(&self.course.settling, month).unwrap_or(1.0)
        })
    }

    /// First day on which no salary support is paid any more.
    fn supported_to(&self) -> Date {
        let supported = self.course.salary_support_months;
        supported.map_or_else(|| self.trains_until(), |months| self.month(months))
    }

    /// Days on which anything may change for them, in order: between two of them all days of a kind are alike.
    #[must_use]
    pub fn changes(&self) -> Vec<Date> {
        let months = (0..=self.course.months + self.delay()).map(|months| self.month(months));
        let settling = (self.course.settling.last()).map_or(0, |step| step.from_month);
        let settling = self.qualifies_on().into_iter().flat_map(|award| {
            let months = (1..=settling).filter_map(|months| i32::try_from(months).ok());
            months.map(move |months| add_months(award, months))
        });
        let mut days: Vec<Date> = months.chain(settling).collect();
        days.extend([self.trains_until(), self.ends_on(), self.supported_to()]);
        days.sort_unstable();
        days
    }

    /// The same as [`Self::week`] for a week in which nothing changes, from its first day and its working days.
    #[must_use]
    pub fn even_week(&self, first: Date, working_days: u8) -> TraineeWeek {
        let on_each = |share: f64| (0..working_days).fold(0.0, |sum, _| sum + 0.2 * share);
        let until = self.trains_until();
        if first >= self.start && first < until {
            let supported = first < self.supported_to();
            TraineeWeek {
                training: on_each(1.0),
                training_days: 7.0,
                supported_days: if supported { 7.0 } else { 0.0 },
                ramped: on_each(self.share_on(first)),
                ..TraineeWeek::default()
            }
        } else if first >= until && self.outcome != Outcome::Failed {
            TraineeWeek {
                qualified: on_each(1.0),
                qualified_days: 7.0,
                settling: on_each(1.0 - self.settling_on(first)),
                ..TraineeWeek::default()
            }
        } else {
            TraineeWeek::default()
        }
    }

    /// One of them in the week that begins on `first`.
    #[must_use]
    pub fn week(&self, kind: CalendarKind, first: Date) -> TraineeWeek {
        let until = self.trains_until();
        let supported_to = self.supported_to();
        let mut week = TraineeWeek::default();
        let mut day = first;
        for _ in 0..7 {
            let works = if is_working_day(kind, day) { 0.2 } else { 0.0 };
            if day >= self.start && day < until {
                week.training += works;
                week.training_days += 1.0;
                if day < supported_to {
                    week.supported_days += 1.0;
                }
                week.ramped += works * self.share_on(day);
            } else if day >= until && self.outcome != Outcome::Failed {
                week.qualified += works;
                week.qualified_days += 1.0;
                week.settling += works * (1.0 - self.settling_on(day));
            }
            day = day.tomorrow().unwrap_or(day);
        }
        week
    }
}

/// What one trainee is worth in one week.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct TraineeWeek {
    /// Sum over working days in training of the ramp, in fifths of a week \[weeks\].
    pub ramped: f64,
    /// Working days in training, in fifths of a week \[weeks\].
    pub training: f64,
    /// Working days after qualifying, in fifths of a week \[weeks\].
    pub qualified: f64,
    /// Sum over working days after qualifying of what is still missing of full bookable hours \[weeks\].
    pub settling: f64,
    /// Calendar days in training \[days\].
    pub training_days: f64,
    /// Calendar days after qualifying \[days\].
    pub qualified_days: f64,
    /// Calendar days in training for which salary support is paid \[days\].
    pub supported_days: f64,
}

#[cfg(test)]
mod tests {
    use super::{Journey, Outcome};
    use crate::calendar::{CalendarKind, Date, working_days_between};
    use crate::scenario::Scenario;
    use jiff::Span;

    /// Weeks in which nothing changes are most of them, and each is the sum of its days to the last bit.
    #[test]
    fn an_even_week_is_the_sum_of_its_days() -> Result<(), crate::error::Error> {
        let scenario = Scenario::preset("talking-therapies-2025")?;
        let (kind, mut even) = (CalendarKind::England, 0);
        let courses = scenario.spec().training.courses.values();
        let routed = courses.flat_map(|course| {
            let routes = course.routes.values().map(Some);
            routes.chain([None]).map(move |route| (course, route))
        });
        let all: Vec<_> = routed.collect();
        for outcome in Outcome::ALL {
            for &(course, route) in &all {
                let start = Date::constant(2025, 10, 31);
                let journey = Journey {
                    course,
                    route,
                    start,
                    outcome,
                };
                let changes = journey.changes();
                for week in 0..200 {
                    let first = Date::constant(2025, 9, 1).saturating_add(Span::new().weeks(week));
                    let end = first.saturating_add(Span::new().days(7));
                    if changes.iter().any(|&day| day > first && day < end) {
                        continue;
                    }
                    even += 1;
                    let worked = working_days_between(kind, first, end);
                    let working_days = u8::try_from(worked).unwrap_or(0);
                    let alike = journey.even_week(first, working_days);
                    assert_eq!(alike, journey.week(kind, first), "{first}, {outcome:?}");
                }
            }
        }
        assert!(even > 100 * 3 * all.len(), "{even} weeks are even");
        Ok(())
    }
}
