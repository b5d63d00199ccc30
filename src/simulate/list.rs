//! Who waits, and who is next?
//!
//! People join at the end of a list and leave it at its head, or give up. When they give up is drawn as they
//! join: at the end of each week a share does, so after a geometric number of weeks. Whoever gave up stays in
//! the list until it comes to them, but is not counted any more.

use std::collections::VecDeque;

use crate::luck::uniform;
use crate::scenario::pathway::QueueRule;
use crate::simulate::person::{Decision, NEVER, Person, Time, WEEK, mark, week_of};

/// A list.
#[derive(Debug, Clone)]
pub struct List {
    /// The urgent class, if it goes first.
    urgent: VecDeque<Person>,
    /// Everybody else.
    others: VecDeque<Person>,
    order: QueueRule,
    /// Whether people of this week's list have not waited a week yet: those who wait for an assessment.
    joins_at_once: bool,
    /// Logarithm of the share that stays for another week; 0 if all do.
    stays: f64,
    /// People who will have given up at the end of each week.
    giving_up: Vec<u32>,
    waiting: usize,
}

impl List {
    /// An empty list for so many weeks, of which a share gives up in a week.
    #[must_use]
    pub fn new(weeks: usize, order: QueueRule, joins_at_once: bool, renege: f64) -> Self {
        Self {
            urgent: VecDeque::new(),
            others: VecDeque::new(),
            order,
            joins_at_once,
            stays: (1.0 - renege).ln(),
            giving_up: vec![0; weeks],
            waiting: 0,
        }
    }

    /// Nobody waits any more; the memory is kept.
    pub fn clear(&mut self) {
        self.urgent.clear();
        self.others.clear();
        self.giving_up.fill(0);
        self.waiting = 0;
    }

    /// People who wait.
    #[must_use]
    pub const fn waiting(&self) -> usize {
        self.waiting
    }

    /// Somebody joins, and may give up at the end of `week` for the first time.
    #[inline]
    pub fn join(&mut self, mut person: Person, week: usize) {
        if self.stays < 0.0 {
            person.tag = NEVER;
            self.draw_patience(&mut person, week);
        }
        self.add(person);
    }

    /// Everybody of a row joins, in their order, as by [`List::join`]. The row is empty then.
    pub fn join_all(&mut self, row: &mut Vec<Person>, week: usize) {
        if self.stays >= 0.0 && self.order == QueueRule::FirstCome {
            self.waiting += row.len();
            self.others.extend(row.drain(..));
            return;
        }
        for person in row.drain(..) {
            self.join(person, week);
        }
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // weeks of a run
    fn draw_patience(&mut self, person: &mut Person, week: usize) {
        let patience = if self.joins_at_once {
            Decision::PatienceForAssessment
        } else {
            Decision::Patience
        };
        let luck = uniform(person.luck(patience));
        let stays = luck.ln() / self.stays;
        if stays < (self.giving_up.len() - week.min(self.giving_up.len())) as f64 {
            let last = week + stays as usize;
            person.tag = last as u32;
            self.giving_up[last] += 1;
        }
    }

    /// Somebody joins who gives up at a time.
    pub fn join_in_time(&mut self, mut person: Person, gives_up: Time) {
        person.tag = NEVER;
        let week = usize::try_from(week_of(gives_up)).unwrap_or(0);
        if let Some(gone) = self
            .giving_up
            .get_mut(week)
            .filter(|_| gives_up < Time::MAX)
        {
            *gone += 1;
            person.tag = u32::try_from(week).unwrap_or(NEVER);
        }
        self.add(person);
    }

    #[inline]
    fn add(&mut self, person: Person) {
        self.waiting += 1;
        let class = if self.order == QueueRule::UrgentFirst && person.is(mark::URGENT) {
            &mut self.urgent
        } else {
            &mut self.others
        };
        if self.order == QueueRule::LongestSinceReferral {
            let place = class.partition_point(|other| other.referred <= person.referred);
            class.insert(place, person);
        } else {
            class.push_back(person);
        }
    }

    /// Somebody who was taken and has not been served is at the head again.
    pub fn put_back(&mut self, person: Person) {
        if let Some(gone) = self.giving_up.get_mut(person.tag as usize) {
            *gone += 1;
        }
        self.waiting += 1;
        if self.order == QueueRule::UrgentFirst && person.is(mark::URGENT) {
            self.urgent.push_front(person);
        } else {
            self.others.push_front(person);
        }
    }

    /// The next in `week`, who stays in the list.
    pub fn head(&mut self, week: usize) -> Option<&Person> {
        let gone = |person: &Person| (person.tag as usize) < week;
        for class in [&mut self.urgent, &mut self.others] {
            while class.front().is_some_and(gone) {
                class.pop_front();
            }
        }
        self.urgent.front().or_else(|| self.others.front())
    }

    /// Forgets the next, who gave up in this very week: they are counted at its end.
    pub fn drop_head(&mut self, week: usize) {
        if self.head(week).is_some() && self.urgent.pop_front().is_none() {
            self.others.pop_front();
        }
    }

    /// Takes the next in `week`.
    #[inline]
    pub fn take(&mut self, week: usize) -> Option<Person> {
        if self.stays >= 0.0 && self.urgent.is_empty() {
            // Nobody gives up.
            let person = self.others.pop_front()?;
            self.waiting -= 1;
            return Some(person);
        }
        self.take_patient(week)
    }

    /// Takes the next in `week` who has not given up.
    #[inline(never)]
    fn take_patient(&mut self, week: usize) -> Option<Person> {
        self.head(week)?;
        let person = (self.urgent.pop_front()).or_else(|| self.others.pop_front())?;
        if let Some(gone) = self.giving_up.get_mut(person.tag as usize) {
            *gone -= 1;
        }
        self.waiting -= 1;
        Some(person)
    }

    /// The end of a week: how many give up.
    pub fn give_up(&mut self, week: usize) -> usize {
        let gone = self.giving_up[week] as usize;
        self.giving_up[week] = 0;
        self.waiting -= gone;
        gone
    }

    /// Whole weeks on the clock of this list at the start of `week`.
    #[must_use]
    pub fn age(&self, person: &Person, week: usize) -> usize {
        age(person, week, self.joins_at_once)
    }

    /// Everybody who waits at the start of `week`.
    pub fn everybody(&self, week: usize) -> impl Iterator<Item = &Person> {
        let here = move |person: &&Person| person.tag as usize >= week;
        self.urgent.iter().chain(&self.others).filter(here)
    }
}

/// Whole weeks on the clock of a list at the start of `week`. Those routed in a week join the list of a
/// treatment at its end; those accepted in a week are on the list of the assessment in it.
#[must_use]
#[inline]
#[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)] // weeks of a run
pub fn age(person: &Person, week: usize, joins_at_once: bool) -> usize {
    let weeks = week as i32 - week_of(person.joined);
    let begun = i32::from(!joins_at_once || person.is(mark::OPENING));
    usize::try_from(weeks - begun).unwrap_or(0)
}

/// When somebody joined who has waited `age` whole weeks on the first morning and `part` of another.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)] // at most 520 weeks
pub fn joined_before(age: usize, part: f64) -> Time {
    -((age as f64 + part) * f64::from(WEEK)).ceil().max(1.0) as Time
}
