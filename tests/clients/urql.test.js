// urql: the document cache and the normalized one, persisted queries, and subscriptions over either transport.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Client, cacheExchange, fetchExchange, gql, subscriptionExchange } from "@urql/core";
import { cacheExchange as graphcache } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";
import { persistedExchange } from "@urql/exchange-persisted";
import { createClient as createStreams } from "graphql-sse";
import { createClient as createSocket } from "graphql-ws";
import WebSocket from "ws";
import { Inbox, Shop, recordingFetch, sha256 } from "./shop.js";

const shop = await Shop.start();
after(() => shop.end());

const persisted = () => persistedExchange({ generateHash: async (query) => sha256(query), preferGetForPersistedQueries: true });

/** A client over HTTP, the requests it makes, and the headers it sends. */
function connect(cache, options = {}) {
  const { calls, fetch } = recordingFetch();
  const headers = {};
  const exchanges = [cache, persisted(), ...(options.exchanges ?? []), fetchExchange];
  const client = new Client({ url: shop.url, fetch, fetchOptions: () => ({ headers }), preferGetMethod: false, ...options, exchanges });
  return { client, calls, headers };
}

/** The data of a result. */
function data({ data, error }) {
  assert.equal(error, undefined, String(error));
  return data;
}

const PRODUCTS = gql`
  query Products($after: String) {
    products(first: 2, after: $after) {
      nodes { id slug }
      edges { node { id slug } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`;

test("a query is persisted by its hash, and the document cache answers the second time", async () => {
  const { client, calls } = connect(cacheExchange);
  const first = data(await client.query(PRODUCTS, {}));
  assert.equal(first.products.nodes.length, 2);
  const withText = () => calls.map((it) => it.url.searchParams.has("query"));
  assert.deepEqual(withText(), [false, true], "the hash is not known, then registered");
  assert.deepEqual(data(await client.query(PRODUCTS, {})), first);
  assert.equal(calls.length, 2);
  const after = first.products.pageInfo.endCursor;
  assert.notDeepEqual(data(await client.query(PRODUCTS, { after })).products.nodes, first.products.nodes);
  assert.deepEqual(withText(), [false, true, false], "the hash is known");
});

test("the normalized cache adds pages", async () => {
  const { client } = connect(graphcache({ resolvers: { Query: { products: relayPagination() } } }));
  const { products } = data(await client.query(PRODUCTS, {}));
  const more = data(await client.query(PRODUCTS, { after: products.pageInfo.endCursor }));
  assert.equal(more.products.edges.length, 4);
  assert.equal(new Set(more.products.edges.map((it) => it.node.id)).size, 4);
});

const ADD = gql`
  mutation Add($input: CartLinesAddInput!) {
    cartLinesAdd(input: $input) {
      cart { id totalQuantity }
      userErrors { __typename code message path ... on InsufficientStockError { available requested } }
    }
  }
`;
const READ = gql`query Cart($id: ID!) { cart(id: $id) { id totalQuantity } }`;

test("a mutation changes the normalized cart, and refusals are read", async () => {
  const { client, calls, headers } = connect(graphcache({}));
  const cart = await shop.cart();
  Object.assign(headers, cart.headers);
  data(await client.query(READ, { id: cart.id }));
  const variantId = await shop.variant("SMG-SA");
  const add = (quantity) => client.mutation(ADD, { input: { cartId: cart.id, lines: [{ variantId, quantity }] } });
  assert.deepEqual(data(await add(2)).cartLinesAdd.userErrors, []);
  const before = calls.length;
  assert.equal(data(await client.query(READ, { id: cart.id })).cart.totalQuantity, 2);
  assert.equal(calls.length, before);
  const [refused] = data(await add(900)).cartLinesAdd.userErrors;
  assert.deepEqual([refused.__typename, refused.code, refused.requested], ["InsufficientStockError", "INSUFFICIENT_STOCK", 902]);
});

test("staff signs in by a header, and errors at the top level have codes", async () => {
  const { client, headers } = connect(cacheExchange, { requestPolicy: "network-only" });
  const query = gql`query Orders { orders(first: 1) { nodes { id } } }`;
  const code = ({ error }) => error.graphQLErrors[0].extensions.code;
  assert.equal(code(await client.query(query, {})), "UNAUTHENTICATED");
  assert.equal(code(await client.query(gql`query Bad { nothing }`, {})), "GRAPHQL_VALIDATION_FAILED");
  headers.authorization = "Bearer nonsense";
  const refused = await client.query(query, {});
  assert.deepEqual([code(refused), refused.error.response.status], ["UNAUTHENTICATED", 401]);
  headers.authorization = `Bearer ${await shop.staffToken()}`;
  assert.deepEqual(data(await client.query(query, {})).orders.nodes, []);
});

const UPDATED = gql`
  subscription Updated($id: ID!) { cartUpdated(cartId: $id, afterVersion: 1) { version cart { id totalQuantity } } }
`;

/** Forwards subscriptions to a client of graphql-ws or graphql-sse. */
const forwardTo = (client) =>
  subscriptionExchange({
    forwardSubscription: ({ query, variables }) => ({
      subscribe: (sink) => ({ unsubscribe: client.subscribe({ query, variables }, sink) }),
    }),
  });

const TRANSPORTS = {
  "graphql-ws": ({ secret }) => ({
    exchanges: [forwardTo(createSocket({ url: shop.socketUrl, webSocketImpl: WebSocket, connectionParams: { cartSecret: secret } }))],
  }),
  "graphql-sse": ({ headers }) => ({ exchanges: [forwardTo(createStreams({ url: shop.url, headers }))] }),
  "event streams of its own": ({ headers }) => ({ fetchSubscriptions: true, fetchOptions: { headers } }),
};

for (const [name, options] of Object.entries(TRANSPORTS)) {
  test(`a subscription runs over ${name}`, async () => {
    const cart = await shop.cart();
    const variantId = await shop.variant("SMG-SA");
    const { client } = connect(graphcache({}), options(cart));
    const inbox = new Inbox();
    const { unsubscribe } = client.subscription(UPDATED, { id: cart.id }).subscribe((result) => inbox.push(result));
    for (const expected of [1, 2]) {
      await shop.add(cart, variantId, 1);
      assert.equal(data(await inbox.next("a change")).cartUpdated.cart.totalQuantity, expected);
    }
    unsubscribe();
  });
}
