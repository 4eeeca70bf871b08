// Made-up requests, asked of a machine whose owner named its commands, so that nothing else can run.

import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTarget, type Target } from "../security/target.ts";
import { Documented } from "../support/documented.ts";
import { fuzzedRequest } from "../support/fuzzed-request.ts";

/** Ten thousand take minutes: `LONGWIRE_FUZZ_RUNS=10000`. */
const runs = Number(process.env["LONGWIRE_FUZZ_RUNS"] ?? 1000);

/** Sockets have fuzzers of their own; the others would take away what is asked about. */
const notMeant = ["openLink", "openViewerSocket", "removeMachine", "forgetProcess"];

let target: Target;
beforeAll(async () => {
  target = await startTarget();
}, 120_000);
afterAll(() => target?.close());

test(
  "[R49] made-up requests are answered as the document has it, and never by a fault of ours",
  { timeout: 600_000 },
  async () => {
    const documented = await Documented.open(target);
    const statuses = new Map<number, number>();
    const request = fuzzedRequest(documented.document, (id) => !notMeant.includes(id));
    await fc.assert(
      fc.asyncProperty(request, async ({ method, path, body, headers }) => {
        const { status } = await documented.ask(method, path, { body, headers });
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        expect(status).not.toBe(500);
      }),
      { numRuns: runs, endOnFailure: true },
    );
    // They came through to the machine, and not all of them.
    for (const status of [200, 403, 404, 422]) expect(statuses.get(status) ?? 0).toBeGreaterThan(0);
    expect((await documented.ask("GET", "/healthz")).status).toBe(200);
  },
);
