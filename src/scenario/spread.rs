//! What does a planner say of a number that is not known? One family with its numbers, read and checked.
//!
//! A family is told by its numbers in order, by their names, by mean and standard deviation, or by quantiles:
//! `q05` is the value with 5 % of the draws below it, `q975` the one with 97.5 %.

use toml::{Table, Value};

use crate::distribution::{BETAS, Family, OUTSIDE, SHAPES, Spread, by_mean_and_sd, by_quantiles};
use crate::error::{Error, Problem, nearest};

/// Largest number that a spread is told by.
const LARGEST: f64 = 1e12;

/// Most values of an empirical family.
const MOST_VALUES: usize = 10_000;

/// Weight of the most likely value of a pert that states none, and the smallest and largest that can be stated.
const WEIGHT: f64 = 4.0;
const WEIGHTS: [f64; 2] = [0.1, 1000.0];

/// What is said at the path `here` of a field whose values lie between `low` and `high`; `outside` tells the
/// problem of a number that does not.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(
    said: &Value,
    here: &str,
    (low, high): (f64, f64),
    outside: &dyn Fn(f64, &str) -> Option<Problem>,
) -> Result<Spread, Vec<Problem>> {
    let one = |problem: Problem| vec![problem];
    let table = said.as_table();
    let mut entries = table
        .into_iter()
        .flatten()
        .filter(|entry| entry.0 != "within");
    let (Some((name, numbers)), None) = (entries.next(), entries.next()) else {
        let expected = format!("one family of {} with its numbers", list(&Family::NAMES));
        return Err(one(Problem::new(here, said, expected)));
    };
    let at = format!("{here}.{name}");
    if !Family::NAMES.contains(&name.as_str()) {
        let problem = Problem::told(&at, numbers, "no such family", list(&Family::NAMES));
        return Err(one(problem.suggest(nearest(name, Family::NAMES))));
    }
    let family = family(name, numbers, &at)?;
    if family.has_stated_ends() {
        let (first, last) = family.bounds();
        let ends = match numbers {
            Value::Array(items) if name != "empirical" => {
                [format!("{at}[0]"), format!("{at}[{}]", items.len() - 1)]
            }
            _ => [at.clone(), at.clone()],
        };
        let mut problems: Vec<Problem> = [(first, &ends[0]), (last, &ends[1])]
            .into_iter()
            .filter_map(|(end, path)| outside(end, path))
            .collect();
        problems.dedup();
        if !problems.is_empty() {
            return Err(problems);
        }
    }
    let Some(spread) = Spread::whole(family) else {
        let expected = "a count with fewer possible values; a gamma is near it";
        return Err(one(Problem::told(
            &at,
            numbers,
            "spread too widely",
            expected,
        )));
    };
    match table.and_then(|table| table.get("within")) {
        None => inside_field(spread, numbers, &at, (low, high)).map_err(one),
        Some(within) => {
            let here = format!("{here}.within");
            let expected = "[low, high], two numbers in rising order";
            let Some(&[from, to]) = numbers_of(within).as_deref() else {
                return Err(one(Problem::new(&here, within, expected)));
            };
            if from >= to {
                return Err(one(Problem::new(&here, within, expected)));
            }
            let ends = [(from, format!("{here}[0]")), (to, format!("{here}[1]"))];
            let problems: Vec<Problem> = (ends.iter())
                .filter_map(|(end, path)| outside(*end, path))
                .collect();
            if !problems.is_empty() {
                return Err(problems);
            }
            let kept = percent(1.0 - spread.share_outside(from, to));
            spread.cut(from, to).ok_or_else(|| {
                let sentence = format!("leaves {kept} of the {name}");
                one(Problem::told(
                    &here,
                    within,
                    &sentence,
                    "at least 0.1 % of it",
                ))
            })
        }
    }
}

/// A spread that belongs to no field, told as in a scenario.
///
/// # Errors
/// [`Error::Scenario`] with everything that is wrong with it.
pub fn alone(said: &Value, name: &str) -> Result<Spread, Error> {
    read(said, name, (f64::MIN, f64::MAX), &|_, _| None).map_err(Error::Scenario)
}

