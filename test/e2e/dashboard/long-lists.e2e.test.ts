import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import type { CommandId, ProcessId } from "@longwire/shared/ids.ts";
import { keptRuns } from "@longwire/shared/limits.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import type { Fact } from "@longwire/shared/wire/facts.ts";
import { openBrowser, watchPage } from "../../support/browser.ts";
import { SimulatedRunner } from "../../support/simulated-runner.ts";
import { useProduct } from "../../support/use-product.ts";

const on = useProduct();
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => await browser?.close());

const processes = 200;
const runsEach = 10;
/** Of the one that ran most; the last of them stay. */
const runs = 150;

const exited = (process: ProcessId, run: number, returncode = 0): Fact => ({
  ...{ type: "exited", process, run, at: Date.now(), returncode, signal: null, reason: "exit" },
});

/** A machine with 200 live processes of ten runs each, and one that ran often before. */
async function openBusyMachine(): Promise<SimulatedRunner> {
  const { url, token } = on.product.ready;
  const call = async (path: string, body: object): Promise<Record<string, string>> => {
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    const answer = await fetch(`${url}/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    return (await answer.json()) as Record<string, string>;
  };
  const { join = "" } = await call("/invites", { kind: "machine" });
  const machine = { name: "busy", os: "linux", arch: "x64", runner_version: "0.0.0", join };
  const { machine_token: its = "" } = await call("/enroll", machine);
  const label = { command: "simulated", cwd: "/", tags: ["old"], tty: false, name: "often" };
  const runner = new SimulatedRunner({ url, token: its, label });
  runner.end();
  const begin = (process: ProcessId, run: number, name: string, tag: string): void => {
    const ofRun = { process, run, at: Date.now() };
    const command = randomBytes(16).toString("hex") as CommandId;
    runner.say({ type: "starting", ...ofRun, label: { ...label, name, tags: [tag] }, command_id: command });
    runner.say({ type: "started", ...ofRun, pid: 1 });
  };
  for (let run = 2; run <= runs; run++) {
    begin("p1" as ProcessId, run, "often", "old");
    runner.say(exited("p1" as ProcessId, run));
  }
  for (let index = 0; index < processes; index++) {
    const process = `p${index + 2}` as ProcessId;
    for (let run = 1; run <= runsEach; run++) {
      begin(process, run, `job-${index}`, `team-${index % 4}`);
      if (run < runsEach) runner.say(exited(process, run));
    }
  }
  await waitUntil("all of it is told", () => runner.isDone, 30_000);
  return runner;
}

test("[B12] 200 processes are listed, found and grouped, and any of 2,000 runs reached", async () => {
  const runner = await openBusyMachine();
  const { url, token } = on.product.ready;
  const page = await browser.newPage();
  const wrongs = watchPage(page);
  await page.addInitScript((kept) => sessionStorage.setItem("longwire.token", kept), token);
  await page.goto(`${url}/#/m/busy`);
  const rows = page.locator(".process");
  const shows = async (count: number): Promise<void> =>
    void (await waitUntil(`${count} are listed`, async () => (await rows.count()) === count));
  await page.getByRole("link", { name: "job-0", exact: true }).waitFor();
  await shows(200);
  await page.getByRole("button", { name: "Show more" }).click();
  await shows(processes + 1);
  const filter = page.getByRole("searchbox", { name: "Filter processes" });
  await filter.fill("job-19");
  await shows(11);
  await filter.fill("");
  await page.getByRole("button", { name: /^team-3/ }).click();
  await shows(processes / 4);
  await page.getByRole("button", { name: /^team-3/, pressed: true }).click();
  await page.getByRole("checkbox", { name: "Group by tag" }).check();
  await page.getByRole("heading", { name: "team-2" }).waitFor();

  // What comes meanwhile is seen among them.
  runner.say(exited("p7" as ProcessId, runsEach, 3));
  await rows
    .filter({ has: page.getByRole("link", { name: "job-5", exact: true }) })
    .getByText("exit 3")
    .waitFor();
  await page.getByRole("link", { name: "job-7", exact: true }).click();
  await page.getByRole("tab", { name: "Runs" }).click();
  await page.getByRole("link", { name: "run 1", exact: true }).click();
  await page.getByText("run 1 ·").waitFor();
  await page.goto(`${url}/#/m/busy/p/often`);
  await page.getByRole("tab", { name: "Runs" }).click();
  await page.getByRole("link", { name: `run ${runs}`, exact: true }).waitFor();
  await page.getByRole("button", { name: "Show more" }).click();
  await page.getByRole("link", { name: `run ${runs - keptRuns + 1}`, exact: true }).click();
  await page.getByText(`run ${runs - keptRuns + 1} ·`).waitFor();
  expect(wrongs).toEqual([]);
  runner.close();
});
