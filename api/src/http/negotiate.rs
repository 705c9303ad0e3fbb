//! Content negotiation: which media type the response to an `Accept` header has.

use poem::http::{HeaderMap, header};

/// The media types the endpoint responds with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/graphql-response+json`: the status says whether the operation ran.
    GraphqlResponse,
    /// `application/json`: status 200 for every well-formed request.
    Json,
    /// `text/event-stream`: results as events.
    EventStream,
}

impl Media {
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
            Self::EventStream => "text/event-stream; charset=utf-8",
        }
    }
}

/// The media type the client prefers of those there are; `None` if it accepts none of them.
///
/// Without an `Accept` header, and for wildcards, `application/json` is chosen: clients that name no type are the old ones.
pub(super) fn negotiate(headers: &HeaderMap) -> Option<Media> {
    let mut best: Option<(u16, Media)> = None;
    let mut named = false;
    for value in headers.get_all(header::ACCEPT) {
        named = true;
        for range in value.to_str().unwrap_or_default().split(',') {
            if let Some((weight, media)) = media_range(range)
                && weight > best.map_or(0, |(weight, _)| weight)
            {
                best = Some((weight, media));
            }
        }
    }
    if named { best.map(|(_, media)| media) } else { Some(Media::Json) }
}

/// The type and weight (0 to 1000) of one media range, if the endpoint has that type in UTF-8.
fn media_range(range: &str) -> Option<(u16, Media)> {
    let mut parts = range.split(';').map(str::trim);
    let media = match parts.next()?.to_ascii_lowercase().as_str() {
        "application/graphql-response+json" => Media::GraphqlResponse,
        "application/json" | "application/*" | "*/*" => Media::Json,
        "text/event-stream" => Media::EventStream,
        _ => return None,
    };
    let mut weight = 1_000;
    for parameter in parts {
        match parameter.split_once('=').map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim())) {
            Some((name, value)) if name == "q" => weight = quality(value)?,
            Some((name, value)) if name == "charset" && !is_utf8(value) => return None,
            _ => {}
        }
    }
    Some((weight, media))
}

/// A quality value in thousandths (RFC 9110, section 12.4.2).
fn quality(value: &str) -> Option<u16> {
    let value: f32 = value.parse().ok()?;
    (0.0..=1.0).contains(&value).then_some((value * 1_000.0) as u16)
}

/// Whether the body is declared as JSON in UTF-8. Only a type that no form can send: another site needs a preflight.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let mut parts = value.split(';').map(str::trim);
    let json = parts.next().is_some_and(|media| media.eq_ignore_ascii_case("application/json"));
    json && parts.all(|parameter| match parameter.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => is_utf8(value.trim()),
        _ => true,
    })
}

fn is_utf8(charset: &str) -> bool {
    let charset = charset.trim_matches('"');
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(value: &str) -> Option<Media> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, value.parse().unwrap());
        negotiate(&headers)
    }

    #[test]
    fn the_preferred_type_wins_and_the_first_of_equals() {
        let both = "application/graphql-response+json; charset=utf-8, application/json; charset=utf-8";
        assert_eq!(accept(both), Some(Media::GraphqlResponse));
        assert_eq!(accept("application/json, application/graphql-response+json"), Some(Media::Json));
        assert_eq!(accept("application/json;q=0.9, application/graphql-response+json"), Some(Media::GraphqlResponse));
        assert_eq!(accept("text/html, */*;q=0.1"), Some(Media::Json));
        assert_eq!(accept("text/event-stream"), Some(Media::EventStream));
        assert_eq!(negotiate(&HeaderMap::new()), Some(Media::Json));
    }

    #[test]
    fn clients_get_what_they_read() {
        for (client, value, media) in [
            ("Apollo Client 4", "application/graphql-response+json,application/json;q=0.9", Media::GraphqlResponse),
            (
                "Apollo Client 4, incremental delivery",
                "multipart/mixed;deferSpec=20220824,application/graphql-response+json,application/json;q=0.9",
                Media::GraphqlResponse,
            ),
            (
                "Apollo Client 4, a subscription",
                "multipart/mixed;boundary=\"graphql\";subscriptionSpec=1.0,application/graphql-response+json",
                Media::GraphqlResponse,
            ),
            ("Apollo Client 3, fetch, and curl", "*/*", Media::Json),
            ("Apollo Router", "application/json, application/graphql-response+json", Media::Json),
            (
                "urql",
                "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed",
                Media::GraphqlResponse,
            ),
            ("urql, a subscription", "text/event-stream, multipart/mixed", Media::EventStream),
            ("graphql-sse", "text/event-stream", Media::EventStream),
            ("a browser's address bar", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Media::Json),
        ] {
            assert_eq!(accept(value), Some(media), "{client}");
        }
    }

    #[test]
    fn what_is_not_there_is_not_acceptable() {
        for value in
            ["text/html", "application/json;q=0", "application/json;charset=latin1", "", "application/json;q=x"]
        {
            assert_eq!(accept(value), None, "{value}");
        }
    }

    #[test]
    fn only_json_in_utf_8_is_a_body() {
        let is = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, value.parse().unwrap());
            is_json(&headers)
        };
        assert!(is("application/json") && is("Application/JSON; charset=\"UTF-8\""));
        assert!(
            !is("text/plain") && !is("application/x-www-form-urlencoded") && !is("multipart/form-data; boundary=x")
        );
        assert!(!is("application/json; charset=utf-16") && !is("application/jsonp") && !is_json(&HeaderMap::new()));
    }
}
