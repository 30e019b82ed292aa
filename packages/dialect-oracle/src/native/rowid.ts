import {
  Column,
  CompileError,
  compiles,
  declareNode,
  type ExpressionNode,
  type FromClause,
  func,
  string,
} from "@acme/core/dialect";
import type { OracleCompiler } from "../compiler.js";
import { OracleType } from "./oracle-type.js";

/** Addresses of rows. Made by {@link rowid}. */
export class Rowid extends OracleType<string> {
  constructor() {
    super(string(18), "ROWID");
  }

  override bindExpression(value: ExpressionNode): ExpressionNode {
    return func("CHARTOROWID", value) as ExpressionNode;
  }
}

/** The address of a row of an ordinary table, as text of 18 characters. DDL: `ROWID`. */
export function rowid(): Rowid {
  return new Rowid();
}

/** The address of a row of any table, also of one that is organized by its key or is another database's. DDL: `UROWID(4000)`. */
export function urowid(size = 4000): OracleType<string> {
  return new OracleType<string>(string(size), `UROWID(${size})`, { castName: "UROWID" });
}

/** The pseudocolumn ROWID of a FROM item. Made by {@link rowidOf}. */
export class RowidColumn<out S extends string = string> extends Column<string, S, "rowid"> {
  static {
    declareNode(RowidColumn, "column", { from: "ref", key: "atom", facts: "data", origin: "data" });
  }
}

compiles(RowidColumn, "default", (_node, compiler) => {
  throw new CompileError(`${compiler.dialect.name} has no ROWID.`, {
    code: "UNSUPPORTED",
    remedy: "Use the primary key.",
  });
});
compiles(RowidColumn, "oracle", (node, compiler) => (compiler as OracleCompiler).rowid(node));

const FACTS = { name: "ROWID", type: rowid(), nullable: false, primaryKey: false } as const;

/**
 * The address of a row: the fastest way to come back to it while it is locked. It changes when the row moves.
 *
 * @example
 * ```ts
 * select(rowidOf(users), users.c.name).forUpdate()
 * update(users).set({ name: "x" }).where(rowidOf(users).eq("AAAR3sAAEAAAACXAAA"))
 * ```
 * SQL: `SELECT users.ROWID, users.name FROM users FOR UPDATE`, `... WHERE users.ROWID = CHARTOROWID(:2)`
 */
export function rowidOf<S extends string>(from: FromClause<S>): RowidColumn<S> {
  return new RowidColumn<S>(from, "rowid", FACTS);
}
