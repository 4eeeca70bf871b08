import { expect, test } from "vitest";
import { checkHosts } from "./hosts.ts";

const ask = (url: string, allowed?: string, headers: Record<string, string> = {}): string | null =>
  checkHosts(new Request(url, { headers }), allowed)?.code ?? null;

test("[T4] only names that were given are answered to, in the address and in the Host header", () => {
  const allowed = "127.0.0.1,localhost,[::1],wire.example";
  for (const name of ["127.0.0.1", "localhost:8787", "[::1]:8787", "wire.example"]) {
    expect(ask(`http://${name}/healthz`, allowed)).toBeNull();
    expect(ask("http://127.0.0.1/healthz", allowed, { Host: name })).toBeNull();
  }
  for (const name of [
    "evil.example",
    "127.0.0.1.evil.example",
    "wire.example.",
    "10.0.0.1",
    "localhost.evil.example",
  ]) {
    expect(ask(`http://${name}/healthz`, allowed)).toBe("host_not_allowed");
    expect(ask("http://127.0.0.1/healthz", allowed, { Host: name })).toBe("host_not_allowed");
  }
});

test("[T39] a deployed control plane is spoken to over TLS only, but on loopback", () => {
  expect(ask("http://wire.example/v1/machines")).toBe("upgrade_required");
  for (const url of ["https://wire.example/", "http://127.0.0.1:8787/", "http://localhost/", "http://[::1]:1/"]) {
    expect(ask(url)).toBeNull();
  }
});
