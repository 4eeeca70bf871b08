// What came of what somebody did, said once: at the page's edge, and to screen readers.

import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { LongwireError } from "@longwire/shared/client/longwire-error.ts";
import { Icon } from "./icon.tsx";

interface Toast {
  readonly id: number;
  readonly tone: "good" | "bad";
  readonly text: string;
  readonly more: ComponentChildren;
}

const toasts = signal<readonly Toast[]>([]);
/** Long enough to be read; what went wrong stays until it is closed. */
const shownMs = 5000;
const kept = 4;
let last = 0;

function show(tone: Toast["tone"], text: string, more: ComponentChildren): void {
  const id = ++last;
  toasts.value = [...toasts.value, { id, tone, text, more }].slice(-kept);
  if (tone === "good") setTimeout(() => close(id), shownMs);
}

function close(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

export const sayDone = (text: string, more: ComponentChildren = null): void => show("good", text, more);
export const sayProblem = (text: string, more: ComponentChildren = null): void => show("bad", text, more);

/** A refusal in its own words, with the next thing to do. */
export function sayError(what: string, error: unknown): void {
  if (error instanceof LongwireError) sayProblem(`${what}: ${error.message}`, error.hint);
  else sayProblem(`${what}: ${error instanceof Error ? error.message : String(error)}`);
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ id, tone, text, more }) => (
        <div key={id} class={`toast toast-${tone}`}>
          <div class="toast-words">
            <p>{text}</p>
            {more !== null && <div class="toast-more">{more}</div>}
          </div>
          <button type="button" class="button-quiet button-square" aria-label="Close" onClick={() => close(id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
