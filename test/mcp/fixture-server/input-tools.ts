// Tools that need something of the client before they can answer: they say what, and are called again with it.

import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  fromJsonSchema,
  inputRequired,
  type CallToolResult,
  type ClientCapabilities,
  type InputRequests,
  type InputRequiredResult,
  type McpServer,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { sayText } from "./content.ts";

/** Seals what a tool wants to find again when it is called the next time. */
type Mint = (state: Record<string, unknown>) => Promise<string>;
type Answer = CallToolResult | InputRequiredResult;

const nothing = fromJsonSchema<Record<string, never>>({ type: "object", properties: {} });
const answer = (text: string): CallToolResult => ({ content: [sayText(text)] });

const form = (field: string, schema: { readonly type: "string" } | { readonly type: "boolean" } = { type: "string" }) =>
  inputRequired.elicit({
    message: `Please give: ${field}`,
    requestedSchema: { type: "object", properties: { [field]: schema }, required: [field] },
  });
const sampling = (text: string) =>
  inputRequired.createMessage({ messages: [{ role: "user", content: { type: "text", text } }], maxTokens: 100 });

/** One field of a form. */
export const askFor = (request: string, field: string): InputRequiredResult =>
  inputRequired({ inputRequests: { [request]: form(field) } });

const responses = ({ mcpReq }: ServerContext): Readonly<Record<string, unknown>> => mcpReq.inputResponses ?? {};
const accepted = ({ mcpReq }: ServerContext, request: string): Readonly<Record<string, unknown>> | undefined =>
  acceptedContent(mcpReq.inputResponses, request);

export function addInputTools(server: McpServer, mint: Mint): void {
  const tools: Record<string, (ctx: ServerContext) => Answer | Promise<Answer>> = {
    test_missing_capability: askOneOf("llm_answer", sampling("Reply with: pong")),
    test_input_required_result_sampling: askOneOf("capital_question", sampling("What is the capital of France?")),
    test_input_required_result_list_roots: askOneOf("client_roots", inputRequired.listRoots()),
    test_input_required_result_elicitation(ctx) {
      const name = accepted(ctx, "user_name")?.["name"];
      return typeof name === "string" ? answer(`Hello, ${name}!`) : askFor("user_name", "name");
    },
    test_input_required_result_request_state: (ctx) => confirm(ctx, mint, "state-ok"),
    test_input_required_result_tampered_state: (ctx) => confirm(ctx, mint, "integrity-ok"),
    async test_input_required_result_multiple_inputs(ctx) {
      const asked = {
        user_name: form("name"),
        greeting: sampling("Generate a greeting"),
        client_roots: inputRequired.listRoots(),
      };
      const given = responses(ctx);
      if (Object.keys(asked).every((name) => given[name] !== undefined)) return answer("All three were given.");
      return inputRequired({ inputRequests: asked, requestState: await mint({}) });
    },
    async test_input_required_result_multi_round(ctx) {
      const { round = 0 } = ctx.mcpReq.requestState<{ round?: number }>() ?? {};
      if (round === 2) return answer("Both steps were taken.");
      const inputRequests = round === 0 ? { step1: form("name") } : { step2: form("color") };
      return inputRequired({ inputRequests, requestState: await mint({ round: round + 1 }) });
    },
    test_input_required_result_capabilities: askWhatIsDeclared,
  };
  const config = { description: "Asks the client before it answers.", inputSchema: nothing };
  for (const [name, call] of Object.entries(tools)) {
    server.registerTool(name, config, (_, ctx) => call(ctx));
  }
}

/** Asks for one thing, whatever comes of it. */
function askOneOf(request: string, asked: InputRequests[string]): (ctx: ServerContext) => Answer {
  return (ctx) => {
    const given = responses(ctx)[request];
    if (given === undefined) return inputRequired({ inputRequests: { [request]: asked } });
    return answer(`Given: ${JSON.stringify(given)}`);
  };
}

/** Answers once it is called with what it sealed; a state that was changed is refused before it is called. */
async function confirm(ctx: ServerContext, mint: Mint, done: string): Promise<Answer> {
  if (ctx.mcpReq.requestState() !== undefined && accepted(ctx, "confirm") !== undefined) return answer(done);
  return inputRequired({ inputRequests: { confirm: form("ok", { type: "boolean" }) }, requestState: await mint({}) });
}

/** Of a client that can do less, less is asked. */
function askWhatIsDeclared(ctx: ServerContext): Answer {
  if (ctx.mcpReq.inputResponses !== undefined) return answer("What was asked was given.");
  const envelope = ctx.mcpReq.envelope as Readonly<Record<string, ClientCapabilities | undefined>> | undefined;
  const { elicitation, sampling: samples, roots } = envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? {};
  const inputRequests: InputRequests = {
    ...(elicitation === undefined ? {} : { user_name: form("name") }),
    ...(samples === undefined ? {} : { greeting: sampling("Generate a short greeting") }),
    ...(roots === undefined ? {} : { client_roots: inputRequired.listRoots() }),
  };
  return Object.keys(inputRequests).length === 0
    ? answer("This client can be asked for nothing.")
    : inputRequired({ inputRequests });
}
