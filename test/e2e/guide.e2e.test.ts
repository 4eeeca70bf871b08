// The guide's calls, made as they stand in it and in its order.

import { expect, test } from "vitest";
import { Documented } from "../support/documented.ts";
import { useProduct } from "../support/use-product.ts";

const used = useProduct();

test("[R48] the guide's example calls work as they stand there", async () => {
  const documented = await Documented.open(used.product.ready);
  const guide = await documented.ask("GET", "/llms.txt", { token: null });
  const lines = guide.text.split("\n");
  const calls = lines.flatMap((line, at) => {
    const [, method, address] = /^(GET|POST) (\/\S+)$/.exec(line) ?? [];
    if (method === undefined || address === undefined) return [];
    const body = method === "POST" ? { body: JSON.parse(lines[at + 1] ?? "") as unknown } : {};
    return [{ method, address, body }];
  });
  expect(calls.length).toBeGreaterThanOrEqual(13);
  for (const { method, address, body } of calls) {
    const { status, text } = await documented.ask(method, address, body);
    expect([method, address, status < 300, text]).toEqual([method, address, true, text]);
    if (address.includes("/input")) expect(JSON.parse(text)).toMatchObject({ ended_by: "match" });
    if (address.includes("grep=")) expect(text).toContain("hello");
  }
});
