//! What does a sweep show, column by column?

use super::best::{Standing, refusal_of};
use super::measures::measures;
use super::{MixSweep, TABLES};
use crate::error::Result;
use crate::mix::label;
use crate::project::bands::quantile;
use crate::record::spread::QUANTILES;
use crate::statistics::Running;
use crate::table::{Rows, Table, known_name};

/// A share at a level, by their places.
#[derive(Clone, Copy)]
struct Place {
    level: usize,
    share: usize,
}

/// A share, a level and a measure, with its values in rising order.
struct Curve {
    place: Place,
    measure: usize,
    mean: f64,
    sorted: Vec<f64>,
}

/// A rule that stands in the way, or should be looked at.
struct Rule {
    place: Place,
    severity: &'static str,
    name: String,
    message: String,
    months: i64,
}

impl MixSweep {
    /// A table by its name.
    ///
    /// # Errors
    /// [`crate::error::Error::Unknown`] with the names there are.
    pub fn table(&self, name: &str) -> Result<Table> {
        Ok(match known_name(name, &TABLES)? {
            "range" => self.ranges(),
            "best" => self.standings(),
            "curves" => self.curves(),
            "mixes" => self.mixes(),
            _ => self.rules(),
        })
    }

    fn places(&self) -> Vec<Place> {
        let shares = self.options.shares.len();
        let levels = 0..self.options.demand.len();
        let of_level = |level| (0..shares).map(move |share| Place { level, share });
        levels.flat_map(of_level).collect()
    }

    fn demand(&self, place: Place) -> f64 {
        self.options.demand[place.level]
    }

    fn share(&self, place: Place) -> f64 {
        self.options.shares[place.share]
    }

