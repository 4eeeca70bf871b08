import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import * as z from "zod";
import type { CommandId, ProcessId, SpoolId } from "../ids.ts";
import { batchHeaderSchema, findBatchFault, type BatchHeader } from "./batch.ts";
import { linkProtocol, objectFrameSchema, runnerFrameSchema } from "./link.ts";

/** A change of what travels between runner and control plane shows here, and asks whether the protocol's number goes up. */
test("[D9] the wire is the one this protocol number stands for", () => {
  const schemas = [runnerFrameSchema, objectFrameSchema, batchHeaderSchema];
  const hash = createHash("sha256");
  for (const schema of schemas) {
    hash.update(JSON.stringify(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" })));
  }
  expect({ protocol: linkProtocol, hash: hash.digest("hex").slice(0, 16) }).toEqual({
    protocol: 1,
    hash: "f61ce65495eae8e7",
  });
});

test("[D9] frames between our own programs drop fields they do not know", () => {
  const frame = { type: "forget", spools: [], later: 1 };
  expect(runnerFrameSchema.parse(frame)).toEqual({ type: "forget", spools: [] });
});

test("[D9] an order to start with a field this runner does not know is not understood, rather than half done", () => {
  const operation = { op: "start", request: { command: "make", later: true } };
  const frame = { type: "command", command: { id: "0".repeat(32), expires_at: 1, operation } };
  expect(objectFrameSchema.safeParse(frame).success).toBe(false);
});

const spool = "a".repeat(32) as SpoolId;
const of = { process: "p1" as ProcessId, run: 1, at: 0 };
const header: BatchHeader = {
  batch: 1,
  parts: [{ spool, from_record: 1, count: 2, check_before: 0, check_last: 9 }],
  facts: [
    { type: "starting", ...of, label: { cwd: "/", tags: [], tty: false }, command_id: "0".repeat(32) as CommandId },
    { type: "output", ...of, stream: "stdout", offset: 0, size: 5 },
  ],
};

test("[D7] a batch whose parts, facts and payload disagree is refused", () => {
  const [part] = header.parts;
  if (part === undefined) throw new Error("the header has a part");
  expect(findBatchFault(header, 5)).toBeNull();
  expect(findBatchFault(header, 6)).not.toBeNull();
  expect(findBatchFault({ ...header, parts: [{ ...part, count: 3 }] }, 5)).not.toBeNull();
  expect(
    findBatchFault(
      {
        ...header,
        parts: [
          { ...part, count: 1 },
          { ...part, count: 1 },
        ],
      },
      5,
    ),
  ).not.toBeNull();
});
