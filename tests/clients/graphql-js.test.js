// The contract in the reference implementation.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { buildClientSchema, buildSchema, findBreakingChanges, getIntrospectionQuery, printSchema, validateSchema } from "graphql";
import { Shop, sdl } from "./shop.js";

const shop = await Shop.start();
after(() => shop.end());

test("the schema builds, and its text is whole", async () => {
  const text = await sdl();
  const schema = buildSchema(text);
  assert.deepEqual(validateSchema(schema), []);
  assert.deepEqual(printSchema(buildSchema(printSchema(schema))), printSchema(schema));
});

/** The schema as introspection tells it. */
async function introspected(headers) {
  const options = { inputValueDeprecation: true, oneOf: true, specifiedByUrl: true, directiveIsRepeatable: true };
  return buildClientSchema(await shop.ask(getIntrospectionQuery(options), {}, headers));
}

const rootFields = (schema) =>
  [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((it) => Object.keys(it.getFields()));

test("introspection tells staff, customers and devices the same, each their part", async () => {
  const contract = buildSchema(await sdl());
  const signUp = `mutation { customerSignUp(input: { email: "ada@example.org", password: "a password" }) { accessToken } }`;
  const staff = await shop.staffToken();
  const enrolment = `mutation { deviceEnrolmentCreate(input: { name: "Till", channel: "paris-marais-till" }) { code } }`;
  const { code } = (await shop.ask(enrolment, {}, { authorization: `Bearer ${staff}` })).deviceEnrolmentCreate;
  const { deviceToken } = (await shop.ask(`mutation { deviceEnrol(input: { code: "${code}" }) { deviceToken } }`)).deviceEnrol;
  const tokens = [staff, (await shop.ask(signUp)).customerSignUp.accessToken, deviceToken];
  const told = await Promise.all(tokens.map((token) => introspected({ authorization: `Bearer ${token}` })));
  for (const schema of told) {
    assert.deepEqual(validateSchema(schema), []);
    // A server tells of all standard scalars, a text of those that it uses.
    const differences = findBreakingChanges(schema, contract).filter((it) => !it.description.startsWith("Standard scalar"));
    assert.deepEqual(differences, []);
  }
  assert.deepEqual(new Set(told.flatMap(rootFields)), new Set(rootFields(contract)));
  const scalars = (schema) => printSchema(schema).match(/^scalar .*$/gm).sort();
  assert.deepEqual(scalars(told[0]), scalars(contract));
});

test("introspection tells shoppers a schema that builds, without what is staff's", async () => {
  const told = await introspected();
  assert.deepEqual(validateSchema(told), []);
  assert.ok(told.getMutationType().getFields().cartCreate);
  assert.equal(told.getMutationType().getFields().productSave, undefined);
  assert.equal(told.getType("ProductSaveInput"), undefined);
});
