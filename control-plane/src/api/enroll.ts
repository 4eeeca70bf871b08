// A machine that asks to be taken in. With a join code it becomes one more of a workspace; with the control plane's key it
// gets a workspace of its own and that workspace's first admin token. Tokens are told once, and kept as hashes.

import { enrollRequestSchema } from "@longwire/shared/api/requests.ts";
import { maxOpenBodyBytes } from "@longwire/shared/limits.ts";
import type { EnrollAnswer, JoinAnswer } from "@longwire/shared/api/views.ts";
import { scopes } from "@longwire/shared/scopes.ts";
import { formatMachineId, fromHex } from "@longwire/shared/token.ts";
import { forgetCallers } from "../access/authenticate.ts";
import { openWorkspace } from "../access/authorise.ts";
import { readBody } from "../access/body.ts";
import { equalSecrets } from "../access/digest.ts";
import { limitEntry } from "../access/rate-limits.ts";
import { problemResponse } from "../access/problem.ts";
import type { Env } from "../env.ts";
import { succeed, type Result } from "../result.ts";
import { retry } from "../waits/run-inputs.ts";
import type { MachineEntry } from "../workspace/grant.ts";
import { makeToken } from "../workspace/new-token.ts";
import type { NewToken } from "../workspace/tokens.ts";
import type { App } from "./app.ts";
import { readCode } from "./invites.ts";

export function addEnroll(app: App): void {
  app.post("/v1/enroll", async (c) => {
    const limited = await limitEntry(c.env, c.req.raw);
    if (limited !== null) return problemResponse(limited);
    const read = await readBody(c.req.raw, enrollRequestSchema, { maxBytes: maxOpenBodyBytes });
    if (!read.ok) return problemResponse(read.refusal);
    const { body } = read.value;
    const { enroll_key: key, join, ...machine } = body;
    if (join !== undefined) {
      const joined = await joinWorkspace(c.env, machine, join);
      return joined.ok ? c.json(joined.value, 201) : problemResponse(joined.refusal);
    }
    if (!(await mayEnroll(c.env, key))) {
      const hint =
        "Give the control plane's ENROLL_KEY to the runner, in its environment as LONGWIRE_ENROLL_KEY, or a join code with --join.";
      return problemResponse({
        code: "unauthorized",
        detail: "This control plane does not enrol without its key.",
        hint,
      });
    }
    return c.json(await enroll(c.env, machine), 201);
  });
}

async function mayEnroll(env: Env, key: string | undefined): Promise<boolean> {
  if (env.ENROLL_OPEN === "true") return true;
  return env.ENROLL_KEY !== undefined && key !== undefined && (await equalSecrets(env.ENROLL_KEY, key));
}

interface Enrolling {
  readonly name: string;
  readonly os: string;
  readonly arch: string;
  readonly runner_version: string;
}

/** A machine in a workspace of its own. */
async function enroll(env: Env, machine: Enrolling): Promise<EnrollAnswer> {
  const workspaceId = env.WORKSPACES.newUniqueId();
  const newMachine = await makeMachine(env, workspaceId.toString(), machine);
  const adminToken = await makeToken(workspaceId.toString());
  await env.WORKSPACES.get(workspaceId).enroll(newMachine.entry, [
    newMachine.token,
    {
      ...{ id: adminToken.id, hash: adminToken.hash, name: "admin", kind: "operator" },
      ...{ scopes, machines: null, expiresAt: null },
    },
  ]);
  await newMachine.create();
  const { id: machine_id } = newMachine.entry;
  return { machine_id, machine_token: newMachine.text, admin_token: adminToken.text };
}

/** A further machine, in the workspace its join code names. */
async function joinWorkspace(env: Env, machine: Enrolling, join: string): Promise<Result<JoinAnswer>> {
  const code = await readCode(env, join);
  if (!code.ok) return code;
  const { workspace, hash } = code.value;
  const newMachine = await makeMachine(env, workspace, machine);
  // The code first: whoever has none makes no object.
  const joined = await openWorkspace(env, { workspace }).join(hash, newMachine.entry, newMachine.token);
  if (!joined.ok) return joined;
  await newMachine.create();
  forgetCallers((known) => known.workspace === workspace);
  return succeed({ machine_id: newMachine.entry.id, machine_token: newMachine.text });
}

interface NewMachine {
  readonly entry: MachineEntry;
  readonly token: NewToken;
  /** The token's text. */
  readonly text: string;
  /** Makes the machine's object. */
  readonly create: () => Promise<void>;
}

async function makeMachine(env: Env, workspace: string, machine: Enrolling): Promise<NewMachine> {
  const objectId = env.MACHINES.newUniqueId();
  const id = formatMachineId(fromHex(objectId.toString()));
  const { text, ...made } = await makeToken(workspace);
  const reach = { scopes: [], machines: [id], expiresAt: null };
  return {
    entry: { id, name: machine.name },
    token: { ...made, name: machine.name, kind: "runner", ...reach },
    text,
    create: () => retry(async () => await env.MACHINES.get(objectId).create({ machine_id: id, ...machine })),
  };
}
