//! How many minutes does each pool have this week, after supervision and screening?
//!
//! Bookable minutes are already net of the job plan; only supervision given beyond the plan, and
//! screening, are taken off.

use crate::project::measure::PoolCounts;
use crate::scenario::Spec;
use crate::supervision::{Given, Need, Offer, share_out};
use crate::timetable::{Timetable, World};
use crate::unit::Lanes;
use crate::workforce::{People, Present};

/// One kind of supervision in one week.
#[derive(Debug, Clone, PartialEq)]
pub struct SupervisionCounts<const L: usize> {
    /// People who receive it \[heads\].
    pub supervisees: Lanes<L>,
    /// Hours that supervisors owe in a full week.
    pub owed: Lanes<L>,
    /// Hours that supervisors could give in a full week, plan and beyond.
    pub offered: Lanes<L>,
    /// Supervisors \[heads\].
    pub supervisors: Lanes<L>,
    /// What became of the hours owed.
    pub given: Given<L>,
}

/// Heads of a role now: staff in post over WTE a head, or trainees.
#[must_use]
pub fn heads_of<const L: usize>(timetable: &Timetable, world: &World<L>, people: &People<L>, role: usize) -> Lanes<L> {
    if timetable.roles[role].course.is_some() {
        return people.trainees_of(role, &world.cohorts);
    }
    let wte_per_head = &world.role_plans[role].wte_per_head;
    std::array::from_fn(|lane| people.in_post[role][lane] / wte_per_head[lane])
}

/// The supervision ledger of a week, and hours beyond job plans by role, for a full week.
pub fn supervise<const L: usize>(
    spec: &Spec,
    timetable: &Timetable,
    world: &World<L>,
    people: &People<L>,
) -> (Vec<SupervisionCounts<L>>, Vec<Lanes<L>>) {
    let most = spec.supervision.most_hours_per_wte.value();
    let mut offer = Offer {
        planned: offered(timetable, world, people, |role| world.roles[role].supervision_given),
        beyond: offered(timetable, world, people, |role| (most - world.roles[role].supervision_given).max(0.0)),
    };
    let whole = offer.clone();
    let mut counts = Vec::with_capacity(timetable.norms.len());
    let mut needs = Vec::with_capacity(timetable.norms.len());
    for (place, norm) in timetable.norms.iter().zip(spec.supervision.norms.values()) {
        let mut supervisees = [0.0; L];
        let mut units = [0.0; L];
        for &role in &place.supervisees {
            let heads = heads_of(timetable, world, people, role);
            let unit = if spec.supervision.pro_rata { world.role_plans[role].wte_per_head } else { [1.0; L] };
            for lane in 0..L {
                supervisees[lane] += heads[lane];
                units[lane] += heads[lane] * unit[lane];
            }
        }
        let hours = norm.hours_per_week.value() / norm.group_size.value();
        let owed = units.map(|units| units * hours);
        let mut supervisors = [0.0; L];
        let mut offered = [0.0; L];
        for &role in &place.supervisors {
            let heads = heads_of(timetable, world, people, role);
            for lane in 0..L {
                supervisors[lane] += heads[lane];
                offered[lane] += whole.planned[role][lane] + whole.beyond[role][lane];
            }
        }
        needs.push(Need { hours: owed, supervisors: &place.supervisors });
        let given = Given { planned: [0.0; L], beyond: [0.0; L], unmet: [0.0; L] };
        counts.push(SupervisionCounts { supervisees, owed, offered, supervisors, given });
    }
    let mut beyond = vec![[0.0; L]; timetable.roles.len()];
    let mut given = Vec::with_capacity(needs.len());
    share_out(&needs, &mut offer, &mut beyond, &mut given);
    for (count, given) in counts.iter_mut().zip(given) {
        count.given = given;
    }
    (counts, beyond)
}

fn offered<const L: usize>(
    timetable: &Timetable,
    world: &World<L>,
    people: &People<L>,
    hours: impl Fn(usize) -> f64,
) -> Vec<Lanes<L>> {
    let of_role = |role: usize| {
        let trainee = timetable.roles[role].course.is_some();
        let wte = if trainee { [0.0; L] } else { people.in_post[role] };
        debug_assert!(world.roles.len() == people.in_post.len());
        wte.map(|wte| wte * hours(role))
    };
    (0..timetable.roles.len()).map(of_role).collect()
}

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
    for (index, role) in timetable.roles.iter().enumerate().filter(|(_, role)| role.course.is_none()) {
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
