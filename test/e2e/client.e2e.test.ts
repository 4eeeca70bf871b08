import { expect, test } from "vitest";
import { createClient } from "@longwire/shared/client/client.ts";
import { LongwireError } from "@longwire/shared/client/longwire-error.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { FaultProxy } from "../support/fault-proxy.ts";
import { useProduct } from "../support/use-product.ts";

const on = useProduct();

/** Says each request's path; `/crash` ends it. */
const server = `require("node:http").createServer((request, answer) => {
  console.log("asked for " + request.url);
  answer.end("hello\\n", () => request.url === "/crash" && process.exit(3));
}).listen(0, "127.0.0.1")`;

test("[R50] [R52] a whole job: a server is started, waited for, provoked, read, begun again, stopped, forgotten", async () => {
  const client = createClient(on.product.ready);
  const begun = await client.start({ argv: ["node", "-e", server], name: "site", tags: ["web"] });
  expect(begun).toMatchObject({ name: "site", state: "running", run: 1, tags: ["web"] });
  const { port, ended_by: by } = await client.waitForPort("site");
  expect(by).toBe("port");

  const said = client.waitForLog("site", "^asked for /first$");
  expect(await (await fetch(`http://127.0.0.1:${port}/first`)).text()).toBe("hello\n");
  const line = await said;
  expect(line).toMatchObject({ ended_by: "match", match: { text: "asked for /first" } });
  expect(await client.waitUntilIdle("site", 100)).toMatchObject({ ended_by: "idle" });

  expect(await client.output("site")).toMatchObject({ output: "asked for /first\n", nextCursor: line.next_cursor });
  expect((await client.outputJson("site")).output).toMatchObject({ run: 1, lines: 1 });
  expect(new TextDecoder().decode((await client.rawOutput("site")).output)).toBe("asked for /first\n");
  expect((await client.digest("site")).state).toBe("running");
  expect((await client.search({ pattern: "/fir.t", context: 0 })).items).toMatchObject([{ text: "asked for /first" }]);
  expect(await client.searchMachines({ pattern: "/first" })).toMatchObject([{ items: [{ run: 1 }] }]);

  expect(await client.pause("site")).toMatchObject({ state: "paused" });
  expect(await client.resume("site")).toMatchObject({ state: "running" });
  const again = await client.restart("site", {}, { until: ["port"], wait_ms: 20_000 });
  expect(again).toMatchObject({ run: 2, wait: { ended_by: "port" } });
  await fetch(`http://127.0.0.1:${again.wait?.port}/crash`);
  const ended = await client.waitForExit("site", { timeoutMs: Infinity });
  expect(ended.process).toMatchObject({ state: "exited", returncode: 3, run: 2 });
  expect(await client.compare("site")).toContain("asked for");
  expect((await client.runs("site")).items.map(({ run }) => run)).toEqual([2, 1]);
  expect(await client.stop("site")).toMatchObject({ stopped: true, survivors: [] });
  await client.forget("site");
  expect((await client.processes({ state: "all", name: "site" })).items).toEqual([]);
});

test("[R50] what is typed is answered in the same call; machines, tokens and limits are there too", async () => {
  const client = createClient(on.product.ready);
  await client.start({ argv: ["cat"], name: "echo" });
  const typed = await client.input("echo", { text: "hé", enter: true }, { until: ["match"], pattern: "^hé$" });
  expect(typed).toMatchObject({ ended_by: "match", output: "hé\n" });
  expect((await client.input("echo", { close: true })).process.name).toBe("echo");
  expect((await client.waitForExit("echo")).process.returncode).toBe(0);
  expect(await client.machine({ metrics: true })).toMatchObject({
    online: true,
    metrics: { cpus: expect.any(Number) as number },
  });
  expect((await client.machines({ limit: 5 })).items).toMatchObject([{ machine_id: on.product.ready.machine_id }]);
  expect(await client.approvals()).toEqual([]);
  const made = await client.createToken({ name: "reader", scopes: ["read"] });
  const reader = createClient({ ...on.product.ready, token: made.token, machine: on.product.ready.machine_id });
  await expect(reader.start({ command: "true" })).rejects.toMatchObject({ code: "insufficient_scope", status: 403 });
  await client.revokeToken(made.id);
  expect((await client.tokens()).items.map(({ id }) => id)).not.toContain(made.id);
});

