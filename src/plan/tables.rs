//! How does a plan become tables?

use crate::cost::{Leaf, TrainingMoney, Usage, annual_cost, leaves, round_to_pence};
use crate::error::{Problem, Result};
use crate::plan::Plan;
use crate::plan::needs::{Needs, places_a_year, supervisors_needed};
use crate::reference::norms;
use crate::scenario::Spec;
use crate::scenario::supervision::Severity;
use crate::supervision::whole_heads;
use crate::table::Table;
use crate::timetable::Timetable;

/// A leaf of the full-year cost.
#[derive(Debug, Clone)]
pub struct CostLeaf {
    /// Role, by index.
    pub role: usize,
    /// Line and payer.
    pub leaf: Leaf,
    /// Pounds a year for the staff in post.
    pub pounds_in_post: f64,
    /// Pounds a year for the staff needed.
    pub pounds_needed: f64,
}

/// Full-year cost of qualified staff, in post and needed; of trainees, the intakes that replace leavers.
pub fn cost_leaves(spec: &Spec, timetable: &Timetable, needs: &Needs) -> Result<Vec<CostLeaf>> {
    let year = &timetable.calendar.financial_years[0];
    let mut list = Vec::new();
    for (index, place) in timetable.roles.iter().enumerate() {
        let course = place
            .course
            .as_ref()
            .and_then(|name| spec.training.courses.get(name));
        let training = course.map(|course| TrainingMoney {
            fee: course.fee.value(),
            salary_support: course.salary_support.value(),
        });
        let annual =
            annual_cost(&place.said, &spec.money, year.first_calendar_year).map_err(|error| {
                Problem::told(
                    "calendar.start",
                    spec.calendar.start,
                    &error.to_string(),
                    "a year with a pay table",
                )
            })?;
        let (in_post, needed) = match course {
            Some(course) => {
                let places = places_a_year(timetable, needs, &course.becomes);
                let wte_years =
                    places * place.said.wte_per_head.value() * f64::from(course.months) / 12.0;
                (
                    Usage::default(),
                    Usage {
                        wte_years,
                        hires: 0.0,
                        trainees_started: places,
                    },
                )
            }
            None => {
                let usage = |wte_years| Usage {
                    wte_years,
                    ..Usage::default()
                };
                (
                    usage(needs.roles[index].in_post),
                    usage(needs.roles[index].needed),
                )
            }
        };
        let one = Usage {
            wte_years: 1.0,
            hires: 0.0,
            trainees_started: 1.0,
        };
        for leaf in leaves(&annual, one, training, &spec.money) {
            let of = |usage: Usage| {
                leaf.pounds
                    * if leaf.line == "course_fee" {
                        usage.trainees_started
                    } else {
                        usage.wte_years
                    }
            };
            let (pounds_in_post, pounds_needed) = (of(in_post), of(needed));
            if pounds_needed.is_finite() && (pounds_in_post != 0.0 || pounds_needed != 0.0) {
                list.push(CostLeaf {
                    role: index,
                    leaf,
                    pounds_in_post,
                    pounds_needed,
                });
            }
        }
    }
    round_to_pence(list.iter_mut().map(|row| &mut row.pounds_in_post));
    round_to_pence(list.iter_mut().map(|row| &mut row.pounds_needed));
    Ok(list)
}

/// Full-year pay and on-costs of one WTE of each role, all payers.
pub fn pay_per_wte(spec: &Spec, timetable: &Timetable) -> Result<Vec<f64>> {
    let year = timetable.calendar.financial_years[0].first_calendar_year;
    let of_role =
        |place: &crate::timetable::RolePlace| match annual_cost(&place.said, &spec.money, year) {
            Ok(cost) => Ok(cost.full()),
            Err(error) => {
                let expected = "a year with a pay table";
                Err(Problem::told(
                    "calendar.start",
                    spec.calendar.start,
                    &error.to_string(),
                    expected,
                )
                .into())
            }
        };
    timetable.roles.iter().map(of_role).collect()
}

