//! Do the fields of a scenario fit each other? One small check a question; all problems are reported.

mod calendar;
mod leaving;
mod lists;
mod money;
mod one_by_one;
mod pathway;
mod people;
mod segments;
mod supervision;
mod training;

use crate::error::{Problem, nearest};
use crate::scenario::Spec;

pub use one_by_one::in_expectation;

/// All problems between the fields.
#[must_use]
pub fn problems(spec: &Spec) -> Vec<Problem> {
    let mut found = Vec::new();
    for check in [
        calendar::calendar_is_known,
        calendar::indices_have_mean_one,
        calendar::leave_leaves_time,
        calendar::one_kind_of_demand,
        calendar::months_follow_each_other,
        pathway::one_kind_of_assessment_capacity,
        pathway::booking_shares_fit,
        pathway::routes_add_up,
        pathway::steps_lead_somewhere,
        pathway::pathway_has_a_way_out,
        one_by_one::sources_add_up,
        segments::segments_leave_room,
        segments::segments_stay_in_bounds,
        one_by_one::delivery_adds_up,
        one_by_one::somebody_is_urgent,
        one_by_one::courses_of_weeks_have_places,
        people::roles_are_known,
        people::job_plans_add_up,
        people::availability_is_said_once,
        people::recruitment_can_fill,
        leaving::trainees_are_left_to_courses,
        leaving::posts_change_in_order,
        leaving::tenure_is_in_order,
        leaving::leavers_add_up,
        leaving::absences_leave_people,
        leaving::recruitment_is_possible,
        leaving::ratios_follow_roles,
        leaving::employers_pay,
        training::ramps_rise,
        training::trainees_are_intakes,
        training::gates_are_inside_courses,
        training::intakes_fit,
        training::places_suffice,
        training::short_courses_fit,
        supervision::norms_name_roles,
        supervision::supervisors_can_supervise,
        supervision::supervisors_give_the_treatment,
        supervision::reviews_are_individual,
        supervision::supervisors_are_supervised_from_above,
        people::awards_name_years,
        money::payers_and_sites_add_up,
        money::lines_fit,
        money::purchases_fit,
        money::budgets_name_years,
        money::pay_steps_fit,
        lists::lists_fit,
        lists::open_courses_fit,
    ] {
        check(spec, &mut found);
    }
    found
}

/// Refuses fields of which none or several are `said`.
fn one_of(path: &str, names: &[&str], said: &[bool], found: &mut Vec<Problem>) {
    let said: Vec<_> = names
        .iter()
        .zip(said)
        .filter(|pair| *pair.1)
        .map(|pair| *pair.0)
        .collect();
    if said.len() != 1 {
        let got = if said.is_empty() {
            "none".into()
        } else {
            said.join(" and ")
        };
        found.push(Problem::new(
            path,
            got,
            format!("exactly one of {}", names.join(", ")),
        ));
    }
}

/// Refuses a name that is not `known`, and offers the nearest.
fn must_be_known<'a>(
    path: &str,
    name: &str,
    known: impl Iterator<Item = &'a String> + Clone,
    what: &str,
    found: &mut Vec<Problem>,
) {
    let names: Vec<&str> = known.map(String::as_str).collect();
    if !names.contains(&name) {
        let problem = Problem::told(path, name, &format!("no {what} {name:?}"), names.join(", "));
        found.push(problem.suggest(nearest(name, names)));
    }
}
