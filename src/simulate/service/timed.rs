//! Courses that have a length in place of sessions: textbook queues, in continuous time inside the week.
//!
//! Whoever arrives starts at once if a place is free; whoever ends makes room for the next in that moment. The
//! ends of courses lie in a ring of day buckets; those of a day are sorted by time, then by key, when it comes.

use crate::luck::uniform;
use crate::simulate::clock::start_of;
use crate::simulate::diary::DAYS;
use crate::simulate::person::{DAY, Decision, NEVER, Person, Time, WEEK};
use crate::simulate::service::Service;
use crate::simulate::service::ending::Ending;
use crate::simulate::terms::Outcome;

/// Days of the ring; what lies further ahead stays in its bucket for another round.
const RING: usize = 1024;

/// An end of a course.
#[derive(Debug, Clone, Copy)]
struct End {
    at: Time,
    person: Person,
}

/// What happens in continuous time.
#[derive(Debug, Clone)]
pub(super) struct Timed {
    ends: Vec<Vec<End>>,
    /// Ends of the day that is under way, latest first.
    today: Vec<End>,
    /// People who arrive this week, or later if they step within it.
    arrivals: Vec<Person>,
    /// Places taken, by pool.
    taken: Vec<usize>,
    used: bool,
}

impl Timed {
    pub(super) fn new(pools: usize) -> Self {
        Self {
            ends: Vec::new(),
            today: Vec::new(),
            arrivals: Vec::new(),
            taken: vec![0; pools],
            used: false,
        }
    }

    /// Nothing happens any more; the memory is kept.
    pub(super) fn clear(&mut self) {
        if self.used {
            self.ends.iter_mut().for_each(Vec::clear);
            self.today.clear();
            self.arrivals.clear();
            self.taken.fill(0);
            self.used = false;
        }
    }

    /// Somebody joins the queue at their time of joining.
    pub(super) fn arrive(&mut self, person: Person) {
        self.used = true;
        self.arrivals.push(person);
    }

    /// A course ends some day; `today` is the day that is under way.
    fn ends(&mut self, end: End, today: Option<usize>) {
        self.used = true;
        if self.ends.is_empty() {
            self.ends = vec![Vec::new(); RING];
        }
        let day = day_of(end.at);
        if today.is_some_and(|today| day <= today) {
            let place = self
                .today
                .partition_point(|other| (other.at, other.person.key) > (end.at, end.person.key));
            self.today.insert(place, end);
        } else {
            self.ends[day % RING].push(end);
        }
    }

    /// Takes the ends of a day.
    fn turn_to(&mut self, day: usize) {
        if self.ends.is_empty() {
            return;
        }
        let bucket = &mut self.ends[day % RING];
        let mut place = 0;
        while place < bucket.len() {
            if day_of(bucket[place].at) <= day {
                self.today.push(bucket.swap_remove(place));
            } else {
                place += 1;
            }
        }
        self.today
            .sort_unstable_by_key(|end| std::cmp::Reverse((end.at, end.person.key)));
    }
}

fn day_of(time: Time) -> usize {
    usize::try_from(time / DAY).unwrap_or(0)
}

