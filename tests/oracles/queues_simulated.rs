//! The cases of queues once more, run patient by patient: scenarios on the plain calendar with `slots` and
//! `duration_weeks`, in `tests/data/queues/`.
//!
//! A unit of time of a case is a part of a week here, so that 2,600 weeks are a long time; nothing else changes.
//! Each seed is a run of its own from an empty service; what comes before the warm-up is left out. What is compared is
//! the mean over the runs, with its standard error.
//!
//! ```text
//! Wq                mean of the exact waits of those who start
//! Lq, L, p0, rho    people waiting, waiting or in a place, and shares, at the ends of weeks
//! p_wait            share of the ends of weeks at which all places are taken: people come at random times
//! W                 Wq + mean duration, of which only Wq is random here
//! ```
//!
//! Built with optimisation the runs are so long that each standard error is at most 1 % of the value; `make validation`
//! does so. Without it a run takes twenty times as long, so there are fewer and shorter ones, and the standard error may
//! be 8 %.

use std::path::Path;

use rayon::prelude::*;
use skillmix::simulate::watch::Wait;
use skillmix::simulate::{Options, Simulation, simulate};
use skillmix::statistics::Running;
use skillmix::{Horizon, Scenario};
use toml::Value;

use crate::case::{Case, case};
use crate::common::{changed, column, toml};

const WEEKS: u32 = 2600;

fn queue(name: &str, changes: &[(&str, Value)]) -> Scenario {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/queues");
    let scenario = Scenario::load(&folder.join(format!("{name}.toml"))).unwrap();
    changed(&scenario, changes)
}

/// People a week as a rate of a year of 52 weeks.
fn a_week(people: f64) -> Value {
    toml(&format!(
        "{{ referrals = {:?}, per = \"year\" }}",
        people * 52.0
    ))
}

fn lasting(family: &str, mean: f64, sd: Option<f64>) -> Value {
    let sd = sd.map_or(String::new(), |sd| format!(", sd = {sd:?}"));
    toml(&format!(
        "{{ varies = {{ family = {family:?}, mean = {mean:?}{sd} }} }}"
    ))
}

/// How long and how often: units of time in a week, weeks before anything is measured, seeds.
#[derive(Clone, Copy)]
struct Size {
    units: f64,
    warm_up: u32,
    seeds: u64,
}

impl Size {
    const fn weeks(self) -> u32 {
        if SHORT { self.warm_up + 325 } else { WEEKS }
    }

    const fn seeds(self) -> u64 {
        match (SHORT, self.seeds / 3) {
            (false, _) => self.seeds,
            (true, 0..8) => 8,
            (true, third) => third,
        }
    }
}

/// Whether runs are short because nothing is optimised.
const SHORT: bool = cfg!(debug_assertions);

/// Largest standard error, as a share of the value.
const LARGEST_SE: f64 = if SHORT { 0.08 } else { 0.01 };

fn check(case: &Case, name: &str, (mean, se): (f64, f64)) {
    case.check_chance_of(name, mean, se, LARGEST_SE * case.wanted(name));
}

/// What runs with the seeds 1, 2, ... come to: mean and standard error of each figure.
fn over_seeds<const N: usize>(
    scenario: &Scenario,
    size: Size,
    figures: impl Fn(&Measured) -> [f64; N] + Sync,
) -> [(f64, f64); N] {
    let one = |seed: u64| {
        let options = Options {
            replications: 1,
            seed,
            threads: Some(1),
            ..Options::default()
        };
        let run = &simulate(scenario, Horizon::Weeks(size.weeks()), &options).unwrap();
        figures(&Measured { run, size })
    };
    let all: Vec<[f64; N]> = (1..=size.seeds()).into_par_iter().map(one).collect();
    std::array::from_fn(|place| {
        let mut running = Running::new();
        for run in &all {
            running.push(run[place]);
        }
        (running.mean(), running.se())
    })
}

/// Figures of one run after the warm-up, times in units of the case.
struct Measured<'a> {
    run: &'a Simulation,
    size: Size,
}

impl Measured<'_> {
    fn weekly(&self, name: &str) -> &[f64] {
        &self.run.record().measure(name)[self.size.warm_up as usize..]
    }

    fn sum(&self, name: &str) -> f64 {
        self.weekly(name).iter().sum()
    }

    fn mean(&self, name: &str) -> f64 {
        self.sum(name) / self.weekly(name).len() as f64
    }

    fn wait(&self, step: u8) -> f64 {
        let waited = self.sum(&format!("waited_step{step}"));
        waited / self.sum(&format!("course_starts_step{step}")) * self.size.units
    }

    /// Share of the ends of weeks with so many in places.
    fn share_with_open(&self, open: f64) -> f64 {
        let weeks = self.weekly("open_step2");
        weeks.iter().filter(|&&here| here == open).count() as f64 / weeks.len() as f64
    }

    /// Months after the warm-up: three in 13 weeks of the plain calendar.
    fn months(&self) -> std::ops::Range<usize> {
        let month = |weeks: u32| (weeks / 13 * 3) as usize;
        month(self.size.warm_up)..month(self.size.weeks())
    }
}