/// The few numbers to begin with.
pub fn summary(plan: &Plan) -> Table {
    let needs = &plan.needs;
    let (demand, delivered) = (&needs.demand, &needs.delivered);
    let starts =
        |flow: &crate::plan::needs::Flow| flow.course_starts_step2 + flow.course_starts_step3;
    let total = |of: fn(&CostLeaf) -> f64, recurrent: bool| -> f64 {
        plan.cost
            .iter()
            .filter(|row| row.leaf.recurrent == recurrent)
            .map(of)
            .sum()
    };
    let therapists = |needed: bool| -> f64 {
        let roles = needs.roles.iter().zip(&plan.timetable.roles);
        let counted = roles.filter(|(_, place)| place.course.is_none());
        counted
            .map(|(role, _)| if needed { role.needed } else { role.in_post })
            .sum()
    };
    let rows = [
        (
            "referrals",
            demand.referrals,
            "people a year",
            "People referred in a year",
        ),
        (
            "assessed",
            demand.assessed,
            "people a year",
            "Assessed if everybody is served",
        ),
        (
            "assessed_delivered",
            delivered.assessed,
            "people a year",
            "Assessed by the staff in post",
        ),
        (
            "course_starts",
            starts(demand),
            "people a year",
            "Course starts if everybody is served",
        ),
        (
            "course_starts_delivered",
            starts(delivered),
            "people a year",
            "Course starts with the staff in post",
        ),
        (
            "finishers",
            demand.finishers,
            "people a year",
            "Finishers if everybody is served",
        ),
        (
            "finishers_delivered",
            delivered.finishers,
            "people a year",
            "Finishers with the staff in post",
        ),
        (
            "recovered_delivered",
            delivered.recovered,
            "people a year",
            "Finishers at caseness who recover, with the staff in post",
        ),
        (
            "staff_needed",
            therapists(true),
            "WTE",
            "Qualified staff needed for the demand",
        ),
        (
            "staff_in_post",
            therapists(false),
            "WTE",
            "Qualified staff in post",
        ),
        (
            "recurrent_cost_needed",
            total(|row| row.pounds_needed, true),
            "pounds a year",
            "Full-year cost of the qualified staff needed",
        ),
        (
            "recurrent_cost_in_post",
            total(|row| row.pounds_in_post, true),
            "pounds a year",
            "Full-year cost of the qualified staff in post",
        ),
        (
            "training_cost",
            total(|row| row.pounds_needed, false),
            "pounds a year",
            "Cost of the training places that replace leavers, all payers",
        ),
    ];
    Table::new("summary")
        .text("measure", "What is measured", rows.iter().map(|row| row.0))
        .number(
            "value",
            "",
            "Value, in the unit of the row",
            rows.iter().map(|row| row.1).collect(),
        )
        .text("unit", "Unit", rows.iter().map(|row| row.2))
        .text(
            "meaning",
            "What it means and what it is a count of",
            rows.iter().map(|row| row.3),
        )
}

/// Staff by role: in post, needed, the gap, leavers and training places.
pub fn staff(timetable: &Timetable, needs: &Needs) -> Table {
    let rows: Vec<usize> = (0..timetable.roles.len())
        .filter(|&role| timetable.roles[role].course.is_none())
        .collect();
    let column =
        |of: &dyn Fn(usize) -> f64| -> Vec<f64> { rows.iter().map(|&role| of(role)).collect() };
    let said = |role: usize| &timetable.roles[role].said;
    let heads =
        |role: usize| whole_heads(needs.roles[role].needed / said(role).wte_per_head.value());
    let places = |role: usize| {
        let trained = timetable.roles.iter().any(|place| {
            place.course.is_some()
                && place.pool == timetable.roles[role].pool
                && timetable.roles[role].pool == role
        });
        if trained {
            needs.roles[role].leavers / said(role).wte_per_head.value()
        } else {
            0.0
        }
    };
    Table::new("staff")
        .text("role", "Role", rows.iter().map(|&role| timetable.roles[role].name.clone()))
        .text("title", "Role as shown", rows.iter().map(|&role| said(role).title.clone()))
        .text("band", "Agenda for Change band", rows.iter().map(|&role| said(role).band.name()))
        .number("in_post", "WTE", "In post at the start", column(&|role| needs.roles[role].in_post))
        .number("needed_wte", "WTE", "Needed to serve the demand; seniors and leads as they are in post", column(&|role| needs.roles[role].needed))
        .number("needed_heads", "heads", "People needed, rounded up", column(&heads))
        .number("posts_needed", "WTE", "Posts that keep the needed staff in post, vacancies between leaver and successor included", column(&|role| needs.roles[role].posts))
        .number("gap", "WTE", "In post less needed", column(&|role| needs.roles[role].in_post - needs.roles[role].needed))
        .number("bookable_hours_per_wte", "hours a year", "Bookable hours a week x weeks available", column(&|role| needs.roles[role].hours_per_wte))
        .number("leavers_a_year", "WTE a year", "Leavers of the staff needed", column(&|role| needs.roles[role].leavers))
        .number("places_a_year", "heads a year", "Training places that replace the leavers", column(&places))
}

