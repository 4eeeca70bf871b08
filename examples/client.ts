// Looks after a dev server with the typed client: starts it, waits until it listens, follows what it prints, provokes a
// line and waits for it, begins it again, stops it. Needs Node 22.18 or newer, in a checkout whose packages are installed.
//
// Usage: node examples/client.ts URL TOKEN [COMMAND…]
import { createClient } from "../shared/client/client.ts";

const [url = "", token = "", ...given] = process.argv.slice(2);
const serve = `require("node:http").createServer((request, answer) => {
  console.log("asked for " + request.url);
  answer.end();
}).listen(0, "127.0.0.1", () => console.log("up"))`;

const client = createClient({ url, token });
const name = "client-example";
const { head } = await client.machine();
const { process_id: id, run } = await client.start({
  argv: given.length > 0 ? given : ["node", "-e", serve],
  name,
  if_running: "restart",
});

// All it prints, until its second run ends. A lost connection is not seen here: it goes on where it was.
const shown = (async () => {
  for await (const event of client.events({ after: head, process: id })) {
    if (event.type === "output") process.stdout.write(`  | ${event.data}`);
    if (event.type === "exited" && event.run === run + 1) return;
  }
})();

const { port, ended_by: by, output } = await client.waitForPort(name);
if (port === undefined) throw new Error(`it does not listen (${by}): ${output}`);
const asked = client.waitForLog(name, "asked for .*");
await fetch(`http://127.0.0.1:${port}/hello`);
console.log(`it says: ${(await asked).match?.text}`);

await client.restart(name, {}, { until: ["port"], wait_ms: 20_000 });
const { stopped, survivors } = await client.stop(name);
await shown;
console.log(stopped ? "stopped, nobody is left" : `still there: ${survivors.map(({ pid }) => pid).join(", ")}`);
