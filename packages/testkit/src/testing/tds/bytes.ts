/** Reads the little-endian values of a TDS message one after another. */
export class Reader {
  private readonly bytes: Buffer;
  private position = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get left(): number {
    return this.bytes.length - this.position;
  }

  /** Goes to a place; the headers in front of a request say their own length. */
  skipHeaders(): void {
    this.position = this.bytes.readUInt32LE(0);
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

  u16(): number {
    return this.take(2).readUInt16LE();
  }

  u32(): number {
    return this.take(4).readUInt32LE();
  }

  /** `length` characters of UCS-2. */
  text(length: number): string {
    return this.take(length * 2).toString("utf16le");
  }

  rest(): Buffer {
    return this.take(this.left);
  }

  /** A value in chunks (PLP), as `max` types have them; undefined for NULL. */
  chunks(): Buffer | undefined {
    const total = this.take(8);
    if (total.every((byte) => byte === 0xff)) return undefined;
    const parts: Buffer[] = [];
    for (let length = this.u32(); length > 0; length = this.u32()) parts.push(this.take(length));
    return Buffer.concat(parts);
  }
}

export const u8 = (value: number): Buffer => Buffer.from([value]);

export function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** An unsigned whole number in a fixed number of bytes. */
export function unsigned(value: bigint, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i++) bytes[i] = Number((value >> BigInt(8 * i)) & 0xffn);
  return bytes;
}

export const ucs2 = (text: string): Buffer => Buffer.from(text, "utf16le");
/** A text with its length in characters in one byte. */
export const shortText = (text: string): Buffer => Buffer.concat([u8(text.length), ucs2(text)]);
/** A text with its length in characters in two bytes. */
export const longText = (text: string): Buffer => Buffer.concat([u16(text.length), ucs2(text)]);

/** The whole number of little-endian bytes. */
export function fromUnsigned(bytes: Buffer): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] as number);
  return value;
}
