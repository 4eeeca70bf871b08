import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type AddressInfo } from "node:net";
import path from "node:path";
import { createServer } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { ConnectProxy } from "@longwire/shared/node/fixtures/connect-proxy.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { Api } from "../support/api.ts";
import { LoneRunner } from "../support/lone-runner.ts";
import { runCli } from "../support/runner-cli.ts";
import { Product, root } from "../support/product.ts";

/** A certificate of `control.example` that signs itself, and its key. */
const pemFile = path.join(root, "test/fixtures/control-example.pem");

/** TLS in front of `port`, as a platform puts it before a deployed control plane. */
async function serveTls(port: number): Promise<number> {
  const pem = readFileSync(pemFile);
  const server = createServer({ key: pem, cert: pem }, (near) => {
    const far = connect(port, "127.0.0.1");
    near.pipe(far).pipe(near);
    near.on("error", () => far.destroy()).on("close", () => far.destroy());
    far.on("error", () => near.destroy()).on("close", () => near.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test("[D21] a runner behind a proxy enrols and serves over TLS that only the system's certificates vouch for", async () => {
  const product = await Product.start({ args: ["--allow-all", "--allow-host", "control.example"] });
  onTestFinished(() => product.close());
  const proxy = await ConnectProxy.open(await serveTls(Number(new URL(product.ready.url).port)));
  onTestFinished(() => proxy.close());
  const environment = { HTTPS_PROXY: `http://${proxy.host}`, NO_PROXY: "", no_proxy: "", SSL_CERT_FILE: pemFile };
  const runner = await LoneRunner.start({
    server: "https://control.example",
    hostData: product.data,
    environment,
  });
  onTestFinished(() => runner.close());
  const api = new Api({ ...product.ready, token: runner.token });
  const { process_id: id } = await api.start({ command: "echo through; exit 3" });
  await waitUntil("it ends", async () => (await api.process(id)).returncode === 3);
  // Once to enrol, once for the link.
  expect(proxy.targets).toEqual(["control.example:443", "control.example:443"]);
  // Its command line goes the same way, requests and sockets.
  const end = await runCli(["run", "--data", runner.data, "--", "echo", "by the same way"], environment);
  expect([end.code, end.stdout, end.stderr]).toEqual([0, "by the same way\n", ""]);
  expect(proxy.targets.length).toBeGreaterThanOrEqual(5);
  expect(new Set(proxy.targets)).toEqual(new Set(["control.example:443"]));
});
