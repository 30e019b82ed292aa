/** Markdown tables that line up in a terminal, too. */

/** First column to the left, the others to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const width = head.map((title, i) => Math.max(3, title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${width.map((w, i) => (i === 0 ? (cells[i] ?? "").padEnd(w) : (cells[i] ?? "").padStart(w))).join(" | ")} |`;
  const rule = `|${width.map((w, i) => (i === 0 ? "-".repeat(w + 2) : `${"-".repeat(w + 1)}:`)).join("|")}|`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}

/** Three significant digits: 0.98, 1.04, 14.8, 117. */
export function ratio(value: number): string {
  if (Number.isNaN(value)) return "?";
  return value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0);
}

/** A duration in the unit that suits it. */
export function duration(ns: number): string {
  if (ns < 1000) return `${ns.toFixed(0)} ns`;
  if (ns < 1e6) return `${ratio(ns / 1e3)} us`;
  if (ns < 1e9) return `${ratio(ns / 1e6)} ms`;
  return `${ratio(ns / 1e9)} s`;
}

export function megabytes(bytes: number): string {
  // Adding 0 turns -0 into 0.
  return (Math.round((bytes / 2 ** 20) * 10) / 10 + 0).toFixed(1);
}
