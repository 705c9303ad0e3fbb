// graphql-sse, in distinct connections mode: operations of all kinds, headers, life after a restart, and an end on demand.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { createClient } from "graphql-sse";
import { Inbox, Shop, eventually } from "./shop.js";

const shop = await Shop.start();
after(() => shop.end());

function connect(t, headers, options = {}) {
  const client = createClient({ url: shop.url, headers, ...options });
  t.after(() => client.dispose());
  return client;
}

/** The only result of an operation. */
async function run(client, query, variables) {
  const results = [];
  for await (const result of client.iterate({ query, variables })) results.push(result);
  assert.equal(results.length, 1);
  return results[0];
}

const UPDATED = `subscription ($id: ID!, $seen: Int) { cartUpdated(cartId: $id, afterVersion: $seen) { version cart { totalQuantity } } }`;

/** What a subscription sends, and what ends it. */
function follow(client, variables) {
  const inbox = new Inbox();
  const end = (error) => inbox.push({ end: error });
  const stop = client.subscribe({ query: UPDATED, variables }, { next: (it) => inbox.push(it), error: end, complete: () => end() });
  return { inbox, stop };
}

test("a query and a mutation run, with the cart's secret and a language", async (t) => {
  const cart = await shop.cart();
  const client = connect(t, { ...cart.headers, "accept-language": "fr" });
  const { data } = await run(client, `{ product(slug: "stoneware-mug") { name } }`);
  assert.equal(data.product.name, "Mug en grès");
  const input = { cartId: cart.id, lines: [{ variantId: await shop.variant("SMG-SA"), quantity: 900 }] };
  const add = `mutation ($input: CartLinesAddInput!) { cartLinesAdd(input: $input) { userErrors { code ... on InsufficientStockError { requested } } } }`;
  const added = await run(client, add, { input });
  assert.deepEqual(added.data.cartLinesAdd.userErrors, [{ code: "INSUFFICIENT_STOCK", requested: 900 }]);
});

test("staff signs in by a header, and anybody else is told a code", async (t) => {
  const query = `{ orders(first: 1) { nodes { id } } }`;
  const staff = connect(t, async () => ({ authorization: `Bearer ${await shop.staffToken()}` }));
  assert.deepEqual((await run(staff, query)).data.orders.nodes, []);
  const anybody = connect(t);
  assert.equal((await run(anybody, query)).errors[0].extensions.code, "UNAUTHENTICATED");
  assert.equal((await run(anybody, "{ nothing }")).errors[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
});

test("credentials that are not accepted are refused by the status, and not tried again", async (t) => {
  const client = connect(t, { authorization: "Bearer nonsense" });
  await assert.rejects(run(client, "{ __typename }"), (error) => error.response.status === 401);
});

test("a subscription goes on after the server was started again, and ends where it is no longer wanted", async (t) => {
  const cart = await shop.cart();
  const variantId = await shop.variant("SMG-SA");
  const client = connect(t, cart.headers, { retryAttempts: 50, retry: () => setTimeout(100) });
  const { inbox, stop } = follow(client, { id: cart.id, seen: 1 });
  await shop.add(cart, variantId, 1);
  assert.equal((await inbox.next("a change")).data.cartUpdated.version, 2);

  await shop.stop();
  await shop.startAgain();
  assert.equal((await inbox.next("what it missed")).data.cartUpdated.version, 2);
  await shop.add(cart, variantId, 1);
  assert.equal((await inbox.next("a change after the restart")).data.cartUpdated.cart.totalQuantity, 2);

  const open = () => shop.sample("comptoir_event_streams_open");
  assert.equal(await open(), 1);
  stop();
  assert.deepEqual(await inbox.next("the end"), { end: undefined });
  await eventually(async () => (await open()) === 0, "the server to notice");
});

test("aborting a request ends its stream", async () => {
  const cart = await shop.cart();
  const abort = new AbortController();
  const headers = { ...cart.headers, accept: "text/event-stream", "content-type": "application/json" };
  const body = JSON.stringify({ query: UPDATED, variables: { id: cart.id, seen: 0 } });
  const response = await fetch(shop.url, { method: "POST", headers, body, signal: abort.signal });
  assert.equal(response.headers.get("content-type"), "text/event-stream; charset=utf-8");
  const open = () => shop.sample("comptoir_event_streams_open");
  assert.equal(await open(), 1);
  abort.abort();
  await eventually(async () => (await open()) === 0, "the server to notice");
});
