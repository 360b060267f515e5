//! Reads `HTTPS_PROXY` as people write it, password and all.
//! No error repeats it.

use std::fmt::Write as _;

use url::Url;

/// The same proxy as a URL that every parser reads alike: user and password percent-encoded.
/// The last `@` ends the password, so a password may also have `@`, `/`, `?` and `#`. RFC 3986
/// section 3.2.1 wants those encoded, but few people do that. A `%` without two hexadecimal digits
/// stands for itself, as in curl.
pub(super) fn canonical(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    let rest = match text.split_once("://") {
        Some((scheme, rest)) if is_scheme(scheme) => {
            if !scheme.eq_ignore_ascii_case("http") {
                return Err("only http:// proxies work");
            }
            rest
        }
        // As in curl and aws-cli, a bare HOST:PORT is an http proxy.
        _ => text,
    };
    let (user_info, address) = match rest.rsplit_once('@') {
        None | Some(("", _)) => (String::new(), rest.trim_start_matches('@')),
        Some((user_info, address)) => {
            let (user, password) = match user_info.split_once(':') {
                None => (decoded(user_info)?, String::new()),
                Some((user, password)) => (decoded(user)?, decoded(password)?),
            };
            (
                format!("{}:{}@", encoded(&user), encoded(&password)),
                address,
            )
        }
    };
    let url = Url::parse(&format!("http://{address}")).map_err(|_| "it has no readable host")?;
    let host = url.host_str().ok_or("it has no readable host")?;
    let port = url.port().map_or_else(String::new, |it| format!(":{it}"));
    Ok(format!("http://{user_info}{host}{port}"))
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

fn decoded(text: &str) -> Result<String, &'static str> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, tail)) = rest.split_first() {
        let escaped = tail.first_chunk::<2>().filter(|_| *byte == b'%');
        let value = escaped
            .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(value.unwrap_or(*byte));
        rest = if value.is_some() { &tail[2..] } else { tail };
    }
    let text = String::from_utf8(bytes).map_err(|_| "its user or password is not UTF-8")?;
    if text.contains(char::is_control) {
        return Err("its user or password has a control character");
    }
    Ok(text)
}

fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(3 * text.len());
    for byte in text.bytes() {
        // Writing to a string does not fail.
        let _ = write!(encoded, "%{byte:02X}");
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The user, the password and the address that a value means.
    fn read(text: &str) -> (String, String, String) {
        let text = canonical(text).unwrap_or_else(|why| panic!("{text}: {why}"));
        let url = Url::parse(&text).unwrap();
        let part = |part: &str| decoded(part).unwrap();
        let address = text.rsplit(['@', '/']).next().unwrap().to_owned();
        (
            part(url.username()),
            part(url.password().unwrap_or_default()),
            address,
        )
    }

    #[test]
    fn the_last_at_sign_ends_the_password() {
        for (text, user, password) in [
            ("http://proxy.example:3128", "", ""),
            ("HTTP://proxy.example:3128/", "", ""),
            ("proxy.example:3128", "", ""),
            ("http://@proxy.example:3128", "", ""),
            ("http://user@proxy.example:3128", "user", ""),
            ("http://user:p@ss@proxy.example:3128", "user", "p@ss"),
            ("http://user:p@@ss@@proxy.example:3128/", "user", "p@@ss@"),
            ("user:p@ss@proxy.example:3128", "user", "p@ss"),
            ("http://user:p%40ss@proxy.example:3128", "user", "p@ss"),
            ("http://user:p:a:s@proxy.example:3128", "user", "p:a:s"),
            ("http://user:p/a?s#s@proxy.example:3128", "user", "p/a?s#s"),
            ("user:p://s@proxy.example:3128", "user", "p://s"),
            ("http://user:50%off%@proxy.example:3128", "user", "50%off%"),
            ("http://user:%25@proxy.example:3128", "user", "%"),
            ("http://user:a b+c@proxy.example:3128", "user", "a b+c"),
            (
                "http://CORP\\user:[p]@proxy.example:3128",
                "CORP\\user",
                "[p]",
            ),
            ("http://user:grün@proxy.example:3128", "user", "grün"),
            (
                "http://a@b.example:p@proxy.example:3128",
                "a@b.example",
                "p",
            ),
            (" http://user:p@proxy.example:3128\r\n", "user", "p"),
        ] {
            let expected = (user, password, "proxy.example:3128");
            let (user, password, address) = read(text);
            assert_eq!((&*user, &*password, &*address), expected, "{text}");
        }
        assert_eq!(canonical("http://[::1]:80").unwrap(), "http://[::1]");
    }

    #[test]
    fn what_cannot_be_meant_is_refused_and_not_repeated() {
        for text in [
            "https://user:hunter2@proxy.example:1",
            "socks5://user:hunter2@proxy.example:1",
            "http://user:hunter2@",
            "http://user:hunter2@:3128",
            "http://user:hunter2@proxy.example:99999",
            "http://user:hunter2@proxy example:1",
            "http://user:hunter2%0d%0a@proxy.example:1",
            "http://user:hunter2%ff@proxy.example:1",
            "http://",
        ] {
            let why = canonical(text).expect_err(text);
            assert!(!why.contains("hunter2"), "{text}");
        }
    }
}
