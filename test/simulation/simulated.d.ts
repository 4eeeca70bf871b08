// The machine's object as the simulation builds it in: against the platform of the simulation, not workerd's types.

declare module "simulated:machine" {
  interface SimulatedAnswer {
    readonly status: number;
    /** A simulated socket. */
    readonly webSocket: object | null;
  }

  interface MachineInstance {
    create(profile: object): void;
    view(): { readonly online: boolean; readonly head: number };
    readEvents(
      after: number | undefined,
      limit: number,
      filter: object,
    ):
      | {
          readonly ok: true;
          readonly value: { readonly texts: string[]; readonly nextAfter: number; readonly head: number };
        }
      | { readonly ok: false; readonly refusal: { readonly code: string; readonly detail: string } };
    submit(submission: object): Promise<{ readonly ok: boolean }>;
    fetch(request: { readonly url: string }): SimulatedAnswer;
    webSocketMessage(socket: object, message: ArrayBuffer | string): void;
    webSocketClose(socket: object): void;
    alarm(): void;
  }

  const Machine: new (context: unknown, env: unknown) => MachineInstance;
}
