//! What is the answer, in sentences that a board can read?

use crate::measures::{month_in_words, number, whole};
use crate::project::Projection;
use crate::record::rules;
use crate::table::{Table, Values};

/// The answer; the first sentence is the headline.
pub fn words(run: &Projection) -> Vec<String> {
    let Ok(monthly) = run.table("monthly") else {
        return Vec::new();
    };
    let mut said = vec![headline(&monthly)];
    for (stage, name) in [
        ("waiting_assessment", "an assessment"),
        ("waiting_step2", "Step 2"),
        ("waiting_step3", "Step 3"),
    ] {
        said.extend(list_moves(&monthly, stage, name));
    }
    said.extend(cost(run));
    said.extend(intakes_left_out(run));
    said.extend(rules_broken(run));
    said.push(match run.replications() {
        0 => "This is the expected flow: below full load it shows no queue, and single weeks will differ by chance.".into(),
        1 => "This is one run of whole people with luck: another seed gives other weeks.".into(),
        runs => format!(
            "These are means over {} runs of whole people with luck: the table spread shows how far they lie apart.",
            whole(runs as f64)
        ),
    });
    said
}

fn whole_months(monthly: &Table) -> Vec<usize> {
    match monthly.column("complete").map(|column| &column.values) {
        Some(Values::Truth(list)) => (0..list.len()).filter(|&row| list[row]).collect(),
        _ => Vec::new(),
    }
}

fn headline(monthly: &Table) -> String {
    let month = |row: usize| month_in_words(&monthly.texts("month")[row]);
    let rows = whole_months(monthly);
    // The wait that matters is the longer one: where few are assessed, Step 3 is short for few.
    let longest = |column: &str| {
        rows.iter()
            .map(|&row| monthly.numbers(column)[row])
            .fold(0.0, f64::max)
    };
    let (column, name) = if longest("wait_assessment_weeks") > longest("wait_step3_weeks") {
        ("wait_assessment_weeks", "an assessment")
    } else {
        ("wait_step3_weeks", "Step 3")
    };
    let waits = monthly.numbers(column);
    let Some((&first, &last)) = rows.first().zip(rows.last()) else {
        return "The horizon covers no whole month.".into();
    };
    let worst = rows
        .iter()
        .copied()
        .max_by(|&a, &b| waits[a].total_cmp(&waits[b]))
        .unwrap_or(first);
    let starting = monthly.numbers("course_starts_step3").iter().sum::<f64>() > 0.0;
    let wait = |row: usize| {
        if waits[row].is_finite() {
            format!("{} weeks", number(waits[row]))
        } else {
            "without end, since nobody starts,".into()
        }
    };
    if !starting && monthly.numbers("waiting_step3")[last] <= 0.0 {
        return format!(
            "From {} to {} nobody is sent to Step 3.",
            month(first),
            month(last)
        );
    }
    if worst == last && waits[last] > waits[first] {
        format!(
            "The mean wait for {name} rises from {} in {} to {} in {} and is still rising.",
            wait(first),
            month(first),
            wait(last),
            month(last)
        )
    } else if worst == first {
        format!(
            "The mean wait for {name} falls from {} in {} to {} in {}.",
            wait(first),
            month(first),
            wait(last),
            month(last)
        )
    } else {
        format!(
            "The mean wait for {name} peaks at {} in {} and is {} in {}.",
            wait(worst),
            month(worst),
            wait(last),
            month(last)
        )
    }
}

fn list_moves(monthly: &Table, stage: &str, name: &str) -> Option<String> {
    let list = monthly.numbers(stage);
    let rows = whole_months(monthly);
    let (&first, &last) = rows.first().zip(rows.last())?;
    let month = |row: usize| month_in_words(&monthly.texts("month")[row]);
    let (before, after) = (list[first], list[last]);
    if before.max(after) < 0.5 {
        return None;
    }
    let how = if (after - before).abs() < 0.02 * before.max(1.0) {
        "stays at about"
    } else if after > before {
        "grows to"
    } else {
        "shrinks to"
    };
    Some(format!(
        "The list for {name} is {} at the end of {} and {how} {} by the end of {}.",
        whole(before),
        month(first),
        whole(after),
        month(last)
    ))
}

fn cost(run: &Projection) -> Option<String> {
    let cost = run.table("cost").ok()?;
    let Values::Truth(complete) = &cost.column("complete")?.values else {
        return None;
    };
    let (years, payers, pounds) = (
        cost.texts("year"),
        cost.texts("payer"),
        cost.numbers("pounds"),
    );
    let year = years
        .iter()
        .zip(complete)
        .find(|(_, complete)| **complete)?
        .0;
    let of_year = |payer: Option<&str>| -> f64 {
        let rows = (0..pounds.len())
            .filter(|&row| &years[row] == year && payer.is_none_or(|p| payers[row] == p));
        rows.map(|row| pounds[row]).sum()
    };
    let full = cost.numbers("pounds_full_year");
    let rows = (0..full.len()).filter(|&row| &years[row] == year);
    let full: f64 = rows.map(|row| full[row]).sum();
    Some(format!(
        "It costs {} pounds in {year}, {} of it paid by the service; what is there on its last day and \
         comes again costs {} in a whole year.",
        whole(of_year(None)),
        whole(of_year(Some("service"))),
        whole(full)
    ))
}

/// Trainees who start after the end of a run that is shorter than its scenario.
fn intakes_left_out(run: &Projection) -> Option<String> {
    let after = run.timetable().calendar.end();
    let intakes = run.scenario().spec().training.intakes.iter();
    let late = intakes.filter(|intake| intake.start >= after);
    let heads: f64 = late.map(|intake| intake.trainees.mean()).sum();
    let said = if heads.fract() == 0.0 {
        whole(heads)
    } else {
        number(heads)
    };
    let start = if heads == 1.0 {
        "trainee starts"
    } else {
        "trainees start"
    };
    (heads > 0.0).then(|| {
        format!("{said} {start} after this run, which ends before {after}: they are not in it.")
    })
}

fn rules_broken(run: &Projection) -> Vec<String> {
    let broken = rules::broken(run.scenario().spec(), run.timetable(), run.record());
    let Ok(table) = run.table("rules") else {
        return Vec::new();
    };
    let of = |severity: &str| broken.iter().filter(|row| row.severity == severity).count();
    let (conditions, warnings, targets) = (of("condition"), of("warning"), of("target"));
    if broken.is_empty() {
        let nobody = |name: &str| run.record().measure(name).iter().sum::<f64>() <= 0.0;
        if nobody("finishers") && !nobody("accepted") {
            return vec![
                "No rule is broken, but nobody finishes a course: no target can be met.".into(),
            ];
        }
        return vec!["No rule is broken and no target is missed.".into()];
    }
    let plural = |count: usize, one: &str, many: &str| match count {
        1 => format!("one {one}"),
        count => format!("{count} {many}"),
    };
    let mut parts = Vec::new();
    if conditions > 0 {
        parts.push(format!(
            "breaks {}",
            plural(conditions, "condition", "conditions")
        ));
    }
    if warnings > 0 {
        parts.push(format!(
            "raises {}",
            plural(warnings, "warning", "warnings")
        ));
    }
    if targets > 0 {
        parts.push(format!("misses {}", plural(targets, "target", "targets")));
    }
    let first = table.texts("message").first().cloned().unwrap_or_default();
    vec![format!(
        "The plan {}; first of all: {first}.",
        parts.join(", ")
    )]
}
