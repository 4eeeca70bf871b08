// What a call between Worker and object answers: a value, or an expected refusal. Thrown errors are bugs or resets.

import type { Refusal } from "@longwire/shared/errors.ts";

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export function succeed<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function refuse(refusal: Refusal): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal };
}
