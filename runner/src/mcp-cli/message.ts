// A message of the Model Context Protocol as it goes over a pipe, and as HTTP wants it.

import * as z from "zod";

const versionKey = "io.modelcontextprotocol/protocolVersion";

/** As much of a message as its way depends on; the rest goes as it came. */
const messageSchema = z.looseObject({
  jsonrpc: z.literal("2.0"),
  id: z.union([z.string(), z.number()]).nullish(),
  method: z.string().optional(),
  params: z
    .looseObject({
      _meta: z.looseObject({ [versionKey]: z.string().optional() }).optional(),
      name: z.unknown(),
      uri: z.unknown(),
    })
    .partial()
    .optional(),
});
export type Message = z.infer<typeof messageSchema>;

/** Null where the text is none. */
export function readMessage(text: string): Message | null {
  try {
    return messageSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** A request has an id and is to be answered. */
export const isRequest = ({ id, method }: Message): boolean => id != null && method !== undefined;

/**
 * The headers that say of a message what its body says. Since revision 2026-07-28 each names its revision itself; before,
 * `negotiated` is what the greeting came to.
 */
export function headersOf({ method, params }: Message, negotiated: string | null): Record<string, string> {
  const { _meta: meta, name, uri } = params ?? {};
  const revision = meta?.[versionKey];
  if (revision === undefined) return negotiated === null ? {} : { "MCP-Protocol-Version": negotiated };
  const named = typeof name === "string" ? name : uri;
  return {
    "MCP-Protocol-Version": revision,
    ...(method === undefined ? {} : { "Mcp-Method": encodeHeader(method) }),
    ...(typeof named === "string" ? { "Mcp-Name": encodeHeader(named) } : {}),
  };
}

/** What no header may hold goes in base 64, as the protocol has it. */
function encodeHeader(text: string): string {
  const isPlain =
    /^[\u0021-\u007e](?:[\u0020-\u007e]*[\u0021-\u007e])?$/.test(text) && !/^=\?base64\?.*\?=$/i.test(text);
  return isPlain ? text : `=?base64?${Buffer.from(text, "utf8").toString("base64")}?=`;
}

/** The request that a message takes back; undefined where it is about none. */
export function cancelledBy({ method, params }: Message): unknown {
  return method === "notifications/cancelled" ? params?.["requestId"] : undefined;
}

export function errorMessage(id: Message["id"] | null, code: number, message: string): object {
  return { jsonrpc: "2.0", id: id ?? null, error: { code, message } };
}
