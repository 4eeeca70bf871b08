// The typed client as the command line uses it.

import { createClient, type Client } from "@longwire/shared/client/client.ts";
import { trustSystemCertificates } from "../link/proxy.ts";
import type { ApiAccess } from "./api-access.ts";
import { openTrustedSocket, trustedFetch } from "./trusted-fetch.ts";

/** Whoever sits before a terminal would rather know soon: what fails is tried again for a second or so. */
const hastyRetries = 2;
/** For what is to outlast a restart of the control plane: some minutes. */
const patientRetries = 20;

export interface OpenOptions {
  /** Its id or name. */
  readonly machine?: string;
  readonly isPatient?: boolean;
}

/** Nothing is connected before the first call. */
export function openClient({ server, token }: ApiAccess, { machine, isPatient = false }: OpenOptions = {}): Client {
  if (server.startsWith("https:")) trustSystemCertificates();
  return createClient({
    url: server,
    token,
    retries: isPatient ? patientRetries : hastyRetries,
    fetch: trustedFetch,
    openSocket: openTrustedSocket,
    tickets: false,
    ...(machine === undefined ? {} : { machine }),
  });
}
