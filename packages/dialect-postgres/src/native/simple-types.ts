import {
  type Conversion,
  type Decimal,
  type Expression,
  type ExpressionNode,
  numeric,
  type TypeHost,
} from "@acme/core/dialect";
import { PostgresType, TextForm } from "./postgres-type.js";

/** Text that compares without regard to case. DDL: `CITEXT`; needs `CREATE EXTENSION citext`. */
export function citext(): TextForm {
  return new TextForm("citext");
}

/** A host or network address: `"10.0.0.1"`, `"10.0.0.0/8"`, `"::1"`. DDL: `INET`. */
export function inet(): TextForm {
  return new TextForm("inet");
}

/** A network without host bits: `"10.0.0.0/8"`. DDL: `CIDR`. */
export function cidr(): TextForm {
  return new TextForm("cidr");
}

/** A hardware address of 6 bytes: `"08:00:2b:01:02:03"`. DDL: `MACADDR`. */
export function macaddr(): TextForm {
  return new TextForm("macaddr");
}

/** A hardware address of 8 bytes: `"08:00:2b:01:02:03:04:05"`. DDL: `MACADDR8`. */
export function macaddr8(): TextForm {
  return new TextForm("macaddr8");
}

/** A string of bits of fixed length, as a text of zeros and ones: `"101"`. DDL: `BIT(3)`. */
export function bit(length = 1): TextForm {
  return new TextForm(`bit(${length})`, "varbit", /^[01]*$/);
}

/** A string of bits of at most `length`, as a text of zeros and ones. DDL: `BIT VARYING(8)`, `BIT VARYING`. */
export function varbit(length?: number): TextForm {
  return new TextForm(length === undefined ? "bit varying" : `bit varying(${length})`, "varbit", /^[01]*$/);
}

/** The name of a relation: `"app.users"`; it must exist. DDL: `REGCLASS`. */
export function regclass(): TextForm {
  return new TextForm("regclass");
}

/** The name of a text search configuration: `"english"`. DDL: `REGCONFIG`. */
export function regconfig(): TextForm {
  return new TextForm("regconfig");
}

/** An XML document or a piece of one, checked by the server. It has no equality. DDL: `XML`. */
export function xml(): TextForm {
  return new TextForm("xml");
}

/** A JSON path: `"$.items[*] ? (@.price > 10)"`. DDL: `JSONPATH`. */
export function jsonpath(): TextForm {
  return new TextForm("jsonpath");
}

/** JSON kept as the text that was written, duplicates and order included. It has no equality; `json()` is `JSONB`. DDL: `JSON`. */
export function jsonText(): TextForm {
  return new TextForm("json", "json", undefined, "jsonText");
}

const MOST = 2 ** 32 - 1;

/** The number of a catalog object. Made by {@link oid}. */
export class Oid extends PostgresType<number> {
  readonly name = "oid";
  readonly sqlName = "oid";

  override toDatabase(): Conversion {
    return (value) => {
      if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > MOST)
        throw this.refuse(value, `it is not a whole number from 0 to ${MOST}`);
      return String(value);
    };
  }

  override fromDatabase(): Conversion {
    return Number;
  }
}

/** The number of a catalog object: 32 bits without a sign. DDL: `OID`. */
export function oid(): Oid {
  return new Oid();
}

const EXACT = numeric();

/** Amounts of money as exact decimals. Made by {@link money}. */
export class Money extends PostgresType<Decimal, Decimal | number> {
  readonly name = "money";
  readonly sqlName = "money";

  override toDatabase(): Conversion {
    const exact = EXACT.toDatabase();
    return (value) => {
      const text = exact(value) as string;
      // The server would round to cents without a word.
      if (/\.\d\d0*[1-9]/.test(text)) throw this.refuse(value, "money has two digits behind the point");
      return text;
    };
  }

  /** `CAST(CAST($1 AS NUMERIC) AS money)`: reading the text itself depends on the server's locale. */
  override bindExpression(value: ExpressionNode): ExpressionNode {
    return value.cast(EXACT).cast(this);
  }

  /** Text of money has the locale's currency sign and separators; its NUMERIC has not. */
  override columnExpression(value: ExpressionNode): ExpressionNode {
    return value.cast(EXACT) as Expression<unknown> as ExpressionNode;
  }

  override literal(value: unknown, host: TypeHost): string {
    return host.quoteString(value as string);
  }
}

/**
 * An amount of money in the currency of the server's locale, as an exact decimal: `"12.50"`. More than two digits behind the
 * point are refused, because the server would round them. DDL: `MONEY`. (numeric(12, 2) is the better choice for most.)
 */
export function money(): Money {
  return new Money();
}

/** Vectors of pgvector. Made by {@link vector}. */
export class Vector extends PostgresType<readonly number[]> {
  readonly name = "vector";
  readonly dimensions: number | undefined;

  constructor(dimensions: number | undefined) {
    super([dimensions]);
    this.dimensions = dimensions;
  }

  get sqlName(): string {
    return this.dimensions === undefined ? "vector" : `vector(${this.dimensions})`;
  }

  protected override get castName(): string {
    return "vector";
  }

  override toDatabase(): Conversion {
    return (value) => {
      if (!Array.isArray(value) || !value.every((item) => Number.isFinite(item)))
        throw this.refuse(value, "it is not an array of finite numbers");
      if (this.dimensions !== undefined && value.length !== this.dimensions)
        throw this.refuse(value, `it has ${value.length} dimensions and not ${this.dimensions}`);
      return `[${value.join(",")}]`;
    };
  }

  override fromDatabase(): Conversion {
    return (value) =>
      String(value)
        .slice(1, -1)
        .split(",")
        .filter((item) => item !== "")
        .map(Number);
  }
}

/**
 * A vector of pgvector as an array of numbers. DDL: `vector(3)`; needs `CREATE EXTENSION vector`. Its distances are operators:
 * `items.c.embedding.op("<->", literal([1, 2, 3], vector(3)), { returns: double() })`.
 */
export function vector(dimensions?: number): Vector {
  return new Vector(dimensions);
}
