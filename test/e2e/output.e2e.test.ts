import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { OutputAnswer, SearchAnswer } from "@longwire/shared/api/views.ts";
import { useProduct } from "../support/use-product.ts";

const on = useProduct();

async function read(process: string, query: string): Promise<Response> {
  const { url, token } = on.product.ready;
  const headers = { Authorization: `Bearer ${token}` };
  return await fetch(`${url}/v1/machines/-/processes/${process}/output${query}`, { headers });
}

test("[R30] [R40] a progress display in a real terminal is read in its last state", async () => {
  const script =
    "for i in $(seq 1 200); do printf '\\033[2K\\r\\033[32mpart a %d\\033[0m\\n\\033[2Kpart b %d\\033[1A' $i $i; done; printf '\\n\\ndone\\n'";
  await on.api.startUntil("until=exit", { argv: ["bash", "-c", script], name: "progress", tty: true });
  const response = await read("progress", "?format=json");
  const { output, filters } = (await response.json()) as OutputAnswer;
  expect(output).toBe("part a 200\npart b 200\ndone\n");
  expect(filters.escapes).toBeGreaterThan(800);
  expect(response.headers.get("X-Process-State")).toBe("exited");
});

test("[R41] [R43] megabytes come back byte for byte and are searched, and what is beyond a budget by the call that is named", async () => {
  const lines = Array.from({ length: 200_000 }, (_, index) => `line ${index} of many`);
  await on.api.startUntil("until=exit&wait_ms=50000", {
    argv: ["node", "-e", "for (let i = 0; i < 200000; i++) console.log(`line ${i} of many`)"],
    name: "many",
  });
  const whole = `${lines.join("\n")}\n`;
  const raw = new Uint8Array(await (await read("many", "?format=raw")).arrayBuffer());
  const hash = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");
  expect(hash(raw)).toBe(hash(whole));
  const shown = await (await read("many", "")).text();
  expect(shown.length).toBeLessThanOrEqual(8000);
  const next = /^… \d+ lines left out: GET .*(\?after=1\.\d+)$/m.exec(shown)?.[1] ?? "";
  const head = shown.split("\n").findIndex((line) => line.startsWith("…"));
  const middle = (await (await read("many", next)).text()).split("\n");
  expect(middle[0]).toBe(lines[head]);
  expect(await (await read("many", "?tail=3")).text()).toContain("line 199999 of many\n");
  expect(await (await read("many", "?grep=^line 77777 ")).text()).toMatch(/^line 77777 of many\n/);
  const search = await on.api.call<SearchAnswer>("GET", "/search?pattern=line+199998+&context=1");
  expect(search.body).toMatchObject({
    items: [
      { name: "many", text: "line 199998 of many", before: ["line 199997 of many"], after: ["line 199999 of many"] },
    ],
    next_cursor: null,
  });
  const rest = await read("many", `?format=raw&after=${search.body.items[0]?.cursor}`);
  expect(await rest.text()).toBe("line 199998 of many\nline 199999 of many\n");
});

test("[R35] a real test run that fails is digested with the names of its tests", async () => {
  const code =
    'const run = require("node:test").test; run("adds", () => { throw new Error("no sum"); }); run("holds", () => {});';
  await on.api.startUntil("until=exit", { argv: ["node", "-e", code], name: "tests" });
  const digest = await (await read("tests", "?format=digest&max_chars=2000")).text();
  expect(digest).toMatch(/failing tests \(1\):\n {2}adds\b/);
  expect(digest).toContain("no sum");
});