/// One queue with first come first served, from the inputs of a case.
fn one_queue(
    arrivals: f64,
    slots: f64,
    duration: Value,
    units: f64,
    more: &[(&str, Value)],
) -> Scenario {
    let mut changes = vec![
        ("demand.rate", a_week(arrivals * units)),
        ("staff.pwp.slots", toml(&format!("{slots:?}"))),
        ("pathway.step2.course.duration_weeks", duration),
    ];
    changes.extend_from_slice(more);
    queue("one_queue", &changes)
}

/// Wq, Lq, L, `p_wait`, p0 and rho of a queue, those of them that are named; W with Wq.
fn check_queue(case: &Case, slots: f64, scenario: &Scenario, size: Size, names: &[&str]) {
    let found = over_seeds(scenario, size, |run| {
        let (waiting, open) = (run.mean("waiting_step2"), run.mean("open_step2"));
        [
            run.wait(2),
            waiting,
            waiting + open,
            run.share_with_open(slots),
            run.share_with_open(0.0),
            open / slots,
        ]
    });
    let all = ["Wq", "Lq", "L", "p_wait", "p0", "rho"];
    for name in names {
        let place = all.iter().position(|known| known == name).unwrap();
        let (mean, se) = found[place];
        check(case, name, (mean, se));
        if *name == "Wq" {
            let service = case.wanted("W") - case.wanted("Wq");
            check(case, "W", (mean + service, se));
        }
    }
}

fn erlang_c(id: &str, size: Size, names: &[&str]) {
    let case = case(id);
    let slots = case.given("c");
    let duration = lasting("exponential", 1.0 / case.given("mu") / size.units, None);
    let scenario = one_queue(case.given("lambda"), slots, duration, size.units, &[]);
    check_queue(&case, slots, &scenario, size, names);
}

#[test]
fn q01_one_therapist() {
    let size = Size {
        units: 50.0,
        warm_up: 52,
        seeds: 32,
    };
    let names = ["Wq", "Lq", "L", "p_wait", "p0", "rho"];
    erlang_c("Q01", size, &names);
}

#[test]
fn q02_three_servers() {
    let size = Size {
        units: 20.0,
        warm_up: 13,
        seeds: 52,
    };
    let names = ["Wq", "Lq", "L", "p_wait", "p0", "rho"];
    erlang_c("Q02", size, &names);
}

/// An empty service of twenty therapists is seen once in a hundred million weeks: p0 is left to the formula.
#[test]
fn q03_twenty_therapists() {
    let size = Size {
        units: 8.0,
        warm_up: 52,
        seeds: 36,
    };
    erlang_c("Q03", size, &["Wq", "Lq", "L", "p_wait", "rho"]);
}

#[test]
fn q04_fifty_servers() {
    let size = Size {
        units: 20.0,
        warm_up: 39,
        seeds: 24,
    };
    erlang_c("Q04", size, &["Wq", "Lq", "L", "p_wait", "rho"]);
}

/// People give up at the rate theta, so of those waiting `1 - exp(-theta)` in a unit of time. `Wq_all` is the list over
/// the arrivals (Little's law): a wait is only counted where a course starts.
#[test]
fn q05_and_q06_people_give_up() {
    for (id, units, seeds) in [("Q05", 4.0, 24), ("Q06", 8.0, 12)] {
        let case = case(id);
        let size = Size {
            units,
            warm_up: 39,
            seeds,
        };
        let (arrivals, slots) = (case.given("lambda"), case.given("c"));
        let share = 1.0 - (-case.given("theta") * units).exp();
        let leaving = (
            "pathway.step2.course.renege_per_week",
            toml(&format!("{share:?}")),
        );
        let duration = lasting("exponential", 1.0 / case.given("mu") / units, None);
        let scenario = one_queue(arrivals, slots, duration, units, &[leaving]);
        let found = over_seeds(&scenario, size, |run| {
            let waiting = run.mean("waiting_step2");
            [
                run.share_with_open(slots),
                waiting,
                run.sum("reneged") / run.sum("referrals"),
                waiting / arrivals,
                run.mean("open_step2") / slots,
                run.mean("course_starts_step2") / units,
            ]
        });
        let names = [
            "p_wait",
            "Lq",
            "p_abandon",
            "Wq_all",
            "utilisation",
            "throughput",
        ];
        for (name, found) in names.into_iter().zip(found) {
            check(&case, name, found);
        }
    }
}

