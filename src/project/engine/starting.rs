//! Which sessions are held, and who starts a course?
//!
//! Sessions due in open courses come first; new courses take what is left, the longest waits first. Of whole people
//! as many start as fit; luck says who of those with the same wait.

use crate::luck::Luck;
use crate::project::engine::Engine;
use crate::project::queue::Taken;
use crate::project::whole::{Decision, among_each, nobody, people};
use crate::scenario::pathway::GroupStart;
use crate::unit::{Lanes, add, each};

/// Share of the hours by which sessions due may exceed them and still be held in full. Where courses fill the
/// hours exactly, as in a settled service, the last digit decides otherwise whether anybody starts at all.
const NOT_SHORT: f64 = 1e-9;

/// Whether minutes are too few for what is needed of them.
fn short(needed: f64, minutes: f64) -> bool {
    needed > minutes.max(0.0) * (1.0 + NOT_SHORT)
}

impl<const L: usize, K: Luck<L>> Engine<'_, L, K> {
    /// Share of the sessions due that can be held, by treatment; takes their minutes.
    pub(super) fn sessions_due(&mut self, week: usize) {
        let mut due = std::mem::take(&mut self.due);
        due.by_pool.fill([0.0; L]);
        let treatments = self.timetable.treatments.iter().zip(&self.world.treatments);
        for (index, (treatment, world)) in treatments.enumerate() {
            due.sessions[index] = self.courses[index].due(week);
            let (first, later) = &due.sessions[index];
            let (firsts, others) = (&world.first_minutes, &world.followup_minutes);
            let needed = each(|l| first[l] * firsts[l] + later[l] * others[l]);
            add(&mut due.by_pool[treatment.pools[0]], &needed);
            due.needed[index] = needed;
        }
        for (index, treatment) in self.timetable.treatments.iter().enumerate() {
            let pool = treatment.pools[0];
            let (room, needed) = (&self.rooms[pool], &due.by_pool[pool]);
            due.held[index] = each(|lane| {
                if !room.places && short(needed[lane], room.minutes[lane]) {
                    room.minutes[lane].max(0.0) / needed[lane]
                } else {
                    1.0
                }
            });
        }
        for (room, needed) in self.rooms.iter_mut().zip(&due.by_pool) {
            let (minutes, starts) = (room.minutes, room.starts);
            if !room.places {
                let some = |l: usize| !short(needed[l], minutes[l]);
                room.starts = each(|l| if some(l) { starts[l] } else { 0.0 });
            }
            room.minutes = each(|l| (minutes[l] - needed[l]).max(0.0));
        }
        self.borrow_hours_for_due(&due.needed, &mut due.held);
        for (index, world) in self.world.treatments.iter().enumerate() {
            let ((first, later), share) = (&due.sessions[index], &due.held[index]);
            let first = each(|l| first[l] * share[l] * world.first_minutes[l]);
            let later = each(|l| later[l] * share[l] * world.followup_minutes[l]);
            self.use_minutes(index, &first, &later);
        }
        self.due = due;
    }

    /// Second and later roles of a treatment hold what the first could not.
    fn borrow_hours_for_due(&mut self, needed: &[Lanes<L>], held: &mut [Lanes<L>]) {
        for (index, treatment) in self.timetable.treatments.iter().enumerate() {
            for &pool in &treatment.pools[1..] {
                for lane in 0..L {
                    let short = needed[index][lane] * (1.0 - held[index][lane]);
                    let lent = short.min(self.rooms[pool].minutes[lane]);
                    if lent > 0.0 {
                        self.rooms[pool].minutes[lane] -= lent;
                        held[index][lane] += lent / needed[index][lane];
                    }
                }
            }
        }
    }

    pub(super) fn use_minutes(&mut self, index: usize, first: &Lanes<L>, later: &Lanes<L>) {
        let pool = &mut self.pools[self.timetable.treatments[index].pools[0]];
        let all = each(|l| first[l] + later[l]);
        add(&mut pool.first, first);
        add(&mut pool.later, later);
        add(&mut self.treatments[index].minutes, &all);
        let empty = &self.empty[index];
        add(&mut pool.lost, &each(|l| all[l] * empty[l]));
    }

    /// Bought treatment takes those who have waited longest, before the service starts its own courses.
    pub(super) fn buy(&mut self, week: usize) {
        for (bought, taken) in self.timetable.bought.iter().zip(&mut self.bought) {
            let (queue, who) = (
                &mut self.queues[bought.treatment],
                self.who[bought.treatment],
            );
            let place = Decision::Bought.of(who, week, bought.people.len());
            let mut elsewhere = Taken::default();
            let mut left: Lanes<L> = each(|lane| self.luck.whole(lane, bought.people[week], place));
            for age in (0..=queue.longest_wait(week)).rev() {
                if left.iter().all(|&people| people <= 0.0) {
                    break;
                }
                let waiting = queue.of_age(week, age);
                let (mut people, mut share) = ([0.0; L], [0.0; L]);
                for lane in 0..L {
                    if waiting[lane] > 0.0 {
                        people[lane] = waiting[lane].min(left[lane]);
                        left[lane] -= people[lane];
                        share[lane] = people[lane] / waiting[lane];
                    }
                }
                if K::WHOLE {
                    queue.take_people(week, age, &people, &mut elsewhere, (self.luck, who));
                } else {
                    queue.take(week, age, &share, &mut elsewhere);
                }
            }
            *taken = elsewhere.people;
            for lane in 0..L {
                self.counts.treated_elsewhere[lane] += taken[lane];
            }
        }
    }

    /// New courses from the minutes that are left, the longest waits first over all queues of a pool.
    pub(super) fn start_courses(&mut self, week: usize) {
        let turns = std::mem::take(&mut self.turns);
        for turn in &turns {
            self.start_whole_groups(week, turn.pool, &turn.groups);
            self.start_oldest_first(week, turn.pool, &turn.single);
        }
        self.turns = turns;
        for index in 0..self.starts.len() {
            let people = &self.starts[index].people;
            let first = each(|l| people[l] * self.world.treatments[index].first_minutes[l]);
            self.use_minutes(index, &first, &[0.0; L]);
        }
    }

    /// Groups that start with a fixed number or on a date come before single courses of the same pool.
    fn start_whole_groups(&mut self, week: usize, pool: usize, groups: &[usize]) {
        for &index in groups {
            let world = &self.world.treatments[index];
            let Some(group) = world.group else {
                continue;
            };
            if group.start == GroupStart::OnDate && !week.is_multiple_of(group.every_weeks) {
                continue;
            }
            let mut most = self.queues[index].total();
            let room = &self.rooms[pool];
            for lane in 0..L {
                most[lane] = most[lane].min(room.starts[lane]);
                if !room.places {
                    most[lane] = most[lane].min(room.minutes[lane] / world.first_minutes[lane]);
                }
                if group.start == GroupStart::WhenFull {
                    most[lane] = ((most[lane] + 1e-9) / group.size).floor() * group.size;
                }
            }
            if K::WHOLE {
                most = most.map(people);
            }
            for age in (0..=self.queues[index].longest_wait(week)).rev() {
                if most.iter().all(|&people| people <= 0.0) {
                    break;
                }
                let waiting = self.queues[index].of_age(week, age);
                let (mut taken, mut share) = ([0.0; L], [0.0; L]);
                for lane in 0..L {
                    if waiting[lane] > 0.0 {
                        taken[lane] = waiting[lane].min(most[lane]);
                        most[lane] -= taken[lane];
                        share[lane] = taken[lane] / waiting[lane];
                    }
                }
                if K::WHOLE {
                    self.take_people(week, pool, index, age, &taken);
                } else {
                    self.take(week, pool, index, age, &share);
                }
            }
        }
    }

    fn start_oldest_first(&mut self, week: usize, pool: usize, single: &[usize]) {
        let waits = single.iter().map(|&t| self.queues[t].longest_wait(week));
        let longest = waits.max().unwrap_or(0);
        if K::WHOLE {
            self.start_people_oldest_first(week, pool, single, longest);
            return;
        }
        let mut next = Some(longest);
        while let Some(age) = next {
            next = age.checked_sub(1);
            let room = self.rooms[pool];
            let asks = |l: usize| room.starts[l] > 0.0 && (room.minutes[l] > 0.0 || room.places);
            if !(0..L).any(asks) {
                return;
            }
            let (mut people, mut minutes) = ([0.0; L], [0.0; L]);
            for &index in single {
                let waiting = self.queues[index].of_age(week, age);
                let first_minutes = &self.world.treatments[index].first_minutes;
                add(&mut people, &waiting);
                add(&mut minutes, &each(|l| waiting[l] * first_minutes[l]));
            }
            let some = |l: usize, share: f64| if people[l] > 0.0 { share } else { 0.0 };
            let mut share = each(|l| some(l, (room.starts[l] / people[l]).min(1.0)));
            if !room.places {
                share = each(|l| share[l].min(some(l, room.minutes[l] / minutes[l])));
            }
            if share.iter().all(|&share| share <= 0.0) {
                // Where there is room left, nobody may have waited so long.
                let oldest = single.iter();
                let oldest = oldest.filter_map(|&t| self.queues[t].longest_wait_of(week, asks));
                next = next.zip(oldest.max()).map(|(age, oldest)| age.min(oldest));
                continue;
            }
            for &index in single {
                self.take(week, pool, index, age, &share);
            }
        }
    }

    fn take(&mut self, week: usize, pool: usize, index: usize, age: usize, share: &Lanes<L>) {
        let people = self.queues[index].take(week, age, share, &mut self.starts[index]);
        let first_minutes = &self.world.treatments[index].first_minutes;
        let room = &mut self.rooms[pool];
        let (minutes, starts) = (room.minutes, room.starts);
        room.minutes = each(|l| (minutes[l] - people[l] * first_minutes[l]).max(0.0));
        room.starts = each(|l| (starts[l] - people[l]).max(0.0));
    }

    /// The same with whole people. Minutes that are too few for one more person are kept for next week.
    fn start_people_oldest_first(
        &mut self,
        week: usize,
        pool: usize,
        single: &[usize],
        longest: usize,
    ) {
        let mut full = [false; L];
        for age in (0..=longest).rev() {
            if full.iter().all(|&full| full) {
                return;
            }
            let room = self.rooms[pool];
            let (mut all, mut minutes) = ([0.0; L], [0.0; L]);
            for &index in single {
                let waiting = self.queues[index].of_age(week, age);
                for lane in 0..L {
                    all[lane] += waiting[lane];
                    minutes[lane] +=
                        waiting[lane] * self.world.treatments[index].first_minutes[lane];
                }
            }
            if nobody(&all) {
                continue;
            }
            let (mut left, mut too_few) = ([0.0; L], [false; L]);
            for lane in 0..L {
                if full[lane] || all[lane] <= 0.0 {
                    continue;
                }
                left[lane] = all[lane].min(people(room.starts[lane]));
                let fits = people(all[lane] * (room.minutes[lane] / minutes[lane]));
                if !room.places && minutes[lane] > room.minutes[lane] && fits < all[lane] {
                    too_few[lane] = fits <= left[lane];
                    left[lane] = left[lane].min(fits);
                }
                full[lane] = left[lane] < all[lane];
            }
            for &index in single {
                let waiting = self.queues[index].of_age(week, age);
                let place = Decision::First.of(self.who[index], week, age);
                let starting = among_each(self.luck, (&waiting, &all), &left, place);
                left = each(|l| left[l] - starting[l]);
                all = each(|l| all[l] - waiting[l]);
                if !nobody(&starting) {
                    self.take_people(week, pool, index, age, &starting);
                }
            }
            for (lane, _) in too_few.iter().enumerate().filter(|lane| *lane.1) {
                let minutes = &mut self.rooms[pool].minutes[lane];
                self.carried[pool][lane] += std::mem::take(minutes);
            }
        }
    }

    fn take_people(
        &mut self,
        week: usize,
        pool: usize,
        index: usize,
        age: usize,
        people: &Lanes<L>,
    ) {
        let luck = (&mut *self.luck, self.who[index]);
        let starts = &mut self.starts[index];
        self.queues[index].take_people(week, age, people, starts, luck);
        let room = &mut self.rooms[pool];
        for lane in 0..L {
            let minutes = people[lane] * self.world.treatments[index].first_minutes[lane];
            // The last person may need more than is left: that is taken off next week.
            room.minutes[lane] -= minutes;
            room.starts[lane] = (room.starts[lane] - people[lane]).max(0.0);
        }
    }
}
