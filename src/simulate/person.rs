//! Who is one patient to the run? A few numbers, and a key from which all of their luck comes.
//!
//! ```text
//! key of a person = mixed from seed, replication, source, part of a week (weeks are cut at the ends of months),
//!                   and place among those who are referred there
//! luck of a decision = hash(key, what is decided and for the how-manyth time)
//! ```
//!
//! Nobody's luck depends on anybody else, so that two plans treat the same people with the same luck.

use crate::stream::{GOLDEN, mix};

/// Time in ticks since the first morning; negative before it.
pub type Time = i32;

/// Ticks of a day: about 2.6 seconds each, so that 2,600 weeks fit.
pub const DAY: Time = 1 << DAY_BITS;

/// Bits of a time below its day.
const DAY_BITS: u32 = 15;

/// Ticks of a week.
pub const WEEK: Time = 7 * DAY;

/// Day of a time, counted from the first morning.
#[must_use]
#[inline]
pub const fn day_of(time: Time) -> i32 {
    // Rounds towards the past.
    time >> DAY_BITS
}

/// Week of a time.
#[must_use]
#[inline]
#[allow(clippy::cast_sign_loss, clippy::cast_possible_wrap)] // not below 0 once shifted, and below 2^15
pub const fn week_of(time: Time) -> i32 {
    /// Weeks by which no time is below 0 any more: a division of whole numbers without a sign is much shorter.
    const SHIFT: i32 = (1 << (31 - DAY_BITS)) / 7 + 1;
    ((day_of(time) + 7 * SHIFT) as u32 / 7) as i32 - SHIFT
}

/// Days from one date to another, as the NHS counts them: whatever the time of day.
#[must_use]
#[inline]
pub const fn days_between(from: Time, to: Time) -> i32 {
    day_of(to) - day_of(from)
}

/// No week: whoever waits never gives up.
pub const NEVER: u32 = u32::MAX;

/// What is decided; the lower bits say for the how-manyth time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Decision {
    /// Whether the referral is accepted, and at what time of the week it comes.
    Referral = 0,
    /// Whether the person opts in.
    OptIn = 1 << 16,
    /// Source and urgency.
    Source = 2 << 16,
    /// Whether the assessment counts as treatment.
    Counts = 3 << 16,
    /// Where the assessed go.
    Route = 4 << 16,
    /// When somebody who waits for a treatment gives up.
    Patience = 5 << 16,
    /// How many sessions are planned, or how long the course lasts.
    Plan = 6 << 16,
    /// Weekday of the sessions, and way of delivery.
    Weekday = 7 << 16,
    /// Step up or down after the course.
    Step = 8 << 16,
    /// At caseness at the start, and recovered at the end.
    Recovery = 9 << 16,
    /// When somebody who waits for an assessment gives up.
    PatienceForAssessment = 10 << 16,
    /// What becomes of an appointment; counted over all appointments of the person.
    Booking = 11 << 16,
    /// Segment.
    Segment = 12 << 16,
}

/// What is remembered of a person, in bits.
pub mod mark {
    /// In the urgent class.
    pub const URGENT: u8 = 1;
    /// Treated already: an assessment that counts, or a session attended.
    pub const TREATED: u8 = 2;
    /// First treated within 6 weeks of referral.
    pub const SIX: u8 = 4;
    /// First treated within 18 weeks of referral.
    pub const EIGHTEEN: u8 = 8;
    /// Was here on the first morning.
    pub const OPENING: u8 = 16;
    /// Came to two treatment contacts.
    pub const TWICE: u8 = 32;
}

