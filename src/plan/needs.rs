//! The arithmetic of a plan: flows of a year, minutes of each pool, staff needed, what is delivered.

use crate::demand::referrals_a_year;
use crate::pathway::{
    Course, accepted_share, assessed_share, first_treatments_per_referral, minutes_an_assessment,
    starts_with_steps,
};
use crate::scenario::Spec;
use crate::scenario::demand::Period;
use crate::scenario::staff::RecruitmentPolicy;
use crate::supervision::whole_heads;
use crate::timetable::ledger::{SupervisionCounts, supervise};
use crate::timetable::world::AssessmentCapacity;
use crate::timetable::{Timetable, World};
use crate::workforce::ramp::mean_share;

/// People of a year by the seven denominators, and exits.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Flow {
    /// People referred.
    pub referrals: f64,
    /// Accepted after screening and opt-in.
    pub accepted: f64,
    /// Assessed.
    pub assessed: f64,
    /// First treatments.
    pub first_treatments: f64,
    /// Course starts at Step 2.
    pub course_starts_step2: f64,
    /// Course starts at Step 3.
    pub course_starts_step3: f64,
    /// Finishers.
    pub finishers: f64,
    /// Finishers at caseness.
    pub finishers_at_caseness: f64,
    /// Recovered.
    pub recovered: f64,
    /// Reliably recovered.
    pub reliably_recovered: f64,
    /// Appointments attended.
    pub attended: f64,
}

/// What a pool has to do in a year, and what it can.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PoolNeed {
    /// Screening hours.
    pub screening: f64,
    /// Assessment hours.
    pub assessment: f64,
    /// Hours of courses.
    pub courses: f64,
    /// Supervision beyond job plans when the needed staff are there.
    pub supervision_needed: f64,
    /// Supervision beyond job plans with the staff in post.
    pub supervision_in_post: f64,
    /// Bookable hours of the staff in post, trainees by their ramp included.
    pub in_post: f64,
    /// Of them hours of trainees in training.
    pub trainees: f64,
    /// Share of the courses asked for that the staff in post can give.
    pub share_delivered: f64,
}

impl PoolNeed {
    /// Hours with patients that demand asks for.
    #[must_use]
    pub fn demand(&self) -> f64 {
        self.screening + self.assessment + self.courses
    }
}

/// What is needed of a role.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RoleNeed {
    /// In post at the start \[WTE\].
    pub in_post: f64,
    /// Needed for the demand \[WTE\].
    pub needed: f64,
    /// Bookable hours of one WTE in a year.
    pub hours_per_wte: f64,
    /// Weeks of a year that are worked.
    pub weeks: f64,
    /// Leavers a year of the needed staff, by hazard and average person in post \[WTE\].
    pub leavers: f64,
    /// Posts that keep the needed staff in post: a post is vacant for lead time / share filled after a leaver.
    pub posts: f64,
    /// Share of a qualified person's bookable hours worked over a year: 1, or the mean ramp of a trainee.
    pub ramp_of_year: f64,
}

/// Everything a plan works out.
#[derive(Debug, Clone, PartialEq)]
pub struct Needs {
    /// If everybody is served.
    pub demand: Flow,
    /// With the staff in post.
    pub delivered: Flow,
    /// Starts of each treatment if everybody is served.
    pub starts: Vec<f64>,
    /// Starts of each treatment with the staff in post.
    pub starts_delivered: Vec<f64>,
    /// By role; pools stand at their role.
    pub pools: Vec<PoolNeed>,
    /// By role.
    pub roles: Vec<RoleNeed>,
    /// Supervision when the needed staff are there.
    pub supervision: Vec<SupervisionCounts<1>>,
    /// Weeks of the year worked out from days: 52.14, or 52 on the plain calendar.
    pub weeks: f64,
}

