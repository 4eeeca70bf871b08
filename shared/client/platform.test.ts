import { expect, test } from "vitest";
import { sendsHeaders, watchPage } from "./platform.ts";

/** A page whose tab is shown or hidden by hand. */
class Page {
  visibilityState = "visible";
  readonly #events = new EventTarget();

  addEventListener(type: string, listener: () => void, options: { readonly signal: AbortSignal }): void {
    this.#events.addEventListener(type, listener, options);
  }

  turn(visibilityState: string): void {
    this.visibilityState = visibilityState;
    this.#events.dispatchEvent(new Event("visibilitychange"));
  }
}

const node = { process: { versions: { node: "24.0.0" } } };

test.each([
  { name: "Node", platform: node, sends: true },
  { name: "a browser", platform: { document: new Page(), navigator: { userAgent: "Mozilla/5.0" } }, sends: false },
  { name: "a Worker", platform: { navigator: { userAgent: "Cloudflare-Workers" } }, sends: false },
  {
    name: "a Worker that knows Node",
    platform: { ...node, navigator: { userAgent: "Cloudflare-Workers" } },
    sends: false,
  },
  { name: "a page in Electron", platform: { ...node, document: new Page() }, sends: false },
])("[R53] in $name a socket sends the token as a header: $sends", ({ platform, sends }) => {
  expect(sendsHeaders(platform)).toBe(sends);
});

test("[R53] a page that is hidden gives no attention until it is shown again; where there is none, somebody looks", () => {
  const page = new Page();
  const said: boolean[] = [];
  const closing = new AbortController();
  watchPage((isVisible) => said.push(isVisible), closing.signal, { document: page });
  page.turn("hidden");
  page.turn("visible");
  closing.abort();
  page.turn("hidden");
  expect(said).toEqual([true, false, true]);
  watchPage((isVisible) => said.push(isVisible), closing.signal, {});
  expect(said).toEqual([true, false, true, true]);
});
