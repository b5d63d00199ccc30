//! Queues in closed form: the cases, and where none is, sums worked out in another way.

use skillmix::queueing::caseload::{Length, open_cases};
use skillmix::queueing::clinic::weekly_clinic;
use skillmix::queueing::erlang::{
    Steady, erlang_b, erlang_c, slots_for, wait_of_share, waits_longer,
};
use skillmix::queueing::giving_up::erlang_a;
use skillmix::queueing::network::{Step, stepped_care};
use skillmix::queueing::single::{Durations, one_slot, priority, priority_at_slots};
use skillmix::queueing::{littles_law, target_capacity};

use crate::case::{Case, case, numbers};
use crate::common::assert_close;

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // whole and small, by the line before
fn whole(number: f64) -> usize {
    assert_eq!(number.fract(), 0.0);
    number as usize
}

fn check_steady(case: &Case, part: &str, queue: &Steady) {
    for (name, ours) in [
        ("p0", queue.p_empty),
        ("p_wait", queue.p_wait),
        ("Lq", queue.waiting),
        ("L", queue.present),
        ("Wq", queue.wait),
        ("W", queue.time),
        ("rho", queue.load),
    ] {
        let name = format!("{part}{name}");
        if case.expects(&name) {
            case.check(&name, ours);
        }
    }
}

#[test]
fn q01_to_q04_erlang_c() {
    for id in ["Q01", "Q02", "Q03", "Q04"] {
        let case = case(id);
        let slots = whole(case.given("c"));
        let queue = erlang_c(case.given("lambda"), 1.0 / case.given("mu"), slots).unwrap();
        check_steady(&case, "", &queue);
    }
}

/// Bronson's example as it was printed: 300 a year, two days each.
#[test]
fn q02_as_published() {
    let queue = erlang_c(300.0 / 365.0, 2.0, 3).unwrap();
    assert!((queue.waiting - 0.352).abs() < 5e-4);
    assert!((queue.present - 1.996).abs() < 5e-4);
    assert!((queue.wait - 0.43).abs() < 5e-3);
    assert!((queue.time - 2.429).abs() < 5e-4);
    assert!((queue.p_empty - 0.177_54).abs() < 5e-6);
}

#[test]
fn q05_and_q06_erlang_a() {
    for id in ["Q05", "Q06"] {
        let case = case(id);
        let slots = whole(case.given("c"));
        let (arrivals, duration) = (case.given("lambda"), 1.0 / case.given("mu"));
        let queue = erlang_a(arrivals, duration, slots, case.given("theta")).unwrap();
        case.check("p_wait", queue.p_wait);
        case.check("Lq", queue.waiting);
        case.check("p_abandon", queue.p_give_up);
        case.check("Wq_all", queue.wait);
        case.check("utilisation", queue.utilisation);
        case.check("throughput", queue.started);
    }
}

#[test]
fn q08_and_q09_one_slot() {
    let q08 = case("Q08");
    let (mean, scv) = (q08.given("service.mean"), q08.given("service.scv"));
    let spread = Durations {
        mean,
        sd: mean * scv.sqrt(),
    };
    check_steady(&q08, "", &one_slot(q08.given("lambda"), spread).unwrap());
    let q09 = case("Q09");
    let fixed = Durations {
        mean: q09.given("service.value"),
        sd: 0.0,
    };
    check_steady(&q09, "", &one_slot(q09.given("lambda"), fixed).unwrap());
}

#[test]
fn q12_erlang_b() {
    let q12 = case("Q12");
    let pairs = q12.value("inputs", "cases").as_array().unwrap();
    let ours: Vec<f64> = pairs
        .iter()
        .map(|pair| {
            let pair = numbers(pair);
            erlang_b(whole(pair[0]), pair[1]).unwrap()
        })
        .collect();
    q12.check_list("B", &ours);
}

