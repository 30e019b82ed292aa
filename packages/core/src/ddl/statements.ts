import type { Constraint, Index } from "../schema/constraint.js";
import type { AnyTable } from "../schema/table.js";
import type { Column } from "../sql/column.js";
import { operations } from "../sql/late.js";
import type { row, tup } from "../sql/protocols.js";
import { uniqueShape } from "../visit/intern.js";
import { declareNode, Node } from "../visit/node.js";

/**
 * A statement that changes the schema. It is executed like every other one, and prints itself. Extend it for statements of
 * your own: declare a kind that begins with `ddl`, and register how it is compiled with `compiles`.
 */
export abstract class DdlStatement extends Node {
  declare readonly [row]: never;
  declare readonly [tup]: readonly unknown[];

  /** It is executed once: nothing is gained by finding it again. */
  override get isIdentity(): boolean {
    return true;
  }

  protected override computeShape(): number {
    return uniqueShape();
  }

  override toString(): string {
    return operations.print(this);
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `${this.constructor.name} { ${this.toString()} }`;
  }
}

/** Options of {@link CreateTable}. */
export interface CreateTableOptions {
  readonly ifNotExists?: boolean;
  /** Constraints that are left out, because they are added later. */
  readonly without?: readonly Constraint[];
}

/**
 * `CREATE TABLE` with columns and constraints. Indexes are statements of their own: {@link CreateIndex}.
 *
 * @example
 * ```ts
 * String(new CreateTable(users));
 * await conn.execute(new CreateTable(users, { ifNotExists: true }));
 * ```
 */
export class CreateTable extends DdlStatement {
  readonly table: AnyTable;
  readonly options: CreateTableOptions;

  constructor(table: AnyTable, options: CreateTableOptions = {}) {
    super();
    this.table = table;
    this.options = options;
  }

  static {
    declareNode(CreateTable, "ddlCreateTable", { table: "node", options: "data" });
  }
}

/** Options of statements that drop something. */
export interface DropOptions {
  readonly ifExists?: boolean;
  /** Drops what depends on it as well, where the database has CASCADE. */
  readonly cascade?: boolean;
}

/** `DROP TABLE` */
export class DropTable extends DdlStatement {
  readonly table: AnyTable;
  readonly options: DropOptions;

  constructor(table: AnyTable, options: DropOptions = {}) {
    super();
    this.table = table;
    this.options = options;
  }

  static {
    declareNode(DropTable, "ddlDropTable", { table: "node", options: "data" });
  }
}

/** Options of {@link CreateIndex}. */
export interface CreateIndexOptions {
  readonly ifNotExists?: boolean;
  /** PostgreSQL: without locking writers out, and outside of a transaction. */
  readonly concurrently?: boolean;
}

/** `CREATE [UNIQUE] INDEX name ON table (...)` */
export class CreateIndex extends DdlStatement {
  readonly index: Index;
  readonly options: CreateIndexOptions;

  constructor(index: Index, options: CreateIndexOptions = {}) {
    super();
    this.index = index;
    this.options = options;
  }

  static {
    declareNode(CreateIndex, "ddlCreateIndex", { index: "data", options: "data" });
  }
}

/** Options of {@link DropIndex}. */
export interface DropIndexOptions {
  readonly ifExists?: boolean;
  /** PostgreSQL: without locking readers and writers out, and outside of a transaction. */
  readonly concurrently?: boolean;
}

/** `DROP INDEX name` */
export class DropIndex extends DdlStatement {
  readonly index: Index;
  readonly options: DropIndexOptions;

  constructor(index: Index, options: DropIndexOptions = {}) {
    super();
    this.index = index;
    this.options = options;
  }

  static {
    declareNode(DropIndex, "ddlDropIndex", { index: "data", options: "data" });
  }
}

/** `ALTER TABLE table ADD CONSTRAINT ...`. SQLite cannot. */
export class AddConstraint extends DdlStatement {
  readonly constraint: Constraint;

  constructor(constraint: Constraint) {
    super();
    this.constraint = constraint;
  }

  static {
    declareNode(AddConstraint, "ddlAddConstraint", { constraint: "data" });
  }
}

/** Options of {@link DropConstraint}. */
export interface DropConstraintOptions extends DropOptions {
  /** The constraint's name in the database, where it is not the one that the table gives it. */
  readonly name?: string;
}

/** `ALTER TABLE table DROP CONSTRAINT name`. SQLite cannot. */
export class DropConstraint extends DdlStatement {
  readonly constraint: Constraint;
  readonly options: DropConstraintOptions;

  constructor(constraint: Constraint, options: DropConstraintOptions = {}) {
    super();
    this.constraint = constraint;
    this.options = options;
  }

  static {
    declareNode(DropConstraint, "ddlDropConstraint", { constraint: "data", options: "data" });
  }
}

/** `COMMENT ON TABLE table IS '...'`: sets the table's comment, or takes it away when the table has none. */
export class SetTableComment extends DdlStatement {
  readonly table: AnyTable;

  constructor(table: AnyTable) {
    super();
    this.table = table;
  }

  static {
    declareNode(SetTableComment, "ddlSetTableComment", { table: "node" });
  }
}

/** `COMMENT ON COLUMN table.column IS '...'`: sets the column's comment, or takes it away when the column has none. */
export class SetColumnComment extends DdlStatement {
  readonly column: Column;

  constructor(column: Column) {
    super();
    this.column = column;
  }

  static {
    declareNode(SetColumnComment, "ddlSetColumnComment", { column: "node" });
  }
}

/** `CREATE SCHEMA name` */
export class CreateSchema extends DdlStatement {
  readonly name: string;
  readonly options: { readonly ifNotExists?: boolean };

  constructor(name: string, options: { readonly ifNotExists?: boolean } = {}) {
    super();
    this.name = name;
    this.options = options;
  }

  static {
    declareNode(CreateSchema, "ddlCreateSchema", { name: "atom", options: "data" });
  }
}

/** `DROP SCHEMA name` */
export class DropSchema extends DdlStatement {
  readonly name: string;
  readonly options: DropOptions;

  constructor(name: string, options: DropOptions = {}) {
    super();
    this.name = name;
    this.options = options;
  }

  static {
    declareNode(DropSchema, "ddlDropSchema", { name: "atom", options: "data" });
  }
}

/** A DDL statement as text, for what the toolkit has no class for: triggers, grants, settings. */
export class DdlText extends DdlStatement {
  readonly text: string;

  constructor(text: string) {
    super();
    this.text = text;
  }

  static {
    declareNode(DdlText, "ddlText", { text: "atom" });
  }
}
