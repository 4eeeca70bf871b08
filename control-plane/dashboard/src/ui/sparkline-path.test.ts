import fc from "fast-check";
import { expect, test } from "vitest";
import { sparklinePath } from "./sparkline-path.ts";

const box = { width: 72, height: 22 };

test("[B7] a sparkline stays in its box, and its newest value stands at the right edge", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), { minLength: 2, maxLength: 80 }), (values) => {
      const { line, area } = sparklinePath(values, 40, Math.max(1, ...values), box);
      const points = line
        .slice(1)
        .split("L")
        .map((point) => point.split(" ").map(Number));
      expect(points).toHaveLength(Math.min(40, values.length));
      for (const [x = -1, y = -1] of points) {
        expect(x >= 0 && x <= box.width && y >= 0 && y <= box.height).toBe(true);
      }
      expect(points.at(-1)?.[0]).toBe(box.width);
      expect(area.startsWith(line)).toBe(true);
    }),
  );
  expect(sparklinePath([1], 40, 1, box)).toEqual({ line: "", area: "" });
  expect(sparklinePath([0, 0], 40, 0, box).line).not.toContain("NaN");
});