/// The same, so that no draw leaves the range of its field.
#[allow(clippy::result_large_err)] // one problem on its way to a list of them
fn inside_field(
    spread: Spread,
    numbers: &Value,
    at: &str,
    (low, high): (f64, f64),
) -> Result<Spread, Problem> {
    let share = spread.share_outside(low, high);
    let (from, to) = spread.bounds();
    if share > OUTSIDE {
        let (from, to) = (low.max(from), high.min(to));
        let sentence = format!(
            "{} of it lies outside {low} to {high}, the range of the field; \
             cut it off with within = [{from}, {to}] beside it",
            percent(share)
        );
        return Err(Problem::told(
            at,
            numbers,
            &sentence,
            format!("{low} to {high}"),
        ));
    }
    let cut = spread.cut(low, high);
    cut.ok_or_else(|| Problem::new(at, numbers, format!("{low} to {high}")))
}

fn percent(share: f64) -> String {
    let percent = 100.0 * share.clamp(0.0, 1.0);
    if percent >= 0.1 {
        format!("{percent:.1} %")
    } else {
        format!("{percent:.2e} %")
    }
}

fn family(name: &str, said: &Value, at: &str) -> Result<Family, Vec<Problem>> {
    match said {
        Value::Table(table) if name == "empirical" => weighted(table, at),
        Value::Table(table) => by_names(name, table, at),
        _ => in_order(name, said, at).map_err(|problem| vec![problem]),
    }
}

/// A family by its numbers in order.
#[allow(clippy::result_large_err)] // one problem on its way to a list of them
fn in_order(name: &str, said: &Value, at: &str) -> Result<Family, Problem> {
    let expected = match name {
        "fixed" => "a number",
        "uniform" => "[low, high]",
        "triangular" | "pert" => "[low, most likely, high]",
        "empirical" => "1 to 10000 values",
        "poisson" => "{ mean = ... }",
        _ => "{ mean = ..., sd = ... } or two quantiles, as { q05 = ..., q95 = ... }",
    };
    let refuse = |expected: &str| Problem::new(at, said, expected);
    let is_list = said.is_array() != (name == "fixed");
    let Some(numbers) = numbers_of(said).filter(|_| is_list) else {
        let finite = "finite numbers in rising order";
        let all = said.as_array().map(Vec::as_slice).unwrap_or_default();
        let numeric =
            !all.is_empty() && all.iter().all(|item| item.is_float() || item.is_integer());
        let known = match name {
            "uniform" => all.len() == 2,
            "triangular" | "pert" => all.len() == 3,
            _ => false,
        };
        return Err(refuse(if numeric && known { finite } else { expected }));
    };
    let rising = numbers.windows(2).all(|pair| pair[0] <= pair[1]);
    let family = match (name, numbers.as_slice()) {
        ("fixed", &[value]) => return Ok(Family::Fixed(value)),
        ("empirical", all) if (1..=MOST_VALUES).contains(&all.len()) => {
            return Ok(Family::Empirical(all.iter().map(|&x| (x, 1.0)).collect()));
        }
        ("uniform", &[low, high]) => Family::Uniform([low, high]),
        ("triangular", &[low, mode, high]) => Family::Triangular([low, mode, high]),
        ("pert", &[low, mode, high]) => Family::Pert([low, mode, high], WEIGHT),
        _ => return Err(refuse(expected)),
    };
    if rising {
        Ok(family)
    } else {
        Err(refuse("finite numbers in rising order"))
    }
}

/// Values that were seen, with their weights.
fn weighted(table: &Table, at: &str) -> Result<Family, Vec<Problem>> {
    let refuse =
        |path: &str, said: &Value, expected: &str| vec![Problem::new(path, said, expected)];
    let known = ["values", "weights"];
    unknown(table, at, &known)?;
    let none = Value::Array(Vec::new());
    let values = table.get("values").unwrap_or(&none);
    let Some(list) = numbers_of(values).filter(|list| (1..=MOST_VALUES).contains(&list.len()))
    else {
        return Err(refuse(&format!("{at}.values"), values, "1 to 10000 values"));
    };
    let weights = match table.get("weights") {
        None => vec![1.0; list.len()],
        Some(said) => {
            let fine = |all: &Vec<f64>| {
                all.len() == list.len()
                    && all.iter().all(|&w| w >= 0.0)
                    && all.iter().any(|&w| w > 0.0)
            };
            let expected = "one weight a value, none below 0 and not all 0";
            let weights = numbers_of(said).filter(fine);
            weights.ok_or_else(|| refuse(&format!("{at}.weights"), said, expected))?
        }
    };
    Ok(Family::Empirical(list.into_iter().zip(weights).collect()))
}

