// Builds the simulation: the product's own files against a simulated platform, with smaller limits, so that what takes
// a flood in earnest happens within a few kilobytes, and with patches where a broken build is wanted.

import { readFile } from "node:fs/promises";
import path from "node:path";
import * as esbuild from "esbuild";

const here = import.meta.dirname;
const root = path.resolve(here, "../..");

/** One change of a source file: `from` must stand in it exactly once. */
export interface Patch {
  /** From the repository's root. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const smallerLimits: readonly Patch[] = [
  { file: "shared/src/limits.ts", from: "const MiB = 1024 * KiB;", to: "const MiB = 16 * KiB;" },
  { file: "shared/src/limits.ts", from: "maxFrameBytes = 512 * KiB", to: "maxFrameBytes = 96 * KiB" },
  { file: "shared/src/limits.ts", from: "checkpointEvery = 256", to: "checkpointEvery = 8" },
  { file: "shared/src/limits.ts", from: "maxPendingCommands = 1000", to: "maxPendingCommands = 20" },
  { file: "shared/src/viewer-progress.ts", from: "markBytes = 256 * 1024", to: "markBytes = 4 * 1024" },
  { file: "runner/src/spool/spool-reader.ts", from: "listEvery = 64;", to: "listEvery = 2;" },
];

/** Files of the product that are the platform's business, and what stands in for them. */
const standIns: Readonly<Record<string, string>> = {
  "runner/src/approve/what-runs.ts": "launch-shim.ts",
  "runner/src/link/dial.ts": "dial.ts",
  "runner/src/redact/read-env-files.ts": "launch-shim.ts",
  "runner/src/supervise/install-terminal.ts": "launch-shim.ts",
  "runner/src/supervise/launch-shim.ts": "launch-shim.ts",
  "runner/src/supervise/watch-readiness.ts": "launch-shim.ts",
  "runner/src/supervise/metrics/machine-metrics.ts": "processes.ts",
  "runner/src/supervise/shim-connection.ts": "shim-pipes.ts",
  "runner/src/processes/end-tree.ts": "processes.ts",
  "shared/node/process-identity.ts": "processes.ts",
  "shared/node/data-lock.ts": "processes.ts",
};
const modules: Readonly<Record<string, string>> = {
  "node:fs": "disk.ts",
  "node:crypto": "crypto.ts",
  "node:timers/promises": "timers-promises.ts",
  "cloudflare:workers": "durable-object.ts",
};

const stand = (name: string): string => path.join(here, "platform", name);

function simulatedPlatform(patches: readonly Patch[]): esbuild.Plugin {
  return {
    name: "simulated-platform",
    setup(build) {
      build.onResolve({ filter: /^simulated:machine$/ }, () => ({
        path: path.join(root, "control-plane/src/machine/machine.ts"),
      }));
      build.onResolve({ filter: /^(node|cloudflare):/ }, ({ path: name, importer }) => {
        const own = importer.startsWith(here + path.sep);
        const module = own ? undefined : modules[name];
        return module === undefined ? { path: name, external: true } : { path: stand(module) };
      });
      build.onResolve({ filter: /\.ts$/ }, async ({ path: name, resolveDir, importer, kind, pluginData }) => {
        if (pluginData === "resolving" || kind === "entry-point") return undefined;
        const found = await build.resolve(name, { resolveDir, importer, kind, pluginData: "resolving" });
        const standIn = standIns[path.relative(root, found.path)];
        return standIn === undefined ? found : { path: stand(standIn) };
      });
      build.onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
        const mine = patches.filter((patch) => path.join(root, patch.file) === file);
        if (mine.length === 0) return undefined;
        return { contents: mine.reduce(apply, await readFile(file, "utf8")), loader: "ts" };
      });
    },
  };
}

function apply(text: string, { file, from, to }: Patch): string {
  const count = text.split(from).length - 1;
  if (count !== 1)
    throw new Error(`The patch of ${file} no longer applies: ${JSON.stringify(from)} stands there ${count} times.`);
  return text.replace(from, () => to);
}

/** The simulation as one module's text. */
export async function bundleSimulation(patches: readonly Patch[] = []): Promise<string> {
  const all = [...smallerLimits, ...patches];
  const result = await esbuild.build({
    entryPoints: [path.join(here, "worker.ts")],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node24",
    logLevel: "silent",
    inject: [stand("globals.ts")],
    plugins: [simulatedPlatform(all)],
    metafile: true,
  });
  const loaded = new Set(Object.keys(result.metafile.inputs).map((file) => path.resolve(file)));
  const unused = all.find(({ file }) => !loaded.has(path.join(root, file)));
  if (unused !== undefined)
    throw new Error(`The patch of ${unused.file} no longer applies: it is no part of the simulation.`);
  return result.outputFiles[0]?.text ?? "";
}
