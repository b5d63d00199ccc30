//! How many minutes does each pool have this week, after supervision and screening?
//!
//! Bookable minutes are already net of the job plan; only time on short courses, supervision given beyond the
//! plan, and screening, are taken off.

use crate::project::measure::PoolCounts;
use crate::timetable::{Timetable, World};
use crate::unit::Lanes;
use crate::workforce::Present;

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
