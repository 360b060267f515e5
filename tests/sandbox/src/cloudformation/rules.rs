//! A parameter's rules, which CloudFormation checks before it makes anything.
//! (CloudFormation Template Reference, "Parameters".)

use regex::Regex;
use serde_json::Value;

use super::DeployError;

/// Whether the value keeps the parameter's rules.
pub(super) fn check(name: &str, parameter: &Value, text: &str) -> Result<(), DeployError> {
    let refuse = |why: String| Err(DeployError::Parameter(format!("{name} {text:?}: {why}")));
    let kind = parameter["Type"].as_str().unwrap_or("String");
    if kind == "Number" {
        let Ok(number) = text.parse::<f64>() else {
            return refuse("not a number".to_owned());
        };
        let bound = |key: &str| number_of(&parameter[key]);
        if bound("MinValue").is_some_and(|least| number < least)
            || bound("MaxValue").is_some_and(|most| number > most)
        {
            return refuse("beyond MinValue or MaxValue".to_owned());
        }
    }
    let items: Vec<&str> = if kind == "CommaDelimitedList" {
        text.split(',').map(str::trim).collect()
    } else {
        vec![text]
    };
    for item in items {
        let length = item.chars().count();
        let bound = |key: &str| {
            parameter[key]
                .as_u64()
                .and_then(|n| usize::try_from(n).ok())
        };
        if bound("MinLength").is_some_and(|least| length < least)
            || bound("MaxLength").is_some_and(|most| length > most)
        {
            return refuse("beyond MinLength or MaxLength".to_owned());
        }
        let fits = |value: &Value| match value {
            Value::String(value) => value == item,
            other => {
                let text = other.to_string();
                text == item
            }
        };
        let allowed = parameter["AllowedValues"].as_array();
        if allowed.is_some_and(|allowed| !allowed.iter().any(fits)) {
            return refuse("not among AllowedValues".to_owned());
        }
        if let Some(pattern) = parameter["AllowedPattern"].as_str()
            && !matches(pattern, item)?
        {
            return refuse(format!("not as AllowedPattern {pattern} says"));
        }
    }
    Ok(())
}

fn number_of(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

/// Java's `matches()`, on the whole value and with ASCII alone in `\w` and `\d`.
/// Java has a `(?!…)` that this crate has not, so one in front is decided on its own.
fn matches(pattern: &str, text: &str) -> Result<bool, DeployError> {
    let ascii = pattern
        .replace(r"\w", "[0-9A-Za-z_]")
        .replace(r"\d", "[0-9]");
    let (refused, rest) = match ascii.strip_prefix("(?!").and_then(balanced) {
        Some((ahead, rest)) => (Some(ahead), rest),
        None => (None, ascii.as_str()),
    };
    let read = |pattern: String| {
        Regex::new(&pattern).map_err(|error| DeployError::Template(error.to_string()))
    };
    if let Some(refused) = refused
        && read(format!("^(?:{refused})"))?.is_match(text)
    {
        return Ok(false);
    }
    Ok(read(format!("^(?:{rest})$"))?.is_match(text))
}

/// The text up to the parenthesis that closes it, and the text behind that.
fn balanced(text: &str) -> Option<(&str, &str)> {
    let mut open = 1;
    for (at, character) in text.char_indices() {
        match character {
            '(' => open += 1,
            ')' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Some((&text[..at], &text[at + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::check;

    #[test]
    fn values_beyond_a_rule_are_refused() {
        let number = json!({"Type": "Number", "MinValue": 1, "MaxValue": 60});
        let text = json!({"Type": "String", "AllowedPattern": r"(?!root$)[\w-]+", "MaxLength": 5});
        let list = json!({"Type": "CommaDelimitedList", "AllowedPattern": r"|\d+"});
        for (parameter, value, expected) in [
            (&number, "60", true),
            (&number, "61", false),
            (&number, "x", false),
            (&text, "roots", true),
            (&text, "root", false),
            (&text, "ab c", false),
            (&text, "abcdef", false),
            (&text, "é", false),
            (&list, "1, 2", true),
            (&list, "", true),
            (&list, "1,x", false),
        ] {
            assert_eq!(check("P", parameter, value).is_ok(), expected, "{value}");
        }
    }
}
