/** Bytes from the text form of `bytea`: `\x00ff`, or the old `escape` form where the server's `bytea_output` says so. */
export function toBytes(text: string): Uint8Array {
  if (text.charCodeAt(0) === 92 && text.charCodeAt(1) === 120) return fromHex(text);
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) !== 92) {
      bytes.push(text.charCodeAt(i));
    } else if (text.charCodeAt(i + 1) === 92) {
      bytes.push(92);
      i += 1;
    } else {
      bytes.push(Number.parseInt(text.slice(i + 1, i + 4), 8));
      i += 3;
    }
  }
  return Uint8Array.from(bytes);
}

/** An array of its own, not a window into Node's buffer pool: it can be transferred and structured-cloned alone. */
function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array((text.length - 2) >> 1);
  Buffer.from(bytes.buffer).write(text.slice(2), "hex");
  return bytes;
}
