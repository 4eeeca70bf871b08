// The routes there are, from the table the control plane is held to. That file is the control plane's own, so it is
// loaded as it lies there, and what is read of it is looked at before it is believed.

export interface Route {
  readonly method: string;
  /** As Hono writes it. */
  readonly path: string;
  readonly needs: "open" | readonly string[];
  /** Needed as well where the query has this parameter. */
  readonly withQuery?: { readonly parameter: string; readonly needs: readonly string[] };
}

export async function loadRoutes(): Promise<readonly Route[]> {
  const file = new URL("../../control-plane/src/access/matrix.ts", import.meta.url).href;
  const { routeMatrix } = (await import(file)) as { readonly routeMatrix?: unknown };
  if (!Array.isArray(routeMatrix) || routeMatrix.length === 0 || !routeMatrix.every(isRoute)) {
    throw new Error("the table of routes is none, or has another shape");
  }
  return routeMatrix;
}

function isRoute(row: unknown): row is Route {
  const { method, path, needs } = row as Partial<Route>;
  return typeof method === "string" && typeof path === "string" && (needs === "open" || Array.isArray(needs));
}

export const nameOf = ({ method, path }: Route): string => `${method} ${path}`;

/** The route's address with a machine and a process in it; what else it names does not exist. */
export function fill({ path }: Route, machine: string, process: string): string {
  return path
    .replace(":machine", machine)
    .replace(":process", process)
    .replaceAll(/:[a-z]+/g, "nothing");
}

/** What keeps a route that waits from doing so for long. */
export const atOnce = ({ path }: Route): string => (path.endsWith("/wait") ? "?wait_ms=1" : "");

export const isSocket = ({ path }: Route): boolean => path === "/v1/link" || path.endsWith("/ws");
export const mutates = ({ method }: Route): boolean => method !== "GET";

/** The one route that would take the target away, were it to believe a request it must refuse. */
export const endsTarget = ({ method, path }: Route): boolean => method === "DELETE" && path === "/v1/machines/:machine";

/** Asked by a session alone: every other token is refused before anything is read. */
export const isForSessions = ({ needs }: Route): boolean => needs.includes("session");
