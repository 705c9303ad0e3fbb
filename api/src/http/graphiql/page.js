// Runs operations against /graphql as event streams, and shows the schema that introspection gives.
"use strict";

const ENDPOINT = "/graphql";
const EXAMPLE = "# Ctrl+Enter runs the operation.\nquery {\n  __typename\n}\n";
const KEPT = ["query", "variables"]; // Headers hold secrets, so they are not.

const at = (id) => document.getElementById(id);
let running = null;
let schema = null;
let trail = [];

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") made.addEventListener("click", value);
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

// ---- Running

function parsed(id) {
  const text = at(id).value.trim();
  if (!text) return {};
  try {
    const value = JSON.parse(text);
    if (value === null || typeof value !== "object" || Array.isArray(value)) throw new Error("not an object");
    return value;
  } catch (error) {
    throw new Error(`The ${id} are no JSON object: ${error.message}`);
  }
}

function operationNames(query) {
  const bare = query.replace(/"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|#[^\n]*/g, " ");
  const names = [];
  let depth = 0;
  for (const [token, kind, name] of bare.matchAll(/\b(query|mutation|subscription)\s+([A-Za-z_]\w*)|[{}]/g)) {
    if (token === "{") depth += 1;
    else if (token === "}") depth -= 1;
    else if (depth === 0 && kind) names.push(name);
  }
  return names;
}

function offerOperations() {
  const select = at("operation");
  const names = operationNames(at("query").value);
  const chosen = select.value;
  select.replaceChildren(...names.map((name) => element("option", {}, name)));
  if (names.includes(chosen)) select.value = chosen;
  select.hidden = names.length < 2;
}

// Calls `receive` with each result of an operation, and gives how many there were.
async function execute(body, headers, signal, receive) {
  const response = await fetch(ENDPOINT, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream", ...headers },
    body: JSON.stringify(body),
    signal,
  });
  if (!(response.headers.get("Content-Type") ?? "").startsWith("text/event-stream")) {
    const text = await response.text();
    try { receive(JSON.parse(text)); } catch { receive({ status: response.status, text }); }
    return 1;
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  let count = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error("The stream broke off.");
    buffer += value;
    const frames = buffer.split("\n\n");
    buffer = frames.pop();
    for (const frame of frames) {
      const lines = frame.split("\n");
      if (lines.includes("event: complete")) return count;
      const data = lines.find((line) => line.startsWith("data: "));
      if (data) {
        count += 1;
        receive(JSON.parse(data.slice(6)));
      }
    }
  }
}

async function run() {
  stop();
  const controller = new AbortController();
  running = controller;
  at("stop").hidden = false;
  at("result").textContent = "";
  at("status").textContent = "Running";
  const began = performance.now();
  const elapsed = () => `${Math.round(performance.now() - began)} ms`;
  try {
    offerOperations();
    const body = { query: at("query").value, variables: parsed("variables") };
    if (!at("operation").hidden) body.operationName = at("operation").value;
    let seen = 0;
    const count = await execute(body, parsed("headers"), controller.signal, (result) => {
      seen += 1;
      at("result").textContent = JSON.stringify(result, null, 2);
      at("status").textContent = seen === 1 ? elapsed() : `${seen} results, ${elapsed()}`;
    });
    at("status").textContent = count === 1 ? elapsed() : `Complete after ${count} results, ${elapsed()}`;
  } catch (error) {
    if (running !== controller) return;
    const stopped = error.name === "AbortError";
    at("status").textContent = stopped ? "Stopped" : "Failed";
    if (!stopped) at("result").textContent = error.message;
  } finally {
    if (running === controller) {
      running = null;
      at("stop").hidden = true;
    }
  }
}

function stop() {
  running?.abort();
}

// ---- The schema

const TYPE_REFERENCE = "kind name ofType { kind name ofType { kind name ofType { kind name } } }";
const INTROSPECTION = `{ __schema {
  queryType { name } mutationType { name } subscriptionType { name }
  types {
    kind name description
    fields(includeDeprecated: true) {
      name description isDeprecated deprecationReason type { ${TYPE_REFERENCE} }
      args { name description defaultValue type { ${TYPE_REFERENCE} } }
    }
    inputFields { name description defaultValue type { ${TYPE_REFERENCE} } }
    enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
    interfaces { name } possibleTypes { name }
  }
} }`;

