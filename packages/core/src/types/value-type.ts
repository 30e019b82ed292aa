import { DataError } from "../errors/index.js";
import { internAtom, internPair, isCurrent, uniqueShape } from "../visit/intern.js";
import { ColumnDef } from "./column-def.js";

/** Turns one value into another; never called with null. */
export type Conversion = (value: unknown) => unknown;

/** What a value type may ask of the dialect that it is used with: no more than its name, so that types stay independent. */
export interface TypeHost {
  readonly name: string;
}

/**
 * A value type: what a column holds and how its values travel. A value passes two stations on its way to the database:
 *
 * 1. the type's own `toDatabase` checks the JavaScript value and brings it to the type's canonical form (the same on every
 *    database, e.g. a decimal as text);
 * 2. the dialect's rule for the type's `name` turns the canonical form into what the driver takes.
 *
 * A result goes the same way back. The DDL name comes from the dialect's rule as well, unless the type says it itself.
 *
 * A value type is a column definition too, so that `integer().primaryKey()` reads well.
 */
export abstract class ValueType<out T, out I = T> extends ColumnDef<T, I, never> {
  /** What dialects know the type by: `"integer"`, `"numeric"`. */
  abstract readonly name: string;
  /** The arguments that make two types of one name different, in a fixed order. */
  readonly args: readonly (string | number | boolean | undefined)[];
  private memoShape = 0;

  constructor(args: readonly (string | number | boolean | undefined)[] = []) {
    super(undefined, {});
    this.args = args;
  }

  /** A number that equal types share; part of statement keys. */
  get shape(): number {
    if (!isCurrent(this.memoShape)) {
      let id = classShape(this.constructor);
      for (const arg of this.args) id = internPair(id, internAtom(arg));
      this.memoShape = id;
    }
    return this.memoShape;
  }

  /**
   * Checks a JavaScript value and brings it to canonical form. Undefined means: taken as it is.
   * Throws {@link DataError} for a value that the type cannot take; `refuse` makes it.
   */
  toDatabase(_host: TypeHost): Conversion | undefined {
    return undefined;
  }

  /** Turns a canonical value into the JavaScript value of the row. Undefined means: taken as it is. */
  fromDatabase(_host: TypeHost): Conversion | undefined {
    return undefined;
  }

  /** The DDL of the type on a dialect, where the type itself knows it; else the dialect's rule says it. */
  ddl(_host: TypeHost): string | undefined {
    return undefined;
  }

  /** The error for a value that the type cannot take. */
  refuse(value: unknown, why: string): DataError {
    return new DataError(`${this} cannot take ${describe(value)}: ${why}.`, { code: "VALUE_REFUSED" });
  }

  /** The error for a value of the database that is none of the type. */
  unreadable(value: unknown): DataError {
    return new DataError(`${this} cannot read ${describe(value)}, which the database holds.`, {
      code: "VALUE_UNREADABLE",
      remedy: "Declare the column with the type of what it holds, or correct the row.",
    });
  }

  /** `integer`, `numeric(10, 2)`. */
  override toString(): string {
    const args = this.args.filter((arg) => arg !== undefined);
    return args.length === 0 ? this.name : `${this.name}(${args.join(", ")})`;
  }
}

function describe(value: unknown): string {
  if (typeof value === "string")
    return value.length > 80 ? `${JSON.stringify(value.slice(0, 80))}...` : JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? "an invalid Date" : `the Date ${value.toISOString()}`;
  return `a value of class ${value.constructor?.name ?? "Object"}`;
}

const classShapes = new WeakMap<object, number>();

function classShape(typeClass: object): number {
  let id = classShapes.get(typeClass);
  if (id === undefined) {
    id = uniqueShape();
    classShapes.set(typeClass, id);
  }
  return id;
}
