import { expect, test } from "vitest";
import { createClient } from "@longwire/shared/client/client.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { FaultProxy } from "../support/fault-proxy.ts";
import { useProduct } from "../support/use-product.ts";

const on = useProduct();

test("[R54] a session: what is typed is answered and arrives in order, its size changes, Ctrl-C ends it", async () => {
  const client = createClient(on.product.ready);
  await client.start({ argv: ["sh"], name: "shell", tty: true });
  const terminal = client.terminal("shell");
  const printed: Uint8Array[] = [];
  const ended = (async () => {
    for await (const bytes of terminal.output()) printed.push(bytes);
  })();
  const text = (): string => Buffer.concat(printed).toString();
  await terminal.resize({ cols: 101, rows: 31 });
  await Promise.all("stty size".split("").map((key) => terminal.input({ text: key })));
  await terminal.input({ keys: ["Enter"] });
  await waitUntil("it says its size", () => /^31 101\r$/m.test(text()));
  await terminal.input({
    text: "trap 'echo caught; exit 7' INT; echo re''ady; while :; do sleep 1; done",
    enter: true,
  });
  await waitUntil("it waits", () => text().includes("ready\r\n"));
  await terminal.interrupt();
  await ended;
  expect(text()).toMatch(/caught\r\n$/);
  expect(Buffer.concat(printed).equals(Buffer.from((await client.rawOutput("shell")).output))).toBe(true);
  await expect(terminal.input({ text: "x" })).rejects.toMatchObject({ name: "LongwireError", code: "process_ended" });
  await expect(terminal.input({ text: "x".repeat(70_000) })).rejects.toMatchObject({ code: "payload_too_large" });
  terminal.close();
  await expect(terminal.interrupt()).rejects.toMatchObject({ code: "unreachable" });
});

test("[R54] an act that is under way when its connection ends fails as unknown; the next one has a new connection", async () => {
  const proxy = await FaultProxy.open(Number(new URL(on.product.ready.url).port));
  try {
    const client = createClient({ ...on.product.ready, url: proxy.url });
    await client.start({ argv: ["cat"], name: "cat" });
    const terminal = client.terminal("cat");
    await terminal.input({ text: "one\n" });
    proxy.faults = { blackHole: true };
    const lost = terminal.input({ text: "two\n" });
    const outcome = lost.then(
      () => "done",
      (error: unknown) => error,
    );
    await client.machine({}, { signal: AbortSignal.timeout(200) }).catch(() => undefined);
    proxy.faults = {};
    proxy.reset();
    expect(await outcome).toMatchObject({ name: "LongwireError", code: "runner_timeout" });
    await terminal.input({ text: "three\n", close: true });
    await client.waitForExit("cat");
    const seen: Uint8Array[] = [];
    for await (const bytes of terminal.output()) seen.push(bytes);
    expect(Buffer.concat(seen).toString()).toMatch(/^one\n(two\n)?three\n$/);
    terminal.close();
  } finally {
    await proxy.close();
  }
});
