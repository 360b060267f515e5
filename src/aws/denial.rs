//! Takes AWS's access-denied message apart: caller, action, resource and reason.
//! Pure. It looks for the words that all its forms share and never matches the whole line, since
//! AWS appends policy ARNs, authorization ids and links. What it takes out is bounded, and holds
//! only characters that an action or an ARN may have.
//!
//! Source: IAM User Guide, "Troubleshoot access denied error messages".

use std::fmt;

/// What a refusal says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Denial {
    /// The caller's ARN, if AWS names it.
    pub caller: Option<String>,
    /// The action, such as `ssm:StartSession`.
    pub action: String,
    /// The resource's ARN or `*`, if AWS names one.
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
    /// AWS gives no reason; across accounts it rarely does.
    Unsaid,
}

/// Who keeps the policy that decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keeper {
    /// The caller's account: an identity-based policy, a permissions boundary, a session policy.
    Caller,
    /// The organization of the caller's account: a service control policy.
    CallersOrganization,
    /// The resource's account: a role's trust policy or another resource-based policy.
    Owner,
    /// The organization of the resource's account: a resource control policy.
    OwnersOrganization,
    /// The network that the request came through: a VPC endpoint's policy.
    Network,
}

/// The longest ARN that IAM takes, in characters (API reference, `arnType`).
const LONGEST_ARN: usize = 2048;
/// The longest part of an action's name; AWS's own are far shorter.
const LONGEST_NAME: usize = 128;
/// The longest name of a kind of policy; AWS's own are far shorter.
const LONGEST_POLICY: usize = 64;

impl Cause {
    /// The cause in one clause.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Explicit(policy) => format!("denied explicitly by {policy}"),
            Self::Implicit(policy) => format!("no {policy} allows it"),
            Self::Unsaid => "AWS does not say why".to_owned(),
        }
    }

    /// Who keeps the policy; `None` if AWS does not name its kind.
    pub(crate) fn keeper(&self) -> Option<Keeper> {
        const KINDS: [(&str, Keeper); 8] = [
            ("service control", Keeper::CallersOrganization),
            ("resource control", Keeper::OwnersOrganization),
            ("endpoint", Keeper::Network),
            ("trust", Keeper::Owner),
            ("resource-based", Keeper::Owner),
            ("identity-based", Keeper::Caller),
            ("boundary", Keeper::Caller),
            ("session", Keeper::Caller),
        ];
        let (Self::Explicit(policy) | Self::Implicit(policy)) = self else {
            return None;
        };
        let policy = policy.to_ascii_lowercase();
        let mut kinds = KINDS.iter();
        let (_, keeper) = kinds.find(|(kind, _)| policy.contains(kind))?;
        Some(*keeper)
    }
}

impl Denial {
    /// Parses an access-denied message; `None` for any other message.
    /// The form is `[prefix ]User: ARN is not authorized to perform: ACTION[ on resource: ARN]`,
    /// followed by `because …` or `with an explicit deny …` if AWS gives a reason. Some services
    /// leave out the caller or the colons.
    pub(crate) fn parse(message: &str) -> Option<Self> {
        let (before, action, rest) = denied(message)?;
        let (resource, rest) = match split(rest, "on resource") {
            // A resource that another sentence names is not this one's.
            Some((between, rest)) if between.trim().is_empty() => {
                let (resource, rest) = word(rest.strip_prefix(':').unwrap_or(rest));
                (arn(resource), rest)
            }
            _ => (None, rest),
        };
        Some(Self {
            caller: caller(before),
            action: action.to_owned(),
            resource,
            cause: cause(rest),
        })
    }
}

/// `ssm:StartSession on arn:…: no identity-based policy allows it; asked as arn:…`
impl fmt::Display for Denial {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let resource = self.resource.as_deref().unwrap_or("*");
        write!(
            formatter,
            "{} on {resource}: {}",
            self.action,
            self.cause.text()
        )?;
        match &self.caller {
            Some(caller) => write!(formatter, "; asked as {caller}"),
            None => Ok(()),
        }
    }
}

/// The first action that AWS names as not authorized, with what is before and after it.
/// EC2 speaks of "this operation" before that.
fn denied(message: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let (before, rest) = split(&message[from..], "not authorized to perform")?;
        let (action, after) = word(rest.strip_prefix(':').unwrap_or(rest));
        let action = action.trim_matches(|mark: char| !mark.is_ascii_alphanumeric());
        if is_action(action) {
            return Some((&message[..from + before.len()], action, after));
        }
        from = message.len() - rest.len();
    }
}

