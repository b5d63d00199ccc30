//! What does the text of a target say, and what is wrong with it? Every problem at once.

use std::collections::BTreeMap;

use jiff::civil::Date;
use toml::{Table, Value};

use super::keys::{KEYS, target_names};
use super::{Levers, Targets};
use crate::calendar::{Calendar, add_months};
use crate::error::{Problem, ProblemKind, nearest};
use crate::scenario::Scenario;
use crate::targets::goals::{Goal, Measure, Span, Stage};

/// Reads the keys one by one and collects what is wrong.
pub struct Reader<'a> {
    scenario: &'a Scenario,
    stated: &'a Table,
    calendar: Calendar,
    pub problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub fn new(scenario: &'a Scenario, stated: &'a Table) -> Self {
        let said = &scenario.spec().calendar;
        Self {
            scenario,
            stated,
            calendar: Calendar::new(said.kind.into(), said.start, said.weeks as usize),
            problems: Vec::new(),
        }
    }

    pub fn targets(&mut self) -> Targets {
        self.keys_are_known();
        let (starts, beyond) = self.starts();
        let by_asked = self.by();
        let by = by_asked.unwrap_or(0);
        let until = self.until(by, &starts);
        let goals = self.goals(by_asked, until);
        Targets {
            goals,
            levers: self.levers(),
            starts,
            beyond,
            internal_share: self.number("internal_share"),
            most_places: self.most_places(),
            most_recruits: self.number("most_recruits").unwrap_or(f64::INFINITY),
            budget: self.number("budget"),
            conditions: self.truth("conditions"),
            by,
            until,
            access_rate: self.number("access_rate"),
            stated: self.stated.clone(),
        }
    }

    fn refuse(&mut self, key: &str, value: impl std::fmt::Display, expected: impl Into<String>) {
        self.problems
            .push(Problem::new(&format!("to.{key}"), value, expected));
    }

    fn keys_are_known(&mut self) {
        let names = KEYS.map(|key| key.0);
        for (key, value) in self.stated {
            if !names.contains(&key.as_str()) {
                let problem = Problem::told(
                    &format!("to.{key}"),
                    value,
                    "no such target or option",
                    names.join(", "),
                );
                self.problems
                    .push(problem.suggest(nearest(key, names.iter().copied())));
            }
        }
    }

    fn number(&mut self, key: &str) -> Option<f64> {
        let value = self.stated.get(key)?;
        self.number_of(key, key, value)
    }

    /// A number within the bounds of `key`; `path` says where it stands.
    fn number_of(&mut self, key: &str, path: &str, value: &Value) -> Option<f64> {
        let (_, unit, least, most, _) = *KEYS.iter().find(|known| known.0 == key)?;
        let number = match value {
            Value::Float(number) => Some(*number),
            Value::Integer(number) => Some(*number as f64),
            _ => None,
        };
        let expected = format!("a number from {least} to {most} [{unit}]");
        let path = format!("to.{path}");
        let Some(number) = number.filter(|number| number.is_finite()) else {
            self.problems.push(Problem::new(&path, value, expected));
            return None;
        };
        if number < least || number > most {
            let percent =
                (most == 1.0 && number > 1.0 && number <= 100.0).then_some(number / 100.0);
            let kind = if number > most && most >= 1000.0 {
                ProblemKind::Limit
            } else {
                ProblemKind::Field
            };
            let problem = Problem::new(&path, number, expected);
            self.problems.push(problem.suggest(percent).of_kind(kind));
            return None;
        }
        Some(number)
    }

    fn text(&mut self, key: &str, expected: &str) -> Option<&'a str> {
        let value = self.stated.get(key)?;
        let text = value.as_str();
        if text.is_none() {
            self.refuse(key, value, expected);
        }
        text
    }

    fn truth(&mut self, key: &str) -> bool {
        match self.stated.get(key) {
            None => true,
            Some(Value::Boolean(truth)) => *truth,
            Some(other) => {
                self.refuse(key, other, "true or false");
                true
            }
        }
    }

    /// Complete months of the calendar, by index.
    fn last_month(&self) -> usize {
        let months = &self.calendar.months;
        let complete = months.iter().rposition(|m| m.days_inside == m.days_whole);
        complete.unwrap_or(0)
    }

    fn month_of(&self, day: Date) -> Option<usize> {
        let months = &self.calendar.months;
        let index = months.iter().rposition(|month| month.first <= day)?;
        (day < self.calendar.end() || index + 1 < months.len()).then_some(index)
    }

    fn by(&mut self) -> Option<usize> {
        let expected = "a month or a date, as 2026-10 or 2026-10-01";
        if !self.stated.contains_key("by") {
            let quarters = matches!(self.stated.get("completed_courses"), Some(Value::Table(_)));
            let others = target_names()
                .any(|key| key != "completed_courses" && self.stated.contains_key(key));
            if !quarters || others {
                self.problems
                    .push(Problem::told("to.by", "", "missing", expected));
            }
            return None;
        }
        let text = self.text("by", expected)?;
        let iso = match text.len() {
            7 => format!("{text}-01"),
            _ => text.to_string(),
        };
        let parsed = if iso.len() == 10 {
            iso.parse::<Date>().ok()
        } else {
            None
        };
        let Some(day) = parsed else {
            self.refuse("by", format!("{text:?}"), expected);
            return None;
        };
        let last = self.last_month();
        let whole_month = text.len() == 7;
        let first = &self.calendar.months[0];
        let early = day < self.calendar.start && !(whole_month && day >= first.first);
        let found = self.month_of(day).filter(|&month| month <= last && !early);
        if found.is_none() {
            let expected = format!(
                "from {} to {}, inside the calendar of the scenario",
                first.label, self.calendar.months[last].label
            );
            self.refuse("by", text, expected);
        }
        found
    }

    /// Days on which courses start, for so many autumns, and how many more the calendar is too short for.
    fn starts(&mut self) -> (Vec<Date>, usize) {
        let number = match self.number("autumns") {
            Some(number) if number.fract() != 0.0 => {
                self.refuse("autumns", number, "a whole number from 0 to 10");
                0
            }
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 10
            number => number.unwrap_or(3.0) as usize,
        };
        let expected = "a month and a day, as 10-01";
        let said = self.text("course_start", expected).unwrap_or("10-01");
        let year = self.calendar.start.year();
        let on = |year: i16| format!("{year:04}-{said}").parse::<Date>().ok();
        let Some(first) = on(year).filter(|_| said.len() == 5) else {
            self.refuse("course_start", format!("{said:?}"), expected);
            return (Vec::new(), 0);
        };
        let first = if first < self.calendar.start {
            on(year + 1).unwrap_or(first)
        } else {
            first
        };
        let months = |n: usize| 12 * i32::try_from(n).unwrap_or(0);
        let all: Vec<Date> = (0..number).map(|n| add_months(first, months(n))).collect();
        let qualified = |day: &Date| add_months(*day, 12) < self.calendar.end();
        let inside: Vec<Date> = all.iter().copied().filter(qualified).collect();
        let beyond = all.len() - inside.len();
        (inside, beyond)
    }

    /// The window ends a quarter after the last cohort has qualified, or with the calendar.
    fn until(&self, by: usize, starts: &[Date]) -> usize {
        let after = starts.last().map(|&start| add_months(start, 14));
        let end = after.and_then(|day| self.month_of(day));
        let end = end.unwrap_or(if after.is_some() { usize::MAX } else { by + 11 });
        end.max(by).min(self.last_month())
    }

    fn goals(&mut self, by: Option<usize>, until: usize) -> Vec<Goal> {
        let mut goals = Vec::new();
        let months = Span::Months(by.unwrap_or(0), until);
        for (key, value) in self.stated {
            match key.as_str() {
                "completed_courses" => self.completed_courses(value, by, until, &mut goals),
                "first_treatments" | "access_rate" => self.treated(key, by, &mut goals),
                "hold" | "clear" => self.lists(key, value, months, &mut goals),
                key => {
                    let stage = |name: &str| Stage::ALL.into_iter().find(|s| s.name() == name);
                    let measure = match key {
                        "within_6_weeks" => Some(Measure::Within(6)),
                        "within_18_weeks" => Some(Measure::Within(18)),
                        _ => key
                            .strip_suffix("_wait_weeks")
                            .and_then(stage)
                            .map(Measure::Wait)
                            .or_else(|| {
                                key.strip_prefix("waiting_")
                                    .and_then(stage)
                                    .map(Measure::Waiting)
                            }),
                    };
                    if let Some(measure) = measure
                        && let Some(limit) = self.number(key)
                    {
                        goals.push(Goal::new(measure, limit, months, &self.calendar));
                    }
                }
            }
        }
        if !target_names().any(|key| self.stated.contains_key(key)) {
            let names = target_names().collect::<Vec<_>>();
            self.problems
                .push(Problem::told("to", "", "no target", names.join(", ")));
        }
        goals
    }

    fn completed_courses(
        &mut self,
        value: &Value,
        by: Option<usize>,
        until: usize,
        goals: &mut Vec<Goal>,
    ) {
        let key = "completed_courses";
        let Value::Table(quarters) = value else {
            let (Some(limit), Some(by)) = (self.number(key), by) else {
                return;
            };
            let of = |month: usize| self.calendar.months[month].quarter;
            let last = self.calendar.quarters[..=of(until)]
                .iter()
                .rposition(|quarter| quarter.days_inside == quarter.days_whole);
            let Some(last) = last.filter(|&last| last >= of(by)) else {
                let expected = "a month whose quarter ends inside the calendar";
                let label = self.calendar.months[by].label.clone();
                return self.refuse("by", label, expected);
            };
            let span = Span::Quarters(of(by), last);
            goals.push(Goal::new(Measure::Finishers, limit, span, &self.calendar));
            return;
        };
        if quarters.is_empty() {
            self.refuse(
                key,
                "no quarter",
                "at least one quarter, as \"2026/27 Q4\" = 900",
            );
        }
        for (label, value) in quarters {
            let path = format!("{key}.{label}");
            let complete: Vec<(usize, String)> = (self.calendar.quarters.iter().enumerate())
                .filter(|(_, quarter)| quarter.days_inside == quarter.days_whole)
                .map(|(index, quarter)| (index, quarter.label.clone()))
                .collect();
            let Some((index, _)) = complete.iter().find(|(_, known)| known == label) else {
                let names: Vec<&str> = complete.iter().map(|quarter| quarter.1.as_str()).collect();
                let sentence =
                    "no such quarter; quarters are those of financial years, Q1 is April to June";
                let expected = match names.as_slice() {
                    [first, .., last] => format!("{first} to {last}"),
                    _ => "a quarter inside the calendar".into(),
                };
                let problem = Problem::told(&format!("to.{path}"), label, sentence, expected);
                self.problems.push(problem.suggest(nearest(label, names)));
                continue;
            };
            if let Some(limit) = self.number_of(key, &path, value) {
                let span = Span::Quarters(*index, *index);
                goals.push(Goal::new(Measure::Finishers, limit, span, &self.calendar));
            }
        }
    }

    /// First treatments, or people in need who are treated, in the year from `by` on.
    fn treated(&mut self, key: &str, by: Option<usize>, goals: &mut Vec<Goal>) {
        let Some(limit) = self.number(key) else {
            return;
        };
        let limit = if key == "access_rate" {
            let Some(need) = &self.scenario.spec().demand.need else {
                let sentence = "needs demand.need: an access rate is a share of the people in need";
                let problem = Problem::told(
                    "to.access_rate",
                    limit,
                    sentence,
                    "demand.need in the scenario",
                );
                self.problems.push(problem);
                return;
            };
            limit * need.people.mean() * need.prevalence.mean()
        } else {
            limit
        };
        let Some(by) = by else { return };
        if by + 11 > self.last_month() {
            let sentence =
                format!("{key} is counted over twelve months, and the calendar ends before");
            let label = self.calendar.months[by].label.clone();
            let problem = Problem::told(
                "to.by",
                label,
                &sentence,
                "a month at least a year before the end",
            );
            self.problems.push(problem);
            return;
        }
        let span = Span::Year(by);
        goals.push(Goal::new(
            Measure::FirstTreatments,
            limit,
            span,
            &self.calendar,
        ));
    }

    fn lists(&mut self, key: &str, value: &Value, span: Span, goals: &mut Vec<Goal>) {
        let names = Stage::ALL.map(Stage::name);
        let asked: Vec<&Value> = match value {
            Value::Array(items) => items.iter().collect(),
            one => vec![one],
        };
        for item in asked {
            let stage = item
                .as_str()
                .and_then(|name| Stage::ALL.into_iter().find(|stage| stage.name() == name));
            let Some(stage) = stage else {
                let given = item
                    .as_str()
                    .map_or_else(|| item.to_string(), str::to_string);
                let problem = Problem::new(&format!("to.{key}"), item, names.join(", "));
                self.problems.push(problem.suggest(nearest(&given, names)));
                continue;
            };
            let measure = if key == "hold" {
                Measure::Hold(stage)
            } else {
                Measure::Clear(stage)
            };
            goals.push(Goal::new(measure, f64::NAN, span, &self.calendar));
        }
    }

    fn levers(&mut self) -> Levers {
        let names = ["training", "recruitment", "both"];
        let both = Levers {
            training: true,
            recruitment: true,
        };
        let asked: Vec<&Value> = match self.stated.get("levers") {
            None => return both,
            Some(Value::Array(items)) => items.iter().collect(),
            Some(one) => vec![one],
        };
        let mut levers = Levers {
            training: false,
            recruitment: false,
        };
        for item in &asked {
            match item.as_str() {
                Some("training") => levers.training = true,
                Some("recruitment") => levers.recruitment = true,
                Some("both") if asked.len() == 1 => levers = both,
                other => {
                    let problem = Problem::new("to.levers", *item, names.join(", "));
                    let near = nearest(other.unwrap_or_default(), names);
                    self.problems.push(problem.suggest(near));
                }
            }
        }
        if asked.is_empty() {
            self.refuse("levers", "none", names.join(", "));
        }
        levers
    }

    fn most_places(&mut self) -> BTreeMap<String, f64> {
        let courses: Vec<&str> = (self.scenario.spec().training.courses.keys())
            .map(String::as_str)
            .collect();
        let mut most = BTreeMap::new();
        match self.stated.get("most_places") {
            None => {}
            Some(Value::Table(table)) => {
                for (course, value) in table {
                    let path = format!("most_places.{course}");
                    if !courses.contains(&course.as_str()) {
                        let sentence = format!("no course {course:?}");
                        let problem = Problem::told(
                            &format!("to.{path}"),
                            course,
                            &sentence,
                            courses.join(", "),
                        );
                        let near = nearest(course, courses.iter().copied());
                        self.problems.push(problem.suggest(near));
                    } else if let Some(number) = self.number_of("most_places", &path, value) {
                        most.insert(course.clone(), number);
                    }
                }
            }
            Some(_) => {
                if let Some(number) = self.number("most_places") {
                    most.extend(courses.iter().map(|course| ((*course).to_string(), number)));
                }
            }
        }
        most
    }
}
