// S42: how often may be asked. Made last, since it uses up what the others would ask with.

import type { Check } from "../check.ts";
import type { Answer } from "../probe.ts";

const most = 4000;
const atOnce = 50;

const guesses: Check = {
  id: "S42",
  title: "whoever tries tokens meets 429 and a time to wait, and whoever has one is served meanwhile",
  async run(probe) {
    probe.isPatient = false;
    await probe.ask("GET", "/v1/machines");
    let over: Answer | undefined;
    for (let sent = 0; sent < most && over === undefined; sent += atOnce) {
      const tried = Array.from({ length: atOnce }, () => probe.ask("GET", "/v1/machines", { token: "garbage" }));
      const answers = await Promise.all(tried);
      probe.holds(
        `answered ${answers.map(({ status }) => status).join()}`,
        answers.every(({ status }) => status === 401 || status === 429),
      );
      over = answers.find(({ status }) => status === 429);
    }
    probe.same(`after ${most}`, [over?.status, over?.code], [429, "rate_limited"]);
    probe.holds("no time to wait", Number(over?.headers.get("Retry-After")) > 0);
    probe.same("with a token", (await probe.ask("GET", "/v1/machines")).status, 200);
  },
};

export const frequencyChecks: readonly Check[] = [guesses];
