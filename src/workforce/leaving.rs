//! Who leaves, and who has been here long enough to move?
//!
//! ```text
//! left      = people at work x (1 - exp(-a x times(tenure) x season x senior x 7 / 365.25))
//! senior    = 1 - (1 - times) x min(1, (seniors / (seniors + people)) / share)
//! gross     = of what is left, moves to training of the last 52 weeks are taken off, a 52nd each week
//! may move  = those qualified long enough + exception share x those asked for
//! ```
//!
//! People leave at the end of the week, of those who did not move to training. Where people are whole, each goes
//! or stays on their own.

use super::tenure::{Tenure, settled_shares, times_at};
use super::whole::{Decision, at_least, draw_from, without_part};
use super::{CohortPlan, Moves, People, RolePlan};
use crate::luck::{Luck, Place};
use crate::unit::{Lanes, each};
use crate::workforce::absence::AbsencePlan;

/// Weeks over which moves to training are taken off the leavers of a gross rate.
const WEEKS_TAKEN_OFF: usize = 52;

/// What is known of the people of a role beyond one rate of leaving.
#[derive(Debug, Clone)]
pub struct LeavingPlan<const L: usize> {
    /// The rate in a week: a x 7 / 365.25.
    pub hazard: Lanes<L>,
    /// From which week in the role on which multiple of it; empty: 1.
    pub bands: Vec<(usize, f64)>,
    /// Index of leaving by week of the run; empty: 1.
    pub season: Vec<f64>,
    /// Senior role by index, share of seniors, and multiple that is left at it.
    pub seniors: Option<(usize, f64, f64)>,
    /// Whether moves to training are among the leavers.
    pub gross: bool,
    /// Shares of those in post at the start by weeks in the role; empty: as it settles.
    pub opening: Vec<(usize, f64)>,
    /// Weeks in the role that are told apart.
    pub tenure_weeks: usize,
    /// Long absences.
    pub absences: Vec<AbsencePlan<L>>,
}

/// The people of a role by what a [`LeavingPlan`] needs to know.
#[derive(Debug, Clone)]
pub struct Followed<const L: usize> {
    /// By time in the role.
    pub tenure: Tenure<L>,
    /// Moved to training in each of the last weeks \[WTE\], as a ring; only of a gross rate.
    moved: Vec<Lanes<L>>,
    /// Moves that found no leavers to be taken off yet \[WTE\].
    owed: Lanes<L>,
    /// Whole people of one lane by time in the role, while it is worked out who of them goes \[WTE\].
    cells: Vec<f64>,
}

impl<const L: usize> LeavingPlan<L> {
    /// The people at the start.
    #[must_use]
    pub fn opening_stock(&self, in_post: &Lanes<L>) -> Followed<L> {
        let settled = || {
            let of_lane =
                |lane: usize| settled_shares(self.tenure_weeks, self.hazard[lane], &self.bands);
            let lanes: Vec<Vec<f64>> = (0..L).map(of_lane).collect();
            (0..=self.tenure_weeks)
                .map(|week| (week, std::array::from_fn(|lane| lanes[lane][week])))
                .collect()
        };
        let shares: Vec<(usize, Lanes<L>)> = if self.opening.is_empty() {
            settled()
        } else {
            let stated = self.opening.iter();
            stated.map(|&(weeks, share)| (weeks, [share; L])).collect()
        };
        Followed {
            tenure: Tenure::opening(self.tenure_weeks, in_post, &shares),
            moved: vec![[0.0; L]; if self.gross { WEEKS_TAKEN_OFF } else { 0 }],
            owed: [0.0; L],
            cells: Vec::new(),
        }
    }

    /// Multiple of the rate that senior posts leave.
    fn seniority(&self, people: &People<L>, role: usize, lane: usize) -> f64 {
        let Some((senior, share, times)) = self.seniors else {
            return 1.0;
        };
        let seniors = people.in_post[senior][lane];
        let all = seniors + people.in_post[role][lane];
        let reached = if all > 0.0 {
            (seniors / all / share).min(1.0)
        } else {
            0.0
        };
        1.0 - (1.0 - times) * reached
    }
}

impl<const L: usize> Followed<L> {
    /// Leavers that are moves to training already, out of so many; only whole people of so many WTE, if they are.
    fn taken_off(&mut self, lane: usize, left: f64, whole: Option<f64>) -> f64 {
        if self.moved.is_empty() {
            return 0.0;
        }
        let moved: f64 = self.moved.iter().map(|week| week[lane]).sum();
        let due = moved / WEEKS_TAKEN_OFF as f64 + self.owed[lane];
        let off = whole.map_or(due.min(left), |unit| without_part(due.min(left), unit));
        self.owed[lane] = due - off;
        off
    }

