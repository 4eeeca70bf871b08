// All that is masked in a run's output, as it is handed to its shim, and made ready to be looked for.

import { encodingsOf } from "./encodings.ts";
import { needleOfPattern, needleOfShape, needleOfValue } from "./needle.ts";
import { NeedleIndex } from "./needle-index.ts";
import { secretShapes } from "./secret-shapes.ts";

export interface Secrets {
  readonly values: readonly string[];
  /** The owner's. They were checked when the policy was read. */
  readonly patterns: readonly string[];
}

export function indexOf({ values, patterns }: Secrets): NeedleIndex {
  const forms = new Map(values.flatMap((value) => encodingsOf(value)).map((form) => [form.toString("latin1"), form]));
  return new NeedleIndex([
    ...secretShapes.map((shape) => needleOfShape(shape)),
    ...patterns.map((pattern) => needleOfPattern(pattern)),
    ...[...forms.values()].map((form) => needleOfValue(form)),
  ]);
}
