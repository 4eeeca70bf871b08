// A machine that asks to be taken in: it gets a workspace of its own, its machine token, and that workspace's
// first admin token. Tokens are made here, handed out once, and kept as hashes.

import { enrollRequestSchema } from "@longwire/shared/api/requests.ts";
import { maxOpenBodyBytes } from "@longwire/shared/limits.ts";
import type { EnrollAnswer } from "@longwire/shared/api/views.ts";
import { scopes } from "@longwire/shared/scopes.ts";
import { formatMachineId, fromHex } from "@longwire/shared/token.ts";
import { parseBody, readText } from "../access/body.ts";
import { equalSecrets } from "../access/digest.ts";
import { limitEntry } from "../access/rate-limits.ts";
import { problemResponse } from "../access/problem.ts";
import type { Env } from "../env.ts";
import { makeToken } from "../workspace/new-token.ts";
import type { App } from "./app.ts";

export function addEnroll(app: App): void {
  app.post("/v1/enroll", async (c) => {
    const limited = await limitEntry(c.env, c.req.raw);
    if (limited !== null) return problemResponse(limited);
    const text = await readText(c.req.raw, { maxBytes: maxOpenBodyBytes });
    if (!text.ok) return problemResponse(text.refusal);
    const body = parseBody(c.req.raw, text.value, enrollRequestSchema);
    if (!body.ok) return problemResponse(body.refusal);
    if (!(await mayEnroll(c.env, body.value.enroll_key))) {
      const hint = "Give the control plane's ENROLL_KEY to the runner, in its environment as LONGWIRE_ENROLL_KEY.";
      return problemResponse({
        code: "unauthorized",
        detail: "This control plane does not enrol without its key.",
        hint,
      });
    }
    const { enroll_key: _, ...machine } = body.value;
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

async function enroll(env: Env, machine: Enrolling): Promise<EnrollAnswer> {
  const workspaceId = env.WORKSPACES.newUniqueId();
  const objectId = env.MACHINES.newUniqueId();
  const machineId = formatMachineId(fromHex(objectId.toString()));
  const machineToken = await makeToken(workspaceId.toString());
  const adminToken = await makeToken(workspaceId.toString());
  await env.MACHINES.get(objectId).create({ machine_id: machineId, ...machine });
  await env.WORKSPACES.get(workspaceId).enroll({ id: machineId, name: machine.name }, [
    {
      ...{ id: machineToken.id, hash: machineToken.hash, name: machine.name, kind: "runner" },
      ...{ scopes: [], machines: [machineId], expiresAt: null },
    },
    {
      ...{ id: adminToken.id, hash: adminToken.hash, name: "admin", kind: "operator" },
      ...{ scopes, machines: null, expiresAt: null },
    },
  ]);
  return { machine_id: machineId, machine_token: machineToken.text, admin_token: adminToken.text };
}