/// The seven denominators, and what comes of them, a year.
pub fn flow(needs: &Needs) -> Table {
    let rows = |flow: &crate::plan::needs::Flow| {
        vec![
            flow.referrals,
            flow.accepted,
            flow.assessed,
            flow.first_treatments,
            flow.course_starts_step2 + flow.course_starts_step3,
            flow.course_starts_step2,
            flow.course_starts_step3,
            flow.finishers,
            flow.finishers_at_caseness,
            flow.recovered,
            flow.reliably_recovered,
            flow.attended,
        ]
    };
    let names = [
        "referrals",
        "accepted",
        "assessed",
        "first_treatments",
        "course_starts",
        "course_starts_step2",
        "course_starts_step3",
        "finishers",
        "finishers_at_caseness",
        "recovered",
        "reliably_recovered",
        "attended",
    ];
    let (demand, delivered) = (rows(&needs.demand), rows(&needs.delivered));
    let growth = demand
        .iter()
        .zip(&delivered)
        .map(|(demand, delivered)| (demand - delivered) / needs.weeks);
    let growth: Vec<f64> = growth.collect();
    Table::new("flow")
        .text("denominator", "What is counted", names)
        .number(
            "demand_a_year",
            "people a year",
            "If everybody is served",
            demand,
        )
        .number(
            "delivered_a_year",
            "people a year",
            "With the staff in post",
            delivered,
        )
        .number(
            "short_a_week",
            "people a week",
            "Demand less delivered: what the lists grow by",
            growth,
        )
}

/// Hours of the job plan by role and line, a week and a year.
pub fn capacity(timetable: &Timetable, needs: &Needs) -> Table {
    let mut rows: Vec<(String, String, f64, f64)> = Vec::new();
    for (index, place) in timetable.roles.iter().enumerate() {
        let weeks = needs.roles[index].weeks;
        for (line, hours) in place.said.job_plan.lines() {
            rows.push((place.name.clone(), line.into(), hours, hours * weeks));
        }
        rows.push((
            place.name.clone(),
            "leave, sickness and bank holidays".into(),
            0.0,
            37.5 * (needs.weeks - weeks),
        ));
    }
    for (index, place) in timetable
        .roles
        .iter()
        .enumerate()
        .filter(|(index, place)| place.pool == *index && place.course.is_none())
    {
        let pool = &needs.pools[index];
        for (line, hours) in [
            ("pool: screening", pool.screening),
            ("pool: assessments", pool.assessment),
            ("pool: courses", pool.courses),
            (
                "pool: supervision beyond job plans",
                pool.supervision_needed,
            ),
            ("pool: bookable hours in post", pool.in_post),
        ] {
            rows.push((place.name.clone(), line.into(), hours / needs.weeks, hours));
        }
    }
    Table::new("capacity")
        .text(
            "role",
            "Role; rows that begin with pool: are those of the whole pool",
            rows.iter().map(|row| row.0.clone()),
        )
        .text(
            "line",
            "Line of the job plan, or what the demand asks of the pool",
            rows.iter().map(|row| row.1.clone()),
        )
        .number(
            "hours_a_week",
            "hours a week",
            "Hours of a contract week of one WTE; of a pool, the mean week",
            rows.iter().map(|row| row.2).collect(),
        )
        .number(
            "hours_a_year",
            "hours a year",
            "Hours of a year",
            rows.iter().map(|row| row.3).collect(),
        )
}

