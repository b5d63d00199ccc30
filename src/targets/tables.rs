//! What does a plan to targets say? Its tables, apart from cost.

use toml::Value;

use crate::error::Result;
use crate::intake::largest_intake;
use crate::measures::month_in_words;
use crate::project::Projection;
use crate::scenario::{Scenario, merge};
use crate::supervision::supervisors_needed;
use crate::table::Table;
use crate::targets::TargetPlan;
use crate::targets::cost::{added, by_year};
use crate::targets::evaluate::{posts_added, staff_by_week};
use crate::targets::goals::{Goal, Tables};
use crate::targets::search::Commission;

/// Places of an autumn and course, and what they are for.
pub struct Place<'a> {
    /// The places.
    pub commission: &'a Commission,
    /// Course as shown.
    pub course: String,
    /// They take the places of people who moved to training.
    pub replacing_progression: f64,
    /// They take the places of people who left.
    pub replacing_leavers: f64,
    /// They add to the staff.
    pub growth: f64,
    /// Supervision owed for them \[hours a week\].
    pub hours_owed: f64,
    /// Supervisors for them at the ratio of the rule \[heads\].
    pub supervisors: f64,
    /// The largest intake of that day that breaks no rule and no condition, besides what is planned already
    /// \[heads\], and the rule that one more would break.
    pub largest: Option<(u32, u32, String)>,
}

/// The places, by autumn and course.
pub fn places_of(plan: &TargetPlan) -> Vec<Place<'_>> {
    let spec = plan.scenario().spec();
    let ratio = spec.supervision.supervisees_per_supervisor.ratio.value();
    let of = |commission| place(plan, commission, ratio);
    plan.places().iter().map(of).collect()
}

fn place<'a>(plan: &'a TargetPlan, commission: &'a Commission, ratio: f64) -> Place<'a> {
    let spec = plan.scenario().spec();
    let places = f64::from(commission.places);
    let pools = plan.found.pools.iter().zip(&plan.found.decision);
    let grown: f64 = pools
        .filter(|(pool, _)| pool.name == commission.role)
        .map(|(pool, supply)| {
            let autumn = plan
                .targets
                .starts
                .iter()
                .position(|start| *start == commission.start);
            let yields = pool.course.as_ref().map_or(1.0, |course| course.yields);
            autumn.map_or(0.0, |autumn| posts_added(pool, supply)[autumn] / yields)
        })
        .sum();
    let moved: f64 = plan
        .places()
        .iter()
        .filter(|other| other.start == commission.start && other.internal_from == commission.role)
        .map(|other| f64::from(other.internal))
        .sum();
    // A sum of nothing is -0: plus 0 it is 0.
    let growth = grown.min(places) + 0.0;
    let replacing_progression = moved.min(places - growth) + 0.0;
    let course = spec.training.courses.get(&commission.course);
    let role = course.map(|course| &course.trainee_role);
    let owed: f64 = (spec.supervision.norms.values())
        .filter(|norm| role.is_some_and(|role| norm.supervisees.contains(role)))
        .map(|norm| norm.hours_per_week.value() / norm.group_size.value())
        .sum();
    Place {
        commission,
        course: course.map_or(String::new(), |course| course.title.clone()),
        replacing_progression,
        replacing_leavers: places - growth - replacing_progression,
        growth,
        hours_owed: places * owed,
        supervisors: supervisors_needed(places, ratio) + 0.0,
        largest: None,
    }
}

/// The largest intakes are those beside the other places of the plan, so that each row can be grown by itself.
fn with_largest(plan: &TargetPlan) -> Vec<Place<'_>> {
    let mut rows = places_of(plan);
    for row in &mut rows {
        let commission = row.commission;
        let without = without_intake(plan, commission);
        let largest = without.and_then(|scenario| {
            largest_intake(&scenario, &commission.course, commission.start).ok()
        });
        row.largest = largest.map(|largest| {
            let rule = largest
                .binding()
                .map_or(String::new(), |limit| limit.rule.clone());
            (largest.trainees, largest.trainees_by_conditions, rule)
        });
    }
    rows
}

