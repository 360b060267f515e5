//! The world of the sandbox:
//! the vendor's account and two customers'. Their policies are those of the AWS blog's walkthrough
//! on third parties and private EC2 instances.

use super::{
    Account, Allowed, Document, DocumentType, IdentityCenter, IdentityProvider, Instance,
    InstanceMetadata, InstanceState, Interface, KmsKey, MfaDevice, Parameter, PingStatus, Platform,
    Role, SessionType, User, World, identity_policy, mint, trust_policy,
};
use crate::iam::MalformedPolicy;

/// The vendor's account.
pub const VENDOR: &str = "111111111111";
/// The role in the vendor's account that customers trust.
pub const VENDOR_ROLE: &str = "3P_IAM_Assume_Role";
/// The same role for those who want it assumed with MFA.
pub const VENDOR_MFA_ROLE: &str = "3P_IAM_Assume_Role_MFA";
/// The first customer's account.
pub const CUSTOMER: &str = "222222222222";
/// The second customer's account.
pub const SECOND_CUSTOMER: &str = "333333333333";
/// The role for the vendor in each customer's account.
pub const CUSTOMER_ROLE: &str = "SSMStartSession_IAM_Role_ThirdPartyA";
/// The `ExternalId` that the first customer's role wants.
pub const CUSTOMER_EXTERNAL_ID: &str = "ExternalID3rdPartyA";
/// The `ExternalId` that the second customer's role wants.
pub const SECOND_CUSTOMER_EXTERNAL_ID: &str = "ExternalID3rdPartyB-333";
/// The first customer's KMS key in us-east-1.
/// No document names it yet, and no policy allows its use.
pub const SESSION_KEY: &str =
    "arn:aws:kms:us-east-1:222222222222:key/5c0f7c1e-3f0b-4a6d-9b7e-2d41a86c93f5";
/// The code that all MFA devices show.
pub const MFA_CODE: &str = "123456";

const SESSION_KEY_ID: &str = "5c0f7c1e-3f0b-4a6d-9b7e-2d41a86c93f5";
const TAG: &str = "ExternalAccessGrantedTo";
/// The regions that every account has without asking for them.
/// Source: Account Management guide, "Enable or disable AWS Regions in your account".
const REGIONS: [&str; 17] = [
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "ca-central-1",
    "sa-east-1",
    "eu-central-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-north-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
];

/// Clears the screen, sets the window's title, colours with a C1 control, turns the reading
/// direction, hides a space and begins a line that looks like another entry.
const HOSTILE_NAME: &str =
    "\u{1b}[2J\u{1b}]0;owned\u{7}evil\u{9b}31m\u{202e}1-bew\u{200b}\nroot@web-1:~#";

pub(super) fn world() -> World {
    assemble().unwrap_or_else(|error| unreachable!("the seeds' own policies: {error}"))
}

fn assemble() -> Result<World, MalformedPolicy> {
    let regions: Vec<String> = REGIONS.map(str::to_owned).to_vec();
    Ok(World {
        accounts: [VENDOR, CUSTOMER, SECOND_CUSTOMER]
            .map(|id| Account {
                id: id.to_owned(),
                regions: regions.clone(),
            })
            .to_vec(),
        users: vec![user("alice")?, user("bob")?],
        roles: roles()?,
        managed_policies: vec![identity_policy(
            "arn:aws:iam::aws:policy/AdministratorAccess",
            r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
        )?],
        instances: instances(),
        documents: documents(),
        kms_keys: vec![KmsKey {
            account: CUSTOMER.to_owned(),
            region: "us-east-1".to_owned(),
            id: SESSION_KEY_ID.to_owned(),
            alias: Some("alias/session-manager".to_owned()),
            enabled: true,
        }],
        parameter_store: [("greeting".to_owned(), "hello from the store".to_owned())].into(),
        identity_center: IdentityCenter::new(),
        console_sessions: Vec::new(),
        identity_provider: IdentityProvider::new(VENDOR),
        instance_metadata: InstanceMetadata::new(),
        tasks: Vec::new(),
        vendor_principals: Vec::new(),
    })
}

