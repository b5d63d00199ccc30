//! Which rules of supervision are broken, and may the service take more cases than it can review?

use super::{Broken, Spell};
use crate::measures::{number, whole};
use crate::record::Record;
use crate::scenario::Spec;
use crate::timetable::Timetable;
use crate::timetable::rules::rules;

/// Hours that nobody can give, too few supervisors or qualified staff, job plans that hold too little.
pub fn supervision(spec: &Spec, timetable: &Timetable, record: &Record, found: &mut Vec<Broken>) {
    let weeks = &record.supervision;
    for rule in rules(spec, timetable) {
        let gap = |week: usize| rule.reading(timetable, &weeks[week]).gap;
        let Some(spell) = Spell::at_ends(record, weeks.len(), gap) else {
            continue;
        };
        let worst = &weeks[spell.worst];
        let reading = rule.reading(timetable, worst);
        found.push(Broken {
            sentence: rule.sentence(timetable, worst),
            rule: rule.name,
            title: rule.title,
            severity: rule.severity,
            months: spell.months,
            broken_in: spell.all,
            worst: reading.worst,
            limit: reading.limit,
            unit: rule.unit,
        });
    }
}

/// Months in which as many cases are open as can be reviewed, so that nobody new can start.
pub fn case_review(timetable: &Timetable, record: &Record, found: &mut Vec<Broken>) {
    let weeks = &record.supervision;
    for (index, review) in timetable.reviews.iter().enumerate() {
        let (norm, pool) = (&timetable.norms[review.norm], &timetable.roles[review.pool]);
        let open = |week: usize| -> f64 {
            let treatments = timetable.treatments.iter().zip(&record.treatments);
            let here = treatments.filter(|(treatment, _)| treatment.pools[0] == review.pool);
            here.map(|(_, weeks)| weeks[week].open[0]).sum()
        };
        let most = |week: usize| weeks[week].most_cases[index][0];
        // At the cap the list stands still; a hundredth of a case is room for nobody.
        let gap = |week: usize| open(week) - most(week) + 0.01;
        let Some(spell) = Spell::at_ends(record, weeks.len(), gap) else {
            continue;
        };
        let (open, most) = (open(spell.worst), most(spell.worst));
        found.push(Broken {
            rule: format!("case_review.{}", norm.name),
            title: format!("{}: every open case is reviewed in time", norm.title),
            severity: "warning",
            months: spell.months,
            broken_in: spell.all,
            worst: open,
            limit: most,
            unit: "open cases",
            sentence: format!(
                "{}: {} cases are open and {} can be reviewed, {} each, so that nobody new can start",
                pool.said.title,
                whole(open),
                whole(most),
                number(review.cases)
            ),
        });
    }
}
