//! What is it worth to find something out before deciding? EVPI and EVPPI from worlds x options.
//!
//! ```text
//! EVPI      E[max_d NB_d] - max_d E[NB_d]                       everything known before deciding
//! EVPPI(X)  E[max_d E[NB_d | X]] - max_d E[NB_d]                X known, the rest as unsure as before
//! ```
//!
//! `NB_d` is what option `d` is worth in a world; more is better. With the option `b` that is best on average, all
//! is counted as the difference from it, which takes out what the options share:
//!
//! - EVPI is the mean of `max_d NB_d - NB_b`; its standard error is that of this mean.
//! - EVPPI puts `g_d(X)`, a regression of `NB_d - NB_b` on X, in place of the conditional mean (Strong, Oakley and
//!   Brennan 2014): the mean of `max_d g_d`. Its standard error is that of the mean of
//!   `max_d g_d + sum_d h_d (NB_d - NB_b - g_d)`, where `h_d` is the part of "d is best at X" that the curve can
//!   follow (the delta method: luck of the worlds, and of the coefficients).
//!
//! No part is worth more than everything: the EVPPI is at most the EVPI of the same worlds. Both are biased. The
//! option that is best in the worlds drawn may be another than the best one, which makes what is gained too small;
//! a curve that follows noise makes it too large. [`Partial::held_out`] is what is gained when each world is decided
//! by a curve that has not seen it: no rule can gain more than the EVPPI, so this is biased downwards, and the two
//! together show how much the draws leave open.

use crate::error::{Error, Problem, Result};
use crate::sensitivity::regression::fit;
use crate::statistics::Running;

/// Fewest worlds for a regression.
pub const FEWEST_WORLDS: usize = 200;

/// Most inputs that are found out together.
pub const MOST_TOGETHER: usize = 12;

/// What it is worth to know everything.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Perfect {
    /// Gain on average, in the unit of the net benefit.
    pub estimate: f64,
    /// Its standard error.
    pub se: f64,
    /// The option that is best on average, counted from 0.
    pub best: usize,
}

/// What it is worth to know some inputs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Partial {
    /// Gain on average, in the unit of the net benefit; biased upwards by what the curve follows of noise.
    pub estimate: f64,
    /// Its standard error.
    pub se: f64,
    /// Gain when each world is decided by a curve that has not seen it, and counted as it turns out there; biased
    /// downwards, with luck of its own.
    pub held_out: f64,
    /// Columns of the curve, the constant among them.
    pub terms: usize,
    /// Share of the worlds in which another option is chosen than without the knowledge.
    pub changes: f64,
}

/// Expected value of perfect information, from `net_benefit` by world, then by option.
///
/// ```
/// // Two worlds, two options: knowing gives 10 and 6, the better option 7.5 on average; 8 - 7.5.
/// let found = skillmix::sensitivity::evpi(&[vec![10.0, 9.0], vec![4.0, 6.0]])?;
/// assert_eq!((found.estimate, found.best), (0.5, 1));
/// # Ok::<(), skillmix::error::Error>(())
/// ```
///
/// # Errors
/// [`Error::Scenario`] if there are fewer than two worlds or options, if rows differ in length, or a value is not a
/// finite number.
pub fn evpi(net_benefit: &[Vec<f64>]) -> Result<Perfect> {
    checked(net_benefit)?;
    let best = best_of(net_benefit);
    let gains: Running = net_benefit
        .iter()
        .map(|row| row.iter().copied().fold(f64::NEG_INFINITY, f64::max) - row[best])
        .collect();
    Ok(Perfect {
        estimate: gains.mean(),
        se: gains.se(),
        best,
    })
}

