import { expect, test } from "vitest";
import { readSecret, takeSecret } from "./fragment-secret.ts";

/** A page at `address`, with what its history was given. */
function pageAt(address: string) {
  const url = new URL(address);
  const given: unknown[][] = [];
  const location = { hash: url.hash, pathname: url.pathname, search: url.search };
  const history = { replaceState: (...args: unknown[]) => void given.push(args) };
  return { page: { location, history } as unknown as Window, given };
}

test("[B2] the secret of a sign-in link is taken out of the address, good or not; nothing else is", () => {
  for (const [address, secret] of [
    ["http://127.0.0.1:8787/#sign-in=lw_abc_123", "lw_abc_123"],
    ["http://127.0.0.1:8787/#sign-in=", null],
    ["http://127.0.0.1:8787/#sign-in=<script>", null],
  ] as const) {
    const { page, given } = pageAt(address);
    expect([address, takeSecret(page)]).toEqual([address, secret]);
    expect(given).toEqual([[null, "", "/"]]);
  }
  const { page, given } = pageAt("http://127.0.0.1:8787/#/m/vm/p/web");
  expect([takeSecret(page), given]).toEqual([null, []]);
  expect(readSecret("#/sign-in=lw_abc")).toBeNull();
});
