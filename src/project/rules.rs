//! Which rules does the plan break, in which months, and by how much?
//!
//! Supervision and ratios, the two-year rule for moves to HI training, hours that are short, and the
//! standards that the service has promised. Each row says what to look at, not just that it is wrong.

use crate::project::record::Record;
use crate::scenario::Spec;
use crate::scenario::staff::StaffFamily;
use crate::scenario::supervision::Severity;
use crate::supervision::{qualified_needed, supervisors_needed};
use crate::table::{Table, Values};
use crate::timetable::Timetable;
use crate::timetable::ledger::SupervisionCounts;

/// A rule that is broken.
#[derive(Debug, Clone, PartialEq)]
pub struct Broken {
    /// Name of the rule.
    pub rule: String,
    /// The rule in words.
    pub title: String,
    /// condition, warning or target.
    pub severity: &'static str,
    /// First and last month, by index, and how many months.
    pub months: (usize, usize, usize),
    /// Worst value.
    pub worst: f64,
    /// Limit that it should keep.
    pub limit: f64,
    /// Unit of both.
    pub unit: &'static str,
    /// What is broken, in a sentence without the months.
    pub sentence: String,
}

/// All rules that are broken, conditions first.
#[must_use]
pub fn broken(spec: &Spec, timetable: &Timetable, record: &Record) -> Vec<Broken> {
    let mut found = Vec::new();
    supervision_hours(spec, timetable, record, &mut found);
    supervisees(spec, timetable, record, &mut found);
    qualified_per_trainee(spec, timetable, record, &mut found);
    internal_moves(spec, timetable, &mut found);
    sessions_slip(timetable, record, &mut found);
    targets(spec, timetable, record, &mut found);
    let order = |severity: &str| {
        ["condition", "warning", "target"]
            .iter()
            .position(|&s| s == severity)
    };
    found.sort_by(|a, b| {
        (order(a.severity), a.months.0, &a.rule).cmp(&(order(b.severity), b.months.0, &b.rule))
    });
    found
}

/// The rules as a table.
#[must_use]
pub fn table(spec: &Spec, timetable: &Timetable, record: &Record) -> Table {
    let rows = broken(spec, timetable, record);
    let month = |index: usize| timetable.calendar.months[index].label.clone();
    let message = |row: &Broken| {
        let (first, last, number) = row.months;
        let when = if first == last {
            format!("in {}", month(first))
        } else {
            format!("from {} to {}", month(first), month(last))
        };
        let some = if last - first + 1 == number {
            String::new()
        } else {
            format!(", in {number} of these months")
        };
        format!("{}, {when}{some}", row.sentence)
    };
    Table::new("rules")
        .text("rule", "Name of the rule", rows.iter().map(|row| row.rule.clone()))
        .text("title", "The rule", rows.iter().map(|row| row.title.clone()))
        .text("severity", "condition: the plan cannot go ahead; warning: somebody should look; target: a promise is missed", rows.iter().map(|row| row.severity))
        .text("first_month", "First month", rows.iter().map(|row| month(row.months.0)))
        .text("last_month", "Last month", rows.iter().map(|row| month(row.months.1)))
        .and("months", "months", "Number of months", Values::Whole(rows.iter().map(|row| i64::try_from(row.months.2).unwrap_or(0)).collect()))
        .number("worst", "", "Worst value, in the unit of the row", rows.iter().map(|row| row.worst).collect())
        .number("limit", "", "Limit, in the unit of the row", rows.iter().map(|row| row.limit).collect())
        .text("unit", "Unit of worst and limit", rows.iter().map(|row| row.unit))
        .text("message", "What is broken", rows.iter().map(message))
}

/// Values at the end of each month that a run closes.
fn month_ends<T>(record: &Record, weekly: &[T]) -> Vec<(usize, usize)> {
    (0..weekly.len())
        .filter_map(|week| record.closes(week).map(|month| (month, week)))
        .collect()
}

/// First, last and number of the months in which `breaks`, with the month in which it is worst.
fn spell(list: &[(usize, f64)]) -> Option<((usize, usize, usize), usize)> {
    let (first, last) = (list.first()?.0, list.last()?.0);
    let worst = list.iter().max_by(|a, b| a.1.total_cmp(&b.1))?.0;
    Some(((first, last, list.len()), worst))
}

fn severity(severity: Severity) -> Option<&'static str> {
    (severity != Severity::Off).then(|| severity.name())
}

