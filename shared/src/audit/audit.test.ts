import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ProcessId } from "../ids.ts";
import type { Operation } from "../wire/commands.ts";
import { canonicalText, digestOf } from "./canonical.ts";
import { conceal, describeOperation, summedBytes } from "./describe-operation.ts";
import { chainStart, sealEntry, type AuditDraft, type AuditEntry } from "./entry.ts";
import { verifyChain } from "./verify.ts";

const process = "p1" as ProcessId;

function makeChain(length: number): AuditEntry[] {
  const entries: AuditEntry[] = [];
  let head = chainStart;
  for (let n = 1; n <= length; n++) {
    const draft: AuditDraft = {
      actor: { kind: "operator", name: "ci" },
      act: "stop",
      target: `p${n}`,
      outcome: "done",
    };
    const entry = sealEntry(draft, head, new Date(n).toISOString());
    entries.push(entry);
    head = { n: entry.n, hash: entry.hash };
  }
  return entries;
}

test("[T58] a chain is verified in pages, each from where the one before ended", () => {
  const entries = makeChain(9);
  const first = verifyChain(entries.slice(0, 4), chainStart);
  if (!first.ok) throw new Error(first.why);
  const all = verifyChain(entries.slice(4), first.head);
  expect(all).toEqual({ ok: true, head: { n: 9, hash: entries[8]?.hash } });
  expect(verifyChain([], first.head)).toEqual(first);
});

test("[T58] whatever is done to a chain's entries, the first one that does not fit is named", () => {
  const chain = makeChain(12);
  const at = fc.integer({ min: 0, max: 11 });
  fc.assert(
    fc.property(fc.constantFrom("change", "remove", "swap", "repeat", "forge"), at, at, (how, one, other) => {
      fc.pre(how !== "swap" || one !== other);
      fc.pre(how !== "remove" || one < 11);
      const entries: AuditEntry[] = [...chain];
      const [a, b] = [chain[one], chain[other]];
      if (a === undefined || b === undefined) throw new Error("the chain is shorter");
      if (how === "change") entries[one] = { ...a, target: `${a.target} ` };
      if (how === "remove") entries.splice(one, 1);
      if (how === "swap") [entries[one], entries[other]] = [b, a];
      if (how === "repeat") entries.splice(one, 0, a);
      // Made anew with a hash that fits it, which then does not fit what follows, or what came before.
      const { actor, act, target } = a;
      const forged: AuditDraft = { actor, act, target, outcome: "refused" };
      if (how === "forge") entries[one] = sealEntry(forged, { n: one, hash: a.prev }, a.at);
      const verdict = verifyChain(entries, chainStart);
      if (how === "forge" && one === 11) return verdict.ok && verdict.head.hash !== a.hash;
      const first = { change: one, remove: one, swap: Math.min(one, other), repeat: one + 1, forge: one + 1 }[how] + 1;
      return !verdict.ok && verdict.n === first && verdict.why.includes(`entry ${first}`);
    }),
  );
});

test("[T58] the hash is SHA-256 of the canonical text, whatever the order of the keys, and later fields count", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalText(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(digestOf(value)).toBe(createHash("sha256").update(text).digest("hex"));
    }),
  );
  expect(canonicalText({ b: 1, a: undefined, c: [{ z: null, y: "é" }] })).toBe(`{"b":1,"c":[{"y":"é","z":null}]}`);
  const [entry] = makeChain(1);
  if (entry === undefined) throw new Error("the chain is shorter");
  expect(verifyChain([{ ...entry, later: true } as AuditEntry], chainStart).ok).toBe(false);
});

const start = (request: Extract<Operation, { op: "start" }>["request"]): Operation => ({ op: "start", request });

test("[T59] what is said of a start has neither values of variables nor input, and no digest gives them away", () => {
  const secret = "hunter2";
  const one = describeOperation(
    start({ command: "make", name: "web", cwd: "/srv", env: { A: secret }, stdin: secret }),
  );
  expect(one).toMatchObject({ act: "start", target: "web", detail: "make (in /srv)" });
  expect(JSON.stringify(one)).not.toContain(secret);
  const other = describeOperation(
    start({ command: "make", name: "web", cwd: "/srv", env: { A: "x" }, stdin: "hunter3" }),
  );
  expect(other.digest).toBe(one.digest);
  expect(describeOperation(start({ command: "make", name: "web", cwd: "/srv" })).digest).not.toBe(one.digest);
  expect(describeOperation(start({ command: "make", name: "web", cwd: "/tmp", env: { A: "x" } })).digest).not.toBe(
    one.digest,
  );
});

test("[T59] input is counted in bytes, and its digest is the same whatever is typed", () => {
  const input = (of: object): Operation => ({ op: "input", process, input: { enter: false, close: false, ...of } });
  expect(summedBytes(input({ text: "é€", enter: true }))).toBe(6);
  expect(summedBytes(input({ data_base64: "AAECAw==" }))).toBe(4);
  expect(summedBytes(input({ keys: ["Up", "Enter"] }))).toBe(4);
  expect(summedBytes({ op: "resize", process, size: { cols: 80, rows: 24 } })).toBe(0);
  expect(summedBytes({ op: "pause", process })).toBeNull();
  expect(describeOperation(input({ text: "a" }))).toEqual(describeOperation(input({ text: "b", enter: true })));
});

const token = `lw_${"a".repeat(43)}_${"b".repeat(49)}`;

test.each([
  [`curl -H ${token}`, "curl -H ***"],
  ["DB_PASSWORD=hunter2 make", "DB_PASSWORD=*** make"],
  ["run --api-key hunter2 -v", "run --api-key *** -v"],
  ["psql postgres://me:hunter2@db/x", "psql postgres://me:***@db/x"],
  ["npm run dev", "npm run dev"],
])("[T59] %s is told as %s", (line, told) => {
  expect(conceal(line)).toBe(told);
});

test("[T59] a long line is cut, and looking it over takes no time that grows with what is cut away", () => {
  const { detail = "" } = describeOperation(start({ command: "token".repeat(6000) }));
  expect(detail.length).toBeLessThanOrEqual(300);
});
