// Relay: compiled documents, trusted by their hashes, with connections, `node` and a normalized store.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createClient } from "graphql-ws";
import relay from "relay-runtime";
import WebSocket from "ws";
import { Inbox, Shop, printed } from "./shop.js";

const { Environment, Network, Observable, RecordSource, Store } = relay;
const { commitMutation, createOperationDescriptor, fetchQuery, getRequest, getSingularSelector, requestSubscription } = relay;

const file = (name) => fileURLToPath(new URL(name, import.meta.url));
await rm(file("generated/relay"), { recursive: true, force: true });
await mkdir(file("generated/relay"), { recursive: true });
await writeFile(file("generated/persisted.json"), "{}");
await writeFile(file("generated/relay/package.json"), `{ "type": "commonjs" }`);
await promisify(execFile)(process.execPath, [file("node_modules/relay-compiler/cli.js"), file("relay.config.json")], { cwd: file(".") });
const artifact = async (name) => (await import(`./generated/relay/${name}.graphql.js`)).default;

// What the compiler persists is the list of trusted documents as it is; others are refused.
const shop = await Shop.start(`[http]\ntrusted_documents = ${JSON.stringify(file("generated/persisted.json"))}\n`);
after(() => shop.end());

const persisted = ({ id }) => ({ query: "", extensions: { persistedQuery: { version: 1, sha256Hash: id } } });

/** An environment, and the credentials it sends. */
function connect(t, credentials = {}) {
  const fetchFn = async (request, variables) => {
    const headers = { "content-type": "application/json", accept: "application/graphql-response+json", ...credentials.headers };
    const body = JSON.stringify({ ...persisted(request), variables });
    return (await fetch(shop.url, { method: "POST", headers, body })).json();
  };
  const socket = createClient({ url: shop.socketUrl, webSocketImpl: WebSocket, connectionParams: () => credentials.params });
  t.after(() => socket.dispose());
  const subscribe = (request, variables) =>
    Observable.create((sink) => socket.subscribe({ ...persisted(request), variables }, sink));
  return new Environment({ network: Network.create(fetchFn, subscribe), store: new Store(new RecordSource()) });
}

const mutate = (environment, mutation, variables) =>
  new Promise((onCompleted, onError) => commitMutation(environment, { mutation, variables, onCompleted, onError }));

test("a connection grows by its pages, and a node is fetched again", async (t) => {
  const environment = connect(t);
  const [query, more, products, product, refetch] = await Promise.all(
    ["relayProductsQuery", "relayProductsPaginationQuery", "relay_products", "relay_product", "relayProductRefetchQuery"].map(artifact),
  );
  const operation = createOperationDescriptor(getRequest(query), { count: 2 });
  environment.retain(operation);
  await fetchQuery(environment, query, { count: 2 }).toPromise();
  const root = environment.lookup(operation.fragment).data;
  const list = () => environment.lookup(getSingularSelector(products, root)).data.products;
  assert.deepEqual([list().edges.length, list().pageInfo.hasNextPage], [2, true]);

  await fetchQuery(environment, more, { count: 3, cursor: list().pageInfo.endCursor }).toPromise();
  assert.equal(list().edges.length, 5);
  assert.equal(new Set(list().edges.map(({ node }) => node.id)).size, 5);

  const [{ node }] = list().edges;
  await fetchQuery(environment, refetch, { id: node.id }).toPromise();
  const { data, isMissingData } = environment.lookup(getSingularSelector(product, node));
  assert.equal(isMissingData, false);
  assert.equal(data.id, node.id);
  assert.match(data.variants.edges[0].node.price.amount.amount, /^\d+\.\d\d$/);
});

test("a node is found by its id, and is null for who may not see it", async (t) => {
  const environment = connect(t);
  const [query, node] = await Promise.all(["relayProductsQuery", "relayNodeQuery"].map(artifact));
  const found = await fetchQuery(environment, query, { count: 1 }).toPromise();
  assert.ok(found);
  const cart = await create(environment);
  const get = async (environment, id) => (await fetchQuery(environment, node, { id }, { fetchPolicy: "network-only" }).toPromise()).node;
  assert.equal(await get(connect(t), cart.id), null);
  const holder = connect(t, { headers: cart.headers });
  assert.deepEqual(await get(holder, cart.id), { __typename: "Cart", id: cart.id, totalQuantity: 0 });
});

