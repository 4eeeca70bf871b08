// What `doctor` makes of what it sees. Pure.

export interface Finding {
  readonly name: string;
  readonly verdict: "ok" | "warning" | "fault";
  /** What was seen. */
  readonly says: string;
  /** What to do about it. */
  readonly hint?: string;
}

const least = { major: 22, minor: 13 } as const;

/** `version` as `process.versions.node` has it. */
export function judgeNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isEnough = major > least.major || (major === least.major && minor >= least.minor);
  const hint = `Node ${least.major}.${least.minor} or newer is needed.`;
  return { name: "node", verdict: isEnough ? "ok" : "fault", says: version, ...(isEnough ? {} : { hint }) };
}

export interface SeenFile {
  readonly path: string;
  /** Rights, as `stat` has them. */
  readonly mode: number;
  readonly uid: number;
}

/** The data folder and what in it nobody else may read, the folder first. `own`: null where users have no numbers. */
export function judgeFolder(files: readonly SeenFile[], own: number | null): Finding {
  const name = "data folder";
  const foreign = own === null ? undefined : files.find(({ uid }) => uid !== own);
  if (foreign !== undefined) {
    const hint = `Run as the user it belongs to, or: chown -R $(id -u) ${files[0]?.path ?? ""}`;
    return { name, verdict: "fault", says: `${foreign.path} belongs to another user`, hint };
  }
  const open = files.filter(({ mode }) => (mode & 0o077) !== 0).map(({ path }) => path);
  if (open.length > 0) {
    const hint = `chmod go-rwx ${open.join(" ")} - and revoke the token if others use this machine.`;
    return { name, verdict: "fault", says: `open to other users: ${open.join(", ")}`, hint };
  }
  return { name, verdict: "ok", says: files[0]?.path ?? "" };
}

const MB = 1_000_000;

export function judgeDisk(freeBytes: number): Finding {
  const says = `${Math.floor(freeBytes / MB)} MB free`;
  if (freeBytes >= 1000 * MB) return { name: "disk", verdict: "ok", says };
  const hint = "Output waits there while the control plane is away; without room new starts are refused.";
  return { name: "disk", verdict: freeBytes < 100 * MB ? "fault" : "warning", says, hint };
}

/** `aheadMs`: how far this machine's clock is before the control plane's; null where that does not tell. */
export function judgeClock(aheadMs: number | null): Finding {
  const name = "clock";
  if (aheadMs === null) return { name, verdict: "ok", says: "the control plane tells no time to compare it with" };
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  // The control plane tells whole seconds.
  if (seconds <= 2) return { name, verdict: "ok", says: "as the control plane's" };
  const says = `${seconds} s ${aheadMs > 0 ? "ahead of" : "behind"} the control plane's`;
  const hint = "Set it by the network: certificates and the times of events go by it.";
  return { name, verdict: seconds > 60 ? "fault" : "warning", says, hint };
}
