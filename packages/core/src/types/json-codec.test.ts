import { describe, expect, test } from "vitest";
import { fakeEngine } from "../engine/test-driver.js";
import { insert, integer, json, MetaData, select, Table } from "../index.js";

const codec = {
  stringify: (value: unknown) => (value === "nothing" ? undefined : `<${JSON.stringify(value)}>`),
  parse: (text: string) => {
    if (!text.startsWith("<")) throw new SyntaxError("no bracket");
    return JSON.parse(text.slice(1, -1)) as unknown;
  },
};
const documents = new Table("documents", new MetaData(), {
  id: integer().primaryKey({ autoincrement: false }),
  own: json<{ n: number } | string>(codec).nullable(),
  usual: json<{ n: number } | string>().nullable(),
});

describe("JSON with a codec of its own", () => {
  test("[ENG35] is written and read by it, and JSON without one is not", async () => {
    const { engine, driver } = fakeEngine({});
    await using conn = await engine.connect();
    await conn.execute(insert(documents).values({ id: 1, own: { n: 1 }, usual: { n: 2 } }));
    expect(driver.log.at(-1)).toContain(JSON.stringify([1, '<{"n":1}>', '{"n":2}']));
    driver.script = () => ({ columns: ["own", "usual"], rows: [['<{"n":1}>', '{"n":2}']] });
    expect(await conn.execute(select(documents.c.own, documents.c.usual)).one()).toEqual({
      own: { n: 1 },
      usual: { n: 2 },
    });
  });

  test("[ENG35] refuses what it cannot write or read, with the column's type in the error", async () => {
    const { engine, driver } = fakeEngine({});
    await using conn = await engine.connect();
    await expect(conn.execute(insert(documents).values({ id: 1, own: "nothing" }))).rejects.toThrow("no JSON form");
    driver.script = () => ({ columns: ["own"], rows: [["{}"]] });
    await expect(conn.execute(select(documents.c.own)).all()).rejects.toThrow(/json/i);
  });

  test("is one type for one codec, and another for another: compiled statements are not mixed up", () => {
    expect(json(codec).shape).toBe(json(codec).shape);
    expect(json(codec).shape).not.toBe(json().shape);
    expect(json(codec).shape).not.toBe(json({ ...codec }).shape);
  });
});
