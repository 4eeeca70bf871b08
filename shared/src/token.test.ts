import { crc32 as zlibCrc32 } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBase62, encodeBase62 } from "./base62.ts";
import { crc32 } from "./crc32.ts";
import {
  formatMachineId,
  formatToken,
  fromHex,
  readMachineId,
  readTokenWorkspace,
  toHex,
  tokenPattern,
} from "./token.ts";

const id = fc.uint8Array({ minLength: 32, maxLength: 32 });

test("[T3] a token names its workspace and carries a checksum that finds every changed character", () => {
  fc.assert(
    fc.property(id, id, fc.nat(97), (workspace, secret, at) => {
      const token = formatToken(workspace, secret);
      expect(token).toMatch(new RegExp(`^${tokenPattern.source}$`));
      expect(readTokenWorkspace(token)).toEqual(workspace);
      const other = token[at] === "A" ? "B" : "A";
      expect(readTokenWorkspace(token.slice(0, at) + other + token.slice(at + 1))).toBeNull();
    }),
  );
});

test("[T3] what is no token is told from one without asking a workspace", () => {
  for (const text of [
    "",
    "lw_",
    "Bearer",
    "lw_".padEnd(96, "A"),
    `${formatToken(new Uint8Array(32), new Uint8Array(32))}A`,
  ]) {
    expect(readTokenWorkspace(text)).toBeNull();
  }
});

test("[T2] a machine id holds the 32 bytes of its object's id", () => {
  fc.assert(
    fc.property(id, (bytes) => {
      expect(readMachineId(formatMachineId(bytes))).toEqual(bytes);
      expect(fromHex(toHex(bytes))).toEqual(bytes);
    }),
  );
  expect(readMachineId("m_zz")).toBeNull();
  expect(readMachineId(`m_${"z".repeat(43)}`)).toBeNull();
});

test("[T3] base 62 and CRC-32 agree with their definitions", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(decodeBase62(encodeBase62(bytes), bytes.length)).toEqual(bytes);
      expect(crc32(bytes)).toBe(zlibCrc32(bytes));
    }),
  );
  expect(decodeBase62("é".padEnd(43, "0"), 32)).toBeNull();
});
