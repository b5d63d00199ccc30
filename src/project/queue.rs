//! Who waits, for how long, and who is next?
//!
//! A queue is a row of cohorts, one for each week in which people joined; the oldest is served first.
//! Each cohort knows how many of its people were first treated within 6 and 18 weeks of referral, and how
//! many are not treated yet; for those, how many weeks since referral they had when they joined. Where people are
//! whole, these are counts of people who are drawn together with their cohort.

use crate::luck::Luck;
use crate::project::whole::{Decision, Rounding, among, share_of_rest, take};
use crate::unit::Lanes;

/// Clocks beyond this many weeks are not told apart.
pub const LONGEST_CLOCK: usize = 18;

/// Shares of a cohort whose clock since referral runs at most 0, 1, ... weeks ahead of its stage clock.
pub type Ahead<const L: usize> = [Lanes<L>; LONGEST_CLOCK];

/// People taken from a queue.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Taken<const L: usize> {
    /// People.
    pub people: Lanes<L>,
    /// Of them first treated within 6 weeks, this start included.
    pub six: Lanes<L>,
    /// Of them first treated within 18 weeks, this start included.
    pub eighteen: Lanes<L>,
    /// Of them treated for the first time now.
    pub first: Lanes<L>,
    /// Of those, within 6 weeks.
    pub first_six: Lanes<L>,
    /// Of those, within 18 weeks.
    pub first_eighteen: Lanes<L>,
    /// Weeks waited, summed over people.
    pub waited: Lanes<L>,
    /// People who waited at least 4 whole weeks.
    pub over_28_days: Lanes<L>,
    /// People who waited at least 13 whole weeks.
    pub over_90_days: Lanes<L>,
}

impl<const L: usize> Default for Taken<L> {
    fn default() -> Self {
        let zero = [0.0; L];
        Self {
            people: zero,
            six: zero,
            eighteen: zero,
            first: zero,
            first_six: zero,
            first_eighteen: zero,
            waited: zero,
            over_28_days: zero,
            over_90_days: zero,
        }
    }
}

/// People of a cohort who go together.
#[derive(Debug, Clone, Copy)]
struct Part {
    people: f64,
    six: f64,
    eighteen: f64,
    first: f64,
    first_six: f64,
    first_eighteen: f64,
}

impl<const L: usize> Taken<L> {
    /// Notes people who leave a cohort after `age` weeks.
    fn note(&mut self, lane: usize, age: usize, part: &Part) {
        self.people[lane] += part.people;
        self.six[lane] += part.six + part.first_six;
        self.eighteen[lane] += part.eighteen + part.first_eighteen;
        self.first[lane] += part.first;
        self.first_six[lane] += part.first_six;
        self.first_eighteen[lane] += part.first_eighteen;
        self.waited[lane] += part.people * age as f64;
        self.over_28_days[lane] += part.people * f64::from(u8::from(age >= 4));
        self.over_90_days[lane] += part.people * f64::from(u8::from(age >= 13));
    }
}

/// Fewer people than this are nobody.
const NOBODY: f64 = 1e-12;

#[derive(Debug, Clone)]
struct Cohort<const L: usize> {
    people: Lanes<L>,
    six: Lanes<L>,
    eighteen: Lanes<L>,
    untreated: Lanes<L>,
    ahead: Option<Box<Ahead<L>>>,
}

impl<const L: usize> Cohort<L> {
    const EMPTY: Self = Self {
        people: [0.0; L],
        six: [0.0; L],
        eighteen: [0.0; L],
        untreated: [0.0; L],
        ahead: None,
    };

    /// Share of those not treated yet who are within `limit` weeks of referral when they start after `age` weeks.
    fn in_time(&self, lane: usize, age: usize, limit: usize) -> f64 {
        match (&self.ahead, limit.checked_sub(age + 1)) {
            (Some(ahead), Some(weeks)) => ahead[weeks][lane],
            (None, Some(_)) => 1.0,
            (_, None) => 0.0,
        }
    }

    fn remove(&mut self, lane: usize, part: &Part) {
        self.people[lane] -= part.people;
        self.untreated[lane] -= part.first;
        self.six[lane] -= part.six;
        self.eighteen[lane] -= part.eighteen;
    }
}

/// People who join a queue together.
#[derive(Debug, Clone, Copy)]
pub struct Joining<const L: usize> {
    /// People.
    pub people: Lanes<L>,
    /// Of them first treated within 6 weeks.
    pub six: Lanes<L>,
    /// Of them first treated within 18 weeks.
    pub eighteen: Lanes<L>,
    /// Of them not treated yet.
    pub untreated: Lanes<L>,
}

