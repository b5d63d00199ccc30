//! What is the answer, in a planner's words and with its uncertainty?

use super::MixSweep;
use super::best::{Best, Objective, Standing, interval, refusal_of};
use super::measures::measures;
use crate::measures::{number, whole};
use crate::mix::{Hold, label};

/// Refusals that are told one by one.
const MOST_REFUSALS: usize = 3;

impl MixSweep {
    /// The answer in sentences; the first is the headline.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let mut said = Vec::new();
        let first = self.level_nearest_to_one();
        said.push(self.headline(first));
        said.extend(self.reference_sentence(first));
        said.extend(self.levels_sentence(first));
        said.extend(self.refusals(first));
        said.extend(self.same_posts(first));
        said.push(self.how_sure());
        said
    }

    fn level_nearest_to_one(&self) -> usize {
        let away = |level: &usize| (self.options.demand[*level] - 1.0).abs();
        let levels = 0..self.options.demand.len();
        levels
            .min_by(|a, b| away(a).total_cmp(&away(b)))
            .unwrap_or(0)
    }

    /// What is held, and how many are referred.
    fn given_in_words(&self, level: usize) -> String {
        let demand = self.options.demand[level];
        let when = if (demand - 1.0).abs() < 1e-9 {
            "this demand".to_string()
        } else {
            format!("{} times the referrals", number_of(demand))
        };
        match self.options.hold {
            Hold::Budget => format!("At this budget and {when}"),
            Hold::Wte => format!("With this number of staff and {when}"),
            Hold::Demand => format!("Staffed to serve {when}"),
        }
    }

    /// The objective as the end of "best by".
    pub(super) fn objective_in_words(&self) -> String {
        match self.objective {
            Objective::Measure { place, .. } => phrase(measures()[place].name),
            Objective::CheapestInTime { weeks, .. } => {
                format!(
                    "the least cost of a Step 3 wait within {} weeks",
                    number(weeks)
                )
            }
        }
    }

    fn value(&self, value: f64) -> String {
        let unit = measures()[self.objective.place()].unit;
        match unit {
            "pounds" => format!("{} pounds", whole(value)),
            "share" => format!("{:.1} %", value * 100.0),
            "people" => whole(value),
            _ => format!("{} {unit}", number(value)),
        }
    }

    /// Percents of the shares that cannot be told from the best one.
    fn range_in_words(&self, best: &Best) -> Option<String> {
        let range = best.range()?;
        let percent = |share: usize| number(self.options.shares[share] * 100.0).replace(".0", "");
        Some(if range.low == range.high {
            format!("a PWP share of {} %", percent(range.low))
        } else {
            format!(
                "PWP shares from {} to {} %",
                percent(range.low),
                percent(range.high)
            )
        })
    }

    fn headline(&self, level: usize) -> String {
        let best = &self.best[level];
        let given = self.given_in_words(level);
        let (Some(share), Some(range)) = (best.share, best.range()) else {
            return format!("{given}, no share of PWPs can go ahead.");
        };
        let Some(standing) = best.of(share) else {
            return String::new();
        };
        let by = self.objective_in_words();
        let value = self.value(standing.mean);
        let which = label(self.options.shares[share]);
        if range.low == range.high {
            return format!(
                "{given}, {which} is best by {by} ({value}), and no other share tried can rival it."
            );
        }
        let gaps = if range.gaps {
            ", not all between them,"
        } else {
            ""
        };
        format!(
            "{given}, {}{gaps} cannot be told apart by {by}; {which} has the best mean ({value}).",
            self.range_in_words(best).unwrap_or_default()
        )
    }

    fn asked(&self, level: usize) -> Option<&Standing> {
        self.best[level].of(self.options.reference_place()?)
    }

    fn reference_sentence(&self, level: usize) -> Option<String> {
        let place = self.options.reference_place()?;
        let name = label(self.options.shares[place]);
        let Some(standing) = self.asked(level) else {
            let (_, why) = refusal_of(self, level, place)?;
            return Some(format!("{name} cannot go ahead: {why}."));
        };
        let chance = chance(standing.among_best, self.options.draws);
        let (mean, low, high) = standing.difference;
        if self.best[level].share.is_some_and(|best| {
            self.best[level]
                .of(best)
                .is_some_and(|best| best.mix == standing.mix)
        }) {
            return Some(format!(
                "{name} has the best mean: {chance} no mix does better."
            ));
        }
        let best = self.best[level].share?;
        let (best_name, best_mean) = (
            label(self.options.shares[best]),
            self.best[level].of(best)?.mean,
        );
        let way = if mean < 0.0 { "below" } else { "above" };
        let part = 100.0 * (mean / best_mean).abs();
        let part = if part.is_finite() {
            format!("{} %, ", number_of(part))
        } else {
            String::new()
        };
        let interval = if low.is_finite() && high.is_finite() {
            // Both ends as distances in the direction of the mean.
            let sign = if mean < 0.0 { -1.0 } else { 1.0 };
            let (small, large) = ((low * sign).min(high * sign), (low * sign).max(high * sign));
            let ends = format!("{} to {}", self.value(small), self.value(large));
            format!(" ({part}95 % interval of the mean {ends})")
        } else {
            String::new()
        };
        let differs = if mean.is_finite() {
            format!(
                "it is {} {way} {best_name} on average{interval}",
                self.value(mean.abs())
            )
        } else {
            "its wait has no end in some worlds".into()
        };
        let verdict = if standing.in_range {
            "is inside this range"
        } else {
            "is outside this range"
        };
        let by = self.objective_in_words();
        Some(format!(
            "{name} {verdict}: {chance} no mix does better, and by {by} {differs}."
        ))
    }

    /// How the answer moves with demand.
    fn levels_sentence(&self, first: usize) -> Vec<String> {
        if self.options.demand.len() < 2 {
            return Vec::new();
        }
        let mut said = Vec::new();
        if let Some(place) = self.options.reference_place() {
            let name = label(self.options.shares[place]);
            let inside = |level: usize| self.asked(level).is_some_and(|standing| standing.in_range);
            let levels: Vec<usize> = (0..self.options.demand.len()).collect();
            let all: Vec<bool> = levels.iter().map(|&level| inside(level)).collect();
            let (low, high) = (
                self.options.demand[0],
                self.options.demand[levels.len() - 1],
            );
            let between = format!(
                "{} to {} times the referrals",
                number_of(low),
                number_of(high)
            );
            if all.iter().all(|&inside| inside) {
                said.push(format!("{name} stays inside from {between}."));
            } else if all.iter().all(|&inside| !inside) {
                said.push(format!("{name} is outside at every level from {between}."));
            }
            for pair in levels
                .windows(2)
                .filter(|pair| all[pair[0]] != all[pair[1]])
            {
                let (from, to) = (self.options.demand[pair[0]], self.options.demand[pair[1]]);
                let way = if all[pair[0]] { "leaves" } else { "comes into" };
                said.push(format!(
                    "Between {} and {} times the referrals {name} {way} the range.",
                    number_of(from),
                    number_of(to)
                ));
            }
        }
        let at = |level: usize| {
            let range = self.range_in_words(&self.best[level])?;
            Some(format!(
                "{range} at {} times",
                number_of(self.options.demand[level])
            ))
        };
        let ends = [0, self.options.demand.len() - 1];
        let others: Vec<String> = ends
            .into_iter()
            .filter(|&level| level != first)
            .filter_map(at)
            .collect();
        if !others.is_empty() {
            said.push(format!(
                "With other demand the range is {}.",
                others.join(", and ")
            ));
        }
        said
    }

    /// Why shares cannot go ahead.
    fn refusals(&self, level: usize) -> Vec<String> {
        let mut reasons: Vec<(String, Vec<usize>)> = Vec::new();
        for share in 0..self.options.shares.len() {
            if let Some((_, why)) = refusal_of(self, level, share) {
                match reasons
                    .iter_mut()
                    .find(|reason| without_numbers(&reason.0) == without_numbers(&why))
                {
                    Some(reason) => reason.1.push(share),
                    None => reasons.push((why, vec![share])),
                }
            }
        }
        let told = reasons
            .into_iter()
            .take(MOST_REFUSALS)
            .map(|(why, shares)| {
                let name = |place: usize| label(self.options.shares[place]);
                match shares.as_slice() {
                    [one] => format!("{} cannot go ahead: {why}.", name(*one)),
                    [first, .., last] => {
                        let (first, last) = (name(*first), name(*last));
                        format!("{first} to {last} cannot go ahead; with {first}: {why}.")
                    }
                    [] => why,
                }
            });
        told.collect()
    }

    fn same_posts(&self, level: usize) -> Option<String> {
        let same = (0..self.options.shares.len())
            .filter(|&share| self.cell(level, share).same_as.is_some())
            .count();
        (same > 0).then(|| {
            let shares = if same == 1 {
                "share comes"
            } else {
                "shares come"
            };
            format!(
                "{same} {shares} to the same whole posts as another one: they are the same mix."
            )
        })
    }

    fn how_sure(&self) -> String {
        let number = whole(self.options.draws as f64);
        if self.scenario.unsure().is_empty() {
            return "Nothing in this scenario is unsure, so this is one world, and nothing says how sure it is: mark what is not known as unsure.".into();
        }
        let most = (0.25 / self.options.draws as f64).sqrt() * 196.0;
        format!(
            "These are {number} worlds with seed {}, the same for every share; a probability is known to {most:.0} percentage points or better. Chance inside a world, and whatever is not marked unsure, is left out.",
            self.options.seed
        )
    }
}

