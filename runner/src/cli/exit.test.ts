import { afterEach, expect, test, vi } from "vitest";
import { LongwireError } from "@longwire/shared/client/longwire-error.ts";
import { errorCatalogue } from "@longwire/shared/errors.ts";
import { CliFailure, exitCodes, reportFailure } from "./exit.ts";

afterEach(() => vi.restoreAllMocks());

/** The exit code, and what is said. */
function report(error: unknown): readonly [code: number, said: string] {
  let said = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said += String(text);
    return true;
  });
  return [reportFailure(error), said];
}

test("[U5] a refusal's words are the control plane's, and steer no terminal", () => {
  const detail = "no\u001b]0;owned\u0007 \u009b2J\u202e";
  const [code, said] = report(new LongwireError({ code: "not_found", detail, hint: "try\r\nthis" }));
  expect(code).toBe(1);
  expect(said).toBe("runner: no\\u{1b}]0;owned\\u{7} \\u{9b}2J\\u{202e} try\\u{d}\\u{a}this\n");
});

test("[U6] each failure has its code, and hints of the API are those of the command line where it has its own", () => {
  const refusals = ["insufficient_scope", "machine_offline", "invalid_request", "unreachable"] as const;
  const codes = refusals.map((code) => report(new LongwireError({ code, detail: "x" }))[0]);
  expect(codes).toEqual([3, 4, 2, 4]);
  const refused = new LongwireError({ code: "not_found", detail: "There is none." });
  expect(report(refused)[1]).toBe("runner: There is none. `runner ps --all` shows what there is.\n");
  expect(refused.hint).toBe(errorCatalogue.not_found.hint);
  expect(report(new CliFailure("so", exitCodes.usage))).toEqual([2, "runner: so\n"]);
  expect(report(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }))).toEqual([141, ""]);
  expect(report(new DOMException("late", "TimeoutError"))[0]).toBe(4);
});
