import { afterAll, beforeAll, expect, test } from "vitest";
import type { Policy } from "../admit/policy.ts";
import { noPolicyFile, type PolicyFile } from "../admit/policy-schema.ts";
import { TestMachine } from "../fixtures/machine.ts";
import { readRunSpec } from "../shim/run-spec.ts";
import { listRunFolders } from "./run-folder.ts";

let file: PolicyFile = noPolicyFile;
let machine: TestMachine;
beforeAll(async () => {
  const current = (): Policy => ({ type: "read", mode: "open", file });
  const environment = { PATH: process.env["PATH"], AWS_KEY: "secret", KEPT: "kept" };
  machine = await TestMachine.open({ policy: { current }, environment });
});
afterAll(() => machine.end());

test("[P42] the owner's limits, lease, spool and removed variables count from the next start on", async () => {
  await machine.start({ command: "exec sleep 1000" });
  file = {
    ...noPolicyFile,
    ...{ limits: { processes: 2 }, lease_ms: null, spool_bytes: 16 * 1024 * 1024, env: { remove: ["AWS_*"] } },
  };
  const next = await machine.start({ command: 'echo "$KEPT-$AWS_KEY."; exec sleep 1000' });
  expect(await machine.printed(next, ".")).toBe("kept-.\n");
  expect(await machine.ask({ op: "start", request: { command: "true" } })).toMatchObject({
    ...{ code: "limit_reached", detail: expect.stringContaining("2 processes") as string },
  });
  const specs = listRunFolders(`${machine.dataFolder}/runs`).map((folder) => readRunSpec(folder));
  expect(specs.find((spec) => spec?.process === next)).toMatchObject({ lease_ms: null, spool_bytes: 16 * 1024 * 1024 });
});
