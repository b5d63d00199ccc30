//! Which worlds may we be in? Draws of all that is unsure in a scenario, one row a world.
//!
//! ```text
//! value(world, path) = quantile of the family of the path, at uniform(design, seed, path, world)
//! ```
//!
//! Numbers that go together have their uniform numbers mixed by a copula first.

use rayon::prelude::*;

use crate::design::Design;
use crate::error::{Error, Problem, ProblemKind, Result, nearest};
use crate::scenario::Scenario;
use crate::scenario::walk::UnsureField;
use crate::table::{Table, Values};
use crate::threads;
use crate::unit::Draw;

/// Most worlds of one design.
pub const MOST_WORLDS: usize = 1_000_000;

/// Most worlds x unsure numbers of one design: about 400 megabytes.
pub const MOST_VALUES: usize = 50_000_000;

/// Faults of given worlds that are listed.
const MOST_PROBLEMS: usize = 50;

/// Draws of all that is unsure in a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Worlds {
    number: usize,
    /// Path and unit of each unsure number, in the order of their places.
    fields: Vec<(String, String)>,
    /// Values by world, then by place.
    values: Vec<f64>,
}

impl Worlds {
    /// The first `number` worlds of a design.
    ///
    /// # Errors
    /// [`Error::Scenario`] if there are no worlds, or too many.
    pub fn drawn(scenario: &Scenario, design: Design, number: usize, seed: u64) -> Result<Self> {
        let unsure = scenario.unsure();
        let mut worlds = Self::of(scenario, "draws", number)?;
        if unsure.len() > design.most_fields() {
            let found = format!("{} unsure numbers", unsure.len());
            let expected = format!(
                "at most {}; a Latin hypercube draws any number",
                design.most_fields()
            );
            return Err(Problem::new("design", found, expected)
                .of_kind(ProblemKind::Limit)
                .into());
        }
        let places = |(dimension, field): (usize, &UnsureField)| {
            design.uniforms(&field.path, dimension, number, seed)
        };
        let mut uniforms: Vec<Vec<f64>> = unsure.iter().enumerate().map(places).collect();
        for together in scenario.together() {
            let slots = &together.slots;
            let mut fields: Vec<Vec<f64>> = slots
                .iter()
                .map(|&slot| std::mem::take(&mut uniforms[slot]))
                .collect();
            together
                .copula
                .mix(&mut fields, design == Design::LatinHypercube);
            for (&slot, field) in slots.iter().zip(fields) {
                uniforms[slot] = field;
            }
        }
        if unsure.is_empty() {
            return Ok(worlds);
        }
        // Each value by itself: any number of threads gives the same bits.
        threads::install(|| {
            let rows = worlds.values.par_chunks_mut(unsure.len()).enumerate();
            rows.with_min_len(64).for_each(|(world, row)| {
                for (slot, value) in row.iter_mut().enumerate() {
                    *value = unsure[slot].spread.quantile(uniforms[slot][world]);
                }
            });
        });
        Ok(worlds)
    }

    /// Worlds that somebody else has designed: one row a world, one column a path. Unsure numbers that are
    /// not named keep their mean.
    ///
    /// # Errors
    /// [`Error::Scenario`] with every path that is not unsure or stands twice, every row that has not one
    /// value a path, and every value outside the range of its field; of the rows the
    /// first faults are listed.
    pub fn given(scenario: &Scenario, paths: &[String], rows: &[Vec<f64>]) -> Result<Self> {
        let unsure = scenario.unsure();
        let mut worlds = Self::of(scenario, "rows", rows.len())?;
        let mut problems = Vec::new();
        let mut slots = Vec::with_capacity(paths.len());
        for (place, path) in paths.iter().enumerate() {
            let here = format!("paths[{place}]");
            let slot = unsure.iter().position(|field| field.path == *path);
            if slot.is_some_and(|slot| slots.contains(&slot)) {
                problems.push(Problem::told(&here, path, "stands twice", "each path once"));
            } else if slot.is_none() {
                let known = unsure.iter().map(|field| field.path.as_str());
                let problem = Problem::told(&here, path, "not unsure here", "an unsure path");
                problems.push(problem.suggest(nearest(path, known)));
            }
            slots.extend(slot);
        }
        if !problems.is_empty() {
            return Err(Error::Scenario(problems));
        }
        for (world, row) in rows.iter().enumerate() {
            if problems.len() >= MOST_PROBLEMS {
                break;
            }
            if row.len() != slots.len() {
                let expected = format!("{} values, one a path", slots.len());
                let found = format!("{} values", row.len());
                problems.push(Problem::new(&format!("rows[{world}]"), found, expected));
                continue;
            }
            for (&slot, &value) in slots.iter().zip(row) {
                let (low, high) = unsure[slot].range;
                if value >= low && value <= high {
                    worlds.values[world * unsure.len() + slot] = value;
                } else {
                    let here = format!("rows[{world}], {}", unsure[slot].path);
                    problems.push(Problem::new(&here, value, format!("{low} to {high}")));
                }
            }
        }
        if problems.is_empty() {
            Ok(worlds)
        } else {
            Err(Error::Scenario(problems))
        }
    }

