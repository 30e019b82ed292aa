import type { OperatorRules } from "@acme/core/dialect";

/** Oracle has one operator on bits, BITAND; the others follow from it. */
export const ORACLE_OPERATORS: OperatorRules = {
  intDiv: { operands: "atoms", write: (left, right) => `TRUNC(${left} / ${right})` },
  floorDiv: { operands: "atoms", write: (left, right) => `FLOOR(${left} / ${right})` },
  bitAnd: { operands: "values", write: (left, right) => `BITAND(${left}, ${right})` },
  bitOr: {
    operands: "atoms",
    repeats: true,
    write: (left, right) => `(${left} + ${right} - BITAND(${left}, ${right}))`,
  },
  bitXor: {
    operands: "atoms",
    repeats: true,
    write: (left, right) => `(${left} + ${right} - 2 * BITAND(${left}, ${right}))`,
  },
};
