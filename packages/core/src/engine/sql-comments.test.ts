import { describe, expect, test } from "vitest";
import { CreateTable, insert, integer, MetaData, select, sql, sqlComment, string, Table } from "../index.js";
import { fakeEngine } from "./test-driver.js";

const users = new Table("users", new MetaData(), { id: integer().primaryKey(), name: string(50) });

describe("the text of a comment", () => {
  // The examples and rules of https://google.github.io/sqlcommenter/spec
  test("is sorted by key, URL-encoded, in single quotes", () => {
    expect(
      sqlComment({
        tracestate: "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7",
        traceparent: "00-5bd66ef5095369c7b0d1f8f4bd33716a-c532cb4098ac3dd2-01",
        framework: "spring",
        controller: "index",
        action: "/param*d",
      }),
    ).toBe(
      "/*action='%2Fparam*d',controller='index',framework='spring'," +
        "traceparent='00-5bd66ef5095369c7b0d1f8f4bd33716a-c532cb4098ac3dd2-01'," +
        "tracestate='congo%3Dt61rcWkgMzE%2Crojo%3D00f067aa0ba902b7'*/",
    );
    expect(sqlComment({ "route parameter": "FOO 'BAR" })).toBe("/*route%20parameter='FOO%20\\'BAR'*/");
  });

  test("can neither be ended nor take a placeholder from inside", () => {
    const comment = sqlComment({ a: "*/ DROP TABLE users; --", "b*/": "? :name $1 @p %s", c: "\ud800x\n", "d'": "ä" });
    expect(comment.indexOf("*/")).toBe(comment.length - 2);
    expect(comment.slice(2, -2)).not.toMatch(/[?:$@;\n]|--$/);
    expect(comment).toContain("c='%EF%BF%BDx%0A'");
    expect(comment).toContain("d\\'='%C3%A4'");
  });

  test("leaves out what has no value, and is empty without pairs", () => {
    expect(sqlComment({ a: undefined, b: null, c: 0, d: false, e: "" })).toBe("/*c='0',d='false',e=''*/");
    expect(sqlComment({ a: undefined })).toBe("");
  });
});

describe("the comments of an engine", () => {
  test("that are the same for all statements leave them prepared and cached", async () => {
    const { engine, driver } = fakeEngine({ sqlComment: { application: "shop", db: "main" } });
    await using conn = await engine.connect();
    await conn.execute(select(users.c.id).where(users.c.name.eq("a")));
    await conn.execute(insert(users), [{ name: "a" }, { name: "b" }]);
    expect(driver.log.filter((line) => line.includes("execute"))).toEqual([
      `execute SELECT users.id FROM users WHERE users.name = ? /*application='shop',db='main'*/ ["a"]`,
      `execute INSERT INTO users (name) VALUES (?), (?) /*application='shop',db='main'*/ ["a","b"]`,
    ]);
    expect(driver.executeOptions.map(({ prepare }) => prepare)).toEqual([true, true]);
  });

  test("that a function gives are asked for each time, and the statement is not prepared", async () => {
    let turn = 0;
    const { engine, driver } = fakeEngine({
      sqlComment: ({ statement }) => {
        turn += 1;
        return turn === 2 ? undefined : { turn, kind: statement?.kind };
      },
    });
    await using conn = await engine.connect();
    const statement = select(users.c.id);
    for (let i = 0; i < 3; i++) await conn.execute(statement);
    expect(driver.log.slice(1)).toEqual([
      "execute SELECT users.id FROM users /*kind='select',turn='1'*/",
      "execute SELECT users.id FROM users",
      "execute SELECT users.id FROM users /*kind='select',turn='3'*/",
    ]);
    expect(driver.executeOptions.map(({ prepare }) => prepare)).toEqual([false, true, false]);
  });

  test("stand before a closing semicolon; text that has a comment, and DDL, are left alone", async () => {
    const { engine, driver } = fakeEngine({ sqlComment: { a: 1 } });
    await using conn = await engine.connect();
    await conn.execute(sql`A; `);
    await conn.execute(sql`/*+ HINT */ B`);
    await conn.execute(sql`C -- note`);
    await conn.execute(new CreateTable(users) as never);
    await conn.executeDriverSql("D");
    for await (const _row of conn.stream(sql`E`));
    expect(driver.log.slice(1).map((line) => line.replace(/\s+/g, " "))).toEqual([
      "execute A /*a='1'*/;",
      "execute /*+ HINT */ B",
      "execute C -- note",
      expect.stringMatching(/^execute CREATE TABLE users \([^*]*\)$/),
      "execute D /*a='1'*/",
      "stream E /*a='1'*/ by 500",
      "cursor closed",
    ]);
  });

  test("are seen by listeners and in the log as they are sent", async () => {
    const lines: string[] = [];
    const { engine } = fakeEngine({ sqlComment: { a: 1 }, echo: true, echoTo: (line) => lines.push(line) });
    await using conn = await engine.connect();
    await conn.execute(sql`A`);
    expect(lines[0]).toBe("A /*a='1'*/");
  });
});
