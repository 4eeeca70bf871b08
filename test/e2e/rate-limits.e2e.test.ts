// The limits the built product has by default, met as a client meets them.

import { expect, onTestFinished, test } from "vitest";
import type { Problem } from "@longwire/shared/api/views.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { Api } from "../support/api.ts";
import { Product } from "../support/product.ts";

async function start(env: Record<string, string> = {}): Promise<Product> {
  const product = await Product.start({ env });
  onTestFinished(() => product.close());
  return product;
}

test("[T34] a thousand bad tokens meet the limit; whoever has a token is served meanwhile", async () => {
  const { ready } = await start();
  const api = new Api(ready);
  expect((await api.machine()).online).toBe(true);
  const headers = { Authorization: "Bearer garbage" };
  let over: Response | undefined;
  for (let sent = 0; sent < 2000 && over === undefined; sent += 50) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => fetch(`${ready.url}/v1/machines`, { headers })));
    for (const answer of answers) expect([401, 429]).toContain(answer.status);
    over = answers.find(({ status }) => status === 429);
    await Promise.all(answers.filter((answer) => answer !== over).map((answer) => answer.arrayBuffer()));
  }
  expect(over?.headers.get("Retry-After")).toBe("60");
  expect((await over?.json()) as Problem).toMatchObject({ code: "rate_limited", retry_after_ms: 60_000 });
  expect((await api.machine()).online).toBe(true);
});

test("[T36] a hundred starts in a minute meet the default quota, and a later one goes through", async () => {
  // As without it: what the tests' products have is taken away.
  const product = await start({ LONGWIRE_STARTS_PER_MINUTE: "90" });
  const api = new Api(product.ready);
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => api.call("POST", "/processes", { argv: ["true"] })),
  );
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  // The rest began, or found the machine full of the others.
  for (const { status } of answers) expect([201, 409, 429]).toContain(status);
  expect(answers.length - refused.length).toBeGreaterThanOrEqual(60);
  for (const { body } of refused) expect(body).toMatchObject({ code: "rate_limited" });
  for (const { body } of refused) expect(body.retry_after_ms).toBeGreaterThan(0);
  const again = async (): Promise<boolean> =>
    (await api.call("POST", "/processes?until=exit", { argv: ["true"] })).status === 201;
  await waitUntil("the quota has one more", again);
});

test("[E5] a limit that is no number ends the start with its name", async () => {
  await expect(Product.start({ env: { LONGWIRE_GUESSES_PER_MINUTE: "many" } })).rejects.toThrow(
    "LONGWIRE_GUESSES_PER_MINUTE must be a whole number",
  );
});
