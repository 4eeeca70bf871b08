// The Worker's entry: HTTP in front, the objects behind.

import { createApp } from "./api/app.ts";
import type { Env } from "./env.ts";

export { Machine } from "./machine/machine.ts";
export { Workspace } from "./workspace/workspace.ts";

const app = createApp();

export default { fetch: app.fetch } satisfies ExportedHandler<Env>;
