import { delete_, insert, integer, literal, MetaData, select, string, Table } from "@acme/core";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { items, people } from "../store.js";

const { id, name, age, bossId } = people.c;

const metadata = new MetaData();
const logs = new Table("logs", metadata, {
  id: integer().primaryKey({ autoincrement: false }),
  level: integer(),
  body: string(50).named("text"),
});
const archive = new Table("archive", metadata, {
  id: integer().primaryKey({ autoincrement: false }),
  body: string(50),
});

const root = select(id, name).where(bossId.isNull()).cte("tree", { recursive: true });
const tree = root.unionAll(select(id, name).join(root, bossId.eq(root.c.id)));

/** Set operations and common table expressions. */
export const combiningChapter: Chapter = {
  title: "combining",
  declare({ test }) {
    test("[SEL24] INTERSECT ALL and EXCEPT ALL count equal rows, NULL included", {}, async (conn) => {
      const ages = select(age.label("v"));
      const sorted = async (stmt: Parameters<typeof conn.execute>[0]): Promise<unknown[]> =>
        [...(await conn.execute(stmt).scalars())].sort();
      expect(await sorted(ages.exceptAll(select(age).where(id.eq(2))))).toEqual([30, 41, 50]);
      expect(await sorted(ages.exceptAll(select(age).where(id.eq(2)), select(age).where(id.eq(3))))).toEqual([41, 50]);
      expect(await sorted(ages.except(select(age).where(id.eq(2))))).toEqual([41, 50]);
      expect(await sorted(ages.intersectAll(select(age).where(age.lt(45))))).toEqual([30, 30, 41]);
      const nicks = select(people.c.nick, age);
      expect(await conn.execute(nicks.intersectAll(nicks).orderBy(age).limit(4)).all()).toHaveLength(4);
      expect(await conn.execute(nicks.exceptAll(nicks.where(people.c.nick.isNull()))).all()).toHaveLength(2);
      const twice = ages.unionAll(ages).exceptAll(ages).orderBy("v");
      expect(await conn.execute(twice).scalars()).toEqual([30, 30, 41, 50]);
    });

    test("[SEL24] nesting goes as it is written, on either side", {}, async (conn) => {
      const [one, two, three] = [1, 2, 3].map((n) => select(id).where(id.eq(n))) as [
        typeof some,
        typeof some,
        typeof some,
      ];
      const scalars = async (stmt: typeof nested): Promise<unknown[]> => conn.execute(stmt.orderBy(id)).scalars();
      const nested = one.union(two);
      expect(await scalars(nested.except(one))).toEqual([2]);
      expect(await scalars(one.union(two.except(two)))).toEqual([1]);
      expect(await scalars(one.union(two).intersect(two.union(three)))).toEqual([2]);
      expect(await scalars(one.union(two.intersect(two.union(three))))).toEqual([1, 2]);
      expect(await scalars(one.unionAll(one.union(one)).unionAll(two.orderBy(id.desc()).limit(1)))).toEqual([1, 1, 2]);
    });

    test("[SEL25] a set operation is sorted, limited, and a subquery", {}, async (conn) => {
      const all = select(name.label("n")).union(select(items.c.title));
      expect(await conn.execute(all.orderBy("n").limit(2).offset(1)).scalars()).toEqual(["bob", "carol"]);
      const sub = all.subquery();
      expect(await conn.execute(select(sub.c.n).where(sub.c.n.like("d%")).orderBy(sub.c.n)).scalars()).toEqual([
        "dave",
        "desk",
      ]);
    });

    test("[SEL19] a CTE nested in the query that refers to it, under a name that others have", {
      needs: "nestedCtes",
      refuses: () => select(select(select(id).cte("a", { nesting: true }).c.id).subquery().c.id),
    }, async (conn) => {
      const young = select(id).where(age.lt(40)).cte("some", { nesting: true });
      const old = select(id).where(age.gt(40)).cte("some", { nesting: true });
      const [a, b] = [select(young.c.id).subquery("a"), select(old.c.id).subquery("b")];
      const pairs = select(a.c.id, b.c.id.label("other")).join(b, b.c.id.gt(a.c.id)).orderBy(a.c.id);
      expect(await conn.execute(pairs).tuples()).toEqual([
        [2, 4],
        [3, 4],
      ]);
    });

    test("[SEL21] a CTE that nothing refers to", {}, async (conn) => {
      const stmt = select(name).where(id.eq(1)).addCte(select(items.c.id).cte("unused"));
      expect(await conn.execute(stmt).scalars()).toEqual(["alice"]);
    });

    test("[SEL21] data-changing CTEs give the rows that they return", {
      needs: "dmlInCtes",
      refuses: () => select(delete_(logs).returning(logs.c.id).cte("gone").c.id),
    }, async (conn) => {
      await metadata.createAll(conn);
      try {
        await conn.execute(insert(logs).values({ id: 1, level: 1, body: "a" }, { id: 2, level: 5, body: "b" }));
        const gone = delete_(logs).where(logs.c.level.lt(3)).returning(logs.c.id, logs.c.body).cte("gone");
        await conn.execute(insert(archive).fromSelect(["id", "body"], select(gone.c.id, gone.c.body)));
        expect(await conn.execute(select(archive.c.id, archive.c.body)).tuples()).toEqual([[1, "a"]]);
        expect(await conn.execute(select(logs.c.id)).scalars()).toEqual([2]);
        const made = insert(logs)
          .values({ id: 3, level: 1, body: "c" }, { id: 4, level: 2, body: "d" })
          .returning(logs.c.id, logs.c.body)
          .cte();
        expect(await conn.execute(select(made.c.body).orderBy(made.c.id)).scalars()).toEqual(["c", "d"]);
        const hidden = insert(archive).values({ id: 9, body: "z" }).returning(archive.c.id).cte("hidden");
        for (const value of ["one", "two"]) {
          expect(await conn.execute(select(literal(value).label("v"))).scalar()).toBe(value);
        }
        expect(await conn.execute(select(logs.c.id).orderBy(logs.c.id).addCte(hidden)).scalars()).toEqual([2, 3, 4]);
        expect(await conn.execute(select(archive.c.id).orderBy(archive.c.id)).scalars()).toEqual([1, 9]);
      } finally {
        await metadata.dropAll(conn);
      }
    });

    test("[SEL22] MATERIALIZED and NOT MATERIALIZED", {
      needs: "materializedCtes",
      refuses: () => select(select(id).cte("m", { materialized: true }).c.id),
    }, async (conn) => {
      for (const materialized of [true, false]) {
        const some = select(id, name).where(age.gt(40)).cte("some", { materialized });
        expect(await conn.execute(select(some.c.name).orderBy(some.c.id)).scalars()).toEqual(["alice", "dave"]);
      }
    });

    test("[SEL22] SEARCH orders a recursive CTE, CYCLE ends it", {
      needs: "searchAndCycle",
      refuses: () => select(tree.search("depth", ["id"], "place").c.id),
    }, async (conn) => {
      const depth = tree.search("depth", ["id"], "place");
      expect(await conn.execute(select(depth.c.name).orderBy(depth.c.place)).scalars()).toEqual([
        "alice",
        "bob",
        "dave",
        "carol",
      ]);
      const breadth = tree.search("breadth", ["id"], "place");
      expect(await conn.execute(select(breadth.c.name).orderBy(breadth.c.place)).scalars()).toEqual([
        "alice",
        "bob",
        "carol",
        "dave",
      ]);
      const start = select(id, age).where(id.eq(2)).cte("circle", { recursive: true });
      const circle = start.unionAll(select(id, age).join(start, age.eq(start.c.age))).cycle(["id"], "closed");
      const rows = await conn
        .execute(select(circle.c.id, circle.c.closed).orderBy(circle.c.id, circle.c.closed))
        .tuples();
      expect(rows).toEqual([
        [2, "N"],
        [2, "Y"],
        [2, "Y"],
        [3, "N"],
        [3, "Y"],
      ]);
    });
  },
};

const some = select(id).where(id.eq(1));
