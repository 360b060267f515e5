//! The questions of tests/kit/questions.json, asked of the kit's printed templates.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use vendor_ssm_sandbox::cloudformation::{DeployError, Template};
use vendor_ssm_sandbox::iam::{self, Context, Policy, Request};
use vendor_ssm_sandbox::world::{CUSTOMER, VENDOR, World};

use crate::harness::Bench;

const TABLE: &str = include_str!("questions.json");
/// Two customers whose ExternalIds are known, engineers from SSO.
const SETTINGS: &str = r#"[vendor]
role_arn = "arn:aws:iam::111111111111:role/vendor-ssm"

[customers.acme]
role_arn = "arn:aws:iam::222222222222:role/vendor-ssm/vendor-ssm-Third-Party-A"
external_id = "acme-7Jq2m0v4sT1xYb9Kc3Rd8Q"
tag_value = "Third_Party_A"
regions = ["us-east-1", "eu-west-1"]
documents = { shell = "vendor-ssm-Third-Party-A" }

[customers.beta]
role_arn = "arn:aws:iam::333333333333:role/vendor-ssm/vendor-ssm-Third-Party-A"
external_id = "beta-Zr5w8nQk2LhT6yVd0Pm3Xs"
tag_value = "Third_Party_A"
regions = ["us-east-1"]
"#;
const HOP_2: &str = "vendor-ssm-Third-Party-A";
const EVERYTHING: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;

/// Both templates as the program prints them.
#[derive(Clone)]
pub struct Templates {
    pub vendor: String,
    pub customer: String,
}

impl Templates {
    pub fn printed() -> Self {
        let bench = Bench::new();
        bench.settings(SETTINGS);
        let [vendor, customer] = ["kit vendor", "kit customer -c acme"].map(|line| {
            let ran = bench.run(line);
            assert_eq!(ran.code, 0, "{ran:?}");
            ran.stdout
        });
        Self { vendor, customer }
    }

    fn read(&self) -> Result<Read, DeployError> {
        Ok(Read {
            vendor: Template::read(&self.vendor)?,
            customer: Template::read(&self.customer)?,
        })
    }
}

/// The questions, and the facts that must be true.
#[derive(Deserialize)]
pub struct Table {
    kits: BTreeMap<String, Kit>,
    callers: BTreeMap<String, Caller>,
    pub questions: Vec<Question>,
    refused: Vec<Refused>,
    facts: Vec<Fact>,
}

/// The templates' parameters, and what they are asked with.
/// Also the policies that were attached to the customer's role later, and the effect of the only
/// statements of that role that count.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Kit {
    vendor: BTreeMap<String, String>,
    customer: BTreeMap<String, String>,
    attached: Option<Value>,
    only: Option<String>,
}

#[derive(Deserialize)]
struct Caller {
    principal: String,
    /// The role or key whose policies it has.
    may: String,
    context: Map<String, Value>,
}

#[derive(Deserialize)]
pub struct Question {
    pub asks: String,
    kit: String,
    caller: String,
    action: String,
    resource: String,
    #[serde(default)]
    context: Map<String, Value>,
    pub answer: String,
    /// The policy of a role or key that is not the kit's.
    policy: Option<Value>,
    /// Why iam-simulate cannot be asked.
    pub simulator: Option<String>,
}

/// A part of a resource's properties; `null` if it is not there.
#[derive(Deserialize)]
struct Fact {
    kit: String,
    /// Whether it is about the stack of the second region.
    #[serde(default)]
    elsewhere: bool,
    resource: String,
    at: String,
    is: Value,
}

/// A value that CloudFormation or IAM refuses for a parameter.
#[derive(Deserialize)]
struct Refused {
    of: Side,
    parameter: String,
    value: String,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Side {
    Vendor,
    Customer,
}

impl Refused {
    fn difference(&self, read: &Read) -> Option<String> {
        let (name, value) = (self.parameter.as_str(), self.value.as_str());
        let mut world = World::seeds();
        let given = [(name, value)];
        let made = match self.of {
            Side::Vendor => world.make_stack(&read.vendor, VENDOR, "us-east-1", &given),
            Side::Customer => {
                // The role that the customer's trusts comes first.
                let vendor = world.make_stack(&read.vendor, VENDOR, "us-east-1", &[]);
                vendor.unwrap();
                world.make_stack(&read.customer, CUSTOMER, "us-east-1", &given)
            }
        };
        made.is_ok()
            .then(|| format!("a stack takes {name} = {value:?}"))
    }
}

/// Both templates, read.
struct Read {
    vendor: Template,
    customer: Template,
}

/// What one kit makes.
struct Made {
    world: World,
    /// The policy that lets engineers in.
    enter: Vec<Policy>,
    /// Both templates' resources by logical id.
    resources: BTreeMap<String, Value>,
    /// The customer's resources in the second region.
    elsewhere: BTreeMap<String, Value>,
}

impl Table {
    pub fn read() -> Self {
        serde_json::from_str(TABLE).unwrap()
    }

    /// The questions with the policies that decide them, as JSON.
    pub fn cases(&self, templates: &Templates) -> Result<Vec<Value>, DeployError> {
        let read = templates.read()?;
        let kits = self.kits.iter();
        let made: BTreeMap<&String, Made> = kits
            .map(|(name, kit)| Ok((name, kit.make(&read)?)))
            .collect::<Result<_, DeployError>>()?;
        let questions = self.questions.iter();
        let asked =
            questions.map(|question| question.ask(self, &made[&question.kit]).case(question));
        Ok(asked.collect())
    }