/// What is before and after `words`, whatever their case.
fn split<'a>(text: &'a str, words: &str) -> Option<(&'a str, &'a str)> {
    // The offsets in the copy are those of the text: only ASCII letters change.
    let at = text.to_ascii_lowercase().find(words)?;
    Some((&text[..at], &text[at + words.len()..]))
}

/// The first word, and what follows it.
fn word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_once(char::is_whitespace).unwrap_or((text, ""))
}

/// The word after the last `User`.
fn caller(before: &str) -> Option<String> {
    let at = before.to_ascii_lowercase().rfind("user")?;
    let rest = &before[at + "user".len()..];
    arn(word(rest.strip_prefix(':').unwrap_or(rest)).0)
}

/// A word as an ARN or `*`, if it can be one.
fn arn(word: &str) -> Option<String> {
    let word = word.trim_matches(|mark| matches!(mark, '.' | ',' | ';' | '"' | '\'' | '`'));
    let is_arn = word == "*" || word.starts_with("arn:");
    let fits = word.len() <= LONGEST_ARN && word.chars().all(|one| one.is_ascii_graphic());
    (is_arn && fits).then(|| word.to_owned())
}

/// `SERVICE:NAME`, as the Service Authorization Reference writes actions.
fn is_action(text: &str) -> bool {
    let Some((service, name)) = text.split_once(':') else {
        return false;
    };
    let is_service = |one: char| one.is_ascii_alphanumeric() || one == '-';
    let fits = |part: &str| (1..=LONGEST_NAME).contains(&part.len());
    fits(service)
        && fits(name)
        && service.chars().all(is_service)
        && name.chars().all(|one| one.is_ascii_alphanumeric())
}

fn cause(text: &str) -> Cause {
    if let Some((_, rest)) = split(text, "with an explicit deny") {
        return Cause::Explicit(match rest.strip_prefix(" in ") {
            Some(rest) => policy(rest).unwrap_or("a policy").to_owned(),
            None => "a policy".to_owned(),
        });
    }
    let implicit = split(text, "because no ").and_then(|(_, rest)| split(rest, " allow"));
    match implicit.and_then(|(named, _)| policy(named)) {
        Some(policy) => Cause::Implicit(policy.to_owned()),
        None => Cause::Unsaid,
    }
}

