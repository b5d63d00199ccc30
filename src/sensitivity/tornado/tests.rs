use super::{Swing, table, tornado};
use crate::outcome::{NUMBER, OUTCOMES, evaluate, place};
use crate::scenario::Scenario;
use crate::scenario::worlds::Worlds;
use crate::timetable::Horizon;

const PWP: &str = "staff.pwp.leavers_per_year";
const REFERRALS: &str = "demand.rate.referrals";

fn scenario() -> Scenario {
    let text = r#"
        schema = 1
        pack = "talking-therapies-2025"
        [demand]
        rate = { referrals = { unsure = { uniform = [9000, 11000] } }, per = "year" }
        [staff.pwp]
        leavers_per_year = { unsure = { triangular = [0.1, 0.2, 0.4] } }
    "#;
    Scenario::from_toml(text).unwrap()
}

fn swings(scenario: &Scenario) -> Vec<Swing> {
    let horizon = Horizon::Weeks(104);
    tornado(scenario, horizon, (0.05, 0.95), &false.into()).unwrap()
}

/// Quantiles by hand: a uniform from 9,000 to 11,000 has 9,100 and 10,900. The outcomes there are those of the
/// scenario that states them, with the other number at its mean, (0.1 + 0.2 + 0.4) / 3.
#[test]
fn each_number_is_moved_alone() {
    let ours = scenario();
    let found = swings(&ours);
    assert_eq!(found.len(), NUMBER * 2);
    let stated = |referrals: f64| {
        let there = ours
            .with(REFERRALS, referrals)
            .and_then(|s| s.with(PWP, 0.7 / 3.0))
            .unwrap();
        let worlds = Worlds::given(&there, &[], &[vec![]]).unwrap();
        evaluate(&there, Horizon::Weeks(104), &worlds, &false.into()).unwrap()[0]
    };
    let at = [9100.0, 10_000.0, 10_900.0];
    let wanted = at.map(stated);
    let of_referrals = found.iter().filter(|swing| swing.path == REFERRALS);
    for swing in of_referrals {
        for (value, at) in swing.values.iter().zip(at) {
            assert!((value - at).abs() < 1e-9 * at);
        }
        for (ours, wanted) in swing.outcomes.iter().zip(wanted) {
            let wanted = wanted[swing.outcome];
            let close = (ours - wanted).abs() <= 1e-9 * wanted.abs();
            assert!(close, "{} {ours} {wanted}", OUTCOMES[swing.outcome].name);
        }
    }
}

#[test]
fn the_largest_swing_of_an_outcome_comes_first() {
    let found = swings(&scenario());
    let starts = place("course_starts").unwrap();
    let here: Vec<&Swing> = found.iter().filter(|s| s.outcome == starts).collect();
    assert_eq!(here.len(), 2);
    assert!(here[0].size() >= here[1].size() && here[1].size() > 0.0);
    let table = table(&found);
    assert_eq!(table.len(), NUMBER * 2);
    assert_eq!(
        table.numbers("swing")[1].to_bits(),
        found[1].size().to_bits()
    );
}

/// A wait without end at one end only swings without end; at all three it does not move.
#[test]
fn swings_without_end() {
    let swing = |outcomes: [f64; 3]| {
        let path = PWP.to_string();
        let (outcome, unit, values) = (0, String::new(), [0.0; 3]);
        Swing {
            outcome,
            path,
            unit,
            values,
            outcomes,
        }
        .size()
    };
    assert_eq!(swing([1.0, f64::INFINITY, f64::INFINITY]), f64::INFINITY);
    assert_eq!(swing([f64::INFINITY; 3]), 0.0);
    // A hump: lowest at both ends, highest between.
    assert_eq!(swing([1.0, 4.0, 2.0]), 3.0);
}

#[test]
fn nothing_unsure_or_shares_crossed_is_refused() {
    let sure = Scenario::preset("talking-therapies-2025").unwrap();
    let said = tornado(&sure, Horizon::Weeks(52), (0.9, 0.1), &false.into());
    let said = said.unwrap_err().to_string();
    assert!(said.contains("nothing can move its outcomes"), "{said}");
    assert!(said.contains("low and high: got 0.9 and 0.1"), "{said}");
}
