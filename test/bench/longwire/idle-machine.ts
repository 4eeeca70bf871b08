/** A machine more that is connected to the product and runs nothing: the runner's end of the link, without a runner. */
import { pingEveryMs } from "@longwire/shared/limits.ts";
import { pingText } from "@longwire/shared/ping.ts";

import { enrollMachine, SimulatedRunner } from "../../support/simulated-runner.ts";
import type { IdleMachine } from "../subject.ts";
import type { LongwireProduct } from "./product.ts";

/** Enrols it, which is not clocked, and connects it; resolves when it was welcomed and what it said is stored. */
export async function connectIdleMachine({ url, enrollKey }: LongwireProduct): Promise<IdleMachine> {
  const { machine_token: token } = await enrollMachine(url, enrollKey, "idle");
  const beganAt = performance.now();
  const served = Promise.withResolvers<void>();
  const onFrame = (): void => {
    if (runner.isConnected && runner.isDone) served.resolve();
  };
  const runner = new SimulatedRunner({ url, token, onFrame });
  await served.promise;
  const pings = setInterval(() => runner.sendRaw(pingText), pingEveryMs);
  return {
    welcomeMs: runner.welcomedAt - beganAt,
    isConnected: () => runner.isConnected,
    close() {
      clearInterval(pings);
      runner.close();
    },
  };
}