/// Works out a plan.
#[must_use]
pub fn work_out(spec: &Spec, timetable: &Timetable, world: &World<1>) -> Needs {
    let year = &timetable.calendar.financial_years[0];
    let weeks = f64::from(year.days_whole) / 7.0;
    let referrals = match &spec.demand.rate {
        Some(rate) if rate.per == Period::WorkingDay => {
            rate.referrals.mean() * f64::from(year.working_days_whole)
        }
        _ => referrals_a_year(
            &spec.demand,
            first_treatments_per_referral(&spec.pathway, &[]),
            &[],
        ),
    };
    let accepted = referrals * accepted_share(&spec.pathway, &[]);
    let assessed = accepted * assessed_share(&spec.pathway, &[]);
    let moves = world.moves(timetable, 0);
    let starts_of = |assessed: f64| {
        let routed: Vec<f64> = world
            .treatments
            .iter()
            .map(|treatment| assessed * treatment.route[0])
            .collect();
        starts_with_steps(&routed, &moves)
    };
    let starts = starts_of(assessed);
    let mut needs = Needs {
        demand: flow(timetable, world, [referrals, accepted, assessed], &starts),
        delivered: Flow::default(),
        starts,
        starts_delivered: Vec::new(),
        pools: vec![PoolNeed::default(); timetable.roles.len()],
        roles: roles(spec, timetable, world),
        supervision: Vec::new(),
        weeks,
    };
    demand_hours(spec, timetable, world, &mut needs);
    staff_needed(spec, timetable, world, &mut needs);
    deliver(spec, timetable, world, &mut needs, &starts_of);
    needs
}

fn course(world: &World<1>, treatment: usize) -> &Course {
    &world.treatments[treatment].course[0]
}

fn flow(
    timetable: &Timetable,
    world: &World<1>,
    [referrals, accepted, assessed]: [f64; 3],
    starts: &[f64],
) -> Flow {
    let counts = world.assessment.counts[0];
    let mut flow = Flow {
        referrals,
        accepted,
        assessed,
        attended: assessed,
        ..Flow::default()
    };
    let routed: f64 = world
        .treatments
        .iter()
        .map(|treatment| treatment.route[0])
        .sum();
    flow.first_treatments = assessed * (counts + (1.0 - counts) * routed);
    for (index, (place, &starts)) in timetable.treatments.iter().zip(starts).enumerate() {
        let treatment = &world.treatments[index];
        let course = course(world, index);
        let ends = 1.0 - treatment.step_up[0] - treatment.step_down[0];
        let complete = course.completing_share();
        let after_one = course.complete[0] * ends + (1.0 - course.complete[0]) * course.drop_out;
        let finishing = 1.0 - complete * (1.0 - ends) - (1.0 - counts) * after_one;
        let finishers = starts * finishing;
        if place.step == 2 {
            flow.course_starts_step2 += starts;
        } else {
            flow.course_starts_step3 += starts;
        }
        flow.finishers += finishers;
        let at_caseness = finishers * treatment.at_caseness[0];
        flow.finishers_at_caseness += at_caseness;
        flow.recovered += at_caseness * treatment.recovery[0];
        flow.reliably_recovered += at_caseness * treatment.reliable_recovery[0];
        flow.attended += starts * course.sessions_attended();
    }
    flow
}

fn roles(spec: &Spec, timetable: &Timetable, world: &World<1>) -> Vec<RoleNeed> {
    let days = f64::from(timetable.calendar.financial_years[0].working_days_whole);
    let need = |(index, place): (usize, &crate::timetable::RolePlace)| {
        let weeks = days / 5.0 * (1.0 - world.roles[index].lost[0][0]);
        let in_post = place.said.in_post.mean();
        let course = place
            .course
            .as_ref()
            .and_then(|name| spec.training.courses.get(name));
        RoleNeed {
            in_post,
            needed: in_post,
            hours_per_wte: world.roles[index].patients * weeks,
            weeks,
            leavers: 0.0,
            posts: in_post,
            ramp_of_year: course.map_or(1.0, mean_share),
        }
    };
    timetable.roles.iter().enumerate().map(need).collect()
}

fn demand_hours(spec: &Spec, timetable: &Timetable, world: &World<1>, needs: &mut Needs) {
    if let Some(role) = timetable.screening_role {
        let pool = timetable.roles[role].pool;
        needs.pools[pool].screening = needs.demand.referrals * world.screening_minutes[0] / 60.0;
    }
    let outside = matches!(world.assessment.capacity, AssessmentCapacity::PerWeek(_));
    if let Some(role) = timetable.assessment_role.filter(|_| !outside) {
        let pool = timetable.roles[role].pool;
        needs.pools[pool].assessment =
            needs.demand.assessed * minutes_an_assessment(&spec.pathway, &[]) / 60.0;
    }
    for (index, place) in timetable.treatments.iter().enumerate() {
        let hours = needs.starts[index] * course(world, index).minutes_a_start() / 60.0;
        needs.pools[place.pools[0]].courses += hours;
    }
}

