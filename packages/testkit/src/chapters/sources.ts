import { asc, exists, func, integer, join, literal, outerJoin, select, string, values } from "@acme/core";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { islands, items, people } from "../store.js";

const { id, name, age } = people.c;

/** What stands in FROM, and how queries within queries see it. */
export const sourceChapter: Chapter = {
  title: "sources",
  declare({ test }) {
    test("[SEL29] right-nested joins keep rows of the left side that have none on the right", {}, async (conn) => {
      const boss = people.alias("boss");
      const nested = join(items, boss, boss.c.id.eq(items.c.ownerId).and(boss.c.age.gt(40)));
      const rows = await conn
        .execute(
          select(name, items.c.title, boss.c.age).outerJoin(nested, items.c.ownerId.eq(id)).orderBy(id, items.c.id),
        )
        .tuples();
      expect(rows).toEqual([
        ["alice", "lamp", 50],
        ["alice", "desk", 50],
        ["bob", null, null],
        ["carol", null, null],
        ["dave", null, null],
      ]);
    });

    test("[SEL3] a join stands in selectFrom, and joins name their left side", {}, async (conn) => {
      const from = select(name, items.c.title).selectFrom(outerJoin(people, items)).where(age.eq(30)).orderBy(id);
      expect(await conn.execute(from).all()).toEqual([
        { name: "bob", title: "pen" },
        { name: "carol", title: null },
      ]);
      const chained = select(name, islands.c.name.label("island"))
        .joinFrom(people, items)
        .outerJoinFrom(items, islands, islands.c.id.eq(items.c.price))
        .orderBy(items.c.id);
      expect(await conn.execute(chained).tuples()).toEqual([
        ["alice", null],
        ["alice", null],
        ["bob", "x"],
      ]);
    });

    test("[SEL28] subqueries and CTEs without a name, and aliases without a name", {}, async (conn) => {
      const old = select(id).where(age.gt(40)).subquery();
      const rich = select(items.c.ownerId).where(items.c.price.gt(50)).cte();
      expect(
        await conn.execute(select(name).join(old, old.c.id.eq(id)).join(rich, rich.c.ownerId.eq(id))).scalars(),
      ).toEqual(["alice"]);
      const [one, two] = [people.alias(), people.alias()];
      const pairs = select(one.c.name, two.c.name.label("other")).join(
        two,
        two.c.age.eq(one.c.age).and(two.c.id.gt(one.c.id)),
      );
      expect(await conn.execute(pairs).tuples()).toEqual([["bob", "carol"]]);
    });

    test("[SEL28] a join joins itself, its FROM items under other names", {}, async (conn) => {
      const owned = join(people, items, items.c.ownerId.eq(id));
      const [p, i] = [people.alias("other_people"), items.alias("other_items")];
      const expected = await conn
        .execute(
          select(items.c.id, i.c.id.label("other"), p.c.name)
            .join(people, items.c.ownerId.eq(id))
            .join(i, i.c.price.gt(items.c.price))
            .join(p, p.c.id.eq(i.c.ownerId))
            .orderBy(items.c.id, i.c.id),
        )
        .tuples();
      expect(expected.length).toBeGreaterThan(0);
      const stmt = select(items.c.id, i.c.id.label("other"), p.c.name)
        .selectFrom(owned)
        .join(owned.alias("other"), i.c.price.gt(items.c.price))
        .orderBy(items.c.id, i.c.id);
      expect(await conn.execute(stmt).tuples()).toEqual(expected);
      // An outer join keeps its kind, a second alias is another one.
      const all = outerJoin(people, items, items.c.ownerId.eq(id)).alias("all");
      const q = people.alias("all_people");
      const counted = select(q.c.name, func.count(items.alias("all_items").c.id).label("n"))
        .selectFrom(all)
        .groupBy(q.c.name);
      expect((await conn.execute(counted).all()).map((row) => row.name).sort()).toEqual([
        "alice",
        "bob",
        "carol",
        "dave",
      ]);
    });

    const both = values({ n: integer() }, [{ n: id }, { n: age }, { n: 5 }], "v").lateral("l");
    const unfolded = select(id, both.c.n).join(both, both.c.n.gt(2)).orderBy(id, both.c.n);
    test("[SEL26] VALUES that speak of what stands on their left", {
      needs: "lateral",
      refuses: () => unfolded,
    }, async (conn) => {
      const given = await conn.execute(select(id, age).orderBy(id)).tuples();
      const expected = given.flatMap(([key, years]) =>
        [key, years, 5]
          .filter((n): n is number => n !== null && n > 2)
          .sort((a, b) => a - b)
          .map((n) => [key, n]),
      );
      expect(await conn.execute(unfolded).tuples()).toEqual(expected);
    });

    test("[SEL26] VALUES as a table, an alias, a CTE and a list behind IN, bound and written out", {}, async (conn) => {
      const list = [
        { id: 1, word: "it's" },
        { id: 3, word: null },
        { id: 9, word: "ünï\\" },
      ];
      const v = values({ id: integer(), word: string(20).nullable() }, list, "v");
      const joined = select(name, v.c.word).join(v, v.c.id.eq(id)).orderBy(id);
      expect(await conn.execute(joined).tuples()).toEqual([
        ["alice", "it's"],
        ["carol", null],
      ]);
      const written = v.literal();
      expect(await conn.execute(select(written.c.word).orderBy(written.c.id)).scalars()).toEqual([
        "it's",
        null,
        "ünï\\",
      ]);
      const other = v.alias("w");
      const c = v.cte("c");
      expect(
        await conn
          .execute(select(c.c.word).join(other, other.c.id.eq(c.c.id)).where(c.c.id.gt(1)).orderBy(c.c.id))
          .scalars(),
      ).toEqual([null, "ünï\\"]);
      const ids = values({ id: integer() }, [{ id: 2 }, { id: 4 }]);
      expect(await conn.execute(select(name).where(id.in(ids)).orderBy(id)).scalars()).toEqual(["bob", "dave"]);
      expect(await conn.execute(select(name).where(id.in(ids.literal())).orderBy(id)).scalars()).toEqual([
        "bob",
        "dave",
      ]);
      const none = values({ id: integer(), word: string(9) }, [], "none");
      expect(await conn.execute(select(name, none.c.word).join(none, none.c.id.eq(id))).all()).toEqual([]);
      expect(await conn.execute(select(name).where(id.in(values({ id: integer() }, [])))).all()).toEqual([]);
    });

    test("[SEL14] correlation reaches over several levels, and goes where it is told", {}, async (conn) => {
      const inner = select(islands.c.id).where(islands.c.id.eq(items.c.price), islands.c.id.lt(id));
      const middle = select(items.c.id).where(exists(inner));
      expect(await conn.execute(select(name).where(middle.exists()).orderBy(id)).scalars()).toEqual([
        "bob",
        "carol",
        "dave",
      ]);
      const oldest = select(func.max(age)).selectFrom(people);
      expect(await conn.execute(select(name).where(age.eq(oldest.correlate().scalar()))).scalars()).toEqual(["alice"]);
      const own = select(func.count()).where(items.c.ownerId.eq(id));
      expect(await conn.execute(select(id, own.correlate(people).scalar().label("n")).orderBy(id)).tuples()).toEqual([
        [1, 2],
        [2, 1],
        [3, 0],
        [4, 0],
      ]);
      expect(
        await conn.execute(select(id, own.correlateExcept(items).scalar().label("n")).orderBy(id)).tuples(),
      ).toEqual([
        [1, 2],
        [2, 1],
        [3, 0],
        [4, 0],
      ]);
      expect(
        await conn
          .execute(select(id, own.correlateExcept(items, people).scalar().label("n")).orderBy(id).limit(1))
          .tuples(),
      ).toEqual([[1, 3]]);
    });

    test("[SEL17] EXISTS of a query, its FROM and conditions its own", {}, async (conn) => {
      const owned = select(literal(1)).selectFrom(items).where(items.c.ownerId.eq(id), items.c.price.gt(50));
      expect(await conn.execute(select(name).where(exists(owned))).scalars()).toEqual(["alice"]);
      expect(await conn.execute(select(func.count()).selectFrom(people).where(exists(owned).not())).scalar()).toBe(3);
    });

    test("[SEL18] a lateral subquery that is joined outer keeps rows without any", {
      needs: "lateral",
      refuses: () =>
        select(name).outerJoin(select(items.c.id).where(items.c.ownerId.eq(id)).lateral(), literal(1).eq(1)),
    }, async (conn) => {
      const best = select(items.c.title).where(items.c.ownerId.eq(id)).orderBy(items.c.price.desc()).limit(1).lateral();
      const stmt = select(name, best.c.title).outerJoin(best, literal(1).eq(1)).orderBy(asc("name"));
      expect(await conn.execute(stmt).tuples()).toEqual([
        ["alice", "desk"],
        ["bob", "pen"],
        ["carol", null],
        ["dave", null],
      ]);
    });
  },
};