test("[R50] a refusal is an error with its code, its hint and the whole document", async () => {
  const client = createClient(on.product.ready);
  const refused = await client.process("nobody").catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(LongwireError);
  expect(refused).toMatchObject({
    code: "not_found",
    status: 404,
    problem: { trace_id: expect.any(String) as string },
  });
  expect((refused as LongwireError).hint).not.toBe("");
  await expect(client.start({ command: " " })).rejects.toMatchObject({ code: "invalid_request", status: 422 });
  const stranger = createClient({ ...on.product.ready, token: "lw_none" });
  await expect(stranger.machine()).rejects.toMatchObject({ code: "unauthorized", mayRetry: false });
});

test("[R51] a start whose answers are lost is made again under its key, and is one process", async () => {
  const proxy = await FaultProxy.open(Number(new URL(on.product.ready.url).port));
  try {
    let lost = 0;
    // The answer is there, and its reader does not get it.
    const losing: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init);
      if (lost++ >= 2) return answer;
      await answer.body?.cancel();
      proxy.reset();
      throw new TypeError("connection reset");
    };
    const client = createClient({ ...on.product.ready, url: proxy.url, fetch: losing });
    const begun = await client.start({ command: "sleep 60", tags: ["once"] });
    expect(lost).toBe(3);
    const all = await createClient(on.product.ready).processes({ state: "all", tag: "once" });
    expect(all.items.map(({ process_id: id }) => id)).toEqual([begun.process_id]);
    await client.stop(begun.process_id);
    proxy.faults = { refuse: true };
    const impatient = createClient({ ...on.product.ready, url: proxy.url, retries: 0 });
    await expect(impatient.machine()).rejects.toMatchObject({ code: "unreachable", status: 0, mayRetry: true });
  } finally {
    await proxy.close();
  }
});

test("[R52] a wait outlasts broken connections, ends by its own time, and by its signal at once", async () => {
  const proxy = await FaultProxy.open(Number(new URL(on.product.ready.url).port));
  try {
    let asked = 0;
    const counting: typeof fetch = (input, init) => {
      asked++;
      return fetch(input, init);
    };
    const client = createClient({ ...on.product.ready, url: proxy.url, fetch: counting });
    await client.start({ argv: ["cat"], name: "quiet" });
    expect(await client.waitForLog("quiet", "never", { timeoutMs: 50 })).toMatchObject({ ended_by: "time_up" });
    const gone = new AbortController();
    const aborted = client.waitForExit("quiet", { timeoutMs: Infinity, signal: gone.signal });
    gone.abort(new Error("enough"));
    await expect(aborted).rejects.toThrow("enough");
    const before = asked;
    const waiting = client.waitForLog("quiet", "^now$");
    await waitUntil("it asks again", () => {
      proxy.reset();
      return asked > before + 1;
    });
    await on.api.input("quiet", "until=output", { text: "now\n" });
    expect(await waiting).toMatchObject({ ended_by: "match", match: { text: "now" } });
    await client.stop("quiet");
  } finally {
    await proxy.close();
  }
});

test("[R52] a line that comes in pieces, over many bounded waits, is found", async () => {
  const cursors: (string | null)[] = [];
  // Bounded waits as the API's own, but short.
  const hasty: typeof fetch = async (input, init) => {
    const url = new URL(new Request(input).url);
    if (url.pathname.endsWith("/wait")) {
      url.searchParams.set("wait_ms", "20");
      cursors.push(url.searchParams.get("after"));
    }
    return await fetch(url, init);
  };
  const client = createClient({ ...on.product.ready, fetch: hasty });
  await client.start({ argv: ["cat"], name: "pieces" });
  await client.input("pieces", { text: "needles\nnee" }, { until: ["output"] });
  const found = client.waitForLog("pieces", "^needle$");
  await waitUntil("it has asked often", () => cursors.length > 2);
  await client.input("pieces", { text: "dle\n" });
  expect(await found).toMatchObject({ ended_by: "match", match: { text: "needle", cursor: "1.15" } });
  // From the beginning first, then from the line that is not finished.
  expect([...new Set(cursors)]).toEqual([null, "1.8"]);
  await client.stop("pieces");
});
