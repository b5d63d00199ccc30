//! Which mix is best, how surely, and which cannot be told from it?

use super::MixSweep;
use super::laid_out::Refusal;
use super::measures::{CHEAPEST_IN_TIME, WIDTH, measures, place};
use crate::error::{Problem, Result};
use crate::scenario::Scenario;
use crate::statistics::{Running, t_interval, wilson};

/// Values this close are the same, as a share of the best one.
const EQUAL: f64 = 1e-9;

/// What decides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Objective {
    /// Most, or least, of a measure by its place.
    Measure { place: usize, more: bool },
    /// Least cost of those who begin Step 3 within so many weeks; if none does, the shortest wait.
    CheapestInTime {
        cost: usize,
        wait: usize,
        weeks: f64,
    },
}

impl Objective {
    /// Reads a name that is known.
    pub fn parse(name: &str, scenario: &Scenario) -> Result<Self> {
        if name != CHEAPEST_IN_TIME {
            let place = place(name)?;
            let more = measures()[place].more_is_better;
            return Ok(Self::Measure { place, more });
        }
        let target = scenario.spec().targets.step3_wait_weeks;
        let Some(weeks) = target.map(|weeks| weeks.value()) else {
            let sentence = "the scenario has no target for the wait, targets.step3_wait_weeks";
            let expected = "a scenario with this target";
            return Err(Problem::told("objective", name, sentence, expected).into());
        };
        Ok(Self::CheapestInTime {
            cost: place("cost")?,
            wait: place("wait_step3_weeks")?,
            weeks,
        })
    }

    /// The measure whose mean is compared.
    pub const fn place(self) -> usize {
        match self {
            Self::Measure { place, .. } => place,
            Self::CheapestInTime { cost, .. } => cost,
        }
    }

    /// The mixes that are best in a world, by place, given what each gives; none if there is no mix. A difference
    /// of a share `indifference` of the best value does not matter.
    pub(super) fn best_of(self, mixes: &[&[f64; WIDTH]], indifference: f64) -> Vec<usize> {
        let all = 0..mixes.len();
        let (of, more, among): (usize, bool, Vec<usize>) = match self {
            Self::Measure { place, more } => (place, more, all.collect()),
            Self::CheapestInTime { cost, wait, weeks } => {
                let in_time = all.clone().filter(|&mix| mixes[mix][wait] <= weeks);
                let in_time: Vec<usize> = in_time.collect();
                if in_time.is_empty() {
                    (wait, false, all.collect())
                } else {
                    (cost, false, in_time)
                }
            }
        };
        let value = |mix: usize| {
            let value = if more {
                mixes[mix][of]
            } else {
                -mixes[mix][of]
            };
            if value.is_nan() {
                f64::NEG_INFINITY
            } else {
                value
            }
        };
        let Some(best) = among.iter().map(|&mix| value(mix)).reduce(f64::max) else {
            return Vec::new();
        };
        let slack = best.abs() * indifference.max(EQUAL);
        let near = |mix: &usize| value(*mix) == best || best - value(*mix) <= slack;
        among.into_iter().filter(near).collect()
    }
}

/// How a share stands at a level of demand.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Standing {
    /// Place of the share.
    pub share: usize,
    /// Place of the first share with the same posts.
    pub mix: usize,
    /// Probability that the mix is best; mixes that are equal share it.
    pub probability: f64,
    /// Standard error of it.
    pub error: f64,
    /// Probability that the mix is best, alone or with others.
    pub among_best: f64,
    /// Whether it cannot be told from the best one.
    pub in_range: bool,
    /// Mean of the objective.
    pub mean: f64,
    /// Mean of its difference from the best mix, world by world, and the 95 % interval of this mean.
    pub difference: (f64, f64, f64),
}

/// The lowest and the highest share that cannot be told from the best one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// Place of the lowest share.
    pub low: usize,
    /// Place of the highest share.
    pub high: usize,
    /// Whether a share between them can be told from the best one.
    pub gaps: bool,
}

/// Which mix is best at a level of demand.
#[derive(Debug, Clone, PartialEq)]
pub struct Best {
    /// How each share stands that can go ahead.
    pub shares: Vec<Standing>,
    /// Place of the best share: the best mean of the objective.
    pub share: Option<usize>,
    /// Share of the worlds in which no mix keeps the wait, if that was asked.
    pub none_in_time: f64,
}

impl Best {
    /// How the mixes stand, each once.
    pub fn of_mixes(&self) -> impl Iterator<Item = &Standing> {
        self.shares
            .iter()
            .filter(|standing| standing.share == standing.mix)
    }

    /// How a share stands, if it can go ahead.
    #[must_use]
    pub fn of(&self, share: usize) -> Option<&Standing> {
        self.shares.iter().find(|standing| standing.share == share)
    }

    /// The shares that cannot be told from the best one.
    #[must_use]
    pub fn range(&self) -> Option<Range> {
        let inside: Vec<usize> = (self.shares.iter())
            .filter(|standing| standing.in_range)
            .map(|standing| standing.share)
            .collect();
        let (&low, &high) = (inside.first()?, inside.last()?);
        let gaps = inside.len() <= high - low;
        Some(Range { low, high, gaps })
    }
}

