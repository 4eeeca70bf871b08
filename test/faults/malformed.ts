// F26: frames of a real runner, viewer and caller, each with one thing wrong in it, said to a live control plane while
// another machine goes about its work. The speaker may be closed or refused; nobody else may notice.

import { readFileSync } from "node:fs";
import path from "node:path";
import { mutateFrame, mutateText, type Random } from "@longwire/shared/node/fixtures/mutate.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { linkSubprotocol } from "@longwire/shared/wire/link.ts";
import { Api, outputOf } from "../support/api.ts";
import { FrameRelay } from "../support/frame-relay.ts";
import { LoneRunner } from "../support/lone-runner.ts";
import { seeded } from "../support/random.ts";
import { enrollMachine } from "../support/simulated-runner.ts";
import type { FaultOptions, FaultReport } from "./fault.ts";
import { MalformedSpeaker } from "./malformed-speaker.ts";
import { Stage, useOne } from "./stage.ts";

const speakers = 8;
const bodies = [
  `{"command":"npm test","name":"web","tags":["a","b"],"env":{"CI":"1"},"cwd":"/tmp"}`,
  `{"argv":["node","-e","1"]}`,
];
const ackFrame = `{"ack":12}`;

/** What came of what was said, by its name: `closed 1008`, `http 422`. */
type Tally = Record<string, number>;

export async function speakMalformed({ count, seed }: FaultOptions): Promise<FaultReport> {
  return await Stage.use(async (stage) => {
    const recorded = await recordFrames(stage);
    const { process_id: child } = await stage.api.start({
      command: "i=0; while :; do i=$((i+1)); echo $i; sleep 0.02; done",
    });
    await stage.untilPrinting();
    const dials = stage.proxy.accepted;
    const startedAt = performance.now();
    const tallies = await Promise.all(
      Array.from({ length: speakers }, (_, at) =>
        speak(stage, recorded, seeded(seed + at), Math.ceil(count / speakers)),
      ),
    );
    const seconds = (performance.now() - startedAt) / 1000;
    const tally: Tally = {};
    for (const [name, number] of tallies.flatMap((one) => Object.entries(one)))
      tally[name] = (tally[name] ?? 0) + number;
    const wrongs = Object.keys(tally).flatMap((name) => (isAllowed(name) ? [] : [`${tally[name]} times ${name}`]));
    await stage.api.stop(child);
    const lines = outputOf(await stage.api.events(), child)
      .toString()
      .trimEnd()
      .split("\n");
    if (lines.some((line, index) => line !== String(index + 1))) wrongs.push("the other machine lost or doubled lines");
    if (stage.viewer.resumed > 0) wrongs.push("the other machine's viewer was cut off");
    if (stage.proxy.accepted > dials) wrongs.push("the other machine's runner was cut off");
    if (/unhandled|uncaught|could not be handled/i.test(stage.product.stderr)) {
      wrongs.push(`the log says: ${stage.product.stderr.slice(-2000)}`);
    }
    return { wrongs, late: [], figures: { ...tally, per_second: Math.round(count / seconds), lines: lines.length } };
  });
}

/** What a real runner says while it starts, runs and stops something. */
async function recordFrames(stage: Stage): Promise<(string | Buffer)[]> {
  return await useOne(await FrameRelay.open(stage.server.url), async (relay) => {
    const started = await LoneRunner.start({ server: relay.url, hostData: stage.product.data });
    return await useOne(started, async (runner) => {
      const api = new Api({ url: stage.server.url, token: runner.token });
      const { process_id: id } = await api.start({ command: "echo hello; echo wörld >&2; sleep 60", name: "web" });
      await waitUntil("it prints", async () => (await api.process(id)).output_bytes > 10);
      await api.stop(id);
      return relay.sentBy("runner").filter((frame) => frame !== "ping");
    });
  });
}

/** Says `count` wrong things over a machine's link, as its viewer, and in calls for one that is offline. */
async function speak(
  stage: Stage,
  recorded: readonly (string | Buffer)[],
  random: Random,
  count: number,
): Promise<Tally> {
  const { url } = stage.server;
  const enrollKey = readFileSync(path.join(stage.product.data, "enroll-key"), "utf8");
  const machine = await enrollMachine(url, enrollKey, "malformed");
  const offline = await enrollMachine(url, enrollKey, "offline");
  const greeting = recorded.find((frame) => typeof frame === "string" && frame.includes(`"hello"`)) as string;
  const link = new MalformedSpeaker({
    ...{ url: `${url}/v1/link`, protocol: linkSubprotocol },
    ...{ token: machine.machine_token, greeting },
  });
  const viewer = new MalformedSpeaker({
    ...{ url: `${url}/v1/machines/-/ws`, protocol: "longwire.events.v1" },
    token: machine.admin_token,
  });
  const tally: Tally = { said: count };
  for (let said = 0; said < count; said++) {
    const frame = recorded[Math.floor(random() * recorded.length)] ?? "";
    const way = random();
    if (way < 0.7) {
      await link.say(typeof frame === "string" ? mutateText(frame, random) : Buffer.from(mutateFrame(frame, random)));
    } else if (way < 0.85) {
      await viewer.say(mutateText(way < 0.8 ? ackFrame : greeting, random));
    } else {
      const answer = `http ${await post(url, offline.admin_token, mutateText(bodies[said % 2] ?? "", random))}`;
      tally[answer] = (tally[answer] ?? 0) + 1;
    }
  }
  link.close();
  viewer.close();
  for (const code of [...link.closeCodes, ...viewer.closeCodes]) {
    tally[`closed ${code}`] = (tally[`closed ${code}`] ?? 0) + 1;
  }
  return tally;
}

async function post(url: string, token: string, body: string): Promise<number> {
  const response = await fetch(`${url}/v1/machines/-/processes`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body,
  });
  await response.arrayBuffer();
  return response.status;
}

/** Closed or refused for what was said; 503 is what a right body is told of a machine that is offline. */
function isAllowed(name: string): boolean {
  return name === "said" || /^closed (1007|1008|1009|44\d\d)$/.test(name) || /^http (503|4\d\d)$/.test(name);
}
