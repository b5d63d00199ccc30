//! The service patient by patient.

#[path = "simulate/conservation.rs"]
mod conservation;
#[path = "simulate/same.rs"]
mod same;
#[path = "simulate/textbook.rs"]
mod textbook;
