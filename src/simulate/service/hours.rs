//! Who is at work this week, and how many minutes have they?

use crate::simulate::roster::When;
use crate::simulate::service::{Ready, Service};
use crate::timetable::ledger::Ledger;
use crate::workforce::WeekLength;

impl Service<'_> {
    /// People come and go; who is at work.
    pub(super) fn begin(&mut self, week: usize) {
        let world = self.ready.world;
        let (roles, cohorts) = (&world.role_plans, &world.cohorts);
        self.people
            .begin_week(week, roles, cohorts, &mut self.moves, &mut self.luck);
        let attendances = &world.attendances;
        self.people
            .convert(week, roles, attendances, &mut self.moves, &mut self.luck);
        let length = WeekLength {
            worked: self.worked(week),
            days: 7.0,
        };
        self.people
            .present(week, length, roles, cohorts, &self.moves, &mut self.present);
        self.people.stand_in(week, length, roles, &mut self.present);
        self.people
            .attend(week, roles, attendances, &mut self.present);
        self.opening.clone_from(&self.people.in_post);
        self.opening_trainees.clone_from(&self.people.trainees);
        if self.ready.has_clinicians {
            let timetable = self.ready.timetable;
            self.roster.follow(
                timetable,
                world,
                &self.people,
                &self.moves,
                When::Before(week),
            );
        }
    }

    /// Minutes of the pools, shared out between clinicians, and minutes or appointments for assessments.
    /// The supervision is on the desk, in full if it is `looked_at`.
    pub(super) fn hours(&mut self, week: usize, referrals: u32, looked_at: bool) -> f64 {
        let Ready {
            spec,
            timetable,
            world,
            ..
        } = *self.ready;
        let mut desk = std::mem::take(&mut self.desk);
        let ring = desk.minutes_of_week(
            (spec, timetable, world),
            (week, looked_at),
            &self.people,
            &mut self.present,
            &[f64::from(referrals)],
            &mut self.pools,
        );
        let mut left: Vec<f64> = (self.pools.iter())
            .map(|pool| pool.bookable[0] - pool.supervision[0] - pool.screening[0])
            .collect();
        let assesses = timetable
            .assessment_role
            .map(|role| timetable.roles[role].pool);
        if let Some(pool) = assesses.filter(|_| !world.assessment.outside()) {
            left[pool] -= ring[0];
        }
        self.make_rooms(week, &desk.ledger);
        if self.ready.has_clinicians {
            let minutes = self.minutes_by_role(week, &desk.ledger, &left);
            let worked = self.worked(week);
            self.roster
                .begin_week(timetable, world, week, worked, &self.present, &minutes);
        }
        self.desk = desk;
        let minutes = world.assessment.minutes[0];
        if world.assessment.outside() && minutes > 0.0 {
            ring[0] / minutes
        } else {
            ring[0]
        }
    }

    /// Minutes for treatments by role: those of the pool, in proportion to the bookable minutes of its roles
    /// after the supervision that each gives.
    fn minutes_by_role(&self, week: usize, ledger: &Ledger<1>, left: &[f64]) -> Vec<f64> {
        let (timetable, world) = (self.ready.timetable, self.ready.world);
        let worked = self.worked(week);
        let own = |role: usize| {
            if timetable.roles[role].course.is_some() {
                return 0.0;
            }
            let said = &world.roles[role];
            let share = world.available(timetable, role, week)[0];
            let here = share * self.present.ramped[role][0] - self.present.away[role][0];
            let beyond = ledger.beyond[role][0] * share + said.extra_supervision[0];
            (60.0 * (said.patients[0] * here.max(0.0) - beyond * worked)).max(0.0)
        };
        let mut minutes: Vec<f64> = (0..timetable.roles.len()).map(own).collect();
        let mut of_pool = vec![0.0; minutes.len()];
        for (role, minutes) in minutes.iter().enumerate() {
            of_pool[timetable.roles[role].pool] += minutes;
        }
        for (role, minutes) in minutes.iter_mut().enumerate() {
            let pool = timetable.roles[role].pool;
            if of_pool[pool] > 0.0 {
                *minutes *= left[pool].max(0.0) / of_pool[pool];
            }
        }
        minutes
    }
}
