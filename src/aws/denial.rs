//! Takes AWS's access-denied message apart: caller, action, resource and reason.
//! Pure. It matches the message's start and never the whole line, since AWS appends policy ARNs,
//! authorization ids and links.

/// What a refusal says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Denial {
    /// The caller's ARN.
    pub caller: String,
    /// The action, such as `ssm:StartSession`.
    pub action: String,
    /// The resource's ARN, if AWS names one.
    pub resource: Option<String>,
    /// The reason, as far as AWS gives one.
    pub cause: Cause,
}

/// Why a call was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cause {
    /// A policy of this kind denies it.
    Explicit(String),
    /// No policy of this kind allows it.
    Implicit(String),
    /// AWS gives no reason; across accounts it never does.
    Unsaid,
}

impl Cause {
    /// The cause in one clause.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Explicit(policy) => format!("denied explicitly by {policy}"),
            Self::Implicit(policy) => format!("no {policy} allows it"),
            Self::Unsaid => "AWS does not say why".to_owned(),
        }
    }
}

impl Denial {
    /// Parses an access-denied message; `None` for any other message.
    /// The form is `[prefix ]User: ARN is not authorized to perform: ACTION[ on resource: ARN]`,
    /// followed by `because …` or `with an explicit deny …` if AWS gives a reason.
    pub(crate) fn parse(message: &str) -> Option<Self> {
        let (_, rest) = message.split_once("User: ")?;
        let (caller, rest) = rest.split_once(" is not authorized to perform: ")?;
        let (action, rest) = word(rest);
        let (resource, rest) = match rest.trim_start().strip_prefix("on resource: ") {
            Some(rest) => {
                let (resource, rest) = word(rest);
                (Some(resource.trim_end_matches('.').to_owned()), rest)
            }
            None => (None, rest),
        };
        Some(Self {
            caller: caller.to_owned(),
            action: action.trim_end_matches('.').to_owned(),
            resource,
            cause: cause(rest.trim_start()),
        })
    }
}

fn word(text: &str) -> (&str, &str) {
    text.split_once(' ').unwrap_or((text, ""))
}

fn cause(text: &str) -> Cause {
    if let Some(rest) = text.strip_prefix("with an explicit deny") {
        let Some(rest) = rest.strip_prefix(" in ") else {
            return Cause::Explicit("a policy".to_owned());
        };
        // The policy's ARN may follow after a colon.
        let end = [": ", "."]
            .iter()
            .filter_map(|mark| rest.find(mark))
            .min()
            .unwrap_or(rest.len());
        return Cause::Explicit(rest[..end].trim().to_owned());
    }
    let implicit = text
        .strip_prefix("because no ")
        .and_then(|rest| rest.split_once(" allows the "));
    match implicit {
        Some((policy, _)) => Cause::Implicit(policy.to_owned()),
        None => Cause::Unsaid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_sentences_are_taken_apart() {
        let caller = "arn:aws:sts::222222222222:assumed-role/R/alice";
        let table = [
            (
                format!(
                    "User: {caller} is not authorized to perform: ssm:StartSession on resource: arn:aws:ec2:us-east-1:222222222222:instance/i-1 because no identity-based policy allows the ssm:StartSession action"
                ),
                "ssm:StartSession",
                Some("arn:aws:ec2:us-east-1:222222222222:instance/i-1"),
                Cause::Implicit("identity-based policy".to_owned()),
            ),
            (
                format!(
                    "User: {caller} is not authorized to perform: ssm:DescribeSessions on resource: * with an explicit deny in an identity-based policy: arn:aws:iam::222222222222:policy/P"
                ),
                "ssm:DescribeSessions",
                Some("*"),
                Cause::Explicit("an identity-based policy".to_owned()),
            ),
            (
                format!(
                    "User: {caller} is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::2:role/X"
                ),
                "sts:AssumeRole",
                Some("arn:aws:iam::2:role/X"),
                Cause::Unsaid,
            ),
            (
                format!(
                    "You are not authorized to perform this operation. User: {caller} is not authorized to perform: ec2:DescribeInstances because no identity-based policy allows the ec2:DescribeInstances action"
                ),
                "ec2:DescribeInstances",
                None,
                Cause::Implicit("identity-based policy".to_owned()),
            ),
            (
                format!(
                    "User: {caller} is not authorized to perform: ec2:CreateTags on resource: arn:x with an explicit deny in an identity-based policy. Encoded authorization failure message: AbC"
                ),
                "ec2:CreateTags",
                Some("arn:x"),
                Cause::Explicit("an identity-based policy".to_owned()),
            ),
        ];
        for (sentence, action, resource, cause) in table {
            let denial = Denial::parse(&sentence).unwrap();
            assert_eq!(
                (
                    denial.caller.as_str(),
                    denial.action.as_str(),
                    denial.resource.as_deref(),
                    &denial.cause
                ),
                (caller, action, resource, &cause),
                "{sentence}"
            );
        }
    }

    #[test]
    fn other_sentences_are_left_alone() {
        for sentence in ["", "Access denied", "User: x", "User: é is not authorized"] {
            assert_eq!(Denial::parse(sentence), None);
        }
    }
}
