/**
 * `npm run bench -- --only growth`: whether the time to build and compile a statement grows in step with its size. Each shape
 * is compiled in a small and in a large size; the figure is the CPU time of one element in the large one over that in the
 * small one: 1 is linear, 10 would be quadratic.
 */

import {
  and,
  dialectByName,
  type Expression,
  insert,
  integer,
  literal,
  MetaData,
  type Node,
  or,
  type Predicate,
  select,
  string,
  Table,
} from "@acme/core";
import "@acme/dialect-sqlite";
import { median } from "./harness/statistics.js";
import { ratio, table } from "./report/table.js";

const sqlite = dialectByName("sqlite");
const things = new Table("things", new MetaData(), { id: integer().primaryKey(), name: string(50), size: integer() });
const { id, name, size } = things.c;
const range = (length: number): readonly number[] => Array.from({ length }, (_, i) => i);

interface Shape {
  readonly title: string;
  readonly small: number;
  readonly large: number;
  make(count: number): Node;
}

const shapes: readonly Shape[] = [
  { title: "IN list, elements", small: 500, large: 5_000, make: (n) => select(id).where(id.in(range(n))) },
  {
    title: "OR, terms",
    small: 100,
    large: 1_000,
    make: (n) => select(id).where(or(...range(n).map((i) => size.eq(i)))),
  },
  {
    title: "AND of ORs, terms",
    small: 100,
    large: 1_000,
    make: (n) => select(id).where(and(...range(n).map((i) => or(size.gt(i), name.ne("x"))))),
  },
  {
    title: "arithmetic, levels",
    small: 30,
    large: 300,
    make: (n) =>
      select(
        range(n)
          .reduce<Expression<number, string, string>>((inner) => size.sub(inner), size)
          .label("x"),
      ),
  },
  {
    title: "conditions, levels",
    small: 30,
    large: 300,
    make: (n) =>
      select(id).where(
        range(n).reduce<Predicate>(
          (inner, i) => (i % 2 === 0 ? or(inner, id.eq(i)) : and(inner, size.ne(i))),
          id.gt(0),
        ),
      ),
  },
  {
    title: "subqueries in FROM, levels",
    small: 30,
    large: 300,
    make: (n) =>
      range(n).reduce<Node & Pick<ReturnType<typeof base>, "subquery">>((inner, i) => {
        const from = inner.subquery(`s${i}`);
        return select(from.c.id, from.c.size).where(from.c.id.gt(i)) as unknown as ReturnType<typeof base>;
      }, base()),
  },
  {
    title: "table, columns",
    small: 200,
    large: 2_000,
    make: (n) =>
      select(
        ...new Table("wide", new MetaData(), Object.fromEntries(range(n).map((i) => [`c${i}`, integer()]))).columns,
      ),
  },
  {
    title: "VALUES with expressions, rows",
    small: 100,
    large: 1_000,
    make: (n) => insert(things).valuesList(range(n).map((i) => ({ id: literal(i), name: "x", size: i }))),
  },
];

function base() {
  return select(id, size);
}

/** CPU nanoseconds to build, key and compile one statement of the shape, a fresh one each time. */
function cost(shape: Shape, count: number, times: number): number {
  const cpu = process.cpuUsage();
  for (let i = 0; i < times; i++) {
    const statement = shape.make(count);
    sqlite.compile(statement).render(statement);
  }
  const used = process.cpuUsage(cpu);
  return ((used.user + used.system) * 1000) / times;
}

/** The table of all shapes. */
export function growthReport(quick: boolean): string {
  const rounds = quick ? 3 : 9;
  const rows = shapes.map((shape) => {
    const smallTimes = quick ? 20 : 60;
    const largeTimes = Math.max(2, Math.round(smallTimes / 10));
    cost(shape, shape.small, smallTimes);
    cost(shape, shape.large, largeTimes);
    const growth: number[] = [];
    const each: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const small = cost(shape, shape.small, smallTimes) / shape.small;
      const large = cost(shape, shape.large, largeTimes) / shape.large;
      growth.push(large / Math.max(1, small));
      each.push(large);
    }
    return [`${shape.title}: ${shape.small} to ${shape.large}`, `${median(each).toFixed(0)} ns`, ratio(median(growth))];
  });
  return `## Compile time by size: CPU time of one element when large, and that over the same when small (1 is linear)\n\n${table(["shape", "each", "growth"], rows)}`;
}
