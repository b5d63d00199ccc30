//! What does a plan say of people, staff and hours? Its tables, apart from cost, rules and trace.

mod norms;

use crate::plan::Plan;
use crate::plan::cost::total;
use crate::plan::needs::{Flow, Needs};
use crate::scenario::Spec;
use crate::scenario::staff::CONTRACT_HOURS;
use crate::supervision::whole_heads;
use crate::table::Table;
use crate::timetable::columns::{cases_reviewed, supervision_columns};
use crate::timetable::ledger::SupervisionCounts;
use crate::timetable::{NormPlace, Timetable};

pub use norms::norms;

/// The few numbers to begin with.
pub fn summary(plan: &Plan) -> Table {
    let (demand, delivered) = (&plan.needs.demand, &plan.needs.delivered);
    let qualified = |of| plan.needs.qualified(&plan.timetable, of);
    let cost = |recurrent, of| total(&plan.cost, recurrent, of);
    let (people, pounds) = ("people a year", "pounds a year");
    let rows = [
        (
            "referrals",
            demand.referrals,
            people,
            "People referred in a year",
        ),
        (
            "assessed",
            demand.assessed,
            people,
            "Assessed if everybody is served",
        ),
        (
            "assessed_delivered",
            delivered.assessed,
            people,
            "Assessed by the staff in post",
        ),
        (
            "course_starts",
            demand.course_starts(),
            people,
            "Course starts if everybody is served",
        ),
        (
            "course_starts_delivered",
            delivered.course_starts(),
            people,
            "Course starts with the staff in post",
        ),
        (
            "finishers",
            demand.finishers,
            people,
            "Finishers if everybody is served",
        ),
        (
            "finishers_delivered",
            delivered.finishers,
            people,
            "Finishers with the staff in post",
        ),
        (
            "recovered_delivered",
            delivered.recovered,
            people,
            "Finishers at caseness who recover, with the staff in post",
        ),
        (
            "staff_needed",
            qualified(|role| role.needed),
            "WTE",
            "Qualified staff needed for the demand",
        ),
        (
            "staff_in_post",
            qualified(|role| role.in_post),
            "WTE",
            "Qualified staff in post",
        ),
        (
            "recurrent_cost_needed",
            cost(true, |row| row.pounds_needed),
            pounds,
            "Full-year cost of the qualified staff needed",
        ),
        (
            "recurrent_cost_in_post",
            cost(true, |row| row.pounds_in_post),
            pounds,
            "Full-year cost of the qualified staff in post",
        ),
        (
            "training_cost",
            cost(false, |row| row.pounds_needed),
            pounds,
            "Cost of the training places that replace leavers, all payers",
        ),
    ];
    Table::of_rows("summary", &rows)
        .text("measure", "What is measured", |row| row.0)
        .number("value", "", "Value, in the unit of the row", |row| row.1)
        .text("unit", "Unit", |row| row.2)
        .text(
            "meaning",
            "What it means and what it is a count of",
            |row| row.3,
        )
        .table()
}

/// Staff by role: in post, needed, the gap, leavers and training places.
pub fn staff(timetable: &Timetable, needs: &Needs) -> Table {
    let place = |role: usize| &timetable.roles[role];
    let need = |role: usize| &needs.roles[role];
    let heads = |role: usize, wte: f64| wte / place(role).said.wte_per_head.value();
    let places = |role: usize| {
        let heads_pool = place(role).pool == role;
        let mut pool = timetable.roles_of_pool(role);
        if heads_pool && pool.any(|member| place(member).course.is_some()) {
            heads(role, need(role).leavers)
        } else {
            0.0
        }
    };
    let qualified = (0..timetable.roles.len()).filter(|&role| place(role).course.is_none());
    let rows: Vec<usize> = qualified.collect();
    let needed = "Needed to serve the demand; seniors and leads as they are in post";
    let posts =
        "Posts that keep the needed staff in post, vacancies between leaver and successor included";
    let hours = "Bookable hours a week x weeks available";
    Table::of_rows("staff", &rows)
        .text("role", "Role", |&role| &place(role).name)
        .text("title", "Role as shown", |&role| &place(role).said.title)
        .text("band", "Agenda for Change band", |&role| {
            place(role).said.band.name()
        })
        .number("in_post", "WTE", "In post at the start", |&role| {
            need(role).in_post
        })
        .number("needed_wte", "WTE", needed, |&role| need(role).needed)
        .number(
            "needed_heads",
            "heads",
            "People needed, rounded up",
            |&role| whole_heads(heads(role, need(role).needed)),
        )
        .number("posts_needed", "WTE", posts, |&role| need(role).posts)
        .number("gap", "WTE", "In post less needed", |&role| {
            need(role).in_post - need(role).needed
        })
        .number("bookable_hours_per_wte", "hours a year", hours, |&role| {
            need(role).hours_per_wte
        })
        .number(
            "leavers_a_year",
            "WTE a year",
            "Leavers of the staff needed",
            |&role| need(role).leavers,
        )
        .number(
            "places_a_year",
            "heads a year",
            "Training places that replace the leavers",
            |&role| places(role),
        )
        .table()
}

