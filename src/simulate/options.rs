//! What is asked of a simulation, and can it be had? Every fault is reported before anything is run.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::error::{Error, Problem, ProblemKind, Result};
use crate::opening::by_age;
use crate::pathway::{Booking, accepted_share, starts_with_steps};
use crate::record::asked::{bytes, check_numbers, refuse};
use crate::scenario::staff::{RecruitmentPolicy, Role};
use crate::scenario::{Scenario, Spec};
use crate::timetable::{Timetable, Treatment, World};

/// Most people on the lists and in the courses of the first morning.
pub const MOST_PEOPLE: f64 = 1e6;

/// Most referrals of one replication.
pub const MOST_REFERRALS: f64 = 1e8;

/// Most appointments of the replication that a log holds.
pub const MOST_LOGGED: f64 = 2e7;

/// Bytes of an appointment in the log, as it is noted and as a table; of a person.
const BYTES_LOGGED: f64 = 120.0;
const BYTES_A_PERSON: f64 = 64.0;

/// What is asked of a simulation beside the scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// How often the same service is run with other luck.
    pub replications: u64,
    /// Seed of all luck: the same seed gives the same bits.
    pub seed: u64,
    /// Threads; `None`: as many as there are processors. It changes no figure.
    pub threads: Option<usize>,
    /// Whether every appointment of the first replication is noted.
    pub log: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            replications: 100,
            seed: 1,
            threads: None,
            log: false,
        }
    }
}

impl Options {
    /// Checks what is asked, and whether this service can be simulated at all.
    ///
    /// # Errors
    /// [`Error::Scenario`] with all problems.
    pub fn check(&self, scenario: &Scenario, weeks: usize) -> Result<()> {
        let spec = scenario.spec();
        let (timetable, world) = &compiled(scenario, weeks);
        let months = timetable.calendar.months.len();
        let mut found = Vec::new();
        if let Err(Error::Scenario(problems)) =
            check_numbers(self.replications, self.threads, months)
        {
            found.extend(problems);
        }
        let service = Service {
            spec,
            timetable,
            world,
        };
        let reached = service.reached();
        if service.nobody_treats(&reached, &mut found) {
            return refuse(found);
        }
        service.few_enough_treatments(&mut found);
        service.places_or_hours(&mut found);
        service.open_courses_can_be_held(&mut found);
        service.courses_end(&reached, &mut found);
        service.few_enough_people(&mut found);
        if self.log && found.is_empty() {
            service.few_enough_appointments(&mut found);
        }
        refuse(found)
    }
}

fn compiled(scenario: &Scenario, weeks: usize) -> (Arc<Timetable>, World<1>) {
    let timetable = Timetable::of(scenario, weeks);
    let world = World::new(scenario.spec(), &timetable, &[&[]]);
    (timetable, world)
}

fn limit(path: &str, value: f64, sentence: &str, most: f64) -> Problem {
    let expected = format!("at most {most}");
    Problem::told(path, value.round(), sentence, expected).of_kind(ProblemKind::Limit)
}

/// Most treatments of a scenario.
const MOST_TREATMENTS: usize = 255;

struct Service<'a> {
    spec: &'a Spec,
    timetable: &'a Timetable,
    world: &'a World<1>,
}

