// A model's host that is called when something happens, instead of asking: makes a webhook that leads to itself, checks
// the signature of whatever comes, and prints it. Ctrl-C deletes the webhook. Needs Node 22 or newer and nothing else.
//
// Usage: node webhook.mjs URL TOKEN [PATTERN]      with PATTERN, it is also told of lines that match
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const [url, token, pattern] = process.argv.slice(2);
const toleranceSeconds = 300;

async function call(method, path, body) {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (response.status === 204) return null;
  const answer = await response.json();
  if (!response.ok) throw new Error(`${answer.detail} ${answer.hint}`);
  return answer;
}

/** Whether `body` is what was signed with `secret`, and not long ago: https://www.standardwebhooks.com */
function isGenuine(secret, headers, body) {
  const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signatures = "" } = headers;
  if (!(Math.abs(Date.now() / 1000 - Number(at)) <= toleranceSeconds)) return false;
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const wanted = createHmac("sha256", key).update(`${id}.${at}.`).update(body).digest();
  return signatures.split(" ").some((signature) => {
    const given = Buffer.from(signature.replace(/^v1,/, ""), "base64");
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  });
}

let webhook;
/** A delivery whose answer got lost comes again under its id. */
const seen = new Set();

const server = createServer(async (request, response) => {
  const pieces = await request.toArray();
  const body = Buffer.concat(pieces);
  if (webhook === undefined || !isGenuine(webhook.secret, request.headers, body)) return response.writeHead(401).end();
  response.writeHead(204).end();
  const id = request.headers["webhook-id"];
  if (seen.has(id)) return;
  seen.add(id);
  const { type, data } = JSON.parse(body.toString());
  const name = data.name ?? data.process_id ?? data.machine;
  console.log(`${type} ${name}: ${data.text ?? data.detail ?? data.decision ?? data.reason ?? data.last_seen_at}`);
});

server.listen(0, "127.0.0.1", async () => {
  const address = `http://127.0.0.1:${server.address().port}/`;
  const events = ["exited", "ready", "approval", "offline", ...(pattern === undefined ? [] : ["match"])];
  webhook = await call("POST", "/v1/webhooks", { name: "example", url: address, events, pattern });
  console.log(`listening as ${webhook.id}`);
});

process.once("SIGINT", async () => {
  await call("DELETE", `/v1/webhooks/${webhook.id}`);
  server.close();
});
