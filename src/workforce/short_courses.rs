//! Who attends a short course, for how long are they away from work, and what are they afterwards?
//!
//! ```text
//! away = people attending, as many as are in post, x days a week / 5, in each week of the course
//! ```

use std::ops::Range;

use super::whole::{Decision, without_part};
use super::{Moves, People, Present, RolePlan};
use crate::luck::Luck;
use crate::unit::Lanes;

/// Staff who attend a short course together.
#[derive(Debug, Clone)]
pub struct AttendancePlan<const L: usize> {
    /// Their role, by index.
    pub role: usize,
    /// People who attend \[heads\].
    pub people: Lanes<L>,
    /// Weeks of the course.
    pub weeks: Range<usize>,
    /// Days of each week that one of them is away from work.
    pub days_per_week: f64,
    /// Role that they have afterwards, if it is another one.
    pub becomes: Option<usize>,
}

impl<const L: usize> People<L> {
    /// Those whose course gives them another role take it up in the week after its last.
    pub fn convert<K: Luck<L>>(
        &mut self,
        week: usize,
        roles: &[RolePlan<L>],
        attendances: &[AttendancePlan<L>],
        moves: &mut Moves<L>,
        luck: &mut K,
    ) {
        for attendance in attendances.iter().filter(|plan| plan.weeks.end == week) {
            let Some(to) = attendance.becomes else {
                continue;
            };
            let from = attendance.role;
            for lane in 0..L {
                // The absent stay in their role, and who left it for a course this week is gone.
                let unit = roles[from].wte_per_head[lane];
                let place = Decision::Convert.of(roles[from].who, week, attendance.weeks.start);
                let wte = luck.whole(lane, attendance.people[lane], place) * unit;
                let there = self.at_work(from)[lane] - moves.moved_to_training[from][lane];
                let mut moving = wte.min(there.max(0.0));
                if K::WHOLE {
                    moving = without_part(moving, unit);
                }
                self.in_post[from][lane] -= moving;
                self.in_post[to][lane] += moving;
                moves.promoted_away[from][lane] += moving;
                moves.promoted[to][lane] += moving;
            }
        }
    }

    /// Working time of the week that goes into short courses, by role.
    pub fn attend(
        &self,
        week: usize,
        roles: &[RolePlan<L>],
        attendances: &[AttendancePlan<L>],
        present: &mut Present<L>,
    ) {
        let now = attendances.iter().filter(|plan| plan.weeks.contains(&week));
        for attendance in now {
            let role = attendance.role;
            for lane in 0..L {
                let here = self.in_post[role][lane] / roles[role].wte_per_head[lane];
                let people = attendance.people[lane].min(here);
                present.away[role][lane] += people * attendance.days_per_week / 5.0;
            }
        }
    }
}
