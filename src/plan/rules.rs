//! Which rules would the needed staff break, and what can the staff in post not do?

use crate::measures::{number, whole};
use crate::plan::needs::Needs;
use crate::scenario::Spec;
use crate::table::Table;
use crate::timetable::Timetable;
use crate::timetable::rules::rules;

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

/// Hours that nobody can give, too few supervisors or qualified staff, job plans that hold too little.
fn supervision(spec: &Spec, timetable: &Timetable, needs: &Needs, found: &mut Vec<Broken>) {
    let ledger = &needs.supervision;
    let broken = rules(spec, timetable).into_iter();
    for rule in broken.filter(|rule| rule.is_broken(timetable, ledger)) {
        let reading = rule.reading(timetable, ledger);
        found.push(Broken {
            message: rule.sentence(timetable, ledger),
            rule: rule.name,
            severity: rule.severity,
            worst: reading.worst,
            limit: reading.limit,
        });
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
            "Assessments: the minutes kept for them serve {} of {} people a year; the list grows by {} a week",
            whole(served),
            whole(asked),
            number((asked - served) / needs.weeks)
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
