// Server-sent events: `id:` is the seq, so a client that reconnects with `Last-Event-ID` goes on where it was.
// What is gone is told as an event named `expired`, without an id.

import { follow, type Following } from "./follow.ts";
import { problemResponse } from "../access/problem.ts";

/** Comments that keep proxies from closing a quiet stream. */
const heartbeatMs = 15_000;

const encoder = new TextEncoder();

export async function streamEvents(
  request: Omit<Following, "signal"> & { readonly lastEventId: string | undefined; readonly signal: AbortSignal },
): Promise<Response> {
  const { lastEventId } = request;
  if (lastEventId !== undefined && !/^[0-9]{1,15}$/.test(lastEventId)) {
    const errors = [{ path: "Last-Event-ID", message: "must be a seq" }];
    return problemResponse({ code: "invalid_request", detail: "Last-Event-ID must be a seq.", errors });
  }
  const gone = new AbortController();
  const after = lastEventId === undefined ? request.after : Number(lastEventId);
  const viewer = await follow({ ...request, after, signal: AbortSignal.any([request.signal, gone.signal]) });
  if (!viewer.ok) return viewer.response;
  let heartbeat: number | null = null;
  const stop = (): void => {
    clearInterval(heartbeat);
    gone.abort();
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        controller.enqueue(encoder.encode(": connected\n\n"));
        heartbeat = setInterval(() => controller.enqueue(encoder.encode(": still here\n\n")), heartbeatMs);
        request.signal.addEventListener("abort", stop);
      },
      async pull(controller) {
        const { value, done } = await viewer.events.next();
        if (done !== true && value !== undefined) {
          const head = value.type === "expired" ? "event: expired" : `id: ${value.seq}`;
          controller.enqueue(encoder.encode(`${head}\ndata: ${value.text}\n\n`));
          return;
        }
        stop();
        controller.close();
      },
      cancel: stop,
    },
    { highWaterMark: 1 },
  );
  const headers = { "Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no" };
  return new Response(body, { headers });
}
