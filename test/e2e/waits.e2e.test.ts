import path from "node:path";
import { expect, test } from "vitest";
import type { StartedAnswer, WaitAnswer } from "@longwire/shared/api/views.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { root } from "../support/product.ts";
import { useProduct } from "../support/use-product.ts";

const on = useProduct();

test("[R12] a start waits until a dev server says its address, and a wait from there ends with its exit", async () => {
  const pattern = encodeURIComponent("Listening on (https?://\\S+)$");
  const script = path.join(root, "test/fixtures/dev-server.mjs");
  const { status, body } = await on.api.call<StartedAnswer>(
    "POST",
    `/processes?until=match&until=exit&pattern=${pattern}&wait_ms=20000`,
    { argv: ["node", script], name: "dev" },
  );
  expect(status).toBe(201);
  expect(body).toMatchObject({ name: "dev", state: "running", wait: { ended_by: "match" } });
  expect(body.wait.output).toMatch(/^building\r\nbuilt in 12 ms\r\n.*Lis.*\r\n$/);
  const url = body.wait.match?.text.replace(/^.*on /, "") ?? "";
  const ending = on.api.call<WaitAnswer>("GET", `/processes/dev/wait?until=exit&after=${body.wait.next_cursor}`);
  expect(await (await fetch(url)).text()).toBe("bye\n");
  expect((await ending).body).toMatchObject({
    ended_by: "exit",
    output: "watching\nclosed\n",
    process: { state: "exited", returncode: 7 },
  });
});

test("[R10] a line printed before the call is found through a restart of the control plane's runtime", async () => {
  const command = "echo early; sleep 2; echo late; sleep 60";
  const { process_id: id } = await on.api.start({ command });
  const early = await on.api.call<WaitAnswer>("GET", `/processes/${id}/wait?until=match&pattern=^early$`);
  expect(early.body).toMatchObject({ ended_by: "match", next_cursor: "1.6" });
  process.kill(on.product.find(/workerd.*serve/).pid, "SIGKILL");
  const query = `until=match&pattern=^late$&after=${early.body.next_cursor}`;
  const late = await waitUntil("the control plane is back and says it", async () => {
    const answer = await on.api.call<WaitAnswer>("GET", `/processes/${id}/wait?${query}`).catch(() => null);
    return answer?.status === 200 && answer.body;
  });
  expect(late).toMatchObject({ ended_by: "match", match: { text: "late", cursor: "1.11" } });
  await on.api.stop(id);
});
