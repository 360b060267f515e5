//! Templates that a template brings along: inline, or from a place outside the file.
//! (CloudFormation Template Reference: nested stacks, stack sets, modules, macros and includes.)

use super::doubt::Doubt;
use super::json;
use super::node::{Entry, Node, Value};
use super::quoted;
use super::yaml;

/// What a resource brings along.
pub(super) enum Brought {
    /// The value of its TemplateBody.
    Inline(Node),
    /// A text that is not in the file.
    Outside(Doubt),
}

/// The template that a resource of this type brings along; none for any other resource.
pub(super) fn brought(kind: &str, properties: &Node) -> Option<Brought> {
    if kind.ends_with("::MODULE") {
        return Some(outside(&format!("the module {kind}")));
    }
    let is_nested = matches!(
        kind,
        "AWS::CloudFormation::Stack"
            | "AWS::CloudFormation::StackSet"
            | "AWS::Serverless::Application"
            | "AWS::ServiceCatalog::CloudFormationProduct"
            | "AWS::ServiceCatalog::CloudFormationProvisionedProduct"
    );
    if !is_nested {
        return None;
    }
    if let Some(body) = properties.get("TemplateBody") {
        let template = body_of(body).filter(Node::is_map);
        // Known text that is not a template is the caller's to judge.
        let known = || body.known().map(|_| body.clone());
        return Some(match template.or_else(known) {
            Some(template) => Brought::Inline(template),
            None => outside("the text of TemplateBody"),
        });
    }
    let place = properties
        .get("TemplateURL")
        .or_else(|| properties.get("Location"));
    let what = match place.map(|place| &place.value) {
        Some(Value::Text(place)) => format!("the template at {}", place.shown()),
        _ => "the template of this resource".to_owned(),
    };
    Some(outside(&what))
}

/// The value of a TemplateBody, an object or its JSON or YAML text, on the line where it begins.
pub(super) fn body_of(body: &Node) -> Option<Node> {
    let text = match &body.value {
        Value::Map(_) => return Some(body.clone()),
        Value::Text(text) => text,
        _ => return None,
    };
    let marked = quoted::marked(text)?;
    let read = if marked.trim_start().starts_with('{') {
        json::read(&marked).ok()?
    } else {
        yaml::read(&marked).ok()?.into_iter().next()?
    };
    Some(quoted::restored(read, text).on_line(body.line))
}

/// The macros and includes that rewrite the whole template, each with its line.
/// AWS's own transforms are not among them: they bring no text along.
pub(super) fn macros(root: &Node) -> Vec<(usize, Doubt)> {
    const OWN: [&str; 6] = [
        "AWS::LanguageExtensions",
        "AWS::Serverless-2016-10-31",
        "AWS::CodeDeployBlueGreen",
        "AWS::SecretsManager-2020-07-23",
        "AWS::SecretsManager-2024-09-16",
        "AWS::ServiceCatalog",
    ];
    let transforms = root.get("Transform").map_or(&[][..], Node::items);
    let named = transforms.iter().filter_map(|transform| {
        let name = match &transform.value {
            Value::Map(_) => transform.known_at("Name"),
            _ => transform.known(),
        };
        let is_own = name.as_deref().is_some_and(|name| OWN.contains(&name));
        let what = match name.as_deref() {
            Some("AWS::Include") => "the text of AWS::Include".to_owned(),
            Some(name) => format!("the result of the macro {name}"),
            None => "the result of a macro".to_owned(),
        };
        (!is_own).then_some((transform.line, Doubt::Outside(what)))
    });
    named.collect()
}

/// A call of AWS::Include or of a macro beside a resource's own attributes.
pub(super) fn call_in(resource: &Node) -> Option<&Entry> {
    let mut entries = resource.entries().iter();
    entries.find(|entry| entry.key == "Fn::Transform")
}

