import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { InputRequest } from "@longwire/shared/api/requests.ts";
import type { ProcessId } from "@longwire/shared/ids.ts";
import type { CommandFact } from "@longwire/shared/wire/facts.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newCommandId, TestMachine } from "../fixtures/machine.ts";

let machine: TestMachine;
beforeAll(async () => {
  machine = await TestMachine.open();
});
afterAll(() => machine.end());

const node = process.execPath;
const textOf = (started: ProcessId): string => machine.output(started).all.toString();
const send = (started: ProcessId, input: Partial<InputRequest>, id = newCommandId()): Promise<CommandFact> =>
  machine.ask({ op: "input", process: started, input: { enter: false, close: false, ...input } }, id);

test("[P20] text, data and Enter arrive in order, and the end of the input after them", async () => {
  const started = await machine.start({ command: "cat; echo ended; exit 3" });
  await send(started, { text: "one €", enter: true });
  await send(started, { data_base64: Buffer.from([0, 255, 10]).toString("base64") });
  const last = await send(started, { close: true });
  expect(last).toMatchObject({ outcome: "done", process: started, run: 1 });
  expect(await machine.fact(started, "exited")).toMatchObject({ returncode: 3 });
  expect(machine.output(started).all).toEqual(
    Buffer.concat([Buffer.from("one €\n"), Buffer.from([0, 255, 10]), Buffer.from("ended\n")]),
  );
  const facts = machine.factsOf(started).filter((fact) => fact.type === "input");
  expect(facts).toMatchObject([
    { bytes: 8, closed: false },
    { bytes: 3, closed: false },
    { bytes: 0, closed: true, command_id: last.command_id },
  ]);
  expect(JSON.stringify(machine.factsOf(started))).not.toContain("one");
});

test("[P20] one command's input is given once, also over a new connection", async () => {
  const started = await machine.start({ command: "cat" });
  const operation = { op: "input", process: started, input: { text: "once\n", enter: false, close: false } } as const;
  const id = newCommandId();
  machine.dispatch(operation, id);
  machine.dispatch(operation, id);
  await machine.outcome(id);
  await machine.leave();
  await machine.begin();
  machine.dispatch(operation, id);
  await send(started, { text: "end\n", close: true });
  await machine.fact(started, "exited");
  expect(textOf(started)).toBe("once\nend\n");
});

test("[P20] what a start brings is given, and the input closed; nothing of it stays with the run", async () => {
  const secret = "a secret line";
  const started = await machine.start({ command: "cat; echo end; sleep 1000", stdin: `${secret}\n` });
  await machine.printed(started, "end\n");
  expect(textOf(started)).toBe(`${secret}\nend\n`);
  const runs = join(machine.dataFolder, "runs");
  const files = readdirSync(runs, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const keeping = files.filter((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(secret));
  // Its own output is on its way to the control plane.
  expect(keeping.filter(({ name }) => !name.endsWith(".seg"))).toEqual([]);
  expect(await send(started, { text: "more" })).toMatchObject({ outcome: "refused", code: "invalid_request" });
  await machine.stop(started);
  const nothing = await machine.start({ command: "cat; exit 5", stdin: "" });
  expect(await machine.fact(nothing, "exited")).toMatchObject({ returncode: 5 });
});

test("[P20] a run that does not read holds nothing up, and more than 1 MiB waiting is refused", async () => {
  const program =
    "const fs = require('fs'); console.log('up'); process.on('SIGUSR2', () => {" +
    "const hash = require('crypto').createHash('sha1'); let size = 0;" +
    "process.stdin.on('data', (piece) => { hash.update(piece); size += piece.length; })" +
    ".on('end', () => console.log(size + ' ' + hash.digest('hex'))); }); setInterval(() => {}, 1000)";
  const started = await machine.start({ argv: [node, "-e", program] });
  await machine.printed(started, "up");
  const given = createHash("sha1");
  const outcomes: CommandFact[] = [];
  for (let at = 0; at < 5; at++) {
    const text = String(at).repeat(250_000);
    const outcome = await send(started, { text });
    outcomes.push(outcome);
    if (outcome.outcome === "done") given.update(text);
  }
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(["done", "done", "done", "done", "refused"]);
  expect(outcomes[4]).toMatchObject({ code: "limit_reached" });
  await machine.ask({ op: "signal", process: started, signal: "SIGUSR2", tree: false });
  await send(started, { close: true });
  await machine.printed(started, `1000000 ${given.digest("hex")}`);
  await machine.stop(started);
});

test("[P20] input that nobody can read, keys without a terminal, and a size without one are refused in words", async () => {
  const deaf = await machine.start({ command: "exec 0</dev/null; echo up; sleep 1000" });
  await machine.printed(deaf, "up");
  const closed = await waitUntil("its input is seen to be closed", async () => {
    const outcome = await send(deaf, { text: "x" });
    return outcome.outcome === "refused" && outcome;
  });
  expect(closed).toMatchObject({ code: "invalid_request", detail: expect.stringContaining("closed") as string });
  const keys = await send(deaf, { keys: ["Ctrl-C"] });
  expect(keys).toMatchObject({ outcome: "refused", code: "invalid_request", errors: [{ path: "keys" }] });
  const sized = await machine.ask({ op: "resize", process: deaf, size: { cols: 80, rows: 24 } });
  expect(sized).toMatchObject({ code: "invalid_request", detail: expect.stringContaining("no terminal") as string });
  await machine.stop(deaf);
  expect(await send(deaf, { text: "x" })).toMatchObject({ outcome: "refused", code: "process_ended" });
  expect(await send("p9999" as ProcessId, { text: "x" })).toMatchObject({ outcome: "refused", code: "not_found" });
});

test("[P20] a run that waits for its turn takes nothing yet, and says so", async () => {
  const waiting = await machine.start({ command: "cat", queue: { name: "default", priority: 0, delay_ms: 600_000 } });
  const asked = [
    await send(waiting, { text: "x" }),
    await machine.ask({ op: "signal", process: waiting, signal: "SIGINT", tree: false }),
    await machine.ask({ op: "pause", process: waiting }),
  ];
  for (const outcome of asked) {
    expect(outcome).toMatchObject({ outcome: "refused", code: "invalid_request" });
    expect(outcome.detail).toBe(`${waiting} has not begun yet: it waits for its time.`);
  }
  expect(await machine.stop(waiting)).toMatchObject({ outcome: "done", stopped: true });
  expect(await send(waiting, { text: "x" })).toMatchObject({ outcome: "refused", code: "process_ended" });
});

test("[P21] merged streams come in exactly the order they were written in, 50 times of 50", async () => {
  const command = "for i in 1 2 3 4 5 6 7 8 9 10; do echo o$i; echo e$i >&2; done";
  const expected = Array.from({ length: 10 }, (_, at) => `o${at + 1}\ne${at + 1}\n`).join("");
  const texts: string[] = [];
  for (let round = 0; round < 5; round++) {
    const some = await Promise.all(Array.from({ length: 10 }, () => machine.start({ command, merge: true })));
    for (const one of some) {
      await machine.fact(one, "exited");
      texts.push(textOf(one));
      expect(machine.output(one).stdout).toEqual(machine.output(one).all);
    }
  }
  expect(texts).toEqual(Array.from({ length: 50 }, () => expected));
}, 60_000);