/// The name of a kind of policy. The policy's ARN may follow after a colon.
fn policy(text: &str) -> Option<&str> {
    let end = text.find([':', '.', ',', '\n', '(']).unwrap_or(text.len());
    let name = text[..end].trim();
    let is_name = |one: char| one.is_ascii_alphanumeric() || matches!(one, ' ' | '-');
    let fits = (1..=LONGEST_POLICY).contains(&name.len()) && name.chars().all(is_name);
    fits.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALLER: &str = "arn:aws:sts::222222222222:assumed-role/R/alice";

    fn parsed(sentence: &str) -> Denial {
        Denial::parse(sentence).unwrap_or_else(|| panic!("{sentence}"))
    }

    #[test]
    fn real_sentences_are_taken_apart() {
        let explicit = |policy: &str| Cause::Explicit(policy.to_owned());
        let implicit = |policy: &str| Cause::Implicit(policy.to_owned());
        let table = [
            (
                "User: CALLER is not authorized to perform: ssm:StartSession on resource: arn:aws:ec2:us-east-1:222222222222:instance/i-1 because no identity-based policy allows the ssm:StartSession action",
                "ssm:StartSession",
                Some("arn:aws:ec2:us-east-1:222222222222:instance/i-1"),
                implicit("identity-based policy"),
            ),
            (
                "User: CALLER is not authorized to perform: ssm:DescribeSessions on resource: * with an explicit deny in an identity-based policy: arn:aws:iam::222222222222:policy/P",
                "ssm:DescribeSessions",
                Some("*"),
                explicit("an identity-based policy"),
            ),
            (
                "User: CALLER is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::2:role/X",
                "sts:AssumeRole",
                Some("arn:aws:iam::2:role/X"),
                Cause::Unsaid,
            ),
            (
                "You are not authorized to perform this operation. User: CALLER is not authorized to perform: ec2:DescribeInstances because no identity-based policy allows the ec2:DescribeInstances action",
                "ec2:DescribeInstances",
                None,
                implicit("identity-based policy"),
            ),
            (
                "User: CALLER is not authorized to perform: ec2:CreateTags on resource: arn:x with an explicit deny in an identity-based policy. Encoded authorization failure message: AbC",
                "ec2:CreateTags",
                Some("arn:x"),
                explicit("an identity-based policy"),
            ),
            (
                "User: CALLER is not authorized to perform: sts:SetSourceIdentity on resource: arn:aws:iam::2:role/X because no role trust policy allows the sts:SetSourceIdentity action",
                "sts:SetSourceIdentity",
                Some("arn:aws:iam::2:role/X"),
                implicit("role trust policy"),
            ),
            (
                "User: CALLER is not authorized to perform: sts:TagSession on resource: arn:aws:iam::2:role/X with an explicit deny in the role trust policy",
                "sts:TagSession",
                Some("arn:aws:iam::2:role/X"),
                explicit("the role trust policy"),
            ),
            (
                "User: CALLER is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::2:role/X with an explicit deny in a service control policy: arn:aws:organizations::9:policy/o-1/service_control_policy/p-1",
                "sts:AssumeRole",
                Some("arn:aws:iam::2:role/X"),
                explicit("a service control policy"),
            ),
            (
                "user: CALLER is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::2:role/X with an explicit deny",
                "sts:AssumeRole",
                Some("arn:aws:iam::2:role/X"),
                explicit("a policy"),
            ),
            (
                "User: CALLER is not authorized to perform: kms:GenerateDataKey on this resource because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access",
                "kms:GenerateDataKey",
                None,
                Cause::Unsaid,
            ),
            (
                "User CALLER is not authorized to perform:\n sts:AssumeRole\n on resource: \"arn:aws:iam::2:role/X\".",
                "sts:AssumeRole",
                Some("arn:aws:iam::2:role/X"),
                Cause::Unsaid,
            ),
        ];
        for (sentence, action, resource, cause) in table {
            let denial = parsed(&sentence.replace("CALLER", CALLER));
            assert_eq!(
                (
                    denial.caller.as_deref(),
                    denial.action.as_str(),
                    denial.resource.as_deref(),
                    &denial.cause
                ),
                (Some(CALLER), action, resource, &cause),
                "{sentence}"
            );
        }
        let denial = parsed("Not authorized to perform sts:AssumeRole");
        assert_eq!((denial.caller, denial.resource), (None, None));
        assert_eq!(denial.action, "sts:AssumeRole");
    }

    #[test]
    fn the_kind_of_policy_says_who_keeps_it() {
        let table = [
            (
                "with an explicit deny in a service control policy",
                Keeper::CallersOrganization,
            ),
            (
                "because no service control policy allows the x:Y action",
                Keeper::CallersOrganization,
            ),
            (
                "with an explicit deny in a resource control policy",
                Keeper::OwnersOrganization,
            ),
            (
                "because no VPC endpoint policy allows the x:Y action",
                Keeper::Network,
            ),
            (
                "with an explicit deny in a VPC endpoint policy",
                Keeper::Network,
            ),
            (
                "because no permissions boundary allows the x:Y action",
                Keeper::Caller,
            ),
            (
                "with an explicit deny in a permissions boundary",
                Keeper::Caller,
            ),
            (
                "because no session policy allows the x:Y action",
                Keeper::Caller,
            ),
            (
                "because no resource-based policy allows the x:Y action",
                Keeper::Owner,
            ),
            (
                "because no role trust policy allows the x:Y action",
                Keeper::Owner,
            ),
            (
                "because no identity-based policy allows the x:Y action",
                Keeper::Caller,
            ),
        ];
        for (reason, keeper) in table {
            let sentence = format!("User: {CALLER} is not authorized to perform: x:Y {reason}");
            assert_eq!(parsed(&sentence).cause.keeper(), Some(keeper), "{reason}");
        }
        let sentence =
            format!("User: {CALLER} is not authorized to perform: x:Y with an explicit deny");
        assert_eq!(parsed(&sentence).cause.keeper(), None);
    }

    #[test]
    fn other_sentences_are_left_alone() {
        let long = format!(
            "User: x is not authorized to perform: sts:{}",
            "A".repeat(200)
        );
        for sentence in [
            "",
            "Access denied",
            "User: x",
            "User: é is not authorized",
            "You are not authorized to perform this operation.",
            "User: x is not authorized to perform: ",
            "User: x is not authorized to perform: sts:Assume\u{1b}Role",
            "User: x is not authorized to perform: sts:\u{202e}",
            "User: x is not authorized to perform: <b>:y",
            long.as_str(),
        ] {
            assert_eq!(Denial::parse(sentence), None, "{sentence}");
        }
    }

    #[test]
    fn what_is_taken_out_is_bounded_and_plain() {
        let sentence = format!(
            "User: arn:{0} is not authorized to perform: x:Y on resource: arn:a\u{1b}[2J with an explicit deny in a {0}",
            "A".repeat(3000)
        );
        let denial = parsed(&sentence);
        assert_eq!((denial.caller, denial.resource), (None, None));
        assert_eq!(denial.cause, Cause::Explicit("a policy".to_owned()));
    }
}
