import {
  createEngine,
  delete_,
  type Engine,
  insert,
  integer,
  MetaData,
  nextValue,
  not,
  select,
  sql,
  string,
  Table,
} from "@acme/core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import "./index.js";
import { provision, type TestDatabase } from "./test-support.js";

const databases = inject("databases");
const words = new Table("words", new MetaData(), { id: integer().primaryKey(), word: string(60) });
const { id, word } = words.c;

for (const name of ["mariadb", "mysql"] as const) {
  const found = databases[name];
  describe.skipIf(!found.available)(`[${name}] expressions`, () => {
    let database: TestDatabase;
    let engine: Engine;

    beforeAll(async () => {
      database = await provision(found.available ? found.url : "");
      engine = createEngine(database.url);
      await words.metadata.createAll(engine);
      await engine.begin(async (conn) => {
        await conn.execute(sql`CREATE FULLTEXT INDEX by_word ON words (word)`);
        await conn.execute(
          insert(words).values(
            { id: 1, word: "databases speak sql" },
            { id: 2, word: "Tea, and no database" },
            { id: 3, word: "TEA" },
          ),
        );
      });
    });

    afterAll(async () => {
      await engine.dispose();
      await database.drop();
    });

    const ids = async (condition: Parameters<ReturnType<typeof select>["where"]>[0]) => {
      await using conn = await engine.connect();
      return conn.execute(select(id).where(condition).orderBy(id)).scalars();
    };

    // https://mariadb.com/kb/en/full-text-index-overview/, https://dev.mysql.com/doc/refman/8.4/en/fulltext-boolean.html
    test("[EXP7] full-text search in boolean mode", async () => {
      expect(await ids(word.match("tea"))).toEqual([2, 3]);
      expect(await ids(word.match("+tea -database"))).toEqual([3]);
      expect(await ids(word.match("databas*"))).toEqual([1, 2]);
      expect(await ids(not(word.match("databas*")))).toEqual([3]);
    });

    test.skipIf(name === "mysql")("[EXP34] the next value of a sequence", async () => {
      await using conn = await engine.connect();
      await conn.execute(sql`CREATE SEQUENCE \`my's seq\` START WITH 9007199254740993`);
      const next = nextValue("my's seq");
      expect(await conn.execute(select(next)).one()).toEqual({ next_value: 9007199254740993n });
      await conn.execute(sql`CREATE SEQUENCE small START WITH 100`);
      const small = nextValue("small", { type: integer() });
      await conn.execute(insert(words).values({ id: small, word: "from a sequence" }));
      expect(await conn.execute(select(id).where(word.eq("from a sequence"))).scalar()).toBe(100);
      await conn.execute(delete_(words).where(id.eq(100)));
    });

    test("[EXP15] collations compare and sort", async () => {
      expect(await ids(word.eq("tea"))).toEqual([3]);
      expect(await ids(word.collate("utf8mb4_bin").eq("tea"))).toEqual([]);
      expect(await ids(word.collate("utf8mb4_bin").like("T%"))).toEqual([2, 3]);
      await using conn = await engine.connect();
      expect(await conn.execute(select(id).orderBy(word.collate("utf8mb4_bin"))).scalars()).toEqual([3, 2, 1]);
    });
  });
}
