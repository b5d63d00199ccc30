//! What do named lines of non-pay, rooms and bought treatment cost in a year?
//!
//! ```text
//! per wte, head          = WTE days (or heads) / days of the year x pounds x share
//! per session, start ... = number in the year x pounds x share
//! per year, room, site   = days / days of the year x pounds (x rooms) x share
//! bought                 = people treated elsewhere x price
//! full-year effect       = the same at the end of the year; what is counted by activity: pounds of the
//!                          year x days of the year / days on which it was paid
//! ```

use super::{CostRow, Paid, Piece, Whose};
use crate::calendar::Date;
use crate::cost::{Funding, Leaf, Usage};
use crate::record::measure::TreatmentCounts;
use crate::scenario::Spec;
use crate::scenario::money::{CostDriver, CostLine, Payer};
use crate::timetable::Timetable;

/// What happened in a run that lines are counted by.
pub struct Activity<'a> {
    pub spec: &'a Spec,
    pub timetable: &'a Timetable,
    pub paid: &'a Paid,
    pub pieces: &'a [Piece],
    /// By treatment and week.
    pub treatments: &'a [Vec<TreatmentCounts<1>>],
    /// By week.
    pub assessed: &'a [f64],
}

/// Days on which a price is paid.
#[derive(Clone, Copy)]
pub struct Window {
    pub from: Option<Date>,
    pub to: Option<Date>,
}