fn hours_of_trainees(timetable: &Timetable, world: &World<1>, needs: &Needs, pool: usize) -> f64 {
    let year = timetable.weeks().min(52);
    let of_cohort = |cohort: &crate::workforce::CohortPlan<1>| {
        let role = &world.role_plans[cohort.trainee_role];
        let weeks: f64 = cohort.weeks[..year].iter().map(|week| week.ramped).sum();
        let worked = needs.roles[cohort.becomes].weeks / needs.weeks;
        let whole_year =
            f64::from(timetable.calendar.financial_years[0].working_days_whole) / 5.0 / needs.weeks;
        weeks
            * cohort.trainees[0]
            * role.wte_per_head[0]
            * world.roles[cohort.becomes].patients
            * worked
            / whole_year
    };
    let here = world
        .cohorts
        .iter()
        .filter(|cohort| timetable.roles[cohort.becomes].pool == pool);
    here.map(of_cohort).sum()
}

/// Finds the WTE of each role that heads a pool by going round until supervision and staff agree. Seniors
/// and leads stay as they are in post; the head of the pool makes up the rest.
fn staff_needed(spec: &Spec, timetable: &Timetable, world: &World<1>, needs: &mut Needs) {
    let roles = timetable.roles.len();
    let is_pool = |index: usize| {
        let place = &timetable.roles[index];
        place.pool == index && place.course.is_none() && needs.pools[index].demand() > 0.0
    };
    let pools: Vec<usize> = (0..roles).filter(|&index| is_pool(index)).collect();
    for _ in 0..200 {
        let heads: Vec<[f64; 1]> = (0..roles)
            .map(|role| heads(spec, timetable, world, needs, role))
            .collect();
        let (supervision, beyond) = supervise(spec, timetable, world, &heads);
        let mut change: f64 = 0.0;
        for &pool in &pools {
            let others = timetable
                .roles_of_pool(pool)
                .filter(|&role| role != pool && timetable.roles[role].course.is_none());
            let hours_of_others: f64 = others
                .map(|role| needs.roles[role].needed * needs.roles[role].hours_per_wte)
                .sum();
            let stated = |role: usize| world.roles[role].extra_supervision[0] * needs.weeks;
            let given: f64 = timetable
                .roles_of_pool(pool)
                .map(|role| beyond[role][0] * needs.roles[role].weeks + stated(role))
                .sum();
            needs.pools[pool].supervision_needed = given;
            let hours = needs.pools[pool].demand() + given - hours_of_others;
            let wte = if needs.roles[pool].hours_per_wte > 0.0 {
                hours.max(0.0) / needs.roles[pool].hours_per_wte
            } else {
                f64::INFINITY
            };
            change = change.max((wte - needs.roles[pool].needed).abs());
            needs.roles[pool].needed = wte;
        }
        needs.supervision = supervision;
        if change < 1e-12 || change.is_nan() {
            break;
        }
    }
    for (index, place) in timetable.roles.iter().enumerate() {
        let need = &mut needs.roles[index];
        need.leavers = need.needed * place.said.leavers_per_year.mean();
        let recruitment = &place.said.recruitment;
        let filled = recruitment.fill_share.mean();
        let vacant = f64::from(recruitment.lead_weeks) * 7.0 / 365.25 / filled;
        let recruits = recruitment.policy == RecruitmentPolicy::ToPosts && filled > 0.0;
        need.posts = need.needed + if recruits { need.leavers * vacant } else { 0.0 };
    }
}

/// Heads of a role when the needed staff are there; trainees are those who replace a year's leavers.
fn heads(
    spec: &Spec,
    timetable: &Timetable,
    world: &World<1>,
    needs: &Needs,
    role: usize,
) -> [f64; 1] {
    let place = &timetable.roles[role];
    let Some(course) = place
        .course
        .as_ref()
        .and_then(|name| spec.training.courses.get(name))
    else {
        return [needs.roles[role].needed / world.role_plans[role].wte_per_head[0]];
    };
    [places_a_year(timetable, needs, &course.becomes) * f64::from(course.months) / 12.0]
}

/// Training places a year that replace those who leave a role: leavers over WTE a head.
#[must_use]
pub fn places_a_year(timetable: &Timetable, needs: &Needs, becomes: &str) -> f64 {
    timetable.role(becomes).map_or(0.0, |role| {
        let said = &timetable.roles[role].said;
        needs.roles[role].needed * said.leavers_per_year.mean() / said.wte_per_head.value()
    })
}