/// A family by the names of its numbers.
fn by_names(name: &str, table: &Table, at: &str) -> Result<Family, Vec<Problem>> {
    let refuse = |expected: &str| vec![Problem::new(at, Value::Table(table.clone()), expected)];
    let own: &[&str] = match name {
        "uniform" => &["low", "high"],
        "triangular" => &["low", "mode", "high"],
        "pert" => &["low", "mode", "high", "weight"],
        "normal" => &["mean", "sd"],
        "lognormal" => &["mean", "sd", "mu", "sigma"],
        "beta" => &["mean", "sd", "alpha", "beta"],
        "gamma" => &["mean", "sd", "shape", "scale"],
        "poisson" => &["mean"],
        "negative_binomial" => &["mean", "sd", "size"],
        _ => return Err(refuse("a number")),
    };
    let known: Vec<&str> = match name {
        "uniform" => [own, &["mean", "sd"]].concat(),
        _ => own.to_vec(),
    };
    let has_quantiles = !["poisson", "negative_binomial"].contains(&name);
    let mut quantiles = Vec::new();
    let mut rest = Table::new();
    for (key, value) in table {
        match share_of(key).filter(|_| has_quantiles) {
            Some(share) => quantiles.push((share, key.as_str(), value)),
            None => {
                rest.insert(key.clone(), value.clone());
            }
        }
    }
    unknown(&rest, at, &known)?;
    let mut problems = Vec::new();
    let mut number = |key: &str, value: &Value| {
        let read = number_of(value);
        if read.is_none() {
            let expected = "a finite number of at most a million million";
            problems.push(Problem::new(&format!("{at}.{key}"), value, expected));
        }
        read.unwrap_or(f64::NAN)
    };
    let mut said: Vec<(f64, f64)> = (quantiles.iter())
        .map(|(share, key, value)| (*share, number(key, value)))
        .collect();
    let parts: Vec<(&str, f64)> = (rest.iter())
        .map(|(key, value)| (key.as_str(), number(key, value)))
        .collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    let of = |key: &str| parts.iter().find(|part| part.0 == key).map(|part| part.1);
    let weight = of("weight").unwrap_or(WEIGHT);
    if !(WEIGHTS[0]..=WEIGHTS[1]).contains(&weight) {
        let expected = format!("{} to {}", WEIGHTS[0], WEIGHTS[1]);
        return Err(vec![Problem::new(
            &format!("{at}.weight"),
            weight,
            expected,
        )]);
    }
    let mut names: Vec<&str> = parts.iter().map(|part| part.0).collect();
    names.retain(|&key| key != "weight");
    names.sort_unstable();
    if !said.is_empty() {
        let apart = names.is_empty();
        said.sort_by(|a, b| a.0.total_cmp(&b.0));
        if !apart || said.windows(2).any(|pair| pair[0].0 >= pair[1].0) {
            return Err(refuse("quantiles alone, each share once"));
        }
        if said.windows(2).any(|pair| pair[0].1 >= pair[1].1) {
            return Err(refuse("quantiles that rise, as { q05 = 1, q95 = 2 }"));
        }
        return by_quantiles(name, &said, weight).map_err(|expected| refuse(&expected));
    }
    if names == ["mean", "sd"] && MEAN_AND_SD.contains(&name) {
        let [mean, sd] = ["mean", "sd"].map(|key| of(key).unwrap_or(f64::NAN));
        return by_mean_and_sd(name, mean, sd).map_err(|expected| refuse(&expected));
    }
    by_parameters(name, &names, of).map_err(refuse)
}

/// Families that a mean and a standard deviation tell.
const MEAN_AND_SD: [&str; 6] = [
    "uniform",
    "normal",
    "lognormal",
    "beta",
    "gamma",
    "negative_binomial",
];

