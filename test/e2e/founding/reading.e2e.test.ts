// What a model is given to read, by the rows of docs/founding.md: samples of the stream, pushes, history, summaries, and
// logs that are kept.

import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Event, OutputAnswer, SearchAnswer } from "@longwire/shared/api/views.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { Api, outputOf, type EventsPage } from "../../support/api.ts";
import { EventStream } from "../../support/event-stream.ts";
import { Product, root } from "../../support/product.ts";
import { useProduct } from "../../support/use-product.ts";

const on = useProduct();
const numbered = path.join(root, "test/fixtures/numbered-lines.mjs");

/** An answer that is no JSON. */
async function read(product: Product, query: string): Promise<string> {
  const { url, token } = product.ready;
  const answer = await fetch(`${url}/v1/machines/-/processes/${query}`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  if (!answer.ok) throw new Error(`${query}: ${answer.status} ${await answer.text()}`);
  return await answer.text();
}

test("[R1] [R6] A6: a model samples the stream by events after N, misses none, reads none twice, and never has to sleep", async () => {
  const { head } = await on.api.machine();
  const { process_id: id } = await on.api.start({ argv: ["node", numbered, "300", "2"], name: "sampled" });
  const seen: Event[] = [];
  let polls = 0;
  for (let after = head; seen.at(-1)?.type !== "exited"; polls++) {
    // Whatever the model did meanwhile: it asks again from where it was, and the answer waits for something new.
    const { body } = await on.api.call<EventsPage>("GET", `/events?after=${after}&limit=40&wait_ms=20000`);
    expect(body.events.length).toBeGreaterThan(0);
    seen.push(...body.events);
    after = body.next_after;
  }
  expect(polls).toBeGreaterThan(1);
  expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, at) => head + 1 + at));
  const lines = Array.from({ length: 300 }, (_, at) => `line ${at + 1}\n`);
  expect(outputOf(seen, id).toString()).toBe(lines.join(""));
});

test("[R1] [R5] A7: events are pushed as they come, and a stream that broke goes on behind the last one it had", async () => {
  const { head } = await on.api.machine();
  const first = await EventStream.open(on.product.ready, `?after=${head}&type=exited`);
  await on.api.start({ command: "exit 3", name: "pushed" });
  await waitUntil("it is told", () => first.events.length === 1);
  await first.close();
  await on.api.startUntil("until=exit", { command: "exit 4", name: "pushed" });
  const last = String(first.events[0]?.seq);
  const { url, token } = on.product.ready;
  const gone = new AbortController();
  const again = await fetch(`${url}/v1/machines/-/events?type=exited`, {
    headers: { Authorization: `Bearer ${token}`, Accept: "text/event-stream", "Last-Event-ID": last },
    signal: gone.signal,
  });
  let text = "";
  const reader = again.body?.getReader();
  while (!text.includes("data: ")) text += Buffer.from((await reader?.read())?.value ?? []).toString();
  gone.abort();
  expect(first.events).toMatchObject([{ name: "pushed", returncode: 3, stream: "exit" }]);
  const next = JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? "") as Event;
  expect(next).toMatchObject({ name: "pushed", returncode: 4, run: 2 });
  expect(text).toContain(`id: ${next.seq}\n`);
});

test("[R38] [R40] A9: of 50,000 lines any part is read when it is wanted, by its end, a cursor or a pattern", async () => {
  await on.api.startUntil("until=exit&wait_ms=50000", { command: "seq -f 'line %.0f' 50000", name: "long" });
  const tail = await on.api.call<OutputAnswer>("GET", "/processes/long/output?format=json&tail=3");
  expect(tail.body.output).toBe("line 49998\nline 49999\nline 50000\n");
  const { body } = await on.api.call<SearchAnswer>("GET", "/search?process=long&pattern=^line+25000$");
  const [found] = body.items;
  const part = await on.api.call<OutputAnswer>("GET", `/processes/long/output?format=json&after=${found?.cursor}`);
  expect(part.body.output.slice(0, 33)).toBe("line 25000\nline 25001\nline 25002\n");
  const whole = await read(on.product, "long/output?format=raw");
  expect(whole).toBe(Array.from({ length: 50_000 }, (_, at) => `line ${at + 1}\n`).join(""));
});

test("[R35] [R36] A10: a synopsis says in a fiftieth of the output which test failed, why, and where that stands", async () => {
  const script = `
    const check = require("node:test");
    for (let n = 1; n <= 400; n++) check("adds " + n, () => console.log("debug: " + "x".repeat(200)));
    check("rounds half up", () => { throw new Error("expected 3, got 2") });`;
  await on.api.startUntil("until=exit&wait_ms=50000", { argv: ["node", "-e", script], name: "suite" });
  const raw = await read(on.product, "suite/output?format=raw");
  const digest = await read(on.product, "suite/output?format=digest&max_chars=2000");
  expect(digest.length).toBeLessThan(raw.length / 50);
  expect(digest).toContain("rounds half up");
  expect(digest).toContain("expected 3, got 2");
  expect(digest).toMatch(/\b400\b.*pass|pass.*\b400\b/);
  const cursor = /rounds half up @(\S+)/.exec(digest)?.[1];
  const there = await on.api.call<OutputAnswer>("GET", `/processes/suite/output?format=json&after=${cursor}`);
  expect(there.body.output).toContain("rounds half up");
});

test("[R41] [L1] E4: what was printed is kept in files: it is read when the process, the runner and the server are gone and come again", async () => {
  const product = await Product.start();
  onTestFinished(() => product.close());
  const command = "echo to be read later; echo oh >&2; exit 3";
  await new Api(product.ready).startUntil("until=exit", { command, name: "kept", merge: true });
  await product.end("SIGINT");
  const again = await Product.start({ data: product.data });
  onTestFinished(() => again.close());
  expect(await read(again, "kept/output?format=raw")).toBe("to be read later\noh\n");
  expect(await new Api(again.ready).process("kept")).toMatchObject({ state: "exited", returncode: 3, run: 1 });
});
