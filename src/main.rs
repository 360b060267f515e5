//! vendor-ssm's entry. Everything is in the library.

use std::process::ExitCode;

use vendor_ssm::os::Os;

fn main() -> ExitCode {
    vendor_ssm::run(std::env::args_os(), &Os::real()).into()
}
