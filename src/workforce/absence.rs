//! Who is away for long, and who works in their place?
//!
//! ```text
//! begin     = people at work x (1 - exp(-starts a year x 7 / 365.25));    back after so many weeks
//! not back  = returning x share who do not;       shorter hours = back x (1 - share of hours)
//! cover     = absent x share covered;             agency = (posts - in post) x share of vacancies
//! overtime  = people at work x hours a week / 37.5
//! ```
//!
//! The absent stay in post: nobody is recruited in their place. Cover, agency and overtime work, and are
//! never in post. Where people are whole, so are the hours that they no longer work: the hours of several who
//! come back for fewer make one person less.

use super::whole::Decision;
use super::{People, Present, RolePlan, WeekLength};
use crate::luck::Luck;
use crate::unit::{Lanes, each};

/// A kind of long absence.
#[derive(Debug, Clone)]
pub struct AbsencePlan<const L: usize> {
    /// Which kind it is, whatever its place in a list: decisions are named by it.
    pub who: u64,
    /// Share of people at work for whom it begins in a week.
    pub begins: Lanes<L>,
    /// Weeks that it lasts.
    pub weeks: usize,
    /// Share of pay that goes on.
    pub paid: Lanes<L>,
    /// Share that is covered.
    pub covered: Lanes<L>,
    /// What cover costs on top.
    pub premium: f64,
    /// Share who do not come back.
    pub not_back: Lanes<L>,
    /// Share of their hours that the others come back with.
    pub hours_back: Lanes<L>,
}

/// Who works in empty posts and beyond the contract.
#[derive(Debug, Clone)]
pub struct ExtraPlan<const L: usize> {
    /// Share of vacant WTE that agency staff work, and what they cost on top.
    pub agency: Lanes<L>,
    /// What agency staff cost on top.
    pub agency_premium: f64,
    /// Overtime for each WTE at work \[WTE\].
    pub overtime: Lanes<L>,
    /// Bookable hours of a WTE of overtime over those of a WTE of the role.
    pub overtime_bookable: Lanes<L>,
    /// What overtime costs on top.
    pub overtime_premium: f64,
    /// Weeks in which there is overtime.
    pub overtime_weeks: std::ops::Range<usize>,
}

/// The absent of a role by kind and week of going, as rings \[WTE\].
pub type Absent<const L: usize> = Vec<Vec<Lanes<L>>>;

/// Absences at the start, as they settle: people at work x share that begins in a week x weeks.
#[must_use]
pub fn opening<const L: usize>(plans: &[AbsencePlan<L>], in_post: &Lanes<L>) -> Absent<L> {
    let of_kind = |plan: &AbsencePlan<L>| {
        let begins = each(|lane| {
            let away = |other: &AbsencePlan<L>| other.begins[lane] * other.weeks as f64;
            let for_each_at_work: f64 = plans.iter().map(away).sum();
            in_post[lane] / (1.0 + for_each_at_work) * plan.begins[lane]
        });
        vec![begins; plan.weeks]
    };
    plans.iter().map(of_kind).collect()
}

/// Work of a week that is not done by people in post, and pay that is not due, by role.
#[derive(Debug, Clone, Default)]
pub struct Extra<const L: usize> {
    /// Absent \[WTE\].
    pub absent: Vec<Lanes<L>>,
    /// Absent and not paid \[WTE\].
    pub unpaid: Vec<Lanes<L>>,
    /// Agency staff in vacant posts and cover of the absent \[WTE\].
    pub agency: Vec<Lanes<L>>,
    /// The same, with what they cost on top.
    pub agency_priced: Vec<Lanes<L>>,
    /// Overtime \[WTE\].
    pub overtime: Vec<Lanes<L>>,
    /// The same, with what it costs on top.
    pub overtime_priced: Vec<Lanes<L>>,
}

impl<const L: usize> Extra<L> {
    pub(super) fn lists(&mut self) -> [&mut Vec<Lanes<L>>; 6] {
        [
            &mut self.absent,
            &mut self.unpaid,
            &mut self.agency,
            &mut self.agency_priced,
            &mut self.overtime,
            &mut self.overtime_priced,
        ]
    }
}

impl<const L: usize> People<L> {
    /// People of a role who are at work \[WTE\].
    #[must_use]
    pub fn at_work(&self, role: usize) -> Lanes<L> {
        each(|lane| self.in_post[role][lane] - self.absent[role][lane])
    }

