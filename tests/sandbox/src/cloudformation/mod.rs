//! CloudFormation, as far as roles, policies and session documents go.
//!
//! A stack puts into the world what its template says, so the sandbox enforces what a template
//! grants. Resources and properties that it does not know are errors, since a misspelt one would do
//! nothing.

mod intrinsic;
mod rules;
mod yaml;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;
use thiserror::Error;

use crate::iam::{MalformedPolicy, Policy};
use crate::world::{
    Allowed, Document, DocumentType, Parameter, Role, SessionType, World, unique_id,
};

use intrinsic::Stack;

/// Resources that are made on AWS and stand for nothing here.
const WITHOUT_EFFECT: [&str; 6] = [
    "AWS::IAM::InstanceProfile",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::S3::BucketPolicy",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::VPCEndpoint",
];

/// Why a stack was rolled back.
#[derive(Debug, Error)]
pub enum DeployError {
    /// The text is not a template.
    #[error("the template cannot be read: {0}")]
    Template(String),
    /// A parameter has no value, or one that its constraints refuse.
    #[error("parameter {0}")]
    Parameter(String),
    /// An intrinsic function that cannot be resolved.
    #[error("{0}")]
    Intrinsic(String),
    /// A resource that is refused.
    #[error("{resource}: {reason}")]
    Resource {
        /// Its logical id.
        resource: String,
        /// Why.
        reason: String,
    },
}

/// A template that has been read.
#[derive(Debug, Clone)]
pub struct Template(Value);

impl Template {
    /// Reads YAML or JSON.
    pub fn read(text: &str) -> Result<Self, DeployError> {
        yaml::read(text).map(Self)
    }

    /// The properties of the resources that it makes with these parameters, by logical id.
    pub fn resources(
        &self,
        account: &str,
        region: &str,
        parameters: &[(&str, &str)],
    ) -> Result<BTreeMap<String, Value>, DeployError> {
        let stack = Stack::new(&self.0, account, region, parameters)?;
        let resources = stack.resources()?.into_iter();
        Ok(resources
            .map(|(id, _, properties)| (id, properties))
            .collect())
    }
}

/// One resource, its intrinsic functions resolved.
struct Resource<'a> {
    id: &'a str,
    properties: &'a Value,
}

impl World {
    /// Deploys a template in an account and region.
    /// The parameters outrank the template's defaults. Returns the managed policies that are not
    /// attached yet.
    pub fn deploy(
        &mut self,
        template: &str,
        account: &str,
        region: &str,
        parameters: &[(&str, &str)],
    ) -> Result<Vec<Policy>, DeployError> {
        self.make_stack(&Template::read(template)?, account, region, parameters)
    }

    /// Does what [`World::deploy`] does.
    pub fn make_stack(
        &mut self,
        template: &Template,
        account: &str,
        region: &str,
        parameters: &[(&str, &str)],
    ) -> Result<Vec<Policy>, DeployError> {
        let stack = Stack::new(&template.0, account, region, parameters)?;
        let mut made = self.clone();
        let mut loose = Vec::new();
        let resources = stack.resources()?;
        // Policies are attached to roles that may stand behind them in the template.
        for only_roles in [true, false] {
            for (id, kind, properties) in &resources {
                if (kind == "AWS::IAM::Role") == only_roles {
                    let resource = Resource { id, properties };
                    loose.extend(made.make(kind, &resource, account, region)?);
                }
            }
        }
        *self = made;
        Ok(loose)
    }

    fn make(
        &mut self,
        kind: &str,
        resource: &Resource<'_>,
        account: &str,
        region: &str,
    ) -> Result<Option<Policy>, DeployError> {
        match kind {
            "AWS::IAM::Role" => self.make_role(resource, account)?,
            "AWS::IAM::RolePolicy" => {
                resource.knows(&["RoleName", "PolicyName", "PolicyDocument"])?;
                let policy = resource.policy(resource.text("PolicyName")?, "PolicyDocument")?;
                self.attach(resource, account, resource.text("RoleName")?, policy)?;
            }
            "AWS::IAM::ManagedPolicy" => {
                resource.knows(&[
                    "ManagedPolicyName",
                    "Description",
                    "Roles",
                    "PolicyDocument",
                ])?;
                let name = resource.text("ManagedPolicyName").unwrap_or(resource.id);
                let arn = format!("arn:aws:iam::{account}:policy/{name}");
                let policy = resource.policy(&arn, "PolicyDocument")?;
                self.managed_policies.push(policy.clone());
                let mut is_loose = true;
                for role in resource.texts("Roles") {
                    self.attach(resource, account, role, policy.clone())?;
                    is_loose = false;
                }
                return Ok(is_loose.then_some(policy));
            }
            "AWS::SSM::Document" => {
                let document = Document {
                    region: Some(region.to_owned()),
                    ..resource.document()?
                };
                self.documents.retain(|other| {
                    let is_here = other.region.as_deref().is_none_or(|own| own == region);
                    other.name != document.name || !is_here
                });
                self.documents.push(document);
            }
            known if WITHOUT_EFFECT.contains(&known) => {}
            unknown => return Err(resource.refused(format!("unknown resource type {unknown}"))),
        }
        Ok(None)
    }

