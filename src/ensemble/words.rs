//! How sure are we, in sentences that a board can read?

use super::options::Run;
use super::tables::{Likely, likely, summed};
use super::{Ensemble, Quantiles};
use crate::measures::{month_in_words, number, whole};
use crate::outcome::place;
use crate::record::periods::Kind;
use crate::record::spread::QUANTILES;

/// The answer; the first sentence is the headline.
pub fn words(run: &Ensemble) -> Vec<String> {
    let mut said = vec![headline(run)];
    said.extend(list(run, "waiting_step2", "the Step 2 list"));
    for name in ["recovered", "cost", "cost_per_recovery"] {
        said.extend(outcome(run, name));
    }
    let chances = likely(run);
    said.extend(standards(run, &chances));
    said.extend(rules(run, &chances));
    said.extend(luck(run));
    said.push(left_out(run));
    said
}

/// The last month of which every day is run; if there is none, the last.
fn last_month(run: &Ensemble) -> usize {
    let months = run.periods.of(Kind::Month);
    (months.iter().rposition(|month| month.complete)).unwrap_or(months.len().saturating_sub(1))
}

fn quantile(of: &[f64; QUANTILES.len()], name: &str) -> f64 {
    let place = QUANTILES.iter().position(|known| known.0 == name);
    place.map_or(f64::NAN, |place| of[place])
}

fn headline(run: &Ensemble) -> String {
    list(run, "waiting_step3", "the Step 3 list")
        .unwrap_or_else(|| "Nobody waits for Step 3.".into())
}

/// Where a list is at the end, in how many worlds.
fn list(run: &Ensemble, measure: &str, name: &str) -> Option<String> {
    let month = last_month(run);
    let cell = run
        .periods
        .first(Kind::Month, run.periods.measure(measure)?)
        + month;
    let of = &run.cells.get(cell)?.quantiles;
    let [low, middle, high] = ["p10", "p50", "p90"].map(|name| quantile(of, name));
    if high < 0.5 {
        return None;
    }
    let label = month_in_words(&run.periods.of(Kind::Month)[month].label);
    let wait = measure.replace("waiting", "wait") + "_weeks";
    let wait = run.periods.first(Kind::Month, run.periods.measure(&wait)?) + month;
    let of = &run.cells.get(wait)?.quantiles;
    let weeks = ["p10", "p90"].map(|name| quantile(of, name));
    let waits = if weeks.iter().all(|weeks| weeks.is_finite()) {
        format!("; those who start wait {} weeks", span(weeks, number))
    } else {
        String::new()
    };
    let (between, in_middle) = if whole(low) == whole(high) {
        ("", String::new())
    } else {
        (
            "between ",
            format!(", with {} in the middle", whole(middle)),
        )
    };
    Some(format!(
        "In 8 of 10 {} {name} is {between}{} people at the end of {label}{in_middle}{waits}.",
        things(run),
        span([low, high], whole).replace(" to ", " and "),
    ))
}

/// From low to high, or one figure where a reader would see no difference.
fn span([low, high]: [f64; 2], shown: impl Fn(f64) -> String) -> String {
    let (low, high) = (shown(low), shown(high));
    if low == high {
        low
    } else {
        format!("{low} to {high}")
    }
}

/// Whether worlds differ, or only luck does.
fn things(run: &Ensemble) -> &'static str {
    if run.options.run == Run::Project || run.options.replications == 1 && run.options.draws > 1 {
        "worlds"
    } else {
        "runs"
    }
}

fn outcome(run: &Ensemble, name: &str) -> Option<String> {
    let place = place(name).ok()?;
    let found = summed(run, place);
    let [low, middle, high] = ["p10", "p50", "p90"].map(|name| quantile(&found.quantiles, name));
    let about = match name {
        "recovered" => "people recover",
        "cost" => "pounds are spent by all payers",
        _ => "pounds are spent for each recovery",
    };
    middle.is_finite().then(|| {
        let half = found.running.mean() - found.interval.0;
        let error = if half.is_finite() {
            format!(", give or take {}", rough(half))
        } else {
            String::new()
        };
        format!(
            "Over the whole run {} {about} in 8 of 10 {}, {} in the middle; the mean is {}{error}.",
            span([low, high], figure),
            things(run),
            figure(middle),
            figure(found.running.mean()),
        )
    })
}

