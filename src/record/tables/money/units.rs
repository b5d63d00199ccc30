//! What does each session, assessment, course start, finisher and recovery of a run cost?

use super::super::Periods;
use crate::calendar::FinancialYear;
use crate::cost::units::Activities;
use crate::record::Record;
use crate::record::costing::{CostRow, Costs, Whose};
use crate::record::measure::TreatmentCounts;
use crate::scenario::Spec;
use crate::scenario::money::CostDriver;
use crate::table::Table;
use crate::timetable::Timetable;
use crate::timetable::units::{UnitRow, YearOfWork, rows};

/// Unit costs by financial year.
pub fn unit_costs(spec: &Spec, timetable: &Timetable, record: &Record) -> Table {
    let run = Run {
        spec,
        timetable,
        record,
        costs: record.costs(spec, timetable),
        periods: Periods::financial_years(timetable, record),
    };
    let years = run.work_of_years();
    let list: Vec<(&FinancialYear, UnitRow)> = timetable
        .calendar
        .financial_years
        .iter()
        .zip(&years)
        .flat_map(|(label, year)| {
            rows(timetable, year)
                .into_iter()
                .map(move |row| (label, row))
        })
        .collect();
    let table = Table::of_rows("unit_costs", &list)
        .text("year", "Financial year", |row| &row.0.label)
        .truth(
            "complete",
            "Whether the horizon covers the whole year",
            |row| row.0.days_inside == row.0.days_whole,
        );
    crate::timetable::units::unit_columns(table, |row| &row.1).table()
}

struct Run<'a> {
    spec: &'a Spec,
    timetable: &'a Timetable,
    record: &'a Record,
    costs: &'a Costs,
    periods: Periods<'a>,
}

