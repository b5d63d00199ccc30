#![allow(clippy::all, clippy::pedantic, clippy::unwrap_used, missing_docs)]
mod common;
use common::*;
#[test]
fn dbg() {
    let of = |t: f64| {
        let intakes = if t > 0.0 { format!("[{{ course = \"pwp\", start = 2025-04-01, trainees = {t:?} }}]") } else { "[]".into() };
        run(&preset("iapt-2008", &[
            ("calendar.start", toml("2025-04-01")), ("calendar.weeks", toml("105")),
            ("staff.pwp.in_post", toml("11.918049937268798")), ("staff.hit.in_post", toml("0.0")),
            ("waiting.step3.cbt", toml("{ people = 0.0, longest_weeks = 20 }")),
            ("training.intakes", toml(&intakes)),
        ]))
    };
    let (a, b) = (of(0.0), of(0.1));
    for name in ["wte_pwp", "minutes_pwp", "assessed", "course_starts_step2","stepped_up", "waiting_cbt", "waiting_counselling", "starts_cbt", "starts_counselling","minutes_hit"] {
        let (x, y) = (figures(&a, "weekly", name), figures(&b, "weekly", name));
        let lower: Vec<_> = (0..105).filter(|&w| y[w] < x[w] - 1e-12).map(|w| (w, x[w], y[w])).take(4).collect();
        println!("{name} lower {:?}", lower);
    }
}
