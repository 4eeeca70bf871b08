// S51: where webhooks may lead, who may make them, and what becomes of their secrets.

import type { Check } from "../check.ts";
import { makeToken } from "./access.ts";

/** The target's own machine, in every notation: allowed where nobody but its owner reaches it. */
const loopback = ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "localhost", "a.localhost"];
const elsewhere = [
  ...["0.0.0.0", "10.0.0.1", "0x0a000001", "100.64.0.1", "169.254.169.254", "2852039166", "172.16.0.1", "192.168.0.1"],
  ...["[::]", "[::ffff:10.0.0.1]", "[::ffff:127.0.0.1]", "[fd00:ec2::254]", "[fe80::1]", "[64:ff9b::a00:1]"],
  ...["metadata.google.internal", "printer.local", "intranet"],
];
const addresses = ["ftp://example.com/", "file:///etc/passwd", "https://u:p@example.com/", "https://u@example.com/"];

const webhooks: Check = {
  id: "S51",
  title: "webhooks lead to no private address, need `read` as well, and tell their secret once",
  async run(probe) {
    const { url } = probe.target;
    const create = (address: string, token?: string) =>
      probe.ask("POST", "/v1/webhooks", {
        body: { url: address, events: ["approval"] },
        ...(token === undefined ? {} : { token }),
      });
    const isDeployed = url.startsWith("https:");
    const hosts = [...elsewhere, ...(isDeployed ? loopback : [])].map((host) => `https://${host}/`);
    for (const address of [...addresses, ...hosts, ...(isDeployed ? ["http://example.com/"] : [])]) {
      const { status, code } = await create(address);
      probe.same(address, [status, code], [422, "invalid_request"]);
    }
    const blind = await makeToken(probe, ["admin"]);
    const refused = await create("https://example.invalid/", blind.token);
    probe.same("made without `read`", [refused.status, refused.code], [403, "insufficient_scope"]);
    await probe.ask("DELETE", `/v1/tokens/${blind.id}`);

    const made = await create("https://example.invalid/hook?key=canary-in-address");
    probe.same("made", made.status, 201);
    const { id, secret } = JSON.parse(made.text) as { id: string; secret: string };
    const audit = await probe.ask("GET", "/v1/audit?act=webhook_created&limit=1000");
    const list = await probe.ask("GET", "/v1/webhooks?limit=1000");
    probe.holds("the list has it", list.text.includes(id));
    for (const { text } of [list, audit]) probe.holds("a secret is told again", !text.includes(secret.slice(6)));
    probe.holds("the audit has what its address holds", !audit.text.includes("canary-in-address"));
    probe.same("deleted", (await probe.ask("DELETE", `/v1/webhooks/${id}`)).status, 204);
  },
};

export const webhookChecks: readonly Check[] = [webhooks];
