import {
  createEngine,
  type Engine,
  type Expression,
  func,
  insert,
  integer,
  json,
  jsonAgg,
  jsonNull,
  jsonPath,
  jsonSet,
  MetaData,
  select,
  sql,
  Table,
  update,
} from "@acme/core/dialect";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jsonb, sqlite } from "./index.js";

let engine: Engine;

beforeAll(() => {
  engine = createEngine("sqlite://");
});
afterAll(() => engine.dispose());

interface Payload {
  readonly name: string;
  readonly tags?: readonly string[];
  readonly size?: number;
}

const metadata = new MetaData();
const columns = {
  id: integer().primaryKey(),
  plain: json<Payload>().nullable(),
  binary: json<Payload>().variant("sqlite", jsonb<Payload>()).nullable(),
};
const t = new Table("documents", metadata, columns);
const strict = new Table(
  "strict_documents",
  metadata,
  { id: integer().primaryKey(), doc: jsonb<Payload>() },
  {
    dialectOptions: { sqlite: { strict: true } },
  },
);
const payload: Payload = { name: "it's ü 😀", tags: ["a", "b"], size: 2 };

describe("[sqlite] documents", () => {
  beforeAll(() => engine.begin((conn) => metadata.createAll(conn)));

  test("[LT20] JSON is text, JSONB a BLOB, and both are read as the document", async () => {
    await using conn = await engine.connect();
    await conn.execute(insert(t), [
      { id: 1, plain: payload, binary: payload },
      { id: 2, plain: null, binary: null },
    ]);
    await conn.execute(insert(t).values({ id: 3, plain: jsonNull, binary: jsonNull }));
    const kinds = sql`SELECT typeof(plain), typeof("binary") FROM documents ORDER BY id`;
    expect(await conn.execute(kinds).tuples()).toEqual([
      ["text", "blob"],
      ["null", "null"],
      ["text", "blob"],
    ]);
    expect(await conn.execute(select(t.c.plain, t.c.binary).orderBy(t.c.id)).tuples()).toEqual([
      [payload, payload],
      [null, null],
      [null, null],
    ]);
    expect(sqlite().compile(select(t.c.binary)).sql).toBe('SELECT json(documents."binary") FROM documents');
    expect(sqlite().typeName(jsonb())).toBe("JSONB");
    expect(await conn.execute(select(t.c.id).where(t.c.binary.eq(payload))).scalars()).toEqual([1]);
    const inner = select(t.c.id, t.c.binary).where(t.c.id.eq(1)).subquery("s");
    expect(await conn.execute(select(inner.c.binary)).scalar()).toEqual(payload);
    expect(await conn.execute(select(jsonAgg(t.c.binary)).where(t.c.id.eq(1))).scalar()).toEqual([payload]);
  });

  test.each(["plain", "binary"] as const)(
    "[LT20] json_extract and json_quote read parts of a document (%s)",
    async (key) => {
      await using conn = await engine.connect();
      const column = t.c[key];
      const parts = select(
        jsonPath(column, "name").asString().label("name"),
        jsonPath(column, "size").asInteger().label("size"),
        jsonPath(column, "tags", 1).asString().label("second"),
        jsonPath(column, "tags").label("tags"),
        func("json_quote", jsonPath(column, "name").asString()).returns(json()).label("quoted"),
      ).where(t.c.id.eq(1));
      expect(sqlite().compile(parts).sql).toContain("json_extract(documents.");
      expect(await conn.execute(parts).one()).toEqual({
        name: payload.name,
        size: 2,
        second: "b",
        tags: ["a", "b"],
        quoted: payload.name,
      });
    },
  );

  test("[LT20] JSONB in a STRICT table, changed as a whole and in a part", async () => {
    await using conn = await engine.connect();
    await conn.execute(insert(strict).values({ id: 1, doc: payload }));
    await conn.execute(update(strict).set({ doc: { name: "new" } }));
    expect(await conn.execute(select(strict.c.doc)).scalars()).toEqual([{ name: "new" }]);
    await conn.execute(
      update(strict).set({ doc: jsonSet(jsonPath(strict.c.doc, "size").asInteger(), 5) as Expression<Payload> }),
    );
    expect(await conn.execute(select(strict.c.doc)).scalars()).toEqual([{ name: "new", size: 5 }]);
    expect(await conn.execute(sql`SELECT typeof(doc) FROM strict_documents`).scalar()).toBe("blob");
  });
});
