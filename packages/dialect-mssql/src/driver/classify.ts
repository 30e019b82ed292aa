import type { ErrorClassification, ErrorKind } from "@acme/core/dialect";

/** Error numbers by what they mean (sys.messages). */
const NUMBERS: readonly (readonly [ErrorKind, readonly number[]])[] = [
  ["unique", [2601, 2627]],
  ["notNull", [515, 4924]],
  ["deadlock", [1205]],
  ["serialization", [3951, 3952, 3960, 3961, 41301, 41302, 41305, 41325]],
  ["lockTimeout", [1222]],
  [
    "connect",
    [
      4060, 4062, 18401, 18450, 18451, 18452, 18456, 18461, 18463, 18464, 18465, 18466, 18467, 18468, 18470, 18486,
      18487, 18488, 40532, 40615,
    ],
  ],
  [
    "connectionLost",
    [
      64, 121, 233, 596, 6005, 10053, 10054, 10060, 10928, 10929, 40143, 40197, 40501, 40540, 40613, 40642, 42108,
      42109, 49918, 49919, 49920,
    ],
  ],
  [
    "data",
    [
      220, 232, 234, 237, 241, 242, 244, 245, 248, 257, 293, 295, 296, 517, 518, 530, 535, 2628, 3604, 3606, 3607, 6522,
      8114, 8115, 8116, 8134, 8152, 8169, 9420, 13609,
    ],
  ],
  ["notSupported", [40510, 40512, 40517]],
  [
    "programming",
    [
      102, 105, 107, 109, 110, 120, 121, 134, 156, 170, 174, 195, 201, 206, 207, 208, 213, 229, 230, 262, 297, 300, 306,
      334, 402, 421, 1769, 1770, 1779, 1785, 1934, 2705, 2714, 2812, 3701, 3726, 3732, 4104, 4145, 8101, 8106, 8117,
      8120, 8127, 8144, 8145, 8155, 8156, 8178, 10744, 15151,
    ],
  ],
  [
    "operational",
    [
      701, 708, 802, 823, 824, 825, 832, 845, 847, 1101, 1105, 1421, 3041, 8645, 8651, 8902, 9002, 9100, 17142, 41839,
      41840,
    ],
  ],
];

const KIND_OF: ReadonlyMap<number, ErrorKind> = new Map(
  // The first entry of a number counts.
  [...NUMBERS].reverse().flatMap(([kind, numbers]) => numbers.map((number): [number, ErrorKind] => [number, kind])),
);

/** Errors of the driver itself. */
const DRIVER_KINDS: Readonly<Record<string, ErrorKind>> = {
  ECANCEL: "cancelled",
  EPARAM: "data",
  ELOGIN: "connect",
  EFEDAUTH: "connect",
  EENCRYPT: "connect",
  EINSTLOOKUP: "connect",
  ESOCKET: "connectionLost",
  ECLOSE: "connectionLost",
  ECONNRESET: "connectionLost",
  ETDS: "connectionLost",
  EARGS: "interface",
  EINVALIDSTATE: "interface",
};

/** Severities: from 17 on resources or the server are at fault, from 20 on the connection ends. */
const RESOURCE = 17;
const FATAL = 20;

interface TediousError {
  readonly name?: string;
  readonly code?: string;
  readonly number?: number;
  readonly class?: number;
  readonly message?: string;
  readonly errors?: readonly unknown[];
}

/** What kind of failure an error of tedious is: by the server's error number and severity, or by the driver's own code. */
export function classify(error: unknown): ErrorClassification {
  const given = (error ?? {}) as TediousError;
  // Several errors of one statement come together; the first one says what went wrong.
  if (given.number === undefined && Array.isArray(given.errors) && given.errors.length > 0)
    return classify(given.errors[0]);
  const kind = kindOf(given);
  return {
    kind,
    nativeCode: given.number === undefined ? given.code : String(given.number),
    constraint: constraintOf(given.message ?? ""),
    disconnected: kind === "connectionLost" || (given.class ?? 0) >= FATAL,
  };
}

function kindOf({ name, code, number, class: severity = 0, message = "" }: TediousError): ErrorKind {
  if (number !== undefined) return kindOfNumber(number, severity, message);
  if (code === "ETIMEOUT") return name === "ConnectionError" ? "connect" : "statementTimeout";
  return (code === undefined ? undefined : DRIVER_KINDS[code]) ?? "interface";
}

function kindOfNumber(number: number, severity: number, message: string): ErrorKind {
  // One number for everything that a foreign key or check refuses; the words stand in capitals in every language.
  if (number === 547) return /\bCHECK\b/.test(message) ? "check" : "foreignKey";
  const known = KIND_OF.get(number);
  if (known !== undefined) return known;
  if (severity >= FATAL) return "connectionLost";
  // From 50000 on the numbers are those of RAISERROR and THROW.
  return severity >= RESOURCE || number >= 50_000 ? "operational" : "programming";
}

/** The name in `... constraint 'UQ_users_name'` or `... unique index 'ix_name'`. */
function constraintOf(message: string): string | undefined {
  return /(?:constraint|unique index) ["']([^"']+)["']/i.exec(message)?.[1];
}