/// A count of a year by its name.
type Count = (&'static str, fn(&Flow) -> f64);

const FLOW: [Count; 12] = [
    ("referrals", |flow| flow.referrals),
    ("accepted", |flow| flow.accepted),
    ("assessed", |flow| flow.assessed),
    ("first_treatments", |flow| flow.first_treatments),
    ("course_starts", Flow::course_starts),
    ("course_starts_step2", |flow| flow.course_starts_step2),
    ("course_starts_step3", |flow| flow.course_starts_step3),
    ("finishers", |flow| flow.finishers),
    ("finishers_at_caseness", |flow| flow.finishers_at_caseness),
    ("recovered", |flow| flow.recovered),
    ("reliably_recovered", |flow| flow.reliably_recovered),
    ("attended", |flow| flow.attended),
];

/// The seven denominators, and what comes of them, a year.
pub fn flow(needs: &Needs) -> Table {
    let (demand, delivered) = (&needs.demand, &needs.delivered);
    let short = "Demand less delivered: what the lists grow by";
    Table::of_rows("flow", &FLOW)
        .text("denominator", "What is counted", |row| row.0)
        .number(
            "demand_a_year",
            "people a year",
            "If everybody is served",
            |row| row.1(demand),
        )
        .number(
            "delivered_a_year",
            "people a year",
            "With the staff in post",
            |row| row.1(delivered),
        )
        .number("short_a_week", "people a week", short, |row| {
            (row.1(demand) - row.1(delivered)) / needs.weeks
        })
        .table()
}

/// Hours of the job plan by role and line, a week and a year.
pub fn capacity(timetable: &Timetable, needs: &Needs) -> Table {
    let mut rows: Vec<(&str, &str, f64, f64)> = Vec::new();
    for (place, need) in timetable.roles.iter().zip(&needs.roles) {
        let lines = place.said.job_plan.lines().into_iter();
        rows.extend(lines.map(|(line, hours)| (&*place.name, line, hours, hours * need.weeks)));
        let absent = CONTRACT_HOURS * (needs.weeks - need.weeks);
        rows.push((
            &place.name,
            "leave, sickness and bank holidays",
            0.0,
            absent,
        ));
    }
    for (index, place) in timetable.pools() {
        let pool = &needs.pools[index];
        let lines = [
            ("pool: screening", pool.screening),
            ("pool: assessments", pool.assessment),
            ("pool: courses", pool.courses),
            (
                "pool: supervision beyond job plans",
                pool.supervision_needed,
            ),
            ("pool: bookable hours in post", pool.in_post),
        ];
        let lines = lines.into_iter();
        rows.extend(lines.map(|(line, hours)| (&*place.name, line, hours / needs.weeks, hours)));
    }
    let role = "Role; rows that begin with pool: are those of the whole pool";
    let line = "Line of the job plan, or what the demand asks of the pool";
    let week = "Hours of a contract week of one WTE; of a pool, the mean week";
    Table::of_rows("capacity", &rows)
        .text("role", role, |row| row.0)
        .text("line", line, |row| row.1)
        .number("hours_a_week", "hours a week", week, |row| row.2)
        .number("hours_a_year", "hours a year", "Hours of a year", |row| {
            row.3
        })
        .table()
}

/// Supervision when the needed staff, and the trainees who replace leavers, are there.
pub fn supervision(spec: &Spec, timetable: &Timetable, needs: &Needs) -> Table {
    let ledger = &needs.supervision;
    let kinds = timetable.norms.iter().zip(&ledger.kinds).enumerate();
    let rows: Vec<(&NormPlace, &SupervisionCounts<1>, f64)> = kinds
        .map(|(index, (place, kind))| (place, kind, cases_reviewed(timetable, ledger, index)))
        .collect();
    let ratio = spec.supervision.supervisees_per_supervisor.ratio.value();
    let table =
        Table::of_rows("supervision", &rows).text("kind", "Kind of supervision", |row| &row.0.name);
    supervision_columns(table, ratio, |row| *row).table()
}
