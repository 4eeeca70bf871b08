import type { ProcessId } from "@longwire/shared/ids.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  emptyRegister,
  maxRemembered,
  registerFound,
  registerStart,
  wasGiven,
  type Register,
} from "./process-register.ts";

test("[P3] an id is given once; a name that comes again means the same process in its next run", () => {
  const name = fc.option(fc.constantFrom("web", "db", "worker"), { nil: undefined });
  fc.assert(
    fc.property(fc.array(name, { maxLength: 60 }), (names) => {
      let register: Register = emptyRegister;
      const runs = new Map<string, number>();
      const owners = new Map<string, string>();
      for (const one of names) {
        const [after, { process, run }] = registerStart(register, one);
        register = after;
        expect(run).toBe((runs.get(process) ?? 0) + 1);
        runs.set(process, run);
        if (one === undefined) expect(run).toBe(1);
        else {
          expect(owners.get(one) ?? process).toBe(process);
          owners.set(one, process);
        }
        expect(wasGiven(register, process)).toBe(true);
      }
      expect(wasGiven(register, `p${runs.size + 1}` as ProcessId)).toBe(false);
    }),
  );
});

test("[P3] a run found on disk is known from then on, and an older one changes nothing", () => {
  const found = registerFound(emptyRegister, { process: "p7" as ProcessId, name: "web", run: 3 });
  expect(registerStart(found, "web")[1]).toEqual({ process: "p7", name: "web", run: 4 });
  expect(registerStart(found, undefined)[1]).toEqual({ process: "p8", run: 1 });
  expect(registerFound(found, { process: "p7" as ProcessId, name: "web", run: 2 })).toBe(found);
});

test("[P3] what is remembered is bounded, and ids stay unique all the same", () => {
  let register: Register = emptyRegister;
  for (let count = 0; count < maxRemembered + 5; count++) [register] = registerStart(register, `n${count}`);
  expect(register.latest).toHaveLength(maxRemembered);
  expect(registerStart(register, "n0")[1]).toEqual({ process: `p${maxRemembered + 6}`, name: "n0", run: 1 });
});