/// A patient who waits or is in a course. 40 bytes, which are moved from list to list: whatever happens to
/// somebody, the next one to be looked at lies beside them in memory.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// From which all luck comes.
    pub key: u64,
    /// When they were referred.
    pub referred: Time,
    /// When they joined the queue in which they wait or waited last.
    pub joined: Time,
    /// When they were treated first; undefined before.
    pub treated: Time,
    /// Week at whose end they give up waiting, or the clinician who treats them.
    pub tag: u32,
    /// Number among all referred, for the log.
    pub number: u32,
    /// Appointments so far.
    pub bookings: u16,
    /// Treatment by index.
    pub treatment: u8,
    /// Sessions attended of this course.
    pub had: u8,
    /// Sessions planned of this course.
    pub planned: u8,
    /// Courses before this one.
    pub courses: u8,
    /// Sessions missed in a row.
    pub missed: u8,
    /// See [`mark`].
    pub marks: u8,
    /// Segment, by place; 0 where everybody is alike.
    pub segment: u8,
}

impl Person {
    /// Somebody of that key who was referred then.
    #[must_use]
    pub const fn new(key: u64, referred: Time, number: u32) -> Self {
        Self {
            key,
            referred,
            joined: referred,
            treated: 0,
            tag: NEVER,
            number,
            bookings: 0,
            treatment: 0,
            had: 0,
            planned: 0,
            courses: 0,
            missed: 0,
            marks: 0,
            segment: 0,
        }
    }

    /// 64 random bits of a decision that is taken once in each course.
    #[must_use]
    #[inline]
    pub fn luck(&self, decision: Decision) -> u64 {
        mixed(self.key, decision as u64 + u64::from(self.courses))
    }

    /// Whether something of that threshold happens to the person; what is certain either way needs no luck.
    #[must_use]
    #[inline]
    pub fn meets(&self, decision: Decision, threshold: u64) -> bool {
        match threshold {
            0 => false,
            CERTAIN.. => true,
            _ => happens(high(self.luck(decision)), threshold),
        }
    }

    /// 64 random bits of the next appointment.
    #[inline]
    pub fn booking(&mut self) -> u64 {
        self.bookings = self.bookings.wrapping_add(1);
        self.last_booking()
    }

    /// 64 random bits of the last appointment.
    #[must_use]
    #[inline]
    pub fn last_booking(&self) -> u64 {
        let last = self.bookings.wrapping_sub(1);
        mixed(self.key, Decision::Booking as u64 + u64::from(last))
    }

    /// Whether a mark is set.
    #[must_use]
    #[inline]
    pub const fn is(&self, mark: u8) -> bool {
        self.marks & mark != 0
    }

    /// Notes the first treatment at a time.
    #[inline]
    pub const fn first_treated(&mut self, at: Time) {
        self.treated = at;
        self.marks |= mark::TREATED;
        let waited = days_between(self.referred, at);
        if waited <= 42 {
            self.marks |= mark::SIX;
        }
        if waited <= 126 {
            self.marks |= mark::EIGHTEEN;
        }
    }
}

/// The upper half of random bits, uniform over all `u32`.
#[must_use]
#[allow(clippy::cast_possible_truncation)] // the upper half
#[inline]
pub const fn high(bits: u64) -> u32 {
    (bits >> 32) as u32
}

/// The lower half of random bits.
#[must_use]
#[allow(clippy::cast_possible_truncation)] // the lower half is meant
#[inline]
pub const fn low(bits: u64) -> u32 {
    bits as u32
}

/// A probability as the number of `u32` below it, so that `bits < threshold` happens with it.
#[must_use]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // clamped to 0 and 2^32
pub fn threshold(share: f64) -> u64 {
    (share.clamp(0.0, 1.0) * 4_294_967_296.0).round() as u64
}

/// The threshold of what happens whatever the luck.
pub const CERTAIN: u64 = 1 << 32;

/// Whether something of that threshold happens.
#[must_use]
#[inline]
pub const fn happens(bits: u32, threshold: u64) -> bool {
    (bits as u64) < threshold
}

/// The key of the `place`th of those who share a key.
#[must_use]
#[inline]
pub const fn mixed(key: u64, place: u64) -> u64 {
    mix(key.wrapping_add(place.wrapping_add(1).wrapping_mul(GOLDEN)))
}
