//! Who supervises whom, how many hours are owed and offered, and which rule binds?
//!
//! ```text
//! hours owed by supervisors = supervisees x hours a week / group size
//! offered = what job plans hold first, in the order of the norm's supervisors; then beyond the plan,
//!           out of bookable hours, up to the most a supervisor can give
//! trained = those trained for a rare kind can give the common ones too, so what all kinds take that need
//!           a share s of a role or less is at most s x the hours of the role
//! ```

use crate::unit::{Lanes, add, each};

/// A role that gives a kind of supervision.
#[derive(Debug, Clone, PartialEq)]
pub struct Giver {
    /// The role, by index.
    pub role: usize,
    /// Share of its people who are trained to give this kind.
    pub trained: f64,
    /// What limits it: shares that are trained at least as widely, each with the givers that draw on it.
    /// Empty where everybody of the role may give every kind.
    pub levels: Vec<Level>,
}

/// A share of a role and those who draw on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// Share of the role.
    pub share: f64,
    /// Givers of any kind with this share or less, by their place among all givers.
    pub givers: Vec<usize>,
}

/// Finds the levels of the givers of all kinds.
pub fn find_levels(kinds: &mut [Vec<Giver>]) {
    let all: Vec<(usize, f64)> = kinds
        .iter()
        .flatten()
        .map(|giver| (giver.role, giver.trained))
        .collect();
    for giver in kinds.iter_mut().flatten() {
        let same = || {
            all.iter()
                .enumerate()
                .filter(|(_, other)| other.0 == giver.role)
        };
        let mut shares: Vec<f64> = same().map(|(_, other)| other.1).collect();
        shares.retain(|&share| share >= giver.trained && share < 1.0);
        shares.sort_by(f64::total_cmp);
        shares.dedup();
        let level = |share: f64| Level {
            share,
            givers: same()
                .filter(|(_, other)| other.1 <= share)
                .map(|(place, _)| place)
                .collect(),
        };
        giver.levels = shares.into_iter().map(level).collect();
    }
}

/// One kind of supervision with the numbers of a week.
#[derive(Debug, Clone, PartialEq)]
pub struct Need<'a, const L: usize> {
    /// Hours that supervisors must give in a full week; or supervisors that are needed.
    pub hours: Lanes<L>,
    /// Roles that may give it, in order.
    pub givers: &'a [Giver],
    /// Place of the first of them among the givers of all kinds.
    pub first: usize,
}

/// What supervisors of each role have left to give in a full week.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Offer<const L: usize> {
    /// All hours at the start, by role.
    most: Vec<Lanes<L>>,
    /// Hours left in the job plan, by role.
    pub planned: Vec<Lanes<L>>,
    /// Hours left beyond the job plan, by role.
    pub beyond: Vec<Lanes<L>>,
    /// Hours taken, by giver.
    taken: Vec<Lanes<L>>,
}

/// What becomes of one kind of supervision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Given<const L: usize> {
    /// Hours given out of job plans.
    pub planned: Lanes<L>,
    /// Hours given beyond job plans.
    pub beyond: Lanes<L>,
    /// Hours owed that nobody can give.
    pub unmet: Lanes<L>,
}

impl<const L: usize> Offer<L> {
    /// Hours in job plans and beyond, by role, for so many givers of all kinds.
    #[must_use]
    pub fn new(planned: &[Lanes<L>], beyond: &[Lanes<L>], givers: usize) -> Self {
        let mut offer = Self::default();
        offer.renew(planned, beyond, givers);
        offer
    }

    /// Begins anew with such hours.
    pub fn renew(&mut self, planned: &[Lanes<L>], beyond: &[Lanes<L>], givers: usize) {
        self.planned.clear();
        self.planned.extend_from_slice(planned);
        self.beyond.clear();
        self.beyond.extend_from_slice(beyond);
        self.most.clear();
        let sum = |(a, b): (&Lanes<L>, &Lanes<L>)| each(|lane| a[lane] + b[lane]);
        self.most.extend(planned.iter().zip(beyond).map(sum));
        self.taken.clear();
        self.taken.resize(givers, [0.0; L]);
    }

