//! `DescribeInstances`, `DescribeInstanceProperties` and `GetConnectionStatus`.

use serde_json::json;
use vendor_ssm_sandbox::Options;
use vendor_ssm_sandbox::options::ControlCharacters;
use vendor_ssm_sandbox::world::{CUSTOMER, Interface};

use crate::client::{Answer, BILLING, Client, STOPPED, UNTAGGED, WEB_1, start, start_with};

fn ids(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.elements("instanceId")
}

#[test]
fn filters_are_joined_by_and_their_values_by_or() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    let tagged = [
        ("Filter.1.Name", "tag:ExternalAccessGrantedTo"),
        ("Filter.1.Value.1", "Third_Party_A"),
    ];
    let ours = ids(&client.ec2("DescribeInstances", &tagged));
    assert!(ours.iter().any(|id| id == WEB_1));
    assert!(!ours.iter().any(|id| id == BILLING || id == UNTAGGED));
    let running = [
        tagged.as_slice(),
        &[
            ("Filter.2.Name", "instance-state-name"),
            ("Filter.2.Value.1", "stopped"),
            ("Filter.2.Value.2", "pending"),
        ],
    ]
    .concat();
    assert_eq!(ids(&client.ec2("DescribeInstances", &running)), [STOPPED]);
    for (name, value) in [
        ("private-ip-address", "10.0.0.11"),
        ("instance-id", WEB_1),
        ("tag:Name", "web-1"),
        ("tag:Name", "?eb-1"),
    ] {
        let filter = [("Filter.1.Name", name), ("Filter.1.Value.1", value)];
        assert_eq!(
            ids(&client.ec2("DescribeInstances", &filter)),
            [WEB_1],
            "{name}"
        );
    }
    let unknown = [("Filter.1.Name", "tag-nonsense"), ("Filter.1.Value.1", "x")];
    client.ec2("DescribeInstances", &unknown).assert_refused(
        400,
        "InvalidParameterValue",
        "The filter 'tag-nonsense' is invalid",
    );
    let nobody = [
        ("Filter.1.Name", "tag:Name"),
        ("Filter.1.Value.1", "nobody"),
    ];
    assert!(ids(&client.ec2("DescribeInstances", &nobody)).is_empty());
    let events = sandbox.trail();
    let last = events.last().unwrap();
    assert_eq!(last.parameters["Filter tag:Name"], "nobody");
}

/// `private-ip-address` and `ipv6-address` are the primary ones alone.
/// Source: EC2 API reference, `DescribeInstances`, filters.
#[test]
fn filters_by_address_see_the_primary_one_or_all() {
    let sandbox = start();
    sandbox.world(|world| {
        let web_1 = world
            .instances
            .iter_mut()
            .find(|it| it.id == WEB_1)
            .unwrap();
        let interface = |private: [&str; 2], ipv6: [&str; 2]| Interface {
            private_ip_addresses: private.map(str::to_owned).to_vec(),
            ipv6_addresses: ipv6.map(str::to_owned).to_vec(),
        };
        web_1.interfaces = vec![
            interface(["10.0.0.11", "10.0.0.12"], ["2001:db8::1", "2001:db8::2"]),
            interface(["10.9.0.11", "10.9.0.12"], ["2001:db8::3", "2001:db8::4"]),
        ];
    });
    let client = Client::customer(&sandbox);
    let any_private = "network-interface.addresses.private-ip-address";
    let any_ipv6 = "network-interface.ipv6-addresses.ipv6-address";
    for (name, value, found) in [
        ("private-ip-address", "10.0.0.11", true),
        ("private-ip-address", "10.0.0.12", false),
        ("private-ip-address", "10.9.0.11", false),
        (any_private, "10.0.0.11", true),
        (any_private, "10.9.0.12", true),
        (any_private, "10.9.0.13", false),
        ("ipv6-address", "2001:db8::1", true),
        ("ipv6-address", "2001:db8::3", false),
        (any_ipv6, "2001:db8::2", true),
        (any_ipv6, "2001:db8::4", true),
        (any_ipv6, "2001:DB8::4", false),
    ] {
        let filter = [("Filter.1.Name", name), ("Filter.1.Value.1", value)];
        let answer = client.ec2("DescribeInstances", &filter);
        assert_eq!(ids(&answer).len(), usize::from(found), "{name} {value}");
        if found {
            assert_eq!(answer.elements("networkInterfaceId").len(), 2);
            assert_eq!(answer.element("ipv6Address"), "2001:db8::1");
        }
    }
}

#[test]
fn a_region_shows_its_own() {
    let sandbox = start();
    let client = Client::customer(&sandbox).within("eu-west-1");
    let answer = client.ec2("DescribeInstances", &[]);
    assert_eq!(ids(&answer).len(), 2);
    assert_eq!(answer.element("ownerId"), CUSTOMER);
}

