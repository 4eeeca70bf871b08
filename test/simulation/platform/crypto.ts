// `node:crypto` with chance from the seed.

import { hex } from "./random.ts";

export { createHash } from "node:crypto";

export const randomUUID = (): string => hex(16);
export const randomBytes = (size: number): Buffer => Buffer.from(hex(size), "hex");
