//! How many people come, wait, are treated and finish, by week, month, quarter and year?

use super::Periods;
use crate::measures::{mean_wait, share};
use crate::record::Record;
use crate::record::measure::{MEASURES, SHARES, Sum, TreatmentCounts, WAITS};
use crate::table::Table;
use crate::timetable::Timetable;

/// A count of a treatment: name, unit, meaning, how it adds up, its value in a week.
type TreatmentMeasure = (
    &'static str,
    &'static str,
    &'static str,
    Sum,
    fn(&TreatmentCounts<1>) -> f64,
);

const STARTS: TreatmentMeasure = ("starts", "people", "Course starts", Sum::Flow, |week| {
    week.starts[0]
});
const WAITING: TreatmentMeasure = ("waiting", "people", "Waiting", Sum::Stock, |week| {
    week.waiting[0]
});
const OPEN: TreatmentMeasure = ("open", "people", "In a course", Sum::Stock, |week| {
    week.open[0]
});

/// What a period shows of a treatment.
const BY_PERIOD: [TreatmentMeasure; 3] = [STARTS, WAITING, OPEN];

/// What a week shows of a treatment.
const BY_WEEK: [TreatmentMeasure; 8] = [
    STARTS,
    (
        "share_held",
        "share",
        "Share of the sessions due that were held",
        Sum::Flow,
        |week| week.share_held[0],
    ),
    (
        "attended",
        "sessions",
        "Sessions attended",
        Sum::Flow,
        |week| week.attended[0],
    ),
    (
        "completed",
        "people",
        "Courses completed",
        Sum::Flow,
        |week| week.completed[0],
    ),
    ("dropped_out", "people", "Dropped out", Sum::Flow, |week| {
        week.dropped_out[0]
    }),
    (
        "stepped",
        "people",
        "Stepped up or down",
        Sum::Flow,
        |week| week.stepped[0],
    ),
    WAITING,
    OPEN,
];

/// The table by week.
pub fn weekly(timetable: &Timetable, record: &Record) -> Table {
    let weeks: Vec<_> = (1_i64..).zip(&timetable.calendar.weeks).collect();
    let table = Table::of_rows("weekly", &weeks)
        .whole("week", "", "Number of the week", |week| week.0)
        .day("start", "First day of the week", |week| week.1.start)
        .whole("working_days", "days", "Working days", |week| {
            week.1.working_days.into()
        })
        .table();
    let as_it_is = |_: Sum, weekly: &[f64]| weekly.to_vec();
    let table = people(table, timetable, &record.counts);
    let table = waits(table, &record.counts);
    let table = treatments(
        table,
        timetable,
        record,
        &BY_WEEK,
        "Mean weeks waited",
        as_it_is,
    );
    staff_and_minutes(table, timetable, record)
}

/// The table by month.
pub fn monthly(timetable: &Timetable, record: &Record) -> Table {
    by_period(&Periods::months(timetable, record), "monthly", "month")
}

/// The table by quarter of the financial year.
pub fn quarterly(timetable: &Timetable, record: &Record) -> Table {
    by_period(
        &Periods::quarters(timetable, record),
        "quarterly",
        "quarter",
    )
}

/// The table by financial year.
pub fn yearly(timetable: &Timetable, record: &Record) -> Table {
    by_period(
        &Periods::financial_years(timetable, record),
        "yearly",
        "year",
    )
}

fn by_period(periods: &Periods, name: &str, key: &str) -> Table {
    let table = Table::of_rows(name, &periods.spans)
        .text(key, "Period", |span| span.label)
        .whole(
            "days",
            "days",
            "Days of the period inside the horizon",
            |span| span.days_inside.into(),
        )
        .truth(
            "complete",
            "Whether the horizon covers the whole period",
            |span| span.days_inside == span.days_whole,
        )
        .table();
    let sum = |sum, weekly: &[f64]| periods.sum(sum, weekly);
    let counts: Vec<Vec<f64>> = MEASURES
        .iter()
        .zip(&periods.record.counts)
        .map(|(measure, weekly)| match measure.0 {
            "referrals" => periods.referrals(),
            _ => sum(measure.1, weekly),
        })
        .collect();
    let table = people(table, periods.timetable, &counts);
    let table = shares(waits(table, &counts), &counts);
    let waited = "Mean weeks waited by those who started";
    treatments(
        table,
        periods.timetable,
        periods.record,
        &BY_PERIOD,
        waited,
        sum,
    )
}

