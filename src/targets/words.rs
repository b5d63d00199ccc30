//! What does a commissioner need to hear: how many places, by when, at what cost, under which rule?

use crate::measures::{month_in_words, number, whole};
use crate::record::rules;
use crate::targets::TargetPlan;
use crate::targets::cost::{Added, added, by_year};
use crate::targets::goals::{Goal, Stage, short};
use crate::targets::tables::{Place, places_of, tables_of, title_of};

/// The answer; the first sentence is the headline.
pub fn words(plan: &TargetPlan) -> Vec<String> {
    let mut said = vec![headline(plan)];
    said.extend(reached(plan));
    said.extend(places(plan));
    said.extend(supervisors(plan));
    said.extend(cost(plan));
    said.extend(lists(plan));
    said.push(conditions(plan));
    let months = &plan.run().timetable().calendar.months;
    if plan.targets.until + 1 < months.len() {
        said.push(format!(
            "The plan ends in {}: later targets, and the places of those who leave after it, need another one.",
            month_in_words(&months[plan.targets.until].label)
        ));
    }
    if plan.targets.beyond > 0 {
        said.push(format!(
            "The calendar ends before {} of the autumns asked for would have qualified: a longer calendar.weeks plans them too.",
            plan.targets.beyond
        ));
    }
    said
}

fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Places by course: `7 places of PWP training in 2026, 4 in 2027 and none in 2028`.
fn commissioned(plan: &TargetPlan) -> Vec<String> {
    let places = places_of(plan);
    let mut courses: Vec<&str> = places
        .iter()
        .map(|p| p.commission.course.as_str())
        .collect();
    courses.sort_unstable();
    courses.dedup();
    let mut parts = Vec::new();
    for course in courses {
        let here = || places.iter().filter(|p| p.commission.course == course);
        let years = |some: bool| here().filter(move |p| (p.commission.places > 0) == some);
        let mut all: Vec<String> = years(true)
            .map(|p| format!("{} in {}", p.commission.places, p.commission.start.year()))
            .collect();
        let title = here().next().map_or(course, |p| p.course.as_str());
        if let Some(first) = all.first_mut() {
            let noun = if first.starts_with("1 ") {
                "place"
            } else {
                "places"
            };
            *first = first.replacen(" in ", &format!(" {noun} of {title} in "), 1);
            let none: Vec<String> = years(false)
                .map(|p| p.commission.start.year().to_string())
                .collect();
            if !none.is_empty() {
                all.push(format!("none in {}", listed(&none)));
            }
            parts.push(listed(&all));
        }
    }
    parts
}

fn recruited(plan: &TargetPlan) -> Option<String> {
    let posts = plan.recruits().iter();
    let parts: Vec<String> = posts
        .map(|(role, posts)| {
            let noun = if *posts == 1.0 { "post" } else { "posts" };
            format!("{} more {noun} of {}", whole(*posts), title_of(plan, role))
        })
        .collect();
    (!parts.is_empty()).then(|| format!("{} advertised at once", listed(&parts)))
}

fn headline(plan: &TargetPlan) -> String {
    let goals: Vec<String> = plan.found.goals.iter().map(Goal::asked).collect();
    let asked = capital(&goals.join(" and "));
    let mut parts = commissioned(plan);
    parts.extend(recruited(plan));
    if parts.is_empty() {
        return if plan.met() {
            format!("{asked}: met without any training place or post more than there is.")
        } else {
            format!("{asked}: cannot be had, and no training place or post helps.")
        };
    }
    let what = parts.join(", and ");
    let money = money(plan).map_or(String::new(), |money| format!(": {money}"));
    if plan.met() {
        format!("{asked} takes {what}{money}.")
    } else {
        format!("{asked}: cannot be had; the best takes {what}{money}.")
    }
}

/// The first year that costs more, whose it is, and what comes every year.
fn money(plan: &TargetPlan) -> Option<String> {
    let rows = added(plan.before(), plan.run()).ok()?;
    let years = by_year(&rows, |_| true);
    let (year, pounds) = years.iter().find(|(_, pounds)| pounds.abs() >= 0.5)?;
    let own = by_year(&rows, |row| row.payer == "service");
    let own = own
        .iter()
        .find(|row| row.0 == *year)
        .map_or(0.0, |row| row.1);
    let recurrent = by_year(&rows, |row| row.recurrent);
    let (kept, every) = at_the_end(plan, &recurrent)?;
    Some(format!(
        "it adds {} pounds in {year}, {} of them paid by the service, and {} a year by {kept}",
        whole(*pounds),
        whole(own),
        or_less(*every)
    ))
}

