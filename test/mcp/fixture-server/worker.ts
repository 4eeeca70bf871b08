// The control plane with another server behind `/mcp`: what the conformance suite wants to call, by the names it has for
// it, behind all that a request to the product passes. No product has it in its bundle.

import { createApp } from "../../../control-plane/src/api/app.ts";
import type { Env } from "../../../control-plane/src/env.ts";
import { buildFixtures } from "./build-fixtures.ts";

export { Machine } from "../../../control-plane/src/machine/machine.ts";
export { Workspace } from "../../../control-plane/src/workspace/workspace.ts";

const app = createApp({ mcp: buildFixtures });

export default { fetch: app.fetch } satisfies ExportedHandler<Env>;
