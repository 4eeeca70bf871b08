import fc from "fast-check";
import { expect, test } from "vitest";
import { readFrame } from "./read-frame.ts";

const id = "a".repeat(32);
const start = { op: "start", request: { command: "make" } };
const command = (changes: object = {}): object => ({
  id,
  machine_id: "m_1",
  expires_at: 1,
  operation: start,
  ...changes,
});
const read = (frame: unknown): ReturnType<typeof readFrame> => readFrame(JSON.stringify(frame));

test.each([
  ["unknown kinds", { type: "eval", command: "touch x" }, "eval"],
  ["another server", { type: "server", url: "https://evil.example" }, "server"],
  ["a policy", { type: "policy", policy_mode: "open", commands: [] }, "policy"],
  ["a grant", { type: "approve", id, decision: "once" }, "approve"],
  ["no kind", { command: command() }, ""],
  ["a list", [{ type: "attention", attended: true }], "text"],
])("[T62] %s: nothing comes of it, and it is said", (_, frame, type) => {
  const { frame: known, refused } = read(frame);
  expect(known).toBeNull();
  expect(refused).toMatchObject([{ type, command: null, why: expect.stringMatching(/./) }]);
});

test.each([
  ["an unknown field of a start", { op: "start", request: { command: "make", later: true } }, "operation.request"],
  ["an unknown field of a stop", { op: "stop", process: "p1", signal: "SIGINT", grace_ms: 0, later: 1 }, "operation"],
  ["an unknown field of a pause", { op: "pause", process: "p1", all: true }, "operation"],
  ["an unknown operation", { op: "exec", argv: ["touch", "x"] }, "operation.op"],
  ["no operation", null, "operation"],
])("[T62] an order with %s is refused by its id", (_, operation, where) => {
  const { frame, refused } = read({ type: "command", command: command({ operation }) });
  expect(frame).toBeNull();
  expect(refused).toMatchObject([{ type: "command", command: { id, machineId: "m_1" } }]);
  expect(refused[0]?.why).toContain(where);
});

test("[T62] a welcome with an order that is not understood is a welcome with the others", () => {
  const welcome = { type: "welcome", connection: "c", head: 0, now: 0, positions: {}, window_bytes: 1, attended: true };
  const other = { ...command(), id: "b".repeat(32), operation: { op: "exec" } };
  const { frame, refused } = read({ ...welcome, commands: [command(), other, 7] });
  expect(frame).toMatchObject({ type: "welcome", commands: [{ id }] });
  expect(refused.map((one) => one.command?.id)).toEqual(["b".repeat(32), undefined]);
});

test("[T62] fields that are not known are named and count for nothing", () => {
  const { frame, ignored } = read({
    type: "attention",
    attended: true,
    policy_mode: "open",
    url: "https://evil.example",
  });
  expect(frame).toEqual({ type: "attention", attended: true });
  expect(ignored).toEqual(["policy_mode", "url"]);
  const order = read({ type: "command", command: command({ approved: true }) });
  expect(order.frame).toMatchObject({ type: "command", command: { id } });
  expect(order.ignored).toEqual(["command.approved"]);
});

test("[T62] whatever comes, reading it does not throw", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readFrame(text)));
  fc.assert(
    fc.property(
      fc.constantFrom("welcome", "command", "ack", "attention"),
      fc.dictionary(fc.string(), fc.jsonValue()),
      (type, fields) => {
        const { frame, refused } = read({ ...fields, type });
        return frame !== null || refused.length === 1;
      },
    ),
  );
});
