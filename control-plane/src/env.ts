// What the platform binds to the Worker.

import type { Machine } from "./machine/machine.ts";
import type { Workspace } from "./workspace/workspace.ts";

export interface Env {
  readonly MACHINES: DurableObjectNamespace<Machine>;
  readonly WORKSPACES: DurableObjectNamespace<Workspace>;
  /** The dashboard's files, as they were built; absent: there is none. */
  readonly DASHBOARD?: Fetcher;
  /** Needed to enrol a machine. Without it enrolling is closed, unless `ENROLL_OPEN` says otherwise. */
  readonly ENROLL_KEY?: string;
  /** `true` lets anybody enrol a machine into a workspace of their own. */
  readonly ENROLL_OPEN?: string;
  /** Host names requests may be addressed to, separated by commas; absent: whatever the platform routes here. */
  readonly ALLOWED_HOSTS?: string;
  /** The header in which the platform names a client's address; absent: all clients count as one. */
  readonly CLIENT_ADDRESS_HEADER?: string;
  /** Tokens that are not known here, and requests without one, by client address. Absent, as each of these: no limit. */
  readonly LIMIT_GUESSES?: RateLimit;
  /** Requests that hand out tokens, by client address. */
  readonly LIMIT_ENTRIES?: RateLimit;
  /** Requests with one token. */
  readonly LIMIT_CALLS?: RateLimit;
  /** Starts of each machine in any minute; absent: 90. */
  readonly STARTS_PER_MINUTE?: string;
  /** Where flaws are reported: `mailto:` or `https:` addresses, separated by spaces. Absent: no security.txt. */
  readonly SECURITY_CONTACT?: string;
  /** Bytes of events each machine's log holds; absent: 256 MiB. */
  readonly RETENTION_BYTES?: string;
  /** `loopback`: webhooks may lead to this machine itself, and in clear. Absent: to public addresses over https alone. */
  readonly WEBHOOK_TARGETS?: string;
}
