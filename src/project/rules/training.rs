//! Are there enough qualified staff for each trainee, and may those who move to training do so yet?

use super::{Broken, Spell, month_of, severity};
use crate::project::record::Record;
use crate::scenario::Spec;
use crate::scenario::staff::StaffFamily;
use crate::supervision::qualified_needed;
use crate::timetable::Timetable;

/// Qualified heads of the family of the trainees, too few for their number.
pub fn qualified_per_trainee(
    spec: &Spec,
    timetable: &Timetable,
    record: &Record,
    found: &mut Vec<Broken>,
) {
    let rule = &spec.supervision.qualified_per_trainee;
    let Some(severity) = severity(rule.severity) else {
        return;
    };
    let ratio = rule.ratio.value();
    let weeks = record.staff.first().map_or(0, Vec::len);
    for (family, name) in [
        (StaffFamily::LowIntensity, "low-intensity"),
        (StaffFamily::HighIntensity, "high-intensity"),
    ] {
        let here = || {
            let roles = timetable.roles.iter().zip(&record.staff);
            roles.filter(|(role, _)| role.family == family)
        };
        let trainees = |week: usize| -> f64 {
            let roles = here().filter(|(role, _)| role.course.is_some());
            roles.map(|(_, staff)| staff[week].trainees).sum()
        };
        let qualified = |week: usize| -> f64 {
            let roles = here().filter(|(role, _)| role.course.is_none());
            roles
                .map(|(role, staff)| staff[week].in_post / role.said.wte_per_head.value())
                .sum()
        };
        let needed = |week: usize| qualified_needed(trainees(week), ratio);
        let gap = |week: usize| needed(week) - qualified(week).round();
        let Some(spell) = Spell::at_ends(record, weeks, gap) else {
            continue;
        };
        let (needed, there) = (needed(spell.worst), qualified(spell.worst));
        found.push(Broken {
            rule: format!("qualified_per_trainee.{}", name.replace('-', "_")),
            title: format!("At least {ratio} qualified {name} staff for each trainee"),
            severity,
            months: spell.months,
            worst: needed,
            limit: there,
            unit: "qualified heads",
            sentence: format!(
                "{:.0} {name} trainees need {needed:.0} qualified staff, {there:.1} are there",
                trainees(spell.worst)
            ),
        });
    }
}

/// People may move to a course only after some months in post: those in post then bound the number.
pub fn internal_moves(spec: &Spec, timetable: &Timetable, found: &mut Vec<Broken>) {
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
        let month = month_of(timetable, week);
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
