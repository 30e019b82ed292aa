import {
  array,
  BindParameter,
  case_,
  type Expression,
  func,
  insert,
  integer,
  jsonAgg,
  jsonArrayOf,
  jsonObject,
  literal,
  select,
  Table,
  update,
  type ValueType,
} from "@acme/core";
import { expect } from "vitest";
import type { Chapter, TestOptions } from "../chapter.js";
import { withTables } from "../scratch.js";

/** A type, and values that must come back as they went in, on whatever road. */
export interface RoadCase {
  /** Begins the titles of the tests: `[TYP3] integer`. */
  readonly title: string;
  readonly type: () => ValueType<unknown, unknown>;
  readonly values: readonly unknown[];
  readonly options?: TestOptions;
  /** The database does not order values of the type, or does not take MAX of them. */
  readonly unordered?: boolean;
  /** The database does not compare values of the type. */
  readonly incomparable?: boolean;
  /** Values of the type have no literal. */
  readonly noLiteral?: boolean;
  /** The database makes no JSON of values of the type that would keep them. */
  readonly noJson?: boolean;
  /** The database has no arrays of values of the type. */
  readonly noArray?: boolean;
}

/** The table of a road: the same name on all, since each is dropped before the next is made. */
function typedTable(type: () => ValueType<unknown, unknown>) {
  return (metadata: ConstructorParameters<typeof Table>[1]) =>
    new Table("typed", metadata, { id: integer().primaryKey({ autoincrement: false }), v: type().nullable() });
}

/**
 * A chapter that drives values of types over every road on which a value can come out of a database: what a type converts, it
 * converts the same on each of them.
 *
 * @example
 * ```ts
 * conformance({ name: "postgresql", ..., chapters: [valueRoads("native types", [
 *   { title: "[PG3] hstore", type: hstore, values: [{ a: "1", b: null }] },
 * ])] });
 * ```
 */
export function valueRoads(title: string, cases: readonly RoadCase[]): Chapter {
  return {
    title,
    declare(context) {
      for (const road of cases) declareRoads(context, road);
    },
  };
}

