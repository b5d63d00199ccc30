//! The service patient by patient.

#[path = "simulate/conservation.rs"]
mod conservation;
#[path = "simulate/growing.rs"]
mod growing;
#[path = "simulate/more_staff.rs"]
mod more_staff;
#[path = "simulate/same.rs"]
mod same;
#[path = "simulate/textbook.rs"]
mod textbook;
