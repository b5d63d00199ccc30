//! What does a simulation show that expectations cannot? Waits by percentile, caseloads, every appointment.

use crate::calendar::Date;
use crate::simulate::Simulation;
use crate::simulate::person::DAY;
use crate::simulate::terms::Outcome;
use crate::simulate::watch::{Event, LONGEST_DAYS, Loads, MOST_LOAD, Wait, Waits};
use crate::statistics::{replications_for, warm_up};
use crate::table::{Table, Values};
use crate::timetable::Timetable;

/// Percentiles that are shown.
const PERCENTILES: [(&str, f64); 5] = [
    ("p10", 0.1),
    ("p50", 0.5),
    ("p75", 0.75),
    ("p90", 0.9),
    ("p95", 0.95),
];

/// Limits in days whose shares are shown.
const LIMITS: [(&str, usize); 4] = [
    ("within_28_days", 28),
    ("within_42_days", 42),
    ("within_90_days", 90),
    ("within_126_days", 126),
];

/// The value below which a share of what is counted lies: the smallest with at least that share.
fn percentile(counts: &[u64], all: u64, share: f64) -> f64 {
    if all == 0 {
        return f64::NAN;
    }
    let wanted = share * all as f64;
    let mut sum = 0_u64;
    for (value, &count) in counts.iter().enumerate() {
        sum += count;
        if sum as f64 >= wanted && sum > 0 {
            return value as f64;
        }
    }
    counts.len() as f64
}

fn total(counts: &[u64]) -> u64 {
    counts.iter().sum()
}

fn mean(counts: &[u64]) -> f64 {
    let all = total(counts) as f64;
    let sum: f64 = (counts.iter().enumerate())
        .map(|(value, &count)| value as f64 * count as f64)
        .sum();
    if all > 0.0 { sum / all } else { f64::NAN }
}

/// Waits that ended in each month, in whole days.
pub fn waits(timetable: &Timetable, waits: &Waits) -> Table {
    let months = &timetable.calendar.months;
    let rows: Vec<(usize, usize)> = (0..months.len())
        .flat_map(|month| waits.kinds().map(move |kind| (month, kind as usize)))
        .collect();
    let counts = |row: &(usize, usize)| waits.of(Wait::ALL[row.1].0, row.0);
    let numbers = |of: &dyn Fn(&[u64]) -> f64| rows.iter().map(|row| of(counts(row))).collect();
    let mean = |row: &(usize, usize)| {
        let all = total(counts(row));
        if all > 0 {
            waits.sum_of_days(Wait::ALL[row.1].0, row.0) / all as f64
        } else {
            f64::NAN
        }
    };
    let means = rows.iter().map(mean).collect();
    let mut table = Table::new("waits")
        .text(
            "month",
            "Month in which the wait ended",
            rows.iter().map(|row| months[row.0].label.clone()),
        )
        .text(
            "wait",
            "Which wait",
            rows.iter().map(|row| Wait::ALL[row.1].1),
        )
        .text(
            "meaning",
            "From when to when",
            rows.iter().map(|row| Wait::ALL[row.1].2),
        )
        .number(
            "people",
            "people",
            "People whose wait ended, over all replications",
            numbers(&|counts| total(counts) as f64),
        )
        .number(
            "mean_days",
            "days",
            "Mean wait, parts of days included",
            means,
        );
    for (name, share) in PERCENTILES {
        let meaning = format!(
            "{:.0} % waited at most so many whole days; {LONGEST_DAYS} stands for that and more",
            share * 100.0
        );
        let values = numbers(&|counts| percentile(counts, total(counts), share));
        table = table.number(name, "days", &meaning, values);
    }
    for (name, days) in LIMITS {
        let meaning = format!("Share who waited at most {days} whole days");
        let values = numbers(&|counts| {
            let all = total(counts);
            let within = total(&counts[..=days]);
            if all > 0 {
                within as f64 / all as f64
            } else {
                f64::NAN
            }
        });
        table = table.number(name, "share", &meaning, values);
    }
    table
}

/// Open courses of a clinician at the end of each month.
pub fn caseloads(timetable: &Timetable, loads: &Loads, replications: u64) -> Table {
    let months = &timetable.calendar.months;
    let roles: Vec<usize> = (0..timetable.roles.len())
        .filter(|&role| (0..months.len()).any(|month| total(loads.of(role, month)) > 0))
        .collect();
    let rows: Vec<(usize, usize)> = (0..months.len())
        .flat_map(|month| roles.iter().map(move |&role| (month, role)))
        .collect();
    let counts = |row: &(usize, usize)| loads.of(row.1, row.0);
    let numbers = |of: &dyn Fn(&[u64]) -> f64| rows.iter().map(|row| of(counts(row))).collect();
    let runs = replications.max(1) as f64;
    let mut table = Table::new("caseloads")
        .text(
            "month",
            "Month",
            rows.iter().map(|row| months[row.0].label.clone()),
        )
        .text(
            "role",
            "Role",
            rows.iter().map(|row| timetable.roles[row.1].name.clone()),
        )
        .number(
            "clinicians",
            "people",
            "Clinicians with open courses or time for them, trainees too, mean over the replications",
            numbers(&|counts| total(counts) as f64 / runs),
        )
        .number(
            "mean",
            "open cases",
            "Mean caseload at the end of the month",
            numbers(&mean),
        );
    for (name, share) in PERCENTILES {
        let meaning = format!(
            "{:.0} % of clinicians have at most so many open courses; {MOST_LOAD} stands for that and more",
            share * 100.0
        );
        let values = numbers(&|counts| percentile(counts, total(counts), share));
        table = table.number(name, "open cases", &meaning, values);
    }
    table
}