fn user(name: &str) -> Result<User, MalformedPolicy> {
    let switch = identity_policy("switch", include_str!("policies/switch.json"))?;
    Ok(User {
        account: VENDOR.to_owned(),
        path: "/".to_owned(),
        name: name.to_owned(),
        unique_id: mint::unique_id("AIDA"),
        access_key_id: mint::access_key_id("AKIA"),
        secret_access_key: mint::secret_access_key(),
        mfa: Some(MfaDevice {
            serial_number: format!("arn:aws:iam::{VENDOR}:mfa/{name}"),
            code: MFA_CODE.to_owned(),
        }),
        policies: vec![switch],
    })
}

fn roles() -> Result<Vec<Role>, MalformedPolicy> {
    let cross = include_str!("policies/cross.json");
    let trust = include_str!("policies/customer-trust.json");
    let session = include_str!("policies/customer.json");
    // The second customer wrote the same policies with its own account id and ExternalId.
    let second_trust = trust.replace(CUSTOMER_EXTERNAL_ID, SECOND_CUSTOMER_EXTERNAL_ID);
    let second_session = session.replace(CUSTOMER, SECOND_CUSTOMER);
    let vendor_trust = include_str!("policies/vendor-trust.json");
    let mfa_trust = include_str!("policies/vendor-trust-mfa.json");
    Ok(vec![
        role(VENDOR, VENDOR_ROLE, vendor_trust, ("cross", cross))?,
        role(VENDOR, VENDOR_MFA_ROLE, mfa_trust, ("cross", cross))?,
        role(CUSTOMER, CUSTOMER_ROLE, trust, ("session", session))?,
        role(
            SECOND_CUSTOMER,
            CUSTOMER_ROLE,
            &second_trust,
            ("session", &second_session),
        )?,
    ])
}

/// A role that may assume the vendor role.
pub(super) fn base_role(path: &str, name: &str, trust: &str) -> Result<Role, MalformedPolicy> {
    let vendor_role = format!("arn:aws:iam::{VENDOR}:role/{VENDOR_ROLE}");
    let allow = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": vendor_role},
    });
    Ok(Role {
        path: path.to_owned(),
        tags: Vec::new(),
        max_session_duration: 43200,
        ..role(VENDOR, name, trust, ("base", &allow.to_string()))?
    })
}

/// The vendor role's trust policy, with more principals than the seeds' users.
pub(super) fn vendor_trust(more: &[String]) -> String {
    let users = ["alice", "bob"].map(|name| format!("arn:aws:iam::{VENDOR}:user/{name}"));
    let principals: Vec<&String> = users.iter().chain(more).collect();
    serde_json::json!({
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"AWS": principals}, "Action": "sts:AssumeRole"},
    })
    .to_string()
}

fn role(
    account: &str,
    name: &str,
    trust: &str,
    (policy, json): (&str, &str),
) -> Result<Role, MalformedPolicy> {
    let mut tags = vec![(TAG.to_owned(), "Third_Party_A".to_owned())];
    if account != VENDOR {
        tags.push(("SSMSessionRunAs".to_owned(), "os_user_a_alice".to_owned()));
    }
    Ok(Role {
        account: account.to_owned(),
        path: "/".to_owned(),
        name: name.to_owned(),
        unique_id: mint::unique_id("AROA"),
        max_session_duration: 3600,
        tags,
        trust: trust_policy(trust)?,
        policies: vec![identity_policy(policy, json)?],
        boundary: None,
    })
}