    /// What those who are trained could give if nobody else asked, and what they still can.
    #[must_use]
    pub fn of(&self, givers: &[Giver]) -> (Lanes<L>, Lanes<L>) {
        let (mut whole, mut left) = ([0.0; L], [0.0; L]);
        for giver in givers {
            let role = giver.role;
            let room = self.room(giver);
            for lane in 0..L {
                let hours = self.planned[role][lane] + self.beyond[role][lane];
                whole[lane] += self.most[role][lane] * giver.trained;
                left[lane] += hours.min(room[lane]);
            }
        }
        (whole, left)
    }

    /// What is left to those who are trained.
    fn room(&self, giver: &Giver) -> Lanes<L> {
        let mut room = [f64::INFINITY; L];
        for level in &giver.levels {
            let (most, mut taken) = (&self.most[giver.role], [0.0; L]);
            for &giver in &level.givers {
                add(&mut taken, &self.taken[giver]);
            }
            room = each(|l| room[l].min((level.share * most[l] - taken[l]).max(0.0)));
        }
        room
    }

    /// Gives what is needed, first out of job plans and then beyond them, each in the order of the roles.
    pub fn give(&mut self, need: &Need<L>) -> Given<L> {
        let mut left = need.hours;
        let planned = self.round(need, &mut left, Hours::Planned);
        let beyond = self.round(need, &mut left, Hours::Beyond);
        Given {
            planned,
            beyond,
            unmet: left,
        }
    }

    fn round(&mut self, need: &Need<L>, left: &mut Lanes<L>, from: Hours) -> Lanes<L> {
        let mut given = [0.0; L];
        for (place, giver) in (need.first..).zip(need.givers) {
            if left.iter().all(|&hours| hours <= 0.0) {
                break;
            }
            let offered = match from {
                Hours::Planned => &self.planned[giver.role],
                Hours::Beyond => &self.beyond[giver.role],
            };
            let mut taken = each(|l| left[l].min(offered[l]));
            if !giver.levels.is_empty() {
                let room = self.room(giver);
                taken = each(|l| taken[l].min(room[l]));
            }
            let hours = match from {
                Hours::Planned => &mut self.planned[giver.role],
                Hours::Beyond => &mut self.beyond[giver.role],
            };
            *hours = each(|l| hours[l] - taken[l]);
            *left = each(|l| left[l] - taken[l]);
            add(&mut given, &taken);
            add(&mut self.taken[place], &taken);
        }
        given
    }
}

/// Where hours are from.
#[derive(Debug, Clone, Copy)]
enum Hours {
    Planned,
    Beyond,
}

/// Counts heads upwards; a billionth too much is not a head.
#[must_use]
pub fn whole_heads(heads: f64) -> f64 {
    (heads - 1e-9).ceil().max(0.0)
}

/// Supervisors needed when one can take `ratio` supervisees: ceil(n / ratio).
#[must_use]
pub fn supervisors_needed(supervisees: f64, ratio: f64) -> f64 {
    whole_heads(supervisees / ratio)
}

/// Qualified staff needed for trainees, at `ratio` qualified to one trainee: ceil(n x ratio).
#[must_use]
pub fn qualified_needed(trainees: f64, ratio: f64) -> f64 {
    whole_heads(trainees * ratio)
}

/// Most trainees that qualified staff allow, at `ratio` qualified to one trainee.
#[must_use]
pub fn most_trainees(qualified: f64, ratio: f64) -> f64 {
    (qualified / ratio + 1e-9).floor()
}

/// Hours of supervision received and given in some weeks: individual hours are one to one, the others are
/// given to groups of `group_size`.
#[must_use]
pub fn hours_received_and_given(
    people: f64,
    weeks: f64,
    individual: f64,
    skills: f64,
    group_size: f64,
) -> (f64, f64) {
    let received = people * weeks * (individual + skills);
    let given = weeks * (people * individual + whole_heads(people / group_size) * skills);
    (received, given)
}
