// The protocol's own checks of a server: its conformance suite, through a proxy that adds the token, and its inspector.

import { rmSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, test } from "vitest";
import { conform, revisions } from "../../mcp/conformance.ts";
import { makeFixtureBuild } from "../../mcp/fixture-build.ts";
import { HeaderProxy } from "../../mcp/header-proxy.ts";
import { Inspector } from "../../mcp/inspector.ts";
import { Product } from "../../support/product.ts";
import { useProduct } from "../../support/use-product.ts";

const on = useProduct();
let build: string | undefined;
let fixtures: Product | undefined;

beforeAll(async () => {
  build = await makeFixtureBuild("worker.ts");
  fixtures = await Product.start({ program: path.join(build, "control-plane/dist/start.js") });
});

afterAll(async () => {
  await fixtures?.close();
  if (build !== undefined) rmSync(build, { recursive: true, force: true });
});

const subjects = ["product", "fixtures"] as const;
const runs = subjects.flatMap((subject) => revisions.map((revision) => ({ subject, revision })));

test.concurrent.for(runs)(
  "[M1] the conformance suite finds of $revision in the $subject what it requires, but for what is listed",
  async ({ subject, revision }, { expect: see }) => {
    const product = subject === "product" ? on.product : fixtures;
    const { url = "", token = "" } = product?.ready ?? {};
    const proxy = await HeaderProxy.open(url, { Authorization: `Bearer ${token}` });
    try {
      const verdict = await conform(`${proxy.url}/mcp`, revision, subject);
      see(verdict).toEqual({ code: 0, summary: see.stringContaining("Baseline check passed") });
    } finally {
      await proxy.close();
    }
  },
);

test.concurrent.for(["modern", "legacy"] as const)(
  "[M1] the inspector finds nothing wrong with the tools, and calls each (%s)",
  async (era, { expect: see }) => {
    const inspector = new Inspector(on.product.ready, era);
    try {
      const { tools = [] } = await inspector.run("--method", "tools/list", "--strict");
      see(tools).toHaveLength(8);
      const process = `echo-${era}`;
      const command = "while read line; do echo heard $line; done";
      const started = await inspector.tool("start_process", { command, name: process, wait_ms: 0 });
      see(started).toMatch(new RegExp(`^${process} \\(p\\d+\\) (starting|running) `));
      const typed = await inspector.tool("send_input", { process, text: "this", pattern: "^heard this$" });
      see(typed).toContain("<output>\nheard this\n</output>");
      const [listed, read, waited, found] = await Promise.all([
        inspector.tool("list_processes"),
        inspector.tool("read_output", { process, grep: "heard" }),
        inspector.tool("wait_process", { process, pattern: "heard" }),
        inspector.tool("search_output", { pattern: "^heard", process }),
      ]);
      see(listed).toContain(`${process} (`);
      see(read).toContain("1 lines match");
      see(waited).toContain("matched by the line that ends at 1.11");
      see(found).toMatch(/^1 match /);
      const again = await inspector.tool("restart_process", { process, wait_ms: 0 });
      see(again).toContain(" · run 2");
      see(await inspector.tool("stop_process", { process })).toContain("its whole tree is gone");
    } finally {
      inspector.close();
    }
  },
);
