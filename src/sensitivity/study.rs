//! Which option would we choose, how sure are we of it, and what is it worth to find out more first?
//!
//! Options are scenarios that are run in the same worlds: a number that is unsure in several of them has the same
//! value in all. [`value`](super::value) says what knowing everything, one number or a group of them is worth.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use jiff::civil::Date;

use crate::design::Design;
use crate::error::{Error, Problem, Result, nearest};
use crate::outcome::{NUMBER, evaluate};
use crate::scenario::Scenario;
use crate::scenario::worlds::Worlds;
use crate::sensitivity::objective::Objective;
use crate::sensitivity::tornado::nothing_unsure;
use crate::sensitivity::value::{FEWEST_WORLDS, MOST_TOGETHER, Partial, Perfect, evpi, evppi};
use crate::statistics::Running;
use crate::table::{Table, Values};
use crate::timetable::Horizon;

/// Most options of one study.
pub const MOST_OPTIONS: usize = 50;

/// Weeks of a mean year.
const WEEKS_A_YEAR: f64 = 365.25 / 7.0;

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// What options are compared by; each is a study of its own in the same worlds.
    pub objectives: Vec<Objective>,
    /// How long each option is run.
    pub horizon: Horizon,
    /// Worlds.
    pub draws: usize,
    /// Seed of the worlds.
    pub seed: u64,
    /// Unsure numbers that are found out together, by the name of the group.
    pub groups: Vec<(String, Vec<String>)>,
}

/// An option in the light of one objective.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Place of the objective.
    pub objective: usize,
    /// Its label.
    pub label: String,
    /// Mean over worlds, as it is shown.
    pub mean: f64,
    /// Standard error of the mean.
    pub se: f64,
    /// Share of the worlds in which no option is better, shared out among those that are equal.
    pub chance_best: f64,
    /// Mean of what it is better than the best one by, at most 0; with its standard error.
    pub behind: (f64, f64),
    /// Whether it is best on average.
    pub best: bool,
}

/// What it is worth to find something out, in the light of one objective.
#[derive(Debug, Clone, PartialEq)]
pub struct Learned {
    /// Place of the objective.
    pub objective: usize,
    /// `everything`, the path of a number or the name of a group.
    pub what: String,
    /// Paths that are found out.
    pub paths: Vec<String>,
    /// What it is worth.
    pub worth: Partial,
}

/// Options in the same worlds, and what it is worth to know more.
#[derive(Debug, Clone)]
pub struct Study {
    /// What was asked.
    pub question: Question,
    /// Length of the runs [weeks].
    pub weeks: usize,
    /// Options by objective.
    pub options: Vec<Judged>,
    /// Findings by objective: everything first, then the greatest worth.
    pub learned: Vec<Learned>,
    labels: Vec<String>,
    /// Unsure numbers by path: the value in each world.
    inputs: BTreeMap<String, Vec<f64>>,
    /// Values as shown: by objective, option and world.
    values: Vec<Vec<Vec<f64>>>,
}

/// What is it worth to find out what is unsure, before one of `options` (label and scenario) is chosen?
///
/// # Errors
/// [`Error::Scenario`] with all that is wrong with the question; [`Error::Stopped`] if `stop` is set meanwhile.
pub fn value_of_information(
    options: &[(String, Scenario)],
    question: &Question,
    stop: &AtomicBool,
) -> Result<Study> {
    let weeks = checked(options, question)?;
    let mut inputs = BTreeMap::new();
    let mut outcomes = Vec::with_capacity(options.len());
    let mut drawn = Vec::with_capacity(options.len());
    for (label, scenario) in options {
        let worlds = Worlds::drawn(scenario, Design::Random, question.draws, question.seed)?;
        same_worlds(&mut inputs, label, &worlds)?;
        drawn.push(worlds);
    }
    check_groups(&question.groups, &inputs)?;
    for ((_, scenario), worlds) in options.iter().zip(&drawn) {
        outcomes.push(evaluate(scenario, question.horizon, worlds, stop)?);
    }
    let labels: Vec<String> = options.iter().map(|(label, _)| label.clone()).collect();
    let mut study = Study {
        question: question.clone(),
        weeks,
        options: Vec::new(),
        learned: Vec::new(),
        labels,
        inputs,
        values: Vec::new(),
    };
    for (place, objective) in question.objectives.iter().enumerate() {
        study.judge(place, objective, &outcomes)?;
    }
    Ok(study)
}

