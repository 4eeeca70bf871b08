// Whom a page of the dashboard lets in that it must not: elements and handlers made of somebody's text, addresses of
// other origins, further windows, dialogs, and what its policy had to refuse.

import type { Page } from "playwright-core";
import { watchPage } from "./browser.ts";

/** No page of ours has one of these. */
const strangers = [
  ..."iframe frame frameset object embed applet base img image video audio math template marquee portal".split(" "),
  ..."script:not([src]) meta[http-equiv] form[action] foreignObject animate set".split(" "),
].join();

/** To be evaluated in the page: it is text, so that nothing of these tests runs there. */
const findStrangers = `[...document.querySelectorAll("*")].filter((element) =>
  element.matches(${JSON.stringify(strangers)}) ||
  [...element.attributes].some(({ name, value }) =>
    /^on|^(srcdoc|formaction|ping)$/.test(name) ||
    (name === "style" && /canary|url\\(/.test(value)) ||
    (/^(href|src|action|data|xlink:href)$/.test(name) && new URL(value, location.href).origin !== location.origin)),
).map((element) => element.outerHTML.slice(0, 200))`;

export class Strangers {
  readonly #page: Page;
  readonly #wrongs: readonly string[];
  readonly #foreign: string[] = [];

  /** `origin`: the only one the page may speak to. */
  constructor(page: Page, origin: string) {
    this.#page = page;
    this.#wrongs = watchPage(page);
    const { host } = new URL(origin);
    const look = (what: string, url: string): void => {
      if (new URL(url).host !== host) this.#foreign.push(`${what} ${url}`);
    };
    page.on("request", (request) => look("asks", request.url()));
    page.on("websocket", (socket) => look("dials", socket.url()));
    page.on("framenavigated", (frame) => look("shows", frame.url()));
    page.on("popup", (popup) => this.#foreign.push(`opens ${popup.url()}`));
  }

  /** All so far, and the elements that are there now. */
  async find(): Promise<readonly string[]> {
    return [...this.#wrongs, ...this.#foreign, ...(await this.#page.evaluate<string[]>(findStrangers))];
  }
}