impl Run<'_> {
    fn work_of_years(&self) -> Vec<YearOfWork> {
        let number = self.timetable.treatments.len();
        let of_treatments = |of: fn(&TreatmentCounts<1>) -> f64| -> Vec<Vec<f64>> {
            let weekly = |weeks: &Vec<TreatmentCounts<1>>| weeks.iter().map(of).collect::<Vec<_>>();
            let treatments = self.record.treatments.iter();
            treatments
                .map(|weeks| self.periods.flows(&weekly(weeks)))
                .collect()
        };
        let attended = of_treatments(|week| week.attended[0]);
        let starts = of_treatments(|week| week.starts[0]);
        let finishers = of_treatments(|week| week.finishers[0]);
        let recovered = of_treatments(|week| week.recovered[0]);
        let minutes = of_treatments(|week| week.minutes[0]);
        let [assessed, bought] = ["assessed", "treated_elsewhere"]
            .map(|name| self.periods.flows(self.record.measure(name)));
        let (hours, idle) = self.pool_hours(&minutes);
        let years = 0..self.timetable.calendar.financial_years.len();
        let year = |year: usize| {
            let counts = |list: &[Vec<f64>]| list.iter().map(|of| of[year]).collect::<Vec<f64>>();
            let weights = Weights {
                attended: counts(&attended),
                starts: counts(&starts),
                minutes: counts(&minutes),
            };
            let usage = self.costs.usage[year].iter().zip(&self.timetable.roles);
            let trainees = usage.filter(|(_, place)| place.course.is_some());
            YearOfWork {
                pounds: self.pounds(year, &hours[year], &weights),
                assessed: assessed[year],
                courses: (0..number)
                    .map(|t| {
                        [
                            attended[t][year],
                            starts[t][year],
                            finishers[t][year],
                            recovered[t][year],
                        ]
                    })
                    .collect(),
                idle_hours: idle[year],
                trainee_years: trainees.map(|(used, _)| used.wte_years).sum(),
                bought: bought[year],
            }
        };
        years.map(year).collect()
    }

    /// Hours by financial year, pool and activity, and idle hours by financial year.
    fn pool_hours(&self, minutes: &[Vec<f64>]) -> (Vec<Vec<Activities>>, Vec<f64>) {
        let number = self.timetable.treatments.len();
        let years = self.timetable.calendar.financial_years.len();
        let roles = self.timetable.roles.len();
        let mut hours = vec![vec![Activities::none(number); roles]; years];
        let mut all_idle = vec![0.0; years];
        for (role, weeks) in self.record.pools.iter().enumerate() {
            let flow = |of: fn(&crate::record::measure::PoolCounts<1>) -> f64| {
                self.periods
                    .flows(&weeks.iter().map(of).collect::<Vec<_>>())
            };
            let assessment = flow(|week| week.screening[0] + week.assessment[0]);
            let idle = flow(|week| week.idle[0]);
            for (year, hours) in hours.iter_mut().enumerate() {
                hours[role].assessment = assessment[year] / 60.0;
                hours[role].idle = idle[year] / 60.0;
                all_idle[year] += idle[year] / 60.0;
            }
        }
        for (index, place) in self.timetable.treatments.iter().enumerate() {
            for (year, hours) in hours.iter_mut().enumerate() {
                hours[place.pools[0]].treatments[index] += minutes[index][year] / 60.0;
            }
        }
        (hours, all_idle)
    }

    /// Every leaf of a year in the activities that it went into.
    fn pounds(&self, year: usize, hours: &[Activities], weights: &Weights) -> Activities {
        let mut pounds = Activities::none(self.timetable.treatments.len());
        let mut spread = 0.0;
        for row in self.costs.rows.iter().filter(|row| row.year == year) {
            let done = match row.whose {
                Whose::Role(role) if self.timetable.roles[role].course.is_some() => {
                    pounds.training += row.leaf.pounds;
                    true
                }
                Whose::Role(role) => {
                    let pool = self.timetable.roles[role].pool;
                    pounds.share_out(row.leaf.pounds, &hours[pool])
                }
                Whose::Service => self.of_the_service(row, weights, &mut pounds),
            };
            if !done {
                spread += row.leaf.pounds;
            }
        }
        pounds.spread(spread);
        pounds
    }

    /// A line of no role: to what it is counted by, if that is an activity.
    fn of_the_service(&self, row: &CostRow, weights: &Weights, pounds: &mut Activities) -> bool {
        let number = self.timetable.treatments.len();
        let leaf = &row.leaf;
        if leaf.line == "bought_activity" {
            pounds.bought += leaf.pounds;
            return true;
        }
        let face_to_face = || {
            let places = self.timetable.treatments.iter().zip(&weights.minutes);
            let in_rooms = places.map(|(place, minutes)| minutes * place.said.in_rooms());
            in_rooms.collect()
        };
        let Some(line) = self.spec.money.lines.get(&*leaf.line) else {
            // Rooms are the only other line of no role.
            let rooms = Activities {
                treatments: face_to_face(),
                ..Activities::none(number)
            };
            return pounds.share_out(leaf.pounds, &rooms);
        };
        let counted = |of: &[f64]| -> Vec<f64> {
            let places = self.timetable.treatments.iter().zip(of);
            let counted = places.map(|(place, &count)| {
                let path = format!("step{}.{}", place.step, place.name);
                let here = line.treatments.is_empty() || line.treatments.contains(&path);
                if here { count } else { 0.0 }
            });
            counted.collect()
        };
        let treatments = match line.per {
            CostDriver::Assessment => {
                pounds.assessment += leaf.pounds;
                return true;
            }
            CostDriver::Session => counted(&weights.attended),
            CostDriver::CourseStart => counted(&weights.starts),
            CostDriver::Room => face_to_face(),
            CostDriver::Wte | CostDriver::Head | CostDriver::Year => return false,
        };
        let weights = Activities {
            treatments,
            ..Activities::none(number)
        };
        pounds.share_out(leaf.pounds, &weights)
    }
}

/// Counts of a year by treatment.
struct Weights {
    attended: Vec<f64>,
    starts: Vec<f64>,
    minutes: Vec<f64>,
}
