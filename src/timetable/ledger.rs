//! Who owes how many hours of supervision to whom? The ledger of a full week.
//!
//! ```text
//! received = supervisees x hours a week              given = received / size of the group
//! supervisors counted for their own supervision = hours owed that they could give / most hours of one
//! ```
//!
//! The kinds take their turns at the supervisors whom they share, for hours and for people alike.

use crate::scenario::Spec;
use crate::supervision::{Given, Giver, Need, Offer};
use crate::timetable::{NormPlace, RolePlace, Timetable, World};
use crate::unit::Lanes;
use crate::workforce::{CohortPlan, People};

/// One kind of supervision in one week.
#[derive(Debug, Clone, PartialEq)]
pub struct SupervisionCounts<const L: usize> {
    /// People who receive it \[heads\].
    pub supervisees: Lanes<L>,
    /// Hours that they receive in a full week.
    pub received: Lanes<L>,
    /// Hours that supervisors of the service owe in a full week.
    pub owed: Lanes<L>,
    /// Hours that the university gives in a full week.
    pub university: Lanes<L>,
    /// Hours that supervisors could give in a full week, plan and beyond, to all kinds.
    pub offered: Lanes<L>,
    /// Of these hours those that are left when the kinds before it have theirs.
    pub left: Lanes<L>,
    /// Supervisors who are trained to give it, once they are counted \[heads\].
    pub supervisors: Lanes<L>,
    /// Of them those who are left when the kinds before it have theirs, once counted \[heads\].
    pub free: Lanes<L>,
    /// What became of the hours owed.
    pub given: Given<L>,
}

/// Supervision of a full week.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ledger<const L: usize> {
    /// The week: who is trained to supervise depends on it.
    pub week: usize,
    /// People by role: staff in post, or trainees in training.
    pub heads: Vec<Lanes<L>>,
    /// By kind.
    pub kinds: Vec<SupervisionCounts<L>>,
    /// Hours given out of job plans, by role.
    pub planned: Vec<Lanes<L>>,
    /// Hours given beyond job plans, by role.
    pub beyond: Vec<Lanes<L>>,
    /// Most open cases of each pool whose cases are reviewed, in the order of the timetable.
    pub most_cases: Vec<Lanes<L>>,
}

/// Heads of every role: staff at work over WTE a head, or trainees in training.
#[must_use]
pub fn heads_by_role<const L: usize>(
    timetable: &Timetable,
    world: &World<L>,
    cohorts: &[CohortPlan<L>],
    people: &People<L>,
) -> Vec<Lanes<L>> {
    let heads = |(role, place): (usize, &RolePlace)| {
        if place.course.is_some() {
            return people.trainees_of(role, cohorts);
        }
        let wte_per_head = &world.role_plans[role].wte_per_head;
        let at_work = people.at_work(role);
        std::array::from_fn(|lane| at_work[lane] / wte_per_head[lane])
    };
    timetable.roles.iter().enumerate().map(heads).collect()
}

/// The ledger of a full week for so many heads of each role, trained to supervise as they are in `week`.
#[must_use]
pub fn supervise<const L: usize>(
    spec: &Spec,
    timetable: &Timetable,
    world: &World<L>,
    week: usize,
    heads: Vec<Lanes<L>>,
) -> Ledger<L> {
    let most = spec.supervision.most_hours_per_wte.value();
    let plan = |role: usize| world.roles[role].supervision_given;
    let all = || (0..timetable.roles.len()).filter(|&role| timetable.roles[role].course.is_none());
    let mut planned = vec![[0.0; L]; timetable.roles.len()];
    let mut beyond = planned.clone();
    for role in all() {
        let wte_per_head = &world.role_plans[role].wte_per_head;
        for lane in 0..L {
            let wte = heads[role][lane] * wte_per_head[lane];
            planned[role][lane] = wte * plan(role);
            beyond[role][lane] = wte * (most - plan(role)).max(0.0);
        }
    }
    let mut hours = Offer::new(planned.clone(), beyond.clone(), timetable.givers);
    let mut kinds = owed(spec, timetable, world, &heads);
    for &index in &timetable.turns_of_norms {
        let (place, kind) = (&timetable.norms[index], &mut kinds[index]);
        let givers = timetable.givers_in(week, index);
        (kind.offered, kind.left) = hours.of(givers);
        kind.given = hours.give(&need(place, givers, kind.owed));
    }
    for role in 0..timetable.roles.len() {
        for lane in 0..L {
            planned[role][lane] -= hours.planned[role][lane];
            beyond[role][lane] -= hours.beyond[role][lane];
        }
    }
    let reviews = timetable.reviews.iter();
    let most_cases = reviews.map(|review| {
        let mut most = [0.0; L];
        for &role in &review.roles {
            let unit = unit(spec, world, role);
            for lane in 0..L {
                most[lane] += heads[role][lane] * unit[lane] * review.cases;
            }
        }
        most
    });
    Ledger {
        week,
        most_cases: most_cases.collect(),
        heads,
        kinds,
        planned,
        beyond,
    }
}

