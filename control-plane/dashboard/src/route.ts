// Where in the dashboard somebody is, as the address's fragment says it: names of machines and processes stay out of
// every server's log, and a reload is where one was. Pure.

export type WorkspacePage = "tokens" | "invites" | "webhooks" | "audit";

export type Route =
  | { readonly type: "machines" }
  | { readonly type: "machine"; readonly machine: string }
  | { readonly type: "process"; readonly machine: string; readonly process: string; readonly run: number | null }
  /** Several terminals beside each other. */
  | { readonly type: "side"; readonly machine: string; readonly processes: readonly string[] }
  | { readonly type: "approvals"; readonly machine: string }
  | { readonly type: "machine-audit"; readonly machine: string }
  | { readonly type: "workspace"; readonly page: WorkspacePage }
  | { readonly type: "unknown" };

const workspacePages: readonly string[] = ["tokens", "invites", "webhooks", "audit"] satisfies WorkspacePage[];

/** The route of a fragment, whatever somebody wrote there. */
export function parseRoute(fragment: string): Route {
  let parts: string[];
  try {
    parts = fragment
      .replace(/^#?\/?/, "")
      .split("/")
      .filter((part) => part !== "")
      .map((part) => decodeURIComponent(part));
  } catch {
    return { type: "unknown" };
  }
  // Half a character has no address.
  if (!parts.every((part) => part.isWellFormed())) return { type: "unknown" };
  const [first, second, third, fourth, fifth, sixth, ...more] = parts;
  if (first === undefined) return { type: "machines" };
  if (more.length > 0) return { type: "unknown" };
  if (workspacePages.includes(first) && second === undefined)
    return { type: "workspace", page: first as WorkspacePage };
  if (first !== "m" || second === undefined) return { type: "unknown" };
  const machine = second;
  if (third === undefined) return { type: "machine", machine };
  if (third === "approvals" && fourth === undefined) return { type: "approvals", machine };
  if (third === "audit" && fourth === undefined) return { type: "machine-audit", machine };
  if (third === "side" && fifth === undefined) {
    return { type: "side", machine, processes: (fourth ?? "").split(",").filter((one) => one !== "") };
  }
  if (third !== "p" || fourth === undefined) return { type: "unknown" };
  if (fifth === undefined) return { type: "process", machine, process: fourth, run: null };
  if (fifth === "r" && /^[1-9][0-9]{0,9}$/.test(sixth ?? "")) {
    return { type: "process", machine, process: fourth, run: Number(sixth) };
  }
  return { type: "unknown" };
}

/** The fragment of a route, with its `#`. */
export function formatRoute(route: Route): string {
  const path = (...parts: readonly string[]): string => `#/${parts.map((part) => encodeURIComponent(part)).join("/")}`;
  switch (route.type) {
    case "machines":
    case "unknown":
      return "#/";
    case "machine":
      return path("m", route.machine);
    case "approvals":
      return path("m", route.machine, "approvals");
    case "machine-audit":
      return path("m", route.machine, "audit");
    case "side":
      return path("m", route.machine, "side", ...(route.processes.length === 0 ? [] : [route.processes.join(",")]));
    case "process":
      return path("m", route.machine, "p", route.process, ...(route.run === null ? [] : ["r", String(route.run)]));
    case "workspace":
      return path(route.page);
  }
}
