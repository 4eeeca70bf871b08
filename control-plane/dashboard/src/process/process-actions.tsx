// The buttons of a process: those that make sense in its state, and that this session may press.

import { hasEnded, judgeAction, type ProcessAction } from "@longwire/shared/process-state.ts";
import type { Process } from "@longwire/shared/api/views.ts";
import { useState } from "preact/hooks";
import type { MachineStore } from "../live/machine-store.ts";
import { may } from "../session/session.ts";
import { Icon } from "../ui/icon.tsx";
import { Menu, type MenuItem } from "../ui/menu.tsx";
import {
  forgetProcess,
  nameOf,
  pauseProcess,
  restartProcess,
  resumeProcess,
  signalProcess,
  stopProcess,
} from "./acts.tsx";

interface ActionsProps {
  readonly store: MachineStore;
  readonly process: Process;
  /** With words beside the pictures. */
  readonly isWide?: boolean;
  readonly onForgotten?: () => void;
}

/** Signals one sends by hand; a stop with SIGKILL goes up the same ladder, with its survivors named. */
const byHand = ["SIGHUP", "SIGUSR1", "SIGUSR2", "SIGTERM", "SIGQUIT"] as const;

export function ProcessActions({ store, process, isWide = false, onForgotten }: ActionsProps) {
  const [isBusy, setBusy] = useState(false);
  const { online } = store.machine.value;
  const can = (action: ProcessAction): boolean => judgeAction(process.state, action) === "allowed";
  const isOver = hasEnded(process.state);
  const during = (work: Promise<unknown>): void => {
    setBusy(true);
    void work.finally(() => setBusy(false));
  };
  const name = nameOf(process);
  const items: MenuItem[] = [];
  if (may("run") && online && !isOver) {
    if (can("pause")) items.push({ label: "Pause", onChoose: () => during(pauseProcess(store, process)) });
    if (can("signal")) {
      for (const signal of byHand) {
        items.push({ label: `Send ${signal}`, onChoose: () => during(signalProcess(store, process, signal)) });
      }
      const onChoose = (): void => during(stopProcess(store, process, "SIGKILL"));
      items.push({ label: "Kill at once", tone: "bad", onChoose });
    }
  }
  if (may("admin") && isOver) {
    const forget = async (): Promise<void> => {
      if (await forgetProcess(store, process)) onForgotten?.();
    };
    items.push({ label: "Forget", tone: "bad", onChoose: () => during(forget()) });
  }
  const look = isWide ? "button" : "button-quiet button-square";
  const words = (text: string) => (isWide ? <span>{text}</span> : null);
  if (!may("run") && items.length === 0) return null;
  return (
    <div class="actions" role="group" aria-label={`Actions for ${name}`}>
      {may("run") && process.state === "paused" && (
        <button
          type="button"
          class={look}
          disabled={isBusy || !online}
          aria-label={`Resume ${name}`}
          title="Resume"
          onClick={() => during(resumeProcess(store, process))}
        >
          <Icon name="play" />
          {words("Resume")}
        </button>
      )}
      {may("run") && process.state !== "pending" && (
        <button
          type="button"
          class={look}
          disabled={isBusy || !online}
          aria-label={isOver ? `Start again: ${name}` : `Restart ${name}`}
          title={isOver ? "Start again" : "Restart"}
          onClick={() => during(restartProcess(store, process))}
        >
          <Icon name={isOver ? "play" : "restart"} />
          {words(isOver ? "Start again" : "Restart")}
        </button>
      )}
      {may("run") && !isOver && (
        <button
          type="button"
          class={`${look} stop`}
          disabled={isBusy || !online}
          aria-label={`Stop ${name}`}
          title="Stop"
          onClick={() => during(stopProcess(store, process))}
        >
          <Icon name="stop" />
          {words("Stop")}
        </button>
      )}
      {items.length > 0 && (
        <Menu
          label={`More for ${name}`}
          items={items}
          class={isWide ? "button button-square" : "button-quiet button-square"}
        >
          <Icon name="more" />
        </Menu>
      )}
    </div>
  );
}