/// Expected value of knowing `inputs` (by world, then by input) together, from `net_benefit` by world, then by
/// option.
///
/// # Errors
/// [`Error::Scenario`] as for [`evpi`], and if there are fewer than [`FEWEST_WORLDS`] worlds, no input or more than
/// [`MOST_TOGETHER`], or another number of rows.
pub fn evppi(net_benefit: &[Vec<f64>], inputs: &[Vec<f64>]) -> Result<Partial> {
    checked(net_benefit)?;
    checked_inputs(net_benefit.len(), inputs)?;
    let (worlds, options) = (net_benefit.len(), net_benefit[0].len());
    let best = best_of(net_benefit);
    let others: Vec<usize> = (0..options).filter(|&option| option != best).collect();
    let more: Vec<Vec<f64>> = others
        .iter()
        .map(|&option| {
            net_benefit
                .iter()
                .map(|row| row[option] - row[best])
                .collect()
        })
        .collect();
    let columns: Vec<Vec<f64>> = (0..inputs[0].len())
        .map(|input| inputs.iter().map(|row| row[input]).collect())
        .collect();
    let found = fit(&columns, &more);
    let chosen = choices(&found.fitted, worlds);
    let unseen = choices(&found.held_out, worlds);
    let of = |lists: &[Vec<f64>], choice: Option<usize>, world: usize| {
        choice.map_or(0.0, |option| lists[option][world])
    };
    let gains: Vec<f64> = (0..worlds)
        .map(|world| of(&found.fitted, chosen[world], world))
        .collect();
    let estimate = gains.iter().sum::<f64>() / worlds as f64;
    let mut influence = gains;
    for (option, list) in more.iter().enumerate() {
        let is_best = |choice: &Option<usize>| f64::from(u8::from(*choice == Some(option)));
        let part = found.project(&chosen.iter().map(is_best).collect::<Vec<_>>());
        for (world, sum) in influence.iter_mut().enumerate() {
            *sum += part[world] * (list[world] - found.fitted[option][world]);
        }
    }
    let held_out = (0..worlds).map(|world| of(&more, unseen[world], world));
    let changes = chosen.iter().filter(|choice| choice.is_some()).count();
    let se = influence.into_iter().collect::<Running>().se();
    let all = evpi(net_benefit)?;
    let (estimate, se) = if estimate > all.estimate {
        (all.estimate, all.se)
    } else {
        (estimate, se)
    };
    Ok(Partial {
        estimate,
        se,
        held_out: held_out.sum::<f64>() / worlds as f64,
        terms: found.terms(),
        changes: changes as f64 / worlds as f64,
    })
}

/// The option with the greatest gain over the best one on average, by world; `None` where none has any.
fn choices(gains: &[Vec<f64>], worlds: usize) -> Vec<Option<usize>> {
    let at = |world: usize| {
        let mut most = (0.0, None);
        for (option, list) in gains.iter().enumerate() {
            if list[world] > most.0 {
                most = (list[world], Some(option));
            }
        }
        most.1
    };
    (0..worlds).map(at).collect()
}

/// The option that is best on average; the first of those that are equal.
fn best_of(net_benefit: &[Vec<f64>]) -> usize {
    let options = net_benefit.first().map_or(0, Vec::len);
    let mean = |option: usize| -> Running { net_benefit.iter().map(|row| row[option]).collect() };
    (1..options).fold(0, |best, option| {
        if mean(option).mean() > mean(best).mean() {
            option
        } else {
            best
        }
    })
}

fn checked(net_benefit: &[Vec<f64>]) -> Result<()> {
    let refuse = |found: String, expected: &str| -> Result<()> {
        Err(Problem::new("net_benefit", found, expected).into())
    };
    let options = net_benefit.first().map_or(0, Vec::len);
    if net_benefit.len() < 2 {
        return refuse(format!("{} worlds", net_benefit.len()), "at least 2 worlds");
    }
    if options < 2 {
        let found = format!("{options} option{}", if options == 1 { "" } else { "s" });
        let expected = "at least 2 options: with one there is nothing to decide";
        return refuse(found, expected);
    }
    if let Some(world) = net_benefit.iter().position(|row| row.len() != options) {
        let found = format!("{} options in world {world}", net_benefit[world].len());
        return refuse(found, &format!("{options} as in world 0"));
    }
    all_finite("net_benefit", net_benefit)
}

fn checked_inputs(worlds: usize, inputs: &[Vec<f64>]) -> Result<()> {
    let mut problems = Vec::new();
    if worlds < FEWEST_WORLDS {
        let expected = format!("at least {FEWEST_WORLDS} for a regression");
        problems.push(Problem::new("draws", worlds, expected));
    }
    if inputs.len() != worlds {
        let found = format!("{} rows", inputs.len());
        problems.push(Problem::new(
            "inputs",
            found,
            format!("{worlds}, one a world"),
        ));
    }
    let together = inputs.first().map_or(0, Vec::len);
    if together == 0 || together > MOST_TOGETHER {
        let expected = format!("1 to {MOST_TOGETHER} that are found out together");
        problems.push(Problem::new(
            "inputs",
            format!("{together} inputs"),
            expected,
        ));
    }
    if let Some(world) = inputs.iter().position(|row| row.len() != together) {
        let found = format!("{} inputs in world {world}", inputs[world].len());
        problems.push(Problem::new(
            "inputs",
            found,
            format!("{together} as in world 0"),
        ));
    }
    if !problems.is_empty() {
        return Err(Error::Scenario(problems));
    }
    all_finite("inputs", inputs)
}

fn all_finite(path: &str, rows: &[Vec<f64>]) -> Result<()> {
    let bad = |row: &Vec<f64>| row.iter().any(|value| !value.is_finite());
    let count = rows.iter().filter(|row| bad(row)).count();
    match rows.iter().position(bad) {
        None => Ok(()),
        Some(world) => {
            let found = format!("no finite number in {count} worlds, the first is {world}");
            Err(Problem::new(path, found, "finite numbers").into())
        }
    }
}

#[cfg(test)]
mod tests;
