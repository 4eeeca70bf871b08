// What the command line says to people and logs: tokens, and secrets of its own environment, are masked.

import { gatherSecrets } from "../redact/gather-secrets.ts";
import { Redaction } from "../redact/redaction.ts";

let redaction: Redaction | null = null;

export function maskOwn(text: string): string {
  redaction ??= new Redaction(gatherSecrets([process.env], null, undefined));
  return redaction.text(text);
}
