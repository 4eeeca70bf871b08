// F14: a log that holds a few MiB, a flood that outgrows it many times, and a control plane that is killed meanwhile.
// The oldest partitions go as a whole, no event is ever half there, and readers of what is gone are told what is.

import { globSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Event } from "@longwire/shared/api/views.ts";
import { expiredFrameSchema } from "@longwire/shared/expired-frame.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import type { Api, EventsPage } from "../support/api.ts";
import { EventSocket } from "../support/event-socket.ts";
import { type Product, root } from "../support/product.ts";
import type { FaultOptions, FaultReport } from "./fault.ts";
import { Findings } from "./findings.ts";
import { checkFlood } from "./flood-check.ts";
import { withProduct } from "./with-product.ts";

const retentionBytes = 4 * 1024 * 1024;
const patienceMs = 120_000;
const program = path.join(root, "test/fixtures/floods.mjs");

/** Outgrows the log, and kills the control plane, `count` times. */
export async function outgrowLog({ count }: FaultOptions): Promise<FaultReport> {
  const play = async (product: Product, api: Api): Promise<FaultReport> => {
    const findings = new Findings();
    const { process_id: id } = await api.start({ argv: [process.execPath, program] });
    const reader = new WholeReader(product);
    for (let time = 1; time <= count; time++) {
      const aim = 2 * retentionBytes * time;
      await waitUntil("it is outgrown", async () => (await storedBytes(api, id)) > aim, patienceMs);
      process.kill(product.find(/workerd.*serve/).pid, "SIGKILL");
    }
    const stop = async (): Promise<boolean> => (await api.stop(id).catch(() => null))?.stopped === true;
    await waitUntil("it is stopped", stop, patienceMs);
    await waitUntil("all is stored", async () => (await api.process(id)).state === "exited", patienceMs);
    const { head } = await api.machine();
    await waitUntil("the reader is at the end", () => reader.next > head, patienceMs);
    reader.close();

    for (const wrong of reader.wrongs) findings.check(false, wrong);
    findings.measure("told_expired", reader.expired);
    const earliest = await judgePages(findings, api, head);
    judgeTables(findings, product, earliest, head);
    const held = await checkFlood(api, id);
    for (const wrong of held.wrongs) findings.check(false, wrong);
    findings.check(held.end === (await storedBytes(api, id)), `the log's output ends at ${held.end}`);
    findings.check(held.bytes < retentionBytes, `the log holds ${held.bytes} bytes`);
    findings.measure("flooded_mb", held.end / 1e6);
    findings.measure("held_mb", held.bytes / 1e6);
    return findings;
  };
  return await withProduct(play, { env: { LONGWIRE_RETENTION_BYTES: String(retentionBytes) } });
}

/** 0 while nobody answers. */
async function storedBytes(api: Api, id: string): Promise<number> {
  return await api.process(id).then(
    ({ output_bytes: bytes }) => bytes,
    () => 0,
  );
}

/** What is gone is refused with the cursor that what is left begins behind; the seq it begins with. */
async function judgePages(findings: Findings, api: Api, head: number): Promise<number> {
  const { body: left } = await api.call<EventsPage>("GET", "/events?limit=1");
  const earliest = left.events[0]?.seq ?? 0;
  findings.check(earliest > 1 && earliest <= head, `what is left begins with seq ${earliest}`);
  for (const after of [0, Math.floor(earliest / 2), earliest - 2]) {
    const { status, body } = await api.call("GET", `/events?after=${after}`);
    findings.check(status === 410 && body.code === "output_expired", `after ${after}: ${status} ${body.code}`);
    const { hint } = body;
    findings.check(hint.includes(`after=${earliest - 1}\``), `after ${after}: ${hint}`);
  }
  const { status } = await api.call<EventsPage>("GET", `/events?after=${earliest - 1}`);
  findings.check(status === 200, `what is left is answered with ${status}`);
  return earliest;
}

/** The partitions that are listed are those that are there, they follow each other, and each row is whole. */
function judgeTables(findings: Findings, product: Product, earliest: number, head: number): void {
  const [file = ""] = globSync(path.join(product.data, "control-plane/**/*-Machine/*.sqlite"), {
    exclude: (name) => name.endsWith("metadata.sqlite"),
  });
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const tables = database.prepare(
      "SELECT name FROM sqlite_master WHERE name LIKE 'log\\_%' ESCAPE '\\' ORDER BY name",
    );
    const names = tables.all().map(({ name }) => String(name));
    const listed = database.prepare("SELECT id FROM partitions ORDER BY id").all();
    const expected = listed.map(({ id }) => `log_${String(Number(id)).padStart(6, "0")}`);
    findings.check(names.join() === expected.join(), `there are ${names.join()}, listed are ${expected.join()}`);
    let next = earliest;
    for (const name of names) {
      for (const row of database
        .prepare(`SELECT seq, header, length(payload) AS bytes FROM ${name} ORDER BY seq`)
        .iterate()) {
        findings.check(Number(row["seq"]) === next, `row ${String(row["seq"])} where ${next} follows`);
        const { facts } = JSON.parse(String(row["header"])) as { facts: { size?: number }[] };
        const bytes = facts.reduce((sum, fact) => sum + (fact.size ?? 0), 0);
        findings.check(bytes === Number(row["bytes"]), `row ${next} has ${String(row["bytes"])} of ${bytes} bytes`);
        next = Number(row["seq"]) + facts.length;
      }
    }
    findings.check(next === head + 1, `the rows end before ${next}, the log at ${head}`);
  } finally {
    database.close();
  }
}

/** Reads the log from its beginning over one socket after the other: every seq is an event, or is told to be gone. */
class WholeReader {
  readonly wrongs: string[] = [];
  /** The seq that must come next. */
  next = 1;
  /** How often it was told that something is gone. */
  expired = 0;
  readonly #closing = new AbortController();

  constructor(product: Product) {
    void this.#read(product);
  }

  async #read(product: Product): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const socket = await EventSocket.open(product.ready, `?after=${this.next - 1}`, (event) =>
        this.#see(event),
      ).catch(() => null);
      await waitUntil("the socket ends", () => socket === null || socket.closed !== null || signal.aborted, Infinity);
      socket?.close();
    }
  }

  #see(event: Event): void {
    const expired = expiredFrameSchema.safeParse(event);
    const first = expired.success ? expired.data.from_seq : event.seq;
    if (first !== this.next) this.wrongs.push(`the reader got ${first} where ${this.next} follows`);
    this.next = (expired.success ? expired.data.to_seq : event.seq) + 1;
    if (expired.success) this.expired++;
  }

  close(): void {
    this.#closing.abort();
  }
}