/// What the staff in post deliver: assessments and courses up to the hours of each pool.
fn deliver(
    spec: &Spec,
    timetable: &Timetable,
    world: &World<1>,
    needs: &mut Needs,
    starts_of: &dyn Fn(f64) -> Vec<f64>,
) {
    let roles = timetable.roles.len();
    let in_post: Vec<[f64; 1]> = (0..roles)
        .map(|role| match timetable.roles[role].course {
            Some(_) => {
                let cohorts = world
                    .cohorts
                    .iter()
                    .filter(|c| c.trainee_role == role && c.starts.is_none());
                [cohorts.map(|cohort| cohort.trainees[0]).sum()]
            }
            None => [needs.roles[role].in_post / world.role_plans[role].wte_per_head[0]],
        })
        .collect();
    let (_, beyond) = supervise(spec, timetable, world, &in_post);
    let mut room = vec![0.0; roles];
    for pool in 0..roles {
        if timetable.roles[pool].pool != pool {
            continue;
        }
        let members: Vec<usize> = timetable
            .roles_of_pool(pool)
            .filter(|&role| timetable.roles[role].course.is_none())
            .collect();
        let qualified: f64 = members
            .iter()
            .map(|&role| needs.roles[role].in_post * needs.roles[role].hours_per_wte)
            .sum();
        let trainees = hours_of_trainees(timetable, world, needs, pool);
        let stated = |role: usize| world.roles[role].extra_supervision[0] * needs.weeks;
        let given: f64 = members
            .iter()
            .map(|&role| beyond[role][0] * needs.roles[role].weeks + stated(role))
            .sum();
        let need = &mut needs.pools[pool];
        need.in_post = qualified + trainees;
        need.trainees = trainees;
        need.supervision_in_post = given.min(need.in_post);
        room[pool] = (need.in_post - need.supervision_in_post - need.screening).max(0.0);
    }
    let minutes = minutes_an_assessment(&spec.pathway, &[]) / 60.0;
    let pool = timetable
        .assessment_role
        .map(|role| timetable.roles[role].pool);
    let wte = |pool: usize| -> f64 {
        timetable
            .roles_of_pool(pool)
            .map(|role| needs.roles[role].in_post)
            .sum()
    };
    let ring = match (&world.assessment.capacity, pool) {
        (AssessmentCapacity::PerWeek(slots), _) => slots[0] * needs.weeks * minutes,
        (_, Some(pool)) if world.assessment.spill_over => room[pool],
        (AssessmentCapacity::RingFence(share), Some(pool)) => room[pool] * share[0],
        (AssessmentCapacity::PerWte(slots), Some(pool)) => {
            (wte(pool) * slots[0] * needs.roles[pool].weeks * world.assessment.minutes[0] / 60.0)
                .min(room[pool])
        }
        (_, None) => 0.0,
    };
    let assessed = needs
        .demand
        .assessed
        .min(if minutes > 0.0 { ring / minutes } else { 0.0 });
    if let Some(pool) =
        pool.filter(|_| !matches!(world.assessment.capacity, AssessmentCapacity::PerWeek(_)))
    {
        room[pool] -= if world.assessment.spill_over {
            assessed * minutes
        } else {
            ring
        };
    }
    let wanted = starts_of(assessed);
    let mut asked = vec![0.0; roles];
    for (index, place) in timetable.treatments.iter().enumerate() {
        asked[place.pools[0]] += wanted[index] * course(world, index).minutes_a_start() / 60.0;
    }
    for pool in 0..roles {
        needs.pools[pool].share_delivered = if asked[pool] > room[pool] {
            room[pool].max(0.0) / asked[pool]
        } else {
            1.0
        };
    }
    let share = |index: usize| needs.pools[timetable.treatments[index].pools[0]].share_delivered;
    needs.starts_delivered = wanted
        .iter()
        .enumerate()
        .map(|(index, starts)| starts * share(index))
        .collect();
    let arriving = [needs.demand.referrals, needs.demand.accepted, assessed];
    needs.delivered = flow(timetable, world, arriving, &needs.starts_delivered);
}

/// Supervisors of a kind that are needed at the ratio of the rule \[heads\].
#[must_use]
pub fn supervisors_needed(spec: &Spec, counts: &SupervisionCounts<1>) -> f64 {
    let ratio = spec.supervision.supervisees_per_supervisor.ratio.value();
    whole_heads(counts.supervisees[0] / ratio)
}
