/** What a typed value is to SQL Server. */
export type TypedKind = "decimal" | "double" | "date" | "time" | "dateTime" | "datetime" | "smalldatetime" | "varchar";

/**
 * A value with the SQL type that it is sent as, where its JavaScript form does not say it: decimals, dates and times travel
 * as text within the toolkit.
 */
export class TypedValue {
  readonly kind: TypedKind;
  readonly value: string | number;

  constructor(kind: TypedKind, value: string | number) {
    this.kind = kind;
    this.value = value;
  }

  /** Errors and the log show the value. */
  toJSON(): string | number {
    return this.value;
  }
}

/** The value itself. */
export function plainValue(value: unknown): unknown {
  return value instanceof TypedValue ? value.value : value;
}
