//! Who supervises whom, how many hours are owed and offered, and which rule binds?
//!
//! ```text
//! hours owed by supervisors = supervisees x hours a week / group size
//! offered = what job plans hold first, in the order of the norm's supervisors; then beyond the plan,
//!           out of bookable hours, up to the most a supervisor can give
//! ```

use crate::unit::Lanes;

/// One kind of supervision with the numbers of a week.
#[derive(Debug, Clone, PartialEq)]
pub struct Need<'a, const L: usize> {
    /// Hours that supervisors must give in a full week.
    pub hours: Lanes<L>,
    /// Roles that may give it, by index, in order.
    pub supervisors: &'a [usize],
}

/// What supervisors of each role have left to give in a full week.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer<const L: usize> {
    /// Hours in the job plan, by role.
    pub planned: Vec<Lanes<L>>,
    /// Hours beyond the job plan that could still be given, by role.
    pub beyond: Vec<Lanes<L>>,
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

/// Shares supervisors out over the needs, in order; `beyond_by_role` collects what comes out of bookable
/// hours.
pub fn share_out<const L: usize>(
    needs: &[Need<L>],
    offer: &mut Offer<L>,
    beyond_by_role: &mut [Lanes<L>],
    given: &mut Vec<Given<L>>,
) {
    given.clear();
    for need in needs {
        let mut left = need.hours;
        let mut planned = [0.0; L];
        let mut beyond = [0.0; L];
        for &role in need.supervisors {
            take(&mut left, &mut offer.planned[role], &mut planned);
        }
        for &role in need.supervisors {
            let before = beyond;
            take(&mut left, &mut offer.beyond[role], &mut beyond);
            for lane in 0..L {
                beyond_by_role[role][lane] += beyond[lane] - before[lane];
            }
        }
        given.push(Given {
            planned,
            beyond,
            unmet: left,
        });
    }
}

fn take<const L: usize>(left: &mut Lanes<L>, from: &mut Lanes<L>, into: &mut Lanes<L>) {
    for lane in 0..L {
        let taken = left[lane].min(from[lane]);
        left[lane] -= taken;
        from[lane] -= taken;
        into[lane] += taken;
    }
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
