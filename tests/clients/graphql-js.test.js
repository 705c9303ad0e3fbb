// The contract in the reference implementation.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { buildClientSchema, buildSchema, getIntrospectionQuery, lexicographicSortSchema, printSchema, validateSchema } from "graphql";
import { Shop, sdl } from "./shop.js";

const shop = await Shop.start();
after(() => shop.end());

test("the schema builds, and its text is whole", async () => {
  const text = await sdl();
  const schema = buildSchema(text);
  assert.deepEqual(validateSchema(schema), []);
  assert.deepEqual(printSchema(buildSchema(printSchema(schema))), printSchema(schema));
});

test("introspection tells staff the same", async () => {
  const options = { inputValueDeprecation: true, oneOf: true, specifiedByUrl: true, directiveIsRepeatable: true };
  const headers = { authorization: `Bearer ${await shop.staffToken()}` };
  const told = buildClientSchema(await shop.ask(getIntrospectionQuery(options), {}, headers));
  const print = (schema) => printSchema(lexicographicSortSchema(schema));
  assert.equal(print(told), print(buildSchema(await sdl())));
});

test("introspection tells shoppers a schema that builds, without what is staff's", async () => {
  const told = buildClientSchema(await shop.ask(getIntrospectionQuery()));
  assert.deepEqual(validateSchema(told), []);
  assert.ok(told.getMutationType().getFields().cartCreate);
  assert.equal(told.getMutationType().getFields().productSave, undefined);
  assert.equal(told.getType("ProductSaveInput"), undefined);
});
