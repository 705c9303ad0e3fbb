// GraphQL over HTTP, as the audits of the specification's working group see it.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { serverAudits } from "graphql-http";
import { Shop } from "./shop.js";

const shop = await Shop.start();
after(() => shop.end());

for (const audit of serverAudits({ url: shop.url })) {
  // Every MUST, SHOULD and MAY is met; there are no exceptions.
  test(audit.name, async () => {
    const result = await audit.fn();
    assert.equal(result.status, "ok", result.reason);
  });
}
