//! Who is in post, who joins, leaves and qualifies, by month and role?

use super::Periods;
use crate::record::{Record, StaffWeek};
use crate::table::Table;
use crate::timetable::{RolePlace, Timetable};

/// A role in a month \[WTE unless said otherwise\].
struct Row<'a> {
    month: &'a str,
    place: &'a RolePlace,
    posts: f64,
    in_post: f64,
    absent: f64,
    joined: f64,
    promoted: f64,
    left: f64,
    moved_to_training: f64,
    qualified: f64,
    /// Trainees in training \[heads\].
    trainees: f64,
    agency: f64,
    overtime: f64,
    ramped: f64,
}

impl Row<'_> {
    /// What is left of a gap between posts and staff: nothing below 0, and trainees fill no posts.
    fn gap(&self, gap: f64) -> f64 {
        if self.place.course.is_some() {
            0.0
        } else {
            gap.max(0.0)
        }
    }
}

/// Rows of one role, by month.
fn rows_of<'a>(
    periods: &Periods<'a>,
    place: &'a RolePlace,
    weeks: &[StaffWeek],
) -> impl Iterator<Item = Row<'a>> {
    let weekly = |of: fn(&StaffWeek) -> f64| -> Vec<f64> { weeks.iter().map(of).collect() };
    let flow = |of| periods.flows(&weekly(of));
    let stock = |of| periods.stocks(&weekly(of));
    let in_post = stock(|week| week.in_post);
    let absent = stock(|week| week.absent);
    let agency = stock(|week| week.agency);
    let overtime = stock(|week| week.overtime);
    let promoted = flow(|week| week.promoted);
    let joined = flow(|week| week.joined);
    let left = flow(|week| week.left);
    let moved_to_training = flow(|week| week.moved_to_training);
    let qualified = flow(|week| week.qualified);
    let trainees = stock(|week| week.trainees);
    let ramped = stock(|week| {
        if week.worked > 0.0 {
            week.ramped / week.worked * week.opening
        } else {
            week.ramped
        }
    });
    let posts = stock(|week| week.posts);
    let labels: Vec<&str> = periods.spans.iter().map(|span| span.label).collect();
    labels
        .into_iter()
        .enumerate()
        .map(move |(month, label)| Row {
            month: label,
            place,
            posts: posts[month],
            in_post: in_post[month],
            absent: absent[month],
            agency: agency[month],
            overtime: overtime[month],
            promoted: promoted[month],
            joined: joined[month],
            left: left[month],
            moved_to_training: moved_to_training[month],
            qualified: qualified[month],
            trainees: trainees[month],
            ramped: ramped[month],
        })
}

/// Staff by month and role.
pub fn staff(timetable: &Timetable, record: &Record) -> Table {
    let periods = Periods::months(timetable, record);
    let roles = timetable.roles.iter().zip(&record.staff);
    let rows: Vec<Row> = roles
        .flat_map(|(place, weeks)| rows_of(&periods, place, weeks))
        .collect();
    let ramped = "Qualified staff and trainees by the share of bookable hours they work";
    Table::of_rows("staff", &rows)
        .text("month", "Month", |row| row.month)
        .text("role", "Role", |row| &row.place.name)
        .text("title", "Role as shown", |row| &row.place.said.title)
        .text("band", "Agenda for Change band", |row| {
            row.place.said.band.name()
        })
        .number("posts", "WTE", "Funded establishment", |row| row.posts)
        .number(
            "in_post",
            "WTE",
            "In post at the end of the month; trainees in training",
            |row| row.in_post,
        )
        .number("heads", "heads", "People in post", |row| {
            row.in_post / row.place.said.wte_per_head.value()
        })
        .number("vacancies", "WTE", "Posts not filled", |row| {
            row.gap(row.posts - row.in_post)
        })
        .number(
            "over_establishment",
            "WTE",
            "Staff beyond the posts",
            |row| row.gap(row.in_post - row.posts),
        )
        .number(
            "absent",
            "WTE",
            "Of those in post, absent for long",
            |row| row.absent,
        )
        .number(
            "joined",
            "WTE",
            "Recruited or promoted into the role; trainees who started",
            |row| row.joined,
        )
        .number(
            "promoted",
            "WTE",
            "Of those who joined, promoted from another role",
            |row| row.promoted,
        )
        .number("left", "WTE", "Left the service or the role", |row| {
            row.left
        })
        .number(
            "moved_to_training",
            "WTE",
            "Moved to training inside the service",
            |row| row.moved_to_training,
        )
        .number("qualified", "WTE", "Qualified into the role", |row| {
            row.qualified
        })
        .number("in_training", "heads", "Trainees in training", |row| {
            row.trainees
        })
        .number(
            "agency_wte",
            "WTE",
            "Agency staff and cover of the absent; never in post",
            |row| row.agency,
        )
        .number("overtime_wte", "WTE", "Overtime; never in post", |row| {
            row.overtime
        })
        .number("ramped_wte", "WTE", ramped, |row| row.ramped)
        .table()
}
