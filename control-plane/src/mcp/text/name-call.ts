// The next call, as a reader can make it: `read_output(process="web", after="2.512")`.

/** What is not given is left out. Texts that would make it long are left to the reader, who knows them. */
export function nameCall(tool: string, given: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const named = Object.entries(given).filter(([, value]) => value !== undefined);
  return `${tool}(${named.map(([name, value]) => `${name}=${typeof value === "string" ? quote(value) : value}`).join(", ")})`;
}

const maxQuoted = 200;

function quote(text: string): string {
  return text.length > maxQuoted ? "<as before>" : JSON.stringify(text);
}
