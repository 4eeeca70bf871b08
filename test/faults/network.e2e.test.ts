// Faults of the network. Most of their time is waiting, so they wait beside each other.

import { expect, test } from "vitest";
import { raiseBriefly } from "./catalogue.ts";

const limitMs = 240_000;

test.concurrent(
  "[D4] [D5] F0: 29,297 lines through a disconnect with a killed control plane inside it: none lost, doubled or moved",
  async () => {
    const { wrongs, figures } = await raiseBriefly("F0");
    expect(wrongs).toEqual([]);
    expect(figures).toMatchObject({ lines: 29_297, lost: 0, doubled: 0, disordered: 0 });
  },
  limitMs,
);

test.concurrent(
  "[D11] F4: a link into a black hole is given up and dialled again, and nothing is lost",
  async () => {
    expect(await raiseBriefly("F4")).toMatchObject({ wrongs: [] });
  },
  limitMs,
);

test.concurrent(
  "[R1] F5: a viewer in a black hole can tell, and goes on complete by its cursor",
  async () => {
    expect(await raiseBriefly("F5")).toMatchObject({ wrongs: [] });
  },
  limitMs,
);

test.concurrent(
  "[D5] F6: a hundred resets of links lose nothing and leave no file open",
  async () => {
    expect(await raiseBriefly("F6")).toMatchObject({ wrongs: [] });
  },
  limitMs,
);

test.concurrent(
  "[D7] F9: frames a byte at a time and cut in the middle store what was whole, once",
  async () => {
    expect(await raiseBriefly("F9")).toMatchObject({ wrongs: [] });
  },
  limitMs,
);

test.concurrent(
  "[D5] F34: a network that goes away and comes back with another address loses nothing",
  async () => {
    expect(await raiseBriefly("F34")).toMatchObject({ wrongs: [] });
  },
  limitMs,
);
