//! How long have people been in their role? Joiners of each week apart, up to the longest time that matters.

use super::whole::round_cells;
use crate::unit::Lanes;

/// Staff of one role by the week in which they joined it \[WTE\].
#[derive(Debug, Clone)]
pub struct Tenure<const L: usize> {
    /// By week of joining, as a ring as long as the longest time that is told apart.
    joined: Vec<Lanes<L>>,
    /// Here for longer.
    older: Lanes<L>,
}

impl<const L: usize> Tenure<L> {
    /// Staff at the start: `shares` of them by weeks in the role.
    #[must_use]
    pub fn opening(weeks: usize, in_post: &Lanes<L>, shares: &[(usize, Lanes<L>)]) -> Self {
        let mut tenure = Self {
            joined: vec![[0.0; L]; weeks],
            older: [0.0; L],
        };
        for (here_for, share) in shares {
            for lane in 0..L {
                let wte = in_post[lane] * share[lane];
                if *here_for >= weeks {
                    tenure.older[lane] += wte;
                } else {
                    // Nobody joined this very week: the ring is turned before the first of them does.
                    let place = tenure.place(0, (*here_for).max(1));
                    tenure.joined[place][lane] += wte;
                }
            }
        }
        tenure
    }

    /// Makes those of the first morning whole people, `all` of them \[WTE\].
    pub(super) fn round(&mut self, lane: usize, unit: f64, all: f64, begin: f64) {
        // Nobody joined this very week, the others follow from the end of the ring.
        let recent = self.joined.iter_mut().rev().map(|week| &mut week[lane]);
        round_cells(recent.chain([&mut self.older[lane]]), unit, all, begin);
    }

    fn place(&self, week: usize, weeks_here: usize) -> usize {
        let length = self.joined.len();
        (week + length - weeks_here % length) % length
    }

    /// Where the ring is cut: before it stand those who joined this week (last) and before, behind it those who
    /// joined before them, the longest here first.
    fn newest(&self, week: usize) -> usize {
        match self.joined.len() {
            0 => 0,
            length => week % length + 1,
        }
    }

    /// A new week: those who joined before the ring reaches are older.
    pub fn turn(&mut self, week: usize) {
        let length = self.joined.len();
        if length > 0 {
            let out = std::mem::replace(&mut self.joined[week % length], [0.0; L]);
            for lane in 0..L {
                self.older[lane] += out[lane];
            }
        }
    }

    /// People join.
    pub fn add(&mut self, week: usize, lane: usize, wte: f64) {
        let length = self.joined.len();
        let here = if length == 0 {
            &mut self.older
        } else {
            &mut self.joined[week % length]
        };
        here[lane] += wte;
    }

    /// Takes so many away, those who have been here longest first.
    pub fn take(&mut self, week: usize, lane: usize, mut wte: f64) {
        let oldest = &mut self.older[lane];
        let taken = wte.min(*oldest);
        *oldest -= taken;
        wte -= taken;
        let newest = self.newest(week);
        let (before, since) = self.joined.split_at_mut(newest);
        // Nobody is left to take as soon as `wte` is 0, which most weeks begin with.
        for here in since.iter_mut().chain(before) {
            if wte == 0.0 {
                break;
            }
            let taken = wte.min(here[lane]);
            here[lane] -= taken;
            wte -= taken;
        }
    }

    /// Staff who have been here for so many weeks or longer.
    #[must_use]
    pub fn at_least(&self, week: usize, lane: usize, weeks: usize) -> f64 {
        let younger = weeks.min(self.joined.len())..self.joined.len();
        let recent = younger.map(|here_for| self.joined[self.place(week, here_for)][lane]);
        self.older[lane] + recent.sum::<f64>()
    }

    /// All staff.
    #[must_use]
    pub fn total(&self, lane: usize) -> f64 {
        self.older[lane] + self.joined.iter().map(|here| here[lane]).sum::<f64>()
    }

    /// Calls `each` with weeks in the role, the longest last, and the staff.
    pub fn for_each(&mut self, week: usize, lane: usize, mut each: impl FnMut(usize, &mut f64)) {
        let newest = self.newest(week);
        let (before, since) = self.joined.split_at_mut(newest);
        let recent = before.iter_mut().rev().chain(since.iter_mut().rev());
        recent
            .enumerate()
            .for_each(|(weeks_here, here)| each(weeks_here, &mut here[lane]));
        each(self.joined.len(), &mut self.older[lane]);
    }
}

/// Shares of staff by weeks in the role when recruits come evenly and leave at `hazard` x `times` a week, as
/// `bands` of (from week, times) say: each group stays in proportion to its survivors. With nobody leaving in
/// the end, all have been here longest.
#[must_use]
pub fn settled_shares(weeks: usize, hazard: f64, bands: &[(usize, f64)]) -> Vec<f64> {
    let stays = |week: usize| (-hazard * times_at(bands, week)).exp();
    let mut survivors = Vec::with_capacity(weeks + 1);
    let mut here = 1.0;
    for week in 0..weeks {
        survivors.push(here);
        here *= stays(week);
    }
    let last = 1.0 - stays(weeks);
    if last <= 0.0 {
        survivors.fill(0.0);
        survivors.push(1.0);
        return survivors;
    }
    survivors.push(here / last);
    let all: f64 = survivors.iter().sum();
    survivors.into_iter().map(|share| share / all).collect()
}

/// Multiple of the rate after so many weeks in the role.
#[must_use]
pub fn times_at(bands: &[(usize, f64)], weeks: usize) -> f64 {
    let band = bands.iter().rev().find(|band| band.0 <= weeks);
    band.map_or(1.0, |band| band.1)
}
