import {
  and,
  asc,
  compiles,
  cube,
  declareNode,
  desc,
  func,
  groupingSets,
  integer,
  literal,
  type Node,
  or,
  param,
  rollup,
  Select,
  SyntaxExtension,
  select,
  sql,
} from "@acme/core";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { installQualify, Qualify } from "../qualify.js";
import { items, people } from "../store.js";

const { id, name, nick, age } = people.c;
const count = func.count().label("n");

/** A comment with a number in it: a clause that every database reads. */
class Remark extends SyntaxExtension {
  readonly operand: Node;

  constructor(operand: Node) {
    super();
    this.operand = operand;
  }

  get point(): "afterWhere" {
    return "afterWhere";
  }

  static {
    declareNode(Remark, "remark", { operand: "node" });
  }
}

/** Clauses beside the common ones, and what a statement carries with it. */
export const clauseChapter: Chapter = {
  title: "clauses",
  declare({ test, engine, has }) {
    test("[SEL2] filterBy compares by name", {}, async (conn) => {
      const names = select(name).orderBy(id);
      expect(await conn.execute(names.filterBy(people, { age: 30, nick: null })).scalars()).toEqual(["bob"]);
      expect(await conn.execute(names.filterBy(people, { age: items.c.price }).join(items)).scalars()).toEqual([]);
      expect(await conn.execute(names.filterBy(people, {})).scalars()).toHaveLength(4);
    });

    test("[SEL6] null takes away an order and a grouping", {}, async (conn) => {
      const sorted = select(id).orderBy(id.desc());
      expect(await conn.execute(sorted.orderBy(null, id)).scalars()).toEqual([1, 2, 3, 4]);
      const grouped = select(count).selectFrom(people).groupBy(age);
      expect(await conn.execute(grouped.groupBy(null)).scalars()).toEqual([4]);
    });

    test("[SEL7] ORDER BY and GROUP BY a result column by its name", {}, async (conn) => {
      const stmt = select(age.label("years"), count).groupBy("years").orderBy(desc("n"), asc("years"));
      expect(await conn.execute(stmt).tuples()).toEqual([
        [30, 2],
        [41, 1],
        [50, 1],
      ]);
      expect(await conn.execute(select(name).orderBy("name").limit(1)).scalars()).toEqual(["alice"]);
      expect(() => engine().dialect.compile(select(name).orderBy("nick" as "name"))).toThrow(
        'The query has no result column "nick". It has: name.',
      );
    });

    test("[SEL12] columns are added, replaced, and reduced to those that differ", {}, async (conn) => {
      const base = select(name).where(id.eq(1));
      expect(await conn.execute(base.addColumns(age, id.label("key"))).one()).toEqual({
        name: "alice",
        age: 50,
        key: 1,
      });
      expect(await conn.execute(base.withOnlyColumns(count)).one()).toEqual({ n: 1 });
      const boss = people.alias("boss");
      const both = select(id, boss.c.id, boss.c.name).join(boss, boss.c.id.eq(people.c.id)).where(id.eq(2));
      expect(await conn.execute(both.reduceColumns()).one()).toEqual({ id: 2, name: "bob" });
    });

    test("[SEL34] prefixes and suffixes stand for the dialects that they name", {}, async (conn) => {
      const stmt = select(name)
        .where(id.eq(1))
        .prefixWith(sql`NO SUCH WORD`, "another")
        .suffixWith(sql`/* ${literal(1)} */`, engine().dialect.name);
      const { sql: text } = engine().dialect.compile(stmt);
      expect(text).toMatch(/\/\* .+ \*\/$/);
      expect(text).not.toContain("NO SUCH WORD");
      expect(await conn.execute(select(name).where(id.eq(1)).suffixWith(sql`/* end */`)).scalars()).toEqual(["alice"]);
    });

    test("[SEL36] a clause of a third party stands where it says, with its values bound", {}, async (conn) => {
      const stmt = select(name).where(id.lt(3)).orderBy(id).ext(new Remark(sql`plain`));
      expect(() => engine().dialect.compile(stmt)).toThrow(/does not know how to compile a node of kind "remark"/);
      const remove = compiles(Remark, "default", (node, compiler) => `/* ${compiler.process(node.operand)} */`);
      try {
        expect(engine().dialect.compile(stmt).sql).toMatch(/WHERE .+ \/\* plain \*\/ ORDER BY/);
        expect(await conn.execute(stmt).scalars()).toEqual(["alice", "bob"]);
      } finally {
        remove();
      }
    });

    test("[SEL36] QUALIFY by a third party: a clause where there is one, elsewhere a subquery", {}, async (conn) => {
      const { dialect } = engine();
      const eldest = func.rowNumber().over({ partitionBy: age, orderBy: id.desc() });
      const stmt = select(id, name, age.add(1).label("next"))
        .where(id.lt(4))
        .orderBy(name.desc())
        .ext(new Qualify(eldest.eq(1)));
      let takeBack = installQualify([dialect.name]);
      try {
        expect(dialect.compile(stmt).sql).toMatch(
          / WHERE \S+ < \S+ QUALIFY row_number\(\) OVER \(PARTITION BY .+ ORDER BY .+ DESC\) = \S+ ORDER BY \S+ DESC$/,
        );
      } finally {
        takeBack();
      }
      takeBack = installQualify(["duckdb"]);
      try {
        const compiled = dialect.compile(stmt);
        expect(compiled.sql).not.toContain("QUALIFY");
        expect(compiled.sql).toMatch(/FROM \(SELECT .+\).* kept WHERE kept\.keep = .+ ORDER BY kept\.\W?ordinal\W?$/);
        expect(await conn.execute(stmt).all()).toEqual([
          { id: 3, name: "carol", next: 31 },
          { id: 1, name: "alice", next: 51 },
        ]);
        expect(await conn.execute(stmt.limit(1).offset(1)).one()).toEqual({ id: 1, name: "alice", next: 51 });
        // Inside another query, and as one of a set operation.
        const best = stmt.orderBy(null).subquery("best");
        expect(await conn.execute(select(items.c.id).join(best, best.c.id.eq(items.c.ownerId))).scalars()).toEqual(
          await conn.execute(select(items.c.id).where(items.c.ownerId.in([1, 3]))).scalars(),
        );
        const ids = select(id).ext(new Qualify(eldest.eq(2)));
        expect(await conn.execute(ids.union(select(id).where(id.eq(1)))).scalars()).toHaveLength(2);
      } finally {
        takeBack();
      }
    });

    test("compiles() writes whole statements, with what the dialect writes in the middle", {}, async (conn) => {
      const remove = compiles(Select, "default", (node, compiler) => `${compiler.writeDefault(node)} /* watched */`);
      try {
        const stmt = select(name).where(id.in(select(items.c.ownerId).where(items.c.price.gt(77))));
        expect(
          engine()
            .dialect.compile(stmt)
            .sql.match(/watched/g),
        ).toHaveLength(2);
        expect(await conn.execute(stmt).scalars()).toEqual(["alice"]);
        expect(engine().dialect.compile(select(id).subquery("s") as unknown as Node).sql).toContain("watched");
      } finally {
        remove();
      }
    });

    test("[SEL41] a statement carries values for its parameters, and an execution's go first", {}, async (conn) => {
      const byId = select(name).where(id.eq(param("id", integer())));
      const two = byId.params({ id: 2 });
      expect(await conn.execute(two).scalar()).toBe("bob");
      expect(await conn.execute(two, { id: 3 }).scalar()).toBe("carol");
      expect(await conn.execute(two.params({ id: 4 })).scalar()).toBe("dave");
      await expect(async () => conn.execute(byId).scalar()).rejects.toThrow('needs a value for parameter "id"');
      const either = select(name).where(or(id.eq(param("a", integer())), id.eq(param("b", integer()))));
      expect(await conn.execute(either.params({ a: 1 }).orderBy(id), { b: 4 }).scalars()).toEqual(["alice", "dave"]);
    });

    test("[SEL45] a statement carries options of its executions", {}, async (conn) => {
      const stopped = AbortSignal.abort();
      const stmt = select(name).where(id.eq(1)).executionOptions({ signal: stopped });
      await expect(async () => conn.execute(stmt).scalar()).rejects.toThrow();
      expect(await conn.execute(stmt, undefined, { signal: new AbortController().signal }).scalar()).toBe("alice");
      expect(await conn.execute(stmt.executionOptions({ signal: undefined })).scalar()).toBe("alice");
    });

    test("[SEL46] ROLLUP gives subtotals, whose columns are NULL", {
      needs: "rollup",
      refuses: () => select(age, count).groupBy(rollup(age)),
    }, async (conn) => {
      const rows = await conn.execute(select(age, count).where(age.lt(45)).groupBy(rollup(age))).tuples();
      expect(rows).toHaveLength(3);
      expect(rows).toEqual(
        expect.arrayContaining([
          [30, 2],
          [41, 1],
          [null, 3],
        ]),
      );
    });

    test("[SEL46] CUBE and GROUPING SETS", {
      needs: "cube",
      refuses: () => select(age, count).groupBy(cube(age)),
    }, async (conn) => {
      const young = select(age, nick, count).where(age.eq(30));
      const cubed = await conn.execute(young.groupBy(cube(age, nick))).tuples();
      expect(cubed).toHaveLength(6);
      const sets = await conn.execute(young.groupBy(groupingSets([age, nick], []))).tuples();
      expect(sets).toHaveLength(3);
      expect(sets).toEqual(
        expect.arrayContaining([
          [30, "caz", 1],
          [30, null, 1],
          [null, null, 2],
        ]),
      );
    });

    test("[SEL11] row locks that do not wait, shared ones, and those of some FROM items", {
      needs: "rowLocks",
    }, async (conn) => {
      const owned = select(name, items.c.title).join(items).where(items.c.id.eq(10));
      await conn.transaction(async () => {
        expect(await conn.execute(owned.forUpdate({ skipLocked: true })).scalars()).toEqual(["alice"]);
        expect(await conn.execute(owned.forUpdate({ nowait: true })).scalars()).toEqual(["alice"]);
        if (has("sharedLocks"))
          expect(await conn.execute(owned.forUpdate({ share: true })).scalars()).toEqual(["alice"]);
        if (has("lockOf")) expect(await conn.execute(owned.forUpdate({ of: items })).scalars()).toEqual(["alice"]);
        if (has("keyLocks"))
          expect(await conn.execute(owned.forUpdate({ keyShare: true })).scalars()).toEqual(["alice"]);
      });
    });

    test("[SEL43] FROM items that nothing connects are found, CROSS JOIN and conditions at any place are not", {}, () => {
      const found = (statement: Node): string[] => {
        const messages: string[] = [];
        engine().dialect.compile(statement, { onCartesian: (message) => messages.push(message) });
        return messages;
      };
      const pair = select(name, items.c.title);
      expect(found(pair)).toEqual([expect.stringContaining('no condition connects "items" with "people"')]);
      expect(found(pair.where(items.c.ownerId.eq(id)))).toEqual([]);
      expect(found(pair.where(and(items.c.price.gt(1), items.c.ownerId.eq(id))))).toEqual([]);
      expect(found(pair.where(or(items.c.ownerId.eq(id), items.c.price.gt(1))))).toEqual([]);
      expect(found(select(name).crossJoin(items))).toEqual([]);
      expect(found(select(name).join(items))).toEqual([]);
      expect(found(select(name).join(items, items.c.price.gt(1)))).toHaveLength(1);
      const inner = select(items.c.id).where(items.c.ownerId.eq(id));
      expect(found(select(name).where(inner.exists()))).toEqual([]);
      const boss = people.alias("boss");
      expect(found(select(name).where(select(items.c.id, boss.c.id.label("b")).exists()))).toHaveLength(1);
    });
  },
};
