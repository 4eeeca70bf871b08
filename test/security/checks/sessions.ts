// S16: what a page holds instead of a token. Over https that is a cookie; in clear, where a cookie would go to every other
// port of the host, there is none.

import type { Check } from "../check.ts";
import type { Answer } from "../probe.ts";

const attributes = ["HttpOnly", "Path=/", "SameSite=Strict", "Secure"];

const session: Check = {
  id: "S16",
  title: "a session is given once for its secret, as a cookie over https alone, and ends when it is signed out",
  async run(probe) {
    const made = await probe.ask("POST", "/v1/sign-ins", { body: { scopes: ["read"] } });
    probe.same("a secret", made.status, 201);
    const { secret } = JSON.parse(made.text) as { secret: string };
    probe.same("the secret as a token", (await probe.ask("GET", "/v1/machines", { token: secret })).status, 401);
    const signIn = async (): Promise<Answer> =>
      await probe.ask("POST", "/v1/sessions", { token: null, body: { secret } });
    const signedIn = await signIn();
    probe.same("signing in", signedIn.status, 201);
    probe.same("signing in again", (await signIn()).status, 401);
    const { token } = JSON.parse(signedIn.text) as { token?: string };
    const [cookie = "", ...given] = (signedIn.headers.get("Set-Cookie") ?? "").split("; ");
    const isSecure = probe.target.url.startsWith("https:");
    if (isSecure) {
      probe.same("a token in the answer", token, undefined);
      probe.holds(`the cookie ${cookie.split("=")[0]}`, cookie.startsWith("__Host-"));
      for (const one of attributes) probe.holds(`the cookie lacks ${one}`, given.includes(one));
      const from = async (Origin: string): Promise<number> =>
        (await probe.ask("DELETE", "/v1/sessions", { token: null, headers: { Cookie: cookie, Origin } })).status;
      probe.same("signing out from elsewhere", await from("https://evil.example"), 403);
      probe.same("signing out", await from(new URL(probe.target.url).origin), 204);
      const after = await probe.ask("GET", "/v1/machines", { token: null, headers: { Cookie: cookie } });
      probe.same("the cookie then", after.status, 401);
      return;
    }
    probe.same("a cookie in clear", cookie, "");
    const held = token ?? "";
    const inCookie = { Cookie: `__Host-longwire=${held}` };
    probe.same("as a cookie", (await probe.ask("GET", "/v1/machines", { token: null, headers: inCookie })).status, 401);
    probe.same("as a token", (await probe.ask("GET", "/v1/machines", { token: held })).status, 200);
    const more = await probe.ask("POST", "/v1/tokens", { token: held, body: { name: "x", scopes: ["admin"] } });
    probe.same("making a token of it", more.status, 403);
    probe.same("signing out", (await probe.ask("DELETE", "/v1/sessions", { token: held })).status, 204);
    probe.same("the session then", (await probe.ask("GET", "/v1/machines", { token: held })).status, 401);
  },
};

export const sessionChecks: readonly Check[] = [session];
