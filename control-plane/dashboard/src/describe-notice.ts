// The words of a notification. Pure.

import type { ViewerEvent } from "@longwire/shared/read-viewer-frame.ts";
import type { Route } from "./route.ts";

export interface Notice {
  readonly title: string;
  readonly body: string;
  /** One that says the same again takes the other's place. */
  readonly tag: string;
  readonly route: Route;
}

/** Null where the event is nothing to call anybody for. */
export function describeNotice(machine: string, event: ViewerEvent): Notice | null {
  const { process_id: process = "", name = process, run = 0 } = event;
  const tag = `${machine}/${process}/${run}/${event.type}`;
  const route: Route = { type: "process", machine, process, run: null };
  if (event.type === "ready") return { title: `${name} is ready`, body: `on ${machine}`, tag, route };
  if (event.type === "exited") {
    const how = event.signal == null ? `with code ${event.returncode ?? "unknown"}` : `by ${event.signal}`;
    return { title: `${name} ended ${how}`, body: `on ${machine}`, tag, route };
  }
  if (event.type === "approval" && event.decision === "asked") {
    const title = `${name} waits for your approval`;
    return { title, body: `on ${machine}: ${event.command ?? ""}`, tag, route: { type: "approvals", machine } };
  }
  return null;
}
