//! vendor-ssm's entry. Everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    vendor_ssm::run(std::env::args_os(), &vendor_ssm::surroundings()).into()
}
