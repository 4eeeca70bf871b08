// The data of server-sent events, out of a text that comes in pieces.

/** Takes pieces, gives the data of the events that are whole. Fields other than `data` are passed over. */
export class ServerEvents {
  #rest = "";

  take(piece: string): string[] {
    const blocks = `${this.#rest}${piece}`.split(/\r?\n\r?\n/);
    this.#rest = blocks.pop() ?? "";
    return blocks.map((block) => dataOf(block)).filter((data) => data !== "");
  }
}

function dataOf(block: string): string {
  const lines = block.split(/\r?\n/).filter((line) => line.startsWith("data:"));
  return lines.map((line) => line.slice("data:".length).replace(/^ /, "")).join("\n");
}
