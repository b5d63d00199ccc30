//! How do the hours of a job plan compare with the published norms of people a year?

use crate::pathway::Course;
use crate::plan::needs::Needs;
use crate::reference::norms;
use crate::table::Table;
use crate::timetable::{Timetable, Treatment};

/// Hours and published people-a-year norms side by side, for one WTE.
pub fn norms(timetable: &Timetable, needs: &Needs) -> Table {
    let by_hours = "Worked out from the job plan and the pathway of this scenario";
    Table::of_rows("norms", norms::norms())
        .text("role", "Role", |row| &row.role)
        .text("norm", "What is counted a WTE", |row| &row.norm)
        .number("by_hours", "", by_hours, |row| {
            people_per_wte(timetable, needs, &row.role, &row.norm)
        })
        .number("published", "", "Published norm", |row| row.value)
        .text("unit", "Unit of both", |row| &row.unit)
        .text("source", "Source of the published norm", |row| &row.source)
        .text("note", "What to know", |row| &row.note)
        .table()
}

/// What `norm` counts for one WTE of a role who divides the week as its pool does.
fn people_per_wte(timetable: &Timetable, needs: &Needs, role: &str, norm: &str) -> f64 {
    let Some(index) = timetable.role(role) else {
        return f64::NAN;
    };
    let place = &timetable.roles[index];
    let pool = &needs.pools[place.pool];
    let own = if place.course.is_some() {
        place.pool
    } else {
        index
    };
    let hours = needs.roles[own].hours_per_wte * needs.roles[index].ramp_of_year;
    let courses = pool.courses / pool.demand();
    match norm {
        "assessments" => {
            hours * (pool.assessment / pool.demand()) * needs.demand.assessed / pool.assessment
        }
        "course_starts" | "new_starts" => {
            let starts: f64 = treatments_of(timetable, needs, place.pool)
                .map(|(_, starts)| starts)
                .sum();
            hours * courses * starts / pool.courses
        }
        _ => {
            let cases = treatments_of(timetable, needs, place.pool).map(|(treatment, starts)| {
                // In the long run: starts a week x weeks in a course.
                let course = Course::new(&treatment.said, &[]);
                course.open_cases_a_weekly_start().iter().sum::<f64>() * starts / needs.weeks
            });
            hours * courses / pool.courses * cases.sum::<f64>()
        }
    }
}

/// Treatments that a pool gives, with their course starts a year if everybody is served.
fn treatments_of<'a>(
    timetable: &'a Timetable,
    needs: &'a Needs,
    pool: usize,
) -> impl Iterator<Item = (&'a Treatment, f64)> {
    let treatments = timetable
        .treatments
        .iter()
        .zip(needs.starts.iter().copied());
    treatments.filter(move |(treatment, _)| treatment.pools[0] == pool)
}
