// Queries as a file of a project: as a user writes them, for measuring, or with assertions, for proving that what was measured
// are the right types.

const EXACTLY = `type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function exactly<Expected>(): <Actual>(value: Actual, ...differs: Equal<Actual, Expected> extends true ? [] : [never]) => void;`;

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
    const asserted = [...query.readings, `exactly<${query.type}>()(r);`, "// @ts-expect-error", `${query.wrong};`];
    return functionOf(query, q, [...asserted, `return [statement${query.part ? ", part" : ""}] as const;`]);
  });
  return [prelude, EXACTLY, ...functions].join("\n");
}

function functionOf({ part, statement, reader }, q, lines) {
  const body = [`const statement = ${statement};`, `const r = await conn.execute(statement).${reader}();`, ...lines];
  if (part) body.unshift(`const part = ${part};`);
  return `export async function q${q}() {\n  ${body.join("\n  ")}\n}`;
}
