//! The address of a NATS server, apart from what it is opened with.

use async_nats::{ConnectOptions, ServerAddr};
use comptoir_domain::storage::BoxError;
use percent_encoding::percent_decode_str;

/// Takes user, password or token out of `url`: the client ignores them there, and logs the address.
pub(super) fn split(url: &str) -> Result<(ServerAddr, ConnectOptions), BoxError> {
    let mut url = url.parse::<ServerAddr>()?.into_inner();
    let decode = |text: &str| percent_decode_str(text).decode_utf8().map(String::from);
    let (user, password) = (decode(url.username())?, url.password().map(decode).transpose()?);
    let options = match (user, password) {
        (user, Some(password)) => ConnectOptions::new().user_and_password(user, password),
        (token, None) if !token.is_empty() => ConnectOptions::new().token(token),
        _ => ConnectOptions::new(),
    };
    url.set_username("").and_then(|()| url.set_password(None)).map_err(|()| "the address has no host")?;
    Ok((ServerAddr::from_url(url)?, options))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_secret_stays_in_the_address() {
        for (url, address) in [
            ("nats://127.0.0.1:4222", "nats://127.0.0.1:4222"),
            ("127.0.0.1", "nats://127.0.0.1"),
            ("nats://shop:s3cret@nats.example:4223", "nats://nats.example:4223"),
            ("shop:s3cret@nats.example", "nats://nats.example"),
            ("tls://s3cret@nats.example", "tls://nats.example"),
            ("nats://:s3cret@nats.example", "nats://nats.example"),
        ] {
            let (server, _) = split(url).unwrap();
            assert_eq!(server.as_url_str(), address);
            assert!(!format!("{server:?}").contains("s3cret"), "{server:?}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused_without_being_repeated() {
        for url in [
            "",
            "http://shop:s3cret@nats.example",
            "nats://shop:s3cret@nats example",
            "nats://shop:s3cret@:x",
            "nats:s3cret",
        ] {
            let error = split(url).map(drop).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
        }
    }
}
