import { expect, test } from "vitest";
import { startRequestSchema } from "@longwire/shared/api/requests.ts";
import { emptyForm, freeRequest, namedRequest } from "./start-request.ts";

test("[B7] what a form leaves empty is left to the machine, and what it sends the API takes", () => {
  expect(freeRequest({ ...emptyForm, command: "npm run dev" })).toEqual({ command: "npm run dev" });
  const full = freeRequest({ command: "bash", name: " sh ", cwd: " /srv ", tags: "a, b  a", tty: true });
  expect(full).toEqual({ command: "bash", name: "sh", cwd: "/srv", tags: ["a", "b"], tty: true, cols: 120, rows: 30 });
  expect(startRequestSchema.safeParse(full).success).toBe(true);
  const param = (type: "string" | "integer" | "boolean") => ({ type, required: false });
  const command = {
    name: "test",
    tags: [],
    params: { file: param("string"), n: param("integer"), all: param("boolean") },
  };
  expect(namedRequest(command, { file: "", all: false, stray: "x" })).toEqual({ use: "test", params: { all: false } });
  const named = namedRequest(command, { file: "12", n: "7" });
  expect(named).toEqual({ use: "test", params: { file: "12", n: 7 } });
  expect(startRequestSchema.safeParse(named).success).toBe(true);
  expect(namedRequest(command, {})).toEqual({ use: "test" });
});