    fn make_role(&mut self, resource: &Resource<'_>, account: &str) -> Result<(), DeployError> {
        resource.knows(&[
            "RoleName",
            "Path",
            "Description",
            "MaxSessionDuration",
            "Tags",
            "AssumeRolePolicyDocument",
            "PermissionsBoundary",
        ])?;
        let trust = resource.policy("trust", "AssumeRolePolicyDocument")?;
        self.check_principals(resource, &trust)?;
        let tag = |tag: &Value| {
            let text = |key: &str| tag.get(key).and_then(Value::as_str).map(str::to_owned);
            Some((text("Key")?, text("Value")?))
        };
        let name = resource.text("RoleName")?.to_owned();
        if self.role(account, &name).is_some() {
            return Err(resource.refused(format!("role {name} already exists")));
        }
        let number = |key: &str| {
            let value = resource.properties.get(key)?;
            value.as_u64().or_else(|| value.as_str()?.parse().ok())
        };
        self.roles.push(Role {
            account: account.to_owned(),
            path: resource.text("Path").unwrap_or("/").to_owned(),
            name,
            unique_id: unique_id("AROA"),
            max_session_duration: number("MaxSessionDuration")
                .and_then(|seconds| u32::try_from(seconds).ok())
                .unwrap_or(3600),
            tags: resource
                .properties
                .get("Tags")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .map(|one| tag(one).ok_or_else(|| resource.refused("a tag has Key and Value")))
                .collect::<Result<_, _>>()?,
            trust,
            policies: Vec::new(),
            boundary: self.boundary(resource)?,
        });
        Ok(())
    }

    /// The role's permissions boundary, which must exist, as IAM demands.
    fn boundary(&self, resource: &Resource<'_>) -> Result<Option<Policy>, DeployError> {
        let Some(arn) = resource.properties.get("PermissionsBoundary") else {
            return Ok(None);
        };
        let policies = &mut self.managed_policies.iter();
        let found = policies.find(|policy| arn.as_str() == Some(&policy.name));
        found.cloned().map(Some).ok_or_else(|| {
            resource.refused(format!("Policy {arn} does not exist or is not attachable."))
        })
    }

    /// As IAM does: a role that is named has to be there.
    fn check_principals(&self, resource: &Resource<'_>, trust: &Policy) -> Result<(), DeployError> {
        let statements = trust.document.get("Statement").and_then(Value::as_array);
        for statement in statements.into_iter().flatten() {
            let principal = statement
                .pointer("/Principal/AWS")
                .and_then(Value::as_str)
                .filter(|arn| arn.contains(":role/"));
            if let Some(arn) = principal
                && self.role_by_arn(arn).is_none()
            {
                let reason = format!("Invalid principal in policy: \"AWS\":\"{arn}\"");
                return Err(resource.refused(reason));
            }
        }
        Ok(())
    }

    fn attach(
        &mut self,
        resource: &Resource<'_>,
        account: &str,
        role: &str,
        policy: Policy,
    ) -> Result<(), DeployError> {
        let role = self
            .role_mut(account, role)
            .ok_or_else(|| resource.refused(format!("the role {role} cannot be found")))?;
        role.policies.push(policy);
        Ok(())
    }
}

