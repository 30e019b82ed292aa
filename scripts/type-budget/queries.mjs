// Queries as files of a project: as a user writes them, for measuring, or with exact assertions, for proving that the types
// measured are the right ones.

const EXACTLY = `type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function exactly<Expected>(): <Actual>(value: Actual, ...differs: Equal<Actual, Expected> extends true ? [] : [never]) => void;`;

/** The queries in functions of their own, behind the prelude that they need. */
export function plainQueries(prelude, queries) {
  return [prelude, ...queries.map((query, q) => functionOf(query, q, query.reads))].join("\n");
}

/** The same queries with their exact result types asserted, and after each a mistake that must be an error. */
export function assertedQueries(prelude, queries) {
  const functions = queries.map((query, q) =>
    functionOf(query, q, [...query.reads, `exactly<${query.type}>()(r);`, "// @ts-expect-error", `${query.wrong};`]),
  );
  return [prelude, EXACTLY, ...functions].join("\n");
}

function functionOf({ before, result }, q, lines) {
  const body = [...(before ? [before] : []), `const r = ${result};`, ...lines];
  return `export function q${q}() {\n  ${body.join("\n  ")}\n}`;
}