    /// The wrong answers of the templates, by the sandbox's own evaluator.
    /// From the first kit that has one; the kit of all defaults comes first.
    pub fn differences(&self, templates: &Templates) -> Result<Vec<String>, DeployError> {
        let read = templates.read()?;
        let mut kits: Vec<_> = self.kits.iter().collect();
        kits.sort_by_key(|(name, _)| *name != "default");
        for (name, kit) in kits {
            let made = kit.make(&read)?;
            let facts = self.facts.iter().filter(|fact| fact.kit == *name);
            let mut wrong: Vec<String> = facts.filter_map(|fact| fact.difference(&made)).collect();
            let questions = self.questions.iter();
            let questions = questions.filter(|question| question.kit == *name);
            wrong.extend(questions.filter_map(|question| {
                let got = question.ask(self, &made).answer();
                (got != question.answer).then(|| format!("{}: {got}", question.asks))
            }));
            if !wrong.is_empty() {
                return Ok(wrong);
            }
        }
        let refused = self.refused.iter();
        Ok(refused.filter_map(|one| one.difference(&read)).collect())
    }
}

impl Fact {
    fn difference(&self, made: &Made) -> Option<String> {
        let Self {
            kit, resource, at, ..
        } = self;
        let all = if self.elsewhere {
            &made.elsewhere
        } else {
            &made.resources
        };
        let is = all.get(resource);
        let is = is.and_then(|all| all.pointer(at)).unwrap_or(&Value::Null);
        (*is != self.is).then(|| format!("{kit}: {resource}{at} is {is}"))
    }
}

impl Kit {
    fn make(&self, read: &Read) -> Result<Made, DeployError> {
        let mut world = World::seeds();
        let vendor = texts(&self.vendor);
        let enter = world.make_stack(&read.vendor, VENDOR, "us-east-1", &vendor)?;
        let customer = texts(&self.customer);
        world.make_stack(&read.customer, CUSTOMER, "us-east-1", &customer)?;
        if let Some(attached) = &self.attached {
            let role = world.role_mut(CUSTOMER, HOP_2).unwrap();
            role.set_policy("attached", &attached.to_string()).unwrap();
        }
        if let Some(effect) = &self.only {
            let role = world.role_mut(CUSTOMER, HOP_2).unwrap();
            for policy in &mut role.policies {
                let mut document = policy.document.clone();
                let statements = document["Statement"].as_array_mut().unwrap();
                statements.retain(|statement| statement["Effect"] == **effect);
                *policy = Policy::from_value(policy.name.clone(), document).unwrap();
            }
        }
        let mut resources = read.customer.resources(CUSTOMER, "us-east-1", &customer)?;
        resources.extend(read.vendor.resources(VENDOR, "us-east-1", &vendor)?);
        let elsewhere = read.customer.resources(CUSTOMER, "eu-west-1", &customer)?;
        Ok(Made {
            world,
            enter,
            resources,
            elsewhere,
        })
    }
}

fn texts(parameters: &BTreeMap<String, String>) -> Vec<(&str, &str)> {
    let texts = parameters.iter();
    texts
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

/// A question with the policies that decide it.
struct Asked {
    request: Request,
    keys: Map<String, Value>,
    identity: Vec<Policy>,
    resource: Option<Policy>,
}

impl Question {
    fn ask(&self, table: &Table, made: &Made) -> Asked {
        let caller = &table.callers[&self.caller];
        let of_role = |account: &str, name: &str| {
            let role = made.world.role(account, name).unwrap();
            role.policies.clone()
        };
        let identity = match caller.may.as_str() {
            "enter" => made.enter.clone(),
            "vendor" => of_role(VENDOR, "vendor-ssm"),
            "customer" => of_role(CUSTOMER, HOP_2),
            "instance" => of_role(CUSTOMER, &format!("{HOP_2}-instance")),
            "everything" => vec![Policy::parse("everything", EVERYTHING).unwrap()],
            unknown => panic!("{unknown}"),
        };
        let own = self.policy.clone();
        let own = own.map(|document| Policy::from_value("own", document).unwrap());
        let trust = || Some(made.world.role_by_arn(&self.resource)?.trust.clone());
        let mut keys = caller.context.clone();
        keys.extend(self.context.clone());
        keys.retain(|_, value| !value.is_null());
        let mut context = Context::new();
        for (key, value) in &keys {
            match value {
                Value::String(text) => context.set(key, text),
                Value::Array(texts) => context.set_all(key, texts.iter().filter_map(Value::as_str)),
                other => panic!("{key} is {other}"),
            };
        }
        let owner = |arn: &str| arn.split(':').nth(4).unwrap_or_default().to_owned();
        // What has no account in its ARN, such as AWS's own documents, is decided in the caller's.
        let account = Some(owner(&self.resource)).filter(|account| !account.is_empty());
        let request = Request {
            principal: caller.principal.clone(),
            action: self.action.clone(),
            resource: self.resource.clone(),
            account: account.unwrap_or_else(|| owner(&caller.principal)),
            context,
        };
        Asked {
            request,
            keys,
            identity,
            resource: own.or_else(trust),
        }
    }
}

impl Asked {
    fn answer(&self) -> String {
        let decision = iam::decide(&self.request, &self.identity, self.resource.as_ref(), None);
        format!("{:?}", decision.effect)
    }

    fn case(self, question: &Question) -> Value {
        let documents = self.identity.into_iter().map(|policy| policy.document);
        json!({
            "label": question.asks,
            "principal": self.request.principal,
            "action": self.request.action,
            "resource": self.request.resource,
            "acct": self.request.account,
            "ctx": self.keys,
            "ids": documents.collect::<Vec<_>>(),
            "rp": self.resource.map(|policy| policy.document),
        })
    }
}
