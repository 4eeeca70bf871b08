import { expect, test } from "vitest";
import { parseStartOptions } from "./options.ts";

test("[E5] options are taken with or without a `--` before them", () => {
  const args = ["--port", "0", "--allow-all", "--json", "--data", "/d", "--allow-host", "a", "--allow-host", "b"];
  const value = {
    port: 0,
    host: "127.0.0.1",
    allowHosts: ["a", "b"],
    data: "/d",
    cwd: undefined,
    allowAll: true,
    allowRoot: false,
    json: true,
    help: false,
  };
  expect(parseStartOptions(args)).toEqual({ ok: true, value });
  expect(parseStartOptions(["--", ...args])).toEqual({ ok: true, value });
  expect(parseStartOptions([])).toMatchObject({ ok: true, value: { port: 8787, allowAll: false } });
});

test.for([
  { args: ["--port", "many"], message: /--port many/ },
  { args: ["--port", "70000"], message: /--port 70000/ },
  { args: ["--colour"], message: /--colour/ },
  { args: ["web"], message: /web/ },
  { args: ["--host", "0.0.0.0"], message: /--allow-host/ },
])("[E5] $args is refused with what is wrong", ({ args, message }) => {
  const parsed = parseStartOptions(args);
  expect(parsed.ok ? "taken" : parsed.message).toMatch(message);
});
