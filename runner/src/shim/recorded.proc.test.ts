// What shims, runners and spools of every version so far wrote, as it was recorded, against this version.

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { factSchema } from "@longwire/shared/wire/facts.ts";
import { decodeRecord, inspectRecord } from "../spool/record.ts";
import { SpoolReader } from "../spool/spool-reader.ts";
import { ControlDecoder } from "./control-frames.ts";

const recorded = join(import.meta.dirname, "../../../test/fixtures/recorded");
const versions = globSync("*", { cwd: recorded });

/** The types of what a control stream says; of a hinted record, its fact's. */
function typesIn(file: string): string[] {
  return new ControlDecoder().push(readFileSync(file)).map((frame) => {
    if (frame.type === "message") return (frame.value as { type: string }).type;
    if (frame.bytes === null) return `record ${frame.number}`;
    const bytes = Buffer.from(frame.bytes);
    const seen = inspectRecord(bytes, 0);
    if (seen.type !== "record") throw new Error(`record ${frame.number} is ${seen.type}`);
    return factSchema.parse(JSON.parse(decodeRecord(bytes, 0, seen.length, frame.number).header)).type;
  });
}

test.for(versions)("[P13] the recorded words of runner and shim are understood: version %s", (version) => {
  const asked = ["attach", "trim", "signal", "stop"];
  expect(typesIn(join(recorded, version, "control-from-runner.bin"))).toEqual(asked);
  const told = ["attached", "signalled", "signal_result", "stopping", "phase", "signalled", "exited"];
  expect(typesIn(join(recorded, version, "control-from-shim.bin"))).toEqual([...told, "stop_result", "ended"]);
});

test.for(versions)("[D12] a recorded spool is read to its end: version %s", (version) => {
  const reader = new SpoolReader(join(recorded, version));
  const records = reader.read(1, 1e6, 100);
  reader.close();
  expect(records.map(({ header }) => factSchema.parse(JSON.parse(header)).type)).toEqual([
    "starting",
    "started",
    "output",
  ]);
  expect(Buffer.from(records.at(-1)?.payload ?? []).toString()).toBe("ready\n");
  expect(reader.damaged).toBe(false);
});
