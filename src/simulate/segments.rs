//! Who belongs to which segment, what is different for them, and what becomes of them?
//!
//! Each segment has the pathway of its own scenario, as `demand::spec_of` derives it. Lists, clinicians and places
//! are shared by all. Where everybody is alike there is one segment, which costs nothing.

use crate::scenario::Spec;
use crate::scenario::demand::spec_of;
use crate::simulate::person::{DAY, Decision, Person, Time, high, threshold};
use crate::simulate::terms::PathwayTerms;
use crate::table::Table;
use crate::timetable::{Timetable, World};

/// The segments of a scenario; empty if everybody is alike.
#[derive(Debug, Clone, Default)]
pub struct Segments {
    names: Vec<String>,
    /// Rising thresholds of one uniform number.
    up_to: Vec<u64>,
    terms: Vec<PathwayTerms>,
}

impl Segments {
    /// The segments that a scenario states.
    #[must_use]
    pub fn new(spec: &Spec, weeks: usize, places: &[bool]) -> Self {
        if spec.demand.segments.is_empty() {
            return Self::default();
        }
        let everybody = spec.demand.everybody();
        let mut sum = 0.0;
        let up_to = everybody.iter().map(|(_, said)| {
            sum += said.share.value();
            threshold(sum)
        });
        let mut up_to: Vec<u64> = up_to.collect();
        if let Some(last) = up_to.last_mut() {
            *last = threshold(1.0);
        }
        let terms = |place: usize| {
            let own = spec_of(spec, place, &[]);
            let timetable = Timetable::new(&own, weeks);
            let world = World::<1>::new(&own, &timetable, &[&[]]);
            PathwayTerms::new(&own, &timetable, &world, places)
        };
        Self {
            names: everybody.iter().map(|one| one.0.to_string()).collect(),
            up_to,
            terms: (0..everybody.len()).map(terms).collect(),
        }
    }

    /// How many there are; 0 if everybody is alike.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.terms.len()
    }

    /// Whether everybody is alike.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether anybody in them is urgent.
    #[must_use]
    pub fn some_are_urgent(&self) -> bool {
        self.terms.iter().any(|terms| terms.urgent > 0)
    }

    /// Puts somebody into their segment.
    #[inline]
    pub fn place(&self, person: &mut Person) {
        if !self.is_empty() {
            person.segment = self.segment_of(person);
        }
    }

    #[inline(never)]
    #[allow(clippy::cast_possible_truncation)] // 51 at most
    fn segment_of(&self, person: &Person) -> u8 {
        let luck = u64::from(high(person.luck(Decision::Segment)));
        let place = self.up_to.iter().position(|&up_to| luck < up_to);
        place.unwrap_or(0) as u8
    }

    /// The pathway of somebody, if segments differ.
    #[must_use]
    #[inline]
    pub fn terms_of(&self, person: &Person) -> Option<&PathwayTerms> {
        self.terms.get(usize::from(person.segment))
    }
}

/// What is counted by segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Referrals.
    Referred,
    /// People assessed.
    Assessed,
    /// First treatments, of which within 6 weeks.
    FirstTreated {
        /// Whether within 6 weeks of referral.
        in_six: bool,
        /// Time since referral.
        waited: Time,
    },
    /// A course starts after a wait for its step.
    Started {
        /// Whether it is of Step 2.
        step2: bool,
        /// Time since joining the list.
        waited: Time,
    },
    /// An appointment is booked, and attended or not.
    Booked {
        /// Whether the person came.
        attended: bool,
    },
    /// A referral ends after two or more treatment contacts.
    Finished {
        /// Whether at caseness at the start.
        at_caseness: bool,
        /// Whether recovered.
        recovered: bool,
    },
}

const REFERRED: usize = 0;
const ASSESSED: usize = 1;
const FIRST_TREATED: usize = 2;
const IN_SIX: usize = 3;
const STARTED: [usize; 2] = [4, 5];
const BOOKED: usize = 6;
const ATTENDED: usize = 7;
const FINISHED: usize = 8;
const AT_CASENESS: usize = 9;
const RECOVERED: usize = 10;
const COUNTS: usize = 11;

/// People and ticks waited of one segment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Count {
    people: [u64; COUNTS],
    /// To the first treatment, and for a course of Step 2 and of Step 3.
    waited: [i64; 3],
}

/// What becomes of the people of each segment, in one or more replications; whole numbers, so that order is nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BySegment {
    counts: Vec<Count>,
}

impl BySegment {
    /// Nothing yet, of so many segments.
    #[must_use]
    pub fn new(segments: usize) -> Self {
        Self {
            counts: vec![Count::default(); segments],
        }
    }

    /// Forgets all and keeps the memory.
    pub fn clear(&mut self) {
        self.counts.fill(Count::default());
    }