impl Service<'_> {
    /// Treatments that somebody comes to, by index: routed, stepped, waiting or in treatment.
    fn reached(&self) -> BTreeSet<usize> {
        let treatments = &self.timetable.treatments;
        let here = |index: &usize| {
            let place = &treatments[*index];
            self.world.treatments[*index].route[0] > 0.0
                || self.stated_in_courses(place) > 0.0
                || self.stated_waiting(place) > 0.0
        };
        let mut reached: BTreeSet<usize> = (0..treatments.len()).filter(here).collect();
        let mut to_look_at: Vec<usize> = reached.iter().copied().collect();
        while let Some(from) = to_look_at.pop() {
            let world = &self.world.treatments[from];
            for (to, share) in [
                (treatments[from].step_up_to, world.step_up[0]),
                (treatments[from].step_down_to, world.step_down[0]),
            ] {
                if let Some(to) = to.filter(|_| share > 0.0)
                    && reached.insert(to)
                {
                    to_look_at.push(to);
                }
            }
        }
        reached
    }

    fn stated_in_courses(&self, place: &Treatment) -> f64 {
        let open = &self.spec.open_courses;
        let stated = if place.step == 2 {
            open.step2.get(&place.name)
        } else {
            open.step3.get(&place.name)
        };
        let people = stated.into_iter().flatten();
        people.map(crate::unit::Quantity::mean).sum()
    }

    fn stated_waiting(&self, place: &Treatment) -> f64 {
        let list = crate::opening::list_of(self.spec, place);
        list.map_or(0.0, |list| by_age(list).iter().sum())
    }

    /// Whether a role has, or may come to have, anybody.
    fn has_anybody(&self, name: &str, role: &Role) -> bool {
        let hire = &role.recruitment;
        let posts = role.posts.map_or(0.0, |posts| posts.mean());
        let later = role.posts_changes.iter().map(|change| change.posts.mean());
        let funded = later.fold(posts, f64::max) > 0.0;
        let hired = hire.policy == RecruitmentPolicy::ToPosts && hire.fill_share.mean() > 0.0;
        let trained = self.spec.training.intakes.iter().any(|intake| {
            let course = self.spec.training.courses.get(&intake.course);
            course.is_some_and(|course| course.becomes == name || course.trainee_role == name)
                && intake.trainees.mean() > 0.0
        });
        role.in_post.mean() > 0.0
            || funded && (hired || hire.agency.is_some())
            || role.ratio.is_some()
            || trained
    }

    /// Whether a pool has, or may come to have, hours or places for courses.
    fn can_treat(&self, pool: usize) -> bool {
        let roles = self.timetable.roles.iter();
        let able = roles.filter(|place| place.pool == pool || place.treats_for == pool);
        let mut able = able.filter(|place| {
            let said = &place.said;
            let anybody = self.has_anybody(&place.name, said);
            let present = said.availability.map_or(1.0, |share| share.mean())
                * said.weeks_available.map_or(1.0, |weeks| weeks.mean());
            let hours = said.job_plan.patients.mean() > 0.0 && present > 0.0;
            said.slots.is_some_and(|slots| slots.mean() > 0.0)
                || anybody && said.slots_per_wte.is_some_and(|slots| slots.mean() > 0.0)
                || anybody && hours && said.slots.is_none() && said.slots_per_wte.is_none()
        });
        able.next().is_some() && !self.all_is_kept_for_assessments(pool)
    }

    fn all_is_kept_for_assessments(&self, pool: usize) -> bool {
        let said = &self.spec.pathway.assessment;
        let assessor = self.timetable.assessment_role;
        assessor.is_some_and(|role| self.timetable.roles[role].pool == pool)
            && !said.spill_over
            && said.ring_fence.is_some_and(|share| share.mean() >= 1.0)
            && self.world.roles[pool].slots.is_none()
            && self.world.roles[pool].slots_per_wte.is_none()
    }

    fn served(&self, treatment: usize) -> bool {
        let pools = &self.timetable.treatments[treatment].pools;
        pools.iter().any(|&pool| self.can_treat(pool))
    }

    /// True if people come to treatments and nobody gives any of them.
    fn nobody_treats(&self, reached: &BTreeSet<usize>, found: &mut Vec<Problem>) -> bool {
        if reached.is_empty() || reached.iter().any(|&treatment| self.served(treatment)) {
            return false;
        }
        let roles: BTreeSet<&str> = reached
            .iter()
            .flat_map(|&treatment| &self.timetable.treatments[treatment].pools)
            .map(|&pool| self.timetable.roles[pool].name.as_str())
            .collect();
        let names = roles.into_iter().collect::<Vec<_>>().join(", ");
        let sentence = format!(
            "there is no clinician: nobody in {names} is in post, will join, or has hours or places for courses"
        );
        let expected = "staff in post, posts to recruit to, an intake or slots";
        found.push(Problem::told("staff", "", &sentence, expected));
        true
    }

    fn few_enough_treatments(&self, found: &mut Vec<Problem>) {
        let number = self.timetable.treatments.len();
        if number > MOST_TREATMENTS {
            let sentence = "more treatments than simulate tells apart";
            found.push(limit(
                "pathway",
                number as f64,
                sentence,
                MOST_TREATMENTS as f64,
            ));
        }
    }

    /// Refuses a treatment that is given in places by one role and in hours by another: a session has minutes or
    /// it has none.
    fn places_or_hours(&self, found: &mut Vec<Problem>) {
        let in_places = |name: &String| {
            let role = &self.spec.staff[name];
            role.slots.is_some() || role.slots_per_wte.is_some()
        };
        for (path, said) in self.spec.pathway.modalities() {
            let (places, hours): (Vec<&String>, Vec<&String>) =
                said.roles.iter().partition(|role| in_places(role));
            if let (Some(places), Some(hours)) = (places.first(), hours.first()) {
                let path = format!("pathway.{path}.roles");
                let sentence = format!("{places:?} has places and {hours:?} has hours");
                let expected = "roles that all have slots or slots_per_wte, or none of which has";
                let said = said.roles.join(", ");
                found.push(Problem::told(&path, said, &sentence, expected));
            }
        }
    }

    fn open_courses_can_be_held(&self, found: &mut Vec<Problem>) {
        for (index, place) in self.timetable.treatments.iter().enumerate() {
            let people = self.stated_in_courses(place);
            if people > 0.0 && !self.served(index) {
                let path = format!("open_courses.step{}.{}", place.step, place.name);
                let sentence = format!(
                    "{people} people are in treatment, and no role that gives it has, or will have, hours or places for courses"
                );
                let expected = format!("staff or slots for {}", place.said.roles.join(", "));
                found.push(Problem::told(&path, people, &sentence, expected));
            }
        }
    }

    /// Refuses courses of which not even the shortest can end in the run.
    fn courses_end(&self, reached: &BTreeSet<usize>, found: &mut Vec<Problem>) {
        let weeks = self.timetable.weeks() as f64;
        for &index in reached {
            let place = &self.timetable.treatments[index];
            let (field, shortest) = if let Some(duration) = place.said.duration_weeks {
                ("duration_weeks", duration.0.quantile(0.0))
            } else {
                let shares = place.said.sessions.shares(&[]);
                let fewest = shares.iter().position(|&share| share > 0.0).unwrap_or(0);
                let between = f64::from(place.said.interval_weeks);
                ("sessions", fewest as f64 * between + 1.0)
            };
            if shortest > weeks {
                let path = format!("pathway.step{}.{}.{field}", place.step, place.name);
                let sentence = format!(
                    "even the shortest course takes {shortest} weeks, and the run has {weeks}: nobody could complete it"
                );
                let expected = format!("at most {weeks} weeks, or a run of at least {shortest}");
                found.push(Problem::told(&path, shortest, &sentence, expected));
            }
        }
    }

    fn referrals(&self) -> f64 {
        self.world.referrals.iter().map(|people| people[0]).sum()
    }

    fn few_enough_people(&self, found: &mut Vec<Problem>) {
        let assessment = self.spec.waiting.assessment.as_ref();
        let assessment: f64 = assessment.map_or(0.0, |list| by_age(list).iter().sum());
        let places = self.timetable.treatments.iter();
        let waiting: f64 = places.map(|place| self.stated_waiting(place)).sum();
        let places = self.timetable.treatments.iter();
        let open: f64 = places.map(|place| self.stated_in_courses(place)).sum();
        for (path, people, what) in [
            ("waiting", assessment + waiting, "wait on the first morning"),
            (
                "open_courses",
                open,
                "are in treatment on the first morning",
            ),
        ] {
            if people > MOST_PEOPLE {
                let sentence = format!(
                    "{people:.0} people {what}, above the ceiling of {MOST_PEOPLE}; each thread would hold {} of them",
                    bytes(BYTES_A_PERSON * people)
                );
                found.push(limit(path, people, &sentence, MOST_PEOPLE));
            }
        }
        let referrals = self.referrals();
        if referrals > MOST_REFERRALS {
            let sentence = format!(
                "{referrals:.0} people are referred in the run, above the ceiling of {MOST_REFERRALS}; if they waited, each thread would hold {} of them",
                bytes(BYTES_A_PERSON * referrals)
            );
            found.push(limit("demand", referrals, &sentence, MOST_REFERRALS));
        }
    }

    fn few_enough_appointments(&self, found: &mut Vec<Problem>) {
        let pathway = &self.spec.pathway;
        let accepted = self.referrals() * accepted_share(pathway, &[]);
        let world = &self.world.treatments;
        let routed: Vec<f64> = world.iter().map(|here| accepted * here.route[0]).collect();
        let starts = starts_with_steps(&routed, &self.world.moves(self.timetable, 0));
        let sessions = starts.iter().zip(world);
        let sessions: f64 = sessions
            .map(|(starts, here)| starts * here.course[0].sessions_booked())
            .sum();
        let booking = Booking::of_assessment(&pathway.assessment, &[]);
        let all = accepted / booking.attended + sessions;
        if all > MOST_LOGGED {
            let sentence = format!(
                "about {all:.0} appointments would be noted, above the ceiling of {MOST_LOGGED}; they would take {}",
                bytes(BYTES_LOGGED * all)
            );
            let weeks = MOST_LOGGED / all * self.timetable.weeks() as f64;
            let expected = format!("no log, or a run of about {weeks:.0} weeks");
            let problem = Problem::told("log", "true", &sentence, expected);
            found.push(problem.of_kind(ProblemKind::Limit));
        }
    }
}

#[cfg(test)]
mod tests;
