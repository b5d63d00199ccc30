//! Who owes how many hours of supervision to whom? The ledger of a full week.

use crate::scenario::Spec;
use crate::supervision::{Given, Need, Offer, share_out};
use crate::timetable::{RolePlace, Timetable, World};
use crate::unit::Lanes;
use crate::workforce::People;

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

/// Heads of every role: staff in post over WTE a head, or trainees in training.
#[must_use]
pub fn heads_by_role<const L: usize>(
    timetable: &Timetable,
    world: &World<L>,
    people: &People<L>,
) -> Vec<Lanes<L>> {
    let heads = |(role, place): (usize, &RolePlace)| {
        if place.course.is_some() {
            return people.trainees_of(role, &world.cohorts);
        }
        let wte_per_head = &world.role_plans[role].wte_per_head;
        std::array::from_fn(|lane| people.in_post[role][lane] / wte_per_head[lane])
    };
    timetable.roles.iter().enumerate().map(heads).collect()
}

/// The supervision ledger of a full week for so many heads of each role, and hours beyond job plans by role.
#[must_use]
pub fn supervise<const L: usize>(
    spec: &Spec,
    timetable: &Timetable,
    world: &World<L>,
    heads: &[Lanes<L>],
) -> (Vec<SupervisionCounts<L>>, Vec<Lanes<L>>) {
    let most = spec.supervision.most_hours_per_wte.value();
    let mut offer = Offer {
        planned: offered(timetable, world, heads, |role| {
            world.roles[role].supervision_given
        }),
        beyond: offered(timetable, world, heads, |role| {
            (most - world.roles[role].supervision_given).max(0.0)
        }),
    };
    let whole = offer.clone();
    let mut counts = Vec::with_capacity(timetable.norms.len());
    let mut needs = Vec::with_capacity(timetable.norms.len());
    for (place, norm) in timetable.norms.iter().zip(spec.supervision.norms.values()) {
        let mut supervisees = [0.0; L];
        let mut units = [0.0; L];
        for &role in &place.supervisees {
            let heads = &heads[role];
            let unit = if spec.supervision.pro_rata {
                world.role_plans[role].wte_per_head
            } else {
                [1.0; L]
            };
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
            let heads = &heads[role];
            for lane in 0..L {
                supervisors[lane] += heads[lane];
                offered[lane] += whole.planned[role][lane] + whole.beyond[role][lane];
            }
        }
        needs.push(Need {
            hours: owed,
            supervisors: &place.supervisors,
        });
        let given = Given {
            planned: [0.0; L],
            beyond: [0.0; L],
            unmet: [0.0; L],
        };
        counts.push(SupervisionCounts {
            supervisees,
            owed,
            offered,
            supervisors,
            given,
        });
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
    heads: &[Lanes<L>],
    hours: impl Fn(usize) -> f64,
) -> Vec<Lanes<L>> {
    let of_role = |(role, place): (usize, &RolePlace)| {
        let wte_per_head = &world.role_plans[role].wte_per_head;
        let hours = if place.course.is_some() {
            0.0
        } else {
            hours(role)
        };
        std::array::from_fn(|lane| heads[role][lane] * wte_per_head[lane] * hours)
    };
    timetable.roles.iter().enumerate().map(of_role).collect()
}
