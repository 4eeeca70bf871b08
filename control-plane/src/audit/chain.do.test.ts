import { runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { verifyChain } from "@longwire/shared/audit/verify.ts";
import { newMachine } from "../fixtures/new-machine.ts";
import { AuditChain } from "./chain.ts";

test("[T58] the oldest entries go a table at a time, which the chain says; the rest still verifies", async () => {
  await runInDurableObject(await newMachine(), (_, { storage: { sql } }) => {
    sql.exec("DROP TABLE audit_000001");
    const bounds = { tableEntries: 4, tables: 3 };
    const chain = new AuditChain(sql, bounds);
    for (let round = 1; round <= 30; round++) {
      chain.append({ actor: { kind: "runner" }, act: "stop", target: `p${round}`, outcome: "done" }, round);
    }
    const again = new AuditChain(sql, bounds);
    const { items, head, anchor } = again.read({ after: 0, limit: 100 });
    expect(head).toEqual(chain.head);
    expect([anchor.n % 4, items[0]?.n]).toEqual([0, anchor.n + 1]);
    expect(items.length).toBeLessThanOrEqual(12);
    expect(items.findLast(({ act }) => act === "trimmed")?.target).toBe(`1-${anchor.n}`);
    expect(verifyChain(items, anchor)).toEqual({ ok: true, head });
  });
});
