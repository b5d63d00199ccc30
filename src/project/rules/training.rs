//! May those who move to training do so yet?

use super::{Broken, month_of};
use crate::scenario::Spec;
use crate::timetable::Timetable;

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
