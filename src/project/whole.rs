//! How is a service of whole people run by the same week? Which decisions luck takes, and how what is stated in
//! fractions becomes whole.
//!
//! ```text
//! opening stock   people up to and with a cell = nearest whole number of what is stated up to there
//! minutes         people who start = floor(minutes / minutes of a first session); if somebody is left
//!                 waiting, the minutes that are left over are added to those of next week
//! places          floor(places + 1e-9)
//! ```
//!
//! So lists and courses keep their totals, and no minute is lost in the long run. Luck is asked for everybody in one
//! cell together: those who have waited equally long, or had as many sessions, and were first treated as early.

use crate::luck::{Luck, Place};
use crate::unit::{Lanes, each};

/// Part of a person below which an amount is whole.
const WHOLE: f64 = 1e-9;

/// What is decided.
#[derive(Debug, Clone, Copy)]
pub enum Decision {
    /// The referrals of a month.
    Referred,
    /// Who is rejected at screening.
    Rejected,
    /// Who opts in.
    OptIn,
    /// Who comes to an assessment or a session.
    Attends,
    /// Who is discharged because they missed their assessment.
    Discharged,
    /// Who of those who missed an appointment said nothing.
    Dna,
    /// Who of the others cancelled themselves.
    Cancelled,
    /// Whose assessment counts as treatment.
    Counts,
    /// Where the assessed go.
    Route,
    /// Which of those of equal wait come first.
    First,
    /// Who of those taken from a list is not treated yet.
    Untreated,
    /// Who of those taken from a list was first treated within 18 weeks.
    Eighteen,
    /// Who of those taken from a list was first treated within 6 weeks.
    Six,
    /// Who is bought treatment elsewhere.
    Bought,
    /// How many courses may start where a number a week is set.
    NewStarts,
    /// How many sessions are held where hours are short.
    Held,
    /// Which sessions slip.
    Slips,
    /// Whose course is over.
    Completes,
    /// Who drops out.
    DropsOut,
    /// Who is stepped up.
    StepsUp,
    /// Who is stepped down.
    StepsDown,
    /// Whose assessment counted, of those who came once.
    Once,
    /// Who was at caseness.
    Caseness,
    /// Who recovers.
    Recovers,
    /// Who recovers reliably.
    RecoversReliably,
    /// Who improves reliably.
    Improves,
    /// Who gives up waiting.
    GivesUp,
    /// Who comes off benefits.
    OffBenefits,
}

impl Decision {
    /// Its place, for a treatment or the assessment in a week; cells tell ages, sessions and groups apart.
    #[must_use]
    #[inline]
    pub const fn of(self, who: u64, week: usize, cell: usize) -> Place {
        /// Purposes of patients; those of staff are elsewhere.
        const FIRST: u64 = 0x2000;
        Place::new(FIRST + self as u64, who, week, cell)
    }
}

/// Whole people in an amount.
#[must_use]
#[inline]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // cut off at 0, as it should be
pub fn people(amount: f64) -> f64 {
    // Truncated by a cast, not by floor(): that is a call where the processor is an old one.
    (amount + WHOLE) as u64 as f64
}

/// Of the `people` of each lane, how many go when each goes with probability `share`; nobody is asked where it is
/// certain. Luck is asked for all lanes together.
#[inline]
pub fn take_each<const L: usize, K: Luck<L>>(
    luck: &mut K,
    people: &Lanes<L>,
    share: &Lanes<L>,
    place: Place,
) -> Lanes<L> {
    if nobody(people) || nobody(share) {
        return [0.0; L];
    }
    luck.people_each(people, share, place)
}

/// True if there is nobody in any lane. All lanes are looked at, which is quicker than to stop at the first.
#[must_use]
#[inline]
pub fn nobody<const L: usize>(people: &Lanes<L>) -> bool {
    let lanes = people.iter().map(|&people| u32::from(people > 0.0));
    lanes.sum::<u32>() == 0
}

/// Of `taken` people drawn out of `all`, how many are `marked`; nobody is asked where it is certain.
#[inline]
pub fn among<const L: usize, K: Luck<L>>(
    luck: &mut K,
    lane: usize,
    (marked, all): (f64, f64),
    taken: f64,
    place: Place,
) -> f64 {
    if marked <= 0.0 || taken <= 0.0 {
        0.0
    } else if taken >= all {
        marked
    } else if marked >= all {
        taken
    } else {
        luck.among(lane, marked, all, taken, place)
    }
}

/// The same in each lane.
#[inline]
pub fn among_each<const L: usize, K: Luck<L>>(
    luck: &mut K,
    (marked, all): (&Lanes<L>, &Lanes<L>),
    taken: &Lanes<L>,
    place: Place,
) -> Lanes<L> {
    if nobody(marked) {
        return [0.0; L];
    }
    // Everybody is marked.
    let others = (0..L).map(|lane| u32::from(marked[lane] < all[lane]));
    if others.sum::<u32>() == 0 {
        return each(|lane| taken[lane].min(marked[lane]).max(0.0));
    }
    each(|lane| among(luck, lane, (marked[lane], all[lane]), taken[lane], place))
}

/// Shares of what is left for parts that are taken one after the other.
#[must_use]
#[inline]
pub fn share_of_rest(share: f64, rest: f64) -> f64 {
    if rest > 0.0 { share / rest } else { 0.0 }
}

/// A row of amounts that become whole one after the other.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rounding {
    stated: f64,
    given: f64,
}

impl Rounding {
    /// The next amount as whole people, at least and at most so many.
    pub fn next(&mut self, amount: f64, (least, most): (f64, f64)) -> f64 {
        self.stated += amount;
        let due = (self.stated + 0.5 + WHOLE).floor() - self.given;
        let here = due.min(most).max(least);
        self.given += here;
        here
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten cells of 0.3 are three people, in the cells where 0.5, 1.5 and 2.5 are passed; cells that are whole stay.
    #[test]
    fn rounding_keeps_the_total() {
        let mut row = Rounding::default();
        let cells = [0.3; 10].map(|amount| row.next(amount, (0.0, f64::INFINITY)));
        assert_eq!(cells, [0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
        let mut row = Rounding::default();
        let cells = [4.0, 0.0, 7.0].map(|amount| row.next(amount, (0.0, f64::INFINITY)));
        assert_eq!(cells, [4.0, 0.0, 7.0]);
    }

    /// What one cell has no room for goes into the next.
    #[test]
    fn rounding_keeps_within_bounds() {
        let mut row = Rounding::default();
        let cells = [(1.8, 1.0), (1.8, 3.0)].map(|(amount, most)| row.next(amount, (0.0, most)));
        assert_eq!(cells, [1.0, 3.0]);
    }
}
