// A test's suffix says where it runs, so no list of files can forget one.

import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const ignored = ["**/node_modules/**", "**/dist/**"];
const elsewhere = ["**/*.do.test.ts", "**/*.sim.test.ts", "**/*.proc.test.ts", "**/*.e2e.test.ts"];

// One group after the other, what tells most for the least time first.
export default defineConfig({
  test: {
    reporters: ["verbose"],
    retry: 0,
    projects: [
      {
        // Pure: no I/O, no clock. So nothing needs keeping apart, and files share a worker.
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: [...ignored, ...elsewhere],
          pool: "threads",
          isolate: false,
          testTimeout: 20_000,
          maxWorkers: "100%",
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Inside workerd, with real objects. Each test makes objects of its own, so files share a worker.
        plugins: [cloudflareTest({ wrangler: { configPath: "./wrangler.toml" } })],
        test: {
          name: "do",
          include: ["control-plane/**/*.do.test.ts"],
          exclude: ignored,
          isolate: false,
          testTimeout: 15_000,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        // Both real ends on a simulated platform, and builds that are broken on purpose.
        test: {
          name: "sim",
          include: ["test/**/*.sim.test.ts"],
          exclude: ignored,
          testTimeout: 400_000,
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
        },
      },
      {
        // Real children on Node. More at once would only make each other late.
        test: {
          name: "proc",
          include: ["**/*.proc.test.ts"],
          exclude: ignored,
          testTimeout: 30_000,
          hookTimeout: 30_000,
          maxWorkers: 2,
          sequence: { groupOrder: 4 },
        },
      },
      {
        // The built product.
        test: {
          name: "e2e",
          include: ["test/**/*.e2e.test.ts"],
          exclude: ignored,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          sequence: { groupOrder: 5 },
        },
      },
    ],
  },
});