#[test]
fn ids_are_checked() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    assert_eq!(
        ids(&client.ec2("DescribeInstances", &[("InstanceId.1", WEB_1)])),
        [WEB_1]
    );
    client
        .ec2("DescribeInstances", &[("InstanceId.1", "i-xyz")])
        .assert_refused(400, "InvalidInstanceID.Malformed", "Invalid id: \"i-xyz\"");
    client
        .ec2(
            "DescribeInstances",
            &[("InstanceId.1", "i-00000000000000000")],
        )
        .assert_refused(
            400,
            "InvalidInstanceID.NotFound",
            "The instance ID 'i-00000000000000000' does not exist",
        );
}

#[test]
fn other_roles_see_nothing() {
    let sandbox = start();
    Client::vendor(&sandbox)
        .ec2("DescribeInstances", &[])
        .assert_refused(
            403,
            "UnauthorizedOperation",
            "You are not authorized to perform this operation. User: \
             arn:aws:sts::111111111111:assumed-role/3P_IAM_Assume_Role/alice is not authorized to perform: \
             ec2:DescribeInstances because no identity-based policy allows the ec2:DescribeInstances action",
        );
}

#[test]
fn pages_hold_every_instance_once() {
    let sandbox = start_with(Options {
        instances: Some(2000),
        ..Options::default()
    });
    let client = Client::customer(&sandbox);
    let (mut all, mut token, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let mut parameters = vec![("MaxResults", "1000")];
        if pages > 0 {
            parameters.push(("NextToken", token.as_str()));
        }
        let answer = client.ec2("DescribeInstances", &parameters);
        all.extend(ids(&answer));
        pages += 1;
        token = answer.element("nextToken");
        if token.is_empty() {
            break;
        }
    }
    all.sort();
    all.dedup();
    assert_eq!((all.len(), pages), (2000, 2));

    sandbox.options().page_size = Some(7);
    assert_eq!(ids(&client.ec2("DescribeInstances", &[])).len(), 7);
    for wrong in ["4", "1001", "x"] {
        let answer = client.ec2("DescribeInstances", &[("MaxResults", wrong)]);
        assert_eq!(answer.refusal().1, "InvalidParameterValue");
    }
    let both = [("MaxResults", "5"), ("InstanceId.1", WEB_1)];
    let answer = client.ec2("DescribeInstances", &both);
    assert_eq!(answer.refusal().1, "InvalidParameterCombination");
    let answer = client.ec2("DescribeInstances", &[("NextToken", "nonsense")]);
    assert_eq!(answer.refusal().1, "InvalidNextToken");
}

#[test]
fn control_characters_come_as_the_knob_says() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    sandbox.world(|world| {
        world.instance_mut(WEB_1).unwrap().tags =
            vec![("Name".to_owned(), "a\u{1b}<b>".to_owned())];
    });
    for (knob, wanted) in [
        (
            ControlCharacters::Replaced,
            "<value>a\u{fffd}&lt;b&gt;</value>",
        ),
        (
            ControlCharacters::Referenced,
            "<value>a&#x1b;&lt;b&gt;</value>",
        ),
        (ControlCharacters::Raw, "<value>a\u{1b}&lt;b&gt;</value>"),
    ] {
        sandbox.options().control_characters = knob;
        let answer = client.ec2("DescribeInstances", &[("InstanceId.1", WEB_1)]);
        assert!(answer.body.contains(wanted), "{}", answer.body);
    }
}

#[test]
fn properties_come_in_pages_and_for_chosen_instances() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    let input = json!({"FiltersWithOperator": [{"Key": "InstanceIds", "Values": [WEB_1, STOPPED], "Operator": "Equal"}]});
    let found = client.ssm("DescribeInstanceProperties", &input).json();
    let found = found["InstanceProperties"].as_array().unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(found[0]["InstanceId"], WEB_1);
    assert_eq!(found[0]["PingStatus"], "Online");
    assert!(found[0]["LastPingDateTime"].is_f64());
    assert_eq!(found[1]["PingStatus"], "ConnectionLost");

    let (mut seen, mut token) = (0, json!(null));
    loop {
        let mut input = json!({"MaxResults": 5});
        if !token.is_null() {
            input["NextToken"] = token.clone();
        }
        let page = client.ssm("DescribeInstanceProperties", &input).json();
        seen += page["InstanceProperties"].as_array().unwrap().len();
        token = page["NextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    let all = client
        .ssm("DescribeInstanceProperties", &json!({"MaxResults": 1000}))
        .json();
    assert_eq!(seen, all["InstanceProperties"].as_array().unwrap().len());
}

#[test]
fn connection_status_says_whether_the_agent_answers() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    for (id, status) in [(WEB_1, "connected"), (STOPPED, "notconnected")] {
        let answer = client
            .ssm("GetConnectionStatus", &json!({"Target": id}))
            .json();
        assert_eq!(answer["Status"], status);
    }
}