    /// A table of rows that each stand at a level and a share, with the columns that say which.
    fn placed<'a, R>(&self, name: &str, rows: &'a [R], place: fn(&R) -> Place) -> Rows<'a, R> {
        Table::of_rows(name, rows)
            .number(
                "demand",
                "times",
                "What referrals are multiplied by",
                |row| self.demand(place(row)),
            )
            .number("share", "share", "PWP share asked for", |row| {
                self.share(place(row))
            })
            .text("label", "PWP : HIT by WTE", |row| {
                label(self.share(place(row)))
            })
    }

    /// One row a level of demand: the best share, those that cannot be told from it, and the share asked about.
    fn ranges(&self) -> Table {
        let levels: Vec<usize> = (0..self.best.len()).collect();
        let label_of = |share: Option<usize>| {
            share.map_or(String::new(), |place| label(self.options.shares[place]))
        };
        let best = |level: &usize| self.best[*level].share;
        let number =
            |share: Option<usize>| share.map_or(f64::NAN, |place| self.options.shares[place]);
        let range = |level: &usize| self.best[*level].range();
        let asked = |level: &usize| -> Option<&Standing> {
            self.best[*level].of(self.options.reference_place()?)
        };
        let of_asked =
            |of: fn(&Standing) -> f64| move |level: &usize| asked(level).map_or(f64::NAN, of);
        let unit = measures()[self.objective.place()].unit;
        Table::of_rows("range", &levels)
            .number(
                "demand",
                "times",
                "What referrals are multiplied by",
                |level| self.options.demand[*level],
            )
            .text("objective", "What decides", |_| {
                self.options.objective.as_str()
            })
            .text("best", "PWP : HIT with the best mean of it", |level| {
                label_of(best(level))
            })
            .number("best_share", "share", "PWP share of that mix", |level| {
                number(best(level))
            })
            .number(
                "best_mean",
                unit,
                "Mean of the objective with that mix",
                |level| {
                    let standing = best(level).and_then(|share| self.best[*level].of(share));
                    standing.map_or(f64::NAN, |standing| standing.mean)
                },
            )
            .number(
                "low_share",
                "share",
                "Lowest PWP share that cannot be told from it",
                |level| number(range(level).map(|range| range.low)),
            )
            .number(
                "high_share",
                "share",
                "Highest PWP share that cannot be told from it",
                |level| number(range(level).map(|range| range.high)),
            )
            .truth(
                "gaps",
                "Whether a share between them can be told from it",
                |level| range(level).is_some_and(|range| range.gaps),
            )
            .text("asked", "PWP : HIT that is asked about", |_| {
                label(self.options.reference)
            })
            .truth(
                "asked_in_range",
                "Whether it cannot be told from the best one",
                |level| asked(level).is_some_and(|standing| standing.in_range),
            )
            .number(
                "asked_probability",
                "share",
                "Probability that it is best, alone or with others",
                of_asked(|standing| standing.among_best),
            )
            .number(
                "asked_difference",
                unit,
                "Mean difference of the objective from the best mix, world by world",
                of_asked(|standing| standing.difference.0),
            )
            .number(
                "asked_difference_low",
                unit,
                "Lower end of the 95 % interval of this mean",
                of_asked(|standing| standing.difference.1),
            )
            .number(
                "asked_difference_high",
                unit,
                "Upper end of the 95 % interval of this mean",
                of_asked(|standing| standing.difference.2),
            )
            .table()
    }

    /// One row a level and a share: how surely it is best.
    fn standings(&self) -> Table {
        let places = self.places();
        let unit = measures()[self.objective.place()].unit;
        let of = |place: &Place| self.best[place.level].of(place.share);
        let number =
            |number: fn(&Standing) -> f64| move |place: &Place| of(place).map_or(f64::NAN, number);
        self.placed("best", &places, |&place| place)
            .number(
                "probability_best",
                "share",
                "Probability that this mix is best: share of the worlds; equals share a world",
                |place| of(place).map_or(0.0, |standing| standing.probability),
            )
            .number(
                "standard_error",
                "share",
                "Standard error of it, from the number of worlds",
                number(|standing| standing.error),
            )
            .number(
                "probability_among_best",
                "share",
                "Probability that no mix is better",
                |place| of(place).map_or(0.0, |standing| standing.among_best),
            )
            .truth("in_range", "Whether it cannot be told from the best mix", |place| {
                of(place).is_some_and(|standing| standing.in_range)
            })
            .truth("best", "Whether it has the best mean of the objective", |place| {
                self.best[place.level].share == Some(place.share)
            })
            .number("mean", unit, "Mean of the objective", number(|standing| standing.mean))
            .number(
                "difference",
                unit,
                "Mean difference from the best mix, world by world",
                number(|standing| standing.difference.0),
            )
            .number(
                "difference_low",
                unit,
                "Lower end of the 95 % interval of this mean",
                number(|standing| standing.difference.1),
            )
            .number(
                "difference_high",
                unit,
                "Upper end of the 95 % interval of this mean",
                number(|standing| standing.difference.2),
            )
            .text(
                "same_as",
                "Share with the same whole posts, whose row this repeats; empty if there is none before it",
                |&place| self.same_as(place),
            )
            .truth("feasible", "Whether the mix can go ahead", |place| of(place).is_some())
            .table()
    }

    fn same_as(&self, place: Place) -> String {
        let same = self.cell(place.level, place.share).same_as;
        same.map_or(String::new(), |share| label(self.options.shares[share]))
    }

    /// One row a level, a share and a measure: mean and quantiles over the worlds.
    fn curves(&self) -> Table {
        let mut rows = Vec::new();
        for place in self.places() {
            let worlds = self.rows(place.level, place.share);
            for measure in 0..measures().len() {
                let values = worlds.iter().map(|world| world[measure]);
                let mut sorted: Vec<f64> = values.filter(|value| !value.is_nan()).collect();
                sorted.sort_by(f64::total_cmp);
                rows.push(Curve {
                    place,
                    measure,
                    mean: sorted.iter().copied().collect::<Running>().mean(),
                    sorted,
                });
            }
        }
        let of = measures();
        let table = self
            .placed("curves", &rows, |row| row.place)
            .text("measure", "What is looked at", |row| of[row.measure].name)
            .text("unit", "Unit", |row| of[row.measure].unit)
            .number("mean", "", "Mean over the worlds", |row| {
                if row.sorted.is_empty() {
                    f64::NAN
                } else {
                    row.mean
                }
            });
        QUANTILES
            .into_iter()
            .fold(table, |table, (name, share)| {
                let meaning = format!("{} % of the worlds lie below", share * 100.0);
                table.number(name, "", &meaning, |row| quantile_of(&row.sorted, share))
            })
            .table()
    }

    /// One row a level and a share: its posts, and whether it can go ahead.
    fn mixes(&self) -> Table {
        let places = self.places();
        let mix = |place: &Place| {
            let mix = self.cell(place.level, place.share).mix?;
            Some(&self.layout.mixes[mix])
        };
        let number = |of: fn(&super::laid_out::Mix) -> f64| {
            move |place: &Place| mix(place).map_or(f64::NAN, of)
        };
        let refusal = |place: &Place| refusal_of(self, place.level, place.share);
        self.placed("mixes", &places, |&place| place)
            .text("hold", "What is the same for all mixes", |_| self.options.hold.name())
            .number(
                "pwp_wte",
                "WTE",
                "Low-intensity posts, seniors included",
                number(|mix| mix.staff.low),
            )
            .number(
                "hit_wte",
                "WTE",
                "High-intensity posts, leads included",
                number(|mix| mix.staff.high),
            )
            .number(
                "supervisors_wte",
                "WTE",
                "Seniors and leads among them",
                number(|mix| mix.staff.supervisors),
            )
            .number(
                "trainees_a_year",
                "heads a year",
                "Training places that replace a year's leavers",
                number(|mix| mix.staff.trainees),
            )
            .number(
                "recurrent_pounds",
                "pounds a year",
                "Full-year pay and on-costs of both families",
                number(|mix| mix.pay),
            )
            .text(
                "same_as",
                "Share with the same whole posts, whose row this repeats; empty if there is none before it",
                |&place| self.same_as(place),
            )
            .truth("feasible", "Whether the mix can go ahead", |place| refusal(place).is_none())
            .text("rule", "Rule that stands in its way", |place| {
                refusal(place).map_or(String::new(), |found| found.0)
            })
            .text("message", "What is wrong", |place| {
                refusal(place).map_or(String::new(), |found| found.1)
            })
            .table()
    }

    /// One row a rule that is broken, by level and share.
    fn rules(&self) -> Table {
        let mut rows = Vec::new();
        for place in self.places() {
            let cell = self.cell(place.level, place.share);
            rows.extend(cell.refusal.iter().map(|refusal| Rule {
                place,
                severity: "infeasible",
                name: refusal.rule.into(),
                message: refusal.message.clone(),
                months: 0,
            }));
            let broken = cell.run.map_or(&[][..], |run| &self.found[run].broken);
            rows.extend(broken.iter().map(|rule| Rule {
                place,
                severity: rule.severity,
                name: rule.rule.clone(),
                message: rule.sentence.clone(),
                months: i64::try_from(rule.months.2).unwrap_or(0),
            }));
        }
        let severity = "infeasible: the mix cannot be had; condition: it cannot go ahead; warning: somebody should look; target: a promise is missed";
        self.placed("rules", &rows, |row| row.place)
            .text("severity", severity, |row| row.severity)
            .text("rule", "Name of the rule", |row| row.name.as_str())
            .whole(
                "months",
                "months",
                "Months in which it is broken, with everything unsure at its mean",
                |row| row.months,
            )
            .text("message", "What is broken", |row| row.message.as_str())
            .table()
    }
}

/// The quantile of a sorted list; not a number for an empty one, and infinite where waits have no end.
fn quantile_of(sorted: &[f64], share: f64) -> f64 {
    if sorted.is_empty() {
        return f64::NAN;
    }
    let value = quantile(sorted, share);
    if value.is_nan() { f64::INFINITY } else { value }
}
