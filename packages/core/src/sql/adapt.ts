import { ArgumentError } from "../errors/index.js";
import type { Node } from "../visit/node.js";
import { replace } from "../visit/replace.js";
import { toFrom } from "./coerce.js";
import { Column } from "./column.js";
import { Cte, Subquery } from "./derived.js";
import { Label } from "./elements.js";
import type { FromClause } from "./from-clause.js";
import type { Source } from "./protocols.js";

/** The columns of a FROM item by what they stand for: the expressions of its query, and the columns of tables below them. */
class Correspondence {
  private readonly target: FromClause;
  private readonly direct = new Map<number, Column>();
  private readonly distant = new Map<number, Column | undefined>();

  constructor(target: FromClause) {
    this.target = target;
    const items = target instanceof Subquery || target instanceof Cte ? target.query.resultItems : [];
    target.columns.forEach((column, i) => {
      const item = items[i];
      const offered = item instanceof Label ? item.operand : item;
      if (offered !== undefined) this.direct.set(offered.shape, column);
      const origin = offered instanceof Column ? (offered.origin ?? offered) : column.origin;
      if (origin === undefined) return;
      const root = origin.shape;
      // Two columns of the query stand for the same column of a table: nobody can say which is meant.
      this.distant.set(root, this.distant.has(root) ? undefined : column);
    });
  }

  find(column: Column): Column | undefined {
    if (column.from.shape === this.target.shape) return undefined;
    const direct = this.direct.get(column.shape);
    if (direct !== undefined) return direct;
    const root = (column.origin ?? column).shape;
    if (!this.distant.has(root)) return undefined;
    const distant = this.distant.get(root);
    if (distant !== undefined) return distant;
    throw new ArgumentError(`"${this.target.name}" has more than one column for ${String(column)}.`, {
      code: "AMBIGUOUS_COLUMN",
      remedy: "Name the column that is meant: target.c.name.",
    });
  }
}

/**
 * Copies an expression or statement so that it speaks of `target` instead of the tables that `target` stands for: each column
 * that an alias, subquery or CTE offers is replaced by the offered one. Columns that it does not offer stay.
 *
 * Throws ArgumentError (`AMBIGUOUS_COLUMN`) where two columns of the target stand for the same one.
 *
 * @example
 * ```ts
 * const adult = users.c.age.ge(18);
 * const recent = select(users.c.id, users.c.age).orderBy(users.c.id.desc()).limit(10).subquery("recent");
 * select(recent.c.id).where(adaptColumns(adult, recent))
 * ```
 * SQL: `SELECT recent.id FROM (SELECT ...) AS recent WHERE recent.age >= :age_1`
 */
export function adaptColumns<N extends Node>(node: N, target: Source<string>): N {
  const correspondence = new Correspondence(toFrom(target));
  return replace(node, (part) => (part instanceof Column ? correspondence.find(part) : undefined));
}