#[test]
fn q13_and_q14_caseload_from_empty() {
    let q13 = case("Q13");
    let exponential = Length::Exponential(q13.given("mean_duration"));
    let at = |t: f64| open_cases(q13.given("lambda"), exponential, t).unwrap();
    let ours: Vec<f64> = q13
        .given_list("t")
        .into_iter()
        .map(|t| at(t).mean)
        .collect();
    q13.check_list("mean", &ours);
    q13.check("stationary", at(1.0).settled);

    let q14 = case("Q14");
    let fixed = Length::Fixed(q14.given("D"));
    let at = |t: f64| open_cases(q14.given("lambda"), fixed, t).unwrap();
    let times = q14.given_list("t");
    let means: Vec<f64> = times.iter().map(|&t| at(t).mean).collect();
    let variances: Vec<f64> = times.iter().map(|&t| at(t).variance).collect();
    q14.check_list("mean", &means);
    q14.check_list("variance", &variances);
}

#[test]
fn q16_the_urgent_first() {
    let q16 = case("Q16");
    let arrivals = q16.given_list("lambda");
    let classes = priority_at_slots(&arrivals, 1.0 / q16.given("mu"), 1).unwrap();
    let exponential = Durations { mean: 1.0, sd: 1.0 };
    let one: Vec<_> = arrivals.iter().map(|&rate| (rate, exponential)).collect();
    for classes in [classes, priority(&one).unwrap()] {
        q16.check_list("Wq", &classes.iter().map(|c| c.wait).collect::<Vec<_>>());
        q16.check_list("W", &classes.iter().map(|c| c.time).collect::<Vec<_>>());
    }
}

#[test]
fn q18_stepped_care() {
    let q18 = case("Q18");
    let up = q18.given("step_up_prob");
    let step = |name: &str, arrivals: &str, moves: Vec<f64>| Step {
        name: name.into(),
        from_outside: q18.given(&format!("{name}.{arrivals}")),
        duration: q18.given(&format!("{name}.mean")),
        slots: whole(q18.given(&format!("{name}.c"))),
        moves,
    };
    let steps = [
        step("step2", "lambda", vec![0.0, up]),
        step("step3", "lambda_direct", vec![0.0, 0.0]),
    ];
    let network = stepped_care(&steps).unwrap();
    q18.check("lambda3", network.arrivals[1]);
    check_steady(&q18, "step2.", &network.steps[0]);
    check_steady(&q18, "step3.", &network.steps[1]);
    q18.check("L_total", network.present);
    q18.check("mean_time_in_system_per_referral", network.time);
}

#[test]
fn q25_waiting_beyond_six_and_eighteen_weeks() {
    let q25 = case("Q25");
    let cases = q25.value("inputs", "cases").as_array().unwrap();
    for (place, inputs) in cases.iter().map(numbers).enumerate() {
        let longer = |&t: &f64| waits_longer(inputs[0], 1.0 / inputs[1], whole(inputs[2]), t);
        let times = q25.given_list("t");
        let ours: Vec<f64> = times.iter().map(longer).map(Result::unwrap).collect();
        q25.check_list(&format!("p_gt.{place}"), &ours);
    }
}

#[test]
fn q32_a_weekly_clinic() {
    let q32 = case("Q32");
    let slots = whole(q32.given("slots"));
    let clinic = weekly_clinic(q32.given("arrivals_per_week"), slots, 1.0).unwrap();
    // The case allows 1e-6; the roots are good for more.
    q32.check_within("before", clinic.before, 1e-9);
    q32.check_within("after", clinic.after, 1e-9);
}

/// The list after a clinic week by week until it no longer changes, from the probabilities of A: mean and variance.
fn clinic_by_steps(arrivals: &[f64], slots: usize, most: usize) -> (f64, f64) {
    let mut list = vec![0.0; most];
    list[0] = 1.0;
    for _ in 0..4000 {
        let mut next = vec![0.0; most];
        for (people, share) in list.iter().enumerate().filter(|(_, share)| **share > 1e-18) {
            for (more, chance) in arrivals.iter().enumerate() {
                next[(people + more).saturating_sub(slots).min(most - 1)] += share * chance;
            }
        }
        let change: f64 = next.iter().zip(&list).map(|(a, b)| (a - b).abs()).sum();
        list = next;
        if change < 1e-14 {
            break;
        }
    }
    let moment = |power: i32| -> f64 {
        let of = |(people, share): (usize, &f64)| (people as f64).powi(power) * share;
        list.iter().enumerate().map(of).sum()
    };
    (moment(1), moment(2) - moment(1).powi(2))
}

