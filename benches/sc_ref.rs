//! How long does `simulate` take on SC-REF when it is called from Rust? Prints seconds of CPU.
//!
//! `cargo bench --bench sc_ref -- REPLICATIONS SEED`: the same call as case B1 makes from Python.

#![expect(
    clippy::print_stdout,
    reason = "the figure is what this program is for"
)]

use std::error::Error;

use cpu_time::ProcessTime;
use skillmix::simulate::{Options, simulate};
use skillmix::{Horizon, Scenario};

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo adds `--bench`.
    let mut numbers = std::env::args().skip(1).filter(|word| word != "--bench");
    let replications = numbers.next().map_or(Ok(100), |word| word.parse())?;
    let seed = numbers.next().map_or(Ok(1), |word| word.parse())?;
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/sc_ref.toml");
    let scenario = Scenario::load(file.as_ref())?;
    let run = |replications, seed| {
        let options = Options {
            replications,
            seed,
            threads: Some(1),
            ..Options::default()
        };
        simulate(&scenario, Horizon::Scenario, &options)
    };
    run(2, 1)?;
    let begin = ProcessTime::now();
    let result = run(replications, seed)?;
    let seconds = begin.elapsed().as_secs_f64();
    std::hint::black_box(result);
    println!("{seconds}");
    Ok(())
}
