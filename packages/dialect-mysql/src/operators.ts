import type { OperatorRules } from "@acme/core/dialect";

/** Bits are those of an unsigned integer here; everywhere else, and for us, integers are signed. */
const signed = (text: string): string => `CAST(${text} AS SIGNED)`;

/** The operators that MySQL and MariaDB write differently. */
export const MYSQL_OPERATORS: OperatorRules = {
  intDiv: "DIV",
  bitAnd: { operands: "atoms", write: (left, right) => signed(`${left} & ${right}`) },
  bitOr: { operands: "atoms", write: (left, right) => signed(`${left} | ${right}`) },
  bitXor: { operands: "atoms", write: (left, right) => signed(`${left} ^ ${right}`) },
  shiftLeft: { operands: "atoms", write: (left, right) => signed(`${left} << ${right}`) },
  // A shift to the right would fill with zeros: below zero it is done on the other bits.
  shiftRight: {
    operands: "atoms",
    repeats: true,
    write: (left, right) => signed(`IF(${left} < 0, ~(~${left} >> ${right}), ${left} >> ${right})`),
  },
};
