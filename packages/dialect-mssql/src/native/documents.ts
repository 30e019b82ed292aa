import {
  ArgumentError,
  type BindParameter,
  type Conversion,
  double,
  type Expression,
  type ExpressionNode,
  func,
  Json,
  literal,
  string,
  type TypeHost,
  text,
  type ValueType,
} from "@acme/core/dialect";
import { MssqlType, nameOnMssql, since } from "./mssql-type.js";
import { varchar } from "./texts.js";

/** SQL Server 2025. */
const VERSION_2025 = 17;
const TEXT = text();

/** A type whose JavaScript value is the server's text form. Made by {@link xml} and {@link hierarchyid}. */
export class MssqlTextForm extends MssqlType<string> {
  readonly name: string;
  readonly sqlName: string;

  constructor(sqlName: "XML" | "HIERARCHYID") {
    super([sqlName]);
    this.name = sqlName.toLowerCase();
    this.sqlName = sqlName;
  }

  override toDatabase(): Conversion {
    return (value) => {
      if (typeof value !== "string") throw this.refuse(value, "it is not a text");
      if (this.name === "hierarchyid" && !PATH.test(value))
        throw this.refuse(value, 'it is not a place in a tree such as "/1/2/"');
      return value;
    };
  }

  /** The driver would read the bytes of a HIERARCHYID. */
  override columnExpression(value: ExpressionNode): ExpressionNode {
    return value.cast(this.name === "hierarchyid" ? PATH_TEXT : TEXT) as unknown as ExpressionNode;
  }

  override bindExpression(value: ExpressionNode): ExpressionNode {
    return value.cast(this) as unknown as ExpressionNode;
  }

  override literal(value: unknown, host: TypeHost): string {
    return host.quoteString(value as string);
  }
}

const PATH_TEXT = string(4000);
const PATH = /^\/(-?\d+(\.-?\d+)*\/)*$/;

/**
 * An XML document or a piece of one, as text, checked by the server; a declaration of an encoding other than UTF-16 is refused by it.
 * XML has no equality and no order. DDL: `XML`.
 */
export function xml(): MssqlTextForm {
  return new MssqlTextForm("XML");
}

/** A place in a tree, as text: `"/"`, `"/1/3/"`. It sorts depth first. DDL: `HIERARCHYID`. */
export function hierarchyid(): MssqlTextForm {
  return new MssqlTextForm("HIERARCHYID");
}

/** What {@link sqlVariant} holds. */
export type SqlVariantValue = string | number | boolean | Date | Uint8Array;

/** Values of any simple type. Made by {@link sqlVariant}. */
export class SqlVariant<out T extends SqlVariantValue> extends MssqlType<T> {
  readonly name = "sqlVariant";
  readonly sqlName = "SQL_VARIANT";

  override toDatabase(): Conversion {
    return (value) => {
      if (typeof value === "number" && !Number.isFinite(value)) throw this.refuse(value, "it is not finite");
      if (typeof value === "string" && value.length > MAX_NVARCHAR)
        throw this.refuse(value, `a text in it has ${MAX_NVARCHAR} characters at most`);
      const known =
        value instanceof Date || value instanceof Uint8Array || /^(string|number|boolean)$/.test(typeof value);
      if (!known) throw this.refuse(value, "it is neither a text, a number, a boolean, a Date nor bytes");
      return value;
    };
  }

  override literal(value: unknown, host: TypeHost): string {
    if (typeof value === "string") return host.quoteString(value);
    throw new ArgumentError("Only a text can be written as a literal of SQL_VARIANT.", { code: "NO_LITERAL" });
  }
}

const MAX_NVARCHAR = 4000;

/**
 * A value that keeps its own type: a text, a number (INT, BIGINT or FLOAT), a boolean, a `Date` (DATETIME2) or bytes. It is read as
 * the driver reads its type: a DECIMAL in it as a number, a BIGINT as text; `column.cast(numeric(19, 4))` reads it exactly.
 * DDL: `SQL_VARIANT`.
 */
export function sqlVariant<T extends SqlVariantValue = SqlVariantValue>(): SqlVariant<T> {
  return new SqlVariant<T>();
}

