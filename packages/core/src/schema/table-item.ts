import { InvalidRequestError } from "../errors/index.js";
import type { Column } from "../sql/column.js";
import type { AnyTable } from "./table.js";

/** What constraints and indexes have in common: a name, perhaps, and a table that they belong to. */
export abstract class TableItem {
  /** The name as given; undefined leaves it to the naming convention, and without one to the database. */
  readonly name: string | undefined;
  private owner: AnyTable | undefined = undefined;

  constructor(name: string | undefined) {
    this.name = name;
  }

  /** What naming conventions know it by. */
  abstract readonly conventionKey: "pk" | "uq" | "fk" | "ck" | "ix";

  /** The columns that it speaks of. */
  abstract readonly columns: readonly Column[];

  /** The table it belongs to. */
  get table(): AnyTable {
    this.owner ??= this.columns[0]?.from as AnyTable | undefined;
    if (this.owner) return this.onlyOf(this.owner);
    throw new InvalidRequestError(`${this.constructor.name} ${this.name ?? ""} belongs to no table.`, {
      code: "NO_TABLE",
      remedy: "Give it to a table with the option constraints.",
    });
  }

  /** Called by the table that takes it in. */
  attach(table: AnyTable): void {
    this.owner = this.onlyOf(table);
  }

  private onlyOf(table: AnyTable): AnyTable {
    const stranger = this.columns.find((column) => column.from !== (table as Column["from"]));
    if (stranger === undefined && (this.owner === undefined || this.owner === table)) return table;
    const other = stranger === undefined ? this.owner?.fullName : stranger.from.name;
    throw new InvalidRequestError(
      `${this.constructor.name} ${this.name ?? ""} of "${table.fullName}" speaks of columns of "${other}".`,
      { code: "FOREIGN_TABLE_ITEM", remedy: "A constraint or index is made of columns of its own table." },
    );
  }
}
