// A demo shop for clients to ask: the real binary on a free port, with a folder of its own.
import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BINARY = process.env.COMPTOIR_BIN ?? join(ROOT, "target/debug/comptoir");

/** What the contract says. */
export const sdl = () => readFile(join(ROOT, "schema.graphql"), "utf8");

/** What the binary prints for `args`. */
export async function printed(args, options = {}) {
  return (await promisify(execFile)(BINARY, args, { env: {}, maxBuffer: 16 << 20, ...options })).stdout;
}

export const sha256 = (text) => createHash("sha256").update(text).digest("hex");

/** A shop that runs until `end`. */
export class Shop {
  /** Starts one, with the text of its configuration file. */
  static async start(config = "") {
    const shop = new Shop();
    shop.folder = await mkdtemp(join(tmpdir(), "comptoir-clients-"));
    await writeFile(join(shop.folder, "comptoir.toml"), config);
    await shop.serve("127.0.0.1:0");
    return shop;
  }

  async serve(address) {
    // All clients have one address.
    const env = { COMPTOIR_LOG: "warn", COMPTOIR_RATE_LIMIT: "0", COMPTOIR_SIGN_IN_LIMIT: "0" };
    const args = ["serve", "--demo", "--addr", address];
    this.child = spawn(BINARY, args, { cwd: this.folder, env, stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    for await (const chunk of this.child.stdout.iterator({ destroyOnReturn: false })) {
      text += chunk;
      this.url = /API\s+(\S+)/.exec(text)?.[1];
      if (this.url) break;
    }
    if (!this.url) throw new Error(`no server: ${text}`);
    // A full pipe would stop it.
    this.child.stdout.resume();
  }

  get socketUrl() {
    return this.url.replace("http", "ws");
  }

  /** Asks it to stop, and waits until it has. */
  async stop() {
    this.child.kill("SIGTERM");
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, "exit");
  }

  /** Serves again, where it served before. */
  async startAgain() {
    await this.serve(new URL(this.url).host);
  }

  async end() {
    this.child.kill("SIGKILL");
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** The data of an operation, asked without any library. */
  async ask(query, variables = {}, headers = {}) {
    const body = JSON.stringify({ query, variables });
    const response = await fetch(this.url, { method: "POST", headers: { "content-type": "application/json", ...headers }, body });
    const { data, errors } = await response.json();
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }

  /** A token of staff who may do everything. */
  async staffToken() {
    const query = `mutation { staffSignIn(input: { email: "demo@comptoir.example", password: "comptoir-demo" }) { accessToken } }`;
    return (await this.ask(query)).staffSignIn.accessToken;
  }

  /** The id of the variant of a SKU. */
  async variant(sku) {
    return (await this.ask(`query ($sku: String!) { variantBySku(sku: $sku) { id } }`, { sku })).variantBySku.id;
  }

  /** A new cart, with its secret. */
  async cart() {
    const query = `mutation { cartCreate(input: { currency: "EUR", language: "en" }) { cartSecret cart { id } } }`;
    const { cartSecret: secret, cart } = (await this.ask(query)).cartCreate;
    return { id: cart.id, secret, headers: { "comptoir-cart-secret": secret } };
  }

  /** Adds so many of a variant to a cart, as another client would. */
  async add(cart, variantId, quantity) {
    const query = `mutation ($input: CartLinesAddInput!) { cartLinesAdd(input: $input) { cart { totalQuantity } userErrors { code } } }`;
    const variables = { input: { cartId: cart.id, lines: [{ variantId, quantity }] } };
    return (await this.ask(query, variables, cart.headers)).cartLinesAdd;
  }

  /** The value of a sample at `/metrics`. */
  async sample(name) {
    const text = await (await fetch(new URL("/metrics", this.url))).text();
    return Number(text.split("\n").find((line) => line.startsWith(`${name} `))?.split(" ")[1]);
  }
}

/** A `fetch` that keeps what was sent and answered. */
export function recordingFetch() {
  const calls = [];
  const recording = async (input, init) => {
    const response = await fetch(input, init);
    calls.push({ url: new URL(input), method: init?.method ?? "GET", body: init?.body, status: response.status });
    return response;
  };
  return { calls, fetch: recording };
}

/** Waits until `condition` gives something, and returns it. */
export async function eventually(condition, what) {
  for (const end = Date.now() + 15_000; Date.now() < end; ) {
    const found = await condition();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`waited in vain for ${what}`);
}

/** What an asynchronous iterator or observable sends, in order, to be waited for one by one. */
export class Inbox {
  #items = [];
  #waiting;

  push(item) {
    this.#items.push(item);
    this.#waiting?.();
  }

  /** The next item; fails after 15 s. */
  async next(what) {
    const timer = setTimeout(() => this.#waiting?.(), 15_000);
    if (!this.#items.length) await new Promise((resolve) => (this.#waiting = resolve));
    clearTimeout(timer);
    if (!this.#items.length) throw new Error(`waited in vain for ${what}`);
    return this.#items.shift();
  }
}
