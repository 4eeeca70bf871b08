import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { TestMachine } from "../fixtures/machine.ts";
import { installTerminal } from "./install-terminal.ts";

test("[P18] a machine that cannot load the code for terminals says so, and refuses them in words", async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), "longwire-test-"));
  const code = installTerminal(elsewhere);
  rmSync(elsewhere, { recursive: true });
  expect(code).not.toBeNull();
  const machine = new TestMachine();
  const folder = join(machine.dataFolder, "shim");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, basename(code?.module ?? "")), "of another system");
  await machine.begin();
  expect(machine.supervisor?.capabilities.tty).toBe(false);
  const refused = await machine.ask({ op: "start", request: { command: "echo no", tty: true } });
  expect(refused).toMatchObject({ outcome: "refused", code: "invalid_request", errors: [{ path: "tty" }] });
  const piped = await machine.start({ command: "echo yes" });
  expect(await machine.printed(piped, "yes")).toBe("yes\n");
  await machine.end();
});
