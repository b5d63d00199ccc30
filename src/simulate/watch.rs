//! What is noted of single people and clinicians: exact waits, caseloads, and, if asked for, every session.

use crate::simulate::person::{DAY, Person, Time, day_of, days_between};
use crate::simulate::roster::{Roster, Standing};
use crate::simulate::segments::BySegment;
use crate::simulate::service::Ready;
use crate::simulate::terms::{Outcome, Way};
use crate::timetable::Timetable;

/// A wait that ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// From referral to the assessment.
    Assessment,
    /// From referral to the first treatment.
    FirstTreatment,
    /// From the first treatment to the second contact.
    SecondContact,
    /// From joining a list of Step 2 to the start of the course.
    Step2,
    /// From joining a list of Step 3 to the start of the course.
    Step3,
    /// From joining a list to the start of the course, of urgent people.
    Urgent,
    /// From joining a list to the start of the course, of people who are not urgent.
    Routine,
}

impl Wait {
    /// All waits: name, meaning. The last two are told apart where some people are urgent.
    pub const ALL: [(Self, &'static str, &'static str); 7] = [
        (
            Self::Assessment,
            "assessment",
            "From referral to assessment",
        ),
        (
            Self::FirstTreatment,
            "first_treatment",
            "From referral to first treatment",
        ),
        (
            Self::SecondContact,
            "second_contact",
            "From first treatment to second treatment contact",
        ),
        (
            Self::Step2,
            "step2",
            "From joining a list of Step 2 to the start of the course",
        ),
        (
            Self::Step3,
            "step3",
            "From joining a list of Step 3 to the start of the course",
        ),
        (
            Self::Urgent,
            "urgent",
            "From joining a list to the start of the course, urgent people",
        ),
        (
            Self::Routine,
            "routine",
            "From joining a list to the start of the course, people who are not urgent",
        ),
    ];

    /// How many are told apart, with urgent people or without.
    const fn told_apart(some_are_urgent: bool) -> usize {
        Self::ALL.len() - if some_are_urgent { 0 } else { 2 }
    }
}

/// Longest wait that is told apart \[days\]; longer ones are counted there.
pub const LONGEST_DAYS: usize = 1092;

/// Most open courses of a clinician that are told apart.
pub const MOST_LOAD: usize = 120;

/// Waits by kind, month in which they end and whole days, and their exact sums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waits {
    /// How many kinds are told apart.
    kinds: usize,
    /// By month and kind.
    cells: Vec<Cell>,
}

/// Waits of one kind that end in one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cell {
    /// Ticks waited by all.
    ticks: i64,
    /// Whole days beyond the longest wait so far.
    end: usize,
    /// People by whole days.
    days: [u64; LONGEST_DAYS + 1],
}

impl Cell {
    const NOBODY: Self = Self {
        ticks: 0,
        end: 0,
        days: [0; LONGEST_DAYS + 1],
    };
}

impl Waits {
    /// No waits in so many months.
    #[must_use]
    pub fn new(months: usize, some_are_urgent: bool) -> Self {
        let kinds = Wait::told_apart(some_are_urgent);
        Self {
            kinds,
            cells: vec![Cell::NOBODY; kinds * months],
        }
    }

    /// Forgets all waits and keeps the memory.
    fn clear(&mut self) {
        for cell in &mut self.cells {
            cell.days[..cell.end].fill(0);
            (cell.ticks, cell.end) = (0, 0);
        }
    }

    /// The waits that are told apart.
    pub fn kinds(&self) -> impl Iterator<Item = Wait> {
        Wait::ALL.iter().take(self.kinds).map(|kind| kind.0)
    }

    /// People by whole days waited.
    #[must_use]
    pub fn of(&self, kind: Wait, month: usize) -> &[u64] {
        &self.cells[month * self.kinds + kind as usize].days
    }

    /// Days waited by all of them together, parts of days included.
    #[must_use]
    pub fn sum_of_days(&self, kind: Wait, month: usize) -> f64 {
        self.cells[month * self.kinds + kind as usize].ticks as f64 / f64::from(DAY)
    }

    /// Adds a wait to a month, of which the place of its first cell is known.
    #[inline]
    fn add(&mut self, kind: Wait, month: usize, at: Time, waited: Time) {
        let days = usize::try_from(days_between(at - waited, at)).unwrap_or(0);
        let days = days.min(LONGEST_DAYS);
        let cell = &mut self.cells[month + kind as usize];
        cell.days[days] += 1;
        cell.ticks += i64::from(waited.max(0));
        cell.end = cell.end.max(days + 1);
    }

    /// Adds the waits of others.
    pub fn merge(&mut self, others: &Self) {
        for (cell, other) in self.cells.iter_mut().zip(&others.cells) {
            for (sum, more) in cell.days.iter_mut().zip(&other.days[..other.end]) {
                *sum += more;
            }
            cell.end = cell.end.max(other.end);
            cell.ticks += other.ticks;
        }
    }
}

/// Caseloads by role and month: clinicians by number of open courses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loads {
    months: usize,
    clinicians: Vec<u64>,
    /// Whether any clinician is counted.
    any: bool,
}

impl Loads {
    /// No clinicians yet.
    #[must_use]
    pub fn new(roles: usize, months: usize) -> Self {
        Self {
            months,
            clinicians: vec![0; roles * months * (MOST_LOAD + 1)],
            any: false,
        }
    }

