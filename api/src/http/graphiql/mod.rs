//! The page at `/graphiql`: writes and runs operations against `/graphql`, with nothing loaded from elsewhere.

use poem::{Response, Route, get, handler, http::header};

/// Nothing but the page's own files and its own server.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Adds the page and its files.
pub(super) fn routes(route: Route) -> Route {
    route.at("/graphiql", get(page)).at("/graphiql/page.css", get(style)).at("/graphiql/page.js", get(script))
}

#[handler]
fn page() -> Response {
    file("text/html; charset=utf-8", include_str!("page.html"))
}

#[handler]
fn style() -> Response {
    file("text/css; charset=utf-8", include_str!("page.css"))
}

#[handler]
fn script() -> Response {
    file("text/javascript; charset=utf-8", include_str!("page.js"))
}

fn file(content_type: &str, text: &'static str) -> Response {
    Response::builder()
        .header(header::CONTENT_TYPE, content_type)
        .header(header::CONTENT_SECURITY_POLICY, POLICY)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::REFERRER_POLICY, "no-referrer")
        .body(text)
}

#[cfg(test)]
mod tests {
    use crate::http::{guard, limits::Limits};

    #[test]
    fn the_limits_let_the_pages_own_introspection_pass() {
        let script = include_str!("page.js");
        let constant = |name: &str, quote: char| {
            let (_, rest) = script.split_once(&format!("const {name} = {quote}")).unwrap();
            rest.split_once(quote).unwrap().0
        };
        let query = constant("INTROSPECTION", '`').replace("${TYPE_REFERENCE}", constant("TYPE_REFERENCE", '"'));
        assert!(query.contains("ofType"));
        guard::check(&query, true, &Limits::default()).unwrap();
    }
}
