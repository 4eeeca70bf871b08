// What an orchestrator of long-running commands is used for, by the rows of docs/founding.md.

import { expect, test } from "vitest";
import type { Process, StopAnswer } from "@longwire/shared/api/views.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { outputOf } from "../../support/api.ts";
import { EventSocket } from "../../support/event-socket.ts";
import { EventStream } from "../../support/event-stream.ts";
import { PolicyFile } from "../../support/policy-file.ts";
import { survivorsOf, treeOf } from "../../support/process-tree.ts";
import { useProduct } from "../../support/use-product.ts";

const policy = new PolicyFile({ limits: { processes: 40 } });
const on = useProduct({ args: ["--allow-all", "--policy", policy.path] });

test("[P7] [P10] A3: a stop is a Ctrl-C unless it names another signal, any signal can be sent, and the exit event has the code", async () => {
  const traps = "trap 'echo interrupted; exit 130' INT; trap 'echo ended; exit 143' TERM; trap 'echo told' USR1";
  const command = `${traps}; echo up; while :; do sleep 0.05; done`;
  await on.api.startUntil("until=match&pattern=^up$", { command, name: "polite" });
  await on.api.call("POST", "/processes/polite/signal", { signal: "SIGUSR1" });
  await on.api.call("GET", "/processes/polite/wait?until=match&pattern=^told$");
  expect(await on.api.stop("polite")).toMatchObject({ stopped: true, process: { returncode: 130 } });
  await on.api.startUntil("until=match&pattern=^up$", { command, name: "polite" });
  expect(await on.api.stop("polite", { signal: "SIGTERM" })).toMatchObject({ process: { returncode: 143 } });
  const exits = await on.api.events(0, "&process=polite&type=exited");
  expect(exits.map(({ stream, run, returncode, reason }) => [stream, run, returncode, reason])).toEqual([
    ["exit", 1, 130, "stopped"],
    ["exit", 2, 143, "stopped"],
  ]);
});

test("[P1] A4: the list says what runs, with id, command, pid and start time", async () => {
  const before = Date.now();
  const started = [
    await on.api.start({ command: "sleep 1001" }),
    await on.api.start({ argv: ["sleep", "1002"], name: "named" }),
  ];
  const { body } = await on.api.call<{ items: Process[] }>("GET", "/processes?state=running");
  const listed = body.items.toSorted((a, b) => Number(a.process_id.slice(1)) - Number(b.process_id.slice(1)));
  expect(listed.map(({ process_id: id, command, argv }) => [id, command ?? argv?.join(" ")])).toEqual([
    [started[0]?.process_id, "sleep 1001"],
    [started[1]?.process_id, "sleep 1002"],
  ]);
  for (const { pid, started_at: at, command, argv } of listed) {
    expect(treeOf(pid ?? 0).map((known) => known.command)).toContain(command ?? argv?.join(" "));
    expect(Date.parse(at ?? "")).toBeGreaterThanOrEqual(before - 1000);
  }
  await on.api.call("POST", "/processes/stop", { all: true });
});

test("[R1] A2 A5: several consumers each get one stream of everything, in order, with stdout, stderr and exit", async () => {
  const { ready } = on.product;
  const { head } = await on.api.machine();
  const sockets = [await EventSocket.open(ready, `?after=${head}`), await EventSocket.open(ready)];
  const stream = await EventStream.open(ready, `?after=${head}`);
  const command = "echo out; echo err >&2; sleep 0.1; echo more; exit 3";
  const ids = await Promise.all([1, 2, 3].map(async () => (await on.api.start({ command })).process_id));
  await Promise.all(ids.map((id) => on.api.ended(id)));
  const last = (await on.api.machine()).head;
  const consumers = [...sockets, stream];
  await waitUntil("each has all", () => consumers.every(({ events }) => (events.at(-1)?.seq ?? 0) >= last));
  const asked = await on.api.events(head);
  for (const { events } of consumers) expect(events).toEqual(asked);
  expect(asked.map(({ seq }) => seq)).toEqual(asked.map((_, at) => head + 1 + at));
  for (const id of ids) {
    const pieces = asked.filter((event) => event.process_id === id && event.stream !== undefined);
    const text = (wanted: string): string =>
      pieces.flatMap(({ stream: from, data }) => (from === wanted ? [data] : [])).join("");
    expect([text("stdout"), text("stderr")]).toEqual(["out\nmore\n", "err\n"]);
    expect(pieces.at(-1)).toMatchObject({ stream: "exit", returncode: 3, command });
    expect(pieces.every((event) => event.command === command && Date.parse(event.timestamp) > 0)).toBe(true);
  }
  for (const socket of sockets) socket.close();
  await stream.close();
});

test("[P7] [R8] A8: what a tag or a part of the command selects is stopped, and nothing else; events go by tag, too", async () => {
  const start = (command: string, tags: string[]): Promise<Process> => on.api.start({ command, tags });
  const spring = await start("sleep 1003 # spring-boot:run", ["spring"]);
  const front = await start("sleep 1004 # run dev", ["frontend"]);
  const tests = await start("sleep 1005 # run test", ["tests", "frontend"]);
  const stop = async (body: object): Promise<string[]> => {
    const answer = await on.api.call<{ items: StopAnswer[] }>("POST", "/processes/stop", body);
    expect(answer.body.items.every(({ stopped }) => stopped)).toBe(true);
    return answer.body.items.map(({ process }) => process.process_id).toSorted();
  };
  expect(await stop({ contains: "spring-boot" })).toEqual([spring.process_id]);
  const { body } = await on.api.call<{ items: Process[] }>("GET", "/processes?state=running&tag=frontend");
  expect(body.items.map(({ process_id: id }) => id).toSorted()).toEqual([front.process_id, tests.process_id]);
  expect(await stop({ tag: "tests" })).toEqual([tests.process_id]);
  expect((await on.api.process(front.process_id)).state).toBe("running");
  expect(await stop({ tag: "frontend" })).toEqual([front.process_id]);
  const tagged = await on.api.events(0, "&tag=tests");
  expect(new Set(tagged.map(({ process_id: id }) => id))).toEqual(new Set([tests.process_id]));
});

test("[P11] [R1] A1 A13: two dozen processes run at once, each with its own output in the one stream", async () => {
  const numbers = Array.from({ length: 24 }, (_, at) => at);
  const started = await Promise.all(
    numbers.map((at) =>
      on.api.start({
        command: "for i in 1 2 3 4 5; do echo $NUMBER $i; sleep 0.2; done; exec sleep 1000",
        env: { NUMBER: String(at) },
        tags: ["dozens"],
      }),
    ),
  );
  expect(new Set(started.map(({ pid }) => pid)).size).toBe(24);
  const printed = (id: string): Promise<unknown> =>
    on.api.call("GET", `/processes/${id}/wait?until=match&pattern=5$&wait_ms=40000`);
  await Promise.all(started.map(({ process_id: id }) => printed(id)));
  expect((await on.api.machine()).counts.live).toBe(24);
  const events = await on.api.events(0, "&tag=dozens");
  for (const [at, { process_id: id }] of started.entries()) {
    expect(outputOf(events, id).toString()).toBe([1, 2, 3, 4, 5].map((line) => `${at} ${line}\n`).join(""));
  }
  const trees = started.flatMap(({ pid }) => treeOf(pid ?? 0));
  const { body } = await on.api.call<{ items: StopAnswer[] }>("POST", "/processes/stop", { tag: "dozens" });
  expect(body.items.filter(({ stopped }) => stopped)).toHaveLength(24);
  expect(survivorsOf(trees)).toEqual([]);
});
