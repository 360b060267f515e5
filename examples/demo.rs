//! The whole way on one machine: starts the sandbox, writes a settings file for it, and runs vendor-ssm
//! with it. Arguments go to vendor-ssm; without any it is `connect`, with the picker.
//!
//! An example does not build the package's own program, so this one is started again under its name.

use std::error::Error;
use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};

use vendor_ssm::os::Os;
use vendor_ssm::signals::Signals;
use vendor_ssm_sandbox::{Options, Sandbox};

const PROGRAM: &str = "vendor-ssm";

const SETTINGS: &str = r#"# The two accounts of the sandbox.
[vendor]
role_arn = "arn:aws:iam::111111111111:role/3P_IAM_Assume_Role"

[cache]
store = "none"

[customers.acme]
role_arn    = "arn:aws:iam::222222222222:role/SSMStartSession_IAM_Role_ThirdPartyA"
external_id = "ExternalID3rdPartyA"
tag_value   = "Third_Party_A"
regions     = ["us-east-1", "eu-west-1"]
"#;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = std::env::args_os();
    if arguments.next().is_some_and(|name| name == PROGRAM) {
        return Ok(vendor_ssm::run(std::env::args_os(), &Os::real()).into());
    }
    let mut arguments: Vec<OsString> = arguments.collect();
    if arguments.is_empty() {
        arguments.push("connect".into());
    }

    let sandbox = Sandbox::start(Options::default())?;
    let keys = sandbox
        .credentials("alice")
        .ok_or("the sandbox has no alice")?;
    let folder = tempfile::tempdir()?;
    let settings = folder.path().join("config.toml");
    std::fs::write(&settings, SETTINGS)?;

    // The keyboard's signals are for vendor-ssm; the sandbox outlives them.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let _listening = runtime.block_on(async { Signals::new() })?;
    let status = Command::new(std::env::current_exe()?)
        .arg0(PROGRAM)
        .args(arguments)
        .env_remove("AWS_PROFILE")
        .env_remove("AWS_CA_BUNDLE")
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env_remove("AWS_SESSION_TOKEN")
        .env("AWS_ACCESS_KEY_ID", keys.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", keys.secret_access_key)
        .env("AWS_ENDPOINT_URL", sandbox.endpoint())
        .env("VENDOR_SSM_CONFIG", settings)
        .status()?;
    Ok(ExitCode::from(
        status
            .code()
            .and_then(|code| u8::try_from(code).ok())
            .unwrap_or(1),
    ))
}