/// What a kind asks of its givers.
fn need<'a, const L: usize>(
    place: &NormPlace,
    givers: &'a [Giver],
    hours: Lanes<L>,
) -> Need<'a, L> {
    Need {
        hours,
        givers,
        first: place.first_giver,
    }
}

impl<const L: usize> Ledger<L> {
    /// What all lanes come to.
    #[must_use]
    pub fn together(&self) -> Ledger<1> {
        let sum = |lanes: &Lanes<L>| [lanes[1..].iter().fold(lanes[0], |sum, lane| sum + lane)];
        let all = |list: &[Lanes<L>]| list.iter().map(sum).collect();
        let kind = |kind: &SupervisionCounts<L>| SupervisionCounts {
            supervisees: sum(&kind.supervisees),
            received: sum(&kind.received),
            owed: sum(&kind.owed),
            university: sum(&kind.university),
            offered: sum(&kind.offered),
            left: sum(&kind.left),
            supervisors: sum(&kind.supervisors),
            free: sum(&kind.free),
            given: Given {
                planned: sum(&kind.given.planned),
                beyond: sum(&kind.given.beyond),
                unmet: sum(&kind.given.unmet),
            },
        };
        Ledger {
            week: self.week,
            heads: all(&self.heads),
            kinds: self.kinds.iter().map(kind).collect(),
            planned: all(&self.planned),
            beyond: all(&self.beyond),
            most_cases: all(&self.most_cases),
        }
    }

    /// Shares out supervisors by heads, which rules and tables need and the hours do not.
    #[must_use]
    pub fn with_supervisors(mut self, spec: &Spec, timetable: &Timetable) -> Self {
        let ratio = spec.supervision.supervisees_per_supervisor.ratio.value();
        let mut heads = self.heads.clone();
        for (heads, place) in heads.iter_mut().zip(&timetable.roles) {
            if place.course.is_some() {
                *heads = [0.0; L];
            }
        }
        let none = vec![[0.0; L]; heads.len()];
        let mut people = Offer::new(heads, none, timetable.givers);
        for &index in &timetable.turns_of_norms {
            let (place, kind) = (&timetable.norms[index], &mut self.kinds[index]);
            let givers = timetable.givers_in(self.week, index);
            (kind.supervisors, kind.free) = people.of(givers);
            if place.counts_for_ratio {
                let needed = kind.supervisees.map(|heads| heads / ratio);
                people.give(&need(place, givers, needed));
            }
        }
        self
    }
}

/// What a person of a role counts for: 1, or WTE a head if hours are pro rata.
fn unit<const L: usize>(spec: &Spec, world: &World<L>, role: usize) -> Lanes<L> {
    if spec.supervision.pro_rata {
        world.role_plans[role].wte_per_head
    } else {
        [1.0; L]
    }
}

/// What each kind asks for.
fn owed<const L: usize>(
    spec: &Spec,
    timetable: &Timetable,
    world: &World<L>,
    heads: &[Lanes<L>],
) -> Vec<SupervisionCounts<L>> {
    let kind = |place: &NormPlace| {
        let (mut supervisees, mut received) = ([0.0; L], [0.0; L]);
        for &role in &place.supervisees {
            let unit = unit(spec, world, role);
            for lane in 0..L {
                supervisees[lane] += heads[role][lane];
                received[lane] += heads[role][lane] * unit[lane] * place.hours;
            }
        }
        let zero = [0.0; L];
        let mut kind = SupervisionCounts {
            supervisees,
            received,
            owed: zero,
            university: zero,
            offered: zero,
            left: zero,
            supervisors: zero,
            free: zero,
            given: Given {
                planned: zero,
                beyond: zero,
                unmet: zero,
            },
        };
        kind.share_between_givers(place);
        kind
    };
    let mut kinds: Vec<_> = timetable.norms.iter().map(kind).collect();
    for (index, place) in timetable.norms.iter().enumerate() {
        if let Some(supervised) = &place.supervisors_of {
            let mut counted = [0.0; L];
            for &other in supervised {
                for lane in 0..L {
                    let hours = kinds[other].owed[lane];
                    counted[lane] += hours / spec.supervision.most_hours_per_wte.value();
                }
            }
            let kind = &mut kinds[index];
            for lane in 0..L {
                let all = kind.supervisees[lane];
                let share = (counted[lane] / all).min(1.0);
                if share.is_finite() {
                    kind.supervisees[lane] *= share;
                    kind.received[lane] *= share;
                }
            }
            kind.share_between_givers(place);
        }
    }
    kinds
}

impl<const L: usize> SupervisionCounts<L> {
    /// Hours received in groups, given by the service or by the university.
    fn share_between_givers(&mut self, place: &NormPlace) {
        let given = self.received.map(|hours| hours / place.group_size);
        *(if place.by_university {
            &mut self.university
        } else {
            &mut self.owed
        }) = given;
    }
}
