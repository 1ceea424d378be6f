//! The front door: routing, protocols, signatures, faults, control, and those who would break it.

mod admin;
mod browsers;
mod connections;
mod explosive;
mod faults;
mod floods;
mod malformed;
mod routing;
mod signatures;
mod slow;
mod socket;
