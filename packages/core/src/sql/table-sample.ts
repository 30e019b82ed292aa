import { ArgumentError } from "../errors/index.js";
import { declareNode } from "../visit/node.js";
import { toFrom } from "./coerce.js";
import { Column } from "./column.js";
import { FromClause } from "./from-clause.js";
import type { row, Source } from "./protocols.js";

/** How rows of a table are sampled: `bernoulli` decides about each row, `system` about blocks of rows (faster, less even). */
export type SampleMethod = "bernoulli" | "system";

/** Some rows of a table, chosen by chance: `users AS u TABLESAMPLE SYSTEM (10) REPEATABLE (5)`. */
export class TableSample<out S extends string = string, out R = unknown> extends FromClause<S, R> {
  readonly element: FromClause<string, R>;
  readonly name: S;
  readonly percent: number;
  readonly method: SampleMethod;
  readonly seed: number | undefined;

  constructor(element: FromClause<string, R>, name: S, percent: number, method: SampleMethod, seed?: number) {
    super();
    this.element = element;
    this.name = name;
    this.percent = percent;
    this.method = method;
    this.seed = seed;
  }

  static {
    declareNode(TableSample, "tableSample", {
      element: "node",
      name: "atom",
      percent: "atom",
      method: "atom",
      seed: "atom",
    });
  }

  protected override makeColumns(): readonly Column[] {
    return this.element.columns.map((column) => new Column(this, column.key, column.facts, column.origin ?? column));
  }
}

/**
 * A sample of a table's rows, in percent, under a name of its own. With a seed the same rows come again as long as the table
 * does not change.
 *
 * @example
 * ```ts
 * const some = tableSample(users, "some", 10, { method: "bernoulli", seed: 5 });
 * select(some.c.id)
 * ```
 * SQL: `FROM users AS some TABLESAMPLE BERNOULLI (10) REPEATABLE (5)`; `users SAMPLE (10) SEED (5) some` on Oracle;
 * `TABLESAMPLE (10 PERCENT)` on SQL Server, which has `system` only. MySQL, MariaDB and SQLite have none and refuse it.
 */
export function tableSample<const A extends string, R>(
  table: Source<string> & { readonly [row]: R },
  name: A,
  percent: number,
  options: { readonly method?: SampleMethod; readonly seed?: number } = {},
): TableSample<A, R> {
  if (!(percent >= 0 && percent <= 100)) {
    throw new ArgumentError(`A sample is of 0 to 100 percent, not ${percent}.`, { code: "BAD_SAMPLE" });
  }
  if (options.seed !== undefined && !Number.isSafeInteger(options.seed))
    throw new ArgumentError("The seed of a sample is a whole number.", { code: "BAD_SAMPLE" });
  return new TableSample<A, R>(
    toFrom(table) as FromClause<string, R>,
    name,
    percent,
    options.method ?? "system",
    options.seed,
  );
}
