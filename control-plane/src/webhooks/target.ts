// Whether events may be posted to an address. A control plane that others can reach must not be led to what only it
// can reach: the machines beside it, or the services its host answers on loopback. Names are judged as they are
// written; where they lead is up to the platform, which reaches public addresses only.

export type TargetRules =
  /** Public addresses, over https. */
  | "public"
  /** The owner's own machine as well, and in clear. */
  | "loopback";

/** What is wrong with `address`; null where events may be posted to it. */
export function findTargetFault(address: string, rules: TargetRules): string | null {
  // What the parser would drop or rewrite must not hide where it leads.
  if (!/^[\x21-\x7e]+$/.test(address)) return "must be ASCII without spaces: write a host's name in punycode";
  const url = URL.parse(address);
  if (url === null) return "must be an address such as `https://example.com/hooks`";
  if (url.protocol !== "https:" && url.protocol !== "http:") return "must begin with `https://`";
  if (url.username !== "" || url.password !== "") return "must hold no user and no password";
  if (rules === "loopback" && isLoopback(url.hostname)) return null;
  if (!isPublic(url.hostname)) return "must lead to a public host: this one is private, or no full name";
  if (url.protocol === "http:" && rules === "public") return "must begin with `https://`";
  return null;
}

/** As the URL standard writes hosts: IPv4 in four decimal numbers, whatever form it came in. */
const v4 = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/;
const withoutDot = (host: string): string => host.replace(/\.$/, "");

function isLoopback(hostname: string): boolean {
  const host = withoutDot(hostname);
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || v4.exec(host)?.[1] === "127";
}

const privateNames = ["localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "home.arpa"];

function isPublic(hostname: string): boolean {
  const host = withoutDot(hostname);
  if (host.startsWith("[")) return isPublicV6(host.slice(1, -1));
  const parts = v4.exec(host);
  if (parts !== null) return isPublicV4(parts.slice(1).map(Number));
  return host.includes(".") && !privateNames.some((name) => host === name || host.endsWith(`.${name}`));
}

/** The special-purpose blocks of https://www.iana.org/assignments/iana-ipv4-special-registry/ are not. */
function isPublicV4([a = 0, b = 0, c = 0]: readonly number[]): boolean {
  if (a === 0 || a === 10 || a === 127 || a >= 224) return false;
  if (a === 100 && b >= 64 && b < 128) return false;
  if (a === 169 && b === 254) return false;
  if (a === 172 && b >= 16 && b < 32) return false;
  if (a === 192 && (b === 168 || (b === 0 && (c === 0 || c === 2)) || (b === 88 && c === 99))) return false;
  if (a === 198 && (b === 18 || b === 19 || (b === 51 && c === 100))) return false;
  return !(a === 203 && b === 0 && c === 113);
}

/**
 * Global unicast alone, 2000::/3, which leaves out loopback, link-local, unique local and mapped addresses; and of that
 * not what stands for another address (Teredo, 6to4) or for none (documentation).
 */
function isPublicV6(address: string): boolean {
  const [first = "", second = ""] = address.split(":");
  const a = Number.parseInt(first || "0", 16);
  const b = Number.parseInt(second || "0", 16);
  if (a < 0x2000 || a > 0x3fff || a === 0x2002) return false;
  if (a === 0x2001 && (b < 0x200 || b === 0xdb8)) return false;
  return !(a === 0x3fff && b < 0x1000);
}