impl Study {
    /// Options and findings in the light of one objective.
    fn judge(
        &mut self,
        place: usize,
        objective: &Objective,
        outcomes: &[Vec<[f64; NUMBER]>],
    ) -> Result<()> {
        let mut values = Vec::with_capacity(outcomes.len());
        for (label, worlds) in self.labels.iter().zip(outcomes) {
            let shown: Vec<f64> = worlds
                .iter()
                .map(|world| objective.value(world))
                .collect::<Result<_>>()?;
            let endless = shown.iter().filter(|value| !value.is_finite()).count();
            if endless > 0 {
                let sentence = format!(
                    "{} has no finite value in {endless} of {} worlds of {label:?}",
                    objective.name(),
                    shown.len()
                );
                let expected = "an objective that always has one, such as waiting";
                return Err(
                    Problem::told("objective", objective.name(), &sentence, expected).into(),
                );
            }
            values.push(shown);
        }
        let sign = if objective.more_is_better() {
            1.0
        } else {
            -1.0
        };
        let benefit: Vec<Vec<f64>> = (0..self.question.draws)
            .map(|world| values.iter().map(|list| sign * list[world]).collect())
            .collect();
        let perfect = evpi(&benefit)?;
        self.options
            .extend(ranked(place, &self.labels, &values, &benefit, &perfect));
        let all: Vec<String> = self.inputs.keys().cloned().collect();
        let everything = Learned {
            objective: place,
            what: "everything".into(),
            paths: all.clone(),
            worth: Partial {
                estimate: perfect.estimate,
                se: perfect.se,
                held_out: perfect.estimate,
                terms: 0,
                changes: changes(&benefit, perfect.best),
            },
        };
        let singles = all.into_iter().map(|path| (path.clone(), vec![path]));
        let mut found = Vec::new();
        for (what, paths) in singles.chain(self.question.groups.iter().cloned()) {
            let columns: Vec<&Vec<f64>> = paths
                .iter()
                .filter_map(|path| self.inputs.get(path))
                .collect();
            let rows: Vec<Vec<f64>> = (0..self.question.draws)
                .map(|world| columns.iter().map(|column| column[world]).collect())
                .collect();
            let worth = evppi(&benefit, &rows)?;
            found.push(Learned {
                objective: place,
                what,
                paths,
                worth,
            });
        }
        found.sort_by(|a, b| b.worth.estimate.total_cmp(&a.worth.estimate));
        self.learned.push(everything);
        self.learned.extend(found);
        self.values.push(values);
        Ok(())
    }

    /// Length of the runs [years].
    #[must_use]
    pub fn years(&self) -> f64 {
        self.weeks as f64 / WEEKS_A_YEAR
    }

    /// Options, one row an objective and option.
    #[must_use]
    pub fn options_table(&self) -> Table {
        let of = |option: &Judged| self.question.objectives[option.objective];
        Table::of_rows("options", &self.options)
            .text("objective", "What is decided by", |o| of(o).name())
            .text("option", "Label of the option", |o| &o.label)
            .text("unit", "Unit of the figures", |o| of(o).unit())
            .number("mean", "", "Mean over worlds, whole run", |o| o.mean)
            .number("se", "", "Standard error of the mean", |o| o.se)
            .number(
                "behind",
                "",
                "Mean behind the best option, same worlds",
                |o| -o.behind.0,
            )
            .number("behind_se", "", "Its standard error", |o| o.behind.1)
            .number("chance_best", "share", "Worlds in which it is best", |o| {
                o.chance_best
            })
            .truth("best", "Best on average", |o| o.best)
            .table()
    }

