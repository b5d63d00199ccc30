//! What can be done this week? Minutes of the pools, assessments that can be booked, limits on new courses.

use crate::luck::Luck;
use crate::project::engine::Engine;
use crate::project::whole::Decision;
use crate::unit::Lanes;

impl<const L: usize, K: Luck<L>> Engine<'_, L, K> {
    /// Minutes of the pools, and minutes kept for assessments.
    pub(super) fn hours(&mut self, week: usize, referrals: &Lanes<L>, looked_at: bool) -> Lanes<L> {
        let mut ring = self.desk.minutes_of_week(
            (self.spec, self.timetable, self.world),
            (week, looked_at),
            &self.people,
            &mut self.present,
            referrals,
            &mut self.pools,
        );
        for (room, pool) in self.rooms.iter_mut().zip(&self.pools) {
            for lane in 0..L {
                room.minutes[lane] =
                    pool.bookable[lane] - pool.supervision[lane] - pool.screening[lane];
            }
        }
        if let Some(role) = self
            .timetable
            .assessment_role
            .filter(|_| !self.world.assessment.outside())
        {
            let room = &mut self.rooms[self.timetable.roles[role].pool];
            for lane in 0..L {
                room.minutes[lane] -= ring[lane];
            }
        }
        if K::WHOLE {
            // Minutes that were too few for one more person last week.
            for (room, carried) in self.rooms.iter_mut().zip(&mut self.carried) {
                for lane in 0..L {
                    room.minutes[lane] += std::mem::take(&mut carried[lane]);
                }
            }
            for lane in 0..L {
                ring[lane] += std::mem::take(&mut self.carried_ring[lane]);
            }
        }
        self.make_rooms(week);
        ring
    }

    /// Limits on new courses: caseload, review of cases, new starts and places.
    fn make_rooms(&mut self, week: usize) {
        let (timetable, world) = (self.timetable, self.world);
        let worked = self.worked(week).max(1e-12);
        for pool in 0..self.rooms.len() {
            let mut open = [0.0; L];
            if timetable.roles[pool].pool != pool || timetable.roles[pool].course.is_some() {
                continue;
            }
            for (treatment, total) in timetable.treatments.iter().zip(&self.open) {
                if treatment.pools[0] == pool {
                    for lane in 0..L {
                        open[lane] += total[lane];
                    }
                }
            }
            let mut places = None;
            let mut starts = [f64::INFINITY; L];
            let (mut caseload, mut new_starts) = (None, None);
            for member in timetable
                .roles_of_pool(pool)
                .filter(|&m| timetable.roles[m].course.is_none())
            {
                let role = &world.roles[member];
                let ramped = &self.present.ramped[member];
                add(&mut caseload, role.caseload_max.as_ref(), |l, x| {
                    x * ramped[l] / worked
                });
                add(&mut new_starts, role.new_starts.as_ref(), |l, x| {
                    x * ramped[l]
                });
                add(&mut places, role.slots.as_ref(), |_, x| x);
                add(&mut places, role.slots_per_wte.as_ref(), |l, x| {
                    x * ramped[l] / worked
                });
            }
            let reviewed = timetable.reviews.iter().zip(&self.desk.ledger.most_cases);
            let reviewed = reviewed.filter(|(review, _)| review.pool == pool);
            for (_, most) in reviewed {
                for lane in 0..L {
                    starts[lane] = starts[lane].min((most[lane] - open[lane]).max(0.0));
                }
            }
            for limit in [caseload, places].into_iter().flatten() {
                for lane in 0..L {
                    starts[lane] = starts[lane].min((limit[lane] - open[lane]).max(0.0));
                }
            }
            if let Some(limit) = new_starts {
                let who = world.role_plans[pool].who;
                let place = Decision::NewStarts.of(who, week, 0);
                for lane in 0..L {
                    let limit = self.luck.whole(lane, limit[lane], place);
                    starts[lane] = starts[lane].min(limit);
                }
            }
            self.rooms[pool].starts = starts;
            self.rooms[pool].places = places.is_some();
        }
    }
}

fn add<const L: usize>(
    sum: &mut Option<Lanes<L>>,
    more: Option<&Lanes<L>>,
    of: impl Fn(usize, f64) -> f64,
) {
    if let Some(more) = more {
        let sum = sum.get_or_insert([0.0; L]);
        for lane in 0..L {
            sum[lane] += of(lane, more[lane]);
        }
    }
}