    /// Share of the people of a role who are at work.
    pub(super) fn share_at_work(&self, role: usize, lane: usize) -> f64 {
        let (in_post, absent) = (self.in_post[role][lane], self.absent[role][lane]);
        if in_post > absent {
            1.0 - absent / in_post
        } else {
            0.0
        }
    }

    /// The absent do not work; cover, agency staff and overtime do.
    pub fn stand_in(
        &self,
        week: usize,
        length: WeekLength,
        roles: &[RolePlan<L>],
        present: &mut Present<L>,
    ) {
        for (index, role) in roles.iter().enumerate() {
            let kinds = role.leaving.as_ref().map_or(&[][..], |plan| &plan.absences);
            for (plan, ring) in kinds.iter().zip(&self.away[index]) {
                for lane in 0..L {
                    let absent: f64 = ring.iter().map(|week| week[lane]).sum();
                    let cover = absent * plan.covered[lane];
                    let extra = &mut present.extra;
                    extra.absent[index][lane] += absent;
                    extra.unpaid[index][lane] += absent * (1.0 - plan.paid[lane]);
                    extra.agency[index][lane] += cover;
                    extra.agency_priced[index][lane] += cover * (1.0 + plan.premium);
                    present.worked[index][lane] -= absent * length.worked;
                    present.ramped[index][lane] += (cover - absent) * length.worked;
                }
            }
            let Some(plan) = &role.extra else {
                continue;
            };
            let (posts, at_work) = (self.posts[index], self.at_work(index));
            for lane in 0..L {
                let vacant = (posts[lane] - self.in_post[index][lane]).max(0.0);
                let agency = vacant * plan.agency[lane];
                let overtime = if plan.overtime_weeks.contains(&week) {
                    at_work[lane] * plan.overtime[lane]
                } else {
                    0.0
                };
                let extra = &mut present.extra;
                extra.agency[index][lane] += agency;
                extra.agency_priced[index][lane] += agency * (1.0 + plan.agency_premium);
                extra.overtime[index][lane] += overtime;
                extra.overtime_priced[index][lane] += overtime * (1.0 + plan.overtime_premium);
                let booked = agency + overtime * plan.overtime_bookable[lane];
                present.ramped[index][lane] += booked * length.worked;
            }
        }
    }

    /// End of the week: some come back, some do not, others go.
    pub(super) fn be_absent<K: Luck<L>>(
        &mut self,
        week: usize,
        roles: &[RolePlan<L>],
        moves: &mut super::Moves<L>,
        luck: &mut K,
    ) {
        for (index, role) in roles.iter().enumerate() {
            let kinds = role.leaving.as_ref().map_or(&[][..], |plan| &plan.absences);
            let mut at_work = self.at_work(index);
            for (kind, plan) in kinds.iter().enumerate() {
                let place = week % plan.weeks;
                for lane in 0..L {
                    let due = self.away[index][kind][place][lane];
                    let unit = role.wte_per_head[lane];
                    let luck_of = |decision: Decision| decision.of(role.who ^ plan.who, week, 0);
                    let stay_away = plan.not_back[lane];
                    let not_back =
                        luck.take(lane, due, unit, stay_away, luck_of(Decision::NotBack));
                    let (back, missing) = (due - not_back, 1.0 - plan.hours_back[lane]);
                    let shorter = luck.take(lane, back, unit, missing, luck_of(Decision::Shorter));
                    let before = self.in_post[index][lane];
                    if let Some(followed) = self.followed[index].as_mut().filter(|_| before > 0.0) {
                        let gone = not_back + shorter;
                        if !K::WHOLE {
                            followed.thin_out(week, lane, gone / before);
                        } else if gone > 0.0 {
                            let who = role.who ^ plan.who;
                            let at_random = |cell| Decision::Thinned.of(who, week, cell);
                            followed.lose(week, (lane, unit), gone, luck, at_random);
                        }
                    }
                    self.in_post[index][lane] = before - not_back - shorter;
                    moves.absence_over[index][lane] += due;
                    moves.not_back[index][lane] += not_back;
                    moves.shorter_hours[index][lane] += shorter;
                    self.absent[index][lane] -= due;
                    let (free, share) = (at_work[lane].max(0.0), plan.begins[lane]);
                    let begins = luck.take(lane, free, unit, share, luck_of(Decision::Absent));
                    if K::WHOLE {
                        at_work[lane] -= begins;
                    }
                    self.away[index][kind][place][lane] = begins;
                    self.absent[index][lane] += begins;
                }
            }
        }
    }
}
