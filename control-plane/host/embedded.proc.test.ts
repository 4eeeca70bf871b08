import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { createServer as createHttpServer } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import type { ChildProcess } from "node:child_process";
import { expect, it, onTestFinished } from "vitest";
import { controlPlaneFolder, startControlPlane, type ControlPlane, type ControlPlaneOptions } from "./embedded.ts";
import { makeFolder, startProgram } from "@longwire/shared/node/fixtures/programs.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { readRateLimits } from "./limits.ts";
import { endMarked, findMarked, folderMark } from "./marked-processes.ts";

const fixture = (name: string): string => path.join(import.meta.dirname, "fixtures", name);

const workerds = (dataDir: string): number[] => findMarked(folderMark(controlPlaneFolder(dataDir)));

async function start(dataDir: string, more: Partial<ControlPlaneOptions> = {}): Promise<ControlPlane> {
  const scriptPath = fixture("counter-worker.js");
  const bindings = (): Record<string, string> => ({ GREETING: "hello" });
  const opened = await startControlPlane({
    scriptPath,
    dataDir,
    host: "127.0.0.1",
    port: 0,
    bindings,
    rateLimits: readRateLimits({}),
    ...more,
  });
  onTestFinished(() => opened.close());
  return opened;
}

const ask = async (url: string, route = "/"): Promise<string> => (await fetch(url + route)).text();
const isServed = (url: string): Promise<boolean> =>
  ask(url).then(
    () => true,
    () => false,
  );

/** Kills workerd and returns when another one serves. */
async function killWorkerd({ url }: ControlPlane, dataDir: string): Promise<void> {
  const killed = workerds(dataDir);
  expect(killed).toHaveLength(1);
  for (const pid of killed) process.kill(pid, "SIGKILL");
  await waitUntil("the killed workerd is gone", () => !workerds(dataDir).some((pid) => killed.includes(pid)));
  await waitUntil("another one serves", () => isServed(url));
}

it("[E1] what was acknowledged is there after workerd was killed, every time, at the same url", async () => {
  const dataDir = makeFolder();
  const controlPlane = await start(dataDir);
  for (const count of ["1", "2", "3"]) {
    expect(await ask(controlPlane.url, "/add")).toBe(count);
    await killWorkerd(controlPlane, dataDir);
    expect(await ask(controlPlane.url)).toBe(count);
  }
});

it("[E1] workerd comes back when it is killed while it is being started", async () => {
  const dataDir = makeFolder();
  const controlPlane = await start(dataDir);
  await ask(controlPlane.url, "/add");
  let kills = 0;
  const killEarly = (message: unknown): void => {
    const { process: child } = message as { readonly process: ChildProcess };
    kills += 1;
    // Each a little later in its life, up to about when it would serve.
    if (kills <= 4) setTimeout(() => child.kill("SIGKILL"), (kills - 1) * 10);
    // As Node does itself when it hears of the death before it has noticed that nobody reads the pipe any more.
    if (kills === 1) setTimeout(() => child.stdin?.destroy());
  };
  subscribe("child_process", killEarly);
  onTestFinished(() => void unsubscribe("child_process", killEarly));
  for (const pid of workerds(dataDir)) process.kill(pid, "SIGKILL");
  await waitUntil("the fifth start", () => kills === 5);
  await waitUntil("it serves", () => isServed(controlPlane.url));
  expect(await ask(controlPlane.url)).toBe("1");
});

it("[E1] what was acknowledged is there after a close", async () => {
  const dataDir = makeFolder();
  const first = await start(dataDir);
  await ask(first.url, "/add");
  await first.close();
  expect(await ask((await start(dataDir)).url)).toBe("1");
});

it("[E2] a second control plane on a data folder is refused with the first one's pid", async () => {
  const dataDir = makeFolder();
  const host = startProgram(process.execPath, [fixture("host-until-killed.ts"), dataDir]);
  const url = await host.readLine();
  await expect(start(dataDir)).rejects.toThrow(`in use by process ${host.pid}:`);
  expect(await ask(url)).toBe("0");
  await host.kill();
  await endMarked(folderMark(controlPlaneFolder(dataDir)));
});

