// Looks after a dev server: starts it by name, waits until it answers, shows what it printed, begins it again as one
// does after a change, and stops it. Needs Node 22 or newer and nothing else.
//
// Usage: node dev-server.mjs URL TOKEN [PORT COMMAND…]
import { createServer } from "node:http";
import { once } from "node:events";

const [url, token, givenPort, ...given] = process.argv.slice(2);
const port = Number(givenPort ?? (await findFreePort()));
const serve = `require("node:http").createServer((_, answer) => answer.end("hello\\n"))
  .listen(${port}, "127.0.0.1", () => console.log("serving on http://127.0.0.1:${port}/"))`;

/** One call; what is refused is said in the machine's words. */
async function post(path, body) {
  const response = await fetch(`${url}/v1/machines/-/processes${path}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${answer.detail} ${answer.hint}`);
  return answer;
}

function show({ name, run, state, ready, returncode, wait }) {
  console.log(`${name}, run ${run}: ${state}, ${ready ? "ready" : "not ready"} (${wait.ended_by})`);
  console.log(wait.output.replaceAll(/^(?=.)/gm, "  | "));
  if (!ready) throw new Error(`it ended with ${returncode}`);
}

const start = {
  argv: given.length > 0 ? given : ["node", "-e", serve],
  name: "dev-server",
  // Whoever starts it again gets the one that lives.
  if_running: "reuse",
  ready: { http: `http://127.0.0.1:${port}/` },
};
// A run's end ends each wait as well, so a server that breaks is shown at once, with what it said.
show(await post("?until=ready&wait_ms=30000", start));
console.log(`it says: ${await (await fetch(start.ready.http)).text()}`);
show(await post("/dev-server/restart?until=ready&wait_ms=30000", {}));
const { stopped, survivors } = await post("/dev-server/stop", {});
console.log(stopped ? "stopped, nobody is left" : `still there: ${survivors.map(({ pid }) => pid).join(", ")}`);

async function findFreePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port: free } = server.address();
  server.close();
  await once(server, "close");
  return free;
}
