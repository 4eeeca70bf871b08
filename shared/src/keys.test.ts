import { expect, test } from "vitest";
import { keyNames, keySequence } from "./keys.ts";

test("[P17] keys have the sequences a terminal sends", () => {
  expect(keySequence("Enter")).toBe("\r");
  expect(keySequence("Up")).toBe("\u001b[A");
  expect(keySequence("Ctrl-C")).toBe("\u0003");
  expect(keySequence("Ctrl-c")).toBe("\u0003");
  expect(keySequence("Ctrl-\\")).toBe("\u001c");
  expect(keySequence("Alt-b")).toBe("\u001bb");
  expect(keySequence("Alt-Left")).toBe("\u001b\u001b[D");
  for (const name of keyNames) expect(keySequence(name)).not.toBeNull();
});

test("[P17] a name that is no key is none", () => {
  for (const name of ["", "enter", "Ctrl-", "Ctrl-1", "Ctrl-CC", "Alt-", "Alt-Alt-x", "F13", "toString"]) {
    expect(keySequence(name)).toBeNull();
  }
});
