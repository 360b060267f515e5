//! A tiny AWS client: signs, sends one request a connection, and reads what comes back.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use serde_json::Value;
use vendor_ssm_sandbox::world::{
    CUSTOMER, CUSTOMER_EXTERNAL_ID, CUSTOMER_ROLE, VENDOR, VENDOR_ROLE,
};
use vendor_ssm_sandbox::{Options, Sandbox};

/// Instances of the seeds.
pub const WEB_1: &str = "i-0f3a91c27be45d806";
pub const STOPPED: &str = "i-0c4179da53fe28b6e";
pub const BILLING: &str = "i-07f2e94b0d613ac58";
pub const UNTAGGED: &str = "i-04c8b1d6e5f07a293";

pub fn start() -> Sandbox {
    start_with(Options::default())
}

pub fn start_with(options: Options) -> Sandbox {
    Sandbox::start(options).expect("the sandbox starts")
}

/// A client, with the keys that it signs with.
#[derive(Clone)]
pub struct Client {
    pub port: u16,
    pub key_id: String,
    pub secret: String,
    pub token: Option<String>,
    pub region: String,
    pub time: Option<SystemTime>,
}

/// Names with their values, as headers and queries hold them.
pub type Pairs = Vec<(String, String)>;

/// An answer, or what there was of it.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Client {
    pub fn user(sandbox: &Sandbox, name: &str) -> Self {
        let keys = sandbox.credentials(name).expect("a user of the seeds");
        Self {
            port: sandbox.port(),
            key_id: keys.access_key_id,
            secret: keys.secret_access_key,
            token: None,
            region: "us-east-1".to_owned(),
            time: None,
        }
    }

    /// Alice in the vendor's role.
    pub fn vendor(sandbox: &Sandbox) -> Self {
        let role = role_arn(VENDOR, VENDOR_ROLE);
        Self::user(sandbox, "alice").become_role(&role, "alice", &[])
    }

    /// Alice in the customer's role.
    pub fn customer(sandbox: &Sandbox) -> Self {
        Self::vendor(sandbox).become_customer("alice")
    }

    pub fn become_customer(&self, name: &str) -> Self {
        let role = role_arn(CUSTOMER, CUSTOMER_ROLE);
        self.become_role(&role, name, &[("ExternalId", CUSTOMER_EXTERNAL_ID)])
    }

    pub fn become_role(&self, role: &str, name: &str, more: &[(&str, &str)]) -> Self {
        let answer = self.assume(role, name, more);
        assert_eq!(answer.status, 200, "{}", answer.body);
        Self {
            key_id: answer.element("AccessKeyId"),
            secret: answer.element("SecretAccessKey"),
            token: Some(answer.element("SessionToken")),
            ..self.clone()
        }
    }

    pub fn assume(&self, role: &str, name: &str, more: &[(&str, &str)]) -> Answer {
        let mut parameters = vec![("RoleArn", role), ("RoleSessionName", name)];
        parameters.extend_from_slice(more);
        self.sts("AssumeRole", &parameters)
    }

    pub fn within(&self, region: &str) -> Self {
        Self {
            region: region.to_owned(),
            ..self.clone()
        }
    }

    pub fn sts(&self, action: &str, parameters: &[(&str, &str)]) -> Answer {
        self.query("sts", "2011-06-15", action, parameters)
    }

    pub fn ec2(&self, action: &str, parameters: &[(&str, &str)]) -> Answer {
        self.query("ec2", "2016-11-15", action, parameters)
    }

    fn query(
        &self,
        service: &str,
        version: &str,
        action: &str,
        parameters: &[(&str, &str)],
    ) -> Answer {
        let body = form(version, action, parameters);
        let kind = ("content-type", "application/x-www-form-urlencoded");
        let headers = self.signed(service, "POST", "/", &[kind], body.as_bytes());
        send(self.port, "POST", "/", &headers, body.as_bytes()).expect("an answer")
    }

    pub fn ssm(&self, action: &str, input: &Value) -> Answer {
        self.try_ssm(action, input).expect("an answer")
    }

    pub fn try_ssm(&self, action: &str, input: &Value) -> std::io::Result<Answer> {
        self.json("ssm", &format!("AmazonSSM.{action}"), input)
    }

    pub fn kms(&self, action: &str, input: &Value) -> Answer {
        self.json("kms", &format!("TrentService.{action}"), input)
            .expect("an answer")
    }

    fn json(&self, service: &str, target: &str, input: &Value) -> std::io::Result<Answer> {
        let body = input.to_string();
        let headers = [
            ("content-type", "application/x-amz-json-1.1"),
            ("x-amz-target", target),
        ];
        let headers = self.signed(service, "POST", "/", &headers, body.as_bytes());
        send(self.port, "POST", "/", &headers, body.as_bytes())
    }

    /// The headers of a request, signature included.
    pub fn signed(
        &self,
        service: &str,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Pairs {
        let host = format!("127.0.0.1:{}", self.port);
        let mut all = vec![("host", host.as_str())];
        all.extend_from_slice(headers);
        let settings = SigningSettings::default();
        let signature = self
            .signature(service, method, target, &all, body, settings)
            .0;
        all.into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .chain(signature)
            .collect()
    }

    /// The target of a presigned `GET`.
    pub fn presigned(&self, service: &str, target: &str, expires: Duration) -> String {
        let host = format!("127.0.0.1:{}", self.port);
        let mut settings = SigningSettings::default();
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(expires);
        let headers = [("host", host.as_str())];
        let (_, query) = self.signature(service, "GET", target, &headers, b"", settings);
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(query)
            .finish();
        let joint = if target.contains('?') { '&' } else { '?' };
        format!("{target}{joint}{query}")
    }

    /// The headers and the query parameters that carry the signature.
    fn signature(
        &self,
        service: &str,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
        settings: SigningSettings,
    ) -> (Pairs, Pairs) {
        let token = self.token.clone();
        let identity = Credentials::new(&*self.key_id, &*self.secret, token, None, "test").into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(service)
            .time(self.time.unwrap_or_else(SystemTime::now))
            .settings(settings)
            .build()
            .expect("all parameters are there")
            .into();
        let uri = format!("http://{}{target}", headers[0].1);
        let body = SignableBody::Bytes(body);
        let request = SignableRequest::new(method, uri, headers.iter().copied(), body)
            .expect("a request that can be signed");
        let (instructions, _) = sign(request, &params).expect("a signature").into_parts();
        let (headers, query) = instructions.into_parts();
        (
            headers
                .iter()
                .map(|header| (header.name().to_owned(), header.value().to_owned()))
                .collect(),
            query
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.into_owned()))
                .collect(),
        )
    }
}

