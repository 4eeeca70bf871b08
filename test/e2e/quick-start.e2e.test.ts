import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { root } from "../support/product.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { useProduct } from "../support/use-product.ts";

const on = useProduct();

/** The README's block of shell that holds `word`. */
function shellBlock(word: string): string {
  const readme = readFileSync(path.join(root, "README.md"), "utf8");
  const block = [...readme.matchAll(/^```sh\n(.*?)^```$/gms)].find((match) => match[1]?.includes(word) ?? false)?.[1];
  if (block === undefined) throw new Error(`the README has no shell block with ${word}`);
  return block;
}

test("[E9] the README's curl lines do what they say, as they stand there", () => {
  const script = shellBlock("/events?after=0")
    .replace(/^URL=.*$/m, `URL=${on.product.ready.url}`)
    .replace(/^TOKEN=.*$/m, `TOKEN=$(cat '${on.product.ready.token_file}')`)
    // The live stream has no end; here it gets two seconds.
    .replace("curl -sN", "curl -sN --max-time 2")
    .replaceAll("\\\n", " ")
    .replaceAll(/^(curl .*)$/gm, "$1; echo; echo ----");
  const { stdout, stderr } = spawnSync("bash", ["-c", script], { encoding: "utf8", timeout: 30_000 });
  expect(stderr).toBe("");
  const answers = stdout.split("----\n").map((answer) => answer.trim());
  const [started, events, stream, waited, list, one, stopped] = answers;
  expect(JSON.parse(started ?? "")).toMatchObject({ name: "counter", state: "running" });
  const { events: page } = JSON.parse(events ?? "") as { events: unknown[] };
  expect(page.slice(0, 3)).toMatchObject([{ seq: 1, state: "starting" }, { seq: 2, type: "started" }, { seq: 3 }]);
  expect(stream).toMatch(/^id: 1\ndata: \{"seq":1,/m);
  expect(JSON.parse(waited ?? "")).toMatchObject({ ended_by: "match", match: { text: "line 3" } });
  expect(JSON.parse(list ?? "")).toMatchObject({ items: [{ name: "counter" }], next_cursor: null });
  expect(JSON.parse(one ?? "")).toMatchObject({ name: "counter" });
  expect(JSON.parse(stopped ?? "")).toMatchObject({
    stopped: true,
    survivors: [],
    process: { state: "exited", reason: "stopped" },
  });
}, 60_000);

test("[R1] the Python example follows the socket, with nothing but Python's own library", async () => {
  const follower = spawn(
    "python3",
    ["-u", path.join(root, "examples/follow.py"), on.product.ready.url, on.product.ready.token],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let text = "";
  follower.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  try {
    await waitUntil("it prints the exit", () => /^[0-9]+ p1 exited/m.test(text));
    expect(text).toMatch(/^[0-9]+ p1 output line 1$/m);
  } finally {
    follower.kill("SIGKILL");
    await waitUntil("it ended", () => follower.signalCode !== null);
  }
});