#[test]
fn q08_and_q09_durations_of_another_spread() {
    let q08 = case("Q08");
    let size = Size {
        units: 50.0,
        warm_up: 52,
        seeds: 36,
    };
    let (mean, scv) = (q08.given("service.mean"), q08.given("service.scv"));
    let duration = lasting(
        "gamma",
        mean / size.units,
        Some(mean * scv.sqrt() / size.units),
    );
    let scenario = one_queue(q08.given("lambda"), 1.0, duration, size.units, &[]);
    check_queue(&q08, 1.0, &scenario, size, &["Wq", "Lq", "L", "rho"]);

    let q09 = case("Q09");
    let duration = toml(&format!("{:?}", q09.given("service.value") / size.units));
    let scenario = one_queue(q09.given("lambda"), 1.0, duration, size.units, &[]);
    check_queue(&q09, 1.0, &scenario, size, &["Wq", "Lq", "L", "rho"]);
}

/// Open cases from empty at the times of a case, by the table `spread`: the ends of quarters, which are 13 weeks of the
/// plain calendar. Mean and variance over the replications; the variance of a Poisson number of mean m has the standard
/// error `m sqrt(2 / (n - 1) + 1 / (m n))`.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a few quarters
fn open_cases(scenario: &Scenario, quarters: &[f64]) -> Vec<[(f64, f64); 2]> {
    let options = Options {
        replications: if SHORT { 400 } else { 24_000 },
        ..Options::default()
    };
    let last = quarters.iter().copied().fold(0.0, f64::max);
    let weeks = Horizon::Weeks((last * 13.0) as u32);
    let spread = simulate(scenario, weeks, &options)
        .unwrap()
        .table("spread")
        .unwrap();
    let [mean, sd, se] = ["mean", "sd", "se"].map(|name| column(&spread, name));
    let n = options.replications as f64;
    let at = |quarter: &f64| {
        let month = (quarter * 3.0) as usize - 1;
        let mut rows =
            (0..spread.len()).filter(|&row| spread.texts("measure")[row] == "open_step2");
        let row = rows.nth(month).unwrap();
        let variance = sd[row] * sd[row];
        let of_variance = variance * (2.0 / (n - 1.0) + 1.0 / (mean[row] * n)).sqrt();
        [(mean[row], se[row]), (variance, of_variance)]
    };
    quarters.iter().map(at).collect()
}

/// A month of the case is a quarter here.
#[test]
fn q13_caseload_from_empty() {
    let q13 = case("Q13");
    let units = 1.0 / 13.0;
    let duration = lasting("exponential", q13.given("mean_duration") / units, None);
    let scenario = one_queue(q13.given("lambda"), 1000.0, duration, units, &[]);
    for (place, [mean, variance]) in open_cases(&scenario, &q13.given_list("t"))
        .into_iter()
        .enumerate()
    {
        check(&q13, &format!("mean.{place}"), mean);
        // The description says that mean and variance are equal.
        check(&q13, &format!("mean.{place}"), variance);
    }
}

/// Two weeks of the case are a quarter here.
#[test]
fn q14_caseload_of_a_fixed_course() {
    let q14 = case("Q14");
    let units = 2.0 / 13.0;
    let duration = toml(&format!("{:?}", q14.given("D") / units));
    let scenario = one_queue(q14.given("lambda"), 1000.0, duration, units, &[]);
    let quarters: Vec<f64> = q14.given_list("t").iter().map(|t| t / 2.0).collect();
    for (place, [mean, variance]) in open_cases(&scenario, &quarters).into_iter().enumerate() {
        check(&q14, &format!("mean.{place}"), mean);
        check(&q14, &format!("variance.{place}"), variance);
    }
}

#[test]
fn q16_the_urgent_first() {
    let q16 = case("Q16");
    let size = Size {
        units: 50.0,
        warm_up: 52,
        seeds: 36,
    };
    let arrivals = q16.given_list("lambda");
    let all: f64 = arrivals.iter().sum();
    let duration = lasting("exponential", 1.0 / q16.given("mu") / size.units, None);
    let urgent = [
        (
            "demand.urgent_share",
            toml(&format!("{:?}", arrivals[0] / all)),
        ),
        ("pathway.step2.course.queue", toml("\"urgent_first\"")),
    ];
    let scenario = one_queue(all, 1.0, duration, size.units, &urgent);
    let found = over_seeds(&scenario, size, |run| {
        [Wait::Urgent, Wait::Routine].map(|class| {
            let (mut days, mut people) = (0.0, 0.0);
            for month in run.months() {
                days += run.run.waits().sum_of_days(class, month);
                people += run.run.waits().of(class, month).iter().sum::<u64>() as f64;
            }
            days / people / 7.0 * size.units
        })
    });
    for (class, (mean, se)) in found.into_iter().enumerate() {
        check(&q16, &format!("Wq.{class}"), (mean, se));
        check(&q16, &format!("W.{class}"), (mean + 1.0, se));
    }
}