/** A new cart, with what opens it. */
async function create(environment) {
  const input = { currency: "EUR", language: "en" };
  const { cartCreate } = await mutate(environment, await artifact("relayCartCreateMutation"), { input });
  const secret = cartCreate.cartSecret;
  return { id: cartCreate.cart.id, headers: { "comptoir-cart-secret": secret }, params: { cartSecret: secret } };
}

test("a mutation changes the stored cart, refusals are read, and others' changes arrive", async (t) => {
  const credentials = {};
  const environment = connect(t, credentials);
  const cart = await create(environment);
  Object.assign(credentials, cart);
  const [query, add, updated] = await Promise.all(
    ["relayCartQuery", "relayCartLinesAddMutation", "relayCartUpdatedSubscription"].map(artifact),
  );
  const operation = createOperationDescriptor(getRequest(query), { id: cart.id });
  environment.retain(operation);
  await fetchQuery(environment, query, { id: cart.id }).toPromise();
  const stored = () => environment.lookup(operation.fragment).data.cart;

  const staff = { authorization: `Bearer ${await signIn()}` };
  const found = await shop.ask(`{ variantBySku(sku: "SMG-SA") { id } }`, {}, staff);
  const lines = (quantity) => ({ input: { cartId: cart.id, lines: [{ variantId: found.variantBySku.id, quantity }] } });
  assert.deepEqual((await mutate(environment, add, lines(2))).cartLinesAdd.userErrors, []);
  assert.equal(stored().totalQuantity, 2);
  const [refused] = (await mutate(environment, add, lines(900))).cartLinesAdd.userErrors;
  assert.deepEqual([refused.code, refused.requested], ["INSUFFICIENT_STOCK", 902]);

  const inbox = new Inbox();
  const variables = { id: cart.id, seen: stored().version };
  const subscription = requestSubscription(environment, { subscription: updated, variables, onNext: (it) => inbox.push(it), onError: (it) => inbox.push(it) });
  const other = `mutation ($input: CartLinesAddInput!) { cartLinesAdd(input: $input) { userErrors { code } } }`;
  await shop.ask(other, lines(1), { ...staff, ...cart.headers });
  assert.equal((await inbox.next("the change of another client")).cartUpdated.cart.totalQuantity, 3);
  assert.equal(stored().totalQuantity, 3);
  subscription.dispose();
});

/** A token of staff, who may run any document. */
async function signIn() {
  const email = `${randomUUID()}@example.org`;
  const told = await printed(["staff", "create", "--email", email, "--permission", "ALL"], { cwd: shop.folder });
  return /eyJ[\w.-]+/.exec(told)[0];
}

test("errors at the top level have codes, and staff signs in by a header", async (t) => {
  const orders = await artifact("relayOrdersQuery");
  const codes = (error) => error.source.errors.map((it) => it.extensions.code);
  await assert.rejects(fetchQuery(connect(t), orders, {}).toPromise(), (error) => codes(error)[0] === "UNAUTHENTICATED");
  const nonsense = connect(t, { headers: { authorization: "Bearer nonsense" } });
  await assert.rejects(fetchQuery(nonsense, orders, {}).toPromise(), (error) => codes(error)[0] === "UNAUTHENTICATED");
  const staff = connect(t, { headers: { authorization: `Bearer ${await signIn()}` } });
  assert.deepEqual((await fetchQuery(staff, orders, {}).toPromise()).orders.edges, []);
});

test("a document that nobody compiled is refused", async () => {
  await assert.rejects(shop.ask("{ __typename }"), /DOCUMENT_NOT_TRUSTED/);
  assert.equal(Object.keys(JSON.parse(await readFile(file("generated/persisted.json"), "utf8"))).length, 9);
});
