import type { ProcessId } from "@longwire/shared/ids.ts";
import type { MatchFact, OutputWatch } from "@longwire/shared/wire/watches.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestMachine } from "../fixtures/machine.ts";

let machine: TestMachine;
beforeAll(async () => {
  machine = await TestMachine.open();
});
afterAll(() => machine.end());

function watch(...watches: OutputWatch[]): void {
  machine.supervisor?.watchOutput(watches);
}

const matches = (of: ProcessId): MatchFact[] =>
  machine.facts().filter((fact): fact is MatchFact => fact.type === "match" && fact.process === of);

const found = (of: ProcessId, text: string): Promise<MatchFact> =>
  waitUntil(`${text} is found`, () => matches(of).find((one) => one.text === text));

const until = (file: string): string => `until test -e ${file}; do sleep 0.02; done;`;
const touch = (file: string): void => writeFileSync(join(machine.folder, file), "");

test("[R65] lines are found from a run's first byte to its last, once for each watch that wants the run", async () => {
  watch(
    { id: "all", pattern: "E[0-9]" },
    { id: "named", pattern: "E1", process: "job" },
    { id: "tagged", pattern: "E1", tag: "ci" },
    { id: "other", pattern: "E1", process: "another" },
  );
  // What is shown of a line that waits for its end is not told again with it.
  const steps = `echo E1; ${until("s1")} printf E2; ${until("s2")} echo ' and its end'; printf 'last E3'`;
  const started = await machine.start({ command: steps, name: "job", tags: ["ci"] });
  await found(started, "E1");
  touch("s1");
  await found(started, "E2");
  touch("s2");
  await machine.fact(started, "exited");
  await found(started, "last E3");
  const told = matches(started).map(({ watch: id, text, offset }) => [id, text, offset]);
  expect(told.toSorted((one, other) => String(one).localeCompare(String(other)))).toEqual([
    ["all", "E1", 3],
    ["all", "E2", 5],
    ["all", "last E3", 25],
    ["named", "E1", 3],
    ["tagged", "E1", 3],
  ]);
});

test("[R65] of many lines some are told, with how many lie between", async () => {
  watch({ id: "all", pattern: "^line" });
  const started = await machine.start({ command: "for i in $(seq 1 5000); do echo line $i; done" });
  await found(started, "line 5000");
  const told = matches(started);
  expect(told[0]?.text).toBe("line 1");
  expect(told.length).toBeLessThan(100);
  expect(told.reduce((sum, { skipped = 0 }) => sum + 1 + skipped, 0)).toBe(5000);
});

test("[R65] a watch that comes later looks from there on, and one that goes looks no more", async () => {
  watch();
  const command = `echo E before; ${until("a")} echo E a; ${until("b")} echo E b; sleep 1000`;
  const started = await machine.start({ command });
  await machine.printed(started, "E before");
  watch({ id: "late", pattern: "^E" });
  touch("a");
  await found(started, "E a");
  watch({ id: "other", pattern: "^E" });
  touch("b");
  await found(started, "E b");
  expect(matches(started).map(({ watch: id, text }) => [id, text])).toEqual([
    ["late", "E a"],
    ["other", "E b"],
  ]);
  await machine.stop(started);
});

test("[R65] what was printed while no runner lived is found by the next one", async () => {
  watch({ id: "all", pattern: "^E" });
  const started = await machine.start({ command: `echo E one; ${until("go")} echo E two` });
  await found(started, "E one");
  await machine.leave();
  touch("go");
  const positions = Object.fromEntries([...machine.taken].map(([spool, { next }]) => [spool, next]));
  machine.acknowledges = false;
  await machine.begin();
  machine.supervisor?.watchOutput([{ id: "all", pattern: "^E" }], positions);
  await found(started, "E two");
  machine.acknowledges = true;
  machine.pump();
  expect(matches(started).map(({ text }) => text)).toEqual(["E one", "E two"]);
});

test("[R65] a pattern that is none is passed over", async () => {
  watch({ id: "none", pattern: "(" }, { id: "all", pattern: "^E" });
  const started = await machine.start({ command: "echo E" });
  await found(started, "E");
  expect(matches(started)).toHaveLength(1);
});