    /// So many worlds in which everything has its mean.
    fn of(scenario: &Scenario, asked: &str, number: usize) -> Result<Self> {
        let unsure = scenario.unsure();
        let most = MOST_WORLDS.min(MOST_VALUES / unsure.len().max(1));
        if number == 0 || number > most {
            let problem = Problem::new(asked, number, format!("1 to {most}"));
            let kind = if number == 0 {
                ProblemKind::Field
            } else {
                ProblemKind::Limit
            };
            return Err(problem.of_kind(kind).into());
        }
        let means: Vec<f64> = unsure.iter().map(|field| field.spread.mean()).collect();
        Ok(Self {
            number,
            fields: unsure
                .iter()
                .map(|field| (field.path.clone(), field.unit.clone()))
                .collect(),
            values: means.repeat(number),
        })
    }

    /// Number of worlds.
    #[must_use]
    pub const fn number(&self) -> usize {
        self.number
    }

    /// Paths of the unsure numbers, in the order of their places in a draw.
    #[must_use]
    pub fn paths(&self) -> Vec<&str> {
        self.fields.iter().map(|(path, _)| path.as_str()).collect()
    }

    /// The value of each unsure number in one world; the means if there is no such world.
    #[must_use]
    pub fn draw(&self, world: usize) -> Draw<'_> {
        let width = self.fields.len();
        let start = world.saturating_mul(width);
        let row = start..start.saturating_add(width);
        self.values.get(row).unwrap_or_default()
    }

    /// One row a world, one column a path.
    #[must_use]
    pub fn table(&self) -> Table {
        let width = self.fields.len();
        let worlds = (0..i64::try_from(self.number).unwrap_or(i64::MAX)).collect();
        let table = Table::new("worlds").and(
            "world",
            "",
            "Number of the world, from 0",
            Values::Whole(worlds),
        );
        (self.fields.iter().enumerate()).fold(table, |table, (slot, (path, unit))| {
            let values = self.values.iter().skip(slot).step_by(width).copied();
            table.number(path, unit, "Value that was drawn", values.collect())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Design, Scenario, Worlds};
    use crate::error::Error;
    use crate::stream::Stream;

    const PWP: &str = "staff.pwp.leavers_per_year";
    const REFERRALS: &str = "demand.rate.referrals";

    fn scenario() -> Scenario {
        let text = r#"
            schema = 1
            pack = "talking-therapies-2025"
            [demand.rate]
            referrals = { unsure = { uniform = [9000, 11000] } }
            per = "year"
            [staff.pwp]
            leavers_per_year = { unsure = { triangular = [0.1, 0.2, 0.4] } }
        "#;
        Scenario::from_toml(text).unwrap()
    }

    fn problems(error: &Error) -> Vec<&str> {
        let Error::Scenario(problems) = error else {
            panic!("{error}")
        };
        problems.iter().map(|p| p.message.as_str()).collect()
    }

    /// Uniform from 9,000 to 11,000 at u is 9,000 + 2,000 u; u is the stream of the path.
    #[test]
    fn a_draw_is_the_quantile_at_the_number_of_the_path() {
        let worlds = Worlds::drawn(&scenario(), Design::Random, 5, 7).unwrap();
        assert_eq!(worlds.paths(), [REFERRALS, PWP]);
        for world in 0..5 {
            let u = Stream::named(7, REFERRALS).uniform(world as u64);
            assert_eq!(
                worlds.draw(world)[0].to_bits(),
                (9000.0 + u * 2000.0).to_bits()
            );
        }
        let table = worlds.table();
        assert_eq!(table.len(), 5);
        assert_eq!(table.column(REFERRALS).unwrap().unit, "referrals");
        assert_eq!(table.numbers(PWP)[3].to_bits(), worlds.draw(3)[1].to_bits());
    }

    #[test]
    fn more_worlds_leave_the_first_ones_as_they_were() {
        let few = Worlds::drawn(&scenario(), Design::Random, 5, 7).unwrap();
        let many = Worlds::drawn(&scenario(), Design::Random, 50, 7).unwrap();
        assert!((0..5).all(|world| few.draw(world) == many.draw(world)));
    }

    /// What is not named keeps its mean: (0.1 + 0.2 + 0.4) / 3.
    #[test]
    fn given_worlds_are_taken_as_they_are() {
        let rows = [vec![9500.0], vec![10_500.0]];
        let worlds = Worlds::given(&scenario(), &[REFERRALS.into()], &rows).unwrap();
        assert_eq!(worlds.number(), 2);
        assert_eq!(worlds.draw(1)[0].to_bits(), 10_500.0_f64.to_bits());
        assert!((worlds.draw(1)[1] - 0.7 / 3.0).abs() < 1e-15);
    }

    #[test]
    fn bad_worlds_are_refused_with_all_faults() {
        let none = Worlds::drawn(&scenario(), Design::Random, 0, 7).unwrap_err();
        assert_eq!(problems(&none), ["draws: got 0, allowed: 1 to 1000000"]);
        let paths = [PWP.to_string(), PWP.into(), "staff.pwp.leaver".into()];
        let wrong = Worlds::given(&scenario(), &paths, &[vec![0.2]]).unwrap_err();
        assert_eq!(
            problems(&wrong),
            [
                "paths[1]: stands twice",
                "paths[2]: not unsure here; did you mean staff.pwp.leavers_per_year?"
            ]
        );
        let rows = [vec![0.2], vec![f64::NAN], vec![-0.1], vec![]];
        let wrong = Worlds::given(&scenario(), &[PWP.into()], &rows).unwrap_err();
        assert_eq!(
            problems(&wrong),
            [
                "rows[1], staff.pwp.leavers_per_year: got NaN, allowed: 0 to 10",
                "rows[2], staff.pwp.leavers_per_year: got -0.1, allowed: 0 to 10",
                "rows[3]: got 0 values, allowed: 1 values, one a path"
            ]
        );
    }

    /// Two of the three go together, and the third is as it was.
    #[test]
    fn correlated_numbers_are_drawn_together() {
        let third = "{ unsure = { beta = { mean = 0.7, sd = 0.05 } } }";
        let third: toml::Table = format!("x = {third}").parse().unwrap();
        let more = scenario()
            .with("pathway.opt_in.share", third["x"].clone())
            .unwrap();
        let said = format!("x = [{{ of = [\"{PWP}\", \"{REFERRALS}\"], rank = -0.7 }}]");
        let said: toml::Table = said.parse().unwrap();
        let joint = more.with("correlated", said["x"].clone()).unwrap();
        for design in Design::ALL {
            let apart = Worlds::drawn(&more, design, 4096, 3).unwrap();
            let together = Worlds::drawn(&joint, design, 4096, 3).unwrap();
            let column = |worlds: &Worlds, slot: usize| -> Vec<f64> {
                (0..4096).map(|world| worlds.draw(world)[slot]).collect()
            };
            assert_eq!(column(&apart, 1), column(&together, 1), "{design:?}");
            assert_eq!(
                column(&apart, 2),
                column(&together, 2),
                "the first named stays"
            );
            let (x, y) = (ranks(&column(&together, 0)), ranks(&column(&together, 2)));
            let mean = 4095.0 / 2.0;
            let product: f64 = x.iter().zip(&y).map(|(x, y)| (x - mean) * (y - mean)).sum();
            let found = product / (4096.0 * (4096.0_f64.powi(2) - 1.0) / 12.0);
            assert!(
                (found + 0.7).abs() < 4.0 / 64.0 * 0.51,
                "{design:?}: {found}"
            );
        }
    }

    fn ranks(list: &[f64]) -> Vec<f64> {
        let mut order: Vec<usize> = (0..list.len()).collect();
        order.sort_by(|&a, &b| list[a].total_cmp(&list[b]));
        let mut ranks = vec![0.0; list.len()];
        order
            .into_iter()
            .enumerate()
            .for_each(|(rank, place)| ranks[place] = rank as f64);
        ranks
    }
}