function declareRoads({ test, has }: Parameters<Chapter["declare"]>[0], road: RoadCase): void {
  const { title, type, values, options = {} } = road;
  const bare = title.replace(/^(\[[^\]]*\] ?)+/, "");

  test(`${title} round-trips its values and NULL`, options, async (conn) => {
    await withTables(conn, typedTable(type), async (typed) => {
      const rows = [...values, null].map((v, id) => ({ id, v }));
      await conn.execute(insert(typed).valuesList(rows as never));
      const read = await conn.execute(select(typed.c.id, typed.c.v).orderBy(typed.c.id)).all();
      expect(read).toStrictEqual(rows);
    });
  });

  test(`[TYP20] ${bare} keeps its type through subquery, CTE, union, CASE and functions`, options, async (conn) => {
    await withTables(conn, typedTable(type), async (typed) => {
      const { id, v } = typed.c;
      const scalars = (query: Parameters<typeof conn.execute>[0]) => conn.execute(query).scalars();
      for (const [at, value] of values.entries()) {
        await conn.execute(insert(typed).values({ id: at, v: value } as never));
        const only = select(v).where(id.eq(at));
        const sub = only.subquery("sub");
        expect(await scalars(select(sub.c.v))).toStrictEqual([value]);
        const cte = only.cte("cte");
        expect(await scalars(select(cte.c.v))).toStrictEqual([value]);
        expect(await scalars(only.unionAll(select(v).where(id.eq(at))))).toStrictEqual([value, value]);
        expect(await scalars(select(only.scalar()))).toStrictEqual([value]);
        expect(await scalars(select(func.coalesce(v, v)).where(id.eq(at)))).toStrictEqual([value]);
        expect(await scalars(select(case_([[id.eq(at), v]], v)).where(id.eq(at)))).toStrictEqual([value]);
        expect(await scalars(select(v.label("other")).where(id.eq(at)).orderBy(id))).toStrictEqual([value]);
      }
    });
  });

  test(`[TYP20] ${bare} is converted by RETURNING, UPDATE and INSERT ... SELECT`, options, async (conn) => {
    await withTables(conn, typedTable(type), async (typed) => {
      const { id, v } = typed.c;
      const read = (at: number) => conn.execute(select(v).where(id.eq(at))).scalar();
      for (const [at, value] of values.entries()) {
        const inserting = insert(typed).values({ id: at, v: null } as never);
        const updating = update(typed)
          .set({ v: value } as never)
          .where(id.eq(at));
        if (has("insertReturning")) expect(await conn.execute(inserting.returning(v)).scalars()).toStrictEqual([null]);
        else await conn.execute(inserting);
        if (has("updateReturning")) expect(await conn.execute(updating.returning(v)).scalars()).toStrictEqual([value]);
        else await conn.execute(updating);
        expect(await read(at)).toStrictEqual(value);
        const copied = select(id.add(1000), v).where(id.eq(at));
        await conn.execute(insert(typed).fromSelect(["id", "v"], copied as never));
        expect(await read(at + 1000)).toStrictEqual(value);
        if (has("insertReturning")) {
          const returned = insert(typed)
            .values({ id: at + 2000, v: value } as never)
            .returning(v.label("x"));
          expect(await conn.execute(returned).scalars()).toStrictEqual([value]);
        }
      }
    });
  });

  test(`[TYP20] ${bare} is converted by an upsert, given and computed`, options, async (conn) => {
    await withTables(conn, typedTable(type), async (typed) => {
      const { id, v } = typed.c;
      const put = (at: number, value: unknown) => insert(typed).values({ id: at, v: value } as never);
      const read = (at: number) => conn.execute(select(v).where(id.eq(at))).scalar();
      for (const [at, value] of values.entries()) {
        await conn.execute(put(at, null));
        await conn.execute(put(at, value).upsert({ key: ["id"] }));
        expect(await read(at)).toStrictEqual(value);
        await conn.execute(put(at, null).upsert({ key: ["id"], update: { v: value } as never }));
        expect(await read(at)).toStrictEqual(value);
        const kept = put(at, null).upsert({
          key: ["id"],
          update: (incoming, existing) => ({ v: func.coalesce(incoming.v, existing.v) }) as never,
        });
        await conn.execute(kept);
        expect(await read(at)).toStrictEqual(value);
        if (!has("upsertReturning")) continue;
        const returned = put(at, value)
          .upsert({ key: ["id"] })
          .returning(v.label("x"));
        expect(await conn.execute(returned).scalars()).toStrictEqual([value]);
      }
    });
  });

  if (!road.noJson) {
    test(`[TYP20] ${bare} is read out of JSON that rows are made into`, options, async (conn) => {
      await withTables(conn, typedTable(type), async (typed) => {
        const { id, v } = typed.c;
        const all = [...values, null];
        await conn.execute(insert(typed).valuesList(all.map((value, at) => ({ id: at, v: value })) as never));
        for (const [at, value] of all.entries()) {
          expect(await conn.execute(select(jsonObject({ id, v })).where(id.eq(at))).scalar()).toStrictEqual({
            id: at,
            v: value,
          });
          expect(await conn.execute(select(jsonAgg(v)).where(id.eq(at))).scalar()).toStrictEqual([value]);
        }
        if (!has("jsonAggOrder")) return;
        const rows = select(jsonArrayOf(select(v, id).orderBy(id)).label("rows"));
        expect(await conn.execute(rows).scalar()).toStrictEqual(all.map((value, at) => ({ v: value, id: at })));
      });
    });
  }

  if (!road.noArray) {
    test(`[TYP20] ${bare} is an element of arrays, stored, made of rows and asked for`, {
      ...options,
      needs: [...(options.needs === undefined ? [] : [options.needs].flat()), "arrays"],
    }, async (conn) => {
      const list = array(type());
      await withTables(conn, typedTable(type), async (typed) => {
        const { id, v } = typed.c;
        const all = [...values, null];
        const given = literal(all as never, list as never);
        expect(await conn.execute(select(given.label("x"))).scalar()).toStrictEqual(all);
        if (!road.noLiteral)
          expect(await conn.execute(select(inlined(all, list).label("x"))).scalar()).toStrictEqual(all);
        await conn.execute(insert(typed).valuesList(all.map((value, at) => ({ id: at, v: value })) as never));
        const gathered = select(array.agg(v).orderBy(id));
        expect(await conn.execute(gathered).scalar()).toStrictEqual(all);
        for (const [at, value] of values.entries()) {
          expect(await conn.execute(select(given.getItem(at + 1).label("x"))).scalar()).toStrictEqual(value);
          if (road.incomparable) continue;
          const found = select(id).where(array.any(given as never, v as never), id.eq(at));
          expect(await conn.execute(found).scalars()).toEqual([at]);
        }
      });
    });
  }

  if (!road.incomparable) {
    test(`[TYP20] ${bare} is found by comparison and in a list`, options, async (conn) => {
      await withTables(conn, typedTable(type), async (typed) => {
        const { id, v } = typed.c;
        await conn.execute(insert(typed).valuesList(values.map((value, at) => ({ id: at, v: value })) as never));
        for (const [at, value] of values.entries()) {
          const found = (condition: Parameters<ReturnType<typeof select>["where"]>[0]) =>
            conn.execute(select(id).where(condition).orderBy(id)).scalars();
          expect(await found(v.eq(value as never))).toContain(at);
          expect(await found(v.ne(value as never))).not.toContain(at);
          expect(await found(v.in([value] as never))).toContain(at);
          expect(await found(v.in(values as never))).toStrictEqual(values.map((_value, i) => i));
          if (!road.noLiteral) expect(await found(v.eq(inlined(value, type()) as never))).toContain(at);
        }
        if (road.unordered) return;
        expect(values).toContainEqual(await conn.execute(select(func.max(v))).scalar());
        expect(await conn.execute(select(v).distinct().orderBy(v)).scalars()).toHaveLength(new Set(values).size);
      });
    });
  }

  test(`[TYP20] ${bare} goes and comes without a table, bound and as a literal`, options, async (conn) => {
    // The table is not asked, but with it comes what the type needs: an enum, a domain.
    await withTables(conn, typedTable(type), async () => {
      for (const value of values) {
        expect(await conn.execute(select(literal(value, type()).label("v"))).scalar()).toStrictEqual(value);
        if (road.noLiteral) continue;
        expect(await conn.execute(select(inlined(value, type()).label("v"))).scalar()).toStrictEqual(value);
      }
    });
  });
}

function inlined(value: unknown, type: ValueType<unknown, unknown>): Expression<unknown> {
  return new BindParameter(value, type, "v", false, false, true);
}
