//! The whole way on one machine:
//! starts the sandbox, writes a settings file for it, and runs vendor-ssm. Arguments go to
//! vendor-ssm. Without arguments it runs `connect`, which opens the picker.
//!
//! An example does not build the package's own program, so this program starts itself under that
//! name.

use std::error::Error;
use std::ffi::OsString;
use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, ExitCode};

use vendor_ssm::signals::Signals;
use vendor_ssm_sandbox::world::{CUSTOMER, CUSTOMER_ROLE};
use vendor_ssm_sandbox::{Options, Sandbox};

const PROGRAM: &str = "vendor-ssm";

/// What the customer grants besides a shell, so that `run`, `forward` and `proxy` work too.
const DOCUMENTS: [&str; 4] = [
    "AWS-StartNonInteractiveCommand",
    "AWS-StartPortForwardingSession",
    "AWS-StartPortForwardingSessionToRemoteHost",
    "AWS-StartSSHSession",
];

/// The user's own variables that would lead vendor-ssm past the sandbox.
const OWN: [&str; 13] = [
    "AWS_CA_BUNDLE",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL_EC2",
    "AWS_ENDPOINT_URL_KMS",
    "AWS_ENDPOINT_URL_SSM",
    "AWS_ENDPOINT_URL_SSMMESSAGES",
    "AWS_ENDPOINT_URL_STS",
    "AWS_PROFILE",
    "AWS_REGION",
    "AWS_SESSION_TOKEN",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_USE_FIPS_ENDPOINT",
    "VENDOR_SSM_CUSTOMER",
];

const SETTINGS: &str = r#"# The two accounts of the sandbox.
default_customer = "acme"

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
        return Ok(vendor_ssm::run(std::env::args_os(), &vendor_ssm::surroundings()).into());
    }
    let mut arguments: Vec<OsString> = arguments.collect();
    if arguments.is_empty() {
        arguments.push("connect".into());
    }

    let sandbox = Sandbox::start(Options::default())?;
    sandbox.world(|world| {
        let role = world.role_mut(CUSTOMER, CUSTOMER_ROLE);
        role.ok_or("the sandbox has no customer role")?
            .grant_documents(&DOCUMENTS)
            .map_err(Box::<dyn Error>::from)
    })?;
    let keys = sandbox
        .credentials("alice")
        .ok_or("the sandbox has no alice")?;
    // Kept from run to run, apart from the user's own: `customer add` and `history` work as well.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/demo");
    std::fs::create_dir_all(&folder)?;
    let settings = folder.join("config.toml");
    if !settings.exists() {
        let mut file = File::options()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&settings)?;
        file.write_all(SETTINGS.as_bytes())?;
    }

    // Ctrl-C is for vendor-ssm: the sandbox must outlive it.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let _listening = runtime.block_on(async { Signals::new() })?;
    let mut command = Command::new(std::env::current_exe()?);
    for variable in OWN {
        command.env_remove(variable);
    }
    let status = command
        .arg0(PROGRAM)
        .args(arguments)
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env("AWS_ACCESS_KEY_ID", keys.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", keys.secret_access_key)
        .env("AWS_ENDPOINT_URL", sandbox.endpoint())
        .env("VENDOR_SSM_CONFIG", settings)
        .env("XDG_STATE_HOME", folder)
        .status()?;
    Ok(ExitCode::from(
        status
            .code()
            .and_then(|code| u8::try_from(code).ok())
            .unwrap_or(1),
    ))
}
