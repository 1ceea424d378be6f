//! The front door: routing, protocols, signatures, faults, and control.

mod admin;
mod connections;
mod faults;
mod routing;
mod signatures;
