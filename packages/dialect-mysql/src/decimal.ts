/**
 * A decimal number on its way to the server. Text would do for storing it, but beside an operator both servers turn text into
 * a floating point number: `price * '0.1'` is a DOUBLE. The adapter sends this as DECIMAL.
 *
 * It prints as its digits, so that logs and error messages read well; a driver that does not know it sends those.
 */
export class DecimalValue {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }

  toJSON(): string {
    return this.text;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.text;
  }
}
