// The typed client of this page, for the workspace or for one machine, with what it is signed in with.

import { Caller, type ClientOptions } from "@longwire/shared/client/caller.ts";
import { createClient, type Client } from "@longwire/shared/client/client.ts";
import { session, sessionEnded } from "./session/session.ts";

/** What every call of a signed-in page goes with. A 401 ends the session here too. */
export function clientOptions(machine?: string): ClientOptions {
  const { value: state } = session;
  const token = state.type === "in" ? state.token : null;
  return {
    url: location.origin,
    token,
    tickets: true,
    fetch: fetchSignedIn,
    ...(machine === undefined ? {} : { machine }),
  };
}

export const clientFor = (machine?: string): Client => createClient(clientOptions(machine));
export const callerFor = (machine?: string): Caller => new Caller(clientOptions(machine));

const fetchSignedIn: typeof fetch = async (input, init) => {
  const answer = await fetch(input, init);
  if (answer.status === 401) sessionEnded();
  return answer;
};
