// Apollo Client: a link chain with persisted queries and headers over HTTP, subscriptions over a socket, a normalized cache.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { SetContextLink } from "@apollo/client/link/context";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { getMainDefinition, relayStylePagination } from "@apollo/client/utilities";
import { createClient } from "graphql-ws";
import { filter, firstValueFrom } from "rxjs";
import WebSocket from "ws";
import { Inbox, Shop, recordingFetch, sha256 } from "./shop.js";

const shop = await Shop.start();
after(() => shop.end());

const cache = () =>
  new InMemoryCache({
    possibleTypes: { Node: ["Cart", "Product", "Variant"] },
    typePolicies: { Query: { fields: { products: relayStylePagination() } } },
  });

/** A client, the requests it makes, and the credentials it sends. */
function connect(t, credentials = {}) {
  const { calls, fetch } = recordingFetch();
  const headers = new SetContextLink(({ headers }) => ({ headers: { ...headers, ...credentials.headers } }));
  const http = new HttpLink({ uri: shop.url, fetch });
  const persisted = new PersistedQueryLink({ sha256, useGETForHashedQueries: true });
  const socket = createClient({ url: shop.socketUrl, webSocketImpl: WebSocket, connectionParams: () => credentials.params });
  const isSubscription = ({ query }) => getMainDefinition(query).operation === "subscription";
  const link = ApolloLink.split(isSubscription, new GraphQLWsLink(socket), ApolloLink.from([headers, persisted, http]));
  const client = new ApolloClient({ link, cache: cache() });
  t.after(() => (client.stop(), socket.dispose()));
  return { client, calls };
}

const PRODUCTS = gql`
  query Products($after: String) {
    products(first: 2, after: $after) {
      edges { node { id name priceRange { minimum { amount currency } } } }
      pageInfo { hasNextPage endCursor }
    }
  }
`;

test("a query is persisted by its hash, pages are added, and the cache answers the second time", async (t) => {
  const { client, calls } = connect(t);
  const query = client.watchQuery({ query: PRODUCTS });
  const subscription = query.subscribe(() => {});
  const products = async (edges) =>
    (await firstValueFrom(query.pipe(filter((it) => it.data?.products.edges.length === edges)))).data.products;
  const first = await products(2);
  assert.match(first.edges[0].node.priceRange.minimum.amount, /^\d+\.\d\d$/);
  assert.deepEqual(calls.map((it) => it.method), ["GET", "POST"], "the hash is not known, then registered");

  await query.fetchMore({ variables: { after: first.pageInfo.endCursor } });
  assert.notEqual((await products(4)).edges[2].node.id, first.edges[0].node.id);
  assert.deepEqual(calls.map((it) => it.method), ["GET", "POST", "GET"], "the hash is known");
  assert.equal(calls[2].url.searchParams.has("query"), false);

  const { data } = await client.query({ query: PRODUCTS });
  assert.equal(data.products.edges.length, 4);
  assert.equal(calls.length, 3);
  subscription.unsubscribe();
});

const CART = gql`
  fragment CartFields on Cart { id version totalQuantity lines { id quantity variant { id sku } } }
`;
const CREATE = gql`
  ${CART}
  mutation Create($input: CartCreateInput!) {
    cartCreate(input: $input) { cart { ...CartFields } cartSecret userErrors { code message path } }
  }
`;
const ADD = gql`
  ${CART}
  mutation Add($input: CartLinesAddInput!) {
    cartLinesAdd(input: $input) {
      cart { ...CartFields }
      userErrors { __typename code message path ... on InsufficientStockError { available requested } }
    }
  }
`;
const READ = gql`
  ${CART}
  query Cart($id: ID!) { cart(id: $id) { ...CartFields } }
`;
const UPDATED = gql`
  ${CART}
  subscription Updated($id: ID!, $seen: Int) { cartUpdated(cartId: $id, afterVersion: $seen) { version cart { ...CartFields } } }
`;

test("a mutation changes the cached cart, refusals are read, and others' changes arrive", async (t) => {
  const credentials = {};
  const { client, calls } = connect(t, credentials);
  const input = { currency: "EUR", language: "en" };
  const { cart, cartSecret } = (await client.mutate({ mutation: CREATE, variables: { input } })).data.cartCreate;
  credentials.headers = { "Comptoir-Cart-Secret": cartSecret };
  credentials.params = { cartSecret };
  await client.query({ query: READ, variables: { id: cart.id } });

  const variantId = await shop.variant("SMG-SA");
  const add = (quantity) =>
    client.mutate({ mutation: ADD, variables: { input: { cartId: cart.id, lines: [{ variantId, quantity }] } } });
  assert.deepEqual((await add(2)).data.cartLinesAdd.userErrors, []);
  const before = calls.length;
  const cached = await client.query({ query: READ, variables: { id: cart.id } });
  assert.deepEqual([cached.data.cart.totalQuantity, calls.length], [2, before]);

  const [refused] = (await add(900)).data.cartLinesAdd.userErrors;
  assert.deepEqual([refused.__typename, refused.code], ["InsufficientStockError", "INSUFFICIENT_STOCK"]);
  assert.equal(refused.requested, 902);
  assert.ok(refused.available < 902);
  assert.deepEqual(refused.path, ["input", "lines", "0", "quantity"]);

  const inbox = new Inbox();
  const variables = { id: cart.id, seen: cached.data.cart.version };
  const subscription = client.subscribe({ query: UPDATED, variables }).subscribe((result) => inbox.push(result));
  await shop.add({ id: cart.id, headers: credentials.headers }, variantId, 1);
  const { data } = await inbox.next("the change of another client");
  assert.equal(data.cartUpdated.cart.totalQuantity, 3);
  assert.equal(client.readQuery({ query: READ, variables: { id: cart.id } }).cart.totalQuantity, 3);
  subscription.unsubscribe();
});

test("staff signs in by a header, and errors at the top level have codes", async (t) => {
  const credentials = {};
  const { client } = connect(t, credentials);
  const query = gql`query Orders { orders(first: 1) { nodes { id } } }`;
  const code = async (options) => {
    const { error } = await client.query({ fetchPolicy: "network-only", errorPolicy: "all", ...options });
    assert.ok(CombinedGraphQLErrors.is(error), String(error));
    return error.errors[0].extensions.code;
  };
  assert.equal(await code({ query }), "UNAUTHENTICATED");
  assert.equal(await code({ query: gql`query Bad { nothing }` }), "GRAPHQL_VALIDATION_FAILED");
  credentials.headers = { Authorization: "Bearer nonsense" };
  assert.equal(await code({ query }), "UNAUTHENTICATED");
  credentials.headers = { Authorization: `Bearer ${await shop.staffToken()}` };
  const { data } = await client.query({ query, fetchPolicy: "network-only" });
  assert.deepEqual(data.orders.nodes, []);
});

test("a subscription over a link without sockets is refused in words", async (t) => {
  const client = new ApolloClient({ link: new HttpLink({ uri: shop.url }), cache: cache() });
  t.after(() => client.stop());
  const inbox = new Inbox();
  client.subscribe({ query: UPDATED, variables: { id: "cart_x" } }).subscribe({ next: (it) => inbox.push(it), error: (it) => inbox.push({ error: it }) });
  const { error } = await inbox.next("the refusal");
  assert.ok(CombinedGraphQLErrors.is(error), String(error));
  assert.equal(error.errors[0].extensions.code, "NOT_ACCEPTABLE");
});