impl Service<'_> {
    /// Everything that happens in continuous time this week, in its order.
    pub(super) fn run_timed(&mut self, week: usize) {
        if !self.timed.used {
            return;
        }
        let start = start_of(week);
        self.seat_those_who_wait(week, start);
        let mut arrivals = std::mem::take(&mut self.timed.arrivals);
        arrivals.sort_unstable_by_key(|person| std::cmp::Reverse((person.joined, person.key)));
        for day in week * DAYS..(week + 1) * DAYS {
            self.timed.turn_to(day);
            let midnight = start_of(0) + Time::try_from(day + 1).unwrap_or(Time::MAX / DAY) * DAY;
            loop {
                let end = self.timed.today.last().map(|end| end.at);
                let arrival = arrivals.last().map(|person| person.joined);
                let ends_first = match (end, arrival.filter(|&at| at < midnight)) {
                    (None, None) => break,
                    (Some(_), None) => true,
                    (None, Some(_)) => false,
                    (Some(end), Some(arrival)) => end <= arrival,
                };
                if ends_first {
                    if let Some(end) = self.timed.today.pop() {
                        self.end_timed(end, week, day);
                    }
                } else if let Some(person) = arrivals.pop() {
                    let at = person.joined.max(start);
                    self.arrive_timed(person, week, at, day);
                }
                // Whoever stepped just now arrives in the same moment.
                while let Some(person) = self.timed.arrivals.pop() {
                    let at = person.joined;
                    self.arrive_timed(person, week, at, day);
                }
            }
        }
        // Whoever joined at the very end of the week is the first of the next.
        arrivals.append(&mut self.timed.arrivals);
        self.timed.arrivals = arrivals;
    }

    /// Somebody is in a course on the first morning: it goes on for as long as a new one would last.
    pub(super) fn goes_on(&mut self, person: Person) {
        let pool = self.ready.terms.treatments[usize::from(person.treatment)].pools[0];
        self.timed.taken[pool] += 1;
        self.lasts(person, 0, None);
    }

    /// Places for courses in continuous time: those that courses of weekly sessions leave.
    fn places(&self, pool: usize) -> usize {
        let terms = self.ready.terms.treatments.iter().zip(&self.open);
        let weekly = terms.filter(|(terms, _)| terms.lasts.is_none() && terms.pools[0] == pool);
        let open: usize = weekly.map(|(_, open)| open).sum();
        self.most[pool].saturating_sub(open)
    }

    /// Places that came with the week are taken by those who wait.
    fn seat_those_who_wait(&mut self, week: usize, at: Time) {
        for (pool, _) in self.ready.timetable.pools() {
            self.seat_next(pool, week, at, week * DAYS);
        }
    }

    fn seat_next(&mut self, pool: usize, week: usize, at: Time, day: usize) {
        let terms = &self.ready.terms.treatments;
        while self.timed.taken[pool] < self.places(pool) {
            let mut next: Option<(usize, Time)> = None;
            for (treatment, terms) in terms.iter().enumerate() {
                if terms.lasts.is_none() || terms.pools[0] != pool {
                    continue;
                }
                while let Some(head) = self.lists[treatment].head(week).copied() {
                    if gives_up_at(&head, terms.renege) <= at {
                        // They gave up earlier this week; they are counted at its end.
                        self.lists[treatment].drop_head(week);
                        continue;
                    }
                    if next.is_none_or(|(_, joined)| head.joined < joined) {
                        next = Some((treatment, head.joined));
                    }
                    break;
                }
            }
            let Some(person) = next.and_then(|(treatment, _)| self.lists[treatment].take(week))
            else {
                return;
            };
            self.start_timed(person, week, at, day);
        }
    }

    fn arrive_timed(&mut self, mut person: Person, week: usize, at: Time, day: usize) {
        let treatment = usize::from(person.treatment);
        let terms = &self.ready.terms.treatments[treatment];
        let pool = terms.pools[0];
        person.tag = NEVER;
        if self.timed.taken[pool] < self.places(pool) && self.lists[treatment].waiting() == 0 {
            self.start_timed(person, week, at, day);
        } else {
            self.lists[treatment].join_in_time(person, gives_up_at(&person, terms.renege));
            self.seat_next(pool, week, at, day);
        }
    }

    fn start_timed(&mut self, mut person: Person, week: usize, at: Time, day: usize) {
        let treatment = usize::from(person.treatment);
        let terms = &self.ready.terms.treatments[treatment];
        let pool = terms.pools[0];
        self.timed.taken[pool] += 1;
        let joined = person.joined;
        let weeks = crate::simulate::list::age(&person, week, false) as f64;
        self.begin_course(&mut person, week, at);
        // In continuous time waits are not counted in whole weeks.
        let exact = f64::from(at - joined) / f64::from(WEEK);
        let tally = &mut self.tallies[treatment];
        tally.waited_more += exact - weeks;
        tally.other(Outcome::Attended);
        self.note_booking(&person, Outcome::Attended);
        self.attend(&mut person, at);
        self.lasts(person, at, Some(day));
    }

    fn lasts(&mut self, person: Person, at: Time, day: Option<usize>) {
        let terms = &self.ready.terms.treatments[usize::from(person.treatment)];
        if let Some(length) = &terms.lasts {
            let ticks = length.quantile(uniform(person.luck(Decision::Plan)));
            let end = End {
                at: at.saturating_add(ticks),
                person,
            };
            self.timed.ends(end, day);
        }
    }

    fn end_timed(&mut self, end: End, week: usize, day: usize) {
        let mut person = end.person;
        let treatment = usize::from(person.treatment);
        let pool = self.ready.terms.treatments[treatment].pools[0];
        self.timed.taken[pool] -= 1;
        self.open[treatment] -= 1;
        // A course is more than one contact.
        person.marks |= crate::simulate::person::mark::TWICE;
        self.end_course(&person, Ending::Completed, end.at);
        self.seat_next(pool, week, end.at, day);
    }
}

/// When somebody gives up who joined a list of which a share gives up in a week: exponential in time.
#[allow(clippy::cast_possible_truncation)] // capped
fn gives_up_at(person: &Person, renege: f64) -> Time {
    if renege <= 0.0 {
        return Time::MAX;
    }
    let luck = uniform(person.luck(Decision::Patience));
    let weeks = luck.ln() / (1.0 - renege).ln();
    let ticks = (weeks * f64::from(WEEK)).min(f64::from(Time::MAX / 2)) as Time;
    person.joined.max(0).saturating_add(ticks)
}
