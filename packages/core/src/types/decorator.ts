import type { ExpressionNode } from "../sql/expression.js";
import type { OperatorName } from "../sql/operators.js";
import { uniqueShape } from "../visit/intern.js";
import { type Conversion, type JsType, type TypeHost, type TypeNameUse, ValueType } from "./value-type.js";

/** How a decorated type converts. */
export interface Decoration<T, I, B> {
  /** A name for messages. */
  readonly name: string;
  /** JavaScript value to a value that the decorated type takes, or null for SQL NULL. Never called with null. */
  readonly toDatabase: (value: I) => B | null;
  /** A value of the decorated type to the JavaScript value. Never called with null. */
  readonly fromDatabase: (value: B) => T;
  /** What stands around a bound value: `(value) => func("pgp_sym_encrypt", value, key)`. See {@link ValueType.bindExpression}. */
  readonly bindExpression?: (value: ExpressionNode, host: TypeHost) => ExpressionNode;
  /** What stands around a result expression. See {@link ValueType.columnExpression}. */
  readonly columnExpression?: (value: ExpressionNode, host: TypeHost) => ExpressionNode;
  /** What the values are in JavaScript, for tools; `"unknown"` without it. */
  readonly jsType?: JsType;
  /** What operators mean, where it is not what they mean for the decorated type. See {@link ValueType.operate}. */
  readonly operate?: (
    op: OperatorName,
    operands: readonly [ExpressionNode, ...unknown[]],
  ) => ExpressionNode | undefined;
  /** The type of a plain value beside an expression of this type; this type unless told otherwise. */
  readonly operandType?: (op: OperatorName, value: unknown) => ValueType<unknown, unknown> | undefined;
}

/** A type that stands on another one and converts its values. Made by {@link decorate}. */
export class DecoratedType<T, I, B> extends ValueType<T, I> {
  readonly name: string;
  /** The type it stands on. */
  readonly impl: ValueType<B, unknown>;
  private readonly decoration: Decoration<T, I, B>;

  /** `args`: what makes two types of one class different; each is its own without it. */
  constructor(
    impl: ValueType<B, unknown>,
    decoration: Decoration<T, I, B>,
    args: readonly (string | number | boolean | undefined)[] = [uniqueShape()],
  ) {
    super(args);
    this.impl = impl;
    this.name = impl.name;
    this.decoration = decoration;
  }

  override toDatabase(host: TypeHost): Conversion {
    const inner = this.impl.toDatabase(host);
    const { toDatabase } = this.decoration;
    if (inner === undefined) return (value) => toDatabase(value as I);
    return (value) => {
      const made = toDatabase(value as I);
      return made === null ? null : inner(made);
    };
  }

  override fromDatabase(host: TypeHost): Conversion {
    const inner = this.impl.fromDatabase(host);
    const { fromDatabase } = this.decoration;
    if (inner === undefined) return (value) => fromDatabase(value as B);
    return (value) => {
      const made = inner(value);
      return made === null ? null : fromDatabase(made as B);
    };
  }

  override ddl(host: TypeHost, use: TypeNameUse): string | undefined {
    return this.impl.ddl(host, use);
  }

  /** The value passes the decorated type first: what that one puts around it stands inside. */
  override bindExpression(value: ExpressionNode, host: TypeHost): ExpressionNode | undefined {
    const inner = this.impl.bindExpression(value, host);
    return this.decoration.bindExpression?.(inner ?? value, host) ?? inner;
  }

  override columnExpression(value: ExpressionNode, host: TypeHost): ExpressionNode | undefined {
    const inner = this.decoration.columnExpression?.(value, host);
    return this.impl.columnExpression(inner ?? value, host) ?? inner;
  }

  override operate(op: OperatorName, operands: readonly [ExpressionNode, ...unknown[]]): ExpressionNode | undefined {
    return this.decoration.operate === undefined
      ? this.impl.operate(op, operands)
      : this.decoration.operate(op, operands);
  }

  override operandType(op: OperatorName, value: unknown): ValueType<unknown, unknown> {
    return this.decoration.operandType?.(op, value) ?? this;
  }

  override get jsType(): JsType {
    return this.decoration.jsType ?? "unknown";
  }

  override toString(): string {
    return this.decoration.name;
  }
}

/**
 * A custom type by decoration: stores as `impl` and converts on the way in and out, everywhere that values of the type
 * appear. Make it once and use it for many columns: each call makes a type of its own.
 *
 * @example
 * ```ts
 * const email = decorate(string(200), {
 *   name: "email",
 *   toDatabase: (value: Email) => value.toString(),
 *   fromDatabase: (text) => new Email(text),
 * });
 * const users = new Table("users", metadata, { id: integer().primaryKey(), email });
 * ```
 */
export function decorate<T, I = T, B = unknown>(
  impl: ValueType<B, unknown>,
  decoration: Decoration<T, I, B>,
): DecoratedType<T, I, B> {
  return new DecoratedType<T, I, B>(impl, decoration);
}