    /// Clinicians of a role at the end of a month by their number of open courses.
    #[must_use]
    pub fn of(&self, role: usize, month: usize) -> &[u64] {
        let first = (role * self.months + month) * (MOST_LOAD + 1);
        &self.clinicians[first..=first + MOST_LOAD]
    }

    /// Forgets all caseloads and keeps the memory.
    fn clear(&mut self) {
        if self.any {
            self.clinicians.fill(0);
            self.any = false;
        }
    }

    /// Adds the caseloads of others.
    pub fn merge(&mut self, others: &Self) {
        if !others.any {
            return;
        }
        self.any = true;
        for (sum, more) in self.clinicians.iter_mut().zip(&others.clinicians) {
            *sum += more;
        }
    }
}

/// One appointment.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Number of the person, in the order of referral.
    pub person: u32,
    /// When.
    pub at: Time,
    /// Treatment by index; none for an assessment.
    pub treatment: Option<u8>,
    /// Way of giving it, by place among those of the treatment.
    pub way: u8,
    /// Clinician, by number; none where nobody in particular.
    pub clinician: u32,
    /// Sessions attended of the course, this one included.
    pub had: u8,
    /// What became of it.
    pub outcome: Outcome,
    /// Staff minutes used.
    pub minutes: f64,
}

impl Event {
    /// An assessment.
    #[must_use]
    pub const fn assessment(person: &Person, outcome: Outcome, minutes: f64, at: Time) -> Self {
        Self {
            person: person.number,
            at,
            treatment: None,
            way: 0,
            clinician: u32::MAX,
            had: 0,
            outcome,
            minutes,
        }
    }

    /// A session.
    #[must_use]
    #[allow(clippy::cast_possible_truncation)] // few ways
    pub fn session(
        person: &Person,
        treatment: usize,
        way: &Way,
        outcome: Outcome,
        minutes: f64,
        at: Time,
    ) -> Self {
        Self {
            person: person.number,
            at,
            treatment: Some(treatment as u8),
            way: way.place,
            clinician: person.tag,
            had: person.had,
            outcome,
            minutes,
        }
    }
}

/// What one or more replications note.
#[derive(Debug, Clone)]
pub struct Watch {
    /// Waits.
    pub waits: Waits,
    /// Caseloads.
    pub loads: Loads,
    /// People by segment.
    pub segments: BySegment,
    /// Appointments, if they are asked for.
    pub log: Option<Vec<Event>>,
    /// By day, the place of the first wait of its month.
    months: Vec<u32>,
    closes: Vec<Option<usize>>,
}

impl Watch {
    /// Nothing noted yet.
    #[must_use]
    pub fn new(ready: &Ready, log: bool) -> Self {
        let timetable = ready.timetable;
        let months = timetable.calendar.months.len();
        let waits = Waits::new(months, ready.some_are_urgent);
        let mut by_day = Vec::with_capacity(timetable.weeks() * 7);
        for segment in &timetable.calendar.segments {
            let month = u32::try_from(segment.month * waits.kinds).unwrap_or(u32::MAX);
            by_day.extend(std::iter::repeat_n(month, segment.days.into()));
        }
        Self {
            waits,
            loads: Loads::new(timetable.roles.len(), months),
            segments: BySegment::new(ready.segments.len()),
            log: log.then(Vec::new),
            months: by_day,
            closes: timetable.closes(),
        }
    }

    /// Forgets what was noted and keeps the memory; `log` says whether the next appointments are noted.
    pub fn clear(&mut self, log: bool) {
        self.waits.clear();
        self.loads.clear();
        self.segments.clear();
        self.log = log.then(Vec::new);
    }

    /// Adds what a replication noted, and takes its log if it has one.
    pub fn add(&mut self, noted: &mut Self) {
        self.waits.merge(&noted.waits);
        self.loads.merge(&noted.loads);
        self.segments.merge(&noted.segments);
        if noted.log.is_some() {
            self.log = noted.log.take();
        }
    }

    /// A wait ends.
    #[inline]
    pub fn wait(&mut self, kind: Wait, at: Time, waited: Time) {
        let day = usize::try_from(day_of(at)).unwrap_or(0);
        let month = self.months[day.min(self.months.len() - 1)];
        self.waits.add(kind, month as usize, at, waited);
    }

    /// An appointment, if they are noted.
    #[inline]
    pub fn log(&mut self, event: impl FnOnce() -> Event) {
        if let Some(log) = &mut self.log {
            log.push(event());
        }
    }

    /// Month whose end a week is the last to precede.
    #[must_use]
    pub fn closes(&self, week: usize) -> Option<usize> {
        self.closes[week]
    }

    /// Caseloads at the end of a month: of all who had time for patients this week or have patients. Trainees count
    /// in the role whose hours they work.
    pub fn note_loads(&mut self, month: usize, roster: &Roster, timetable: &Timetable) {
        let months = self.loads.months;
        for one in &roster.clinicians {
            let (role, treats) = match one.standing {
                Standing::InPost(role) => (role, timetable.roles[role].course.is_none()),
                Standing::InTraining(_) => (one.works_as, true),
                Standing::Team(_) | Standing::Gone => continue,
            };
            if (treats && one.works > 0.0) || one.load > 0 {
                let first = (role * months + month) * (MOST_LOAD + 1);
                self.loads.clinicians[first + (one.load as usize).min(MOST_LOAD)] += 1;
                self.loads.any = true;
            }
        }
    }
}