impl<const L: usize> Default for Joining<L> {
    fn default() -> Self {
        Self {
            people: [0.0; L],
            six: [0.0; L],
            eighteen: [0.0; L],
            untreated: [0.0; L],
        }
    }
}

/// A queue.
#[derive(Debug, Clone)]
pub struct Queue<const L: usize> {
    cohorts: Vec<Cohort<L>>,
    /// Place of those who join in week 0.
    first: usize,
    /// Place of the oldest cohort that is not empty.
    oldest: usize,
    /// Place after the newest cohort.
    end: usize,
}

impl<const L: usize> Queue<L> {
    /// An empty queue for `weeks` weeks, with room for people who have waited up to `waited` weeks.
    #[must_use]
    pub fn new(weeks: usize, waited: usize) -> Self {
        Self {
            cohorts: vec![Cohort::EMPTY; waited + weeks + 2],
            first: waited,
            oldest: 0,
            end: 0,
        }
    }

    /// People join with `waited` weeks on the clock at the start of `week`.
    pub fn join(
        &mut self,
        week: usize,
        waited: usize,
        joining: &Joining<L>,
        ahead: Option<&Ahead<L>>,
    ) {
        let place = self.first + week - waited;
        let cohort = &mut self.cohorts[place];
        if let Some(ahead) = ahead {
            let mixed = cohort
                .ahead
                .get_or_insert_with(|| Box::new([[0.0; L]; LONGEST_CLOCK]));
            for (mixed, ahead) in mixed.iter_mut().zip(ahead) {
                for lane in 0..L {
                    let all = cohort.untreated[lane] + joining.untreated[lane];
                    if all > 0.0 {
                        let joined = ahead[lane] * joining.untreated[lane];
                        mixed[lane] = (mixed[lane] * cohort.untreated[lane] + joined) / all;
                    }
                }
            }
        }
        for lane in 0..L {
            cohort.people[lane] += joining.people[lane];
            cohort.six[lane] += joining.six[lane];
            cohort.eighteen[lane] += joining.eighteen[lane];
            cohort.untreated[lane] += joining.untreated[lane];
        }
        self.oldest = self.oldest.min(place);
        self.end = self.end.max(place + 1);
    }

    /// Weeks on the clock of the oldest people at the start of `week`.
    #[must_use]
    pub fn longest_wait(&self, week: usize) -> usize {
        (self.first + week).saturating_sub(self.oldest)
    }

    /// People with `age` whole weeks on the clock at the start of `week`.
    #[must_use]
    pub fn of_age(&self, week: usize, age: usize) -> Lanes<L> {
        (self.first + week)
            .checked_sub(age)
            .map_or([0.0; L], |place| self.cohorts[place].people)
    }

    /// Everybody in the queue.
    #[must_use]
    pub fn total(&self) -> Lanes<L> {
        let mut total = [0.0; L];
        for cohort in &self.cohorts[self.oldest.min(self.end)..self.end] {
            for lane in 0..L {
                total[lane] += cohort.people[lane];
            }
        }
        total
    }

    /// Takes a share of those of `age` at the start of `week`.
    pub fn take(&mut self, week: usize, age: usize, share: &Lanes<L>, taken: &mut Taken<L>) {
        let Some(place) = (self.first + week).checked_sub(age) else {
            return;
        };
        let cohort = &mut self.cohorts[place];
        for lane in 0..L {
            let first = cohort.untreated[lane] * share[lane];
            let part = Part {
                people: cohort.people[lane] * share[lane],
                six: cohort.six[lane] * share[lane],
                eighteen: cohort.eighteen[lane] * share[lane],
                first,
                first_six: first * cohort.in_time(lane, age, 6),
                first_eighteen: first * cohort.in_time(lane, age, LONGEST_CLOCK),
            };
            cohort.remove(lane, &part);
            taken.note(lane, age, &part);
        }
    }

