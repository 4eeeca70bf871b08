// The document against the product it describes: by our own check of each answer, and by the tools of two other
// projects that stand in between.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askedEnvironment, askedPolicy, askEveryOperation, askForRefusals } from "../conform/every-operation.ts";
import { Proxy } from "../conform/proxy.ts";
import { findDrift, lint } from "../conform/redocly.ts";
import { Documented } from "../support/documented.ts";
import { PolicyFile } from "../support/policy-file.ts";
import { useProduct } from "../support/use-product.ts";

const policy = new PolicyFile(askedPolicy);
const used = useProduct({ args: ["--policy", policy.path], env: askedEnvironment });
const folder = mkdtempSync(path.join(tmpdir(), "longwire-conform-"));
const document = path.join(folder, "openapi.json");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  const answer = await fetch(`${used.product.ready.url}/openapi.json`);
  writeFileSync(document, await answer.text());
});

/** Asks through a proxy, which is closed then. */
async function through(proxy: Proxy, ask: (documented: Documented) => Promise<void>): Promise<Documented> {
  try {
    const documented = await Documented.open({ url: proxy.url, token: used.product.ready.token });
    await ask(documented);
    return documented;
  } finally {
    await proxy.close();
  }
}

test("[R45] the document is valid OpenAPI 3.1, and a linter has nothing to say about it", async () => {
  const { document: whole } = await Documented.open(used.product.ready);
  const { valid, errors } = await new Validator().validate({ ...whole });
  expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
  expect(await lint(folder)).toEqual([]);
});

test("[R46] answers fit the document: every operation that is no socket, and refusals of each kind", async () => {
  const recording = await Proxy.recording(used.product.ready.url, path.join(folder, "traffic.har"));
  const documented = await through(recording, async (asked) => {
    await askEveryOperation(asked, used.product);
    await askForRefusals(asked, "recorded");
  });
  const succeeded = [...documented.seen].filter(([, statuses]) => [...statuses].some((status) => status < 400));
  const left = documented.operationIds.filter((id) => !succeeded.some(([seen]) => seen === id));
  // Sockets have tests of their own.
  expect(left.toSorted()).toEqual(["openLink", "openViewerSocket"]);

  const drift = await findDrift(folder, "traffic.har", used.product.ready.url);
  expect(drift.problems).toEqual([]);
  expect(drift.exchanges).toBeGreaterThan(80);
  expect(drift.uncovered).toEqual(["openLink"]);
});

test("[R46] a proxy that judges requests and answers by the document lets all through", async () => {
  const { url } = used.product.ready;
  const strict = await Proxy.judging(url, document, { requests: true });
  await through(strict, async (documented) => await askEveryOperation(documented, used.product));
  expect(strict.said).not.toMatch(/violation|terminated/i);
  // Requests that are to be refused are wrong on purpose, their answers are not.
  const lenient = await Proxy.judging(url, document, { requests: false });
  await through(lenient, async (documented) => await askForRefusals(documented, "judged"));
  expect(lenient.said).not.toMatch(/violation|terminated/i);
});

test("[R46] what no proxy passes on is refused as the document has it", async () => {
  const documented = await Documented.open(used.product.ready);
  const tooMuch = await documented.ask("GET", "/healthz", { headers: { x: "x".repeat(40_000) } });
  const tokenless = await documented.ask("GET", "/v1/machines", { token: null });
  expect([tooMuch.status, tokenless.status]).toEqual([431, 401]);
});
