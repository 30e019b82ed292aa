import { ArgumentError } from "../errors/index.js";
import { toExpression } from "../sql/coerce.js";
import { Column } from "../sql/column.js";
import { BOOLEAN } from "../sql/elements.js";
import type { Order } from "../sql/order.js";
import { toOrderElement } from "../sql/order.js";
import type { Bool, Item, Typed } from "../sql/protocols.js";
import { sql } from "../sql/text.js";
import type { Lazy, ReferenceOptions } from "../types/column-def.js";
import { iterate } from "../visit/walk.js";
import {
  CheckConstraint,
  ForeignKeyConstraint,
  Index,
  type IndexOptions,
  PrimaryKeyConstraint,
  UniqueConstraint,
} from "./constraint.js";

/** A constraint or index in the making: what the functions below give to a table's options. */
export type TablePart = PrimaryKeyConstraint | UniqueConstraint | CheckConstraint | ForeignKeyConstraint | Index;

function columnsOf(items: readonly unknown[]): readonly Column[] {
  return items.map((item) => {
    if (item instanceof Column) return item;
    throw new ArgumentError("A constraint is made of columns of its table.", { code: "NOT_A_COLUMN" });
  });
}

/**
 * Names the primary key, or says the order of its columns. The columns themselves are marked with `.primaryKey()`.
 *
 * @example
 * ```ts
 * new Table("lines", metadata, { orderId: integer().primaryKey(), line: integer().primaryKey() }, {
 *   constraints: (c) => [primaryKey([c.line, c.orderId], { name: "lines_pk" })],
 * });
 * ```
 * SQL: `CONSTRAINT lines_pk PRIMARY KEY (line, "orderId")`
 */
export function primaryKey(
  columns: Item | readonly Item[],
  options: { readonly name?: string } = {},
): PrimaryKeyConstraint {
  return new PrimaryKeyConstraint(columnsOf(Array.isArray(columns) ? columns : [columns]), options.name);
}

/** `UNIQUE (a, b)` over columns of the table. */
export function unique(columns: Item | readonly Item[], options: { readonly name?: string } = {}): UniqueConstraint {
  return new UniqueConstraint(columnsOf(Array.isArray(columns) ? columns : [columns]), options.name);
}

/** `CHECK (condition)`: an expression over columns of the table, or SQL text. */
export function check(condition: Typed<Bool> | string, options: { readonly name?: string } = {}): CheckConstraint {
  const expression = typeof condition === "string" ? sql.text(condition) : toExpression(condition, BOOLEAN);
  const columns = [...iterate(expression)].filter((node) => node instanceof Column);
  return new CheckConstraint(expression, options.name, columns);
}

/** A foreign key over several columns: `foreignKey([c.orderId, c.line], () => [lines.c.orderId, lines.c.line])`. */
export function foreignKey(
  columns: readonly Item[],
  targets: Lazy,
  options: ReferenceOptions = {},
): ForeignKeyConstraint {
  return new ForeignKeyConstraint(columnsOf(columns), () => columnsOf(targets() as readonly unknown[]), options);
}

/** An index over columns or expressions: `index([c.name, c.createdAt.desc()], { unique: true })`. */
export function index(
  elements: Item | Order | readonly (Item | Order)[],
  options: Omit<IndexOptions, "where"> & { readonly where?: Typed<Bool> } = {},
): Index {
  const { where, ...rest } = options;
  const list = Array.isArray(elements) ? elements : [elements];
  return new Index(
    list.map(toOrderElement),
    where === undefined ? rest : { ...rest, where: toExpression(where, BOOLEAN) },
  );
}