/// Pounds added, or how many less.
fn or_less(pounds: f64) -> String {
    if pounds <= -0.5 {
        format!("{} pounds less", whole(-pounds))
    } else {
        format!("{} pounds", whole(pounds))
    }
}

/// The financial year in which the planned time ends; later years hold no further autumn.
fn at_the_end<'a>(plan: &TargetPlan, years: &'a [(String, f64)]) -> Option<&'a (String, f64)> {
    let calendar = &plan.run().timetable().calendar;
    let (year, month) = calendar.months[plan.targets.until].label.split_once('-')?;
    let year: i32 = year.parse().ok()?;
    let first = if month < "04" { year - 1 } else { year };
    let kept = years
        .iter()
        .find(|(year, _)| year.starts_with(&format!("{first}/")));
    kept.or(years.last())
}

/// What is reached, and what would be without the plan.
fn reached(plan: &TargetPlan) -> Vec<String> {
    let (Ok(with), Ok(before)) = (tables_of(plan.run()), tables_of(plan.before())) else {
        return Vec::new();
    };
    let sentence = |goal: &Goal| {
        let (here, was) = (goal.readings(&with), goal.readings(&before));
        let worst = here.iter().max_by(|a, b| a.miss.total_cmp(&b.miss))?;
        let same = was.iter().find(|reading| reading.period == worst.period)?;
        let when = month_in_words(&worst.period);
        let how = if worst.miss > 1e-9 {
            "at worst"
        } else {
            "at the tightest"
        };
        Some(format!(
            "{}{} {how} {} in {when}; without the plan {} then.",
            capital(&goal.subject()),
            goal.verb(),
            goal.value(worst.reached),
            goal.value(same.reached)
        ))
    };
    plan.found.goals.iter().filter_map(sentence).collect()
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// What the places are for.
fn places(plan: &TargetPlan) -> Option<String> {
    let places = places_of(plan);
    let sum = |of: fn(&Place) -> f64| places.iter().map(of).sum::<f64>();
    let all = sum(|p| f64::from(p.commission.places));
    if all <= 0.0 {
        return None;
    }
    let parts = [
        (sum(|p| p.growth), "add to the staff"),
        (sum(|p| p.replacing_leavers), "replace those who leave"),
        (
            sum(|p| p.replacing_progression),
            "replace those who move to training",
        ),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|part| part.0 > 0.05)
        .map(|(heads, what)| {
            let heads = if all - heads <= 0.05 {
                "all".into()
            } else {
                short(*heads)
            };
            format!("{heads} {what}")
        })
        .collect();
    let internal = sum(|p| f64::from(p.commission.internal));
    if all == 1.0 {
        return None;
    }
    let from = if internal > 0.0 {
        format!("; {} of them come from this service", whole(internal))
    } else {
        String::new()
    };
    Some(format!(
        "Of the {} places {}{from}.",
        whole(all),
        listed(&parts)
    ))
}

/// Who supervises the trainees, in the month with them in which most is owed.
fn supervisors(plan: &TargetPlan) -> Vec<String> {
    let Ok(table) = plan.table("supervision") else {
        return Vec::new();
    };
    let spec = plan.scenario().spec();
    let mut said = Vec::new();
    for (kind, norm) in &spec.supervision.norms {
        let first = plan
            .places()
            .iter()
            .filter(|c| c.places > 0)
            .filter(|c| {
                let course = spec.training.courses.get(&c.course);
                course.is_some_and(|course| norm.supervisees.contains(&course.trainee_role))
            })
            .map(|c| c.start)
            .min();
        let Some(first) = first.map(|start| start.to_string()) else {
            continue;
        };
        let owed = table.numbers("hours_owed");
        let rows = (0..table.len()).filter(|&row| {
            let month = &table.texts("month")[row];
            &table.texts("kind")[row] == kind && first.get(..7) <= Some(month.as_str())
        });
        let Some(row) = rows.max_by(|&a, &b| owed[a].total_cmp(&owed[b])) else {
            continue;
        };
        if owed[row] <= 0.0 {
            continue;
        }
        let unmet = table.numbers("hours_unmet")[row];
        let short = if unmet > 1e-6 {
            format!(", {} h of it nobody can give", number(unmet))
        } else {
            String::new()
        };
        said.push(format!(
            "{}: most is owed in {}: {} h a week to {} people{short}, given by {}.",
            norm.title,
            month_in_words(&table.texts("month")[row]),
            number(owed[row]),
            whole(table.numbers("supervisees")[row]),
            table.texts("given_by_roles")[row]
        ));
    }
    said
}

fn cost(plan: &TargetPlan) -> Option<String> {
    let rows = added(plan.before(), plan.run()).ok()?;
    let all = by_year(&rows, |_| true);
    let last = all.last()?;
    let payers = |year: &str| {
        let mut names: Vec<&str> = rows.iter().map(|row| row.payer.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let of = |payer: &str| -> f64 {
            let here = rows
                .iter()
                .filter(|row| row.year == year && row.payer == payer);
            here.map(Added::added).sum()
        };
        let parts = names.iter().map(|payer| (payer, of(payer)));
        let parts = parts.filter(|(_, pounds)| pounds.abs() >= 0.5);
        let parts: Vec<String> = parts
            .map(|(payer, pounds)| format!("{payer} {}", whole(pounds)))
            .collect();
        parts.join(", ")
    };
    let years: Vec<String> = all
        .iter()
        .filter(|(_, pounds)| pounds.abs() >= 0.5)
        .take(4)
        .map(|(year, pounds)| format!("{} pounds in {year} ({})", whole(*pounds), payers(year)))
        .collect();
    if years.is_empty() {
        return Some("It adds nothing to the cost.".into());
    }
    let recurrent = by_year(&rows, |row| row.recurrent);
    let (kept, every) = at_the_end(plan, &recurrent).unwrap_or(last);
    let (year, later) = recurrent.last().unwrap_or(last);
    let after = if year == kept {
        String::new()
    } else {
        format!(
            ", and {} in {year}, for which nothing more is planned",
            or_less(*later)
        )
    };
    Some(format!(
        "Added cost: {}; what comes again every year is {} in {kept}{after}.",
        listed(&years),
        or_less(*every)
    ))
}

/// What the lists do, with the plan and without.
fn lists(plan: &TargetPlan) -> Vec<String> {
    let (Ok(with), Ok(before)) = (plan.run().table("monthly"), plan.before().table("monthly"))
    else {
        return Vec::new();
    };
    let end = plan.targets.until;
    let stages = [
        ("waiting_assessment", "an assessment", Stage::Assessment),
        ("waiting_step2", "Step 2", Stage::Step2),
        ("waiting_step3", "Step 3", Stage::Step3),
    ];
    let sentence = |(column, name, stage): (&str, &str, Stage)| {
        let (list, was) = (with.numbers(column), before.numbers(column));
        let (first, last, without) = (list.first()?, list.get(end)?, was.get(end)?);
        let asked = plan.found.goals.iter().any(|goal| goal.is_about(stage));
        let beware = if !asked && *last > 2.0 * first && *last >= first + 100.0 {
            "; beware: no target is about this list, and whoever waits there is still to come"
        } else {
            ""
        };
        (first.max(*last).max(*without) >= 1.0).then(|| {
            format!(
                "The list for {name} goes from {} to {} by {}; without the plan to {}{beware}.",
                whole(*first),
                whole(*last),
                month_in_words(&with.texts("month")[end]),
                whole(*without)
            )
        })
    };
    stages.into_iter().filter_map(sentence).collect()
}

fn conditions(plan: &TargetPlan) -> String {
    let run = plan.run();
    let broken = rules::broken(run.scenario().spec(), run.timetable(), run.record());
    let of = |severity: &str| broken.iter().filter(|row| row.severity == severity).count();
    let worst = broken.iter().find(|row| row.severity != "target");
    let plural = |count: usize, noun: &str| match count {
        0 => format!("no {noun}"),
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    };
    worst.map_or("No rule is broken.".into(), |row| {
        format!(
            "Rules that break: {}, {}; first of all: {}.",
            plural(of("condition"), "condition"),
            plural(of("warning"), "warning"),
            row.sentence
        )
    })
}