/// Counts of people and appointments; `counts` stand in the order of [`MEASURES`].
/// People off benefits are shown where the service counts them.
fn people(mut table: Table, timetable: &Timetable, counts: &[Vec<f64>]) -> Table {
    for (&(name, sum, meaning), values) in MEASURES.iter().zip(counts) {
        let counted = name != "off_benefits" || timetable.counts_off_benefits;
        if sum != Sum::Waited && counted {
            table = table.number(name, "people", meaning.trim(), values.clone());
        }
    }
    table
}

fn count<'a>(counts: &'a [Vec<f64>], name: &str) -> &'a [f64] {
    let place = MEASURES.iter().position(|measure| measure.0 == name);
    place.map_or(&[], |place| &counts[place])
}

fn waits(mut table: Table, counts: &[Vec<f64>]) -> Table {
    for (name, waited, taken, waiting, meaning) in WAITS {
        let [waited, taken, waiting] = [waited, taken, waiting].map(|name| count(counts, name));
        table = table.number(name, "weeks", meaning, mean_waits(waited, taken, waiting));
    }
    table
}

fn mean_waits(waited: &[f64], taken: &[f64], waiting: &[f64]) -> Vec<f64> {
    waited
        .iter()
        .zip(taken)
        .zip(waiting)
        .map(|((&waited, &taken), &waiting)| mean_wait(waited, taken, waiting))
        .collect()
}

fn shares(mut table: Table, counts: &[Vec<f64>]) -> Table {
    for (name, part, whole, meaning) in SHARES {
        let pairs = count(counts, part).iter().zip(count(counts, whole));
        let values = pairs.map(|(&part, &whole)| share(part, whole)).collect();
        table = table.number(name, "share", meaning, values);
    }
    table
}

/// The columns of each treatment, its mean wait last.
fn treatments(
    mut table: Table,
    timetable: &Timetable,
    record: &Record,
    shown: &[TreatmentMeasure],
    waited: &str,
    sum: impl Fn(Sum, &[f64]) -> Vec<f64>,
) -> Table {
    for (place, weeks) in timetable.treatments.iter().zip(&record.treatments) {
        let (name, title) = (&place.name, &place.said.title);
        let summed = |way, of: fn(&TreatmentCounts<1>) -> f64| -> Vec<f64> {
            sum(way, &weeks.iter().map(of).collect::<Vec<_>>())
        };
        for &(measure, unit, meaning, way, of) in shown {
            table = table.number(
                &format!("{measure}_{name}"),
                unit,
                &format!("{meaning}: {title}"),
                summed(way, of),
            );
        }
        let wait = mean_waits(
            &summed(Sum::Waited, |week| week.waited[0]),
            &summed(Sum::Flow, |week| week.starts[0]),
            &summed(Sum::Stock, |week| week.waiting[0]),
        );
        table = table.number(
            &format!("wait_{name}_weeks"),
            "weeks",
            &format!("{waited}: {title}"),
            wait,
        );
    }
    table
}

/// What each pool starts a week with.
fn staff_and_minutes(mut table: Table, timetable: &Timetable, record: &Record) -> Table {
    for (index, role) in timetable.pools() {
        let (name, title) = (&role.name, &role.said.title);
        let wte = record.staff[index].iter().map(|week| week.opening);
        let minutes = record.pools[index]
            .iter()
            .map(|pool| pool.bookable[0] - pool.supervision[0]);
        table = table
            .number(
                &format!("wte_{name}"),
                "WTE",
                &format!("In post at the start of the week: {title}"),
                wte.collect(),
            )
            .number(
                &format!("minutes_{name}"),
                "minutes",
                &format!("Bookable minutes less supervision beyond plan: {title}"),
                minutes.collect(),
            );
    }
    table
}
