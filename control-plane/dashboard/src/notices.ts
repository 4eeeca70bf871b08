// What a person is told while they look elsewhere: an end, readiness, an approval. Asked for where they turn it on, and
// kept in this browser alone.

import { signal } from "@preact/signals";
import type { Machine } from "@longwire/shared/api/views.ts";
import type { ViewerEvent } from "@longwire/shared/read-viewer-frame.ts";
import { describeNotice } from "./describe-notice.ts";
import { formatRoute } from "./route.ts";

const key = "longwire.notices";

export const canNotify = "Notification" in window;
/** Turned on here, and allowed by the browser. */
export const notices = signal(canNotify && Notification.permission === "granted" && localStorage.getItem(key) === "on");

/** Turns them on, which asks the browser's leave, or off. Resolves with whether they are on. */
export async function setNotices(on: boolean): Promise<boolean> {
  const isAllowed = on && (await Notification.requestPermission()) === "granted";
  notices.value = isAllowed;
  localStorage.setItem(key, isAllowed ? "on" : "off");
  return isAllowed;
}

export function notifyOf(machine: Machine, event: ViewerEvent): void {
  if (!notices.peek() || document.visibilityState === "visible") return;
  const notice = describeNotice(machine.name, event);
  if (notice === null) return;
  const shown = new Notification(notice.title, { body: notice.body, tag: notice.tag });
  shown.addEventListener("click", () => {
    window.focus();
    location.hash = formatRoute(notice.route);
    shown.close();
  });
}