/// By roots and by steps; the counts of a week are a negative binomial by its recursion,
/// `p(n+1) = p(n) (r + n) / (n + 1) (1 - 1/phi)` with `r = mean / (phi - 1)`, a Poisson where phi is 1.
#[test]
fn a_clinic_by_roots_is_a_clinic_by_steps() {
    for (mean, slots, phi) in [(3.0, 4, 1.0), (3.2, 4, 3.0), (6.0, 12, 4.0), (0.7, 1, 2.0)] {
        let chances: Vec<f64> = if phi > 1.0 {
            let r = mean / (phi - 1.0);
            let next = |p: &f64, n: usize| p * (r + n as f64) / (n + 1) as f64 * (1.0 - 1.0 / phi);
            let mut list = vec![f64::powf(phi, -r)];
            for n in 0..200 {
                list.push(next(&list[n], n));
            }
            list
        } else {
            let mut list = vec![f64::exp(-mean)];
            for n in 0..60 {
                list.push(list[n] * mean / (n + 1) as f64);
            }
            list
        };
        let (after, variance) = clinic_by_steps(&chances, slots, 500);
        let clinic = weekly_clinic(mean, slots, phi).unwrap();
        assert_close(clinic.after, after, 1e-9);
        assert_close(clinic.after_sd.powi(2), variance, 1e-8);
        assert_close(clinic.before, after + mean, 1e-9);
        assert_close(clinic.before_sd.powi(2), variance + mean * phi, 1e-8);
    }
}

/// At a load near 1 the list comes to variance / (2 spare) (Kingman); many slots and a high load lose no digit.
#[test]
fn a_clinic_near_full_load() {
    let clinic = weekly_clinic(999.9, 1000, 1.0).unwrap();
    assert_close(clinic.after, 999.9 / 0.2, 0.02);
    let one = weekly_clinic(0.9999, 1, 1.0).unwrap();
    assert_close(one.after, 0.9999 * 0.9999 / (2.0 * 0.0001), 1e-9);
    let quiet = weekly_clinic(1e-6, 500, 1.0).unwrap();
    assert!((0.0..1e-9).contains(&quiet.after), "{}", quiet.after);
}

/// Patience as long as a duration: the number present is Poisson with mean arrivals x duration at any number of slots.
#[test]
fn erlang_a_with_patience_of_a_duration_is_poisson() {
    let queue = erlang_a(600.0, 1.0, 620, 1.0).unwrap();
    assert_close(queue.present, 600.0, 1e-12);
    let queue = erlang_a(12.0, 0.5, 3, 2.0).unwrap();
    assert_close(queue.present, 6.0, 1e-12);
    // P(N < 3) of Poisson(6) = e^-6 (1 + 6 + 18).
    assert_close(queue.p_wait, 1.0 - 25.0 * (-6.0_f64).exp(), 1e-12);
}

/// Little patience is a queue where nobody may wait (Erlang B), great patience one where all do (Erlang C), and in
/// overload the list is that of the fluid, `(arrivals - capacity) / give_up`.
#[test]
fn erlang_a_between_b_c_and_the_fluid() {
    let lost = erlang_a(10.0, 1.0, 10, 1e9).unwrap();
    assert_close(lost.p_give_up, erlang_b(10, 10.0).unwrap(), 1e-6);
    let patient = erlang_a(18.0, 1.0, 20, 1e-9).unwrap();
    let ever = erlang_c(18.0, 1.0, 20).unwrap();
    assert_close(patient.waiting, ever.waiting, 1e-6);
    let never = erlang_a(18.0, 1.0, 20, 0.0).unwrap();
    assert_eq!(never.waiting, ever.waiting);
    let fluid = erlang_a(120.0, 1.0, 100, 1e-5).unwrap();
    assert_close(fluid.waiting, 20.0 / 1e-5, 1e-6);
    assert_close(fluid.started, 100.0, 1e-9);
}