    /// What it is worth to find out more, one row an objective and finding.
    #[must_use]
    pub fn value_table(&self) -> Table {
        let of = |found: &Learned| self.question.objectives[found.objective];
        let years = self.years();
        let a_year = |found: &Learned, value: f64| {
            if of(found).adds_up() {
                value / years
            } else {
                f64::NAN
            }
        };
        let of_all = |found: &Learned| {
            let all = self.learned.iter().find(|l| l.objective == found.objective);
            let most = all.map_or(0.0, |all| all.worth.estimate);
            if most > 0.0 {
                found.worth.estimate / most
            } else {
                0.0
            }
        };
        Table::of_rows("value", &self.learned)
            .text("objective", "What is decided by", |l| of(l).name())
            .text("finding", "What is found out", |l| &l.what)
            .text("paths", "Unsure numbers that are found out", |l| {
                l.paths.join(", ")
            })
            .text("unit", "Unit of the figures", |l| of(l).unit())
            .number("worth", "", "Most that it is worth, whole run", |l| {
                l.worth.estimate
            })
            .number("se", "", "Its standard error", |l| l.worth.se)
            .number("worth_a_year", "", "The same a year", |l| {
                a_year(l, l.worth.estimate)
            })
            .number("se_a_year", "", "Its standard error", |l| {
                a_year(l, l.worth.se)
            })
            .number(
                "held_out",
                "",
                "Worth in worlds that the curve has not seen",
                |l| l.worth.held_out,
            )
            .number(
                "share",
                "share",
                "Of what knowing everything is worth",
                of_all,
            )
            .number(
                "changes",
                "share",
                "Worlds in which another option is chosen",
                |l| l.worth.changes,
            )
            .whole(
                "terms",
                "terms",
                "Terms of the curve; 0: none needed",
                |l| i64::try_from(l.worth.terms).unwrap_or(i64::MAX),
            )
            .table()
    }

    /// Every world: the unsure numbers, and each option by each objective.
    #[must_use]
    pub fn worlds_table(&self) -> Table {
        let numbers = (0..).take(self.question.draws).collect();
        let said = "Number of the world, from 0";
        let mut table = Table::new("worlds").and("world", "", said, Values::Whole(numbers));
        for (path, values) in &self.inputs {
            table = table.number(path, "", "Value that was drawn", values.clone());
        }
        for (objective, lists) in self.question.objectives.iter().zip(&self.values) {
            for (label, values) in self.labels.iter().zip(lists) {
                let name = format!("{}: {label}", objective.name());
                let said = "Value of the option, whole run";
                table = table.number(&name, objective.unit(), said, values.clone());
            }
        }
        table
    }
}

/// Mean, standard error and chance of being best of each option.
fn ranked(
    objective: usize,
    labels: &[String],
    values: &[Vec<f64>],
    benefit: &[Vec<f64>],
    perfect: &Perfect,
) -> Vec<Judged> {
    let mut shares = vec![0.0; labels.len()];
    for row in benefit {
        let most = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let equal = row.iter().filter(|&&value| value >= most).count();
        for (share, &value) in shares.iter_mut().zip(row) {
            *share += f64::from(u8::from(value >= most)) / equal as f64;
        }
    }
    let of_option = |place: usize| {
        let all: Running = values[place].iter().copied().collect();
        let behind: Running = benefit
            .iter()
            .map(|row| row[place] - row[perfect.best])
            .collect();
        Judged {
            objective,
            label: labels[place].clone(),
            mean: all.mean(),
            se: all.se(),
            chance_best: shares[place] / benefit.len() as f64,
            behind: (behind.mean(), behind.se()),
            best: place == perfect.best,
        }
    };
    (0..labels.len()).map(of_option).collect()
}

/// Share of the worlds in which another option than `best` is better than it.
fn changes(benefit: &[Vec<f64>], best: usize) -> f64 {
    let better = |row: &&Vec<f64>| row.iter().any(|&value| value > row[best]);
    benefit.iter().filter(better).count() as f64 / benefit.len() as f64
}

