//! How many minutes does each pool have this week, after supervision and screening, and how many of them are
//! kept for assessments?
//!
//! Bookable minutes are already net of the job plan; only time on short courses, supervision given beyond the
//! plan, and screening, are taken off.

use crate::record::measure::PoolCounts;
use crate::scenario::Spec;
use crate::supervision::Offer;
use crate::timetable::ledger::Ledger;
use crate::timetable::world::AssessmentCapacity;
use crate::timetable::{Timetable, World};
use crate::unit::{Lanes, add, each};
use crate::workforce::{People, Present};

/// What the minutes of a week depend on, besides the scenario.
#[derive(Debug, Clone, Copy)]
pub struct WorkOfWeek<'a, const L: usize> {
    /// Staff at work.
    pub present: &'a Present<L>,
    /// Working days / 5.
    pub worked: f64,
    /// Share of working days that are worked, by role.
    pub available: &'a [Lanes<L>],
    /// Hours of supervision beyond job plans in a full week, by role.
    pub supervision_beyond: &'a [Lanes<L>],
    /// People referred in the week.
    pub referrals: &'a Lanes<L>,
}

/// Minutes of each role's pool in a week.
pub fn pool_minutes<const L: usize>(
    timetable: &Timetable,
    world: &World<L>,
    week: &WorkOfWeek<L>,
    pools: &mut [PoolCounts<L>],
) {
    let WorkOfWeek {
        present,
        worked,
        available,
        supervision_beyond,
        referrals,
    } = *week;
    pools.fill(PoolCounts::default());
    for (index, role) in timetable
        .roles
        .iter()
        .enumerate()
        .filter(|(_, role)| role.course.is_none())
    {
        let pool = &mut pools[role.pool];
        let hours = world.roles[index].patients;
        let extra = &world.roles[index].extra_supervision;
        let (available, beyond) = (&available[index], &supervision_beyond[index]);
        let (ramped, away) = (&present.ramped[index], &present.away[index]);
        let here: Lanes<L> = each(|l| (available[l] * ramped[l] - away[l]).max(0.0));
        let beyond: Lanes<L> = each(|l| beyond[l] * available[l] + extra[l]);
        add(&mut pool.bookable, &each(|l| 60.0 * hours[l] * here[l]));
        add(&mut pool.supervision, &each(|l| 60.0 * beyond[l] * worked));
    }
    for pool in pools.iter_mut() {
        let (asked, most) = (pool.supervision, pool.bookable);
        pool.supervision = each(|l| asked[l].min(most[l]));
    }
    if let Some(role) = timetable.screening_role {
        let pool = &mut pools[timetable.roles[role].pool];
        for lane in 0..L {
            let needed = referrals[lane] * world.screening_minutes[lane];
            pool.screening[lane] = needed.min(pool.bookable[lane] - pool.supervision[lane]);
        }
    }
}

/// What the minutes of a week are worked out with, so that no list is made anew each week.
#[derive(Debug, Clone, Default)]
pub struct Desk<const L: usize> {
    /// Supervision of the week.
    pub ledger: Ledger<L>,
    offer: Offer<L>,
    available: Vec<Lanes<L>>,
}

impl<const L: usize> Desk<L> {
    /// Minutes of each role's pool in a week, and the minutes that are kept for assessments. Nobody is away for
    /// longer than they would have worked. The supervision that is given is in the ledger, in full if it is
    /// `looked_at`.
    pub fn minutes_of_week(
        &mut self,
        (spec, timetable, world): (&Spec, &Timetable, &World<L>),
        (week, looked_at): (usize, bool),
        people: &People<L>,
        present: &mut Present<L>,
        referrals: &Lanes<L>,
        pools: &mut [PoolCounts<L>],
    ) -> Lanes<L> {
        let desk = (&mut self.offer, looked_at);
        (self.ledger).of_week(spec, timetable, world, (week, people), desk);
        let worked = f64::from(timetable.calendar.weeks[week].working_days) / 5.0;
        self.available.clear();
        let roles = 0..timetable.roles.len();
        (self.available).extend(roles.map(|role| world.available(timetable, role, week)));
        for (role, away) in present.away.iter_mut().enumerate() {
            let (worked, available) = (&present.worked[role], &self.available[role]);
            *away = each(|l| away[l].min(worked[l] * available[l]));
        }
        let work = WorkOfWeek {
            present,
            worked,
            available: &self.available,
            supervision_beyond: &self.ledger.beyond,
            referrals,
        };
        pool_minutes(timetable, world, &work, pools);
        kept_for_assessments(timetable, world, &work, pools)
    }
}

/// Minutes kept for assessments: a share of the pool's minutes, appointments for each ramped WTE, or a number
/// of appointments outside anybody's hours.
fn kept_for_assessments<const L: usize>(
    timetable: &Timetable,
    world: &World<L>,
    week: &WorkOfWeek<L>,
    pools: &[PoolCounts<L>],
) -> Lanes<L> {
    let minutes = &world.assessment.minutes;
    let left = |pool: usize, lane: usize| {
        let pool = &pools[pool];
        pool.bookable[lane] - pool.supervision[lane] - pool.screening[lane]
    };
    match (&world.assessment.capacity, timetable.assessment_role) {
        (AssessmentCapacity::PerWeek(slots), _) => {
            each(|lane| slots[lane] * week.worked * minutes[lane])
        }
        (AssessmentCapacity::AtOnce, _) => [f64::INFINITY; L],
        (AssessmentCapacity::RingFence(share), Some(role)) => {
            let pool = timetable.roles[role].pool;
            each(|lane| left(pool, lane) * share[lane])
        }
        (AssessmentCapacity::PerWte(slots), Some(role)) => {
            let pool = timetable.roles[role].pool;
            let mut ring = [0.0; L];
            for member in timetable
                .roles_of_pool(pool)
                .filter(|&m| timetable.roles[m].course.is_none())
            {
                for lane in 0..L {
                    let ramped = week.present.ramped[member][lane] * week.available[member][lane];
                    let wte = (ramped - week.present.away[member][lane]).max(0.0);
                    ring[lane] += wte * slots[lane] * minutes[lane];
                }
            }
            each(|lane| ring[lane].min(left(pool, lane)))
        }
        (_, None) => [0.0; L],
    }
}
