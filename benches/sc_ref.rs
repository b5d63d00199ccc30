//! How long does SC-REF take when it is called from Rust? Prints seconds of CPU.
//!
//! `cargo bench --bench sc_ref -- REPLICATIONS SEED [chance]`: the same call as case B1 makes from Python, or with
//! `chance` that of case B3.

#![expect(
    clippy::print_stdout,
    reason = "the figure is what this program is for"
)]

use std::error::Error;
use std::hint::black_box;

use cpu_time::ProcessTime;
use skillmix::project::{Progress, Replications, project_chance};
use skillmix::simulate::{Options, simulate};
use skillmix::{Horizon, Scenario};

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo adds `--bench`.
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    let replications = words.next().map_or(Ok(100), |word| word.parse())?;
    let seed = words.next().map_or(Ok(1), |word| word.parse())?;
    let chance = words.next().is_some_and(|word| word == "chance");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/sc_ref.toml");
    let scenario = Scenario::load(file.as_ref())?;
    let run = |replications, seed| -> Result<(), Box<dyn Error>> {
        let (horizon, threads) = (Horizon::Scenario, Some(1));
        if chance {
            let options = Replications {
                replications,
                seed,
                threads,
            };
            let progress = Progress::default();
            black_box(project_chance(&scenario, horizon, &options, &progress)?);
        } else {
            let options = Options {
                replications,
                seed,
                threads,
                ..Options::default()
            };
            black_box(simulate(&scenario, horizon, &options)?);
        }
        Ok(())
    };
    run(2, 1)?;
    let begin = ProcessTime::now();
    run(replications, seed)?;
    println!("{}", begin.elapsed().as_secs_f64());
    Ok(())
}
