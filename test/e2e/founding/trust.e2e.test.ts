// What keeps a tool that runs commands for a model in bounds, by the rows of docs/founding.md.

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import WebSocket from "ws";
import type { Problem, StartedAnswer } from "@longwire/shared/api/views.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { PolicyFile } from "../../support/policy-file.ts";
import { root } from "../../support/product.ts";
import { sendRaw } from "../../support/raw-request.ts";
import { useProduct } from "../../support/use-product.ts";

const secret = randomBytes(20).toString("hex");
const policy = new PolicyFile({
  mode: "named",
  roots: { here: root },
  commands: {
    leaks: { root: "here", command: 'echo "key: $DEPLOY_TOKEN"' },
    serves: {
      root: "here",
      command: "echo up; exec sleep 1000",
      ready: { pattern: "^up$" },
      restart: { policy: "on_failure", delay_ms: 10 },
    },
    nothing: { root: "here", argv: ["true"] },
  },
});
const on = useProduct({
  args: ["--policy", policy.path],
  env: { DEPLOY_TOKEN: secret, LONGWIRE_STARTS_PER_MINUTE: "30" },
});

test("[T51] [P27] [P29] A11: a secret is masked before anybody reads it; a service that dies begins again and is well again", async () => {
  const { wait } = await on.api.startUntil("until=exit", { use: "leaks" });
  expect(wait.output).toBe("key: [redacted]\n");
  expect(JSON.stringify(await on.api.events())).not.toContain(secret);
  const { process_id: id, run } = await on.api.startUntil("until=ready", { use: "serves" });
  await on.api.call("POST", `/processes/${id}/signal`, { signal: "SIGKILL" });
  await waitUntil("its next run is ready", async () => {
    const now = await on.api.process(id);
    return now.run === run + 1 && now.ready;
  });
  await on.api.stop(id);
});

test("[T1] [T4] [T12] A12: only what is listed runs, for whoever has a token, on this machine's own address", async () => {
  const { url, token } = on.product.ready;
  const refused = await on.api.call("POST", "/processes", { command: "id" });
  expect([refused.status, refused.body.code]).toEqual([403, "denied_by_machine"]);
  expect((await on.api.startUntil("until=exit", { use: "nothing" })).wait).toMatchObject({ ended_by: "exit" });
  expect((await fetch(`${url}/v1/machines`)).status).toBe(401);
  const elsewhere = `GET /v1/machines HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  expect((await sendRaw(url, [elsewhere])).status).toBe(403);
  const port = Number(new URL(url).port).toString(16).toUpperCase().padStart(4, "0");
  const listening = ["tcp", "tcp6"].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, "utf8")
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .flatMap(([, local = "", , state]) => (state === "0A" && local.endsWith(`:${port}`) ? [local] : [])),
  );
  expect(listening).toEqual([`0100007F:${port}`]);
});

test("[T31] B3: a socket is for our own pages and for programs, not for another origin's page", async () => {
  const { url, token } = on.product.ready;
  const statusFrom = async (origin: string | undefined): Promise<number> => {
    const headers = { Authorization: `Bearer ${token}`, ...(origin === undefined ? {} : { Origin: origin }) };
    const socket = new WebSocket(`${url.replace(/^http/, "ws")}/v1/machines/-/ws`, "longwire.viewer.v1", { headers });
    const status = await new Promise<number>((resolve) => {
      socket.once("open", () => resolve(101));
      socket.once("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
      socket.on("error", () => undefined);
    });
    socket.terminate();
    return status;
  };
  expect(await statusFrom(undefined)).toBe(101);
  expect(await statusFrom(url)).toBe(101);
  for (const origin of ["https://evil.example", "null", `${url}.evil.example`, "http://localhost:1"]) {
    expect([origin, await statusFrom(origin)]).toEqual([origin, 403]);
  }
});

test("[T36] A11: whoever starts too much is told when to go on", async () => {
  const answers = await Promise.all(
    Array.from({ length: 40 }, () =>
      on.api.call<StartedAnswer | Problem>("POST", "/processes", {
        use: "nothing",
        name: `n${randomBytes(4).toString("hex")}`,
      }),
    ),
  );
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  for (const { body } of refused) {
    expect(body).toMatchObject({ code: "rate_limited", retry_after_ms: expect.any(Number) as number });
  }
});
