//! How many minutes does each pool have this week, after supervision and screening, and how many of them are
//! kept for assessments?
//!
//! Bookable minutes are already net of the job plan; only time on short courses, supervision given beyond the
//! plan, and screening, are taken off.

use crate::record::measure::PoolCounts;
use crate::scenario::Spec;
use crate::timetable::ledger::{Ledger, heads_by_role, supervise};
use crate::timetable::world::AssessmentCapacity;
use crate::timetable::{Timetable, World};
use crate::unit::Lanes;
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
        for lane in 0..L {
            let share = available[index][lane];
            let here = share * present.ramped[index][lane] - present.away[index][lane];
            pool.bookable[lane] += 60.0 * hours * here.max(0.0);
            let beyond = supervision_beyond[index][lane] * share + extra[lane];
            pool.supervision[lane] += 60.0 * beyond * worked;
        }
    }
    for pool in pools.iter_mut() {
        for lane in 0..L {
            pool.supervision[lane] = pool.supervision[lane].min(pool.bookable[lane]);
        }
    }
    if let Some(role) = timetable.screening_role {
        let pool = &mut pools[timetable.roles[role].pool];
        for lane in 0..L {
            let needed = referrals[lane] * world.screening_minutes[lane];
            pool.screening[lane] = needed.min(pool.bookable[lane] - pool.supervision[lane]);
        }
    }
}

/// Minutes of each role's pool in a week, the supervision that is given in it, and the minutes that are kept for
/// assessments. Nobody is away for longer than they would have worked.
#[allow(clippy::too_many_arguments)] // all that a week's hours depend on, and the two that they are written to
pub fn minutes_of_week<const L: usize>(
    spec: &Spec,
    timetable: &Timetable,
    world: &World<L>,
    week: usize,
    people: &People<L>,
    present: &mut Present<L>,
    referrals: &Lanes<L>,
    pools: &mut [PoolCounts<L>],
) -> (Ledger<L>, Lanes<L>) {
    let heads = heads_by_role(timetable, world, &world.cohorts, people);
    let ledger = supervise(spec, timetable, world, week, heads);
    let worked = f64::from(timetable.calendar.weeks[week].working_days) / 5.0;
    let available: Vec<Lanes<L>> = (0..timetable.roles.len())
        .map(|role| world.available(timetable, role, week))
        .collect();
    for (role, away) in present.away.iter_mut().enumerate() {
        for lane in 0..L {
            let most = present.worked[role][lane] * available[role][lane];
            away[lane] = away[lane].min(most);
        }
    }
    let work = WorkOfWeek {
        present,
        worked,
        available: &available,
        supervision_beyond: &ledger.beyond,
        referrals,
    };
    pool_minutes(timetable, world, &work, pools);
    let ring = kept_for_assessments(timetable, world, &work, pools);
    (ledger, ring)
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
            std::array::from_fn(|lane| slots[lane] * week.worked * minutes[lane])
        }
        (AssessmentCapacity::AtOnce, _) => [f64::INFINITY; L],
        (AssessmentCapacity::RingFence(share), Some(role)) => {
            let pool = timetable.roles[role].pool;
            std::array::from_fn(|lane| left(pool, lane) * share[lane])
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
            std::array::from_fn(|lane| ring[lane].min(left(pool, lane)))
        }
        (_, None) => [0.0; L],
    }
}
