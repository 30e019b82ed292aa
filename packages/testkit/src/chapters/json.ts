import {
  bigInteger,
  boolean,
  date,
  dateTime,
  delete_,
  double,
  type Item,
  insert,
  integer,
  interval,
  json,
  jsonAgg,
  jsonArrayOf,
  jsonNull,
  jsonObject,
  jsonPath,
  jsonSet,
  largeBinary,
  type MetaData,
  numeric,
  param,
  select,
  string,
  Table,
  type Typed,
  text,
  time,
  update,
  uuid,
} from "@acme/core";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { withTables } from "../scratch.js";

interface Doc {
  readonly name: string;
  readonly age: number;
  readonly big?: number;
  readonly ratio?: number;
  readonly price?: number;
  readonly active?: boolean;
  readonly nothing?: null;
  readonly tags?: readonly string[];
  readonly address?: { readonly city: string; readonly "zip.code": string };
}

const documents = (metadata: MetaData) =>
  new Table("documents", metadata, { id: integer().primaryKey({ autoincrement: false }), doc: json<Doc>().nullable() });

/** Keys that a path must quote. */
const ODD_KEYS = ["a.b", "a b", "", "é", "日本", "$", "[0]", "select", "it's", "100%", "a:b"];

const values = (metadata: MetaData) =>
  new Table("nested", metadata, {
    id: bigInteger().primaryKey({ autoincrement: false }),
    i: integer(),
    n: numeric(20, 4),
    d: double(),
    b: boolean(),
    s: string(100),
    t: text().nullable(),
    u: uuid(),
    day: date(),
    at: time(),
    moment: dateTime({ timezone: true }),
    wall: dateTime({ as: "string" }),
    bytes: largeBinary(1000),
    doc: json(),
    length: interval(),
  });

const ROW = {
  id: 9_223_372_036_854_775_807n,
  i: -5,
  n: "12345678.1234",
  d: 0.1 + 0.2,
  b: true,
  s: `it's "q" \\ é 😀 \n`,
  t: null,
  u: "6f9619ff-8b86-4d11-b42d-00cf4fc964ff",
  day: "2024-02-29",
  at: "12:30:00.123456",
  moment: new Date("2024-03-31T01:30:00.123Z"),
  wall: "2024-02-29T13:00:00.123456",
  bytes: new Uint8Array([0, 255, 39, 92]),
  doc: { a: [1, null, "x"], "k'\"": "5" },
  length: "-P1DT0.5S",
} as const;

