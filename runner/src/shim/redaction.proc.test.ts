import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ProcessId } from "@longwire/shared/ids.ts";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { TestMachine } from "../fixtures/machine.ts";

const secret = "s3cr3t/Canary+Value=";
const token = `ghp_${"Ab1".repeat(12)}`;
const key = `-----BEGIN PRIVATE KEY-----\n${"MIIEvQIBADANBgkqhkiG9w0B\n".repeat(40)}-----END PRIVATE KEY-----\n`;
const prints = join(import.meta.dirname, "../fixtures/prints-in-pieces.ts");

let machine: TestMachine;
beforeAll(async () => {
  machine = await TestMachine.open({ environment: { PATH: process.env["PATH"], API_TOKEN: secret } });
  writeFileSync(join(machine.folder, ".env"), "SESSION_SECRET='from the file .env'\nMODE=development\n");
});
afterAll(() => machine.end());

/** What comes of pieces that a child prints one by one, each read before the next is written. */
async function print(pieces: readonly (string | readonly [string, number])[]): Promise<string> {
  const started = await machine.start({ argv: [process.execPath, prints], stdin: JSON.stringify(pieces) });
  await machine.fact(started, "exited");
  return machine.output(started).all.toString();
}

async function type(process: ProcessId, text: string): Promise<void> {
  await machine.ask({ op: "input", process, input: { text, enter: true, close: false } });
}

function holdsSecret(text: string): boolean {
  return text.includes(secret.slice(4, 14)) || text.includes(token.slice(6, 20)) || text.includes("MIIEvQIB");
}

test("[T52] a secret in two prints is masked wherever it is parted", async () => {
  const all = Array.from({ length: secret.length - 1 }, (_, at) => {
    return [`${at}:`, secret.slice(0, at + 1), secret.slice(at + 1), "\n"];
  });
  const lines = (await print(all.flat())).trimEnd().split("\n");
  expect(lines).toHaveLength(all.length);
  for (const [at, line] of lines.entries()) {
    expect(line).toMatch(new RegExp(`^${at}:.{0,3}\\[redacted\\]$`));
    expect(holdsSecret(line)).toBe(false);
  }
});

test("[T51] all its forms are masked, to the very end of the output", async () => {
  const forms = ["", "a", "ab"].map((before) => Buffer.from(`${before}${secret}--`).toString("base64"));
  const all = [...forms, encodeURIComponent(secret), JSON.stringify({ secret }), "from the file .env", token, secret];
  const lines = (await print([all.join("\n")])).split("\n");
  expect(lines).toHaveLength(all.length);
  for (const line of lines) expect(line).toContain("[redacted]");
  for (const line of lines.slice(3)) expect(line).toMatch(/^(\{"secret":")?\[redacted\]("\})?$/);
  expect(await print(["development"])).toBe("development");
});

test("[T50] a key is masked with all its lines, and what comes after it is not", async () => {
  expect(await print(["before\n", key, "after\n"])).toBe("before\n[redacted]\nafter\n");
});

test("[T52] a line without an end is not held back, and a secret anywhere in it is masked", async () => {
  const half = "x ".repeat(256 * 1024);
  const times = half.length / 2;
  const out = await print([["x ", times], token.slice(0, 11), token.slice(11), " ", ["x ", times], secret]);
  expect(out.length).toBeLessThanOrEqual(2 * half.length + 1 + 2 * "[redacted]".length + 6);
  expect(out.startsWith(half)).toBe(true);
  expect(out.endsWith(`${half}[redacted]`)).toBe(true);
  expect(holdsSecret(out)).toBe(false);
});

test("[T53] a prompt that begins like a secret is shown while the child waits", async () => {
  const started = await machine.start({ command: `printf 'say s3c'; read -r line; printf "r3t $line"` });
  await machine.printed(started, "say s3c");
  await type(started, "x");
  await machine.fact(started, "exited");
  expect(machine.output(started).all.toString()).toBe("say s3cr3t x");
});

test("[T50] in a terminal secrets are masked as well", async () => {
  const started = await machine.start({
    command: `printf '%s\\n' "$API_TOKEN" ${token}; printf '%s' "$API_TOKEN"`,
    tty: true,
  });
  await machine.fact(started, "exited");
  expect(machine.output(started).all.toString()).toBe("[redacted]\r\n[redacted]\r\n[redacted]");
});

test("[T54] what is told of a run beside its output is masked: its command, its folder, why it failed, what was in the way", async () => {
  const started = await machine.start({ argv: [`/no/${secret}`, token], name: "fails" });
  await machine.fact(started, "failed");
  const shell = await machine.start({ command: `echo ${secret} ${token}`, ready: { pattern: "cted" } });
  await machine.fact(shell, "exited");
  const waits = await machine.start({
    command: `echo ${token}`,
    queue: { name: "later", priority: 0, delay_ms: 60_000 },
  });
  await machine.fact(waits, "pending");
  const refused = await machine.ask({ op: "start", request: { command: "true", cwd: `/no/${secret}/${token}` } });
  expect(refused).toMatchObject({ outcome: "refused" });
  await machine.stop(waits);
  const told = JSON.stringify(machine.facts());
  expect(holdsSecret(told)).toBe(false);
  expect(told).toContain('"command":"echo [redacted] [redacted]"');
  expect(told).toContain("/no/[redacted]");
});

/** Every file of a data folder but what is kept of its starts, which are its owner's own words. */
function everythingIn(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile() && !file.parentPath.endsWith("starts"))
    .map((file) => readFileSync(join(file.parentPath, file.name), "latin1"))
    .join("\n");
}

test("[T55] while it runs a run's secrets lie neither on the disk nor in anybody's arguments", async () => {
  const env = { GIVEN_SECRET: "given by the caller" };
  const command = `echo "$API_TOKEN $GIVEN_SECRET"; sleep 1000`;
  const alone = await TestMachine.open({ environment: { PATH: process.env["PATH"], API_TOKEN: secret } });
  onTestFinished(() => alone.end());
  const started = await alone.start({ command, env, stdin: "private input" });
  expect(await alone.printed(started, "\n")).toBe("[redacted] [redacted]\n");
  const disk = everythingIn(alone.dataFolder);
  for (const one of [secret, "given by the caller", "private input"]) expect(disk).not.toContain(one);
  const { pid } = await alone.fact(started, "started");
  const shim = /^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "";
  for (const one of [pid, shim]) expect(readFileSync(`/proc/${one}/cmdline`, "latin1")).not.toContain("given by");
});

test("[T55] a run keeps masking under the next runner, and a restart masks by what holds then", async () => {
  const started = await machine.start({
    command: `read -r a; echo "$API_TOKEN" $LATER; sleep 1000`,
    env: { LATER: "it is open" },
  });
  await machine.fact(started, "started");
  await machine.leave();
  writeFileSync(join(machine.folder, ".env"), "LATER_SECRET='it is open'\n");
  await machine.begin();
  await type(started, "");
  expect(await machine.printed(started, "\n")).toBe("[redacted] it is open\n");
  await machine.ask({ op: "restart", process: started, signal: "SIGKILL", grace_ms: 0 });
  await type(started, "");
  const printed = (): string =>
    [...machine.taken.values()]
      .flatMap(({ facts }) => facts)
      .filter(({ fact }) => fact.type === "output" && fact.process === started && fact.run === 2)
      .map(({ payload }) => payload.toString())
      .join("");
  await waitUntil("the next run printed", () => printed() === "[redacted] [redacted]\n");
});
