// Comptoir in a supergraph, beside a subgraph that knows more of its products, customers and orders.
import assert from "node:assert/strict";
import { test } from "node:test";
import { composeServices } from "@apollo/composition";
import { Supergraph } from "@apollo/federation-internals";
import { parse } from "graphql";
import { printed } from "./shop.js";

const REVIEWS = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@shareable"])
  type Query { reviews(first: Int): ReviewConnection! }
  type Review { id: ID! stars: Int! product: Product! author: Customer order: Order }
  type Product @key(fields: "id") { id: ID! reviews(first: Int): ReviewConnection! }
  type Customer @key(fields: "id") { id: ID! reviews(first: Int): ReviewConnection! }
  type Order @key(fields: "id", resolvable: false) { id: ID! }
  type ReviewConnection { nodes: [Review!]! pageInfo: PageInfo! }
  type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
`;

test("the subgraph composes", async () => {
  const comptoir = parse(await printed(["schema", "--federation"]));
  const { errors, supergraphSdl } = composeServices([
    { name: "comptoir", url: "http://127.0.0.1/graphql", typeDefs: comptoir },
    { name: "reviews", url: "http://127.0.0.1/reviews", typeDefs: parse(REVIEWS) },
  ]);
  assert.equal(errors, undefined);
  const api = Supergraph.build(supergraphSdl).apiSchema().toGraphQLJSSchema();
  const fields = (name) => Object.keys(api.getType(name).getFields());
  assert.ok(fields("Product").includes("slug") && fields("Product").includes("reviews"));
  assert.ok(fields("Query").includes("product") && fields("Query").includes("reviews"));
  assert.ok(fields("Mutation").includes("cartLinesAdd"));
  assert.equal(api.getSubscriptionType(), undefined);
});
