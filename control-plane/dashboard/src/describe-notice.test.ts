import { expect, test } from "vitest";
import { describeNotice } from "./describe-notice.ts";

const of = {
  seq: 1,
  timestamp: "2026-01-01T00:00:00.000Z",
  process_id: "p1",
  name: "web",
  run: 2,
  command: "npm run dev",
};

test("[B10] ends, readiness and approvals are told of, each once, and nothing else is", () => {
  expect(describeNotice("vm", { ...of, type: "exited", returncode: 1, signal: null })?.title).toBe(
    "web ended with code 1",
  );
  expect(describeNotice("vm", { ...of, type: "exited", returncode: null, signal: "SIGKILL" })?.title).toBe(
    "web ended by SIGKILL",
  );
  expect(describeNotice("vm", { ...of, type: "ready" })).toMatchObject({ title: "web is ready", tag: "vm/p1/2/ready" });
  const asked = describeNotice("vm", { ...of, type: "approval", decision: "asked" });
  expect(asked).toMatchObject({ body: "on vm: npm run dev", route: { type: "approvals", machine: "vm" } });
  for (const type of ["output", "state", "started", "gap"])
    expect([type, describeNotice("vm", { ...of, type })]).toEqual([type, null]);
  expect(describeNotice("vm", { ...of, type: "approval", decision: "once" })).toBeNull();
});
