//! Why a file does not say whether a policy is open.
//! Each kind of doubt has its own words here, and its own fix in the advice.

use std::fmt;

/// Why a value is not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Doubt {
    /// A reference or a function of a template that only the stack knows, as it is written.
    Template(String),
    /// A policy variable whose default value holds a wildcard, as it is written.
    Variable(String),
    /// `{{resolve:…}}`, which CloudFormation looks up when the stack is made.
    DynamicReference,
    /// A scalar with one of YAML's own tags that has no counterpart in JSON.
    YamlTag(String),
    /// The document of a managed policy that is not in the file: the policy's ARN or name.
    Absent(String),
    /// A text that a template brings along and that is not in the file, such as a nested stack's.
    Outside(String),
    /// The rest of an account's listing, of which the file is one page.
    CutListing,
    /// A document that is neither an object nor JSON text.
    Unreadable,
    /// A value of functions inside functions that is larger than any template.
    TooLarge,
    /// An element that is there twice, if letter case is ignored. IAM may use either.
    Repeated(String),
    /// An element that IAM does not have.
    Foreign(String),
    /// An element that IAM requires.
    Missing(&'static str),
    /// Two elements of which a statement may have only one.
    Together(&'static str, &'static str),
    /// A number, a list or an object where IAM takes text.
    NotText,
    /// What should be an object and is not.
    NotObject(String),
    /// Neither Allow nor Deny.
    Effect,
}

impl fmt::Display for Doubt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Template(written) | Self::Variable(written) => formatter.write_str(written),
            Self::DynamicReference => formatter.write_str("a dynamic reference"),
            Self::YamlTag(tag) => write!(formatter, "a value with the tag !!{tag}"),
            Self::Absent(policy) => {
                write!(
                    formatter,
                    "the document of {policy}, which is not in this file"
                )
            }
            Self::Outside(what) => write!(formatter, "{what}, which is not in this file"),
            Self::CutListing => formatter.write_str("the rest of the listing, which is cut off"),
            Self::Unreadable => formatter.write_str("a document that cannot be read"),
            Self::TooLarge => formatter.write_str("functions that make too large a value"),
            Self::Repeated(element) => {
                write!(formatter, "the element {element}, which is there twice")
            }
            Self::Foreign(element) => {
                write!(formatter, "the element {element}, which IAM does not have")
            }
            Self::Missing(element) => write!(formatter, "the missing {element}"),
            Self::Together(one, other) => write!(formatter, "{one} and {other} in one statement"),
            Self::NotText => formatter.write_str("a value that is not text"),
            Self::NotObject(what) => write!(formatter, "{what} that is not an object"),
            Self::Effect => formatter.write_str("its Effect"),
        }
    }
}
