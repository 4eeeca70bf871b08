// Bundles the dashboard: a page, and files whose names change with their content. Its borders are those of a bundle.

import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { build, type Rolldown } from "vite";
import { replaceFile } from "./replace-file.ts";

/** What a file of the bundle may be, relative to the root. */
const borders = /^(control-plane\/dashboard|shared\/(src|client)|node_modules)\//;

/** Fails the build where the bundle holds a file from beyond the borders. */
const holdBorders = (root: string): Rolldown.Plugin => ({
  name: "borders",
  generateBundle() {
    const files = [...this.getModuleIds()].filter((id) => path.isAbsolute(id)).map((id) => path.relative(root, id));
    const strays = files.filter((file) => !borders.test(file));
    if (strays.length > 0) throw new Error(`The dashboard reaches over a border: ${strays.join(", ")}`);
  },
});

/** Builds it into `control-plane/dist/dashboard`: its files first, then the page that names them, then the old ones go. */
export const buildDashboard = async (root: string): Promise<void> => {
  const outDir = path.join(root, "control-plane/dist/dashboard");
  const built = await build({
    root: path.join(root, "control-plane/dashboard"),
    configFile: false,
    envDir: false,
    logLevel: "warn",
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    plugins: [holdBorders(root)],
    build: {
      write: false,
      outDir,
      target: "es2022",
      // A style or a picture in an address of its own is one the page's policy would have to let in.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1000,
    },
  });
  const outputs = [built].flat().flatMap((one) => ("output" in one ? one.output : []));
  const files = outputs.map((one) => ({ name: one.fileName, contents: one.type === "chunk" ? one.code : one.source }));
  const page = files.filter(({ name }) => name.endsWith(".html"));
  if (page.length !== 1) throw new Error(`The dashboard has ${page.length} pages.`);
  for (const { name, contents } of [...files.filter((file) => !page.includes(file)), ...page]) {
    await replaceFile(path.join(outDir, name), contents);
  }
  const kept = new Set(files.map(({ name }) => path.basename(name)));
  const assets = path.join(outDir, "assets");
  for (const old of await readdir(assets)) if (!kept.has(old)) await rm(path.join(assets, old));
};
