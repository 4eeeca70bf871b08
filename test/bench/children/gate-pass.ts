/** The child's side of the gate. */
import { once } from "node:events";
import { connect } from "node:net";

/** Waits at the gate; false where it closed without a word, which means that nobody waits for this child any more. */
export async function passGate(port: number): Promise<boolean> {
  const gate = connect(port, "127.0.0.1");
  const [word] = await Promise.race([once(gate, "data"), once(gate, "close")]);
  gate.destroy();
  return word instanceof Buffer;
}
