//! What is looked at before any policy:
//! signature, key, token, clock, expiry, and faults in the service's own words.

use std::time::{Duration, SystemTime};

use serde_json::json;
use vendor_ssm_sandbox::Options;
use vendor_ssm_sandbox::documented::START_SESSION;
use vendor_ssm_sandbox::faults::{Fault, Kind};
use vendor_ssm_sandbox::world::CUSTOMER;

use crate::client::{Answer, Client, WEB_1, form, send, start, start_with};

/// The same caller asks each of the three services for something it may do.
fn all_three(client: &Client) -> [Answer; 3] {
    [
        client.sts("GetCallerIdentity", &[]),
        client.ssm("DescribeInstanceProperties", &json!({})),
        client.ec2("DescribeInstances", &[]),
    ]
}

#[track_caller]
fn assert_codes(answers: &[Answer; 3], wanted: [(u16, &str); 3]) {
    for (answer, (status, code)) in answers.iter().zip(wanted) {
        let refusal = answer.refusal();
        assert_eq!(
            (refusal.0, refusal.1.as_str()),
            (status, code),
            "{}",
            answer.body
        );
    }
}

#[test]
fn right_keys_are_let_in() {
    let sandbox = start();
    for answer in all_three(&Client::customer(&sandbox)) {
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert!(answer.headers.contains_key("x-amzn-requestid"));
        assert!(answer.headers["date"].ends_with(" GMT"));
    }
}

#[test]
fn unsigned_requests_are_refused() {
    let sandbox = start();
    let host = ("host".to_owned(), "127.0.0.1".to_owned());
    let post = |body: &str, more: &[(String, String)]| {
        let headers = [std::slice::from_ref(&host), more].concat();
        send(sandbox.port(), "POST", "/", &headers, body.as_bytes()).unwrap()
    };
    let target = (
        "x-amz-target".to_owned(),
        "AmazonSSM.StartSession".to_owned(),
    );
    let answers = [
        post(&form("2011-06-15", "GetCallerIdentity", &[]), &[]),
        post("{}", &[target]),
        post(&form("2016-11-15", "DescribeInstances", &[]), &[]),
    ];
    assert_codes(
        &answers,
        [
            (403, "MissingAuthenticationToken"),
            (400, "MissingAuthenticationTokenException"),
            (401, "AuthFailure"),
        ],
    );
}

/// A region that the account has not enabled does not know credentials that work elsewhere.
#[test]
fn credentials_are_unknown_in_a_region_that_is_not_enabled() {
    let sandbox = start();
    let mut client = Client::customer(&sandbox);
    client.region = "me-south-1".to_owned();
    assert_codes(
        &all_three(&client),
        [
            (403, "InvalidClientTokenId"),
            (400, "UnrecognizedClientException"),
            (401, "AuthFailure"),
        ],
    );
    sandbox.world(|world| {
        let account = world.account_mut(CUSTOMER).unwrap();
        account.regions.push("me-south-1".to_owned());
    });
    for answer in all_three(&client) {
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}

/// Each error that StartSession documents is answered as a service answers it.
#[test]
fn documented_errors_go_on_the_wire_as_they_are() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    for said in START_SESSION {
        let fault = Fault::new("StartSession", Kind::Refused(*said)).times(1);
        sandbox.faults().add(fault);
        let answer = client.ssm("StartSession", &json!({"Target": WEB_1}));
        let (status, code, message) = answer.refusal();
        let wanted = (said.status, said.code, said.message);
        assert_eq!((status, code.as_str(), message.as_str()), wanted);
    }
    assert!(sandbox.open_sessions().is_empty());
}

#[test]
fn unknown_keys_are_refused() {
    let sandbox = start();
    let mut client = Client::user(&sandbox, "alice");
    client.key_id = "AKIAAAAAAAAAAAAAAAAA".to_owned();
    let answers = all_three(&client);
    assert_codes(
        &answers,
        [
            (403, "InvalidClientTokenId"),
            (400, "UnrecognizedClientException"),
            (401, "AuthFailure"),
        ],
    );
    assert_eq!(
        answers[0].refusal().2,
        "The security token included in the request is invalid."
    );
}

#[test]
fn tokens_are_bound_to_their_keys() {
    let sandbox = start();
    let alice = Client::vendor(&sandbox);
    let other = Client::vendor(&sandbox);
    for token in [None, other.token] {
        let client = Client {
            token,
            ..alice.clone()
        };
        assert_eq!(
            client.sts("GetCallerIdentity", &[]).refusal().1,
            "InvalidClientTokenId"
        );
    }
}

