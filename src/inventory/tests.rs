use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_ec2::config::BehaviorVersion;
use aws_sdk_ec2::config::retry::RetryConfig;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use aws_types::SdkConfig;

use super::*;
use crate::aws::FailureKind;
use crate::exit::Exit;
use crate::names::Region;
use crate::settings::{Base, Documents, Endpoints, Vendor};

/// AWS as a list of answers; what it was asked is kept.
#[derive(Debug, Clone, Default)]
struct Script {
    answers: Arc<Mutex<VecDeque<(u16, String)>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Script {
    fn new(answers: impl IntoIterator<Item = (u16, String)>) -> Self {
        Self {
            answers: Arc::new(Mutex::new(answers.into_iter().collect())),
            asked: Arc::default(),
        }
    }

    fn config(&self) -> SdkConfig {
        let connector = SharedHttpConnector::new(self.clone());
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(http_client_fn(move |_: &HttpConnectorSettings, _| {
                connector.clone()
            }))
            .region(aws_types::region::Region::new("us-east-1"))
            .credentials_provider(SharedCredentialsProvider::new(Credentials::for_tests()))
            .retry_config(RetryConfig::disabled())
            .build()
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl HttpConnector for Script {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body = request.body().bytes().unwrap_or_default();
        let body = String::from_utf8(body.to_vec()).unwrap();
        self.asked.lock().unwrap().push(body);
        let (status, answer) = self.answers.lock().unwrap().pop_front().unwrap();
        let response = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(answer));
        HttpConnectorFuture::ready(Ok(response))
    }
}

fn customer() -> Customer {
    Customer {
        written_regions: Vec::new(),
        name: "acme".to_owned(),
        vendor: Vendor {
            base: Base::DefaultChain,
            role_arn: "arn:aws:iam::111111111111:role/V".parse().unwrap(),
            role_session_name: None,
            source_identity: None,
            mfa_serial: None,
            sts_region: None,
            duration_seconds: 3600,
        },
        role_arn: "arn:aws:iam::222222222222:role/C".parse().unwrap(),
        external_id: "ExternalID3rdPartyA".parse().unwrap(),
        tag_key: "ExternalAccessGrantedTo".to_owned(),
        tag_value: "Third*A".to_owned(),
        regions: vec![region()],
        duration_seconds: 3600,
        confirm: false,
        require_reason: false,
        grant_ends: None,
        endpoints: Endpoints::default(),
        documents: Documents::default(),
    }
}

fn region() -> Region {
    "us-east-1".parse().unwrap()
}

/// One reservation with one instance in it.
fn reservation(id: &str, owner: &str, tag: &str, more: &str) -> String {
    format!(
        "<item><ownerId>{owner}</ownerId><instancesSet><item><instanceId>{id}</instanceId>\
         <instanceState><code>16</code><name>running</name></instanceState>\
         <tagSet><item><key>ExternalAccessGrantedTo</key><value>{tag}</value></item>\
         <item><key>Name</key><value>web &amp; more</value></item></tagSet>{more}</item>\
         </instancesSet></item>"
    )
}

fn ours(id: &str) -> String {
    reservation(id, "222222222222", "Third*A", "")
}

fn page(reservations: &[String], token: Option<&str>) -> (u16, String) {
    let token = token.map_or_else(String::new, |token| {
        format!("<nextToken>{token}</nextToken>")
    });
    (
        200,
        format!(
            "<DescribeInstancesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\
             <reservationSet>{}</reservationSet>{token}</DescribeInstancesResponse>",
            reservations.concat()
        ),
    )
}

fn nodes_page(body: &str) -> (u16, String) {
    (200, body.to_owned())
}

fn refused_by_ec2() -> (u16, String) {
    let body = "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message>\
                </Error></Errors></Response>";
    (403, body.to_owned())
}

fn refused_by_ssm() -> (u16, String) {
    let body = r#"{"__type":"AccessDeniedException","Message":"no"}"#;
    (400, body.to_owned())
}

async fn describe(ec2: &Script, filters: &[Filter]) -> ec2::Described {
    let query = Query {
        filters: filters.to_vec(),
        ..Query::all()
    };
    ec2::describe(&customer(), &region(), &ec2.config(), &query).await
}

async fn in_region(ec2: &Script, ssm: &Script, ping: Ping) -> Inventory {
    let region = region();
    let config = ssm.config();
    let nodes = Box::pin(ssm::nodes(&region, &config));
    side_by_side(&region, Box::pin(describe(ec2, &[])), nodes, PING_GRACE)
        .await
        .check(&customer(), &region, ping)
}

fn ids(inventory: &Inventory) -> Vec<&str> {
    inventory
        .instances
        .iter()
        .map(|instance| instance.instance_id.as_str())
        .collect()
}

#[tokio::test]
async fn an_instance_becomes_plain_data() {
    let more = "<instanceType>t3.micro</instanceType><placement><availabilityZone>us-east-1b\
                </availabilityZone></placement><platformDetails>Windows</platformDetails>\
                <privateIpAddress>10.0.0.1</privateIpAddress>";
    let full = reservation("i-1", "222222222222", "Third*A", more);
    let ec2 = Script::new([page(&[full, ours("i-2")], None)]);
    let described = describe(&ec2, &[]).await;
    assert_eq!(described.failure, None);
    assert!(described.instances[0].is_windows());
    assert!(!described.instances[1].is_windows());
    assert_eq!(
        serde_json::to_string(&described.instances[0]).unwrap(),
        "{\"customer\":\"acme\",\"account_id\":\"222222222222\",\"region\":\"us-east-1\",\
         \"availability_zone\":\"us-east-1b\",\"instance_id\":\"i-1\",\"name\":\"web & more\",\
         \"state\":\"running\",\"ping_status\":null,\"platform\":\"Windows\",\
         \"instance_type\":\"t3.micro\",\"private_ip\":\"10.0.0.1\",\
         \"tags\":{\"ExternalAccessGrantedTo\":\"Third*A\",\"Name\":\"web & more\"}}"
    );
}

#[tokio::test]
async fn the_tag_is_asked_for_to_the_letter_and_states_by_name() {
    let ec2 = Script::new([page(&[], None)]);
    describe(&ec2, &[Filter::Name("a?".to_owned())]).await;
    let asked = &ec2.asked()[0];
    for part in [
        "Action=DescribeInstances",
        "Filter.1.Name=tag%3AExternalAccessGrantedTo",
        "Filter.1.Value.1=Third%5C%2AA",
        "Filter.2.Name=tag%3AName",
        "Filter.2.Value.1=a%5C%3F%2A",
        "Filter.2.Value.2=%3F%5C%3F",
        "Filter.3.Name=instance-state-name",
        "Filter.3.Value.5=stopped",
        "MaxResults=1000",
    ] {
        assert!(asked.contains(part), "{part} in {asked}");
    }
    assert!(!asked.contains("terminated"));
}

#[tokio::test]
async fn all_pages_are_read() {
    let ec2 = Script::new([
        page(&[ours("i-1")], Some("a")),
        page(&[], Some("b")),
        page(&[ours("i-2")], None),
    ]);
    let described = describe(&ec2, &[]).await;
    assert_eq!((described.instances.len(), described.failure), (2, None));
    assert!(ec2.asked()[2].contains("NextToken=b"));
}

#[tokio::test]
async fn a_list_that_goes_in_circles_ends_and_is_no_full_list() {
    let ec2 = Script::new([
        page(&[ours("i-1")], Some("a")),
        page(&[ours("i-2")], Some("a")),
    ]);
    let described = describe(&ec2, &[]).await;
    assert_eq!(described.failure.unwrap().kind, FailureKind::Unreadable);
    assert_eq!(ec2.asked().len(), 2);
}

#[tokio::test]
async fn a_page_that_fails_leaves_those_before_it() {
    let ec2 = Script::new([page(&[ours("i-1")], Some("a")), refused_by_ec2()]);
    let ssm = Script::new([nodes_page("{}")]);
    let inventory = in_region(&ec2, &ssm, Ping::Join).await;
    assert_eq!(ids(&inventory), ["i-1"]);
    assert_eq!(inventory.failures[0].code(), Some("UnauthorizedOperation"));
    assert_eq!(inventory.failures[0].customer, "acme");
    assert_eq!(inventory.failures[0].region.as_str(), "us-east-1");
    let message = inventory.failures[0].to_string();
    assert!(message.ends_with("UnauthorizedOperation: no"), "{message}");
}

#[tokio::test]
async fn the_agents_status_is_joined_by_id() {
    let ec2 = Script::new([page(&[ours("i-1"), ours("i-2"), ours("i-3")], None)]);
    let ssm = Script::new([
        nodes_page(
            r#"{"InstanceProperties":[{"InstanceId":"i-2","PingStatus":"ConnectionLost"}],"NextToken":"n"}"#,
        ),
        nodes_page(
            r#"{"InstanceProperties":[{"InstanceId":"i-1","PingStatus":"Online","PlatformName":"Ubuntu"},
                {"InstanceId":"i-of-others","PingStatus":"Online"}]}"#,
        ),
    ]);
    let inventory = in_region(&ec2, &ssm, Ping::Join).await;
    let told: Vec<_> = inventory
        .instances
        .iter()
        .map(|instance| {
            (
                instance.ping_status.as_deref(),
                instance.platform.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (Some("Online"), Some("Ubuntu")),
            (Some("ConnectionLost"), None),
            (None, None)
        ]
    );
    assert!(inventory.failures.is_empty() && inventory.ping_unknown.is_empty());
    assert!(ssm.asked()[1].contains(r#""NextToken":"n""#));
}

#[tokio::test]
async fn a_refused_status_is_unknown_and_no_error() {
    let ec2 = Script::new([page(&[ours("i-1")], None)]);
    let inventory = in_region(&ec2, &Script::new([refused_by_ssm()]), Ping::Join).await;
    assert_eq!(ids(&inventory), ["i-1"]);
    assert_eq!(inventory.instances[0].ping_status, None);
    assert!(inventory.failures.is_empty());
    let unknown = &inventory.ping_unknown[0];
    assert_eq!(unknown.code(), Some("AccessDeniedException"));
}

#[tokio::test]
async fn nobody_is_called_offline_where_nobody_knows() {
    let ec2 = Script::new([page(&[ours("i-1")], None)]);
    let inventory = in_region(&ec2, &Script::new([refused_by_ssm()]), Ping::Online).await;
    assert_eq!(ids(&inventory), [""; 0]);
    assert_eq!(inventory.failures.len(), 1);

    let ec2 = Script::new([page(&[ours("i-1"), ours("i-2")], None)]);
    let ssm = Script::new([nodes_page(
        r#"{"InstanceProperties":[{"InstanceId":"i-2","PingStatus":"Online"}]}"#,
    )]);
    let inventory = in_region(&ec2, &ssm, Ping::Online).await;
    assert_eq!(ids(&inventory), ["i-2"]);
    assert!(inventory.failures.is_empty());
}

#[tokio::test]
async fn a_status_that_never_comes_keeps_nobody_waiting() {
    let ec2 = Script::new([page(&[ours("i-1")], None)]);
    let region = region();
    let grace = Duration::from_millis(10);
    let inventory = side_by_side(
        &region,
        Box::pin(describe(&ec2, &[])),
        std::future::pending(),
        grace,
    )
    .await
    .check(&customer(), &region, Ping::Join);
    assert_eq!(ids(&inventory), ["i-1"]);
    assert_eq!(inventory.ping_unknown[0].exit(), Exit::Network);
}

#[tokio::test]
async fn what_cannot_be_ours_is_left_out_and_told() {
    let ec2 = Script::new([page(
        &[
            ours("i-1"),
            reservation("i-2", "333333333333", "Third*A", ""),
            reservation("i-3", "222222222222", "third*a", ""),
            reservation("i-4", "222222222222", "ThirdPartyA", ""),
        ],
        None,
    )]);
    let ssm = Script::new([nodes_page("{}")]);
    let inventory = in_region(&ec2, &ssm, Ping::Join).await;
    assert_eq!(ids(&inventory), ["i-1"]);
    assert_eq!(inventory.failures.len(), 1);
    assert_eq!(inventory.failures[0].exit(), Exit::IdentityMismatch);
    assert_eq!(
        inventory.failures[0].to_string(),
        "instance i-2 belongs to account \"333333333333\" instead of 222222222222"
    );
}

#[tokio::test]
async fn terminated_instances_never_count() {
    let gone = ours("i-1").replace("running", "terminated");
    let ec2 = Script::new([page(&[gone, ours("i-2")], None)]);
    let described = describe(&ec2, &[]).await;
    assert_eq!(described.instances.len(), 1);
}
