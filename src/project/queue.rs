//! Who waits, for how long, and who is next?
//!
//! A queue is a row of cohorts, one for each week in which people joined; the oldest is served first.
//! Each cohort knows how many of its people were first treated within 6 and 18 weeks of referral, and how
//! many are not treated yet; for those, how many weeks since referral they had when they joined. Where people are
//! whole, these are counts of people who are drawn together with their cohort.
//!
//! ```text
//! people of a cohort = what is written down of it x kept,    kept = product over weeks of (1 - share that gives up)
//! ```
//!
//! So a week touches only the cohorts that are served, however many wait.

use crate::luck::Luck;
use crate::project::whole::{Decision, Rounding, among_each, nobody, share_of_rest, take_each};
use crate::unit::{Lanes, add, each};

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
struct Part<const L: usize> {
    people: Lanes<L>,
    six: Lanes<L>,
    eighteen: Lanes<L>,
    first: Lanes<L>,
    first_six: Lanes<L>,
    first_eighteen: Lanes<L>,
}

impl<const L: usize> Taken<L> {
    /// Of people who leave a cohort after `age` weeks, those who waited long.
    fn note_long_waits(&mut self, age: usize, people: &Lanes<L>) {
        for (weeks, over) in [(4, &mut self.over_28_days), (13, &mut self.over_90_days)] {
            if age >= weeks {
                add(over, people);
            }
        }
    }

    /// Notes people who leave a cohort after `age` weeks.
    fn note(&mut self, age: usize, part: &Part<L>) {
        add(&mut self.people, &part.people);
        add(&mut self.six, &each(|l| part.six[l] + part.first_six[l]));
        let eighteen = each(|l| part.eighteen[l] + part.first_eighteen[l]);
        add(&mut self.eighteen, &eighteen);
        add(&mut self.first, &part.first);
        add(&mut self.first_six, &part.first_six);
        add(&mut self.first_eighteen, &part.first_eighteen);
        add(&mut self.waited, &each(|l| part.people[l] * age as f64));
        self.note_long_waits(age, &part.people);
    }
}

/// Fewer people than this are nobody.
const NOBODY: f64 = 1e-12;

/// Below this, what is left of every cohort is written down anew.
const LITTLE_KEPT: f64 = 1e-60;

#[derive(Debug, Clone, Copy)]
struct Cohort<const L: usize> {
    people: Lanes<L>,
    six: Lanes<L>,
    eighteen: Lanes<L>,
    untreated: Lanes<L>,
}

impl<const L: usize> Cohort<L> {
    const EMPTY: Self = Self {
        people: [0.0; L],
        six: [0.0; L],
        eighteen: [0.0; L],
        untreated: [0.0; L],
    };

    fn remove(&mut self, part: &Part<L>) {
        let less = |of: &mut Lanes<L>, gone: &Lanes<L>| *of = each(|l| of[l] - gone[l]);
        less(&mut self.people, &part.people);
        less(&mut self.untreated, &part.first);
        less(&mut self.six, &part.six);
        less(&mut self.eighteen, &part.eighteen);
    }
}

