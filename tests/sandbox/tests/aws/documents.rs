//! Sessions of other documents than the default:
//! granted beside the seeds, with their parameters as the documents want.

use serde_json::{Value, json};
use vendor_ssm_sandbox::Sandbox;
use vendor_ssm_sandbox::world::{
    CUSTOMER, CUSTOMER_ROLE, Document, DocumentType, Parameter, SessionType,
};

use crate::client::{Answer, Client, WEB_1, start};

fn grant(sandbox: &Sandbox, names: &[&str]) {
    sandbox.world(|world| {
        let role = world
            .role_mut(CUSTOMER, CUSTOMER_ROLE)
            .expect("the seeds' role");
        role.grant_documents(names).expect("a good policy");
    });
}

fn started(client: &Client, document: &str, parameters: &Value) -> Answer {
    let input = json!({"Target": WEB_1, "DocumentName": document, "Parameters": parameters});
    client.ssm("StartSession", &input)
}

#[test]
fn parameters_are_as_the_document_wants() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    let denied = started(&client, "AWS-StartSSHSession", &json!({}));
    assert_eq!(denied.refusal().1, "AccessDeniedException");
    grant(
        &sandbox,
        &[
            "AWS-StartSSHSession",
            "AWS-StartPortForwardingSession",
            "AWS-StartPortForwardingSessionToRemoteHost",
            "AWS-StartNonInteractiveCommand",
        ],
    );
    let (command, ssh) = ("AWS-StartNonInteractiveCommand", "AWS-StartSSHSession");
    let remote = "AWS-StartPortForwardingSessionToRemoteHost";
    for (document, parameters) in [
        (ssh, json!({})),
        (ssh, json!({"portNumber": ["2222"]})),
        (
            "AWS-StartPortForwardingSession",
            json!({"localPortNumber": ["0"]}),
        ),
        (
            remote,
            json!({"host": ["db.internal"], "portNumber": ["5432"]}),
        ),
        (
            command,
            json!({"command": ["true"], "separateOutputStream": ["true"]}),
        ),
    ] {
        let answer = started(&client, document, &parameters);
        assert_eq!(
            answer.status, 200,
            "{document} {parameters} {}",
            answer.body
        );
    }
    for (document, parameters) in [
        (ssh, json!({"portNumber": ["0"]})),
        (ssh, json!({"portNumber": ["022"]})),
        (ssh, json!({"host": ["db.internal"]})),
        (remote, json!({"portNumber": ["5432"]})),
        (command, json!({})),
        (
            command,
            json!({"command": ["true"], "separateOutputStream": ["yes"]}),
        ),
    ] {
        let answer = started(&client, document, &parameters);
        let (status, code, _) = answer.refusal();
        assert_eq!(
            (status, code.as_str()),
            (400, "ValidationException"),
            "{document} {parameters}"
        );
    }
    let other = started(&client, "AWS-StartInteractiveCommand", &json!({}));
    assert_eq!(
        other.refusal().1,
        "AccessDeniedException",
        "granted are those named"
    );
}

#[test]
fn a_customers_own_document_is_granted_by_its_own_arn() {
    let sandbox = start();
    sandbox.world(|world| {
        let kind = DocumentType::Session(SessionType::NonInteractiveCommands);
        world.documents.push(Document {
            parameters: vec![Parameter::required("pretty")],
            properties: vec![("commands".to_owned(), "uptime {{ pretty }}".to_owned())],
            ..Document::new("Acme-Uptime", kind)
        });
    });
    grant(&sandbox, &["Acme-Uptime"]);
    let client = Client::customer(&sandbox);
    let answer = started(&client, "Acme-Uptime", &json!({"pretty": ["-p"]}));
    assert_eq!(answer.status, 200, "{}", answer.body);
    let decided = sandbox.trail().pop().unwrap().decisions;
    assert_eq!(
        decided[0].resource,
        format!("arn:aws:ssm:us-east-1:{CUSTOMER}:document/Acme-Uptime")
    );
}
