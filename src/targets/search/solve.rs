//! How is the smallest decision found?

use crate::error::{Error, Result};
use crate::measures::month_in_words;
use crate::targets::evaluate::{Decision, Outcome, internal};
use crate::targets::goals::Goal;
use crate::targets::levels::{Supply, Window, whole_people};

use super::Search;
use super::families::Family;
use super::refusal::cannot_grow;

/// Most rounds over the pools; each changes the others a little.
const MOST_ROUNDS: usize = 4;

/// Most times that a level is doubled or halved.
const MOST_STEPS: usize = 12;

impl Search<'_> {
    /// The smallest decision, and why it misses the targets if it does.
    pub fn solve(
        &mut self,
        families: &[Family],
        goals: &[Goal],
        before: &Outcome,
    ) -> Result<(Decision, Option<Error>)> {
        let (mut decision, mut met) = self.meet(families, goals)?;
        if met {
            self.leave_out(&mut decision, families, goals)?;
        }
        let mut later = None;
        if !met
            && !self.full(&decision)
            && let Some((found, month)) = self.earliest(families, goals)?
        {
            (decision, later) = (found, Some(month));
        }
        let mut rule = self.keep_conditions(&mut decision, before)?;
        if rule.is_none() {
            rule = self.keep_budget(&mut decision, before)?;
        }
        met = met && rule.is_none();
        if met {
            return Ok((decision, None));
        }
        let later = later.filter(|_| rule.is_none());
        if let Some(stuck) = self.stuck(families)? {
            rule = Some(stuck);
        }
        let error = self.infeasible(&decision, goals, rule, later.as_deref())?;
        Ok((decision, Some(error)))
    }

    /// Why a pool that misses its own targets cannot grow, if there is one.
    fn stuck(&mut self, families: &[Family]) -> Result<Option<String>> {
        let nothing = self.nothing();
        for family in families.iter().filter(|family| family.pools.len() == 1) {
            let pool = self.pools.iter().find(|pool| pool.role == family.pools[0]);
            let stays = pool.filter(|pool| pool.course.is_none() && !pool.may_recruit);
            if let Some(title) = stays.map(|pool| pool.title.clone())
                && !self.meets(&nothing, &family.goals)?
            {
                return Ok(Some(cannot_grow(&title)));
            }
        }
        Ok(None)
    }

    /// A decision that meets the targets, or the best that was tried.
    fn meet(&mut self, families: &[Family], goals: &[Goal]) -> Result<(Decision, bool)> {
        let mut decision = self.nothing();
        for _ in 0..MOST_ROUNDS {
            let mut reached = true;
            for family in families {
                let (next, met) = self.solve_family(family, decision)?;
                (decision, reached) = (next, reached && met);
            }
            self.backfill(&mut decision, families);
            if self.meets(&decision, goals)? {
                return Ok((decision, true));
            }
            if !reached {
                break;
            }
        }
        Ok((decision, false))
    }

    /// The earliest later month from which the targets can be met, with a decision that does.
    fn earliest(
        &mut self,
        families: &[Family],
        goals: &[Goal],
    ) -> Result<Option<(Decision, String)>> {
        let window = self.window;
        let (mut low, mut high) = (self.targets.by, self.targets.until);
        let mut found = None;
        let mut month = high;
        while low < high {
            let from = |goals: &[Goal]| -> Option<Vec<Goal>> {
                goals.iter().map(|goal| goal.from(month)).collect()
            };
            let later: Option<Vec<Family>> = families
                .iter()
                .map(|family| {
                    Some(Family {
                        pools: family.pools.clone(),
                        goals: from(&family.goals)?,
                    })
                })
                .collect();
            let Some((later, goals)) = later.zip(from(goals)) else {
                break;
            };
            self.window = Window {
                by: self.first_weeks[month],
                ..window
            };
            let (decision, met) = self.meet(&later, &goals)?;
            if met {
                high = month;
                found = Some((decision, month_in_words(&self.months[month])));
            } else if found.is_none() {
                break;
            } else {
                low = month;
            }
            if high - low <= 1 {
                break;
            }
            month = low + (high - low) / 2;
        }
        self.window = window;
        Ok(found)
    }

    /// Finds the levels of one family with the others as they are; false if no level meets its targets.
    fn solve_family(&mut self, family: &Family, others: Decision) -> Result<(Decision, bool)> {
        let mut base = others;
        let places: Vec<usize> = (0..self.pools.len())
            .filter(|&pool| family.pools.contains(&self.pools[pool].role))
            .collect();
        let shared = places.len() > 1;
        let before = base.clone();
        for &pool in places.iter().filter(|_| !shared) {
            base[pool] = Supply::none(self.targets.starts.len());
        }
        if shared && self.meets(&before, &family.goals)? {
            return Ok((before, true));
        }
        if self.meets(&base, &family.goals)? {
            return Ok((base, true));
        }
        if places.is_empty() {
            return Ok((base, false));
        }
        let mut zero = base.clone();
        for &pool in &places {
            zero[pool] = Supply::none(self.targets.starts.len());
        }
        let mut without = Vec::new();
        for &pool in &places {
            without.push(self.without(&zero, pool)?);
        }
        let pools = self.pools.clone();
        let window = self.window;
        let unit: Vec<f64> = places
            .iter()
            .map(|&pool| {
                if shared {
                    pools[pool].standing[0].max(1.0)
                } else {
                    1.0
                }
            })
            .collect();
        let with = |level: f64, after: f64| -> Decision {
            let mut decision = base.clone();
            for (i, &pool) in places.iter().enumerate() {
                let levels = [level * unit[i], after * unit[i]];
                let own = pools[pool].supply(&without[i], levels, window);
                let floor = &before[pool];
                decision[pool] = if shared { at_least(own, floor) } else { own };
            }
            decision
        };
        let least = if shared {
            -1.0
        } else {
            -pools[places[0]]
                .standing
                .iter()
                .copied()
                .fold(1.0, f64::max)
        };
        let step = if shared { 0.05 } else { 1.0 };
        let mut low = least;
        let mut high = 0.0;
        let mut best = (f64::INFINITY, base.clone());
        let mut found = false;
        for doubling in 0..MOST_STEPS {
            let here = with(high, high);
            let miss = self.miss(&here, &family.goals)?;
            if miss < best.0 * 0.9 - 1e-9 || best.0.is_infinite() {
                best = (miss, here);
            }
            if miss <= 1e-9 {
                found = true;
                break;
            }
            low = high;
            high = if doubling == 0 { step } else { high * 2.0 };
        }
        if !found {
            return Ok((best.1, false));
        }
        let high = self.halve(low, high, &family.goals, |level| with(level, level))?;
        let after = if self.meets(&with(high, least), &family.goals)? {
            least
        } else {
            self.halve(least, high, &family.goals, |after| with(high, after))?
        };
        Ok((with(high, after), true))
    }

    /// The smallest level that meets the targets, between one that does not and one that does.
    fn halve(
        &mut self,
        mut low: f64,
        mut high: f64,
        goals: &[Goal],
        with: impl Fn(f64) -> Decision,
    ) -> Result<f64> {
        let close = (high - low).abs() / 4096.0;
        while high - low > close {
            let (below, above) = (with(low), with(high));
            if below == above {
                break;
            }
            let middle = f64::midpoint(low, high);
            if self.meets(&with(middle), goals)? {
                high = middle;
            } else {
                low = middle;
            }
        }
        Ok(high)
    }

    /// Replaces those who move to training by trainees who start on the same day.
    fn backfill(&self, decision: &mut Decision, families: &[Family]) {
        for index in 0..self.pools.len() {
            let pool = &self.pools[index];
            let solved = families
                .iter()
                .any(|family| family.pools.contains(&pool.role));
            let Some(course) = pool.course.as_ref().filter(|_| !solved) else {
                continue;
            };
            let mut moved = vec![0; self.targets.starts.len()];
            for (other, supply) in self.pools.iter().zip(decision.iter()) {
                let Some(to) = other
                    .course
                    .as_ref()
                    .filter(|to| to.internal_from == pool.name)
                else {
                    continue;
                };
                for (sum, heads) in moved.iter_mut().zip(internal(to, &supply.places)) {
                    *sum += heads;
                }
            }
            let (mut gone, mut replaced) = (0.0, 0.0);
            let most = moved.iter().zip(&pool.most_places);
            decision[index].places = most
                .map(|(&heads, &most)| {
                    gone += f64::from(heads);
                    let missing = (gone - pool.spare - replaced).max(0.0);
                    let places = whole_people(missing / course.completes, most);
                    replaced += f64::from(places) * course.completes;
                    places
                })
                .collect();
        }
    }

    /// Leaves out one place or post after the other, the latest first, while the targets are met.
    fn leave_out(
        &mut self,
        decision: &mut Decision,
        families: &[Family],
        goals: &[Goal],
    ) -> Result<()> {
        for pool in 0..self.pools.len() {
            let solved = families
                .iter()
                .any(|f| f.pools.contains(&self.pools[pool].role));
            if !solved {
                continue;
            }
            for autumn in (0..self.targets.starts.len()).rev() {
                while decision[pool].places[autumn] > 0 {
                    let mut fewer = decision.clone();
                    fewer[pool].places[autumn] -= 1;
                    self.backfill(&mut fewer, families);
                    if !self.meets(&fewer, goals)? {
                        break;
                    }
                    *decision = fewer;
                }
            }
            while decision[pool].recruits > 0 {
                let mut fewer = decision.clone();
                fewer[pool].recruits -= 1;
                if !self.meets(&fewer, goals)? {
                    break;
                }
                *decision = fewer;
            }
        }
        Ok(())
    }
}

fn at_least(mut own: Supply, floor: &Supply) -> Supply {
    for (places, least) in own.places.iter_mut().zip(&floor.places) {
        *places = (*places).max(*least);
    }
    own.recruits = own.recruits.max(floor.recruits);
    own.kept = own.kept.max(floor.kept);
    own
}
