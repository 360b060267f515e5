//! Text that the target's agent takes for the name of a parameter in Parameter Store. Pure.
//!
//! In the parameters of a session the agent replaces `{{ssm:NAME}}` with that parameter's value
//! (amazon-ssm-agent, `agent/framework/docparser/parameterstore/parameterstore.go`,
//! `getValidSSMParamRegexCompiler`: `\{\{ *ssm:[/\w.:-]+ *\}\}`). If it finds no value, it drops
//! the session without a word (`mgsinteractor.go`, `processSessionRelatedMessages`). The pattern
//! in `agent/ssm/ssmparameterresolver/common.go` takes all white space, and `ssm-secure:` too.
//! What either of the two takes is found here.

use std::collections::BTreeMap;

/// The first text that the agent would replace.
pub(crate) fn lookup(text: &str) -> Option<&str> {
    // Each brace by itself: of three in a row, the last two may be the pair.
    text.match_indices('{')
        .find_map(|(at, _)| Some(&text[at..at + length(&text[at..])?]))
}

/// The parameters of a session that hold such text, each with the first one.
pub(crate) fn lookups(
    parameters: &BTreeMap<String, Vec<String>>,
) -> impl Iterator<Item = (&str, &str)> {
    parameters.iter().filter_map(|(name, values)| {
        let found = values.iter().find_map(|value| lookup(value));
        found.map(|found| (name.as_str(), found))
    })
}

/// The length of the text that begins here, if the agent would replace it.
fn length(text: &str) -> Option<usize> {
    // `\s` and `\w` of Go's regular expressions are ASCII.
    let space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}');
    let of_name = |c: char| c.is_ascii_alphanumeric() || "_-/.:".contains(c);
    let rest = text.strip_prefix("{{")?.trim_start_matches(space);
    let rest = rest
        .strip_prefix("ssm:")
        .or_else(|| rest.strip_prefix("ssm-secure:"))?;
    let behind = rest.trim_start_matches(of_name);
    if behind.len() == rest.len() {
        return None;
    }
    let rest = behind.trim_start_matches(space).strip_prefix("}}")?;
    Some(text.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use super::lookup;

    #[test]
    fn what_the_agent_would_replace_is_found() {
        for (text, found) in [
            ("{{ssm:NAME}}", "{{ssm:NAME}}"),
            ("echo '{{ ssm:/a/b-c_d }}' x", "{{ ssm:/a/b-c_d }}"),
            ("{{ssm:app.key:3}}", "{{ssm:app.key:3}}"),
            (
                "{{\t\n\r ssm-secure:NAME\u{c}}}",
                "{{\t\n\r ssm-secure:NAME\u{c}}}",
            ),
            ("{{{ssm:a}}}", "{{ssm:a}}"),
            ("{{ x }} {{ssm:b}} {{ssm:c}}", "{{ssm:b}}"),
            ("{{ {{ssm:a}}", "{{ssm:a}}"),
            ("ż{{ssm:a}}ż", "{{ssm:a}}"),
        ] {
            assert_eq!(lookup(text), Some(found), "{text:?}");
        }
    }

    #[test]
    fn what_it_leaves_alone_is_not() {
        for text in [
            "",
            "{{",
            "ssm:NAME",
            "{ssm:NAME}",
            "{{ssm:}}",
            "{{ssm: NAME}}",
            "{{ ssm:NAME }",
            "{ {ssm:NAME}}",
            "{{SSM:NAME}}",
            "{{ssm:a b}}",
            "{{ssm:ż}}",
            "{{ssm:a'b}}",
            "{{ssm:$NAME}}",
            "{{\u{a0}ssm:NAME}}",
            "{{ command }}",
            "{{resolve:ssm:NAME}}",
        ] {
            assert_eq!(lookup(text), None, "{text:?}");
        }
    }
}
