/** How the value of an OUT bind travels. */
export type OutKind = "text" | "number" | "double" | "boolean" | "clob" | "blob" | "raw" | "ntext" | "nclob";

/**
 * A parameter that the database fills: one column of `RETURNING ... INTO`. It stands among the parameters of a statement at
 * the place of its placeholder; the driver adapter makes rows of what comes back.
 */
export class OutBind {
  readonly kind: OutKind;
  /** The most bytes of a text or raw value. */
  readonly maxSize: number;

  constructor(kind: OutKind, maxSize: number) {
    this.kind = kind;
    this.maxSize = maxSize;
  }
}

/** A number that is bound as BINARY_DOUBLE: NUMBER has neither NaN nor infinity nor values beyond 1e126. */
export class DoubleBind {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** A text that is bound in the national character set. */
export class NationalText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}
