import { beforeEach, expect, test } from "vitest";
import type { OutputAnswer, Problem } from "@longwire/shared/api/views.ts";
import { outputPageBytes } from "@longwire/shared/limits.ts";
import type { Fact } from "@longwire/shared/wire/facts.ts";
import { enrollMachine, type EnrolledMachine } from "../fixtures/enrolled-machine.ts";
import { exited, output, ScriptedRunner, spoolB, started, starting } from "../fixtures/scripted-runner.ts";

let request: EnrolledMachine["request"];
let runner: ScriptedRunner;

beforeEach(async () => {
  const enrolled = await enrollMachine();
  ({ request } = enrolled);
  runner = await ScriptedRunner.welcomed(enrolled.machine);
  await runner.store(starting("p1", "web"), started("p1"));
});

const read = async (query: string): Promise<Response> => await request(`/processes/web/output${query}`);

async function textOf(query: string): Promise<string> {
  const response = await read(query);
  const text = await response.text();
  if (response.status !== 200) throw new Error(text);
  return text;
}

const onStderr = ([fact, bytes]: readonly [Fact, Uint8Array]): readonly [Fact, Uint8Array] => [
  { ...fact, stream: "stderr" } as Fact,
  bytes,
];

test("[R40] output comes rendered, with what was done to it, the run's state and the cursor to go on from", async () => {
  const printed = "10%\r100%\n\u{1b}[32mok\u{1b}[0m\nsame\nsame\n";
  await runner.store(output(printed), exited("p1", 3));
  const response = await read("");
  expect(await response.text()).toBe(
    "100%\nok\nsame [×2]\n[2 escape sequences removed, 1 rewrites of a line applied, 1 repeated lines folded]\n",
  );
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
    "x-next-cursor": `1.${printed.length}`,
    "x-process-state": "exited",
  });
  expect(await textOf("?after=1.9")).toBe(
    "ok\nsame [×2]\n[2 escape sequences removed, 1 repeated lines folded; begins at 1.9]\n",
  );
  expect(await textOf(`?after=1.${printed.length}`)).toBe(`[begins at 1.${printed.length}]\n`);
});

test("[R40] the lines are the last ones, those of one stream, or those a pattern finds", async () => {
  await runner.store(output("one\ntwo\n", 0), onStderr(output("warn\n", 8)), output("three\nfour\n", 13));
  expect(await textOf("?tail=2")).toBe("three\nfour\n[3 lines before these]\n");
  expect(await textOf("?stream=stderr")).toBe("warn\n");
  expect(await textOf("?stream=stdout")).toBe("one\ntwo\nthree\nfour\n");
  expect(await textOf("?grep=^t")).toBe("two\n--\nthree\n");
  expect(await textOf("?grep=warn&context=1&timestamps=true")).toBe(
    "22:13:20.000 two\n22:13:20.000 warn\n22:13:20.000 three\n",
  );
});

test("[R40] what does not fit is left out of the middle, and the call that is named gives it", async () => {
  const lines = Array.from({ length: 500 }, (_, index) => `line ${index}`);
  await runner.store(output(`${lines.join("\n")}\n`));
  const shown = await textOf("?max_chars=1000");
  expect(shown.length).toBeLessThanOrEqual(1000);
  const mark = /^… (\d+) lines left out: GET \/v1\/machines\/-(\/processes\/web\/output\?after=1\.\d+)$/m.exec(shown);
  const head = shown.slice(0, mark?.index).split("\n").slice(0, -1);
  expect(head).toEqual(lines.slice(0, head.length));
  const middle = await (await request(`${mark?.[2]}&max_chars=40000`)).text();
  expect(middle.split("\n").slice(0, Number(mark?.[1]))).toEqual(lines.slice(head.length).slice(0, Number(mark?.[1])));
});

test("[R40] as JSON it comes with the places of all of it", async () => {
  await runner.store(output("a\nb\nERR\n"), exited("p1"));
  const answer = JSON.parse(await textOf("?format=json&grep=ERR")) as OutputAnswer;
  expect(answer).toEqual({
    process_id: "p1",
    run: 1,
    state: "exited",
    output: "ERR\n",
    from_cursor: "1.0",
    next_cursor: "1.8",
    lines: 1,
    lines_before: 0,
    matches: 1,
    left_out: null,
    gaps: [],
    filters: { escapes: 0, rewrites: 0, pictures: 0, folded: 0, cut: 0 },
  });
});

test("[R40] as a digest it tells how it went", async () => {
  await runner.store(output("FAILED t.py::test_a - assert 1 == 2\n=== 1 failed, 2 passed in 0.10s ===\n"));
  expect(await textOf("?format=digest")).toContain("failing tests (1):\n  t.py::test_a — assert 1 == 2 @1.0\n");
});

