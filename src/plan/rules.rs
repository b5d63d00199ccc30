//! Which rules would the needed staff break, and what can the staff in post not do?

use crate::plan::needs::{Needs, supervisors_needed};
use crate::scenario::Spec;
use crate::scenario::supervision::Severity;
use crate::table::Table;
use crate::timetable::Timetable;

/// A rule that is broken.
struct Broken {
    rule: String,
    severity: &'static str,
    worst: f64,
    limit: f64,
    message: String,
}

/// Rules that are broken.
pub fn table(spec: &Spec, timetable: &Timetable, needs: &Needs) -> Table {
    let mut found = Vec::new();
    supervision(spec, timetable, needs, &mut found);
    courses(timetable, needs, &mut found);
    assessments(needs, &mut found);
    let severity = "condition: the plan cannot go ahead; warning: somebody should look";
    Table::of_rows("rules", &found)
        .text("rule", "Name of the rule", |row| &row.rule)
        .text("severity", severity, |row| row.severity)
        .number("worst", "", "Value", |row| row.worst)
        .number("limit", "", "Limit", |row| row.limit)
        .text("message", "What is broken", |row| &row.message)
        .table()
}

/// Hours that nobody can give, and supervisors whom there are too few of.
fn supervision(spec: &Spec, timetable: &Timetable, needs: &Needs, found: &mut Vec<Broken>) {
    let severity = spec.supervision.supervisees_per_supervisor.severity;
    for (place, counts) in timetable.norms.iter().zip(&needs.supervision) {
        let title = &spec.supervision.norms[&place.name].title;
        let (owed, unmet) = (counts.owed[0], counts.given.unmet[0]);
        if unmet > 1e-6 {
            let can = owed - unmet;
            found.push(Broken {
                rule: format!("supervision_hours.{}", place.name),
                severity: "condition",
                worst: owed,
                limit: can,
                message: format!("{title}: {owed:.1} h a week are owed, {can:.1} h can be given"),
            });
        }
        let (needed, there) = (supervisors_needed(spec, counts), counts.supervisors[0]);
        if severity != Severity::Off && needed > there + 1e-6 {
            found.push(Broken {
                rule: format!("supervisees_per_supervisor.{}", place.name),
                severity: severity.name(),
                worst: needed,
                limit: there,
                message: format!(
                    "{title}: {:.0} people need {needed:.0} supervisors, {there:.1} may give it",
                    counts.supervisees[0]
                ),
            });
        }
    }
}

/// Courses that the staff in post cannot give to those whom they assess.
fn courses(timetable: &Timetable, needs: &Needs, found: &mut Vec<Broken>) {
    for (place, pool) in timetable.roles.iter().zip(&needs.pools) {
        if pool.demand() > 0.0 && pool.share_delivered < 1.0 - 1e-9 {
            found.push(Broken {
                rule: format!("hours.{}", place.name),
                severity: "warning",
                worst: pool.share_delivered,
                limit: 1.0,
                message: format!(
                    "{}: the staff in post can give {:.0} % of the courses that the assessed need",
                    place.said.title,
                    pool.share_delivered * 100.0
                ),
            });
        }
    }
}

/// Assessments for which no minutes are kept.
fn assessments(needs: &Needs, found: &mut Vec<Broken>) {
    let (asked, served) = (needs.demand.assessed, needs.delivered.assessed);
    if served < asked * (1.0 - 1e-9) {
        let message = format!(
            "Assessments: the minutes kept for them serve {served:.0} of {asked:.0} people a year; the list grows by {:.1} a week",
            (asked - served) / needs.weeks
        );
        found.push(Broken {
            rule: "assessments".into(),
            severity: "warning",
            worst: served,
            limit: asked,
            message,
        });
    }
}
