import { type DataError, valueError } from "../errors/index.js";
import type { ExpressionNode } from "../sql/expression.js";
import type { OperatorName } from "../sql/operators.js";
import type { NN } from "../sql/protocols.js";
import { internAtom, internPair, isCurrent, uniqueShape } from "../visit/intern.js";
import { ColumnDef } from "./column-def.js";

type AnyType = ValueType<unknown, unknown>;

let variantOf: (type: AnyType, dialects: string | readonly string[], other: AnyType) => AnyType;

/** Called by `variant.ts`, whose class extends this one. */
export function installVariant(make: typeof variantOf): void {
  variantOf = make;
}

/** Turns one value into another; never called with null. */
export type Conversion = (value: unknown) => unknown;

/** How values of one type travel on one dialect: JavaScript value to driver value, and back. Undefined: as they are. */
export interface Conversions {
  readonly bind: Conversion | undefined;
  readonly result: Conversion | undefined;
}

/**
 * What a value type may ask of the dialect that it is used with: its name, and what the dialect knows of other types, so
 * that a type of elements (an array, a range) converts, names and writes these as the dialect does.
 */
export interface TypeHost {
  readonly name: string;
  /** How values of another type travel. */
  conversions(type: ValueType<unknown, unknown>): Conversions;
  /** The name of another type in CREATE TABLE or in CAST. */
  typeName(type: ValueType<unknown, unknown>, use?: TypeNameUse): string;
  /** A value of another type as SQL text. */
  literal(value: unknown, type: ValueType<unknown, unknown>): string;
  /** A text as a string literal. */
  quoteString(text: string): string;
  /** How a value of another type is read out of JSON that a query made of it. Undefined: as it is. */
  fromJson(type: ValueType<unknown, unknown>): Conversion | undefined;
  /** A name as an identifier. */
  quote(name: string): string;
}

/**
 * What the values of a type are in JavaScript, as a name: for tools that make forms, validators or documentation. `"unknown"`
 * for a type that does not say it.
 */
export type JsType =
  | "string"
  | "number"
  | "bigint"
  | "boolean"
  | "Date"
  | "Uint8Array"
  | "Array"
  | "json"
  | "unknown"
  | `Temporal.${string}`
  | (string & {});

/** Where the name of a type stands. */
export type TypeNameUse = "ddl" | "cast";

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
  /** What the values are in JavaScript: `"bigint"`, `"Date"`. */
  get jsType(): JsType {
    return "unknown";
  }
  /** The arguments that make two types of one name different, in a fixed order. */
  readonly args: readonly (string | number | boolean | undefined)[];
  private memoShape = 0;

  constructor(args: readonly (string | number | boolean | undefined)[] = []) {
    super(undefined, {});
    this.args = args;
  }

  /** A number that equal types share; part of statement keys. */
  get shape(): number {
    if (!isCurrent(this.memoShape)) this.memoShape = this.computeShape();
    return this.memoShape;
  }

  /** From the class and the arguments; a type that holds other types adds theirs. */
  protected computeShape(): number {
    let id = classShape(this.constructor);
    for (const arg of this.args) id = internPair(id, internAtom(arg));
    return id;
  }

  /** The number of a type that holds another one. */
  protected withPart(shape: number, part: ValueType<unknown, unknown>): number {
    return internPair(shape, part.shape);
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

  /** The name of the type on a dialect, in CREATE TABLE or CAST, where the type itself knows it; else the dialect's rule says it. */
  ddl(_host: TypeHost, _use: TypeNameUse): string | undefined {
    return undefined;
  }

  /** A canonical value as SQL text, where the type itself knows it; else the dialect's rule says it. */
  literal(_value: unknown, _host: TypeHost): string | undefined {
    return undefined;
  }

  /**
   * What stands around a bound value wherever one stands in SQL: `ST_GeomFromText(?)`. `value` is the placeholder (or the
   * literal). Undefined: nothing.
   */
  bindExpression(_value: ExpressionNode, _host: TypeHost): ExpressionNode | undefined {
    return undefined;
  }

  /**
   * What stands around an expression of the type where its value leaves the database, in the select list of the outermost
   * query and in RETURNING: `ST_AsText(t.place)`. Undefined: nothing.
   */
  columnExpression(_value: ExpressionNode, _host: TypeHost): ExpressionNode | undefined {
    return undefined;
  }

  /**
   * What an operator means whose left operand has this type. `operands` are that operand and what the caller gave: expressions
   * or plain values. Undefined: what it always means.
   */
  operate(_op: OperatorName, _operands: readonly [ExpressionNode, ...unknown[]]): ExpressionNode | undefined {
    return undefined;
  }

  /** The type of a plain value on the right side of an operator whose left operand has this type. */
  operandType(_op: OperatorName, _value: unknown): ValueType<unknown, unknown> {
    return this;
  }

  /** The type of an arithmetic operator's result, where the rule of numbers (the wider operand) is not meant. */
  resultType(_op: OperatorName, _right: ValueType<unknown, unknown>): ValueType<unknown, unknown> | undefined {
    return undefined;
  }

  /** The type that a dialect uses in place of this one: that of a variant; of every other type itself. */
  forDialect(_dialect: string): ValueType<unknown, unknown> {
    return this;
  }

  /**
   * The type with another one in its place on some dialects. Values are the same JavaScript values everywhere.
   *
   * @example
   * ```ts
   * name: string(50).variant("postgresql", citext())
   * id: bigInteger().variant(["sqlite"], integerAsBigInt())
   * ```
   * DDL: `VARCHAR(50)`; on PostgreSQL `CITEXT`.
   */
  variant(dialects: string | readonly string[], type: ValueType<T, NN<I>>): ValueType<T, I> {
    return variantOf(this, dialects, type) as ValueType<T, I>;
  }

  /** The error for a value that the type cannot take. */
  refuse(value: unknown, why: string): DataError {
    return valueError(`${this} cannot take ${describe(value)}: ${why}.`, `${this} cannot take the value: ${why}.`, {
      code: "VALUE_REFUSED",
    });
  }

  /** The error for a value of the database that is none of the type. */
  unreadable(value: unknown): DataError {
    return valueError(
      `${this} cannot read ${describe(value)}, which the database holds.`,
      `${this} cannot read a value that the database holds.`,
      {
        code: "VALUE_UNREADABLE",
        remedy: "Declare the column with the type of what it holds, or correct the row.",
      },
    );
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
