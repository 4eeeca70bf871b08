// A session with a REPL in a terminal: ten inputs, each of them answered before the next is given. Needs Node 22 or
// newer and nothing else.
//
// Usage: node repl.mjs URL TOKEN
import { stripVTControlCharacters } from "node:util";

const [url, token] = process.argv.slice(2);
const untilPrompt = "until=match&pattern=%5E%3E%20%3F%24&wait_ms=20000"; // ^> ?$

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

const { process_id: session } = await post(`?${untilPrompt}`, { argv: ["node", "-i"], tty: true, cols: 120, rows: 40 });

const inputs = [
  "const primes = []",
  "const isPrime = (n) => primes.every((prime) => n % prime > 0)",
  "for (let n = 2; primes.length < 10; n++) if (isPrime(n)) primes.push(n)",
  "primes.join(' ')",
  "primes.reduce((sum, prime) => sum + prime)",
  "process.stdout.columns",
  "'wait'.toUpperCase()",
  "await new Promise((resolve) => setTimeout(resolve, 300, 'waited'))",
  "noSuchThing",
  "40 + 2",
];
for (const text of inputs) {
  const { ended_by, output } = await post(`/${session}/input?${untilPrompt}`, { text, enter: true });
  if (ended_by !== "match") throw new Error(`no prompt came: ${ended_by}`);
  // A terminal echoes what is typed; what stands between that and the next prompt is the answer.
  const [, answer = ""] = /\n([^]*)> $/.exec(stripVTControlCharacters(output).replaceAll("\r", "")) ?? [];
  console.log(`> ${text}\n${answer.trim()}`);
}

const ended = await post(`/${session}/input?until=exit&wait_ms=20000`, { text: ".exit", enter: true });
console.log(`the session ended with ${ended.process.returncode}`);
