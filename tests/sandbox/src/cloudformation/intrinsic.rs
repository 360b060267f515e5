//! Parameters, conditions and intrinsic functions.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::{DeployError, rules};

/// A template with all that its functions can ask for.
pub(super) struct Stack<'a> {
    template: &'a Value,
    account: &'a str,
    region: &'a str,
    parameters: HashMap<String, Value>,
}

impl<'a> Stack<'a> {
    pub(super) fn new(
        template: &'a Value,
        account: &'a str,
        region: &'a str,
        given: &[(&str, &str)],
    ) -> Result<Self, DeployError> {
        let declared = template.get("Parameters").and_then(Value::as_object);
        let mut parameters = HashMap::new();
        for (name, parameter) in declared.into_iter().flatten() {
            let given = given.iter().find(|(other, _)| other == name);
            let default = parameter.get("Default").map(|value| match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            });
            let text = given
                .map(|(_, text)| (*text).to_owned())
                .or(default)
                .ok_or_else(|| DeployError::Parameter(format!("{name} has no value")))?;
            rules::check(name, parameter, &text)?;
            let is_list = parameter["Type"] == "CommaDelimitedList";
            let value = if is_list {
                json!(text.split(',').map(str::trim).collect::<Vec<_>>())
            } else {
                json!(text)
            };
            parameters.insert(name.clone(), value);
        }
        if let Some((unknown, _)) = given
            .iter()
            .find(|(name, _)| !parameters.contains_key(*name))
        {
            return Err(DeployError::Parameter(format!("{unknown} is not declared")));
        }
        Ok(Self {
            template,
            account,
            region,
            parameters,
        })
    }

    /// Logical id, type and resolved properties of the resources whose condition holds.
    pub(super) fn resources(&self) -> Result<Vec<(String, String, Value)>, DeployError> {
        let resources = self.template.get("Resources").and_then(Value::as_object);
        let resources =
            resources.ok_or_else(|| DeployError::Template("no Resources".to_owned()))?;
        let mut resolved = Vec::new();
        for (id, resource) in resources {
            let condition = resource.get("Condition").and_then(Value::as_str);
            if condition.map_or(Ok(true), |name| self.holds(name))? {
                let kind = resource["Type"].as_str().unwrap_or_default().to_owned();
                let properties = self.resolve(&resource["Properties"])?.unwrap_or_default();
                resolved.push((id.clone(), kind, properties));
            }
        }
        Ok(resolved)
    }

    fn holds(&self, name: &str) -> Result<bool, DeployError> {
        let condition = self
            .template
            .pointer(&format!("/Conditions/{name}"))
            .ok_or_else(|| DeployError::Intrinsic(format!("no condition {name}")))?;
        self.is_true(condition)
    }

    fn is_true(&self, condition: &Value) -> Result<bool, DeployError> {
        let unknown = || DeployError::Intrinsic(format!("no condition: {condition}"));
        let (name, argument) = function(condition).ok_or_else(unknown)?;
        let list = || argument.as_array().ok_or_else(unknown);
        match name {
            "Condition" => self.holds(argument.as_str().ok_or_else(unknown)?),
            "Fn::Equals" => {
                let [one, other] = &list()?[..] else {
                    return Err(unknown());
                };
                Ok(self.resolve(one)? == self.resolve(other)?)
            }
            "Fn::Not" => Ok(!self.is_true(list()?.first().ok_or_else(unknown)?)?),
            "Fn::And" => list()?
                .iter()
                .try_fold(true, |all, one| Ok(all & self.is_true(one)?)),
            "Fn::Or" => list()?
                .iter()
                .try_fold(false, |any, one| Ok(any | self.is_true(one)?)),
            _ => Err(unknown()),
        }
    }

    /// A value; `None` for `AWS::NoValue`.
    fn resolve(&self, value: &Value) -> Result<Option<Value>, DeployError> {
        if let Some((name, argument)) = function(value) {
            return self.call(name, argument);
        }
        Ok(Some(match value {
            Value::Array(items) => {
                let mut resolved = Vec::new();
                for item in items {
                    resolved.extend(self.resolve(item)?);
                }
                Value::Array(resolved)
            }
            Value::Object(entries) => {
                let mut resolved = Map::new();
                for (key, entry) in entries {
                    if let Some(value) = self.resolve(entry)? {
                        resolved.insert(key.clone(), value);
                    }
                }
                Value::Object(resolved)
            }
            plain => plain.clone(),
        }))
    }

    fn call(&self, name: &str, argument: &Value) -> Result<Option<Value>, DeployError> {
        let wrong = || DeployError::Intrinsic(format!("{name} of {argument}"));
        match (name, argument) {
            ("Ref", Value::String(name)) => self.reference(name),
            ("Fn::If", Value::Array(parts)) => match &parts[..] {
                [Value::String(condition), yes, no] => {
                    self.resolve(if self.holds(condition)? { yes } else { no })
                }
                _ => Err(wrong()),
            },
            ("Fn::Sub", Value::String(text)) => self.substitute(text, &Map::new()).map(Some),
            ("Fn::Sub", Value::Array(parts)) => match &parts[..] {
                [Value::String(text), own] => {
                    let own = self.resolve(own)?.unwrap_or_default();
                    self.substitute(text, own.as_object().ok_or_else(wrong)?)
                        .map(Some)
                }
                _ => Err(wrong()),
            },
            ("Fn::GetAtt", Value::Array(parts)) => match &parts[..] {
                [Value::String(resource), Value::String(attribute)] => {
                    self.attribute(resource, attribute).map(Some)
                }
                _ => Err(wrong()),
            },
            ("Fn::Join", Value::Array(parts)) => {
                let parts = self
                    .resolve(&Value::Array(parts.clone()))?
                    .unwrap_or_default();
                let separator = parts[0].as_str().ok_or_else(wrong)?;
                let texts = parts[1].as_array().ok_or_else(wrong)?;
                let texts: Vec<&str> = texts.iter().filter_map(Value::as_str).collect();
                Ok(Some(json!(texts.join(separator))))
            }
            ("Fn::Split", Value::Array(parts)) => {
                let parts = self
                    .resolve(&Value::Array(parts.clone()))?
                    .unwrap_or_default();
                let separator = parts[0].as_str().ok_or_else(wrong)?;
                let text = parts[1].as_str().ok_or_else(wrong)?;
                Ok(Some(json!(text.split(separator).collect::<Vec<_>>())))
            }
            ("Fn::Select", Value::Array(parts)) => {
                let parts = self
                    .resolve(&Value::Array(parts.clone()))?
                    .unwrap_or_default();
                let index = parts[0].as_u64().and_then(|at| usize::try_from(at).ok());
                let item = index.and_then(|at| parts[1].get(at)).ok_or_else(wrong)?;
                Ok(Some(item.clone()))
            }
            _ => Err(wrong()),
        }
    }

    fn reference(&self, name: &str) -> Result<Option<Value>, DeployError> {
        if let Some(value) = self.parameters.get(name) {
            return Ok(Some(value.clone()));
        }
        Ok(Some(json!(match name {
            "AWS::NoValue" => return Ok(None),
            "AWS::Partition" => "aws",
            "AWS::AccountId" => self.account,
            "AWS::Region" => self.region,
            "AWS::URLSuffix" => "amazonaws.com",
            name => return self.named(name).map(Some),
        })))
    }

    /// What `Ref` of a resource gives: its name.
    fn named(&self, id: &str) -> Result<Value, DeployError> {
        let unknown = || DeployError::Intrinsic(format!("no parameter or resource {id}"));
        let resource = self.template.pointer(&format!("/Resources/{id}"));
        let properties = resource.ok_or_else(unknown)?.get("Properties");
        [
            "RoleName",
            "InstanceProfileName",
            "ManagedPolicyName",
            "Name",
        ]
        .iter()
        .find_map(|key| properties?.get(key))
        .map_or_else(|| Ok(Some(json!(id))), |name| self.resolve(name))?
        .ok_or_else(unknown)
    }

    fn attribute(&self, id: &str, attribute: &str) -> Result<Value, DeployError> {
        let wrong = || DeployError::Intrinsic(format!("no attribute {id}.{attribute}"));
        let role = self.template.pointer(&format!("/Resources/{id}"));
        let role = role.filter(|role| attribute == "Arn" && role["Type"] == "AWS::IAM::Role");
        let properties = role
            .ok_or_else(wrong)?
            .get("Properties")
            .ok_or_else(wrong)?;
        let text = |key: &str, default: &str| {
            let value = properties
                .get(key)
                .map_or(Ok(None), |value| self.resolve(value))?;
            let text = value.as_ref().and_then(Value::as_str).unwrap_or(default);
            Ok::<_, DeployError>(text.to_owned())
        };
        let (path, name) = (text("Path", "/")?, text("RoleName", id)?);
        Ok(json!(format!(
            "arn:aws:iam::{}:role{path}{name}",
            self.account
        )))
    }

    /// `${Name}`, and `${!Name}` for a literal `${Name}`.
    fn substitute(&self, text: &str, own: &Map<String, Value>) -> Result<Value, DeployError> {
        let mut result = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            result.push_str(before);
            let (name, behind) = after
                .split_once('}')
                .ok_or_else(|| DeployError::Intrinsic(format!("Fn::Sub of {text}")))?;
            if let Some(literal) = name.strip_prefix('!') {
                result.extend(["${", literal, "}"]);
            } else {
                let value = match (own.get(name), name.split_once('.')) {
                    (Some(value), _) => Some(value.clone()),
                    (None, Some((id, attribute))) => Some(self.attribute(id, attribute)?),
                    (None, None) => self.reference(name)?,
                };
                let value = value.as_ref().and_then(Value::as_str);
                result
                    .push_str(value.ok_or_else(|| {
                        DeployError::Intrinsic(format!("${{{name}}} is no text"))
                    })?);
            }
            rest = behind;
        }
        result.push_str(rest);
        Ok(json!(result))
    }
}

/// A function and its argument, if the value is one.
fn function(value: &Value) -> Option<(&str, &Value)> {
    let object = value.as_object().filter(|object| object.len() == 1)?;
    let (name, argument) = object.iter().next()?;
    let is_function = name == "Ref" || name == "Condition" || name.starts_with("Fn::");
    // A policy statement's Condition block is an object, a condition's name is a text.
    (is_function && (name != "Condition" || argument.is_string())).then_some((name, argument))
}
