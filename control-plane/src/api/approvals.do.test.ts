import { evictDurableObject } from "cloudflare:test";
import { beforeEach, expect, test } from "vitest";
import type {
  ApprovalsAnswer,
  Event,
  Problem,
  Process,
  StartedAnswer,
  WaitAnswer,
} from "@longwire/shared/api/views.ts";
import type { ApprovalId, CommandId } from "@longwire/shared/ids.ts";
import type { PendingApproval } from "@longwire/shared/wire/approvals.ts";
import type { ApprovalFact, Fact } from "@longwire/shared/wire/facts.ts";
import { enrollMachine, type EnrolledMachine } from "../fixtures/enrolled-machine.ts";
import { ScriptedRunner, starting } from "../fixtures/scripted-runner.ts";
import type { Machine } from "../machine/machine.ts";

let request: EnrolledMachine["request"];
let machine: DurableObjectStub<Machine>;
let runner: ScriptedRunner;

beforeEach(async () => {
  ({ machine, request } = await enrollMachine());
  runner = await ScriptedRunner.welcomed(machine);
});

const begun = starting() as Extract<Fact, { type: "starting" }>;
const { process, run, at } = begun;
const pending: Fact = { ...begun, type: "pending", waiting_for: "approval" };
const denied: Fact = { type: "failed", process, run, at, reason: "denied", detail: "No." };
const approval = (decision: ApprovalFact["decision"]): Fact => ({
  ...{ type: "approval", process, run, at, command_id: begun.command_id },
  ...{ approval_id: id, digest: "d".repeat(64), decision },
});
const outcome = (command_id: CommandId, rest: object): Fact => ({
  type: "command",
  at,
  command_id,
  outcome: "done",
  process,
  run,
  ...rest,
});

const id = "0123456789ab" as ApprovalId;
const waiting: PendingApproval = {
  ...{ approval_id: id, process_id: process, run, name: null, command: "make", program: "/bin/sh", cwd: "/" },
  ...{ env: ["CI"], stdin_bytes: null, tty: false, ready_command: null, restart: null },
  ...{ asked_by: "ci", digest: "d".repeat(64), expires_in_ms: 1000 },
};
const decide = (body: object, of: string = id): Promise<Response> =>
  request(`/approvals/${of}`, { method: "POST", body: JSON.stringify(body) });

test("[T47] what waits for the owner is asked of the machine, each time anew", async () => {
  for (let times = 0; times < 2; times++) {
    const listing = request("/approvals");
    const { id: question } = await runner.frame("list_approvals");
    runner.socket.send(JSON.stringify({ type: "approvals", id: question, items: [waiting] }));
    const response = await listing;
    expect(await response.json<ApprovalsAnswer>()).toEqual({ items: [waiting], next_cursor: null });
    await evictDurableObject(machine);
  }
  runner.socket.close(1000);
  await runner.log.closed;
  const gone = await request("/approvals");
  expect([gone.status, (await gone.json<Problem>()).code]).toEqual([503, "machine_offline"]);
});

test("[T47] a decision reaches the runner as it was given, and what the runner says of it the caller", async () => {
  await runner.store(pending, approval("asked"));
  const deciding = decide({ decision: "once" });
  const { command } = await runner.frame("command");
  expect(command.operation).toEqual({ op: "decide", approval: id, decision: "once" });
  await runner.store(approval("once"), { type: "started", process, run, at, pid: 5 }, outcome(command.id, {}));
  const response = await deciding;
  expect([response.status, await response.json()]).toMatchObject([200, { process: { process_id: "p1" } }]);

  const refusing = decide({ decision: "deny" });
  const { command: second } = await runner.frame("command");
  await runner.store(outcome(second.id, { outcome: "refused", code: "denied_by_machine", detail: "Not from here." }));
  const refused = await refusing;
  expect([refused.status, (await refused.json<Problem>()).detail]).toEqual([403, "Not from here."]);
});

test("[T5] a decision that is none, or of an approval that cannot be, is refused", async () => {
  for (const body of [{ decision: "always" }, { decision: "once", for: "ever" }, {}]) {
    expect([body, (await decide(body)).status]).toEqual([body, 422]);
  }
  expect((await decide({ decision: "once" }, "p1")).status).toBe(404);
});

test("[T40] a wait for a run the owner denies ends with `denied`, whether it began before or after", async () => {
  const starts = request("/processes?until=exit&wait_ms=50000", {
    method: "POST",
    body: JSON.stringify({ command: "make" }),
  });
  const { command } = await runner.frame("command");
  await runner.store(pending, approval("asked"), outcome(command.id, {}));
  const view = await request("/processes/p1");
  expect(await view.json<Process>()).toMatchObject({ state: "pending", waiting_for: "approval" });
  await runner.store(approval("denied"), denied);
  const started = await starts;
  expect([started.status, await started.json<StartedAnswer>()]).toMatchObject([
    201,
    { state: "failed", reason: "denied", wait: { ended_by: "denied" } },
  ]);
  const after = await request("/processes/p1/wait?until=exit&wait_ms=50000");
  expect(await after.json<WaitAnswer>()).toMatchObject({ ended_by: "denied" });
  const page = await request("/events?after=0&type=approval");
  const { events } = await page.json<{ events: Event[] }>();
  expect(events.map(({ approval_id, decision }) => [approval_id, decision])).toEqual([
    [id, "asked"],
    [id, "denied"],
  ]);
});