async function loadSchema() {
  at("docs").textContent = "Loading";
  try {
    await execute({ query: INTROSPECTION }, parsed("headers"), undefined, (result) => {
      schema = result.data?.__schema ?? null;
      if (!schema) throw new Error(result.errors?.[0]?.message ?? "There is no schema to show.");
    });
    show();
  } catch (error) {
    const retry = element("button", { onclick: loadSchema }, "Try again with these headers");
    at("docs").replaceChildren(element("p", {}, error.message), retry);
  }
}

function go(name) {
  trail.push(name);
  at("filter").value = "";
  show();
}

function typeLink(type) {
  if (type.kind === "NON_NULL") return element("span", {}, typeLink(type.ofType), "!");
  if (type.kind === "LIST") return element("span", {}, "[", typeLink(type.ofType), "]");
  return element("button", { class: "link", onclick: () => go(type.name) }, type.name);
}

function argument(arg) {
  const shown = element("span", {}, `${arg.name}: `, typeLink(arg.type));
  if (arg.defaultValue !== null) shown.append(` = ${arg.defaultValue}`);
  return shown;
}

function member(item) {
  const line = element("li", {}, element("span", item.isDeprecated ? { class: "deprecated" } : {}, item.name));
  if (item.args?.length) {
    line.append("(", ...item.args.flatMap((arg, index) => (index ? [", ", argument(arg)] : [argument(arg)])), ")");
  }
  if (item.type) line.append(": ", typeLink(item.type));
  if (item.defaultValue != null) line.append(` = ${item.defaultValue}`);
  if (item.isDeprecated) line.append(element("p", {}, `Deprecated: ${item.deprecationReason ?? ""}`));
  if (item.description) line.append(element("p", {}, item.description));
  return line;
}

function matches(item) {
  return item.name.toLowerCase().includes(at("filter").value.trim().toLowerCase());
}

function showTypes() {
  const roots = [schema.queryType, schema.mutationType, schema.subscriptionType].filter(Boolean).map((type) => type.name);
  const rank = (type) => (roots.includes(type.name) ? roots.indexOf(type.name) : roots.length);
  const types = schema.types.filter((type) => !type.name.startsWith("__") && matches(type));
  types.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  const lines = types.map((type) => element("li", {}, typeLink(type)));
  at("docs").replaceChildren(element("h2", {}, "Types"), element("ul", {}, ...lines));
}

function showType(type) {
  const members = [...(type.fields ?? []), ...(type.inputFields ?? []), ...(type.enumValues ?? [])].filter(matches);
  const related = [...(type.interfaces ?? []), ...(type.possibleTypes ?? [])];
  const shown = [element("h2", {}, type.name)];
  if (type.description) shown.push(element("p", {}, type.description));
  if (related.length) shown.push(element("p", {}, ...related.flatMap((each) => [typeLink(each), " "])));
  at("docs").replaceChildren(...shown, element("ul", {}, ...members.map(member)));
}

function show() {
  if (!schema) return;
  const step = (name, index) => element("button", { class: "link", onclick: () => { trail.length = index; show(); } }, name);
  const steps = ["Types", ...trail].map(step).flatMap((link, index) => (index ? [" / ", link] : [link]));
  at("trail").replaceChildren(...steps);
  const type = schema.types.find((each) => each.name === trail.at(-1));
  if (type) showType(type);
  else showTypes();
}

// ---- The page

function indent(event) {
  if (event.key !== "Tab" || event.shiftKey || event.ctrlKey || event.altKey) return;
  event.preventDefault();
  event.target.setRangeText("  ", event.target.selectionStart, event.target.selectionEnd, "end");
}

at("query").value = localStorage.getItem("graphiql:query") ?? EXAMPLE;
at("variables").value = localStorage.getItem("graphiql:variables") ?? "";
at("run").addEventListener("click", run);
at("stop").addEventListener("click", stop);
at("filter").addEventListener("input", show);
at("query").addEventListener("keydown", indent);
at("query").addEventListener("input", offerOperations);
at("toggle").addEventListener("click", () => {
  const hidden = !at("schema").hidden;
  at("schema").hidden = hidden;
  document.querySelector("main").classList.toggle("wide", hidden);
  at("toggle").setAttribute("aria-expanded", String(!hidden));
});
for (const id of KEPT) {
  at(id).addEventListener("input", () => localStorage.setItem(`graphiql:${id}`, at(id).value));
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    run();
  }
});
offerOperations();
loadSchema();