impl Activity<'_> {
    /// Adds the leaves of a year.
    pub fn add_leaves(&self, year: usize, usage: &[Usage], rows: &mut Vec<CostRow>) {
        let money = &self.spec.money;
        for (name, line) in &money.lines {
            if matches!(line.per, CostDriver::Wte | CostDriver::Head) {
                self.by_staff(year, name, line, usage, rows);
            } else {
                self.by_activity(year, name, line, rows);
            }
        }
        let always = Window {
            from: None,
            to: None,
        };
        for site in money.sites.values() {
            let [pounds, full] = self.by_time(year, always, site.pounds_per_year.value());
            let payer = site.payer.unwrap_or(money.payers.non_pay);
            push(
                rows,
                year,
                Whose::Service,
                leaf("rooms", payer, true, pounds, full),
            );
        }
        for (bought, weekly) in money.bought.values().zip(&self.paid.bought) {
            let window = Window {
                from: Some(bought.from),
                to: bought.to,
            };
            let price = bought.price_per_start.value();
            // Each week holds only what was bought on days of the window.
            let whole_week = Window {
                from: None,
                to: None,
            };
            let [pounds, _] = self.by_count(year, whole_week, |week| weekly[week] * price);
            let full = self.annual_rate(year, window, pounds);
            let payer = bought.payer.unwrap_or(money.payers.pay);
            let recurrent = bought.recurrent.unwrap_or(false);
            let leaf = leaf("bought_activity", payer, recurrent, pounds, full);
            push(rows, year, Whose::Service, leaf);
        }
    }

    fn payer(&self, line: &CostLine) -> Payer {
        line.payer.unwrap_or(self.spec.money.payers.non_pay)
    }

    fn by_staff(
        &self,
        year: usize,
        name: &str,
        line: &CostLine,
        usage: &[Usage],
        rows: &mut Vec<CostRow>,
    ) {
        let window = window(line);
        let price = line.pounds.value() * line.share.map_or(1.0, |share| share.value());
        for (role, place) in self.timetable.roles.iter().enumerate() {
            if !line.roles.is_empty() && !line.roles.contains(&place.name) {
                continue;
            }
            let one = match line.per {
                CostDriver::Head => price / place.said.wte_per_head.value(),
                _ => price,
            };
            let whole = f64::from(self.timetable.calendar.financial_years[year].days_whole);
            let weekly = &self.paid.roles[role];
            let wte_days: f64 = self
                .pieces_of(year)
                .map(|piece| {
                    let share = piece.share_between(window.from, window.to);
                    weekly[piece.week].wte * share * f64::from(piece.days)
                })
                .sum();
            let full = if self.active_at_end(year, window) {
                usage[role].wte_at_end * one
            } else {
                0.0
            };
            // Trainees' posts end with the course.
            let recurrent = line.recurrent.unwrap_or(true) && place.course.is_none();
            let pounds = wte_days / whole * one;
            let leaf = leaf(name, self.payer(line), recurrent, pounds, full);
            push(rows, year, Whose::Role(role), leaf);
        }
    }

    fn by_activity(&self, year: usize, name: &str, line: &CostLine, rows: &mut Vec<CostRow>) {
        let window = window(line);
        let price = line.pounds.value() * line.share.map_or(1.0, |share| share.value());
        let counted = |of: fn(&TreatmentCounts<1>) -> f64| {
            self.by_count(year, window, |week| {
                let places = self.timetable.treatments.iter().zip(self.treatments);
                let counted = places.filter(|(place, _)| {
                    let path = format!("step{}.{}", place.step, place.name);
                    line.treatments.is_empty() || line.treatments.contains(&path)
                });
                price * counted.map(|(_, weeks)| of(&weeks[week])).sum::<f64>()
            })
        };
        let [pounds, full] = match line.per {
            CostDriver::Session => counted(|week| week.attended[0]),
            CostDriver::CourseStart => counted(|week| week.starts[0]),
            CostDriver::Assessment => {
                self.by_count(year, window, |week| price * self.assessed[week])
            }
            CostDriver::Room => {
                let sites = self.spec.money.sites.values();
                let rooms: f64 = sites.map(|site| site.rooms.value()).sum();
                self.by_time(year, window, price * rooms)
            }
            CostDriver::Year | CostDriver::Wte | CostDriver::Head => {
                self.by_time(year, window, price)
            }
        };
        let recurrent = line.recurrent.unwrap_or(true);
        let leaf = leaf(name, self.payer(line), recurrent, pounds, full);
        push(rows, year, Whose::Service, leaf);
    }

    /// Pounds in the year and in a whole year at its end, of a price by the year.
    fn by_time(&self, year: usize, window: Window, price: f64) -> [f64; 2] {
        let whole = f64::from(self.timetable.calendar.financial_years[year].days_whole);
        let full = if self.active_at_end(year, window) {
            price
        } else {
            0.0
        };
        [price * self.days_active(year, window) / whole, full]
    }

    /// The same of pounds counted by week.
    fn by_count(&self, year: usize, window: Window, weekly: impl Fn(usize) -> f64) -> [f64; 2] {
        let pounds = self.pieces_of(year).map(|piece| {
            let share = piece.share_between(window.from, window.to);
            weekly(piece.week) * share * f64::from(piece.days) / 7.0
        });
        let pounds = pounds.sum();
        [pounds, self.annual_rate(year, window, pounds)]
    }

    /// Pounds of a whole year at the mean rate of the days on which they were paid; 0 if they are not
    /// paid any more at the end.
    fn annual_rate(&self, year: usize, window: Window, pounds: f64) -> f64 {
        let days = self.days_active(year, window);
        if days > 0.0 && self.active_at_end(year, window) {
            let whole = f64::from(self.timetable.calendar.financial_years[year].days_whole);
            pounds * whole / days
        } else {
            0.0
        }
    }

    fn days_active(&self, year: usize, window: Window) -> f64 {
        let days = self
            .pieces_of(year)
            .map(|piece| piece.share_between(window.from, window.to) * f64::from(piece.days));
        days.sum()
    }

    fn active_at_end(&self, year: usize, window: Window) -> bool {
        self.pieces_of(year).last().is_some_and(|piece| {
            let last = Piece {
                from: piece
                    .from
                    .saturating_add(jiff::Span::new().days(i64::from(piece.days) - 1)),
                days: 1,
                ..*piece
            };
            last.share_between(window.from, window.to) > 0.0
        })
    }

    fn pieces_of(&self, year: usize) -> impl Iterator<Item = &Piece> {
        self.pieces.iter().filter(move |piece| piece.year == year)
    }
}

/// Days on which a line is paid.
pub fn window(line: &CostLine) -> Window {
    Window {
        from: line.from,
        to: line.to,
    }
}

fn leaf(name: &str, payer: Payer, recurrent: bool, pounds: f64, full: f64) -> Leaf {
    Leaf {
        line: name.to_string().into(),
        payer,
        recurrent,
        funding: Funding::Funded,
        pounds,
        pounds_full_year: if recurrent { full } else { 0.0 },
    }
}

fn push(rows: &mut Vec<CostRow>, year: usize, whose: Whose, leaf: Leaf) {
    if leaf.pounds != 0.0 || leaf.pounds_full_year != 0.0 {
        rows.push(CostRow { year, whose, leaf });
    }
}
