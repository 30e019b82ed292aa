/** Lines up to this length are left alone. */
const WIDTH = 110;
const CLAUSES =
  / (?=(?:FROM|WHERE|GROUP BY|HAVING|WINDOW|ORDER BY|LIMIT|OFFSET|FETCH|UNION|INTERSECT|EXCEPT|MINUS|(?<!UPDATE )SET|VALUES(?= )|OUTPUT|RETURNING|ON CONFLICT|ON DUPLICATE|USING|WHEN (?:NOT )?MATCHED|LEFT OUTER JOIN|FULL OUTER JOIN|CROSS JOIN|(?<!OUTER |CROSS )JOIN|OUTER APPLY|CROSS APPLY|FOR UPDATE|OPTION|SELECT)\b)/g;

/** SQL broken into lines at its clauses where it is long; clauses of subqueries are indented. */
export function layout(sql: string): string {
  // What has lines already (DDL) is left as it is.
  return sql.includes("\n") ? sql.replaceAll("\t", "  ") : broken(sql, 0).join("\n");
}

function broken(sql: string, depth: number): readonly string[] {
  if (sql.length <= WIDTH || depth > 3) return [sql];
  const cuts = at(sql, CLAUSES, depth);
  if (cuts.length === 0) return list(sql, depth) ?? broken(sql, depth + 1);
  const indent = "  ".repeat(depth);
  return cut(sql, cuts).flatMap((part, i) => {
    const lines = list(part, depth) ?? broken(part, depth + 1);
    return lines.map((line, k) => (i === 0 && k === 0 ? line : indent + line));
  });
}

/** A long select list or list of assignments: an element a line. */
function list(part: string, depth: number): readonly string[] | undefined {
  const commas =
    part.length > WIDTH && /^(?:(?:FROM|(?:LEFT OUTER |FULL OUTER )?JOIN) \(+)?(?:SELECT|SET)\b/.test(part)
      ? at(part, /(?<=,) /g, depth)
      : [];
  if (commas.length === 0) return undefined;
  return cut(part, commas).flatMap((element, i) =>
    broken(element, depth + 1).map((line, k) => (i === 0 && k === 0 ? line : `  ${line}`)),
  );
}

function cut(text: string, cuts: readonly number[]): readonly string[] {
  return [...cuts, text.length].map((end, i) => text.slice(i === 0 ? 0 : (cuts[i - 1] as number) + 1, end));
}

/** Where a pattern is found with so many parentheses open, outside of quotes. */
function at(text: string, pattern: RegExp, depth: number): readonly number[] {
  const depths = depthsOf(text);
  return [...text.matchAll(pattern)].map((match) => match.index).filter((index) => depths[index] === depth);
}

/** How many parentheses are open at each character; -1 within quotes. */
function depthsOf(sql: string): readonly number[] {
  let depth = 0;
  let quote = "";
  return [...sql].map((char) => {
    if (quote !== "") {
      if (char === quote) quote = "";
      return -1;
    }
    if (char === "'" || char === '"' || char === "`") quote = char;
    if (char === ")") depth--;
    const here = depth;
    if (char === "(") depth++;
    return here;
  });
}