fn outside(what: &str) -> Brought {
    Brought::Outside(Doubt::Outside(what.to_owned()))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::super::{Checked, Guardrail, Severity, check};

    /// An inline policy that opens every instance, as a template's text, indented so far.
    fn open(indent: usize) -> String {
        let lines = [
            "Resources:",
            "  R:",
            "    Type: AWS::IAM::Role",
            "    Properties:",
            "      Policies:",
            "        - PolicyName: ssm",
            "          PolicyDocument:",
            "            Version: '2012-10-17'",
            "            Statement: [{Effect: Allow, Action: ssm:StartSession, Resource: '*'}]",
        ];
        let indented = lines.map(|line| format!("{}{line}\n", " ".repeat(indent)));
        indented.concat()
    }

    fn stack_set(body: &str) -> String {
        format!(
            "Resources:\n  Set:\n    Type: AWS::CloudFormation::StackSet\n    Properties:\n      TemplateBody: {body}\n"
        )
    }

    /// What IAM-SSM-2 says: severity, line and message of each finding.
    fn sessions(text: &str) -> Vec<(Severity, usize, String)> {
        let Checked { findings, .. } = check(text, &[]).unwrap();
        findings
            .into_iter()
            .filter(|finding| finding.guardrail == Guardrail::StartSession)
            .map(|finding| (finding.severity, finding.line, finding.message))
            .collect()
    }

    #[test]
    fn an_inline_template_is_read() {
        let json = r#"{"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {"Policies": [{"PolicyName": "ssm", "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ssm:StartSession", "Resource": "*"}]}}]}}}}"#;
        for body in [
            format!("|\n{}", open(8)),
            format!("!Sub |\n{}", open(8)),
            format!("'{}'", json.replace('\'', "''")),
            json.to_owned(),
            format!("\n{}", open(8)),
        ] {
            let found = sessions(&stack_set(&body));
            assert_eq!(found.len(), 1, "{body}: {found:?}");
            assert_eq!(found[0].0, Severity::Violation, "{body}");
            assert!(found[0].2.starts_with("Set: R, policy ssm: "), "{found:?}");
        }
        let found = sessions(&stack_set(&format!("|\n{}", open(8))));
        assert_eq!(found[0].1, 6, "the line where the text begins: {found:?}");
        let harmless = open(8).replace("ssm:StartSession", "s3:GetObject");
        assert_eq!(sessions(&stack_set(&format!("|\n{harmless}"))), []);
        let printed = serde_json::json!({"TemplateBody": open(0)}).to_string();
        assert_eq!(sessions(&printed)[0].0, Severity::Violation);
    }

    #[test]
    fn a_text_that_is_not_in_the_file_is_undecided() {
        let resource = |text: &str| format!("Resources:\n  R: {text}\n");
        let macros = |text: &str| {
            format!("Transform: {text}\nResources: {{R: {{Type: AWS::S3::Bucket}}}}\n")
        };
        for (text, what) in [
            (
                resource(
                    "{Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: 'https://b/roles.yaml'}}",
                ),
                "the template at https://b/roles.yaml",
            ),
            (
                resource(
                    "{Type: AWS::CloudFormation::StackSet, Properties: {TemplateURL: !Ref Url}}",
                ),
                "the template at ${Url}",
            ),
            (
                resource(
                    "{Type: AWS::Serverless::Application, Properties: {Location: {ApplicationId: a}}}",
                ),
                "the template of this resource",
            ),
            (
                resource(
                    "{Type: AWS::ServiceCatalog::CloudFormationProduct, Properties: {ProvisioningArtifactParameters: [{Info: {LoadTemplateFromURL: 'https://b/roles.yaml'}}]}}",
                ),
                "the template of this resource",
            ),
            (
                resource("{Type: 'My::Own::Role::MODULE'}"),
                "the module My::Own::Role::MODULE",
            ),
            (stack_set("!Ref Body"), "the text of TemplateBody"),
            (
                macros("[AWS::Serverless-2016-10-31, Mine]"),
                "the result of the macro Mine",
            ),
            (
                macros("{Name: AWS::Include, Parameters: {Location: s3://b/k}}"),
                "the text of AWS::Include",
            ),
        ] {
            let found = sessions(&text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert_eq!(found[0].0, Severity::Undecided, "{text}");
            let ends = format!("it depends on {what}, which is not in this file");
            assert!(found[0].2.ends_with(&ends), "{text}: {found:?}");
        }
        let include = resource("{Type: AWS::IAM::Role, 'Fn::Transform': {Name: AWS::Include}}");
        assert_eq!(sessions(&include)[0].0, Severity::Undecided);
        for all in [
            "Fn::Transform: {Name: AWS::Include}",
            "Fn::ForEach::R: [N, [a], {}]",
        ] {
            let found = sessions(&format!("Resources:\n  {all}\n"));
            assert_eq!(found[0].0, Severity::Undecided, "{all}");
        }
        for text in [stack_set("just words"), stack_set("'{\"Resources\": '")] {
            assert_eq!(sessions(&text)[0].0, Severity::Undecided, "{text}");
        }
        for own in ["AWS::LanguageExtensions", "[AWS::Serverless-2016-10-31]"] {
            assert_eq!(sessions(&macros(own)), [], "{own}");
        }
    }

    #[test]
    fn templates_inside_one_another_end() {
        let mut text = open(0);
        for _ in 0..20 {
            let mut indented = String::new();
            for line in text.lines() {
                let _ = writeln!(indented, "        {line}");
            }
            text = stack_set(&format!("|\n{indented}"));
        }
        assert_eq!(sessions(&text)[0].0, Severity::Undecided);
    }
}
