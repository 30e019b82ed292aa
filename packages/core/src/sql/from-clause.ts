import { NoSuchColumnError } from "../errors/index.js";
import { type BindRope, FromBinds, Node } from "../visit/node.js";
import type { Column } from "./column.js";
import type { row, src } from "./protocols.js";

/** The name of a FROM item that was given none; the compiler finds one: `anon_1`. */
export const ANONYMOUS = "";

/** The columns of a FROM item by name. */
export type Columns<S extends string, R> = { readonly [K in keyof R]: Column<R[K], S, K & string> };

/**
 * Something that stands in FROM under a name: a table, an alias, a subquery, a CTE. All of them are the same type: a name
 * and a plain row type. Their columns are in `.c`.
 */
export abstract class FromClause<out S extends string = string, out R = unknown> extends Node {
  declare readonly [src]: S;
  declare readonly [row]: R;
  private memoColumns: Columns<S, R> | undefined = undefined;
  private memoList: readonly Column<unknown, string, string>[] | undefined = undefined;

  /** The name under which columns refer to it. */
  abstract readonly name: S;

  /** Makes the columns, in order. Called once. */
  protected abstract makeColumns(): readonly Column<unknown, string, string>[];

  /** The columns by key: `users.c.id`. Reading one that does not exist throws a NoSuchColumnError. */
  get c(): Columns<S, R> {
    this.memoColumns ??= columnMap(this.name, this.makeColumns()) as Columns<S, R>;
    return this.memoColumns;
  }

  /** The columns in order. */
  get columns(): readonly Column<unknown, string, string>[] {
    this.memoList ??= Object.values(this.c) as Column<unknown, string, string>[];
    return this.memoList;
  }

  protected override computeBinds(): BindRope {
    const below = super.computeBinds();
    return below === undefined ? undefined : new FromBinds(below);
  }

  /** The FROM items that this one consists of: itself, or the sides of a join. */
  get parts(): readonly FromClause[] {
    return [this];
  }
}

/**
 * Own properties answer at full speed; only a missing one reaches the prototype, which refuses it. A typo is an error that
 * names the columns there are, not `undefined` in the middle of a query.
 */
function columnMap(name: string, columns: readonly Column<unknown, string, string>[]): object {
  const guard = new Proxy(Object.create(null) as object, {
    get(_target, key) {
      if (typeof key === "symbol" || key === "then" || key === "toJSON") return undefined;
      const known = columns.map((column) => column.key).join(", ");
      throw new NoSuchColumnError(`"${name}" has no column "${key}".`, { remedy: `It has: ${known}.` });
    },
    has: () => false,
  });
  const map = Object.create(guard) as Record<string, unknown>;
  for (const column of columns) {
    if (Object.hasOwn(map, column.key)) {
      throw new NoSuchColumnError(`"${name}" has two columns "${column.key}".`, {
        code: "DUPLICATE_COLUMN",
        remedy: "Give one of them another name with label().",
      });
    }
    map[column.key] = column;
  }
  return map;
}