test("[R40] lost output is shown where it was", async () => {
  const gap = { type: "gap", ...ofP1, from_offset: 4, to_offset: 104, reason: "overflow" } as Fact;
  await runner.store(output("one\n"), gap, output("two\n", 104));
  expect(await textOf("")).toBe("one\n[gap: 100 bytes lost (overflow), offsets 4–104]\ntwo\n");
});

const { at } = started("p1") as { at: number };
const ofP1 = { process: "p1", run: 1, at };

test("[R40] with a condition it waits first, and answers with what was printed since the cursor", async () => {
  await runner.store(output("one\n"));
  const waiting = read("?after=1.4&until=match&pattern=^ready&wait_ms=20000");
  await runner.store(output("two\nready\n", 4));
  const response = await waiting;
  expect(response.headers.get("X-Wait-Ended-By")).toBe("match");
  expect(await response.text()).toBe("two\nready\n[begins at 1.4]\n");
});

test.for([
  { query: "?after=1.999", path: "after" },
  { query: "?after=2.0", path: "after" },
  { query: "?after=nowhere", path: "after" },
  { query: "?after=1.0&run=2", path: "run" },
  { query: "?run=7", path: "after" },
  { query: "?tail=0", path: "tail" },
  { query: "?tail=5&after=1.0", path: "tail" },
  { query: "?context=2", path: "context" },
  { query: "?grep=(", path: "grep" },
  { query: "?max_chars=10", path: "max_chars" },
  { query: "?max_chars=40001", path: "max_chars" },
  { query: "?format=xml", path: "format" },
  { query: "?format=raw&grep=x", path: "grep" },
  { query: "?format=raw&max_chars=2000", path: "max_chars" },
  { query: "?format=digest&tail=3", path: "tail" },
  { query: "?wait_ms=100", path: "until" },
  { query: "?until=exit&pattern=x", path: "pattern" },
  { query: "?colour=no", path: "" },
])("[R40] [T5] $query is refused, and the field is named", async ({ query, path }) => {
  const response = await read(query);
  expect(response.status).toBe(422);
  expect((await response.json<Problem>()).errors?.map((error) => error.path)).toContain(path);
});

test("[R41] raw output is the bytes as they were printed, in whatever pieces, and a file to save", async () => {
  const odd = Uint8Array.from({ length: 50_000 }, (_, index) => (index * 7919) % 256);
  const pieces = Array.from({ length: 48 }, (_, index) => output(odd, index * odd.length));
  const other = output("x".repeat(1000), 0, "p2");
  await runner.storeIn(spoolB, starting("p2"), other);
  await runner.store(pieces[0]!, pieces[1]!);
  await runner.store(pieces[2]!, pieces[3]!);
  for (const piece of pieces.slice(4)) await runner.store(piece);
  const response = await read("?format=raw");
  const bytes = new Uint8Array(await response.arrayBuffer());
  expect(bytes.length).toBeGreaterThan(outputPageBytes);
  expect(bytes.length).toBe(48 * odd.length);
  expect(bytes.every((byte, index) => byte === odd[index % odd.length])).toBe(true);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "application/octet-stream",
    "content-disposition": 'attachment; filename="web-1.out"',
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-next-cursor": `1.${48 * odd.length}`,
  });
  const part = new Uint8Array(await (await read("?format=raw&after=1.2399990")).arrayBuffer());
  expect([...part]).toEqual([...odd.subarray(odd.length - 10)]);
});

test("[R42] two runs are compared, the latest one and the one before where none are named", async () => {
  const second = (fact: Fact): Fact => ({ ...fact, run: 2 }) as Fact;
  const [printed, bytes] = output("start 2\nERROR new\n");
  await runner.store(output("start 1\nERROR old\n"), exited("p1"));
  const alone = await request("/processes/web/compare");
  expect((await alone.json<Problem>()).errors?.[0]?.path).toBe("with");
  await runner.store(second(starting("p1", "web")), [second(printed), bytes]);
  const compared =
    "run 2 against run 1: 1 new lines of 1 kinds\nnew errors (1):\n  ERROR new @2.8\nerrors no more (1):\n  ERROR old @1.8\n";
  const response = await request("/processes/web/compare");
  expect(await response.text()).toBe(compared);
  expect(response.headers.get("Cache-Control")).toBe("no-store");
  expect(await (await request("/processes/web/compare?run=1&with=2")).text()).toContain(
    "new errors (1):\n  ERROR old @1.8",
  );
  expect((await request("/processes/web/compare?run=2&with=2")).status).toBe(422);
  expect((await request("/processes/web/compare?with=9")).status).toBe(422);
  // The runs' outputs stay apart.
  expect(await textOf("")).toBe("start 2\nERROR new\n");
  expect(await textOf("?run=1")).toBe("start 1\nERROR old\n");
});
