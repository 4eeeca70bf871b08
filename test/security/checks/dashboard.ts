// S37b, S46: the dashboard in a real browser, shown what others wrote, and opened by addresses that others made.

import type { Browser, Page } from "playwright-core";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { openBrowser } from "../../support/browser.ts";
import { Strangers } from "../../support/strangers.ts";
import type { Check } from "../check.ts";
import { scripts } from "../corpus/scripts.ts";
import { openTellingMachine } from "../hostile/telling-machine.ts";
import type { Probe } from "../probe.ts";

interface Shown {
  readonly page: Page;
  /** Goes to an address and waits until something is shown there; takes note of who should not be there. */
  readonly open: (address: string, sign?: string) => Promise<void>;
  readonly look: (what: string) => Promise<void>;
}

/** A page that is signed in. */
async function openPage(probe: Probe, browser: Browser): Promise<Shown> {
  const { url, token } = probe.target;
  const page = await (await browser.newContext()).newPage();
  const strangers = new Strangers(page, url);
  await page.addInitScript((kept) => sessionStorage.setItem("longwire.token", kept), token);
  const look = async (what: string): Promise<void> => {
    probe.asked++;
    probe.same(what, await strangers.find(), []);
  };
  return {
    page,
    look,
    async open(address, sign = "main h1, main .empty") {
      await page.goto(`${url}/${address}`);
      await page.locator(sign).first().waitFor();
      await look(address);
    },
  };
}

/** Where one machine's words are shown. */
async function lookAtMachine({ page, open, look }: Shown, machine: string): Promise<void> {
  const at = `#/m/${machine}`;
  await open("", ".machine-card");
  await open(at, ".process");
  await page.getByRole("checkbox", { name: "All that ended" }).check();
  await waitUntil("all it has is listed", async () => (await page.locator(".process").count()) > scripts.length);
  await look("all processes");
  await page.getByRole("checkbox", { name: "Group by tag" }).check();
  await page.locator(".group-head").first().waitFor();
  await look("grouped by tag");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.getByRole("dialog").locator("select, input").first().waitFor();
  await look("what can be started");
  await page.keyboard.press("Escape");
  await open(`${at}/approvals`, "article");
  await open(`${at}/p/prints`, ".xterm-rows");
  await page.locator(".xterm-rows", { hasText: "canary" }).waitFor();
  await look("its output");
  for (const tab of ["Runs", "Compare", "Details"]) {
    await page.getByRole("tab", { name: tab }).click();
    await page.locator("[role=tabpanel], .panel, .empty").first().waitFor();
    await look(tab);
  }
  for (const script of scripts.slice(0, 8)) await open(`${at}/p/${encodeURIComponent(script)}`);
  await open(`${at}/audit`, "tbody tr");
  for (const one of ["tokens", "invites", "webhooks", "audit"]) await open(`#/${one}`);
}

const shown: Check = {
  id: "S37b",
  title: "the dashboard shows scripts in names, commands, folders, tags, output, errors and approvals as text",
  needs: "inside",
  async run(probe) {
    const invite = await probe.ask("POST", "/v1/invites", { body: { kind: "machine" } });
    const { join } = JSON.parse(invite.text) as { join: string };
    const enrolled = await probe.ask("POST", "/v1/enroll", {
      token: null,
      body: { name: "telling", os: "x", arch: "x", runner_version: "x", join },
    });
    const { machine_id: id, machine_token: token } = JSON.parse(enrolled.text) as Record<string, string>;
    const made = await Promise.all(
      scripts
        .slice(0, 8)
        .map(async (name) => await probe.ask("POST", "/v1/tokens", { body: { name, scopes: ["read"] } })),
    );
    probe.holds(
      "no token has such a name",
      made.some(({ status }) => status === 201),
    );
    const runner = openTellingMachine(probe.target.url, token ?? "");
    const browser = await openBrowser();
    try {
      await waitUntil("all of it is told", () => runner.isDone);
      const there = await openPage(probe, browser);
      await lookAtMachine(there, id ?? "");
      // Whoever looks sees: an element that is really there is found.
      await there.page.evaluate(`document.body.append(document.createElement("iframe"))`);
      const seen = new Strangers(there.page, probe.target.url);
      probe.same("strangers there are when one is let in", (await seen.find()).length, 1);
    } finally {
      await browser.close();
      runner.close();
      for (const { status, text } of made) {
        if (status !== 201) continue;
        await probe.ask("DELETE", `/v1/tokens/${(JSON.parse(text) as { id: string }).id}`);
      }
      await probe.ask("DELETE", "/v1/machines/telling");
    }
  },
};

/** Ways by which an address led other products' pages to another server, or became part of a page. */
const addresses: readonly string[] = [
  ...["server", "url", "gatewayUrl", "api", "ws", "host", "base", "redirect", "next", "return_to", "token"].map(
    (name) => `?${name}=wss://canary.example`,
  ),
  "?server=https://canary.example#/m/-",
  "?__proto__[server]=https://canary.example&constructor.prototype.server=//canary.example",
  "#//canary.example/",
  "#/\\canary.example",
  "#https://canary.example",
  "#/m/https:%2F%2Fcanary.example/p/x",
  "#/m/..%2F..%2F%2Fcanary.example/approvals",
  "#/m/-@canary.example",
  "#/m/-/side/..%2F..%2F,%2F%2Fcanary.example",
  "#/m/__proto__/p/constructor",
  "#/m/%",
  "#/m/%00",
  "#/m/%F0%9F",
  "#sign-in=lw_x&server=https://canary.example",
  ...scripts.flatMap((script) => [`#${script}`, `#/m/${encodeURIComponent(script)}`]),
  ...scripts.slice(0, 6).map((script) => `?x=${encodeURIComponent(script)}`),
];

const crafted: Check = {
  id: "S46",
  title: "no address makes the dashboard speak to another origin, or becomes part of the page",
  async run(probe) {
    const browser = await openBrowser();
    try {
      const { open } = await openPage(probe, browser);
      for (const address of addresses) await open(address, "main h1, main .empty, h1");
    } finally {
      await browser.close();
    }
  },
};

export const dashboardChecks: readonly Check[] = [shown, crafted];