/// A whole number; millions to the thousand.
fn figure(value: f64) -> String {
    if value.abs() < 1e6 {
        whole(value)
    } else {
        whole((value / 1e3).round() * 1e3)
    }
}

/// Half a width, to two digits: more of it is noise.
fn rough(half: f64) -> String {
    if half < 10.0 {
        return number(half);
    }
    let unit = 10_f64.powf(half.log10().floor() - 1.0);
    whole((half / unit).round() * unit)
}

fn percent(share: f64) -> String {
    format!("{:.0}", share * 100.0)
}

/// Each standard at the end, and in every month.
fn standards(run: &Ensemble, chances: &[Likely]) -> Vec<String> {
    let months = run.periods.of(Kind::Month);
    let Some(last) = months.get(last_month(run)) else {
        return Vec::new();
    };
    let find = |kind: &str, period: &str, name: &str| {
        chances
            .iter()
            .find(move |row| row.kind == kind && row.period == period && row.name == name)
    };
    let one = |standard: &crate::record::standard::Standard| {
        let at_end = find("month", &last.label, standard.name)?;
        let always = find("horizon", "", standard.name)?;
        let asked = if standard.at_most {
            format!("at most {} weeks", number(standard.limit))
        } else {
            format!("at least {} %", percent(standard.limit))
        };
        let (low, high) = at_end.interval(run.options.replications);
        (at_end.counted > 0).then(|| {
            format!(
                "{} ({asked}): met in {} with a chance of {} % ({} to {} %), in every month of the run with {} %.",
                standard.title,
                month_in_words(&last.label),
                percent(at_end.share()),
                percent(low),
                percent(high),
                percent(always.share())
            )
        })
    };
    run.standards.iter().filter_map(one).collect()
}

/// The rule that is most likely to be broken.
fn rules(run: &Ensemble, chances: &[Likely]) -> Option<String> {
    if !run.options.rules {
        return None;
    }
    let ever = chances
        .iter()
        .filter(|row| row.kind == "horizon" && row.about != "standard");
    let Some(worst) = ever.max_by(|a, b| b.met.cmp(&a.met)) else {
        return Some("No rule is broken in any of them.".into());
    };
    let (low, high) = worst.interval(run.options.replications);
    Some(format!(
        "The rule most likely to be broken: {}, at some time in {} % of them ({} to {} %).",
        worst.title,
        percent(1.0 - worst.share()),
        percent(1.0 - high),
        percent(1.0 - low)
    ))
}

/// How much of the spread is luck.
fn luck(run: &Ensemble) -> Option<String> {
    let split = run.split.as_ref()?;
    let recovered = run.periods.cells() + place("recovered").ok()?;
    let parts = split
        .numbers
        .get(recovered)?
        .parts(run.options.replications);
    parts.share[0].is_finite().then(|| {
        format!(
            "Of the spread in how many recover, {} % is what we do not know ({} to {} %); the rest is luck, which \
             no better figure would take away.",
            percent(parts.share[0]),
            percent(parts.share[1]),
            percent(parts.share[2])
        )
    })
}

/// What the bands leave out.
fn left_out(run: &Ensemble) -> String {
    let options = &run.options;
    let what = match (options.run, options.replications) {
        (Run::Project, _) => "the luck of single weeks and people, ",
        _ => "",
    };
    let known = if run.worlds.paths().is_empty() {
        "everything that is not known, since nothing is marked unsure, and "
    } else {
        "what nobody marked as unsure, and "
    };
    let error = match run.quantiles {
        Quantiles::Exact => "",
        Quantiles::Streaming => " Quantiles are known to half a per cent of their value.",
    };
    let runs = if options.replications > 1 {
        format!(
            "{} worlds, each run {} times",
            whole((run.runs() / options.replications) as f64),
            whole(options.replications as f64)
        )
    } else {
        format!("{} worlds", whole(run.runs() as f64))
    };
    format!(
        "These are {runs}. The bands leave out {what}{known}whether the model itself is right.{error}"
    )
}
