import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Machine, Process, StartedAnswer } from "@longwire/shared/api/views.ts";
import { root } from "../support/product.ts";
import { cliProgram } from "../support/runner-cli.ts";
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

/** Runs the block's curl lines as they stand there; what each of them printed. */
function runBlock(word: string): string[] {
  const script = shellBlock(word)
    .replaceAll(/^(URL|TOKEN)=.*$/gm, "")
    // The live stream has no end; here it gets two seconds.
    .replace("curl -sN", "curl -sN --max-time 2")
    .replaceAll("\\\n", " ")
    .replaceAll(/^(curl .*)$/gm, "$1; echo; echo ----");
  const { url, token } = on.product.ready;
  const env = { ...process.env, URL: url, TOKEN: token };
  const { stdout, stderr } = spawnSync("bash", ["-c", script], { encoding: "utf8", timeout: 50_000, env });
  expect(stderr).toBe("");
  return stdout.split("----\n").map((answer) => answer.trim());
}

test("[E9] the README's curl lines do what they say, as they stand there", () => {
  expect(readFileSync(on.product.ready.token_file, "utf8").trim()).toBe(on.product.ready.token);
  const [started, events, stream, waited, list, one, stopped] = runBlock("/events?after=0");
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

test("[E9] the README's build is read rendered, digested, searched, raw, and compared with its next run", () => {
  const [started, text, digest, found, raw, again, compared] = runBlock("format=digest");
  expect(JSON.parse(started ?? "")).toMatchObject({ state: "exited", returncode: 2, wait: { ended_by: "exit" } });
  expect(text).toBe("3 of 3\na.ts(1,2): error TS2304: Cannot find name x.\n[2 rewrites of a line applied]");
  expect(digest).toContain("first error:\n  @1.22\n");
  expect(found).toContain("a.ts(1,2): error TS2304");
  expect(raw).toBe("67");
  expect(JSON.parse(again ?? "")).toMatchObject({ run: 2, returncode: 2 });
  expect(compared).toBe("run 2 against run 1: nothing new");
}, 60_000);

test("[E9] the README's server is waited for, measured and found by its port", () => {
  const [started, one, whole, stopped] = runBlock("until=port").map(
    (answer) => (answer === "" ? null : JSON.parse(answer)) as unknown,
  );
  expect(started).toMatchObject({ name: "site", wait: { ended_by: "port" } });
  const { port } = (started as StartedAnswer).wait;
  expect(one).toMatchObject({ name: "site", metrics: { processes: 1 }, ports: [{ port }] });
  expect((whole as Machine).metrics).toMatchObject({ total: { processes: 1 } });
  const { process_id: id } = one as Process;
  expect((whole as Machine).ports).toContainEqual(expect.objectContaining({ port, process_id: id }));
  expect(stopped).toMatchObject({ stopped: true });
});

test("[E9] the README's supervised server is ready by its line, and its jobs take turns", () => {
  const [api, first, second, stopped] = runBlock("until=ready").map(
    (answer) => (answer === "" ? null : JSON.parse(answer)) as unknown,
  );
  expect(api).toMatchObject({ name: "api", ready: true, state: "running", wait: { ended_by: "ready" } });
  expect(first).toMatchObject({ name: "first", state: "running" });
  expect(second).toMatchObject({ state: "exited", returncode: 0, wait: { ended_by: "exit", output: "my turn\n" } });
  const { started_at: begun } = second as Process;
  expect(Date.parse(begun ?? "") - Date.parse((first as Process).started_at ?? "")).toBeGreaterThan(1500);
  expect(stopped).toMatchObject({ stopped: true, process: { reason: "stopped", restarts: 0 } });
}, 60_000);

test("[E9] the README's session is one", () => {
  const [opened, answered, busy, back, resized, closed, sorted] = runBlock("/input?until=match").map(
    (answer) => (answer === "" ? null : JSON.parse(answer)) as unknown,
  );
  expect(opened).toMatchObject({ name: "py", tty: true, state: "running", wait: { ended_by: "match" } });
  expect(answered).toMatchObject({ ended_by: "match", output: expect.stringMatching(/\n42\r\n/) as string });
  expect(busy).toMatchObject({ ended_by: "match" });
  expect(back).toMatchObject({ ended_by: "match", output: expect.stringContaining("KeyboardInterrupt") as string });
  expect(resized).toMatchObject({ process: { name: "py", state: "running" } });
  expect(closed).toMatchObject({ ended_by: "exit", process: { state: "exited", tty: true } });
  expect(sorted).toMatchObject({ returncode: 0, wait: { ended_by: "exit", output: "apple\npear\n" } });
}, 60_000);

/** One of the README's command lines, as a shell runs it: on this product, by this build. */
function beginLine(line: string): { readonly child: ChildProcess; readonly said: () => string } {
  const own = `"${process.execPath}" "${cliProgram}" $1 --data "${path.join(on.product.data, "runner")}"`;
  const child = spawn("bash", ["-c", `exec ${line.replace(/npx runner (\w+)/, own)}`]);
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  child.stdout.on("data", (data: Buffer) => (said += data.toString()));
  return { child, said: () => said };
}

test("[E9] [U2] the README's command lines do what they say, as they stand there", async () => {
  const [run = "", logs = "", stop = ""] = shellBlock("npx runner run").trim().split("\n");
  const greeter = beginLine(run);
  await waitUntil("it greets", () => greeter.said().includes("hello\nhello\n"));
  greeter.child.kill("SIGINT");
  await waitUntil("it is left", () => greeter.child.exitCode === 130);
  const shown = beginLine(logs);
  await waitUntil("it greets on", () => shown.said().startsWith("hello\n".repeat(4)));
  const stopped = beginLine(stop);
  await waitUntil("it is stopped", () => stopped.child.exitCode === 0);
  await waitUntil("that is all", () => shown.child.exitCode === 0);
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

/** What an example for Node prints, given the address and the token. */
function runExample(name: string): string {
  const { url, token } = on.product.ready;
  const example = path.join(root, "examples", name);
  const { status, stdout, stderr } = spawnSync(process.execPath, [example, url, token], {
    encoding: "utf8",
    timeout: 50_000,
  });
  expect([status, stderr]).toEqual([0, ""]);
  return stdout;
}

test("[E9] the example with a dev server starts it, shows its line, begins it again and stops it", () => {
  const lines = runExample("dev-server.mjs")
    .split("\n")
    .filter((line) => line !== "");
  const served = expect.stringMatching(/^ {2}\| serving on http:\/\/127\.0\.0\.1:\d+\/$/) as string;
  expect(lines).toEqual([
    ...["dev-server, run 1: running, ready (ready)", served, "it says: hello"],
    ...["dev-server, run 2: running, ready (ready)", served, "stopped, nobody is left"],
  ]);
}, 60_000);

test("[E9] the example with a REPL prints the answer to each of its ten inputs", () => {
  const answers = runExample("repl.mjs").split(/^> .*\n/m);
  expect(answers).toHaveLength(11);
  expect(answers[4]).toBe("'2 3 5 7 11 13 17 19 23 29'\n");
  expect(answers.slice(5, 9)).toEqual(["129\n", "120\n", "'WAIT'\n", "'waited'\n"]);
  expect(answers[9]).toMatch(/^Uncaught ReferenceError: noSuchThing is not defined\n/);
  expect(answers[10]).toBe("42\nthe session ended with 0\n");
}, 60_000);
