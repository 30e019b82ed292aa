import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { allowCodeGeneration, integer, select, string } from "@acme/core";
import { describe, expect, test } from "vitest";
import { declarativeBase } from "../mapping/base.js";
import { onEachDatabase } from "../testing/databases.js";
import { Session } from "./session.js";

const Base = declarativeBase();
class Thing extends Base.define("Thing", { id: integer().primaryKey(), name: string(20) }) {}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** References die at the end of a turn of the event loop at the earliest. */
async function collected(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    collectGarbage();
  }
}

onEachDatabase("the identity map", Base.metadata, (database) => {
  const filled = async (): Promise<Session> => {
    const session = new Session(database.engine);
    session.addAll(Array.from({ length: 50 }, (_, i) => new Thing({ name: `t${i}` })));
    await session.commit();
    session.expungeAll();
    return session;
  };

  test("[SES11] unchanged entities of an earlier transaction are held weakly", async () => {
    await using session = await filled();
    await session.scalars(select(Thing)).all();
    await session.commit();
    const kept = await session.scalars(select(Thing).where(Thing.c.name.eq("t7"))).one();
    await collected();
    expect([...session.entities]).toEqual([kept]);
  });

  test("[SES24] a changed entity is held until it is flushed, also when nobody else holds it and it is an old one", async () => {
    await using session = await filled();
    const rename = async (from: string, to: string): Promise<void> => {
      const thing = await session.scalars(select(Thing).where(Thing.c.name.eq(from))).one();
      session.releaseUnchanged();
      thing.name = to;
    };
    await rename("t1", "renamed");
    await collected();
    expect(session.dirty).toHaveLength(1);
    await session.commit();
    expect(await session.scalars(select(Thing.c.id).where(Thing.c.name.eq("renamed"))).all()).toHaveLength(1);
  });

  test("a young entity that is changed and dropped is flushed", async () => {
    await using session = await filled();
    const rename = async (): Promise<void> => {
      (await session.scalars(select(Thing).where(Thing.c.name.eq("t2"))).one()).name = "young";
    };
    await rename();
    await collected();
    await session.commit();
    expect(await session.scalars(select(Thing.c.name).where(Thing.c.name.eq("young"))).all()).toEqual(["young"]);
  });

  test("an old entity looks and behaves as a young one", async () => {
    await using session = await filled();
    const thing = await session.scalars(select(Thing).where(Thing.c.name.eq("t3"))).one();
    const before = { ...thing };
    session.releaseUnchanged();
    expect(Object.keys(thing)).toEqual(["id", "name"]);
    expect({ ...thing }).toEqual(before);
    expect(thing).toEqual(before);
    expect(JSON.stringify(thing)).toBe(JSON.stringify(before));
    thing.name = "x";
    await session.flush();
    thing.name = "y";
    await session.rollback();
    expect(thing.name).toBe("t3");
    expect(session.dirty).toEqual([]);
  });

  test("entities that many flushes found unchanged are watched instead of compared, and still flushed when they change", async () => {
    await using session = await filled();
    const things = await session.scalars(select(Thing).orderBy(Thing.c.id)).all();
    for (let i = 0; i < 40; i++) await session.flush();
    expect(Object.getOwnPropertyDescriptor(things[0], "name")?.get).toBeTypeOf("function");
    (things[0] as Thing).name = "late";
    await session.commit();
    expect(await session.scalars(select(Thing.c.name).where(Thing.c.name.eq("late"))).all()).toEqual(["late"]);
  });
});

describe("without code generation", () => {
  test("classes made by loops behave as generated ones", () => {
    allowCodeGeneration(false);
    try {
      const Slow = declarativeBase();
      class Plain extends Slow.define("Plain", { id: integer().primaryKey(), name: string(5) }) {}
      const made = new Plain({ id: 1, name: "x" });
      expect({ ...made }).toEqual({ id: 1, name: "x" });
      expect(made).toEqual(new Plain({ id: 1, name: "x" }));
    } finally {
      allowCodeGeneration(true);
    }
  });
});
