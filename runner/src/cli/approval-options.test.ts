import { expect, test } from "vitest";
import { parseApprovalOptions } from "./approval-options.ts";

const id = "0123456789ab";

test("[T46] a decision names one approval, and `--always` goes with a yes only", () => {
  expect(parseApprovalOptions("approve", [id, "--always", "--data", "/d"])).toEqual({
    ok: true,
    value: { type: "decide", id, decision: "always", data: "/d", json: false },
  });
  expect(parseApprovalOptions("approve", [id])).toMatchObject({ value: { decision: "once" } });
  expect(parseApprovalOptions("deny", [id])).toMatchObject({ value: { decision: "deny" } });
  expect(parseApprovalOptions("approvals", ["--json"])).toMatchObject({ value: { type: "list", json: true } });
});

test.for([
  { command: "approve", args: [], word: "one id" },
  { command: "approve", args: ["p1"], word: "one id" },
  { command: "approve", args: [id, id], word: "one id" },
  { command: "deny", args: [id, "--always"], word: "--always" },
  { command: "approvals", args: [id], word: id },
  { command: "approvals", args: ["--colour"], word: "--colour" },
] as const)("[T46] $command $args is refused with what is wrong", ({ command, args, word }) => {
  const parsed = parseApprovalOptions(command, args);
  expect(parsed.ok ? "" : parsed.message).toContain(word);
});
