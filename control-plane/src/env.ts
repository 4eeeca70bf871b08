// What the platform binds to the Worker.

import type { Machine } from "./machine/machine.ts";
import type { Workspace } from "./workspace/workspace.ts";

export interface Env {
  readonly MACHINES: DurableObjectNamespace<Machine>;
  readonly WORKSPACES: DurableObjectNamespace<Workspace>;
  /** Needed to enrol a machine. Without it enrolling is closed, unless `ENROLL_OPEN` says otherwise. */
  readonly ENROLL_KEY?: string;
  /** `true` lets anybody enrol a machine into a workspace of their own. */
  readonly ENROLL_OPEN?: string;
  /** Host names requests may be addressed to, separated by commas; absent: whatever the platform routes here. */
  readonly ALLOWED_HOSTS?: string;
  /** Bytes of events each machine's log holds; absent: 256 MiB. */
  readonly RETENTION_BYTES?: string;
}
