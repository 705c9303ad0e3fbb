// graphql-ws: operations of all kinds on one socket, credentials in its connection parameters, and life after a restart.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { CloseCode, createClient } from "graphql-ws";
import WebSocket from "ws";
import { Inbox, Shop, eventually } from "./shop.js";

const shop = await Shop.start();
after(() => shop.end());

function connect(t, connectionParams, options = {}) {
  const client = createClient({ url: shop.socketUrl, webSocketImpl: WebSocket, connectionParams, ...options });
  t.after(() => client.dispose());
  return client;
}

/** The only result of an operation. */
async function run(client, query, variables) {
  const results = [];
  for await (const result of client.iterate({ query, variables })) results.push(result);
  assert.equal(results.length, 1);
  assert.equal(results[0].errors, undefined);
  return results[0].data;
}

const UPDATED = `subscription ($id: ID!, $seen: Int) { cartUpdated(cartId: $id, afterVersion: $seen) { version cart { totalQuantity } } }`;

/** What a subscription sends; an end is `{ end: error or undefined }`. */
function follow(client, variables) {
  const inbox = new Inbox();
  const end = (error) => inbox.push({ end: error });
  client.subscribe({ query: UPDATED, variables }, { next: (it) => inbox.push(it), error: end, complete: () => end() });
  return inbox;
}

test("a query and a mutation run on the socket, with the cart's secret and a language", async (t) => {
  const cart = await shop.cart();
  const client = connect(t, { cartSecret: cart.secret, acceptLanguage: "fr" });
  const found = await run(client, `{ context { languages } product(slug: "stoneware-mug") { name } }`);
  assert.deepEqual([found.context.languages, found.product.name], [["fr", "en"], "Mug en grès"]);
  const input = { cartId: cart.id, lines: [{ variantId: await shop.variant("SMG-SA"), quantity: 900 }] };
  const add = `mutation ($input: CartLinesAddInput!) { cartLinesAdd(input: $input) { userErrors { code ... on InsufficientStockError { requested } } } }`;
  assert.deepEqual((await run(client, add, { input })).cartLinesAdd.userErrors, [{ code: "INSUFFICIENT_STOCK", requested: 900 }]);
});

test("staff signs in by connection parameters, and anybody else is told a code", async (t) => {
  const query = `{ orders(first: 1) { nodes { id } } }`;
  const staff = connect(t, async () => ({ authorization: `Bearer ${await shop.staffToken()}` }));
  assert.deepEqual((await run(staff, query)).orders.nodes, []);

  const anybody = connect(t);
  const refused = [];
  for await (const result of anybody.iterate({ query })) refused.push(result);
  assert.equal(refused[0].errors[0].extensions.code, "UNAUTHENTICATED");
  await assert.rejects(run(anybody, "{ nothing }"), ([error]) => error.extensions.code === "GRAPHQL_VALIDATION_FAILED");
});

test("credentials that are not accepted close the socket for good", async (t) => {
  const client = connect(t, { authorization: "Bearer nonsense" });
  await assert.rejects(run(client, "{ __typename }"), (event) => event.code === CloseCode.Forbidden);
});

test("a subscription goes on after the server was started again, from the version it saw", async (t) => {
  const cart = await shop.cart();
  const variantId = await shop.variant("SMG-SA");
  const closes = [];
  const on = { closed: (event) => closes.push(event.code) };
  // While the server is away the connection is refused, which the client takes for fatal unless it is told.
  const retry = { retryAttempts: 50, retryWait: () => setTimeout(100), shouldRetry: () => true };
  const client = connect(t, { cartSecret: cart.secret }, { on, ...retry });
  const inbox = follow(client, { id: cart.id, seen: 1 });
  await shop.add(cart, variantId, 1);
  assert.equal((await inbox.next("a change")).data.cartUpdated.version, 2);

  await shop.stop();
  await eventually(() => closes.length, "the server's farewell");
  assert.equal(closes[0], 1001);
  await shop.startAgain();
  assert.equal((await inbox.next("what it missed")).data.cartUpdated.version, 2);
  await shop.add(cart, variantId, 1);
  assert.equal((await inbox.next("a change after the restart")).data.cartUpdated.cart.totalQuantity, 2);
});

test("a subscription that is no longer wanted ends, and its socket with it", async (t) => {
  const cart = await shop.cart();
  const client = connect(t, { cartSecret: cart.secret });
  const open = await shop.sample("comptoir_sockets_open");
  const stop = client.subscribe({ query: UPDATED, variables: { id: cart.id } }, { next() {}, error() {}, complete() {} });
  await eventually(async () => (await shop.sample("comptoir_sockets_open")) === open + 1, "the socket");
  stop();
  await eventually(async () => (await shop.sample("comptoir_sockets_open")) === open, "its end");
});