/// The scenario with the plan, but for the places of one autumn and course.
fn without_intake(plan: &TargetPlan, commission: &Commission) -> Option<Scenario> {
    let scenario = plan.scenario();
    let planned = plan.before().scenario().spec().training.intakes.len();
    let list = merge::get(scenario.complete(), "training.intakes")?.as_array()?;
    let start = commission.start.to_string();
    let same = |intake: &Value| {
        let text = |key: &str| intake.get(key).and_then(Value::as_str);
        text("course") == Some(commission.course.as_str()) && text("start") == Some(start.as_str())
    };
    let kept = list.iter().enumerate();
    let kept = kept.filter(|(place, intake)| *place < planned || !same(intake));
    let kept: Vec<Value> = kept.map(|(_, intake)| intake.clone()).collect();
    scenario.with("training.intakes", Value::Array(kept)).ok()
}

/// Places by autumn and course.
pub fn places(plan: &TargetPlan) -> Table {
    let rows = with_largest(plan);
    let heads_of = |number: Option<u32>| number.map_or(f64::NAN, f64::from);
    let (heads, hours) = ("heads", "hours a week");
    Table::of_rows("places", &rows)
        .day("start", "First day of the course", |row| {
            row.commission.start
        })
        .text("course", "Course", |row| &row.commission.course)
        .text("title", "Course as shown", |row| &row.course)
        .text("role", "Role that it leads to", |row| &row.commission.role)
        .day("qualifies", "Day on which the cohort qualifies", |row| {
            row.commission.qualifies
        })
        .number("places", heads, "Places to be commissioned", |row| {
            f64::from(row.commission.places)
        })
        .number("internal", heads, "Of them people of this service", |row| {
            f64::from(row.commission.internal)
        })
        .number(
            "replacing_leavers",
            heads,
            "For those who leave, the course included",
            |row| row.replacing_leavers,
        )
        .number(
            "replacing_progression",
            heads,
            "For those who move to training themselves",
            |row| row.replacing_progression,
        )
        .number("growth", heads, "Beyond the posts that there are", |row| {
            row.growth
        })
        .number(
            "hours_owed",
            hours,
            "Supervision that they are owed",
            |row| row.hours_owed,
        )
        .number(
            "supervisors_needed",
            heads,
            "Supervisors for them, at the most that one can take",
            |row| row.supervisors,
        )
        .number(
            "largest",
            heads,
            "Most that could start without breaking a rule, beside the rest of the plan",
            |row| heads_of(row.largest.as_ref().map(|largest| largest.0)),
        )
        .number(
            "largest_by_conditions",
            heads,
            "Most that could start without breaking a condition, whatever it warns of",
            |row| heads_of(row.largest.as_ref().map(|largest| largest.1)),
        )
        .text("rule", "Rule that one more would break", |row| {
            row.largest
                .as_ref()
                .map_or("", |largest| largest.2.as_str())
        })
        .table()
}

/// Needed and there, by month and pool.
pub fn path(plan: &TargetPlan) -> Table {
    struct Row<'a> {
        month: &'a str,
        role: &'a str,
        title: &'a str,
        standing: f64,
        extra: f64,
        working: f64,
        without: f64,
        trainees: f64,
    }
    let found = &plan.found;
    let run = plan.run();
    let calendar = &run.timetable().calendar;
    let mut rows = Vec::new();
    for (pool, extra) in found.pools.iter().zip(&found.extra) {
        let with = staff_by_week(run, pool.role);
        let before = staff_by_week(plan.before(), pool.role);
        let trainee_roles: Vec<usize> = run
            .timetable()
            .roles_of_pool(pool.role)
            .filter(|&role| run.timetable().roles[role].course.is_some())
            .collect();
        for week in 0..run.timetable().weeks() {
            let Some(month) = run.record().closes(week) else {
                continue;
            };
            let in_training = trainee_roles
                .iter()
                .map(|&role| run.record().staff[role][week].trainees);
            rows.push(Row {
                month: &calendar.months[month].label,
                role: &pool.name,
                title: &pool.title,
                standing: pool.standing[week],
                extra: if week < found.window.by { *extra } else { 0.0 },
                working: with[week],
                without: before[week],
                trainees: in_training.sum(),
            });
        }
    }
    let standing = "Needed for those who arrive, seniors and leads in terms of the role";
    let extra = "Needed beyond that until the date, to bring the list to its target";
    let working =
        "Working with the plan: seniors and leads in terms of the role, trainees by their ramp";
    Table::of_rows("path", &rows)
        .text("month", "Month", |row| row.month)
        .text("role", "Role that heads the pool", |row| row.role)
        .text("title", "Role as shown", |row| row.title)
        .number("standing", "WTE", standing, |row| row.standing)
        .number("extra", "WTE", extra, |row| row.extra)
        .number("needed", "WTE", "Standing and extra", |row| {
            row.standing + row.extra
        })
        .number("working", "WTE", working, |row| row.working)
        .number("as_it_is", "WTE", "Working without the plan", |row| {
            row.without
        })
        .number("in_training", "heads", "Trainees", |row| row.trainees)
        .number("shortfall", "WTE", "Needed less working, if any", |row| {
            (row.standing + row.extra - row.working).max(0.0)
        })
        .table()
}

