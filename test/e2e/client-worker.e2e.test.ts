import path from "node:path";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { expect, onTestFinished, test } from "vitest";
import { root } from "../support/product.ts";
import { useProduct } from "../support/use-product.ts";

const on = useProduct();

test("[R50] [R53] [R54] the client does a whole job from within a Worker, where sockets take tickets alone", async () => {
  const bundle = await build({
    stdin: {
      contents: 'import { doJob } from "./client-job.ts"; export default { fetch: doJob };',
      resolveDir: path.join(root, "test/fixtures"),
    },
    bundle: true,
    format: "esm",
    platform: "browser",
    write: false,
  });
  const worker = new Miniflare({
    modules: true,
    script: bundle.outputFiles[0]?.text ?? "",
    compatibilityDate: "2026-01-01",
  });
  onTestFinished(() => worker.dispose());
  const { url, token } = on.product.ready;
  const answer = await worker.dispatchFetch(`http://worker/?${new URLSearchParams({ url, token }).toString()}`);
  const text = await answer.text();
  expect([answer.status, text]).toEqual([200, expect.any(String)]);
  expect(JSON.parse(text)).toMatchObject({
    run: 1,
    match: { text: "héllo" },
    returncode: 0,
    output: "héllo\n",
    refusal: { name: "LongwireError", code: "not_found", status: 404 },
  });
});
