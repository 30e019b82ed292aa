// Queries as a file of a project: as a user writes them, for measuring, or with assertions, for proving that what was measured
// are the right types.
//
// A kind of query makes, from the number `q` of the query and the numbers `a`, `b`, `c` of its tables or entities:
//   statement   what is executed; `part` is something that it is made of
//   result      how its result is read, if not by `all()`
//   readings    two or three annotated readings of the result `r`, as in a user's program
//   type        what the result must be, exactly
//   wrong       a mistake that must be an error

const EXACTLY = `type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function exactly<Expected>(): <Actual>(value: Actual, ...differs: Equal<Actual, Expected> extends true ? [] : [never]) => void;`;

/**
 * So many queries of all kinds in turn, over changing ones of the first 25 tables or entities. `b` and `c` follow upon `a` in
 * the ring; none lies beyond its 25th, so that the same queries can be asked of a larger ring.
 */
export function queriesOf(kinds, count) {
  return Array.from({ length: count }, (_, q) => {
    const kind = q % kinds.length;
    const a = (Math.floor(q / kinds.length) * 3 + kind) % 23;
    return kinds[kind]({ q, a, b: a + 1, c: a + 2 });
  });
}

/** The queries, each in a function of its own, behind the prelude that they need. */
export function plainQueries(prelude, queries) {
  return [prelude, ...queries.map((query, q) => functionOf(query, q, query.readings))].join("\n");
}

/**
 * The same queries with their exact result types asserted, and with each a mistake that must be an error. The functions return
 * the statements, so that declarations can be made only if every type in them can be named from outside the package.
 */
export function assertedQueries(prelude, queries) {
  const functions = queries.map((query, q) => {
    const made = ["part", "statement"].filter((name) => query[name]);
    const asserted = [`exactly<${query.type}>()(r);`, "// @ts-expect-error", `${query.wrong};`];
    return functionOf(query, q, [...query.readings, ...asserted, `return [${made.join(", ")}] as const;`]);
  });
  return [prelude, EXACTLY, ...functions].join("\n");
}

function functionOf({ part, statement, result = "conn.execute(statement).all()" }, q, lines) {
  const body = [`const r = await ${result};`, ...lines];
  if (statement) body.unshift(`const statement = ${statement};`);
  if (part) body.unshift(`const part = ${part};`);
  return `export async function q${q}() {\n  ${body.join("\n  ")}\n}`;
}
