import { expect, test } from "vitest";
import { Digester } from "@longwire/shared/digest/digest.ts";
import { firstError } from "./first-error.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function digestOf(text: string): string {
  const digester = new Digester({ decode: (bytes) => decoder.decode(bytes), maxChars: 8000, run: 3 });
  digester.take({ stream: "stdout", offset: 0, at: 0, bytes: encoder.encode(text) });
  return digester.end();
}

test("[R84] the first error is where the digest says", () => {
  const before = "compiling\n";
  const error = "src/a.ts(1,2): error TS2304: Cannot find name 'x'.\n";
  expect(firstError(digestOf(`${before}${error}${error}done\n`))).toEqual({ run: 3, offset: before.length });
});

test("[R84] a failing test counts where nothing calls itself an error, and without either there is none", () => {
  const text = "ran\nFAILED t.py::test_a - assert 1 == 2\n=== 1 failed, 2 passed in 0.10s ===\n";
  expect(firstError(digestOf(text))).toEqual({ run: 3, offset: 4 });
  expect(firstError(digestOf("all is well\n"))).toBeNull();
});