impl Resource<'_> {
    fn refused(&self, reason: impl Into<String>) -> DeployError {
        DeployError::Resource {
            resource: self.id.to_owned(),
            reason: reason.into(),
        }
    }

    fn knows(&self, properties: &[&str]) -> Result<(), DeployError> {
        let unknown = self
            .properties
            .as_object()
            .into_iter()
            .flat_map(|object| object.keys())
            .find(|key| !properties.contains(&key.as_str()));
        unknown.map_or(Ok(()), |key| {
            Err(self.refused(format!("unknown property {key}")))
        })
    }

    fn text(&self, key: &str) -> Result<&str, DeployError> {
        self.properties
            .get(key)
            .and_then(Value::as_str)
            .ok_or_else(|| self.refused(format!("{key} is missing")))
    }

    fn texts(&self, key: &str) -> impl Iterator<Item = &str> {
        let list = self.properties.get(key).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str)
    }

    fn policy(&self, name: &str, key: &str) -> Result<Policy, DeployError> {
        let document = self.properties.get(key).cloned().unwrap_or_default();
        Policy::from_value(name, document)
            .map_err(|MalformedPolicy { reason, .. }| self.refused(reason))
    }

    /// A session document.
    fn document(&self) -> Result<Document, DeployError> {
        self.knows(&[
            "Name",
            "DocumentType",
            "DocumentFormat",
            "UpdateMethod",
            "Content",
        ])?;
        let content = &self.properties["Content"];
        let at = |path: &str| content.pointer(path).and_then(Value::as_str);
        let kind = match at("/sessionType") {
            Some("Standard_Stream") => SessionType::StandardStream,
            Some("InteractiveCommands") => SessionType::InteractiveCommands,
            Some("NonInteractiveCommands") => SessionType::NonInteractiveCommands,
            Some("Port") => SessionType::Port,
            _ => return Err(self.refused("sessionType is missing or unknown")),
        };
        let input = |key: &str| {
            let text = content.get("inputs")?.get(key)?;
            let text = text
                .as_str()
                .map_or_else(|| text.to_string(), str::to_owned);
            Some(text).filter(|text| !text.is_empty())
        };
        let minutes = |key: &str| {
            let minutes: u64 = input(key)?.parse().ok()?;
            Some(Duration::from_secs(minutes * 60))
        };
        let profile = |platform: &str| {
            let text = at(&format!("/inputs/shellProfile/{platform}"))?;
            Some(text.to_owned()).filter(|text| !text.trim().is_empty())
        };
        let runs_as = input("runAsEnabled").as_deref() == Some("true");
        Ok(Document {
            parameters: parameters(content),
            properties: properties(content),
            windows_properties: windows_properties(content),
            shell_profile: profile("linux"),
            windows_profile: profile("windows"),
            run_as_default_user: runs_as.then(|| input("runAsDefaultUser").unwrap_or_default()),
            kms_key_id: input("kmsKeyId"),
            log_group: input("cloudWatchLogGroupName"),
            idle_timeout: minutes("idleSessionTimeout"),
            max_duration: minutes("maxSessionDuration"),
            ..Document::new(self.text("Name")?, DocumentType::Session(kind))
        })
    }
}

fn parameters(content: &Value) -> Vec<Parameter> {
    let declared = content.get("parameters").and_then(Value::as_object);
    let allowed = |parameter: &Value| {
        let values = parameter.get("allowedValues").and_then(Value::as_array);
        values.map_or(Allowed::Anything, |values| {
            let texts = values.iter().filter_map(Value::as_str);
            Allowed::OneOf(texts.map(str::to_owned).collect())
        })
    };
    declared
        .into_iter()
        .flatten()
        .map(|(name, parameter)| Parameter {
            name: name.clone(),
            default: parameter
                .get("default")
                .and_then(Value::as_str)
                .map(str::to_owned),
            allowed: allowed(parameter),
        })
        .collect()
}

/// The properties for Linux, if the document has some for each platform.
fn properties(content: &Value) -> Vec<(String, String)> {
    let properties = content.get("properties");
    texts(properties.and_then(|all| all.get("linux")).or(properties))
}

/// The properties for Windows, if the document has some for each platform.
fn windows_properties(content: &Value) -> Option<Vec<(String, String)>> {
    let properties = content.get("properties")?;
    let is_apart = ["linux", "macos", "windows"]
        .iter()
        .any(|platform| properties.get(platform).is_some());
    is_apart.then(|| texts(properties.get("windows")))
}

fn texts(properties: Option<&Value>) -> Vec<(String, String)> {
    let own: BTreeMap<String, Value> = properties
        .and_then(|own| serde_json::from_value(own.clone()).ok())
        .unwrap_or_default();
    own.into_iter()
        .map(|(name, value)| {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            (name, text)
        })
        .collect()
}