    /// Notes what happened to somebody; nothing is noted where everybody is alike.
    #[inline]
    pub fn note(&mut self, person: &Person, what: What) {
        if !self.counts.is_empty() {
            self.count(person.segment.into(), what);
        }
    }

    #[inline(never)]
    fn count(&mut self, segment: usize, what: What) {
        let Some(count) = self.counts.get_mut(segment) else {
            return;
        };
        let mut add = |which: usize, is: bool| count.people[which] += u64::from(is);
        match what {
            What::Referred => add(REFERRED, true),
            What::Assessed => add(ASSESSED, true),
            What::FirstTreated { in_six, waited } => {
                add(FIRST_TREATED, true);
                add(IN_SIX, in_six);
                count.waited[0] += i64::from(waited);
            }
            What::Started { step2, waited } => {
                add(STARTED[usize::from(!step2)], true);
                count.waited[1 + usize::from(!step2)] += i64::from(waited);
            }
            What::Booked { attended } => {
                add(BOOKED, true);
                add(ATTENDED, attended);
            }
            What::Finished {
                at_caseness,
                recovered,
            } => {
                add(FINISHED, true);
                add(AT_CASENESS, at_caseness);
                add(RECOVERED, recovered);
            }
        }
    }

    /// Adds the people of others.
    pub fn merge(&mut self, others: &Self) {
        for (count, more) in self.counts.iter_mut().zip(&others.counts) {
            for (sum, more) in count.people.iter_mut().zip(more.people) {
                *sum += more;
            }
            for (sum, more) in count.waited.iter_mut().zip(more.waited) {
                *sum += more;
            }
        }
    }

    /// One row a segment: people in the whole run, mean over the replications, and their mean waits.
    #[must_use]
    pub fn table(&self, segments: &Segments, replications: u64) -> Table {
        let runs = replications.max(1) as f64;
        let counts = || self.counts.iter();
        let people = |which: usize| counts().map(|c| c.people[which] as f64 / runs).collect();
        let share = |part: usize, of: usize| -> Vec<f64> {
            let shares = counts().map(|c| c.people[part] as f64 / c.people[of] as f64);
            shares.collect()
        };
        let wait = |which: usize, of: usize| -> Vec<f64> {
            let week = 7.0 * f64::from(DAY);
            let waits = counts().map(|c| c.waited[which] as f64 / week / c.people[of] as f64);
            waits.collect()
        };
        let mut table = Table::new("segments").text("segment", "Segment", self.names(segments));
        for (name, meaning, which) in [
            ("referrals", "People referred", REFERRED),
            ("assessed", "People assessed", ASSESSED),
            (
                "first_treatments",
                "People treated for the first time",
                FIRST_TREATED,
            ),
            (
                "course_starts_step2",
                "Courses of Step 2 started",
                STARTED[0],
            ),
            (
                "course_starts_step3",
                "Courses of Step 3 started",
                STARTED[1],
            ),
            (
                "booked",
                "Appointments booked, assessments included",
                BOOKED,
            ),
            (
                "finishers",
                "Referrals ended after two or more treatment contacts",
                FINISHED,
            ),
            (
                "finishers_at_caseness",
                "Finishers at caseness at the start",
                AT_CASENESS,
            ),
            ("recovered", "Finishers at caseness who recover", RECOVERED),
        ] {
            let meaning = format!("{meaning} in the whole run, mean over the replications");
            table = table.number(name, "people", &meaning, people(which));
        }
        for (name, meaning, part, of) in [
            (
                "attended_share",
                "Share of booked appointments that are attended",
                ATTENDED,
                BOOKED,
            ),
            (
                "within_6_weeks",
                "Share first treated within 6 weeks of referral",
                IN_SIX,
                FIRST_TREATED,
            ),
            (
                "recovery",
                "Share of finishers at caseness who recover",
                RECOVERED,
                AT_CASENESS,
            ),
        ] {
            table = table.number(name, "share", meaning, share(part, of));
        }
        for (name, meaning, which, of) in [
            (
                "wait_first_treatment_weeks",
                "Mean wait from referral to first treatment",
                0,
                FIRST_TREATED,
            ),
            (
                "wait_step2_weeks",
                "Mean wait for a course of Step 2",
                1,
                STARTED[0],
            ),
            (
                "wait_step3_weeks",
                "Mean wait for a course of Step 3",
                2,
                STARTED[1],
            ),
        ] {
            table = table.number(name, "weeks", meaning, wait(which, of));
        }
        table
    }

    fn names<'a>(&self, segments: &'a Segments) -> impl Iterator<Item = &'a str> {
        segments
            .names
            .iter()
            .take(self.counts.len())
            .map(String::as_str)
    }
}