/// 95 % interval of Wilson of a share of the worlds.
pub fn interval(share: f64, draws: usize) -> (f64, f64) {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to the number of worlds
    let counted = (share * draws as f64).round() as u64;
    wilson(counted, draws as u64, 0.95)
}

/// Why a share cannot go ahead: it cannot be had, or a condition is broken.
pub fn refusal_of(sweep: &MixSweep, level: usize, share: usize) -> Option<(String, String)> {
    let cell = sweep.cell(level, share);
    let refused = |refusal: &Refusal| (refusal.rule.to_string(), refusal.message.clone());
    cell.refusal.as_ref().map(refused).or_else(|| {
        let broken = &sweep.found[cell.run?].broken;
        let condition = broken.iter().find(|rule| rule.severity == "condition")?;
        Some((condition.rule.clone(), condition.sentence.clone()))
    })
}

/// Which mix is best at a level of demand.
pub fn at_level(sweep: &MixSweep, level: usize) -> Best {
    let shares = 0..sweep.options.shares.len();
    let going: Vec<usize> = shares
        .filter(|&share| refusal_of(sweep, level, share).is_none())
        .collect();
    let mix_of = |share: usize| sweep.cell(level, share).same_as.unwrap_or(share);
    let mixes: Vec<usize> = going
        .iter()
        .copied()
        .filter(|&share| mix_of(share) == share)
        .collect();
    let rows: Vec<&[[f64; WIDTH]]> = mixes
        .iter()
        .map(|&share| sweep.rows(level, share))
        .collect();
    let number = rows.first().map_or(0, |rows| rows.len());
    let mut parts = vec![(0.0, 0.0); mixes.len()];
    let mut none_in_time = 0.0;
    for world in 0..number {
        let here: Vec<&[f64; WIDTH]> = rows.iter().map(|rows| &rows[world]).collect();
        let best = sweep.objective.best_of(&here, sweep.options.indifference);
        for &mix in &best {
            parts[mix].0 += 1.0 / best.len() as f64;
            parts[mix].1 += 1.0;
        }
        if let Objective::CheapestInTime { wait, weeks, .. } = sweep.objective {
            none_in_time += f64::from(u8::from(here.iter().all(|mix| mix[wait] > weeks)));
        }
    }
    let of = sweep.objective.place();
    let worlds = number.max(1) as f64;
    let mut standings: Vec<Standing> = (mixes.iter().zip(&rows).zip(&parts))
        .map(|((&share, rows), &(probability, among))| {
            let probability = probability / worlds;
            Standing {
                share,
                mix: share,
                probability,
                error: (probability * (1.0 - probability).max(0.0) / worlds).sqrt(),
                among_best: among / worlds,
                mean: rows.iter().map(|row| row[of]).collect::<Running>().mean(),
                ..Standing::default()
            }
        })
        .collect();
    let best = best_mean(sweep, &standings, &parts);
    let most = standings
        .iter()
        .map(|standing| standing.among_best)
        .fold(0.0, f64::max);
    for (place, standing) in standings.iter_mut().enumerate() {
        // Some mix is always left, however many there are to choose from.
        standing.in_range = standing.among_best >= sweep.options.at_least
            || standing.among_best >= most
            || best == Some(place);
        if let Some(best) = best {
            standing.difference = difference(rows[place], rows[best], of);
        }
    }
    let of_share = |&share: &usize| {
        let mix = mix_of(share);
        let standing = standings.iter().find(|standing| standing.mix == mix)?;
        Some(Standing {
            share,
            ..standing.clone()
        })
    };
    Best {
        shares: going.iter().filter_map(of_share).collect(),
        share: best.map(|place| mixes[place]),
        none_in_time: none_in_time / worlds,
    }
}

/// The mix with the best mean; of equals the one that is best most often, of these the one with fewest PWPs. Where
/// the wait decides whether cost does, the one that is best most often.
fn best_mean(sweep: &MixSweep, standings: &[Standing], parts: &[(f64, f64)]) -> Option<usize> {
    let score = |place: usize| match sweep.objective {
        Objective::Measure { more, .. } => {
            let mean = standings[place].mean;
            let mean = if more { mean } else { -mean };
            if mean.is_nan() {
                f64::NEG_INFINITY
            } else {
                mean
            }
        }
        Objective::CheapestInTime { .. } => parts[place].1,
    };
    let top = (0..standings.len()).map(score).reduce(f64::max)?;
    let equal = |&place: &usize| score(place) == top || top - score(place) <= top.abs() * EQUAL;
    let mut equals = (0..standings.len()).filter(equal);
    let first = equals.next()?;
    Some(equals.fold(first, |best, place| {
        if parts[place].0 > parts[best].0 + EQUAL {
            place
        } else {
            best
        }
    }))
}

/// Mean difference of a measure, world by world, and its 95 % interval.
fn difference(here: &[[f64; WIDTH]], there: &[[f64; WIDTH]], of: usize) -> (f64, f64, f64) {
    let pairs = here.iter().zip(there);
    let found: Running = pairs
        .map(|(here, there)| {
            // Two waits without end do not differ.
            if here[of] == there[of] {
                0.0
            } else {
                here[of] - there[of]
            }
        })
        .collect();
    let (low, high) = if found.count() < 2 {
        (f64::NAN, f64::NAN)
    } else {
        t_interval(found.mean(), found.sd(), found.count(), 0.95)
    };
    (found.mean(), low, high)
}
