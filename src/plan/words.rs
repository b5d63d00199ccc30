//! What is the answer of a plan, in sentences?

use crate::measures::{number, whole};
use crate::plan::Plan;
use crate::plan::cost::total;

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
    let demand = needs.demand.course_starts();
    let delivered = needs.delivered.course_starts();
    if delivered < 0.995 * demand {
        said.push(format!(
            "With the staff in post {} of {} people a year would start a course, {} a week fewer than need one.",
            whole(delivered),
            whole(demand),
            number((demand - delivered) / needs.weeks)
        ));
    } else {
        said.push(format!(
            "The staff in post can serve all {} people who start a course in a year.",
            whole(demand)
        ));
    }
    said.push(format!(
        "Qualified staff cost {} pounds in a full year as needed, {} as in post.",
        whole(total(&plan.cost, true, |row| row.pounds_needed)),
        whole(total(&plan.cost, true, |row| row.pounds_in_post))
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

fn headline(plan: &Plan) -> String {
    let needs = &plan.needs;
    let qualified = needs.qualified(&plan.timetable, |role| role.needed);
    if !qualified.is_finite() {
        return "The demand cannot be served: a role that is needed has no bookable hours.".into();
    }
    format!(
        "To serve {} referrals a year takes {} WTE of qualified staff; {} people would finish a course and {} recover.",
        whole(needs.demand.referrals),
        number(qualified),
        whole(needs.demand.finishers),
        whole(needs.demand.recovered)
    )
}
