import { InvalidRequestError } from "../errors/index.js";
import { Column } from "../sql/column.js";
import type { ExpressionNode } from "../sql/expression.js";
import type { ReferenceOptions } from "../types/column-def.js";
import type { Node } from "../visit/node.js";
import { iterate } from "../visit/walk.js";
import { TableItem } from "./table-item.js";

/** A primary key, unique, foreign key or check constraint of a table. */
export abstract class Constraint extends TableItem {
  /** The columns it is about. */
  readonly columns: readonly Column[];

  constructor(columns: readonly Column[], name: string | undefined) {
    super(name);
    this.columns = columns;
  }
}

/** `PRIMARY KEY (a, b)` */
export class PrimaryKeyConstraint extends Constraint {
  readonly conventionKey = "pk";
}

/** `UNIQUE (a, b)` */
export class UniqueConstraint extends Constraint {
  readonly conventionKey = "uq";
}

/** `CHECK (condition)` */
export class CheckConstraint extends Constraint {
  readonly conventionKey = "ck";
  /** The condition: an expression, or SQL text. */
  readonly condition: ExpressionNode;

  constructor(condition: ExpressionNode, name: string | undefined, columns: readonly Column[] = []) {
    super(columns, name);
    this.condition = condition;
  }
}

/** `FOREIGN KEY (a) REFERENCES other (id)`. Its target is looked up when first needed. */
export class ForeignKeyConstraint extends Constraint {
  readonly conventionKey = "fk";
  readonly options: ReferenceOptions;
  private readonly findTargets: () => readonly Column[];
  private memoTargets: readonly Column[] | undefined = undefined;

  constructor(columns: readonly Column[], findTargets: () => readonly Column[], options: ReferenceOptions) {
    super(columns, options.name);
    this.findTargets = findTargets;
    this.options = options;
  }

  /** The referred columns, in the order of `columns`. */
  get targets(): readonly Column[] {
    this.memoTargets ??= this.checked(this.findTargets());
    return this.memoTargets;
  }

  /** The table that is referred to. */
  get targetTable(): Column["from"] {
    return (this.targets[0] as Column).from;
  }

  private checked(targets: readonly Column[]): readonly Column[] {
    const table = targets[0]?.from;
    if (
      targets.length !== this.columns.length ||
      table === undefined ||
      targets.some((column) => column.from !== table)
    ) {
      const names = this.columns.map((column) => column.key).join(", ");
      throw new InvalidRequestError(
        `The foreign key (${names}) of "${this.columns[0]?.from.name}" does not refer to as many columns of one table.`,
        { code: "BAD_FOREIGN_KEY" },
      );
    }
    return targets;
  }
}

/** A value of an option for one dialect. */
export type DialectOption =
  | string
  | number
  | boolean
  | readonly string[]
  | Readonly<Record<string, string | number | boolean>>;

/** Options for one dialect each, by its name: `{ postgresql: { using: "gin" }, mysql: { using: "hash" } }`. */
export type DialectOptions = Readonly<Record<string, Readonly<Record<string, DialectOption>>>>;

/** Options of an index. */
export interface IndexOptions {
  /** What one dialect alone can say of an index; each dialect refuses options of its own that it does not know. */
  readonly dialectOptions?: DialectOptions;
  readonly name?: string;
  readonly unique?: boolean;
  /** A partial index: only rows for which the condition holds, where the database has such indexes. */
  readonly where?: ExpressionNode;
}

/** An index of a table over columns or expressions. */
export class Index extends TableItem {
  readonly conventionKey = "ix";
  readonly elements: readonly Node[];
  readonly unique: boolean;
  readonly where: ExpressionNode | undefined;
  readonly dialectOptions: DialectOptions;

  constructor(elements: readonly Node[], options: IndexOptions) {
    super(options.name);
    this.elements = elements;
    this.unique = options.unique ?? false;
    this.where = options.where;
    this.dialectOptions = options.dialectOptions ?? {};
  }

  /** The columns that its elements speak of, in order. */
  get columns(): readonly Column[] {
    return this.elements.flatMap((element) => [...iterate(element)].filter((node) => node instanceof Column));
  }
}
