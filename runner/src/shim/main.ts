// The shim: a small detached program that owns one run and outlives the runner that launched it.
// Argument: the run's folder. Descriptor 3: a socket to the launching runner, which first says what is secret.

import { leaseTickMs, advanceLease, hasExpired, type Lease } from "./lease.ts";
import { defaultGraceMs } from "@longwire/shared/limits.ts";
import { ownIdentity } from "@longwire/shared/node/process-identity.ts";
import { takeClaim } from "./claim.ts";
import type { RunnerMessage } from "./control-messages.ts";
import { ControlServer, type Reply } from "./control-server.ts";
import { Redaction } from "../redact/redaction.ts";
import { Recorder } from "../spool/recorder.ts";
import { takeRunSecrets } from "./run-secrets.ts";
import { readRunSpec } from "./run-spec.ts";
import { ShimRun } from "./shim-run.ts";
import { writeShimStatus } from "./shim-status.ts";

const inheritedSocket = 3;

// A shim is ended by its run's end alone; these reach it when whoever started the runner ends its own group.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});

await runShim(process.argv[2] ?? "");

async function runShim(folder: string): Promise<void> {
  const spec = readRunSpec(folder);
  if (spec === null) throw new Error(`no run to start in ${JSON.stringify(folder)}`);
  const { environment, input, secrets } = takeRunSecrets(inheritedSocket);
  const redaction = new Redaction(secrets);

  const recorder = new Recorder({
    folder,
    segmentBytes: spec.segment_bytes,
    maxBytes: spec.spool_bytes,
    overflows: spec.label.tty,
    onAppended: (appended) => server.hint(appended),
    onRoom: () => run.heedRoom(),
  });
  const run = new ShimRun({ folder, spec, recorder, redaction, onPhase: (phase) => onPhase(phase) });
  const server = new ControlServer({
    onMessage: (message, reply) => heed(run, recorder, message, reply),
    onDetached: () => {
      if (spec.lease_ms === 0) expire(run);
    },
    next: () => recorder.next,
  });
  const closing = new AbortController();
  let ended: () => void = () => {};
  const end = new Promise<void>((resolve) => (ended = resolve));
  const onPhase = (phase: typeof run.phase): void => {
    server.send(phase === "ended" ? { type: "ended", next: recorder.next } : { type: "phase", phase });
    if (phase === "ended") ended();
  };

  server.adopt(inheritedSocket);
  run.announce();
  if (!takeClaim(folder, "shim")) process.exit(0);
  const shim = ownIdentity();
  const child = await run.spawn(environment, input === undefined ? null : Buffer.from(input));
  writeShimStatus(folder, { shim, child, marker: spec.marker });
  if (child !== null) {
    server.listen(spec.socket);
    watchLease({ leaseMs: spec.lease_ms, aloneMs: 0 }, server, run, closing.signal);
  }

  await end;
  closing.abort();
  recorder.close();
  await server.close();
  process.exit(0);
}

function heed(run: ShimRun, recorder: Recorder, message: RunnerMessage, reply: Reply): void {
  switch (message.type) {
    case "attach":
      reply({ type: "attached", phase: run.phase, next: recorder.next, ready: run.isReady });
      return;
    case "trim":
      recorder.trim(message.below);
      return;
    case "quota":
      recorder.setMaxBytes(message.spool_bytes);
      return;
    case "stop": {
      const { id, signal, grace_ms: graceMs, command_id: commandId, reason = "stopped" } = message;
      void run.end({ reason, signal, graceMs, commandId }).then((result) => {
        reply({ type: "stop_result", id, result });
      });
      return;
    }
    case "signal": {
      const delivered = run.signal(message.command_id, message.signal, message.tree);
      reply({ type: "signal_result", id: message.id, delivered });
      return;
    }
    case "input": {
      const bytes = Buffer.from(message.data_base64, "base64");
      const result = run.input(message.command_id, bytes, message.close);
      return reply({ type: "act_result", id: message.id, result });
    }
    case "ready":
      run.tellReady(message.detail);
      return reply({ type: "ready_result", id: message.id });
    case "resize":
      return reply({ type: "act_result", id: message.id, result: run.resize(message.cols, message.rows) });
    case "pause":
    case "resume": {
      const result = run.setHalted(message.command_id, message.type === "pause");
      return reply({ type: "act_result", id: message.id, result });
    }
  }
}

function watchLease(lease: Lease, server: ControlServer, run: ShimRun, signal: AbortSignal): void {
  let now = lease;
  let before = performance.now();
  const timer = setInterval(() => {
    const at = performance.now();
    now = advanceLease(now, at - before, server.isAttached);
    before = at;
    if (hasExpired(now, server.isAttached)) expire(run);
  }, leaseTickMs);
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}

function expire(run: ShimRun): void {
  void run.end({ reason: "lease", signal: "SIGINT", graceMs: defaultGraceMs });
}
