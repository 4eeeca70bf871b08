// S26: secrets that live on a machine, printed by what runs there in every dress, and looked for wherever they could have
// come to: on the wire, in every answer, in the control plane's files, in the runner's own, in logs.

import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { FrameRelay } from "../../support/frame-relay.ts";
import { LoneRunner } from "../../support/lone-runner.ts";
import { Product } from "../../support/product.ts";
import type { Check } from "../check.ts";
import { Probe } from "../probe.ts";
import { atOnce, fill, isSocket, mutates } from "../routes.ts";
import { openTarget } from "../target.ts";
import { filesBelow } from "./tokens.ts";

const secret = (): string => `C4NARY"+/&${randomBytes(15).toString("hex")}`;

/** Programs that tell `$DEPLOY_TOKEN`, each in its own dress. */
function tellers(node: string): readonly { readonly name: string; readonly command: string; readonly tty?: boolean }[] {
  const inNode = (code: string): string => `'${node}' -e '${code}'`;
  return [
    { name: "plainly", command: 'printf "%s\\n" "before $DEPLOY_TOKEN after"' },
    { name: "as-error", command: 'printf "%s\\n" "$DEPLOY_TOKEN" >&2; exit 3' },
    { name: "on-terminal", command: 'printf "%s\\n" "$DEPLOY_TOKEN"', tty: true },
    {
      name: "in-pieces",
      command: inNode(
        `let at = 0; const text = process.env.DEPLOY_TOKEN; const next = () => { if (at === text.length) return; process.stdout.write(text[at++]); setTimeout(next, 3); }; next();`,
      ),
    },
    {
      name: "at-a-border",
      command: inNode(`process.stdout.write("x".repeat(65520) + process.env.DEPLOY_TOKEN + "\\n")`),
    },
    ...["", "a", "ab"].map((front) => ({
      name: `base64-${front.length}`,
      command: inNode(`console.log(Buffer.from("${front}" + process.env.DEPLOY_TOKEN + "xyz").toString("base64"))`),
    })),
    { name: "percent", command: inNode("console.log(encodeURIComponent(process.env.DEPLOY_TOKEN))") },
    { name: "as-json", command: inNode("console.log(JSON.stringify({ token: process.env.DEPLOY_TOKEN }))") },
    { name: "all-variables", command: "env" },
    { name: "the-file", command: "cat .env" },
    { name: "an-address", command: "cat address" },
    { name: "not-found", command: '"/no/such/$DEPLOY_TOKEN"' },
  ];
}

/** The dresses a value is looked for in. Of base 64 the middle, which no neighbour has a part in. */
function dresses(value: string): readonly string[] {
  const base64 = ["", "a", "ab"].map((front) => {
    const text = Buffer.from(`${front}${value}`).toString("base64").replace(/=+$/, "");
    return text.slice(4, -4);
  });
  return [value, value.slice(10), encodeURIComponent(value), JSON.stringify(value).slice(1, -1), ...base64];
}

const masked: Check = {
  id: "S26",
  title: "a machine's secrets, printed in fourteen dresses, leave it by no surface and lie in no file",
  needs: "inside",
  async run(outer) {
    const folder = mkdtempSync(path.join(tmpdir(), "longwire-test-"));
    const product = await Product.start();
    try {
      const relay = await FrameRelay.open(product.ready.url);
      try {
        await tellAndLook(outer, folder, product, relay);
      } finally {
        await relay.close();
      }
    } finally {
      await product.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function tellAndLook(outer: Probe, folder: string, product: Product, relay: FrameRelay): Promise<void> {
  const [inVariable, inFile, inAddress] = [
    secret(),
    `F1LE${randomBytes(15).toString("hex")}`,
    randomBytes(12).toString("hex"),
  ];
  const cwd = path.join(folder, "work");
  mkdirSync(cwd);
  writeFileSync(path.join(cwd, ".env"), `PAYMENT_SECRET=${inFile}\n`, { mode: 0o600 });
  // Known by its place alone.
  writeFileSync(path.join(cwd, "address"), `postgres://me:${inAddress}@db/app\n`);
  const environment = { DEPLOY_TOKEN: inVariable };
  const runner = await LoneRunner.start({ server: relay.url, hostData: product.data, environment });
  try {
    const probe = new Probe(await openTarget({ url: product.ready.url, token: runner.token }, undefined));
    const started = tellers(process.execPath);
    for (const { name, command, tty } of started) {
      const body = { command, name, cwd, ...(tty === true ? { tty } : {}) };
      const { status, text } = await probe.ask("POST", "/v1/machines/-/processes?until=exit", { body });
      probe.same(`telling ${name}`, status, 201);
      look(probe, `the answer to ${name}`, text, [inVariable, inFile, inAddress]);
    }
    await waitUntil("all is told", async () => {
      const { text } = await probe.ask("GET", "/v1/machines/-");
      return (JSON.parse(text) as { counts: { live: number } }).counts.live === 0;
    });
    const told: string[] = [];
    for (const route of probe.target.routes.filter((one) => !mutates(one) && !isSocket(one))) {
      for (const { name } of route.path.includes(":process") ? started : started.slice(0, 1)) {
        const { text, headers } = await probe.ask("GET", fill(route, "-", name) + atOnce(route));
        told.push(text);
        look(probe, `${route.path} of ${name}`, text + [...headers.values()].join(), [inVariable, inFile, inAddress]);
      }
    }
    const shown = told.join().split("[redacted]").length - 1;
    probe.holds(`only ${shown} were masked`, shown >= started.length);
    for (const frame of relay.sentBy("runner")) look(probe, "a frame", frame, [inVariable, inFile, inAddress]);
    for (const { file, bytes } of [...filesBelow(product.data), ...filesBelow(runner.data)]) {
      look(probe, file, bytes, [inVariable, inFile, inAddress]);
    }
    look(probe, "a log", product.stderr + product.stdout.join(), [inVariable, inFile, inAddress]);
    outer.wrongs.push(...probe.wrongs);
    outer.asked += probe.asked + relay.frames.length;
  } finally {
    await runner.close();
  }
}

function look(probe: Probe, where: string, text: string | Buffer, values: readonly string[]): void {
  for (const value of values) {
    for (const dress of dresses(value)) probe.holds(`${where} holds ${dress}`, !text.includes(dress));
  }
}

export const secretChecks: readonly Check[] = [masked];
