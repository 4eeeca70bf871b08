/**
 * The floor's platform: Miniflare with the one object, on a free port of loopback. Argument: a folder for its files.
 * Prints its URL and serves until its input ends. Fixed: changes only in a commit of its own.
 */
import process from "node:process";
import { fileURLToPath } from "node:url";

import { Miniflare } from "miniflare";

const miniflare = new Miniflare({
  name: "floor",
  modules: true,
  scriptPath: fileURLToPath(new URL("worker.js", import.meta.url)),
  compatibilityDate: "2026-07-28",
  durableObjects: { RELAY: { className: "Relay", useSQLite: true } },
  durableObjectsPersist: process.argv[2] ?? "",
  host: "127.0.0.1",
  port: 0,
  cf: false,
});
process.stdout.write(`${String(await miniflare.ready)}\n`);

process.on("SIGTERM", () => undefined);
process.stdin.resume().once("end", () => void miniflare.dispose());
