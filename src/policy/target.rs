//! The targets of ssm:SendCommand and ssm:StartSession.
//! (Service Authorization Reference, "Actions, resources, and condition keys for AWS Systems
//! Manager".) Each kind has three example ARNs that no policy names: a Resource that matches all
//! three reaches every target of that kind.

use super::pattern::{Pattern, Piece};

/// A kind of target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Target {
    Instance,
    ManagedInstance,
    Task,
}

impl Target {
    /// The words that messages use.
    pub(super) fn plural(self) -> &'static str {
        match self {
            Self::Instance => "EC2 instances",
            Self::ManagedInstance => "managed instances",
            Self::Task => "ECS tasks",
        }
    }

    /// The ARN of all of them, anywhere.
    pub(super) fn every(self) -> &'static str {
        match self {
            Self::Instance => "arn:aws:ec2:*:*:instance/*",
            Self::ManagedInstance => "arn:aws:ssm:*:*:managed-instance/*",
            Self::Task => "arn:aws:ecs:*:*:task/*",
        }
    }

    /// The service in its ARNs.
    pub(super) fn service(self) -> &'static str {
        match self {
            Self::Instance => "ec2",
            Self::ManagedInstance => "ssm",
            Self::Task => "ecs",
        }
    }

    /// The beginning of the last part of its ARNs.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Instance => "instance/",
            Self::ManagedInstance => "managed-instance/",
            Self::Task => "task/",
        }
    }

    /// Three ids that have nothing in common beyond the form of every id.
    pub(super) fn ids(self) -> [&'static str; 3] {
        match self {
            Self::Instance => [
                "i-00b3f1d2c4e5a6978",
                "i-0f9e8d7c6b5a41320",
                "i-07c1a9e3d5b2f4860",
            ],
            Self::ManagedInstance => [
                "mi-00b3f1d2c4e5a6978",
                "mi-0f9e8d7c6b5a41320",
                "mi-07c1a9e3d5b2f4860",
            ],
            Self::Task => [
                "blue/00b3f1d2c4e5a697800b3f1d2c4e5a69",
                "web-7/f9e8d7c6b5a41320f9e8d7c6b5a41320",
                "Xq/7c1a9e3d5b2f48607c1a9e3d5b2f4860",
            ],
        }
    }
}

/// Whether a pattern names targets of that kind by the beginning of their ids.
pub(super) fn is_id_prefix(pattern: &Pattern, target: Target) -> bool {
    if !pattern.has_wildcard() {
        return false;
    }
    let text: String = pattern
        .pieces
        .iter()
        .map(|piece| match piece {
            Piece::Char(character) => *character,
            Piece::Any | Piece::One => '*',
            Piece::Named(_) | Piece::Open(_) => '\0',
        })
        .collect();
    text.split_once(&format!(":{}", target.kind()))
        .is_some_and(|(_, id)| id.contains('*') && !id.trim_matches('*').is_empty())
}