/// Conservation of people and of busy slots: load = arrivals x duration / slots, `1 - p_empty` = load at one slot; many
/// slots, where factorials are beyond any float, stay finite.
#[test]
fn erlang_at_its_ends() {
    let queue = erlang_c(0.3, 2.0, 1).unwrap();
    assert_close(1.0 - queue.p_empty, queue.load, 1e-15);
    let large = erlang_c(99_000.0, 1.0, 100_000).unwrap();
    assert!(large.wait.is_finite() && large.wait > 0.0);
    assert_eq!(large.p_empty, 0.0); // e^-99,000
    // e^-a for a queue that hardly anybody waits in.
    assert_close(
        erlang_c(500.0, 1.0, 900).unwrap().p_empty,
        (-500.0_f64).exp(),
        1e-9,
    );
    let quiet = erlang_c(1.0, 1.0, 500).unwrap();
    assert_close(quiet.p_empty, (-1.0_f64).exp(), 1e-12);
    assert_eq!(quiet.p_wait, 0.0);
}

#[test]
fn a_standard_and_its_slots() {
    // The wait that 75 % have at most is the one that a quarter exceed.
    let wait = wait_of_share(5.9, 1.0, 6, 0.75).unwrap();
    assert_close(waits_longer(5.9, 1.0, 6, wait).unwrap(), 0.25, 1e-12);
    assert_eq!(wait_of_share(1.0, 1.0, 10, 0.5).unwrap(), 0.0);
    let slots = slots_for(90.0, 1.0, 1.0, 0.9).unwrap();
    assert!(waits_longer(90.0, 1.0, slots, 1.0).unwrap() <= 0.1);
    assert!(waits_longer(90.0, 1.0, slots - 1, 1.0).unwrap() > 0.1);
}

/// Kleinrock's conservation law: whatever the order of the classes, the sum of load x wait is load x W0 / (1 - load)
/// = 0.8 x W0 / 0.2, with W0 = (0.2 (1 + 1) + 0.3 (4 + 1)) / 2 = 0.95.
#[test]
fn priority_moves_waits_and_makes_none() {
    let short = (0.2, Durations { mean: 1.0, sd: 1.0 });
    let long = (0.3, Durations { mean: 2.0, sd: 1.0 });
    for classes in [[short, long], [long, short]] {
        let waits = priority(&classes).unwrap();
        let sum: f64 = classes
            .iter()
            .zip(&waits)
            .map(|((rate, d), class)| rate * d.mean * class.wait)
            .sum();
        assert_close(sum, 0.8 * 0.95 / 0.2, 1e-12);
        assert!(waits[0].wait < waits[1].wait);
    }
    // At several slots the mean over classes is the wait of Erlang C.
    let arrivals = [3.0, 5.0, 8.0];
    let waits = priority_at_slots(&arrivals, 1.0, 18).unwrap();
    let mean: f64 = arrivals.iter().zip(&waits).map(|(a, c)| a * c.wait).sum();
    assert_close(mean / 16.0, erlang_c(16.0, 1.0, 18).unwrap().wait, 1e-12);
}

/// Gamma and lognormal: E[min(S, t)] is the integral of the chance to last longer; a gamma with sd = mean is
/// exponential, and one with k = 2 has S(t) = (1 + t/s) exp(-t/s), so E[min] = 2s - exp(-t/s) (2s + t).
#[test]
fn caseload_with_other_lengths() {
    let time = 4.0;
    let same = open_cases(7.0, Length::Gamma(3.0, 3.0), time).unwrap().mean;
    let exponential = open_cases(7.0, Length::Exponential(3.0), time).unwrap();
    assert_close(same, exponential.mean, 1e-12);
    let two = open_cases(1.0, Length::Gamma(3.0, 4.5_f64.sqrt()), time).unwrap();
    assert_close(two.mean, 3.0 - (-time / 1.5).exp() * (3.0 + time), 1e-12);
    // Median of a lognormal: mean / sqrt(1 + cv^2); mean 6.1 and cv 0.7 have 4.9973 (case D08). By the trapezium rule.
    let lognormal = Length::Lognormal(6.1, 0.7 * 6.1);
    let (steps, end) = (4000, 12.0);
    let at = |t: f64| open_cases(1.0, lognormal, t).unwrap().mean;
    let width = end / f64::from(steps);
    let lasting = |t: f64| (at(t + 1e-4) - at(t - 1e-4)) / 2e-4;
    assert_close(lasting(4.997_314_715_166_146), 0.5, 1e-7);
    let sum: f64 = (1..=steps)
        .map(|i| lasting((f64::from(i) - 0.5) * width))
        .sum();
    assert_close(sum * width, at(end), 1e-5);
    assert_close(at(1e6), 6.1, 1e-9);
    assert_eq!(at(0.0), 0.0);
}

