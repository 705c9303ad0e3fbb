//! Input that cannot be used: a code, a place, nothing changed, and never a fault of the server.

mod http;
mod reads;
mod shopper;
mod staff;

use comptoir_tests::{Answer, Client, Payload, command};
use serde_json::{Value, json};

/// A command, what is wrong with it, and the code and the path of its error. An empty path is not looked at.
struct Case {
    field: &'static str,
    input: Value,
    code: &'static str,
    path: &'static str,
}

fn case(field: &'static str, input: Value, code: &'static str, path: &'static str) -> Case {
    Case { field, input, code, path }
}

/// What differs from the expected refusal of a command; `None`: nothing.
async fn deviation(client: &Client, Case { field, input, code, path }: &Case) -> Option<String> {
    let answer = client.execute(&command(field), json!({"input": input})).await;
    let (found, at) = refusal(&answer, field);
    let is_expected = answer.status < 500 && found == *code && (path.is_empty() || at == *path);
    let mut text = input.to_string();
    if let Some((end, _)) = text.char_indices().nth(200) {
        text.truncate(end);
    }
    (!is_expected).then(|| format!("{field} {text}\n    {} {found} at {at}, not {code} at {path}", answer.status))
}

/// The code and the path of what was refused: the command by its payload, or the request.
fn refusal(answer: &Answer, field: &str) -> (String, String) {
    if answer.body.get("errors").is_some() {
        let path = &answer.body["errors"][0]["extensions"]["argumentPath"];
        return (answer.code().to_owned(), path.as_array().map(|it| joined(it)).unwrap_or_default());
    }
    let payload = Payload(answer.body["data"][field].clone());
    let Some(error) = payload.0["userErrors"].get(0) else {
        return ("accepted".to_owned(), String::new());
    };
    assert!(!error["message"].as_str().unwrap().is_empty());
    (error["code"].as_str().unwrap().to_owned(), joined(error["path"].as_array().unwrap()))
}

/// A path as one word.
fn joined(path: &[Value]) -> String {
    path.iter().map(|it| it.as_str().unwrap()).collect::<Vec<_>>().join(".")
}

/// What an answer at the top level differs in from the expected code; `None`: nothing.
fn top_deviation(what: &str, answer: &Answer, status: u16, code: &str) -> Option<String> {
    let found = answer.body["errors"][0]["extensions"]["code"].as_str().unwrap_or("accepted");
    let is_expected = answer.status == status && found == code;
    let what: String = what.chars().take(200).collect();
    (!is_expected).then(|| format!("{what}\n    {} {found}, not {status} {code}", answer.status))
}
