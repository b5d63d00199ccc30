//! Are sessions held when they are due, and the standards met that the service has promised?

use super::{Broken, Spell, month_of};
use crate::record::Record;
use crate::record::tables::monthly;
use crate::scenario::Spec;
use crate::scenario::money::Targets;
use crate::table::Table;
use crate::timetable::Timetable;

/// Share of the sessions due that may slip in a month before it is a rule broken: Christmas weeks always slip.
const SLIP: f64 = 0.1;

/// Sessions due that slip because the hours of a role are short.
pub fn sessions_slip(timetable: &Timetable, record: &Record, found: &mut Vec<Broken>) {
    for (place, weeks) in timetable.treatments.iter().zip(&record.treatments) {
        let mut sums = vec![(0.0, 0.0); timetable.calendar.months.len()];
        for (week, counts) in weeks.iter().enumerate() {
            let month = month_of(timetable, week);
            sums[month].0 += 1.0 - counts.share_held[0];
            sums[month].1 += 1.0;
        }
        let slipped: Vec<f64> = sums
            .iter()
            .map(|&(slipped, weeks)| slipped / f64::max(weeks, 1.0))
            .collect();
        let Some(spell) = Spell::of(slipped.iter().copied().enumerate(), SLIP) else {
            continue;
        };
        let slipped = slipped[spell.worst];
        found.push(Broken {
            rule: format!("sessions_held.{}", place.name),
            title: format!("{}: sessions due in open courses are held", place.said.title),
            severity: "warning",
            months: spell.months,
            broken_in: spell.all,
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

/// Shares and waits of months that miss a target.
pub fn targets(spec: &Spec, timetable: &Timetable, record: &Record, found: &mut Vec<Broken>) {
    let monthly = monthly(timetable, record);
    shares(&spec.targets, &monthly, found);
    waits(&spec.targets, &monthly, found);
}

fn shares(said: &Targets, monthly: &Table, found: &mut Vec<Broken>) {
    for (rule, column, target, words) in [
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
    ] {
        let Some(limit) = target.map(|target| target.value()) else {
            continue;
        };
        let Some((spell, worst)) = missed(monthly.numbers(column), |value| limit - value) else {
            continue;
        };
        let (target_percent, percent) = (limit * 100.0, worst * 100.0);
        found.push(Broken {
            rule: rule.into(),
            title: format!("At least {target_percent:.0} % {words}"),
            severity: "target",
            months: spell.months,
            broken_in: spell.all,
            worst,
            limit,
            unit: "share",
            sentence: format!(
                "as few as {percent:.1} % {words}, the target is {target_percent:.0} %"
            ),
        });
    }
}

fn waits(said: &Targets, monthly: &Table, found: &mut Vec<Broken>) {
    for (number, target) in [(2, said.step2_wait_weeks), (3, said.step3_wait_weeks)] {
        let Some(limit) = target.map(|target| target.value()) else {
            continue;
        };
        let weeks = monthly.numbers(&format!("wait_step{number}_weeks"));
        let Some((spell, worst)) = missed(weeks, |value| value - limit) else {
            continue;
        };
        let how_long = if worst.is_finite() {
            format!("up to {worst:.1} weeks")
        } else {
            "without end: nobody starts".into()
        };
        found.push(Broken {
            rule: format!("step{number}_wait_weeks"),
            title: format!("Step {number} begins within {limit:.1} weeks on average"),
            severity: "target",
            months: spell.months,
            broken_in: spell.all,
            worst,
            limit,
            unit: "weeks",
            sentence: format!(
                "Step {number} waits {how_long} on average, the target is {limit:.1}"
            ),
        });
    }
}

/// The months that miss a target, and the worst value.
fn missed(values: &[f64], by: impl Fn(f64) -> f64) -> Option<(Spell, f64)> {
    let gaps = values.iter().map(|&value| by(value)).enumerate();
    let spell = Spell::of(gaps, 1e-9)?;
    let worst = values[spell.worst];
    Some((spell, worst))
}
