import { createCipheriv, createDecipheriv, createHash, pbkdf2Sync, randomBytes } from "node:crypto";
import { type TtcReader, TtcWriter } from "./ttc.js";

const USER = "SCOTT";
const PASSWORD = "tiger";
const VERIFIER_12C = 0x4815;
const ITERATIONS = 4096;
const KEY_ITERATIONS = 3;

function aes(key: Buffer, bytes: Buffer, decrypts: boolean): Buffer {
  const make = decrypts ? createDecipheriv : createCipheriv;
  const cipher = make("aes-256-cbc", key, Buffer.alloc(16));
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(bytes), cipher.final()]);
}

const hex = (bytes: Buffer): string => bytes.toString("hex").toUpperCase();

/** `count` pairs of key and value, each with flags. */
function pairs(entries: readonly (readonly [key: string, value: string, flags?: number])[]): TtcWriter {
  const writer = new TtcWriter().u8(8).number(entries.length);
  for (const [key, value, flags = 0] of entries) writer.text(key).text(value).number(flags);
  return writer;
}

function readPairs(reader: TtcReader, count: number): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let i = 0; i < count; i++) {
    found.set(reader.text(), reader.text());
    reader.number();
  }
  return found;
}

/** The login of one session, in two rounds, with the password verifier of Oracle 12c: user `scott`, password `tiger`. */
export class Login {
  private readonly salt = randomBytes(16);
  private readonly keySalt = randomBytes(16);
  private readonly serverKey = randomBytes(32);
  private readonly verifier: Buffer;
  private user = "";

  constructor() {
    const key = pbkdf2Sync(
      PASSWORD,
      Buffer.concat([this.salt, Buffer.from("AUTH_PBKDF2_SPEEDY_KEY")]),
      ITERATIONS,
      64,
      "sha512",
    );
    this.verifier = createHash("sha512").update(key).update(this.salt).digest().subarray(0, 32);
  }

  /** The user's name comes, a challenge goes back. */
  challenge(reader: TtcReader): TtcWriter {
    reader.skip("bnnbnbb");
    this.user = String(reader.sized());
    return pairs([
      ["AUTH_SESSKEY", hex(aes(this.verifier, this.serverKey, false))],
      ["AUTH_VFR_DATA", hex(this.salt), VERIFIER_12C],
      ["AUTH_PBKDF2_CSK_SALT", hex(this.keySalt)],
      ["AUTH_PBKDF2_VGEN_COUNT", String(ITERATIONS)],
      ["AUTH_PBKDF2_SDER_COUNT", String(KEY_ITERATIONS)],
    ]);
  }

  /** The encrypted password comes; the session's facts go back, or undefined when it is wrong. */
  answer(reader: TtcReader): TtcWriter | undefined {
    reader.skip("bnnb");
    const count = reader.number();
    reader.skip("bb");
    reader.sized();
    const sent = readPairs(reader, count);
    const clientKey = aes(this.verifier, Buffer.from(sent.get("AUTH_SESSKEY") ?? "", "hex"), true).subarray(0, 32);
    const both = hex(Buffer.concat([clientKey, this.serverKey]));
    const key = pbkdf2Sync(both, this.keySalt, KEY_ITERATIONS, 32, "sha512");
    const padded = aes(key, Buffer.from(sent.get("AUTH_PASSWORD") ?? "", "hex"), true).subarray(16);
    const password = padded.subarray(0, padded.length - (padded.at(-1) ?? 0)).toString();
    if (password !== PASSWORD || this.user.toUpperCase() !== USER) return undefined;
    return pairs([
      ["AUTH_SVR_RESPONSE", hex(aes(key, Buffer.concat([randomBytes(16), Buffer.from("SERVER_TO_CLIENT")]), false))],
      ["AUTH_VERSION_NO", String((19 << 24) | (3 << 20))],
      ["AUTH_SESSION_ID", "42"],
      ["AUTH_SERIAL_NUM", "7"],
      ["AUTH_DBNAME", "SCRIPTED"],
      ["AUTH_SC_SERVICE_NAME", "scripted"],
      ["AUTH_MAX_OPEN_CURSORS", "300"],
      ["AUTH_MAX_IDEN_LENGTH", "128"],
    ]);
  }
}
