//! Are more people in post than there are posts, and may those who move to training do so yet?

use std::collections::BTreeMap;

use super::{Broken, Spell, month_of};
use crate::record::Record;
use crate::scenario::Spec;
use crate::timetable::Timetable;

/// Staff above posts beyond rounding \[WTE\].
const SOME: f64 = 0.05;

/// Staff in post above posts: trainees qualified into no vacancy, or posts were cut.
pub fn over_establishment(timetable: &Timetable, record: &Record, found: &mut Vec<Broken>) {
    for (place, weeks) in timetable.roles.iter().zip(&record.staff) {
        if place.course.is_some() {
            continue;
        }
        let above = |week: usize| weeks[week].in_post - weeks[week].posts;
        let gap = |week: usize| if above(week) > SOME { above(week) } else { 0.0 };
        let Some(spell) = Spell::at_ends(record, weeks.len(), gap) else {
            continue;
        };
        let worst = &weeks[spell.worst];
        let qualified: f64 = weeks[..=spell.worst]
            .iter()
            .map(|week| week.qualified)
            .sum();
        let why = if qualified > SOME {
            "trainees qualified into no vacancy"
        } else {
            "there are fewer posts than people"
        };
        found.push(Broken {
            rule: format!("over_establishment.{}", place.name),
            title: format!("{}: no more in post than there are posts", place.said.title),
            severity: "warning",
            months: spell.months,
            broken_in: spell.all,
            worst: worst.in_post,
            limit: worst.posts,
            unit: "WTE",
            sentence: format!(
                "{}: {:.1} WTE in post for {:.1} posts, since {why}",
                place.said.title, worst.in_post, worst.posts
            ),
        });
    }
}

/// People may move to a course only after some months qualified, and if they are there: the others stay.
pub fn internal_moves(
    spec: &Spec,
    timetable: &Timetable,
    record: &Record,
    found: &mut Vec<Broken>,
) {
    let mut starts: BTreeMap<(usize, usize, usize), (f64, f64)> = BTreeMap::new();
    for asked in &record.asked_to_move {
        let sums = starts
            .entry((asked.week, asked.to, asked.from))
            .or_default();
        sums.0 += asked.asked;
        sums.1 += asked.moved;
    }
    for ((week, to, from), (asked, moved)) in starts {
        let name = timetable.roles[to].course.clone().unwrap_or_default();
        let Some(course) = spec
            .training
            .courses
            .get(&name)
            .filter(|_| moved < asked - 1e-9)
        else {
            continue;
        };
        let month = month_of(timetable, week);
        let months = course.months_qualified_before;
        found.push(Broken {
            rule: format!("months_qualified_before.{name}"),
            title: format!("Staff may start {} after {months} months qualified", course.title),
            severity: "warning",
            months: (month, month, 1),
            broken_in: vec![month],
            worst: asked,
            limit: moved,
            unit: "heads",
            sentence: format!(
                "{asked:.0} {} were to start {}, {moved:.1} could: no more have been in post for {months} months",
                timetable.roles[from].said.title, course.title
            ),
        });
    }
}
