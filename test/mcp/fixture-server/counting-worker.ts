// The control plane as it is, whose machines can be asked how many viewers' sockets they hold: what a wait has open.

import { createApp } from "../../../control-plane/src/api/app.ts";
import type { Env } from "../../../control-plane/src/env.ts";
import { Machine as ProductMachine } from "../../../control-plane/src/machine/machine.ts";
import { readMachineId, toHex } from "../../../shared/src/token.ts";

export { Workspace } from "../../../control-plane/src/workspace/workspace.ts";

export class Machine extends ProductMachine {
  openViewers(): number {
    return this.ctx.getWebSockets("viewer").filter(({ readyState }) => readyState === WebSocket.OPEN).length;
  }
}

const app = createApp();

/** `GET /viewers/{machine_id}`, and the product. */
export default {
  async fetch(request, env, context) {
    const id = /\/viewers\/(m_\w+)$/.exec(request.url)?.[1];
    if (id === undefined) return await app.fetch(request, env, context);
    const object = env.MACHINES.idFromString(toHex(readMachineId(id) ?? new Uint8Array()));
    const machine = env.MACHINES.get(object) as unknown as DurableObjectStub<Machine>;
    return Response.json(await machine.openViewers());
  },
} satisfies ExportedHandler<Env>;