it("[E3] what a killed host left behind is gone before its files are opened again", async () => {
  const dataDir = makeFolder();
  const host = startProgram(process.execPath, [fixture("host-until-killed.ts"), dataDir]);
  const oldUrl = await host.readLine();
  const first = workerds(dataDir);
  for (const pid of first) process.kill(pid, "SIGKILL");
  await waitUntil(
    "workerd is another process",
    async () => (await isServed(oldUrl)) && !workerds(dataDir).some((pid) => first.includes(pid)),
  );
  await ask(oldUrl, "/add");
  await host.kill();
  expect(workerds(dataDir)).toHaveLength(1);
  expect(await ask(oldUrl)).toBe("1");
  const temporary = path.join(controlPlaneFolder(dataDir), "tmp");
  const [left, ...others] = readdirSync(temporary);
  expect([left, others]).toEqual([expect.any(String), []]);

  let leftAtOpening: number[] | undefined;
  const bindings = (): Record<string, string> => {
    leftAtOpening = workerds(dataDir);
    return {};
  };
  const { url } = await start(dataDir, { bindings });
  expect(leftAtOpening).toEqual([]);
  expect(await isServed(oldUrl)).toBe(false);
  expect(await ask(url)).toBe("1");
  expect(readdirSync(temporary)).toEqual([expect.not.stringMatching(left ?? "")]);
});

it("[E4] no process is left after a close, though a socket is open and workerd is just being started", async () => {
  const dataDir = makeFolder();
  const controlPlane = await start(dataDir);
  const socket = new WebSocket(`${controlPlane.url}/talk`);
  await once(socket, "open");
  await controlPlane.close();
  expect(workerds(dataDir)).toEqual([]);

  const next = await start(dataDir);
  for (const pid of workerds(dataDir)) process.kill(pid, "SIGKILL");
  await waitUntil("it is being started again", () => workerds(dataDir).length === 1);
  await Promise.all([next.close(), next.close()]);
  expect(workerds(dataDir)).toEqual([]);
});

it("[E5] a port that is taken is named, with the way out, and nothing stays behind", async () => {
  const dataDir = makeFolder();
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await expect(start(dataDir, { port })).rejects.toThrow(
    new RegExp(`^Port ${port} of 127\\.0\\.0\\.1 is taken: .*--port 0`),
  );
  expect(workerds(dataDir)).toEqual([]);
  expect(await ask((await start(dataDir)).url)).toBe("0");
});

it("[E10] the Worker gets its bindings, and requests as they were sent", async () => {
  const { url } = await start(makeFolder());
  expect(await ask(url, "/greeting")).toBe("hello");
  const headers = { "MF-Original-URL": "http://elsewhere.example/url", "Accept-Encoding": "gzip" };
  const response = await fetch(`${url}/url`, { headers });
  expect(response.headers.get("Content-Encoding")).toBeNull();
  expect(await response.text()).toBe(`${url}/url`);
});

it("[E6] [E10] stdout and signals are left to the program; warnings are on stderr", async () => {
  const dataDir = makeFolder();
  const host = startProgram(process.execPath, [fixture("host-until-killed.ts"), dataDir]);
  onTestFinished(() => endMarked(folderMark(controlPlaneFolder(dataDir))));
  await ask(await host.readLine(), "/log");
  await waitUntil("the warning is written", () => host.readErrors() !== "");
  expect(host.readErrors()).toBe("warned\n");
  process.kill(host.pid, "SIGTERM");
  expect(await host.kill()).toEqual([]);

  const before = process.listeners("SIGTERM");
  await start(makeFolder());
  expect(process.listeners("SIGTERM")).toEqual(before);
});

it("[E7] only the user may enter the folder of the control plane", async () => {
  const dataDir = makeFolder();
  await start(dataDir);
  expect(statSync(controlPlaneFolder(dataDir)).mode & 0o777).toBe(0o700);
});

it("[R62] a Worker that others reach connects to no private address, whatever the name for it; its owner's own does", async () => {
  const server = createHttpServer((_, response) => response.writeHead(204).end()).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const reach = (to: string): string => `/reach?${encodeURIComponent(`http://${to}:${port}/`)}`;
  const open = await start(makeFolder());
  const own = await start(makeFolder(), { reachesLoopback: true });
  for (const host of ["127.0.0.1", "localhost"]) {
    expect(await ask(open.url, reach(host))).toBe("refused");
    expect(await ask(own.url, reach(host))).toBe("reached: 204");
  }
});
