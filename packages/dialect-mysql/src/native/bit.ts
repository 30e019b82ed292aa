import { ArgumentError, type ExpressionNode, ValueType } from "@acme/core/dialect";
import { bigint } from "./integers.js";
import { MySQLType } from "./mysql-type.js";

const UNSIGNED = bigint({ unsigned: true });

/** Bits as the driver takes and gives them. */
class RawBits extends ValueType<unknown> {
  readonly name = "bit";
}

/** Fields of bits as bigints. Made by {@link bit}. */
export class BitType extends MySQLType<bigint, bigint | number> {
  constructor(length: number) {
    if (!(Number.isInteger(length) && length >= 1 && length <= 64)) {
      throw new ArgumentError(`A BIT has 1 to 64 bits, not ${length}.`, { code: "BAD_LENGTH" });
    }
    const most = 2n ** BigInt(length) - 1n;
    super(new RawBits(), {
      sqlName: `BIT(${length})`,
      castName: "UNSIGNED",
      toDatabase: (value, refuse) => {
        const big = typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : value;
        if (typeof big !== "bigint" || big < 0n || big > most)
          return refuse(`it is not a whole number from 0 to ${most}`);
        return big;
      },
      fromDatabase: (value) => BigInt(String(value)),
    });
  }

  /** A column comes as bytes, COALESCE of it as the bytes of its decimal text: read as a number, both say the same. */
  override columnExpression(value: ExpressionNode): ExpressionNode {
    return value.cast(UNSIGNED) as ExpressionNode;
  }
}

/** A field of 1 to 64 bits as a bigint. DDL: `BIT(8)`. `BIT(1)` is read by core's `boolean()` as well. */
export function bit(length = 1): BitType {
  return new BitType(length);
}
