import { expect, test } from "vitest";
import { checkCookieUse, readSessionCookie, sessionCookie } from "./session-cookie.ts";

const https = "https://wire.example/v1/machines";
const ask = (method: string, headers: Record<string, string> = {}): boolean =>
  checkCookieUse(new Request(https, { method, headers })) === null;

test("[T38] a session's cookie is this host's alone, over https, out of reach of scripts and other sites", () => {
  const [pair, ...attributes] = sessionCookie("lw_x", 1500).split("; ");
  expect(pair).toBe("__Host-longwire=lw_x");
  expect(attributes.toSorted()).toEqual(["HttpOnly", "Max-Age=1", "Path=/", "SameSite=Strict", "Secure"]);
});

test("[T38] a cookie is read over https alone, and two of them are none", () => {
  const read = (url: string, cookie: string): string | null =>
    readSessionCookie(new Request(url, { headers: { Cookie: cookie } }));
  expect(read(https, "a=b; __Host-longwire=one; c=d")).toBe("one");
  expect(read("http://127.0.0.1:8787/", "__Host-longwire=one")).toBeNull();
  for (const cookie of ["", "longwire=one", "x__Host-longwire=one", "__Host-longwire=one; __Host-longwire=two"]) {
    expect(read(https, cookie)).toBeNull();
  }
});

test("[T38] what acts with a cookie, and every socket, says that it comes from a page of ours", () => {
  const own = { Origin: "https://wire.example" };
  for (const method of ["POST", "DELETE", "PUT", "PATCH", "OPTIONS"]) {
    expect(ask(method, own)).toBe(true);
    expect(ask(method, { "Sec-Fetch-Site": "same-origin" })).toBe(true);
    for (const foreign of [{}, { Origin: "http://wire.example" }, { "Sec-Fetch-Site": "none" }]) {
      expect(ask(method, foreign)).toBe(false);
    }
  }
  expect(ask("GET")).toBe(true);
  expect(ask("GET", { Upgrade: "websocket" })).toBe(false);
  expect(ask("GET", { Upgrade: "websocket", ...own })).toBe(true);
});