fn supervision_hours(spec: &Spec, timetable: &Timetable, record: &Record, found: &mut Vec<Broken>) {
    for (place, weeks) in timetable.norms.iter().zip(&record.supervision) {
        let ends = month_ends(record, weeks);
        let short: Vec<(usize, f64)> = ends
            .iter()
            .map(|&(month, week)| (month, weeks[week].given.unmet[0]))
            .filter(|&(_, unmet)| unmet > 1e-6)
            .collect();
        let Some((months, worst)) = spell(&short) else {
            continue;
        };
        let week = ends
            .iter()
            .find(|end| end.0 == worst)
            .map_or(0, |end| end.1);
        let SupervisionCounts {
            supervisees,
            owed,
            given,
            ..
        } = &weeks[week];
        let title = &spec.supervision.norms[&place.name].title;
        let can = owed[0] - given.unmet[0];
        found.push(Broken {
            rule: format!("supervision_hours.{}", place.name),
            title: format!("{title}: supervisors have the hours that are owed"),
            severity: "condition",
            months,
            worst: owed[0],
            limit: can,
            unit: "hours a week",
            sentence: format!(
                "supervision: {:.0} people are owed {:.1} h a week of {}, {can:.1} h can be given",
                supervisees[0],
                owed[0],
                title.to_lowercase()
            ),
        });
    }
}

fn supervisees(spec: &Spec, timetable: &Timetable, record: &Record, found: &mut Vec<Broken>) {
    let rule = &spec.supervision.supervisees_per_supervisor;
    let Some(severity) = severity(rule.severity) else {
        return;
    };
    let ratio = rule.ratio.value();
    for (place, weeks) in timetable.norms.iter().zip(&record.supervision) {
        let ends = month_ends(record, weeks);
        let needed = |week: usize| supervisors_needed(weeks[week].supervisees[0], ratio);
        let short: Vec<(usize, f64)> = ends
            .iter()
            .map(|&(month, week)| (month, needed(week) - weeks[week].supervisors[0].round()))
            .filter(|&(_, gap)| gap > 1e-6)
            .collect();
        let Some((months, worst)) = spell(&short) else {
            continue;
        };
        let week = ends
            .iter()
            .find(|end| end.0 == worst)
            .map_or(0, |end| end.1);
        let title = &spec.supervision.norms[&place.name].title;
        found.push(Broken {
            rule: format!("supervisees_per_supervisor.{}", place.name),
            title: format!("{title}: at most {ratio} people a supervisor"),
            severity,
            months,
            worst: needed(week),
            limit: weeks[week].supervisors[0],
            unit: "supervisors",
            sentence: format!(
                "{}: {:.0} people need {:.0} supervisors at {ratio} each, {:.1} are there",
                title.to_lowercase(),
                weeks[week].supervisees[0],
                needed(week),
                weeks[week].supervisors[0]
            ),
        });
    }
}

fn qualified_per_trainee(
    spec: &Spec,
    timetable: &Timetable,
    record: &Record,
    found: &mut Vec<Broken>,
) {
    let rule = &spec.supervision.qualified_per_trainee;
    let Some(severity) = severity(rule.severity) else {
        return;
    };
    for (family, name) in [
        (StaffFamily::LowIntensity, "low-intensity"),
        (StaffFamily::HighIntensity, "high-intensity"),
    ] {
        let weeks = record.staff.first().map_or(0, Vec::len);
        let count = |week: usize, trainees: bool| -> f64 {
            let here = timetable.roles.iter().enumerate();
            here.filter(|(_, role)| role.family == family && role.course.is_some() == trainees)
                .map(|(index, role)| {
                    let staff = &record.staff[index][week];
                    if trainees {
                        staff.trainees
                    } else {
                        staff.in_post / role.said.wte_per_head.value()
                    }
                })
                .sum()
        };
        let ends = month_ends(record, &vec![(); weeks]);
        let needed = |week: usize| qualified_needed(count(week, true), rule.ratio.value());
        let short: Vec<(usize, f64)> = ends
            .iter()
            .map(|&(month, week)| (month, needed(week) - count(week, false).round()))
            .filter(|&(_, gap)| gap > 1e-6)
            .collect();
        let Some((months, worst)) = spell(&short) else {
            continue;
        };
        let week = ends
            .iter()
            .find(|end| end.0 == worst)
            .map_or(0, |end| end.1);
        found.push(Broken {
            rule: format!("qualified_per_trainee.{}", name.replace('-', "_")),
            title: format!(
                "At least {} qualified {name} staff for each trainee",
                rule.ratio.value()
            ),
            severity,
            months,
            worst: needed(week),
            limit: count(week, false),
            unit: "qualified heads",
            sentence: format!(
                "{:.0} {name} trainees need {:.0} qualified staff, {:.1} are there",
                count(week, true),
                needed(week),
                count(week, false)
            ),
        });
    }
}

/// People may move to a course only after some months in post: those in post then bound the number.
fn internal_moves(spec: &Spec, timetable: &Timetable, found: &mut Vec<Broken>) {
    for intake in &spec.training.intakes {
        let Some(course) = spec.training.courses.get(&intake.course) else {
            continue;
        };
        let internal = intake.internal.map_or(0.0, |heads| heads.mean());
        let from = intake.internal_from.as_deref().unwrap_or("pwp");
        let Some(role) = spec.staff.get(from).filter(|_| internal > 0.0) else {
            continue;
        };
        let years = f64::from(course.months_qualified_before) / 12.0;
        let in_post = role.in_post.mean() / role.wte_per_head.value();
        let long_enough = in_post * (-role.leavers_per_year.mean() * years).exp();
        let Some(week) = timetable.calendar.week_of(intake.start) else {
            continue;
        };
        if internal <= long_enough + 1e-9 {
            continue;
        }
        let month = timetable.calendar.segments[timetable.segments_of_week[week].start].month;
        found.push(Broken {
            rule: format!("months_qualified_before.{}", intake.course),
            title: format!("Staff may start {} after {} months qualified", course.title, course.months_qualified_before),
            severity: "warning",
            months: (month, month, 1),
            worst: internal,
            limit: long_enough,
            unit: "heads",
            sentence: format!(
                "{internal:.0} {} are to start {}, about {long_enough:.1} will have been in post for {} months",
                role.title, course.title, course.months_qualified_before
            ),
        });
    }
}