    /// Removes the same share of everybody.
    pub fn thin_out(&mut self, week: usize, lane: usize, share: f64) {
        self.tenure
            .for_each(week, lane, |_, here| *here -= *here * share);
    }

    /// Removes so many WTE of whole people at random.
    pub(super) fn lose<K: Luck<L>>(
        &mut self,
        week: usize,
        (lane, unit): (usize, f64),
        wte: f64,
        luck: &mut K,
        place: impl Fn(usize) -> Place,
    ) {
        let Self { tenure, cells, .. } = self;
        cells.clear();
        tenure.for_each(week, lane, |_, here| cells.push(*here));
        draw_from(cells, (lane, unit), wte, luck, place);
        tenure.for_each(week, lane, |weeks, here| *here = cells[weeks]);
    }

    /// Whole people leave, each with the share `goes` of their time in the role, as many as are at work; returns
    /// their WTE without those who have moved to training already.
    fn leave_whole<K: Luck<L>>(
        &mut self,
        week: usize,
        lane: usize,
        role: &RolePlan<L>,
        at_work: f64,
        luck: &mut K,
        mut goes: impl FnMut(usize) -> f64,
    ) -> f64 {
        let unit = role.wte_per_head[lane];
        let mut left = 0.0;
        self.cells.clear();
        self.tenure.for_each(week, lane, |weeks, here| {
            let gone = if *here > 0.0 {
                let place = Decision::Leave.of(role.who, week, weeks);
                luck.take(lane, *here, unit, goes(weeks), place)
            } else {
                0.0
            };
            left += gone;
            self.cells.push(gone);
        });
        let mut spared = self.taken_off(lane, left, Some(unit));
        // Who is absent does not leave.
        spared = spared.max(at_least(left - at_work, unit));
        if spared > 0.0 {
            let at_random = |cell| Decision::Spared.of(role.who, week, cell);
            draw_from(&mut self.cells, (lane, unit), spared, luck, at_random);
        }
        let cells = &self.cells;
        self.tenure
            .for_each(week, lane, |weeks, here| *here -= cells[weeks]);
        cells.iter().sum()
    }
}

impl<const L: usize> People<L> {
    /// People leave the service.
    pub(super) fn leave<K: Luck<L>>(
        &mut self,
        week: usize,
        roles: &[RolePlan<L>],
        moves: &mut Moves<L>,
        luck: &mut K,
    ) {
        for (index, role) in roles.iter().enumerate() {
            if let Some(plan) = &role.leaving {
                self.leave_followed(week, (index, role), plan, moves, luck);
                continue;
            }
            let (in_post, left) = (&mut self.in_post[index], &mut moves.left[index]);
            let moved = &moves.moved_to_training[index];
            if !K::WHOLE || role.stays.iter().all(|&stays| stays >= 1.0) {
                let here: Lanes<L> = each(|l| in_post[l] - moved[l]);
                *in_post = each(|l| here[l] * role.stays[l]);
                *left = each(|l| here[l] - in_post[l]);
                continue;
            }
            for lane in 0..L {
                let here = in_post[lane] - moved[lane];
                let stay = if role.ratio.is_some() {
                    here * role.stays[lane]
                } else {
                    let place = Decision::Leave.of(role.who, week, 0);
                    luck.take(lane, here, role.wte_per_head[lane], role.stays[lane], place)
                };
                in_post[lane] = stay;
                left[lane] = here - stay;
            }
        }
    }

