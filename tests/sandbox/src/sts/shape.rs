//! The parameters of `AssumeRole` and the shapes that the API reference gives them.
//! One answer names all that is wrong.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::call::Query;
use crate::server::answer::{Refusal, Service};

/// What an `AssumeRole` asks for, in shape.
pub(super) struct Wanted {
    pub role_arn: String,
    pub session_name: String,
    pub external_id: Option<String>,
    pub duration: Option<Duration>,
    pub policy: Option<String>,
    pub tags: BTreeMap<String, String>,
    pub transitive: Vec<String>,
    pub source_identity: Option<String>,
    pub serial_number: Option<String>,
    pub token_code: Option<String>,
}

/// The longest session policy as plain text.
const LONGEST_POLICY: usize = 2048;

impl Wanted {
    /// Reads the parameters.
    pub(super) fn read(query: &Query) -> Result<Self, Refusal> {
        let mut check = Check::default();
        let name = |extra: &'static str| move |c: char| word(c) || extra.contains(c);
        let role_arn = check.text(query, "RoleArn", 20, 2048, None);
        let session_name = check.text(
            query,
            "RoleSessionName",
            2,
            64,
            Some((r"[\w+=,.@-]*", &name("+=,.@-"))),
        );
        let external_id = check.optional(
            query,
            "ExternalId",
            2,
            1224,
            Some((r"[\w+=,.@:\/-]*", &name("+=,.@:/-"))),
        );
        let source_identity = check.optional(
            query,
            "SourceIdentity",
            2,
            64,
            Some((r"[\w+=,.@-]*", &name("+=,.@-"))),
        );
        let token_code = check.optional(
            query,
            "TokenCode",
            6,
            6,
            Some((r"[\d]*", &|c: char| c.is_ascii_digit())),
        );
        let serial_number = check.optional(
            query,
            "SerialNumber",
            9,
            256,
            Some((r"[\w+=/:,.@-]*", &name("+=/:,.@-"))),
        );
        let duration = check.duration(query);
        let tags = check.tags(query);
        check.finish()?;

        let policy = query.get("Policy").map(str::to_owned);
        if policy
            .as_ref()
            .is_some_and(|text| text.len() > LONGEST_POLICY)
        {
            return Err(Refusal::new(
                400,
                "PackedPolicyTooLarge",
                "PackedPolicySize: 130%, exceeds allowed maximum.",
            ));
        }
        if !query.structures("PolicyArns.member").is_empty() {
            return Err(Refusal::shape(
                Service::Sts,
                "The sandbox holds no managed policies that could be passed as session policies.",
            ));
        }
        Ok(Self {
            role_arn,
            session_name,
            external_id,
            duration,
            policy,
            tags,
            transitive: query
                .list("TransitiveTagKeys.member")
                .into_iter()
                .map(str::to_owned)
                .collect(),
            source_identity,
            serial_number,
            token_code,
        })
    }
}

/// `\w` as the patterns mean it.
fn word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

type Pattern<'a> = Option<(&'static str, &'a dyn Fn(char) -> bool)>;

/// Collects what is wrong.
#[derive(Default)]
struct Check {
    errors: Vec<String>,
}

impl Check {
    fn text(
        &mut self,
        query: &Query,
        name: &str,
        shortest: usize,
        longest: usize,
        pattern: Pattern<'_>,
    ) -> String {
        let found = self.optional(query, name, shortest, longest, pattern);
        found.unwrap_or_else(|| {
            let message = format!(
                "Value null at '{}' failed to satisfy constraint: Member must not be null",
                lower_camel(name)
            );
            self.errors.push(message);
            String::new()
        })
    }

    fn optional(
        &mut self,
        query: &Query,
        name: &str,
        shortest: usize,
        longest: usize,
        pattern: Pattern<'_>,
    ) -> Option<String> {
        let value = query.get(name)?;
        let length = value.chars().count();
        let mut wrong = |constraint: String| {
            // An ExternalId must not be repeated in an answer.
            let shown = if name == "ExternalId" { "" } else { value };
            self.errors.push(format!(
                "Value '{shown}' at '{}' failed to satisfy constraint: Member must {constraint}",
                lower_camel(name)
            ));
        };
        if let Some((pattern, fits)) = pattern
            && !value.chars().all(fits)
        {
            wrong(format!("satisfy regular expression pattern: {pattern}"));
        }
        if length < shortest {
            wrong(format!("have length greater than or equal to {shortest}"));
        }
        if length > longest {
            wrong(format!("have length less than or equal to {longest}"));
        }
        Some(value.to_owned())
    }

    fn duration(&mut self, query: &Query) -> Option<Duration> {
        let text = query.get("DurationSeconds")?;
        let seconds = text.parse::<u64>().ok();
        let bound = match seconds {
            Some(0..900) => "greater than or equal to 900",
            Some(43_201..) => "less than or equal to 43200",
            Some(_) => return seconds.map(Duration::from_secs),
            None => "be an integer",
        };
        self.errors.push(format!(
            "Value '{text}' at 'durationSeconds' failed to satisfy constraint: Member must have value {bound}"
        ));
        None
    }

    fn tags(&mut self, query: &Query) -> BTreeMap<String, String> {
        let mut tags = BTreeMap::new();
        for prefix in query.structures("Tags.member") {
            let key = self.text(query, &format!("{prefix}.Key"), 1, 128, None);
            let value = self.text(query, &format!("{prefix}.Value"), 0, 256, None);
            tags.insert(key, value);
        }
        tags
    }

    fn finish(self) -> Result<(), Refusal> {
        let plural = match self.errors.len() {
            0 => return Ok(()),
            1 => "error",
            _ => "errors",
        };
        let text = format!(
            "{} validation {plural} detected: {}",
            self.errors.len(),
            self.errors.join("; ")
        );
        Err(Refusal::shape(Service::Sts, text))
    }
}

fn lower_camel(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    first.to_ascii_lowercase() + rest
}