/// Supervision when the needed staff, and the trainees who replace leavers, are there.
pub fn supervision(spec: &Spec, timetable: &Timetable, needs: &Needs) -> Table {
    let counts = &needs.supervision;
    let column = |of: &dyn Fn(&crate::timetable::ledger::SupervisionCounts<1>) -> f64| {
        counts.iter().map(of).collect::<Vec<f64>>()
    };
    let titles = timetable
        .norms
        .iter()
        .map(|norm| spec.supervision.norms[&norm.name].title.clone());
    Table::new("supervision")
        .text(
            "kind",
            "Kind of supervision",
            timetable.norms.iter().map(|norm| norm.name.clone()),
        )
        .text("title", "Kind as shown", titles)
        .number(
            "supervisees",
            "heads",
            "People who receive it, trainees included",
            column(&|count| count.supervisees[0]),
        )
        .number(
            "hours_owed",
            "hours a week",
            "Hours that supervisors owe in a full week",
            column(&|count| count.owed[0]),
        )
        .number(
            "hours_offered",
            "hours a week",
            "Hours that its supervisors could give, to all kinds",
            column(&|count| count.offered[0]),
        )
        .number(
            "hours_beyond_plan",
            "hours a week",
            "Hours given out of bookable hours",
            column(&|count| count.given.beyond[0]),
        )
        .number(
            "hours_unmet",
            "hours a week",
            "Hours that nobody can give",
            column(&|count| count.given.unmet[0]),
        )
        .number(
            "supervisors",
            "heads",
            "People who may give it",
            column(&|count| count.supervisors[0]),
        )
        .number(
            "supervisors_needed",
            "heads",
            "At the most one supervisor can take, rounded up",
            column(&|count| supervisors_needed(spec, count)),
        )
}

/// Hours and published people-a-year norms side by side, for one WTE.
pub fn norms(timetable: &Timetable, needs: &Needs) -> Table {
    let by_hours = |role: &str, norm: &str| -> f64 {
        let Some(index) = timetable.role(role) else {
            return f64::NAN;
        };
        let pool = timetable.roles[index].pool;
        let need = &needs.pools[pool];
        let own = if timetable.roles[index].course.is_some() {
            pool
        } else {
            index
        };
        let hours = needs.roles[own].hours_per_wte;
        let ramp = needs.roles[index].ramp_of_year;
        let courses = need.courses / need.demand();
        let starts: f64 = starts_of_pool(timetable, needs, pool);
        match norm {
            "assessments" => {
                hours * ramp * (need.assessment / need.demand()) * needs.demand.assessed
                    / need.assessment
            }
            "course_starts" | "new_starts" => hours * ramp * courses * starts / need.courses,
            _ => hours * ramp * courses / need.courses * open_cases(timetable, needs, pool),
        }
    };
    let rows = norms::norms();
    let text = |of: fn(&norms::Norm) -> &String| rows.iter().map(move |row| of(row).clone());
    Table::new("norms")
        .text("role", "Role", text(|row| &row.role))
        .text("norm", "What is counted a WTE", text(|row| &row.norm))
        .number(
            "by_hours",
            "",
            "Worked out from the job plan and the pathway of this scenario",
            rows.iter()
                .map(|row| by_hours(&row.role, &row.norm))
                .collect(),
        )
        .number(
            "published",
            "",
            "Published norm",
            rows.iter().map(|row| row.value).collect(),
        )
        .text("unit", "Unit of both", text(|row| &row.unit))
        .text(
            "source",
            "Source of the published norm",
            text(|row| &row.source),
        )
        .text("note", "What to know", text(|row| &row.note))
}

fn starts_of_pool(timetable: &Timetable, needs: &Needs, pool: usize) -> f64 {
    let here = timetable
        .treatments
        .iter()
        .zip(&needs.starts)
        .filter(|(place, _)| place.pools[0] == pool);
    here.map(|(_, starts)| starts).sum()
}

/// Open cases of a pool in the long run: starts a week x weeks in a course.
fn open_cases(timetable: &Timetable, needs: &Needs, pool: usize) -> f64 {
    let here = timetable
        .treatments
        .iter()
        .zip(&needs.starts)
        .filter(|(place, _)| place.pools[0] == pool);
    let cases = |(place, starts): (&crate::timetable::Treatment, &f64)| {
        let course = crate::pathway::Course::new(&place.said, &[]);
        course.open_cases_a_weekly_start().iter().sum::<f64>() * starts / needs.weeks
    };
    here.map(cases).sum()
}

