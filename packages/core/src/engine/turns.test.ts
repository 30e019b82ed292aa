import { expect, test } from "vitest";
import { Turns } from "./turns.js";

const later = <T>(value: T): Promise<T> => new Promise((resolve) => setImmediate(() => resolve(value)));

test("work that answers at once is answered at once, and nothing is left behind", () => {
  const turns = new Turns();
  expect(turns.run(() => 1)).toBe(1);
  expect(() =>
    turns.run(() => {
      throw new RangeError("no");
    }),
  ).toThrow(RangeError);
  expect(turns.run(() => 2)).toBe(2);
});

test("work waits for the work before it, in the order of asking, also past failures", async () => {
  const turns = new Turns();
  const done: string[] = [];
  const step = (name: string) => () => later(undefined).then(() => void done.push(name));
  const first = turns.run(step("first"));
  const failing = turns.run(() => later(undefined).then(() => Promise.reject(new RangeError("no"))));
  const third = turns.run(() => void done.push("third"));
  const fourth = turns.run(step("fourth"));
  await expect(failing).rejects.toThrow(RangeError);
  await Promise.all([first, third, fourth]);
  expect(done).toEqual(["first", "third", "fourth"]);
  expect(turns.run(() => "at once again")).toBe("at once again");
});

test("work that comes in while a turn is handed over does not overtake", async () => {
  const turns = new Turns();
  const done: string[] = [];
  const first = turns.run(() => later(undefined).then(() => void done.push("first")));
  const second = turns.run(() => later(undefined).then(() => void done.push("second")));
  await first;
  await turns.run(() => void done.push("third"));
  await second;
  expect(done).toEqual(["first", "second", "third"]);
});
