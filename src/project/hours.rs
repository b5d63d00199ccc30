//! How many minutes does each pool have this week, after supervision and screening?
//!
//! Bookable minutes are already net of the job plan; only supervision given beyond the plan, and
//! screening, are taken off.

use crate::project::measure::PoolCounts;
use crate::timetable::{Timetable, World};
use crate::unit::Lanes;
use crate::workforce::Present;

/// Minutes of each role's pool in a week; `available` is the share of working days worked, by role.
pub fn pool_minutes<const L: usize>(
    timetable: &Timetable,
    world: &World<L>,
    present: &Present<L>,
    worked: f64,
    available: &[Lanes<L>],
    supervision_beyond: &[Lanes<L>],
    referrals: &Lanes<L>,
    pools: &mut [PoolCounts<L>],
) {
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
            pool.bookable[lane] += 60.0 * hours * share * present.ramped[index][lane];
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
