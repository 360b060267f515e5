//! Runs against moto, an independent AWS, to find what both vendor-ssm and its sandbox misread.
//! moto has no DescribeInstanceProperties and no Session Manager.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::awscli::{aws, profiles};
use crate::harness::{Ran, SETTINGS, program, run};
use crate::venv;

/// Python's start on a busy machine.
const LIMIT: Duration = Duration::from_mins(1);

const KEY: (&str, &str) = ("AKIAMOTOMOTOMOTOMOTO", "moto-takes-any-secret");

struct Moto {
    server: Child,
    port: u16,
    home: TempDir,
}

impl Moto {
    fn start() -> Self {
        let free = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let home = TempDir::with_prefix("vendor-ssm-moto-").unwrap();
        let server = Command::new(venv::program("moto_server"))
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            .env_clear()
            .env("HOME", home.path())
            .env("PATH", "/usr/bin:/bin")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut moto = Self { server, port, home };
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = moto.server.try_wait().unwrap();
            assert!(ended.is_none(), "moto_server ended: {ended:?}");
            assert!(begun.elapsed() < LIMIT, "moto_server did not come up");
            std::thread::sleep(Duration::from_millis(50));
        }
        profiles(moto.home.path(), KEY, "ExternalID3rdPartyA");
        // moto knows its caller by no name of its own.
        let settings = SETTINGS.replacen("[vendor]", "[vendor]\nrole_session_name = \"alice\"", 1);
        std::fs::write(moto.home.path().join("config.toml"), settings).unwrap();
        moto
    }

    fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn aws(&self, line: &str) -> serde_json::Value {
        let ran = run(&mut aws(self.home.path(), &self.endpoint(), line));
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.json()
    }

    fn run(&self, line: &str) -> Ran {
        let home = self.home.path();
        run(Command::new(program())
            .args(line.split_whitespace())
            .env_clear()
            .env("HOME", home)
            .env("XDG_RUNTIME_DIR", home)
            .env("PATH", "/usr/bin:/bin")
            .env("VENDOR_SSM_CONFIG", home.join("config.toml"))
            .env("AWS_ENDPOINT_URL", self.endpoint())
            .env("AWS_ACCESS_KEY_ID", KEY.0)
            .env("AWS_SECRET_ACCESS_KEY", KEY.1)
            .stdin(Stdio::null()))
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[test]
fn the_chain_and_the_list_work_against_moto() {
    let moto = Moto::start();
    let said = moto.run("whoami --output json");
    assert_eq!(said.code, 0, "{said:?}");
    let said = said.json();
    assert_eq!(
        said["vendor_role"]["arn"],
        "arn:aws:sts::111111111111:assumed-role/3P_IAM_Assume_Role/alice"
    );
    assert_eq!(said["customer_role"]["account_id"], "222222222222");
    assert!(said["base"]["arn"].is_string(), "{said}");

    let launch = |count: usize, party: &str| {
        let launched = moto.aws(&format!(
            "ec2 run-instances --image-id ami-12c6146b --instance-type t2.micro --count {count} \
             --tag-specifications ResourceType=instance,Tags=[{{Key=ExternalAccessGrantedTo,Value={party}}}]"
        ));
        let ids = launched["Instances"].as_array().unwrap().iter();
        ids.map(|instance| instance["InstanceId"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let mut ours = launch(6, "Third_Party_A");
    ours.extend(launch(1, "Third_Party_A"));
    launch(2, "Third_Party_B");
    ours.sort();

    let listed = moto.run("list --output json");
    assert!([0, 4].contains(&listed.code), "{listed:?}");
    let listed = listed.json();
    let instances = listed["instances"].as_array().unwrap();
    let mut ids: Vec<&str> = instances
        .iter()
        .map(|instance| instance["instance_id"].as_str().unwrap())
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, ours);
    for instance in instances {
        assert_eq!(instance["account_id"], "222222222222");
        assert_eq!(instance["state"], "running");
        assert_eq!(instance["ping_status"], serde_json::Value::Null);
    }
}
