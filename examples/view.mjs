// Follows one process over the WebSocket `longwire.viewer.v1` and prints its output's bytes exactly as they were
// printed, until it exits. Needs Node 22 or newer and nothing else.
//
// Usage: node view.mjs URL TOKEN PROCESS [AFTER]
const [url, token, process_, after = "0"] = process.argv.slice(2);
const windowBytes = 1024 * 1024;

const socket = new WebSocket(`${url.replace(/^http/, "ws")}/v1/machines/-/ws`, {
  protocols: ["longwire.viewer.v1"],
  headers: { Authorization: `Bearer ${token}` },
});
socket.binaryType = "arraybuffer";
const say = (request) => socket.send(JSON.stringify(request));

socket.addEventListener("open", () => {
  say({ type: "credit", bytes: windowBytes });
  say({ type: "subscribe", id: 1, after: Number(after), process: process_ });
});
socket.addEventListener("message", ({ data }) => {
  // Text: what is no event. It takes credit too.
  if (typeof data === "string") {
    const frame = JSON.parse(data);
    if (frame.type === "refused") fail(frame.detail);
    if (frame.type === "expired") console.error(`events ${frame.from_seq} to ${frame.to_seq} are gone`);
    return say({ type: "credit", bytes: data.length });
  }
  // A frame: u32 header length, little endian | header as JSON | the bytes of its output events, one after the other.
  const headerLength = new DataView(data).getUint32(0, true);
  const { events, runs } = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, headerLength)));
  let at = 4 + headerLength;
  for (const event of events) {
    const run = runs[event.of];
    if (event.type === "output") {
      process.stdout.write(new Uint8Array(data, at, event.size));
      at += event.size;
    } else console.error(`${event.seq} ${run?.name ?? run?.process_id} ${event.type} ${event.returncode ?? ""}`);
    if (event.type === "exited") socket.close();
  }
  // What was read may be sent again.
  if (socket.readyState === WebSocket.OPEN) say({ type: "credit", bytes: data.byteLength });
});
socket.addEventListener("close", ({ code, reason }) => {
  // 4408: read too slowly; `reason` is the AFTER to go on with.
  if (code !== 1000 && code !== 1005) fail(`closed: ${code} ${reason}`);
});
socket.addEventListener("error", () => fail("no connection"));

function fail(why) {
  console.error(why);
  process.exit(1);
}