    fn leave_followed<K: Luck<L>>(
        &mut self,
        week: usize,
        (role, fixed): (usize, &RolePlan<L>),
        plan: &LeavingPlan<L>,
        moves: &mut Moves<L>,
        luck: &mut K,
    ) {
        let Some(mut followed) = self.followed[role].take() else {
            return;
        };
        let season = plan.season.get(week).copied().unwrap_or(1.0);
        for lane in 0..L {
            let here = self.in_post[role][lane] - moves.moved_to_training[role][lane];
            let hazard = plan.hazard[lane] * season * plan.seniority(self, role, lane);
            let away = if here > 0.0 {
                (self.absent[role][lane] / here).min(1.0)
            } else {
                0.0
            };
            let goes = |weeks: usize| {
                (1.0 - away) * (1.0 - (-hazard * times_at(&plan.bands, weeks)).exp())
            };
            let mut left = 0.0;
            let mut band = Band::default();
            if K::WHOLE && fixed.ratio.is_none() {
                let goes = |weeks: usize| band.of(&plan.bands, weeks, goes);
                let at_work = here - self.absent[role][lane];
                let gone = followed.leave_whole(week, lane, fixed, at_work, luck, goes);
                self.in_post[role][lane] = here - gone;
                moves.left[role][lane] = gone;
                continue;
            }
            followed.tenure.for_each(week, lane, |weeks, wte| {
                left += *wte * band.of(&plan.bands, weeks, goes);
            });
            let off = followed.taken_off(lane, left, None);
            let part = if left > 0.0 { (left - off) / left } else { 0.0 };
            let mut band = Band::default();
            followed.tenure.for_each(week, lane, |weeks, wte| {
                *wte -= *wte * band.of(&plan.bands, weeks, goes) * part;
            });
            self.in_post[role][lane] = here - (left - off);
            moves.left[role][lane] = left - off;
        }
        if let Some(place) = followed.moved.get_mut(week % WEEKS_TAKEN_OFF) {
            *place = moves.moved_to_training[role];
        }
        self.followed[role] = Some(followed);
    }

    /// After people joined, were promoted and moved: their time in the role follows.
    pub(super) fn follow_arrivals(&mut self, week: usize, moves: &Moves<L>) {
        for (role, followed) in self.followed.iter_mut().enumerate() {
            let Some(followed) = followed else {
                continue;
            };
            for lane in 0..L {
                let gone = moves.promoted_away[role][lane] + moves.moved_to_training[role][lane];
                followed.tenure.take(week, lane, gone);
                let new = moves.joined[role][lane] + moves.promoted[role][lane];
                followed.tenure.add(week, lane, new);
            }
        }
    }

    /// Before people leave: whoever else came or went since the morning joined now, or went first.
    pub(super) fn follow_the_rest(&mut self, week: usize, moves: &Moves<L>) {
        for (role, followed) in self.followed.iter_mut().enumerate() {
            let Some(followed) = followed else {
                continue;
            };
            for lane in 0..L {
                let here = self.in_post[role][lane] - moves.moved_to_training[role][lane];
                let more = here - followed.tenure.total(lane);
                if more > 0.0 {
                    followed.tenure.add(week, lane, more);
                } else {
                    followed.tenure.take(week, lane, -more);
                }
            }
        }
    }

    /// WTE of those asked for who may move from their role to a course this week.
    pub(super) fn may_move<K: Luck<L>>(
        &self,
        week: usize,
        (lane, unit): (usize, f64),
        cohort: &CohortPlan<L>,
        asked: f64,
        luck: &mut K,
    ) -> f64 {
        let role = cohort.internal_from;
        let there = self.at_work(role)[lane];
        let Some(followed) = self.followed[role]
            .as_ref()
            .filter(|_| cohort.qualified_weeks > 0)
        else {
            return asked.min(there.max(0.0));
        };
        let long_enough = followed.tenure.at_least(week, lane, cohort.qualified_weeks);
        let others = (followed.tenure.total(lane) - long_enough).max(0.0);
        let mut early = cohort.exception_share * asked;
        if K::WHOLE {
            let place = Decision::Exception.of(cohort.who, week, 0);
            early = luck.whole(lane, early / unit, place) * unit;
        }
        asked
            .min(long_enough + others.min(early))
            .min(there.max(0.0))
    }
}

/// The share that goes, worked out once for each band of tenure.
#[derive(Default)]
struct Band {
    last: Option<(f64, f64)>,
}

impl Band {
    fn of(&mut self, bands: &[(usize, f64)], weeks: usize, goes: impl Fn(usize) -> f64) -> f64 {
        let times = times_at(bands, weeks);
        match self.last {
            Some((known, share)) if known == times => share,
            _ => {
                let share = goes(weeks);
                self.last = Some((times, share));
                share
            }
        }
    }
}

/// Share of the staff who stay through a week, at `a` leavers a year per person in post.
#[must_use]
pub fn weekly_survival(leavers_per_year: f64) -> f64 {
    (-weekly_hazard(leavers_per_year)).exp()
}

/// A rate of `a` a year in a week.
#[must_use]
pub fn weekly_hazard(a_year: f64) -> f64 {
    a_year * 7.0 / 365.25
}