/// Full-year cost by role, line and payer.
pub fn cost(timetable: &Timetable, rows: &[CostLeaf]) -> Table {
    Table::new("cost")
        .text(
            "role",
            "Role",
            rows.iter()
                .map(|row| timetable.roles[row.role].name.clone()),
        )
        .text(
            "title",
            "Role as shown",
            rows.iter()
                .map(|row| timetable.roles[row.role].said.title.clone()),
        )
        .text(
            "band",
            "Agenda for Change band",
            rows.iter()
                .map(|row| timetable.roles[row.role].said.band.name()),
        )
        .text(
            "line",
            "Line of the budget",
            rows.iter().map(|row| row.leaf.line),
        )
        .text(
            "payer",
            "Who pays",
            rows.iter().map(|row| row.leaf.payer.name()),
        )
        .and(
            "recurrent",
            "",
            "Whether it comes again every year",
            crate::table::Values::Truth(rows.iter().map(|row| row.leaf.recurrent).collect()),
        )
        .number(
            "pounds_in_post",
            "pounds a year",
            "Staff in post, full year",
            rows.iter().map(|row| row.pounds_in_post).collect(),
        )
        .number(
            "pounds_needed",
            "pounds a year",
            "Staff needed, full year; trainees who replace a year's leavers",
            rows.iter().map(|row| row.pounds_needed).collect(),
        )
}

/// Rules that the needed staff would break.
pub fn rules(spec: &Spec, timetable: &Timetable, needs: &Needs) -> Table {
    let mut rows: Vec<(String, &str, f64, f64, String)> = Vec::new();
    let severity = spec.supervision.supervisees_per_supervisor.severity;
    for (place, counts) in timetable.norms.iter().zip(&needs.supervision) {
        let title = &spec.supervision.norms[&place.name].title;
        let unmet = counts.given.unmet[0];
        if unmet > 1e-6 {
            let can = counts.owed[0] - unmet;
            let message = format!(
                "{title}: {:.1} h a week are owed, {can:.1} h can be given",
                counts.owed[0]
            );
            rows.push((
                format!("supervision_hours.{}", place.name),
                "condition",
                counts.owed[0],
                can,
                message,
            ));
        }
        let needed = supervisors_needed(spec, counts);
        if severity != Severity::Off && needed > counts.supervisors[0] + 1e-6 {
            let message = format!(
                "{title}: {:.0} people need {needed:.0} supervisors, {:.1} may give it",
                counts.supervisees[0], counts.supervisors[0]
            );
            let rule = format!("supervisees_per_supervisor.{}", place.name);
            rows.push((
                rule,
                severity.name(),
                needed,
                counts.supervisors[0],
                message,
            ));
        }
    }
    for (index, place) in timetable.roles.iter().enumerate() {
        let pool = &needs.pools[index];
        if pool.demand() > 0.0 && pool.share_delivered < 1.0 - 1e-9 {
            let message = format!(
                "{}: the staff in post can give {:.0} % of the courses that the assessed need",
                place.said.title,
                pool.share_delivered * 100.0
            );
            rows.push((
                format!("hours.{}", place.name),
                "warning",
                pool.share_delivered,
                1.0,
                message,
            ));
        }
    }
    if needs.delivered.assessed < needs.demand.assessed * (1.0 - 1e-9) {
        let message = format!(
            "Assessments: the minutes kept for them serve {:.0} of {:.0} people a year; the list grows by {:.1} a week",
            needs.delivered.assessed,
            needs.demand.assessed,
            (needs.demand.assessed - needs.delivered.assessed) / needs.weeks
        );
        rows.push((
            "assessments".into(),
            "warning",
            needs.delivered.assessed,
            needs.demand.assessed,
            message,
        ));
    }
    Table::new("rules")
        .text(
            "rule",
            "Name of the rule",
            rows.iter().map(|row| row.0.clone()),
        )
        .text(
            "severity",
            "condition: the plan cannot go ahead; warning: somebody should look",
            rows.iter().map(|row| row.1),
        )
        .number("worst", "", "Value", rows.iter().map(|row| row.2).collect())
        .number("limit", "", "Limit", rows.iter().map(|row| row.3).collect())
        .text(
            "message",
            "What is broken",
            rows.iter().map(|row| row.4.clone()),
        )
}
