// Typed documents: generated from the contract with the client preset of GraphQL Code Generator, then checked by TypeScript.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { preset } from "@graphql-codegen/client-preset";
import { codegen } from "@graphql-codegen/core";
import { buildASTSchema, isScalarType, isSpecifiedScalarType, parse } from "graphql";
import { sdl } from "./shop.js";

const folder = fileURLToPath(new URL(".", import.meta.url));
const generated = join(folder, "generated/types");

/** The documents of the code that uses them: what is between the backquotes of its `graphql(…)`. */
async function documents(location) {
  const text = await readFile(location, "utf8");
  const found = [...text.matchAll(/graphql\(`([^`]*)`\)/g)].map(([, rawSDL]) => rawSDL);
  return found.map((rawSDL) => ({ location, rawSDL, document: parse(rawSDL) }));
}

test("typed documents are generated, and code that uses them is checked", async () => {
  const schema = parse(await sdl());
  const schemaAst = buildASTSchema(schema);
  const own = Object.values(schemaAst.getTypeMap()).filter((it) => isScalarType(it) && !isSpecifiedScalarType(it));
  const scalars = Object.fromEntries(own.map(({ name }) => [name, "string"]));
  const outputs = await preset.buildGeneratesSection({
    baseOutputDir: `${generated}/`,
    schema,
    schemaAst,
    documents: await documents(join(folder, "types/storefront.ts")),
    config: { scalars, strictScalars: true, useTypeImports: true },
    presetConfig: { fragmentMasking: false },
    pluginMap: {},
    plugins: [],
  });
  await rm(generated, { recursive: true, force: true });
  for (const output of outputs) {
    await mkdir(dirname(output.filename), { recursive: true });
    await writeFile(output.filename, await codegen(output));
  }
  const tsc = join(folder, "node_modules/typescript/bin/tsc");
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, "--project", join(folder, "types")]).catch((it) => it);
  assert.equal(stdout, "");
});
