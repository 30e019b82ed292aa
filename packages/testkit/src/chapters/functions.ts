import { case_, distinct, func, integer, literal, null_, numeric, select, sql, window } from "@acme/core";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { items, people } from "../store.js";

const { id, name, nick, age, active } = people.c;

/** Aggregates with their clauses, windows with their frames. */
export const functionChapter: Chapter = {
  title: "functions",
  declare({ test }) {
    test("[EXP35] texts of a group in one, in an order, without NULLs", {}, async (conn) => {
      const all = func.aggregateStrings(name, ", ").orderBy(name.desc());
      expect(await conn.execute(select(all.label("v"))).scalar()).toBe("dave, carol, bob, alice");
      const nicks = func.aggregateStrings(nick, "'|\\").orderBy(id);
      expect(await conn.execute(select(nicks.label("v"))).scalar()).toBe("al'|\\caz");
      const none = select(func.aggregateStrings(name, ",").label("v")).where(id.eq(99));
      expect(await conn.execute(none).scalar()).toBeNull();
    });

    test("[EXP35] by group, ordered by several, NULLs in their place", {}, async (conn) => {
      const names = func.aggregateStrings(name, "+").orderBy(nick.asc().nullsFirst(), name.desc());
      expect(await conn.execute(select(active, names.label("names")).groupBy(active).orderBy(active)).tuples()).toEqual(
        [
          [false, "dave+carol"],
          [true, "bob+alice"],
        ],
      );
    });

    test("[EXP35, EXP37] filtered", {}, async (conn) => {
      const young = func.aggregateStrings(name, ",").orderBy(name).filter(age.lt(45), active);
      expect(await conn.execute(select(young.label("v"))).scalar()).toBe("bob");
    });

    test("[EXP37] several conditions filter an aggregate together", {}, async (conn) => {
      const counts = select(
        func.count().filter(age.gt(29), active).label("a"),
        func.count(nick).filter(age.gt(29)).filter(active).label("b"),
        func.sum(age).filter(age.gt(99)).label("c"),
      );
      expect(await conn.execute(counts).tuples()).toEqual([[2, 1, null]]);
    });

    test("[EXP16] count(distinct(x))", {}, async (conn) => {
      expect(await conn.execute(select(func.count(distinct(age)).label("n"))).scalar()).toBe(3);
      expect(await conn.execute(select(func.sum(age).distinct().label("n"))).scalar()).toBe(121);
    });

    test("[EXP38] percentiles of an ordered set, and the mode", {
      needs: "orderedSets",
      refuses: () => select(func.percentileCont(0.5).withinGroup(age).label("v")),
    }, async (conn) => {
      const query = select(
        func.percentileCont(0.5).withinGroup(age).label("median"),
        func.percentileDisc(0.5).withinGroup(age.desc()).label("middle"),
        func.mode().withinGroup(age).label("mode"),
        func.percentileCont(0.5).withinGroup(age).filter(active).label("active"),
      );
      const [row] = await conn.execute(query).tuples();
      const typed: readonly [number | null, unknown, number | null, number | null] | undefined = row;
      expect(typed).toEqual([35.5, 41, 30, 40]);
    });

    test("[EXP36] an aggregate takes its values in an order", {
      needs: "arrays",
      refuses: () => select(func.arrayAgg(age).orderBy(age).label("v")),
    }, async (conn) => {
      const query = select(func("array_agg", id).orderBy(age.desc(), name.asc().nullsLast()).label("v"));
      const sorted = select(func("array_to_string", func("array_agg", id).orderBy(age.desc(), name), ",").label("v"));
      expect(await conn.execute(query).scalar()).toBeDefined();
      expect(await conn.execute(sorted).scalar()).toBe("1,4,2,3");
    });

    test("[EXP34] functions of rank", { needs: "windowFunctions" }, async (conn) => {
      const byAge = { orderBy: age };
      const query = select(
        id,
        func.rank().over(byAge).label("r"),
        func.denseRank().over(byAge).label("d"),
        func.percentRank().over(byAge).label("p"),
        func.cumeDist().over(byAge).label("c"),
        func
          .ntile(2)
          .over({ orderBy: [age, id] })
          .label("n"),
        func
          .rowNumber()
          .over({ orderBy: [age, id] })
          .label("w"),
      ).orderBy(id);
      expect(await conn.execute(query).tuples()).toEqual([
        [1, 4, 3, 1, 1, 2, 4],
        [2, 1, 1, 0, 0.5, 1, 1],
        [3, 1, 1, 0, 0.5, 1, 2],
        [4, 3, 2, expect.closeTo(2 / 3, 5), 0.75, 2, 3],
      ]);
    });

    test("[EXP34] values of other rows", { needs: "windowFunctions" }, async (conn) => {
      const whole = { orderBy: id, rows: ["unbounded", "unbounded"] } as const;
      const query = select(
        id,
        func.lag(name).over({ orderBy: id }).label("lag"),
        func.lead(name, 2).over({ orderBy: id }).label("lead"),
        func.firstValue(name).over(whole).label("f"),
        func.lastValue(name).over(whole).label("l"),
      ).orderBy(id);
      expect(await conn.execute(query).tuples()).toEqual([
        [1, null, "carol", "alice", "dave"],
        [2, "alice", "dave", "alice", "dave"],
        [3, "bob", null, "alice", "dave"],
        [4, "carol", null, "alice", "dave"],
      ]);
    });

    test("[EXP39] frames of rows and of values", { needs: "windowFunctions" }, async (conn) => {
      const query = select(
        id,
        func
          .sum(id)
          .over({ orderBy: id, rows: [-1, 1] })
          .label("near"),
        func
          .sum(id)
          .over({ orderBy: id, rows: ["unbounded", 0] })
          .label("running"),
        func
          .sum(id)
          .over({ orderBy: age, range: ["unbounded", 0] })
          .label("peers"),
        func.sum(id).over({ partitionBy: active, orderBy: id }).label("parts"),
      ).orderBy(id);
      expect(await conn.execute(query).tuples()).toEqual([
        [1, 3, 1, 10, 1],
        [2, 6, 3, 5, 3],
        [3, 9, 6, 5, 3],
        [4, 7, 10, 9, 7],
      ]);
    });

    test("[EXP39, EXP40] frames of groups, with rows left out, and of distances that are no whole numbers", {
      needs: "windowFrames",
      refuses: () =>
        select(
          func
            .sum(id)
            .over({ orderBy: age, groups: [-1, 0] })
            .label("v"),
        ),
    }, async (conn) => {
      const query = select(
        id,
        func
          .sum(id)
          .over({ orderBy: age, groups: [-1, 0] })
          .label("groups"),
        func
          .sum(id)
          .over({ orderBy: id, rows: ["unbounded", "unbounded"], exclude: "currentRow" })
          .label("others"),
        func
          .sum(id)
          .over({ orderBy: age, groups: [0, 0], exclude: "ties" })
          .label("ties"),
        func
          .sum(id)
          .over({
            orderBy: age.cast(numeric(10, 2)),
            range: [{ preceding: 11.5 }, { following: literal(9, integer(), { inline: true }) }],
          })
          .label("near"),
      ).orderBy(id);
      expect(await conn.execute(query).tuples()).toEqual([
        [1, 5, 9, 1, 5],
        [2, 5, 8, 2, 5],
        [3, 5, 7, 3, 5],
        [4, 9, 6, 4, 10],
      ]);
    });

    test("[EXP39] a window with a name serves several functions", { needs: "windowFunctions" }, async (conn) => {
      const byActive = window("by_active", { partitionBy: active, orderBy: age });
      const query = select(id, func.rank().over(byActive).label("r"), func.sum(age).over(byActive).label("s")).orderBy(
        func.rank().over(byActive),
        id,
      );
      expect(await conn.execute(query).tuples()).toEqual([
        [2, 1, 30],
        [3, 1, 30],
        [1, 2, 80],
        [4, 2, 71],
      ]);
      const inner = select(
        items.c.id,
        func
          .count()
          .over(window("by_active", { orderBy: items.c.id }))
          .label("n"),
      ).subquery("q");
      const outer = select(id, func.count().over(byActive).label("n"), inner.c.n.label("m"))
        .join(inner, inner.c.id.eq(id.add(9)))
        .orderBy(id);
      expect(await conn.execute(outer).tuples()).toEqual([
        [1, 2, 1],
        [2, 1, 2],
        [3, 1, 3],
        [4, 2, 4],
      ]);
    });

    test("[EXP33] functions without parentheses", {}, async (conn) => {
      const [row] = await conn.execute(select(func.now().label("n"), func.currentDate().label("d"))).tuples();
      expect(row?.[0]).toBeInstanceOf(Date);
      expect(row?.[1]).toBe(row?.[0].toISOString().slice(0, 10));
      expect(await conn.execute(select(func.currentTime().label("t"))).scalar()).toMatch(/^\d\d:\d\d:\d\d/);
      expect(await conn.execute(select(func.localTimestamp().label("t"))).scalar()).toBeInstanceOf(Date);
    });

    test("[EXP34] random numbers are from 0 to below 1, another for each row", {}, async (conn) => {
      const found = await conn.execute(select(func.random().label("r")).selectFrom(people)).scalars();
      expect(found.every((value) => value >= 0 && value < 1)).toBe(true);
      expect(new Set(found).size).toBe(4);
    });

    test("[EXP30] functions by name, and a function that does not exist is the database's error", {}, async (conn) => {
      expect(await conn.execute(select(func("nullif", 5, 5).label("v"))).scalar()).toBeNull();
      await expect(conn.execute(select(func("no_such_function_at_all").label("v"))).scalar()).rejects.toThrow();
    });

    test("[EXP12] an absorbing constant decides, and text with OR keeps its parentheses inside AND", {}, async (conn) => {
      const text = sql`${age} = 30 OR ${age} = 50`;
      const query = select(id)
        .where(text as never, active.not())
        .orderBy(id);
      expect(await conn.execute(query).scalars()).toEqual([3]);
      expect(await conn.execute(select(case_([[null_() as never, 1]], 2).label("v"))).scalar()).toBe(2);
    });
  },
};