/** JSON documents: their parts, and documents made of rows. */
export const jsonChapter: Chapter = {
  title: "json",
  declare({ test }) {
    test("[TYP12] parts of a document are read as JSON, texts, numbers and truth values", {}, async (conn) => {
      await withTables(conn, documents, async (t) => {
        const doc: Doc = {
          name: 'Zoë "Z" \\ 😀',
          age: 41,
          big: 2 ** 52,
          ratio: 0.1,
          price: 12.5,
          active: false,
          nothing: null,
          tags: ["a", "null"],
          address: { city: "Wien", "zip.code": "1010" },
        };
        await conn.execute(
          insert(t).valuesList([
            { id: 1, doc },
            { id: 2, doc: null },
            { id: 3, doc: { name: "", age: 0 } },
          ]),
        );
        const part = (...steps: [string | number, ...(string | number)[]]) => jsonPath(t.c.doc, ...steps);
        const read = async (expression: Item) => conn.execute(select(expression).orderBy(t.c.id)).scalars();
        expect(await read(part("name").asString())).toEqual([doc.name, null, ""]);
        expect(await read(part("age").asInteger())).toEqual([41, null, 0]);
        expect(await read(part("big").asBigInteger())).toEqual([2n ** 52n, null, null]);
        expect(await read(part("ratio").asNumber())).toEqual([0.1, null, null]);
        expect(await read(part("price").asNumeric(10, 2))).toEqual(["12.50", null, null]);
        expect(await read(part("active").asBoolean())).toEqual([false, null, null]);
        expect(await read(part("nothing").asString())).toEqual([null, null, null]);
        expect(await read(part("tags", 1).asString())).toEqual(["null", null, null]);
        expect(await read(part("tags", 7).asString())).toEqual([null, null, null]);
        expect(await read(part("tags"))).toEqual([doc.tags, null, null]);
        expect(await read(part("address", "zip.code").asString())).toEqual(["1010", null, null]);
        expect(await read(part("address"))).toEqual([doc.address, null, null]);
        expect(await read(part("name"))).toEqual([doc.name, null, ""]);
        expect(await read(part("age"))).toEqual([41, null, 0]);
        const found = async (condition: Parameters<ReturnType<typeof select>["where"]>[0]) =>
          conn.execute(select(t.c.id).where(condition).orderBy(t.c.id)).scalars();
        expect(await found(part("name").asString().eq(doc.name))).toEqual([1]);
        expect(await found(part("age").asInteger().ge(0))).toEqual([1, 3]);
        expect(await found(part("active").asBoolean().eq(false))).toEqual([1]);
        expect(await found(part("price").asNumeric(10, 2).in(["12.5"]))).toEqual([1]);
        expect(await found(part("tags", 0).asString().isNull())).toEqual([2, 3]);
      });
    });

    test("[TYP12] the JSON value null is not SQL's NULL", {}, async (conn) => {
      await withTables(conn, documents, async (t) => {
        const rows = [jsonNull, null, { nothing: null }, { other: 1 }].map((doc, id) => ({ id, doc }));
        await conn.execute(insert(t).valuesList(rows as never));
        const found = async (condition: Parameters<ReturnType<typeof select>["where"]>[0]) =>
          conn.execute(select(t.c.id).where(condition).orderBy(t.c.id)).scalars();
        expect(await found(t.c.doc.isNull())).toEqual([1]);
        expect(await found(jsonPath(t.c.doc, "nothing").isJsonNull())).toEqual([2]);
        expect(await found(jsonPath(t.c.doc, "nothing").asString().isNull())).toEqual([0, 1, 2, 3]);
        expect(await conn.execute(select(t.c.doc).orderBy(t.c.id)).scalars()).toEqual([
          null,
          null,
          { nothing: null },
          { other: 1 },
        ]);
      });
    });

    test("[DML17] UPDATE sets parts of documents", {}, async (conn) => {
      await withTables(conn, documents, async (t) => {
        const address = { city: "Wien", "zip.code": "1010" };
        const doc: Doc = { name: "a", age: 1, nothing: null, tags: ["x", "y"], address };
        const read = async () => conn.execute(select(t.c.doc).where(t.c.id.eq(1))).scalar();
        const again = async () => {
          await conn.execute(delete_(t));
          await conn.execute(insert(t).values({ id: 1, doc }, { id: 2, doc: null }));
        };
        const part = (...steps: [string | number, ...(string | number)[]]) => jsonPath(t.c.doc, ...steps);
        const set = async <T>(path: Typed<T>, value: NoInfer<T>) => {
          await again();
          await conn.execute(update(t).setPart(path, value));
          expect(await conn.execute(select(t.c.doc).where(t.c.id.eq(2))).scalar()).toBeNull();
          return read();
        };
        const odd = `it's "q" \\ é 😀 \n null`;
        expect(await set(part("name").asString(), odd)).toEqual({ ...doc, name: odd });
        expect(await set(part("name").asString(), "5")).toEqual({ ...doc, name: "5" });
        expect(await set(part("name").asString(), '{"a": 1}')).toEqual({ ...doc, name: '{"a": 1}' });
        expect(await set(part("name").asString(), "")).toEqual({ ...doc, name: "" });
        expect(await set(part("name").asString(), null)).toEqual({ ...doc, name: null });
        expect(await set(part("age").asInteger(), -7)).toEqual({ ...doc, age: -7 });
        expect(await set(part("big").asBigInteger(), 2n ** 52n)).toEqual({ ...doc, big: 2 ** 52 });
        expect(await set(part("ratio").asNumber(), 0.1)).toEqual({ ...doc, ratio: 0.1 });
        expect(await set(part("price").asNumeric(10, 2), "12.5")).toEqual({ ...doc, price: 12.5 });
        expect(await set(part("active").asBoolean(), true)).toEqual({ ...doc, active: true });
        expect(await set(part("active").asBoolean(), false)).toEqual({ ...doc, active: false });
        expect(await set(part("active").asBoolean(), null)).toEqual({ ...doc, active: null });
        expect(await set(part("tags"), [1, { deep: [null] }])).toEqual({ ...doc, tags: [1, { deep: [null] }] });
        expect(await set(part("tags"), {})).toEqual({ ...doc, tags: {} });
        expect(await set(part("tags"), null)).toEqual({ ...doc, tags: null });
        expect(await set(part("tags", 1).asString(), "z")).toEqual({ ...doc, tags: ["x", "z"] });
        expect(await set(part("address", "zip.code").asString(), "1020")).toEqual({
          ...doc,
          address: { city: "Wien", "zip.code": "1020" },
        });
        expect(await set(part("address", "new").asInteger(), 1)).toEqual({ ...doc, address: { ...address, new: 1 } });
      });
    });

    test("[DML17] a part that is in no object and no element leaves the document as it is", {}, async (conn) => {
      await withTables(conn, documents, async (t) => {
        const doc: Doc = {
          name: "a",
          age: 1,
          nothing: null,
          tags: ["x"],
          address: { city: "Wien", "zip.code": "1010" },
        };
        await conn.execute(insert(t).values({ id: 1, doc }));
        const missing = [
          ["missing", "city"],
          ["missing", "deep", "city"],
          ["age", "city"],
          ["nothing", "city"],
          ["tags", "city"],
          ["tags", 1],
          ["tags", 9],
          ["address", 0],
          ["age", 0],
          [0],
        ] as const;
        for (const steps of missing) {
          await conn.execute(update(t).setPart(jsonPath(t.c.doc, ...steps).asInteger(), 5));
          expect(await conn.execute(select(t.c.doc)).scalar(), steps.join()).toEqual(doc);
        }
      });
    });

    test("[DML17] several parts of a document, beside other columns and from them", {}, async (conn) => {
      await withTables(conn, documents, async (t) => {
        const part = (...steps: [string | number, ...(string | number)[]]) => jsonPath(t.c.doc, ...steps);
        await conn.execute(insert(t).values({ id: 1, doc: { name: "a", age: 1 } }));
        await conn.execute(
          update(t)
            .setPart(part("age").asInteger(), t.c.id.add(part("age").asInteger()))
            .setPart(part("address"), { city: "Wien" })
            .setPart(part("address", "city").asString(), "Graz")
            .set({ id: 5 }),
        );
        expect(await conn.execute(select(t.c.id, t.c.doc)).tuples()).toEqual([
          [5, { name: "a", age: 2, address: { city: "Graz" } }],
        ]);
        const upsert = insert(t).values({ id: 5, doc: { name: "new", age: 0 } });
        await conn.execute(
          upsert.upsert({ key: ["id"], update: () => ({ doc: jsonSet(part("name").asString(), "met") as never }) }),
        );
        expect(await conn.execute(select(part("name").asString())).scalar()).toBe("met");
      });
    });

    test("a statement that changes rows carries values for its parameters and options of its executions", {}, async (conn) => {
      await withTables(conn, documents, async (t) => {
        await conn.execute(insert(t).valuesList([1, 2, 3].map((id) => ({ id, doc: null }))));
        const ids = async () => conn.execute(select(t.c.id).orderBy(t.c.id)).scalars();
        const move = update(t)
          .set({ id: t.c.id.add(param("by", integer())) })
          .where(t.c.id.eq(param("id", integer())))
          .params({ by: 10 });
        await conn.execute(move, { id: 1 });
        expect(await ids()).toEqual([2, 3, 11]);
        await conn.execute(move.params({ id: 2 }), { by: 20 });
        expect(await ids()).toEqual([3, 11, 22]);
        await conn.execute(move, [{ id: 3 }, { id: 11 }]);
        expect(await ids()).toEqual([13, 21, 22]);
        const signal = AbortSignal.abort();
        for (const stmt of [
          insert(t).values({ id: 5, doc: null }).executionOptions({ signal }),
          insert(t).values({ id: 5, doc: null }, { id: 6, doc: null }).executionOptions({ signal }),
          delete_(t).executionOptions({ signal }),
        ])
          await expect(async () => conn.execute(stmt)).rejects.toThrow();
        expect(await ids()).toEqual([13, 21, 22]);
        await conn.execute(delete_(t).executionOptions({ signal }), undefined, {
          signal: new AbortController().signal,
        });
        expect(await ids()).toEqual([]);
      });
    });

    for (const key of ODD_KEYS) {
      test(`[TYP12] the key ${JSON.stringify(key)} is a key and nothing else`, {}, async (conn) => {
        await withTables(conn, documents, async (t) => {
          const doc = { name: "", age: 0, [key]: "found", around: { [key]: { inner: 5 } } };
          await conn.execute(insert(t).values({ id: 1, doc }));
          expect(await conn.execute(select(jsonPath(t.c.doc, key).asString())).scalar()).toBe("found");
          expect(await conn.execute(select(jsonPath(t.c.doc, "around", key, "inner").asInteger())).scalar()).toBe(5);
          await conn.execute(update(t).setPart(jsonPath(t.c.doc, "around", key, "inner").asInteger(), 6));
          expect(await conn.execute(select(jsonPath(t.c.doc, "around", key))).scalar()).toEqual({ inner: 6 });
          const made = jsonObject({ [key]: t.c.id });
          expect(await conn.execute(select(made.label("x"))).scalar()).toEqual({ [key]: 1 });
        });
      });
    }

    test("[TYP12] keys with double quotes and backslashes", { needs: "quotedJsonKeys" }, async (conn) => {
      await withTables(conn, documents, async (t) => {
        for (const [id, key] of ['a"b', "a\\b", '"', '\\"', "a\nb"].entries()) {
          const doc = { name: "", age: 0, [key]: "found", around: { [key]: { inner: 5 } } };
          await conn.execute(insert(t).values({ id, doc }));
          const one = <T>(part: T) => conn.execute(select(part as never).where(t.c.id.eq(id))).scalar();
          expect(await one(jsonPath(t.c.doc, key).asString())).toBe("found");
          expect(await one(jsonPath(t.c.doc, "around", key, "inner").asInteger())).toBe(5);
        }
      });
    });

    test("[TYP12] an object of columns is read back as the columns are", {}, async (conn) => {
      await withTables(conn, values, async (t) => {
        await conn.execute(insert(t).values(ROW));
        expect(await conn.execute(select(jsonObject(t.c).label("row"))).scalar()).toStrictEqual(ROW);
        const sub = select(jsonObject({ inner: jsonObject(t.c), id: t.c.id }).label("row")).subquery("sub");
        expect(await conn.execute(select(sub.c.row)).scalar()).toStrictEqual({ inner: ROW, id: ROW.id });
      });
    });

    test("[TYP12] rows become an array, nested in the rows around them", {}, async (conn) => {
      await withTables(conn, values, async (t) => {
        const second = { ...ROW, id: -1n, i: 7, t: "other", b: false };
        await conn.execute(insert(t).valuesList([ROW, second]));
        const outer = t.alias("outer_rows");
        const nested = select(t.c.id, t.c.n, t.c.moment, t.c.bytes).where(t.c.i.eq(outer.c.i));
        const rows = await conn.execute(select(outer.c.i, jsonArrayOf(nested).label("rows")).orderBy(outer.c.i)).all();
        const pick = ({ id, n, moment, bytes }: typeof ROW | typeof second) => ({ id, n, moment, bytes });
        expect(rows).toStrictEqual([
          { i: -5, rows: [pick(ROW)] },
          { i: 7, rows: [pick(second)] },
        ]);
        const none = select(outer.c.i, jsonArrayOf(nested.where(t.c.i.eq(99))).label("x")).orderBy(outer.c.i);
        expect(await conn.execute(none).all()).toEqual([
          { i: -5, x: [] },
          { i: 7, x: [] },
        ]);
        expect(new Set(await conn.execute(select(jsonAgg(t.c.id))).scalar())).toEqual(new Set([ROW.id, -1n]));
        expect(await conn.execute(select(jsonAgg(t.c.t)).where(t.c.i.eq(-5))).scalar()).toEqual([null]);
        expect(await conn.execute(select(jsonAgg(t.c.i)).where(t.c.i.eq(99))).scalar()).toEqual([]);
      });
    });

    test("[TYP12] aggregated rows come in a given order", { needs: "jsonAggOrder" }, async (conn) => {
      await withTables(conn, values, async (t) => {
        const list = [3, 1, 2].map((i) => ({ ...ROW, id: BigInt(i), i }));
        await conn.execute(insert(t).valuesList(list));
        const { i, id } = t.c;
        expect(await conn.execute(select(jsonAgg(i, { orderBy: id.desc() }))).scalar()).toEqual([3, 2, 1]);
        const query = select(id).orderBy(i);
        expect(await conn.execute(select(jsonArrayOf(query))).scalar()).toEqual([{ id: 1n }, { id: 2n }, { id: 3n }]);
      });
    });
  },
};
