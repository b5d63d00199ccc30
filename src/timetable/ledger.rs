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
use crate::timetable::{NormPlace, Timetable, World};
use crate::unit::{Lanes, add, each};
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
    let mut heads = Vec::with_capacity(timetable.roles.len());
    count_heads(timetable, world, cohorts, people, &mut heads);
    heads
}

fn count_heads<const L: usize>(
    timetable: &Timetable,
    world: &World<L>,
    cohorts: &[CohortPlan<L>],
    people: &People<L>,
    heads: &mut Vec<Lanes<L>>,
) {
    heads.clear();
    heads.extend(timetable.roles.iter().enumerate().map(|(role, place)| {
        if place.course.is_some() {
            return people.trainees_of(role, cohorts);
        }
        let wte_per_head = &world.role_plans[role].wte_per_head;
        let at_work = people.at_work(role);
        each(|lane| at_work[lane] / wte_per_head[lane])
    }));
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
    let mut ledger = Ledger {
        heads,
        ..Ledger::default()
    };
    let mut offer = Offer::default();
    ledger.write(spec, timetable, world, week, (&mut offer, true));
    ledger
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
    /// Written anew for the people of `week`; hours offered and left are worked out if anybody looks at them.
    pub fn of_week(
        &mut self,
        spec: &Spec,
        timetable: &Timetable,
        world: &World<L>,
        (week, people): (usize, &People<L>),
        desk: (&mut Offer<L>, bool),
    ) {
        count_heads(timetable, world, &world.cohorts, people, &mut self.heads);
        self.write(spec, timetable, world, week, desk);
    }

    fn write(
        &mut self,
        spec: &Spec,
        timetable: &Timetable,
        world: &World<L>,
        week: usize,
        (offer, looked_at): (&mut Offer<L>, bool),
    ) {
        let most = spec.supervision.most_hours_per_wte.value();
        self.week = week;
        for hours in [&mut self.planned, &mut self.beyond] {
            hours.clear();
            hours.resize(timetable.roles.len(), [0.0; L]);
        }
        for (role, place) in timetable.roles.iter().enumerate() {
            if place.course.is_some() {
                continue;
            }
            let plan = world.roles[role].supervision_given;
            let (heads, wte_per_head) = (&self.heads[role], &world.role_plans[role].wte_per_head);
            let (planned, beyond) = (&mut self.planned[role], &mut self.beyond[role]);
            let (wte, more): (Lanes<L>, _) =
                (each(|l| heads[l] * wte_per_head[l]), (most - plan).max(0.0));
            *planned = each(|l| wte[l] * plan);
            *beyond = each(|l| wte[l] * more);
        }
        offer.renew(&self.planned, &self.beyond, timetable.givers);
        self.write_owed(spec, timetable, world);
        for &index in &timetable.turns_of_norms {
            let (place, kind) = (&timetable.norms[index], &mut self.kinds[index]);
            let givers = timetable.givers_in(week, index);
            if looked_at {
                (kind.offered, kind.left) = offer.of(givers);
            }
            kind.given = offer.give(&need(place, givers, kind.owed));
        }
        for role in 0..timetable.roles.len() {
            let (planned, beyond) = (&mut self.planned[role], &mut self.beyond[role]);
            *planned = each(|l| planned[l] - offer.planned[role][l]);
            *beyond = each(|l| beyond[l] - offer.beyond[role][l]);
        }
        self.most_cases.clear();
        for review in &timetable.reviews {
            let mut most = [0.0; L];
            for &role in &review.roles {
                let unit = unit(spec, world, role);
                let heads = &self.heads[role];
                most = each(|l| most[l] + heads[l] * unit[l] * review.cases);
            }
            self.most_cases.push(most);
        }
    }

    /// What each kind asks for.
    fn write_owed(&mut self, spec: &Spec, timetable: &Timetable, world: &World<L>) {
        self.kinds
            .resize(timetable.norms.len(), SupervisionCounts::NONE);
        for (kind, place) in self.kinds.iter_mut().zip(&timetable.norms) {
            *kind = SupervisionCounts::NONE;
            for &role in &place.supervisees {
                let (heads, hours) = (&self.heads[role], place.hours);
                add(&mut kind.supervisees, heads);
                let received = if spec.supervision.pro_rata {
                    let unit = &world.role_plans[role].wte_per_head;
                    each(|l| heads[l] * unit[l] * hours)
                } else {
                    each(|l| heads[l] * hours)
                };
                add(&mut kind.received, &received);
            }
            kind.share_between_givers(place);
        }
        let most = spec.supervision.most_hours_per_wte.value();
        for (index, place) in timetable.norms.iter().enumerate() {
            if let Some(supervised) = &place.supervisors_of {
                let mut counted = [0.0; L];
                for &other in supervised {
                    let owed = &self.kinds[other].owed;
                    for lane in 0..L {
                        counted[lane] += owed[lane] / most;
                    }
                }
                let kind = &mut self.kinds[index];
                for lane in 0..L {
                    let share = (counted[lane] / kind.supervisees[lane]).min(1.0);
                    if share.is_finite() {
                        kind.supervisees[lane] *= share;
                        kind.received[lane] *= share;
                    }
                }
                kind.share_between_givers(place);
            }
        }
    }

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
        let mut people = Offer::new(&heads, &none, timetable.givers);
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

impl<const L: usize> SupervisionCounts<L> {
    const NONE: Self = Self {
        supervisees: [0.0; L],
        received: [0.0; L],
        owed: [0.0; L],
        university: [0.0; L],
        offered: [0.0; L],
        left: [0.0; L],
        supervisors: [0.0; L],
        free: [0.0; L],
        given: Given {
            planned: [0.0; L],
            beyond: [0.0; L],
            unmet: [0.0; L],
        },
    };

    /// Hours received in groups, given by the service or by the university.
    fn share_between_givers(&mut self, place: &NormPlace) {
        let given = each(|lane| self.received[lane] / place.group_size);
        *(if place.by_university {
            &mut self.university
        } else {
            &mut self.owed
        }) = given;
    }
}
