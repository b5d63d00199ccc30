//! Have supervisors the hours that are owed, and are there enough of them?

use super::{Broken, Spell, severity};
use crate::project::record::Record;
use crate::scenario::Spec;
use crate::supervision::supervisors_needed;
use crate::timetable::Timetable;

/// Hours owed that nobody can give.
pub fn supervision_hours(
    spec: &Spec,
    timetable: &Timetable,
    record: &Record,
    found: &mut Vec<Broken>,
) {
    for (place, weeks) in timetable.norms.iter().zip(&record.supervision) {
        let unmet = |week: usize| weeks[week].given.unmet[0];
        let Some(spell) = Spell::at_ends(record, weeks.len(), unmet) else {
            continue;
        };
        let worst = &weeks[spell.worst];
        let (supervisees, owed) = (worst.supervisees[0], worst.owed[0]);
        let can = owed - unmet(spell.worst);
        let title = &spec.supervision.norms[&place.name].title;
        found.push(Broken {
            rule: format!("supervision_hours.{}", place.name),
            title: format!("{title}: supervisors have the hours that are owed"),
            severity: "condition",
            months: spell.months,
            worst: owed,
            limit: can,
            unit: "hours a week",
            sentence: format!(
                "supervision: {supervisees:.0} people are owed {owed:.1} h a week of {}, {can:.1} h can be given",
                title.to_lowercase()
            ),
        });
    }
}

/// Supervisors with more people than one may take.
pub fn supervisees(spec: &Spec, timetable: &Timetable, record: &Record, found: &mut Vec<Broken>) {
    let rule = &spec.supervision.supervisees_per_supervisor;
    let Some(severity) = severity(rule.severity) else {
        return;
    };
    let ratio = rule.ratio.value();
    for (place, weeks) in timetable.norms.iter().zip(&record.supervision) {
        let needed = |week: usize| supervisors_needed(weeks[week].supervisees[0], ratio);
        let there = |week: usize| weeks[week].supervisors[0];
        let gap = |week: usize| needed(week) - there(week).round();
        let Some(spell) = Spell::at_ends(record, weeks.len(), gap) else {
            continue;
        };
        let (needed, there) = (needed(spell.worst), there(spell.worst));
        let title = &spec.supervision.norms[&place.name].title;
        found.push(Broken {
            rule: format!("supervisees_per_supervisor.{}", place.name),
            title: format!("{title}: at most {ratio} people a supervisor"),
            severity,
            months: spell.months,
            worst: needed,
            limit: there,
            unit: "supervisors",
            sentence: format!(
                "{}: {:.0} people need {needed:.0} supervisors at {ratio} each, {there:.1} are there",
                title.to_lowercase(),
                weeks[spell.worst].supervisees[0],
            ),
        });
    }
}