/// Share of the sessions due that may slip in a month before it is a rule broken: Christmas weeks always slip.
const SLIP: f64 = 0.1;

fn sessions_slip(timetable: &Timetable, record: &Record, found: &mut Vec<Broken>) {
    for (place, weeks) in timetable.treatments.iter().zip(&record.treatments) {
        let mut sums = vec![(0.0, 0.0); timetable.calendar.months.len()];
        for (week, counts) in weeks.iter().enumerate() {
            let month = timetable.calendar.segments[timetable.segments_of_week[week].start].month;
            sums[month].0 += 1.0 - counts.share_held[0];
            sums[month].1 += 1.0;
        }
        let means = sums
            .iter()
            .enumerate()
            .map(|(month, &(slipped, weeks))| (month, slipped / f64::max(weeks, 1.0)));
        let by_month: Vec<(usize, f64)> = means.filter(|&(_, slipped)| slipped > SLIP).collect();
        let Some((months, worst)) = spell(&by_month) else {
            continue;
        };
        let slipped = by_month
            .iter()
            .find(|month| month.0 == worst)
            .map_or(0.0, |month| month.1);
        found.push(Broken {
            rule: format!("sessions_held.{}", place.name),
            title: format!("{}: sessions due in open courses are held", place.said.title),
            severity: "warning",
            months,
            worst: 1.0 - slipped,
            limit: 1.0 - SLIP,
            unit: "share held",
            sentence: format!(
                "{}: hours are short for open courses, up to {:.0} % of the sessions due in a month slip to a later week",
                place.said.title,
                slipped * 100.0
            ),
        });
    }
}

fn targets(spec: &Spec, timetable: &Timetable, record: &Record, found: &mut Vec<Broken>) {
    let monthly = super::tables::monthly(timetable, record);
    let said = &spec.targets;
    let shares = [
        (
            "within_6_weeks",
            "share_within_6_weeks",
            said.within_6_weeks,
            "of finishers were first treated within 6 weeks",
        ),
        (
            "within_18_weeks",
            "share_within_18_weeks",
            said.within_18_weeks,
            "of finishers were first treated within 18 weeks",
        ),
        (
            "recovery",
            "recovery",
            said.recovery,
            "of finishers at caseness recover",
        ),
        (
            "reliable_recovery",
            "reliable_recovery",
            said.reliable_recovery,
            "of finishers at caseness recover reliably",
        ),
    ];
    for (rule, column, target, words) in shares {
        let Some(target) = target.map(|target| target.value()) else {
            continue;
        };
        let missed = missed(monthly.numbers(column), |value| target - value);
        let Some((months, worst)) = spell(&missed) else {
            continue;
        };
        let worst = monthly.numbers(column)[worst];
        found.push(Broken {
            rule: rule.into(),
            title: format!("At least {:.0} % {words}", target * 100.0),
            severity: "target",
            months,
            worst,
            limit: target,
            unit: "share",
            sentence: format!(
                "as few as {:.1} % {words}, the target is {:.0} %",
                worst * 100.0,
                target * 100.0
            ),
        });
    }
    for (rule, column, target, step) in [
        (
            "step2_wait_weeks",
            "wait_step2_weeks",
            said.step2_wait_weeks,
            "Step 2",
        ),
        (
            "step3_wait_weeks",
            "wait_step3_weeks",
            said.step3_wait_weeks,
            "Step 3",
        ),
    ] {
        let Some(target) = target.map(|target| target.value()) else {
            continue;
        };
        let missed = missed(monthly.numbers(column), |value| value - target);
        let Some((months, worst)) = spell(&missed) else {
            continue;
        };
        let worst = monthly.numbers(column)[worst];
        let how_long = if worst.is_finite() {
            format!("up to {worst:.1} weeks")
        } else {
            "without end: nobody starts".into()
        };
        found.push(Broken {
            rule: rule.into(),
            title: format!("{step} begins within {target:.1} weeks on average"),
            severity: "target",
            months,
            worst,
            limit: target,
            unit: "weeks",
            sentence: format!("{step} waits {how_long} on average, the target is {target:.1}"),
        });
    }
}

fn missed(values: &[f64], by: impl Fn(f64) -> f64) -> Vec<(usize, f64)> {
    let by_month = values
        .iter()
        .enumerate()
        .map(|(month, &value)| (month, by(value)));
    by_month.filter(|&(_, by)| by > 1e-9).collect()
}
