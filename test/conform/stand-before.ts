// Puts a front before a product where the environment asks for it: `LONGWIRE_CONFORM` names a folder and the proxy to go
// through. So the tests run as they are.

import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { openFront, type Front } from "./front.ts";
import { Proxy } from "./proxy.ts";

export type Via = "recording" | "judging";

let count = 0;

/** Null where none is asked for. */
export async function standBefore(target: string): Promise<Front | null> {
  const [via, folder] = process.env["LONGWIRE_CONFORM"]?.split(":") ?? [];
  if (folder === undefined) return null;
  const document = path.join(folder, "openapi.json");
  if (!existsSync(document)) writeFileSync(document, await (await fetch(`${target}/openapi.json`)).text());
  const name = path.join(folder, `${process.pid}-${count++}`);
  const proxy =
    via === "recording"
      ? await Proxy.recording(target, `${name}.har`)
      : await Proxy.judging(target, document, { requests: false });
  const front = await openFront(target, proxy.url);
  return {
    url: front.url,
    async close() {
      await front.close();
      await proxy.close();
      if (via === "judging") writeFileSync(`${name}.log`, proxy.said);
    },
  };
}
