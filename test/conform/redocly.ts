// What the redocly tools say of the document, and of recorded traffic held to it.

import { execFile } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { outsideProgram } from "../support/outside.ts";

export interface Problem {
  readonly ruleId: string;
  readonly severity: string;
  readonly message: string;
  /** What it is about: `request` or `response`. */
  readonly target?: string;
  readonly method?: string;
  readonly url?: string;
  readonly status?: number;
}

export interface Drift {
  readonly exchanges: number;
  readonly problems: readonly Problem[];
  /** Ids of operations nobody asked. */
  readonly uncovered: readonly string[];
  /** Covered and all, of each kind. */
  readonly totals: Readonly<Record<string, { readonly covered: number; readonly total: number }>>;
}

interface CoverageReport {
  readonly totals: Drift["totals"];
  readonly operations: readonly {
    readonly operationId: string;
    readonly missing: readonly { readonly kind: string }[];
  }[];
}

async function run(folder: string, args: readonly string[]): Promise<string> {
  const program = outsideProgram("@redocly/cli", "redocly");
  // It ends with 1 where it found something; what it found is in its report.
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], {
    ...{ cwd: folder, maxBuffer: 64 << 20 },
    env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" },
  }).catch((error: unknown) => {
    if (typeof error === "object" && error !== null && "code" in error && error.code === 1 && "stdout" in error) {
      return error as unknown as { readonly stdout: string };
    }
    throw error;
  });
  return stdout;
}

/** By its recommended rules, less what `lint-ignore.yaml` says; `folder` has the document as `openapi.json`. */
export async function lint(folder: string): Promise<readonly Problem[]> {
  copyFileSync(path.join(import.meta.dirname, "lint-ignore.yaml"), path.join(folder, ".redocly.lint-ignore.yaml"));
  const report = JSON.parse(await run(folder, ["lint", "openapi.json", "--format", "json"])) as {
    readonly problems: readonly Problem[];
  };
  return report.problems;
}

/** Of what `har` in `folder` recorded of the product at `server`; `folder` has the document as `openapi.json`. */
export async function findDrift(folder: string, har: string, server: string): Promise<Drift> {
  const report = await run(folder, [
    ...["drift", har, "--api", "openapi.json", "--server", server, "--format", "json"],
    ...["--coverage", "--coverage-output", "coverage.json"],
  ]);
  writeFileSync(path.join(folder, "drift.json"), report);
  // Its summary of the coverage stands before or behind.
  const found = JSON.parse(report.slice(report.indexOf("{"), report.lastIndexOf("}") + 1)) as {
    readonly run: { readonly documentedExchanges: number };
    readonly problems: readonly Problem[];
  };
  const { operations, totals } = JSON.parse(readFileSync(path.join(folder, "coverage.json"), "utf8")) as CoverageReport;
  return {
    exchanges: found.run.documentedExchanges,
    problems: found.problems,
    uncovered: operations
      .filter(({ missing }) => missing.some(({ kind }) => kind === "operation"))
      .map(({ operationId }) => operationId),
    totals,
  };
}
