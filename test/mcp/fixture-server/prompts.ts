// Prompts: plain, with arguments, with content of other kinds, and one that asks before it answers.

import {
  acceptedContent,
  fromJsonSchema,
  type GetPromptResult,
  type McpServer,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { embed, image, sayText } from "./content.ts";
import { askFor } from "./input-tools.ts";

type Content = GetPromptResult["messages"][number]["content"];
const speak = (...contents: Content[]): GetPromptResult => ({
  messages: contents.map((content) => ({ role: "user", content })),
});
const description = "For the conformance suite.";
const texts = <Name extends string>(...names: Name[]) =>
  fromJsonSchema<Record<Name, string>>({
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name, { type: "string" }])),
    required: names,
  });

export function addPrompts(server: McpServer): void {
  const simple = sayText("This is a simple prompt for testing.");
  server.registerPrompt("test_simple_prompt", { description }, () => speak(simple));
  server.registerPrompt(
    "test_prompt_with_arguments",
    { description, argsSchema: texts("arg1", "arg2") },
    ({ arg1, arg2 }) => speak(sayText(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)),
  );
  server.registerPrompt(
    "test_prompt_with_embedded_resource",
    { description, argsSchema: texts("resourceUri") },
    ({ resourceUri }) =>
      speak(
        embed(resourceUri, "Embedded resource content for testing."),
        sayText("Please process the resource above."),
      ),
  );
  server.registerPrompt("test_prompt_with_image", { description }, () =>
    speak(image, sayText("Please analyze the image above.")),
  );
  server.registerPrompt("test_input_required_result_prompt", { description }, (ctx: ServerContext) => {
    const given = acceptedContent<{ context: string }>(ctx.mcpReq.inputResponses, "user_context");
    return given === undefined ? askFor("user_context", "context") : speak(sayText(`The context: ${given.context}`));
  });
}
