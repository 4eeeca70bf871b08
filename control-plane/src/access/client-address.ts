// By what a client's address counts. A network of its own, which IPv6 gives everybody, counts as one.

/** The first 64 bits of an IPv6 address; any other text as it is, and an IPv4 address that IPv6 wraps as itself. */
export function addressKey(address: string): string {
  if (!address.includes(":")) return address;
  if (address.includes(".")) return address.slice(address.lastIndexOf(":") + 1);
  const [front = "", back] = address.toLowerCase().split("::", 2);
  const before = front === "" ? [] : front.split(":");
  const after = back === undefined || back === "" ? [] : back.split(":");
  const zeros = back === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array<string>(zeros).fill("0"), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":")}::/64`;
}
