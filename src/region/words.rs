//! What is the answer for a region, in sentences that a board can read?

use super::allocation::Allotted;
use super::run::RegionProjection;
use super::{Region, tables};
use crate::error::Result;
use crate::measures::{number, whole};
use crate::table::{Table, Values};

/// The answer; the first sentence is the headline.
pub fn words(run: &RegionProjection) -> Result<Vec<String>> {
    let summary = run.table("summary")?;
    let years = summary.texts("year");
    let mut said = Vec::new();
    if let Some(last) = last_year(&summary) {
        let at = |name: &str, row: usize| summary.numbers(name)[row];
        let services = run.runs().len();
        said.push(format!(
            "{}: at the end of {} {services} {} {} WTE of qualified staff in post and {} trainees; \
             {} people wait for Step 3.",
            run.region().spec().name,
            years[last],
            if services == 1 {
                "service has"
            } else {
                "services have"
            },
            number(at("in_post", last)),
            whole(at("in_training", last)),
            whole(at("waiting_step3", last)),
        ));
        let spent: Vec<String> = (years.iter().zip(summary.numbers("pounds")))
            .map(|(year, pounds)| format!("{} pounds in {year}", whole(*pounds)))
            .collect();
        said.push(format!("It costs {}.", listed(&spent)));
        said.extend(parts_of_years(&summary));
    }
    said.extend(places(run.region(), run.allotted()));
    said.extend(money(run)?);
    let rules = run.table("rules")?;
    let breaking = |severity: &str| {
        let rows = rules.texts("severity").iter().zip(rules.texts("service"));
        let mut services: Vec<&String> = rows
            .filter(|(found, _)| *found == severity)
            .map(|(_, service)| service)
            .collect();
        services.dedup();
        services.len()
    };
    for (severity, what) in [
        ("condition", "break a condition"),
        ("warning", "raise a warning"),
        ("target", "miss a target"),
    ] {
        let count = breaking(severity);
        if count > 0 {
            said.push(format!("{count} of {} services {what}.", run.runs().len()));
        }
    }
    Ok(said)
}

/// The last complete year, or the last of all.
fn last_year(summary: &Table) -> Option<usize> {
    let whole = match summary.column("complete").map(|column| &column.values) {
        Some(Values::Truth(complete)) => complete.iter().rposition(|&whole| whole),
        _ => None,
    };
    whole.or_else(|| summary.len().checked_sub(1))
}

fn parts_of_years(summary: &Table) -> Option<String> {
    let Values::Truth(complete) = &summary.column("complete")?.values else {
        return None;
    };
    let parts: Vec<String> = (summary.texts("year").iter().zip(complete))
        .filter(|(_, complete)| !**complete)
        .map(|(year, _)| year.clone())
        .collect();
    let years = if parts.len() == 1 { "is" } else { "are" };
    (!parts.is_empty()).then(|| {
        format!(
            "Take care: of {} only a part {years} covered.",
            listed(&parts)
        )
    })
}

/// What becomes of the places.
pub fn places(region: &Region, allotted: &[Allotted]) -> Vec<String> {
    let table = tables::places(region, allotted);
    if table.is_empty() {
        return vec!["No training places are stated for the region.".into()];
    }
    let sum = |name: &str| table.numbers(name).iter().sum::<f64>();
    let text = format!(
        "Of {} training places {} are given to services ({})",
        whole(sum("places")),
        whole(sum("allocated")),
        region.spec().allocation.rule.name().replace('_', " ")
    );
    let over = match sum("left_over") {
        over if over > 1e-9 => format!("; {} are left over", number(over)),
        _ => String::new(),
    };
    vec![format!("{text}{over}.")]
}

/// The name of a role as the services show it.
fn titled(run: &RegionProjection, role: &str) -> String {
    let roles = run.runs().map(|(_, one)| &one.scenario().spec().staff);
    let title = roles
        .filter_map(|staff| staff.get(role))
        .map(|role| role.title.clone())
        .next();
    title.unwrap_or_else(|| role.into())
}

fn money(run: &RegionProjection) -> Result<Vec<String>> {
    let budget = run.table("budget")?;
    let rows = budget.texts("year").iter().zip(budget.texts("payer"));
    let told = rows.enumerate().filter_map(|(row, (year, payer))| {
        let left = budget.numbers("variance")[row];
        let whose = match payer.as_str() {
            "all" => "the money".to_string(),
            payer => format!("the {payer} money"),
        };
        let whose = match budget.texts("roles")[row].as_str() {
            "" => whose,
            roles => {
                let titles: Vec<String> = roles.split(", ").map(|role| titled(run, role)).collect();
                format!("{whose} for {}", titles.join(", "))
            }
        };
        left.is_finite().then(|| {
            let way = if left < 0.0 {
                "is short by"
            } else {
                "exceeds the cost by"
            };
            format!("In {year} {whose} {way} {} pounds.", whole(left.abs()))
        })
    });
    Ok(told.collect())
}

fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}
