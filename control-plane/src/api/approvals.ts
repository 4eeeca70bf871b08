// What waits for a machine's owner, asked of its runner, and the owner's word on it. Whether that counts from here is
// the runner's to say: its policy file names where the owner decides.

import { decisionRequestSchema } from "@longwire/shared/api/requests.ts";
import type { ApprovalsAnswer } from "@longwire/shared/api/views.ts";
import type { Refusal } from "@longwire/shared/errors.ts";
import { approvalIdSchema } from "@longwire/shared/ids.ts";
import { problemResponse } from "../access/problem.ts";
import type { App } from "./app.ts";
import { act, readActing } from "./command.ts";
import { machineOf } from "./context.ts";

export function addApprovals(app: App): void {
  app.get("/v1/machines/:machine/approvals", async (c) => {
    const reached = await machineOf(c, "approve");
    if (!reached.ok) return problemResponse(reached.refusal);
    const answered = await reached.value.machine.ask({ type: "list_approvals" });
    if (answered.type === "offline") return problemResponse(offline);
    if (answered.type === "silent" || answered.answer.type !== "approvals") return problemResponse(silent);
    return c.json({ items: answered.answer.items, next_cursor: null } satisfies ApprovalsAnswer);
  });

  app.post("/v1/machines/:machine/approvals/:approval", async (c) => {
    const acting = await readActing(c, decisionRequestSchema, "approve");
    if (!acting.ok) return problemResponse(acting.refusal);
    const approval = approvalIdSchema.safeParse(c.req.param("approval"));
    if (!approval.success) return problemResponse(unknown);
    const { decision } = acting.value.body;
    const done = await act(acting.value, { op: "decide", approval: approval.data, decision });
    return done.ok ? c.json({ process: done.value.process }) : problemResponse(done.refusal);
  });
}

const offline: Refusal = {
  code: "machine_offline",
  detail: "The machine is not connected, so nothing is asked there.",
};
const silent: Refusal = { code: "runner_timeout", detail: "The machine's runner did not answer in time." };
const unknown: Refusal = { code: "not_found", detail: "An approval's id has 12 hexadecimal digits." };