    /// Takes so many whole people of those of `age` at the start of `week`, drawn at random.
    pub fn take_people<K: Luck<L>>(
        &mut self,
        week: usize,
        age: usize,
        people: &Lanes<L>,
        taken: &mut Taken<L>,
        (luck, who): (&mut K, u64),
    ) {
        let Some(place) = (self.first + week).checked_sub(age) else {
            return;
        };
        let cohort = &mut self.cohorts[place];
        let of = |decision: Decision| decision.of(who, week, age);
        for lane in 0..L {
            let people = people[lane];
            if people <= 0.0 {
                continue;
            }
            let (all, untreated) = (cohort.people[lane], cohort.untreated[lane]);
            let place = of(Decision::Untreated);
            let first = among(luck, lane, (untreated, all), people, place);
            let (treated, others) = (people - first, all - untreated);
            let marked = (cohort.eighteen[lane], others);
            let eighteen = among(luck, lane, marked, treated, of(Decision::Eighteen));
            let marked = (cohort.six[lane], cohort.eighteen[lane]);
            let six = among(luck, lane, marked, eighteen, of(Decision::Six));
            let (early, soon) = (
                cohort.in_time(lane, age, 6),
                cohort.in_time(lane, age, LONGEST_CLOCK),
            );
            let place = of(Decision::Eighteen).next();
            let first_eighteen = take(luck, lane, first, soon, place);
            let (share, place) = (share_of_rest(early, soon), of(Decision::Six).next());
            let part = Part {
                people,
                six,
                eighteen,
                first,
                first_six: take(luck, lane, first_eighteen, share, place),
                first_eighteen,
            };
            cohort.remove(lane, &part);
            taken.note(lane, age, &part);
        }
    }

    /// Makes everybody whole people, oldest first, so that all groups keep their totals.
    pub fn round(&mut self) {
        for lane in 0..L {
            let mut people = Rounding::default();
            let (mut untreated, mut eighteen, mut six) = (people, people, people);
            for cohort in &mut self.cohorts[self.oldest.min(self.end)..self.end] {
                let all = people.next(cohort.people[lane], (0.0, f64::INFINITY));
                let first = untreated.next(cohort.untreated[lane], (0.0, all));
                let soon = eighteen.next(cohort.eighteen[lane], (0.0, all - first));
                cohort.six[lane] = six.next(cohort.six[lane], (0.0, soon));
                cohort.people[lane] = all;
                cohort.untreated[lane] = first;
                cohort.eighteen[lane] = soon;
            }
        }
    }

    /// Whole people give up, each with the same probability; returns how many.
    pub fn give_up_people<K: Luck<L>>(
        &mut self,
        week: usize,
        share: &Lanes<L>,
        (luck, who): (&mut K, u64),
    ) -> Lanes<L> {
        let mut gone = [0.0; L];
        if share.iter().all(|&share| share == 0.0) {
            return gone;
        }
        let places = self.oldest.min(self.end)..self.end;
        for (place, cohort) in places.clone().zip(&mut self.cohorts[places]) {
            // By the week in which they joined, which may be before the first.
            let cell = place + (1 << 16) - self.first;
            let of = |group: usize| Decision::GivesUp.of(who, week, cell * 4 + group);
            for lane in 0..L {
                let (all, first) = (cohort.people[lane], cohort.untreated[lane]);
                if all <= 0.0 {
                    continue;
                }
                let (six, eighteen) = (cohort.six[lane], cohort.eighteen[lane]);
                let groups = [first, six, eighteen - six, all - first - eighteen];
                let [first, six, later, late] = std::array::from_fn(|group| {
                    take(luck, lane, groups[group], share[lane], of(group))
                });
                cohort.people[lane] -= first + six + later + late;
                cohort.untreated[lane] -= first;
                cohort.six[lane] -= six;
                cohort.eighteen[lane] -= six + later;
                gone[lane] += first + six + later + late;
            }
        }
        gone
    }

    /// A share of everybody gives up; returns how many.
    pub fn give_up(&mut self, share: &Lanes<L>) -> Lanes<L> {
        let mut gone = [0.0; L];
        if share.iter().all(|&share| share == 0.0) {
            return gone;
        }
        for cohort in &mut self.cohorts[self.oldest.min(self.end)..self.end] {
            for lane in 0..L {
                gone[lane] += cohort.people[lane] * share[lane];
                let stays = 1.0 - share[lane];
                cohort.people[lane] *= stays;
                cohort.six[lane] *= stays;
                cohort.eighteen[lane] *= stays;
                cohort.untreated[lane] *= stays;
            }
        }
        gone
    }

    /// Forgets cohorts at the head that are empty. People who miss an appointment are booked again, so a cohort
    /// halves and halves: less than a trillionth of a person is nobody.
    pub fn tidy(&mut self, week: usize) {
        let newest = self.first + week;
        while self.oldest < newest
            && self.cohorts[self.oldest]
                .people
                .iter()
                .all(|&people| people < NOBODY)
        {
            self.cohorts[self.oldest] = Cohort::EMPTY;
            self.oldest += 1;
        }
    }
}
