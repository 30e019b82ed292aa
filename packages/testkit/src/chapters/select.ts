import { and, func, integer, literal, not, or, param, select, selectAll, sql, string, tuple } from "@acme/core";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { islands, items, PEOPLE, people } from "../store.js";

const { id, name, nick, age } = people.c;

/** SELECT and its clauses. */
export const selectChapter: Chapter = {
  title: "select",
  declare({ test, has }) {
    test("[SEL1][RES2] selects columns and expressions as plain objects", {}, async (conn) => {
      const rows = await conn.execute(select(id, name, age.add(1).label("next")).orderBy(id).limit(2)).all();
      expect(rows).toEqual([
        { id: 1, name: "alice", next: 51 },
        { id: 2, name: "bob", next: 31 },
      ]);
      expect(Object.getPrototypeOf(rows[0])).toBe(Object.prototype);
    });

    test("[SEL1] selects all columns of a table by key", {}, async (conn) => {
      expect(await conn.execute(selectAll(people).orderBy(id)).all()).toEqual(PEOPLE);
    });

    test("[SEL2] where takes several conditions, all of which must hold", {}, async (conn) => {
      const names = (stmt: Parameters<typeof conn.execute>[0]) => conn.execute(stmt).scalars();
      expect(await names(select(name).where(age.gt(30), people.c.active).orderBy(id))).toEqual(["alice"]);
      expect(
        await names(
          select(name)
            .where(or(age.gt(45), and(age.eq(30), nick.isNull())))
            .orderBy(id),
        ),
      ).toEqual(["alice", "bob"]);
      expect(await names(select(name).where(not(people.c.active)).orderBy(id))).toEqual(["carol", "dave"]);
      expect(await names(select(name).where(and()).orderBy(id))).toEqual(["alice", "bob", "carol", "dave"]);
      expect(await names(select(name).where(or()))).toEqual([]);
    });

    test("[SEL6][SEL7] orders by columns, directions, labels and expressions", {}, async (conn) => {
      expect(await conn.execute(select(id).orderBy(age.desc(), name.asc())).scalars()).toEqual([1, 4, 2, 3]);
      const half = age.mul(-1).label("half");
      expect(await conn.execute(select(half, id).orderBy(half, id)).tuples()).toEqual([
        [-50, 1],
        [-41, 4],
        [-30, 2],
        [-30, 3],
      ]);
    });

    test("[EXP13] NULLs stand first or last as asked for", {}, async (conn) => {
      expect(await conn.execute(select(id).orderBy(nick.nullsFirst(), id)).scalars()).toEqual([2, 4, 1, 3]);
      expect(await conn.execute(select(id).orderBy(nick.desc().nullsLast(), id)).scalars()).toEqual([3, 1, 2, 4]);
      expect(await conn.execute(select(id).orderBy(nick.asc().nullsLast(), id.desc())).scalars()).toEqual([1, 3, 4, 2]);
    });

    test("[SEL9] limit and offset, alone and together, zero included", {}, async (conn) => {
      const base = select(id).orderBy(id);
      expect(await conn.execute(base.limit(2)).scalars()).toEqual([1, 2]);
      expect(await conn.execute(base.offset(3)).scalars()).toEqual([4]);
      expect(await conn.execute(base.limit(2).offset(1)).scalars()).toEqual([2, 3]);
      expect(await conn.execute(base.limit(0)).scalars()).toEqual([]);
    });

    test("[SEL8] distinct", {}, async (conn) => {
      expect(await conn.execute(select(age).distinct().orderBy(age)).scalars()).toEqual([30, 41, 50]);
    });

    test("[SEL6] groups with aggregates and having", {}, async (conn) => {
      const stmt = select(age, func.count().label("n"), func.min(name).label("first"))
        .groupBy(age)
        .having(func.count().gt(1));
      expect(await conn.execute(stmt).all()).toEqual([{ age: 30, n: 2, first: "bob" }]);
    });

    test("[EXP16][EXP34] aggregates over no rows are NULL, count is 0", {}, async (conn) => {
      const stmt = select(
        func.count(),
        func.count(nick).label("nicks"),
        func.sum(age).label("s"),
        func.max(name).label("m"),
        func.avg(age).label("a"),
      );
      expect(await conn.execute(stmt.where(id.gt(99))).one()).toEqual({
        count: 0,
        nicks: 0,
        s: null,
        m: null,
        a: null,
      });
      expect(await conn.execute(stmt).one()).toEqual({ count: 4, nicks: 2, s: 151, m: "dave", a: 37.75 });
      expect(await conn.execute(select(func.count(age).distinct())).scalar()).toBe(3);
    });

    test("[EXP37] aggregates take a condition", {}, async (conn) => {
      const stmt = select(func.count().filter(people.c.active).label("n"), func.sum(age).filter(age.lt(45)).label("s"));
      expect(await conn.execute(stmt).one()).toEqual({ n: 2, s: 101 });
    });

    test("[SEL3][SEL4] joins by foreign key; the optional side gives NULL", {}, async (conn) => {
      const inner = select(name, items.c.title).join(items).orderBy(items.c.id);
      expect(await conn.execute(inner).tuples()).toEqual([
        ["alice", "lamp"],
        ["alice", "desk"],
        ["bob", "pen"],
      ]);
      const left = select(name, items.c.title, items.c.price).outerJoin(items).where(age.eq(30)).orderBy(id);
      expect(await conn.execute(left).all()).toEqual([
        { name: "bob", title: "pen", price: 1 },
        { name: "carol", title: null, price: null },
      ]);
    });

    test("[SEL3] full join", {
      needs: "fullJoin",
      refuses: () => select(name, items.c.title).fullJoin(items),
    }, async (conn) => {
      const rows = await conn.execute(select(name, items.c.title).fullJoin(items)).tuples();
      expect(rows).toHaveLength(6);
      expect(rows).toContainEqual([null, "lost"]);
      expect(rows).toContainEqual(["dave", null]);
    });

    test("[SEL3] cross join", {}, async (conn) => {
      expect(await conn.execute(select(func.count()).selectFrom(people).crossJoin(islands)).scalar()).toBe(8);
    });

    test("[SEL28] a table joins itself under an alias", {}, async (conn) => {
      const boss = people.alias("boss");
      const rows = await conn
        .execute(select(name, boss.c.name.label("boss")).outerJoin(boss, boss.c.id.eq(people.c.bossId)).orderBy(id))
        .tuples();
      expect(rows).toEqual([
        ["alice", null],
        ["bob", "alice"],
        ["carol", "alice"],
        ["dave", "bob"],
      ]);
    });

    test("[SEL15] subqueries in FROM keep the types of their columns", {}, async (conn) => {
      const sub = select(items.c.ownerId, func.sum(items.c.price).label("total"))
        .groupBy(items.c.ownerId)
        .subquery("sub");
      const rows = await conn
        .execute(select(name, sub.c.total).join(sub, sub.c.ownerId.eq(id)).where(sub.c.total.gt(1)).orderBy(id))
        .all();
      expect(rows).toEqual([{ name: "alice", total: 105 }]);
    });

    test("[SEL14][SEL16][SEL17] scalar subqueries and EXISTS see the query around them", {}, async (conn) => {
      const total = select(func.count()).selectFrom(items).where(items.c.ownerId.eq(id)).scalar();
      expect(await conn.execute(select(name, total.label("n")).orderBy(id)).tuples()).toEqual([
        ["alice", 2],
        ["bob", 1],
        ["carol", 0],
        ["dave", 0],
      ]);
      const owns = select(items.c.id).where(items.c.ownerId.eq(id)).exists();
      expect(await conn.execute(select(name).where(owns).orderBy(id)).scalars()).toEqual(["alice", "bob"]);
      expect(await conn.execute(select(name).where(not(owns)).orderBy(id)).scalars()).toEqual(["carol", "dave"]);
    });

    test("[EXP3] IN takes lists of any length, none included, and queries", {}, async (conn) => {
      const among = (list: readonly number[]) => conn.execute(select(id).where(id.in(list)).orderBy(id)).scalars();
      expect(await among([1, 3, 99])).toEqual([1, 3]);
      expect(await among([2])).toEqual([2]);
      expect(await among([])).toEqual([]);
      expect(await conn.execute(select(id).where(id.notIn([])).orderBy(id)).scalars()).toEqual([1, 2, 3, 4]);
      expect(
        await conn
          .execute(
            select(id)
              .where(id.notIn([1, 2]))
              .orderBy(id),
          )
          .scalars(),
      ).toEqual([3, 4]);
      expect(await conn.execute(select(id).where(nick.in([])).orderBy(id)).scalars()).toEqual([]);
      expect(
        await conn
          .execute(
            select(id)
              .where(id.in(select(items.c.ownerId).where(items.c.price.gt(1))))
              .orderBy(id),
          )
          .scalars(),
      ).toEqual([1]);
    });

    test("[EXP26] row values in IN", {
      needs: "tupleComparison",
      refuses: () => select(id).where(tuple(id, age).in([[1, 50]])),
    }, async (conn) => {
      expect(
        await conn
          .execute(
            select(id)
              .where(
                tuple(id, age).in([
                  [1, 50],
                  [2, 31],
                  [3, 30],
                ]),
              )
              .orderBy(id),
          )
          .scalars(),
      ).toEqual([1, 3]);
    });

    test("[SEL19] common table expressions, used twice", {}, async (conn) => {
      const rich = select(id, name).where(people.c.balance.gt("0")).cte("rich");
      const other = rich.alias("other");
      const rows = await conn
        .execute(select(rich.c.name, other.c.name.label("b")).join(other, other.c.id.gt(rich.c.id)))
        .tuples();
      expect(rows).toEqual([["alice", "dave"]]);
    });

    test("[SEL20] recursive common table expressions", { needs: "recursiveCte" }, async (conn) => {
      const tree = select(id, name, literal(0).label("depth"))
        .where(people.c.bossId.isNull())
        .cte("tree", { recursive: true });
      const whole = tree.unionAll(select(id, name, tree.c.depth.add(1)).join(tree, people.c.bossId.eq(tree.c.id)));
      const rows = await conn
        .execute(select(whole.c.name, whole.c.depth).orderBy(whole.c.depth, whole.c.name))
        .tuples();
      expect(rows).toEqual([
        ["alice", 0],
        ["bob", 1],
        ["carol", 1],
        ["dave", 2],
      ]);
    });

    test("[SEL24][SEL25] union, and a union that is sorted and limited", {}, async (conn) => {
      const all = select(name)
        .where(id.lt(3))
        .union(select(items.c.title).where(items.c.id.lt(12)));
      expect(await conn.execute(all.orderBy(name)).scalars()).toEqual(["alice", "bob", "desk", "lamp"]);
      expect(await conn.execute(all.orderBy(name.desc()).limit(2)).scalars()).toEqual(["lamp", "desk"]);
      expect(
        await conn
          .execute(
            select(age)
              .where(id.in([2, 3]))
              .unionAll(select(age).where(id.eq(2))),
          )
          .scalars(),
      ).toEqual([30, 30, 30]);
      const limited = select(name).orderBy(id).limit(1).unionAll(select(items.c.title).orderBy(items.c.id).limit(1));
      expect([...(await conn.execute(limited).scalars())].sort()).toEqual(["alice", "lamp"]);
      const wrapped = all.subquery("u");
      expect(await conn.execute(select(func.count()).selectFrom(wrapped)).scalar()).toBe(4);
    });

    test("[SEL24] intersect", {
      needs: "intersect",
      refuses: () => select(id).intersect(select(age)),
    }, async (conn) => {
      const stmt = select(id)
        .where(id.lt(4))
        .intersect(select(id).where(id.gt(1)))
        .orderBy(id);
      expect(await conn.execute(stmt).scalars()).toEqual([2, 3]);
    });

    test("[SEL24] except, nested in a union with the right parentheses", {
      needs: "except",
      refuses: () => select(id).except(select(age)),
    }, async (conn) => {
      const few = select(id)
        .where(id.lt(4))
        .except(select(id).where(id.eq(2)));
      expect(await conn.execute(few.orderBy(id)).scalars()).toEqual([1, 3]);
      expect(await conn.execute(select(id).where(id.eq(2)).unionAll(few).orderBy(id)).scalars()).toEqual([1, 2, 3]);
      expect(
        await conn
          .execute(
            select(id)
              .except(
                select(id)
                  .where(id.lt(3))
                  .except(select(id).where(id.eq(1))),
              )
              .orderBy(id),
          )
          .scalars(),
      ).toEqual([1, 3, 4]);
    });

    test("[EXP39] window functions with partitions, order and frames", { needs: "windowFunctions" }, async (conn) => {
      const stmt = select(
        name,
        func.rowNumber().over({ partitionBy: age, orderBy: name.desc() }).label("n"),
        func
          .sum(age)
          .over({ orderBy: id, rows: ["unbounded", 0] })
          .label("running"),
        func.lag(name).over({ orderBy: id }).label("before"),
      ).orderBy(id);
      expect(await conn.execute(stmt).tuples()).toEqual([
        ["alice", 1, 50, null],
        ["bob", 2, 80, "alice"],
        ["carol", 1, 110, "bob"],
        ["dave", 1, 151, "carol"],
      ]);
    });

    test("[SEL18] lateral subqueries", {
      needs: "lateral",
      refuses: () => select(name).crossJoin(select(items.c.id).where(items.c.ownerId.eq(id)).lateral("l")),
    }, async (conn) => {
      const best = select(items.c.title)
        .where(items.c.ownerId.eq(id))
        .orderBy(items.c.price.desc())
        .limit(1)
        .lateral("best");
      expect(await conn.execute(select(name, best.c.title).crossJoin(best).orderBy(id)).tuples()).toEqual([
        ["alice", "desk"],
        ["bob", "pen"],
      ]);
    });

    test("[SEL11] row locks", { needs: "rowLocks", refuses: () => select(id).forUpdate() }, async (conn) => {
      await conn.transaction(async () => {
        expect(await conn.execute(select(id).where(id.eq(1)).forUpdate()).scalars()).toEqual([1]);
      });
    });

    test("[SEL37][SEL38] text statements with typed rows, and text inside statements", {}, async (conn) => {
      const rows = await conn
        .execute(
          sql`SELECT ${id} AS a, ${name} AS b FROM ${people} WHERE ${age} > ${40} ORDER BY ${id}`.columns({
            a: integer(),
            b: string(),
          }),
        )
        .all();
      expect(rows).toEqual([
        { a: 1, b: "alice" },
        { a: 4, b: "dave" },
      ]);
      const named = sql.text("SELECT name FROM people WHERE id = :id OR name = ':id'").columns({ name: string() });
      expect(await conn.execute(named.bindparams({ id: 2 })).scalars()).toEqual(["bob"]);
      expect(await conn.execute(named, { id: 3 }).scalars()).toEqual(["carol"]);
      expect(await conn.execute(select(sql`upper(${name})`.as(string()).label("u")).where(id.eq(1))).all()).toEqual([
        { u: "ALICE" },
      ]);
    });

    test("[EXP28] a statement kept in a constant runs with different parameters", {}, async (conn) => {
      const byId = select(name).where(id.eq(param("id", integer())));
      const found = await Promise.all([1, 2, 3].map((n) => conn.execute(byId, { id: n }).scalar()));
      expect(found).toEqual(["alice", "bob", "carol"]);
    });

    test("an empty string is a value of its own", { needs: "emptyStringIsNotNull" }, async (conn) => {
      expect(has("emptyStringIsNotNull")).toBe(true);
      expect(await conn.execute(select(literal("").label("v"))).scalar()).toBe("");
    });
  },
};