fn documents() -> Vec<Document> {
    use SessionType::{InteractiveCommands, NonInteractiveCommands, Port, StandardStream};
    let document = |name: &str, document_type| Document {
        aws_owned: true,
        ..Document::new(name, document_type)
    };
    let session = |name, kind, parameters: Vec<Parameter>, properties: &[(&str, &str)]| Document {
        parameters,
        properties: properties
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect(),
        ..document(name, DocumentType::Session(kind))
    };
    let command = || Parameter::required("command");
    let port = |default| Parameter::optional("portNumber", default, Allowed::Port);
    let local_port = || Parameter::optional("localPortNumber", "0", Allowed::LocalPort);
    let separate = Allowed::OneOf(vec!["true".to_owned(), "false".to_owned()]);
    let forwarding = [
        ("portNumber", "{{ portNumber }}"),
        ("type", "LocalPortForwarding"),
        ("localPortNumber", "{{ localPortNumber }}"),
    ];
    vec![
        Document {
            aws_owned: false,
            run_as_default_user: Some("no_sudo_user".to_owned()),
            log_group: Some("SSMSessionManager_LogGroup".to_owned()),
            ..session(
                "SSM-SessionManagerRunShell",
                StandardStream,
                Vec::new(),
                &[],
            )
        },
        session(
            "AWS-StartInteractiveCommand",
            InteractiveCommands,
            vec![command()],
            &[("commands", "{{ command }}")],
        ),
        session(
            "AWS-StartNonInteractiveCommand",
            NonInteractiveCommands,
            vec![
                command(),
                Parameter::optional("separateOutputStream", "false", separate),
                Parameter::optional("stdOutSeparatorPrefix", "", Allowed::Anything),
                Parameter::optional("stdErrSeparatorPrefix", "", Allowed::Anything),
            ],
            &[
                ("commands", "{{ command }}"),
                ("separateOutputStream", "{{ separateOutputStream }}"),
                ("stdOutSeparatorPrefix", "{{ stdOutSeparatorPrefix }}"),
                ("stdErrSeparatorPrefix", "{{ stdErrSeparatorPrefix }}"),
            ],
        ),
        session(
            "AWS-StartPortForwardingSession",
            Port,
            vec![port("80"), local_port()],
            &forwarding,
        ),
        session(
            "AWS-StartPortForwardingSessionToRemoteHost",
            Port,
            vec![Parameter::required("host"), port("80"), local_port()],
            &[forwarding.as_slice(), &[("host", "{{ host }}")]].concat(),
        ),
        session(
            "AWS-StartSSHSession",
            Port,
            vec![port("22")],
            &[("portNumber", "{{ portNumber }}")],
        ),
        document("AWS-RunShellScript", DocumentType::Command),
    ]
}

