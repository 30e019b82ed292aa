import { CompileError } from "../errors/index.js";
import { DecoratedType } from "../types/decorator.js";
import { Text } from "../types/texts.js";
import type { Conversion, Conversions, TypeNameUse, ValueType } from "../types/value-type.js";
import type { Dialect } from "./dialect.js";

/** Any value type. */
export type AnyType = ValueType<unknown, unknown>;

/**
 * What a dialect knows of the value types of one name. The type brings a JavaScript value to its canonical form (see each
 * type); the rule takes it from there to the driver and back.
 */
export interface TypeRule {
  /** The type's name in DDL. */
  readonly ddl: string | ((type: AnyType, dialect: Dialect) => string);
  /** The type's name in CAST, where it differs. */
  readonly cast?: string | ((type: AnyType, dialect: Dialect) => string);
  /** Canonical value to driver value. Not called with null. */
  readonly bind?: (type: AnyType) => Conversion | undefined;
  /** Driver value to canonical value. Not called with null. */
  readonly result?: (type: AnyType) => Conversion | undefined;
  /** Canonical value to SQL text. The default quotes text and writes numbers and booleans. */
  readonly literal?: (value: unknown, type: AnyType, dialect: Dialect) => string;
}

/** The rules of a dialect by type name. */
export type TypeRules = Readonly<Record<string, TypeRule>>;

/** The type that a dialect handles: of a variant the one of the dialect, of a decorated type the one that it stands on. */
export function baseType(type: AnyType, dialect: { readonly name: string }): AnyType {
  const own = type.forDialect(dialect.name);
  return own instanceof DecoratedType ? baseType(own.impl as AnyType, dialect) : own;
}

function chain(first: Conversion | undefined, second: Conversion | undefined): Conversion | undefined {
  if (first === undefined) return second;
  if (second === undefined) return first;
  // A decorated type may turn a value into NULL, and NULL into nothing else.
  return (value) => {
    const between = first(value);
    return between === null ? null : second(between);
  };
}

/** The two ways of a value, type and rule combined. */
export function conversionsOf(dialect: Dialect, type: AnyType): Conversions {
  const rule = ruleFor(dialect, type);
  const base = baseType(type, dialect);
  return {
    bind: chain(type.toDatabase(dialect), rule?.bind?.(base)),
    result: chain(rule?.result?.(base), type.fromDatabase(dialect)),
  };
}

function ruleFor(dialect: Dialect, type: AnyType): TypeRule | undefined {
  const { name } = baseType(type, dialect);
  return Object.hasOwn(dialect.typeRules, name) ? dialect.typeRules[name] : undefined;
}

/** The name of a type in CREATE TABLE or, with `"cast"`, in CAST. */
export function typeName(dialect: Dialect, type: AnyType, use: TypeNameUse): string {
  const base = baseType(type, dialect);
  const own = type.forDialect(dialect.name).ddl(dialect, use);
  if (own !== undefined) return own;
  const rule = ruleFor(dialect, type);
  const text = use === "cast" ? (rule?.cast ?? rule?.ddl) : rule?.ddl;
  if (text === undefined) {
    throw new CompileError(`The type ${type} has no name on ${dialect.name}.`, {
      code: "UNKNOWN_TYPE",
      remedy: "Use another type, or give a custom type a ddl() method.",
    });
  }
  const name = typeof text === "string" ? text : text(base, dialect);
  // CAST takes a type; a collation is a property of columns.
  return use === "ddl" && base instanceof Text && base.collation.length > 0
    ? `${name} COLLATE ${dialect.collationName(base.collation)}`
    : name;
}

/** A value as SQL text, escaped for the dialect. */
export function literalText(dialect: Dialect, value: unknown, type: AnyType): string {
  if (value === null || value === undefined) return "NULL";
  const canonical = type.toDatabase(dialect)?.(value) ?? value;
  if (canonical === null) return "NULL";
  const base = baseType(type, dialect);
  const own = base.literal(canonical, dialect);
  if (own !== undefined) return own;
  const rule = ruleFor(dialect, base);
  if (rule?.literal) return rule.literal(canonical, base, dialect);
  const driverValue = rule?.bind?.(base)?.(canonical) ?? canonical;
  switch (typeof driverValue) {
    case "string":
      return dialect.quoteString(driverValue);
    case "number":
      if (!Number.isFinite(driverValue)) break;
      return String(driverValue);
    case "bigint":
      return String(driverValue);
    case "boolean":
      return driverValue ? "true" : "false";
    default:
      break;
  }
  throw new CompileError(`A value of type ${type} cannot be written as a literal on ${dialect.name}.`, {
    code: "NO_LITERAL",
    remedy: "Bind it instead.",
  });
}