/// All that is wrong with a question; the length of the runs [weeks] if nothing is.
fn checked(options: &[(String, Scenario)], question: &Question) -> Result<usize> {
    let mut problems = Vec::new();
    if options.len() < 2 || options.len() > MOST_OPTIONS {
        let found = format!(
            "{} option{}",
            options.len(),
            if options.len() == 1 { "" } else { "s" }
        );
        let expected = format!("2 to {MOST_OPTIONS}: with one there is nothing to decide");
        problems.push(Problem::new("options", found, expected));
    }
    if question.draws < FEWEST_WORLDS {
        let expected = format!("at least {FEWEST_WORLDS} for the regression");
        problems.push(Problem::new("draws", question.draws, expected));
    }
    if options
        .iter()
        .all(|(_, scenario)| scenario.unsure().is_empty())
    {
        problems.push(nothing_unsure());
    }
    for objective in &question.objectives {
        match objective.check() {
            Err(Error::Scenario(found)) => problems.extend(found),
            other => other?,
        }
    }
    let mut lengths = Vec::with_capacity(options.len());
    for (label, scenario) in options {
        match question.horizon.weeks(scenario) {
            Ok(weeks) => lengths.push((label, weeks, scenario.spec().calendar.start)),
            Err(Error::Scenario(found)) => problems.extend(found),
            Err(other) => return Err(other),
        }
    }
    let differ = |pair: &&[(&String, usize, Date)]| match pair {
        [one, other] => (one.1, one.2) != (other.1, other.2),
        _ => false,
    };
    if let Some([one, other]) = lengths.windows(2).find(differ) {
        let said = |(label, weeks, start): &(&String, usize, Date)| {
            format!("{label:?} {weeks} weeks from {start}")
        };
        let found = format!("{}, {}", said(one), said(other));
        problems.push(Problem::new(
            "options",
            found,
            "options over the same weeks",
        ));
    }
    match lengths.first() {
        Some(&(_, weeks, _)) if problems.is_empty() => Ok(weeks),
        _ => Err(Error::Scenario(problems)),
    }
}

/// Adds the worlds of an option to those there are; what is in both must be the same.
fn same_worlds(
    inputs: &mut BTreeMap<String, Vec<f64>>,
    label: &str,
    worlds: &Worlds,
) -> Result<()> {
    let paths: Vec<String> = worlds.paths().into_iter().map(Into::into).collect();
    let mut problems = Vec::new();
    for (slot, path) in paths.into_iter().enumerate() {
        let values: Vec<f64> = (0..worlds.number()).map(|w| worlds.draw(w)[slot]).collect();
        match inputs.get(&path) {
            Some(there) if *there != values => {
                let sentence = "spread otherwise than in the options before it";
                let expected = "the same spread in all options in which it is unsure";
                let here = format!("options[{label:?}], {path}");
                problems.push(Problem::told(&here, "", sentence, expected));
            }
            Some(_) => {}
            None => {
                inputs.insert(path, values);
            }
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::Scenario(problems))
    }
}

/// Every group names numbers that are unsure, each once, and not too many.
fn check_groups(
    groups: &[(String, Vec<String>)],
    inputs: &BTreeMap<String, Vec<f64>>,
) -> Result<()> {
    let mut problems = Vec::new();
    for (name, paths) in groups {
        let here = format!("groups.{name}");
        if name == "everything" || inputs.contains_key(name) {
            let sentence = "the name stands for something else";
            problems.push(Problem::told(&here, name, sentence, "a name of its own"));
        }
        if paths.is_empty() || paths.len() > MOST_TOGETHER {
            let found = format!("{} paths", paths.len());
            problems.push(Problem::new(
                &here,
                found,
                format!("1 to {MOST_TOGETHER} paths"),
            ));
        }
        for (place, path) in paths.iter().enumerate() {
            let here = format!("{here}[{place}]");
            if paths[..place].contains(path) {
                problems.push(Problem::told(&here, path, "stands twice", "each path once"));
            } else if !inputs.contains_key(path) {
                let known = inputs.keys().map(String::as_str);
                let problem = Problem::told(&here, path, "not unsure here", "an unsure path");
                problems.push(problem.suggest(nearest(path, known)));
            }
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::Scenario(problems))
    }
}

#[cfg(test)]
mod tests;
