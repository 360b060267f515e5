//! `customer`: changes and shows the customers in the settings file.

mod add;
mod remove;
mod show;

pub(super) use add::add;
pub(super) use remove::remove;
pub(super) use show::{list, show};

use super::stages;