fn instances() -> Vec<Instance> {
    use InstanceState::{Stopped, Terminated};
    let ours = |id, name, address| linux(id, name, address, Some("Third_Party_A"));
    let mut all = vec![
        ours("i-0f3a91c27be45d806", "web-1", "10.0.0.11"),
        ours("i-08c2d7715e90ab34f", "web-2", "10.0.1.12"),
        ours("i-0b64e0fd92a7138c5", "db-1", "10.0.0.21"),
        ours("i-03d95a8e4c61f27b0", "twin", "10.0.0.31"),
        ours("i-0a17fc3b86d2e5940", "twin", "10.0.1.31"),
        windows(ours("i-05e8b6241da9c073f", "win-1", "10.0.1.41")),
        Instance {
            state: Stopped,
            ping_status: Some(PingStatus::ConnectionLost),
            ..ours("i-0c4179da53fe28b6e", "batch-1", "10.0.0.51")
        },
        Instance {
            ping_status: Some(PingStatus::ConnectionLost),
            ..ours("i-0d80e2f6b7493c15a", "lost-1", "10.0.1.52")
        },
        Instance {
            ping_status: None,
            ..ours("i-02b9f5c8016ea7d43", "no-agent-1", "10.0.0.53")
        },
        Instance {
            state: Terminated,
            interfaces: Vec::new(),
            ping_status: None,
            ..ours("i-0e6d14a73b58c92f0", "gone-1", "")
        },
        ours("i-09a3c5f71e8d2b640", HOSTILE_NAME, "10.0.1.66"),
        linux(
            "i-07f2e94b0d613ac58",
            "billing-1",
            "10.0.0.71",
            Some("Third_Party_B"),
        ),
        linux("i-04c8b1d6e5f07a293", "internal-1", "10.0.1.72", None),
    ];
    // EC2's filters count the letter case of a tag's key; IAM's condition keys do not.
    let mut odd_case = linux("i-01de7a3f59c4b8620", "odd-case-1", "10.0.0.73", None);
    odd_case
        .tags
        .push((TAG.to_lowercase(), "Third_Party_A".to_owned()));
    all.push(odd_case);
    all.extend([
        within(
            "eu-west-1",
            ours("i-0bd31f7e6a2c98405", "web-eu-1", "10.1.0.11"),
        ),
        within(
            "eu-west-1",
            ours("i-06fa4c29e7d80b153", "web-eu-2", "10.1.1.12"),
        ),
        // Seen by DescribeInstances, but no policy allows a session in its region.
        within(
            "eu-central-1",
            ours("i-0c95e3b84df1a7260", "web-de-1", "10.2.0.11"),
        ),
        Instance {
            account: SECOND_CUSTOMER.to_owned(),
            ..ours("i-0e2f68d5c1b94a730", "shop-1", "10.8.0.11")
        },
    ]);
    all
}

pub(super) fn generated_instance(number: usize) -> Instance {
    let id = format!("i-0{:016x}", scattered(number as u64));
    let address = format!(
        "10.{}.{}.{}",
        64 + number / 64_000,
        number / 250 % 256,
        number % 250 + 4
    );
    linux(
        &id,
        &format!("fleet-{number:04}"),
        &address,
        Some("Third_Party_A"),
    )
}

/// Spreads counting numbers over all 64 bits without a collision, the same in every run (the
/// finaliser of splitmix64).
fn scattered(number: u64) -> u64 {
    let mut bits = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// A running, online Linux instance of the first customer in us-east-1.
fn linux(id: &str, name: &str, address: &str, granted_to: Option<&str>) -> Instance {
    let mut tags = vec![("Name".to_owned(), name.to_owned())];
    tags.extend(granted_to.map(|party| (TAG.to_owned(), party.to_owned())));
    Instance {
        id: id.to_owned(),
        account: CUSTOMER.to_owned(),
        region: "us-east-1".to_owned(),
        availability_zone: "us-east-1a".to_owned(),
        instance_type: "t2.micro".to_owned(),
        state: InstanceState::Running,
        interfaces: vec![Interface {
            private_ip_addresses: vec![address.to_owned()],
            ipv6_addresses: Vec::new(),
        }],
        platform: Platform::Linux,
        platform_name: "Amazon Linux".to_owned(),
        platform_version: "2".to_owned(),
        tags,
        launch_time: "2026-03-14T09:26:53.000Z".to_owned(),
        ping_status: Some(PingStatus::Online),
        agent_version: "3.3.2299.0".to_owned(),
        os_users: ["ec2-user", "ssm-user", "no_sudo_user", "os_user_a_alice"]
            .map(str::to_owned)
            .to_vec(),
        ports: Vec::new(),
        hosts: Vec::new(),
    }
}

fn windows(instance: Instance) -> Instance {
    Instance {
        instance_type: "t3.large".to_owned(),
        platform: Platform::Windows,
        platform_name: "Microsoft Windows Server 2022 Datacenter".to_owned(),
        platform_version: "10.0.20348".to_owned(),
        os_users: vec!["Administrator".to_owned(), "ssm-user".to_owned()],
        ..instance
    }
}

fn within(region: &str, instance: Instance) -> Instance {
    Instance {
        region: region.to_owned(),
        availability_zone: format!("{region}a"),
        ..instance
    }
}