/// Steps up and down. Step 2: x2 = 10 + 0.1 x3, Step 3: x3 = 2 + 0.2 x2; so x2 = 10.2 / 0.98, x3 = 2 + 2.04 / 0.98.
#[test]
fn people_step_down_too() {
    let step = |name: &str, from_outside: f64, moves: [f64; 2]| Step {
        name: name.into(),
        from_outside,
        duration: 1.0,
        slots: 12,
        moves: moves.to_vec(),
    };
    let steps = [
        step("step2", 10.0, [0.0, 0.2]),
        step("step3", 2.0, [0.1, 0.0]),
    ];
    let network = stepped_care(&steps).unwrap();
    assert_close(network.arrivals[0], 10.2 / 0.98, 1e-12);
    assert_close(network.arrivals[1], 2.0 + 2.04 / 0.98, 1e-12);
    assert_close(network.present, littles_law(12.0, network.time), 1e-12);
}

/// The example of the R package: 4 a week and a target of 52 weeks need 4 + 4/52 at a factor of 4.
#[test]
fn capacity_for_a_target_wait() {
    assert_close(
        target_capacity(4.0, 52.0, 4.0, 1.0, 1.0),
        4.0 + 4.0 / 52.0,
        1e-15,
    );
}

/// Every problem at once, each with its path, and what to do where the load is too high.
#[test]
fn what_cannot_be_is_said() {
    let message = |error: skillmix::error::Error| error.to_string();
    let all = message(erlang_c(f64::NAN, -1.0, 0).unwrap_err());
    for path in ["3 problems", "arrivals", "duration", "slots"] {
        assert!(all.contains(path), "{all}");
    }
    let full = message(erlang_c(6.0, 1.0, 6).unwrap_err());
    assert!(
        full.contains("1 or more") && full.contains("more slots"),
        "{full}"
    );
    let endless = [f64::INFINITY, f64::NEG_INFINITY, 1e300, 0.0];
    for arrivals in endless {
        assert!(erlang_a(arrivals, 1.0, 3, 0.5).is_err());
        assert!(one_slot(arrivals, Durations { mean: 1.0, sd: 0.0 }).is_err());
        assert!(weekly_clinic(arrivals, 3, 1.0).is_err());
    }
    assert!(erlang_a(12.0, 1.0, 10, 0.0).is_err());
    assert!(erlang_a(1e9, 1.0, 10, 1e-9).is_err());
    assert!(priority(&[]).is_err());
    assert!(weekly_clinic(1.0, 20_000, 1.0).is_err());
    assert!(weekly_clinic(1.0, 2, 0.5).is_err());
    let family = message(Length::named("lognormall", 1.0, None).unwrap_err());
    assert!(family.contains("did you mean lognormal?"), "{family}");
    assert!(Length::named("gamma", 1.0, None).is_err());
    assert!(Length::named("fixed", 1.0, Some(2.0)).is_err());
    assert!(open_cases(1.0, Length::Gamma(1.0, 1e-9), 1.0).is_err());
    let step = |share: f64| Step {
        name: "step2".into(),
        from_outside: 1.0,
        duration: 1.0,
        slots: 3,
        moves: vec![share],
    };
    let never = message(stepped_care(&[step(1.0)]).unwrap_err());
    assert!(never.contains("never leave"), "{never}");
    let full = message(stepped_care(&[step(0.9)]).unwrap_err());
    assert!(full.contains("step2.arrivals"), "{full}");
    assert!(stepped_care(&[]).is_err());
    assert!(wait_of_share(1.0, 1.0, 2, 1.0).is_err());
    assert!(slots_for(1e8, 1e8, 1.0, 0.5).is_err());
}
