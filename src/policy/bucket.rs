//! Statements that grant writing to S3 buckets that the policy does not name.
//! Any account can create a bucket with a name that is still free. So a wildcard in the name lets
//! the holder write to a stranger's bucket, and to another session's log.

use super::condition::Conditions;
use super::pattern::{Answer, Pattern, Piece, literal};
use super::statement::{Effect, Statement};

/// Actions that write objects or change what protects them.
/// (Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3".)
const WRITES: [&str; 12] = [
    "s3:putobject",
    "s3:putobjectacl",
    "s3:putobjectretention",
    "s3:putobjectlegalhold",
    "s3:bypassgovernanceretention",
    "s3:deleteobject",
    "s3:deleteobjectversion",
    "s3:replicateobject",
    "s3:putbucketpolicy",
    "s3:putbucketacl",
    "s3:putbucketversioning",
    "s3:putbucketobjectlockconfiguration",
];

/// Keys that keep a statement to buckets of some accounts.
/// (IAM User Guide, "Global condition context keys"; S3's own is `s3:ResourceAccount`.)
const OF_ACCOUNTS: [&str; 4] = [
    "aws:resourceaccount",
    "aws:resourceorgid",
    "aws:resourceorgpaths",
    "s3:resourceaccount",
];

/// The statements that name an action of S3 that writes, on buckets that they do not name.
/// Each with that action and that Resource, as written.
pub(super) fn written_anywhere(statements: &[Statement]) -> Vec<(&Statement, String, String)> {
    let writes = WRITES.map(literal);
    let allows = statements
        .iter()
        .filter(|one| one.effect == Effect::Allow && one.malformed.is_none());
    allows
        .filter_map(|one| {
            let action = one.actions.patterns.iter().find(|action| {
                is_of_s3(action)
                    && writes
                        .iter()
                        .any(|write| action.matches(write) == Answer::Yes)
            })?;
            if one.actions.all_but || keeps_to_accounts(&one.conditions) {
                return None;
            }
            let resource = if one.resources.all_but {
                "NotResource".to_owned()
            } else {
                let resources = one.resources.patterns.iter();
                let anywhere = resources.filter(|resource| is_any_bucket(resource));
                anywhere.map(|resource| resource.shown.clone()).next()?
            };
            Some((one, action.shown.clone(), resource))
        })
        .collect()
}

/// Whether it names some actions of S3. `*` and `s3:*` plainly grant everything.
fn is_of_s3(action: &Pattern) -> bool {
    let is_all_of_it = action
        .pieces
        .iter()
        .skip(3)
        .all(|piece| *piece == Piece::Any);
    action.pieces.starts_with(&literal("s3:")) && !is_all_of_it
}

/// Whether the part of an ARN that names the bucket has a wildcard, or is missing.
/// An access point leads to a bucket of the account that its ARN names.
/// (Amazon S3 User Guide, "Configuring IAM policies for using access points".)
fn is_any_bucket(resource: &Pattern) -> bool {
    const BEFORE: usize = 5;
    let mut rest = resource.pieces.as_slice();
    let mut account = rest;
    for _ in 0..BEFORE {
        let colon = rest.iter().position(|piece| *piece == Piece::Char(':'));
        let Some(colon) = colon else {
            return rest.contains(&Piece::Any);
        };
        account = &rest[..colon];
        rest = &rest[colon + 1..];
    }
    let bucket = rest.split(|piece| *piece == Piece::Char('/')).next();
    let is_wild = |piece: &Piece| matches!(piece, Piece::Any | Piece::One);
    bucket.is_some_and(|bucket| {
        let is_access_point = bucket == literal("accesspoint");
        bucket.iter().any(is_wild) || (is_access_point && account.iter().any(is_wild))
    })
}

/// Whether a condition keeps the statement to buckets of accounts that it names.
fn keeps_to_accounts(conditions: &Conditions) -> bool {
    conditions.clauses.iter().any(|clause| {
        let is_key = OF_ACCOUNTS
            .iter()
            .any(|key| clause.key.eq_ignore_ascii_case(key));
        let is_whole = |value: &Pattern| clause.is_hollow(value) == Answer::No;
        is_key
            && clause.is_positive()
            && !clause.lets_absent_in()
            && clause.values.iter().all(is_whole)
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Guardrail, Severity, check};

    fn is_warned_of(statement: &str) -> bool {
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", {statement}}}]}}"#
        );
        let found = check(&text, &[]).unwrap().findings;
        found.iter().any(|finding| {
            finding.guardrail == Guardrail::BucketWrite && finding.severity == Severity::Warning
        })
    }

    #[test]
    fn writing_to_buckets_that_are_not_named_is_warned_of() {
        for statement in [
            r#""Action": "s3:PutObject", "Resource": "arn:aws:s3:::*/*""#,
            r#""Action": "s3:PutObject", "Resource": "*""#,
            r#""Action": "s3:PutObject", "Resource": "arn:aws:s3:::*""#,
            r#""Action": "s3:PutObject", "Resource": "arn:aws:s3:*""#,
            r#""Action": "s3:PutObject", "Resource": "arn:*:logs/*""#,
            r#""Action": "s3:PutObject", "Resource": "arn:aws:s3:::acme-*/*""#,
            r#""Action": "s3:PutObject", "Resource": "arn:aws:s3:::acme-log?/*""#,
            r#""Action": "s3:PutObject", "NotResource": "arn:aws:s3:::acme/*""#,
            r#""Action": ["s3:GetObject", "S3:putobject"], "Resource": ["arn:aws:s3:::a/*", "arn:aws:s3:::*/*"]"#,
            r#""Action": "s3:Put*", "Resource": "*""#,
            r#""Action": "s3:PutObject", "Resource": "arn:aws:s3:*:*:accesspoint/*""#,
            r#""Action": "s3:Delete*", "Resource": "*""#,
            r#""Action": "s3:BypassGovernanceRetention", "Resource": "arn:aws:s3:::*/*""#,
            r#""Action": "s3:PutObject", "Resource": "*", "Condition": {"StringLike": {"aws:ResourceAccount": "*"}}"#,
            r#""Action": "s3:PutObject", "Resource": "*", "Condition": {"StringEqualsIfExists": {"aws:ResourceAccount": "222222222222"}}"#,
            r#""Action": "s3:PutObject", "Resource": "*", "Condition": {"StringNotEquals": {"aws:ResourceAccount": "222222222222"}}"#,
        ] {
            assert!(is_warned_of(statement), "{statement}");
        }
    }

    #[test]
    fn writing_to_a_named_bucket_and_reading_are_not() {
        for statement in [
            r#""Action": "s3:PutObject", "Resource": "arn:aws:s3:::acme-session-logs/*""#,
            r#""Action": "s3:PutObject", "Resource": "arn:aws:s3:::acme-session-logs/a*""#,
            r#""Action": "s3:PutObject", "Resource": "arn:aws:s3:*:222222222222:accesspoint/*""#,
            r#""Action": "s3:GetObject", "Resource": "*""#,
            r#""Action": "s3:GetEncryptionConfiguration", "Resource": "*""#,
            r#""Action": "s3:Get*", "Resource": "arn:aws:s3:::*/*""#,
            r#""Action": "*", "Resource": "*""#,
            r#""Action": "s3:*", "Resource": "*""#,
            r#""Action": "s3:PutObject", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceAccount": "222222222222"}}"#,
            r#""Action": "s3:PutObject", "Resource": "*", "Condition": {"StringEquals": {"s3:ResourceAccount": "${aws:PrincipalAccount}"}}"#,
        ] {
            assert!(!is_warned_of(statement), "{statement}");
        }
    }
}
