import { beforeEach, expect, test } from "vitest";
import type { Problem, SearchAnswer } from "@longwire/shared/api/views.ts";
import type { Fact } from "@longwire/shared/wire/facts.ts";
import { enrollMachine, type EnrolledMachine } from "../fixtures/enrolled-machine.ts";
import { exited, output, ScriptedRunner, started, starting } from "../fixtures/scripted-runner.ts";

let request: EnrolledMachine["request"];
let runner: ScriptedRunner;

beforeEach(async () => {
  const enrolled = await enrollMachine();
  ({ request } = enrolled);
  runner = await ScriptedRunner.welcomed(enrolled.machine);
  await runner.store(starting("p1", "web"), started("p1"), output("one\nERR web 1\ntwo\nERR web 2\n"));
  await runner.store(
    starting("p2", "api"),
    started("p2"),
    output("ERR api\n\u{1b}[31mERR\u{1b}[0m last", 0, "p2"),
    exited("p2"),
  );
});

async function search(query: string): Promise<SearchAnswer> {
  const response = await request(`/search?${query}`);
  if (response.status !== 200) throw new Error(await response.text());
  expect(response.headers.get("Cache-Control")).toBe("no-store");
  return await response.json<SearchAnswer>();
}

const told = ({ items }: SearchAnswer): string[] =>
  items.map(({ process_id: id, cursor, text }) => `${id} ${cursor} ${text}`);

test("[R43] matches of all processes come with their cursors and the lines around them, the newest process first", async () => {
  expect(await search("pattern=^ERR&context=1")).toEqual({
    items: [
      {
        process_id: "p2",
        name: "api",
        run: 1,
        cursor: "1.0",
        end_cursor: "1.8",
        text: "ERR api",
        before: [],
        after: ["ERR last"],
      },
      {
        process_id: "p2",
        name: "api",
        run: 1,
        cursor: "1.8",
        end_cursor: "1.25",
        text: "ERR last",
        before: ["ERR api"],
        after: [],
      },
      {
        process_id: "p1",
        name: "web",
        run: 1,
        cursor: "1.4",
        end_cursor: "1.14",
        text: "ERR web 1",
        before: ["one"],
        after: ["two"],
      },
      {
        process_id: "p1",
        name: "web",
        run: 1,
        cursor: "1.18",
        end_cursor: "1.28",
        text: "ERR web 2",
        before: ["two"],
        after: [],
      },
    ],
    next_cursor: null,
  });
  expect(told(await search("pattern=web&process=web"))).toEqual(["p1 1.4 ERR web 1", "p1 1.18 ERR web 2"]);
  expect(told(await search("pattern=web&process=p2"))).toEqual([]);
});

test("[R43] a search that reaches its limit is gone on with by its cursor, and each match comes once", async () => {
  const found: string[] = [];
  let cursor = "";
  for (let round = 0; round < 10; round++) {
    const answer = await search(`pattern=ERR&limit=1${cursor}`);
    found.push(...told(answer));
    if (answer.next_cursor === null) break;
    cursor = `&cursor=${answer.next_cursor}`;
  }
  expect(found).toEqual(["p2 1.0 ERR api", "p2 1.8 ERR last", "p1 1.4 ERR web 1", "p1 1.18 ERR web 2"]);
});

test("[R43] earlier runs are searched where that is asked for, the newest first, also page by page", async () => {
  for (const run of [2, 3]) {
    const inRun = (fact: Fact): Fact => ({ ...fact, run }) as Fact;
    const [printed, bytes] = output(`ERR run ${run}\n`, 0, "p2");
    const facts = [starting("p2", "api"), started("p2"), exited("p2")].map(inRun);
    await runner.store(...facts.slice(0, 2), [inRun(printed), bytes], ...facts.slice(2));
  }
  const all = ["p2 3.0 ERR run 3", "p2 2.0 ERR run 2", "p2 1.0 ERR api", "p2 1.8 ERR last"];
  expect(told(await search("pattern=ERR&process=api"))).toEqual(all.slice(0, 1));
  expect(told(await search("pattern=ERR&process=api&runs=all"))).toEqual(all);
  const found: string[] = [];
  for (let cursor: string | null = "", rounds = 0; cursor !== null && rounds < 10; rounds++) {
    const answer: SearchAnswer = await search(`pattern=ERR&limit=1&runs=all${cursor}`);
    found.push(...told(answer));
    cursor = answer.next_cursor === null ? null : `&cursor=${answer.next_cursor}`;
  }
  expect(found).toEqual([...all, "p1 1.4 ERR web 1", "p1 1.18 ERR web 2"]);
});

test("[R43] output from before a time is passed over, and a machine that is off is answered from its log", async () => {
  expect(told(await search("pattern=ERR&since=2023-11-14T22:13:20Z"))).toHaveLength(4);
  expect(told(await search("pattern=ERR&since=2023-11-14T22:13:21Z"))).toEqual([]);
  runner.socket.close(1000);
  expect(told(await search("pattern=api"))).toEqual(["p2 1.0 ERR api"]);
});

test.for([
  { query: "", path: "pattern" },
  { query: "pattern=(", path: "pattern" },
  { query: "pattern=(?=x)", path: "pattern" },
  { query: `pattern=${"(a%2B)%2B".repeat(250)}`, path: "pattern" },
  { query: "pattern=x&limit=0", path: "limit" },
  { query: "pattern=x&limit=1001", path: "limit" },
  { query: "pattern=x&context=21", path: "context" },
  { query: "pattern=x&since=yesterday", path: "since" },
  { query: "pattern=x&cursor=1.2", path: "cursor" },
  { query: "pattern=x&runs=2", path: "runs" },
])("[R43] [T5] $query is refused, and the field is named", async ({ query, path }) => {
  const response = await request(`/search?${query}`);
  expect(response.status).toBe(422);
  expect((await response.json<Problem>()).errors?.map((error) => error.path)).toContain(path);
});

test("[R43] a process that is not there is said", async () => {
  expect((await request("/search?pattern=x&process=nobody")).status).toBe(404);
});

test("[R43] all machines of the token are searched at once; one that has no such process is left out", async () => {
  const everywhere = async (query: string): Promise<unknown> => await (await request(`/../../search?${query}`)).json();
  expect(await everywhere("pattern=api&process=api")).toMatchObject({
    machines: [{ name: "box", items: [{ process_id: "p2", cursor: "1.0", text: "ERR api" }], next_cursor: null }],
  });
  expect(await everywhere("pattern=api&process=nobody")).toEqual({ machines: [] });
  expect((await request("/../../search?pattern=(")).status).toBe(422);
});
