import { expect, test } from "vitest";
import { judgeStart } from "./policy.ts";

test("[T6] only an open machine runs what it was not told of", () => {
  expect(judgeStart({ mode: "open" }, { command: "ls" })).toEqual({ type: "allowed" });
  for (const mode of ["ask", "named"] as const) {
    expect(judgeStart({ mode }, { command: "ls" })).toMatchObject({
      type: "denied",
      refusal: { code: "denied_by_machine", hint: expect.stringContaining("--allow-all") as string },
    });
  }
});
