// A parameter's value as it is typed on a command line.

/** As a caller would send it in JSON, where `type` is what the command's owner declared. */
export function readParam(type: string | undefined, text: string): string | number | boolean {
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  const isNumber = (type === "number" || type === "integer") && text.trim() !== "" && Number.isFinite(Number(text));
  return isNumber ? Number(text) : text;
}