/// How many replications are needed for a 95 % interval of `half_width` x mean to either side, and how many weeks
/// the start still shows.
pub fn advice(run: &Simulation, half_width: f64) -> Table {
    const ASKED: [&str; 6] = [
        "waiting_assessment",
        "waiting_step2",
        "waiting_step3",
        "wait_step3_weeks",
        "course_starts",
        "finishers",
    ];
    let months = &run.months;
    let last = run.last_whole_month();
    let of = |name: &str| run.spread.cell(months, name, last);
    let number = |value: &dyn Fn(&crate::statistics::Running) -> f64| -> Vec<f64> {
        ASKED
            .iter()
            .map(|name| of(name).map_or(f64::NAN, value))
            .collect()
    };
    let needed = |one: &crate::statistics::Running| {
        let half = half_width * one.mean().abs();
        if one.count() < 2 || half <= 0.0 {
            return f64::NAN;
        }
        replications_for(one.sd(), one.count(), half, 0.95) as f64
    };
    let start = |name: &str| -> f64 {
        let weekly = match name {
            "wait_step3_weeks" => "waiting_step3",
            other => other,
        };
        let series = run.record.measure(weekly);
        warm_up(series).map_or(f64::NAN, |weeks| weeks as f64)
    };
    let meaning = format!(
        "Replications for a 95 % interval of {} % of the mean to either side",
        half_width * 100.0
    );
    Table::new("advice")
        .text("measure", "What is counted, in the last whole month", ASKED)
        .number("mean", "", "Mean over the replications", number(&crate::statistics::Running::mean))
        .number("se", "", "Standard error of the mean", number(&crate::statistics::Running::se))
        .number(
            "replications_needed",
            "",
            &meaning,
            number(&needed),
        )
        .number(
            "warm_up_weeks",
            "weeks",
            "Weeks until the start shows no more (MSER-5 of the weekly means); not a number if it still does",
            ASKED.iter().map(|name| start(name)).collect(),
        )
}

/// What may become of an appointment; whether the time of a cancelled one is used is not told.
const OUTCOMES: [Outcome; 5] = [
    Outcome::Attended,
    Outcome::DidNotAttend,
    Outcome::PatientCancelled(false),
    Outcome::PatientCancelled(true),
    Outcome::ProviderCancelled,
];

/// Every appointment of the first replication, in time.
pub fn log(run: &Simulation, events: &[Event]) -> Table {
    let timetable = &run.timetable;
    let mut order: Vec<usize> = (0..events.len()).collect();
    order.sort_by_key(|&place| (events[place].at, place));
    let sorted = || order.iter().map(|&place| &events[place]);
    let last = sorted().next_back().map_or(0, |event| event.at / DAY);
    let start = timetable.calendar.start;
    let day = |after| start.saturating_add(jiff::Span::new().days(i64::from(after)));
    let days: Vec<Date> = (0..=last).map(day).collect();
    // By treatment: its name, and where its ways of giving it begin in a list of those of all.
    let mut names = vec![String::from("assessment")];
    let (mut ways, mut first_way) = (vec![String::new()], Vec::new());
    for place in &timetable.treatments {
        names.push(place.name.clone());
        first_way.push(ways.len());
        ways.extend(place.said.delivery.keys().cloned());
    }
    let treatment = |event: &Event| event.treatment.map_or(0, |place| usize::from(place) + 1);
    let way = |event: &Event| {
        let place = event.treatment.map(usize::from)?;
        let delivery = &timetable.treatments[place].said.delivery;
        let way = usize::from(event.way);
        (way < delivery.len()).then(|| first_way[place] + way)
    };
    let outcomes = OUTCOMES.map(|outcome| outcome.name().into()).into();
    let outcome = |event: &Event| OUTCOMES.iter().position(|&known| known == event.outcome);
    let whole = |of: &dyn Fn(&Event) -> i64| Values::Whole(sorted().map(of).collect());
    let of_day = |event: &Event| days[usize::try_from(event.at / DAY).unwrap_or(0)];
    Table::new("log")
        .and(
            "person",
            "",
            "Number of the person, in the order of referral; those of the first morning come first",
            whole(&|event| event.person.into()),
        )
        .and(
            "date",
            "",
            "Day",
            Values::Day(sorted().map(of_day).collect()),
        )
        .word(
            "what",
            "Assessment, or the treatment",
            names,
            sorted().map(treatment),
        )
        .word(
            "delivery",
            "Way of giving it, if there are several",
            ways,
            sorted().map(|event| way(event).unwrap_or(0)),
        )
        .and(
            "clinician",
            "",
            "Number of the clinician; -1 where it is nobody in particular",
            whole(&|event| {
                if event.clinician == u32::MAX {
                    -1
                } else {
                    event.clinician.into()
                }
            }),
        )
        .word(
            "outcome",
            "What became of it",
            outcomes,
            sorted().map(|event| outcome(event).unwrap_or(0)),
        )
        .and(
            "session",
            "",
            "Sessions attended of the course so far, this one included",
            whole(&|event| event.had.into()),
        )
        .number(
            "minutes",
            "minutes",
            "Staff minutes used",
            sorted().map(|event| event.minutes).collect(),
        )
}
