//! The filters of `DescribeInstances`:
//! all of them must fit, each by any of its values. A filter it does not know is refused, never
//! passed over.

use crate::call::Query;
use crate::server::answer::Refusal;
use crate::world::Instance;

/// The primary address of the primary interface alone.
/// Source: EC2 API reference, `DescribeInstances`, filters.
const PRIMARY: &str = "private-ip-address";
const PRIMARY_IPV6: &str = "ipv6-address";
/// Any address of any interface.
const ANY_PRIVATE: &str = "network-interface.addresses.private-ip-address";
const ANY_IPV6: &str = "network-interface.ipv6-addresses.ipv6-address";

/// `Filter.N` with its values.
pub(super) struct Filter {
    pub name: String,
    pub values: Vec<String>,
}

impl Filter {
    pub(super) fn read_all(query: &Query) -> Result<Vec<Self>, Refusal> {
        query
            .structures("Filter")
            .iter()
            .map(|prefix| Self::read(query, prefix))
            .collect()
    }

    fn read(query: &Query, prefix: &str) -> Result<Self, Refusal> {
        let name = query.get(&format!("{prefix}.Name")).unwrap_or_default();
        let known = name.strip_prefix("tag:").is_some_and(|key| !key.is_empty())
            || [
                "tag-key",
                "tag-value",
                "instance-state-name",
                PRIMARY,
                PRIMARY_IPV6,
                ANY_PRIVATE,
                ANY_IPV6,
                "instance-id",
            ]
            .contains(&name);
        if !known {
            return Err(Refusal::new(
                400,
                "InvalidParameterValue",
                format!("The filter '{name}' is invalid"),
            ));
        }
        let values: Vec<String> = query
            .list(&format!("{prefix}.Value"))
            .into_iter()
            .map(str::to_owned)
            .collect();
        if values.is_empty() {
            return Err(Refusal::new(
                400,
                "InvalidParameterValue",
                format!("The filter '{name}' has no values"),
            ));
        }
        Ok(Self {
            name: name.to_owned(),
            values,
        })
    }

    pub(super) fn fits(&self, instance: &Instance) -> bool {
        let any = |text: &str| self.values.iter().any(|value| like(value, text));
        let mut interfaces = instance.interfaces.iter();
        match self.name.as_str() {
            "tag-key" => instance.tags.iter().any(|(key, _)| any(key)),
            "tag-value" => instance.tags.iter().any(|(_, value)| any(value)),
            "instance-state-name" => any(instance.state.name()),
            PRIMARY => instance.private_ip_address().is_some_and(any),
            PRIMARY_IPV6 => instance.ipv6_address().is_some_and(any),
            ANY_PRIVATE => interfaces.any(|it| it.private_ip_addresses.iter().any(|own| any(own))),
            ANY_IPV6 => interfaces.any(|it| it.ipv6_addresses.iter().any(|own| any(own))),
            "instance-id" => any(&instance.id),
            name => name
                .strip_prefix("tag:")
                .and_then(|key| instance.tag(key))
                .is_some_and(any),
        }
    }
}

/// Whether a text fits a value, where `*` is any characters, `?`
/// is one, and `\` takes their meaning away.
fn like(value: &str, text: &str) -> bool {
    let pattern: Vec<char> = value.chars().collect();
    let text: Vec<char> = text.chars().collect();
    // Where the last star was, and how much of the text it has taken.
    let (mut p, mut t, mut star) = (0, 0, None);
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
                continue;
            }
            Some('?') => {
                p += 1;
                t += 1;
                continue;
            }
            Some('\\') if pattern.get(p + 1) == Some(&text[t]) => {
                p += 2;
                t += 1;
                continue;
            }
            Some(character) if *character == text[t] => {
                p += 1;
                t += 1;
                continue;
            }
            _ => {}
        }
        let Some((back, taken)) = star else {
            return false;
        };
        star = Some((back, taken + 1));
        p = back + 1;
        t = taken + 1;
    }
    pattern[p..].iter().all(|character| *character == '*')
}

#[cfg(test)]
mod tests {
    use super::like;

    #[test]
    fn wildcards_fit_as_in_ec2() {
        for (value, text) in [
            ("web-*", "web-1"),
            ("*", ""),
            ("w?b*1", "web-prod-1"),
            (r"a\*b", "a*b"),
            ("*a*b", "xaxbxb"),
        ] {
            assert!(like(value, text), "{value} {text}");
        }
        for (value, text) in [
            ("web-?", "web-"),
            ("Web-*", "web-1"),
            (r"a\*b", "axb"),
            ("", "a"),
        ] {
            assert!(!like(value, text), "{value} {text}");
        }
    }
}
