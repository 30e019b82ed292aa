import {
  createEngine,
  type Engine,
  insert,
  integer,
  MetaData,
  select,
  string,
  Table,
  unique,
  update,
} from "@acme/core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import "./index.js";
import { provision, type TestDatabase } from "./test-support.js";

const { mariadb } = inject("databases");

describe.skipIf(!mariadb.available)("[mariadb] writes that only MySQL and MariaDB have", () => {
  const metadata = new MetaData();
  const pages = new Table(
    "pages",
    metadata,
    { id: integer().primaryKey(), path: string(50), hits: integer(), last: integer().nullable() },
    { constraints: (c) => [unique([c.path])] },
  );
  let database: TestDatabase;
  let engine: Engine;

  beforeAll(async () => {
    database = await provision(mariadb.available ? mariadb.url : "");
    engine = createEngine(database.url);
    await metadata.createAll(engine);
  });
  afterAll(async () => {
    await engine.dispose();
    await database.drop();
  });
  const rows = () =>
    engine.begin((conn) => conn.execute(select(pages.c.path, pages.c.hits, pages.c.last).orderBy(pages.c.id)).tuples());

  test("[MY14] ON DUPLICATE KEY UPDATE: whichever key is met, values of the inserted row, reads before writes", async () => {
    const put = (row: { id?: number; path: string; hits: number }) =>
      insert(pages)
        .values(row)
        .onDuplicateKeyUpdate((inserted, existing) => ({
          hits: existing.hits.add(inserted.hits),
          last: existing.hits,
        }));
    await engine.begin(async (conn) => {
      await conn.execute(put({ id: 1, path: "/", hits: 1 }));
      await conn.execute(put({ path: "/", hits: 10 }));
      await conn.execute(put({ id: 1, path: "/other", hits: 100 }));
    });
    expect(await rows()).toEqual([["/", 111, 11]]);
  });

  test("[DML14] setOrdered assigns from left to right, set as SQL says", async () => {
    const { hits, last } = pages.c;
    await engine.begin((conn) => conn.execute(update(pages).setOrdered(["hits", 5], ["last", hits])));
    expect(await rows()).toEqual([["/", 5, 5]]);
    await engine.begin((conn) => conn.execute(update(pages).set({ hits: 7, last: hits })));
    expect(await rows()).toEqual([["/", 7, 5]]);
    expect(last.key).toBe("last");
  });
});