/// Columns of a quarter that a bid shows.
const SHOWN: [&str; 14] = [
    "referrals",
    "first_treatments",
    "assessed",
    "course_starts",
    "finishers",
    "wait_assessment_weeks",
    "wait_step2_weeks",
    "wait_step3_weeks",
    "waiting_assessment",
    "waiting_step2",
    "waiting_step3",
    "share_within_6_weeks",
    "share_within_18_weeks",
    "reliable_recovery",
];

/// What becomes of the service by quarter, and of the lists if nothing is done.
pub fn trajectory(plan: &TargetPlan) -> Result<Table> {
    let quarterly = plan.run().table("quarterly")?;
    let before = plan.before().table("quarterly")?;
    let mut table = Table::new("trajectory");
    table
        .columns
        .extend(quarterly.columns.iter().take(3).cloned());
    for name in SHOWN {
        table.columns.extend(quarterly.column(name).cloned());
    }
    if let Some(need) = &plan.scenario().spec().demand.need {
        let people = need.people.mean() * need.prevalence.mean();
        let rates = quarterly.numbers("first_treatments").iter();
        let rates = rates.map(|treated| treated * 4.0 / people).collect();
        table = table.number(
            "access_rate",
            "share",
            "First treatments at a year's rate over the people in need",
            rates,
        );
    }
    for name in ["waiting_assessment", "waiting_step2", "waiting_step3"] {
        let meaning = "The same list at the end of the quarter without the plan";
        let values = before.numbers(name).to_vec();
        table = table.number(&format!("{name}_as_it_is"), "people", meaning, values);
    }
    Ok(table)
}

/// Each target in each of its periods.
pub fn targets(plan: &TargetPlan) -> Result<Table> {
    struct Row<'a> {
        goal: &'a Goal,
        period: String,
        reached: f64,
        before: f64,
        met: bool,
    }
    let (with, before) = (tables_of(plan.run())?, tables_of(plan.before())?);
    let mut rows = Vec::new();
    for goal in &plan.found.goals {
        let pairs = goal.readings(&with).into_iter().zip(goal.readings(&before));
        rows.extend(pairs.map(|(reading, was)| Row {
            goal,
            period: reading.period,
            reached: reading.reached,
            before: was.reached,
            met: reading.miss <= 1e-9,
        }));
    }
    Ok(Table::of_rows("targets", &rows)
        .text(
            "period",
            "Month, quarter, or first month of twelve",
            |row| &row.period,
        )
        .text("target", "Target", |row| row.goal.name().0)
        .text("unit", "Unit", |row| row.goal.name().1)
        .number(
            "limit",
            "",
            "Least or most, in the unit of the row",
            |row| row.goal.limit,
        )
        .number(
            "reached",
            "",
            "With the plan, in the unit of the row",
            |row| row.reached,
        )
        .number(
            "as_it_is",
            "",
            "Without the plan, in the unit of the row",
            |row| row.before,
        )
        .truth("met", "Whether the plan meets it", |row| row.met)
        .table())
}

