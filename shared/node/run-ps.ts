// `ps`, where there is no /proc. Always in one language and time zone: start times are compared as text, between
// programs with different environments.

import { execFileSync } from "node:child_process";

const environment = { PATH: "/usr/bin:/bin:/usr/sbin:/sbin", LC_ALL: "C", TZ: "UTC" };

/** What `ps` prints. Throws where it fails, as it does when no process is found. */
export function runPs(options: readonly string[], encoding: "latin1" | "utf8"): string {
  return execFileSync("/bin/ps", options, {
    encoding,
    env: environment,
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "ignore"],
  });
}
