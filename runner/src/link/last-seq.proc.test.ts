import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { LastSeq } from "./last-seq.ts";

let path = "";
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), "longwire-seq-")), "last-seq.json");
});
afterEach(() => rmSync(join(path, ".."), { recursive: true, force: true }));

test("[D18] the highest seq a machine was told is on disk soon, and is that machine's alone", async () => {
  const lastSeq = new LastSeq(path, "m1");
  expect(lastSeq.value).toBe(0);
  for (const seq of [4, 9, 7]) lastSeq.note(seq);
  await waitUntil("the file is there", () => new LastSeq(path, "m1").value === 9);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(new LastSeq(path, "m2").value).toBe(0);
  lastSeq.note(12);
  lastSeq.close();
  expect(new LastSeq(path, "m1").value).toBe(12);
});

test("[D18] a file that is no such file is as none", () => {
  for (const text of ["", "{", "[]", `{"machine_id":"m1","last_seq":-1}`]) {
    writeFileSync(path, text);
    const lastSeq = new LastSeq(path, "m1");
    expect(lastSeq.value).toBe(0);
    lastSeq.note(1);
    lastSeq.close();
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ machine_id: "m1", last_seq: 1 });
  }
});
