// A machine where nothing happens: somebody looks on over a socket, somebody over server-sent events, and somebody
// waits for the end of a process, which lives and is silent. Whether the object sleeps is seen by a constructor that says so, put into a copy of the built Worker.

import { globSync, rmSync } from "node:fs";
import { createHash } from "node:crypto";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import type { WaitAnswer } from "@longwire/shared/api/views.ts";
import { Api, type Answer } from "../support/api.ts";
import { EventSocket } from "../support/event-socket.ts";
import { Product } from "../support/product.ts";
import { copyTellingBuild, timesMade as countMade } from "../support/telling-build.ts";

/** The platform lets an object sleep after 10 s, and the runner pings every 20 s. */
const quietMs = 24_000;

/** What stands in all tables of the machine's database. Its files may change without that, as an object falls asleep. */
function digestDatabase(data: string): string {
  const [file = ""] = globSync(path.join(data, "control-plane/**/*-Machine/*.sqlite"), {
    exclude: (name) => name.endsWith("metadata.sqlite"),
  });
  const database = new DatabaseSync(file, { readOnly: true });
  const hash = createHash("sha256");
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all();
  for (const { name } of tables) {
    for (const row of database.prepare(`SELECT * FROM "${String(name)}"`).iterate()) hash.update(inspect(row));
  }
  database.close();
  return hash.digest("hex");
}

test("[D34] [L1] [R70] an idle machine writes nothing and its object sleeps, with runner, socket, stream and a wait connected", async () => {
  const build = copyTellingBuild();
  const product = await Product.start({ program: path.join(build, "control-plane/dist/start.js") });
  const gone = new AbortController();
  let wait: Promise<Answer<WaitAnswer>> | null = null;
  try {
    const api = new Api(product.ready);
    const timesMade = (): number => countMade(product);
    const socket = await EventSocket.open(product.ready);
    const stream = await fetch(`${product.ready.url}/v1/machines/-/events?type=exited`, {
      headers: { Authorization: `Bearer ${product.ready.token}`, Accept: "text/event-stream" },
      signal: gone.signal,
    });
    const chunks = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    await api.start({ command: "exec sleep 600", name: "silent" });
    await socket.find("it is started", ({ type }) => type === "started");
    wait = api.call("GET", "/processes/silent/wait?until=exit&wait_ms=50000");
    const made = timesMade();
    expect(made).toBeGreaterThan(0);
    const quietSince = performance.now();
    const before = await waitUntil("all of it is written", () => {
      const digest = digestDatabase(product.data);
      return performance.now() - quietSince > 1000 && digest;
    });
    await waitUntil("it was quiet for a while", () => performance.now() - quietSince > quietMs, Infinity);
    expect(digestDatabase(product.data)).toBe(before);
    expect(timesMade()).toBe(made);
    expect(socket.closed).toBeNull();

    await api.start({ command: "exit 3" });
    await waitUntil("the object was made anew", () => timesMade() > made);
    await socket.find("the socket goes on", ({ type }) => type === "exited");
    let text = "";
    while (!text.includes('"returncode":3')) {
      const { value, done } = (await chunks?.read()) ?? { done: true, value: undefined };
      if (done) throw new Error(`the stream ended after ${text}`);
      text += value;
    }
    socket.close();
    const { process: ended } = await api.stop("silent");
    const { returncode, signal } = ended;
    expect((await wait).body).toMatchObject({ ended_by: "exit", process: { returncode, signal } });
  } finally {
    gone.abort();
    await product.close();
    await wait?.catch(() => null);
    rmSync(build, { recursive: true, force: true });
  }
}, 120_000);
