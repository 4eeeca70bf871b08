import { globSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { outputOf } from "../support/api.ts";
import { EventSocket } from "../support/event-socket.ts";
import { root } from "../support/product.ts";
import { useProduct } from "../support/use-product.ts";

const on = useProduct();

/** Rows in the machine's log, read beside the running control plane. */
function countRows(): number {
  const [file] = globSync(path.join(on.product.data, "control-plane/**/*-Machine/*.sqlite"), {
    exclude: (name) => name.endsWith("metadata.sqlite"),
  });
  if (file === undefined) throw new Error("the machine's database is not where it should be");
  const database = new DatabaseSync(file, { readOnly: true });
  const row = database.prepare("SELECT count(*) AS n FROM log_000001").get();
  database.close();
  return Number(row?.["n"]);
}

const lines = 200;
const argv = ["node", path.join(root, "test/fixtures/numbered-lines.mjs"), String(lines), "10"];
const numbered = Array.from({ length: lines }, (_, at) => `line ${at + 1}\n`).join("");

test("[D20] unwatched output costs about a row a second; watched output comes as it is printed", async () => {
  await on.api.start({ command: "true" });
  const before = countRows();
  const { process_id: unwatched } = await on.api.start({ argv });
  await waitUntil("it ends", async () => (await on.api.process(unwatched)).state === "exited");
  const cost = countRows() - before;
  expect(outputOf(await on.api.events(), unwatched).toString()).toBe(numbered);
  // Two seconds of output, a start and an end, each of which may be a row or two.
  expect(cost).toBeLessThan(12);

  const viewer = await EventSocket.open(on.product.ready);
  const { process_id: watched } = await on.api.start({ argv });
  await viewer.find("it ends", (event) => event.type === "exited" && event.process_id === watched);
  viewer.close();
  expect(outputOf(viewer.events, watched).toString()).toBe(numbered);
  expect(countRows() - before - cost).toBeGreaterThan(lines / 4);
});

test("[D34] steady output that nobody watches, a megabyte a minute, costs a row a second at the most", async () => {
  const seconds = 8;
  const ledger = path.join(on.product.data, "ledger");
  const program = path.join(root, "test/fixtures/numbered-ledger.mjs");
  const before = countRows();
  const { process_id: id } = await on.api.start({
    argv: ["node", program, ledger, String(seconds * 1800), String(seconds)],
  });
  await waitUntil("it ends", async () => (await on.api.process(id)).state === "exited", 60_000);
  const { started_at: began, ended_at: ended } = await on.api.process(id);
  const took = (Date.parse(ended ?? "") - Date.parse(began ?? "")) / 1000;
  // Beside the output, the command's outcome, the start and the end are rows of their own at the most.
  expect(countRows() - before).toBeLessThanOrEqual(Math.ceil(took) + 3);
  expect((await on.api.process(id)).output_bytes).toBeGreaterThan((seconds / 60) * 1e6);
});