/// Share of those not treated yet who are within `limit` weeks of referral when they start after `age` weeks, if
/// their clocks run so far ahead.
fn in_time<const L: usize>(ahead: Option<&Ahead<L>>, age: usize, limit: usize) -> Lanes<L> {
    match (ahead, limit.checked_sub(age + 1)) {
        (Some(ahead), Some(weeks)) => ahead[weeks],
        (None, Some(_)) => [1.0; L],
        (_, None) => [0.0; L],
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

impl<const L: usize> Joining<L> {
    /// People join who were first treated within 6 weeks of referral (group 0), within 18 (1) or later (2).
    pub fn add_group(&mut self, group: usize, people: &Lanes<L>) {
        add(&mut self.people, people);
        if group == 0 {
            add(&mut self.six, people);
        }
        if group < 2 {
            add(&mut self.eighteen, people);
        }
    }
}

/// Appointments booked off a queue, oldest first.
#[derive(Debug, Clone, Copy)]
pub struct Booked<const L: usize> {
    /// People.
    pub people: Lanes<L>,
    /// Of them with less than 6 whole weeks on the clock.
    pub six: Lanes<L>,
    /// Of them with less than 18.
    pub eighteen: Lanes<L>,
    /// Weeks waited, summed over people.
    pub waited: Lanes<L>,
}

/// A queue.
#[derive(Debug, Clone)]
pub struct Queue<const L: usize> {
    /// Cohorts by the week in which they joined.
    cohorts: Vec<Cohort<L>>,
    /// How far the clocks of those run ahead who are not treated yet, by cohort.
    ahead: Vec<Option<Box<Ahead<L>>>>,
    /// Place of the first of them.
    start: usize,
    /// Place of those who join in week 0.
    first: usize,
    /// Place of the oldest cohort that is not empty, by lane.
    oldest: [usize; L],
    /// Share of everybody written down who did not give up.
    kept: Lanes<L>,
    /// Whether anybody ever waited who was not treated yet.
    untreated: bool,
    /// Whether those first treated within 6 and 18 weeks are told apart.
    clocks: bool,
}

impl<const L: usize> Queue<L> {
    /// An empty queue, with room for people who have waited up to `waited` weeks.
    #[must_use]
    pub fn new(waited: usize) -> Self {
        Self {
            cohorts: Vec::with_capacity(waited + 64),
            ahead: Vec::with_capacity(waited + 64),
            start: 0,
            first: waited,
            oldest: [usize::MAX; L],
            kept: [1.0; L],
            untreated: false,
            clocks: true,
        }
    }

    /// Counts everybody alone from now on, not those first treated within 6 and 18 weeks.
    pub fn forget_clocks(&mut self) {
        self.clocks = false;
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
        let index = place - self.start;
        if index >= self.cohorts.len() {
            self.cohorts.resize(index + 1, Cohort::EMPTY);
            self.ahead.resize(index + 1, None);
        }
        let cohort = &mut self.cohorts[index];
        if let Some(ahead) = ahead {
            let mixed =
                self.ahead[index].get_or_insert_with(|| Box::new([[0.0; L]; LONGEST_CLOCK]));
            for (mixed, ahead) in mixed.iter_mut().zip(ahead) {
                for lane in 0..L {
                    let here = cohort.untreated[lane] * self.kept[lane];
                    let all = here + joining.untreated[lane];
                    if all > 0.0 {
                        let joined = ahead[lane] * joining.untreated[lane];
                        mixed[lane] = (mixed[lane] * here + joined) / all;
                    }
                }
            }
        }
        self.untreated |= joining.untreated.iter().any(|&people| people > 0.0);
        let kept = self.kept;
        let written: Lanes<L> = each(|l| 1.0 / kept[l]);
        add(
            &mut cohort.people,
            &each(|l| joining.people[l] * written[l]),
        );
        if self.clocks {
            let (six, eighteen) = (&joining.six, &joining.eighteen);
            add(&mut cohort.six, &each(|l| six[l] * written[l]));
            add(&mut cohort.eighteen, &each(|l| eighteen[l] * written[l]));
        }
        if self.untreated {
            add(
                &mut cohort.untreated,
                &each(|l| joining.untreated[l] * written[l]),
            );
        }
        for oldest in &mut self.oldest {
            *oldest = place.min(*oldest);
        }
    }

    /// Place of the oldest cohort that is not empty in all lanes.
    fn head(&self) -> usize {
        let end = self.start + self.cohorts.len();
        self.oldest.iter().fold(end, |head, &place| head.min(place))
    }

    /// Weeks on the clock of the oldest people at the start of `week`.
    #[must_use]
    pub fn longest_wait(&self, week: usize) -> usize {
        (self.first + week).saturating_sub(self.head())
    }

    /// Weeks on the clock of the oldest people of the lanes that ask, at the start of `week`.
    pub fn longest_wait_of(&self, week: usize, asks: impl Fn(usize) -> bool) -> Option<usize> {
        let lanes = (0..L).filter(|&lane| asks(lane));
        let oldest = lanes.map(|lane| self.oldest[lane]).min()?;
        Some((self.first + week).saturating_sub(oldest))
    }

    /// Where those of `age` at the start of `week` are written down.
    fn index(&self, week: usize, age: usize) -> Option<usize> {
        let index = (self.first + week).checked_sub(age + self.start)?;
        (index < self.cohorts.len()).then_some(index)
    }

    /// People with `age` whole weeks on the clock at the start of `week`.
    #[must_use]
    pub fn of_age(&self, week: usize, age: usize) -> Lanes<L> {
        self.index(week, age).map_or([0.0; L], |index| {
            let people = &self.cohorts[index].people;
            each(|lane| people[lane] * self.kept[lane])
        })
    }

    /// Everybody in the queue.
    #[must_use]
    pub fn total(&self) -> Lanes<L> {
        let mut total = [0.0; L];
        for cohort in &self.cohorts[self.head() - self.start..] {
            add(&mut total, &cohort.people);
        }
        each(|lane| total[lane] * self.kept[lane])
    }

    /// Books those who have waited longest in `week`, at most `places`; of the booked the share `leaves` leaves the
    /// queue, the others are booked again. Only for a queue that nobody joins after a treatment. The booked are
    /// written down `by_age` too, if it is asked for.
    pub fn book(
        &mut self,
        week: usize,
        mut places: Lanes<L>,
        leaves: &Lanes<L>,
        mut by_age: Option<&mut [Lanes<L>]>,
    ) -> Booked<L> {
        // With 18 weeks on the clock and more, with 6 to 17, with fewer.
        let mut groups = [[0.0; L]; 3];
        let mut waited = [0.0; L];
        let kept = self.kept;
        let written: Lanes<L> = each(|l| leaves[l] / kept[l]);
        let newest = self.first + week;
        let end = (newest + 1).min(self.start + self.cohorts.len());
        let mut place = self.head();
        while place < end {
            let (people, age) = (self.cohorts[place - self.start].people, newest - place);
            let booked: Lanes<L> = each(|l| (people[l] * kept[l]).min(places[l]));
            if booked.iter().all(|&people| people <= 0.0) {
                // Where there are places left, nobody may have waited so long.
                if places.iter().all(|&places| places <= 0.0) {
                    break;
                }
                place += 1;
                continue;
            }
            places = each(|l| places[l] - booked[l]);
            add(
                &mut groups[usize::from(age < LONGEST_CLOCK) + usize::from(age < 6)],
                &booked,
            );
            waited = each(|l| waited[l] + booked[l] * age as f64);
            self.cohorts[place - self.start].people =
                each(|l| (people[l] - booked[l] * written[l]).max(0.0));
            if let Some(cell) = by_age.as_deref_mut().and_then(|list| list.get_mut(age)) {
                *cell = booked;
            }
            place += 1;
        }
        let [late, later, soon] = groups;
        let eighteen: Lanes<L> = each(|lane| later[lane] + soon[lane]);
        Booked {
            people: each(|lane| late[lane] + eighteen[lane]),
            six: soon,
            eighteen,
            waited,
        }
    }

    /// Takes a share of those of `age` at the start of `week`; returns how many.
    pub fn take(
        &mut self,
        week: usize,
        age: usize,
        share: &Lanes<L>,
        taken: &mut Taken<L>,
    ) -> Lanes<L> {
        let Some(index) = self.index(week, age) else {
            return [0.0; L];
        };
        let (cohort, kept) = (&mut self.cohorts[index], self.kept);
        let (share, true_share): (Lanes<L>, Lanes<L>) = (*share, each(|l| share[l] * kept[l]));
        let part = |of: &mut Lanes<L>, sum: &mut Lanes<L>| -> Lanes<L> {
            let here = *of;
            let gone = each(|l| here[l] * true_share[l]);
            *of = each(|l| here[l] - here[l] * share[l]);
            add(sum, &gone);
            gone
        };
        if self.clocks {
            part(&mut cohort.six, &mut taken.six);
            part(&mut cohort.eighteen, &mut taken.eighteen);
        }
        let gone = part(&mut cohort.people, &mut taken.people);
        taken.waited = each(|l| taken.waited[l] + gone[l] * age as f64);
        if self.untreated {
            let ahead = self.ahead[index].as_deref();
            let (early, soon) = (in_time(ahead, age, 6), in_time(ahead, age, LONGEST_CLOCK));
            for lane in 0..L {
                let first = cohort.untreated[lane] * share[lane];
                cohort.untreated[lane] -= first;
                let first = first * self.kept[lane];
                taken.first[lane] += first;
                taken.first_six[lane] += first * early[lane];
                taken.first_eighteen[lane] += first * soon[lane];
                taken.six[lane] += first * early[lane];
                taken.eighteen[lane] += first * soon[lane];
            }
        }
        taken.note_long_waits(age, &gone);
        gone
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
        let Some(index) = self.index(week, age) else {
            return;
        };
        let cohort = &mut self.cohorts[index];
        let ahead = self.ahead[index].as_deref();
        let (early, soon) = (in_time(ahead, age, 6), in_time(ahead, age, LONGEST_CLOCK));
        let of = |decision: Decision| decision.of(who, week, age);
        let (all, untreated) = (&cohort.people, &cohort.untreated);
        let (marked, place) = ((untreated, all), of(Decision::Untreated));
        let first = among_each(luck, marked, people, place);
        let treated = each(|l| people[l] - first[l]);
        let others = each(|l| all[l] - untreated[l]);
        let (marked, place) = ((&cohort.eighteen, &others), of(Decision::Eighteen));
        let eighteen = among_each(luck, marked, &treated, place);
        let (marked, place) = ((&cohort.six, &cohort.eighteen), of(Decision::Six));
        let six = among_each(luck, marked, &eighteen, place);
        let place = of(Decision::Eighteen).next();
        let first_eighteen = take_each(luck, &first, &soon, place);
        let share = each(|l| share_of_rest(early[l], soon[l]));
        let place = of(Decision::Six).next();
        let first_six = take_each(luck, &first_eighteen, &share, place);
        let part = Part {
            people: *people,
            six,
            eighteen,
            first,
            first_six,
            first_eighteen,
        };
        cohort.remove(&part);
        taken.note(age, &part);
    }

    /// Makes everybody whole people, oldest first, so that all groups keep their totals.
    pub fn round(&mut self) {
        for lane in 0..L {
            let mut people = Rounding::default();
            let (mut untreated, mut eighteen, mut six) = (people, people, people);
            for cohort in &mut self.cohorts {
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
        let head = self.head();
        for (place, cohort) in (head..).zip(&mut self.cohorts[head - self.start..]) {
            // By the week in which they joined, which may be before the first.
            let cell = place + (1 << 16) - self.first;
            let of = |group: usize| Decision::GivesUp.of(who, week, cell * 4 + group);
            if nobody(&cohort.people) {
                continue;
            }
            let (all, untreated) = (&cohort.people, &cohort.untreated);
            let (six, eighteen) = (&cohort.six, &cohort.eighteen);
            let later = each(|l| eighteen[l] - six[l]);
            let late = each(|l| all[l] - untreated[l] - eighteen[l]);
            let groups = [untreated, six, &later, &late];
            let [first, six, later, late]: [Lanes<L>; 4] =
                std::array::from_fn(|group| take_each(luck, groups[group], share, of(group)));
            let (eighteen, zero) = (each(|l| six[l] + later[l]), [0.0; L]);
            let part = Part {
                people: each(|l| first[l] + eighteen[l] + late[l]),
                six,
                eighteen,
                first,
                first_six: zero,
                first_eighteen: zero,
            };
            cohort.remove(&part);
            add(&mut gone, &part.people);
        }
        gone
    }

    /// A share of everybody gives up; returns how many give up and how many stay.
    pub fn give_up(&mut self, share: &Lanes<L>) -> (Lanes<L>, Lanes<L>) {
        let (all, kept) = (self.total(), self.kept);
        let gone = each(|l| all[l] * share[l]);
        let stay = each(|l| all[l] - gone[l]);
        self.kept = each(|l| kept[l] * (1.0 - share[l]));
        if self.kept.iter().any(|&kept| kept < LITTLE_KEPT) {
            self.write_anew();
        }
        (gone, stay)
    }

    fn write_anew(&mut self) {
        let kept = std::mem::replace(&mut self.kept, [1.0; L]);
        for cohort in &mut self.cohorts {
            for lane in 0..L {
                cohort.people[lane] *= kept[lane];
                cohort.six[lane] *= kept[lane];
                cohort.eighteen[lane] *= kept[lane];
                cohort.untreated[lane] *= kept[lane];
            }
        }
    }

    /// Forgets cohorts at the head that are empty. People who miss an appointment are booked again, so a cohort
    /// halves and halves: less than a trillionth of a person is nobody.
    pub fn tidy(&mut self, week: usize) {
        let newest = self.first + week;
        let end = newest.min(self.start + self.cohorts.len());
        for lane in 0..L {
            let first = self.oldest[lane];
            if first >= end {
                continue;
            }
            let kept = self.kept[lane];
            let mut empty = 0;
            for cohort in &mut self.cohorts[first - self.start..end - self.start] {
                if cohort.people[lane] * kept >= NOBODY {
                    break;
                }
                cohort.people[lane] = 0.0;
                cohort.six[lane] = 0.0;
                cohort.eighteen[lane] = 0.0;
                cohort.untreated[lane] = 0.0;
                empty += 1;
            }
            self.oldest[lane] = first + empty;
        }
        // Nobody joins any more before the place of this week.
        let dead = self.head().min(week).saturating_sub(self.start);
        if dead >= 16 && 2 * dead >= self.cohorts.len() {
            self.cohorts.drain(..dead);
            self.ahead.drain(..dead);
            self.start += dead;
        }
    }
}
