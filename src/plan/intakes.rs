//! How many trainees could start in each of the next three autumns without breaking a rule, and which rule
//! would one more break?

use jiff::civil::{Date, date};

use crate::intake::{intake_columns, largest_intake};
use crate::scenario::Scenario;
use crate::table::Table;

/// Autumns that are looked at.
const AUTUMNS: i16 = 3;

/// The first days of October that follow the start of the plan.
fn autumns(start: Date) -> impl Iterator<Item = Date> {
    let first = date(start.year(), 10, 1);
    let next = i16::from(first < start);
    (next..next + AUTUMNS).map(move |years| date(start.year() + years, 10, 1))
}

/// The largest intake of each course in each of the next autumns, each by itself.
pub fn table(scenario: &Scenario) -> Table {
    let spec = scenario.spec();
    let mut rows = Vec::new();
    for course in spec.training.courses.keys() {
        for start in autumns(spec.calendar.start) {
            // A course that ends after the calendar is left out.
            rows.extend(largest_intake(scenario, course, start));
        }
    }
    intake_columns(Table::of_rows("intakes", &rows)).table()
}
