import { expect, test } from "vitest";
import { addressKey } from "./client-address.ts";

test("[T34] an address counts by itself, and one of IPv6 by its network, however it is written", () => {
  expect(addressKey("203.0.113.9")).toBe("203.0.113.9");
  expect(addressKey("::ffff:203.0.113.9")).toBe("203.0.113.9");
  const same = ["2001:db8:0:1::1", "2001:DB8:0:1:ffff:0:0:2", "2001:0db8:0000:0001::", "2001:db8:0:1:1:2:3:4"];
  expect(new Set(same.map(addressKey))).toEqual(new Set(["2001:db8:0:1::/64"]));
  const others = ["2001:db8:0:2::1", "2001:db8::1", "::1", "fe80::1", "2001:db8:1::1"];
  expect(new Set([...others, "2001:db8:0:1::1"].map(addressKey)).size).toBe(6);
});
