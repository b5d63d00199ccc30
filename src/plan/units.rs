//! What does each session, assessment, course start, finisher and recovery of a planned year cost?
//!
//! Twice: the staff in post and what they deliver; the staff needed and the whole demand, with the training
//! places that replace a year's leavers. Named lines of no role and rooms follow the other activities in
//! proportion; lines paid for some months only and bought treatment belong to a run.

use crate::cost::Usage;
use crate::cost::units::Activities;
use crate::pathway::{Course, minutes_an_assessment};
use crate::plan::cost::{CostLeaf, usage};
use crate::plan::needs::{Flow, Needs};
use crate::scenario::Spec;
use crate::table::Table;
use crate::timetable::Timetable;
use crate::timetable::units::{CourseCounts, UnitRow, YearOfWork, rows, unit_columns};

/// One of the two ways in which a year is staffed.
struct Staffed<'a> {
    name: &'static str,
    flow: &'a Flow,
    courses: &'a [CourseCounts],
    pounds: fn(&CostLeaf) -> f64,
    used: fn((Usage, Usage)) -> Usage,
    /// Bookable hours of a pool less supervision.
    hours: fn(&Timetable, &Needs, usize) -> f64,
}

/// Unit costs of the staff in post and of those needed.
pub fn table(spec: &Spec, timetable: &Timetable, needs: &Needs, cost: &[CostLeaf]) -> Table {
    let ways = [
        Staffed {
            name: "in_post",
            flow: &needs.delivered,
            courses: &needs.courses_delivered,
            pounds: |leaf| leaf.pounds_in_post,
            used: |(in_post, _)| in_post,
            hours: |_, needs, pool| {
                let need = &needs.pools[pool];
                need.in_post - need.supervision_in_post
            },
        },
        Staffed {
            name: "needed",
            flow: &needs.demand,
            courses: &needs.courses,
            pounds: |leaf| leaf.pounds_needed,
            used: |(_, needed)| needed,
            hours: |timetable, needs, pool| {
                let members = timetable
                    .roles_of_pool(pool)
                    .filter(|&role| timetable.roles[role].course.is_none());
                let hours = members.map(|role| {
                    let role = &needs.roles[role];
                    role.needed * role.hours_per_wte
                });
                hours.sum::<f64>() - needs.pools[pool].supervision_needed
            },
        },
    ];
    let list: Vec<(&str, UnitRow)> = ways
        .iter()
        .flat_map(|way| {
            let year = way.year(spec, timetable, needs, cost);
            rows(timetable, &year)
                .into_iter()
                .map(|row| (way.name, row))
        })
        .collect();
    let staff =
        "in_post: the staff in post and what they deliver; needed: the staff needed and the demand";
    let table = Table::of_rows("unit_costs", &list).text("staff", staff, |row| row.0);
    unit_columns(table, |row| &row.1).table()
}

impl Staffed<'_> {
    fn year(
        &self,
        spec: &Spec,
        timetable: &Timetable,
        needs: &Needs,
        cost: &[CostLeaf],
    ) -> YearOfWork {
        let hours = self.hours_of_pools(spec, timetable, needs);
        let mut pounds = Activities::none(timetable.treatments.len());
        let mut spread = 0.0;
        for leaf in cost {
            let here = (self.pounds)(leaf);
            let Some(role) = leaf.role else {
                spread += here;
                continue;
            };
            let place = &timetable.roles[role];
            if place.course.is_some() {
                pounds.training += here;
            } else if !pounds.share_out(here, &hours[place.pool]) {
                spread += here;
            }
        }
        pounds.spread(spread);
        let trainees =
            (0..timetable.roles.len()).filter(|&role| timetable.roles[role].course.is_some());
        let trainee_years = trainees
            .map(|role| (self.used)(usage(spec, timetable, needs, role)).wte_years)
            .sum();
        YearOfWork {
            pounds,
            assessed: self.flow.assessed,
            courses: self.courses.to_vec(),
            idle_hours: hours.iter().map(|pool| pool.idle).sum(),
            trainee_years,
            bought: 0.0,
        }
    }

    /// Hours of each pool by activity.
    fn hours_of_pools(&self, spec: &Spec, timetable: &Timetable, needs: &Needs) -> Vec<Activities> {
        let number = timetable.treatments.len();
        let mut hours = vec![Activities::none(number); timetable.roles.len()];
        for (index, place) in timetable.treatments.iter().enumerate() {
            let course = Course::new(&place.said, &[]);
            let starts = self.courses[index][1];
            hours[place.pools[0]].treatments[index] = starts * course.minutes_a_start() / 60.0;
        }
        let said = &spec.pathway.assessment;
        let outside = said.slots_per_week.is_some() || said.at_once;
        if let Some(role) = timetable.assessment_role.filter(|_| !outside) {
            let minutes = minutes_an_assessment(&spec.pathway, &[]);
            hours[timetable.roles[role].pool].assessment += self.flow.assessed * minutes / 60.0;
        }
        for (pool, need) in needs.pools.iter().enumerate() {
            let used = hours[pool].assessment + hours[pool].treatments.iter().sum::<f64>();
            hours[pool].assessment += need.screening;
            let all = (self.hours)(timetable, needs, pool);
            hours[pool].idle = (all - used - need.screening).max(0.0);
        }
        hours
    }
}
