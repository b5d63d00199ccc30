//! Who is counted in the table of caseloads?

use skillmix::simulate::{Options, simulate};
use skillmix::{Horizon, Scenario};
use toml::Value;

/// Clinicians of the role `pwp` in May and in September 2025, where hardly anybody is referred.
fn pwps(trainees: u32) -> [f64; 2] {
    let toml = |text: &str| -> Value {
        let mut table = toml::from_str::<toml::Table>(&format!("value = {text}")).unwrap();
        table.remove("value").unwrap()
    };
    let intake = format!("[{{ course = \"pwp\", start = 2025-04-07, trainees = {trainees} }}]");
    let intakes = if trainees == 0 { "[]" } else { &intake };
    let changes = [
        ("calendar.start", "2025-04-01"),
        ("demand.rate", "{ referrals = 12.0, per = \"year\" }"),
        ("staff.pwp.in_post", "10.0"),
        ("staff.pwp.posts", "10.0"),
        ("staff.pwp.leavers_per_year", "0.0"),
        ("training.courses.pwp.leavers_per_year", "0.0"),
        ("training.intakes", intakes),
    ];
    let changes = changes.map(|(path, text)| (path.to_string(), toml(text)));
    let preset = Scenario::preset("talking-therapies-2025").unwrap();
    let options = Options {
        replications: 4,
        ..Options::default()
    };
    let scenario = preset.with_all(changes.to_vec()).unwrap();
    let run = simulate(&scenario, Horizon::Weeks(30), &options).unwrap();
    let table = run.table("caseloads").unwrap();
    ["2025-05", "2025-09"].map(|month| {
        let mut rows = table.texts("month").iter().zip(table.texts("role"));
        let row = rows.position(|(of, role)| of == month && role == "pwp");
        table.numbers("clinicians")[row.unwrap()]
    })
}

/// Four trainees see nobody in the first three months and work 0.8 of their time from the fourth to the ninth:
/// nobody more in May, four more in September, though they have hardly any patients.
#[test]
fn trainees_with_time_are_counted_without_cases() {
    let (with, without) = (pwps(4), pwps(0));
    assert_eq!([with[0] - without[0], with[1] - without[1]], [0.0, 4.0]);
}
