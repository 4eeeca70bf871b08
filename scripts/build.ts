// Bundles the four programs and the dashboard, and holds the borders between their parts for everything a bundle reaches.
// Types are checked elsewhere; this stays quick, since every start runs it.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { buildDashboard } from "./build-dashboard.ts";
import { replaceFile } from "./replace-file.ts";

const root = path.resolve(import.meta.dirname, "..");

type Program = {
  readonly entry: string;
  readonly outfile: string;
  /** What a file of the bundle may be, relative to the root. */
  readonly borders: RegExp;
  readonly options: esbuild.BuildOptions;
};

/** The packages a program finds installed beside it, and need not carry. */
const installedPackages = async (folder: string): Promise<string[]> => {
  const manifest = await readFile(path.join(root, folder, "package.json"), "utf8");
  const { dependencies = {} } = JSON.parse(manifest) as { dependencies?: Record<string, string> };
  const names = Object.keys(dependencies).filter((name) => !name.startsWith("@longwire/"));
  return names.flatMap((name) => [name, `${name}/*`]);
};

const onNode = { platform: "node", target: "node22" } as const;

const listPrograms = async (): Promise<Program[]> => [
  {
    entry: "control-plane/src/worker.ts",
    outfile: "control-plane/dist/worker.js",
    borders: /^(control-plane\/src|shared\/(src|client)|node_modules)\//,
    options: {
      platform: "neutral",
      target: "es2024",
      mainFields: ["module", "main"],
      conditions: ["workerd", "worker", "browser"],
      external: ["cloudflare:*", "node:*"],
    },
  },
  {
    entry: "control-plane/host/main.ts",
    outfile: "control-plane/dist/start.js",
    borders: /^(control-plane\/host|shared\/(src|client|node))\//,
    options: { ...onNode, external: await installedPackages("control-plane") },
  },
  {
    entry: "runner/src/cli/main.ts",
    outfile: "runner/dist/cli.js",
    borders: /^(runner\/(src\/|package\.json$)|shared\/(src|client|node)\/)/,
    options: { ...onNode, external: await installedPackages("runner"), banner: { js: "#!/usr/bin/env node" } },
  },
  {
    // A shim starts with every run, so it loads nothing but its own few files.
    entry: "runner/src/shim/main.ts",
    outfile: "runner/dist/shim.js",
    borders: /^(runner\/src\/(redact|shim|spool|processes)|shared\/(src|node))\//,
    options: onNode,
  },
];

const buildProgram = async ({ entry, outfile, borders, options }: Program): Promise<void> => {
  const { metafile, outputFiles } = await esbuild.build({
    ...options,
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: "esm",
    sourcemap: true,
    metafile: true,
    logLevel: "warning",
    write: false,
  });
  const files = Object.entries(metafile.inputs);
  const strays = files.filter(([file]) => !borders.test(file));
  if (strays.length > 0) {
    const lines = strays.map(([stray]) => {
      const importers = files.filter(([, file]) => file.imports.some((found) => found.path === stray));
      return `\n  ${stray}, imported by ${importers.map(([file]) => file).join(", ")}`;
    });
    throw new Error(`${outfile} reaches over a border:${lines.join("")}`);
  }
  for (const output of outputFiles) await replaceFile(output.path, output.contents);
};

/** Builds every program. Throws when one cannot be built or reaches over a border. */
export const build = async (): Promise<void> => {
  try {
    const programs = await listPrograms();
    await Promise.all([...programs.map(buildProgram), buildDashboard(root)]);
  } finally {
    await esbuild.stop();
  }
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
