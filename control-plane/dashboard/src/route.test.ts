import fc from "fast-check";
import { expect, test } from "vitest";
import { formatRoute, parseRoute, type Route } from "./route.ts";

const name = fc.string({ minLength: 1, maxLength: 64, unit: "grapheme" });
/** What addresses are made of, and halves of characters. */
const pieces = fc.constantFrom("%", "%2", "/", "#", "m", "p", "r", "é", "\ud83d", "\udc00", "日", "0", "tokens");
const routes: fc.Arbitrary<Route> = fc.oneof(
  fc.constant<Route>({ type: "machines" }),
  name.map((machine): Route => ({ type: "machine", machine })),
  fc.record({
    type: fc.constant("process" as const),
    machine: name,
    process: name,
    run: fc.option(fc.nat(9999).map((run) => run + 1)),
  }),
  name.map((machine): Route => ({ type: "approvals", machine })),
  name.map((machine): Route => ({ type: "machine-audit", machine })),
  fc.record({
    type: fc.constant("side" as const),
    machine: name,
    processes: fc.array(
      fc.nat(99).map((id) => `p${id}`),
      { maxLength: 4 },
    ),
  }),
  fc
    .constantFrom("tokens", "invites", "webhooks", "audit")
    .map((page): Route => ({ type: "workspace", page: page as "tokens" })),
);

test("[B4] every place has an address of its own, whatever a machine or process is called", () => {
  fc.assert(
    fc.property(routes, (route) => {
      const address = formatRoute(route);
      expect(address).toMatch(/^#\/[^ <>"]*$/);
      expect(parseRoute(address)).toEqual(route);
    }),
  );
});

test("[B4] an address that means nothing is no place, and never an error", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string({ unit: pieces }),
        name.map((text) => `#/m/${text}`),
      ),
      (text) => {
        const route = parseRoute(`#${text}`);
        expect(parseRoute(formatRoute(route)).type).toBe(route.type === "unknown" ? "machines" : route.type);
      },
    ),
  );
  for (const odd of [
    "#/m/%",
    "#/m/a/p",
    "#/m/a/p/b/r/0",
    "#/tokens/x",
    "#/m/\ud800",
    "#javascript:alert(1)",
    "#//evil.example",
    "#sign-in=x",
  ]) {
    expect(parseRoute(odd)).toEqual({ type: "unknown" });
  }
});
