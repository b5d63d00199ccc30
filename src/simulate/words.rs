//! What is the answer, in sentences that a board can read?

use crate::measures::{month_in_words, number, whole};
use crate::simulate::Simulation;
use crate::table::Table;

/// The answer; the first sentence is the headline.
pub fn words(run: &Simulation) -> Vec<String> {
    let mut said = Vec::new();
    let tables = (run.table("standards"), run.table("spread"));
    if let (Ok(standards), Ok(spread)) = tables {
        said.extend(chances(&standards));
        said.extend(
            [
                ("waiting_assessment", "an assessment"),
                ("waiting_step2", "Step 2"),
                ("waiting_step3", "Step 3"),
            ]
            .into_iter()
            .filter_map(|(measure, name)| list(&spread, measure, name)),
        );
    }
    let replications = run.spread().replications();
    let stopped = if run.is_complete() {
        ""
    } else {
        "; it was stopped early"
    };
    said.push(format!(
        "These are {} replications with seed {}{stopped}: single patients and clinicians, with chance.",
        whole(replications as f64),
        run.options().seed
    ));
    said
}

fn chances(standards: &Table) -> Vec<String> {
    let (names, months) = (standards.texts("standard"), standards.texts("month"));
    let chance = standards.numbers("chance");
    let (low, high) = (standards.numbers("low"), standards.numbers("high"));
    let limit = standards.numbers("limit");
    let mut known: Vec<&str> = names.iter().map(String::as_str).collect();
    known.dedup();
    let sentence = |name: &str| {
        let rows: Vec<usize> = (0..names.len())
            .filter(|&row| names[row] == name && chance[row].is_finite())
            .collect();
        let worst = *(rows.iter()).min_by(|&&a, &&b| chance[a].total_cmp(&chance[b]))?;
        let last = *rows.last()?;
        let what = match name {
            "within_6_weeks" => {
                format!("{:.0} % first treated within 6 weeks", limit[worst] * 100.0)
            }
            "within_18_weeks" => format!(
                "{:.0} % first treated within 18 weeks",
                limit[worst] * 100.0
            ),
            "recovery" => format!("{:.0} % recovery", limit[worst] * 100.0),
            "reliable_recovery" => format!("{:.0} % reliable recovery", limit[worst] * 100.0),
            "step2_wait_weeks" => {
                format!("a mean wait for Step 2 of {} weeks", number(limit[worst]))
            }
            _ => format!("a mean wait for Step 3 of {} weeks", number(limit[worst])),
        };
        Some(format!(
            "The chance of {what} is {:.0} % in {} ({:.0} to {:.0} %), and lowest in {}, at {:.0} %.",
            chance[last] * 100.0,
            month_in_words(&months[last]),
            low[last] * 100.0,
            high[last] * 100.0,
            month_in_words(&months[worst]),
            chance[worst] * 100.0
        ))
    };
    known.into_iter().filter_map(sentence).collect()
}

fn list(spread: &Table, measure: &str, name: &str) -> Option<String> {
    let rows = spread
        .texts("measure")
        .iter()
        .rposition(|known| known == measure)?;
    let value = |column: &str| spread.numbers(column)[rows];
    if value("p95") < 0.5 {
        return None;
    }
    Some(format!(
        "At the end of {}, {} people wait for {name}; in nine replications out of ten {} to {}.",
        month_in_words(&spread.texts("month")[rows]),
        whole(value("mean")),
        whole(value("p05")),
        whole(value("p95"))
    ))
}