/** JSON documents in the server's own form. Made by {@link nativeJson}. */
export class NativeJson<out T> extends Json<T> {
  override ddl(host: TypeHost): string {
    if (host.name === "mssql") since(host, VERSION_2025, "JSON");
    return nameOnMssql(host, "JSON");
  }

  /** Text is not converted to JSON by itself: https://learn.microsoft.com/sql/t-sql/data-types/json-data-type#conversion */
  override bindExpression(value: ExpressionNode): ExpressionNode {
    return value.cast(this as ValueType<unknown, unknown>) as unknown as ExpressionNode;
  }

  override columnExpression(value: ExpressionNode): ExpressionNode {
    return value.cast(TEXT) as unknown as ExpressionNode;
  }

  override literal(value: unknown, host: TypeHost): string {
    return host.quoteString(value as string);
  }
}

/**
 * A JSON document in the binary form of SQL Server 2025 and Azure SQL, where the portable `json()` is NVARCHAR(max) with a check.
 * It has no equality and cannot be a key. DDL: `JSON`; refused for older servers.
 *
 * @example
 * ```ts
 * doc: json<Doc>().variant("mssql", nativeJson<Doc>())
 * ```
 */
export function nativeJson<T = unknown>(): NativeJson<T> {
  return new NativeJson<T>();
}

/** The most dimensions of a vector of single precision. */
const MAX_DIMENSIONS = 1998;

/** Vectors of single precision. Made by {@link vector}. */
export class MssqlVector extends MssqlType<number[], readonly number[]> {
  readonly name = "vector";
  readonly dimensions: number;

  constructor(dimensions: number) {
    super([dimensions]);
    this.dimensions = dimensions;
  }

  get sqlName(): string {
    return `VECTOR(${this.dimensions})`;
  }

  override ddl(host: TypeHost): string {
    if (host.name === "mssql") since(host, VERSION_2025, "VECTOR");
    return nameOnMssql(host, this.sqlName);
  }

  override toDatabase(): Conversion {
    return (value) => {
      if (!Array.isArray(value) || !value.every((item) => Number.isFinite(item)))
        throw this.refuse(value, "it is not an array of finite numbers");
      if (value.length !== this.dimensions)
        throw this.refuse(value, `it has ${value.length} dimensions and not ${this.dimensions}`);
      return JSON.stringify(value);
    };
  }

  override fromDatabase(): Conversion {
    return (value) => JSON.parse(String(value)) as number[];
  }

  override bindExpression(value: ExpressionNode): ExpressionNode {
    return value.cast(this) as unknown as ExpressionNode;
  }

  /** Vectors are JSON arrays to drivers that do not know them. */
  override columnExpression(value: ExpressionNode): ExpressionNode {
    return value.cast(TEXT) as unknown as ExpressionNode;
  }

  override literal(value: unknown, host: TypeHost): string {
    return host.quoteString(value as string);
  }
}

/**
 * A vector of numbers in single precision, as an array, on SQL Server 2025 and Azure SQL. It has no equality.
 * DDL: `VECTOR(3)`; refused for older servers.
 *
 * @example
 * ```ts
 * select(items.c.id).orderBy(vectorDistance("cosine", items.c.embedding, literal([1, 2, 3], vector(3)))).limit(5)
 * ```
 */
export function vector(dimensions: number): MssqlVector {
  if (Number.isInteger(dimensions) && dimensions >= 1 && dimensions <= MAX_DIMENSIONS)
    return new MssqlVector(dimensions);
  throw new ArgumentError(`A vector cannot have ${dimensions} dimensions.`, {
    code: "BAD_LENGTH",
    remedy: `Give 1 to ${MAX_DIMENSIONS}.`,
  });
}

/** `VECTOR_DISTANCE('cosine', a, b)`: how far two vectors are from one another. */
export function vectorDistance(
  metric: "cosine" | "euclidean" | "dot",
  left: ExpressionNode,
  right: ExpressionNode,
): Expression<number> {
  return func(
    "VECTOR_DISTANCE",
    (literal(metric, varchar(20)) as unknown as BindParameter<string>).inlined(),
    left,
    right,
  ).returns(double()) as Expression<number>;
}
