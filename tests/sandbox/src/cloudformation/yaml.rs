//! A template's YAML as JSON: `!Ref x` is `{"Ref": "x"}`, `!Sub x` is `{"Fn::Sub": "x"}`.

use saphyr::{LoadableYamlNode as _, Scalar, Yaml};
use serde_json::{Map, Value, json};

use super::DeployError;

pub(super) fn read(text: &str) -> Result<Value, DeployError> {
    let refused = |reason: String| DeployError::Template(reason);
    let documents = Yaml::load_from_str(text).map_err(|error| refused(error.to_string()))?;
    let [document] = &documents[..] else {
        return Err(refused(format!("{} documents", documents.len())));
    };
    value(document)
}

fn value(node: &Yaml<'_>) -> Result<Value, DeployError> {
    Ok(match node {
        Yaml::Value(scalar) => match scalar {
            Scalar::Null => Value::Null,
            Scalar::Boolean(is) => json!(is),
            Scalar::Integer(number) => json!(number),
            Scalar::FloatingPoint(number) => json!(number.into_inner()),
            Scalar::String(text) => json!(text),
        },
        Yaml::Sequence(items) => Value::Array(items.iter().map(value).collect::<Result<_, _>>()?),
        Yaml::Mapping(entries) => {
            let mut object = Map::new();
            for (key, entry) in entries {
                let key = match value(key)? {
                    Value::String(key) => key,
                    other => other.to_string(),
                };
                object.insert(key, value(entry)?);
            }
            Value::Object(object)
        }
        Yaml::Tagged(tag, node) => {
            let name = match tag.suffix.as_str() {
                "Ref" | "Condition" => tag.suffix.clone(),
                name => format!("Fn::{name}"),
            };
            let value = match (name.as_str(), value(node)?) {
                // The short form has a dot, the long one a list.
                ("Fn::GetAtt", Value::String(text)) => {
                    let (resource, attribute) = text.split_once('.').unwrap_or((&text, ""));
                    json!([resource, attribute])
                }
                (_, value) => value,
            };
            json!({ name: value })
        }
        Yaml::Representation(..) | Yaml::Alias(_) | Yaml::BadValue => {
            return Err(DeployError::Template("an alias or a bad value".to_owned()));
        }
    })
}
