// Whether a value is what a parameter's declaration allows, and as which text it goes to the program.

import { RE2JS } from "re2js";
import type { Param } from "./policy-schema.ts";

export type ParamValue = string | number | boolean;

export type CheckedValue =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly message: string };

/** Gives a path as it goes to the program; null where it leads out of its folder. */
export type SettlePath = (path: string) => string | null;

export function checkValue(param: Param, value: ParamValue, settlePath: SettlePath): CheckedValue {
  switch (param.type) {
    case "string":
      return checkText(param, value);
    case "path": {
      const checked = checkText({}, value);
      const path = checked.ok ? settlePath(checked.text) : null;
      if (!checked.ok) return checked;
      return path === null ? fault("must be a path inside the command's folder") : { ok: true, text: path };
    }
    case "number":
    case "integer":
      return checkNumber(param, value);
    case "boolean":
      return typeof value === "boolean" ? { ok: true, text: String(value) } : fault("must be true or false");
    case "enum":
      return param.values.some((one) => one === value)
        ? { ok: true, text: String(value) }
        : fault(`must be one of ${param.values.map((one) => JSON.stringify(one)).join(", ")}`);
  }
}

function checkText({ pattern }: { readonly pattern?: string | undefined }, value: ParamValue): CheckedValue {
  if (typeof value !== "string") return fault("must be a text");
  if (value.includes("\0")) return fault("must not contain a NUL character");
  if (pattern !== undefined && !RE2JS.compile(pattern).matches(value)) return fault(`must match ${pattern} as a whole`);
  return { ok: true, text: value };
}

function checkNumber({ type, min, max }: Extract<Param, { min?: unknown }>, value: ParamValue): CheckedValue {
  if (typeof value !== "number" || !Number.isFinite(value)) return fault("must be a number");
  if (type === "integer" && !Number.isSafeInteger(value)) return fault("must be a whole number");
  if (min !== undefined && value < min) return fault(`must be at least ${min}`);
  if (max !== undefined && value > max) return fault(`must be at most ${max}`);
  return { ok: true, text: String(value) };
}

const fault = (message: string): CheckedValue => ({ ok: false, message });

/** What is wrong with a declaration's own default; a path is looked at when it is used. */
export function checkDefault(param: Param): string | null {
  if (param.default === undefined) return null;
  const checked = checkValue(param, param.default, (path) => path);
  return checked.ok ? null : `its default ${checked.message}`;
}

/** Whether the owner foresaw a value that begins with `-`, which most programs take for an option. */
export function mayBeginWithDash(param: Param): boolean {
  switch (param.type) {
    case "string":
      return param.pattern !== undefined;
    case "number":
    case "integer":
      return param.min !== undefined && param.min < 0;
    case "enum":
      return true;
    case "path":
    case "boolean":
      return false;
  }
}
