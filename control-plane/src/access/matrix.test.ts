import { expect, test } from "vitest";
import { viewerRequestSchema } from "@longwire/shared/viewer-request.ts";
import { viewerSubprotocol } from "@longwire/shared/viewer-frame.ts";
import { linkSubprotocol, runnerFrameSchema } from "@longwire/shared/wire/link.ts";
import { createApp } from "../api/app.ts";
import { eventsSubprotocol } from "../sockets/open-socket.ts";
import { messageMatrix, routeMatrix } from "./matrix.ts";

const named = (method: string, path: string): string => `${method} ${path}`;
const typesOf = (schema: { options: readonly { shape: { type: { value: string } } }[] }): string[] =>
  schema.options.map((option) => option.shape.type.value);

test("[T22] every route has a row in the matrix, and every row its route", () => {
  const routes = createApp()
    // What answers to every method is in front of the routes, or behind them all.
    .routes.filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => named(method, path));
  const rows = routeMatrix.map(({ method, path }) => named(method, path));
  expect(rows.toSorted()).toEqual([...new Set(routes)].toSorted());
});

test("[T22] every message of a socket has a row in the matrix, and every row its message", () => {
  const messages = {
    [linkSubprotocol]: [...typesOf(runnerFrameSchema), "batch"],
    [eventsSubprotocol]: ["ack"],
    [viewerSubprotocol]: typesOf(viewerRequestSchema),
  };
  expect(Object.keys(messageMatrix).toSorted()).toEqual(Object.keys(messages).toSorted());
  for (const [protocol, rows] of Object.entries(messageMatrix)) {
    expect(Object.keys(rows).toSorted()).toEqual(messages[protocol as keyof typeof messages].toSorted());
  }
});