/// A sentence without its figures: the same fault of two mixes.
fn without_numbers(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_ascii_digit() && *letter != '.')
        .collect()
}

/// A measure as the end of "by".
pub(super) fn phrase(name: &str) -> String {
    match name {
        "recovered" => "recoveries".into(),
        "within_6_weeks" => "the share first treated within 6 weeks".into(),
        "within_18_weeks" => "the share first treated within 18 weeks".into(),
        "wait_step2_weeks" => "the wait for Step 2".into(),
        "wait_step3_weeks" => "the wait for Step 3".into(),
        "wait_assessment_weeks" => "the wait for an assessment".into(),
        "wait_to_step2_weeks" => "the wait from referral to Step 2".into(),
        "wait_to_step3_weeks" => "the wait from referral to Step 3".into(),
        "cost_per_recovery" => "the cost of a recovery".into(),
        other => other.replace('_', " "),
    }
}

/// In which share of the worlds, with what it could be given their number.
fn chance(share: f64, draws: usize) -> String {
    let percent = share * 100.0;
    if draws < 2 {
        return format!("in {percent:.0} % of the worlds");
    }
    let (low, high) = interval(share, draws);
    let (low, high) = (low * 100.0, high * 100.0);
    format!("in {percent:.0} % of the worlds (95 % interval {low:.0} to {high:.0} %)")
}

/// A multiplier with up to two decimals.
pub(super) fn number_of(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}
