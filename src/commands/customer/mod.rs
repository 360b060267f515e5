//! `customer`: changes and shows the customers in the settings file.

mod add;
mod import;
mod remove;
mod show;
mod test;

pub(super) use add::add;
pub(super) use import::import;
pub(super) use remove::remove;
pub(super) use show::{list, show};
pub(super) use test::test;

use super::stages;
