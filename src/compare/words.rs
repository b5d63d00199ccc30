//! Which option is better, in sentences that a board can read?

use super::{Comparison, Difference};
use crate::measures::{number, whole};
use crate::outcome::OUTCOMES;

/// The answer; the first sentence is the headline.
pub fn words(found: &Comparison) -> Vec<String> {
    let mut said = vec![headline(found)];
    for place in 1..found.labels.len() {
        said.extend(difference(found, place));
        said.extend(attribution(found, place));
    }
    said.extend(selection(found));
    said.extend(saved(found));
    said.push(
        "All options were run in the same worlds with the same luck, so what they share cancels; what none of them \
         knows, such as whether the model itself is right, does not."
            .into(),
    );
    said
}

fn percent(share: f64) -> String {
    format!("{:.0}", share * 100.0)
}

/// A number in its unit: shares per cent.
fn figure(value: f64, unit: &str) -> String {
    match unit {
        "share" => format!("{:.1} percentage points", value * 100.0),
        "pounds" => format!("{} pounds", whole(value)),
        unit => format!("{} {unit}", number(value)),
    }
}

fn headline(found: &Comparison) -> String {
    let best = found.best.chance.iter().enumerate();
    let best = best.max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)));
    let Some((place, &chance)) = best.filter(|(_, chance)| chance.is_finite()) else {
        return "None of them has the objective in any run.".into();
    };
    let objective = OUTCOMES[found.objective];
    let way = if objective.more_is_better {
        "most"
    } else {
        "least"
    };
    if found
        .best
        .chance
        .iter()
        .all(|&other| (other - chance).abs() < 1e-12)
    {
        return format!(
            "By {} no option can be told from the others.",
            spoken(objective.name)
        );
    }
    format!(
        "“{}” is best in {} of 100 worlds, with the {way} {}.",
        found.labels[place],
        percent(chance),
        spoken(objective.name)
    )
}

/// A name as it is said.
fn spoken(name: &str) -> String {
    match name {
        "recovered" => "people who recover".into(),
        "course_starts" => "people who start a course".into(),
        "within_6_weeks" => "finishers first treated within 6 weeks".into(),
        "within_18_weeks" => "finishers first treated within 18 weeks".into(),
        "waiting" => "people who wait at the end".into(),
        "wait_step3_weeks" => "weeks of waiting for Step 3 at the end".into(),
        "wait_step2_weeks" => "weeks of waiting for Step 2 at the end".into(),
        name => name.replace('_', " "),
    }
}

fn of_objective(found: &Comparison, place: usize) -> Option<&Difference> {
    let name = OUTCOMES[found.objective].name;
    let mut all = found.differences.iter();
    all.find(|row| row.scenario == place && row.period.is_none() && row.measure == name)
}

fn difference(found: &Comparison, place: usize) -> Option<String> {
    let row = of_objective(found, place)?;
    let (mean, (low, high)) = (row.paired.running.mean(), row.paired.interval);
    let (label, first) = (&found.labels[place], &found.labels[0]);
    let about = spoken(row.measure);
    if row.paired.alike >= 1.0 {
        return Some(format!(
            "“{label}” and “{first}” have the same {about} in every world."
        ));
    }
    if !mean.is_finite() {
        return None;
    }
    let sign = |value: f64| if value < 0.0 { "-" } else { "+" };
    // "256 people who recover": the unit is in the name.
    let plain = if row.measure.contains("weeks") {
        "weeks"
    } else {
        row.unit
    };
    let named = plain == "weeks" || plain == "people";
    let shown = |value: f64| {
        if named {
            number(value)
        } else {
            figure(value, row.unit)
        }
    };
    let signed = |value: f64| format!("{}{}", sign(value), shown(value.abs()));
    let interval = if low.is_finite() {
        format!(
            " (95 % interval of the mean {} to {})",
            signed(low),
            signed(high)
        )
    } else {
        String::new()
    };
    Some(format!(
        "“{label}” against “{first}”: {} {}{about} on average{interval}; better in {} of 100 worlds.",
        signed(mean),
        if named { "" } else { "of " },
        percent(row.paired.better)
    ))
}

fn attribution(found: &Comparison, place: usize) -> Option<String> {
    let attribution = found.attributions.iter().find(|of| of.scenario == place)?;
    if attribution.groups.len() < 2 {
        return None;
    }
    let of = |group: usize| attribution.parts[group][found.objective];
    let mut order: Vec<usize> = (0..attribution.groups.len()).collect();
    order.sort_by(|&a, &b| of(b).abs().total_cmp(&of(a).abs()));
    let unit = OUTCOMES[found.objective].unit;
    let said: Vec<String> = (order.iter().take(3))
        .map(|&group| {
            let sign = if of(group) < 0.0 { "-" } else { "+" };
            format!(
                "{} {sign}{}",
                attribution.groups[group].0,
                figure(of(group).abs(), unit)
            )
        })
        .collect();
    Some(format!(
        "Of that difference the changes bring: {}.",
        said.join(", ")
    ))
}

fn selection(found: &Comparison) -> Option<String> {
    let selection = found.selection.as_ref()?;
    let zone = figure(selection.zone, OUTCOMES[found.objective].unit);
    let others = if found.labels.len() > 2 {
        "every other"
    } else {
        "the other"
    };
    Some(match selection.chosen {
        Some(place) => format!(
            "“{}” is chosen after {} worlds: if it is better than {others} by {zone} or more, the choice is right \
             with a chance of at least {} %.",
            found.labels[place],
            whole(selection.looked_at as f64),
            percent(found.options.confidence)
        ),
        None => format!(
            "{} worlds are too few to choose the best to within {zone} with a chance of {} %: up to {} are needed.",
            whole(selection.looked_at as f64),
            percent(found.options.confidence),
            whole(selection.enough as f64)
        ),
    })
}

/// What common worlds and luck save.
fn saved(found: &Comparison) -> Option<String> {
    let ratio = of_objective(found, 1)?.paired.ratio;
    (ratio.is_finite() && ratio > 1.5).then(|| {
        format!(
            "Options with worlds and luck of their own would have needed {} times as many to be as sure.",
            number(ratio)
        )
    })
}