pub fn role_arn(account: &str, name: &str) -> String {
    format!("arn:aws:iam::{account}:role/{name}")
}

pub fn form(version: &str, action: &str, parameters: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .append_pair("Action", action)
        .append_pair("Version", version)
        .extend_pairs(parameters)
        .finish()
}

/// Sends a request as it is; an error is a connection that ended before a whole head.
pub fn send(
    port: u16,
    method: &str,
    target: &str,
    headers: &[(String, String)],
    body: &[u8],
) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    let mut request = Vec::new();
    write!(
        request,
        "{method} {target} HTTP/1.1\r\nconnection: close\r\n"
    )?;
    for (name, value) in headers {
        write!(request, "{name}: {value}\r\n")?;
    }
    write!(request, "content-length: {}\r\n\r\n", body.len())?;
    request.extend_from_slice(body);
    stream.write_all(&request)?;
    let mut received = Vec::new();
    stream.read_to_end(&mut received)?;
    Answer::parse(&received).ok_or_else(|| std::io::ErrorKind::UnexpectedEof.into())
}

impl Answer {
    fn parse(received: &[u8]) -> Option<Self> {
        let end = received.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&received[..end]).into_owned();
        let mut lines = head.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        Some(Self {
            status,
            headers: lines
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
                .collect(),
            body: String::from_utf8_lossy(&received[end + 4..]).into_owned(),
        })
    }

    /// The text of the first element of this name.
    pub fn element(&self, name: &str) -> String {
        let found = self.elements(name);
        found.first().cloned().unwrap_or_default()
    }

    /// The texts of all elements of this name.
    pub fn elements(&self, name: &str) -> Vec<String> {
        self.body
            .split(&format!("<{name}>"))
            .skip(1)
            .filter_map(|rest| Some(rest.split_once(&format!("</{name}>"))?.0.to_owned()))
            .collect()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    /// Status, code and text of a refusal, in whatever form it came.
    #[track_caller]
    pub fn refusal(&self) -> (u16, String, String) {
        if let Ok(Value::Object(body)) = serde_json::from_str(&self.body) {
            let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
            return (self.status, text("__type"), text("Message"));
        }
        let message = self.element("Message").replace("&quot;", "\"");
        (self.status, self.element("Code"), message)
    }

    #[track_caller]
    pub fn assert_refused(&self, status: u16, code: &str, message: &str) {
        let (is_status, is_code, is_message) = self.refusal();
        assert_eq!(
            (is_status, is_code.as_str()),
            (status, code),
            "{}",
            self.body
        );
        assert_eq!(is_message, message);
    }
}
