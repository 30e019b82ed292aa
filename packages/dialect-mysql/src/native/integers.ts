import { ArgumentError, bigInteger, integer, numeric, type ValueType } from "@acme/core/dialect";
import { MySQLType } from "./mysql-type.js";

/** Options of whole numbers. */
export interface IntegerOptions {
  /** From 0 on, and twice as far. */
  readonly unsigned?: boolean;
  /** Filled up with zeros to the display width where the server prints it; implies unsigned. Deprecated by MySQL. */
  readonly zerofill?: boolean;
  /** The display width of zerofill: `INT(5) UNSIGNED ZEROFILL`. */
  readonly width?: number;
}

function nameOf(word: string, { unsigned, zerofill, width }: IntegerOptions): string {
  if (width !== undefined && !(Number.isInteger(width) && width >= 1 && width <= 255)) {
    throw new ArgumentError(`A display width is a whole number from 1 to 255, not ${width}.`, { code: "BAD_WIDTH" });
  }
  const sized = width === undefined ? word : `${word}(${width})`;
  return `${sized}${unsigned || zerofill ? " UNSIGNED" : ""}${zerofill ? " ZEROFILL" : ""}`;
}

/** A whole number of some bits, checked before it is sent. */
function small(word: string, bits: number, options: IntegerOptions): MySQLType<number> {
  const unsigned = options.unsigned || options.zerofill;
  const least = unsigned ? 0 : -(2 ** (bits - 1));
  const most = unsigned ? 2 ** bits - 1 : 2 ** (bits - 1) - 1;
  return new MySQLType<number>(integer() as ValueType<unknown, unknown>, {
    sqlName: nameOf(word, options),
    castName: unsigned ? "UNSIGNED" : "SIGNED",
    toDatabase: (value, refuse) => {
      if (!Number.isInteger(value) || value < least || value > most)
        refuse(`it is not a whole number from ${least} to ${most}`);
      return value;
    },
  });
}

/** A whole number of 8 bits. DDL: `TINYINT`, `TINYINT UNSIGNED`. (`BOOLEAN` is `TINYINT(1)`.) */
export const tinyint = (options: IntegerOptions = {}): MySQLType<number> => small("TINYINT", 8, options);
/** A whole number of 16 bits. DDL: `SMALLINT`, `SMALLINT UNSIGNED`. */
export const smallint = (options: IntegerOptions = {}): MySQLType<number> => small("SMALLINT", 16, options);
/** A whole number of 24 bits. DDL: `MEDIUMINT`, `MEDIUMINT UNSIGNED`. */
export const mediumint = (options: IntegerOptions = {}): MySQLType<number> => small("MEDIUMINT", 24, options);
/** A whole number of 32 bits. DDL: `INT`, `INT UNSIGNED`. */
export const int = (options: IntegerOptions = {}): MySQLType<number> => small("INT", 32, options);

const MOST_UNSIGNED = 2n ** 64n - 1n;

/** A whole number of 64 bits as a bigint. DDL: `BIGINT`, `BIGINT UNSIGNED`. */
export function bigint(options: IntegerOptions = {}): MySQLType<bigint, bigint | number> {
  const unsigned = options.unsigned || options.zerofill;
  if (!unsigned) {
    return new MySQLType<bigint, bigint | number>(bigInteger() as ValueType<unknown, unknown>, {
      sqlName: nameOf("BIGINT", options),
      castName: "SIGNED",
    });
  }
  // Beyond 2^63 core's bigInteger() takes nothing; a DECIMAL of no decimals carries it as exactly.
  return new MySQLType<bigint, bigint | number>(numeric(20, 0) as ValueType<unknown, unknown>, {
    sqlName: nameOf("BIGINT", options),
    castName: "UNSIGNED",
    toDatabase: (value, refuse) => {
      const big = typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : value;
      if (typeof big !== "bigint" || big < 0n || big > MOST_UNSIGNED)
        refuse(`it is not a whole number from 0 to ${MOST_UNSIGNED}`);
      return big;
    },
    fromDatabase: (value) => BigInt(String(value)),
  });
}

/** A year of four digits: 0, or 1901 to 2155. DDL: `YEAR`. */
export function year(): MySQLType<number> {
  return new MySQLType<number>(integer() as ValueType<unknown, unknown>, {
    sqlName: "YEAR",
    castName: "UNSIGNED",
    toDatabase: (value, refuse) => {
      if (!(value === 0 || (Number.isInteger(value) && value >= 1901 && value <= 2155)))
        refuse("it is neither 0 nor a year from 1901 to 2155");
      return value;
    },
  });
}