/// A family by its own parameters, which `names` has in order; or what is expected instead.
fn by_parameters(
    name: &str,
    names: &[&str],
    of: impl Fn(&str) -> Option<f64>,
) -> Result<Family, &'static str> {
    let ordered = |numbers: &[f64]| numbers.windows(2).all(|pair| pair[0] <= pair[1]);
    let family = match (name, names) {
        ("uniform", ["high", "low"]) => of("low")
            .zip(of("high"))
            .map(|(low, high)| Family::Uniform([low, high])),
        ("triangular" | "pert", ["high", "low", "mode"]) => {
            let numbers = ["low", "mode", "high"].map(|key| of(key).unwrap_or(f64::NAN));
            let weight = of("weight").unwrap_or(WEIGHT);
            Some(match name {
                "pert" => Family::Pert(numbers, weight),
                _ => Family::Triangular(numbers),
            })
        }
        ("lognormal", ["mu", "sigma"]) => of("mu").zip(of("sigma")).and_then(|(mu, sigma)| {
            (sigma > 0.0 && sigma <= 10.0 && mu.abs() <= 50.0)
                .then_some(Family::Lognormal { mu, sigma })
        }),
        ("beta", ["alpha", "beta"]) => of("alpha").zip(of("beta")).and_then(|(alpha, beta)| {
            let fine = |x: f64| (BETAS[0]..=BETAS[1]).contains(&x);
            (fine(alpha) && fine(beta)).then_some(Family::Beta { alpha, beta })
        }),
        ("gamma", ["scale", "shape"]) => of("shape").zip(of("scale")).and_then(|(shape, scale)| {
            ((SHAPES[0]..=SHAPES[1]).contains(&shape) && scale > 0.0)
                .then_some(Family::Gamma { shape, scale })
        }),
        ("poisson", ["mean"]) => of("mean")
            .filter(|&mean| mean > 0.0)
            .map(|mean| Family::Poisson { mean }),
        ("negative_binomial", ["mean", "size"]) => {
            of("mean").zip(of("size")).and_then(|(mean, size)| {
                let fine = mean > 0.0 && (SHAPES[0]..=SHAPES[1]).contains(&size);
                fine.then_some(Family::NegativeBinomial { mean, size })
            })
        }
        _ => return Err(ways(name)),
    };
    match family {
        Some(Family::Uniform(numbers)) if !ordered(&numbers) => {
            Err("finite numbers in rising order")
        }
        Some(Family::Triangular(numbers) | Family::Pert(numbers, _)) if !ordered(&numbers) => {
            Err("finite numbers in rising order")
        }
        Some(family) => Ok(family),
        None => Err(allowed(name)),
    }
}

/// The ways in which a family can be told.
fn ways(name: &str) -> &'static str {
    match name {
        "uniform" => "low and high, mean and sd, or two quantiles",
        "triangular" => "low, mode and high, or three quantiles",
        "pert" => "low, mode and high, or three quantiles; weight beside them",
        "normal" => "mean and sd, or two quantiles",
        "lognormal" => "mean and sd, two quantiles, or mu and sigma",
        "beta" => "mean and sd, two quantiles, or alpha and beta",
        "gamma" => "mean and sd, two quantiles, or shape and scale",
        "poisson" => "mean",
        _ => "mean and sd, or mean and size",
    }
}

/// What the numbers of a family may be.
fn allowed(name: &str) -> &'static str {
    match name {
        "lognormal" => "mu from -50 to 50, sigma above 0 and at most 10",
        "beta" => "alpha and beta from 0.001 to 10000",
        "gamma" => "shape from 0.001 to 1000000, scale above 0",
        "poisson" => "a mean above 0",
        _ => "a mean above 0, size from 0.001 to 1000000",
    }
}

/// Problems of the names that a table may not have.
fn unknown(table: &Table, at: &str, known: &[&str]) -> Result<(), Vec<Problem>> {
    let strange = table
        .iter()
        .filter(|(key, _)| !known.contains(&key.as_str()));
    let problems: Vec<Problem> = strange
        .map(|(key, value)| {
            let problem =
                Problem::told(&format!("{at}.{key}"), value, "no such number", list(known));
            problem.suggest(nearest(key, known.iter().copied()))
        })
        .collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

/// The share that the name of a quantile says: q05 is 0.05, q975 is 0.975.
fn share_of(key: &str) -> Option<f64> {
    let digits = key.strip_prefix('q')?;
    let fine = (2..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    let share: f64 = format!("0.{digits}").parse().ok().filter(|_| fine)?;
    (share > 0.0).then_some(share)
}

fn number_of(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Float(number) => *number,
        Value::Integer(number) => *number as f64,
        _ => return None,
    };
    (number.abs() <= LARGEST).then_some(number)
}

/// The numbers of a list, or the one number.
fn numbers_of(value: &Value) -> Option<Vec<f64>> {
    match value {
        Value::Array(items) => items.iter().map(number_of).collect(),
        other => number_of(other).map(|number| vec![number]),
    }
}

fn list(names: &[&str]) -> String {
    names.join(", ")
}
