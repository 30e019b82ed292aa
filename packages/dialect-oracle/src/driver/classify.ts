import type { ErrorClassification, ErrorKind } from "@acme/core/dialect";
import { fromDictionary } from "../names.js";

/** ORA numbers by what they mean. Numbers in a range stand as `[from, to]`. */
const NUMBERS: readonly (readonly [ErrorKind, readonly (number | readonly [number, number])[]])[] = [
  ["unique", [1]],
  ["notNull", [1400, 1407]],
  ["check", [2290]],
  ["foreignKey", [2291, 2292]],
  ["integrity", [2091, 2293, 2298, 2299, 2437]],
  ["deadlock", [60, 4020]],
  ["serialization", [8177]],
  ["lockTimeout", [54, 2049, 4021, 30006]],
  ["cancelled", [1013]],
  ["statementTimeout", [40, 3136]],
  ["connect", [1005, 1017, 1045, 12154, 12170, 12505, 12514, 12516, 12519, 12520, 12541, 12545, 28000, 28001, 28009]],
  [
    "connectionLost",
    [
      22, 28, 31, 45, 378, 602, 603, 609, 1012, 1033, 1034, 1041, 1043, 1089, 1090, 1092, 2396, 2399, 3113, 3114, 3135,
      12153, 12537, 12547, 12570, 12571, 12583, 27146, 28511,
    ],
  ],
  [
    "data",
    [
      1401,
      1403,
      1422,
      1426,
      1438,
      1440,
      1441,
      1455,
      1461,
      1465,
      1476,
      1481,
      1482,
      1722,
      [1810, 1899],
      6502,
      12704,
      12899,
      22835,
      22848,
      40441,
    ],
  ],
  ["notSupported", [2014, 3001, 439, 30757]],
  ["internal", [600, 700, 7445]],
  [
    "operational",
    [
      18, 20, 257, 604, 1536, 1555, 1562, 1628, 1631, 1632, 1650, 1652, 1653, 1654, 1658, 1688, 1691, 4030, 4031, 4068,
      19502, 19809, 27102, 30036,
    ],
  ],
  ["operational", [[20000, 20999]]],
  [
    "programming",
    [
      [900, 999],
      1031,
      1036,
      1006,
      1007,
      1008,
      [1700, 1799],
      1918,
      1920,
      [2200, 2289],
      [2300, 2499],
      4043,
      6550,
      6553,
      14452,
      30926,
      32034,
      32039,
      32040,
    ],
  ],
];

const KIND_OF: ReadonlyMap<number, ErrorKind> = new Map(
  // The first entry of a number counts: ranges stand behind the exceptions.
  [...NUMBERS].reverse().flatMap(([kind, numbers]) =>
    numbers.flatMap((entry): [number, ErrorKind][] => {
      if (typeof entry === "number") return [[entry, kind]];
      const [from, to] = entry;
      return Array.from({ length: to - from + 1 }, (_, i) => [from + i, kind]);
    }),
  ),
);

/** Errors of the driver itself, by their NJS number. */
const DRIVER_KINDS: Readonly<Record<string, ErrorKind>> = {
  "NJS-003": "connectionLost",
  "NJS-040": "operational",
  "NJS-105": "data",
  "NJS-115": "data",
  "NJS-123": "statementTimeout",
  "DPI-1067": "statementTimeout",
  "NJS-500": "connectionLost",
  "NJS-501": "connectionLost",
  "NJS-503": "connect",
  "NJS-506": "connect",
  "NJS-508": "connect",
  "NJS-510": "connect",
  "NJS-511": "connect",
  "NJS-512": "connect",
  "NJS-515": "connect",
  "NJS-516": "connect",
  "NJS-517": "connect",
  "NJS-518": "connect",
  "NJS-521": "connectionLost",
};

interface OracleError {
  readonly errorNum?: number;
  readonly code?: string;
  readonly message?: string;
}

/** What kind of failure an error of oracledb is: by its ORA number, or by the driver's own code. */
export function classify(error: unknown): ErrorClassification {
  const { errorNum, code, message = "" } = (error ?? {}) as OracleError;
  const nativeCode = code ?? (errorNum ? `ORA-${String(errorNum).padStart(5, "0")}` : undefined);
  const kind = kindOf(nativeCode, errorNum);
  return { kind, nativeCode, constraint: constraintOf(message), disconnected: kind === "connectionLost" };
}

function kindOf(code: string | undefined, errorNum: number | undefined): ErrorKind {
  const fromDriver = code === undefined ? undefined : DRIVER_KINDS[code];
  if (fromDriver !== undefined) return fromDriver;
  if (code?.startsWith("NJS-")) return "interface";
  const number = code?.startsWith("ORA-") ? Number(code.slice(4)) : errorNum;
  return number === undefined ? "interface" : (KIND_OF.get(number) ?? "operational");
}

/** `unique constraint (SCOTT.UQ_NAME) violated` */
function constraintOf(message: string): string | undefined {
  const match = /constraint \((?:[^.)]+\.)?([^)]+)\) violated/i.exec(message);
  return match?.[1] === undefined ? undefined : fromDictionary(match[1]);
}
