//! How many people have waited how long, at the end of each month?

use crate::record::Record;
use crate::table::Table;
use crate::timetable::Timetable;

/// People waiting at the end of each month by weeks waited.
pub fn waiting(timetable: &Timetable, record: &Record) -> Table {
    let mut rows = Vec::new();
    for (month, stages) in timetable.calendar.months.iter().zip(&record.waits) {
        for (stage, ages) in ["assessment", "step2", "step3"].into_iter().zip(stages) {
            rows.extend(
                (0..)
                    .zip(ages)
                    .map(|(age, &people)| (month, stage, age, people)),
            );
        }
    }
    let age = "Whole weeks waited for this stage; 27 stands for 27 and more";
    Table::of_rows("waiting", &rows)
        .text("month", "Month", |row| &row.0.label)
        .text("stage", "What they wait for", |row| row.1)
        .whole("weeks_waited", "weeks", age, |row| row.2)
        .number(
            "people",
            "people",
            "People waiting at the end of the month",
            |row| row.3,
        )
        .table()
}
