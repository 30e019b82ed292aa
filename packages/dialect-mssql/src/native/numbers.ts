import { type Conversion, type Decimal, Integer, Numeric, type TypeHost } from "@acme/core/dialect";
import { nameOnMssql } from "./mssql-type.js";

/** Whole numbers of 8 bits without a sign. Made by {@link tinyint}. */
export class TinyInt extends Integer {
  constructor() {
    super("smallInteger");
  }

  override ddl(host: TypeHost): string {
    return nameOnMssql(host, "TINYINT");
  }

  override toDatabase(): Conversion {
    const checked = super.toDatabase();
    return (value) => {
      const number = checked(value) as number;
      if (number < 0 || number > 255) throw this.refuse(value, "it is not between 0 and 255");
      return number;
    };
  }

  override toString(): string {
    return "TINYINT";
  }
}

/** A whole number from 0 to 255. DDL: `TINYINT`. */
export function tinyint(): TinyInt {
  return new TinyInt();
}

const TEN_THOUSAND = 4;

/** Amounts with four decimals. Made by {@link money} and {@link smallMoney}. */
export class MssqlMoney extends Numeric<Decimal> {
  /** The type as SQL Server writes it. */
  readonly sqlName: "MONEY" | "SMALLMONEY";
  override readonly args: Numeric<Decimal>["args"];
  private readonly most: bigint;

  constructor(sqlName: "MONEY" | "SMALLMONEY") {
    super(sqlName === "MONEY" ? 19 : 10, TEN_THOUSAND, "string");
    this.sqlName = sqlName;
    this.args = [sqlName];
    this.most = 2n ** (sqlName === "MONEY" ? 63n : 31n);
  }

  override ddl(host: TypeHost): string {
    return nameOnMssql(host, this.sqlName);
  }

  override toDatabase(): Conversion {
    const checked = super.toDatabase();
    return (value) => {
      const text = checked(value) as string;
      const [, sign = "", whole = "", fraction = ""] = /^(-?)(\d+)(?:\.(\d+?)0*)?$/.exec(text) ?? [];
      // The server would round it without a word.
      if (fraction.replace(/0+$/, "").length > TEN_THOUSAND)
        throw this.refuse(value, "it has more than four digits behind the point");
      const units = BigInt(`${sign}${whole}${fraction.slice(0, TEN_THOUSAND).padEnd(TEN_THOUSAND, "0")}`);
      if (units < -this.most || units >= this.most) throw this.refuse(value, `it does not fit into ${this.sqlName}`);
      return text;
    };
  }

  override literal(value: unknown): string {
    return String(value);
  }

  override toString(): string {
    return this.sqlName;
  }
}

/**
 * An amount with four decimals, as exact text: `"12.5000"`; more decimals are refused, because the server would round them. A quotient
 * of two amounts has four decimals as well, so that `numeric(19, 4)` is the better choice for most. DDL: `MONEY`.
 */
export function money(): MssqlMoney {
  return new MssqlMoney("MONEY");
}

/** An amount with four decimals from -214,748.3648 to 214,748.3647. DDL: `SMALLMONEY`. */
export function smallMoney(): MssqlMoney {
  return new MssqlMoney("SMALLMONEY");
}
