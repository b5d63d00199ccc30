//! What is the answer of a plan, in sentences?

use crate::measures::{number, whole};
use crate::plan::Plan;

/// The answer; the first sentence is the headline.
pub fn words(plan: &Plan) -> Vec<String> {
    let needs = &plan.needs;
    let mut said = vec![headline(plan)];
    for (index, place) in plan.timetable.roles.iter().enumerate() {
        let role = &needs.roles[index];
        if place.pool != index || place.course.is_some() || needs.pools[index].demand() <= 0.0 {
            continue;
        }
        let gap = role.in_post - role.needed;
        let verdict = if gap.abs() < 0.05 {
            "which is what is in post".to_string()
        } else if gap < 0.0 {
            format!(
                "{} more than the {} in post",
                number(-gap),
                number(role.in_post)
            )
        } else {
            format!(
                "{} fewer than the {} in post",
                number(gap),
                number(role.in_post)
            )
        };
        said.push(format!(
            "{}: {} WTE are needed, {verdict}.",
            place.said.title,
            number(role.needed)
        ));
    }
    let (demand, delivered) = (&needs.demand, &needs.delivered);
    let starts =
        |flow: &crate::plan::needs::Flow| flow.course_starts_step2 + flow.course_starts_step3;
    if starts(delivered) < 0.995 * starts(demand) {
        said.push(format!(
            "With the staff in post {} of {} people a year would start a course, so the lists grow by {} a week.",
            whole(starts(delivered)),
            whole(starts(demand)),
            number((starts(demand) - starts(delivered)) / needs.weeks)
        ));
    } else {
        said.push(format!(
            "The staff in post can serve all {} people who start a course in a year.",
            whole(starts(demand))
        ));
    }
    said.push(format!(
        "Qualified staff cost {} pounds in a full year as needed, {} as in post.",
        whole(total(plan, true)),
        whole(total(plan, false))
    ));
    if let Ok(rules) = plan.table("rules") {
        said.extend(
            rules
                .texts("message")
                .iter()
                .map(|message| format!("To look at: {message}.")),
        );
    }
    said
}

fn total(plan: &Plan, needed: bool) -> f64 {
    let rows = plan.cost.iter().filter(|row| row.leaf.recurrent);
    rows.map(|row| {
        if needed {
            row.pounds_needed
        } else {
            row.pounds_in_post
        }
    })
    .sum()
}

fn headline(plan: &Plan) -> String {
    let needs = &plan.needs;
    let qualified: f64 = needs
        .roles
        .iter()
        .zip(&plan.timetable.roles)
        .filter(|(_, place)| place.course.is_none())
        .map(|(role, _)| role.needed)
        .sum();
    if !qualified.is_finite() {
        return "The demand cannot be served: a role that is needed has no bookable hours.".into();
    }
    format!(
        "To serve {} referrals a year takes {} WTE of qualified staff, who see {} people through a course to a recovery in {}.",
        whole(needs.demand.referrals),
        number(qualified),
        whole(needs.demand.finishers),
        whole(needs.demand.recovered)
    )
}
