// Runs a Worker in workerd by way of Miniflare, which starts workerd again when it dies. What Miniflare leaves out is
// added here: it gives up when workerd dies while it is being started, and it ends the whole program on a signal.

import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { backoffMs } from "@longwire/shared/backoff.ts";
import { Log, LogLevel, Miniflare, type MiniflareOptions, type WorkerdStructuredLog } from "miniflare";
import type { RateLimits } from "./limits.ts";
import { watchStarts } from "./stuck-start.ts";

export interface WorkerdOptions {
  readonly scriptPath: string;
  /** The built dashboard; absent: there is none. */
  readonly dashboardDir?: string;
  /** Where the objects' databases lie. */
  readonly objectsDir: string;
  /** Holds what is of no use after the next start, which empties it. */
  readonly temporaryDir: string;
  readonly host: string;
  /** 0 picks a free one, and stays with it. */
  readonly port: number;
  readonly bindings: Readonly<Record<string, string>>;
  /** By the name the Worker finds it under. */
  readonly rateLimits: RateLimits;
  /** Whether it may connect to this machine itself. Otherwise it connects to public addresses alone, whatever their names. */
  readonly reachesLoopback?: boolean;
  /** Added to workerd's environment. */
  readonly environment: Readonly<Record<string, string>>;
}

/** `name` is part of the databases' path and of the objects' ids, as are the class names: they stay. */
const name = "longwire";

/** Whoever closes then kills what is left. */
const closeWithinMs = 3000;

/** The delay grows with this many failures, to 2 s at most: the clients are waiting. */
const steadyFailures = 1;

export class Workerd {
  readonly #options: MiniflareOptions;
  readonly #miniflare: Miniflare;
  readonly #closing = new AbortController();
  readonly #endWatch = watchStarts();
  #isRestarting = false;

  private constructor(options: WorkerdOptions) {
    this.#options = describeWorker(options, new StderrLog(() => this.#restartUnlessReady()));
    this.#miniflare = withTemporaryDir(options.temporaryDir, () => withoutSignals(() => new Miniflare(this.#options)));
  }

  /** Returns when requests are served. Throws an error that says what to do where the port is taken. */
  static async start(options: WorkerdOptions): Promise<Workerd> {
    const workerd = new Workerd(options);
    try {
      await workerd.#miniflare.ready;
      return workerd;
    } catch (error) {
      await workerd.close();
      if (!(await isTaken(options.host, options.port))) throw error;
      const message = `Port ${options.port} of ${options.host} is taken: give another one with --port, or --port 0 for any free one.`;
      throw new Error(message, { cause: error });
    }
  }

  /** The address of the Worker, without a slash at the end. It is the same after workerd died. */
  async readUrl(): Promise<string> {
    return (await this.#miniflare.unsafeGetDirectURL(name)).origin;
  }

  /** Kills workerd: what it acknowledged is on disk. Never throws. */
  async close(): Promise<void> {
    this.#closing.abort();
    // It throws again what made the start fail, after it has cleaned up.
    await Promise.race([this.#miniflare.dispose().catch(() => {}), delay(closeWithinMs, undefined, { ref: false })]);
    this.#endWatch();
  }

  async #restartUnlessReady(): Promise<void> {
    if (this.#isRestarting) return;
    this.#isRestarting = true;
    const { signal } = this.#closing;
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        await (failures === 0 ? this.#miniflare.ready : this.#miniflare.setOptions(this.#options));
        break;
      } catch {
        const waitMs = backoffMs(Math.min(failures, steadyFailures), Math.random());
        await delay(waitMs, undefined, { signal }).catch(() => {});
      }
    }
    this.#isRestarting = false;
  }
}

function describeWorker(options: WorkerdOptions, log: Log): MiniflareOptions {
  const { scriptPath, dashboardDir, objectsDir, host, port, bindings, rateLimits, environment } = options;
  const { reachesLoopback = false } = options;
  return {
    name,
    // Read once: the file may be built anew before workerd is started again.
    modules: [{ type: "ESModule", path: scriptPath, contents: readFileSync(scriptPath, "utf8") }],
    modulesRoot: path.dirname(scriptPath),
    compatibilityDate: "2026-07-28",
    compatibilityFlags: ["enable_request_signal", "no_web_socket_compression"],
    durableObjects: {
      MACHINES: { className: "Machine", useSQLite: true },
      WORKSPACES: { className: "Workspace", useSQLite: true },
    },
    durableObjectsPersist: objectsDir,
    bindings: { ...bindings, ...(reachesLoopback ? { WEBHOOK_TARGETS: "loopback" } : {}) },
    // What a name leads to is only known when it is resolved, and workerd judges the address.
    outboundService: {
      network: { allow: reachesLoopback ? ["public", "local"] : ["public"], tlsOptions: { trustBrowserCas: true } },
    },
    // workerd reads the files itself: nothing stands between it and a request.
    ...(dashboardDir === undefined
      ? {}
      : { serviceBindings: { DASHBOARD: { disk: { path: dashboardDir, writable: false } } } }),
    ratelimits: Object.fromEntries(
      Object.entries(rateLimits).map(([limit, simple]) => [limit, { namespace_id: limit, simple: { ...simple } }]),
    ),
    // The Worker itself. Miniflare's own entry believes a client's `MF-Original-URL`, compresses, and shows stack traces.
    unsafeDirectSockets: [{ host, port }],
    unsafeRuntimeEnv: { ...environment },
    // Else it fetches an example of `request.cf` from the network.
    cf: false,
    logRequests: false,
    log,
    handleStructuredLogs: printLog,
  };
}

/** Warnings and errors of the Worker and of workerd, less the addresses of workerd's own code. */
function printLog({ level, message }: WorkerdStructuredLog): void {
  if (level === "warn" || level === "error") process.stderr.write(`${message.split("\nstack: ", 1)[0]}\n`);
}

/** Standard output belongs to the program this is a part of. */
class StderrLog extends Log {
  readonly #onError: () => Promise<void>;

  constructor(onError: () => Promise<void>) {
    super(LogLevel.WARN);
    this.#onError = onError;
  }

  protected override log(message: string): void {
    process.stderr.write(`${message}\n`);
  }

  override error({ message, cause }: Error): void {
    this.log(cause instanceof Error ? `${message} ${cause.message}` : message);
    void this.#onError();
  }
}

/** Asked of the system: Miniflare reads it off workerd's last words, which may come too late for it. */
async function isTaken(host: string, port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, "listening");
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
  } finally {
    server.close();
  }
}

/** Miniflare makes its folder in the system's, where a killed host would leave it; asked for when it is constructed. */
function withTemporaryDir<T>(folder: string, construct: () => T): T {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { TMPDIR } = process.env;
  process.env["TMPDIR"] = folder;
  try {
    return construct();
  } finally {
    if (TMPDIR === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = TMPDIR;
  }
}

/** Miniflare ends the process in its listeners, before anyone else has closed what is open. */
function withoutSignals<T>(construct: () => T): T {
  const signals = ["SIGINT", "SIGTERM"] as const;
  const others = signals.map((signal) => process.listeners(signal));
  const constructed = construct();
  for (const [index, signal] of signals.entries()) {
    for (const listener of process.listeners(signal)) {
      if (others[index]?.includes(listener) !== true) process.off(signal, listener);
    }
  }
  return constructed;
}
