//! vendor-ssm's entry. Everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    let run = || vendor_ssm::run(std::env::args_os(), &vendor_ssm::surroundings());
    vendor_ssm::on_a_deep_stack(run).into()
}
