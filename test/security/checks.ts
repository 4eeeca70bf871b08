// All checks, in the order they are made, and the rows that have no surface yet. A row that is left out comes back by
// itself: the check of the list fails once a route it speaks of is there.

import type { Check } from "./check.ts";
import { accessChecks } from "./checks/access.ts";
import { boundChecks } from "./checks/bounds.ts";
import { browserChecks } from "./checks/browsers.ts";
import { dashboardChecks } from "./checks/dashboard.ts";
import { frequencyChecks } from "./checks/frequency.ts";
import { codeChecks, joiningChecks } from "./checks/joining.ts";
import { mcpChecks } from "./checks/mcp.ts";
import { pageChecks } from "./checks/pages.ts";
import { policyChecks } from "./checks/policy.ts";
import { projectChecks } from "./checks/project.ts";
import { recordChecks } from "./checks/records.ts";
import { revocationChecks } from "./checks/revocation.ts";
import { secretChecks } from "./checks/secrets.ts";
import { sessionChecks } from "./checks/sessions.ts";
import { tenantChecks } from "./checks/tenants.ts";
import { tokenChecks } from "./checks/tokens.ts";
import { webhookChecks } from "./checks/webhooks.ts";
import { transportChecks } from "./checks/transport.ts";
import { nameOf, type Route } from "./routes.ts";

export interface LeftOut {
  readonly ids: readonly string[];
  readonly why: string;
  /** The routes that would be its surface; null where it is none of the control plane's. */
  readonly until: RegExp | null;
}

export const leftOut: readonly LeftOut[] = [
  { ids: ["S6"], why: "a link names no machine but its token's own", until: /link\/:/ },
  { ids: ["S7"], why: "tokens name no audience: there is no OAuth", until: /oauth|authorize/ },
  { ids: ["S18"], why: "no page approves a device: codes are made by who is signed in", until: /device|verify/ },
  { ids: ["S19", "S20", "S21"], why: "there is no OAuth", until: /oauth|authorize/ },
  {
    ids: ["S38"],
    why: "what the command line prints is tried in a real terminal by the tests of U4 and U5",
    until: null,
  },
];

const list: Check = {
  id: "S0",
  title: "no row is left out whose surface is there",
  run(probe) {
    for (const { ids, until } of leftOut) {
      probe.asked++;
      const there = until === null ? [] : probe.target.routes.filter((route: Route) => until.test(nameOf(route)));
      probe.same(`${ids.join()} left out`, there.map(nameOf), []);
    }
    return Promise.resolve();
  },
};

export const allChecks: readonly Check[] = [
  list,
  ...[
    accessChecks,
    browserChecks,
    mcpChecks,
    pageChecks,
    dashboardChecks,
    tokenChecks,
    revocationChecks,
    joiningChecks,
    sessionChecks,
    policyChecks,
    recordChecks,
    tenantChecks,
    boundChecks,
    projectChecks,
    transportChecks,
    webhookChecks,
    secretChecks,
    codeChecks,
    frequencyChecks,
  ].flat(),
];