/// What targets are read from.
pub fn tables_of(run: &Projection) -> Result<Tables> {
    Ok(Tables {
        monthly: run.table("monthly")?,
        quarterly: run.table("quarterly")?,
    })
}

/// Who supervises: the ledger of the plan by month, with the roles that give it.
pub fn supervision(plan: &TargetPlan) -> Result<Table> {
    let spec = plan.scenario().spec();
    let mut table = plan.run().table("supervision")?;
    let titles = |kind: &String| -> String {
        let roles = spec
            .supervision
            .norms
            .get(kind)
            .map(|norm| norm.supervisors.iter());
        let titles = roles
            .into_iter()
            .flatten()
            .filter_map(|role| spec.staff.get(role));
        titles
            .map(|role| role.title.clone())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let given_by: Vec<String> = table.texts("kind").iter().map(titles).collect();
    table = table.text(
        "given_by_roles",
        "Roles that may give it, in order",
        given_by,
    );
    Ok(table)
}

/// What the plan changes in the scenario.
pub fn changes(plan: &TargetPlan) -> Table {
    let rows = plan.before().scenario().diff(plan.scenario());
    let text = |value: &Option<Value>| value.as_ref().map_or(String::new(), ToString::to_string);
    Table::of_rows("changes", &rows)
        .text("path", "Path of the field", |row| &row.0)
        .text("as_it_is", "Value without the plan", |row| text(&row.1))
        .text("with_plan", "Value with the plan", |row| text(&row.2))
        .table()
}

/// What a role is called.
pub fn title_of(plan: &TargetPlan, role: &str) -> String {
    let staff = &plan.scenario().spec().staff;
    staff
        .get(role)
        .map_or(role.to_string(), |role| role.title.clone())
}

/// The few numbers to begin with.
pub fn summary(plan: &TargetPlan) -> Result<Table> {
    let mut rows: Vec<(String, f64, &str, String)> = Vec::new();
    let with = tables_of(plan.run())?;
    for goal in &plan.found.goals {
        let (name, unit) = goal.name();
        let readings = goal.readings(&with);
        let worst = readings.iter().max_by(|a, b| a.miss.total_cmp(&b.miss));
        rows.push((
            format!("{name}_target"),
            goal.limit,
            unit,
            format!("Target: {}", goal.asked()),
        ));
        if let Some(reading) = worst {
            let meaning = format!(
                "Reached: {}, nearest to the target or worst, in {}",
                goal.subject(),
                month_in_words(&reading.period)
            );
            rows.push((name, reading.reached, unit, meaning));
        }
    }
    for place in places_of(plan) {
        let (start, course) = (place.commission.start, &place.commission.course);
        let month = month_in_words(&start.strftime("%Y-%m").to_string());
        let meaning = format!("{}: places in {month}", place.course);
        let name = format!("places_{course}_{}", start.year());
        rows.push((name, f64::from(place.commission.places), "heads", meaning));
    }
    for (role, posts) in plan.recruits() {
        let name = format!("recruited_{role}");
        let title = title_of(plan, role);
        let meaning = format!("{title}: posts advertised at once, beyond those that there are");
        rows.push((name, *posts, "WTE", meaning));
    }
    let costs = added(plan.before(), plan.run())?;
    for (year, pounds) in by_year(&costs, |_| true) {
        let name = format!("pounds_added_{}", year.replace('/', "_"));
        rows.push((
            name,
            pounds,
            "pounds",
            format!("Added cost of {year}, all payers"),
        ));
    }
    if let Some((year, pounds)) = by_year(&costs, |row| row.recurrent).pop() {
        let meaning = format!("Added cost that comes every year, as in {year}");
        rows.push((
            "pounds_added_recurrent".into(),
            pounds,
            "pounds a year",
            meaning,
        ));
    }
    Ok(Table::of_rows("summary", &rows)
        .text("measure", "What is measured", |row| &row.0)
        .number("value", "", "Value, in the unit of the row", |row| row.1)
        .text("unit", "Unit", |row| row.2)
        .text(
            "meaning",
            "What it means and what it is a count of",
            |row| &row.3,
        )
        .table())
}
