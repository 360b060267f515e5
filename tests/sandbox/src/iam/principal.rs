//! Who calls, and whom a Principal element means.

use serde_json::Value;

use super::context::Context;
use super::policy::{Malformed, texts};

/// A caller, read from its ARN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Caller<'a> {
    pub(super) arn: &'a str,
    pub(super) account: &'a str,
    kind: Kind<'a>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind<'a> {
    Root,
    User { name: &'a str },
    Session { partition: &'a str, role: &'a str },
    Other,
}

impl<'a> Caller<'a> {
    /// Reads a caller's ARN; an ARN that is not a principal's names only itself.
    pub(super) fn parse(arn: &'a str) -> Self {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let &["arn", partition, service, _, account, resource] = parts.as_slice() else {
            return Self {
                arn,
                account: "",
                kind: Kind::Other,
            };
        };
        let kind = match (service, resource.split_once('/')) {
            ("iam", None) if resource == "root" => Kind::Root,
            ("iam", Some(("user", path))) => Kind::User {
                name: path.rsplit_once('/').map_or(path, |(_, name)| name),
            },
            ("sts", Some(("assumed-role", rest))) => {
                let role = rest.split_once('/').map_or(rest, |(role, _)| role);
                Kind::Session { partition, role }
            }
            _ => Kind::Other,
        };
        Self { arn, account, kind }
    }

    /// Whether the caller is the account's root user.
    pub(super) fn is_root(&self) -> bool {
        self.kind == Kind::Root
    }

    /// Adds the keys that AWS derives from the caller, where the request lacks them.
    pub(super) fn complete(&self, context: &mut Context) {
        context.set_default("aws:PrincipalArn", || match &self.kind {
            Kind::Session { partition, role } => {
                format!("arn:{partition}:iam::{}:role/{role}", self.account)
            }
            _ => self.arn.to_owned(),
        });
        context.set_default("aws:PrincipalAccount", || self.account.to_owned());
        let kind = match &self.kind {
            Kind::Root => "Account",
            Kind::User { name } => {
                context.set_default("aws:username", || (*name).to_owned());
                "User"
            }
            Kind::Session { .. } => "AssumedRole",
            Kind::Other => return,
        };
        context.set_default("aws:PrincipalType", || kind.to_owned());
    }
}

/// How far a Principal element means the caller; a later one is closer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Match {
    /// Not at all.
    Not,
    /// By its account alone, which leaves the decision to that account's identity policies.
    Account,
    /// By name, by its role, or by a wildcard.
    Named,
    /// By the ARN of the role session itself, which a session policy does not narrow.
    Session,
}

/// A Principal or `NotPrincipal` element.
#[derive(Debug, Clone)]
pub(super) struct Principals {
    entries: Vec<Entry>,
    negated: bool,
}

#[derive(Debug, Clone)]
enum Entry {
    Anybody,
    Account(String),
    Arn(String),
    /// A unique id, such as `AROA…`: what AWS keeps of a principal that was deleted.
    UniqueId(String),
    /// The provider of federated identities, by its ARN or name.
    Federated(String),
    /// A service or a canonical user, which no AWS principal is.
    Foreign,
}

impl Principals {
    pub(super) fn parse(element: &Value, negated: bool) -> Result<Self, Malformed> {
        let mut entries = Vec::new();
        if let Some(text) = element.as_str() {
            if text != "*" {
                return Err(Malformed::new(format!("invalid principal {text}")));
            }
            entries.push(Entry::Anybody);
        } else {
            let object = element
                .as_object()
                .filter(|object| !object.is_empty())
                .ok_or_else(|| Malformed::new("a principal is neither * nor a JSON object"))?;
            for (kind, values) in object {
                let values =
                    texts(values).ok_or_else(|| Malformed::new("a principal is no text"))?;
                for value in values {
                    entries.push(match kind.as_str() {
                        "AWS" => Entry::parse(&value)?,
                        "Federated" => Entry::Federated(value),
                        "Service" | "CanonicalUser" => Entry::Foreign,
                        _ => {
                            return Err(Malformed::new(format!(
                                "unknown kind of principal {kind}"
                            )));
                        }
                    });
                }
            }
        }
        Ok(Self { entries, negated })
    }

    pub(super) fn matches(&self, caller: &Caller, context: &Context) -> Match {
        let closest = self
            .entries
            .iter()
            .map(|entry| entry.matches(caller, context))
            .max()
            .unwrap_or(Match::Not);
        match (self.negated, closest) {
            (false, closest) => closest,
            // Naming the account excepts its root user alone, not everyone in it.
            (true, Match::Account) if caller.is_root() => Match::Not,
            (true, Match::Not | Match::Account) => Match::Named,
            (true, Match::Named | Match::Session) => Match::Not,
        }
    }
}

impl Entry {
    fn parse(text: &str) -> Result<Self, Malformed> {
        let invalid = || Malformed::new(format!("invalid principal {text}"));
        let is_account =
            |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        if text == "*" {
            return Ok(Self::Anybody);
        }
        // A wildcard stands for everybody or not at all.
        if text.contains(['*', '?']) {
            return Err(invalid());
        }
        if is_account(text) {
            return Ok(Self::Account(text.to_owned()));
        }
        let id = |text: &str| {
            text.bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        };
        if (text.starts_with("AROA") || text.starts_with("AIDA")) && id(text) {
            return Ok(Self::UniqueId(text.to_owned()));
        }
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        match parts.as_slice() {
            ["arn", _, "iam", "", account, "root"] if is_account(account) => {
                Ok(Self::Account((*account).to_owned()))
            }
            ["arn", _, "iam" | "sts", "", account, resource]
                if is_account(account) && resource.contains('/') =>
            {
                Ok(Self::Arn(text.to_owned()))
            }
            _ => Err(invalid()),
        }
    }

    fn matches(&self, caller: &Caller, context: &Context) -> Match {
        let when = |condition: bool, matched: Match| if condition { matched } else { Match::Not };
        match self {
            Self::Anybody => Match::Named,
            Self::Account(account) => when(account == caller.account, Match::Account),
            Self::UniqueId(id) => {
                let own = context.single("aws:userid").unwrap_or_default();
                when(own.split(':').next() == Some(id), Match::Named)
            }
            Self::Arn(arn) if arn == caller.arn => match caller.kind {
                Kind::Session { .. } => Match::Session,
                _ => Match::Named,
            },
            Self::Arn(arn) => when(is_role_of(arn, caller, context), Match::Named),
            Self::Federated(provider) => when(provider == caller.arn, Match::Named),
            Self::Foreign => Match::Not,
        }
    }
}

/// Whether an ARN is that of the role behind the caller's session.
/// A session's ARN has no path, so without `aws:PrincipalArn` the name decides, which is unique in
/// an account whatever the path.
fn is_role_of(arn: &str, caller: &Caller, context: &Context) -> bool {
    let Kind::Session { partition, role } = &caller.kind else {
        return false;
    };
    let prefix = format!("arn:{partition}:iam::{}:role/", caller.account);
    let Some(named) = arn.strip_prefix(&prefix) else {
        return false;
    };
    let given = context
        .single("aws:PrincipalArn")
        .and_then(|arn| arn.strip_prefix(&prefix));
    match given {
        Some(given) if given.contains('/') => given == named,
        _ => named.rsplit('/').next() == Some(role),
    }
}
