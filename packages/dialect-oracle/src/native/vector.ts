import {
  ArgumentError,
  type Conversion,
  defineFunction,
  double,
  type ExpressionNode,
  type TypeHost,
  text,
} from "@acme/core/dialect";
import { OracleType } from "./oracle-type.js";

/** How the dimensions of a vector are stored. */
export type VectorFormat = "int8" | "float32" | "float64";

const TEXT = text();
const toVector = defineFunction("to_vector", { args: [TEXT], returns: TEXT, dialects: { oracle: "TO_VECTOR" } });
const fromVector = defineFunction("from_vector", {
  args: [TEXT],
  returns: TEXT,
  dialects: { oracle: (value) => `FROM_VECTOR(${value} RETURNING CLOB)` },
});

const CHECKS: Readonly<Record<VectorFormat, (dimension: number) => boolean>> = {
  int8: (dimension) => Number.isInteger(dimension) && dimension >= -128 && dimension <= 127,
  float32: (dimension) => Number.isFinite(Math.fround(dimension)),
  float64: (dimension) => Number.isFinite(dimension),
};

/** Vectors of numbers. Made by {@link vector}. */
export class Vector extends OracleType<readonly number[]> {
  readonly dimensions: number | undefined;
  readonly format: VectorFormat | undefined;

  constructor(dimensions: number | undefined, format: VectorFormat | undefined) {
    const sizes = [dimensions ?? "*", format?.toUpperCase() ?? "*"].join(", ");
    super(text(), dimensions === undefined && format === undefined ? "VECTOR" : `VECTOR(${sizes})`, {
      since: 23,
      comparable: false,
    });
    if (dimensions !== undefined && !(Number.isInteger(dimensions) && dimensions > 0 && dimensions <= 65_535))
      throw new ArgumentError("A vector has from 1 to 65535 dimensions.", { code: "BAD_DIMENSIONS" });
    this.dimensions = dimensions;
    this.format = format;
  }

  override toDatabase(): Conversion {
    const { dimensions } = this;
    const check = CHECKS[this.format ?? "float64"];
    return (value) => {
      if (
        !Array.isArray(value) ||
        value.length === 0 ||
        !value.every((each) => typeof each === "number" && check(each))
      )
        throw this.refuse(value, `it is not a list of ${this.format ?? "finite"} numbers`);
      if (dimensions !== undefined && value.length !== dimensions)
        throw this.refuse(value, `it has ${value.length} dimensions, not ${dimensions}`);
      return `[${value.join(",")}]`;
    };
  }

  override fromDatabase(_host: TypeHost): Conversion {
    return (value) => {
      // `[1.0E+000,2.5E-001]`
      const parts = /^\s*\[(.*)\]\s*$/s.exec(String(value))?.[1]?.split(",");
      const numbers = parts?.map(Number);
      if (numbers === undefined || numbers.some(Number.isNaN)) throw this.unreadable(value);
      return this.format === "float32" ? numbers.map(Math.fround) : numbers;
    };
  }

  override bindExpression(value: ExpressionNode): ExpressionNode {
    return toVector(value as never) as ExpressionNode;
  }

  override columnExpression(value: ExpressionNode): ExpressionNode {
    return fromVector(value as never) as ExpressionNode;
  }
}

const distances = {
  l2: distanceBy("EUCLIDEAN"),
  cosine: distanceBy("COSINE"),
  innerProduct: distanceBy("DOT"),
  manhattan: distanceBy("MANHATTAN"),
};

function distanceBy(metric: string) {
  const type = new Vector(undefined, undefined);
  return defineFunction("vector_distance", {
    args: [type, type],
    returns: double(),
    dialects: { oracle: (left, right) => `VECTOR_DISTANCE(${left}, ${right}, ${metric})` },
  });
}

function vectorType(dimensions?: number, format?: VectorFormat): Vector {
  return new Vector(dimensions, format);
}

/**
 * A vector of numbers, as an array. Without dimensions each row may have its own. It has no `=`; distances are functions beside it.
 * DDL: `VECTOR(3, FLOAT32)`, `VECTOR(3, *)`, `VECTOR`; since 23ai, and refused for an older release.
 *
 * @example
 * ```ts
 * embedding: vector(3, "float32")
 * select(docs.c.id).orderBy(vector.cosine(docs.c.embedding, [1, 0, 0])).limit(5)
 * ```
 * SQL: `... ORDER BY VECTOR_DISTANCE(docs.embedding, TO_VECTOR(:1), COSINE) FETCH FIRST :2 ROWS ONLY`
 */
export const vector: typeof vectorType & typeof distances = Object.assign(vectorType, distances);
