import { expect, test } from "vitest";
import { maxOfferedBytes, OfferedRecords } from "./offered-records.ts";

const bytes = (text: string): Buffer => Buffer.from(text);

test("[D15] what was offered is given in order, and again until something later was asked for", () => {
  const offered = new OfferedRecords();
  for (const number of [1, 2, 3]) offered.offer(number, bytes(`r${number}`));
  expect(offered.take(2)?.toString()).toBe("r2");
  expect(offered.take(2)?.toString()).toBe("r2");
  expect(offered.take(1)).toBeNull();
  expect(offered.take(3)?.toString()).toBe("r3");
  expect(offered.take(4)).toBeNull();
});

test("[D15] a record that does not follow the others replaces them", () => {
  const offered = new OfferedRecords();
  offered.offer(1, bytes("r1"));
  offered.offer(5, bytes("r5"));
  expect(offered.take(1)).toBeNull();
  expect(offered.take(5)?.toString()).toBe("r5");
});

test("[D15] no more is kept than the bound allows; the newest stay", () => {
  const offered = new OfferedRecords();
  const count = 40;
  for (let number = 1; number <= count; number++) offered.offer(number, Buffer.alloc(16 * 1024));
  expect(offered.take(count - maxOfferedBytes / (16 * 1024))).toBeNull();
  expect(offered.take(count)).not.toBeNull();
});
