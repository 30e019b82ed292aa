/** Lengths up to here stand in one byte; longer values come in chunks. */
const MAX_SHORT = 252;
const CHUNKED = 254;
const CHUNK = 32_767;

/** Reads the values of a TTC message one after another. */
export class TtcReader {
  private readonly bytes: Buffer;
  private position = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get left(): number {
    return this.bytes.length - this.position;
  }

  peek(): number {
    return this.bytes.readUInt8(this.position);
  }

  take(length: number): Buffer {
    const taken = this.bytes.subarray(this.position, this.position + length);
    this.position += length;
    return taken;
  }

  u8(): number {
    return this.take(1).readUInt8();
  }

  /** A whole number of variable length: how many bytes, then these. */
  number(): number {
    let value = 0;
    for (const byte of this.take(this.u8() & 0x7f)) value = value * 256 + byte;
    return value;
  }

  /** Reads over values: `n` is a number of variable length, `b` a byte. */
  skip(pattern: string): void {
    for (const kind of pattern) {
      if (kind === "n") this.number();
      else this.u8();
    }
  }

  /** Bytes with their length, or in chunks; undefined for NULL. */
  sized(): Buffer | undefined {
    const length = this.u8();
    if (length === 0 || length === 255) return undefined;
    if (length !== CHUNKED) return this.take(length);
    const parts: Buffer[] = [];
    for (let size = this.number(); size > 0; size = this.number()) parts.push(this.take(size));
    return Buffer.concat(parts);
  }

  /** A text with a number in front that is only the length again. */
  text(): string {
    return this.number() === 0 ? "" : String(this.sized());
  }
}

/** Puts the values of a TTC message together. */
export class TtcWriter {
  private readonly parts: Buffer[] = [];

  u8(...values: number[]): this {
    this.parts.push(Buffer.from(values));
    return this;
  }

  /** Whole numbers of variable length. */
  number(...values: number[]): this {
    for (const value of values) {
      const digits: number[] = [];
      for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
      // The driver knows lengths of 1, 2, 4 and 8.
      while (![0, 1, 2, 4, 8].includes(digits.length)) digits.unshift(0);
      this.u8(digits.length, ...digits);
    }
    return this;
  }

  raw(bytes: Buffer): this {
    this.parts.push(bytes);
    return this;
  }

  /** Bytes with their length, in chunks where they are long; undefined is NULL. */
  sized(bytes: Buffer | undefined): this {
    if (bytes === undefined) return this.u8(0);
    if (bytes.length <= MAX_SHORT) return this.u8(bytes.length).raw(bytes);
    this.u8(CHUNKED);
    for (let at = 0; at < bytes.length; at += CHUNK) {
      const part = bytes.subarray(at, at + CHUNK);
      this.number(part.length).raw(part);
    }
    return this.number(0);
  }

  /** A text with its length in front twice, as names and keys have it. */
  text(text: string): this {
    const bytes = Buffer.from(text);
    return bytes.length === 0 ? this.number(0) : this.number(bytes.length).sized(bytes);
  }

  get bytes(): Buffer {
    return Buffer.concat(this.parts);
  }
}
