//! What is the best that can be had, and which rule binds?

use crate::error::{Error, Result};
use crate::measures::{month_in_words, whole};
use crate::targets::cost;
use crate::targets::evaluate::{Decision, Outcome};
use crate::targets::goals::{Goal, Measure};
use crate::targets::levels::{IN_TIME_WEEKS, Pool, Supply};

use super::Search;
use super::facts::{MOST_PLACES, floor};

impl Search<'_> {
    /// Shrinks a decision to the largest that breaks no condition that is kept as it is; says which binds.
    pub fn keep_conditions(
        &mut self,
        decision: &mut Decision,
        before: &Outcome,
    ) -> Result<Option<String>> {
        if !self.targets.conditions {
            return Ok(None);
        }
        let known = before.conditions();
        let broken = |outcome: &Outcome| {
            let found = outcome.conditions().into_iter();
            let new = |(rule, (gap, _)): &(String, (f64, String))| {
                known.get(rule).is_none_or(|was| *gap > was.0 + 0.5)
            };
            found.filter(new).map(|(_, (_, sentence))| sentence).next()
        };
        self.shrink(decision, |outcome| Ok(broken(outcome)))
    }

    /// Shrinks a decision to the largest that no year of costs more than the budget.
    pub fn keep_budget(
        &mut self,
        decision: &mut Decision,
        before: &Outcome,
    ) -> Result<Option<String>> {
        let Some(budget) = self.targets.budget else {
            return Ok(None);
        };
        self.shrink(decision, |outcome| {
            let dearest = cost::dearest_year(&before.run, &outcome.run)?;
            Ok(dearest
                .filter(|(_, pounds)| *pounds > budget + 0.005)
                .map(|(year, pounds)| {
                    format!(
                        "the budget of {} pounds a year: in {year} it would be {}",
                        whole(budget),
                        whole(pounds)
                    )
                }))
        })
    }

    fn shrink(
        &mut self,
        decision: &mut Decision,
        breaks: impl Fn(&Outcome) -> Result<Option<String>>,
    ) -> Result<Option<String>> {
        let Some(mut rule) = breaks(self.run(decision)?)? else {
            return Ok(None);
        };
        let whole = decision.clone();
        let part = |share: f64| -> Decision {
            let less = |number: u32| floor(f64::from(number) * share);
            whole
                .iter()
                .map(|supply| Supply {
                    places: supply.places.iter().map(|&places| less(places)).collect(),
                    recruits: less(supply.recruits),
                    kept: supply.kept,
                })
                .collect()
        };
        let (mut low, mut high) = (0.0, 1.0);
        while high - low > 1e-3 && part(low) != part(high) {
            let middle = f64::midpoint(low, high);
            if let Some(broken) = breaks(self.run(&part(middle))?)? {
                (high, rule) = (middle, broken);
            } else {
                low = middle;
            }
        }
        *decision = part(low);
        Ok(Some(rule))
    }

    /// What was asked, the best that can be had and the rule that binds.
    pub fn infeasible(
        &mut self,
        decision: &Decision,
        goals: &[Goal],
        rule: Option<String>,
        later: Option<&str>,
    ) -> Result<Error> {
        let tables = self.run(decision)?.tables.clone();
        let said = self.said(decision);
        let asked: Vec<String> = goals.iter().map(Goal::asked).collect();
        let worst = goals
            .iter()
            .max_by(|a, b| a.miss(&tables).total_cmp(&b.miss(&tables)));
        let reading = worst.and_then(|goal| {
            let readings = goal.readings(&tables).into_iter();
            let worst = readings.max_by(|a, b| a.miss.total_cmp(&b.miss))?;
            let when = month_in_words(&worst.period);
            let reached = format!("{} in {when}", goal.value(worst.reached));
            // With several targets a figure alone does not say whose it is.
            Some(match goals {
                [_] => reached,
                _ => format!("{} {reached}", goal.subject()),
            })
        });
        let best = match later {
            Some(month) => format!("the same from {month} on with {said}"),
            None => format!("{} with {said}", reading.unwrap_or_default()),
        };
        let binds = || worst.map_or(String::new(), |goal| self.binds(decision, goal));
        Ok(Error::Infeasible {
            asked: asked.join(" and "),
            best,
            rule: rule.unwrap_or_else(binds),
        })
    }

    /// Whether some autumn or role has all that may be had.
    pub fn full(&self, decision: &Decision) -> bool {
        let pairs = self.pools.iter().zip(decision);
        let full = |(places, most): (&u32, &u32)| *most < MOST_PLACES && places >= most;
        let mut full = pairs.map(|(pool, supply)| {
            let trains = pool.course.is_some();
            let recruits = pool.may_recruit && pool.most_recruits < MOST_PLACES;
            (trains && supply.places.iter().zip(&pool.most_places).any(full))
                || (recruits && supply.recruits >= pool.most_recruits)
        });
        full.any(|full| full)
    }

    /// A decision in words.
    fn said(&self, decision: &Decision) -> String {
        let mut parts = Vec::new();
        for (pool, supply) in self.pools.iter().zip(decision) {
            let places = supply.all_places();
            if places > 0 {
                let noun = if places == 1 { "trainee" } else { "trainees" };
                parts.push(format!("{places} {noun} for {}", pool.title));
            }
            if supply.recruits > 0 {
                parts.push(format!("{} recruited for {}", supply.recruits, pool.title));
            }
        }
        if parts.is_empty() {
            "nobody more".into()
        } else {
            parts.join(" and ")
        }
    }

    /// Why no larger plan helps.
    fn binds(&self, decision: &Decision, goal: &Goal) -> String {
        for (pool, supply) in self.pools.iter().zip(decision) {
            let full = |(places, most): (&u32, &u32)| *most < MOST_PLACES && places >= most;
            if let Some(course) = &pool.course
                && supply.places.iter().zip(&pool.most_places).any(full)
            {
                let most: Vec<String> = pool.most_places.iter().map(ToString::to_string).collect();
                let same = most.iter().all(|number| *number == most[0]);
                let most = if same {
                    most[0].clone()
                } else {
                    most.join(", ")
                };
                let who = if course.universities.is_empty() {
                    "at most"
                } else {
                    "the universities have"
                };
                let noun = if most == "1" { "place" } else { "places" };
                return format!("{who} {most} {noun} of {} in an autumn", course.title);
            }
            if pool.most_recruits < MOST_PLACES && supply.recruits >= pool.most_recruits {
                return format!(
                    "at most {} posts for {} are advertised",
                    pool.most_recruits, pool.title
                );
            }
        }
        if goal.at_least() && !matches!(goal.measure, Measure::Within(_)) {
            return "demand: with staff for everybody who is referred there are no more to treat"
                .into();
        }
        let fixed = |pool: &&Pool| !pool.may_recruit;
        if let Some(pool) = (self.pools.iter().filter(fixed)).find(|pool| pool.course.is_none()) {
            return cannot_grow(&pool.title);
        }
        let late = |pool: &Pool| !pool.trains_in_time(self.window);
        if self.pools.iter().filter(fixed).any(late) {
            let start = self.targets.starts.first();
            let start = start.map_or(String::new(), ToString::to_string);
            return format!(
                "time: trainees who start on {start} have not qualified {IN_TIME_WEEKS} weeks before, and nobody is recruited"
            );
        }
        let recruiting = self.pools.iter().filter(|pool| pool.may_recruit);
        let Some(lead) = recruiting.map(|pool| pool.lead_weeks).max() else {
            return "time: the first trainees are not there early enough".into();
        };
        format!("time: recruits join {lead} weeks after an advert, and not all posts are filled")
    }
}

/// The rule of a pool that no lever reaches.
pub fn cannot_grow(title: &str) -> String {
    format!("nobody more can be trained or recruited for {title}")
}