#[test]
fn q18_stepped_care() {
    let q18 = case("Q18");
    let size = Size {
        units: 8.0,
        warm_up: 39,
        seeds: 64,
    };
    let outside = q18.given("step2.lambda") + q18.given("step3.lambda_direct");
    let exponential = |step: &str| {
        let mean = q18.given(&format!("{step}.mean")) / size.units;
        lasting("exponential", mean, None)
    };
    let scenario = queue(
        "stepped_care",
        &[
            ("demand.rate", a_week(outside * size.units)),
            ("pathway.step2.course.duration_weeks", exponential("step2")),
            ("pathway.step3.course.duration_weeks", exponential("step3")),
        ],
    );
    let found = over_seeds(&scenario, size, |run| {
        let list = [2, 3].map(|step| run.mean(&format!("waiting_step{step}")));
        let open = [2, 3].map(|step| run.mean(&format!("open_step{step}")));
        let all = list[0] + open[0] + list[1] + open[1];
        [
            run.mean("course_starts_step3") / size.units,
            list[0],
            run.wait(2),
            list[0] + open[0],
            list[1],
            run.wait(3),
            list[1] + open[1],
            all,
            all / outside,
        ]
    });
    let names = [
        "lambda3",
        "step2.Lq",
        "step2.Wq",
        "step2.L",
        "step3.Lq",
        "step3.Wq",
        "step3.L",
        "L_total",
        "mean_time_in_system_per_referral",
    ];
    for (name, found) in names.into_iter().zip(found) {
        check(&q18, name, found);
    }
}

/// Share who wait more than six weeks, of 9 a week at 10 places; a week of the case is a day here. The case allows a
/// difference of 0.005, so a standard error of a quarter of it. The other service of the case is at a load of 98 %: it takes
/// decades to settle and billions of people to measure, and is left to the formula.
#[test]
fn q25_waiting_beyond_six_weeks() {
    let q25 = case("Q25");
    let size = Size {
        units: 7.0,
        warm_up: 39,
        seeds: 12,
    };
    let duration = lasting("exponential", 1.0 / size.units, None);
    let scenario = one_queue(
        q25.given("cases.0.0"),
        q25.given("cases.0.2"),
        duration,
        size.units,
        &[],
    );
    let [(mean, se)] = over_seeds(&scenario, size, |run| {
        let (mut longer, mut people) = (0.0, 0.0);
        for month in run.months() {
            let days = run.run.waits().of(Wait::Step2, month);
            longer += days[6..].iter().sum::<u64>() as f64;
            people += days.iter().sum::<u64>() as f64;
        }
        [longer / people]
    });
    let largest_se = if SHORT { 0.005 } else { 0.005 / 4.0 };
    q25.check_chance_of("p_gt.0.0", mean, se, largest_se);
}

fn clinic() -> Scenario {
    let q32 = case("Q32");
    let slots = q32.given("slots");
    queue(
        "weekly_clinic",
        &[
            ("demand.rate", a_week(q32.given("arrivals_per_week"))),
            (
                "pathway.assessment.slots_per_week",
                toml(&format!("{slots:?}")),
            ),
        ],
    )
}

#[test]
fn q32_a_weekly_clinic() {
    let q32 = case("Q32");
    let size = Size {
        units: 1.0,
        warm_up: 104,
        seeds: 120,
    };
    let found = over_seeds(&clinic(), size, |run| {
        let after = run.mean("waiting_assessment");
        [after + run.mean("assessed"), after]
    });
    check(&q32, "before", found[0]);
    check(&q32, "after", found[1]);
}

/// Little's law on a path from empty to empty is no matter of chance: those who wait at the ends of weeks are the weeks
/// that people wait. Of the clinic, up to the last week in which everybody is seen.
#[test]
fn q30_littles_law_on_a_path() {
    let q30 = case("Q30");
    let options = Options {
        replications: 1,
        ..Options::default()
    };
    let run = simulate(&clinic(), Horizon::Weeks(WEEKS), &options).unwrap();
    let weekly = |name: &str| run.record().measure(name);
    let waiting = weekly("waiting_assessment");
    let empty = waiting.iter().rposition(|&people| people == 0.0).unwrap();
    assert!(empty > 2000);
    let sum = |name: &str| weekly(name)[..=empty].iter().sum::<f64>();
    let weeks = (empty + 1) as f64;
    let (people, arrivals) = (sum("waiting_assessment") / weeks, sum("accepted") / weeks);
    let wait = sum("waited_assessment") / sum("assessed");
    assert_eq!(sum("accepted"), sum("assessed"));
    assert!(people > 1.0);
    q30.check_at_most(
        "relative_error_max",
        (people - arrivals * wait).abs() / people,
    );
}