#[test]
fn wrong_secrets_are_refused() {
    let sandbox = start();
    let mut client = Client::user(&sandbox, "alice");
    client.secret.push('x');
    assert_codes(
        &all_three(&client),
        [
            (403, "SignatureDoesNotMatch"),
            (400, "InvalidSignatureException"),
            (403, "SignatureDoesNotMatch"),
        ],
    );
    assert!(sandbox.trail().iter().all(|event| event.caller.is_none()));
}

#[test]
fn changed_bodies_are_refused() {
    let sandbox = start();
    let client = Client::user(&sandbox, "alice");
    let body = form("2011-06-15", "GetCallerIdentity", &[]);
    let headers = client.signed("sts", "POST", "/", &[], body.as_bytes());
    let changed = body.replace("GetCallerIdentity", "GetCallerIdentitY");
    let answer = send(client.port, "POST", "/", &headers, changed.as_bytes()).unwrap();
    assert_eq!(answer.refusal().1, "SignatureDoesNotMatch");
}

#[test]
fn clocks_that_are_off_are_told() {
    let sandbox = start();
    let mut client = Client::user(&sandbox, "alice");
    client.time = Some(SystemTime::now() - Duration::from_hours(1));
    let answers = all_three(&client);
    assert_codes(
        &answers,
        [
            (403, "SignatureDoesNotMatch"),
            (400, "InvalidSignatureException"),
            (400, "RequestExpired"),
        ],
    );
    assert!(answers[0].refusal().2.starts_with("Signature expired: "));
    assert!(answers[1].refusal().2.ends_with(" - 5 min.)"));

    client.time = None;
    sandbox.clock().skew(-3600);
    let early = client.sts("GetCallerIdentity", &[]);
    assert!(early.refusal().2.starts_with("Signature not yet current: "));
}

#[test]
fn expired_tokens_are_refused() {
    let sandbox = start_with(Options {
        credential_lifetime: Some(Duration::from_mins(1)),
        ..Options::default()
    });
    let mut client = Client::customer(&sandbox);
    sandbox.clock().advance(61);
    client.time = Some(SystemTime::now() + Duration::from_secs(61));
    assert_codes(
        &all_three(&client),
        [
            (403, "ExpiredToken"),
            (400, "ExpiredTokenException"),
            (400, "RequestExpired"),
        ],
    );
}

#[test]
fn faults_come_in_the_services_own_words() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    for (kind, wanted) in [
        (
            Kind::Throttle,
            [
                (400, "Throttling"),
                (400, "ThrottlingException"),
                (503, "RequestLimitExceeded"),
            ],
        ),
        (
            Kind::InternalError,
            [
                (500, "InternalFailure"),
                (500, "InternalServerError"),
                (500, "InternalError"),
            ],
        ),
        (
            Kind::Denied,
            [
                (403, "AccessDenied"),
                (400, "AccessDeniedException"),
                (403, "UnauthorizedOperation"),
            ],
        ),
        (
            Kind::ClockSkew(3600),
            [
                (403, "SignatureDoesNotMatch"),
                (400, "InvalidSignatureException"),
                (400, "RequestExpired"),
            ],
        ),
    ] {
        sandbox.faults().add(Fault::new("*", kind).times(3));
        assert_codes(&all_three(&client), wanted);
    }
    assert!(all_three(&client).iter().all(|answer| answer.status == 200));
}

#[test]
fn statuses_can_be_those_of_the_documentation() {
    let sandbox = start();
    let client = Client::vendor(&sandbox);
    let refused = |client: &Client| client.ssm("DescribeInstanceProperties", &json!({})).status;
    assert_eq!(refused(&client), 400);
    sandbox.options().documented_statuses = true;
    assert_eq!(refused(&client), 403);
}

#[test]
fn unknown_actions_and_actions_elsewhere_are_told_apart() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    let unknown = client.ssm("NoSuchAction", &json!({}));
    assert_eq!(unknown.refusal().1, "UnknownOperationException");
    assert_eq!(unknown.status, 404);
    let elsewhere = client.ssm("SendCommand", &json!({}));
    assert_eq!(elsewhere.refusal().1, "AccessDeniedException");
}
